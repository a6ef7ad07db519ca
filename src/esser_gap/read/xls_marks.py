"""Marks of the sheets of an old Excel workbook (xls)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from esser_gap.read.marks import BINARY_ERRORS, UNNAMED_ERROR, CellMarks
from esser_gap.read.refusals import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMS = ("Workbook", "Book")
"""Names of the stream with the workbook, since Excel 97 and before."""

_PAIR = struct.Struct("<HH")
_BOOK_START, _BOOK_SHEET, _PASSWORD, _END = 0x0809, 0x0085, 0x002F, 0x000A
_NUMBERS_AND_TEXTS = {0x0203, 0x0204, 0x00D6, 0x00FD, 0x027E}
_NUMBERS, _TRUTH_OR_ERROR, _FORMULA = 0x00BD, 0x0205, 0x0006
_ROW, _COLUMNS, _SIZE = 0x0208, 0x007D, 0x0200
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 1
_WIDE_SIZE = 14
_NO_NUMBER = b"\xff\xff"
_ERROR_RESULT, _BLANK_RESULT = 2, 3
_SINCE_97 = 0x0600


class EncryptedError(Exception):
    """A workbook that needs a password."""


def cell_marks(stream: bytes) -> list[CellMarks]:
    """Find the marks of all sheets, in the order of the workbook.

    Such workbooks always store a result. Where no formula at all has another one than blank text, a program wrote
    the workbook that calculates nothing, and its formulas are taken as unsaved.

    Args:
        stream: The stream with the workbook.

    Raises:
        EncryptedError: When it needs a password.
        DamagedError: When a part is missing.
    """
    try:
        sheets = [_sheet(stream, name, place) for name, place in _sheets(stream)]
    except (struct.error, IndexError) as problem:
        raise DamagedError from problem
    if any(has_results for _, has_results in sheets):
        for marks, _ in sheets:
            marks.unsaved.clear()
    return [marks for marks, _ in sheets]


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """List kind, start and end of the records up to the one that ends a part."""
    while True:
        kind, length = _PAIR.unpack_from(stream, place)
        start = place + 4
        place = start + length
        if kind == _END:
            return
        yield kind, start, place


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    version = 0
    for kind, start, end in _records(stream, 0):
        if kind == _PASSWORD:
            raise EncryptedError
        if kind == _BOOK_START:
            version = _PAIR.unpack_from(stream, start)[0]
        elif kind == _BOOK_SHEET:
            yield _name(stream[start + 6 : end], version), struct.unpack_from("<I", stream, start)[0]


def _name(written: bytes, version: int) -> str:
    if version != _SINCE_97:
        return written[1:].decode("cp1252", errors="replace")
    return written[2:].decode("utf-16-le" if written[1] & 1 else "latin-1", errors="replace")


def _sheet(stream: bytes, name: str, place: int) -> tuple[CellMarks, bool]:
    """Look through a sheet, and tell whether a formula has a result that is not blank."""
    marks, rows, columns, has_results = CellMarks(name), 0, 0, False
    for kind, start, end in _records(stream, place):
        if kind in _NUMBERS_AND_TEXTS:
            row, column = _PAIR.unpack_from(stream, start)
        elif kind == _NUMBERS:
            row, column = _PAIR.unpack_from(stream, start)[0], _PAIR.unpack_from(stream, end - 4)[1]
        elif kind == _TRUTH_OR_ERROR:
            row, column = _PAIR.unpack_from(stream, start)
            if stream[start + 7]:
                marks.errors[row, column] = BINARY_ERRORS.get(stream[start + 6], UNNAMED_ERROR)
        elif kind == _FORMULA:
            row, column = _PAIR.unpack_from(stream, start)
            has_results |= _add_formula(marks, row, column, stream[start + 6 : start + 14])
        else:
            _add_layout(marks, kind, stream[start:end])
            continue
        rows, columns = max(rows, row), max(columns, column)
    marks.reach(rows + 1, columns + 1)
    return marks, has_results


def _add_formula(marks: CellMarks, row: int, column: int, result: bytes) -> bool:
    if result[6:] == _NO_NUMBER and result[0] == _ERROR_RESULT:
        marks.errors[row, column] = BINARY_ERRORS.get(result[2], UNNAMED_ERROR)
    elif result[6:] == _NO_NUMBER and result[0] == _BLANK_RESULT:
        marks.unsaved.add((row, column))
        return False
    return True


def _add_layout(marks: CellMarks, kind: int, record: bytes) -> None:
    if kind == _ROW and record[12] & _HIDDEN_ROW:
        row = _PAIR.unpack_from(record)[0]
        marks.hidden_rows.append(range(row, row + 1))
    elif kind == _COLUMNS and record[8] & _HIDDEN_COLUMN:
        first, last = _PAIR.unpack_from(record)
        marks.hidden_columns.append(range(first, last + 1))
    elif kind == _SIZE:
        # The reader of values makes room for as many cells as are said to be there.
        size = struct.unpack_from("<IIHH" if len(record) >= _WIDE_SIZE else "<HHHH", record)
        if size[0] > size[1] or size[2] > size[3]:
            raise DamagedError
        marks.reach(size[1], size[3])
