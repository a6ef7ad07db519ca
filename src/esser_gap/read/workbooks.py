"""Workbooks of every format: what they are, whether they may be opened, and their sheets."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esser_gap.read import ods_marks, xls_marks, xlsb_marks, xlsx_marks
from esser_gap.read.archives import Archive
from esser_gap.read.compound_files import CompoundFile
from esser_gap.read.contents import foreign, is_archive
from esser_gap.read.refusals import (
    MAX_CELLS,
    DamagedError,
    damaged,
    needs_password,
    not_a_spreadsheet,
    not_excel,
    sheet_too_large,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineWorkbook

    from esser_gap.read.files import FileBytes
    from esser_gap.read.marks import CellMarks

_OTHER_ARCHIVES = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "index/document.iwa": "a document of Apple iWork, such as Numbers",
    "index.zip": "a document of Apple iWork, such as Numbers",
}
_TYPES = "[Content_Types].xml"
"""A part of everything that Microsoft Office writes."""
_OTHER_STREAMS = {"WordDocument": "a Word document", "PowerPoint Document": "a PowerPoint presentation"}
_ROWS, _COLUMNS = 2**20, 2**14
"""No spreadsheet program has more of them."""
_ENCRYPTED = "EncryptedPackage"
_COPY_TABLE = "copy its table to a spreadsheet and save that, or export it as an Excel workbook"


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet with cells.

    Attributes:
        name: Its name.
        rows: Cells by row, from A1; blank cells are empty text.
        is_hidden: Whether the workbook hides it.
        merges: First row and column, last row and column of merged cells, counted from 0.
        marks: What else stands in it.
    """

    name: str
    rows: list[list[Any]]
    is_hidden: bool
    merges: list[tuple[int, int, int, int]]
    marks: CellMarks


def workbook_sheets(file: FileBytes) -> list[WorkbookSheet]:
    """Read the sheets of a workbook; sheets that are charts have no cells and are passed over.

    Nothing is opened that was not looked at before: a workbook of a few bytes can name a cell so far away that the
    memory of no machine holds the cells up to it.

    Args:
        file: Contents of a workbook.

    Raises:
        InputError: When it is of another kind, damaged or too large, or needs a password.
    """
    try:
        content, marks = _archive_marks(file) if is_archive(file.content) else _stream_marks(file)
        for sheet in marks:
            _check_size(file.path, sheet)
        return _read(content, marks)
    except DamagedError:
        raise damaged(file.path) from None


def excel_archive(file: FileBytes) -> Archive:
    """Open a workbook of the format of Excel (xlsx, xlsm) to look at its parts.

    Args:
        file: Its contents.

    Raises:
        InputError: When it is of another format or kind, damaged or too large, or needs a password.
    """
    try:
        if is_archive(file.content):
            archive = Archive(file.path, file.content)
            if xlsx_marks.BOOK in archive:
                return archive
            _archive_marks(file)
        else:
            other = foreign(file.path, file.content)
            if other is not None:
                raise other
            _stream_marks(file)
    except DamagedError:
        raise damaged(file.path) from None
    raise not_excel(file.path)


def _check_size(path: Path, sheet: CellMarks) -> None:
    if sheet.rows > _ROWS or sheet.columns > _COLUMNS:
        raise DamagedError
    if sheet.rows * sheet.columns > MAX_CELLS:
        raise sheet_too_large(path, sheet.name, sheet.rows, sheet.columns)


def _archive_marks(file: FileBytes) -> tuple[bytes, list[CellMarks]]:
    archive = Archive(file.path, file.content)
    if xlsx_marks.BOOK in archive:
        marks = xlsx_marks.cell_marks(archive)
        return xlsx_marks.readable(archive, marks, file.content), marks
    if xlsb_marks.BOOK in archive:
        return file.content, xlsb_marks.cell_marks(archive)
    if ods_marks.CONTENT in archive and "mimetype" in archive:
        if archive.read("mimetype").strip() == ods_marks.KIND:
            if ods_marks.is_encrypted(archive):
                raise needs_password(file.path)
            return file.content, ods_marks.cell_marks(archive)
        raise not_a_spreadsheet(file.path, "another document of LibreOffice", _COPY_TABLE)
    for part, kind in _OTHER_ARCHIVES.items():
        if part in archive:
            raise not_a_spreadsheet(file.path, kind, _COPY_TABLE)
    if _TYPES in archive:
        raise DamagedError
    raise not_a_spreadsheet(file.path, "a zip archive", "unpack it and name the spreadsheet in it")


def _stream_marks(file: FileBytes) -> tuple[bytes, list[CellMarks]]:
    compound = CompoundFile(file.content)
    if _ENCRYPTED in compound:
        raise needs_password(file.path)
    for name in xls_marks.STREAMS:
        if name in compound:
            try:
                return file.content, xls_marks.cell_marks(compound.read(name))
            except xls_marks.EncryptedError:
                raise needs_password(file.path) from None
    for stream, kind in _OTHER_STREAMS.items():
        if stream in compound:
            raise not_a_spreadsheet(file.path, kind, _COPY_TABLE)
    raise DamagedError


def _read(content: bytes, marks: list[CellMarks]) -> list[WorkbookSheet]:
    import python_calamine as calamine

    try:
        return list(_sheets(calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)), marks))
    except (calamine.CalamineError, OSError) as problem:
        raise DamagedError from problem
    except BaseException as problem:
        # What the reader of values does not expect comes as an exception that no other exception is like.
        if type(problem).__name__ != "PanicException":
            raise
        raise DamagedError from problem


def _sheets(book: CalamineWorkbook, marks: list[CellMarks]) -> Iterator[WorkbookSheet]:
    import python_calamine as calamine

    if len(book.sheets_metadata) != len(marks):
        raise DamagedError
    for place, (about, marked) in enumerate(zip(book.sheets_metadata, marks, strict=True)):
        if about.typ is calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(place)
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            _put_errors(rows, marked.errors)
            merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()] or marked.merges
            is_hidden = about.visible is not calamine.SheetVisibleEnum.Visible
            yield WorkbookSheet(about.name, rows, is_hidden, merges, marked)


def _put_errors(rows: list[list[Any]], errors: dict[tuple[int, int], str]) -> None:
    """Put error values where they stand in the file, so that they are refused where they are used."""
    for (row, column), text in errors.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text
