"""Scenarios from a Scenarios sheet: one setting a row, laid out as the documents that YAML would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error
from esser_gap.read.headings import folded
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.values import is_blank, shown
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from esser_gap.model.scenario import Scenario
    from esser_gap.read.sheets import Sheet


def scenarios_from_sheet(sheet: Sheet) -> list[Scenario]:
    """Read a Scenarios sheet: columns `scenario`, `set` and `value`, one setting a row.

    `set` is the path of a setting, its keys parted by dots (`growth.software.FY2027`, `count`,
    `sources.change.Technology line.share`), or `action`, whose value is written as in YAML.

    Raises:
        InputError: With everything wrong in it.
    """
    documents, issues = _sheet_documents(sheet)
    scenarios = []
    for document in documents:
        try:
            scenarios.append(scenario_from_document(document))
        except InputError as problem:
            issues.extend(problem.issues)
    if issues:
        raise InputError(issues)
    return scenarios


def _sheet_documents(sheet: Sheet) -> tuple[list[Document], list[Issue]]:
    found: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[tuple[str | int, ...], int]] = {}
    issues: list[Issue] = []
    columns: dict[str, int] | None = None
    for number, row in enumerate(sheet.rows, 1):
        texts = {folded(cell): place for place, cell in enumerate(row) if not is_blank(cell)}
        if columns is None:
            columns = texts if {"scenario", "set", "value"} <= texts.keys() else None
            continue
        cells = [row[columns[name]] if columns[name] < len(row) else None for name in ("scenario", "set", "value")]
        if all(is_blank(cell) for cell in cells):
            continue
        _set_from_row(sheet, number, cells, found, places, issues)
    if columns is None:
        message = "no row here has the headings of scenarios"
        where = Where(sheet.file, sheet.name)
        issues.append(error("header-not-found", message, where=where, hint="head the columns: scenario, set, value"))
    documents = [Document(sheet.file, values, places[name], sheet.name) for name, values in found.items()]
    return documents, issues


def _set_from_row(
    sheet: Sheet,
    number: int,
    cells: list[Any],
    found: dict[str, dict[str, Any]],
    places: dict[str, dict[tuple[str | int, ...], int]],
    issues: list[Issue],
) -> None:
    name, setting, raw = shown(cells[0] or ""), shown(cells[1] or ""), cells[2]
    where = Where(sheet.file, sheet.name, f"row {number}")
    if not name or not setting:
        message = "a setting needs the scenario's name and what it sets"
        issues.append(error("field-missing", message, where=where, hint="fill `scenario` and `set`"))
        return
    values = found.setdefault(name, {"name": name})
    lines = places.setdefault(name, {(): number})
    try:
        value = parse_yaml(raw, sheet.file).value if isinstance(raw, str) else raw
    except InputError as problem:
        issues.extend(issue.at(where) for issue in problem.issues)
        return
    keys: list[str] = setting.split(".")
    if keys == ["action"]:
        actions = values.setdefault("actions", [])
        lines["actions", len(actions)] = number
        actions.append(value)
        return
    inside = values
    for key in keys[:-1]:
        inside = inside.setdefault(key, {})
        if not isinstance(inside, dict):
            message = f"`{setting}` and an earlier row contradict each other"
            issues.append(error("key-repeated", message, where=where, found=setting, hint="keep one of the two"))
            return
    if keys[-1] in inside:
        message = f"`{setting}` is set a second time"
        issues.append(error("key-repeated", message, where=where, found=setting, hint="keep one of the two"))
        return
    inside[keys[-1]] = value
    lines[tuple(keys)] = number
