"""What stands in a workbook beside its values: errors, formulas without a result, and what is hidden or merged."""

from __future__ import annotations

from dataclasses import dataclass, field

BINARY_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""Error values by their number in binary workbooks."""
UNNAMED_ERROR = "#VALUE!"
"""The error of a cell that only says that it holds one."""


@dataclass(slots=True)
class CellMarks:
    """What readers of values do not tell of a sheet; rows and columns are counted from 0.

    Attributes:
        name: The sheet's name.
        rows: Rows down to the last that may hold something.
        columns: Columns to the last that may hold something.
        unsaved: Places of formulas without a stored result, which read as blank.
        errors: Error values, such as `#REF!`, by place; they read as blank, so that an amount would vanish.
        hidden_rows: Rows that are hidden or filtered out.
        hidden_columns: Columns that are hidden.
        merges: First row and column, last row and column of merged cells, where the reader of values tells none.
    """

    name: str
    rows: int = 0
    columns: int = 0
    unsaved: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def reach(self, rows: int, columns: int) -> None:
        """Note that cells down to a row and to a column hold something."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)
