"""Scenarios held against one of them: gaps, fates of commitments, what makes the difference, and what stays funded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.comparing.bridge import bridge_of
from esser_gap.comparing.fates import fates_of
from esser_gap.comparing.robustness import robustness_of
from esser_gap.plan.tables import COMPARED, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.model.source import Source
    from esser_gap.projecting import Projection


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several scenarios on one budget, all held against the first.

    Attributes:
        projection: The scenarios projected, the baseline first.
        comparison: Gap by district, scenario and fiscal year, cumulative, and less that of the baseline.
        fates: Commitments that lose funding, are saved or are stopped in a scenario, unlike in the baseline.
        bridge: The difference to the baseline's gap by district, scenario, fiscal year and cause, to the cent.
        robustness: For every commitment, in which scenarios it stays funded, loses funding or is stopped.
    """

    projection: Projection
    comparison: pl.DataFrame
    fates: pl.DataFrame
    bridge: pl.DataFrame
    robustness: pl.DataFrame

    @property
    def baseline(self) -> str:
        """Name the scenario that the others are held against."""
        return self.projection.scenarios[0].name

    def table(self, name: str) -> pl.DataFrame:
        """Give one of the four tables, or of the projection's, by its name."""
        frame: pl.DataFrame = getattr(self if name in COMPARED else self.projection, name)
        return frame


def compared(
    projection: Projection,
    known_sources: Callable[[], Sequence[Source]],
    progress: Callable[[], None] | None = None,
) -> Comparison:
    """Hold scenarios against the first of them.

    Args:
        projection: Several scenarios, projected.
        known_sources: Gives the shipped sources.
        progress: Called after each group of plans that was computed.
    """
    return Comparison(
        projection,
        comparison_of(projection),
        fates_of(projection),
        bridge_of(projection, known_sources, progress),
        robustness_of(projection),
    )


def comparison_of(projection: Projection) -> pl.DataFrame:
    """Hold the gap of every scenario against that of the first, year by year.

    Args:
        projection: One or several scenarios, projected.

    Returns:
        The table `comparison`, the baseline with differences of zero among the rows.
    """
    years = projection.years.select("district", "scenario", "fiscal_year", "gap")
    baseline = years.filter(pl.col("scenario") == projection.scenarios[0].name)
    usual = baseline.select("district", "fiscal_year", usual="gap")
    case = ["district", "scenario"]
    return (
        years.join(usual, on=["district", "fiscal_year"], how="left", maintain_order="left")
        .with_columns(difference=pl.col("gap") - pl.col("usual"))
        .with_columns(
            cumulative_gap=pl.col("gap").cum_sum().over(case),
            cumulative_difference=pl.col("difference").cum_sum().over(case),
        )
        .select(pl.col(column.name).cast(column.dtype) for column in columns_of("comparison"))
    )
