"""Fields of a record from raw values: each parsed by its form, each problem kept with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from esser_gap.check.references import choose_from
from esser_gap.issues import Issue, Where, any_error, error, warning
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.read.values import NotUnderstood, Rounded, is_blank, parse, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esser_gap.model.origin import Origin
    from esser_gap.read.yaml_documents import Document, Path

AnyRecord = TypeVar("AnyRecord", bound=Record)


def problem_issue(problem: NotUnderstood, raw: Any, where: Where, field: str) -> Issue:
    """Turn a value that was not understood into an issue with its place."""
    return error(problem.code, problem.message, where=where, field=field, found=shown(raw), hint=problem.hint)


def rounded_issue(raw: Any, value: Rounded, where: Where, field: str) -> Issue:
    """Warn that an amount had fractions of a cent."""
    message = f"`{field}` has fractions of a cent"
    hint = f"assumed: rounded to {value.value:.2f}"
    return warning("fraction-of-a-cent", message, where=where, field=field, found=shown(raw), hint=hint)


def parse_field(
    raw: Any, form: FieldForm, where: Where, issues: list[Issue], parser: Callable[[Any, FieldForm], Any] = parse
) -> Any:
    """Parse one value; None when it is blank or not understood, with the problem added to `issues`."""
    if is_blank(raw):
        return None
    try:
        value = parser(raw, form)
    except NotUnderstood as problem:
        issues.append(problem_issue(problem, raw, where, form.name))
        return None
    if isinstance(value, Rounded):
        issues.append(rounded_issue(raw, value, where, form.name))
        return value.value
    return value


def parse_fields(
    record: type[Record],
    values: Mapping[str, Any],
    where: Callable[[str], Where],
    issues: list[Issue],
    own: Mapping[str, Callable[[Any], Any]] | None = None,
) -> dict[str, Any]:
    """Parse the named values of a record.

    Args:
        record: The record's class.
        values: Raw values by field name; an unknown name is an issue.
        where: Gives the place of a field.
        issues: Problems are added here.
        own: Parsers for fields that are structures.

    Returns:
        Typed values of the fields that are not blank.
    """
    forms = forms_of(record)
    own = own or {}
    parsed = {}
    for name, raw in values.items():
        if name not in forms and name not in own:
            issues.append(unknown_key(name, sorted({*forms, *own}), where(name)))
            continue
        if name in own:
            value = None if raw is None else own[name](raw)
        else:
            value = parse_field(raw, forms[name], where(name), issues)
        if value is not None:
            parsed[name] = value
    return parsed


def unknown_key(name: str, known: list[str], where: Where) -> Issue:
    """Make the issue for a key that nothing is called."""
    message = f"nothing is called `{name}` here"
    return error("key-unknown", message, where=where, field=name, found=name, hint=choose_from(name, known))


def make_record(
    record: type[AnyRecord],
    parsed: Mapping[str, Any],
    origin: Origin,
    issues: list[Issue],
    where: Callable[[str], Where] | None = None,
) -> AnyRecord | None:
    """Build a record from typed values.

    Args:
        record: The record's class.
        parsed: Typed values by field name.
        origin: Where they stood.
        issues: Values out of range and missing ones are added here.
        where: Gives the place of a field; left out: as the origin says.

    Returns:
        The record, or None when something is wrong.
    """
    try:
        if "origin" in record.model_fields:
            return record.model_validate({**parsed, "origin": origin})
        return record.model_validate(dict(parsed))
    except ValidationError as problems:
        found = problems.errors()
        # Of a value that may have one of several shapes, every other shape complains, too.
        outside = {problem["loc"][0] for problem in found if problem["type"] in _RANGES}
        told = [p for p in found if p["type"] in _RANGES or p["loc"][0] not in outside]
        issues.extend(_range_issue(record, problem, where or origin.where) for problem in told)
        return None


def record_from_document(
    record: type[AnyRecord],
    document: Document,
    path: Path,
    parse_values: Callable[[Mapping[str, Any], Callable[[str], Where], list[Issue]], dict[str, Any]],
    example: str,
    issues: list[Issue],
) -> AnyRecord | None:
    """Read one record from a YAML mapping.

    Args:
        record: The record's class.
        document: The document.
        path: Keys that lead to the mapping.
        parse_values: Gives typed values by field from raw ones and the place of each, adding problems.
        example: What to write where something else than a mapping stands.
        issues: Problems are added here.

    Returns:
        The record, or None when something is wrong.
    """
    values = document.value_at(path)
    if not isinstance(values, dict):
        issues.append(document.not_a_mapping(path, f"a {record.__name__.casefold()}", example))
        return None

    def where(name: str) -> Where:
        return document.where((*path, name))

    found: list[Issue] = []
    parsed = parse_values(values, where, found)
    issues.extend(found)
    return None if any_error(found) else make_record(record, parsed, document.origin(path), issues, where)


_RANGES = {
    "greater_than_equal": ("is below {ge}", "write {ge} or more"),
    "greater_than": ("is not above {gt}", "write more than {gt}"),
    "less_than_equal": ("is above {le}", "write {le} or less"),
    "less_than": ("is not below {lt}", "write less than {lt}"),
    "string_too_short": ("is blank", "write it"),
    "too_short": ("is empty", "name at least one year"),
}


def _range_issue(record: type[Record], problem: Any, place: Callable[[str], Where]) -> Issue:
    name = str(problem["loc"][0])
    kind = problem["type"]
    where = place(name)
    if kind == "missing":
        return missing_field(name, forms_of(record).get(name), where)
    context = problem.get("ctx", {})
    if kind in _RANGES:
        what, hint = (text.format(**context) for text in _RANGES[kind])
    else:
        what, hint = f"cannot be taken ({problem['msg'][:1].lower()}{problem['msg'][1:]})", "correct it"
    code = "out-of-range" if kind in _RANGES else "value-not-understood"
    found = shown(problem["input"]) if isinstance(problem["input"], (str, int, float)) else str(problem["input"])
    return error(code, f"`{name}` {what}", where=where, field=name, found=found, hint=hint)


def missing_field(name: str, form: FieldForm | None, where: Where) -> Issue:
    """Make the issue for a needed value that is blank."""
    hint = "write it"
    if form is not None and form.choices:
        hint = f"write one of: {', '.join(form.choices)}"
    elif form is not None and form.form is Form.YES_NO:
        hint = "write yes or no"
    return error("field-missing", f"`{name}` is blank", where=where, field=name, hint=hint)
