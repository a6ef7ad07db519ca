"""Scenarios from YAML documents: every setting with its line, every problem kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.model.record import FieldForm, Form
from esser_gap.model.scenario import GROWTH_KEYS, DriverChange, Scenario, SourceChanges
from esser_gap.model.source import Source
from esser_gap.model.words import Basis
from esser_gap.read.document_parts import DocumentPart
from esser_gap.read.fields import make_record, parse_field, parse_fields, unknown_key
from esser_gap.read.scenario_actions import action_from, adjustment_from, run_year
from esser_gap.read.sources import parse_source_values, sources_from_document
from esser_gap.read.values import is_blank, shown
from esser_gap.read.yearly import parse_yearly

if TYPE_CHECKING:
    from collections.abc import Callable

    from esser_gap.issues import Issue, Where
    from esser_gap.model.origin import Origin
    from esser_gap.model.record import Record
    from esser_gap.read.yaml_documents import Document, Path

_RATE = FieldForm("growth", Form.RATE)
_QUANTITY = FieldForm("drivers", Form.NUMBER)
_AMOUNT = FieldForm("amount", Form.MONEY)
_SIMPLE = ("name", "description", "author", "date", "extends", "count", "funding_order", "sources_cited")
_KEYS = (*_SIMPLE, "growth", "drivers", "sources", "actions")
_SOURCE_KEYS = ("add", "change", "years", "adjust", "remove")


def scenario_from_document(document: Document, path: Path = ()) -> Scenario:
    """Read a scenario from a YAML document.

    Args:
        document: The document.
        path: Keys that lead to the scenario in it.

    Raises:
        InputError: With everything wrong in it.
    """
    issues: list[Issue] = []
    values = document.value_at(path)
    if not isinstance(values, dict):
        example = "`name:`, `description:`, `growth:` and so on"
        raise InputError([document.not_a_mapping(path, "a scenario", example)])
    scenario = _Reader(document, path, issues).read(values)
    if issues or scenario is None:
        raise InputError(issues)
    return scenario


class _Reader(DocumentPart):
    """Reads the parts of one scenario, keeping every problem."""

    def read(self, values: dict[str, Any]) -> Scenario | None:
        for key in values:
            if key not in _KEYS:
                self.issues.append(unknown_key(key, sorted(_KEYS), self.where(key)))
        simple = {key: values[key] for key in _SIMPLE if key in values and key != "sources_cited"}
        parsed = parse_fields(Scenario, simple, self.where, self.issues)
        cited = self.mapping(values, "sources_cited")
        parsed["sources_cited"] = {key: shown(text) for key, text in cited.items()}
        parsed["growth"] = self._growth(self.mapping(values, "growth"))
        parsed["drivers"] = self._drivers(self.mapping(values, "drivers"))
        parsed["sources"] = self._sources(self.mapping(values, "sources"))
        parsed["actions"] = self._listed(values, (), "actions", "- {stop: FY2028, where: {category: ai}}", action_from)
        parsed["origins"] = self._origins(values)
        return make_record(Scenario, parsed, self.origin(), self.issues, self.where)

    def _origins(self, values: dict[str, Any]) -> dict[str, Origin]:
        """Give the place of each setting, down to fields of sources."""
        found: dict[str, Origin] = {}
        deeper = {"growth", "drivers", "sources", "sources_cited"}
        waiting: list[tuple[Path, Any]] = [((key,), value) for key, value in values.items()]
        for path, value in waiting:
            found[".".join(map(str, path))] = self.origin(*path)
            is_removed = path == ("sources", "remove") and isinstance(value, list)
            if is_removed:
                found |= {f"sources.remove.{shown(name)}": self.origin(*path, n) for n, name in enumerate(value)}
            elif isinstance(value, dict) and path[0] in deeper:
                waiting += [((*path, key), inner) for key, inner in value.items()]
        return found

    def _growth(self, values: dict[str, Any]) -> dict[str, Any]:
        growth: dict[str, Any] = {}
        for key, raw in values.items():
            where = self.where("growth", key)
            if key not in GROWTH_KEYS:
                self.issues.append(unknown_key(key, list(GROWTH_KEYS), where))
            elif is_blank(raw) or raw == {}:
                self.wrong(("growth", key), f"`{key}` is blank", "write a rate, such as 3%")
            elif isinstance(raw, dict):
                growth.update(self._yearly(("growth", key), raw, _RATE))
            else:
                rate = parse_field(raw, _RATE, where, self.issues)
                growth.update({} if rate is None else {key: rate})
        return growth

    def _yearly(self, keys: tuple[str, ...], raw: dict[str, Any], form: FieldForm) -> dict[str, Any]:
        """Give a map by its name; nothing when no year of it was understood, which is then an issue."""
        parsed = parse_yearly(raw, form, lambda year: self.where(*keys, year), self.issues)
        return {keys[-1]: parsed} if parsed else {}

    def _drivers(self, values: dict[str, Any]) -> dict[str, Any]:
        drivers: dict[str, Any] = {}
        for name, raw in values.items():
            if isinstance(raw, dict) and "growth" in raw:
                change = self._driver_change(("drivers", name), raw)
                drivers.update({} if change is None else {name: change})
            elif isinstance(raw, dict) and raw:
                drivers.update(self._yearly(("drivers", name), raw, _QUANTITY))
            else:
                message = f"the driver `{name}` is not a path of numbers by fiscal year"
                hint = f"write `{name}: {{FY2027: 8400, FY2028: 8300}}` or `{name}: {{growth: -2%}}`"
                self.wrong(("drivers", name), message, hint, raw or "")
        return drivers

    def _driver_change(self, keys: tuple[str, ...], raw: dict[str, Any]) -> DriverChange | None:
        own: dict[str, Any] = {key: raw[key] for key in ("growth", "from") if key in raw}
        years = {key: value for key, value in raw.items() if key not in own}

        def where(name: str) -> Where:
            return self.where(*keys, name)

        parse_start = {"from": lambda start: run_year(start, "from", where("from"), self.issues)}
        parsed = parse_fields(DriverChange, own, where, self.issues, parse_start)
        parsed["years"] = parse_yearly(years, _QUANTITY, where, self.issues)
        if "growth" not in parsed and not is_blank(raw["growth"]):
            return None
        if "growth" not in parsed:
            self.wrong((*keys, "growth"), "`growth` is blank", "write a rate, such as -2%")
        return make_record(DriverChange, parsed, self.origin(*keys), self.issues, where)

    def _sources(self, values: dict[str, Any]) -> SourceChanges:
        for key in values:
            if key not in _SOURCE_KEYS:
                self.issues.append(unknown_key(key, list(_SOURCE_KEYS), self.where("sources", key)))
        removed = values.get("remove") or []
        added = values.get("add") or []
        if not isinstance(added, list):
            self.wrong(("sources", "add"), "`add` is not a list of sources", "write `- {name: ..., ...}` lines", added)
            added = []
        paths = [(*self.path, "sources", "add", place) for place in range(len(added))]
        example = '- {scale: 0.5, where: {name: "E-rate*"}}'
        return SourceChanges(
            add=tuple(s for path in paths for s in sources_from_document(self.document, path, self.issues)),
            change=self._by_source(values, "change", "{share: 80%}", self._change),
            years=self._by_source(values, "years", "{FY2028: 450000}", self._amounts),
            adjust=self._listed(values, ("sources",), "adjust", example, adjustment_from),
            remove=tuple(shown(name) for name in (removed if isinstance(removed, list) else [removed])),
        )

    def _by_source(
        self, values: dict[str, Any], key: str, example: str, parse: Callable[[str, dict[str, Any]], dict[Any, Any]]
    ) -> dict[str, dict[Any, Any]]:
        changes = values.get(key) or {}
        if not isinstance(changes, dict) or not all(isinstance(change, dict) for change in changes.values()):
            hint = f"write `{key}: {{Technology line: {example}}}`"
            self.wrong(("sources", key), f"`{key}` is not sources with new values", hint, changes)
            return {}
        return {name: parse(name, change) for name, change in changes.items()}

    def _change(self, name: str, change: dict[str, Any]) -> dict[str, Any]:
        def where(field: str) -> Where:
            return self.where("sources", "change", name, field)

        values = parse_source_values(change, where, self.issues)
        # Ranges are checked on a source that has nothing but the new values.
        probe = {"name": name, "recurring": True, "basis": Basis.OPEN, **values}
        make_record(Source, probe, self.origin("sources", "change", name), self.issues)
        return values

    def _amounts(self, name: str, years: dict[str, Any]) -> dict[int, Any]:
        return parse_yearly(years, _AMOUNT, lambda year: self.where("sources", "years", name, year), self.issues)

    def _listed(
        self,
        values: dict[str, Any],
        keys: tuple[str, ...],
        key: str,
        example: str,
        read: Callable[[DocumentPart, Any], Record | None],
    ) -> tuple[Any, ...]:
        """Read the entries of a list, each into a record."""
        raw = values.get(key)
        if raw is None:
            return ()
        if not isinstance(raw, list):
            self.wrong((*keys, key), f"`{key}` is not a list", f"write `{example}`", raw)
            return ()
        records = [read(self.below(*keys, key, place), one) for place, one in enumerate(raw)]
        return tuple(record for record in records if record is not None)
