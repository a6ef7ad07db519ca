"""Marks of the sheets of a binary Excel workbook (xlsb)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from esser_gap.read.marks import BINARY_ERRORS, UNNAMED_ERROR, CellMarks
from esser_gap.read.packages import related_parts
from esser_gap.read.refusals import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.read.archives import Archive

BOOK = "xl/workbook.bin"
_OTHER_PARTS = ("xl/sharedStrings.bin", "xl/styles.bin")

_NUMBER = struct.Struct("<I")
_RANGE = struct.Struct("<II")
_AREA = struct.Struct("<IIII")
_ROW, _BLANK, _LAST_CELL, _ERRORS = 0x00, 0x01, 0x0B, (0x03, 0x0B)
_BOOK_SHEET, _COLUMNS, _MERGED = 0x9C, 0x3C, 0xB0
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 1
_MORE = 0x80
"""Marks a byte of a number after which another follows."""


def cell_marks(archive: Archive) -> list[CellMarks]:
    """Find the marks of all sheets, in the order of the workbook.

    Formulas of such workbooks always have a stored result.

    Args:
        archive: An xlsb file.

    Raises:
        InputError: When a part would take too much memory.
        DamagedError: When a part is missing or damaged.
    """
    for part in _OTHER_PARTS:
        if part in archive:
            archive.read(part)
    parts = related_parts(archive, BOOK)
    try:
        return [_sheet(archive, name, parts.get(part, "")) for part, name in _sheets(archive.read(BOOK))]
    except (struct.error, IndexError) as problem:
        raise DamagedError from problem


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """List kind and start of the records."""
    place, stop = 0, len(content)
    while place < stop:
        kind, length = content[place], content[place + 1]
        place += 2
        if kind & _MORE:
            kind, length = kind - _MORE | length << 7, content[place]
            place += 1
        shift = 7
        while length >> shift:
            length += (content[place] << shift) - (1 << shift)
            place, shift = place + 1, shift + 7
        yield kind, place
        place += length
    if place > stop:
        raise DamagedError


def _sheets(book: bytes) -> Iterator[tuple[str, str]]:
    """List the identifiers of the sheets' parts, and their names."""
    for kind, start in _records(book):
        if kind == _BOOK_SHEET:
            part, place = _text(book, start + 8)
            yield part, _text(book, place)[0]


def _text(content: bytes, place: int) -> tuple[str, int]:
    start = place + 4
    end = start + 2 * _NUMBER.unpack_from(content, place)[0]
    return content[start:end].decode("utf-16-le", errors="replace"), end


def _sheet(archive: Archive, name: str, part: str) -> CellMarks:
    marks = CellMarks(name)
    if part not in archive:
        return marks
    content = archive.read(part)
    row = rows = columns = 0
    for kind, start in _records(content):
        if kind == _ROW:
            row = _NUMBER.unpack_from(content, start)[0]
            if content[start + 11] & _HIDDEN_ROW:
                marks.hidden_rows.append(range(row, row + 1))
        elif kind > _LAST_CELL:
            _add_layout(marks, kind, content, start)
        elif kind != _BLANK:
            column = _NUMBER.unpack_from(content, start)[0]
            rows, columns = max(rows, row), max(columns, column)
            if kind in _ERRORS:
                marks.errors[row, column] = BINARY_ERRORS.get(content[start + 8], UNNAMED_ERROR)
    marks.reach(rows + 1, columns + 1)
    return marks


def _add_layout(marks: CellMarks, kind: int, content: bytes, start: int) -> None:
    if kind == _COLUMNS and content[start + 16] & _HIDDEN_COLUMN:
        first, last = _RANGE.unpack_from(content, start)
        marks.hidden_columns.append(range(first, last + 1))
    elif kind == _MERGED:
        first_row, last_row, first_column, last_column = _AREA.unpack_from(content, start)
        marks.merges.append((first_row, first_column, last_row, last_column))
