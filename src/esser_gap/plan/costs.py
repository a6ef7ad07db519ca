"""What each commitment costs in each fiscal year, and the payments it falls due in.

Several plans of a district, one a scenario, are computed at once: their commitments stand one below the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.errors import InputError
from esser_gap.fiscal_year import MONTHS, year_name
from esser_gap.issues import error
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
from esser_gap.plan.indexes import PricedProfile, profile_column
from esser_gap.plan.rounding import divide_half_up, integer_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import Changes, DistrictPlan


_LARGEST_INDEX = 2**62
"""Indexes above it (four trillion times the price) do not fit."""
_LARGEST_SUM = 2**58
"""Cents that all costs computed at once may come to (nearly three quadrillion dollars), so that no sum or product of
them passes 64 bits."""


@dataclass(frozen=True, slots=True)
class CostModel:
    """A district's commitments under one or several scenarios, prepared for all years.

    Attributes:
        plans: Commitments and changes, one plan a scenario.
        horizon: Projected years.
        frame: One row a commitment, by plan, then in the order of service (see `commitment_frame`).
        profiles: What cost indexes follow, by number.
        profile: For each row of `frame`, the number of its profile.
        commitments: Those of all plans, by the column `position` of `frame`.
    """

    plans: Sequence[DistrictPlan]
    horizon: Horizon
    frame: pl.DataFrame
    profiles: list[PricedProfile]
    profile: pl.Series
    commitments: list[Commitment]


def cost_model(plans: Sequence[DistrictPlan], horizon: Horizon) -> CostModel:
    """Prepare a district's commitments under one or several scenarios.

    Args:
        plans: Commitments with what each scenario's actions do to them.
        horizon: Projected years and fiscal calendar.
    """
    frame = commitment_frame(plans, horizon)
    profiles, profile = profile_column(plans, horizon, frame["position"].to_list())
    commitments = [commitment for plan in plans for commitment in plan.commitments]
    return CostModel(plans, horizon, frame, profiles, profile, commitments)


def costs_of(model: CostModel) -> pl.DataFrame:
    """Compute the cost of every commitment in every fiscal year.

    Args:
        model: The prepared commitments.

    Returns:
        Rows by fiscal year, then as in the model's frame: `fiscal_year`, `place` (the row there),
        `month` (of the first payment), `count` (of payments, in consecutive months, 0 for none),
        `cost` (cents) and `overdue`.
    """
    slots = _slots(model)
    wide = _product_type(slots)
    costs = slots.select(
        "fiscal_year",
        "place",
        month=pl.when(pl.col("rhythm") == MONTHLY).then("first_monthly").otherwise("month"),
        count="count",
        cost=_component("base", "index", wide) + _component("benefits", "benefits_index", wide),
        overdue=_is_first_replacement() & pl.col("overdue"),
    )
    _refuse_uncountable(costs, model)
    return costs.with_columns(pl.col("cost").cast(pl.Int64))


def _refuse_uncountable(costs: pl.DataFrame, model: CostModel) -> None:
    """Refuse costs that growth or factors carry past the largest amount that can be counted."""
    if int(costs["cost"].cast(pl.Int128).sum()) < _LARGEST_SUM:
        return
    year, place = costs.select("fiscal_year", "place", "cost").sort("cost", descending=True).row(0)[:2]
    raise _uncountable(model, year, place)


def _uncountable(model: CostModel, year: int, place: int) -> InputError:
    commitment = model.commitments[model.frame["position"][place]]
    scenario = model.plans[model.frame["plan"][place]].scenario
    message = f"`{commitment.name}` would cost more in {year_name(year)} than can be counted"
    hint = f"look at the growth, drivers and factors of scenario `{scenario.name}`"
    where = commitment.origin.where("annual_cost")
    return InputError([error("out-of-range", message, where=where, found=commitment.id or "", hint=hint)])


def _slots(model: CostModel) -> pl.DataFrame:
    """Say for each fiscal year when each commitment falls due and what its cost is computed from."""
    calendar, years = model.horizon.calendar, model.horizon.years
    base, benefits = _bases(model)
    number = pl.col("year_number") * len(model.profiles) + pl.col("profile")
    horizon = pl.LazyFrame(
        {"fiscal_year": list(years), "first": [calendar.first_month(year) for year in years]},
        schema={"fiscal_year": pl.Int32, "first": pl.Int32},
    ).with_row_index("year_number")
    rows = model.frame.lazy().with_columns(place=pl.int_range(pl.len(), dtype=pl.UInt32), profile=pl.lit(model.profile))
    first = pl.col("first")
    return (
        horizon.join(rows, how="cross", maintain_order="left_right")
        .with_columns(
            month=_month_due(),
            first_monthly=pl.max_horizontal(first, "start", "unpaid_from"),
            last_monthly=pl.min_horizontal(first + (MONTHS - 1), "end"),
            base=pl.lit(base),
            benefits=pl.lit(benefits),
            index=pl.lit(_indexes(model, PricedProfile.index)).gather(number),
            benefits_index=pl.lit(_indexes(model, PricedProfile.benefits_index)).gather(number),
        )
        .with_columns(falls_due=_falls_due())
        .select(*_SLOT_COLUMNS, count=_count())
        .collect()
    )


def _indexes(model: CostModel, index: Callable[[PricedProfile, int], int]) -> pl.Series:
    """Give the index of every profile, by fiscal year and then by number."""
    values = [index(profile, year) for year in model.horizon.years for profile in model.profiles]
    largest = max(values, default=0)
    if largest > _LARGEST_INDEX:
        year, profile = divmod(values.index(largest), len(model.profiles))
        raise _uncountable(model, model.horizon.years[year], model.profile.to_list().index(profile))
    return pl.Series(values, dtype=pl.Int64)


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
        One row a payment, by fiscal year, then as costs stand, then by date: `fiscal_year`,
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


def _bases(model: CostModel) -> tuple[pl.Series, pl.Series]:
    """Give base and benefits in cents, by fiscal year and then as in the frame, with new prices put in."""
    height, years = model.frame.height, model.horizon.years
    base, benefits = (pl.concat([model.frame[name]] * len(years)) for name in ("base", "benefits"))
    priced = _priced(model.plans)
    rows, cents, new_benefits = [], [], []
    for place, position in enumerate(model.frame["position"].to_list() if priced else []):
        for number, year in enumerate(years if position in priced else ()):
            price = priced[position].price_in(year)
            if price is not None:
                rows.append(number * height + place)
                cents.append(exact_cents(price))
                new_benefits.append(benefits_cents(cents[-1], model.commitments[position]))
    return (base.scatter(rows, cents), benefits.scatter(rows, new_benefits)) if rows else (base, benefits)


def _priced(plans: Sequence[DistrictPlan]) -> dict[int, Changes]:
    """List the commitments that get new prices, by position."""
    priced: dict[int, Changes] = {}
    first = 0
    for plan in plans:
        priced |= {first + p: changes for p, changes in plan.changes.items() if changes.prices}
        first += len(plan.commitments)
    return priced


def _month_due() -> pl.Expr:
    """Give the month of the one payment a year, where the rhythm has one; null where none falls due."""
    cycle, first = pl.col("life") * MONTHS, pl.col("first")
    # Replacements follow each other by whole lives: the first on or after the start of the year.
    behind = pl.max_horizontal(pl.lit(0), first - pl.col("due"))
    next_due = pl.col("due") + (behind + cycle - 1) // cycle * cycle
    rhythm = pl.col("rhythm")
    return (
        pl.when(rhythm == ANNUAL)
        .then(first + pl.col("renewal_offset"))
        .when(rhythm == REPLACEMENT)
        .then(next_due)
        .when((rhythm == STAGGERED) & (pl.col("staggered_from") <= pl.col("fiscal_year")))
        .then(first + pl.col("purchase_offset"))
        .when(rhythm == ONE_TIME)
        .then(pl.col("once"))
    )


def _falls_due() -> pl.Expr:
    """Tell whether the one payment a year, where there is one, falls due in the fiscal year."""
    month, rhythm = pl.col("month"), pl.col("rhythm")
    begun = (month >= pl.col("start")).fill_null(value=True) & (month >= pl.col("due_from")).fill_null(value=True)
    # A yearly payment in the month in which the commitment ends would buy a year that is not used.
    before_end = (month < pl.col("end")).fill_null(value=True)
    not_after_end = (month <= pl.col("end")).fill_null(value=True)
    in_year = month.is_between(pl.col("first"), pl.col("first") + (MONTHS - 1)).fill_null(value=False)
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


def _count() -> pl.Expr:
    """Count the payments of the year."""
    months = pl.max_horizontal(pl.lit(0), pl.col("last_monthly") - pl.col("first_monthly") + 1)
    stopped = (pl.col("stop") <= pl.col("fiscal_year")).fill_null(value=False)
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
    return pl.when(pl.col("count") > 0).then(rounded).otherwise(0)
