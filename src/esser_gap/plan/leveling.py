"""Level funding of unlimited money: later years pay no more dollars than the first projected year did."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.source import Award, Source
from esser_gap.model.words import Measured
from esser_gap.money import round_half_away, to_dollars
from esser_gap.plan.projection import project_district

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan


def leveled(plan: DistrictPlan, horizon: Horizon) -> DistrictPlan:
    """Limit unlimited sources that the scenario keeps level to the dollars that they pay in the first projected year.

    What a source pays in the first year does not depend on later ones, so that year is projected by itself.

    Args:
        plan: A plan with adjusted sources.
        horizon: Projected years of its district.
    """
    places = [place for place, source in enumerate(plan.sources) if _is_unlimited_and_level(plan, place, source)]
    if not places:
        return plan
    coverage = project_district([plan], replace(horizon, count=1)).tables["coverage"]
    paid: dict[str, Decimal] = dict(coverage.group_by("source").agg(pl.col("amount").sum()).iter_rows())
    sources = list(plan.sources)
    for place in places:
        sources[place] = _limited(sources[place], _dollars(plan, place, paid), horizon)
    return replace(plan, sources=tuple(sources))


def _is_unlimited_and_level(plan: DistrictPlan, place: int, source: Source) -> bool:
    is_level = any(adjustment.level for adjustment in plan.adjustments.get(place, ()))
    return is_level and source.yearly is None and all(award.amount is None for award in source.awards)


def _dollars(plan: DistrictPlan, place: int, paid: dict[str, Decimal]) -> Decimal:
    """Give what a source pays in the first year, as its award counts it.

    One that takes over from another with a smaller share has that part of what the other pays.
    """
    source = plan.sources[place]
    first = next((s for s in plan.sources[:place] if s.name in source.also_called), source)
    dollars = Fraction(paid.get(first.name, 0))
    if first.share:
        dollars *= Fraction(source.share) / Fraction(first.share)
    if source.measured is Measured.PRE_DISCOUNT and source.share:
        dollars /= Fraction(source.share)
    return to_dollars(round_half_away(dollars, 2))


def _limited(source: Source, dollars: Decimal, horizon: Horizon) -> Source:
    """Leave the first year as it is, and give every later one an award of its own."""
    awards = [part for award in source.awards or (Award(),) for part in _by_year(award, dollars, horizon)]
    return source.model_copy(update={"awards": tuple(awards)})


def _by_year(award: Award, dollars: Decimal, horizon: Horizon) -> Iterator[Award]:
    calendar = horizon.calendar
    for year in horizon.years:
        start, end = calendar.first_day(year), calendar.last_day(year)
        first = start if award.from_ is None else max(start, award.from_)
        last = end if award.through is None else min(end, award.through)
        if first <= last:
            amount = None if year == horizon.first_year else dollars
            yield award.model_copy(update={"amount": amount, "from_": first, "through": last, "liquidate_by": None})
