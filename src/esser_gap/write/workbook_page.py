"""A page of the workbook for people: a title, sentences and tables, drawn top down and ready to print."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.view.table import Cell, Heading, Row, RowStyle, Show
from esser_gap.write.workbook_formats import Formats, Line, Look, heading_text
from esser_gap.write.workbook_text import in_quotes, lines_of, write_text
from esser_gap.write.workbook_widths import LINE_POINTS, cell_lines, header_lines, row_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.view.table import Table

_FIGURE = re.compile(r"[-+($\s]*[0-9][0-9.,]*[)%\s]*", re.ASCII)
"""Text that a spreadsheet would offer to convert to a number."""
_LETTER = 1
_FIRST_EXCEL_YEAR = 1900
_SIZES = {Line.TITLE: 16, Line.FINDING: 12, Line.SUBTITLE: 11, Line.NOTE: 10, Line.LINK: 11}
_POINTS_A_LINE = 1.5
"""Height of a line of a sentence, in its own size."""
_PRINTED_WIDTH = 720
_PRINTED_HEIGHT = 522
"""Points inside the margins of landscape letter paper."""
_POINTS_A_PIXEL = 0.75
_ORPHAN = 0.25
_MANY_PAGES = 20


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under every printed page.

    Attributes:
        left: Whose figures these are and as of when.
        middle: What the page shows; `&A` is the name of the sheet.
    """

    left: str
    middle: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands on its sheet; rows count from 0."""

    header_row: int
    first_row: int


@dataclass(slots=True)
class Page:
    """One sheet that is being drawn.

    Attributes:
        sheet: The worksheet.
        formats: Formats of the workbook.
        widths: Pixels by column.
        row: Next free row.
    """

    sheet: Worksheet
    formats: Formats
    widths: Sequence[int]
    row: int = 0
    _last_column: int = field(default=0, init=False)
    _points: float = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Set the columns' widths."""
        for column, width in enumerate(self.widths):
            self.sheet.set_column_pixels(column, column, width)
        self._last_column = max(len(self.widths) - 1, 0)

    def say(self, text: str, line: Line) -> None:
        """Write a sentence over the width of the page, on as many rows as it needs."""
        room = sum(self.widths) * 11 // _SIZES[line] - 20
        is_bold = line in {Line.TITLE, Line.FINDING}
        # Sentences are broken by hand: merged cells would be in the way of screen readers and of sorting.
        for part in lines_of(in_quotes(text), room, bold=is_bold):
            self._set_height(self.row, _SIZES[line] * _POINTS_A_LINE)
            write_text(self.sheet, self.row, 0, part, self.formats.lines[line])
            self.row += 1

    def draw(self, table: Table) -> Placed:
        """Draw a table's headings and rows."""
        header_row = self.row
        self._set_height(header_row, LINE_POINTS * header_lines(table, self.widths))
        for column, heading in enumerate(table.headings):
            style = self.formats.header(heading.show, is_upright=heading.is_upright)
            write_text(self.sheet, header_row, column, heading_text(heading), style)
        for place, row in enumerate(table.rows, start=header_row + 1):
            self._set_height(place, LINE_POINTS * row_lines(table, row, self.widths))
            for column, (heading, value) in enumerate(zip(table.headings, row.cells, strict=True)):
                write_value(self.sheet, place, column, value, self.formats.cell(_look(value, heading, row)))
        self.row += 1 + len(table.rows)
        return Placed(header_row, header_row + 1)

    def leave(self, rows: int) -> None:
        """Leave rows of a cell's height free, for a chart."""
        self.row += rows
        self._points += rows * LINE_POINTS

    def set_lines(self, row: int, texts: Sequence[str]) -> None:
        """Make a row as high as texts need that wrap in its first columns."""
        lines = max((cell_lines(text, width) for text, width in zip(texts, self.widths, strict=False)), default=1)
        if lines > 1:
            self._set_height(row, LINE_POINTS * lines)

    def _set_height(self, row: int, points: float) -> None:
        self.sheet.set_row(row, points)
        self._points += points

    def finish(self, footer: Footer, *, repeat: Placed | None = None, columns: int = 0) -> None:
        """Set how the page prints and scrolls.

        Args:
            footer: What stands under every printed page.
            repeat: The table whose headings stay in sight and stand again on every printed page.
            columns: How many columns stay in sight beside them.
        """
        print_landscape(self.sheet, footer)
        self.sheet.fit_to_pages(1, _pages_tall(self._points, sum(self.widths)))
        self.sheet.hide_gridlines(2)
        self.sheet.print_area(0, 0, max(self.row - 1, 0), self._last_column)
        if repeat is not None:
            self.sheet.repeat_rows(repeat.header_row)
            self.sheet.freeze_panes(repeat.header_row + 1, columns)


def _look(value: Cell, heading: Heading, row: Row) -> Look:
    is_figure = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    show = row.show if row.show is not None and is_figure else heading.show
    is_shortfall = heading.is_shortfall or row.style is RowStyle.SHORTFALL
    is_fraction = show is Show.NUMBER and isinstance(value, Decimal) and value != int(value)
    is_said = isinstance(value, str) and bool(_FIGURE.fullmatch(value))
    return Look(show, row.style, is_shortfall=is_shortfall, is_fraction=is_fraction, is_said=is_said)


def _pages_tall(points: float, pixels: int) -> int:
    """Choose how many printed pages a sheet is squeezed into: none is left with a few rows only.

    Returns:
        Pages; 0 leaves it to the viewer, for tables so long that a last page with few rows does not matter.
    """
    zoom = min(1.0, _PRINTED_WIDTH / (pixels * _POINTS_A_PIXEL))
    pages = points * zoom / _PRINTED_HEIGHT
    return 0 if pages > _MANY_PAGES else max(1, int(pages + 1 - _ORPHAN))


def print_landscape(sheet: Worksheet, footer: Footer) -> None:
    """Set a sheet to print on landscape letter paper, one page wide, with a footer.

    Args:
        sheet: Worksheet.
        footer: What stands under every printed page.
    """
    sheet.set_landscape()
    sheet.set_paper(_LETTER)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    # The space ends the font size: without it a name that begins with a digit would be drawn 90 points high.
    sheet.set_footer(f"&L&9 {footer.left}&C&9 {footer.middle}&R&9 Page &P of &N")


def write_value(sheet: Worksheet, row: int, column: int, value: Cell, style: object) -> None:
    """Write a value into a cell as what it is: text, number, date, yes or no, or nothing.

    Args:
        sheet: Worksheet.
        row: Row, 0 for the first.
        column: Column, 0 for the first.
        value: Value; a decimal is written with its own digits, never as a binary number.
        style: Cell format.
    """
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", style)
    elif isinstance(value, date):
        _write_date(sheet, row, column, value, style)
    elif isinstance(value, (int, Decimal)):
        sheet.write_number(row, column, value, style)
    else:
        write_text(sheet, row, column, value, style)


def _write_date(sheet: Worksheet, row: int, column: int, day: date, style: object) -> None:
    if day.year < _FIRST_EXCEL_YEAR:
        sheet.write_string(row, column, day.isoformat(), style)
    else:
        sheet.write_datetime(row, column, day, style)
