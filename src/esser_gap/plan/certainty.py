"""What would be missing if less certain money came, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esser_gap.model.words import Certainty
from esser_gap.plan.projection import gaps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan


def is_all_secured(plan: DistrictPlan) -> bool:
    """Tell whether no source of a plan is less than secured."""
    return all(source.certainty is Certainty.SECURED for source in plan.sources)


def gaps_by_certainty(plan: DistrictPlan, horizon: Horizon) -> Mapping[Certainty, list[int]]:
    """Compute the gap with secured money alone, with likely money, too, and with possible money, too.

    Args:
        plan: Commitments and sources as the scenario has them; what it counts itself does not matter.
        horizon: Projected years.

    Returns:
        For each certainty, surest first, cents by fiscal year when everything at least as sure counts.
    """
    counting = [replace(plan, scenario=plan.scenario.model_copy(update={"count": least})) for least in Certainty]
    return dict(zip(Certainty, gaps_of(counting, horizon).years, strict=True))
