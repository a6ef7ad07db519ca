"""What is said of a file that is refused whole: what it is, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import Where, error
from esser_gap.read.addresses import address
from esser_gap.read.files import refused

if TYPE_CHECKING:
    from pathlib import Path

MAX_CELLS = 40 * 2**20
"""Cells from A1 to the last row and column that hold something: all rows of a sheet in 40 columns.

They are kept one by one, the blank ones too, and take about 70 bytes each while a sheet is read: up to 3 GB.
"""

_SAVE = "open it in a spreadsheet program and save it as an Excel workbook (.xlsx)"


class DamagedError(Exception):
    """A file whose parts do not fit together."""


def damaged(path: Path) -> InputError:
    """Refuse a file that is no workbook, or of which a part is missing."""
    hint = "open it and save it again as an Excel workbook"
    return refused(path, "file-not-a-workbook", "this is not a workbook, or it is damaged", hint)


def not_a_spreadsheet(path: Path, kind: str, hint: str) -> InputError:
    """Refuse a file that is of another kind, such as `a PDF document`."""
    return refused(path, "file-not-a-workbook", f"this is not a spreadsheet but {kind}", hint)


def neither_text_nor_workbook(path: Path) -> InputError:
    """Refuse a file called text that holds something else."""
    hint = "save the spreadsheet again, as CSV or as an Excel workbook"
    return refused(path, "file-not-a-workbook", "this is neither text nor a workbook, or it is damaged", hint)


def old_xml(path: Path) -> InputError:
    """Refuse the XML format of Excel 2003."""
    return not_a_spreadsheet(path, "the XML of a spreadsheet, which is not read", _SAVE)


def web_page(path: Path) -> InputError:
    """Refuse a web page: the export of a program that calls it a workbook, or a page that asks to sign in."""
    hint = f"{_SAVE}; if it shows no table but asks to sign in, download it again"
    return refused(path, "file-is-a-web-page", "this is a web page, not a spreadsheet", hint)


def needs_password(path: Path) -> InputError:
    """Refuse an encrypted workbook."""
    return refused(path, "file-needs-password", "the workbook needs a password", "save a copy without one")


def unpacks_too_large(path: Path, packed: int, unpacked: int) -> InputError:
    """Refuse a workbook that would fill the memory when it is unpacked.

    Args:
        path: The file.
        packed: Bytes that it takes now, or a part of it.
        unpacked: Bytes that it would take.
    """
    message = f"{packed // 1000:,} KB of the file would unpack to {unpacked // 1000:,} KB, more than a spreadsheet does"
    hint = "open it in a spreadsheet program and save it again; if somebody sent it, ask whether it is what it seems"
    return refused(path, "file-too-large", message, hint)


def sheet_too_large(path: Path, sheet: str, rows: int, columns: int) -> InputError:
    """Refuse a sheet with something far away from its table.

    Args:
        path: The file.
        sheet: The sheet's name.
        rows: Rows down to the last that holds something.
        columns: Columns to the last that holds something.
    """
    last = address(rows - 1, columns - 1)
    message = f"the sheet reaches to {last}, which makes {rows * columns:,} cells; at most {MAX_CELLS:,} are read"
    hint = f"delete the rows and columns below and beside the table, up to {last}, and save the file"
    return InputError([error("sheet-too-large", message, where=Where(path.name, sheet), hint=hint)])


def too_many_filled(path: Path, sheet: str) -> InputError:
    """Refuse a sheet with so many cells that looking at each would fill the memory."""
    message = "the sheet has more cells that hold something than an audit can look at"
    hint = "split the sheet, or audit the workbook without it"
    return InputError([error("sheet-too-large", message, where=Where(path.name, sheet), hint=hint)])


def not_excel(path: Path) -> InputError:
    """Refuse a workbook of another format than Excel's of today, where only that will do."""
    message = "this is a workbook, but neither xlsx nor xlsm"
    return refused(path, "format-unknown", message, _SAVE)


def too_many_cells(path: Path, cells: int) -> InputError:
    """Refuse a text file that would fill the memory."""
    message = f"the file has {cells:,} cells; at most {MAX_CELLS:,} are read"
    return refused(path, "file-too-large", message, "name a file that holds only the budget")
