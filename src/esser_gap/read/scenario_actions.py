"""Actions of a scenario on commitments, and its adjustments of sources, from YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from esser_gap.model.commitment import Commitment
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.model.scenario import SOURCE_VERBS, VERBS, Action, SourceAdjustment
from esser_gap.model.source import Source
from esser_gap.read.fields import make_record, parse_field, parse_fields, unknown_key
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from esser_gap.issues import Issue, Where
    from esser_gap.read.document_parts import DocumentPart

_COUNTED_YEAR = re.compile(r"first( ?\+ ?[1-9][0-9]?)?", re.IGNORECASE)
_DATED = frozenset({"scale", "set_price"})
"""Verbs that take `from`."""


def action_from(part: DocumentPart, values: Any) -> Action | None:
    """Read one action on commitments.

    Args:
        part: Where it stands.
        values: What stands there.

    Returns:
        The action, or None when something is wrong, which is then among the issues.
    """
    if not _is_one_thing(part, values, VERBS, "an action", "{stop: FY2028, where: {category: ai}}"):
        return None
    own = {
        "where": lambda raw: _selection(part.below("where"), raw, forms_of(Commitment)),
        "add": lambda raw: _new_commitment(part.below("add"), raw),
        "from": lambda raw: run_year(raw, "from", part.where("from"), part.issues),
        "stop": lambda raw: run_year(raw, "stop", part.where("stop"), part.issues),
        "stagger": lambda raw: _yes(part, "stagger", raw),
    }
    parsed = _parsed(part, values, Action, VERBS, own)
    if parsed is not None and "add" in parsed and "optional" in parsed:
        part.wrong(("optional",), "what is added selects nothing that could be missing", "leave `optional` out")
        return None
    return None if parsed is None else make_record(Action, parsed, part.origin(), part.issues, part.where)


def adjustment_from(part: DocumentPart, values: Any) -> SourceAdjustment | None:
    """Read one adjustment of sources.

    Args:
        part: Where it stands.
        values: What stands there.

    Returns:
        The adjustment, or None when something is wrong, which is then among the issues.
    """
    example = '{scale: 0.5, where: {name: "E-rate*"}}'
    if not _is_one_thing(part, values, SOURCE_VERBS, "an adjustment", example):
        return None
    if "where" not in values:
        part.wrong((), "nothing says which sources are meant", f"write `{example}`", ", ".join(values))
        return None
    own = {
        "where": lambda raw: _source_selection(part.below("where"), raw),
        "from": lambda raw: run_year(raw, "from", part.where("from"), part.issues),
        "renew": lambda raw: _yes(part, "renew", raw),
        "level": lambda raw: _yes(part, "level", raw),
    }
    parsed = _parsed(part, values, SourceAdjustment, SOURCE_VERBS, own)
    return None if parsed is None else make_record(SourceAdjustment, parsed, part.origin(), part.issues, part.where)


def run_year(raw: Any, name: str, where: Where, issues: list[Issue]) -> int | str | None:
    """Read a fiscal year, or one that is counted from the first projected year.

    Args:
        raw: What stands there: `FY2028`, `first`, `first+1`.
        name: Field that it is for.
        where: Place of it.
        issues: Problems are added here.
    """
    if isinstance(raw, str) and _COUNTED_YEAR.fullmatch(raw.strip()):
        return "".join(raw.casefold().split())
    year: int | None = parse_field(raw, FieldForm(name, Form.FISCAL_YEAR), where, issues)
    return year


def _is_one_thing(part: DocumentPart, values: Any, verbs: Sequence[str], what: str, example: str) -> bool:
    """Tell whether an entry does one thing, from a year on if that can be said of it."""
    if not isinstance(values, dict):
        part.wrong((), f"this is not {what}", f"write `{example}`", values)
        return False
    found = [verb for verb in verbs if verb in values]
    if len(found) != 1:
        message = f"{what} does one thing, this one does {len(found)}"
        part.wrong((), message, f"write one of: {', '.join(verbs)}", ", ".join(values))
        return False
    if "from" in values and found[0] not in _DATED:
        hint = "leave `from` out; `stop: FY2028` names its own year" if "stop" in verbs else "leave `from` out"
        part.wrong(("from",), f"`{found[0]}` takes no `from`", hint, values["from"])
        return False
    return True


def _parsed(
    part: DocumentPart,
    values: Mapping[str, Any],
    record: type[Record],
    verbs: Sequence[str],
    own: Mapping[str, Callable[[Any], Any]],
) -> dict[str, Any] | None:
    """Parse the values of an entry; None when something is wrong with one of them."""
    before = len(part.issues)
    parsed = parse_fields(record, values, part.where, part.issues, own)
    if len(part.issues) > before:
        return None
    verb = next(name for name in verbs if name in values)
    if verb not in parsed:
        part.wrong((verb,), f"`{verb}` is blank", "write its value")
        return None
    return parsed


def _yes(part: DocumentPart, name: str, raw: Any) -> bool | None:
    value: bool | None = parse_field(raw, FieldForm(name, Form.YES_NO), part.where(name), part.issues)
    if value is False:
        part.wrong((name,), f"`{name}: no` does nothing", "leave it out", raw)
    return value


def _selection(part: DocumentPart, raw: Any, forms: Mapping[str, FieldForm]) -> dict[str, tuple[Any, ...]] | None:
    if not isinstance(raw, dict) or not raw:
        part.wrong((), "`where` is not fields with values", "write `where: {category: ai}`", raw)
        return None
    selection: dict[str, tuple[Any, ...]] = {}
    for name, wanted in raw.items():
        if name not in forms:
            part.issues.append(unknown_key(name, sorted(forms), part.where(name)))
            continue
        if wanted == [] and forms[name].form is not Form.NAMES:
            part.wrong((name,), f"`{name}` is an empty list", "write a value, or leave it out")
            continue
        several = wanted if isinstance(wanted, list) and forms[name].form is not Form.NAMES else [wanted]
        selection[name] = tuple(_compared(value, forms[name], part.where(name), part.issues) for value in several)
    return selection


def _source_selection(part: DocumentPart, raw: Any) -> dict[str, tuple[Any, ...]] | None:
    """Read a selection of sources, in which one entry of a list is enough."""
    # What has parts of its own is not compared.
    simple = {n: f for n, f in forms_of(Source).items() if f.form is not Form.DICTIONARY and n in Source.model_fields}
    selection = _selection(part, raw, simple)
    if selection is None:
        return None
    parted = {
        name: [value if isinstance(value, tuple) else (value,) for value in values]
        for name, values in selection.items()
    }
    return {name: tuple(entry for entries in values for entry in entries) for name, values in parted.items()}


def _compared(raw: Any, form: FieldForm, where: Where, issues: list[Issue]) -> Any:
    """Give a value as the reader would have read it from the budget, so that spelling does not matter."""
    if is_blank(raw):
        return () if form.form in {Form.NAMES, Form.PARTS} else None
    return parse_field(raw, form, where, issues)


def _new_commitment(part: DocumentPart, raw: Any) -> Commitment | None:
    if not isinstance(raw, dict):
        hint = "write `add: {name: ..., category: ..., kind: ..., annual_cost: ...}`"
        part.wrong((), "`add` is not a commitment", hint, raw)
        return None
    parsed = parse_fields(Commitment, raw, part.where, part.issues)
    return make_record(Commitment, parsed, part.origin(), part.issues, part.where)
