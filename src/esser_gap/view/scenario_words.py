"""What a scenario sets and does, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.scenario import COMMAND_LINE, DriverChange
from esser_gap.money import percent
from esser_gap.view.amounts import number, to_the_cent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from esser_gap.model.scenario import Action, Scenario, SourceAdjustment

    Numbers = Mapping[int, Decimal]


def action_words(action: Action) -> str:
    """Say what an action does and to which commitments: `stop FY2028 where category is ai`."""
    if action.add is not None:
        return f"add {action.add.name} ({action.add.category}, {to_the_cent(action.add.base)})"
    where = f"where {_where_words(action.where)}" if action.where else "everywhere"
    return f"{action.verb.replace('_', ' ')} {_verb_value(action)}{_start_words(action.from_)} {where}"


def adjustment_words(adjustment: SourceAdjustment) -> str:
    """Say what is done to which sources: `multiply by 0.5 from FY2028 where name is E-rate*`."""
    done = {"renew": "go on at the last amount", "level": "no more dollars than in the first projected year"}
    words = done.get(adjustment.verb, "")
    if adjustment.scale is not None:
        words = f"multiply by {number(adjustment.scale)}" if adjustment.scale else "end"
    if adjustment.certainty is not None:
        words = f"take as {adjustment.certainty}"
    return f"{words}{_start_words(adjustment.from_)} where {_where_words(adjustment.where)}"


def year_words(year: int | str) -> str:
    """Name a fiscal year, or one that is counted from the first projected year.

    Examples:
        >>> year_words(2028), year_words("first"), year_words("first+1")
        ('FY2028', 'the first projected year', 'the first projected year + 1')
    """
    if isinstance(year, int):
        return year_name(year)
    return "the first projected year" + year.removeprefix("first").replace("+", " + ")


def path_words(value: Decimal | Numbers, *, share: bool = True) -> str:
    """Write a rate, or a path by fiscal year.

    Args:
        value: One number, or numbers by fiscal year.
        share: Whether the numbers are shares.
    """
    if isinstance(value, Decimal):
        return percent(value) if share else f"{value:f}"
    return ", ".join(f"{year_name(year)} {percent(v) if share else f'{v:f}'}" for year, v in sorted(value.items()))


def driver_words(given: Numbers | DriverChange) -> str:
    """Write the path of a quantity, or how it changes against the district's own."""
    if not isinstance(given, DriverChange):
        return path_words(given, share=False)
    words = ["the district's own"]
    if given.years:
        words.append(path_words(given.years, share=False))
    if given.growth is not None:
        start = "after its last number" if given.from_ is None else f"from {year_words(given.from_)}"
        words.append(f"{percent(given.growth)} a year {start}")
    return ", ".join(words)


def source_changes(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """List what a scenario changes about sources named one by one.

    Args:
        scenario: A scenario.

    Yields:
        The source, what happens to it, and the path of the setting.
    """
    for name, values in scenario.sources.change.items():
        for field, value in values.items():
            words = _plain(value) if isinstance(value, (str, bool, int, Decimal)) else "other amounts"
            yield name, f"{field}: {words}", f"sources.change.{name}.{field}"
    for name, amounts in scenario.sources.years.items():
        words = ", ".join(f"{year_name(year)} {to_the_cent(amount)}" for year, amount in sorted(amounts.items()))
        yield name, words, f"sources.years.{name}"
    for name in scenario.sources.remove:
        yield name, "removed", f"sources.remove.{name}"


def set_years(scenario: Scenario, path: str) -> list[str]:
    """List the fiscal years that the command line sets of a path that stands elsewhere.

    Args:
        scenario: A scenario.
        path: Path of the setting, such as `growth.software`.
    """
    if scenario.where(path).file == COMMAND_LINE:
        return []
    return [
        year
        for known, origin in scenario.origins.items()
        if origin.file == COMMAND_LINE and (year := known.removeprefix(f"{path}.")) != known and "." not in year
    ]


def _where_words(where: Mapping[str, tuple[object, ...]]) -> str:
    return " and ".join(f"{name} is {' or '.join(_plain(value) for value in values)}" for name, values in where.items())


def _start_words(start: int | str | None) -> str:
    return "" if start is None else f" from {year_words(start)}"


def _verb_value(action: Action) -> str:
    if action.stop is not None:
        return f"from {year_words(action.stop)}"
    if action.set_price is not None:
        return f"to {to_the_cent(action.set_price)}"
    if action.set_priority is not None:
        return f"to {action.set_priority}"
    if action.scale is not None:
        return f"by {number(action.scale)}"
    return _plain(action.stagger) if action.stagger is not None else f"by {action.defer or action.extend_life} years"


def _plain(value: object) -> str:
    if value is None or value == ():
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)
