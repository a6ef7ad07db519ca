"""Sources as they are drawn: which commitments each may pay, with which awards, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from math import lcm
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import first_month_from, month_of
from esser_gap.model.source import Source, YearlyGrowth
from esser_gap.model.words import Basis, FundingOrder, Kind, Measured
from esser_gap.money import round_half_away, to_cents
from esser_gap.plan.eligibility import alike, bar, span_in, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.eligibility import Spans
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

OPEN_END = 10**6
"""A month later than any date."""


@dataclass(slots=True)
class DrawnAward:
    """One award while it is being drawn.

    Attributes:
        amount: Cents at the start, None when unlimited.
        first_year: First fiscal year with a payment that it may reach.
        last_year: Last fiscal year with one.
        begins: First month a payment may have.
        through: Last month a payment may have.
        late_through: Last month for commitments obligated inside the period.
        first_day: First day as the source states it, if any.
        last_day: Last day as the source states it, if any.
        remaining: Cents left, None when unlimited.
        ran_out_in: Fiscal year in which the last cent was drawn.
        ran_out_after: Place, in the order of service, of the commitment that drew it.
    """

    amount: int | None
    first_year: int
    last_year: int
    begins: int
    through: int
    late_through: int
    first_day: date | None
    last_day: date | None
    remaining: int | None
    ran_out_in: int | None = None
    ran_out_after: int | None = None

    def covers(self, month: int, obligated_on: date | None) -> bool:
        """Tell whether a payment of a month may be drawn from it.

        Args:
            month: Counted month of the payment.
            obligated_on: Date of the binding commitment, None for pay or when there is none.
        """
        last = self.late_through if self.holds(obligated_on) else self.through
        return self.begins <= month <= last

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies inside the period."""
        if day is None:
            return False
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    def fresh(self) -> DrawnAward:
        """Give the same award with nothing drawn yet."""
        return replace(self, remaining=self.amount, ran_out_in=None, ran_out_after=None)

    def is_spent_in(self, year: int) -> bool:
        """Tell whether nothing is left at the end of a fiscal year."""
        return self.amount == 0 or (self.ran_out_in is not None and self.ran_out_in <= year)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules of a source come to; one object for all plans in which rules and periods are the same.

    Attributes:
        may_pay: For each group of commitments, whether the rules let it pay.
        through_part: For each group, its own part of a payment ends at this share, counted in `parts`.
        before_part: For each group, shares named before it, counted in `parts`.
        parts: Denominator of the two columns above.
    """

    may_pay: pl.Series
    through_part: pl.Series
    before_part: pl.Series
    parts: int


@dataclass(frozen=True, slots=True)
class DrawnSource:
    """A source prepared for one district and scenario.

    Attributes:
        source: The source.
        number: Its place in the lists of sources, counted on from plan to plan.
        counts: Whether its money is certain enough to count.
        terms: What its rules come to.
        awards: Awards in the order they are drawn.
    """

    source: Source
    number: int
    counts: bool
    terms: Terms
    awards: list[DrawnAward]

    @property
    def is_assigned(self) -> bool:
        """Tell whether it pays only commitments that name it."""
        return self.source.basis is Basis.ASSIGNED

    @property
    def is_pre_discount(self) -> bool:
        """Tell whether its awards are drawn by the cost before discount."""
        return self.source.measured is Measured.PRE_DISCOUNT and self.source.share > 0

    def fresh(self) -> DrawnSource:
        """Give the same source with nothing drawn yet."""
        return DrawnSource(self.source, self.number, self.counts, self.terms, [award.fresh() for award in self.awards])


@dataclass(frozen=True, slots=True)
class Money:
    """All sources of a district under one or several scenarios, and the commitments as they see them.

    Attributes:
        sources: For each plan, its sources as listed.
        served: Commitments in the order of service, by plan.
        plan: For each commitment in that order, the place of its plan.
        group: For each, the number of the group that rules treat alike.
        obligated_on: For each, the date of the binding commitment; null for pay, which is never paid late.
    """

    sources: list[list[DrawnSource]]
    served: list[Commitment]
    plan: pl.Series
    group: pl.Series
    obligated_on: pl.Series

    def fresh(self) -> Money:
        """Give the same sources with nothing drawn yet."""
        sources = [[source.fresh() for source in listed] for listed in self.sources]
        return Money(sources, self.served, self.plan, self.group, self.obligated_on)


def money_for(plans: Sequence[DistrictPlan], horizon: Horizon, served: list[Commitment], plan: pl.Series) -> Money:
    """Prepare the sources of a district.

    Args:
        plans: Sources and scenario, one plan a scenario.
        horizon: Projected years and fiscal calendar.
        served: Commitments in the order of service, by plan.
        plan: For each of them, the place of its plan.
    """
    listed = {id(source): source for one in plans for source in one.sources}
    groups, group = alike(served, list(listed.values()))
    drawer = _Drawer(horizon, [(commitment, spans_of(commitment)) for commitment in groups])
    number = count()
    sources = [[drawer.drawn(source, next(number), one) for source in one.sources] for one in plans]
    obligated = [None if c.kind is Kind.STAFF else c.obligated_on for c in served]
    return Money(sources, served, plan, group, pl.Series("obligated_on", obligated, dtype=pl.Date))


def in_drawing_order(money: Money, place: int, order: FundingOrder) -> list[DrawnSource]:
    """Order the sources of a plan for drawing.

    Args:
        money: Sources as listed.
        place: Place of the plan.
        order: As listed, or restricted money first: sources with an unlimited award last, and among each
            of the two groups those that may pay the fewest commitments first, ties as listed.
    """
    counted = [source for source in money.sources[place] if source.counts]
    if order is FundingOrder.LISTED:
        return counted
    own = money.group.filter(money.plan == place)
    return sorted(counted, key=lambda s: (any(award.amount is None for award in s.awards), _breadth(s, own)))


def _breadth(source: DrawnSource, group: pl.Series) -> int:
    return int(source.terms.may_pay.gather(group).sum())


class _Drawer:
    """Prepares sources, those that several plans share or have alike only once."""

    def __init__(self, horizon: Horizon, groups: Sequence[tuple[Commitment, Spans]]) -> None:
        self._horizon = horizon
        self._groups = groups
        self._known: dict[int, tuple[Terms, list[DrawnAward]]] = {}
        self._terms: dict[tuple[object, ...], Terms] = {}

    def drawn(self, source: Source, number: int, plan: DistrictPlan) -> DrawnSource:
        """Prepare a source of a plan."""
        if id(source) not in self._known:
            awards = list(_drawn_awards(source, self._horizon))
            self._known[id(source)] = (self._terms_of(source, awards), awards)
        terms, awards = self._known[id(source)]
        counts = source.certainty.rank <= plan.scenario.count.rank
        return DrawnSource(source, number, counts, terms, [award.fresh() for award in awards])

    def _terms_of(self, source: Source, awards: Iterable[DrawnAward]) -> Terms:
        periods = tuple((a.begins, a.through, a.late_through, a.first_day, a.last_day) for a in awards)
        rules = tuple(getattr(source, name) for name in _RULES)
        key = (source.spellings, rules, periods)
        if key not in self._terms:
            self._terms[key] = _terms_for(source, self._groups)
        return self._terms[key]


_RULES = (
    *("recurring", "basis", "categories", "kinds", "commitments", "excludes", "least_life"),
    *("share", "measured", "method"),
)
"""Fields of a source that decide what it pays; how much it has is not among them."""


def _terms_for(source: Source, groups: Sequence[tuple[Commitment, Spans]]) -> Terms:
    named = [span_in(spans, source) for _, spans in groups]
    spans = [span or (Fraction(0), Fraction(0)) for span in named]
    parts = lcm(*(share.denominator for span in spans for share in span))
    is_open = source.basis is Basis.OPEN
    allowed = [
        (is_open or span is not None) and bar(source, commitment) is None
        for (commitment, _), span in zip(groups, named, strict=True)
    ]
    return Terms(
        may_pay=pl.Series(allowed, dtype=pl.Boolean),
        through_part=pl.Series([int(through * parts) for _, through in spans], dtype=pl.Int64),
        before_part=pl.Series([int(before * parts) for before, _ in spans], dtype=pl.Int64),
        parts=parts,
    )


def awards_of(source: Source, horizon: Horizon) -> list[DrawnAward]:
    """List the awards of a source in the order they are drawn, nothing drawn yet.

    Args:
        source: The source.
        horizon: Projected years.
    """
    return list(_drawn_awards(source, horizon))


def _drawn_awards(source: Source, horizon: Horizon) -> Iterator[DrawnAward]:
    awards = list(_yearly_awards(source, horizon)) if source.yearly is not None else []
    for award in source.awards:
        amount = None if award.amount is None else to_cents(award.amount)
        awards.append(_drawn_award(horizon, amount, award.from_, award.through, award.liquidate_by))
    if not awards and source.yearly is None:
        awards.append(_drawn_award(horizon, None, None, None, None))
    # Within a source the award that ends first is drawn first; the sort keeps the listed order of ties.
    yield from sorted(awards, key=lambda award: (award.last_day is None, award.last_day))


def _yearly_awards(source: Source, horizon: Horizon) -> Iterator[DrawnAward]:
    calendar = horizon.calendar
    for year, cents in yearly_amounts(source, horizon).items():
        yield _drawn_award(horizon, cents, calendar.first_day(year), calendar.last_day(year + source.carryover), None)


def yearly_amounts(source: Source, horizon: Horizon) -> dict[int, int]:
    """Give the amounts of a yearly source in cents, by fiscal year, through the horizon.

    Args:
        source: A source with `yearly`.
        horizon: Projected years.
    """
    yearly = source.yearly
    if isinstance(yearly, YearlyGrowth):
        start = horizon.first_year if yearly.from_ is None else yearly.from_
        growth = 1 + Fraction(yearly.growth)
        return {
            year: round_half_away(Fraction(yearly.amount) * growth ** (year - start), 2)
            for year in range(start, horizon.last_year + 1)
        }
    return {year: to_cents(amount) for year, amount in sorted((yearly or {}).items())}


def _drawn_award(
    horizon: Horizon, amount: int | None, begins: date | None, through: date | None, liquidate_by: date | None
) -> DrawnAward:
    first = -OPEN_END if begins is None else first_month_from(begins)
    last = OPEN_END if through is None else month_of(through)
    late = last if liquidate_by is None else max(last, month_of(liquidate_by))
    return DrawnAward(
        amount=amount,
        first_year=horizon.calendar.year_of_month(first),
        last_year=horizon.calendar.year_of_month(late),
        begins=first,
        through=last,
        late_through=late,
        first_day=begins,
        last_day=through,
        remaining=amount,
    )
