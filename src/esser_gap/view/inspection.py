"""What an inspection found, to be shown: sheets, tables, what keeps a file back, and what to do next."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from esser_gap.issues import Severity
from esser_gap.view.inspected_tables import (
    columns_table,
    counted,
    differences_table,
    levels_table,
    quoted,
    sums_table,
)
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.inspecting import Inspection
    from esser_gap.issues import Issue
    from esser_gap.read.overviews import FoundSheet

_ALWAYS = 3
"""Sheet, cells and tables are always shown; what no sheet has is not."""


def inspection_parts(inspection: Inspection) -> Iterator[str | Table]:
    """Show what was found in a file, without what keeps it from being projected.

    Args:
        inspection: What was found.
    """
    sheets, tables = inspection.overview.sheets, inspection.overview.tables
    yield f"{inspection.path.name}: {counted(len(sheets), 'sheet')}, {counted(len(tables), 'table')}"
    yield sheets_table(sheets)
    for number, table in enumerate(tables, 1):
        yield columns_table(table, number)
        if table.totals.rows:
            yield levels_table(table, number)
        if table.totals.sums:
            yield sums_table(table, number)
        if table.totals.differences:
            yield differences_table(table, number)


# --- sheets ------------------------------------------------------------------------------------


def sheets_table(sheets: Sequence[FoundSheet]) -> Table:
    """List sheets with the cells that hold something and the tables on them; those that are alike in one row.

    Args:
        sheets: Sheets of one file, in order.

    Returns:
        Sheet, cells, what is hidden, the tables, and what it is read as.
    """
    rows = [_sheets_row(list(alike)) for _, alike in groupby(sheets, key=_likeness)]
    headings = (
        Heading("Sheet", width=30),
        Heading("Cells", Show.CODE),
        Heading("Tables", Show.CODE),
        Heading("Read as", Show.CODE),
        Heading("Hidden", width=20),
    )
    shown = [place for place in range(len(headings)) if place < _ALWAYS or any(row[place] for row in rows)]
    return Table(
        "sheets",
        "Sheets",
        tuple(headings[place] for place in shown),
        tuple(Row(tuple(row[place] for place in shown)) for row in rows),
    )


def _likeness(sheet: FoundSheet) -> tuple[object, ...]:
    """Tell what sheets must have in common to be shown as one; those that hide something stand alone."""
    alone = sheet.name if not sheet.tables or _hidden(sheet) else ""
    return sheet.tables, sheet.reads, alone


def _sheets_row(sheets: Sequence[FoundSheet]) -> tuple[str, ...]:
    first, last = sheets[0], sheets[-1]
    tables = ", ".join(map(str, first.tables)) or ("none" if first.cells else "")
    if len(sheets) == 1:
        return first.name, first.cells, tables, first.reads, _hidden(first)
    return f"{first.name} to {last.name} ({len(sheets)} sheets)", "", tables, first.reads, ""


def _hidden(sheet: FoundSheet) -> str:
    parts = ["the sheet"] if sheet.is_hidden else []
    parts += [_runs("row", "rows", sheet.hidden_rows)] if sheet.hidden_rows else []
    columns = ", ".join(sheet.hidden_columns)
    parts += [f"column{'s' if len(sheet.hidden_columns) > 1 else ''} {columns}"] if columns else []
    return "; ".join(parts)


def _runs(one: str, several: str, numbers: Sequence[int]) -> str:
    """Write row numbers, those that follow each other as a span."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    written = ", ".join("-".join(map(str, span)) for span in spans)
    return f"{one if len(numbers) == 1 else several} {written}"


# --- what follows ------------------------------------------------------------------------------


def errors_of(inspection: Inspection) -> list[Issue]:
    """List what keeps a file from being projected; one of facts needs no commitments."""
    without = {"nothing-to-project"} if inspection.facts else set()
    return [each for each in inspection.issues if each.severity is Severity.ERROR and each.code not in without]


def verdict(inspection: Inspection) -> str:
    """Say whether a file can be projected, before what keeps it from that."""
    if inspection.facts and not errors_of(inspection):
        return f"this file is read as {' and '.join(inspection.facts)}, beside a budget"
    by = f" by {quoted([path.name for path in inspection.mappings])}" if inspection.mappings else ""
    if inspection.can_be_projected:
        return f"this file can be projected{by}"
    return f"this keeps it from being projected{by}:"


def next_step(inspection: Inspection) -> str:
    """Say what to do next, as commands."""
    file = shlex.quote(str(inspection.path))
    mapping = "".join(f" --mapping {shlex.quote(str(path))}" for path in inspection.mappings)
    if inspection.facts and not errors_of(inspection):
        return f"next: `esser-gap check BUDGET --funding {file}{mapping}`, with the budget's own file"
    if inspection.can_be_projected:
        check, project = (f"`esser-gap {command} {file}{mapping}`" for command in ("check", "project"))
        return f"next: {check} says what is assumed, {project} projects it"
    if inspection.mappings:
        return f"next: correct the mapping, then `esser-gap check {file}{mapping}`"
    return (
        f"next: `esser-gap inspect {file} --write-mapping mapping.yaml`, edit that file,"
        f" then `esser-gap check {file} --mapping mapping.yaml`"
    )
