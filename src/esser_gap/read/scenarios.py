"""Scenarios from YAML, found by name in a file, the budget, or the library that comes with the program."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error
from esser_gap.model.commitment import Commitment
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.model.scenario import GROWTH_KEYS, VERBS, Action, Scenario, SourceChanges
from esser_gap.model.source import Source
from esser_gap.model.words import Basis
from esser_gap.read.fields import make_record, parse_field, parse_fields, unknown_key
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes
from esser_gap.read.sources import parse_source_values, parse_yearly, source_from_document
from esser_gap.read.values import is_blank, shown
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.budget import InputFile
    from esser_gap.model.origin import Origin
    from esser_gap.read.yaml_documents import Path as Keys

BASELINE = "baseline"
"""The scenario that is used when none is named."""

_RATE = FieldForm("growth", Form.RATE)
_QUANTITY = FieldForm("drivers", Form.NUMBER)
_SIMPLE = ("name", "description", "author", "date", "extends", "count", "funding_order", "sources_cited")
_KEYS = (*_SIMPLE, "growth", "drivers", "sources", "actions")


# --- finding -----------------------------------------------------------------------------------


def library_folder() -> Path:
    """Give the folder of the scenarios that come with the program."""
    packaged = Path(str(files("esser_gap") / "scenarios"))
    # A checkout keeps them at its top level; the wheel carries them inside the package.
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def library_names() -> list[str]:
    """List the names of the scenarios that come with the program."""
    return sorted(path.stem for path in library_folder().glob("*.yaml"))


class _Link(NamedTuple):
    """A scenario on the way to what it extends: where it was found, and its name."""

    place: str
    name: str


class ScenarioLoader:
    """Finds scenarios by name or file and merges each with what it extends."""

    def __init__(self, own: Sequence[Scenario] = ()) -> None:
        """Know the scenarios that stand in the budget itself."""
        self._own = {scenario.name: scenario for scenario in own}
        self.files: list[InputFile] = []

    def load(self, name: str) -> Scenario:
        """Load one scenario and merge it with everything it extends.

        Args:
            name: A name, or a path to a YAML file.

        Raises:
            InputError: When it cannot be found or read, or extends itself.
        """
        return self._merged(name, None, ())

    def merged(self, scenario: Scenario) -> Scenario:
        """Merge a scenario that was made in Python with everything it extends.

        Raises:
            InputError: When what it extends cannot be found or read.
        """
        if scenario.extends is None:
            return scenario
        return merge(self._merged(scenario.extends, None, (_Link("", scenario.name),)), scenario)

    def _merged(self, name: str, beside: Path | None, chain: tuple[_Link, ...]) -> Scenario:
        scenario, folder, place = self._find(name, beside, chain)
        if scenario.extends is None:
            return scenario
        link = _Link(place, scenario.name)
        if link in chain:
            round_trip = " extends ".join(f"`{known.name}`" for known in (*chain[chain.index(link) :], link))
            message = f"{round_trip}: scenarios extend each other in a circle"
            raise InputError([error("scenario-cycle", message, hint="take `extends` out of one of them")])
        return merge(self._merged(scenario.extends, folder, (*chain, link)), scenario)

    def _find(self, name: str, beside: Path | None, chain: tuple[_Link, ...]) -> tuple[Scenario, Path | None, str]:
        """Look in this order: a file that is named, a file beside the one that extends it, the budget, the library.

        A scenario never extends itself: one called `baseline` that extends `baseline` means the next one found.
        """
        own = chain[-1].place if chain else None
        if name.endswith(DOCUMENT_ENDINGS):
            path = Path(name) if beside is None or Path(name).is_absolute() else beside / name
            return self._read(path), path.parent, str(path)
        sibling = None if beside is None else beside / f"{name}.yaml"
        if sibling is not None and sibling.is_file() and str(sibling) != own:
            return self._read(sibling), beside, str(sibling)
        if name in self._own and name != own:
            return self._own[name], None, name
        if name in library_names():
            path = library_folder() / f"{name}.yaml"
            return self._read(path), library_folder(), str(path)
        known = [*self._own, *library_names()]
        message = f"there is no scenario called `{name}`"
        hint = choose_from(name, known, "name a file that ends in .yaml")
        raise InputError([error("scenario-unknown", message, field="scenario", found=name, hint=hint)])

    def _read(self, path: Path) -> Scenario:
        file = read_bytes(path)
        known = file.as_input("scenario")
        if known not in self.files:
            self.files.append(known)
        return scenario_from_document(parse_yaml(file.content.decode("utf-8-sig", errors="replace"), file.name))


def merge(base: Scenario, over: Scenario) -> Scenario:
    """Lay one scenario over another: what it says replaces, its actions and sources follow.

    Args:
        base: The scenario that is extended.
        over: The one that extends it.
    """
    given = over.model_fields_set
    changes = dict(base.sources.change)
    for name, values in over.sources.change.items():
        changes[name] = {**changes.get(name, {}), **values}
    sources = SourceChanges(
        add=(*base.sources.add, *over.sources.add),
        change=changes,
        remove=tuple(dict.fromkeys((*base.sources.remove, *over.sources.remove))),
    )
    return over.model_copy(
        update={
            "extends": None,
            "count": over.count if "count" in given else base.count,
            "funding_order": over.funding_order if "funding_order" in given else base.funding_order,
            "growth": {**base.growth, **over.growth},
            "drivers": {**base.drivers, **over.drivers},
            "sources": sources,
            "actions": (*base.actions, *over.actions),
            "sources_cited": {**base.sources_cited, **over.sources_cited},
        }
    )


# --- reading -----------------------------------------------------------------------------------


def scenario_from_document(document: Document, path: Keys = ()) -> Scenario:
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
    reader = _Reader(document, path, issues)
    scenario = reader.read(values)
    if issues or scenario is None:
        raise InputError(issues)
    return scenario


class _Reader:
    """Reads the parts of one scenario, keeping every problem."""

    def __init__(self, document: Document, path: Keys, issues: list[Issue]) -> None:
        self._document, self._path, self._issues = document, path, issues

    def read(self, values: dict[str, Any]) -> Scenario | None:
        for key in values:
            if key not in _KEYS:
                self._issues.append(unknown_key(key, sorted(_KEYS), self._where(key)))
        simple = {key: values[key] for key in _SIMPLE if key in values and key != "sources_cited"}
        parsed = parse_fields(Scenario, simple, self._where, self._issues)
        cited = self._map(values, "sources_cited")
        parsed["sources_cited"] = {key: shown(text) for key, text in cited.items()}
        parsed["growth"] = self._growth(self._map(values, "growth"))
        parsed["drivers"] = self._drivers(self._map(values, "drivers"))
        parsed["sources"] = self._sources(self._map(values, "sources"))
        parsed["actions"] = self._actions(values.get("actions"))
        return make_record(Scenario, parsed, self._origin(()), self._issues, self._where)

    def _where(self, *keys: str | int) -> Where:
        return self._document.where((*self._path, *keys))

    def _origin(self, keys: tuple[str | int, ...]) -> Origin:
        return self._document.origin((*self._path, *keys))

    def _wrong(self, keys: tuple[str | int, ...], message: str, hint: str, found: object = "") -> None:
        issue = error("structure-not-understood", message, where=self._where(*keys), found=shown(found), hint=hint)
        self._issues.append(issue)

    def _map(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        value = values.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong((key,), f"`{key}` is not names with values", f"write `{key}:` and a name with a value", value)
            return {}
        return value

    def _growth(self, values: dict[str, Any]) -> dict[str, Any]:
        growth: dict[str, Any] = {}
        for key, raw in values.items():
            where = self._where("growth", key)
            if key not in GROWTH_KEYS:
                self._issues.append(unknown_key(key, list(GROWTH_KEYS), where))
            elif is_blank(raw) or raw == {}:
                self._wrong(("growth", key), f"`{key}` is blank", "write a rate, such as 3%")
            elif isinstance(raw, dict):
                growth.update(self._yearly(("growth", key), raw, _RATE))
            else:
                rate = parse_field(raw, _RATE, where, self._issues)
                growth.update({} if rate is None else {key: rate})
        return growth

    def _yearly(self, keys: tuple[str, str], raw: dict[str, Any], form: FieldForm) -> dict[str, Any]:
        """Give a map by its name; nothing when no year of it was understood, which is then an issue."""
        parsed = parse_yearly(raw, form, lambda year: self._where(*keys, year), self._issues)
        return {keys[-1]: parsed} if parsed else {}

    def _drivers(self, values: dict[str, Any]) -> dict[str, Any]:
        drivers = {}
        for name, raw in values.items():
            if isinstance(raw, dict) and raw:
                drivers.update(self._yearly(("drivers", name), raw, _QUANTITY))
            else:
                message = f"the driver `{name}` is not a path of numbers by fiscal year"
                self._wrong(("drivers", name), message, f"write `{name}: {{FY2027: 8400, FY2028: 8300}}`", raw or "")
        return drivers

    def _sources(self, values: dict[str, Any]) -> SourceChanges:
        for key in values:
            if key not in SourceChanges.model_fields:
                self._issues.append(unknown_key(key, ["add", "change", "remove"], self._where("sources", key)))
        added = values.get("add") or []
        removed = values.get("remove") or []
        if not isinstance(added, list):
            self._wrong(("sources", "add"), "`add` is not a list of sources", "write `- {name: ..., ...}` lines", added)
            added = []
        paths = [(*self._path, "sources", "add", place) for place in range(len(added))]
        sources = [source_from_document(self._document, path, self._issues) for path in paths]
        return SourceChanges(
            add=tuple(source for source in sources if source is not None),
            change=self._changes(values),
            remove=tuple(shown(name) for name in (removed if isinstance(removed, list) else [removed])),
        )

    def _changes(self, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
        changes = values.get("change") or {}
        if not isinstance(changes, dict) or not all(isinstance(change, dict) for change in changes.values()):
            hint = "write `change: {Technology line: {share: 80%}}`"
            self._wrong(("sources", "change"), "`change` is not sources with new values", hint, changes)
            return {}
        return {name: self._change(name, change) for name, change in changes.items()}

    def _change(self, name: str, change: dict[str, Any]) -> dict[str, Any]:
        def where(field: str) -> Where:
            return self._where("sources", "change", name, field)

        values = parse_source_values(change, where, self._issues)
        # Ranges are checked on a source that has nothing but the new values.
        probe = {"name": name, "recurring": True, "basis": Basis.OPEN, **values}
        make_record(Source, probe, self._origin(("sources", "change", name)), self._issues)
        return values

    def _actions(self, raw: Any) -> tuple[Action, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            self._wrong(("actions",), "`actions` is not a list", "write `- {stop: FY2028, where: {category: ai}}`", raw)
            return ()
        actions = [self._action(place, values) for place, values in enumerate(raw)]
        return tuple(action for action in actions if action is not None)

    def _action(self, place: int, values: Any) -> Action | None:
        keys = ("actions", place)
        if not isinstance(values, dict):
            self._wrong(keys, "this is not an action", "write `{stop: FY2028, where: {category: ai}}`", values)
            return None
        verbs = [verb for verb in VERBS if verb in values]
        if len(verbs) != 1:
            message = f"an action does one thing, this one does {len(verbs)}"
            self._wrong(keys, message, f"write one of: {', '.join(VERBS)}", ", ".join(values))
            return None
        if "from" in values and verbs[0] not in {"scale", "set_price"}:
            hint = "leave `from` out; `stop: FY2028` names its own year"
            self._wrong((*keys, "from"), f"`{verbs[0]}` takes no `from`", hint, values["from"])
            return None
        before = len(self._issues)
        own = {
            "where": lambda raw: self._selection(keys, raw),
            "add": lambda raw: self._new_commitment(keys, raw),
            "stagger": lambda raw: self._yes(keys, raw),
        }
        parsed = parse_fields(Action, values, lambda name: self._where(*keys, name), self._issues, own)
        if len(self._issues) > before:
            return None
        if verbs[0] not in parsed:
            self._wrong((*keys, verbs[0]), f"`{verbs[0]}` is blank", "write its value")
            return None
        return make_record(Action, parsed, self._origin(keys), self._issues, lambda name: self._where(*keys, name))

    def _yes(self, keys: tuple[str | int, ...], raw: Any) -> bool | None:
        form = FieldForm("stagger", Form.YES_NO)
        value: bool | None = parse_field(raw, form, self._where(*keys, "stagger"), self._issues)
        if value is False:
            self._wrong((*keys, "stagger"), "`stagger: no` does nothing", "leave the action out", raw)
        return value

    def _selection(self, keys: tuple[str | int, ...], raw: Any) -> dict[str, tuple[Any, ...]] | None:
        if not isinstance(raw, dict) or not raw:
            self._wrong((*keys, "where"), "`where` is not fields with values", "write `where: {category: ai}`", raw)
            return None
        forms = forms_of(Commitment)
        selection: dict[str, tuple[Any, ...]] = {}
        for name, wanted in raw.items():
            where = self._where(*keys, "where", name)
            if name not in forms:
                self._issues.append(unknown_key(name, sorted(forms), where))
                continue
            if wanted == [] and forms[name].form is not Form.NAMES:
                self._wrong((*keys, "where", name), f"`{name}` is an empty list", "write a value, or leave it out")
                continue
            several = wanted if isinstance(wanted, list) and forms[name].form is not Form.NAMES else [wanted]
            selection[name] = tuple(self._compared(value, forms[name], where) for value in several)
        return selection

    def _compared(self, raw: Any, form: FieldForm, where: Where) -> Any:
        """Give a value as the reader would have read it from the budget, so that spelling does not matter."""
        if is_blank(raw):
            return () if form.form in {Form.NAMES, Form.PARTS} else None
        return parse_field(raw, form, where, self._issues)

    def _new_commitment(self, keys: tuple[str | int, ...], raw: Any) -> Commitment | None:
        if not isinstance(raw, dict):
            hint = "write `add: {name: ..., category: ..., kind: ..., annual_cost: ...}`"
            self._wrong((*keys, "add"), "`add` is not a commitment", hint, raw)
            return None

        def where(name: str) -> Where:
            return self._where(*keys, "add", name)

        parsed = parse_fields(Commitment, raw, where, self._issues)
        return make_record(Commitment, parsed, self._origin((*keys, "add")), self._issues, where)
