"""What loses funding first, and what is at risk because it requires something that does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.view.amounts import to_the_cent
from esser_gap.view.case import case_of, years_word
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from esser_gap.projecting import Projection


def first_to_lose_table(projection: Projection, *, district: str, scenario: str, limit: int | None = None) -> Table:
    """Rank the commitments that lose funding, the first one first.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
        limit: Most rows to show; a note says how many more there are and their gap. None: all.

    Returns:
        Rank, commitment with its id, the date of the first payment not paid in full, the day to decide by
        and whether it passed, the gap in dollars in the first year and over the horizon, and why.
    """
    case = case_of(projection, district=district, scenario=scenario)
    losses = case.rows("losses")
    labels = case.labels()
    shown = losses if limit is None else losses.head(limit)
    rows = tuple(
        Row(
            (
                loss["rank"],
                labels[loss["commitment"]],
                loss["funding_lost_on"],
                loss["decide_by"],
                status_of(passed=loss["decide_by_passed"]),
                loss["first_year_gap"],
                loss["horizon_gap"],
                loss["reason"],
            )
        )
        for loss in shown.iter_rows(named=True)
    )
    headings = (
        Heading("", Show.NUMBER),
        Heading("Commitment", width=36),
        Heading("Lost on", Show.DATE),
        Heading("Decide by", Show.DATE),
        Heading("Status", Show.CODE),
        Heading("Gap in first year", Show.DOLLARS, is_shortfall=True),
        Heading(f"Gap over {years_word(case.horizon)}", Show.DOLLARS, is_shortfall=True),
        Heading("Why", width=70),
    )
    notes = _notes(losses, len(rows), projection)
    return Table("first-to-lose", "First to lose funding", headings, rows, notes)


def at_risk_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List the commitments that require, directly or through others, one with a gap, by year.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        Fiscal year, commitment, what it is at risk through, and its own cost and gap in dollars; by year,
        then as in the file.
    """
    case = case_of(projection, district=district, scenario=scenario)
    labels = case.labels()
    at_risk = case.rows("costs").filter(pl.col("at_risk_through").list.len() > 0)
    at_risk = at_risk.sort("fiscal_year", maintain_order=True)
    rows = tuple(
        Row(
            (
                cost["fiscal_year"],
                labels[cost["commitment"]],
                "; ".join(labels[identifier] for identifier in cost["at_risk_through"]),
                cost["cost"],
                cost["gap"],
            )
        )
        for cost in at_risk.iter_rows(named=True)
    )
    headings = (
        Heading("Year", Show.YEAR),
        Heading("Commitment", width=36),
        Heading("At risk through", width=50),
        Heading("Cost", Show.DOLLARS),
        Heading("Own gap", Show.DOLLARS, is_shortfall=True),
    )
    notes = () if rows else ("no commitment requires one with a gap",)
    return Table("at-risk", "At risk through what they require", headings, rows, notes)


def status_of(*, passed: bool) -> str:
    """Say in a word whether a day to decide by is over."""
    return "passed" if passed else "ahead"


def _notes(losses: pl.DataFrame, shown: int, projection: Projection) -> tuple[str, ...]:
    if losses.is_empty():
        return ("no commitment loses funding",)
    notes = [f"`passed`: the day to decide by lies before {projection.settings.as_of}"]
    if shown < losses.height:
        gap = sum(losses["horizon_gap"].slice(shown), Decimal(0))
        notes.insert(0, f"and {losses.height - shown:,} more with a gap of {to_the_cent(gap)}")
    return tuple(notes)
