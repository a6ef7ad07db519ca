"""Districts side by side under one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.view.amounts import share_of
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from esser_gap.projecting import Projection

_PARTS = ("cost", "sustained", "bridged", "gap")


def districts_table(projection: Projection, *, scenario: str) -> Table:
    """Show cost, who pays and the gap over all years for each district, as in the files.

    Args:
        projection: Everything projected.
        scenario: Name of the scenario.

    Returns:
        District, cost, sustained, bridged and gap in dollars, the share of the cost that is funded, and
        the date on which the first commitment loses funding; a total last.
    """
    years = projection.years.filter(pl.col("scenario") == scenario)
    sums = years.group_by("district", maintain_order=True).agg(pl.col(*_PARTS).sum())
    losses = projection.losses.filter(pl.col("scenario") == scenario)
    first = losses.group_by("district").agg(pl.col("funding_lost_on").min())
    rows = [
        Row((district, cost, sustained, bridged, gap, share_of(cost - gap, cost), lost_on))
        for district, cost, sustained, bridged, gap, lost_on in sums.join(
            first, on="district", how="left", maintain_order="left"
        ).iter_rows()
    ]
    cost, sustained, bridged, gap = sums.select(pl.col(*_PARTS).sum()).row(0)
    total = ("Total", cost, sustained, bridged, gap, share_of(cost - gap, cost), losses["funding_lost_on"].min())
    rows.append(Row(total, RowStyle.TOTAL))  # type: ignore[arg-type]
    headings = (
        Heading("District", width=30),
        Heading("Cost", Show.DOLLARS),
        Heading("Sustained", Show.DOLLARS),
        Heading("Bridged", Show.DOLLARS),
        Heading("Gap", Show.DOLLARS, is_shortfall=True),
        Heading("Funded", Show.SHARE),
        Heading("First loss", Show.DATE),
    )
    return Table("districts", "Gap by district", headings, tuple(rows))
