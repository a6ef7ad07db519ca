"""What an inspection found as one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap import __version__
from esser_gap.write.json_text import json_text
from esser_gap.write.run_record import issue_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.inspecting import Inspection
    from esser_gap.read.found_columns import FoundColumn
    from esser_gap.read.spread_tables import SpreadTable
    from esser_gap.read.total_levels import Totals

SCHEMA = "esser-gap/inspection/1"
"""What the document says it is."""


def inspection_document(found: Sequence[Inspection]) -> str:
    """Write what was found in files as one JSON document.

    Args:
        found: What was found, file by file.

    Returns:
        An object with `schema`, `version` and `files`; sums are exact numbers, days ISO.
    """
    files = ",\n".join(json_text(_file(each)) for each in found)
    return f'{{\n"schema": "{SCHEMA}",\n"version": "{__version__}",\n"files": [\n{files}\n]\n}}\n'


def _file(inspection: Inspection) -> dict[str, Any]:
    return {
        "name": inspection.file.name,
        "sha256": inspection.file.sha256,
        "mappings": [path.name for path in inspection.mappings],
        "can_be_projected": inspection.can_be_projected,
        "sheets": list(inspection.overview.sheets),
        "tables": [_table(table, number) for number, table in enumerate(inspection.overview.tables, 1)],
        "issues": [issue_row(issue) for issue in inspection.issues],
    }


def _table(table: SpreadTable, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "reads": table.reads,
        "rows": table.rows,
        "extents": table.extents,
        "area": table.found[0].area,
        "titles": table.titles,
        "sections": [_text(*each) for each in table.sections],
        "notes": [_text(*each) for each in table.notes],
        "columns": [_column(column) for column in table.columns],
        "totals": _totals(table.totals),
    }


def _text(row: int, text: str) -> dict[str, Any]:
    return {"row": row, "text": text}


def _column(column: FoundColumn) -> dict[str, Any]:
    first, last = column.days or (None, None)
    return {
        "column": column.letter,
        "heading": column.heading,
        "holds": column.holds.value,
        "filled": column.filled,
        "rows": column.rows,
        "first_value": column.sample,
        "unit": None if column.unit is None else column.unit.words,
        "dollars_for_1": None if column.unit is None else column.unit.factor,
        "fiscal_year": column.year,
        "first_day": first,
        "last_day": last,
        "starts_with_zero": column.starts_with_zero,
        "blank_repeats_above": column.repeats_above,
        "field": column.field,
        "why": column.why,
        "problems": column.problems,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "rows": totals.rows,
        "levels": list(totals.levels),
        "uncovered": totals.uncovered,
        "sums": [
            {
                "column": each.letter,
                "heading": each.heading,
                "rows": each.rows,
                "totals": each.stated,
                "difference": each.difference,
            }
            for each in totals.sums
        ],
        "differences": list(totals.differences),
        "above": list(totals.above),
    }
