"""Tables in text files: encoding, the mark between columns, and rows as a spreadsheet program shows them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from esser_gap.read.files import refused
from esser_gap.read.refusals import MAX_CELLS, neither_text_nor_workbook, too_many_cells

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.read.files import FileBytes

MARKS = "\t|;,"
"""What may stand between columns; where two do as well, the one that is rarer in text comes first."""

_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_ENCODINGS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_HEAD = 64_000
_ROWS_LOOKED_AT = 200
_MANY_COLUMNS = 3
"""Rows parted into so many columns or more count alike: amounts may have more commas than there are columns."""
_NAMED_MARK = re.compile(r'"?sep=([^"\w\r\n ])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_CONTROLS_IN = 50
"""Text has fewer than one control character in so many; more are another kind of file."""
_MANY_ZEROS = 6
"""Of 20 bytes so many are zeros in UTF-16, all in even places or all in odd ones."""
_END_OF_FILE = "\x1a"
"""What programs of the time of DOS put behind the last line."""


def text_rows(file: FileBytes) -> list[list[str]]:
    """Read the rows of a text file, with cells as they are written.

    Row numbers are those of a spreadsheet program: a line break inside quotation marks starts no row, and a first
    line that only names the mark between columns, such as `sep=;`, is none.

    Args:
        file: Contents of a csv, tsv or txt file, or of a file of another name that holds such text.

    Raises:
        InputError: When it is no text, has no columns, or has more cells than are read.
    """
    text = decoded(file.content)
    if text is None:
        raise neither_text_nor_workbook(file.path)
    named = _NAMED_MARK.match(text)
    text = text[named.end() :] if named else text
    mark = named[1] if named else _mark_of(file.path, text)
    cells = text.count(mark) + text.count("\n") + text.count("\r")
    if cells > MAX_CELLS:
        raise too_many_cells(file.path, cells)
    return _rows(file.path, text, mark)


def is_table(content: bytes) -> bool:
    """Tell whether the contents of a file that is called a workbook are text with columns."""
    text = decoded(content)
    return text is not None and (_NAMED_MARK.match(text) is not None or column_mark(text)[1] > 1)


def decoded(content: bytes) -> str | None:
    """Read text in UTF-8, UTF-16, UTF-32 or the encoding of Windows; None when it is no text."""
    text = _text(content).removeprefix("\ufeff").rstrip(_END_OF_FILE)
    head = text[:_HEAD]
    is_text = "\0" not in text and len(_CONTROLS.findall(head)) * _CONTROLS_IN <= len(head)
    return text if is_text else None


def column_mark(text: str) -> tuple[str, int]:
    r"""Choose the mark that parts the most rows into the same number of columns, and count those rows.

    Amounts and notes have marks of their own in some rows, and titles have none.

    Examples:
        >>> column_mark("FY26, draft\nname;kind;cost\nFiber;recurring;1,234.50\nSIS;recurring;900")
        (';', 3)
    """
    found = {mark: _alike(text[:_HEAD], mark) for mark in MARKS}
    parted = {mark: rows * (min(columns, _MANY_COLUMNS) - 1) for mark, (rows, columns) in found.items()}
    best = max(MARKS, key=lambda mark: parted[mark])
    return best, found[best][0]


def _alike(text: str, mark: str) -> tuple[int, int]:
    """Count the rows with the commonest number of columns, and those columns.

    A mark that makes nonsense of quotation marks parts no rows; the last row may only be cut off.
    """
    stream = io.StringIO(text, newline="")
    widths: Counter[int] = Counter()
    try:
        for row in islice(csv.reader(stream, delimiter=mark, strict=True), _ROWS_LOOKED_AT):
            widths[len(row)] += len(row) > 1
    except csv.Error:
        if stream.read(1):
            return 0, 1
    return max(((rows, columns) for columns, rows in widths.items()), default=(0, 1))


def _mark_of(path: Path, text: str) -> str:
    if path.suffix.casefold() == ".tsv" and "\t" in text[:_HEAD]:
        return "\t"
    mark, rows = column_mark(text)
    return mark if rows else ","


def _text(content: bytes) -> str:
    for mark, encoding in _ENCODINGS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    head = content[:_HEAD]
    # Letters of western languages have a zero in every second place in UTF-16.
    even, odd = (20 * head[start::2].count(0) // max(1, len(head)) for start in (0, 1))
    if max(even, odd) >= _MANY_ZEROS and not min(even, odd):
        return content.decode("utf_16_le" if odd else "utf_16_be", errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        # What Excel writes on Windows when it does not write Unicode.
        return content.decode("cp1252", errors="replace")


def _rows(path: Path, text: str, mark: str) -> list[list[str]]:
    # Strict, because a quotation mark that is never closed would swallow all rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        message = f"line {reader.line_num} cannot be parted into columns"
        hint = "check the quotation marks from there up, or save it again as CSV"
        raise refused(path, "text-not-columns", message, hint) from None
    return [[_as_text(cell) for cell in row] for row in rows] if '="' in text else rows


def _as_text(cell: str) -> str:
    """Take away what keeps Excel from reading a code as a number: `="0507"` is `0507`."""
    found = _KEPT_AS_TEXT.fullmatch(cell)
    return cell if found is None else found[1]
