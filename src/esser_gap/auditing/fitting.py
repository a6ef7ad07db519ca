"""Checks of what does not fit: text that is cut off, and figures that show as ####."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.auditing.areas import box_of
from esser_gap.auditing.elements import children
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.measures import Measures, lines_in, text_pixels
from esser_gap.auditing.number_formats import is_date, sections, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.books import Book, Sheet
    from esser_gap.auditing.cells import Cell, Grid
    from esser_gap.auditing.styles import Look

_TOLERANCE = 1.12
"""Estimates of widths are no better than this."""
_PADDING, _INDENT = 4, 9
_LINE = 1.36
"""Height of a line, in the size of its letters."""
_HALF_LINE = 0.5
_LONGEST = 5_000
_WIDEST, _USUAL_SIZE = 16, 11
"""Pixels of the widest letter, at so many points."""
_SPREADING = {"fill", "centerContinuous", "distributed"}
_DATE_PIECES = (
    (r"y{3,}|e+", "0000"),
    (r"y{1,2}", "00"),
    (r"m{4}", "September"),
    (r"m{3}|m{5}", "Sep"),
    (r"m{2}", "00"),
    (r"d{4,}", "Wednesday"),
    (r"d{3}", "Wed"),
    (r"[dhs]{2}", "00"),
    (r"am/pm", "PM"),
    (r"[mdhs]", "0"),
)


def texts(book: Book) -> Iterator[Spot]:
    """Check that texts show whole."""
    yield from gathered(noticed for sheet in book.cell_sheets for noticed in _cut_texts(sheet))


def numbers(book: Book) -> Iterator[Spot]:
    """Check that figures show, not ####."""
    yield from gathered(noticed for sheet in book.cell_sheets for noticed in _cut_numbers(sheet))


def _cut_texts(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    measures, merged = Measures(sheet), _merged(sheet)
    for row in sheet.grid.rows.values():
        for place, cell in enumerate(row):
            if (
                not cell.is_text
                or not cell.value
                or (cell.row, cell.column) in merged
                or not measures.column(cell.column)
            ):
                continue
            look = sheet.look_of(cell)
            if look.is_shrunk or look.is_turned or look.horizontal in _SPREADING or not measures.row(cell.row):
                continue
            after = row[place + 1].column if place + 1 < len(row) else None
            before = row[place - 1].column if place else None
            found = _too_high(sheet.grid, measures, cell, look) if look.is_wrapped else ""
            if not look.is_wrapped and _is_too_wide(measures, cell, look, before, after):
                found = "text is cut off by the cell beside it"
            if found:
                yield sheet.name, cell.address, found


def _too_high(grid: Grid, measures: Measures, cell: Cell, look: Look) -> str:
    """Tell whether a wrapped text is higher than its row, where the row does not grow with it."""
    if cell.row not in grid.fixed_rows or not cell.value:
        return ""
    room = measures.column(cell.column) - _PADDING - _INDENT * look.indent
    lines = lines_in(cell.value[:_LONGEST], room * _TOLERANCE, look.font.size, is_bold=look.font.is_bold)
    fitting = measures.row(cell.row) / (look.font.size * _LINE)
    return "text needs more lines than its row has room for" if lines > fitting + _HALF_LINE else ""


def _is_too_wide(measures: Measures, cell: Cell, look: Look, before: int | None, after: int | None) -> bool:
    """Tell whether a text that does not wrap reaches into a cell that is filled."""
    text, room = cell.value or "", measures.column(cell.column) - _PADDING - _INDENT * look.indent
    if len(text) * _WIDEST * look.font.size <= room * _USUAL_SIZE:
        return False
    needed = text_pixels(text.replace("\n", " ")[:_LONGEST], look.font.size, is_bold=look.font.is_bold)
    if needed <= room * _TOLERANCE:
        return False
    to_left, to_right = look.horizontal in {"right", "center"}, look.horizontal != "right"
    if to_right and after is not None:
        return needed > (room + measures.columns(cell.column + 1, after - 1)) * _TOLERANCE
    if to_left and before is not None:
        return needed > (room + measures.columns(before + 1, cell.column - 1)) * _TOLERANCE
    return False


def _cut_numbers(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    measures, merged = Measures(sheet), _merged(sheet)
    # What is as long as a number that fits, fits: most are not measured.
    fitting: dict[tuple[int, int, bool], float] = {}
    for cell in sheet.grid.cells():
        number = cell.number
        if number is None or (cell.row, cell.column) in merged:
            continue
        kind = cell.column, cell.look, number < 0
        if abs(number) <= fitting.get(kind, -1.0):
            continue
        found = _cut_number(measures, cell, number, sheet.look_of(cell))
        if found:
            yield sheet.name, cell.address, found
        else:
            fitting[kind] = abs(number)


def _cut_number(measures: Measures, cell: Cell, number: float, look: Look) -> str:
    """Say why a number does not show, blank where it does."""
    room = measures.column(cell.column)
    if look.is_shrunk or look.is_turned or not room or not measures.row(cell.row):
        return ""
    if not is_date(look.number_format):
        text = shown(number, look.number_format) or ""
    elif number < 0:
        return "a day before 1900, which shows as ####"
    else:
        text = _date_text(look.number_format)
    needed = text_pixels(text, look.font.size, is_bold=look.font.is_bold)
    return "a figure wider than its column" if needed > room * _TOLERANCE else ""


def _date_text(number_format: str) -> str:
    """Write a long day about as a format shows it."""
    pieces = (piece for piece in sections(number_format)[0] if piece[0] not in "[_*")
    written = "".join(piece if len(piece) == 1 else piece.strip('"\\') for piece in pieces)
    for pattern, text in _DATE_PIECES:
        # What was put in already has no letter that a later pattern means.
        written = re.sub(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", text, written, flags=re.IGNORECASE)
    return written


def _merged(sheet: Sheet) -> set[tuple[int, int]]:
    boxes = (box_of(each.get("ref", "")) for each in children(sheet.around("mergeCells"), "mergeCell"))
    return {(box[0], box[1]) for box in boxes if box is not None}
