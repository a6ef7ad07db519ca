"""A scenario by itself: what it sets and does, and where every assumption comes from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.model.scenario import COMMAND_LINE, GROWTH_KEYS
from esser_gap.view.scenario_words import (
    action_words,
    adjustment_words,
    driver_words,
    path_words,
    set_years,
    source_changes,
)
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.origin import Origin
    from esser_gap.model.scenario import Scenario

    Setting = tuple[str, str, str]

_DEFAULT = "default of the program"


def scenario_tables(scenario: Scenario) -> list[str | Table]:
    """Show a scenario: its sentence, its rates and paths with their sources, and its actions.

    Args:
        scenario: A scenario merged with what it extends.
    """
    parts: list[str | Table] = [_sentence(scenario)]
    about = [("count", scenario.count.value), ("funding order", scenario.funding_order.value)]
    about += [("author", scenario.author)] if scenario.author else []
    about += [("date", scenario.date.isoformat())] if scenario.date else []
    about += [(f"growth {name}", path_words(rate)) for name, rate in scenario.growth.items()]
    about += [(name, words) for name, words, _ in (*_drivers(scenario), *_sources(scenario))]
    headings = (Heading("Setting", Show.CODE), Heading("Value", width=50))
    parts.append(Table("settings", "What it sets", headings, tuple(Row(fact) for fact in about)))
    if scenario.actions:
        rows = tuple(Row((place, action_words(action))) for place, action in enumerate(scenario.actions, 1))
        headings = (Heading("No.", Show.NUMBER), Heading("Action", width=60))
        parts.append(Table("actions", "What it does to commitments", headings, rows))
    return [*parts, *_cited(scenario)]


def resolved_tables(scenario: Scenario) -> list[str | Table]:
    """Show every assumption of a scenario as resolved, with the file and line that it comes from.

    Args:
        scenario: A scenario merged with what it extends.

    Returns:
        Its sentence; assumption, value and place, a rate for every category; and what is cited.
    """
    facts = [*_simple(scenario), *_growth(scenario), *_drivers(scenario), *_sources(scenario), *_actions(scenario)]
    headings = (Heading("Assumption", Show.CODE), Heading("Value", width=50), Heading("From", width=40))
    table = Table("resolved", "Assumptions as resolved", headings, tuple(Row(fact) for fact in facts))
    return [_sentence(scenario), table, *_cited(scenario)]


def _sentence(scenario: Scenario) -> str:
    return f"{scenario.name}: {scenario.description or 'no description'}"


def _cited(scenario: Scenario) -> list[Table]:
    if not scenario.sources_cited:
        return []
    rows = tuple(Row((name, text)) for name, text in scenario.sources_cited.items())
    return [Table("cited", "Where it comes from", (Heading("For", width=20), Heading("Source", width=60)), rows)]


def _simple(scenario: Scenario) -> Iterator[Setting]:
    yield "count", scenario.count.value, _place(scenario, "count")
    yield "funding order", scenario.funding_order.value, _place(scenario, "funding_order")


def _growth(scenario: Scenario) -> Iterator[Setting]:
    """List a rate for everything that has one, that of `default` where nothing else is said."""
    default = scenario.growth.get("default", Decimal(0))
    for key in ("default", *(key for key in GROWTH_KEYS if key != "default")):
        source = key if key in scenario.growth else "default"
        place = _place(scenario, f"growth.{source}")
        as_default = "" if source == key else ", as default"
        yield f"growth {key}", f"{path_words(scenario.growth.get(key, default))}{as_default}", place


def _drivers(scenario: Scenario) -> Iterator[Setting]:
    for name, given in scenario.drivers.items():
        yield f"driver {name}", driver_words(given), _place(scenario, f"drivers.{name}")


def _sources(scenario: Scenario) -> Iterator[Setting]:
    for name, words, path in source_changes(scenario):
        yield f"source {name}", words, _place(scenario, path)
    for source in scenario.sources.add:
        yield f"source {source.name}", "added", _where(source.origin)
    for adjustment in scenario.sources.adjust:
        yield "sources", adjustment_words(adjustment), _where(adjustment.origin)


def _actions(scenario: Scenario) -> Iterator[Setting]:
    for place, action in enumerate(scenario.actions, 1):
        yield f"action {place}", action_words(action), _where(action.origin)


def _place(scenario: Scenario, path: str) -> str:
    """Name the file and line of a setting, and the years of it that the command line sets."""
    origin = scenario.origins.get(path)
    place = _DEFAULT if origin is None else _where(origin)
    years = set_years(scenario, path)
    return f"{place}; {', '.join(years)} `{COMMAND_LINE}`" if years else place


def _where(origin: Origin) -> str:
    return f"`{COMMAND_LINE}`" if origin.file == COMMAND_LINE else str(origin.where())
