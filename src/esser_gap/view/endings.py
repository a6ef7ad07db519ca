"""Money that ends inside the projected years, as a cliff of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.plan.endings import endings
from esser_gap.view.case import case_of, label_of
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.endings import Ending
    from esser_gap.projecting import Projection


def endings_table(projection: Projection, *, district: str, scenario: str, limit: int | None = None) -> Table:
    """List sources that pay in the projected years and end before they are over, first to end first.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
        limit: Most commitments to name for a source; None: all.

    Returns:
        Source, sort of money, its last day (or the year in which it is spent), what it paid in the last year that it
        covers whole, in dollars, and the commitments that lose it although they still cost something.
    """
    case = case_of(projection, district=district, scenario=scenario)
    found = endings(case.plan, case.horizon, case.rows("coverage"), case.rows("costs"))
    rows = tuple(
        Row(
            (
                ending.source.name,
                "recurring" if ending.source.recurring else "one-time",
                ends_words(ending),
                ending.year,
                ending.paid,
                _named(ending.losers, limit),
            )
        )
        for ending in found
    )
    headings = (
        Heading("Source", width=24),
        Heading("Money", Show.CODE),
        Heading("Ends", Show.CODE),
        Heading("Last full year", Show.YEAR),
        Heading("Paid in it", Show.DOLLARS),
        Heading("Commitments that lose it", width=44),
    )
    notes = (
        ("last full year: the last fiscal year that it covers whole and pays in, else the last one it pays in",)
        if rows
        else ("no source that pays ends before the last projected year does",)
    )
    return Table("endings", "Money that ends", headings, rows, notes)


def ends_words(ending: Ending) -> str:
    """Say when a source ends: on a day, or when its last dollar is spent."""
    return f"spent in {year_name(ending.year)}" if ending.ends_on is None else ending.ends_on.isoformat()


def _named(losers: Sequence[Commitment], limit: int | None) -> str:
    if not losers:
        return "none: what it paid costs nothing more in these years"
    named = [label_of(commitment) for commitment in losers[:limit]]
    more = len(losers) - len(named)
    return f"{', '.join(named)} and {more} more" if more else ", ".join(named)
