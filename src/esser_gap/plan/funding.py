"""The waterfall: sources pay the payments of each fiscal year, in order, by their rules, until spent.

Years come in order, and in each year sources in order. A source's draw on a payment depends on the
sources before it in the same year and on what it drew in earlier years, never on a later source; so
each source in turn can serve the payments of all years at once, laid out by year. Plans do not touch
each other; so a source that several of them have on the same terms can serve all of theirs at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Method
from esser_gap.plan.lanes import Lanes
from esser_gap.plan.rounding import divide_half_up, integer_type, times_share
from esser_gap.plan.runs import run_totals
from esser_gap.plan.turns import turns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from esser_gap.plan.awards import DrawnAward, DrawnSource, Money
    from esser_gap.plan.turns import Turn


@dataclass(frozen=True, slots=True)
class Funded:
    """Who pays what.

    Attributes:
        payments: The payments with `sustained`, `bridged` and `gap` (cents).
        coverage: `fiscal_year`, `place` (of the commitment), `source` (its number) and `amount`
            (cents), where above zero.
    """

    payments: pl.DataFrame
    coverage: pl.DataFrame


_NOTHING = pl.Series([0], dtype=pl.Int64)
_COVERAGE = pl.Schema({"fiscal_year": pl.Int32(), "place": pl.UInt32(), "source": pl.Int64(), "amount": pl.Int64()})
_NO_LIMIT = 2**62
"""Cents that stand for an award without an amount; all costs together come to less."""


def fund(
    payments: pl.DataFrame,
    money: Money,
    orders: Sequence[Sequence[DrawnSource]],
    progress: Callable[[], None] | None = None,
) -> Funded:
    """Let sources pay the payments; what their awards have left is remembered in them.

    Args:
        payments: As `payments_of` gives them: by fiscal year, then by plan and in the order of service.
        money: The commitments as sources see them.
        orders: For each plan, the sources that count, in drawing order.
        progress: Called after each source of each plan.
    """
    due = _Due.of(payments, money, len(orders))
    paid_by = [pl.DataFrame(schema=_COVERAGE)]
    for turn in turns(orders):
        rows = _payable(due, turn)
        if len(rows):
            paid = _draw(due, turn, rows, money)
            due.pay(rows, paid, is_recurring=turn.source.source.recurring)
            paid_by.append(_paid_by(due, turn, rows, paid))
        if progress is not None:
            for _ in turn.sources:
                progress()
    funded = payments.with_columns(sustained=due.sustained, bridged=due.bridged, gap=due.unpaid)
    return Funded(funded, _coverage(paid_by))


@dataclass(slots=True)
class _Due:
    """The payments while they are being paid, as columns of one length.

    Attributes:
        lanes: Plan of each payment.
        fiscal_year: Its fiscal year.
        place: Place of its commitment in the order of service.
        group: Group of commitments that rules treat alike.
        month: Counted month in which it falls due.
        amount: Cents due.
        unpaid: Cents still unpaid.
        sustained: Cents paid by recurring sources.
        bridged: Cents paid by one-time sources.
    """

    lanes: Lanes
    fiscal_year: pl.Series
    place: pl.Series
    group: pl.Series
    month: pl.Series
    amount: pl.Series
    unpaid: pl.Series
    sustained: pl.Series
    bridged: pl.Series

    @classmethod
    def of(cls, payments: pl.DataFrame, money: Money, plans: int) -> _Due:
        """Start with everything unpaid."""
        nothing = payments["amount"] * 0
        place = payments["place"]
        return cls(
            Lanes(money.plan.gather(place) if plans > 1 else money.plan, plans),
            payments["fiscal_year"],
            place,
            money.group.gather(place),
            payments["month"],
            payments["amount"],
            payments["amount"].clone(),
            nothing,
            nothing.clone(),
        )

    def pay(self, rows: pl.Series, paid: pl.Series, *, is_recurring: bool) -> None:
        """Write down what a source paid of some payments."""
        self.unpaid.scatter(rows, self.unpaid[rows] - paid)
        column = self.sustained if is_recurring else self.bridged
        column.scatter(rows, column[rows] + paid)


def _payable(due: _Due, turn: Turn) -> pl.Series:
    """List the unpaid payments that the source may pay and one of its awards may reach."""
    able = [plan for plan, source in turn.sources.items() if any(award.remaining != 0 for award in source.awards)]
    if not able or not turn.source.terms.may_pay.any():
        return pl.Series(dtype=pl.UInt32)
    awards = [award for plan in able for award in turn.sources[plan].awards if award.remaining != 0]
    first, last = min(award.begins for award in awards), max(award.late_through for award in awards)
    reached = (due.month >= first) & (due.month <= last) & (due.unpaid > 0)
    among = due.lanes.among(able)
    reached = reached if among is None else reached & among
    return (reached & turn.source.terms.may_pay[due.group]).arg_true() if reached.any() else pl.Series(dtype=pl.UInt32)


def _draw(due: _Due, turn: Turn, rows: pl.Series, money: Money) -> pl.Series:
    """Draw a source's awards one after the other; gives what it pays of each payment."""
    year, month, place, amount = due.fiscal_year[rows], due.month[rows], due.place[rows], due.amount[rows]
    source, lanes = turn.source, due.lanes.at(rows)
    unpaid = still = due.unpaid[rows]
    room, undrawn = _smaller(unpaid, _limit(source, amount, due.group[rows])), amount
    for awards in turn.awards():
        # An award touches only the payments of the fiscal years it reaches, which stand together.
        award = next(iter(awards.values()))
        start, stop = bisect_left(year, award.first_year), bisect_right(year, award.last_year)
        if start == stop or all(one.remaining == 0 for one in awards.values()):
            continue
        reached = slice(start, stop)
        want = _covered(award, room[reached], month[reached], place[reached], money)
        asked = _before_discount(source, want, undrawn[reached]) if source.is_pre_discount else want
        asking = _Asking(asked, year[reached], place[reached], lanes.at(reached))
        draw = asking.shared_out(awards, source.source.method)
        asking.take(awards, draw)
        pays = _smaller(still[reached], _rounded_share(draw, source)) if source.is_pre_discount else draw
        still, room = _lowered(still, start, pays), _lowered(room, start, pays)
        undrawn = _lowered(undrawn, start, draw) if source.is_pre_discount else undrawn
    return unpaid - still


