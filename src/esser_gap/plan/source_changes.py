"""What a scenario changes about sources: values, single years and removals by name, adjustments by what matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from esser_gap.check.references import near_names
from esser_gap.check.selections import is_selected, selection_words
from esser_gap.issues import Issue, error, note
from esser_gap.model.source import Source, YearlyGrowth, same_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from esser_gap.model.scenario import Scenario, SourceAdjustment

    Adjusted = tuple[Source, tuple[SourceAdjustment, ...]]


def changed_sources(sources: Sequence[Source], scenario: Scenario, issues: list[Issue]) -> list[Adjusted]:
    """Change sources as a scenario says: changed, then removed, then added.

    Args:
        sources: Those of the budget, and known ones that it names.
        scenario: A scenario merged with what it extends.
        issues: Problems are added here.

    Returns:
        In drawing order as listed each source with the adjustments that are still to be made to it; these select
        among the sources as the budget has them.
    """
    adjust = [*_adjustments(sources, scenario, issues), *(() for _ in scenario.sources.add)]
    result = [*sources, *scenario.sources.add]
    for verb, changes in (("change", scenario.sources.change), ("years", scenario.sources.years)):
        for name, values in changes.items():
            for place in _touched(sources, scenario, verb, name, issues):
                result[place] = _changed(result[place], scenario, verb, name, values, issues)
    gone: set[int] = set()
    for name in scenario.sources.remove:
        gone.update(_touched(sources, scenario, "remove", name, issues))
    return [(source, adjust[place]) for place, source in enumerate(result) if place not in gone]


def _adjustments(
    sources: Sequence[Source], scenario: Scenario, issues: list[Issue]
) -> list[tuple[SourceAdjustment, ...]]:
    issues.extend(
        _nothing_to_adjust(scenario, adjustment)
        for adjustment in scenario.sources.adjust
        if not any(is_selected(source, adjustment.where) for source in sources)
    )
    return [tuple(a for a in scenario.sources.adjust if _is_adjusted(source, a)) for source in sources]


def _is_adjusted(source: Source, adjustment: SourceAdjustment) -> bool:
    is_overruled = any(is_selected(source, where) for where in adjustment.overruled)
    return is_selected(source, adjustment.where) and not is_overruled


def _nothing_to_adjust(scenario: Scenario, adjustment: SourceAdjustment) -> Issue:
    described = selection_words(adjustment.where)
    return note(
        "action-not-used",
        f"scenario `{scenario.name}`: `{adjustment.verb}` finds no source where {described}",
        where=adjustment.origin.where(),
        field="where",
        found=described,
        hint="it changes nothing; a source that is meant has to be listed, under a name that matches",
    )


def _touched(sources: Sequence[Source], scenario: Scenario, verb: str, name: str, issues: list[Issue]) -> list[int]:
    """List the places of sources of a name: those of the budget, else those that the scenario adds."""
    known = [*sources, *(() if verb == "remove" else scenario.sources.add)]
    found = [place for place, source in enumerate(known) if same_name(source.name) == same_name(name)]
    if not found:
        issues.append(_unknown_source(scenario, verb, name, known))
    return [place for place in found if place < len(sources)] or found


def _unknown_source(scenario: Scenario, verb: str, name: str, sources: Sequence[Source]) -> Issue:
    listed = [source.name for source in sources]
    doing = "remove" if verb == "remove" else "change"
    return error(
        "source-unknown",
        f"scenario `{scenario.name}` wants to {doing} the source `{name}`, which is not in the budget",
        where=scenario.where(f"sources.{verb}.{name}").where(),
        field=f"sources.{verb}",
        found=name,
        hint=f"write one of: {', '.join(near_names(name, listed) or listed)}"
        if listed
        else "the budget lists no source",
    )


def _changed(
    source: Source, scenario: Scenario, verb: str, name: str, values: Mapping[Any, Any], issues: list[Issue]
) -> Source:
    if verb == "years":
        if not isinstance(source.yearly, dict):
            issues.append(_not_yearly(scenario, source, name, values))
            return source
        return source.model_copy(update={"yearly": {**source.yearly, **values}})
    try:
        return _with_values(source, values)
    except ValidationError as problem:
        issues.extend(_impossible_change(scenario, name, wrong) for wrong in problem.errors())
        return source


def _with_values(source: Source, values: Mapping[str, Any]) -> Source:
    document = {**source.model_dump(by_alias=True), **values}
    # Awards and yearly amounts say the same thing in two ways: setting one replaces the other.
    if "yearly" in values and "awards" not in values:
        document["awards"] = ()
    if "awards" in values and "yearly" not in values:
        document["yearly"] = None
    return Source.model_validate({**document, "origin": source.origin})


def _impossible_change(scenario: Scenario, name: str, wrong: Any) -> Issue:
    field = str(wrong["loc"][0])
    message = f"scenario `{scenario.name}` sets `{field}` of the source `{name}` to what it cannot be"
    said = wrong["msg"].removeprefix("Input ")
    where = scenario.where(f"sources.change.{name}.{field}").where()
    return error("out-of-range", message, where=where, field=field, found=str(wrong["input"]), hint=f"it {said}")


def _not_yearly(scenario: Scenario, source: Source, name: str, years: Mapping[int, Decimal]) -> Issue:
    how = "grows by a rate" if isinstance(source.yearly, YearlyGrowth) else "is not listed by fiscal year"
    return error(
        "source-not-yearly",
        f"scenario `{scenario.name}` sets single years of the source `{source.name}`, which {how}",
        where=scenario.where(f"sources.years.{name}").where(),
        field="sources.years",
        found=", ".join(f"FY{year}" for year in years),
        hint="set `yearly` with all its years, such as {FY2027: 450000, FY2028: 450000}",
    )
