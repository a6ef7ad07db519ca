"""At which value of a setting the gap opens or closes, and each commitment loses or regains funding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from esser_gap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from esser_gap.comparing.points import Point, State, States


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing that is not the same at two values of the first setting, all else being equal.

    Attributes:
        district: Place of the district.
        point: Scenario and values of the other settings.
        commitment: Id of the commitment that tips; None when it is the gap as a whole.
        before: Value at which all is as it was.
        after: The next value, at which it is not.
        opens: Whether something goes unpaid from there on.
    """

    district: int
    point: Point
    commitment: str | None
    before: Decimal
    after: Decimal
    opens: bool

    @property
    def change(self) -> str:
        """Say what happens."""
        if self.commitment is None:
            return "the gap opens" if self.opens else "the gap closes"
        return "loses funding" if self.opens else "is funded"

    def shows_in(self, state: State) -> bool:
        """Tell whether a state is as it is after the tip."""
        is_short = any(state.gaps) if self.commitment is None else self.commitment in state.lost
        return is_short is self.opens


def break_evens(states: States, points: Sequence[Point]) -> list[Tip]:
    """Find between neighbouring values of the first setting where something tips, as exactly as its range says.

    Args:
        states: What is missing at the points.
        points: A grid; what tips twice between two neighbours is found once.

    Returns:
        By district, scenario and the other settings, in the order of the value.
    """
    tips = [
        tip for district in range(len(states.projection.budget.districts)) for tip in _between(states, points, district)
    ]
    finest = states.ranges[0].finest
    while wide := [place for place, tip in enumerate(tips) if tip.after - tip.before > finest]:
        middles = {place: _middle(tips[place], finest) for place in wide}
        try:
            states.compute(tips[place].point.moved(value) for place, value in middles.items())
        except InputError:
            # Both neighbours are possible: the setting takes whole numbers only.
            break
        for place, value in middles.items():
            tip = tips[place]
            is_after = tip.shows_in(states.of(tip.district, tip.point.moved(value)))
            tips[place] = replace(tip, after=value) if is_after else replace(tip, before=value)
    return sorted(tips, key=lambda tip: (tip.district, tip.point.scenario, tip.point.values[1:], tip.after))


def _between(states: States, points: Sequence[Point], district: int) -> Iterator[Tip]:
    """Compare neighbours along the first setting."""
    lines: dict[tuple[int, tuple[Decimal, ...]], list[Point]] = {}
    for point in points:
        lines.setdefault((point.scenario, point.values[1:]), []).append(point)
    for line in lines.values():
        for one, other in pairwise(line):
            before, after = states.of(district, one), states.of(district, other)
            span = (one.values[0], other.values[0])
            if any(before.gaps) is not any(after.gaps):
                yield Tip(district, one, None, *span, opens=any(after.gaps))
            for commitment in sorted(before.lost ^ after.lost):
                yield Tip(district, one, commitment, *span, opens=commitment in after.lost)


def _middle(tip: Tip, finest: Decimal) -> Decimal:
    """Give the value in the middle, in whole steps of the finest."""
    steps = (tip.after - tip.before) / finest
    return tip.before + finest * (-(-steps // 2))
