"""Payments of several plans that stand in one column, each plan in a lane of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Lanes:
    """Which plan each row belongs to.

    Attributes:
        plan: Place of the plan of each row.
        count: How many plans there are; with one, nothing has to be told apart.
    """

    plan: pl.Series
    count: int

    def at(self, rows: pl.Series | slice) -> Lanes:
        """Give the lanes of some of the rows."""
        return Lanes(self.plan[rows], self.count) if self.count > 1 else self

    def column(self, height: int) -> pl.Series:
        """Give the place of the plan of each of so many rows."""
        return self.plan if self.count > 1 else pl.zeros(height, dtype=pl.UInt32, eager=True)

    def totals(self, cents: pl.Series) -> list[int]:
        """Add up a column, plan by plan."""
        if self.count == 1:
            return [int(cents.sum())]
        totals = [0] * self.count
        sums = pl.DataFrame({"plan": self.plan, "cents": cents}).group_by("plan").agg(pl.col("cents").sum())
        for plan, total in sums.iter_rows():
            totals[plan] = total
        return totals

    def running(self, cents: pl.Series) -> pl.Series:
        """Add up a column from row to row, in each plan by itself."""
        if self.count == 1:
            return cents.cum_sum()
        frame = pl.DataFrame({"plan": self.plan, "cents": cents})
        return frame.select(pl.col("cents").cum_sum().over("plan")).to_series()

    def spread(self, values: Sequence[int]) -> pl.Series:
        """Give each row the value of its plan, as a column, or as a single value that stands for all rows."""
        of_plans = pl.Series(values, dtype=pl.Int64)
        return of_plans if self.count == 1 else of_plans.gather(self.plan)

    def among(self, plans: Sequence[int]) -> pl.Series | None:
        """Tell which rows belong to some of the plans; None: all do."""
        if len(plans) == self.count:
            return None
        wanted = pl.zeros(self.count, dtype=pl.Boolean, eager=True).scatter(plans, True)  # noqa: FBT003 - a value
        return wanted.gather(self.plan)

    def last(self, rows: pl.Series) -> list[tuple[int, int]]:
        """List, for each plan that has any of some rows, its place and the last of them."""
        if self.count == 1:
            return [(0, rows[-1])] if len(rows) else []
        frame = pl.DataFrame({"plan": self.plan[rows], "row": rows})
        return frame.group_by("plan").agg(pl.col("row").last()).rows()
