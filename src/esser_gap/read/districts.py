"""District facts from a District sheet or from YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.issues import Issue, Where, any_error, error
from esser_gap.model.district import District
from esser_gap.model.origin import Origin
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.read.fields import make_record, parse_field, parse_fields, record_from_document, unknown_key
from esser_gap.read.headings import folded
from esser_gap.read.sheets import Sheet, letters
from esser_gap.read.sources import year_of_heading
from esser_gap.read.values import is_blank, shown
from esser_gap.read.yearly import parse_yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esser_gap.read.values import Raw
    from esser_gap.read.yaml_documents import Document, Path

_STUDENTS = FieldForm("enrollment", Form.NUMBER)
_DOLLARS = FieldForm("total_budget", Form.MONEY)
YEARLY = {"enrollment": _STUDENTS, "total_budget": _DOLLARS}
"""Facts that are given by fiscal year."""
_YEARS_HINT = "write it in columns that are headed by fiscal years, such as FY2027"

_OTHER_NAMES = {
    "district": "name",
    "district name": "name",
    "nces": "nces_id",
    "nces district id": "nces_id",
    "fiscal year starts in": "fiscal_year_start",
    "fiscal year start month": "fiscal_year_start",
    "students": "enrollment",
    "enrolment": "enrollment",
    "whole budget": "total_budget",
    "total district budget": "total_budget",
    "reserve": "reserve_floor",
}


def district_from_document(document: Document, path: Path, issues: list[Issue]) -> District | None:
    """Read one district from a YAML mapping.

    Args:
        document: The document.
        path: Keys that lead to the mapping.
        issues: Problems are added here.
    """
    example = "{name: ..., enrollment: {FY2027: 8400}}"
    return record_from_document(District, document, path, _parse_values, example, issues)


def _parse_values(values: Mapping[str, Any], where: Callable[[str], Where], issues: list[Issue]) -> dict[str, Any]:
    def yearly(name: str) -> Any:
        return lambda raw: _yearly(name, raw, where(name), issues)

    return parse_fields(District, values, where, issues, {name: yearly(name) for name in YEARLY})


def _yearly(name: str, raw: Any, where: Where, issues: list[Issue]) -> dict[int, Any] | None:
    if isinstance(raw, dict):
        return parse_yearly(raw, YEARLY[name], lambda _: where, issues)
    issues.append(_not_yearly(name, raw, where, f"write `{name}: {{FY2027: 8400, FY2028: 8300}}`"))
    return None


def _not_yearly(name: str, raw: Raw, where: Where, hint: str) -> Issue:
    message = f"`{name}` is not numbers by fiscal year"
    return error("yearly-not-understood", message, where=where, field=name, found=shown(raw), hint=hint)


def districts_from_sheet(sheet: Sheet, issues: list[Issue]) -> list[District]:
    """Read a District sheet: a fact a row (`field`, `value`, fiscal years), or a district a row.

    Args:
        sheet: The sheet.
        issues: Problems are added here.
    """
    for place, row in enumerate(sheet.rows):
        headings = [folded(cell) for cell in row if not is_blank(cell)]
        if len(headings) > 1 and headings[0] in {"field", "fact"}:
            district = _from_facts(sheet, place, issues)
            return [] if district is None else [district]
        if any(_field_named(heading) == "name" for heading in headings) and any(_is_fact(cell) for cell in row):
            found = [_from_row(sheet, place, number, issues) for number in range(place + 1, len(sheet.rows))]
            return [district for district in found if district is not None]
    message = "no row here has the headings of district facts"
    hint = "head the columns: Field, Value, FY2026, FY2027 and so on"
    issues.append(error("header-not-found", message, where=Where(sheet.file, sheet.name), hint=hint))
    return []


def _field_named(heading: Raw) -> str | None:
    text = folded(heading)
    for name in forms_of(District):
        if folded(name) == text:
            return name
    return _OTHER_NAMES.get(text)


def _is_fact(heading: Raw) -> bool:
    """Tell whether a heading names a fact beside the district's name, with or without a fiscal year."""
    if is_blank(heading):
        return False
    fact, _, year = shown(heading).rpartition(" ")
    return _field_named(fact if fact and year_of_heading(year) else heading) not in {None, "name"}


