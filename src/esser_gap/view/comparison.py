"""Scenarios side by side: the gap by year, what loses funding first, and which commitments lose or keep funding."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.comparing.fates import LOST, SAVED, STOPPED, fates_of
from esser_gap.view.amounts import in_words
from esser_gap.view.case import Case, case_of, label_of, years_word
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.view.years import year_headings, year_note

if TYPE_CHECKING:
    from datetime import date

    from esser_gap.comparing.comparison import Comparison
    from esser_gap.projecting import Projection

_LONGEST = 24
"""Letters of a scenario's name that is never broken."""
_ONE = {LOST: "newly loses funding", SAVED: "is saved", STOPPED: "is stopped"}
_SEVERAL = {LOST: "newly lose funding", SAVED: "are saved", STOPPED: "are stopped"}


def comparison_finding(comparison: Comparison, *, district: str) -> str:
    """Say in one sentence how far apart the gaps of the scenarios are.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.
    """
    cases = cases_of(comparison.projection, district)
    gaps = {case.plan.scenario.name: total_gap(case) for case in cases}
    first, others = gaps[comparison.baseline], [name for name in gaps if name != comparison.baseline]
    if len(others) > 1:
        least, most = min(gaps, key=gaps.__getitem__), max(gaps, key=gaps.__getitem__)
        span = f"between {_said(gaps[least])} (`{least}`) and {_said(gaps[most])} (`{most}`)"
        usual = f"`{comparison.baseline}` leaves {_said(first)}"
        return f"Over {cases[0].span} the gap of {district} lies {span}; {usual}."
    (other,) = others
    change = gaps[other] - first
    than = f"{in_words(abs(change))} {'more' if change > 0 else 'less'} than" if change else "the same as"
    counts = fate_counts(comparison, district)[other]
    said = ((count, (_ONE if count == 1 else _SEVERAL)[fate]) for fate, count in counts.items())
    fates = ", ".join(f"{count} {words}" for count, words in said if count)
    left = f"`{other}` leaves {district} a gap of {_said(gaps[other])} over {cases[0].span}"
    return f"{left}, {than} `{comparison.baseline}`{f': {fates}' if fates else ''}."


def _said(dollars: Decimal) -> str:
    return in_words(dollars) if dollars else "nothing"


def comparison_table(projection: Projection, *, district: str) -> Table:
    """Set the gap of every scenario side by side.

    Args:
        projection: Everything projected.
        district: Name of the district.

    Returns:
        One row a scenario: the gap in dollars by fiscal year and over all of them, and how much larger
        (or, below zero, smaller) the total is than in the first scenario.
    """
    cases = cases_of(projection, district)
    first, horizon = cases[0].plan.scenario.name, cases[0].horizon
    totals = [total_gap(case) for case in cases]
    rows = tuple(
        Row((case.plan.scenario.name, *case.rows("years")["gap"], total, total - totals[0]))
        for case, total in zip(cases, totals, strict=True)
    )
    headings = (name_heading(projection), *year_headings(horizon, is_shortfall=True), Heading("Change", Show.DOLLARS))
    notes = (f"change: gap over all years less that of `{first}`", year_note(horizon))
    return Table("comparison", "Gap by scenario", headings, rows, notes)


def cumulative_table(comparison: Comparison, *, district: str) -> Table:
    """Add up the gap of every scenario from year to year.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.

    Returns:
        One row a scenario: the gap of all years through each fiscal year, in dollars.
    """
    horizon = cases_of(comparison.projection, district)[0].horizon
    headings = tuple(
        Heading(f"Through {heading.text}", Show.DOLLARS, is_shortfall=True) for heading in year_headings(horizon)[:-1]
    )
    rows = tuple(Row((name, *gaps)) for name, gaps in _by_year(comparison, district, "cumulative_gap").items())
    name = name_heading(comparison.projection)
    return Table("cumulative", "Gap added up from year to year", (name, *headings), rows)


def difference_table(comparison: Comparison, *, district: str) -> Table:
    """Show by year how much larger the gap of every other scenario is than that of the baseline.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.

    Returns:
        One row a scenario but the baseline: dollars by fiscal year and over all of them, below zero where the gap
        is smaller.
    """
    horizon = cases_of(comparison.projection, district)[0].horizon
    rows = tuple(
        Row((name, *gaps, sum(gaps, Decimal(0))))
        for name, gaps in _by_year(comparison, district, "difference").items()
        if name != comparison.baseline
    )
    title = f"Difference to the gap of {comparison.baseline}"
    return Table("difference", title, (name_heading(comparison.projection), *year_headings(horizon)), rows)


