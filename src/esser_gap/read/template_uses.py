"""What a source that says `use` gets from its template: raw fields, the sentences that tell them, and limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, any_error, error
from esser_gap.model.record import FieldForm, forms_of
from esser_gap.model.source import Limit, Source
from esser_gap.read.fields import parse_field
from esser_gap.read.recipes import Worked, in_words, literal, work_out
from esser_gap.read.templates import USE, WITH
from esser_gap.read.values import NotUnderstood, is_blank, shown
from esser_gap.read.yaml_documents import parse_yaml
from esser_gap.read.yearly import parse_yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from esser_gap.model.template import Makes, Parameter, Template, TemplateLimit
    from esser_gap.read.recipes import Value
    from esser_gap.read.templates import Templates

    Place = Callable[[str], Where]

_OF_FIRST = frozenset({"categories", "kinds", "commitments", "least_life", "awards", "yearly", "also_called"})
"""Fields that, where a template makes several sources, say something about the first one only."""
_MONEY_FIELDS = ("awards", "yearly")
_BY_START = re.compile(r"(?:FY\s*)?'?([0-9]{4})(?:\s*[-/]\s*[0-9]{2,4})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Made:
    """One source that a template makes, before its values are parsed.

    Attributes:
        fields: Raw values by field: those of the template, and those that the user gave in their place.
        own: Fields that only a template sets, typed.
    """

    fields: dict[str, Any]
    own: dict[str, Any]


def made_sources(values: Mapping[str, Any], where: Place, issues: list[Issue], templates: Templates) -> list[Made]:
    """Let a template make the fields of a source.

    Args:
        values: Raw values by key: fields of a source, `use`, `with`, and parameters.
        where: Gives the place of a key.
        issues: Problems are added here.
        templates: Finds the template.

    Returns:
        One entry a source, in the order they are drawn; none when something is wrong.
    """
    found: list[Issue] = []
    try:
        template = templates.find(shown(values[USE]), where(USE))
        worked = _worked(template, values, where, found)
        made = [] if any_error(found) else list(_all_made(worked, values, where, found))
    except InputError as problem:
        found += problem.issues
        made = []
    except NotUnderstood as problem:
        place = where(USE)
        found.append(
            error(problem.code, problem.message, where=place, field=USE, found=shown(values[USE]), hint=problem.hint)
        )
        made = []
    issues.extend(found)
    return [] if any_error(found) else made


# --- parameters --------------------------------------------------------------------------------


def _worked(template: Template, values: Mapping[str, Any], where: Place, issues: list[Issue]) -> Worked:
    """Read the parameters, do the steps, and refuse what the rule knows no money for."""
    raw = _raw_parameters(values, where, issues)
    known = {parameter.name: parameter for parameter in template.parameters}
    issues.extend(_unknown(name, template, place) for name, (_, place) in raw.items() if name not in known)
    given = {name: _parsed(parameter, raw, issues) for name, parameter in known.items()}
    issues.extend(_missing(template, raw, values, where))
    if any_error(issues):
        return Worked(template, {}, {})
    worked = work_out(template, given)
    for refusal in template.refuses:
        if worked.holds(refusal.when):
            _, place = raw.get(refusal.field, (None, where(USE)))
            because = worked.filled(refusal.because)
            message = f"the template `{template.name}` makes no money of these parameters: {because}"
            found = worked.words(refusal.field)
            hint = f"correct `{refusal.field}`, or take the source out"
            issues.append(error("template-forbids", message, where=place, field=refusal.field, found=found, hint=hint))
    return worked


def _raw_parameters(values: Mapping[str, Any], where: Place, issues: list[Issue]) -> dict[str, tuple[Any, Where]]:
    """Collect parameters from `with` and from keys of their own, each with its place."""
    raw = {name: (value, where(WITH)) for name, value in _with(values.get(WITH), where(WITH), issues).items()}
    own = {name: (value, where(name)) for name, value in values.items() if name not in forms_of(Source)}
    for name in raw.keys() & own.keys():
        message = f"`{name}` stands in `with` and as a key of its own"
        issues.append(
            error("key-repeated", message, where=where(name), field=name, found=name, hint="keep one of the two")
        )
    return {**raw, **own}


def _with(raw: Any, where: Where, issues: list[Issue]) -> dict[str, Any]:
    if is_blank(raw):
        return {}
    if isinstance(raw, str):
        body = raw.strip().replace(";", ",")
        try:
            raw = parse_yaml(body if body.startswith("{") else f"{{{body}}}", "").value
        except InputError as problem:
            issues.extend(issue.at(where) for issue in problem.issues)
            return {}
    if isinstance(raw, dict) and all(value is not None for value in raw.values()):
        return raw
    message = "`with` is not parameters with values"
    hint = "write `lunch_share: 62%; rural: no`"
    issues.append(error("structure-not-understood", message, where=where, field=WITH, found=shown(raw), hint=hint))
    return {}


def _unknown(name: str, template: Template, where: Where) -> Issue:
    names = [parameter.name for parameter in template.parameters]
    hint = choose_from(
        name, [*names, *forms_of(Source)] if len(name) > 1 else names, f"see `esser-gap sources show {template.name}`"
    )
    message = f"the template `{template.name}` has no parameter `{name}`"
    return error("parameter-unknown", message, where=where, field=name, found=name, hint=hint)


def _missing(template: Template, raw: Mapping[str, Any], values: Mapping[str, Any], where: Place) -> Iterator[Issue]:
    """Name what has to be given and is not."""
    for parameter in template.parameters:
        if parameter.is_required and is_blank(raw.get(parameter.name, (None,))[0]):
            example = template.example.get(parameter.name, parameter.choices[0] if parameter.choices else "...")
            hint = f"write `{parameter.name}: {shown(example)}` ({parameter.meaning})"
            message = f"the template `{template.name}` needs `{parameter.name}`"
            yield error("parameter-missing", message, where=where(USE), field=parameter.name, hint=hint)
    for name in template.needs:
        if is_blank(values.get(name)):
            form = forms_of(Source)[name]
            hint = f"write one of: {', '.join(form.choices)}" if form.choices else "write it beside `use`"
            message = f"the template `{template.name}` needs `{name}`"
            yield error("parameter-missing", message, where=where(USE), field=name, hint=hint)


def _parsed(parameter: Parameter, raw: Mapping[str, tuple[Any, Where]], issues: list[Issue]) -> Value:
    value, where = raw.get(parameter.name, (None, Where()))
    if is_blank(value):
        return literal(parameter.default)
    if parameter.by_year and isinstance(value, dict):
        form = FieldForm(parameter.name, parameter.form)
        result: Value = parse_yearly(value, form, lambda _: where, issues)
    elif parameter.several:
        parts = value if isinstance(value, list) else re.split(r"[,;\s]+", shown(value))
        result = tuple(_one(parameter, part, where, issues) for part in parts if not is_blank(part))
    else:
        result = _one(parameter, value, where, issues)
    issues.extend(_out_of_range(parameter, result, where))
    return result


def _one(parameter: Parameter, raw: Any, where: Where, issues: list[Issue]) -> Value:
    if parameter.by_start and (match := _BY_START.fullmatch(shown(raw))):
        return Decimal(match[1])
    form = FieldForm(parameter.name, parameter.form, parameter.choices)
    value = parse_field(raw, form, where, issues)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _out_of_range(parameter: Parameter, value: Value, where: Where) -> Iterator[Issue]:
    least, most = literal(parameter.least), literal(parameter.most)
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    for one in several:
        if not isinstance(one, Decimal):
            continue
        if least is not None and one < least:
            yield _beyond(parameter, one, least, "below", "more", where)
        if most is not None and one > most:
            yield _beyond(parameter, one, most, "above", "less", where)


def _beyond(parameter: Parameter, value: Decimal, bound: Decimal, side: str, other: str, where: Where) -> Issue:
    name, words = parameter.name, in_words(bound, parameter.form)
    place = {"where": where, "field": name, "found": in_words(value, parameter.form)}
    return error("out-of-range", f"`{name}` is {side} {words}", hint=f"write {words} or {other}", **place)


# --- what is made ------------------------------------------------------------------------------


def _all_made(worked: Worked, values: Mapping[str, Any], where: Place, issues: list[Issue]) -> Iterator[Made]:
    template = worked.template
    explicit = {name: raw for name, raw in values.items() if name in forms_of(Source) and not is_blank(raw)}
    said = tuple(_sentences(worked))
    own = {USE: shown(values[USE]), WITH: _with_text(values, where, issues) or None, "made_by": said}
    made = [makes for makes in template.makes if worked.holds(makes.when)]
    for place, makes in enumerate(made):
        fields = _fields(makes, worked, explicit, is_first=place == 0)
        limits = tuple(_limits(makes.limits, worked))
        yield Made(fields, {**{key: value for key, value in own.items() if value}, "limits": limits})


def _sentences(worked: Worked) -> Iterator[str]:
    template = worked.template
    yield f"template {template.name}, {template.title}: {template.citation}, read on {template.as_of}"
    yield from worked.said
    for doubt in template.not_sourced:
        if worked.holds(doubt.when):
            yield f"not sourced: {worked.filled(doubt.say)}"


def _with_text(values: Mapping[str, Any], where: Place, issues: list[Issue]) -> str:
    """Write the parameters in one line, as the column `with` has them."""
    raw = _raw_parameters(values, where, issues)
    return "; ".join(f"{name}: {shown(value)}" for name, (value, _) in raw.items() if not is_blank(value))


def _fields(makes: Makes, worked: Worked, explicit: Mapping[str, Any], *, is_first: bool) -> dict[str, Any]:
    """Put the user's fields over those of the template; money that the user states replaces the template's."""
    template = worked.template
    common = {"rule": worked.filled(template.rule), "citation": template.citation, "as_of": template.as_of}
    fields = {**common, **{name: _resolved(raw, worked) for name, raw in makes.fields.items()}}
    given = {name: raw for name, raw in explicit.items() if name not in {USE, WITH}}
    if not is_first:
        given = {name: raw for name, raw in given.items() if name not in _OF_FIRST}
    if any(name in given for name in _MONEY_FIELDS):
        fields = {name: raw for name, raw in fields.items() if name not in _MONEY_FIELDS}
    name = shown(explicit.get("name") or template.title)
    return {**fields, **given, "name": f"{name} {makes.suffix}".strip()}


def _resolved(raw: Any, worked: Worked) -> Any:
    """Put values in place of names; what is not given is left out."""
    if isinstance(raw, str) and raw.startswith("="):
        return _plain(worked.operand(raw[1:]))
    if isinstance(raw, dict):
        resolved = {key: _resolved(value, worked) for key, value in raw.items()}
        amount = resolved.get("amount")
        if isinstance(amount, dict):
            # Amounts that differ by year are a yearly map by themselves.
            return amount
        return {key: value for key, value in resolved.items() if value is not None}
    return [_resolved(value, worked) for value in raw] if isinstance(raw, list) else raw


def _plain(value: Value) -> Any:
    """Write a value as a file would hold it."""
    if isinstance(value, dict):
        return {f"FY{year}": amount for year, amount in sorted(value.items())}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _limits(limits: Iterable[TemplateLimit], worked: Worked) -> Iterator[Limit]:
    for limit in limits:
        if not worked.holds(limit.when):
            continue
        most, least, first, last, among = (
            worked.operand(raw) for raw in (limit.most, limit.least, limit.first, limit.last, limit.among)
        )
        is_by_year = isinstance(most, Mapping)
        bounds = {
            "most": None if is_by_year else most,
            "by_year": most if is_by_year else None,
            "least": least,
            "first": first,
            "last": last,
            "among": () if among is None else tuple(map(_word, among if isinstance(among, tuple) else (among,))),
        }
        if any(bound not in (None, ()) for bound in bounds.values()):
            yield Limit(field=limit.field, because=worked.filled(limit.because), **bounds)


def _word(value: Value) -> str:
    return str(_plain(value))
