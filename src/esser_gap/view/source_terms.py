"""The terms of a source in words: what it pays, how much, until when, by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.scenario import COMMAND_LINE
from esser_gap.model.source import same_name
from esser_gap.model.words import Basis, Certainty, Measured, Method
from esser_gap.money import percent, to_dollars
from esser_gap.plan.awards import yearly_amounts
from esser_gap.view.amounts import to_the_cent
from esser_gap.view.scenario_words import source_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.source import Award, Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan


def terms_of(source: Source, plan: DistrictPlan, horizon: Horizon) -> str:
    """Put a source's terms into words.

    Args:
        source: One of the plan's sources.
        plan: Says whether its certainty counts.
        horizon: Projected years, for yearly amounts.

    Returns:
        Clauses parted by semicolons.
    """
    clauses = [*_reach(source), *_money(source, horizon), *_certainty(source, plan), *_rule(source)]
    return "; ".join(clauses)


def source_place(source: Source, plan: DistrictPlan) -> str:
    """Say where a source comes from: a place in the user's files, the scenario, or both."""
    named = f"scenario `{plan.scenario.name}`"
    if any(same_name(added.name) == same_name(source.name) for added in plan.scenario.sources.add):
        return named
    place = str(source.origin.where()) or "budget"
    changes = source_changes(plan.scenario)
    paths = [path for name, _, path in changes if same_name(name) in source.spellings]
    adjusted = {plan.sources[at].name for at in plan.adjustments}
    by = {f"`{COMMAND_LINE}`" if plan.scenario.where(path).file == COMMAND_LINE else named for path in paths}
    by |= {named} if source.name in adjusted else set()
    return f"{place}; changed by {' and '.join(sorted(by, reverse=True))}" if by else place


def _reach(source: Source) -> Iterator[str]:
    yield "recurring" if source.recurring else "one-time"
    yield "pays only what names it" if source.basis is Basis.ASSIGNED else "pays anything it may"
    for allowed in (source.categories, source.kinds, source.commitments):
        if allowed:
            yield f"only {', '.join(allowed)}"
    if source.excludes:
        yield f"never {', '.join(source.excludes)}"
    if source.share != 1:
        yield f"at most {percent(source.share)} of a cost"
    if source.measured is Measured.PRE_DISCOUNT:
        yield "drawn by the cost before discount"
    if source.method is Method.PRO_RATA:
        yield "shared out in proportion when too small"


def _money(source: Source, horizon: Horizon) -> Iterator[str]:
    if source.yearly is not None:
        amounts = yearly_amounts(source, horizon)
        yield ", ".join(f"{year_name(year)} {to_the_cent(to_dollars(cents))}" for year, cents in amounts.items())
        if source.carryover:
            yield f"carried over for {source.carryover} years"
    for award in source.awards:
        yield _award(award)
    if source.yearly is None and not source.awards:
        yield "unlimited"


def _award(award: Award) -> str:
    words = ["unlimited" if award.amount is None else to_the_cent(award.amount)]
    if award.from_:
        words.append(f"from {award.from_}")
    if award.through:
        words.append(f"through {award.through}")
    if award.liquidate_by:
        words.append(f"(obligated costs to {award.liquidate_by})")
    return " ".join(words)


def _certainty(source: Source, plan: DistrictPlan) -> Iterator[str]:
    if source.certainty.rank > plan.scenario.count.rank:
        yield f"{source.certainty}, not counted"
    elif source.certainty is not Certainty.SECURED:
        yield f"{source.certainty}, counted"


def _rule(source: Source) -> Iterator[str]:
    """Say under which rule it appears eligible, and when that was read; the owner of the grant decides."""
    where = f" under {source.citation}" if source.citation else ""
    when = f" as of {source.as_of}" if source.as_of else ""
    if source.rule:
        yield f"appears eligible{where}{when}: {source.rule}"
    elif where or when:
        yield f"appears eligible{where}{when}"