def outcomes_table(comparison: Comparison, *, district: str) -> Table:
    """Say for every scenario what loses funding first, and how many commitments lose or keep it.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.

    Returns:
        One row a scenario: how many commitments lose funding, how many newly do, are saved, and are stopped, against
        the baseline, and date and name of the first one that loses it.
    """
    counts = fate_counts(comparison, district)
    rows = []
    for case in cases_of(comparison.projection, district):
        losses, name = case.rows("losses"), case.plan.scenario.name
        own = counts[name].values() if name != comparison.baseline else (None, None, None)
        rows.append(Row((name, losses.height, *own, *_first_loss(case))))
    headings = (
        name_heading(comparison.projection),
        Heading("Lose funding", Show.NUMBER),
        Heading("Newly", Show.NUMBER),
        Heading("Saved", Show.NUMBER),
        Heading("Stopped", Show.NUMBER),
        Heading("First loss", Show.DATE),
        Heading("What is lost first", width=30),
    )
    note = f"newly, saved, stopped: commitments that the scenario treats unlike `{comparison.baseline}`"
    return Table("outcomes", "What loses funding, by scenario", headings, tuple(rows), (note,))


def newly_lost_table(projection: Projection, *, district: str, fates: pl.DataFrame | None = None) -> Table:
    """List which commitments lose funding in another scenario but not in the first, or the other way round.

    Args:
        projection: Everything projected.
        district: Name of the district.
        fates: The table `fates`, where it has been made already.

    Returns:
        Scenario, commitment, whether it loses funding, is saved, or is stopped by the scenario, the date,
        the gap in dollars over the horizon in this scenario and in the first, and why.
    """
    cases = cases_of(projection, district)
    labels = {commitment.id: label_of(commitment) for case in cases for commitment in case.plan.commitments}
    found = (fates_of(projection) if fates is None else fates).filter(pl.col("district") == district)
    rows = tuple(
        Row((scenario, labels[commitment], fate, day, gap, usual, why))
        for _, scenario, commitment, fate, day, gap, usual, why in found.iter_rows()
    )
    over = years_word(cases[0].horizon)
    name = cases[0].plan.scenario.name
    headings = (
        Heading("Scenario", width=18),
        Heading("Commitment", width=36),
        Heading("What happens", Show.CODE),
        Heading("Lost on", Show.DATE),
        Heading(f"Gap over {over}", Show.DOLLARS, is_shortfall=True),
        Heading(f"Gap in {name}", Show.DOLLARS, is_shortfall=True),
        Heading("Why", width=60),
    )
    notes = () if rows else ("the same commitments lose funding in every scenario",)
    return Table("newly-lost", f"What loses or regains funding against {name}", headings, rows, notes)


def name_heading(projection: Projection) -> Heading:
    """Give the heading of a column of scenarios, whose names stay whole unless one is very long."""
    longest = max(len(scenario.name) for scenario in projection.scenarios)
    return Heading("Scenario", Show.CODE if longest <= _LONGEST else Show.TEXT, width=_LONGEST)


def cases_of(projection: Projection, district: str) -> list[Case]:
    """Give one district under every scenario, in their order."""
    return [case_of(projection, district=district, scenario=scenario.name) for scenario in projection.scenarios]


def total_gap(case: Case) -> Decimal:
    """Add up the gap of all projected years."""
    return sum(case.rows("years")["gap"], Decimal(0))


def fate_counts(comparison: Comparison, district: str) -> dict[str, dict[str, int]]:
    """Count by scenario how many commitments newly lose funding, are saved and are stopped.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.
    """
    counts = {scenario.name: dict.fromkeys((LOST, SAVED, STOPPED), 0) for scenario in comparison.projection.scenarios}
    found = comparison.fates.filter(pl.col("district") == district)
    for scenario, fate in found.select("scenario", "fate").iter_rows():
        counts[scenario][fate] += 1
    return counts


def _first_loss(case: Case) -> tuple[date | None, str]:
    """Give date and name of what loses funding first."""
    for commitment, day in case.rows("losses").head(1).select("commitment", "funding_lost_on").iter_rows():
        return day, case.commitments()[commitment].name
    return None, "nothing"


def _by_year(comparison: Comparison, district: str, column: str) -> dict[str, list[Decimal]]:
    """Give a column of the table `comparison` by scenario, in the order of years."""
    own = comparison.comparison.filter(pl.col("district") == district)
    amounts: dict[str, list[Decimal]] = {}
    for scenario, amount in own.select("scenario", column).iter_rows():
        amounts.setdefault(scenario, []).append(amount)
    return amounts
