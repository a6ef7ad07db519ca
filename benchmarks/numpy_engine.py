"""Cost and waterfall of a benchmark budget in numpy, as fast as plain arrays go: what the engine is measured by.

It follows docs/model.md as far as the budgets of `make_budget.py` need it (no actions, no obligations) and gives
the same cents. All arithmetic is on 64-bit integers; a product that could pass them is refused, not wrapped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from numpy.typing import NDArray

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

    Whole = NDArray[np.int64]
    Yes = NDArray[np.bool_]
    Profile = tuple[str, str | None, int, Decimal]

MILLION = 1_000_000
NEVER = 10**6
ANNUAL, MONTHLY, REPLACEMENT, STAGGERED, ONE_TIME = range(5)


@dataclass(slots=True)
class Award:
    """An award while it is drawn; `left` is None when unlimited."""

    left: int | None
    begins: int
    through: int


@dataclass(slots=True)
class Giver:
    """A source with its awards, and for each commitment whether and up to which part it may pay."""

    share: Fraction
    is_recurring: bool
    is_pre_discount: bool
    is_pro_rata: bool
    may_pay: Yes
    part_ends: Whole | None
    part_begins: Whole | None
    parts: int
    awards: list[Award]


@dataclass(slots=True)
class Columns:
    """Commitments in the order of service as arrays, one value a commitment; months counted, money in cents."""

    order: Whole
    rhythm: Whole
    base: Whole
    benefits: Whole
    offset: Whole
    start: Whole
    end: Whole
    due_from: Whole
    unpaid_from: Whole
    once: Whole
    due: Whole
    life: Whole
    staggered_from: Whole
    profile: Whole
    profiles: list[Profile]
    givers: list[Giver] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """Cents by commitment (in the order of service) and year, and coverage by source, commitment and year."""

    cost: Whole
    sustained: Whole
    bridged: Whole
    coverage: Whole


def columns_of(plan: DistrictPlan, horizon: Horizon) -> Columns:
    """Turn records into arrays.

    Args:
        plan: Commitments and sources.
        horizon: Projected years.
    """
    items = plan.commitments
    rank = [(not c.mandated, c.priority) for c in items]
    order = sorted(range(len(items)), key=rank.__getitem__)
    served = [items[place] for place in order]
    start_month = horizon.calendar.start_month
    first = horizon.calendar.first_month(horizon.first_year)
    paid_through = _days([c.paid_through for c in served])
    starts, purchased = _days([c.starts_on for c in served]), _days([c.purchased_on for c in served])
    start = _months(starts, -NEVER)
    bought = _months(purchased, -NEVER)
    rhythm = _whole([_rhythm(c) for c in served])
    life = _whole([c.useful_life or 0 for c in served])
    renewal = _whole([c.renewal_month or 0 for c in served])
    due_from = _months(paid_through + 1, -NEVER)
    usual = np.where(due_from > -NEVER, due_from % 12 + 1, np.where(start > -NEVER, start % 12 + 1, start_month))
    month = np.where(rhythm == STAGGERED, bought % 12 + 1, np.where(renewal > 0, renewal, usual))
    first_due = np.minimum(bought + 12 * life, _months(_days([c.supported_until for c in served]), NEVER))
    base = _whole([round(c.base * 100) for c in served])
    rates = [c.benefits_rate if c.kind == "staff" else None for c in served]
    benefits = [_half_up_share(int(b), r) if r else 0 for b, r in zip(base, rates, strict=True)]
    sort, examples = _sorts(served)
    numbers: dict[Profile, int] = {}
    profile = [numbers.setdefault(_profile(c, horizon), len(numbers)) for c in served]
    return Columns(
        order=_whole(order),
        rhythm=rhythm,
        base=base,
        benefits=_whole(benefits),
        offset=(month - start_month) % 12,
        start=start,
        end=_months(_days([c.ends_on for c in served]), NEVER),
        due_from=due_from,
        unpaid_from=_months(paid_through, -NEVER - 1) + 1,
        once=np.where(start > -NEVER, start, bought),
        due=np.where(first_due < first, first + (first_due - first) % 12, first_due),
        life=life,
        staggered_from=np.maximum(horizon.first_year, (bought - (start_month - 1)) // 12 + (start_month > 1) + 1),
        profile=_whole(profile),
        profiles=list(numbers),
        givers=[_giver(source, sort, examples, horizon) for source in plan.sources],
    )


def cost_and_fund(columns: Columns, plan: DistrictPlan, horizon: Horizon) -> Result:
    """Compute what everything costs and who pays it; the awards in `columns` are drawn down.

    Args:
        columns: As `columns_of` gives them.
        plan: Gives growth rates and drivers.
        horizon: Projected years.
    """
    count = len(columns.base)
    empty = np.zeros((horizon.count, count), dtype=np.int64)
    result = Result(
        empty, empty.copy(), empty.copy(), np.zeros((len(columns.givers), horizon.count, count), dtype=np.int64)
    )
    for number, year in enumerate(horizon.years):
        first = horizon.calendar.first_month(year)
        cost, begins, payments = _costs(columns, plan, year, first)
        result.cost[number] = cost
        due = _payments(cost, begins, payments)
        place, _, amount = due
        unpaid = amount.copy()
        for giver, coverage in zip(columns.givers, result.coverage, strict=True):
            rows, paid = _pay(giver, due, unpaid, first)
            unpaid[rows] -= paid
            by_commitment = _summed(place[rows], paid, count)
            coverage[number] = by_commitment
            (result.sustained if giver.is_recurring else result.bridged)[number] += by_commitment
    return result


def _whole(values: Sequence[int]) -> Whole:
    return np.array(values, dtype=np.int64)


def _days(days: Sequence[date | None]) -> NDArray[np.datetime64]:
    return np.array(days, dtype="datetime64[D]")


def _months(days: NDArray[np.datetime64], missing: int) -> Whole:
    counted = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.where(np.isnat(days), missing, counted)


def _rhythm(commitment: Commitment) -> int:
    if commitment.kind == "one_time":
        return ONE_TIME
    if commitment.kind == "replacement":
        return STAGGERED if commitment.staggered else REPLACEMENT
    return MONTHLY if commitment.is_monthly else ANNUAL


def _profile(commitment: Commitment, horizon: Horizon) -> Profile:
    key = "salary" if commitment.kind == "staff" else commitment.category.value
    uplift = commitment.renewal_uplift if commitment.paid_through else commitment.renewal_uplift * 0
    return key, commitment.driver, commitment.price_year or horizon.default_price_year, uplift


def _sorts(served: Sequence[Commitment]) -> tuple[Whole, list[Commitment]]:
    """Number the sorts of commitments that all sources treat alike, with one example of each."""
    numbers: dict[object, int] = {}
    examples = []
    column = []
    for commitment in served:
        shares = tuple((part.source, part.share) for part in commitment.funded_by)
        key = (commitment.category, commitment.kind, shares)
        if key not in numbers:
            numbers[key] = len(numbers)
            examples.append(commitment)
        column.append(numbers[key])
    return _whole(column), examples


def _giver(source: Source, sort: Whole, examples: Sequence[Commitment], horizon: Horizon) -> Giver:
    is_open = source.basis == "open"
    spans = [_span(source, commitment) for commitment in examples]
    fits = [
        (is_open or span is not None)
        and (not source.categories or c.category in source.categories)
        and (not source.kinds or c.kind in source.kinds)
        for c, span in zip(examples, spans, strict=True)
    ]
    parts = lcm(1, *(share.denominator for span in spans if span for share in span))
    return Giver(
        share=Fraction(source.share),
        is_recurring=source.recurring,
        is_pre_discount=source.measured == "pre_discount",
        is_pro_rata=source.method == "pro_rata",
        may_pay=np.array(fits)[sort],
        part_ends=None if is_open else _whole([int(span[1] * parts) if span else 0 for span in spans])[sort],
        part_begins=None if is_open else _whole([int(span[0] * parts) if span else 0 for span in spans])[sort],
        parts=parts,
        awards=_awards(source, horizon),
    )


def _span(source: Source, commitment: Commitment) -> tuple[Fraction, Fraction] | None:
    before = Fraction(0)
    for part in commitment.funded_by:
        if part.source == source.name:
            return before, before + Fraction(part.share)
        before += Fraction(part.share)
    return None


def _awards(source: Source, horizon: Horizon) -> list[Award]:
    calendar = horizon.calendar
    awards = [
        Award(round(amount * 100), calendar.first_month(year), calendar.first_month(year + source.carryover + 1) - 1)
        for year, amount in (source.yearly or {}).items()  # type: ignore[union-attr]
    ]
    for award in source.awards:
        begins, through = award.from_, award.through
        assert award.amount is not None  # noqa: S101 - the budgets made here have no open awards
        assert begins is not None  # noqa: S101
        assert through is not None  # noqa: S101
        first = begins.year * 12 + begins.month - 1 + (begins.day > 1)
        awards.append(Award(round(award.amount * 100), first, through.year * 12 + through.month - 1))
    return sorted(awards, key=lambda award: award.through) or [Award(None, -NEVER, NEVER)]


def _index(plan: DistrictPlan, key: str, profile: Profile, year: int) -> int:
    _, driver, price_year, uplift = profile
    factor = 1 + Fraction(uplift)
    growth = Fraction(1)
    for between in range(min(price_year, year) + 1, max(price_year, year) + 1):
        growth *= 1 + _rate(plan, key, between)
    price = _rounded(growth if year >= price_year else 1 / growth)
    quantity = MILLION
    if driver:
        path = plan.drivers[driver]
        quantity = _rounded(Fraction(_value(path, year)) / Fraction(_value(path, price_year)))
    return _rounded(Fraction(price * quantity, MILLION**2) * factor)


def _rate(plan: DistrictPlan, key: str, year: int) -> Fraction:
    given = plan.scenario.growth.get(key, plan.scenario.growth.get("default", 0))
    return Fraction(_value(given, year) if isinstance(given, dict) else given)


def _value(path: object, year: int) -> Decimal:
    assert isinstance(path, dict)  # noqa: S101
    named = [known for known in path if known <= year]
    value: Decimal = path[max(named) if named else min(path)]
    return value


def _rounded(value: Fraction) -> int:
    return (2 * value.numerator * MILLION + value.denominator) // (2 * value.denominator)


def _half_up_share(cents: int, rate: Decimal) -> int:
    above, below = rate.as_integer_ratio()
    return (2 * cents * above + below) // (2 * below)


def _half_up(numerator: Whole, denominator: Whole | int) -> Whole:
    return (2 * numerator + denominator) // (2 * denominator)


def _costs(columns: Columns, plan: DistrictPlan, year: int, first: int) -> tuple[Whole, Whole, Whole]:
    """Give cost, month of the first payment and number of payments of each commitment in a year."""
    rhythm, last = columns.rhythm, first + 11
    monthly = rhythm == MONTHLY
    cycle = np.maximum(12 * columns.life, 1)
    behind = np.maximum(0, first - columns.due)
    next_due = columns.due + (behind + cycle - 1) // cycle * cycle
    in_calendar = first + columns.offset
    month = np.select([rhythm == REPLACEMENT, rhythm == ONE_TIME], [next_due, columns.once], in_calendar)
    in_year = (month >= first) & (month <= last)
    begun = (month >= columns.start) & (month >= columns.due_from) & (month < columns.end)
    replaced = in_year & (month <= columns.end)
    staggered = replaced & (columns.staggered_from <= year)
    falls_due = np.select(
        [rhythm == ANNUAL, rhythm == ONE_TIME, rhythm == STAGGERED], [begun, in_year, staggered], replaced
    )
    begins = np.maximum(first, np.maximum(columns.start, columns.unpaid_from))
    months = np.maximum(0, np.minimum(last, columns.end) - begins + 1)
    payments = np.where(monthly, months, falls_due)
    index = _whole([_index(plan, p[0], p, year) for p in columns.profiles])[columns.profile]
    pay = _whole([_index(plan, "benefits", p, year) if p[0] == "salary" else 0 for p in columns.profiles])[
        columns.profile
    ]
    share = np.where(monthly, payments, 1)
    parts = MILLION * np.where(monthly, 12, np.where(rhythm == STAGGERED, columns.life, 1))
    _must_fit(int(columns.base.max()) * int(index.max()) * 24)
    cost = _half_up(columns.base * index * share, parts) + _half_up(columns.benefits * pay * share, parts)
    return np.where(payments > 0, cost, 0), np.where(monthly, begins, month), payments


def _payments(cost: Whole, begins: Whole, payments: Whole) -> tuple[Whole, Whole, Whole]:
    """Give commitment, month and cents of each payment of a year."""
    place = np.repeat(np.arange(len(cost)), payments)
    k = np.arange(len(place)) - np.repeat(np.cumsum(payments) - payments, payments) + 1
    whole, count = cost[place], payments[place]
    amount = _half_up(whole * k, count) - _half_up(whole * (k - 1), count)
    return place, begins[place] + k - 1, amount


def _pay(giver: Giver, payments: tuple[Whole, Whole, Whole], unpaid: Whole, first: int) -> tuple[Whole, Whole]:
    """Give the rows of the payments a source may pay, and what it pays of each."""
    awards = [a for a in giver.awards if a.left != 0 and a.begins <= first + 11 and a.through >= first]
    if not awards:
        return _whole([]), _whole([])
    place, month, amount = payments
    rows = np.flatnonzero(giver.may_pay[place] & (unpaid > 0))
    due, open_amount, when = amount[rows], unpaid[rows], month[rows]
    limit = _share_of(due, giver.share)
    if giver.part_ends is not None and giver.part_begins is not None:
        own = place[rows]
        ends = _half_up(due * giver.part_ends[own], giver.parts)
        limit = np.minimum(limit, ends - _half_up(due * giver.part_begins[own], giver.parts))
    paid, drawn = np.zeros_like(due), np.zeros_like(due)
    for award in awards:
        fits = (when >= award.begins) & (when <= award.through)
        want = np.where(fits, np.maximum(0, np.minimum(open_amount - paid, limit - paid)), 0)
        if giver.is_pre_discount:
            want = np.minimum(due - drawn, _share_of(want, 1 / giver.share))
        draw = _shared_out(award, want, is_pro_rata=giver.is_pro_rata)
        if award.left is not None:
            award.left -= int(draw.sum())
        drawn += draw
        paid += np.minimum(open_amount - paid, _share_of(draw, giver.share)) if giver.is_pre_discount else draw
    return rows, paid


def _share_of(cents: Whole, share: Fraction) -> Whole:
    if share == 1:
        return cents
    return _half_up(cents * share.numerator, share.denominator)


def _shared_out(award: Award, want: Whole, *, is_pro_rata: bool) -> Whole:
    total = int(want.sum())
    if award.left is None or total <= award.left:
        return want
    if not is_pro_rata:
        served: Whole = np.minimum(want, np.maximum(0, award.left - (np.cumsum(want) - want)))
        return served
    _must_fit(int(want.max()) * award.left)
    whole, remainder = np.divmod(want * award.left, total)
    extra = np.argsort(-remainder, kind="stable")[: award.left - int(whole.sum())]
    whole[extra] += 1
    return whole


def _summed(place: Whole, cents: Whole, count: int) -> Whole:
    # Weights are doubles: exact for whole numbers below 2**53, and no sum here comes near it.
    _must_fit(int(cents.sum()) * 2**10)
    summed: Whole = np.bincount(place, weights=cents, minlength=count).astype(np.int64)
    return summed


def _must_fit(largest: int) -> None:
    if largest >= 2**62:
        message = "a product would pass 64 bits"
        raise OverflowError(message)
