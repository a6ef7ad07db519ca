"""How each source stands to each commitment: the share that it may pay, or the rule that bars it.

It asks the same questions in the same words as the funding does, so that the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import month_of
from esser_gap.model.words import Basis, Kind
from esser_gap.plan.awards import awards_of
from esser_gap.plan.eligibility import rule_against, span_in, spans_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source
    from esser_gap.plan.awards import DrawnAward
    from esser_gap.plan.eligibility import Spans
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

NOT_NAMED, PERIOD = "not named", "period"
"""Codes of the bars that are no rule of `eligibility`."""

CODES = {
    "category": "it pays other categories only",
    "kind": "it pays other kinds of cost only",
    "id": "it pays only commitments that it names, and this is none of them",
    "life": "it pays only what lasts longer, or whose `useful_life` is given",
    "mandated": "it may never pay what is mandated",
    "excluded": "it excludes this category, kind or commitment",
    NOT_NAMED: "it pays only what names it in `funded_by`, and this does not",
    PERIOD: "no payment of the projected years falls inside its period",
}
"""What each code means."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a source may pay of a commitment, as its rules are understood.

    Attributes:
        share: The most of a payment that it may pay, None when it may pay nothing.
        code: Which rule bars it, one of `CODES`; None when none does.
        words: The rule, or which part of the projected years its period leaves out; blank when there is nothing to say.
    """

    share: Decimal | None
    code: str | None = None
    words: str = ""


def standings(plan: DistrictPlan, horizon: Horizon, payments: pl.DataFrame) -> list[tuple[Standing, ...]]:
    """Say how every source of a plan stands to every commitment, whether or not its money counts or suffices.

    Args:
        plan: Commitments and sources as the scenario has them.
        horizon: Projected years.
        payments: Rows of the table `payments` of the same district and scenario.

    Returns:
        For each commitment, as listed, a standing for each source, as listed.
    """
    months = _months(payments)
    known = [_Known(source, awards_of(source, horizon), {}) for source in plan.sources]
    return [_row(commitment, known, months.get(commitment.id or "", ())) for commitment in plan.commitments]


def _months(payments: pl.DataFrame) -> Mapping[str, tuple[int, ...]]:
    """Count the months in which each commitment has payments."""
    days = payments.group_by("commitment", maintain_order=True).agg(pl.col("due_on"))
    return {commitment: tuple(map(month_of, due)) for commitment, due in days.iter_rows()}


@dataclass(frozen=True, slots=True)
class _Known:
    """A source with its awards, and what was found out about its periods."""

    source: Source
    awards: Sequence[DrawnAward]
    periods: dict[tuple[tuple[int, ...], date | None], int]

    def reached(self, months: tuple[int, ...], obligated_on: date | None) -> int:
        """Count the payments that fall inside one of its awards."""
        key = (months, obligated_on)
        if key not in self.periods:
            self.periods[key] = sum(any(award.covers(m, obligated_on) for award in self.awards) for m in months)
        return self.periods[key]


def _row(commitment: Commitment, known: Sequence[_Known], months: tuple[int, ...]) -> tuple[Standing, ...]:
    spans = spans_of(commitment)
    obligated_on = None if commitment.kind is Kind.STAFF else commitment.obligated_on
    return tuple(_standing(one, commitment, spans, months, obligated_on) for one in known)


def _standing(
    known: _Known, commitment: Commitment, spans: Spans, months: tuple[int, ...], obligated_on: date | None
) -> Standing:
    source = known.source
    rule = rule_against(source, commitment)
    if rule is not None:
        return Standing(None, rule.code, rule.words)
    span = span_in(spans, source)
    if source.basis is Basis.ASSIGNED and span is None:
        return Standing(None, NOT_NAMED, "only what names it in `funded_by`")
    reached = known.reached(months, obligated_on)
    if months and not reached:
        return Standing(None, PERIOD, _period(known.awards))
    share = source.share
    if source.basis is Basis.ASSIGNED and span is not None:
        share = min(share, _exact(span[1] - span[0]))
    words = f"{reached} of {len(months)} payments fall inside its period" if reached < len(months) else ""
    return Standing(share, None, words)


def _exact(part: object) -> Decimal:
    numerator, denominator = part.as_integer_ratio()  # type: ignore[attr-defined]
    return Decimal(numerator) / Decimal(denominator)


def _period(awards: Sequence[DrawnAward]) -> str:
    """Say when its money is there."""
    first = [award.first_day for award in awards]
    last = [award.last_day for award in awards]
    if not awards:
        return "it has no money"
    words = [f"from {min(day for day in first if day)}"] if all(first) else []
    words += [f"through {max(day for day in last if day)}"] if all(last) else []
    return " ".join(words) or "its period leaves these payments out"
