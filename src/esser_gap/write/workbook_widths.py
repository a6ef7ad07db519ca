"""How wide the columns of a page are, so that values show whole and the page prints one sheet wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.view.table import RowStyle, Show
from esser_gap.write.workbook_formats import heading_text, shown
from esser_gap.write.workbook_text import lines_of, pixels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.view.table import Heading, Row, Table

NARROWEST_PAGE = 960
"""Pixels that fill a landscape letter page at full size."""
WIDEST_PAGE = 1200
"""Pixels at which a landscape letter page is still printed at four fifths of its size."""

LINE_POINTS = 15
"""Height of a line of a cell."""

_MOST_LINES = 27
"""No row can be higher than 409 points."""
_POINTS_A_PIXEL = 0.75
_MARGIN = 16
_SAFETY = 1.04
"""Viewers break lines a little earlier than the widths of letters say."""
_PADDING = 24
_LEAST_TEXT = 84
_MOST_TEXT = 1000
_PIXELS_A_CHARACTER = 7
_WIDEST_LETTER = 13
_MEASURED = 5_000


def header_lines(table: Table, widths: Sequence[int]) -> int:
    """Count the lines that the headings of a table take.

    Args:
        table: A table of the page.
        widths: Pixels by column.
    """
    pairs = zip(table.headings, widths, strict=False)
    return max((_heading_lines(heading, width) for heading, width in pairs), default=1)


def _heading_lines(heading: Heading, width: int) -> int:
    text = heading_text(heading)
    if heading.is_upright:
        # It stands on its side, so that its length is a height.
        points = (pixels(text, bold=True) * 9 // 8 + _MARGIN) * _POINTS_A_PIXEL
        return min(int(points / LINE_POINTS) + 1, _MOST_LINES)
    return cell_lines(text, width, bold=True)


def row_lines(table: Table, row: Row, widths: Sequence[int]) -> int:
    """Count the lines that a row takes, so that its height can be set: not every viewer finds it out.

    Args:
        table: The row's table.
        row: Row.
        widths: Pixels by column.
    """
    lines, is_bold = 1, row.style is not RowStyle.BODY
    for heading, value, width in zip(table.headings, row.cells, widths, strict=False):
        if heading.show is Show.TEXT and isinstance(value, str):
            lines = max(lines, cell_lines(value, width, bold=is_bold))
    return lines


def cell_lines(text: str, width: int, *, bold: bool = False) -> int:
    """Count the lines that a text takes in a cell, at most as many as a row can show.

    Args:
        text: Any text.
        width: Pixels of the column.
        bold: Whether it is drawn bold.
    """
    room = max(1, int((width - _MARGIN) / _SAFETY))
    if len(text) * _WIDEST_LETTER <= room and "\n" not in text:
        return 1
    broken = lines_of(text[:_MEASURED], room, bold=bold)
    lines = sum(-(-pixels(line, bold=bold) // room) for line in broken)
    return min(max(1, lines), _MOST_LINES)


@dataclass(frozen=True, slots=True)
class _Need:
    """Pixels a column must have, and those it would like."""

    least: int
    wanted: int

    def and_also(self, other: _Need) -> _Need:
        return _Need(max(self.least, other.least), max(self.wanted, other.wanted))


def page_widths(tables: Sequence[Table]) -> list[int]:
    """Give the width of every column of a page in pixels.

    Args:
        tables: The tables that stand on the page, one below the other.

    Returns:
        Pixels by column; together about a printed page, more only where figures need it.
    """
    needs: list[_Need] = []
    for table in tables:
        for place, need in enumerate(_needs(table)):
            if place == len(needs):
                needs.append(need)
            else:
                needs[place] = needs[place].and_also(need)
    return _stretched(_squeezed(needs))


def _needs(table: Table) -> Iterable[_Need]:
    for place, heading in enumerate(table.headings):
        texts = (shown(row.cells[place], row.show or heading.show) for row in table.rows)
        yield _need(heading, max(texts, key=len, default=""))


def _need(heading: Heading, longest: str) -> _Need:
    words = [] if heading.is_upright else heading_text(heading).split()
    title = max((pixels(word, bold=True) for word in words), default=0) + _PADDING
    wide = pixels(longest, bold=True) + _PADDING
    if heading.show is not Show.TEXT:
        # Other fonts than Calibri, which stand in for it elsewhere, draw figures wider.
        return _Need(max(title, wide * 9 // 8), max(title, wide * 9 // 8))
    least = max(title, min(wide, max(_LEAST_TEXT, heading.width * _PIXELS_A_CHARACTER)))
    return _Need(least, max(least, min(wide, _MOST_TEXT)))


def _squeezed(needs: Sequence[_Need]) -> list[int]:
    """Cut the widest texts, which wrap, until the page is no wider than it may be."""
    cap = _MOST_TEXT
    while cap > _LEAST_TEXT and sum(_capped(need, cap) for need in needs) > WIDEST_PAGE:
        cap -= _PIXELS_A_CHARACTER
    return [_capped(need, cap) for need in needs]


def _capped(need: _Need, cap: int) -> int:
    return max(need.least, min(need.wanted, cap))


def _stretched(widths: list[int]) -> list[int]:
    total = sum(widths)
    if not widths or total >= NARROWEST_PAGE:
        return widths
    stretched = [width * NARROWEST_PAGE // total for width in widths]
    stretched[0] += NARROWEST_PAGE - sum(stretched)
    return stretched
