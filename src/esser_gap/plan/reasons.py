"""Why a payment is not paid in full: which sources ended, ran out or may not pay it, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import first_day, year_name
from esser_gap.model.source import same_name
from esser_gap.model.words import Kind
from esser_gap.money import percent
from esser_gap.plan.eligibility import bar, concerns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.awards import DrawnAward, DrawnSource, Money

NO_SOURCE = "no source is named for it and none may pay it"


def reasons(lost: pl.DataFrame, money: Money) -> pl.DataFrame:
    """Say in words why each first unpaid payment is not paid in full.

    Args:
        lost: One row a commitment: `place` (in the order of service), `month` and `fiscal_year` of the
            first payment not paid in full.
        money: Sources as listed, after all years were funded.

    Returns:
        The same rows with `reason`: sources that ended, ran out or pay only a part, then those whose money
        is not certain enough to count, then those that may not pay, each as listed.
    """
    # Commitments that the rules treat alike and that lose funding together lose it for the same reason.
    keyed = lost.with_columns(
        plan=money.plan.gather(lost["place"]),
        group=money.group.gather(lost["place"]),
        obligated_on=money.obligated_on.gather(lost["place"]),
    )
    key = ["plan", "group", "obligated_on", "month", "fiscal_year"]
    cases = keyed.unique(key, keep="first", maintain_order=True).select(*key, "place")
    rulebook = _Rulebook(money)
    words = [
        _reason(money, rulebook.of(plan, group, place), place, month, year)
        for plan, group, _, month, year, place in cases.iter_rows()
    ]
    found = cases.drop("place").with_columns(reason=pl.Series(words, dtype=pl.String))
    return keyed.join(found, on=key, how="left", nulls_equal=True, maintain_order="left").drop("group", "obligated_on")


def _reason(money: Money, rules: Sequence[tuple[DrawnSource, str | None]], place: int, month: int, year: int) -> str:
    commitment = money.served[place]
    allowed = [source for source, rule in rules if rule == ""]
    words = [_state(source, money, commitment, month, year) for source in allowed if source.counts]
    words += [f"{s.source.name} is only {s.source.certainty}" for s in allowed if not s.counts]
    barred = [f"{source.source.name} ({rule})" for source, rule in rules if rule and source.counts]
    if barred:
        words.append(f"may not pay it: {', '.join(barred)}")
    return "; ".join(words) or NO_SOURCE


@dataclass(slots=True)
class _Rulebook:
    """Which rule bars which source from which commitments; plans mostly have the same."""

    money: Money
    known: dict[tuple[int, int], str | None] = field(default_factory=dict)

    def of(self, plan: int, group: int, place: int) -> list[tuple[DrawnSource, str | None]]:
        """Give for each source of a plan the rule that bars it from a commitment.

        It is blank when none does, None when the source has nothing to do with the commitment.
        """
        return [(source, self._rule(source, group, place)) for source in self.money.sources[plan]]

    def _rule(self, source: DrawnSource, group: int, place: int) -> str | None:
        key = (id(source.terms), group)
        if key not in self.known:
            commitment = self.money.served[place]
            self.known[key] = (bar(source.source, commitment) or "") if concerns(source.source, commitment) else None
        return self.known[key]


def _state(source: DrawnSource, money: Money, commitment: Commitment, month: int, year: int) -> str:
    """Say what became of a source that may pay a commitment."""
    name = source.source.name
    obligated_on = None if commitment.kind is Kind.STAFF else commitment.obligated_on
    open_now = [award for award in source.awards if award.covers(month, obligated_on)]
    if not open_now:
        return _closed(source, month)
    spent = [award for award in open_now if award.is_spent_in(year)]
    if len(spent) == len(open_now):
        return _spent(name, spent[-1], money, year)
    share = source.source.share
    if source.is_assigned:
        share = min(share, *(p.share for p in commitment.funded_by if same_name(p.source) in source.source.spellings))
    return f"{name} pays at most {percent(share)}"


def _closed(source: DrawnSource, month: int) -> str:
    """Describe a source that has no award for a month: it ended, starts later, or skips it."""
    name, awards = source.source.name, source.awards
    days = [award.last_day for award in awards if award.last_day is not None]
    if days and all(award.through < month for award in awards):
        return f"{name} ended {max(days).isoformat()}"
    if awards and all(award.begins > month for award in awards):
        return f"{name} starts {first_day(min(award.begins for award in awards)).isoformat()}"
    return f"{name} has no money on {first_day(month).isoformat()}"


def _spent(name: str, award: DrawnAward, money: Money, year: int) -> str:
    """Describe a source whose awards are spent, by the commitment that took the last cent."""
    if award.ran_out_in is None or award.ran_out_after is None:
        return f"{name} has no money left"
    after = f"{name} ran out after {money.served[award.ran_out_after].id}"
    return after if award.ran_out_in == year else f"{after} in {year_name(award.ran_out_in)}"
