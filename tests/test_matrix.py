"""The eligibility matrix says what the funding does: it never forbids what is paid, and names the rule for the rest."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from engine_inputs import project
from esser_gap.cli.app import main
from esser_gap.plan.standings import CODES, standings
from esser_gap.view.eligibility import eligibility_of_all, eligibility_rows, eligibility_table, rules_table
from esser_gap.write.eligibility_data import eligibility_csv, eligibility_json
from esser_gap.write.workbook import write_workbook
from random_projections import random_projection
from small_budget import AUSTERITY, BASELINE, DISTRICT, small_projection, two_district_projection
from test_properties import budgets

if TYPE_CHECKING:
    from pathlib import Path

    from engine_inputs import Inputs
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table

BUDGET = """\
years: 2
commitments:
  - {id: NET, category: network, kind: recurring, annual_cost: 100, funded_by: Grant 40%}
  - {id: SIS, category: data systems, kind: recurring, annual_cost: 100, mandated: yes, funded_by: Old}
  - {id: CB, category: student devices, kind: replacement, annual_cost: 100, purchased_on: 2023-08-01, useful_life: 4}
  - {id: SW, category: network, kind: replacement, annual_cost: 100, purchased_on: 2020-08-01, useful_life: 7}
sources:
  - {name: Old, recurring: no, basis: assigned, awards: [{through: 2024-09-30}]}
  - {name: Grant, recurring: no, basis: assigned, share: 90%}
  - {name: E-rate, recurring: yes, basis: open, categories: [network], share: 80%}
  - {name: Pay, recurring: yes, basis: open, kinds: [staff]}
  - {name: Only CB, recurring: yes, basis: open, commitments: [CB]}
  - {name: Bond, recurring: no, basis: open, least_life: 5}
  - {name: Free, recurring: yes, basis: open, excludes: [mandated]}
  - {name: No SIS, recurring: yes, basis: open, excludes: [SIS]}
  - {name: Half, recurring: yes, basis: open, certainty: possible, awards: [{through: 2027-06-30}]}
"""


def cells(table: Table) -> dict[str, dict[str, Any]]:
    headings = [heading.text for heading in table.headings]
    return {str(row.cells[0]): dict(zip(headings[1:], row.cells[1:], strict=True)) for row in table.rows}


@pytest.fixture(name="table", scope="module")
def _table() -> Table:
    return eligibility_table(project(BUDGET), district="District", scenario="as it stands")


def test_each_cell_has_the_share_or_the_rule_that_bars_it(table: Table) -> None:
    found = cells(table)
    half = "Half (possible, not counted)"
    assert found["NET (NET)"] == {
        "Old": "not named",
        "Grant": "40%",
        "E-rate": "80%",
        "Pay": "kind",
        "Only CB": "id",
        "Bond": "life",
        "Free": "100%",
        "No SIS": "100%",
        half: "100%*",
    }
    assert found["SIS (SIS)"]["Old"] == "period"
    assert found["SIS (SIS)"]["Grant"] == "not named"
    assert found["SIS (SIS)"]["E-rate"] == "category"
    assert found["SIS (SIS)"]["Free"] == "mandated"
    assert found["SIS (SIS)"]["No SIS"] == "excluded"
    assert found["CB (CB)"]["Only CB"] == "100%"
    assert found["CB (CB)"]["Bond"] == "life"
    assert found["SW (SW)"]["Bond"] == "100%"


def test_what_the_words_mean_stands_below_and_nothing_else(table: Table) -> None:
    said = {note.split(":")[0] for note in table.notes[1:]}
    assert said == {*CODES, "*"}
    assert "appears eligible" in table.notes[0]
    assert "the grant owner decides" in table.notes[0]
    small = eligibility_table(small_projection(), district=DISTRICT, scenario=BASELINE)
    assert {note.split(":")[0] for note in small.notes[1:]} < said


def test_a_source_pays_no_more_than_its_part_of_what_names_it() -> None:
    text = BUDGET.replace("Grant 40%", "Grant 95%")
    table = eligibility_table(project(text), district="District", scenario="as it stands")
    assert cells(table)["NET (NET)"]["Grant"] == "90%"


def test_a_commitment_without_payments_is_not_said_to_be_outside_a_period() -> None:
    text = BUDGET.replace(
        "annual_cost: 100, funded_by: Grant 40%", "annual_cost: 100, starts_on: 2035-07-01, funded_by: Old"
    )
    table = eligibility_table(project(text), district="District", scenario="as it stands")
    assert cells(table)["NET (NET)"]["Old"] == "100%"


def test_a_source_whose_yearly_money_begins_after_the_horizon_has_none() -> None:
    text = """
