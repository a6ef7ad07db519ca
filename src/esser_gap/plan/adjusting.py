"""Adjusted sources: money multiplied from a fiscal year on, renewed, kept level, or of another certainty."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.issues import Issue, note
from esser_gap.model.source import Award, Source
from esser_gap.money import round_half_away, to_dollars
from esser_gap.plan.awards import yearly_amounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from esser_gap.model.scenario import SourceAdjustment
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

    Factors = Sequence[tuple[int, Decimal]]
    Parts = list[tuple[date | None, Decimal]]

_EXACT = Context(prec=1_000)


def adjusted(plan: DistrictPlan, horizon: Horizon) -> DistrictPlan:
    """Adjust the sources of a plan as its scenario says.

    Each source is renewed first, then kept level, then multiplied, whatever the order in which that was said; of
    several certainties the last listed holds. Factors on one source multiply, and the product is rounded once.

    Args:
        plan: A plan as it was resolved.
        horizon: Projected years of its district.

    Returns:
        The plan with the sources as they will be drawn. A source of unlimited money that pays a smaller share from
        a year on is two: the second goes by the names of the first.
    """
    if not plan.adjustments:
        return plan
    sources: list[Source] = []
    adjustments: dict[int, tuple[SourceAdjustment, ...]] = {}
    for place, source in enumerate(plan.sources):
        for made in _adjusted(source, plan.adjustments.get(place, ()), horizon):
            if place in plan.adjustments:
                adjustments[len(sources)] = plan.adjustments[place]
            sources.append(made)
    return replace(plan, sources=tuple(sources), adjustments=adjustments)


def _adjusted(source: Source, adjustments: Sequence[SourceAdjustment], horizon: Horizon) -> Iterable[Source]:
    factors = []
    for adjustment in adjustments:
        if adjustment.certainty is not None:
            source = source.model_copy(update={"certainty": adjustment.certainty})
        if adjustment.scale is not None:
            # What a source has is what is left when the first projected year begins, so nothing starts before it.
            start = max(int(adjustment.from_ or 0), horizon.first_year)
            factors.append((start, adjustment.scale))
    if any(adjustment.renew for adjustment in adjustments):
        source = _renewed(source, horizon)
    if any(adjustment.level for adjustment in adjustments):
        source = _level(source, horizon)
    return _scaled(source, sorted(factors), horizon) if factors else [source]


# --- renewed and level -------------------------------------------------------------------------


def unrenewed(plans: Iterable[DistrictPlan]) -> Iterator[Issue]:
    """Tell of sources that a scenario would renew, and that end on a day instead of with a fiscal year.

    Args:
        plans: Plans as they were resolved.
    """
    for plan in plans:
        for place, adjustments in plan.adjustments.items():
            source = plan.sources[place]
            ends = any(award.through is not None for award in source.awards)
            for adjustment in adjustments if ends else ():
                if adjustment.renew:
                    message = f"scenario `{plan.scenario.name}` cannot renew `{source.name}`, whose money has end dates"
                    hint = "list its money by fiscal year; without that it ends as listed"
                    where = adjustment.origin.where()
                    yield note("source-not-renewed", message, where=where, field="renew", found=source.name, hint=hint)


def _renewed(source: Source, horizon: Horizon) -> Source:
    """Repeat the last yearly amount above zero in every later year; what ended before the first year stays ended."""
    if not isinstance(source.yearly, dict):
        return source
    last = max((year for year, amount in source.yearly.items() if amount), default=0)
    if last < horizon.first_year:
        return source
    later = dict.fromkeys(range(last + 1, horizon.last_year + 1), source.yearly.get(last))
    return source.model_copy(update={"yearly": {**source.yearly, **later}})


def _level(source: Source, horizon: Horizon) -> Source:
    """Let no later year have more than the first projected one that has money."""
    if source.yearly is None:
        return source
    amounts = yearly_amounts(source, horizon)
    most = next((cents for year, cents in sorted(amounts.items()) if year >= horizon.first_year and cents), 0)
    kept = {
        year: to_dollars(min(cents, most) if year > horizon.first_year else cents) for year, cents in amounts.items()
    }
    return source.model_copy(update={"yearly": kept})


# --- multiplied --------------------------------------------------------------------------------


def _scaled(source: Source, factors: Factors, horizon: Horizon) -> Iterable[Source]:
    if source.yearly is not None:
        amounts = yearly_amounts(source, horizon)
        kept = {year: _times(to_dollars(cents), factors, year) for year, cents in amounts.items()}
        return [source.model_copy(update={"yearly": kept})]
    if source.awards and all(award.amount is not None for award in source.awards):
        awards = tuple(part for award in source.awards for part in _parts_of(award, factors, horizon))
        return [source.model_copy(update={"awards": awards})]
    return _with_shares(source, factors, horizon)


def _factor(factors: Factors, year: int) -> Decimal:
    product = Decimal(1)
    for start, factor in factors:
        product = _EXACT.multiply(product, factor) if start <= year else product
    return product


def _times(dollars: Decimal, factors: Factors, year: int) -> Decimal:
    return to_dollars(round_half_away(_EXACT.multiply(dollars, _factor(factors, year)), 2))


def _parts_of(award: Award, factors: Factors, horizon: Horizon) -> list[Award]:
    """Multiply an amount; where its period runs across a year from which less is left, part of it ends before.

    So the whole of it may be drawn before that year, and from then on no more than the factor leaves.
    """
    calendar = horizon.calendar
    begins = horizon.first_year if award.from_ is None else max(horizon.first_year, calendar.year_of(award.from_))
    ends = horizon.last_year if award.through is None else calendar.year_of(award.through)
    amount = award.amount or Decimal(0)
    now = _times(amount, factors, begins)
    ended: list[Award] = []
    lasting = [(award.from_, now)]
    for year in sorted({start for start, _ in factors if begins < start <= ends}):
        then, now = now, _times(amount, factors, year)
        if now > then:
            lasting.append((calendar.first_day(year), now - then))
        lasting, cut = _cut(lasting, then - now)
        ended += [_clipped(award, part, start, calendar.last_day(year - 1)) for start, part in cut]
    parts = [award.model_copy(update={"amount": part, "from_": start}) for start, part in lasting if part]
    return [*ended, *parts] or [award.model_copy(update={"amount": Decimal(0)})]


def _cut(parts: Parts, less: Decimal) -> tuple[Parts, Parts]:
    """Take an amount off parts, the first ones first; gives what is left of them and what was taken."""
    left, taken = [], []
    for start, part in parts:
        cut = min(part, max(less, Decimal(0)))
        less -= cut
        left.append((start, part - cut))
        taken += [(start, cut)] if cut else []
    return left, taken


def _clipped(award: Award, amount: Decimal | None, start: date | None, end: date | None) -> Award:
    """Cut an award off at a day, after which nothing of it is paid out late either."""
    cut = {"amount": amount, "from_": start, "through": end}
    return award.model_copy(update=cut if end == award.through else {**cut, "liquidate_by": None})


def _with_shares(source: Source, factors: Factors, horizon: Horizon) -> list[Source]:
    """Multiply the share that unlimited money pays; from each year that changes it, by a source of its own."""
    years: list[int] = [horizon.first_year]
    for year in sorted({start for start, _ in factors}):
        years += [year] if _factor(factors, year) != _factor(factors, years[-1]) else []
    made: list[Source] = []
    for year, after in zip(years, [*years[1:], None], strict=True):
        awards = _awards_in(source, year, after, horizon)
        share = min(Decimal(1), _EXACT.multiply(source.share, _factor(factors, year)))
        if awards and share:
            named = {
                "name": f"{source.name} (from {year_name(year)})",
                "also_called": (*source.also_called, source.name),
            }
            made.append(source.model_copy(update={**(named if made else {}), "share": share, "awards": awards}))
    return made or [source.model_copy(update={"share": Decimal(0)})]


def _awards_in(source: Source, year: int, after: int | None, horizon: Horizon) -> tuple[Award, ...]:
    """Clip unlimited awards to the years from one on and before another; the others go with the first years."""
    calendar = horizon.calendar
    first = None if year == horizon.first_year else calendar.first_day(year)
    last = None if after is None else calendar.last_day(after - 1)
    clipped = []
    for award in source.awards or (Award(),):
        start = max((day for day in (award.from_, first) if day), default=None)
        end = min((day for day in (award.through, last) if day), default=None)
        if award.amount is not None:
            clipped += [award] if first is None else []
        elif start is None or end is None or start <= end:
            clipped.append(_clipped(award, None, start, end))
    return tuple(clipped)
