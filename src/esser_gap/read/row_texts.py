"""Rows of text inside a table: headings of sections, notes, and what every printed page repeats."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from esser_gap.read.dates import date_in
from esser_gap.read.tables import is_repeated_header, is_row_of_units, printed_above, repeats_titles
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from esser_gap.read.rows import Layout
    from esser_gap.read.tables import Table
    from esser_gap.read.values import Raw

_FEW = 2
"""A heading or note fills at most this many cells."""
_LETTER = re.compile(r"[^\W\d_]")
_TITLES = 3


class Texts:
    """Tells which rows of a table hold only text."""

    def __init__(self, table: Table, layout: Layout) -> None:
        """Take the table.

        Args:
            table: The table.
            layout: Which columns tell.
        """
        self._table, self._layout = table, layout

    @cached_property
    def titles(self) -> str:
        """Give the texts directly above the table in one line."""
        return " ".join(" ".join(row) for row in self._title_rows[-_TITLES:])

    @cached_property
    def _title_rows(self) -> list[list[str]]:
        rows = self._table.sheet.rows[: self._table.header.first_row]
        texts = ([shown(cell) for cell in row if not is_blank(cell)] for row in rows)
        return [row for row in texts if row]

    def may_be_header(self, row: list[Raw]) -> bool:
        """Tell quickly whether a row may be the header again, by one of its cells.

        Args:
            row: Its cells.
        """
        place, text = self.mark
        return place < len(row) and row[place] == text

    @cached_property
    def mark(self) -> tuple[int, Raw]:
        """Give the place and the text of the header's first cell."""
        row = self._table.sheet.rows[self._table.header.row]
        return next(((place, cell) for place, cell in enumerate(row) if not is_blank(cell)), (0, object()))

    def is_text(self, place: int, row: list[Raw]) -> bool:
        """Tell whether a row is no data and no total, though it is not blank.

        Args:
            place: Its place on the sheet.
            row: Its cells.
        """
        header = self._table.header
        if is_repeated_header(header, row) or is_row_of_units(header, place, row):
            return True
        return self._says_little(row) or self._repeats_titles(row)

    def _says_little(self, row: list[Raw]) -> bool:
        """Tell whether a row has no cost and at most a few other cells, none of them one that only data fills."""
        layout = self._layout
        if any(p < len(row) and not _is_empty_cost(row[p]) for p in layout.costs):
            return False
        filled = sum(not is_blank(cell) and not isinstance(cell, (time, timedelta)) for cell in row)
        details = sum(p < len(row) and not is_blank(row[p]) for p in layout.details)
        keys = sum(p < len(row) and not is_blank(row[p]) for p in layout.keys)
        return filled <= _FEW and details == 0 and keys < _FEW

    def _repeats_titles(self, row: list[Raw]) -> bool:
        """Tell whether a row repeats what stands above the table; a figure is no title, whatever stands in one."""
        places = (p for p in self._layout.amounts if p < len(row) and not is_blank(row[p]))
        is_wordy = all(isinstance(row[p], str) and _LETTER.search(row[p]) for p in places)
        return is_wordy and repeats_titles(row, self._printed)

    @cached_property
    def _printed(self) -> frozenset[str]:
        return printed_above(self._table.sheet, self._table.header)


def _is_empty_cost(cell: Raw) -> bool:
    if isinstance(cell, str) and ("/" in cell or "__" in cell):
        # `11/20/2026`, or a line to sign on.
        return not cell.strip("_ ") or date_in(cell) is not None
    return is_blank(cell) or isinstance(cell, (date, datetime, time, timedelta))
