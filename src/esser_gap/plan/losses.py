"""The ledger of losses: which commitments lose funding, when, and by when it must be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import MONTHS
from esser_gap.plan.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.awards import Money
    from esser_gap.plan.horizon import Horizon


def first_of_month(month: pl.Expr) -> pl.Expr:
    """Give the first day of counted months."""
    return pl.date(month // MONTHS, month % MONTHS + 1, 1)


def losses(payments: pl.DataFrame, frame: pl.DataFrame, money: Money, horizon: Horizon) -> pl.DataFrame:
    """Rank the commitments that have a gap by when they lose funding.

    Args:
        payments: All payments of the horizon: `place`, `fiscal_year`, `month`, `gap` (cents).
        frame: Commitments in the order of service, as `commitment_frame` gives them.
        money: The same commitments as records, and the sources after all years were funded.
        horizon: Fiscal calendar and as-of date.

    Returns:
        By plan, the columns of the table `losses` with `position` in place of the commitment's id; money in cents.
    """
    ranked = _ranked(reasons(_gaps(payments), money), frame)
    noticed = ranked.with_columns(**_notices([money.served[place] for place in ranked["place"]]))
    return noticed.with_columns(decide_by=_decide_by(horizon)).with_columns(
        first_gap_year=pl.col("fiscal_year"),
        decide_by_passed=pl.col("decide_by") < horizon.as_of,
    )


def first_to_lose(payments: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Rank the commitments that have a gap, without saying why or by when it must be decided.

    Args:
        payments: All payments of the horizon: `place`, `fiscal_year`, `month`, `gap` (cents).
        frame: Commitments in the order of service, as `commitment_frame` gives them.

    Returns:
        By `plan`: `rank`, `position`, `funding_lost_on` and `horizon_gap` (cents).
    """
    plan = frame["plan"]
    lost = _gaps(payments).with_columns(plan=pl.lit(plan).gather(pl.col("place")))
    return _ranked(lost, frame).select("plan", "rank", "position", "funding_lost_on", "horizon_gap")


def _ranked(lost: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Put lost commitments in order, plan by plan, and number them."""
    about = frame.select("position", "mandated", "priority").with_row_index("place")
    ranked = (
        lost.join(about, on="place", how="left")
        .with_columns(funding_lost_on=first_of_month(pl.col("month")))
        .sort("plan", "funding_lost_on", ~pl.col("mandated"), "priority", pl.col("horizon_gap") * -1, "position")
    )
    return ranked.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("plan"))


def _gaps(payments: pl.DataFrame) -> pl.DataFrame:
    """Sum up the unpaid payments of each commitment; payments stand in the order of years and dates."""
    by_year = (
        payments.lazy()
        .filter(pl.col("gap") > 0)
        .group_by("place", "fiscal_year", maintain_order=True)
        .agg(pl.col("month").first(), pl.col("gap").sum())
    )
    return (
        by_year.group_by("place", maintain_order=True)
        .agg(
            pl.col("month", "fiscal_year").first(),
            first_year_gap=pl.col("gap").first(),
            horizon_gap=pl.col("gap").sum(),
            gap_years=pl.len().cast(pl.Int32),
        )
        .collect()
    )


def _notices(lost: Sequence[Commitment]) -> dict[str, pl.Series]:
    days = [c.notice_by or (None, None) for c in lost]
    return {
        "notice_days": pl.Series([c.notice_days for c in lost], dtype=pl.Int32),
        "notice_month": pl.Series([month for month, _ in days], dtype=pl.Int32),
        "notice_day": pl.Series([day for _, day in days], dtype=pl.Int32),
    }


def _decide_by(horizon: Horizon) -> pl.Expr:
    """Give the earlier of the payment less its notice, and the notice day before the fiscal year begins."""
    by_days = pl.col("funding_lost_on") - pl.duration(days=pl.col("notice_days"))
    start_month = horizon.calendar.start_month
    start_year = pl.col("fiscal_year") - (1 if start_month > 1 else 0)
    year_begins = pl.date(start_year, start_month, 1)
    same_year = pl.date(start_year, "notice_month", "notice_day")
    year_before = pl.date(start_year - 1, "notice_month", "notice_day")
    by_calendar = pl.when(same_year <= year_begins).then(same_year).otherwise(year_before)
    return pl.min_horizontal(by_days, by_calendar)