def _lowered(column: pl.Series, start: int, by: pl.Series) -> pl.Series:
    """Take something off a column from a row on, without touching the other rows."""
    stop = start + len(by)
    return pl.concat([column.head(start), column.slice(start, len(by)) - by, column.slice(stop)])


def _covered(award: DrawnAward, room: pl.Series, month: pl.Series, place: pl.Series, money: Money) -> pl.Series:
    """Give what may still be paid of each payment, nothing where the award does not cover its date."""
    inside = (month >= award.begins) & (month <= award.through)
    if award.late_through > award.through:
        late = (month > award.through) & (month <= award.late_through)
        inside |= late & _is_obligated(award, money)[place]
    # A draw before discount may pay a cent more than the limit; nothing is asked for such a payment any more.
    return room.zip_with(inside & (room > 0), _NOTHING)


def _before_discount(source: DrawnSource, want: pl.Series, undrawn: pl.Series) -> pl.Series:
    return _smaller(undrawn, times_share(want, 1 / Fraction(source.source.share), _largest(undrawn)))


def _is_obligated(award: DrawnAward, money: Money) -> pl.Series:
    """Tell for each commitment whether it was obligated inside an award's period."""
    day = money.obligated_on
    inside = day.is_not_null()
    if award.first_day is not None:
        inside &= day >= award.first_day
    # Only an award that ends can be paid out late.
    return (inside & (day <= award.last_day)).fill_null(value=False)


def _limit(source: DrawnSource, amount: pl.Series, group: pl.Series) -> pl.Series:
    """Give the most the source may pay of each payment: its share and, when assigned, its own part."""
    share = _rounded_share(amount, source)
    if not source.is_assigned:
        return share
    # Its own part is cut out of the running total of the shares, so that the parts make the whole.
    terms = source.terms
    wide = integer_type(2 * _largest(amount) * terms.parts + terms.parts)
    through, before = (
        divide_half_up(amount.cast(wide) * part[group].cast(wide), pl.Series([terms.parts], dtype=wide))
        for part in (terms.through_part, terms.before_part)
    )
    return _smaller(share, (through - before).cast(pl.Int64))


def _largest(amount: pl.Series) -> int:
    return int(amount.max() or 0)  # type: ignore[arg-type]


