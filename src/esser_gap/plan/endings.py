"""Money that ends inside the projected years: when, what it paid before, and what then loses it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.source import YearlyGrowth
from esser_gap.model.words import Measured
from esser_gap.money import to_cents
from esser_gap.plan.awards import awards_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source
    from esser_gap.plan.awards import DrawnAward
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ending:
    """A source that pays in the projected years and then ends.

    Attributes:
        source: The source.
        ends_on: Last day of its last award; None when no date ends it but its last dollar is spent.
        year: Last fiscal year that it covers whole and pays in, else the last one it pays in.
        paid: What it paid in that year, dollars.
        losers: Commitments that it paid in that year or later and that still cost something afterwards.
    """

    source: Source
    ends_on: date | None
    year: int
    paid: Decimal
    losers: tuple[Commitment, ...]


def endings(plan: DistrictPlan, horizon: Horizon, coverage: pl.DataFrame, costs: pl.DataFrame) -> list[Ending]:
    """Find the sources that end before the last projected year does.

    Args:
        plan: Commitments and sources as the scenario has them.
        horizon: Projected years.
        coverage: Rows of the table `coverage` of the same district and scenario.
        costs: Rows of its table `costs`.

    Returns:
        One entry a source, first to end first; sources that pay nothing in the projected years are not among them.
    """
    found = list(_endings(plan, horizon, coverage, costs))
    last = horizon.calendar.last_day
    return sorted(found, key=lambda ending: (ending.ends_on or last(ending.year), ending.source.name))


def _endings(plan: DistrictPlan, horizon: Horizon, coverage: pl.DataFrame, costs: pl.DataFrame) -> Iterator[Ending]:
    by_id = {commitment.id or "": commitment for commitment in plan.commitments}
    for place, source in enumerate(plan.sources):
        if any(source.is_same_as(earlier) for earlier in plan.sources[:place]):
            continue
        # A scenario may part a source by year; its parts end together.
        parts = [part for part in plan.sources[place:] if part.is_same_as(source)]
        own = coverage.filter(pl.col("source").is_in([part.name for part in parts]))
        if own.is_empty():
            continue
        paid = _by_year(own)
        awards = [award for part in parts for award in awards_of(part, horizon)]
        ends_on = _last_day(source, awards, horizon)
        if ends_on is None and not _is_spent(source, awards, paid, horizon):
            continue
        year = max(paid) if ends_on is None else _last_full_year(ends_on, paid, horizon)
        since = own.filter(pl.col("fiscal_year") >= year)["commitment"].unique(maintain_order=True)
        after = costs.filter((pl.col("fiscal_year") > max(paid)) & (pl.col("cost") > 0))["commitment"].unique()
        losing = set(since) & set(after)
        losers = tuple(commitment for identifier, commitment in by_id.items() if identifier in losing)
        yield Ending(source, ends_on, year, paid[year], losers)


def _by_year(coverage: pl.DataFrame) -> dict[int, Decimal]:
    return dict(coverage.group_by("fiscal_year").agg(pl.col("amount").sum()).iter_rows())


def _last_day(source: Source, awards: list[DrawnAward], horizon: Horizon) -> date | None:
    """Give the day on which its last award ends, None when that is not before the end of the projected years."""
    days = [award.last_day for award in awards]
    # A yearly amount that grows goes on; only its years are cut off here.
    if isinstance(source.yearly, YearlyGrowth) or not days or None in days:
        return None
    latest = max(day for day in days if day is not None)
    return latest if latest < horizon.calendar.last_day(horizon.last_year) else None


def _is_spent(source: Source, awards: list[DrawnAward], paid: Mapping[int, Decimal], horizon: Horizon) -> bool:
    """Tell whether its last dollar is drawn before the last projected year."""
    if source.yearly is not None or source.measured is Measured.PRE_DISCOUNT or max(paid) == horizon.last_year:
        return False
    start = horizon.calendar.first_day(horizon.first_year)
    amounts = [award.amount for award in awards if award.last_day is None or award.last_day >= start]
    if any(amount is None for amount in amounts):
        return False
    return to_cents(sum(paid.values(), _NOTHING)) >= sum(amount for amount in amounts if amount is not None)


def _last_full_year(ends_on: date, paid: Mapping[int, Decimal], horizon: Horizon) -> int:
    whole = [year for year in paid if horizon.calendar.last_day(year) <= ends_on]
    return max(whole or paid)
