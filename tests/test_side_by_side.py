"""Several scenarios computed at once give what each gives alone."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine_inputs import inputs_from
from esser_gap.model.scenario import Scenario, SourceChanges
from esser_gap.model.source import Award, Source
from esser_gap.model.words import Basis, Category, Certainty, FundingOrder
from esser_gap.plan import awards, projection
from esser_gap.plan.projection import gaps_of, side_by_side
from esser_gap.plan.tables import TABLES
from esser_gap.projecting import project_all
from esser_gap.read.yaml_documents import parse_yaml
from small_budget import DISTRICT, austerity, baseline, settings, small_budget, small_projection
from test_properties import NAMES, RATES, budgets, fixed

if TYPE_CHECKING:
    import pytest
    from hypothesis.strategies import DrawFn

    from engine_inputs import Inputs
    from esser_gap.projecting import Projection


@st.composite
def changes(draw: DrawFn) -> dict[str, Any]:
    """Make up what one scenario sets."""
    name, dollars = draw(st.sampled_from(NAMES)), Decimal(draw(st.integers(0, 9_000)))
    sources = [
        SourceChanges(),
        SourceChanges(remove=(name,)),
        SourceChanges(change={name: {"yearly": {2027: dollars, 2029: dollars}}}),
        SourceChanges(change={name: {"awards": (Award(amount=dollars),)}}),
        SourceChanges(change={name: {"share": Decimal("0.5"), "method": "pro_rata"}}),
        SourceChanges(add=(Source(name="Gift", recurring=False, basis=Basis.OPEN, awards=(Award(amount=dollars),)),)),
    ]
    return {
        "growth": {"default": draw(st.sampled_from(RATES))},
        "count": draw(st.sampled_from(Certainty)),
        "funding_order": draw(st.sampled_from(FundingOrder)),
        "sources": draw(st.sampled_from(sources)),
    }


def scenarios_of(inputs: Inputs, drawn: list[dict[str, Any]]) -> list[Scenario]:
    """Give the scenario of a budget, and variants of it."""
    others = [inputs.scenario.model_copy(update={"name": f"variant {n}", **own}) for n, own in enumerate(drawn)]
    return [inputs.scenario, *others]


def together(inputs: Inputs, scenarios: list[Scenario]) -> Projection:
    return project_all(inputs.budget, scenarios, inputs.settings, tuple)


@fixed
@given(budgets(), st.lists(changes(), min_size=1, max_size=4))
def test_scenarios_do_not_touch_each_other(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    scenarios = scenarios_of(inputs, drawn)
    both = together(inputs, scenarios)
    for scenario in scenarios:
        alone = together(inputs, [scenario])
        for table in TABLES:
            own = both.table(table).filter(pl.col("scenario") == scenario.name)
            assert own.equals(alone.table(table)), f"{scenario.name}, {table}"
        told = [issue for issue in both.issues if f"`{scenario.name}`" in issue.message]
        assert told == [issue for issue in alone.issues if f"`{scenario.name}`" in issue.message]


@fixed
@given(budgets(districts=2), st.lists(changes(), min_size=2, max_size=2))
def test_scenarios_of_several_districts_do_not_touch_each_other(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    inputs = replace(inputs, scenario=inputs.scenario.model_copy(update={"actions": ()}))
    kept = [own for own in drawn if own["sources"] == SourceChanges()]
    scenarios = scenarios_of(inputs, kept)
    both = together(inputs, scenarios)
    for table in TABLES:
        parts = [together(inputs, [scenario]).table(table) for scenario in scenarios]
        for district in inputs.budget.districts:
            own = both.table(table).filter(pl.col("district") == district.name)
            assert own.equals(pl.concat(parts).filter(pl.col("district") == district.name))


def test_what_is_too_much_at_once_is_computed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    plans, horizon = small_projection().plans, settings().horizon_of(small_budget().districts[0])
    assert [len(part) for part in side_by_side(plans, horizon)] == [2]
    monkeypatch.setattr(projection, "_MOST_ROWS", 1)
    assert [len(part) for part in side_by_side(plans, horizon)] == [1, 1]
    again = project_all(small_budget(), [baseline(), austerity()], settings(), tuple)
    for table in TABLES:
        assert again.table(table).equals(small_projection().table(table))
    assert list(side_by_side([], horizon)) == []


def test_money_that_is_limited_in_one_scenario_only_runs_out_in_that_one() -> None:
    text = """
commitments: [{id: LMS, kind: recurring, annual_cost: 100}]
sources: [{name: Grant, recurring: no, basis: open, awards: [{amount: 150}]}]
scenario: {name: limited}
"""
    limited = inputs_from(parse_yaml(text, "test.yaml"))
    unlimited = SourceChanges(change={"Grant": {"awards": (Award(),)}})
    scenarios = [limited.scenario, limited.scenario.model_copy(update={"name": "unlimited", "sources": unlimited})]
    both = together(limited, scenarios)
    assert both.years["gap"].to_list() == [0, 50, 100, 0, 0, 0]
    assert both.losses.select("scenario", "reason").rows() == [("limited", "Grant ran out after LMS")]


def test_gaps_alone_are_those_of_the_tables() -> None:
    done = small_projection()
    gaps = gaps_of(done.plans, settings().horizon_of(small_budget().districts[0]))
    cents = (done.years["gap"] * 100).cast(int).to_list()
    assert gaps.years == [cents[:5], cents[5:]]
    names = pl.Series([plan.scenario.name for plan in done.plans])
    found = gaps.losses.select(
        "rank", "commitment", "funding_lost_on", scenario=pl.lit(names).gather(pl.col("plan")), cents="horizon_gap"
    )
    wanted = done.losses.select(
        "rank", "commitment", "funding_lost_on", "scenario", cents=(pl.col("horizon_gap") * 100).cast(int)
    )
    assert found.rows() == wanted.rows()
    assert {plan.district.name for plan in done.plans} == {DISTRICT}


def test_every_rule_of_a_source_tells_plans_apart_that_do_not_share_it() -> None:
    says_nothing = {"name", "also_called", "district", "certainty", "awards", "yearly", "carryover", "origin"}
    words = {"use", "with_", "level", "must_supplement", "rule", "citation", "as_of", "assistance_listing"}
    made = {"made_by", "limits"}
    known = {*awards._RULES, *says_nothing, *words, *made}
    assert set(Source.model_fields) == known, "does the new field decide what a source pays? Then it is one of _RULES"


def test_the_terms_of_a_source_are_one_object_for_all_plans_that_share_them() -> None:
    done = small_projection()
    horizon = settings().horizon_of(small_budget().districts[0])
    served = [commitment for plan in done.plans for commitment in plan.commitments]
    count = len(done.plans[0].commitments)
    plan = pl.Series([0] * count + [1] * count, dtype=pl.UInt32)
    first, second = awards.money_for(done.plans, horizon, served, plan).sources
    shared = {one.source.name for one, other in zip(first, second, strict=True) if one.terms is other.terms}
    # Its yearly amounts end earlier in the second scenario.
    assert {source.source.name for source in first} - shared == {"Technology line"}
    assert {field.name for field in fields(first[0].terms)} == {"may_pay", "through_part", "before_part", "parts"}
    assert Category.AI in {commitment.category for commitment in served}
