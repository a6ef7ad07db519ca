"""The difference between two gaps is split among its causes: exactly, and in whatever order they are taken."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from engine_inputs import inputs_from
from esser_gap.comparing.bridge import bridge_of
from esser_gap.comparing.comparison import comparison_of
from esser_gap.model.scenario import Action, Scenario, SourceChanges
from esser_gap.model.source import Award, Source
from esser_gap.model.words import Basis, Certainty, FundingOrder
from esser_gap.plan.attribution import attributed, in_whole_cents
from esser_gap.plan.causes import CHANGED, MEANING, Cause, between, differing, mixed
from esser_gap.plan.resolve import Changes, DistrictPlan
from esser_gap.projecting import project_all
from esser_gap.read.yaml_documents import parse_yaml
from small_budget import austerity, baseline, settings, small_budget, small_projection
from test_properties import budgets, fixed
from test_side_by_side import changes, scenarios_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine_inputs import Inputs
    from esser_gap.projecting import Projection

# One commitment of $1,000 a year, and a fund that pays $600 of it.
TWO_CAUSES = """
commitments: [{id: A, category: software, kind: recurring, annual_cost: 1000}]
sources: [{name: Fund, recurring: yes, basis: open, yearly: {FY2027: 600}}]
years: 1
"""
HALF_AND_MORE = {
    "actions": (Action(scale=Decimal("0.5")),),
    "sources": SourceChanges(change={"Fund": {"yearly": {2027: Decimal(700)}}}),
}


def projected(text: str, *others: dict[str, Any], usual: dict[str, Any] | None = None) -> Projection:
    """Project a budget as it stands and under other scenarios."""
    inputs = inputs_from(parse_yaml(text, "test.yaml"))
    scenarios = [Scenario(name="usual", **usual or {})]
    scenarios += [Scenario(name=f"other {number}", **own) for number, own in enumerate(others, 1)]
    return project_all(inputs.budget, scenarios, inputs.settings, tuple)


def parts(projection: Projection, scenario: str = "other 1") -> dict[str, Decimal]:
    """Give what each cause does over all years, without those that do nothing."""
    own = bridge_of(projection, tuple).filter(pl.col("scenario") == scenario)
    sums = own.group_by("cause", maintain_order=True).agg(pl.col("amount").sum())
    return {cause: amount for cause, amount in sums.iter_rows() if amount}


# Worked cases


def test_a_bridge_of_two_causes_worked_by_hand() -> None:
    # Gap as it stands: 1000 - 600 = 400. Only half the cost: 500 - 600, nothing missing. Only more money: 300. Both: 0.
    # Half the cost first: -400, then more money: 0. More money first: -100, then half the cost: -300.
    # On average: timing and actions (-400 - 300) / 2 = -350, funding (0 - 100) / 2 = -50; together -400.
    projection = projected(TWO_CAUSES, HALF_AND_MORE)
    assert projection.years["gap"].to_list() == [400, 0]
    assert parts(projection) == {"timing and actions": -350, "funding": -50}


def test_each_setting_belongs_to_its_cause() -> None:
    text = """
    commitments:
      - {id: A, category: software, kind: recurring, annual_cost: 1000, driver: rooms, priority: 3}
      - {id: B, category: software, kind: recurring, annual_cost: 1000, priority: 4}
    sources:
      - {name: Fund, recurring: yes, basis: open, commitments: [A], yearly: {FY2027: 500, FY2028: 500}}
    scenario: {drivers: {rooms: {FY2026: 100}}}
    years: 2
    """
    flat = {"drivers": {"rooms": {2026: Decimal(100)}}}
    others: dict[Cause, dict[str, Any]] = {
        Cause.PRICES: {**flat, "growth": {"default": Decimal("0.1")}},
        Cause.QUANTITIES: {"drivers": {"rooms": {2026: Decimal(100), 2028: Decimal(150)}}},
        Cause.ACTIONS: {**flat, "actions": (Action(stop=2028, where={"id": ("B",)}),)},
        Cause.FUNDING: {**flat, "sources": SourceChanges(remove=("Fund",))},
    }
    projection = projected(text, *others.values(), usual=flat)
    for number, cause in enumerate(others, 1):
        assert list(parts(projection, f"other {number}")) == [cause.value]


def test_new_prices_are_prices_and_priorities_are_priorities() -> None:
    text = """
    commitments:
      - {id: A, category: network, kind: recurring, annual_cost: 1000}
      - {id: B, category: network, kind: recurring, annual_cost: 400}
    sources:
      - {name: Wide, recurring: yes, basis: open, yearly: {FY2027: 500}}
      - {name: Narrow, recurring: yes, basis: open, commitments: [A], yearly: {FY2027: 1000}}
    years: 1
    """
    order = {"funding_order": FundingOrder.RESTRICTED_FIRST}
    price = {"actions": (Action(set_price=Decimal(1600), where={"id": ("A",)}),)}
    rank = {"actions": (Action(set_priority=1, where={"id": ("B",)}),)}
    projection = projected(text, order, price, rank)
    # Wide pays 500 of A, and Narrow the other 500; in the other order Narrow pays all of A, and Wide all of B.
    assert parts(projection, "other 1") == {"priorities": -400}
    assert parts(projection, "other 2") == {"prices": 1600 - 500 - 1000}
    assert parts(projection, "other 3") == {"priorities": -400}


def test_what_a_scenario_adds_may_be_paid_by_what_it_adds() -> None:
    new = {"id": "NEW", "name": "New", "category": "software", "kind": "recurring", "annual_cost": "100"}
    both = {
        "actions": (Action.model_validate({"add": {**new, "driver": "rooms", "funded_by": _named("Levy")}}),),
        "sources": SourceChanges(
            add=(Source(name="Levy", recurring=True, basis=Basis.ASSIGNED, awards=(Award(amount=Decimal(60)),)),)
        ),
        "drivers": {"rooms": {2026: Decimal(1)}},
    }
    projection = projected(TWO_CAUSES, both)
    # Alone, what is added goes unpaid (+100), and the levy pays nothing; together they leave 40 of it.
    assert parts(projection) == {"timing and actions": (100 + 40) / 2, "funding": (0 - 60) / 2}


def _named(source: str) -> tuple[dict[str, object], ...]:
    return ({"source": source, "share": 1},)


def test_sources_that_both_scenarios_keep_level_are_no_cause() -> None:
    text = """
    commitments: [{id: A, category: software, kind: recurring, annual_cost: 1000, funded_by: General Fund}]
    sources: [{name: General Fund, recurring: yes, basis: assigned}]
    years: 3
    """
    level = SourceChanges.model_validate({"adjust": [{"where": {"name": ("General Fund",)}, "level": True}]})
    dear = {"growth": {"default": Decimal("0.1")}, "sources": level}
    cheap = {"growth": {"default": Decimal("0.02")}, "sources": level}
    projection = projected(text, dear, usual=cheap)
    assert list(parts(projection)) == ["prices"]
    levelled = projected(text, cheap, usual={"growth": {"default": Decimal("0.02")}})
    assert list(parts(levelled)) == ["funding"]


def test_scenarios_that_set_the_same_have_no_difference_to_split() -> None:
    projection = projected(TWO_CAUSES, {})
    assert differing(*projection.plans) == ()
    bridge = bridge_of(projection, tuple)
    assert bridge["cause"].to_list() == [cause.value for cause in Cause]
    assert bridge["amount"].to_list() == [0] * len(Cause)


# Properties


def pair(inputs: Inputs, drawn: list[dict[str, Any]]) -> tuple[Projection, Projection]:
    """Project two scenarios, and the same the other way round."""
    one, *_, other = scenarios_of(inputs, drawn)
    return tuple(project_all(inputs.budget, both, inputs.settings, tuple) for both in ([one, other], [other, one]))  # type: ignore[return-value]


@fixed
@given(budgets(), st.lists(changes(), min_size=1, max_size=1))
def test_parts_add_up_to_the_cent_in_every_year(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    projection, _ = pair(inputs, drawn)
    sums = bridge_of(projection, tuple).group_by("fiscal_year", maintain_order=True).agg(pl.col("amount").sum())
    differences = comparison_of(projection).filter(pl.col("scenario") != projection.scenarios[0].name)
    assert sums.rows() == differences.select("fiscal_year", "difference").rows()


@fixed
@given(budgets(), st.lists(changes(), min_size=1, max_size=1))
def test_the_other_way_round_every_part_changes_its_sign(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    there, back = (bridge_of(projection, tuple) for projection in pair(inputs, drawn))
    key = ["fiscal_year", "cause"]
    assert there.select(key).rows() == back.select(key).rows()
    assert [-amount for amount in there["amount"]] == back["amount"].to_list()


@fixed
@given(budgets(), st.lists(changes(), min_size=1, max_size=1))
def test_a_cause_in_which_scenarios_agree_gets_nothing(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    kept = [{**own, "growth": inputs.scenario.growth, "count": inputs.scenario.count} for own in drawn]
    projection, _ = pair(inputs, kept)
    agreed = {cause.value for cause in Cause if cause not in differing(*projection.plans)}
    assert {"prices", "quantities", "timing and actions"} <= agreed
    own = bridge_of(projection, tuple).filter(pl.col("cause").is_in(list(agreed)))
    assert set(own["amount"]) == {0}


@fixed
@given(budgets(), st.lists(changes(), min_size=1, max_size=1))
def test_plans_at_the_ends_are_the_two_plans(inputs: Inputs, drawn: list[dict[str, Any]]) -> None:
    one, other = pair(inputs, drawn)[0].plans
    for taken, wanted in ((frozenset(), one), (frozenset(Cause), other)):
        plan = mixed(one, other, taken)
        assert differing(plan, wanted) == ()
    causes = differing(one, other)
    assert len(list(between(one, other, causes))) == max(2 ** len(causes) - 2, 0)


def values(causes: Sequence[str]) -> st.SearchStrategy[dict[frozenset[str], int]]:
    """Make up cents for every set of causes."""
    sets = [frozenset(c for c in causes if mask >> causes.index(c) & 1) for mask in range(2 ** len(causes))]
    return st.lists(st.integers(-(10**6), 10**6), min_size=len(sets), max_size=len(sets)).map(
        lambda cents: dict(zip(sets, cents, strict=True))
    )


@fixed
@given(values("abc"))
def test_the_order_of_causes_changes_no_part_by_more_than_where_a_tied_cent_goes(
    worth: dict[frozenset[str], int],
) -> None:
    # In sixths of a cent every part is whole, so that no cent is tied.
    exact = {taken: cents * 6 for taken, cents in worth.items()}
    found = {tuple(sorted(zip(order, attributed(exact, order), strict=True))) for order in permutations("abc")}
    assert len(found) == 1
    for cause, part in next(iter(found)):
        rounded = dict(zip("abc", attributed(worth, "abc"), strict=True))[cause]
        assert abs(Decimal(part) / 6 - rounded) < 1


@fixed
@given(values("abcd"))
def test_parts_are_the_averages_over_all_orders(worth: dict[frozenset[str], int]) -> None:
    exact = {taken: cents * 24 for taken, cents in worth.items()}
    found = dict(zip("abcd", attributed(exact, "abcd"), strict=True))
    for cause in "abcd":
        steps = [
            worth[frozenset(order[: order.index(cause) + 1])] - worth[frozenset(order[: order.index(cause)])]
            for order in permutations("abcd")
        ]
        assert found[cause] == sum(steps)


@fixed
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=5), st.integers(1, 30))
def test_whole_cents_make_the_whole_and_change_sign_with_it(shares: list[int], divisor: int) -> None:
    shares[-1] -= sum(shares) % divisor
    cents = in_whole_cents(shares, divisor)
    assert sum(cents) * divisor == sum(shares)
    assert all(abs(cent * divisor - share) < divisor for cent, share in zip(cents, shares, strict=True))
    assert in_whole_cents([-share for share in shares], divisor) == [-cent for cent in cents]


def test_a_tied_cent_goes_to_the_first_cause() -> None:
    assert in_whole_cents([1, 1, 0], 2) == [1, 0, 0]
    assert in_whole_cents([-1, -1, 0], 2) == [-1, 0, 0]
    assert in_whole_cents([1, -1], 2) == [1, -1]
    assert in_whole_cents([-1, 1], 2) == [-1, 1]


# What belongs to a cause


def test_everything_that_a_scenario_does_to_a_commitment_belongs_to_one_cause() -> None:
    named = [name for names in CHANGED.values() for name in names]
    assert sorted(named) == sorted(field.name for field in fields(Changes))


def test_everything_that_a_plan_has_belongs_to_one_cause() -> None:
    known = {"district", "scenario", "commitments", "changes", "sources", "drivers", "adjustments"}
    assert {field.name for field in fields(DistrictPlan)} == known
    assert list(MEANING) == list(Cause)


def test_a_certainty_that_counts_is_funding() -> None:
    plan = small_projection().plans[0]
    scenario = plan.scenario.model_copy(update={"count": Certainty.POSSIBLE})
    other = project_all(small_budget(), [scenario], settings(), tuple).plans[0]
    assert differing(plan, other) == (Cause.FUNDING,)


def test_the_small_district_saves_by_what_it_stops_and_loses_by_what_it_is_not_given() -> None:
    projection = project_all(small_budget(), [baseline(), austerity()], settings(), tuple)
    own = parts(projection, "austerity")
    assert list(own) == ["timing and actions", "funding"]
    assert own["timing and actions"] < 0 < own["funding"]
