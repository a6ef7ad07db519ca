"""Scenarios side by side: the gap by year, and which commitments lose or keep funding."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name
from esser_gap.view.case import Case, case_of, years_word
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.view.years import year_headings, year_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.projecting import Projection

LOST, SAVED, STOPPED = "loses funding", "is saved", "is stopped"
"""What a scenario does to a commitment that it treats unlike the first one."""


def comparison_table(projection: Projection, *, district: str) -> Table:
    """Set the gap of every scenario side by side.

    Args:
        projection: Everything projected.
        district: Name of the district.

    Returns:
        One row a scenario: the gap in dollars by fiscal year and over all of them, and how much larger
        (or, below zero, smaller) the total is than in the first scenario.
    """
    cases = _cases(projection, district)
    first, horizon = cases[0].plan.scenario.name, cases[0].horizon
    totals = [_total_gap(case) for case in cases]
    rows = tuple(
        Row((case.plan.scenario.name, *case.rows("years")["gap"], total, total - totals[0]))
        for case, total in zip(cases, totals, strict=True)
    )
    headings = (
        Heading("Scenario", width=24),
        *year_headings(horizon, is_shortfall=True),
        Heading("Change", Show.DOLLARS),
    )
    notes = (f"change: gap over all years less that of `{first}`", year_note(horizon))
    return Table("comparison", "Gap by scenario", headings, rows, notes)


def newly_lost_table(projection: Projection, *, district: str) -> Table:
    """List which commitments lose funding in another scenario but not in the first, or the other way round.

    Args:
        projection: Everything projected.
        district: Name of the district.

    Returns:
        Scenario, commitment, whether it loses funding, is saved, or is stopped by the scenario, the date,
        the gap in dollars over the horizon in this scenario and in the first, and why.
    """
    first, *others = _cases(projection, district)
    rows = tuple(row for case in others for row in _differences(first, case))
    over = years_word(first.horizon)
    name = first.plan.scenario.name
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


def _cases(projection: Projection, district: str) -> list[Case]:
    return [case_of(projection, district=district, scenario=scenario.name) for scenario in projection.scenarios]


def _total_gap(case: Case) -> Decimal:
    return sum(case.rows("years")["gap"], Decimal(0))


def _differences(first: Case, other: Case) -> Iterator[Row]:
    was, now = first.rows("losses"), other.rows("losses")
    name = other.plan.scenario.name
    labels = {**first.labels(), **other.labels()}
    for loss in now.filter(~pl.col("commitment").is_in(was["commitment"].implode())).iter_rows(named=True):
        cells = (LOST, loss["funding_lost_on"], loss["horizon_gap"], 0, loss["reason"])
        yield Row((name, labels[loss["commitment"]], *cells))
    stops = _stops(other)
    for loss in was.filter(~pl.col("commitment").is_in(now["commitment"].implode())).iter_rows(named=True):
        stop = stops.get(loss["commitment"])
        fate, why = (SAVED, "funded in every year") if stop is None else (STOPPED, f"no cost from {year_name(stop)}")
        yield Row((name, labels[loss["commitment"]], fate, None, 0, loss["horizon_gap"], why))


def _stops(case: Case) -> dict[str, int]:
    """Give the first year without cost of each commitment that a scenario stops, since it is not saved but dropped."""
    return {
        case.plan.commitments[position].id or "": changes.stop
        for position, changes in case.plan.changes.items()
        if changes.stop is not None
    }
