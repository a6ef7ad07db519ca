"""The audit of a workbook: every rule with the check that finds what breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.auditing import (
    connections,
    fitting,
    formulas,
    legibility,
    naming,
    pictures,
    printing,
    repair,
    running,
    tabling,
)
from esser_gap.auditing.books import Book, open_book
from esser_gap.auditing.findings import Audit, Finding, Level, Spot
from esser_gap.auditing.rules import RULES
from esser_gap.read.files import read_bytes
from esser_gap.read.refusals import DamagedError, damaged
from esser_gap.read.workbooks import excel_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CHECKS: Mapping[str, Callable[[Book], Iterable[Spot]]] = {
    "document-title": naming.title,
    "document-language": naming.language,
    "sheet-name": naming.sheet_names,
    "header-row": tabling.headers,
    "merged-cells": tabling.merged,
    "table-spacing": tabling.spacing,
    "alt-text": pictures.alt_texts,
    "chart-title": pictures.chart_titles,
    "contrast": legibility.contrasts,
    "color-alone": legibility.color_alone,
    "print-width": printing.widths,
    "print-size": printing.sizes,
    "print-headings": printing.headings,
    "page-numbers": printing.page_numbers,
    "print-area": printing.stray_cells,
    "frozen-panes": tabling.in_sight,
    "formula-value": formulas.values,
    "functions": formulas.functions,
    "volatile": formulas.volatile,
    "error-value": formulas.errors,
    "external-links": connections.external_links,
    "data-connections": connections.data_connections,
    "macros": connections.macros,
    "text-that-runs": running.running,
    "hidden-sheet": connections.hidden_sheets,
    "number-as-text": formulas.numbers_as_text,
    "text-cut-off": fitting.texts,
    "number-cut-off": fitting.numbers,
    "protection": connections.protection,
    "repair": repair.repairs,
}
"""What finds the spots that break a rule, by the rule's name."""

ROLE = "workbook"


def audit_workbook(path: Path | str) -> Audit:
    """Hold a workbook against every rule: who cannot read, hear or print it, and what in it does the unexpected.

    The file is only read. It may have been made by any program.

    Args:
        path: An xlsx or xlsm file.

    Returns:
        What is to be mended, failures first.

    Raises:
        InputError: When the file is missing, of another kind, damaged or too large, or needs a password.
    """
    named = Path(path)
    file = read_bytes(named)
    archive = excel_archive(file)
    try:
        book = open_book(named, archive)
        findings = [_finding(place, spot) for place, rule in enumerate(RULES) for spot in CHECKS[rule.id](book)]
    except DamagedError:
        raise damaged(named) from None
    # Sorting keeps the order of the rules, and of the sheets within a rule.
    findings.sort(key=lambda finding: finding.level is not Level.FAIL)
    return Audit(named, file.as_input(ROLE), tuple(sheet.name for sheet in book.sheets), tuple(findings))


def _finding(place: int, spot: Spot) -> Finding:
    rule = RULES[place]
    return Finding(rule.id, rule.level, spot.sheet, spot.place, spot.found, spot.count, rule.do)
