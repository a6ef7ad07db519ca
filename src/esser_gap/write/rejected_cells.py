"""The cells of a copy of rows left out: as they stood, the wrong ones framed and noted, problems in words beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from esser_gap.read.sheets import column, letters
from esser_gap.read.values import shown
from esser_gap.view.table import Show
from esser_gap.write.workbook_formats import INK, LINK, RULE, Formats
from esser_gap.write.workbook_page import Footer, print_landscape
from esser_gap.write.workbook_text import clean, in_quotes, pixels, write_text
from esser_gap.write.workbook_widths import LINE_POINTS, cell_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.format import Format  # noqa: TID251
    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.read.values import Raw
    from esser_gap.view.left_out import Problem
    from esser_gap.write.rejected_copies import SheetCopy

ROW, PROBLEM = "Row", "Problem"
"""Headings of the columns that the copy has besides those of the file; they name no field, so they are not read."""
WRONG_FILL = "#FCE8E6"
"""Behind cells to correct, which also have a frame and a note; 13:1 with the ink on it."""

_FRAME = "#7A1022"
_WHOLE_ROW = -1
_PADDING = 20
_NARROWEST, _WIDEST, _PROBLEM_WIDTH = 56, 240, 380
_ROW_WIDTH = 48
_NOTE_WIDTH, _NOTE_LINE, _NOTE_CHARACTERS = 280, 18, 38
_FIRST_EXCEL_YEAR = 1900
_LONGEST_GENERAL = 10**11
"""From here a number without a format of its own would be shown with an exponent."""

_TEXT, _NUMBER, _LONG_NUMBER, _ROW_NUMBER = "@", "General", "0", "#0"
_DATE, _MOMENT, _TIME, _DURATION = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm:ss", "[h]:mm:ss"


class Kind(StrEnum):
    """What a cell of a copy is."""

    TITLE = "title"
    BODY = "body"
    WRONG = "wrong"


_LOOKS: dict[Kind, dict[str, Any]] = {
    Kind.TITLE: {},
    Kind.BODY: {"bottom": 1, "bottom_color": RULE},
    Kind.WRONG: {"bg_color": WRONG_FILL, "bold": True, "border": 2, "border_color": _FRAME},
}


class CopyFormats:
    """The formats of the cells of copies, made when first asked for."""

    def __init__(self, book: Workbook, formats: Formats) -> None:
        """Make formats for a workbook."""
        self._book = book
        self._cells: dict[tuple[str, Kind], Format] = {}
        self.heading = formats.header(Show.TEXT)

    def cell(self, number_format: str, kind: Kind) -> Format:
        """Give the format of a cell.

        Args:
            number_format: How a number in it is shown.
            kind: What the cell is.
        """
        key = (number_format, kind)
        if key not in self._cells:
            look = {"num_format": number_format, "valign": "top", "font_color": INK, **_LOOKS[kind]}
            if number_format in {_TEXT, _ROW_NUMBER}:
                # A title takes the room to its right.
                look |= {"align": "left", "indent": 1, "text_wrap": kind is not Kind.TITLE}
            self._cells[key] = self._book.add_format(look)
        return self._cells[key]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a copy.

    Attributes:
        place: Its place in the copy, counted from 0.
        number: Its number in the file.
        cells: Its cells.
        wrong: What is wrong in it, by place of the column in the file.
    """

    place: int
    number: int
    cells: Sequence[Raw]
    wrong: Mapping[int, Sequence[Problem]]

    @property
    def words(self) -> str:
        """Say everything that is wrong in it."""
        return _words(problem for listed in self.wrong.values() for problem in listed)

    def cell(self, position: int) -> Raw:
        """Give the cell in a column of the file, empty text where it is blank."""
        cell = self.cells[position] if position < len(self.cells) else None
        return "" if cell is None else cell


def linked(book: Workbook) -> Format:
    """Make the format of a cell in a table that leads elsewhere."""
    look = {"font_color": LINK, "underline": 1, "valign": "top", "align": "left", "indent": 1}
    return book.add_format({**look, "bottom": 1, "bottom_color": RULE})


def links_to(listed: Sequence[Problem], copies: Iterable[SheetCopy]) -> list[str]:
    """Give a link to the cell of each problem in the copies.

    Args:
        listed: Problems in order.
        copies: The copies.
    """
    targets = {copy.place: ("internal:'" + copy.name.replace("'", "''") + "'!", _places(copy)) for copy in copies}
    links = []
    for problem in listed:
        origin = problem.rejected.origin
        target, places = targets[origin.file, origin.sheet]
        links.append(f"{target}{letters(_column(problem) + 1)}{places[problem.row] + 1}")
    return links


def write_copy(book: Workbook, formats: CopyFormats, copy: SheetCopy, footer: Footer) -> None:
    """Add a copy of a sheet: its row numbers first, then its cells, then what is wrong.

    Args:
        book: Workbook.
        formats: Formats of its copies.
        copy: The rows.
        footer: What stands under every printed page.
    """
    sheet = book.add_worksheet(copy.name)
    widths = _widths(copy)
    for place, width in enumerate(widths):
        sheet.set_column_pixels(place, place, width)
    wrong = _by_row(copy.problems)
    left_out = {row for problem in copy.problems for row in problem.rejected.origin.rows}
    for place, (number, cells) in enumerate(copy.cells.items()):
        line = _Line(place, number, cells, wrong.get(number, {}))
        if number in copy.headers:
            _write_headings(sheet, line, formats, copy.width)
        elif number in left_out:
            _write_row(sheet, line, formats, copy.width)
            sheet.set_row(place, LINE_POINTS * _height(line, widths))
        else:
            _write_title(sheet, line, formats)
    _finish(sheet, copy, footer)


