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
    from collections.abc import Callable, Sequence

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


_COVERAGE = pl.Schema(
    {"fiscal_year": pl.Int32(), "place": pl.UInt32(), "source": pl.Int32(), "amount": pl.Int64()}
)


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
    unpaid = payments["amount"].clone()
    sustained = pl.zeros(payments.height, dtype=pl.Int64, eager=True)
    bridged = sustained.clone()
    group = money.group.gather(payments["place"]) if payments.height else pl.Series(dtype=pl.UInt32)
    coverage = [pl.DataFrame(schema=_COVERAGE)]
    for source in order:
        wanted = _payable(payments, source, group, unpaid)
        if wanted.height:
            paid = _draw(wanted, source, money).filter(pl.col("paid") > 0)
            unpaid = unpaid.scatter(paid["row"], paid["unpaid"])
            column = sustained if source.source.recurring else bridged
            column.scatter(paid["row"], column.gather(paid["row"]) + paid["paid"])
            coverage.append(_coverage(paid, source))
        if progress is not None:
            progress()
    return Funded(
        payments.with_columns(sustained=sustained, bridged=bridged, gap=unpaid), pl.concat(coverage)
    )


def _payable(payments: pl.DataFrame, source: DrawnSource, group: pl.Series, unpaid: pl.Series) -> pl.DataFrame:
    """Keep the unpaid payments that the source may pay and one of its awards may reach."""
    first = min((pot.begins for pot in source.pots), default=1)
    last = max((pot.late_through for pot in source.pots), default=0)
    return (
        payments.lazy()
        .select("fiscal_year", "place", "month", "amount", unpaid=pl.lit(unpaid), group=pl.lit(group))
        .with_row_index("row")
        .filter(
            (pl.col("unpaid") > 0)
            & pl.col("month").is_between(first, last)
            & pl.lit(source.may_pay).gather(pl.col("group"))
        )
        .with_columns(paid=pl.lit(0, dtype=pl.Int64), drawn=pl.lit(0, dtype=pl.Int64))
        .collect()
    )


def _limit(source: DrawnSource, wanted: pl.DataFrame) -> pl.Expr:
    """Give the most the source may pay of each payment: its share and, when assigned, its own part."""
    largest = _largest(wanted)
    share = times_share(pl.col("amount"), Fraction(source.source.share), largest)
    if not source.is_assigned:
        return share
    # Its own part is cut out of the running total of the shares, so that the parts make the whole.
    wide = integer_type(2 * largest * source.parts + source.parts)
    amount, parts = pl.col("amount").cast(wide), pl.lit(source.parts, dtype=wide)
    through = divide_half_up(amount * pl.lit(source.through_part).gather(pl.col("group")).cast(wide), parts)
    before = divide_half_up(amount * pl.lit(source.before_part).gather(pl.col("group")).cast(wide), parts)
    return pl.min_horizontal(share, (through - before).cast(pl.Int64))


def _largest(wanted: pl.DataFrame) -> int:
    return int(wanted["amount"].max() or 0)  # type: ignore[arg-type]


def _draw(wanted: pl.DataFrame, source: DrawnSource, money: Money) -> pl.DataFrame:
    """Draw a source's awards one after the other; adds up `paid` and `drawn` and lowers `unpaid`."""
    wanted = wanted.with_columns(limit=_limit(source, wanted))
    for pot in source.pots:
        if pot.remaining == 0:
            continue
        asked = wanted.with_columns(asked=_asked(pot, source, wanted, money))
        drawn = asked.with_columns(draw=_shared_out(pot, asked, source.source.method))
        _take(pot, drawn)
        pays = _paid_by_draw(source, wanted)
        wanted = drawn.with_columns(
            unpaid=pl.col("unpaid") - pays, paid=pl.col("paid") + pays, drawn=pl.col("drawn") + pl.col("draw")
        )
    return wanted


def _asked(pot: Pot, source: DrawnSource, wanted: pl.DataFrame, money: Money) -> pl.Expr:
    """Give what each payment wants to draw from an award."""
    in_period = pl.col("month").is_between(pot.begins, pot.through)
    if pot.late_through > pot.through:
        late = pl.col("month").is_between(pot.begins, pot.late_through)
        in_period |= late & pl.lit(_is_obligated(pot, money)).gather(pl.col("place"))
    want = pl.min_horizontal("unpaid", pl.col("limit") - pl.col("paid"))
    asked = pl.when(in_period & (want > 0)).then(want).otherwise(0)
    if not source.is_pre_discount:
        return asked
    before_discount = times_share(asked, 1 / Fraction(source.source.share), _largest(wanted))
    return pl.min_horizontal(pl.col("amount") - pl.col("drawn"), before_discount)


def _is_obligated(pot: Pot, money: Money) -> pl.Series:
    """Tell for each commitment whether it was obligated inside an award's period."""
    day = pl.col("obligated_on")
    after = day >= pot.first_day if pot.first_day is not None else day.is_not_null()
    before = day <= pot.last_day if pot.last_day is not None else day.is_not_null()
    return money.obligated_on.to_frame().select((after & before).fill_null(value=False)).to_series()


def _paid_by_draw(source: DrawnSource, wanted: pl.DataFrame) -> pl.Expr:
    if not source.is_pre_discount:
        return pl.col("draw")
    discounted = times_share(pl.col("draw"), Fraction(source.source.share), _largest(wanted))
    return pl.min_horizontal("unpaid", discounted)


def _shared_out(pot: Pot, wanted: pl.DataFrame, method: Method) -> pl.Expr | pl.Series:
    """Give what each payment draws: what it asks, as far as the award goes round."""
    if pot.remaining is None or int(wanted["asked"].sum()) <= pot.remaining:
        return wanted["asked"]
    if method is Method.PRO_RATA:
        return _in_proportion(wanted, pot.remaining)
    served_before = pl.col("asked").cum_sum() - pl.col("asked")
    return pl.min_horizontal("asked", (pot.remaining - served_before).clip(0))


def _in_proportion(wanted: pl.DataFrame, remaining: int) -> pl.Series:
    """Split an award in proportion, year by year: only a year that it is too small for is split."""
    draws = []
    for year in wanted.partition_by("fiscal_year", maintain_order=True):
        asked = year["asked"]
        total = int(asked.sum())
        draw = asked if total <= remaining else _split(asked, total, remaining)
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
    return whole.scatter(first, whole.gather(first) + 1)


def _take(pot: Pot, drawn: pl.DataFrame) -> None:
    if pot.remaining is None:
        return
    pot.remaining -= int(drawn["draw"].sum())
    if pot.remaining == 0:
        last = drawn.select("fiscal_year", "place", "draw").filter(pl.col("draw") > 0).row(-1)
        pot.ran_out_in, pot.ran_out_after = last[0], last[1]


def _coverage(paid: pl.DataFrame, source: DrawnSource) -> pl.DataFrame:
    return (
        paid.lazy()
        .group_by("fiscal_year", "place", maintain_order=True)
        .agg(amount=pl.col("paid").sum())
        .select("fiscal_year", "place", source=pl.lit(source.listed, dtype=pl.Int32), amount="amount")
        .collect()
    )
