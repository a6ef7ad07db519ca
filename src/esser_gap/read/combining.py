"""Scenarios laid over one another: what one extends, and several combined left to right."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from esser_gap.errors import InputError
from esser_gap.model.origin import Origin
from esser_gap.model.scenario import Scenario, SourceChanges
from esser_gap.read.contradictions import contradictions, settled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from esser_gap.check.selections import Selector


class Layer(NamedTuple):
    """A scenario as it stands in one place, without what it extends."""

    place: str
    scenario: Scenario


def merge(base: Scenario, over: Scenario) -> Scenario:
    """Lay one scenario over another: what it says replaces, its actions and sources follow.

    Args:
        base: The scenario that is extended.
        over: The one that extends it.
    """
    given = over.model_fields_set
    kept = {name: getattr(base, name) for name in ("count", "funding_order") if name not in given}
    return over.model_copy(
        update={
            **kept,
            "extends": None,
            "growth": {**base.growth, **over.growth},
            "drivers": {**base.drivers, **over.drivers},
            "sources": _merged_sources(base.sources, over.sources),
            "actions": (*base.actions, *over.actions),
            "sources_cited": {**_still_cited(base.sources_cited, over.growth), **over.sources_cited},
            "origins": {**base.origins, **over.origins},
        }
    )


def _still_cited(cited: Mapping[str, str], replaced: Collection[str]) -> dict[str, str]:
    """Leave out what was cited for rates that are replaced; a topic may name several, parted by commas."""
    left: dict[str, str] = {}
    for topic, text in cited.items():
        names = [name for name in topic.split(", ") if name.removeprefix("growth.") not in replaced]
        left |= {", ".join(names): text} if names else {}
    return left


def _merged_sources(base: SourceChanges, over: SourceChanges) -> SourceChanges:
    change = {name: {**base.change.get(name, {}), **values} for name, values in over.change.items()}
    years = {name: {**base.years.get(name, {}), **amounts} for name, amounts in over.years.items()}
    return SourceChanges(
        add=(*base.add, *over.add),
        change={**base.change, **change},
        years={**base.years, **years},
        adjust=(*base.adjust, *over.adjust),
        remove=tuple(dict.fromkeys((*base.remove, *over.remove))),
    )


def combined(
    parts: Sequence[Sequence[Layer]], *, selector: Selector | None = None, last_wins: bool = False
) -> Scenario:
    """Combine scenarios left to right.

    What they extend is laid down once, below everything that they say themselves. So their order does not matter
    unless they set the same thing, or add something: what is added stands in their order.

    Args:
        parts: For each scenario what it extends, the first of which extends nothing, and the scenario itself last.
        selector: Finds what two selections have in common in a budget; left out: equal ones have everything.
        last_wins: Whether of two that set the same thing differently the later one holds.

    Raises:
        InputError: When two set the same thing differently.
    """
    distinct = [part for place, part in enumerate(parts) if not _is_in_another(part, place, parts)]
    pairs = combinations([{layer.place: layer.scenario for layer in part} for part in distinct], 2)
    issues = [] if last_wins else [issue for pair in pairs for issue in contradictions(*pair, selector)]
    if issues:
        raise InputError(issues)
    inherited = {layer.place: layer.scenario for part in distinct for layer in part[:-1]}
    tops = settled([part[-1].scenario for part in distinct])
    merged = reduce(merge, [*inherited.values(), *tops])
    return merged if len(parts) == 1 else _named(merged, [part[-1].scenario for part in parts])


def _is_in_another(part: Sequence[Layer], place: int, parts: Sequence[Sequence[Layer]]) -> bool:
    """Tell whether a scenario is named before, or is what another one extends, so that it adds nothing."""
    own = part[-1].place
    is_extended = any(own == layer.place for other in parts for layer in other[:-1])
    return is_extended or any(own == other[-1].place for other in parts[:place])


def _named(merged: Scenario, parts: Sequence[Scenario]) -> Scenario:
    """Name a combination after its parts, with what each of them says of itself."""
    authors = dict.fromkeys(part.author for part in parts if part.author)
    said = dict.fromkeys(part.description for part in parts if part.description)
    files = dict.fromkeys(part.origin.file for part in parts if part.origin.file)
    about = {
        "name": "+".join(part.name for part in parts),
        "description": " ".join(said) or None,
        "author": ", ".join(authors) or None,
        "date": max((part.date for part in parts if part.date), default=None),
        "origin": Origin(" and ".join(files)),
    }
    return merged.model_copy(update={"extends": None, **about})
