"""The scenarios that come with the program run on any budget, say where every rate comes from, and do what they say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import esser_gap
from esser_gap.errors import InputError
from esser_gap.issues import Severity
from esser_gap.model.scenario import SOURCE_VERBS, VERBS, DriverChange
from esser_gap.read.budgets import read_budget
from esser_gap.read.scenarios import ScenarioLoader, library_folder, library_names
from esser_gap.read.yaml_documents import parse_yaml
from library_budgets import Run, random_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.budget import Budget
    from esser_gap.model.scenario import Scenario
    from esser_gap.projecting import Projection

EXAMPLES = Path(__file__).parents[1] / "examples"
AS_OF = date(2026, 11, 23)
NAMES = library_names()
SEEDS = range(30)
CLASHING = {("levy-fails", "levy-passes")}
"""Pairs that say the opposite of each other."""
PAIRS = [pair for pair in combinations(NAMES, 2) if pair not in CLASHING]


@cache
def cedar_valley() -> Budget:
    return read_budget([EXAMPLES / "cedar-valley" / "budget.xlsx"])


@cache
def dayton() -> Budget:
    folder = EXAMPLES / "dayton"
    return read_budget([folder / "2022-23-proposed-expenditures.csv"], mapping=folder / "mapping-2022-23.yaml")


@cache
def on_cedar_valley() -> Projection:
    return esser_gap.project(cedar_valley(), NAMES, as_of=AS_OF)


@cache
def own(name: str) -> Scenario:
    """Read a scenario of the library without what it extends."""
    from esser_gap.read.scenario_documents import scenario_from_document

    path = library_folder() / f"{name}.yaml"
    return scenario_from_document(parse_yaml(path.read_text(encoding="utf-8"), path.name))


def verbs(scenario: Scenario) -> set[str]:
    return {action.verb for action in scenario.actions} | {adjust.verb for adjust in scenario.sources.adjust}


def errors(projection: Projection) -> list[str]:
    return [issue.message for issue in projection.issues if issue.severity is Severity.ERROR]


# --------------------------------------------------------------------------- what they say of themselves


def test_the_library_has_what_boards_ask_for() -> None:
    assert set(NAMES) == {
        "ai-scale-up",
        "austerity",
        "baseline",
        "consortium-purchasing",
        "cybersecurity-first",
        "enrollment-decline",
        "erate-ends",
        "erate-reduced",
        "federal-titles-cut",
        "high-inflation",
        "level-funding",
        "levy-fails",
        "levy-passes",
        "staggered-refresh",
        "stretch-refresh-1",
        "stretch-refresh-2",
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_in_one_sentence_who_wrote_it_and_when(name: str) -> None:
    scenario = own(name)
    assert scenario.name == name
    assert scenario.description is not None
    assert scenario.description.endswith(".")
    assert ". " not in scenario.description
    assert scenario.author == "the esser-gap project"
    assert scenario.date is not None
    assert scenario.extends == (None if name == "baseline" else "baseline")


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_has_a_source(name: str) -> None:
    scenario = own(name)
    topics = [topic.split(", ") for topic in scenario.sources_cited]
    assert set(scenario.growth) <= {key for keys in topics for key in keys}
    words = {word.strip(",") for topic in scenario.sources_cited for word in topic.split()}
    assert verbs(scenario) <= words
    assert set(scenario.drivers) <= words
    assert all(len(text) > 20 for text in scenario.sources_cited.values() if text != "planning assumption")


@pytest.mark.parametrize("name", NAMES)
def test_none_depends_on_what_a_budget_has(name: str) -> None:
    scenario = own(name)
    assert all(action.optional for action in scenario.actions)
    assert all(isinstance(path, DriverChange) for path in scenario.drivers.values())
    sources = scenario.sources
    assert [*sources.add, *sources.change, *sources.years, *sources.remove] == []


def test_every_verb_that_needs_no_budget_is_shown_by_the_library() -> None:
    done = {verb for name in NAMES for verb in verbs(own(name))}
    assert done == {*VERBS, *SOURCE_VERBS} - {"set_price", "add"}


# --------------------------------------------------------------------------- they run on any budget


@pytest.mark.parametrize("budget", [cedar_valley, dayton])
def test_each_and_every_pair_runs_on_the_examples(budget: object) -> None:
    read = budget()  # type: ignore[operator]
    names = [*NAMES, *("+".join(pair) for pair in PAIRS)]
    projection = esser_gap.project(read, names, as_of=date(2022, 7, 1) if read is dayton() else AS_OF)
    assert errors(projection) == []
    assert projection.years["scenario"].n_unique() == len(names) == len(NAMES) + 119


@pytest.mark.parametrize("seed", SEEDS)
def test_each_and_some_pairs_run_on_random_budgets(seed: int) -> None:
    pairs = ["+".join(pair) for pair in PAIRS[seed % 4 :: 4]]
    projection = random_run(seed).project([*NAMES, *pairs])
    assert errors(projection) == []
    costs = projection.costs.with_columns(left=pl.col("cost") - pl.col("sustained") - pl.col("bridged") - pl.col("gap"))
    assert set(costs["left"].to_list()) <= {Decimal("0.00")}


def test_voters_cannot_pass_and_fail_a_levy_at_once() -> None:
    with pytest.raises(InputError) as refused:
        esser_gap.project(cedar_valley(), "levy-passes+levy-fails", as_of=AS_OF)
    assert [issue.code for issue in refused.value.issues] == ["scenarios-conflict"]
    esser_gap.project(dayton(), "levy-passes+levy-fails", as_of=date(2022, 7, 1))


def test_what_a_budget_does_not_have_is_passed_over_with_a_note() -> None:
    budget = esser_gap.make_budget(
        [esser_gap.Commitment(name="Filter", category="network", kind="recurring", annual_cost=9000)]
    )
    projection = esser_gap.project(budget, NAMES, as_of=AS_OF)
    notes = [issue for issue in projection.issues if issue.code in {"action-not-used", "driver-not-used"}]
    assert {issue.severity for issue in notes} == {Severity.NOTE}
    named = {issue.message.split("`")[1] for issue in notes}
    assert named == {*NAMES} - {"baseline", "high-inflation"}
    gaps = dict(projection.years.group_by("scenario").agg(pl.col("gap").sum()).iter_rows())
    assert {gap for name, gap in gaps.items() if name != "high-inflation"} == {gaps["baseline"]}


# --------------------------------------------------------------------------- they do what they say


def totals(name: str, table: str = "years", **where: object) -> dict[str, Decimal]:
    """Add up a table of Cedar Valley under a scenario."""
    rows = on_cedar_valley().table(table).filter(pl.col("scenario") == name)
    for column, value in where.items():
        rows = rows.filter(pl.col(column).is_in(value if isinstance(value, list) else [value]))
    return {column: Decimal(rows[column].sum()) for column in ("cost", "sustained", "bridged", "gap")}


def paid_by(source: str, name: str) -> dict[int, Decimal]:
    """Add up what sources pay by fiscal year, those that take over from one included."""
    rows = on_cedar_valley().coverage.filter((pl.col("scenario") == name) & pl.col("source").str.starts_with(source))
    return dict(rows.group_by("fiscal_year").agg(pl.col("amount").sum()).sort("fiscal_year").iter_rows())


def ids(**where: str) -> list[str]:
    return [
        commitment.id or ""
        for commitment in cedar_valley().commitments
        if all(getattr(commitment, name) == value for name, value in where.items())
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "baseline"])
def test_the_first_year_is_the_same_unless_prices_or_lives_change(name: str) -> None:
    changing = {"high-inflation", "austerity", "stretch-refresh-1", "stretch-refresh-2", "staggered-refresh"}
    same = totals(name, fiscal_year=2027) == totals("baseline", fiscal_year=2027)
    assert same is (name not in changing)


@pytest.mark.parametrize(
    ("name", "cost", "gap"),
    [
        ("ai-scale-up", 1, 1),
        ("austerity", -1, -1),
        ("consortium-purchasing", -1, -1),
        ("cybersecurity-first", 0, 0),
        ("enrollment-decline", -1, -1),
        ("erate-ends", 0, 1),
        ("erate-reduced", 0, 1),
        ("federal-titles-cut", 0, 1),
        ("high-inflation", 1, 1),
        ("level-funding", 0, 1),
        ("levy-fails", 0, 1),
        ("levy-passes", 0, -1),
        ("staggered-refresh", -1, -1),
        ("stretch-refresh-2", -1, -1),
    ],
)
def test_each_moves_cost_and_gap_in_the_direction_it_says(name: str, cost: int, gap: int) -> None:
    before, after = totals("baseline"), totals(name)
    moved = {column: (after[column] > before[column]) - (after[column] < before[column]) for column in ("cost", "gap")}
    assert moved == {"cost": cost, "gap": gap}


def test_ai_scale_up_doubles_ai_from_the_second_year() -> None:
    for year in range(2028, 2032):
        before = totals("baseline", "costs", commitment=ids(category="ai"), fiscal_year=year)["cost"]
        doubled = totals("ai-scale-up", "costs", commitment=ids(category="ai"), fiscal_year=year)["cost"]
        assert abs(doubled - 2 * before) < Decimal("0.10")
    warned = [i for i in on_cedar_valley().issues if i.code == "guardrail-not-safe" and "`ai-scale-up`" in i.message]
    assert warned


def test_austerity_spares_security_and_stops_ai_after_the_first_year() -> None:
    assert totals("austerity", "costs", commitment=ids(category="ai"), fiscal_year=[2028, 2029, 2030])["cost"] == 0
    assert totals("austerity", "costs", commitment=ids(category="ai"), fiscal_year=2027)["cost"] > 0
    security = ids(category="cybersecurity")
    assert (
        totals("austerity", "costs", commitment=security)["cost"]
        == totals("baseline", "costs", commitment=security)["cost"]
    )
    cut = [issue for issue in on_cedar_valley().issues if issue.code == "guardrail-cut"]
    assert not [issue for issue in cut if "`austerity`" in issue.message]


def test_cybersecurity_first_leaves_no_gap_in_security() -> None:
    security = ids(category="cybersecurity")
    assert totals("baseline", "costs", commitment=security)["gap"] > 0
    assert totals("cybersecurity-first", "costs", commitment=security)["gap"] == 0


def test_erate_goes_on_through_the_first_year_and_then_halves_or_ends() -> None:
    before, half, none = (paid_by("E-rate Category One", name) for name in ("baseline", "erate-reduced", "erate-ends"))
    assert list(before) == [2027, 2028, 2029, 2030, 2031]
    assert half[2027] == before[2027]
    assert all(abs(half[year] - before[year] / 2) < Decimal("0.10") for year in range(2028, 2032))
    assert none == {2027: before[2027]}
    assert paid_by("E-rate Category Two", "erate-ends").keys() <= {2027}


def test_federal_titles_are_cut_to_79_percent_of_what_the_budget_lists() -> None:
    plan = next(p for p in on_cedar_valley().plans if p.scenario.name == "federal-titles-cut")
    listed = {source.name: source.yearly for source in cedar_valley().sources}
    (title,) = (source for source in plan.sources if source.name == "Title II-A")
    assert listed["Title II-A"] == dict.fromkeys(range(2027, 2032), Decimal("184000.00"))
    assert title.yearly == {2027: Decimal("184000.00"), **dict.fromkeys(range(2028, 2032), Decimal("145360.00"))}
    untouched = {source.name for source in plan.sources if source.yearly == listed.get(source.name)}
    assert {"Technology line", "Measure C parcel tax", "Fund balance above reserve"} <= untouched


def test_level_funding_has_no_more_in_any_later_year_than_in_the_first() -> None:
    for source in ("General Fund", "Technology line", "Measure C parcel tax"):
        paid = paid_by(source, "level-funding")
        assert max(paid.values()) == paid[2027] > 0
    (line,) = (
        s
        for p in on_cedar_valley().plans
        if p.scenario.name == "level-funding"
        for s in p.sources
        if s.name == "Technology line"
    )
    assert line.yearly == dict.fromkeys(range(2027, 2032), Decimal("430000.00"))
    assert (
        max(paid_by("E-rate Category One", "level-funding").values()) > paid_by("E-rate Category One", "baseline")[2027]
    )


def test_a_levy_that_passes_goes_on_and_one_that_fails_ends() -> None:
    assert list(paid_by("Measure C", "baseline")) == [2027, 2028, 2029]
    assert list(paid_by("Measure C", "levy-fails")) == [2027]
    passes = paid_by("Measure C", "levy-passes")
    assert list(passes) == [2027, 2028, 2029, 2030, 2031]
    (levy,) = (
        s for p in on_cedar_valley().plans if p.scenario.name == "levy-passes" for s in p.sources if "Measure" in s.name
    )
    assert levy.yearly == dict.fromkeys(range(2027, 2032), Decimal("450000.00"))


def test_enrollment_falls_from_the_count_of_the_first_year() -> None:
    plan = next(p for p in on_cedar_valley().plans if p.scenario.name == "enrollment-decline")
    path = plan.drivers["enrollment"]
    assert [path[year] for year in (2026, 2027)] == [8460, 8392]
    assert [path[year] for year in (2028, 2031)] == [Decimal("8224.16"), 8392 * Decimal("0.98") ** 4]


def test_high_inflation_has_the_shock_of_2026_once() -> None:
    growth = ScenarioLoader().load("high-inflation").growth["student devices"]
    assert growth == {2026: Decimal("0.045"), 2027: Decimal("0.17"), 2028: Decimal("0.045")}


def test_lives_are_one_and_two_years_longer() -> None:
    plans = {plan.scenario.name: plan for plan in on_cedar_valley().plans}
    for name, years in (("stretch-refresh-1", 1), ("stretch-refresh-2", 2)):
        longer = {
            plans[name].changes_of(p).extend_life
            for p, c in enumerate(plans[name].commitments)
            if c.kind == "replacement"
        }
        assert longer == {years}
    spread = plans["staggered-refresh"]
    assert all(spread.changes_of(p).stagger for p, c in enumerate(spread.commitments) if c.kind == "replacement")


def test_the_random_budgets_have_what_the_library_looks_for() -> None:
    runs: Sequence[Run] = [random_run(seed) for seed in SEEDS]
    changed = {
        plan.scenario.name
        for run in runs
        for plan in run.project(NAMES).plans
        if plan.adjustments or plan.changes or plan.scenario.drivers
    }
    assert changed == {*NAMES} - {"baseline", "high-inflation"}
