"""Sheets of cells: every spreadsheet and text format as plain rows with their addresses."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esser_gap.read.files import TEXT_ENDINGS, WORKBOOK_ENDINGS, FileBytes, refused

if TYPE_CHECKING:
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
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    except calamine.PasswordError:
        raise refused(
            file.path, "file-needs-password", "the workbook needs a password", "save a copy without one"
        ) from None
    except (calamine.CalamineError, OSError) as problem:
        first = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        message = f"this is not a workbook that can be read ({first})"
        raise refused(
            file.path, "file-not-a-workbook", message, "open it and save it again as an Excel workbook"
        ) from None
    unsaved = _unsaved_formulas(file)
    sheets = []
    for place, about in enumerate(book.sheets_metadata):
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append(Sheet(file.name, about.name, rows, hidden, unsaved.get(about.name, frozenset())))
    return sheets


def _unsaved_formulas(file: FileBytes) -> dict[str, frozenset[str]]:
    """Find formulas without a stored result, which would otherwise read as blank cells."""
    if file.path.suffix.casefold() not in {".xlsx", ".xlsm"}:
        return {}
    from esser_gap.read.formulas import unsaved_formulas

    return unsaved_formulas(file.content)


def _text_sheet(file: FileBytes) -> Sheet:
    text = _decoded(file)
    delimiter = "\t" if file.path.suffix.casefold() == ".tsv" else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows: list[list[Raw]] = [list(row) for row in reader]
    except csv.Error as problem:
        message = f"line {reader.line_num} is not text in columns ({problem})"
        raise refused(file.path, "text-not-columns", message, "save it again as CSV") from None
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
    head = text[:20_000]
    return max(",;\t|", key=head.count)
