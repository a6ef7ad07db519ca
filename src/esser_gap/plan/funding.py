"""The waterfall: sources pay the payments of each fiscal year, in order, by their rules, until spent.

Years come in order, and in each year sources in order. A source's draw on a payment depends on the
sources before it in the same year and on what it drew in earlier years, never on a later source; so
each source in turn can serve the payments of all years at once, laid out by year.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Method
from esser_gap.plan.rounding import divide_half_up, integer_type, times_share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esser_gap.plan.awards import DrawnSource, Money, Pot


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
    pots = [pot for pot in source.pots if pot.remaining != 0]
    if not pots or not source.may_pay.any():
        return pl.Series(dtype=pl.UInt32)
    first, last = min(pot.begins for pot in pots), max(pot.late_through for pot in pots)
    reached = (due.month >= first) & (due.month <= last) & (due.unpaid > 0)
    return (reached & source.may_pay[due.group]).arg_true() if reached.any() else pl.Series(dtype=pl.UInt32)


def _draw(due: _Due, source: DrawnSource, rows: pl.Series, money: Money) -> pl.Series:
    """Draw a source's awards one after the other; gives what it pays of each payment."""
    amount, unpaid = due.amount[rows], due.unpaid[rows]
    limit = _limit(source, amount, due.group[rows])
    paid = drawn = amount * 0
    for pots in _side_by_side(source.pots):
        pot = _pot_of(pots, due, rows, money)
        asked = _asked(source, _smaller(unpaid, limit - paid), amount - drawn, pot)
        draw = _shared_out(pots, pot, asked, due.fiscal_year[rows], source.source.method)
        _take(pots, pot, draw, due, rows)
        pays = _smaller(unpaid, _rounded_share(draw, source)) if source.is_pre_discount else draw
        unpaid, paid, drawn = unpaid - pays, paid + pays, drawn + draw
    return paid


def _side_by_side(pots: Sequence[Pot]) -> Iterator[list[Pot]]:
    """Take together awards that follow each other and whose periods have no month in common, as yearly ones do.

    No payment can be drawn from two of them, so that drawing them at once is drawing them in order.
    """
    together: list[Pot] = []
    for pot in pots:
        if pot.remaining == 0:
            continue
        if together and pot.begins <= max(earlier.late_through for earlier in together):
            yield together
            together = []
        together.append(pot)
    yield together


def _pot_of(pots: Sequence[Pot], due: _Due, rows: pl.Series, money: Money) -> pl.Series:
    """Give for each payment the number of the award that covers it, -1 for none."""
    month = due.month[rows]
    number = month * 0 - 1
    for place, pot in enumerate(pots, 1):
        inside = (month >= pot.begins) & (month <= pot.through)
        if pot.late_through > pot.through:
            late = (month > pot.through) & (month <= pot.late_through)
            inside |= late & _is_obligated(pot, money)[due.place[rows]]
        # No month belongs to two of them, so that the numbers never add up.
        number = number + inside.cast(pl.Int32) * place
    return number


def _is_obligated(pot: Pot, money: Money) -> pl.Series:
    """Tell for each commitment whether it was obligated inside an award's period."""
    day = money.obligated_on
    inside = day.is_not_null()
    if pot.first_day is not None:
        inside &= day >= pot.first_day
    # Only an award that ends can be paid out late.
    return (inside & (day <= pot.last_day)).fill_null(value=False)


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


def _asked(source: DrawnSource, want: pl.Series, undrawn: pl.Series, pot: pl.Series) -> pl.Series:
    """Give what each payment wants to draw from the award that covers it."""
    nothing = pl.Series([0], dtype=pl.Int64)
    asked = want.zip_with((pot >= 0) & (want > 0), nothing)
    if not source.is_pre_discount:
        return asked
    return _smaller(undrawn, times_share(asked, 1 / Fraction(source.source.share), _largest(undrawn)))


def _shared_out(
    pots: Sequence[Pot], pot: pl.Series, asked: pl.Series, fiscal_year: pl.Series, method: Method
) -> pl.Series:
    """Give what each payment draws: what it asks, as far as its award goes round."""
    for place, award in enumerate(pots):
        if award.remaining is None:
            continue
        rows = (pot == place).arg_true() if len(pots) > 1 else None
        own = asked if rows is None else asked[rows]
        if int(own.sum()) <= award.remaining:
            continue
        draw = (
            _in_proportion(own, fiscal_year if rows is None else fiscal_year[rows], award.remaining)
            if method is Method.PRO_RATA
            else _in_turn(own, award.remaining)
        )
        asked = draw if rows is None else asked.clone().scatter(rows, draw)
    return asked


def _in_turn(asked: pl.Series, remaining: int) -> pl.Series:
    """Let each payment draw what it asks until the award is spent."""
    left = remaining - (asked.cum_sum() - asked)
    return _smaller(asked, left.zip_with(left > 0, pl.Series([0], dtype=pl.Int64)))


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
    product = pl.col("asked").cast(pl.Int128) * pl.lit(remaining, dtype=pl.Int128)
    divisor = pl.lit(total, dtype=pl.Int128)
    split = (
        asked.to_frame("asked")
        .with_row_index("row")
        .with_columns(whole=(product // divisor).cast(pl.Int64), remainder=product % divisor)
    )
    left_over = remaining - int(split["whole"].sum())
    first = split.sort("remainder", "row", descending=[True, False])["row"].head(left_over)
    whole = split["whole"]
    return whole.scatter(first, whole[first] + 1)


def _take(pots: Sequence[Pot], pot: pl.Series, draw: pl.Series, due: _Due, rows: pl.Series) -> None:
    """Lower what the awards have left, and remember who drew the last cent."""
    for place, award in enumerate(pots):
        if award.remaining is None:
            continue
        own = draw if len(pots) == 1 else draw.zip_with(pot == place, pl.Series([0], dtype=pl.Int64))
        award.remaining -= int(own.sum())
        if award.remaining == 0:
            last = rows[int((own > 0).arg_true()[-1])]
            award.ran_out_in, award.ran_out_after = due.fiscal_year[last], due.place[last]


def _paid_by(due: _Due, source: DrawnSource, rows: pl.Series, paid: pl.Series) -> pl.DataFrame:
    listed = pl.Series([source.listed], dtype=pl.Int32).new_from_index(0, len(rows))
    return pl.DataFrame(
        {"fiscal_year": due.fiscal_year[rows], "place": due.place[rows], "source": listed, "amount": paid}
    )


def _coverage(paid_by: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return (
        pl.concat(paid_by)
        .lazy()
        .filter(pl.col("amount") > 0)
        .group_by("fiscal_year", "place", "source", maintain_order=True)
        .agg(pl.col("amount").sum())
        .collect()
    )
