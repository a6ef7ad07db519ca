"""What makes the gaps of two scenarios differ: settings in five groups, and plans that take each from one of them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Any

from esser_gap.plan.resolve import UNCHANGED, Changes, DistrictPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Cause(StrEnum):
    """A group of settings of a scenario, in the order in which ties of cents are decided."""

    PRICES = "prices"
    QUANTITIES = "quantities"
    ACTIONS = "timing and actions"
    FUNDING = "funding"
    PRIORITIES = "priorities"


MEANING = {
    Cause.PRICES: "price growth, and new prices of commitments",
    Cause.QUANTITIES: "paths that quantities follow, such as enrollment",
    Cause.ACTIONS: "what is stopped, scaled, deferred, kept longer, spread or added",
    Cause.FUNDING: "sources with their amounts and terms, and which certainty counts",
    Cause.PRIORITIES: "who is paid first, and the order in which sources are drawn",
}
"""What belongs to each cause, in words."""

CHANGED = {
    Cause.PRICES: ("prices",),
    Cause.ACTIONS: ("stop", "scales", "defer", "extend_life", "stagger"),
    Cause.PRIORITIES: ("priority",),
}
"""What actions do to a commitment, by the cause it belongs to."""

_OF_SCENARIO = {
    Cause.PRICES: ("growth",),
    Cause.FUNDING: ("count",),
    Cause.PRIORITIES: ("funding_order",),
}
_OF_PLAN = {
    Cause.QUANTITIES: ("drivers",),
    Cause.ACTIONS: ("commitments",),
    Cause.FUNDING: ("sources", "adjustments"),
}


def differing(one: DistrictPlan, other: DistrictPlan) -> tuple[Cause, ...]:
    """List the causes in which two plans of a district are not the same.

    Args:
        one: A district under one scenario.
        other: The same district under another one.
    """
    return tuple(cause for cause in Cause if _settings(one, cause) != _settings(other, cause))


def between(
    one: DistrictPlan, other: DistrictPlan, causes: Sequence[Cause]
) -> Iterator[tuple[frozenset[Cause], DistrictPlan]]:
    """Make every plan that lies between two: it takes some causes from the other, but not all.

    Args:
        one: A district under one scenario.
        other: The same district under another one.
        causes: In which they differ.

    Yields:
        The causes taken from the other, and the plan.
    """
    for count in range(1, len(causes)):
        for taken in combinations(causes, count):
            yield frozenset(taken), mixed(one, other, frozenset(taken))


def mixed(one: DistrictPlan, other: DistrictPlan, taken: frozenset[Cause]) -> DistrictPlan:
    """Make a plan that takes some causes from another plan.

    Args:
        one: A district under one scenario.
        other: The same district under another one.
        taken: The causes that come from the other.

    Returns:
        A plan with the commitments of one of the two. A path that only one of the two has stays available to what
        needs it; a source that it has not pays nothing.
    """
    whose = {cause: other if cause in taken else one for cause in Cause}
    of_scenario = {
        name: getattr(whose[cause].scenario, name) for cause, names in _OF_SCENARIO.items() for name in names
    }
    quantities, missing = whose[Cause.QUANTITIES], one if Cause.QUANTITIES in taken else other
    return replace(
        one,
        scenario=one.scenario.model_copy(update=of_scenario),
        commitments=whose[Cause.ACTIONS].commitments,
        changes=_mixed_changes(whose),
        sources=whose[Cause.FUNDING].sources,
        adjustments=whose[Cause.FUNDING].adjustments,
        drivers={**missing.drivers, **quantities.drivers},
    )


def _mixed_changes(whose: Mapping[Cause, DistrictPlan]) -> dict[int, Changes]:
    """Put together what actions do: they change only commitments of the budget, which stand alike in all plans."""
    positions = sorted({position for plan in whose.values() for position in plan.changes})
    changes = {}
    for position in positions:
        parts: dict[str, Any] = {}
        for cause, names in CHANGED.items():
            own = whose[cause].changes_of(position)
            parts |= {name: getattr(own, name) for name in names}
        changes[position] = Changes(**parts)
    return changes


def _settings(plan: DistrictPlan, cause: Cause) -> tuple[object, ...]:
    """Give everything that belongs to a cause, to be compared."""
    names = CHANGED.get(cause, ())
    changed = {
        position: values
        for position, changes in plan.changes.items()
        if (values := [getattr(changes, name) for name in names]) != [getattr(UNCHANGED, name) for name in names]
    }
    of_scenario = [getattr(plan.scenario, name) for name in _OF_SCENARIO.get(cause, ())]
    return (changed, of_scenario, [getattr(plan, name) for name in _OF_PLAN.get(cause, ())])
