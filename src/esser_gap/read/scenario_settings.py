"""Single settings that the command line lays over scenarios: `--set growth.software=8%`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.fiscal_year import value_in
from esser_gap.issues import Issue, Where, error
from esser_gap.model.origin import Origin
from esser_gap.model.scenario import COMMAND_LINE, DriverChange
from esser_gap.read.combining import merge
from esser_gap.read.fields import unknown_key
from esser_gap.read.fiscal_years import fiscal_year_in
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.values import is_blank
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.scenario import Scenario
    from esser_gap.read.yaml_documents import Path

_SETTABLE = ("growth", "drivers", "count", "funding_order", "sources")


@dataclass(frozen=True, slots=True)
class _Typed(Document):
    """Settings laid out as a YAML file would have them; the place of each is what was typed."""

    typed: dict[Path, str] = field(default_factory=dict)

    def where(self, path: Path = ()) -> Where:
        """Name the setting that holds a value, or the first one below it."""
        near = (text for keys, text in self.typed.items() if path and path[: len(keys)] == keys[: len(path)])
        text = next(near, "")
        return Where(f"{COMMAND_LINE} {text}" if text else COMMAND_LINE)

    def origin(self, path: Path = ()) -> Origin:
        """Give the option as the origin of every value."""
        del path
        return Origin(COMMAND_LINE)


def with_settings(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """Lay single settings over a scenario.

    Args:
        scenario: A scenario merged with what it extends.
        settings: Each the path of a setting and its value, as a scenario file would have them: `growth.software=8%`,
            `drivers.enrollment.FY2028=7800`, `count=likely`, `sources.Technology line.share=80%`. A path that ends in
            a fiscal year leaves the years before it as they are; later ones that nothing names follow it.

    Returns:
        The scenario under its own name, with what was set.

    Raises:
        InputError: With everything wrong in the settings.
    """
    if not settings:
        return scenario
    issues: list[Issue] = []
    laid = []
    for document in _documents(scenario.name, settings, issues):
        try:
            laid.append(scenario_from_document(document))
        except InputError as problem:
            issues.extend(problem.issues)
    if issues:
        raise InputError(issues)
    whole, by_year = laid
    merged = _with_single_years(merge(scenario, whole), by_year)
    own = {name: getattr(scenario, name) for name in ("description", "author", "date", "origin")}
    return merged.model_copy(update={**own, "settings": (*scenario.settings, *settings)})


# --- what was typed ----------------------------------------------------------------------------


def _documents(name: str, settings: Sequence[str], issues: list[Issue]) -> list[_Typed]:
    """Lay settings out as two documents: whole settings, and those of single years."""
    documents = [_Typed(COMMAND_LINE, {"name": name}), _Typed(COMMAND_LINE, {"name": name})]
    for text in settings:
        path, parted, raw = text.partition("=")
        where = Where(f"{COMMAND_LINE} {text}")
        try:
            value = parse_yaml(raw, COMMAND_LINE).value
        except InputError as problem:
            issues.extend(issue.at(where) for issue in problem.issues)
            continue
        keys = _keys(path)
        if keys[0] not in _SETTABLE:
            issues.append(unknown_key(keys[0], list(_SETTABLE), where))
        elif not parted or is_blank(value):
            message, hint = f"`{path.strip()}` is set to nothing", "write it with its value, as growth.software=8%"
            issues.append(error("structure-not-understood", message, where=where, found=text, hint=hint))
        elif not _is_put(documents[_names_a_year(keys)], keys, value, text):
            hint = "keep one of the two"
            issues.append(error("key-repeated", f"`{path.strip()}` is set twice", where=where, found=text, hint=hint))
    return documents


def _keys(path: str) -> tuple[str, ...]:
    """Part a path at its dots; those in the name of a driver or a source stay."""
    first, *rest = path.strip().split(".")
    first, last = first.strip(), rest[-1].strip() if rest else ""
    if first == "drivers" and rest:
        is_last = len(rest) > 1 and (_is_year(last) or last in {"growth", "from"})
        return (first, _joined(rest[:-1]), last) if is_last else (first, _joined(rest))
    if first == "sources" and len(rest) > 1:
        name = rest[1:-1] if rest[0].strip() == "change" and rest[1:-1] else rest[:-1]
        if name[1:] and name[-1].strip() == "yearly" and _is_year(last):
            return first, "years", _joined(name[:-1]), last
        return first, "change", _joined(name), last
    return first, *(key.strip() for key in rest)


def _joined(parts: Sequence[str]) -> str:
    return ".".join(parts).strip()


def _is_year(text: str) -> bool:
    return fiscal_year_in(text) is not None


def _names_a_year(keys: tuple[str, ...]) -> bool:
    return len(keys) > 2 and _is_year(keys[-1])  # noqa: PLR2004 - what is set, and of what


def _is_put(document: _Typed, keys: tuple[str, ...], value: Any, text: str) -> bool:
    """Put a value into a document, unless there is one already."""
    inside = document.value
    for key in keys[:-1]:
        inside = inside.setdefault(key, {})
        if not isinstance(inside, dict):
            return False
    if keys[-1] in inside:
        return False
    inside[keys[-1]] = value
    document.typed[keys] = text
    return True


# --- single years ------------------------------------------------------------------------------


def _with_single_years(scenario: Scenario, by_year: Scenario) -> Scenario:
    growth, drivers = dict(scenario.growth), dict(scenario.drivers)
    for name, rates in by_year.growth.items():
        growth[name] = _with_years(growth.get(name, growth.get("default", Decimal(0))), rates)
    for name, numbers in by_year.drivers.items():
        drivers[name] = _with_numbers(drivers.get(name), numbers)
    years = {name: {**scenario.sources.years.get(name, {}), **new} for name, new in by_year.sources.years.items()}
    sources = scenario.sources.model_copy(update={"years": {**scenario.sources.years, **years}})
    default = scenario.where("growth.default")
    origins = by_year.origins | {f"growth.{name}": default for name in by_year.growth} | scenario.origins
    origins |= {path: origin for path, origin in by_year.origins.items() if _is_year(path.rpartition(".")[2])}
    return scenario.model_copy(update={"growth": growth, "drivers": drivers, "sources": sources, "origins": origins})


def _with_years(given: Decimal | dict[int, Decimal], years: Any) -> dict[int, Decimal]:
    """Put values of single years into a path, and the value before them where the path would not say it."""
    before = min(years) - 1
    path = given if isinstance(given, dict) else {before: given}
    return {before: value_in(path, before), **path, **years}


def _with_numbers(given: dict[int, Decimal] | DriverChange | None, numbers: Any) -> dict[int, Decimal] | DriverChange:
    """Put numbers of single years into a scenario's path, else into the district's own."""
    if isinstance(given, dict):
        return _with_years(given, numbers)
    change = given or DriverChange()
    return change.model_copy(update={"years": {**change.years, **numbers}})
