"""Marks of the sheets of an Excel workbook (xlsx, xlsm), found without parsing the most of it."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import chain
from typing import TYPE_CHECKING

from esser_gap.read.addresses import column, letters
from esser_gap.read.archives import cut_before
from esser_gap.read.marks import UNNAMED_ERROR, CellMarks
from esser_gap.read.packages import related_parts, text
from esser_gap.read.refusals import MAX_CELLS, DamagedError
from esser_gap.read.tags import REST, attributes, number, root_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from esser_gap.read.archives import Archive

BOOK = "xl/workbook.xml"
_OTHER_PARTS = ("xl/sharedStrings.xml", "xl/styles.xml")
_KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}

_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet(?=\s)(" + REST + rb")>")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col(?=\s)(" + REST + rb")>")
_YES = (b"1", b"true")
_LAST_COLUMN = 2**14

# All rows of a sheet in the columns to AL are not too many cells, so that most sheets need no closer look; nor do
# those with few columns need the closer of the two patterns.
_BEYOND_Z = re.compile(rb'<c(?! r="[A-Z]\d{1,6}+")')
_BEYOND_AL = re.compile(rb'<c(?:[\t\n\r/>]| (?!r="(?:[A-Z]|A[A-L])(?:\d{1,6}|10\d{5})"))')
_UNUSUAL = re.compile(rb'<c(?:[\t\n\r/>]| (?!r="[A-Z]{1,3}\d{1,7}"))')
_PREFIXED = re.compile(rb":c[\s/>]")
_CELL_COLUMN, _CELL_ROW = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<c r="[A-Z]+(\d+)')
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*+(?<!/)>(?!(?:<v ?/>|<v></v>)?</c>)')

_NO_VALUE = rb"\s*(?:<v\s*/>|<v(?:\s[^>]*)?>\s*</v>)?\s*</c>"
_UNSAVED = (re.compile(rb"</f>" + _NO_VALUE), re.compile(rb"<f(?:\s[^>]*)?/>" + _NO_VALUE))
_ERROR = re.compile(rb"\st=[\"']e[\"']")
_ERROR_TEXT = re.compile(rb"[^>]*>\s*(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?\s*<v(?:\s[^>]*)?>([^<]*)")
_HIDDEN_ROW = re.compile(rb"<row\s([^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_ADDRESS = re.compile(rb'<c r="([A-Z]+)(\d+)"')


class _Look(IntEnum):
    """How closely a sheet is looked at; each look gives up where the next one is needed."""

    QUICK = 0
    FOR_WIDE_SHEETS = 1
    FOR_BLANK_CELLS = 2
    FOR_UNUSUAL_TAGS = 3


def cell_marks(archive: Archive) -> list[CellMarks]:
    """Find the marks of all sheets, in the order of the workbook.

    Args:
        archive: An xlsx or xlsm file.

    Raises:
        InputError: When a part would take too much memory.
        DamagedError: When a part is missing or damaged, or declares entities.
    """
    for part in _OTHER_PARTS:
        if part in archive and b"<![CDATA[" in archive.read_xml(part):
            raise DamagedError
    parts = related_parts(archive, BOOK)
    found = map(attributes, _SHEET.findall(archive.read_xml(BOOK)))
    return [_marks_of(archive, text(sheet.get(b"name", b"")), parts.get(_part_id(sheet), "")) for sheet in found]


def readable(archive: Archive, marks: list[CellMarks], content: bytes) -> bytes:
    """Give the workbook without errors that the reader of values does not know: it would refuse the whole sheet.

    Args:
        archive: The workbook.
        marks: What was found in it.
        content: Its bytes, which are given back where there is no such error.
    """
    if all(_KNOWN_ERRORS.issuperset(sheet.errors.values()) for sheet in marks):
        return content
    parts = related_parts(archive, BOOK).values()
    sheets = {part.lstrip("/").casefold() for part in parts if "/worksheets/" in part.casefold()}
    as_text = {part: _ERROR.sub(b' t="str"', archive.read(part)) for part in sheets}
    return archive.copy_with(as_text, (".xml", ".rels"))


def _part_id(sheet: dict[bytes, bytes]) -> str:
    return next((text(value) for name, value in sheet.items() if name.endswith(b":id")), "")


def _marks_of(archive: Archive, name: str, part: str) -> CellMarks:
    if part not in archive:
        return CellMarks(name)
    return next(marks for look in _Look if (marks := _looked_through(archive, name, part, look)) is not None)


def _looked_through(archive: Archive, name: str, part: str, look: _Look) -> CellMarks | None:
    marks, has_formulas, tags = CellMarks(name), False, _UsualTags()
    for place, piece in enumerate(_pieces(archive, part)):
        if place == 0:
            marks.hidden_columns += _hidden_columns(piece)
        if look < _Look.FOR_UNUSUAL_TAGS and _is_beyond(piece, look):
            return None
        usual = tags.written(piece) if look is _Look.FOR_UNUSUAL_TAGS else piece
        errors = dict(_errors(usual))
        if look is not _Look.QUICK:
            _reach(marks, usual, errors, look)
        if look is _Look.FOR_WIDE_SHEETS and marks.rows * marks.columns > MAX_CELLS:
            return None
        # A formula that others share is written out in the first of their cells.
        has_formulas = has_formulas or b"</f>" in usual
        if has_formulas:
            marks.unsaved.update(_unsaved(usual))
        marks.errors.update(errors)
        marks.hidden_rows += _hidden_rows(usual)
    return marks


def _pieces(archive: Archive, part: str) -> Iterator[bytes]:
    """Cut a sheet before rows, and take the prefix off its tags that some programs give to each."""
    chunks = archive.chunks(part)
    first = next(chunks, b"")
    prefix = root_prefix(first)
    if prefix is None:
        raise DamagedError
    for piece in cut_before(b"<" + prefix + b"row", chain([first], chunks)):
        # The reader of values passes over such text.
        if b"[" in piece and b"<![CDATA[" in piece:
            raise DamagedError
        yield piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else piece


def _is_beyond(piece: bytes, look: _Look) -> bool:
    """Tell whether a piece has cells that a look does not see, or not as they are."""
    if look is _Look.QUICK:
        is_beyond = _BEYOND_Z.search(piece) is not None and _BEYOND_AL.search(piece) is not None
    else:
        is_beyond = _UNUSUAL.search(piece) is not None
    return is_beyond or (b":" in piece and _PREFIXED.search(piece) is not None)


def _reach(marks: CellMarks, piece: bytes, errors: Iterable[tuple[int, int]], look: _Look) -> None:
    """Note how far a piece reaches; blank cells count only in the look that is quicker for it."""
    for row, place in errors:
        marks.reach(row + 1, place + 1)
    if look is _Look.FOR_WIDE_SHEETS:
        columns, rows = set(_CELL_COLUMN.findall(piece)), set(_CELL_ROW.findall(piece))
    else:
        filled = _FILLED.findall(piece)
        columns, rows = {letters for letters, _ in filled}, {row for _, row in filled}
    if columns:
        marks.reach(max(map(int, rows)), 1 + max(column(letters.decode()) for letters in columns))


def _unsaved(piece: bytes) -> Iterator[tuple[int, int]]:
    for pattern in _UNSAVED:
        for formula in pattern.finditer(piece):
            start = piece.rfind(b"<c ", 0, formula.start())
            # Text that is stored as blank is a result.
            if attributes(piece[start : piece.find(b">", start)]).get(b"t") not in {b"str", b"e"}:
                yield _place(piece, start)


def _errors(piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    # Errors start with this mark, and most pieces have none.
    if b"#" not in piece:
        return
    for kind in _ERROR.finditer(piece):
        start = piece.rfind(b"<c ", 0, kind.start())
        if start >= 0 and piece.find(b">", start, kind.start()) < 0:
            found = _ERROR_TEXT.match(piece, kind.end())
            yield _place(piece, start), (text(found[1]) if found else "") or UNNAMED_ERROR


def _place(piece: bytes, start: int) -> tuple[int, int]:
    address = _ADDRESS.match(piece, start)
    if address is None:
        raise DamagedError
    return int(address[2]) - 1, column(address[1].decode())


def _hidden_rows(piece: bytes) -> list[range]:
    if b'hidden="' not in piece and not (b"'" in piece and b"hidden='" in piece):
        return []
    rows = [number(attributes(tag), b"r", 0) for tag in _HIDDEN_ROW.findall(piece)]
    return [range(row - 1, row) for row in rows if row]


def _hidden_columns(piece: bytes) -> list[range]:
    columns = [attributes(tag) for tag in _COLUMN.findall(piece)]
    return [
        range(number(each, b"min") - 1, min(number(each, b"max"), _LAST_COLUMN))
        for each in columns
        if each.get(b"hidden") in _YES
    ]


class _UsualTags:
    """Writes the tags of rows and cells as Excel does, where a program leaves addresses out or spells them freely."""

    _TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(row|c)(?=[\s/>])(" + REST + rb")>")

    def __init__(self) -> None:
        self._row = self._column = 0

    def written(self, piece: bytes) -> bytes:
        """Write the next piece of a sheet."""
        return self._TAG.sub(self._tag, piece)

    def _tag(self, tag: re.Match[bytes]) -> bytes:
        end, name, rest = tag.groups()
        about = attributes(rest) if rest else {}
        if name == b"row":
            return self._row_tag(about, is_end=bool(end), is_empty=rest.endswith(b"/"))
        return b"</c>" if end else self._cell_tag(about, is_empty=rest.endswith(b"/"))

    def _row_tag(self, about: dict[bytes, bytes], *, is_end: bool, is_empty: bool) -> bytes:
        self._row = self._row if is_end else number(about, b"r", self._row + 1) - 1
        written = b'<row r="%d" hidden="%b">' % (self._row + 1, about.get(b"hidden", b"0"))
        if is_end or is_empty:
            self._row, self._column = self._row + 1, 0
        return b"</row>" if is_end else written

    def _cell_tag(self, about: dict[bytes, bytes], *, is_empty: bool) -> bytes:
        if is_empty and b"r" not in about:
            self._column += 1
            return b""
        address = about.get(b"r", b"").upper() or b"%b%d" % (letters(self._column).encode(), self._row + 1)
        found = _ADDRESS.match(b'<c r="%b"' % address)
        if found is None:
            raise DamagedError
        self._column = column(found[1].decode()) + 1
        if is_empty:
            return b""
        kind = b' t="%b"' % about[b"t"] if b"t" in about else b""
        return b'<c r="%b"%b>' % (address, kind)
