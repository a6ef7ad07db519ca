"""Checks of formulas and links that start or fetch something, or came about from text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.auditing.areas import box_of
from esser_gap.auditing.elements import children, text_of
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.functions import called, exchanges_data, known_functions, refers_to_nothing
from esser_gap.auditing.pictures import charts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.books import Book, Sheet
    from esser_gap.auditing.cells import Cell

_FEW = 2
_GOOD = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_SHOWN = 80
_LINK = re.compile(r"\bHYPERLINK\s*\(\s*(?:\"((?:[^\"]|\"\")*)\"|(\$?[A-Z]{1,3}\$?\d{1,7})\s*[,)])", re.IGNORECASE)
"""The first argument of HYPERLINK: the beginning of a text, or a cell."""


def running(book: Book) -> Iterator[Spot]:
    """Check that no formula or link starts a program, reaches outside, or came about from text."""
    for sheet in book.sheets:
        yield from gathered((sheet.name, cell.address, found) for cell, found in _formulas(sheet))
        yield from _links(sheet)
    for drawn, chart in charts(book):
        asked = (text_of(each) for each in chart.iter("f"))
        yield from gathered(
            (drawn.sheet.name, drawn.place, f"the formula `={_short(formula)}` asks another program (DDE)")
            for formula in asked
            if exchanges_data(formula)
        )


def _formulas(sheet: Sheet) -> Iterator[tuple[Cell, str]]:
    outside = known_functions().outside
    for cell in sheet.grid.cells():
        if not cell.formula:
            continue
        reaching = [name for name in called(cell.formula) if name in outside]
        if exchanges_data(cell.formula):
            yield cell, f"the formula `={_short(cell.formula)}` asks another program (DDE)"
        elif reaching:
            yield cell, f"{', '.join(reaching)} reaches outside of the workbook"
        elif "HYPERLINK" in called(cell.formula):
            target = _target(sheet, cell.formula)
            if target is not None and not _GOOD.match(target.strip()):
                yield cell, f"HYPERLINK leads to `{_short(target)}`"
        elif refers_to_nothing(cell.formula) and _stands_among_text(sheet, cell):
            yield cell, f"the formula `={_short(cell.formula)}` stands where other rows have text"


def _target(sheet: Sheet, formula: str) -> str | None:
    """Give where a link leads, or how that begins; None where only calculation can tell."""
    found = _LINK.search(formula)
    if found is None:
        return None
    if found[1] is not None:
        return found[1].replace('""', '"')
    box = box_of(found[2])
    cell = None if box is None else sheet.grid.at(box[0], box[1])
    return None if cell is None or not cell.is_text else cell.value


def _stands_among_text(sheet: Sheet, cell: Cell) -> bool:
    """Tell whether the cells above and below are mostly text that somebody wrote."""
    near = [sheet.grid.at(row, cell.column) for row in range(max(0, cell.row - 3), cell.row + 4) if row != cell.row]
    filled = [each for each in near if each is not None]
    written = sum(each.is_text and each.formula is None for each in filled)
    return written >= _FEW and written * 2 > len(filled)


def _links(sheet: Sheet) -> Iterator[Spot]:
    for link in children(sheet.around("hyperlinks"), "hyperlink"):
        relation = sheet.relations.get(link.get("id", ""))
        if relation is not None and relation.is_outside and not _GOOD.match(relation.target.strip()):
            yield Spot(sheet.name, link.get("ref", "").partition(":")[0], f"a link to `{_short(relation.target)}`")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
