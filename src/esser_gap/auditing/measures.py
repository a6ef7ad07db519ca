"""How wide and high things on a sheet are: estimates, as every program and printer draws a little differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.auditing.elements import YES, children, real, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.books import Sheet

POINTS_A_PIXEL = 0.75
DIGIT = 7
"""Pixels of a figure at 11 points."""

_FONT_SIZE = 11
_NARROW = frozenset("fijlrtI.,:;'|!()[]{}-/\\ ")
_NARROW_PIXELS, _USUAL_PIXELS, _WIDE_PIXELS, _FULL_PIXELS = 4, 7, 10, 15
_WIDE = frozenset("mwMW@%—…ÆŒ&")
_CAPITALS = frozenset("ABCDEGHKNOPQRSUVXYZ")
_CAPITAL_PIXELS = 8
_FIRST_FULL = "\u2e80"
"""From here on characters are mostly as wide as high."""
_BOLD = 1.06
_USUAL_COLUMN = 64
_USUAL_ROW = 15.0
_LAST_COLUMN = 2**14


def text_pixels(text: str, size: float = _FONT_SIZE, *, is_bold: bool = False) -> float:
    """Estimate how wide one line of text is drawn.

    Args:
        text: The text.
        size: Points.
        is_bold: Whether it is bold.
    """
    pixels = sum(map(_letter, text))
    return pixels * size / _FONT_SIZE * (_BOLD if is_bold else 1)


def _letter(letter: str) -> int:
    if letter in _NARROW:
        return _NARROW_PIXELS
    if letter in _CAPITALS:
        return _CAPITAL_PIXELS
    if letter in _WIDE:
        return _WIDE_PIXELS
    return _FULL_PIXELS if letter >= _FIRST_FULL else _USUAL_PIXELS


def lines_in(text: str, room: float, size: float, *, is_bold: bool) -> int:
    """Estimate how many lines a text takes that is wrapped between words.

    Args:
        text: The text, with its own line breaks.
        room: Pixels of a line.
        size: Points.
        is_bold: Whether it is bold.
    """
    lines, space = 0, text_pixels(" ", size)
    for paragraph in text.split("\n"):
        used, lines = 0.0, lines + 1
        for word in paragraph.split():
            wide = text_pixels(word, size, is_bold=is_bold)
            if used and used + space + wide > room:
                lines, used = lines + 1, 0.0
            used += (space if used else 0) + wide
            lines, used = lines + int(used // max(room, 1)), used % max(room, 1)
    return lines


@dataclass(frozen=True, slots=True)
class _Columns:
    first: int
    last: int
    pixels: int


class Measures:
    """The widths of the columns and the heights of the rows of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Read what the sheet says of its columns and rows."""
        self._grid = sheet.grid
        usual = sheet.around("sheetFormatPr")
        self._row = _USUAL_ROW if usual is None else real(usual.get("defaultRowHeight"), _USUAL_ROW)
        width = None if usual is None else usual.get("defaultColWidth")
        self._column = _USUAL_COLUMN if width is None else _pixels(real(width))
        self._columns = list(_columns(sheet))
        self._known: dict[int, int] = {}

    def column(self, place: int) -> int:
        """Give the pixels of a column; none when it is hidden."""
        if place not in self._known:
            found = (each.pixels for each in self._columns if each.first <= place <= each.last)
            self._known[place] = next(found, self._column)
        return self._known[place]

    def columns(self, first: int, last: int) -> int:
        """Give the pixels of columns that stand beside each other."""
        return sum(self.column(place) for place in range(first, last + 1))

    def row(self, row: int) -> float:
        """Give the points of a row; none when it is hidden."""
        return 0.0 if row in self._grid.hidden_rows else self._grid.heights.get(row, self._row)

    def rows(self, first: int, last: int) -> float:
        """Give the points of rows that stand below each other."""
        own = [row for row in self._grid.heights if first <= row <= last and row not in self._grid.hidden_rows]
        hidden = sum(first <= row <= last for row in self._grid.hidden_rows)
        usual = last - first + 1 - len(own) - hidden
        return usual * self._row + sum(self._grid.heights[row] for row in own)


def _columns(sheet: Sheet) -> Iterator[_Columns]:
    for group in children(sheet.grid.around, "cols"):
        for each in children(group, "col"):
            first, last = whole(each.get("min"), 1) - 1, min(whole(each.get("max"), 1), _LAST_COLUMN) - 1
            width = each.get("width")
            pixels = _USUAL_COLUMN if width is None else _pixels(real(width))
            yield _Columns(first, last, 0 if each.get("hidden") in YES else pixels)


def _pixels(width: float) -> int:
    """Give the pixels of a width in characters, as ECMA-376, 18.3.1.13 says for figures of seven pixels."""
    return int(width * DIGIT + 0.5)
