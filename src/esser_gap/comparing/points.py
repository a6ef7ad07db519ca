"""What is missing when settings have certain values, computed for many values at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esser_gap.plan.projection import gaps_of, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from esser_gap.model.scenario import Scenario
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection
    from esser_gap.read.ranges import Range

    AtPoint = Callable[[Scenario, Sequence[str]], Sequence[DistrictPlan]]
    """Gives the plans, one a district, of a scenario with settings."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario with a value for each setting.

    Attributes:
        scenario: Place of the scenario.
        values: In the order of the ranges, in their units.
    """

    scenario: int
    values: tuple[Decimal, ...]

    def moved(self, value: Decimal) -> Point:
        """Give the point at which the first setting has another value."""
        return Point(self.scenario, (value, *self.values[1:]))


@dataclass(frozen=True, slots=True)
class State:
    """What is missing in a district at a point.

    Attributes:
        gaps: Cents by fiscal year.
        lost: Commitments that lose funding.
        first_loss: The first of them, None when none does.
        first_loss_on: When it does.
    """

    gaps: tuple[int, ...]
    lost: frozenset[str]
    first_loss: str | None
    first_loss_on: date | None


@dataclass(slots=True)
class States:
    """What is missing at points, remembered once it is computed.

    Attributes:
        projection: The scenarios before anything is moved.
        ranges: The settings.
        at_point: Gives the plans of a point.
        progress: Called after each group of points.
    """

    projection: Projection
    ranges: tuple[Range, ...]
    at_point: AtPoint
    progress: Callable[[], None] | None
    _known: dict[tuple[int, Point], State] = field(default_factory=dict)

    def of(self, district: int, point: Point) -> State:
        """Give what is missing in a district at a point that was computed."""
        return self._known[district, point]

    def compute(self, points: Iterable[Point]) -> None:
        """Compute what is missing at points.

        Raises:
            InputError: When a setting cannot have its value.
        """
        waiting = [point for point in dict.fromkeys(points) if (0, point) not in self._known]
        for start in range(0, len(waiting), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            planned = [self._plans(point) for point in some]
            for place, district in enumerate(self.projection.budget.districts):
                horizon = self.projection.settings.horizon_of(district)
                found = [
                    state
                    for plans in side_by_side([own[place] for own in planned], horizon)
                    for state in _states(plans, horizon)
                ]
                self._known.update(((place, point), state) for point, state in zip(some, found, strict=True))
            if self.progress is not None:
                self.progress()

    def _plans(self, point: Point) -> Sequence[DistrictPlan]:
        settings = [one.setting(value) for one, value in zip(self.ranges, point.values, strict=True)]
        return self.at_point(self.projection.scenarios[point.scenario], settings)


def _states(plans: Sequence[DistrictPlan], horizon: Horizon) -> list[State]:
    gaps = gaps_of(plans, horizon)
    lost: list[list[tuple[str, date]]] = [[] for _ in plans]
    for plan, commitment, day in gaps.losses.select("plan", "commitment", "funding_lost_on").iter_rows():
        lost[plan].append((commitment, day))
    return [
        State(tuple(years), frozenset(name for name, _ in own), *(own[0] if own else (None, None)))
        for years, own in zip(gaps.years, lost, strict=True)
    ]
