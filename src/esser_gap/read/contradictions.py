"""What two scenarios set differently, so that their order would decide."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from esser_gap.check.selections import selection_words
from esser_gap.fiscal_year import year_name
from esser_gap.issues import Issue, error
from esser_gap.model.scenario import DriverChange
from esser_gap.model.source import YearlyGrowth, same_name
from esser_gap.money import percent
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from esser_gap.check.selections import Selector, Where
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.origin import Origin
    from esser_gap.model.scenario import Action, Scenario, SourceAdjustment
    from esser_gap.model.source import Source

    Doing = Action | SourceAdjustment
    Setting = tuple[str, str, object, str]
    """What is compared by, what a file would name it, its value, and its value as a file would write it."""

_ORDERED = ("stop", "set_price", "set_priority", "certainty")
"""Verbs of which one commitment or source can follow only one; factors multiply and deferrals add up instead."""


_UNORDERED = ("stop", "scale", "renew")
"""Verbs of which the last listed does not hold by itself: of stops the earliest does, and what is ended stays so."""


class Said(NamedTuple):
    """Something that a scenario sets.

    Attributes:
        path: What is set, as a file would name it.
        value: What is compared.
        words: The value as a file would write it.
        scenario: Name of the scenario.
        origin: Where it stands.
    """

    path: str
    value: object
    words: str
    scenario: str
    origin: Origin


def contradictions(
    one: Mapping[str, Scenario], other: Mapping[str, Scenario], selector: Selector | None
) -> Iterator[Issue]:
    """Find what two scenarios set differently.

    What both extend is no difference. What a scenario says itself goes before what the other only inherits.

    Args:
        one: By place, everything that a scenario extends, and the scenario itself last.
        other: The same for the other one.
        selector: Finds what two selections have in common in a budget; left out: equal ones have everything.
    """
    mine = [scenario for place, scenario in one.items() if place not in other]
    yours = [scenario for place, scenario in other.items() if place not in one]
    own = [_settings(mine[-1:]), _settings(yours[-1:])]
    everything = [_settings(mine), _settings(yours)]
    for key in sorted(everything[0].keys() & everything[1].keys()):
        said = [settings.get(key) for settings in own]
        first, second = said if any(said) else [settings[key] for settings in everything]
        if first is not None and second is not None and first.value != second.value:
            yield _contradiction(first, second)
    for first, second in _clashing_actions(mine, yours, selector):
        yield _contradiction(first, second)


def _contradiction(first: Said, second: Said) -> Issue:
    message = (
        f"`{first.scenario}` and `{second.scenario}` set `{first.path}` differently: {_placed(first)} and"
        f" {_placed(second)}"
    )
    hint = "take one of the two out, or give --last-wins to let the later one hold"
    where = second.origin.where()
    return error("scenarios-conflict", message, where=where, field=first.path, found=second.words, hint=hint)


def _placed(said: Said) -> str:
    place = str(said.origin.where())
    return f"{said.words} ({place})" if place else said.words


# --- settings ----------------------------------------------------------------------------------


def _settings(layers: Iterable[Scenario]) -> dict[str, Said]:
    """Collect what scenarios set, what a later one sets in place of what an earlier one does."""
    return {key: said for scenario in layers for key, said in _said(scenario)}


def _said(scenario: Scenario) -> Iterator[tuple[str, Said]]:
    for key, path, value, words in (*_simple_settings(scenario), *_source_settings(scenario)):
        yield key, Said(path, value, words, scenario.name, scenario.where(path))
    for source in scenario.sources.add:
        said = Said(f"sources.add.{source.name}", source.model_dump(), "a source", scenario.name, source.origin)
        yield _source_key(source), said
    for new in (action.add for action in scenario.actions if action.add is not None):
        said = Said(f"add.{new.id or new.name}", new.model_dump(), "a commitment", scenario.name, new.origin)
        yield _commitment_key(new), said


def _simple_settings(scenario: Scenario) -> Iterator[Setting]:
    for name in ("count", "funding_order"):
        if name in scenario.model_fields_set:
            value = getattr(scenario, name)
            yield name, name, value, str(value)
    for name, rate in scenario.growth.items():
        path = f"growth.{name}"
        yield path, path, _steps(rate), _rate_words(rate)
    for name, numbers in scenario.drivers.items():
        path = f"drivers.{name}"
        yield path, path, numbers if isinstance(numbers, DriverChange) else _steps(numbers), _driver_words(numbers)


def _source_settings(scenario: Scenario) -> Iterator[Setting]:
    for name, values in scenario.sources.change.items():
        for field, value in values.items():
            # Awards and yearly amounts say the same thing in two ways.
            key = f"sources.change.{same_name(name)}.{'awards' if field == 'yearly' else field}"
            yield key, f"sources.change.{name}.{field}", (field, value), _value_words(value)
    for name, amounts in scenario.sources.years.items():
        for year, amount in amounts.items():
            key = f"sources.years.{same_name(name)}.{year}"
            yield key, f"sources.years.{name}.{year_name(year)}", amount, f"{amount:f}"


def _source_key(source: Source) -> str:
    return f"sources.add.{source.district or ''}.{same_name(source.name)}"


def _commitment_key(new: Commitment) -> str:
    return f"add.{new.district or ''}.{new.id or same_name(new.name)}"


def _steps(given: Decimal | dict[int, Decimal]) -> tuple[tuple[int, Decimal], ...]:
    """Give a path as its steps; a year not named has the value of the one before, and the first value goes back."""
    steps: list[tuple[int, Decimal]] = []
    for year, value in sorted(given.items()) if isinstance(given, dict) else [(0, given)]:
        if not steps or steps[-1][1] != value:
            steps.append((year if steps else 0, value))
    return tuple(steps)


def _rate_words(given: Decimal | dict[int, Decimal]) -> str:
    if isinstance(given, dict):
        return ", ".join(f"{year_name(year)} {percent(rate)}" for year, rate in sorted(given.items()))
    return percent(given)


def _driver_words(given: DriverChange | dict[int, Decimal]) -> str:
    if isinstance(given, DriverChange):
        return "the district's own" if given.growth is None else f"growth {percent(given.growth)}"
    return ", ".join(f"{year_name(year)} {number:f}" for year, number in sorted(given.items()))


def _value_words(value: object) -> str:
    return "other amounts" if isinstance(value, (dict, tuple, YearlyGrowth)) else shown(value)


# --- actions -----------------------------------------------------------------------------------


def _clashing_actions(
    mine: Sequence[Scenario], yours: Sequence[Scenario], selector: Selector | None
) -> Iterator[tuple[Said, Said]]:
    """Find actions that do the same thing differently to the same commitments, and certainties of the same sources."""
    for one, other in product(mine, yours):
        actions: list[tuple[Doing, Doing]] = [*product(one.actions, other.actions)]
        adjustments: list[tuple[Doing, Doing]] = [*product(one.sources.adjust, other.sources.adjust)]
        for pairs, select in (
            (actions, None if selector is None else selector.commitments),
            (adjustments, None if selector is None else selector.sources),
        ):
            for first, second in pairs:
                if _differ(first, second) and _meet(first.where, second.where, select):
                    yield _said_action(one, first), _said_action(other, second)


def _differ(first: Doing, second: Doing) -> bool:
    if {first.verb, second.verb} == {"renew", "scale"}:
        # What one ends cannot go on; any other factor multiplies what goes on.
        return not (first.scale or second.scale)
    if first.verb != second.verb or first.verb not in _ORDERED:
        return False
    return (getattr(first, first.verb), first.from_) != (getattr(second, second.verb), second.from_)


def _meet(one: Where | None, other: Where | None, select: Callable[[Any], Iterable[int]] | None) -> bool:
    """Tell whether two selections have something in common."""
    if select is None:
        return one == other
    return not set(select(one)).isdisjoint(select(other))


def _said_action(scenario: Scenario, action: Doing) -> Said:
    value = getattr(action, action.verb)
    words = year_name(value) if isinstance(value, int) and action.verb == "stop" else shown(value)
    start = f" from {action.from_}" if action.from_ is not None else ""
    path = f"{action.verb} where {selection_words(action.where)}"
    return Said(path, value, f"{words}{start}", scenario.name, action.origin)


def settled(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Let the later one hold of scenarios that stop the same cost, end and renew the same money, or add the same thing.

    Of everything else that they could set differently the later one holds by itself, when they are laid down in order.

    Args:
        scenarios: What was combined, left to right, each without what it extends.
    """
    result = []
    for place, scenario in enumerate(scenarios, 1):
        later = scenarios[place:]
        again = {key for one in later for key in _added(one)}
        actions = tuple(
            _overruled(action, [other for one in later for other in one.actions])
            for action in scenario.actions
            if action.add is None or _commitment_key(action.add) not in again
        )
        sources = {
            "add": tuple(source for source in scenario.sources.add if _source_key(source) not in again),
            "adjust": tuple(
                _overruled(adjustment, [other for one in later for other in one.sources.adjust])
                for adjustment in scenario.sources.adjust
            ),
        }
        changed = {"actions": actions, "sources": scenario.sources.model_copy(update=sources)}
        result.append(scenario.model_copy(update=changed))
    return result


def _added(scenario: Scenario) -> Iterator[str]:
    yield from map(_source_key, scenario.sources.add)
    yield from (_commitment_key(action.add) for action in scenario.actions if action.add is not None)


def _overruled(doing: Doing, later: Sequence[Doing]) -> Doing:
    """Leave to later actions what they select and do otherwise, where their order would not say so."""
    if doing.verb not in _UNORDERED:
        return doing
    return doing.model_copy(update={"overruled": tuple(other.where for other in later if _differ(doing, other))})
