"""What is shown for one projection: the finding, the gap by year, the first to lose funding, the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.view.breakdown import by_category_table
from esser_gap.view.certainty import certainty_table
from esser_gap.view.endings import endings_table
from esser_gap.view.finding import certainty, finding
from esser_gap.view.first_to_lose import first_to_lose_table
from esser_gap.view.years import years_table

if TYPE_CHECKING:
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table

_ONLY_WITH_ROWS = frozenset({"certainty", "endings"})
"""Tables that are left out where they have nothing to show."""
_FEW = 3
"""Commitments to name for a source where only some of them fit a screen."""


def summary(
    projection: Projection, *, district: str, scenario: str, limit: int | None = None
) -> tuple[str | Table, ...]:
    """Give what a reader wants first of one district under one scenario, in the order to read it.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
        limit: Most commitments to show among the first to lose funding; None: all.

    Returns:
        The finding, the gap by year with who pays, the gap if less certain money came (where there is any), the first
        to lose funding, the money that ends (where any does), the gap by category, and which certainty of money counts.
    """
    case = {"district": district, "scenario": scenario}
    named = _FEW if limit is not None else None
    parts = (
        finding(projection, **case),
        years_table(projection, **case),
        certainty_table(projection, **case),
        first_to_lose_table(projection, **case, limit=limit),
        endings_table(projection, **case, limit=named),
        by_category_table(projection, **case),
        certainty(projection, **case),
    )
    return tuple(part for part in parts if isinstance(part, str) or part.rows or part.name not in _ONLY_WITH_ROWS)
