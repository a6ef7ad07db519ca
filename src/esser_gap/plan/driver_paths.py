"""Paths of the quantities that costs follow: a scenario's, or the district's own as the scenario bends it."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import value_in, year_name
from esser_gap.issues import Issue, note
from esser_gap.model.scenario import DriverChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.scenario import Scenario

    Path = Mapping[int, Decimal]

_EXACT = Context(prec=10_000)
"""Digits enough for two centuries of growth without rounding."""


def driver_paths(district: District, scenario: Scenario, first_year: int, last_year: int) -> dict[str, Path]:
    """Give the paths that a district's costs follow under a scenario.

    Args:
        district: Gives its enrollment.
        scenario: Gives paths, or how the district's own ones change; its years are fiscal years.
        first_year: First projected fiscal year.
        last_year: Last fiscal year that is asked for, projected or of prices.

    Returns:
        Numbers by driver name and fiscal year, unrounded.
    """
    own: dict[str, Path] = {"enrollment": district.enrollment} if district.enrollment else {}
    paths = dict(own)
    for name, given in scenario.drivers.items():
        path = _bent(own.get(name, {}), given, first_year, last_year) if isinstance(given, DriverChange) else given
        paths |= {name: path} if path else {}
    return paths


def _bent(own: Path, change: DriverChange, first_year: int, last_year: int) -> Path:
    """Lay single years over a path, then let it grow from a year on; nothing grows from nothing."""
    path = {**own, **change.years}
    if change.growth is None or not path:
        return path
    start = min(max(path) + 1, first_year + 1) if change.from_ is None else int(change.from_)
    level = value_in(path, start - 1)
    grown = {start - 1: level, **{year: number for year, number in path.items() if year < start}}
    for year in range(start, last_year + 1):
        level = change.years.get(year, _EXACT.multiply(level, 1 + change.growth))
        grown[year] = level
    return grown


def levelled_paths(
    district: District, scenario: Scenario, commitments: Sequence[Commitment], paths: Mapping[str, Path], last_year: int
) -> Iterator[Issue]:
    """Tell of quantities that are taken as level past the last year that is named for them.

    Args:
        district: The district.
        scenario: A scenario merged with what it extends.
        commitments: The district's, with those that the scenario adds.
        paths: Its quantities by driver name and fiscal year.
        last_year: Last projected fiscal year.
    """
    followed = {commitment.driver for commitment in commitments}
    for name, path in paths.items():
        end = max(path)
        if name in followed and end < last_year:
            message = f"`{name}` of {district.name} is named up to {year_name(end)} and taken as level after it"
            hint = f"assumed: {path[end]:,f} from {year_name(end + 1)} on; write later years, if it is to change"
            own = name == "enrollment" and name not in scenario.drivers
            where = district.origin.where(name) if own else scenario.where(f"drivers.{name}").where()
            yield note("driver-level", message, where=where, field=name, found=f"{path[end]:,f}", hint=hint)


def unused_changes(district: District, scenario: Scenario, commitments: Sequence[Commitment]) -> Iterator[Issue]:
    """Tell of changes to a quantity that no commitment of a district follows.

    Args:
        district: The district.
        scenario: A scenario merged with what it extends.
        commitments: The district's, with those that the scenario adds.
    """
    followed = {commitment.driver for commitment in commitments}
    for name, given in scenario.drivers.items():
        if isinstance(given, DriverChange) and name not in followed:
            message = f"scenario `{scenario.name}` changes `{name}`, which no cost of {district.name} follows"
            hint = f"it changes nothing; write `{name}` as the `driver` of what is bought by number"
            where = scenario.where(f"drivers.{name}").where()
            yield note("driver-not-used", message, where=where, field="drivers", found=name, hint=hint)