def _write_headings(sheet: Worksheet, line: _Line, formats: CopyFormats, width: int) -> None:
    texts = (ROW, *(shown(line.cell(position)) for position in range(width)), PROBLEM)
    for position, text in enumerate(texts):
        write_text(sheet, line.place, position, text, formats.heading)


def _write_title(sheet: Worksheet, line: _Line, formats: CopyFormats) -> None:
    for position, cell in enumerate(line.cells):
        if cell is not None and cell != "":
            _write_raw(sheet, line.place, position + 1, cell, formats, Kind.TITLE)


def _write_row(sheet: Worksheet, line: _Line, formats: CopyFormats, width: int) -> None:
    """Write the row's number, its cells, its problems, and a note at each wrong cell."""
    kinds = dict.fromkeys(line.wrong, Kind.WRONG)
    sheet.write_number(line.place, 0, line.number, formats.cell(_ROW_NUMBER, kinds.get(_WHOLE_ROW, Kind.BODY)))
    for position in range(width):
        kind = kinds.get(position, Kind.BODY)
        _write_raw(sheet, line.place, position + 1, line.cell(position), formats, kind)
    write_text(sheet, line.place, width + 1, line.words, formats.cell(_TEXT, Kind.BODY))
    for position, listed in line.wrong.items():
        text = clean(_words(listed))
        lines = sum(1 + len(part) // _NOTE_CHARACTERS for part in text.split("\n"))
        size = {"width": _NOTE_WIDTH, "height": _NOTE_LINE * (lines + 1)}
        sheet.write_comment(line.place, position + 1, text, {"author": "esser-gap", **size})


def _write_raw(sheet: Worksheet, row: int, position: int, cell: Raw, formats: CopyFormats, kind: Kind) -> None:
    """Write a cell as what it is in the file: text, also where it looks like a number or formula, number or date."""
    number_format = _format_of(cell)
    look = formats.cell(number_format, kind)
    if isinstance(cell, bool):
        sheet.write_boolean(row, position, cell, look)
    elif number_format == _TEXT:
        write_text(sheet, row, position, str(cell), look)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, position, cell, look)
    else:
        sheet.write_datetime(row, position, cell, look)


def _format_of(cell: Raw) -> str:
    if isinstance(cell, bool):
        return _NUMBER
    if isinstance(cell, (int, float)):
        return _LONG_NUMBER if abs(cell) >= _LONGEST_GENERAL and cell == int(cell) else _NUMBER
    if isinstance(cell, date) and cell.year >= _FIRST_EXCEL_YEAR:
        return _MOMENT if isinstance(cell, datetime) and cell.time() != time() else _DATE
    if isinstance(cell, timedelta):
        return _DURATION
    return _TIME if isinstance(cell, time) else _TEXT


def _words(listed: Iterable[Problem]) -> str:
    """Say what is wrong, one problem a line."""
    return "\n".join(in_quotes(f"{p.message}: {p.hint}" if p.hint else p.message) for p in listed)


def _column(problem: Problem) -> int:
    return column(problem.column) if problem.column else _WHOLE_ROW


def _places(copy: SheetCopy) -> dict[int, int]:
    return {number: place for place, number in enumerate(copy.cells)}


def _by_row(listed: Iterable[Problem]) -> dict[int, dict[int, list[Problem]]]:
    """Sort problems by row and place of the column."""
    by_row: dict[int, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in listed:
        by_row[problem.row][_column(problem)].append(problem)
    return by_row


def _widths(copy: SheetCopy) -> list[int]:
    """Give the pixels of each column of the copy; titles, which stand alone in their row, take room to the right."""
    widths = [_NARROWEST] * copy.width
    for number, cells in copy.cells.items():
        if number >= copy.header:
            for place, cell in enumerate(cells):
                wide = pixels(shown(cell), bold=True) + _PADDING
                widths[place] = max(widths[place], min(wide, _WIDEST))
    return [_ROW_WIDTH, *widths, _PROBLEM_WIDTH]


def _height(line: _Line, widths: Sequence[int]) -> int:
    """Count the lines of text that a row takes."""
    texts = [cell if isinstance(cell, str) else "" for cell in line.cells]
    counts = (cell_lines(text, width, bold=True) for text, width in zip(texts, widths[1:], strict=False))
    return max(cell_lines(line.words, widths[-1]), *counts, 1)


def _finish(sheet: Worksheet, copy: SheetCopy, footer: Footer) -> None:
    header, last = _places(copy)[copy.header], len(copy.cells) - 1
    sheet.freeze_panes(header + 1, 1)
    sheet.repeat_rows(header)
    sheet.print_area(0, 0, last, copy.width + 1)
    print_landscape(sheet, footer)
    # Text that looks like a number is text in the file, too.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(copy.width + 1)}{last + 1}"})
