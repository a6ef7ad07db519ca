"""The waterfall: sources pay the payments of each fiscal year, in order, by their rules, until spent.

Years come in order, and in each year sources in order. A source's draw on a payment depends on the
sources before it in the same year and on what it drew in earlier years, never on a later source; so
each source in turn can serve the payments of all years at once, laid out by year.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Method
from esser_gap.plan.rounding import divide_half_up, integer_type, times_share
from esser_gap.plan.runs import run_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.plan.awards import DrawnAward, DrawnSource, Money


@dataclass(frozen=True, slots=True)
class Funded:
    """Who pays what.

    Attributes:
        payments: The payments with `sustained`, `bridged` and `gap` (cents).
        coverage: `fiscal_year`, `place` (of the commitment), `source` (place in the list) and `amount`
            (cents), where above zero.
    """

    payments: pl.DataFrame
    coverage: pl.DataFrame


_NOTHING = pl.Series([0], dtype=pl.Int64)
_COVERAGE = pl.Schema({"fiscal_year": pl.Int32(), "place": pl.UInt32(), "source": pl.Int32(), "amount": pl.Int64()})


def fund(
    payments: pl.DataFrame,
    money: Money,
    order: Sequence[DrawnSource],
    progress: Callable[[], None] | None = None,
) -> Funded:
    """Let sources pay the payments; what their awards have left is remembered in them.

    Args:
        payments: As `payments_of` gives them: by fiscal year, then in the order of service.
        money: The commitments as sources see them.
        order: The sources that count, in drawing order.
        progress: Called after each source.
    """
    due = _Due.of(payments, money)
    paid_by = [pl.DataFrame(schema=_COVERAGE)]
    for source in order:
        rows = _payable(due, source)
        if len(rows):
            paid = _draw(due, source, rows, money)
            due.pay(rows, paid, is_recurring=source.source.recurring)
            paid_by.append(_paid_by(due, source, rows, paid))
        if progress is not None:
            progress()
    funded = payments.with_columns(sustained=due.sustained, bridged=due.bridged, gap=due.unpaid)
    return Funded(funded, _coverage(paid_by))


@dataclass(slots=True)
class _Due:
    """The payments while they are being paid, as columns of one length.

    Attributes:
        fiscal_year: Fiscal year of each payment.
        place: Place of its commitment in the order of service.
        group: Group of commitments that rules treat alike.
        month: Counted month in which it falls due.
        amount: Cents due.
        unpaid: Cents still unpaid.
        sustained: Cents paid by recurring sources.
        bridged: Cents paid by one-time sources.
    """

    fiscal_year: pl.Series
    place: pl.Series
    group: pl.Series
    month: pl.Series
    amount: pl.Series
    unpaid: pl.Series
    sustained: pl.Series
    bridged: pl.Series

    @classmethod
    def of(cls, payments: pl.DataFrame, money: Money) -> _Due:
        """Start with everything unpaid."""
        nothing = payments["amount"] * 0
        place = payments["place"]
        return cls(
            payments["fiscal_year"],
            place,
            money.group[place] if len(place) else money.group.clear(),
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


def _payable(due: _Due, source: DrawnSource) -> pl.Series:
    """List the unpaid payments that the source may pay and one of its awards may reach."""
    awards = [award for award in source.awards if award.remaining != 0]
    if not awards or not source.may_pay.any():
        return pl.Series(dtype=pl.UInt32)
    first, last = min(award.begins for award in awards), max(award.late_through for award in awards)
    reached = (due.month >= first) & (due.month <= last) & (due.unpaid > 0)
    return (reached & source.may_pay[due.group]).arg_true() if reached.any() else pl.Series(dtype=pl.UInt32)


def _draw(due: _Due, source: DrawnSource, rows: pl.Series, money: Money) -> pl.Series:
    """Draw a source's awards one after the other; gives what it pays of each payment."""
    year, month, place, amount = due.fiscal_year[rows], due.month[rows], due.place[rows], due.amount[rows]
    unpaid = still = due.unpaid[rows]
    room, undrawn = _smaller(unpaid, _limit(source, amount, due.group[rows])), amount
    for award in source.awards:
        # An award touches only the payments of the fiscal years it reaches, which stand together.
        start, stop = bisect_left(year, award.first_year), bisect_right(year, award.last_year)
        if award.remaining == 0 or start == stop:
            continue
        reached = slice(start, stop)
        want = _covered(award, room[reached], month[reached], place[reached], money)
        asked = _before_discount(source, want, undrawn[reached]) if source.is_pre_discount else want
        draw = _shared_out(award, asked, year[reached], source.source.method)
        _take(award, draw, year[reached], place[reached])
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
    wide = integer_type(2 * _largest(amount) * source.parts + source.parts)
    through, before = (
        divide_half_up(amount.cast(wide) * part[group].cast(wide), pl.Series([source.parts], dtype=wide))
        for part in (source.through_part, source.before_part)
    )
    return _smaller(share, (through - before).cast(pl.Int64))


def _largest(amount: pl.Series) -> int:
    return int(amount.max() or 0)  # type: ignore[arg-type]


def _rounded_share(amount: pl.Series, source: DrawnSource) -> pl.Series:
    return times_share(amount, Fraction(source.source.share), _largest(amount))


def _smaller(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.zip_with(one < other, other)


def _shared_out(award: DrawnAward, asked: pl.Series, fiscal_year: pl.Series, method: Method) -> pl.Series:
    """Give what each payment draws: what it asks, as far as the award goes round."""
    if award.remaining is None or int(asked.sum()) <= award.remaining:
        return asked
    if method is Method.PRO_RATA:
        return _in_proportion(asked, fiscal_year, award.remaining)
    return _in_turn(asked, award.remaining)


def _in_turn(asked: pl.Series, remaining: int) -> pl.Series:
    """Let each payment draw what it asks until the award is spent."""
    left = remaining - (asked.cum_sum() - asked)
    return _smaller(asked, left.zip_with(left > 0, _NOTHING))


def _in_proportion(asked: pl.Series, fiscal_year: pl.Series, remaining: int) -> pl.Series:
    """Split an award in proportion, year by year: only a year that it is too small for is split."""
    draws = []
    for year in pl.DataFrame({"year": fiscal_year, "asked": asked}).partition_by("year", maintain_order=True):
        own = year["asked"]
        total = int(own.sum())
        draw = own if total <= remaining else _split(own, total, remaining)
        remaining -= int(draw.sum())
        draws.append(draw)
    return pl.concat(draws)


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


def _take(award: DrawnAward, draw: pl.Series, fiscal_year: pl.Series, place: pl.Series) -> None:
    """Lower what the award has left, and remember who drew the last cent."""
    if award.remaining is None:
        return
    award.remaining -= int(draw.sum())
    if award.remaining == 0:
        last = int((draw > 0).arg_true()[-1])
        award.ran_out_in, award.ran_out_after = fiscal_year[last], place[last]


def _paid_by(due: _Due, source: DrawnSource, rows: pl.Series, paid: pl.Series) -> pl.DataFrame:
    listed = pl.Series([source.listed], dtype=pl.Int32).new_from_index(0, len(rows))
    return pl.DataFrame(
        {"fiscal_year": due.fiscal_year[rows], "place": due.place[rows], "source": listed, "amount": paid}
    )


def _coverage(paid_by: Sequence[pl.DataFrame]) -> pl.DataFrame:
    totals = run_totals(pl.concat(paid_by), ("fiscal_year", "place", "source"), "amount")
    return totals.filter(pl.col("amount") > 0)
