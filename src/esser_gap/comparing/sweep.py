"""Settings moved over ranges: the gap at every point of the grid, and the values at which something tips."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.comparing.points import Point, States
from esser_gap.comparing.tipping import break_evens
from esser_gap.errors import InputError
from esser_gap.issues import error
from esser_gap.plan.tables import MONEY, SWEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esser_gap.comparing.points import AtPoint, State
    from esser_gap.comparing.tipping import Tip
    from esser_gap.projecting import Projection
    from esser_gap.read.ranges import Range

MOST_POINTS = 10_000
"""Points that a sweep may have, over all scenarios."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Settings of one or several scenarios moved over ranges.

    Attributes:
        projection: The scenarios as they are, before anything is moved.
        ranges: The settings and their values.
        sweep: One row a district, scenario and point of the grid: the value of each setting under its path
            (percentages as shares), `gap_YEAR` for each fiscal year and `horizon_gap` in dollars, and
            `first_loss_on` and `first_loss`, the commitment that loses funding first.
        break_even: One row for each value of the first setting at which something tips, the others staying as
            they are: the values of the others, `tips` (`gap` or `commitment`), `commitment`, `before` and `after`
            (the last value at which all is as before, and the first at which it is not), and `change` in words.
    """

    projection: Projection
    ranges: tuple[Range, ...]
    sweep: pl.DataFrame
    break_even: pl.DataFrame

    def table(self, name: str) -> pl.DataFrame:
        """Give one of the two tables, or of the projection's, by its name."""
        frame: pl.DataFrame = getattr(self if name in SWEPT else self.projection, name)
        return frame


def swept(
    projection: Projection,
    ranges: Sequence[Range],
    at_point: AtPoint,
    progress: Callable[[], None] | None = None,
) -> Sweep:
    """Move settings of every scenario of a projection over a grid.

    Args:
        projection: The scenarios to start from.
        ranges: At least one; several make a grid.
        at_point: Gives the plans, one a district, of a scenario with settings as `--set` takes them.
        progress: Called after each group of points that was computed.

    Raises:
        InputError: When the grid has too many points, or a value is impossible.
    """
    _refuse_too_many(ranges, len(projection.scenarios))
    states = States(projection, tuple(ranges), at_point, progress)
    grid = list(product(*(one.values for one in ranges)))
    points = [Point(scenario, values) for scenario in range(len(projection.scenarios)) for values in grid]
    states.compute(points)
    return Sweep(
        projection,
        tuple(ranges),
        _sweep_frame(states, points),
        _break_even_frame(states, break_evens(states, points)),
    )


def _refuse_too_many(ranges: Sequence[Range], scenarios: int) -> None:
    count = prod(one.count for one in ranges) * scenarios
    if count > MOST_POINTS:
        times = " x ".join(f"{one.count:,}" for one in ranges)
        message = f"the grid has {count:,} points, more than {MOST_POINTS:,}"
        hint = "use a larger step or fewer settings; a break-even is found between the points"
        found = f"{times} values" if scenarios == 1 else f"{times} values in {scenarios} scenarios"
        raise InputError([error("sweep-too-large", message, field="--sweep", found=found, hint=hint)])


def _sweep_frame(states: States, points: Sequence[Point]) -> pl.DataFrame:
    projection = states.projection
    rows = [
        (place, point, states.of(place, point)) for place in range(len(projection.budget.districts)) for point in points
    ]
    first_year = projection.settings.first_year
    cents = {
        f"gap_{first_year + number}": [state.gaps[number] for *_, state in rows]
        for number in range(projection.settings.years)
    }
    cents["horizon_gap"] = [sum(state.gaps) for *_, state in rows]
    return pl.DataFrame(
        [
            *_labels(states, rows),
            *(_values(one, [point.values[number] for _, point, _ in rows]) for number, one in enumerate(states.ranges)),
            *(_dollars(name, amounts) for name, amounts in cents.items()),
            pl.Series("first_loss_on", [state.first_loss_on for *_, state in rows], dtype=pl.Date),
            pl.Series("first_loss", [state.first_loss for *_, state in rows], dtype=pl.String),
        ]
    )


def _break_even_frame(states: States, tips: Sequence[Tip]) -> pl.DataFrame:
    rows = [(tip.district, tip.point, tip) for tip in tips]
    first, *others = states.ranges
    return pl.DataFrame(
        [
            *_labels(states, rows),
            *(_values(one, [tip.point.values[number] for tip in tips]) for number, one in enumerate(others, 1)),
            pl.Series("setting", [first.path] * len(tips), dtype=pl.String),
            pl.Series("tips", ["gap" if tip.commitment is None else "commitment" for tip in tips], dtype=pl.String),
            pl.Series("commitment", [tip.commitment for tip in tips], dtype=pl.String),
            _values(first, [tip.before for tip in tips], "before"),
            _values(first, [tip.after for tip in tips], "after"),
            pl.Series("change", [tip.change for tip in tips], dtype=pl.String),
        ]
    )


def _labels(states: States, rows: Sequence[tuple[int, Point, State | Tip]]) -> Iterator[pl.Series]:
    districts, scenarios = states.projection.budget.districts, states.projection.scenarios
    yield pl.Series("district", [districts[place].name for place, _, _ in rows], dtype=pl.String)
    yield pl.Series("scenario", [scenarios[point.scenario].name for _, point, _ in rows], dtype=pl.String)


def _values(one: Range, values: Sequence[Decimal], name: str | None = None) -> pl.Series:
    """Give values of a setting as exact numbers, percentages as shares."""
    shares = [value / _HUNDRED if one.unit else value for value in values]
    scale = max((-int(share.normalize().as_tuple().exponent) for share in shares), default=0)
    texts = pl.Series(name or one.path, [f"{share:f}" for share in shares], dtype=pl.String)
    return texts.str.to_decimal(scale=max(scale, 0))


_HUNDRED = Decimal(100)


def _dollars(name: str, cents: Sequence[int]) -> pl.Series:
    exact = (pl.Series(name, cents, dtype=pl.Int64).cast(pl.Decimal(38, 2)) / 100).cast(MONEY)
    return exact.alias(name)
