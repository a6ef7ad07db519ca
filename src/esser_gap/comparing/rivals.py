"""The districts of a projection, each under the first scenario, which is the baseline, and under the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.model.district import District
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection


@dataclass(frozen=True, slots=True)
class Rivals:
    """One district under the baseline and under every other scenario.

    Attributes:
        district: The district.
        horizon: The projected years in its fiscal calendar.
        baseline: Its plan under the first scenario.
        others: Its plans under the others, in order.
    """

    district: District
    horizon: Horizon
    baseline: DistrictPlan
    others: Sequence[DistrictPlan]


def rivals(projection: Projection) -> Iterator[Rivals]:
    """Go through the districts of a projection, each with all its scenarios.

    Args:
        projection: One or several scenarios, projected.
    """
    count = len(projection.scenarios)
    for number, district in enumerate(projection.budget.districts):
        baseline, *others = projection.plans[number * count : (number + 1) * count]
        yield Rivals(district, projection.settings.horizon_of(district), baseline, others)
