"""Guardrails: no scenario quietly defunds a safeguard, and nothing that needs them all goes ahead without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name
from esser_gap.issues import Issue, warning
from esser_gap.model.source import same_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.guardrails import Guardrails, Safeguard
    from esser_gap.plan.resolve import Changes, DistrictPlan

CODES = frozenset({"guardrail-defunded", "guardrail-cut", "guardrail-not-safe", "guardrail-absent"})
"""Codes of the issues that a guardrail raises."""

_NAMED = 3
"""Commitments that a message names before it counts the rest."""


def check_guardrails(plan: DistrictPlan, costs: pl.DataFrame, guardrails: Guardrails) -> list[Issue]:
    """Hold one district's projection under one scenario against the guardrails.

    Args:
        plan: Commitments and what the scenario does to them.
        costs: The table `costs` of the same district and scenario.
        guardrails: What is protected and what needs it.

    Returns:
        A warning for every safeguard with a gap or that the scenario cuts, and for everything that goes
        ahead in a year in which a safeguard is missing, stopped or has a gap.
    """
    members = {
        safeguard.name: [p for p, c in enumerate(plan.commitments) if _is_part(c, safeguard)]
        for safeguard in guardrails.safeguards
    }
    unsafe = _gap_years(plan, costs)
    issues = []
    for name, positions in members.items():
        for position in positions:
            issues.extend(_defunded(plan, position, name, unsafe.get(position, [])))
            issues.extend(_cut(plan, position, name))
    issues.extend(_gated(plan, costs, guardrails, members, unsafe))
    return issues


def _is_part(commitment: Commitment, safeguard: Safeguard) -> bool:
    services = {same_name(service) for service in safeguard.services}
    return commitment.category in safeguard.categories or same_name(commitment.service or "") in services


def _gap_years(plan: DistrictPlan, costs: pl.DataFrame) -> dict[int, list[int]]:
    positions = {c.id: p for p, c in enumerate(plan.commitments)}
    gaps = costs.filter(pl.col("gap") > 0).select("commitment", "fiscal_year")
    years: dict[int, list[int]] = {}
    for identifier, year in gaps.iter_rows():
        years.setdefault(positions[identifier], []).append(year)
    return years


def _about(plan: DistrictPlan, position: int, field: str) -> dict[str, object]:
    commitment = plan.commitments[position]
    return {"where": commitment.origin.where(field), "field": field, "found": commitment.id or ""}


def _defunded(plan: DistrictPlan, position: int, safeguard: str, years: Sequence[int]) -> list[Issue]:
    if not years:
        return []
    name = plan.commitments[position].name
    message = (
        f"scenario `{plan.scenario.name}` leaves `{name}` ({safeguard}) without full funding from"
        f" {year_name(min(years))}"
    )
    hint = "find a source for it, give it priority 1, or say in the open that it goes"
    return [warning("guardrail-defunded", message, hint=hint, **_about(plan, position, "name"))]


def _cut(plan: DistrictPlan, position: int, safeguard: str) -> list[Issue]:
    commitment, changes = plan.commitments[position], plan.changes_of(position)
    done = _how_cut(commitment, changes)
    if not done:
        return []
    message = f"scenario `{plan.scenario.name}` {done} `{commitment.name}` ({safeguard})"
    hint = "take it out of the action's selection, or say in the open why"
    return [warning("guardrail-cut", message, hint=hint, **_about(plan, position, "name"))]


def _how_cut(commitment: Commitment, changes: Changes) -> str:
    if changes.stop is not None:
        return f"stops from {year_name(changes.stop)}"
    if any(factor < 1 for _, factor in changes.scales):
        return "scales down"
    if any(price < commitment.base for _, price in changes.prices):
        return "lowers the price of"
    if changes.defer:
        return f"defers by {changes.defer} year{'s' if changes.defer > 1 else ''}"
    return ""


def _gated(
    plan: DistrictPlan,
    costs: pl.DataFrame,
    guardrails: Guardrails,
    members: dict[str, list[int]],
    unsafe: dict[int, list[int]],
) -> list[Issue]:
    gated = {c.id: p for p, c in enumerate(plan.commitments) if c.category in guardrails.gated}
    if not gated:
        return []
    running = costs.filter(pl.col("commitment").is_in(list(gated)) & (pl.col("cost") > 0))
    years: dict[int, list[int]] = {}
    for identifier, year in running.select("commitment", "fiscal_year").iter_rows():
        years.setdefault(gated[identifier], []).append(year)
    if not years:
        return []
    horizon = costs["fiscal_year"].unique().to_list()
    issues: list[Issue] = []
    for name, positions in members.items():
        if not positions:
            issues.append(_absent(plan, list(years), name))
            continue
        weak = _weak_years(plan, positions, unsafe, horizon)
        first_unsafe: dict[int, list[int]] = {}
        for position, own in years.items():
            first = min((year for year in own if year in weak), default=None)
            if first is not None:
                first_unsafe.setdefault(first, []).append(position)
        issues.extend(_unguarded(plan, which, name, year, weak[year]) for year, which in sorted(first_unsafe.items()))
    return issues


def _weak_years(
    plan: DistrictPlan, positions: Sequence[int], unsafe: dict[int, list[int]], horizon: Sequence[int]
) -> dict[int, list[str]]:
    """Name for each fiscal year the commitments of a safeguard that are stopped or in gap."""
    weak: dict[int, list[str]] = {}
    for position in positions:
        stop = plan.changes_of(position).stop
        stopped = [] if stop is None else [year for year in horizon if year >= stop]
        for year in {*unsafe.get(position, ()), *stopped}:
            weak.setdefault(year, []).append(plan.commitments[position].name)
    return weak


def _absent(plan: DistrictPlan, gated: Sequence[int], safeguard: str) -> Issue:
    """Say what goes ahead although the budget has nothing for a safeguard."""
    names = _some([plan.commitments[position].name for position in gated])
    verb = "goes" if len(gated) == 1 else "go"
    message = f"{names} {verb} ahead, and no commitment of the budget is for {safeguard}"
    hint = "add one, or name it in `service` if it is there under another category"
    return warning("guardrail-absent", message, hint=hint, **_about(plan, gated[0], "category"))


def _unguarded(plan: DistrictPlan, gated: Sequence[int], safeguard: str, year: int, weak: Sequence[str]) -> Issue:
    """Say what first goes ahead in a year in which a safeguard is stopped or in gap."""
    names = _some([plan.commitments[position].name for position in gated])
    message = (
        f"scenario `{plan.scenario.name}` lets {names} go ahead in {year_name(year)} without full {safeguard}:"
        f" {_some(weak)}"
    )
    hint = "fund the safeguard first, or stop the commitment until it is"
    return warning("guardrail-not-safe", message, hint=hint, **_about(plan, gated[0], "category"))


def _some(names: Sequence[str]) -> str:
    """Name the first three, and say how many more there are."""
    named = [f"`{name}`" for name in dict.fromkeys(names)]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"{', '.join(named[:_NAMED])}{more}"
