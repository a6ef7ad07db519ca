"""The workbook for a board packet: a summary that prints, what stands behind it, and every figure in tidy tables.

All figures are values, stored so that every viewer shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.exceptions import FileCreateError  # noqa: TID251

from esser_gap import __version__
from esser_gap.comparing.comparison import Comparison
from esser_gap.comparing.sweep import Sweep
from esser_gap.errors import OutputError
from esser_gap.plan.tables import TABLES
from esser_gap.view.finding import findings
from esser_gap.view.left_out import left_out
from esser_gap.write.result import projection_of
from esser_gap.write.workbook_checks import checks_table
from esser_gap.write.workbook_compared import DrawnSheet, comparison_sheets, sweep_sheets
from esser_gap.write.workbook_detail import add_detail
from esser_gap.write.workbook_formats import Formats
from esser_gap.write.workbook_package import BoardWorkbook, created_at
from esser_gap.write.workbook_page import Footer
from esser_gap.write.workbook_sheets import (
    add_sheet,
    basis_sheets,
    breakdown_sheets,
    findings_sheets,
    scenario_sheets,
    trust_sheets,
)
from esser_gap.write.workbook_summary import add_summary
from esser_gap.write.workbook_text import clean, footer_part, in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from esser_gap.projecting import Projection
    from esser_gap.write.result import Result
    from esser_gap.write.workbook_sheets import Sheet

LARGE = 1_000_000
"""Cells of the tidy tables from which rows go to disk as they are written."""


def write_workbook(result: Result, target: Path) -> None:
    """Write a projection, a comparison or a sweep as a workbook for a school board.

    Pages for people come first (summary with chart, first to lose, decisions, scenarios, categories, goals,
    assumptions, sources), under the first scenario where they show one; then the five tidy tables with all
    scenarios; then checks, issues, receipts and method. The same result gives the same bytes.

    Args:
        result: What was computed.
        target: File to write; what stood there is lost.

    Raises:
        OutputError: When the file cannot be written.
    """
    projection = projection_of(result)
    cells = sum(frame.height * frame.width for frame in map(projection.table, TABLES))
    book = BoardWorkbook(target, is_large=cells > LARGE)
    _describe(book, projection)
    _fill(book, result)
    try:
        book.close()
    except FileCreateError as problem:
        raise OutputError(f"`{target}` cannot be written: {problem}") from problem


def _fill(book: BoardWorkbook, result: Result) -> None:
    projection = projection_of(result)
    formats, footer = Formats(book), _footer(projection)
    checks = checks_table(result)
    results = [*findings_sheets(projection), *_option_sheets(result), *breakdown_sheets(projection)]
    basis = list(basis_sheets(projection))
    trust = list(trust_sheets(projection, checks))
    details = [table.capitalize() for table in TABLES]
    links = [*(s.name for s in (*results, *basis)), *details, *(s.name for s in trust)]
    add_summary(book, formats, projection, checks, links, footer)
    for sheet in (*results, *basis):
        if isinstance(sheet, DrawnSheet):
            sheet.add(book, formats, footer)
        else:
            add_sheet(book, formats, sheet, footer)
    for table in TABLES:
        add_detail(book, formats, projection.table(table), table, footer)
    for sheet in trust:
        add_sheet(book, formats, sheet, footer)


def _option_sheets(result: Result) -> Iterator[Sheet | DrawnSheet]:
    """Give the pages that set scenarios side by side, or move their settings."""
    if isinstance(result, Comparison):
        yield from comparison_sheets(result)
        return
    yield from scenario_sheets(projection_of(result))
    if isinstance(result, Sweep):
        yield from sweep_sheets(result)


def _describe(book: BoardWorkbook, projection: Projection) -> None:
    names = [district.name for district in projection.budget.districts]
    as_of = projection.settings.as_of
    program = f"esser-gap {__version__}"
    said = findings(projection, scenario=projection.scenarios[0].name)[-1]
    book.set_properties(
        {
            "title": clean(f"Technology costs, who pays and the gap: {', '.join(names)}"),
            "subject": clean(in_quotes(f"{said} {left_out(projection.budget)}".strip())),
            "author": program,
            "comments": f"Made by {program} as of {as_of}. Figures are values.",
            "created": created_at(as_of),
        }
    )


def _footer(projection: Projection) -> Footer:
    day = projection.settings.as_of
    names = [district.name for district in projection.budget.districts]
    whose = footer_part(names[0] if len(names) == 1 else f"{len(names)} districts", 100)
    return Footer(f"{whose}, as of {day:%B} {day.day}, {day.year}", "&A")
