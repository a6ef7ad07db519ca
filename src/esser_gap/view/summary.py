"""What is shown for one projection: the finding, the gap by year, the first to lose funding, the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.view.breakdown import by_category_table
from esser_gap.view.finding import certainty, finding
from esser_gap.view.first_to_lose import first_to_lose_table
from esser_gap.view.years import years_table

if TYPE_CHECKING:
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table


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
        The finding, the gap by year with who pays, the first to lose funding, the gap by category, and
        which certainty of money counts.
    """
    return (
        finding(projection, district=district, scenario=scenario),
        years_table(projection, district=district, scenario=scenario),
        first_to_lose_table(projection, district=district, scenario=scenario, limit=limit),
        by_category_table(projection, district=district, scenario=scenario),
        certainty(projection, district=district, scenario=scenario),
    )
