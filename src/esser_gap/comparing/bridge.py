"""What makes the difference between the gaps of two scenarios: its parts by cause, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esser_gap.comparing.rivals import rivals
from esser_gap.money import to_cents
from esser_gap.plan.attribution import attributed
from esser_gap.plan.causes import Cause, between, differing
from esser_gap.plan.leveling import leveled
from esser_gap.plan.projection import gaps_of, side_by_side
from esser_gap.plan.tables import table_of
from esser_gap.projecting import plan_unleveled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from esser_gap.model.source import Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection

Worth = dict[frozenset[Cause], list[int]]
"""Gap by fiscal year in cents, by the causes that come from the other scenario."""


def bridge_of(
    projection: Projection,
    known_sources: Callable[[], Sequence[Source]],
    progress: Callable[[], None] | None = None,
) -> pl.DataFrame:
    """Split the difference between the gap of each other scenario and that of the first by cause.

    A cause's part is its Shapley value: what taking its settings from the other scenario adds to the gap, averaged
    over all orders in which the causes could be taken. Every plan between the two is projected for it.

    Args:
        projection: One or several scenarios, projected.
        known_sources: Gives the shipped sources.
        progress: Called after each group of plans that was computed.

    Returns:
        The table `bridge`: by district, scenario, fiscal year and cause, dollars that add up to the difference.
    """
    gaps = {
        case: [to_cents(gap) for gap in rows["gap"]]
        for case, rows in projection.years.partition_by("district", "scenario", as_dict=True).items()
    }
    # What a source that is kept level pays follows from everything else, so it is found anew for each mixture.
    planned = [
        plan_unleveled(projection.budget, scenario, projection.settings, known_sources)[0]
        for scenario in projection.scenarios
    ]
    rows = []
    for place, group in enumerate(rivals(projection)):
        name = group.district.name
        first, *others = ((plans[place], gaps[name, plans[place].scenario.name]) for plans in planned)
        spans = [_Span(first[0], other, first[1], own) for other, own in others]
        _fill(spans, group.horizon, progress)
        for span in spans:
            case = (name, span.other.scenario.name)
            for number, year in enumerate(group.horizon.years):
                rows += [(*case, year, cause, cents) for cause, cents in span.parts(number)]
    return table_of("bridge", rows)


@dataclass(slots=True)
class _Span:
    """Two plans of a district, and the gap of every plan between them.

    Attributes:
        baseline: A district under the first scenario.
        other: The same district under another one.
        causes: In which they differ.
        worth: Gaps, by what comes from the other.
    """

    baseline: DistrictPlan
    other: DistrictPlan
    was: list[int]
    now: list[int]
    causes: tuple[Cause, ...] = field(init=False)
    worth: Worth = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the two ends."""
        self.causes = differing(self.baseline, self.other)
        self.worth = {frozenset(): self.was, frozenset(self.causes): self.now}

    def parts(self, number: int) -> Iterator[tuple[str, int]]:
        """Split one year's difference: a part for every cause, nothing for those in which the plans agree."""
        cents = {taken: gaps[number] for taken, gaps in self.worth.items()}
        own = dict(zip(self.causes, attributed(cents, self.causes), strict=True))
        for cause in Cause:
            yield cause.value, own.get(cause, 0)


def _fill(spans: Sequence[_Span], horizon: Horizon, progress: Callable[[], None] | None) -> None:
    """Compute the gaps of all plans that lie between, as many at once as memory easily holds."""
    waiting = [
        (span.worth, taken, plan) for span in spans for taken, plan in between(span.baseline, span.other, span.causes)
    ]
    done = 0
    for plans in side_by_side([leveled(plan, horizon) for _, _, plan in waiting], horizon):
        for years in gaps_of(plans, horizon).years:
            worth, taken, _ = waiting[done]
            worth[taken] = years
            done += 1
        if progress is not None:
            progress()
