"""Marks of the sheets of a LibreOffice workbook (ods)."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from esser_gap.read.archives import cut_before
from esser_gap.read.marks import UNNAMED_ERROR, CellMarks
from esser_gap.read.packages import text
from esser_gap.read.refusals import MAX_CELLS, DamagedError
from esser_gap.read.tags import REST, attributes, number, root_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.read.archives import Archive

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
KIND = b"application/vnd.oasis.opendocument.spreadsheet"

_ROW, _ROW_END = b"<table:table-row", b"</table:table-row>"
_TAG = re.compile(rb"<table:table(-column|)(?=[\s/>])(" + REST + rb")>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])(" + REST + rb")>")
_REPEATED = re.compile(rb"table:number-columns-repeated=[\"'](\d{1,9})[\"']")
_VALUE = b"office:value-type"
_TELLING = (b"table:formula", b"-spanned=", b'="error"', b"='error'")
"""Where none of these is, no cell holds an error or a formula, or is merged."""
_TOLD = re.compile(rb"=\"error\"|>(?:#[A-Z]|Err:)|-spanned=|table:formula=(?:\"[^\"]*+\"|'[^']*+')(?![^>]*office:)")
_SHOWN = re.compile(rb"<text:p(?:\s[^>]*)?>([^<]*)")
_ERROR = re.compile(rb"#[A-Z][A-Z0-9/_]*[!?]?|Err:\d{3}")
_FEW_COLUMNS = 40
_MOST_ALIKE = 100_000
"""No program writes so many formulas or errors that are all alike as one cell."""
_VALUES = {
    b"float": b"office:value",
    b"currency": b"office:value",
    b"percentage": b"office:value",
    b"date": b"office:date-value",
    b"time": b"office:time-value",
    b"boolean": b"office:boolean-value",
}


def is_encrypted(archive: Archive) -> bool:
    """Tell whether the workbook needs a password."""
    return MANIFEST in archive and b":encryption-data" in archive.read_xml(MANIFEST)


def cell_marks(archive: Archive) -> list[CellMarks]:
    """Find the marks of all sheets, in the order of the workbook.

    Args:
        archive: An ods file.

    Raises:
        InputError: When a part would take too much memory.
        DamagedError: When a part is missing or damaged, or declares entities.
    """
    chunks = archive.chunks(CONTENT)
    sheets: list[_Sheet] = []
    for place, piece in enumerate(cut_before(b"<table:table-row", chunks)):
        # The reader of values passes over such text.
        if (place == 0 and root_prefix(piece) is None) or (b"[" in piece and b"<![CDATA[" in piece):
            raise DamagedError
        _add_piece(sheets, piece)
    return [sheet.marks for sheet in sheets]


def _add_piece(sheets: list[_Sheet], piece: bytes) -> None:
    is_telling = any(mark in piece for mark in _TELLING)
    before, *rows = piece.split(_ROW)
    _add_tables(sheets, before)
    for row in rows:
        end, body_end = row.find(b">") + 1, row.rfind(_ROW_END)
        if sheets and row[:1] in b" \t\r\n/>":
            body = row[end : max(end, body_end)]
            sheets[-1].add_row(row[:end], body, is_telling=is_telling and _TOLD.search(body) is not None)
        _add_tables(sheets, row[max(end, body_end) :])


def _add_tables(sheets: list[_Sheet], between: bytes) -> None:
    """Take the tags between rows that start a sheet or tell of its columns."""
    for kind, tag in _TAG.findall(between):
        about = attributes(tag)
        if kind and sheets:
            sheets[-1].add_columns(about)
        elif not kind and b"table:name" in about:
            sheets.append(_Sheet(text(about[b"table:name"])))


class _Sheet:
    """A sheet as far as it was looked through."""

    def __init__(self, name: str) -> None:
        self.marks = CellMarks(name)
        self._row = self._column = 0

    def add_columns(self, about: dict[bytes, bytes]) -> None:
        """Take the tag of a column, or of several that are alike."""
        stop = self._column + number(about, b"table:number-columns-repeated")
        if _is_hidden(about):
            self.marks.hidden_columns.append(range(self._column, stop))
        self._column = stop

    def add_row(self, tag: bytes, body: bytes, *, is_telling: bool) -> None:
        """Take a row, or several that are alike."""
        about = attributes(tag) if b"-repeated" in tag or b"visibility" in tag else {}
        rows = range(self._row, self._row + number(about, b"table:number-rows-repeated"))
        self._row = rows.stop
        if _is_hidden(about):
            self.marks.hidden_rows.append(rows)
        if _VALUE in body:
            self.marks.reach(rows.stop, _width(body))
        if is_telling and self.marks.rows * self.marks.columns <= MAX_CELLS:
            self._add_cells(rows, body)

    def _add_cells(self, rows: range, body: bytes) -> None:
        for columns, about, inside in _cells(body):
            if b"table:number-columns-spanned" in about or b"table:number-rows-spanned" in about:
                self._add_merge(rows.start, columns.start, about)
            error = _error(about, inside)
            is_unsaved = b"table:formula" in about and _has_no_value(about, inside)
            if (error or is_unsaved) and len(rows) * len(columns) > _MOST_ALIKE:
                raise DamagedError
            if error:
                self.marks.errors |= dict.fromkeys(product(rows, columns), error)
            elif is_unsaved:
                self.marks.unsaved |= set(product(rows, columns))

    def _add_merge(self, row: int, column: int, about: dict[bytes, bytes]) -> None:
        down = number(about, b"table:number-rows-spanned")
        across = number(about, b"table:number-columns-spanned")
        if down > 1 or across > 1:
            self.marks.merges.append((row, column, row + down - 1, column + across - 1))


def _is_hidden(about: dict[bytes, bytes]) -> bool:
    return about.get(b"table:visibility") in {b"collapse", b"filter"}


def _width(body: bytes) -> int:
    """Count a row's cells to the last with a value; of rows with few cells also blank ones, which is quicker."""
    start = body.rfind(b"<table:table-cell")
    counted = body if body.find(_VALUE, start) >= 0 else body[:start]
    cells = counted.count(b"<table:table-cell") + counted.count(b"<table:covered-table-cell")
    few = cells + sum(int(repeated) - 1 for repeated in _REPEATED.findall(counted))
    if few <= _FEW_COLUMNS:
        return few
    return max((columns.stop for columns, about, _ in _cells(body) if _VALUE in about), default=0)


def _cells(body: bytes) -> Iterator[tuple[range, dict[bytes, bytes], bytes]]:
    """List a row's cells: their columns, their attributes, and what is in them."""
    column = 0
    found = list(_CELL.finditer(body))
    ends = [*(cell.start() for cell in found[1:]), len(body)]
    for cell, end in zip(found, ends, strict=False):
        about = attributes(cell[1])
        stop = column + number(about, b"table:number-columns-repeated")
        yield range(column, stop), about, body[cell.end() : end]
        column = stop


def _error(about: dict[bytes, bytes], inside: bytes) -> str:
    shown = _SHOWN.search(inside)
    said = shown[1].strip() if shown else b""
    if about.get(b"calcext:value-type") == b"error":
        return text(said) or UNNAMED_ERROR
    # Older programs store an error as zero, and only show what it is.
    return text(said) if b"table:formula" in about and _ERROR.fullmatch(said) else ""


def _has_no_value(about: dict[bytes, bytes], inside: bytes) -> bool:
    kind = about.get(_VALUE, b"")
    # Text without anything is shown as a blank paragraph.
    return _VALUES[kind] not in about if kind in _VALUES else not kind and b"<text:p" not in inside
