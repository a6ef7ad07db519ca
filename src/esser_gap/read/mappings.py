"""Mapping files, and the columns of commitments that they make of a sheet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, any_error, error
from esser_gap.model.commitment import Commitment
from esser_gap.model.mapping import Mapping, RowFilter
from esser_gap.model.origin import Origin
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.read.commitments import FIELDS, Columns, row_dollars
from esser_gap.read.fields import make_record, parse_field, parse_fields, unknown_key
from esser_gap.read.headings import folded
from esser_gap.read.sheets import letters
from esser_gap.read.tables import Header, body_rows, unsaved_issues
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw
    from esser_gap.read.yaml_documents import Document

_KEYS = ("description", "sheets", "header_row", "columns", "constants", "values", "rows", "sum_by")
_COST = FieldForm("annual_cost", Form.MONEY)
_COST_FIELDS: tuple[str, ...] = ("annual_cost", "quantity", "unit_cost")


# --- reading -----------------------------------------------------------------------------------


def mapping_from_document(document: Document) -> Mapping:
    """Read a mapping from a YAML document.

    Raises:
        InputError: With everything wrong in it; an unknown key or field is an error.
    """
    values = document.value
    if not isinstance(values, dict):
        raise InputError([document.not_a_mapping((), "a mapping", "`columns:` and so on")])
    issues = [unknown_key(key, list(_KEYS), document.where((key,))) for key in values if key not in _KEYS]
    simple = {key: values[key] for key in ("description", "sheets", "header_row", "sum_by") if key in values}
    parsed = parse_fields(Mapping, simple, lambda name: document.where((name,)), issues)
    for key in ("columns", "constants", "values"):
        parsed[key] = _by_field(document, key, issues)
    parsed["columns"] = {name: _texts(headings) for name, headings in parsed["columns"].items()}
    parsed["values"] = _translations(document, parsed["values"], issues)
    parsed["rows"] = _row_filter(document, issues)
    out_of_range: list[Issue] = []
    mapping = make_record(Mapping, parsed, Origin(document.file), out_of_range)
    issues.extend(issue.at(document.where((issue.field,))) for issue in out_of_range)
    if issues or mapping is None:
        raise InputError(issues)
    return mapping


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(shown(text) for text in (value if isinstance(value, list) else [value]))


def _by_field(document: Document, key: str, issues: list[Issue]) -> dict[str, Any]:
    values = document.value.get(key) or {}
    if not isinstance(values, dict):
        message = f"`{key}` is not fields with values"
        hint = f"write `{key}:` and a line `name: ...`"
        issues.append(error("structure-not-understood", message, where=document.where((key,)), hint=hint))
        return {}
    known = list(FIELDS)
    issues.extend(unknown_key(name, known, document.where((key, name))) for name in values if name not in known)
    return {name: value for name, value in values.items() if name in known}


def _translations(document: Document, values: dict[str, Any], issues: list[Issue]) -> dict[str, dict[str, Any]]:
    for name, translation in values.items():
        if not isinstance(translation, dict):
            message = f"`values.{name}` is not what the file says with what it means"
            hint = f'write `{name}: {{"205 - ESSER III": ESSER III}}`'
            where = document.where(("values", name))
            issues.append(error("structure-not-understood", message, where=where, hint=hint))
    return {name: translation for name, translation in values.items() if isinstance(translation, dict)}


def _row_filter(document: Document, issues: list[Issue]) -> RowFilter:
    rows = document.value.get("rows") or {}
    if not isinstance(rows, dict):
        hint = 'write `rows: {keep: [{Account: "470*"}]}`'
        message = "`rows` does not say what to keep or to drop"
        issues.append(error("structure-not-understood", message, where=document.where(("rows",)), hint=hint))
        return RowFilter()
    conditions: dict[str, tuple[dict[str, tuple[str, ...]], ...]] = {}
    for key in rows:
        if key not in {"keep", "drop"}:
            issues.append(unknown_key(key, ["keep", "drop"], document.where(("rows", key))))
            continue
        listed = rows[key] if isinstance(rows[key], list) else [rows[key]]
        if all(isinstance(condition, dict) for condition in listed):
            conditions[key] = tuple({name: _texts(value) for name, value in c.items()} for c in listed)
        else:
            hint = 'write `keep: [{Account: ["470*", "480*"]}]`'
            message = f"`rows.{key}` is not a list of conditions"
            where = document.where(("rows", key))
            issues.append(error("structure-not-understood", message, where=where, hint=hint))
    return RowFilter(**conditions)


# --- applying ----------------------------------------------------------------------------------


def mapped_sheets(mapping: Mapping, sheets: list[Sheet]) -> list[Sheet]:
    """Choose the sheets that a mapping names.

    Raises:
        InputError: When a name matches no sheet.
    """
    if not mapping.sheets:
        return [sheet for sheet in sheets if _find_header(mapping, sheet) is not None]
    chosen = []
    for pattern in mapping.sheets:
        found = [sheet for sheet in sheets if fnmatchcase(sheet.name.strip(), pattern.strip())]
        if not found:
            names = [sheet.name for sheet in sheets]
            message = f"no sheet is called `{pattern}`"
            where = Where(sheets[0].file if sheets else "")
            raise InputError(
                [error("sheet-missing", message, where=where, found=pattern, hint=choose_from(pattern, names))]
            )
        chosen += [sheet for sheet in found if sheet not in chosen]
    return chosen


def mapped_columns(mapping: Mapping, sheet: Sheet, issues: list[Issue]) -> Columns | None:
    """Take the columns that a mapping names, filter rows, translate values and sum rows.

    Args:
        mapping: The mapping.
        sheet: The sheet.
        issues: Problems are added here.

    Returns:
        Raw values by field, or None when the header is not as the mapping says.
    """
    header = _find_header(mapping, sheet)
    if header is None:
        issues.append(_header_missing(mapping, sheet))
        return None
    places = _places(sheet, header)
    absent = sorted(wanted for wanted in _headings(mapping) if folded(wanted) not in places)
    if absent:
        present = [shown(cell) for cell in sheet.rows[header] if not is_blank(cell)]
        issues.extend(
            error(
                "column-missing",
                f"no column is headed `{wanted}`",
                where=Where(sheet.file, sheet.name, f"row {header + 1}"),
                found=wanted,
                hint=choose_from(wanted, present),
            )
            for wanted in absent
        )
        return None
    return _Mapped(mapping, sheet, header, places, issues).columns()


def _headings(mapping: Mapping) -> list[str]:
    conditions = (*mapping.rows.keep, *mapping.rows.drop)
    named = [heading for headings in mapping.columns.values() for heading in headings]
    return list(dict.fromkeys([*named, *(name for c in conditions for name in c), *mapping.sum_by]))


def _find_header(mapping: Mapping, sheet: Sheet) -> int | None:
    if mapping.header_row is not None:
        return mapping.header_row - 1 if mapping.header_row <= len(sheet.rows) else None
    wanted = {folded(heading) for headings in mapping.columns.values() for heading in headings}
    for place, row in enumerate(sheet.rows):
        if wanted and wanted <= {folded(cell) for cell in row if not is_blank(cell)}:
            return place
    return None


def _header_missing(mapping: Mapping, sheet: Sheet) -> Issue:
    headings = ", ".join(f"`{h}`" for headings in mapping.columns.values() for h in headings)
    message = f"no row has all the headings of the mapping: {headings}"
    hint = "compare the headings with the sheet, or say `header_row`"
    return error("header-not-found", message, where=Where(sheet.file, sheet.name), hint=hint)


def _places(sheet: Sheet, header: int) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(sheet.rows[header]):
        if not is_blank(cell):
            places.setdefault(folded(cell), place)
    return places


class _Mapped:
    """One sheet while a mapping is applied to it."""

    def __init__(
        self, mapping: Mapping, sheet: Sheet, header: int, places: dict[str, int], issues: list[Issue]
    ) -> None:
        self._mapping, self._sheet, self._header, self._places, self._issues = mapping, sheet, header, places, issues

    def columns(self) -> Columns:
        """Apply the whole mapping."""
        fields = {name: self._places[folded(headings[0])] for name, headings in self._mapping.columns.items()}
        header = Header(self._header, fields)
        self._issues.extend(unsaved_issues(self._sheet, header))
        rows = body_rows(self._sheet, header)
        kept = [(number, row) for number, row in rows if self._is_kept(row)]
        left_out = [row for _, row in rows if not self._is_kept(row)]
        values = {name: [self._value(name, row) for _, row in kept] for name in self._mapping.columns}
        amounts = [self._amount(row) for row in left_out]
        columns = Columns(
            sheet=self._sheet,
            numbers=[(number,) for number, _ in kept],
            values=values,
            letters={name: letters(place) for name, place in fields.items()},
            left_out=len(left_out),
            left_out_dollars=sum((amount for amount in amounts if amount is not None), Decimal(0)),
            left_out_unreadable=amounts.count(None),
        )
        return self._summed(columns, [row for _, row in kept]) if self._mapping.sum_by else columns

    def _cell(self, row: list[Raw], heading: str) -> Raw:
        place = self._places[folded(heading)]
        return row[place] if place < len(row) else None

    def _is_kept(self, row: list[Raw]) -> bool:
        keep, drop = self._mapping.rows.keep, self._mapping.rows.drop
        wanted = not keep or any(self._holds(condition, row) for condition in keep)
        return wanted and not any(self._holds(condition, row) for condition in drop)

    def _holds(self, condition: dict[str, tuple[str, ...]], row: list[Raw]) -> bool:
        return all(
            any(fnmatchcase(shown(_blank_text(self._cell(row, heading))), pattern) for pattern in patterns)
            for heading, patterns in condition.items()
        )

    def _value(self, name: str, row: list[Raw]) -> Raw:
        headings = self._mapping.columns[name]
        cells = [self._cell(row, heading) for heading in headings]
        raw = cells[0] if len(cells) == 1 else ", ".join(shown(cell) for cell in cells if not is_blank(cell))
        for pattern, meaning in self._mapping.values.get(name, {}).items():
            if fnmatchcase(shown(_blank_text(raw)), pattern):
                return meaning
        return raw

    def _amount(self, row: list[Raw]) -> Decimal | None:
        """Read the cost of a row that is left out, nothing where it has none; None where a cell cannot be read."""
        issues: list[Issue] = []
        where = Where(self._sheet.file, self._sheet.name)
        cells = {
            name: self._value(name, row) if name in self._mapping.columns else self._mapping.constants.get(name)
            for name in _COST_FIELDS
        }
        parsed = {name: [parse_field(raw, forms_of(Commitment)[name], where, issues)] for name, raw in cells.items()}
        return None if any_error(issues) else row_dollars(0, parsed, {}) or Decimal(0)

    def _summed(self, columns: Columns, rows: list[list[Raw]]) -> Columns:
        """Sum rows that agree in the key columns; other fields must agree, too."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for place, row in enumerate(rows):
            key = tuple(shown(_blank_text(self._cell(row, heading))) for heading in self._mapping.sum_by)
            groups.setdefault(key, []).append(place)
        values: dict[str, list[Raw]] = {}
        for name, raws in columns.values.items():
            values[name] = [
                self._sum(columns, raws, places) if name in _SUMMED else self._agreed(columns, name, raws, places)
                for places in groups.values()
            ]
        numbers = [tuple(columns.numbers[place][0] for place in places) for places in groups.values()]
        return replace(columns, numbers=numbers, values=values)

    def _sum(self, columns: Columns, raws: list[Raw], places: list[int]) -> Raw:
        if len(places) == 1:
            return raws[places[0]]
        total = Decimal(0)
        for place in places:
            where = Where(
                self._sheet.file, self._sheet.name, f"{columns.letters['annual_cost']}{columns.numbers[place][0]}"
            )
            total += parse_field(raws[place], _COST, where, self._issues) or 0
        return total

    def _agreed(self, columns: Columns, name: str, raws: list[Raw], places: list[int]) -> Raw:
        first = raws[places[0]]
        for place in places[1:]:
            if shown(_blank_text(raws[place])) != shown(_blank_text(first)):
                number = columns.numbers[place][0]
                where = Where(self._sheet.file, self._sheet.name, f"{columns.letters[name]}{number}")
                message = (
                    f"`{name}` differs from row {columns.numbers[places[0]][0]}, with which this row is summed:"
                    f" `{shown(_blank_text(first))}`"
                )
                hint = "add its heading to `sum_by`, or take the field out of `columns`"
                found = shown(_blank_text(raws[place]))
                self._issues.append(error("rows-differ", message, where=where, field=name, found=found, hint=hint))
                break
        return first


_SUMMED = frozenset({"annual_cost"})


def _blank_text(raw: Raw) -> Raw:
    return "" if raw is None else raw


def constants_of(mapping: Mapping | None) -> dict[str, Any]:
    """Give the values that every commitment gets; fields with a column are not among them."""
    if mapping is None:
        return {}
    return {name: value for name, value in mapping.constants.items() if name in forms_of(Commitment)}