def _from_facts(sheet: Sheet, header: int, issues: list[Issue]) -> District | None:
    label = next(place for place, cell in enumerate(sheet.rows[header]) if not is_blank(cell))
    years = {place: year for place, cell in enumerate(sheet.rows[header]) if (year := year_of_heading(cell))}
    # A remark in a further column is no value where one column is headed so.
    columns = [place for place, cell in enumerate(sheet.rows[header]) if folded(cell) == "value"]
    parsed: dict[str, Any] = {}
    before = len(issues)
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        if len(row) <= label or is_blank(row[label]):
            continue
        name = _field_named(row[label])
        places = [*columns, *years] if columns else range(label + 1, len(row))
        first = next((place for place in places if place < len(row) and not is_blank(row[place])), None)
        if name is None:
            where = Where(sheet.file, sheet.name, f"{letters(label)}{number}")
            issues.append(unknown_key(shown(row[label]), sorted(forms_of(District)), where))
        elif first is not None:
            where = Where(sheet.file, sheet.name, f"{letters(first)}{number}")
            if name in YEARLY:
                value = _facts_by_year(sheet, number, years, name, issues)
                if not value and first not in years:
                    issues.append(_not_yearly(name, row[first], where, _YEARS_HINT))
            else:
                value = parse_field(row[first], forms_of(District)[name], where, issues)
            if value is not None:
                parsed[name] = value
    if any_error(issues[before:]):
        return None
    return make_record(District, parsed, Origin(sheet.file, sheet.name, (header + 1,)), issues)


def _facts_by_year(sheet: Sheet, number: int, years: dict[int, int], name: str, issues: list[Issue]) -> dict[int, Any]:
    row, form = sheet.rows[number - 1], YEARLY[name]
    facts = {}
    for place, year in years.items():
        raw = row[place] if place < len(row) else None
        value = parse_field(raw, form, Where(sheet.file, sheet.name, f"{letters(place)}{number}"), issues)
        if value is not None:
            facts[year] = value
    return facts


def _from_row(sheet: Sheet, header: int, number: int, issues: list[Issue]) -> District | None:
    """Read a district from one row, yearly facts being headed `enrollment FY2027`."""
    row = sheet.rows[number]
    if all(is_blank(cell) for cell in row):
        return None
    before = len(issues)
    parsed: dict[str, Any] = {}
    for place, heading in enumerate(sheet.rows[header]):
        raw = row[place] if place < len(row) else None
        if is_blank(heading) or is_blank(raw):
            continue
        where = Where(sheet.file, sheet.name, f"{letters(place)}{number + 1}")
        fact, _, year_text = shown(heading).rpartition(" ")
        year = year_of_heading(year_text)
        name = _field_named(fact if year else heading)
        if name is None:
            head = Where(sheet.file, sheet.name, f"{letters(place)}{header + 1}")
            issues.append(unknown_key(shown(heading), sorted(forms_of(District)), head))
        elif name in YEARLY:
            value = parse_field(raw, YEARLY[name], where, issues) if year else None
            if year is None:
                issues.append(_not_yearly(name, raw, where, f"head the column `{name} FY2027`, one for each year"))
            elif value is not None:
                parsed.setdefault(name, {})[year] = value
        else:
            value = parse_field(raw, forms_of(District)[name], where, issues)
            if value is not None:
                parsed[name] = value
    if any_error(issues[before:]):
        return None
    return make_record(District, parsed, Origin(sheet.file, sheet.name, sheet.rows_of(number + 1)), issues)
