"""Mapping files: YAML that says how a spreadsheet is read."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.issues import Issue, error
from esser_gap.model.commitment import Commitment
from esser_gap.model.district import District
from esser_gap.model.mapping import Caption, CodeUse, Mapping, Reads, RowFilter
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.read.districts import YEARLY
from esser_gap.read.fields import make_record, parse_field, parse_fields, unknown_key
from esser_gap.read.sources import FIELDS as SOURCE_FIELDS
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esser_gap.read.yaml_documents import Document, Path

KEYS: tuple[str, ...] = tuple(name for name in Mapping.model_fields if name != "origin")
"""Keys of a mapping, in order."""
FIELDS: dict[Reads, tuple[str, ...]] = {
    Reads.COMMITMENTS: tuple(forms_of(Commitment)),
    Reads.FUNDING: SOURCE_FIELDS,
    Reads.DISTRICT: (*forms_of(District), *YEARLY),
}
"""Fields that a mapping may fill, by what it reads."""
_SIMPLE = (
    "description",
    "reads",
    "files",
    "sheets",
    "skip_sheets",
    "area",
    "fill_down",
    "known_headings",
    "unit",
    "find_totals",
    "sum_by",
)
_FILTERS = tuple(RowFilter.model_fields)
_HEADER_ROW = FieldForm("header_row", Form.WHOLE)
_AREA = re.compile(r"[A-Za-z]{1,3}\d*(:[A-Za-z]{1,3}\d*)?")


def mappings_from_document(document: Document) -> list[Mapping]:
    """Read a mapping file: one mapping, or several under `mappings`.

    Raises:
        InputError: With everything wrong in it; an unknown key or field is an error.
    """
    values = document.value
    if not isinstance(values, dict):
        raise InputError([document.not_a_mapping((), "a mapping", "`columns:` and so on")])
    issues: list[Issue] = []
    if "mappings" not in values:
        mappings = [_mapping(document, (), issues)]
    else:
        issues += [unknown_key(k, ["mappings"], document.where((k,))) for k in values if k != "mappings"]
        listed = values["mappings"] if isinstance(values["mappings"], list) else []
        if not listed:
            hint = "write a list, each with `columns:` and so on"
            message = "`mappings` is not a list of mappings"
            issues.append(error("structure-not-understood", message, where=document.where(("mappings",)), hint=hint))
        mappings = [_mapping(document, ("mappings", place), issues) for place in range(len(listed))]
    found = [mapping for mapping in mappings if mapping is not None]
    if issues:
        raise InputError(issues)
    return found


def mapping_from_document(document: Document) -> Mapping:
    """Read a mapping file that holds one mapping.

    Raises:
        InputError: With everything wrong in it.
    """
    (mapping,) = mappings_from_document(document)
    return mapping


def mappings_for(mappings: Iterable[Mapping], file: str) -> list[Mapping]:
    """Choose the mappings that are for a file.

    Args:
        mappings: All mappings.
        file: The file's name.
    """
    return [m for m in mappings if not m.files or any(fnmatchcase(file.casefold(), p.casefold()) for p in m.files)]


def _mapping(document: Document, path: Path, issues: list[Issue]) -> Mapping | None:
    values = document.value_at(path)
    if not isinstance(values, dict):
        issues.append(document.not_a_mapping(path, "a mapping", "`columns:` and so on"))
        return None
    reader = _Reader(document, path, values, issues)
    return reader.mapping()


class _Reader:
    """One mapping while it is read."""

    def __init__(self, document: Document, path: Path, values: dict[str, Any], issues: list[Issue]) -> None:
        self._document, self._path, self._values, self._issues = document, path, values, issues

    def mapping(self) -> Mapping | None:
        """Read all keys."""
        found = len(self._issues)
        known = list(KEYS)
        self._issues += [unknown_key(key, known, self._where(key)) for key in self._values if key not in KEYS]
        simple = {key: self._values[key] for key in _SIMPLE if key in self._values}
        parsed = parse_fields(Mapping, simple, self._where, self._issues)
        fields = FIELDS[Reads(parsed.get("reads", Reads.COMMITMENTS))]
        self._check_area(parsed.get("area"))
        parsed["header_row"] = self._header_row()
        parsed["columns"] = {name: _texts(headings) for name, headings in self._by_field("columns", fields).items()}
        parsed["constants"] = self._by_field("constants", fields)
        parsed["values"] = self._translations(fields)
        parsed["codes"] = self._codes(fields)
        parsed["take"] = self._captions()
        parsed["rows"] = self._row_filter()
        out_of_range: list[Issue] = []
        mapping = make_record(Mapping, parsed, self._document.origin(self._path), out_of_range)
        self._issues += [issue.at(self._where(issue.field)) for issue in out_of_range]
        return mapping if len(self._issues) == found else None

    def _where(self, *keys: str | int) -> Any:
        return self._document.where((*self._path, *keys))

    def _refuse(self, message: str, hint: str, *keys: str | int) -> None:
        self._issues.append(error("structure-not-understood", message, where=self._where(*keys), hint=hint))

    def _check_area(self, area: str | None) -> None:
        if area is not None and not _AREA.fullmatch(area):
            self._refuse(
                "`area` is not cells of a sheet", "write cells such as J3:P200, or columns such as J:P", "area"
            )

    def _header_row(self) -> tuple[int, ...]:
        raw = self._values.get("header_row")
        numbers = raw if isinstance(raw, list) else [] if raw is None else [raw]
        where = self._where("header_row")
        parsed = [parse_field(number, _HEADER_ROW, where, self._issues) for number in numbers]
        rows = tuple(number for number in parsed if number is not None)
        if any(number < 1 for number in rows):
            message = "`header_row` is below 1"
            found = ", ".join(map(str, rows))
            hint = "write 1 or more"
            self._issues.append(error("out-of-range", message, where=where, field="header_row", found=found, hint=hint))
        elif len(rows) > 2 or rows != tuple(sorted(rows)):  # noqa: PLR2004 - first and last
            hint = "write the row's number, or its first and last row: [4, 5]"
            self._refuse("`header_row` is not a row, or a first and a last one", hint, "header_row")
        return rows

    def _by_field(self, key: str, fields: tuple[str, ...]) -> dict[str, Any]:
        values = self._values.get(key) or {}
        if not isinstance(values, dict):
            self._refuse(f"`{key}` is not fields with values", f"write `{key}:` and a line `name: ...`", key)
            return {}
        known = list(fields)
        self._issues += [unknown_key(name, known, self._where(key, name)) for name in values if name not in known]
        return {name: value for name, value in values.items() if name in known}

    def _translations(self, fields: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        values = self._by_field("values", fields)
        for name, translation in values.items():
            if not isinstance(translation, dict):
                hint = f'write `{name}: {{"205 - ESSER III": ESSER III}}`'
                self._refuse(f"`values.{name}` is not what the file says with what it means", hint, "values", name)
        return {name: translation for name, translation in values.items() if isinstance(translation, dict)}

    def _codes(self, fields: tuple[str, ...]) -> dict[str, CodeUse]:
        uses = {}
        for name, raw in self._by_field("codes", fields).items():
            use = raw if isinstance(raw, dict) else {"map": raw}
            wrong = [key for key in use if key not in CodeUse.model_fields]
            self._issues += [unknown_key(k, list(CodeUse.model_fields), self._where("codes", name, k)) for k in wrong]
            if "map" not in use or not all(isinstance(value, str) for value in use.values()):
                hint = f"write `{name}: texas-fund`, or `{name}: {{map: texas-fund, heading: Fund}}`"
                self._refuse(f"`codes.{name}` does not name a code map", hint, "codes", name)
            elif not wrong:
                uses[name] = CodeUse(**use)
        return uses

    def _captions(self) -> tuple[Caption, ...]:
        listed = self._values.get("take") or []
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            self._refuse("`take` is not a list", 'write `take: [{title: "Fund: {Fund}"}]`', "take")
            return ()
        return tuple(caption for place, item in enumerate(listed) if (caption := self._caption(place, item)))

    def _caption(self, place: int, item: dict[str, Any]) -> Caption | None:
        def where(name: str) -> Any:
            return self._where("take", place, name)

        before = len(self._issues)
        parsed = parse_fields(Caption, item, where, self._issues)
        places = [key for key in parsed if key != "parts"]
        pattern = str(parsed.get("parts" if "column" in parsed else next(iter(places), ""), ""))
        if len(self._issues) > before:
            return None
        if len(places) != 1 or ("column" in parsed) != ("parts" in parsed) or "{" not in pattern:
            hint = 'write `{title: "Fund: {Fund}"}`, or `{column: Account, parts: "{Fund}-{Object}"}`'
            self._refuse("this does not say which text becomes a column", hint, "take", place)
            return None
        return Caption(**parsed)

    def _row_filter(self) -> RowFilter:
        rows = self._values.get("rows") or {}
        if not isinstance(rows, dict):
            hint = 'write `rows: {keep: [{Account: "470*"}]}`'
            self._refuse("`rows` does not say what to keep or to drop", hint, "rows")
            return RowFilter()
        conditions: dict[str, tuple[dict[str, tuple[str, ...]], ...]] = {}
        for key in rows:
            if key not in _FILTERS:
                self._issues.append(unknown_key(key, list(_FILTERS), self._where("rows", key)))
                continue
            listed = rows[key] if isinstance(rows[key], list) else [rows[key]]
            if all(isinstance(condition, dict) for condition in listed):
                conditions[key] = tuple({name: _texts(value) for name, value in c.items()} for c in listed)
            else:
                hint = 'write `keep: [{Account: ["470*", "480*"]}]`'
                self._refuse(f"`rows.{key}` is not a list of conditions", hint, "rows", key)
        return RowFilter(**conditions)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(shown(text) for text in (value if isinstance(value, list) else [value]))
