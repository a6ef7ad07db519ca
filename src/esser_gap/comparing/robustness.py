"""In how many scenarios each commitment stays funded, and which flip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.comparing.fates import dropped_by
from esser_gap.comparing.rivals import rivals
from esser_gap.plan.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.projecting import Projection


def robustness_of(projection: Projection) -> pl.DataFrame:
    """Say for every commitment in which scenarios it stays funded, loses funding, or is stopped.

    Args:
        projection: One or several scenarios, projected.

    Returns:
        The table `robustness`: by district, what is funded in the fewest scenarios first, then what loses funding
        in the most, then as in the file.
    """
    case = ["district", "scenario", "commitment"]
    every = projection.costs.select(pl.col("district", "commitment")).unique(maintain_order=True)
    names = pl.DataFrame({"scenario": [scenario.name for scenario in projection.scenarios]})
    lost = projection.losses.select(*case, lost=pl.lit(value=True))
    dropped = [
        (group.district.name, plan.scenario.name, identifier)
        for group in rivals(projection)
        for plan in (group.baseline, *group.others)
        for identifier in dropped_by(plan, group)
    ]
    is_lost, is_dropped = pl.col("lost").fill_null(value=False), pl.col("dropped").fill_null(value=False)
    return (
        every.with_row_index("place")
        .join(names, how="cross", maintain_order="left_right")
        .join(lost, on=case, how="left", maintain_order="left")
        .join(_dropped(dropped), on=case, how="left", maintain_order="left")
        .group_by("place", maintain_order=True)
        .agg(
            pl.col("district", "commitment").first(),
            scenarios=pl.len(),
            funded_in=(~is_lost & ~is_dropped).sum(),
            loses_funding_in=pl.col("scenario").filter(is_lost),
            stopped_in=pl.col("scenario").filter(is_dropped & ~is_lost),
        )
        .with_columns(
            flips=(pl.col("funded_in") > 0) & (pl.col("loses_funding_in").list.len() > 0),
            first=pl.col("place").min().over("district"),
        )
        .sort("first", "funded_in", -pl.col("loses_funding_in").list.len().cast(pl.Int32), "place")
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("district"))
        .select(pl.col(column.name).cast(column.dtype) for column in columns_of("robustness"))
    )


def _dropped(cases: Sequence[tuple[str, str, str]]) -> pl.DataFrame:
    columns = zip(*cases, strict=True) if cases else ((), (), ())
    named = zip(("district", "scenario", "commitment"), columns, strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype=pl.String) for name, values in named]).with_columns(
        dropped=pl.lit(value=True)
    )
