"""What each commitment costs in each fiscal year, and the payments it falls due in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import MONTHS
from esser_gap.money import MILLIONTHS
from esser_gap.plan.frames import (
    ANNUAL,
    MONTHLY,
    ONE_TIME,
    REPLACEMENT,
    STAGGERED,
    benefits_cents,
    commitment_frame,
    exact_cents,
)
from esser_gap.plan.indexes import IndexProfile, profile_column
from esser_gap.plan.prices import Prices
from esser_gap.plan.rounding import divide_half_up, integer_type

if TYPE_CHECKING:
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan


@dataclass(frozen=True, slots=True)
class CostModel:
    """A district's commitments, prepared for all years.

    Attributes:
        plan: Commitments and changes.
        horizon: Projected years.
        frame: One row a commitment in the order of service (see `commitment_frame`).
        profiles: What cost indexes follow, by number.
        profile: For each row of `frame`, the number of its profile.
        prices: Price and driver indexes of the scenario.
    """

    plan: DistrictPlan
    horizon: Horizon
    frame: pl.DataFrame
    profiles: list[IndexProfile]
    profile: pl.Series
    prices: Prices


def cost_model(plan: DistrictPlan, horizon: Horizon) -> CostModel:
    """Prepare a district's commitments under a scenario.

    Args:
        plan: Commitments with what the scenario's actions do to them.
        horizon: Projected years and fiscal calendar.
    """
    frame = commitment_frame(plan, horizon)
    profiles, profile = profile_column(plan, horizon, frame["position"].to_list())
    return CostModel(plan, horizon, frame, profiles, profile, Prices(plan.scenario.growth, plan.drivers))


def costs_of(model: CostModel) -> pl.DataFrame:
    """Compute the cost of every commitment in every fiscal year.

    Args:
        model: The prepared commitments.

    Returns:
        Rows by fiscal year, then in the order of service: `fiscal_year`, `place` (in that order),
        `month` (of the first payment), `count` (of payments, in consecutive months, 0 for none),
        `cost` (cents) and `overdue`.
    """
    slots = pl.concat([_slots(model, year) for year in model.horizon.years])
    wide = _product_type(slots)
    costs = slots.select(
        "fiscal_year",
        "place",
        month=pl.when(pl.col("rhythm") == MONTHLY).then("first_monthly").otherwise("month"),
        count="count",
        cost=_component("base", "index", wide) + _component("benefits", "benefits_index", wide),
        overdue=_is_first_replacement() & pl.col("overdue"),
    )
    return costs


def _slots(model: CostModel, year: int) -> pl.DataFrame:
    """Say for one fiscal year when each commitment falls due and what its cost is computed from."""
    base, benefits = _bases(model, year)
    index = pl.Series([p.index(model.prices, year) for p in model.profiles], dtype=pl.Int64)
    benefits_index = pl.Series([p.benefits_index(model.prices, year) for p in model.profiles], dtype=pl.Int64)
    first = model.horizon.calendar.first_month(year)
    return (
        model.frame.lazy()
        .with_columns(
            fiscal_year=pl.lit(year, dtype=pl.Int32),
            place=pl.int_range(pl.len(), dtype=pl.UInt32),
            month=_month_due(first, year),
            first_monthly=pl.max_horizontal(pl.lit(first), "start", "unpaid_from"),
            last_monthly=pl.min_horizontal(pl.lit(first + MONTHS - 1), "end"),
            base=pl.lit(base),
            benefits=pl.lit(benefits),
            index=pl.lit(index).gather(pl.lit(model.profile)),
            benefits_index=pl.lit(benefits_index).gather(pl.lit(model.profile)),
        )
        .with_columns(falls_due=_falls_due(first))
        .select(*_SLOT_COLUMNS, count=_count(year))
        .collect()
    )


_SLOT_COLUMNS = (
    "fiscal_year",
    "place",
    "rhythm",
    "life",
    "due",
    "overdue",
    "month",
    "first_monthly",
    "base",
    "benefits",
    "index",
    "benefits_index",
)


def payments_of(costs: pl.DataFrame) -> pl.DataFrame:
    """Split costs into dated payments.

    Args:
        costs: As `costs_of` gives them.

    Returns:
        One row a payment, by fiscal year, then in the order of service, then by date: `fiscal_year`,
        `place`, `month`, `amount` (cents), `overdue`.
    """
    count = pl.col("count").cast(pl.Int64)
    paid = divide_half_up(pl.col("cost") * pl.col("k"), count)
    paid_before = divide_half_up(pl.col("cost") * (pl.col("k") - 1), count)
    return (
        costs.lazy()
        .filter(pl.col("count") > 0)
        .with_columns(k=pl.int_ranges(1, count + 1))
        .explode("k")
        .select(
            "fiscal_year",
            "place",
            month=(pl.col("month") + pl.col("k") - 1).cast(pl.Int32),
            amount=paid - paid_before,
            overdue="overdue",
        )
        .collect()
    )


def _bases(model: CostModel, year: int) -> tuple[pl.Series, pl.Series]:
    base, benefits = model.frame["base"], model.frame["benefits"]
    prices = {p: c.price_in(year) for p, c in model.plan.changes.items() if c.prices}
    new = {position: exact_cents(price) for position, price in prices.items() if price is not None}
    if not new:
        return base, benefits
    positions = model.frame["position"].to_list()
    rows = [row for row, position in enumerate(positions) if position in new]
    cents = [new[positions[row]] for row in rows]
    commitments = [model.plan.commitments[positions[row]] for row in rows]
    new_benefits = [benefits_cents(amount, c) for amount, c in zip(cents, commitments, strict=True)]
    return base.clone().scatter(rows, cents), benefits.clone().scatter(rows, new_benefits)


def _month_due(first: int, year: int) -> pl.Expr:
    """Give the month of the one payment a year, where the rhythm has one; null where none falls due."""
    cycle = pl.col("life") * MONTHS
    # Replacements follow each other by whole lives: the first on or after the start of the year.
    behind = pl.max_horizontal(pl.lit(0), first - pl.col("due"))
    next_due = pl.col("due") + (behind + cycle - 1) // cycle * cycle
    rhythm = pl.col("rhythm")
    return (
        pl.when(rhythm == ANNUAL)
        .then(first + pl.col("renewal_offset"))
        .when(rhythm == REPLACEMENT)
        .then(next_due)
        .when((rhythm == STAGGERED) & (pl.col("staggered_from") <= year))
        .then(first + pl.col("purchase_offset"))
        .when(rhythm == ONE_TIME)
        .then(pl.col("once"))
    )


def _falls_due(first: int) -> pl.Expr:
    """Tell whether the one payment a year, where there is one, falls due in the year that starts in month `first`."""
    month, rhythm = pl.col("month"), pl.col("rhythm")
    begun = (month >= pl.col("start")).fill_null(value=True) & (month >= pl.col("due_from")).fill_null(value=True)
    # A yearly payment in the month in which the commitment ends would buy a year that is not used.
    before_end = (month < pl.col("end")).fill_null(value=True)
    not_after_end = (month <= pl.col("end")).fill_null(value=True)
    in_year = month.is_between(first, first + MONTHS - 1).fill_null(value=False)
    return (
        pl.when(rhythm == ANNUAL)
        .then(begun & before_end)
        .when(rhythm == ONE_TIME)
        .then(in_year)
        .otherwise(in_year & not_after_end)
    )


def _is_first_replacement() -> pl.Expr:
    is_due = (pl.col("rhythm") == REPLACEMENT) & (pl.col("month") == pl.col("due")) & (pl.col("count") > 0)
    return is_due.fill_null(value=False)


def _count(year: int) -> pl.Expr:
    """Count the payments of the year."""
    months = pl.max_horizontal(pl.lit(0), pl.col("last_monthly") - pl.col("first_monthly") + 1)
    stopped = (pl.col("stop") <= year).fill_null(value=False)
    return (
        pl.when(stopped)
        .then(0)
        .when(pl.col("rhythm") == MONTHLY)
        .then(months)
        .otherwise(pl.col("falls_due").cast(pl.Int32))
        .cast(pl.Int32)
    )


def _product_type(slots: pl.DataFrame) -> pl.DataType:
    top = slots.select(pl.col("base", "benefits", "index", "benefits_index").max().fill_null(0)).row(0)
    largest = max(top[0] * top[2], top[1] * top[3])
    return integer_type(2 * MONTHS * largest + 200 * MILLIONTHS)


def _component(base: str, index: str, wide: pl.DataType) -> pl.Expr:
    """Give ROUND(base x index x months / 12 / life, 2), each part as far as the rhythm has it."""
    rhythm = pl.col("rhythm")
    monthly = rhythm == MONTHLY
    months = pl.when(monthly).then(pl.col("count")).otherwise(1).cast(wide)
    parts = pl.when(monthly).then(MONTHS).when(rhythm == STAGGERED).then(pl.col("life")).otherwise(1).cast(wide)
    product = pl.col(base).cast(wide) * pl.col(index).cast(wide) * months
    rounded = divide_half_up(product, parts * MILLIONTHS)
    return pl.when(pl.col("count") > 0).then(rounded).otherwise(0).cast(pl.Int64)
