"""Sheets of cells: every spreadsheet and text format as plain rows with their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from esser_gap.read.addresses import address, column, letters
from esser_gap.read.contents import COMPOUND, foreign, is_archive
from esser_gap.read.files import TEXT_ENDINGS, WORKBOOK_ENDINGS, FileBytes, refused
from esser_gap.read.refusals import damaged
from esser_gap.read.text_sheets import is_table, text_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from esser_gap.read.values import Raw
    from esser_gap.read.workbooks import WorkbookSheet

__all__ = ["Sheet", "column", "letters", "read_sheets"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file.

    Attributes:
        file: The file's name.
        name: The sheet's name; the file's name without ending for a text file.
        rows: Cells by row, from A1; blank cells are empty text, errors are their text, such as `#REF!`.
        is_hidden: Whether the file hides it.
        unsaved: Addresses of formulas whose result is not stored in the file.
        merges: First row and column, last row and column of merged cells, as far as there are rows and columns;
            like those below counted from 0.
        hidden_rows: Rows that are hidden or filtered out.
        hidden_columns: Columns that are hidden.
        summed: Row numbers that a row stands for, by its number, where a mapping has summed rows.
    """

    file: str
    name: str
    rows: list[list[Raw]]
    is_hidden: bool = False
    unsaved: frozenset[str] = field(default=frozenset())
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    summed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def rows_of(self, number: int) -> tuple[int, ...]:
        """Give the numbers of the rows that a row stands for: its own, unless a mapping has summed several.

        Args:
            number: The row's number.
        """
        return self.summed.get(number, (number,))


def read_sheets(file: FileBytes) -> list[Sheet]:
    """Read all sheets of a spreadsheet or text file, by what it holds: its name need not fit that.

    Args:
        file: Contents of an xlsx, xlsm, xls, xlsb, ods, csv or tsv file.

    Raises:
        InputError: When it is no spreadsheet, is damaged or too large, or needs a password.
    """
    ending = file.path.suffix.casefold()
    if ending not in WORKBOOK_ENDINGS + TEXT_ENDINGS:
        known = ", ".join(e.removeprefix(".") for e in (*WORKBOOK_ENDINGS, *TEXT_ENDINGS))
        message = f"files that end in `{ending}` cannot be read" if ending else "the file's name has no ending"
        raise refused(file.path, "format-unknown", message, f"save it as one of: {known}")
    if is_archive(file.content) or file.content.startswith(COMPOUND):
        from esser_gap.read.workbooks import workbook_sheets

        return [_sheet(file.name, sheet) for sheet in workbook_sheets(file)]
    refusal = foreign(file.path, file.content)
    if refusal is not None:
        raise refusal
    if ending in WORKBOOK_ENDINGS and not is_table(file.content):
        raise damaged(file.path)
    return [Sheet(file.name, file.path.stem, cast("list[list[Raw]]", text_rows(file)))]


def _sheet(file: str, sheet: WorkbookSheet) -> Sheet:
    height, width, marks = len(sheet.rows), max(map(len, sheet.rows), default=0), sheet.marks
    merges = (
        (row, place, min(last_row, height - 1), min(last_place, width - 1))
        for row, place, last_row, last_place in sheet.merges
        if row < height and place < width
    )
    return Sheet(
        file,
        sheet.name,
        sheet.rows,
        sheet.is_hidden,
        unsaved=frozenset(address(row, place) for row, place in marks.unsaved),
        merges=tuple(merges),
        hidden_rows=_places(marks.hidden_rows, height),
        hidden_columns=_places(marks.hidden_columns, width),
    )


def _places(ranges: Iterable[range], stop: int) -> frozenset[int]:
    return frozenset(place for each in ranges for place in range(each.start, min(each.stop, stop)))
