"""Sheets of cells: every spreadsheet and text format as plain rows with their addresses."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esser_gap.read.files import TEXT_ENDINGS, WORKBOOK_ENDINGS, FileBytes, refused

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from esser_gap.errors import InputError
    from esser_gap.read.formulas import CellMarks
    from esser_gap.read.values import Raw


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file.

    Attributes:
        file: The file's name.
        name: The sheet's name; the file's name without ending for a text file.
        rows: Cells by row, from A1; blank cells are empty text.
        is_hidden: Whether the file hides it.
        unsaved: Addresses of formulas whose result is not stored in the file.
    """

    file: str
    name: str
    rows: list[list[Raw]]
    is_hidden: bool = False
    unsaved: frozenset[str] = field(default=frozenset())


def letters(column: int) -> str:
    """Write a column's place, counted from 0, as a spreadsheet does.

    Examples:
        >>> letters(0), letters(27)
        ('A', 'AB')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column(name: str) -> int:
    """Give the place of a column, counted from 0, that a spreadsheet calls by letters.

    Examples:
        >>> column("A"), column("AB")
        (0, 27)
    """
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


def read_sheets(file: FileBytes) -> list[Sheet]:
    """Read all sheets of a spreadsheet or text file.

    Args:
        file: Contents of an xlsx, xlsm, xls, xlsb, ods, csv or tsv file.

    Raises:
        InputError: When the file is not what its name says, or needs a password.
    """
    ending = file.path.suffix.casefold()
    if ending in TEXT_ENDINGS:
        return [_text_sheet(file)]
    if ending not in WORKBOOK_ENDINGS:
        known = ", ".join(e.removeprefix(".") for e in (*WORKBOOK_ENDINGS, *TEXT_ENDINGS))
        message = f"files that end in `{ending}` cannot be read" if ending else "the file's name has no ending"
        raise refused(file.path, "format-unknown", message, f"save it as one of: {known}")
    return _workbook_sheets(file)


def _workbook_sheets(file: FileBytes) -> list[Sheet]:
    import zlib
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile

    from python_calamine import CalamineError

    book = _opened(file)
    try:
        return _sheets_of(book, file)
    except (CalamineError, BadZipFile, zlib.error, ParseError, NotImplementedError, EOFError):
        raise _damaged(file) from None


def _sheets_of(book: CalamineWorkbook, file: FileBytes) -> list[Sheet]:
    import python_calamine as calamine

    marks = _cell_marks(file)
    sheets = []
    for place, about in enumerate(book.sheets_metadata):
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        marked = marks.get(about.name)
        if marked is not None:
            _put_errors(rows, marked.errors)
        sheets.append(Sheet(file.name, about.name, rows, hidden, frozenset(marked.unsaved if marked else ())))
    return sheets


def _opened(file: FileBytes) -> CalamineWorkbook:
    import python_calamine as calamine

    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    except (calamine.CalamineError, OSError):
        pass
    try:
        # By its contents alone a file is only of no known kind; by its name it is also said why.
        return calamine.CalamineWorkbook.from_path(file.path)
    except calamine.PasswordError:
        message, hint = "the workbook needs a password", "save a copy without one"
        raise refused(file.path, "file-needs-password", message, hint) from None
    except (calamine.CalamineError, OSError):
        raise _damaged(file) from None


def _damaged(file: FileBytes) -> InputError:
    hint = "open it and save it again as an Excel workbook"
    return refused(file.path, "file-not-a-workbook", "this is not a workbook, or it is damaged", hint)


def _cell_marks(file: FileBytes) -> dict[str, CellMarks]:
    """Find errors and formulas without a stored result, which would otherwise read as blank cells."""
    if not file.content.startswith(b"PK"):
        return {}
    from esser_gap.read.formulas import cell_marks

    return cell_marks(file.content)


def _put_errors(rows: list[list[Raw]], errors: dict[str, str]) -> None:
    """Put error values where they stand in the file, so that they are refused where they are used."""
    for address, text in errors.items():
        name = address.rstrip("0123456789")
        row, place = int(address[len(name) :]) - 1, column(name)
        if row < len(rows) and place < len(rows[row]):
            rows[row][place] = text


def _text_sheet(file: FileBytes) -> Sheet:
    text = _decoded(file)
    delimiter = "\t" if file.path.suffix.casefold() == ".tsv" else _delimiter(text)
    # Strict, because a quotation mark that is never closed would swallow all rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows: list[list[Raw]] = [list(row) for row in reader]
    except csv.Error:
        message = f"line {reader.line_num} cannot be parted into columns"
        hint = "check the quotation marks from there up, or save it again as CSV"
        raise refused(file.path, "text-not-columns", message, hint) from None
    return Sheet(file.name, file.path.stem, rows)


def _decoded(file: FileBytes) -> str:
    content = file.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on Windows when it does not write Unicode.
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Choose the mark that stands on the most lines: amounts and notes have marks of their own on some."""
    head = text[:20_000]
    lines = head.splitlines()
    return max(",;\t|", key=lambda mark: (sum(mark in line for line in lines), head.count(mark)))
