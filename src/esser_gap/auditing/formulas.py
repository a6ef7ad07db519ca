"""Checks of formulas: results that are not stored, errors, functions, and numbers that are text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.auditing.areas import boxes_of, header_of, touches
from esser_gap.auditing.elements import YES, children, text_of
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.functions import called, known_functions
from esser_gap.auditing.number_formats import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.areas import Area, Box
    from esser_gap.auditing.books import Book, Sheet
    from esser_gap.auditing.cells import Cell

_FEW = 3
_MOST = 0.8
_NUMBER = re.compile(r"\s*\(?[-+]?\s*[$€£]?\s*(?!0\d)(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s*%?\)?\s*")
_TEXT_IGNORED = "numberStoredAsText"


def values(book: Book) -> Iterator[Spot]:
    """Check that every formula has its result stored."""
    yield from gathered(
        (sheet.name, cell.address, "a formula without a stored result")
        for sheet in book.cell_sheets
        for cell in sheet.grid.cells()
        # Text that is stored as blank is a result.
        if cell.formula is not None and cell.value in {None, ""} and cell.kind not in {"str", "e"}
    )
    yield from _only_zeros(book)


def _only_zeros(book: Book) -> Iterator[Spot]:
    """Notice the zeros that programs store which do not calculate: all results are 0, and are to be calculated."""
    calculation = book.root.find("calcPr")
    if calculation is None or calculation.get("fullCalcOnLoad") not in YES:
        return
    results = [(sheet, cell) for sheet in book.cell_sheets for cell in sheet.grid.cells() if cell.formula is not None]
    if len(results) >= _FEW and all(cell.kind == "n" and cell.value == "0" for _, cell in results):
        sheet, first = results[0]
        found = "every formula has 0 stored, as programs write that do not calculate"
        yield Spot(sheet.name, first.address, found, len(results))


def errors(book: Book) -> Iterator[Spot]:
    """Check that no cell shows an error, and no name leads nowhere."""
    yield from gathered(
        (sheet.name, cell.address, f"the error {cell.value or '#VALUE!'}")
        for sheet in book.cell_sheets
        for cell in sheet.grid.cells()
        if cell.kind == "e"
    )
    for name in children(book.root.find("definedNames"), "definedName"):
        if "#REF!" in text_of(name):
            yield Spot("", f"name {name.get('name', '')}", "it is defined as #REF!")


def functions(book: Book) -> Iterator[Spot]:
    """Check that formulas use functions that every program has."""
    since = known_functions().since
    yield from gathered(
        (sheet.name, cell.address, _since(name, since[name]))
        for sheet, cell in _formulas(book)
        for name in called(cell.formula or "")
        if name in since
    )


def _since(name: str, version: str) -> str:
    return f"{name}, which {version} has" if version.startswith("only ") else f"{name}, which came with {version}"


def volatile(book: Book) -> Iterator[Spot]:
    """Check that no formula gives another result without a change."""
    known = known_functions().volatile
    yield from gathered(
        (sheet.name, cell.address, name)
        for sheet, cell in _formulas(book)
        for name in called(cell.formula or "")
        if name in known
    )


def _formulas(book: Book) -> Iterator[tuple[Sheet, Cell]]:
    for sheet in book.cell_sheets:
        yield from ((sheet, cell) for cell in sheet.grid.cells() if cell.formula)


def numbers_as_text(book: Book) -> Iterator[Spot]:
    """Check that columns of numbers hold no text that looks like a number."""
    for sheet in book.cell_sheets:
        excused = _excused(sheet)
        noticed = (cell for area in sheet.areas for cell in _number_texts(sheet, area, excused))
        yield from gathered((sheet.name, cell.address, "a number stored as text") for cell in noticed)


def _number_texts(sheet: Sheet, area: Area, excused: list[Box]) -> Iterator[Cell]:
    header = header_of(sheet, area)
    columns: dict[int, list[Cell]] = {}
    for row, cells in area.rows.items():
        if header is None or row > header[0]:
            for cell in cells:
                columns.setdefault(cell.column, []).append(cell)
    for cells in columns.values():
        texts = [cell for cell in cells if _is_number_text(sheet, cell)]
        numbers = sum(cell.number is not None for cell in cells)
        # Where most of a column is words, a number among them is a name.
        if texts and len(texts) + numbers >= _MOST * len(cells):
            yield from (cell for cell in texts if not any(touches(_box(cell), box) for box in excused))


def _is_number_text(sheet: Sheet, cell: Cell) -> bool:
    if not cell.is_text or cell.formula is not None or not _NUMBER.fullmatch(cell.value or ""):
        return False
    look = sheet.look_of(cell)
    return look.number_format != TEXT and not look.is_quoted


def _excused(sheet: Sheet) -> list[Box]:
    """Give the ranges where the workbook says that such text is meant."""
    listed = children(sheet.around("ignoredErrors"), "ignoredError")
    return [box for each in listed if each.get(_TEXT_IGNORED) in YES for box in boxes_of(each.get("sqref", ""))]


def _box(cell: Cell) -> Box:
    return cell.row, cell.column, cell.row, cell.column
