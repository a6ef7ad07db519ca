"""Commitments as one frame in the order they are served, ready for whole-column arithmetic.

Months are counted as `year * 12 + month - 1`; money is whole cents.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import MONTHS
from esser_gap.model.words import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import Changes, DistrictPlan

_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
_CENT = Decimal("0.01")

ANNUAL, MONTHLY, REPLACEMENT, STAGGERED, ONE_TIME = range(5)
"""How payments of a commitment fall: the codes of the `rhythm` column."""


def exact_cents(dollars: Decimal) -> int:
    """Round dollars to whole cents, half away from zero (fast for many rows)."""
    return int(dollars.quantize(_CENT, context=_EXACT).scaleb(2, context=_EXACT))


def benefits_cents(salary_cents: int, commitment: Commitment) -> int:
    """Give the benefits that go with a salary: salary x rate, rounded to cents; nothing unless staff."""
    if commitment.kind is not Kind.STAFF or not commitment.benefits_rate:
        return 0
    return exact_cents(_EXACT.multiply(Decimal(salary_cents).scaleb(-2), commitment.benefits_rate))


def commitment_frame(plans: Sequence[DistrictPlan], horizon: Horizon) -> pl.DataFrame:
    """Lay out a district's commitments for the engine, those of several plans one below the other.

    Args:
        plans: Commitments with what each scenario's actions do to them.
        horizon: Projected years and fiscal calendar.

    Returns:
        One row a commitment, by `plan` (its place in `plans`), then in the order of service (mandated,
        priority, file order), with `position` (in the file, counted on from plan to plan), `rhythm`,
        `base`, `benefits` (cents), `renewal_offset` (months into the year), months `start`, `end`,
        `due_from`, `unpaid_from`, `once`, `due` (first replacement after all moves), `life` (years),
        `staggered_from`, `stop` (fiscal years) and `overdue`.
    """
    commitments = [commitment for plan in plans for commitment in plan.commitments]
    raw = pl.concat(_raw_frames(plans)).with_columns(
        position=pl.int_range(len(commitments), dtype=pl.Int32),
        **_changed_columns(commitments, [plan.changes_of(p) for plan in plans for p in range(len(plan.commitments))]),
    )
    moved = raw.with_columns(
        rhythm=_rhythm(),
        start=_month("starts_on"),
        end=_month("ends_on"),
        due_from=_month_after("paid_through"),
        unpaid_from=_month("paid_through") + 1,
        once=pl.coalesce(_month("starts_on"), _month("purchased_on")),
        renewal_offset=_offset_in_year(_renewal_month(horizon), horizon),
        purchase_offset=_offset_in_year(pl.col("purchased_on").dt.month().cast(pl.Int32), horizon),
        first_due=pl.min_horizontal(_month("purchased_on") + pl.col("life") * MONTHS, _month("supported_until")),
        staggered_from=_staggered_from(horizon),
    )
    return moved.with_columns(due=_due(horizon), overdue=pl.col("first_due") < _months_before(horizon)).sort(
        "plan", ~pl.col("mandated"), "priority", "position"
    )


def _raw_frames(plans: Sequence[DistrictPlan]) -> Iterator[pl.DataFrame]:
    """Lay out the commitments of each plan; scenarios mostly share them, so that once is enough."""
    known: dict[tuple[int, ...], pl.DataFrame] = {}
    for number, plan in enumerate(plans):
        key = tuple(map(id, plan.commitments))
        if key not in known:
            known[key] = _raw_frame(plan.commitments)
        yield known[key].with_columns(plan=pl.lit(number, dtype=pl.UInt32))


def _raw_frame(commitments: Sequence[Commitment]) -> pl.DataFrame:
    bases = [exact_cents(c.base) for c in commitments]
    days = ("starts_on", "ends_on", "paid_through", "purchased_on", "supported_until")
    return pl.DataFrame(
        {
            "kind": pl.Series([c.kind.value for c in commitments], dtype=pl.String),
            "is_monthly": pl.Series([c.is_monthly for c in commitments], dtype=pl.Boolean),
            "mandated": pl.Series([c.mandated for c in commitments], dtype=pl.Boolean),
            "base": pl.Series(bases, dtype=pl.Int64),
            "benefits": pl.Series(
                [benefits_cents(base, c) for base, c in zip(bases, commitments, strict=True)], dtype=pl.Int64
            ),
            "renewal_month": pl.Series([c.renewal_month for c in commitments], dtype=pl.Int32),
            **{day: pl.Series([getattr(c, day) for c in commitments], dtype=pl.Date) for day in days},
        }
    )


def _changed_columns(commitments: Sequence[Commitment], changes: Sequence[Changes]) -> dict[str, pl.Series]:
    pairs = list(zip(commitments, changes, strict=True))
    return {
        "priority": pl.Series([c.priority if x.priority is None else x.priority for c, x in pairs], dtype=pl.Int8),
        "staggered": pl.Series([c.staggered or x.stagger for c, x in pairs], dtype=pl.Boolean),
        "life": pl.Series([(c.useful_life or 0) + x.extend_life for c, x in pairs], dtype=pl.Int32),
        "defer": pl.Series([x.defer for x in changes], dtype=pl.Int32),
        "stop": pl.Series([x.stop for x in changes], dtype=pl.Int32),
    }


def _month(day: str) -> pl.Expr:
    column = pl.col(day).dt
    return column.year() * MONTHS + column.month().cast(pl.Int32) - 1


def _month_after(day: str) -> pl.Expr:
    column = pl.col(day).dt.offset_by("1d").dt
    return column.year() * MONTHS + column.month().cast(pl.Int32) - 1


def _renewal_month(horizon: Horizon) -> pl.Expr:
    return pl.coalesce(
        pl.col("renewal_month"),
        pl.col("paid_through").dt.offset_by("1d").dt.month().cast(pl.Int32),
        pl.col("starts_on").dt.month().cast(pl.Int32),
        pl.lit(horizon.calendar.start_month, dtype=pl.Int32),
    )


def _offset_in_year(calendar_month: pl.Expr, horizon: Horizon) -> pl.Expr:
    return (calendar_month - horizon.calendar.start_month + MONTHS) % MONTHS


def _rhythm() -> pl.Expr:
    kind = pl.col("kind")
    return (
        pl.when(kind == Kind.ONE_TIME.value)
        .then(pl.lit(ONE_TIME))
        .when((kind == Kind.REPLACEMENT.value) & pl.col("staggered"))
        .then(pl.lit(STAGGERED))
        .when(kind == Kind.REPLACEMENT.value)
        .then(pl.lit(REPLACEMENT))
        .when(pl.col("is_monthly"))
        .then(pl.lit(MONTHLY))
        .otherwise(pl.lit(ANNUAL))
        .cast(pl.Int8)
    )


def _staggered_from(horizon: Horizon) -> pl.Expr:
    shift = horizon.calendar.start_month - 1
    purchase_year = (_month("purchased_on") - shift) // MONTHS + (1 if shift else 0)
    return pl.max_horizontal(pl.lit(horizon.first_year, dtype=pl.Int32), purchase_year + 1) + pl.col("defer")


def _due(horizon: Horizon) -> pl.Expr:
    first = horizon.calendar.first_month(horizon.first_year)
    # A replacement due before the first projected year waits for the same month of that year.
    late = first + (pl.col("first_due") - first) % MONTHS
    moved = pl.when(pl.col("first_due") < first).then(late).otherwise(pl.col("first_due"))
    return moved + pl.col("defer") * MONTHS


def _months_before(horizon: Horizon) -> int:
    # A month begins before the as-of date when it is an earlier month, or the same one past its first day.
    return horizon.as_of_month + (horizon.as_of.day > 1)