def _rounded_share(amount: pl.Series, source: DrawnSource) -> pl.Series:
    return times_share(amount, Fraction(source.source.share), _largest(amount))


def _smaller(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.zip_with(one < other, other)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the payments that one award of each plan reaches ask of it, as columns of one length.

    Attributes:
        asked: Cents.
        fiscal_year: Fiscal year.
        place: Place of the commitment.
        lanes: Plan.
    """

    asked: pl.Series
    fiscal_year: pl.Series
    place: pl.Series
    lanes: Lanes

    def shared_out(self, awards: Mapping[int, DrawnAward], method: Method) -> pl.Series:
        """Give what each payment draws: what it asks, as far as the award of its plan goes round."""
        purse = [_NO_LIMIT] * self.lanes.count
        for plan, award in awards.items():
            purse[plan] = _NO_LIMIT if award.remaining is None else award.remaining
        if int(self.asked.sum()) <= min(purse) or all(
            total <= remaining for total, remaining in zip(self.lanes.totals(self.asked), purse, strict=True)
        ):
            return self.asked
        return self._in_proportion(purse) if method is Method.PRO_RATA else self._in_turn(purse)

    def _in_turn(self, purse: list[int]) -> pl.Series:
        """Let each payment draw what it asks until the award is spent."""
        left = self.lanes.spread(purse) - (self.lanes.running(self.asked) - self.asked)
        return _smaller(self.asked, left.zip_with(left > 0, _NOTHING))

    def _in_proportion(self, purse: list[int]) -> pl.Series:
        """Split an award in proportion, year by year: only a year that it is too small for is split."""
        frame = pl.DataFrame(
            {"year": self.fiscal_year, "plan": self.lanes.column(len(self.asked)), "asked": self.asked}
        )
        draws = []
        for part in frame.partition_by("year", "plan", maintain_order=True):
            own, whose = part["asked"], part["plan"][0]
            total = int(own.sum())
            draw = own if total <= purse[whose] else _split(own, total, purse[whose])
            purse[whose] -= int(draw.sum())
            draws.append(draw)
        return pl.concat(draws)

    def take(self, awards: Mapping[int, DrawnAward], draw: pl.Series) -> None:
        """Lower what each award has left, and remember who drew the last cent."""
        if all(award.remaining is None for award in awards.values()):
            return
        totals = self.lanes.totals(draw)
        for plan, award in awards.items():
            if award.remaining is not None:
                award.remaining -= totals[plan]
        if any(award.remaining == 0 for award in awards.values()):
            for plan, row in self.lanes.last((draw > 0).arg_true()):
                if awards[plan].remaining == 0:
                    awards[plan].ran_out_in, awards[plan].ran_out_after = self.fiscal_year[row], self.place[row]


def _split(asked: pl.Series, total: int, remaining: int) -> pl.Series:
    """Split cents in proportion, rounded down; the cents left over go one each by largest remainder, then by order."""
    wide = integer_type(_largest(asked) * remaining + total)
    product = pl.col("asked").cast(wide) * pl.lit(remaining, dtype=wide)
    divisor = pl.lit(total, dtype=wide)
    split = (
        asked.to_frame("asked")
        .with_row_index("row")
        .with_columns(whole=(product // divisor).cast(pl.Int64), remainder=product % divisor)
    )
    left_over = remaining - int(split["whole"].sum())
    first = split.sort("remainder", "row", descending=[True, False])["row"].head(left_over)
    whole = split["whole"]
    return whole.scatter(first, whole[first] + 1)


def _paid_by(due: _Due, turn: Turn, rows: pl.Series, paid: pl.Series) -> pl.DataFrame:
    numbers = [0] * due.lanes.count
    for plan, source in turn.sources.items():
        numbers[plan] = source.number
    number = due.lanes.at(rows).spread(numbers)
    number = number if due.lanes.count > 1 else number.new_from_index(0, len(rows))
    return pl.DataFrame(
        {"fiscal_year": due.fiscal_year[rows], "place": due.place[rows], "source": number, "amount": paid}
    )


def _coverage(paid_by: Sequence[pl.DataFrame]) -> pl.DataFrame:
    totals = run_totals(pl.concat(paid_by), ("fiscal_year", "place", "source"), "amount")
    return totals.filter(pl.col("amount") > 0)
