"""Costs that move from state or local money to federal money that may only add to it: a question to the grant owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name
from esser_gap.issues import Issue, warning
from esser_gap.model.words import Level, Supplement
from esser_gap.plan.eligibility import span_in, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source
    from esser_gap.plan.resolve import DistrictPlan

_NAMED = 3
"""Commitments that a message names before it counts the rest."""
_PLACES = {
    Supplement.STATE_AND_LOCAL: "state or local money",
    Supplement.ALL: "state, local or other federal money",
}


def may_supplant(
    plan: DistrictPlan, first_year: int, coverage: pl.DataFrame, listed: Sequence[Source] = ()
) -> list[Issue]:
    """Find costs that a source pays the year after other money did whose place it may not take.

    Args:
        plan: Commitments and sources as the scenario has them.
        first_year: First projected year; before it stands what `funded_by` says.
        coverage: The table `coverage`, of any districts and scenarios.
        listed: Sources of the budget, among them those that the scenario removes.

    Returns:
        A warning for each such source, year and source paid from before; it names the commitments and asks.
    """
    guarded: list[Source] = []
    for source in plan.sources:
        if source.must_supplement in _PLACES and not any(source.is_same_as(one) for one in guarded):
            guarded.append(source)
    if not guarded:
        return []
    own = coverage.filter((pl.col("district") == plan.district.name) & (pl.col("scenario") == plan.scenario.name))
    return [issue for source in guarded for issue in _moved(plan, source, first_year, own, listed)]


def is_displaced(source: Source, guarded: Source) -> bool:
    """Tell whether a source is money whose place another one may not take."""
    if source.is_same_as(guarded) or source.level is Level.PARTNER:
        return False
    return not source.is_federal or guarded.must_supplement is Supplement.ALL


def _moved(
    plan: DistrictPlan, guarded: Source, first_year: int, coverage: pl.DataFrame, listed: Sequence[Source]
) -> Iterator[Issue]:
    displaced = [source.name for source in plan.sources if is_displaced(source, guarded)]
    own = [source.name for source in plan.sources if source.is_same_as(guarded)]
    paid = coverage.filter(pl.col("source").is_in(own)).select("commitment", "fiscal_year").unique(maintain_order=True)
    before = coverage.filter(pl.col("source").is_in(displaced)).select("commitment", "source", "fiscal_year")
    # What it paid the year before already is not moved to it.
    new = paid.join(_next_year(paid), on=["commitment", "fiscal_year"], how="anti")
    moved = new.join(_next_year(before), on=["commitment", "fiscal_year"], how="inner", maintain_order="left")
    by_id = {commitment.id or "": commitment for commitment in plan.commitments}
    groups: dict[tuple[int, str], list[Commitment]] = {}
    for identifier, year, source in moved.select("commitment", "fiscal_year", "source").iter_rows():
        groups.setdefault((year, source), []).append(by_id[identifier])
    for identifier, year in paid.filter(pl.col("fiscal_year") == first_year).iter_rows():
        for source in _paying_today(by_id[identifier], guarded, [*plan.sources, *listed]):
            groups.setdefault((year, source), []).append(by_id[identifier])
    for (year, source), commitments in sorted(groups.items(), key=lambda item: item[0]):
        yield _question(plan, guarded, source, year, commitments, is_today=year == first_year)


def _next_year(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("fiscal_year") + 1)


def _paying_today(commitment: Commitment, guarded: Source, sources: Sequence[Source]) -> list[str]:
    """Name the money that pays a commitment today and whose place may not be taken; none when both pay it."""
    spans = spans_of(commitment)
    if span_in(spans, guarded) is not None:
        return []
    named = [s.name for s in sources if is_displaced(s, guarded) and span_in(spans, s) is not None]
    return list(dict.fromkeys(named))


def _question(
    plan: DistrictPlan, guarded: Source, before: str, year: int, commitments: Sequence[Commitment], *, is_today: bool
) -> Issue:
    names = [f"`{commitment.name}`" for commitment in {c.id: c for c in commitments}.values()]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    verb = "is" if len(names) == 1 else "are"
    then = "today" if is_today else f"in {year_name(year - 1)}"
    message = (
        f"scenario `{plan.scenario.name}`: {', '.join(names[:_NAMED])}{more} {verb} paid by `{before}` {then} and by"
        f" `{guarded.name}` in {year_name(year)}; would it take the place of {_PLACES[guarded.must_supplement]}?"
    )
    rule = f" ({guarded.citation}, read on {guarded.as_of})" if guarded.citation and guarded.as_of else ""
    hint = f"ask the owner of the grant before the cost is moved; such money may only add to what others pay{rule}"
    first = commitments[0]
    place = {"where": first.origin.where("funded_by"), "field": "funded_by", "found": first.id or ""}
    return warning("may-supplant", message, hint=hint, **place)