commitments: [{id: NET, category: network, kind: recurring, annual_cost: 100}]
sources: [{name: Later, recurring: yes, basis: open, yearly: {amount: 5, growth: 0%, from: FY2040}}]
"""
    (row,) = cells(eligibility_table(project(text), district="District", scenario="as it stands")).values()
    assert row["Later"] == "period"
    found = eligibility_json(project(text))
    assert "it has no money" in found


def test_rules_are_listed_with_their_place_and_day() -> None:
    table = rules_table(small_projection(), district=DISTRICT, scenario=BASELINE)
    rules = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert rules["ESSER III"][1] == "P.L. 117-2, sec. 2001"
    assert str(rules["ESSER III"][2]) == "2026-11-01"
    assert rules["Technology line"][0] == "no rule given: what its categories, kinds, ids and dates say"


# --------------------------------------------------------------------------- agreement with the funding


def disagreements(projection: Projection) -> list[tuple[Any, ...]]:
    """List what a source pays although the matrix bars it, or beyond the share that it shows."""
    allowed = {
        (row["district"], row["scenario"], row["commitment"], row["source"]): row["share"]
        for row in eligibility_rows(projection)
    }
    costs = projection.payments.group_by("district", "scenario", "commitment", "fiscal_year").agg(
        pl.col("amount").sum().alias("cost"), pl.len().alias("payments")
    )
    paid = projection.coverage.join(costs, on=["district", "scenario", "commitment", "fiscal_year"], how="left")
    found = []
    for row in paid.to_dicts():
        share = allowed[row["district"], row["scenario"], row["commitment"], row["source"]]
        # Each payment is rounded to cents by itself.
        most = None if share is None else share * row["cost"] + Decimal("0.01") * row["payments"]
        if most is None or row["amount"] > most:
            found.append((row["commitment"], row["source"], row["fiscal_year"], row["amount"], share))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_paid_appears_eligible_in_random_budgets(seed: int) -> None:
    assert disagreements(random_projection(seed)) == []


@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(budgets())
def test_whatever_is_paid_appears_eligible(inputs: Inputs) -> None:
    assert disagreements(inputs.project()) == []


@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(budgets())
def test_what_is_barred_names_a_rule_that_the_legend_explains(inputs: Inputs) -> None:
    projection = inputs.project()
    for plan in projection.plans:
        horizon = projection.settings.horizon_of(plan.district)
        for row in standings(plan, horizon, projection.payments):
            for standing in row:
                assert (standing.share is None) == (standing.code is not None)
                assert standing.code is None or (standing.code in CODES and standing.words)


# --------------------------------------------------------------------------- outputs


def test_data_has_a_row_for_every_commitment_and_source() -> None:
    projection = small_projection()
    document = json.loads(eligibility_json(projection), parse_float=Decimal)
    assert document["schema"] == "esser-gap/eligibility/1"
    expected = sum(len(plan.commitments) * len(plan.sources) for plan in projection.plans)
    assert len(document["rows"]) == expected
    rows = list(csv.DictReader(io.StringIO(eligibility_csv(projection))))
    assert len(rows) == expected
    for row, data in zip(rows, document["rows"], strict=True):
        assert row["share"] == ("" if data["share"] is None else str(data["share"]))
        assert row["bar"] == (data["bar"] or "")
        assert row["counts"] == ("true" if data["counts"] else "false")


def test_the_workbook_has_the_matrix_with_headings_on_their_side(tmp_path: Path) -> None:
    path = tmp_path / "gap.xlsx"
    write_workbook(small_projection(), path)
    sheet = openpyxl.load_workbook(path)["Eligibility"]
    table = eligibility_of_all(small_projection(), scenario=BASELINE)
    (head,) = (row for row in sheet.iter_rows() if row[0].value == "Commitment")
    place = int(head[0].row or 0)
    assert [cell.value for cell in head] == [heading.text for heading in table.headings]
    assert [cell.alignment.textRotation for cell in head] == [0, *[90] * (len(head) - 1)]
    assert sheet.freeze_panes == f"B{place + 1}"
    body = list(sheet.iter_rows(min_row=place + 1, max_row=place + len(table.rows), values_only=True))
    assert body == [row.cells for row in table.rows]
    assert sheet.row_dimensions[place].height > 60, "the longest name has room"


def test_districts_share_columns_and_another_ones_money_is_said_to_be_so() -> None:
    table = eligibility_of_all(two_district_projection(), scenario=BASELINE)
    assert table.headings[0].text == "District"
    birch = next(row for row in table.rows if row.cells[0] == "Birch Hollow SD")
    found = dict(zip([heading.text for heading in table.headings], birch.cells, strict=True))
    assert found["Birch Hollow general fund"] == "100%"
    assert found["Technology line"] == "other district"
    assert table.notes[-1].startswith("other district: ")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "budget.csv").write_text(
        "id,name,category,kind,annual_cost,funded_by\nNET,Network,network,recurring,100,ESSER III\n", encoding="utf-8"
    )
    (tmp_path / "cut.yaml").write_text("name: cut\nextends: baseline\n", encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--as-of", "2026-11-23"])
    assert ended.value.code in {0, None}
    return capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_the_command_shows_prints_and_names_the_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "sources", "matrix", "budget.csv", "-s", "baseline", "-s", "cut.yaml")
    assert "budget, scenario baseline" in text
    assert "budget, scenario cut" in text
    assert text.count("What each source may pay") == 2
    assert "American Rescue Plan Act" in text
    rows = json.loads(run(capsys, "sources", "matrix", "budget.csv", "--format", "json"))["rows"]
    assert [(row["commitment"], row["source"], row["bar"]) for row in rows] == [("NET", "ESSER III", "period")]
    assert rows[0]["rule"] == "from 2020-03-13 through 2024-09-30"
    printed = run(capsys, "sources", "matrix", "budget.csv", "--format", "csv")
    assert printed.startswith("district,scenario,commitment,source,share,bar,rule,counts,citation,as_of\n")


def test_the_matrix_of_another_scenario_has_its_sources() -> None:
    table = eligibility_table(small_projection(), district=DISTRICT, scenario=AUSTERITY)
    assert "Technology line" in {heading.text for heading in table.headings}
