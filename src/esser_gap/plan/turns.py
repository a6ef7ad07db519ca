"""Whose turn it is to be drawn, when several plans draw their sources side by side."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esser_gap.plan.awards import DrawnAward, DrawnSource


@dataclass(frozen=True, slots=True)
class Turn:
    """A source that some plans draw at the same time, on the same terms, each with awards of its own.

    Attributes:
        sources: The source as each plan has it, by the plan's place.
    """

    sources: Mapping[int, DrawnSource]

    @property
    def source(self) -> DrawnSource:
        """Give the source as one of the plans has it: its rules are those of all."""
        return next(iter(self.sources.values()))

    def awards(self) -> Iterator[Mapping[int, DrawnAward]]:
        """Go through the awards in drawing order, each as every plan has it: the periods are the same."""
        for number in range(len(self.source.awards)):
            yield {plan: source.awards[number] for plan, source in self.sources.items()}


def turns(orders: Sequence[Sequence[DrawnSource]]) -> Iterator[Turn]:
    """Put the sources of all plans into turns, so that each plan draws its own in its own order.

    Args:
        orders: For each plan, its sources in drawing order.

    Yields:
        As few turns as a short look ahead gives: a source waits while other plans have not come to it.
    """
    waiting = [deque(order) for order in orders]
    while any(waiting):
        heads: dict[int, list[int]] = {}
        for plan, sources in enumerate(waiting):
            if sources:
                heads.setdefault(id(sources[0].terms), []).append(plan)
        chosen = min(heads, key=lambda terms: _behind(terms, waiting))
        yield Turn({plan: waiting[plan].popleft() for plan in heads[chosen]})


def _behind(terms: int, waiting: Sequence[deque[DrawnSource]]) -> int:
    """Count the plans that come to a source only after others."""
    return sum(
        any(id(source.terms) == terms for source in sources) and id(sources[0].terms) != terms for sources in waiting
    )
