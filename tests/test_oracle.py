"""The engine against `oracle.py`, a second implementation of docs/model.md that shares no code with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import oracle
from engine_inputs import inputs_from
from esser_gap.read.yaml_documents import parse_yaml
from random_budgets import random_case
from random_projections import random_projection

if TYPE_CHECKING:
    from engine_inputs import Inputs
    from esser_gap.model.record import Record
    from esser_gap.projecting import Projection

SEEDS = 300
SEEDS_A_TEST = 25
TABLES = ("years", "costs", "coverage", "payments", "losses")


@pytest.mark.parametrize("first", range(0, SEEDS, SEEDS_A_TEST))
def test_engine_and_oracle_agree_on_random_budgets(first: int) -> None:
    for seed in range(first, first + SEEDS_A_TEST):
        _agree(random_projection(seed), random_case(seed), f"seed {seed}")


def _agree(projection: Projection, case: dict[str, Any], name: str) -> None:
    wanted = oracle.compute(**case)
    for table in TABLES:
        found = projection.table(table).to_dicts()
        if table == "losses":
            # The oracle knows no words; the engine's are tested elsewhere and must only be there.
            found = [{**row, "reason": "" if row["reason"] else "no reason"} for row in found]
        assert found == wanted[table], f"{name}, table {table}"


NEAR_A_BILLION = """
commitments:
  - {{id: A, category: network, annual_cost: 999999999.99, funded_by: Named 33.33%; Other 66.67%, {terms}}}
  - {{id: B, category: network, annual_cost: 987654321.98, funded_by: Named 33.33%; Other 66.67%, {terms}}}
  - {{id: C, category: network, annual_cost: 900000000.07, funded_by: Other 12.3456789%, {terms}}}
sources:
  - {{name: Grant, recurring: no, basis: open, {rules}, awards: [{{amount: 3123456789.01}}]}}
  - {{name: Named, recurring: yes, basis: assigned, share: 12.3456789%, awards: [{{amount: 287654321.09}}]}}
  - {{name: Other, recurring: yes, basis: assigned, yearly: {{FY2028: 900000000.01}}}}
scenario: {{name: large, growth: {{default: 7.12345%}}}}
years: 4
"""
NEAR_A_TRILLION = """
commitments:
  - {{id: A, annual_cost: 999999999999.99, {terms}}}
  - {{id: B, annual_cost: 999999999999.98, {terms}}}
  - {{id: C, annual_cost: 777777777777.77, {terms}}}
sources:
  - {{name: Grant, recurring: no, basis: open, {rules}, awards: [{{amount: 999999999999.97}}]}}
scenario: {{name: large, growth: {{default: 12.34567%}}}}
"""
LARGE = {
    "monthly": ("kind: recurring, billing: monthly", "method: pro_rata"),
    "yearly": ("kind: recurring", "method: pro_rata"),
    "pay": ("kind: staff, benefits_rate: 49.99%", "method: pro_rata"),
    "staggered": ("kind: replacement, purchased_on: 2024-05-06, useful_life: 7, staggered: yes", "method: pro_rata"),
    "discount shared out": ("kind: recurring", "method: pro_rata, measured: pre_discount, share: 85.37%"),
    "discount in order": ("kind: recurring, billing: monthly", "measured: pre_discount, share: 85.37%"),
    "share in order": ("kind: recurring, billing: monthly", "share: 99.9999999%"),
}


@pytest.mark.parametrize("budget", [NEAR_A_BILLION, NEAR_A_TRILLION], ids=["billion", "trillion"])
@pytest.mark.parametrize("name", LARGE)
def test_engine_and_oracle_agree_on_amounts_whose_products_need_128_bits(name: str, budget: str) -> None:
    terms, rules = LARGE[name]
    inputs = inputs_from(parse_yaml(budget.format(terms=terms, rules=rules), "large.yaml"))
    _agree(inputs.project(), _for_the_oracle(inputs), name)


def _for_the_oracle(inputs: Inputs) -> dict[str, Any]:
    return {
        "commitments": [
            {**_fields(c), "funded_by": [(part.source, part.share) for part in c.funded_by]}
            for c in inputs.budget.commitments
        ],
        "sources": [_fields(source) for source in inputs.budget.sources],
        "scenario": _fields(inputs.scenario),
        "districts": [district.name for district in inputs.budget.districts],
        "as_of": inputs.settings.as_of,
        "first_year": inputs.settings.first_year,
        "years": inputs.settings.years,
        "fiscal_year_start": 7,
    }


def _fields(record: Record) -> dict[str, Any]:
    return record.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
