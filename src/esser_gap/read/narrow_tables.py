"""Narrow tables below the rows of a budget: a legend, a list of contacts, a summary, which are no rows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.read.numbers import is_placeholder, written_number
from esser_gap.read.total_labels import label_in
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.read.values import Raw

    Row = Sequence[Raw]

_WIDTH = 2
_LEAST = 2
"""A single row of two cells is rather a row with an error than a table."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What every row of a table fills in.

    Attributes:
        names: Places of the columns that make the name; none where a blank one means the name above.
        costs: Places of the columns that hold the cost.
    """

    names: Sequence[int]
    costs: Sequence[int]

    def has_cost(self, row: Row) -> bool:
        """Tell whether a row has a figure for a cost, or a word that stands for one."""
        return any(place < len(row) and _is_figure(row[place]) for place in self.costs)

    def is_met(self, row: Row) -> bool:
        """Tell whether a row may be one of the table: with a name and a cost."""
        has_name = not self.names or any(place < len(row) and not is_blank(row[place]) for place in self.names)
        return has_name and self.has_cost(row)


def narrow_table(rows: Sequence[Row], top: int, end: int, needs: Needs) -> int | None:
    """Find the first row of a narrow table at the end of another one, below a blank row.

    Args:
        rows: The rows of the sheet.
        top: Place of the first row below the header.
        end: Place of the row below the last one.
        needs: What the rows of the table fill in.

    Returns:
        Its place; None when there is none. It has two columns, and no row of it has what the table above needs.
    """
    blocks = list(_blocks(rows, top, end))
    start: int | None = None
    for first, last in reversed(blocks[1:]):
        block = rows[first:last]
        if not all(_is_narrow(row, needs) for row in block) or _goes_on(rows[top:first], block):
            break
        pairs = [_places(row) for row in block if len(_places(row)) == _WIDTH]
        if len(pairs) >= _LEAST and len({place for pair in pairs for place in pair}) == _WIDTH:
            start = first
    return start


def _blocks(rows: Sequence[Row], top: int, end: int) -> Iterator[tuple[int, int]]:
    """Part rows at blank ones; gives the place of each first row and of the row below each last one."""
    start: int | None = None
    for place in range(top, end):
        is_empty = all(map(is_blank, rows[place]))
        if start is None and not is_empty:
            start = place
        elif start is not None and is_empty:
            yield start, place
            start = None
    if start is not None:
        yield start, end


def _places(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if not is_blank(cell)]


def _is_narrow(row: Row, needs: Needs) -> bool:
    """Tell whether a row has few cells, lacks what the table needs, and is no total of it."""
    if len(_places(row)) > _WIDTH or needs.is_met(row):
        return False
    return not (needs.has_cost(row) and label_in(list(row), range(len(row)))[1])


def _goes_on(above: Sequence[Row], block: Sequence[Row]) -> bool:
    """Tell whether rows have a word in a column that the table has there, too, as its own rows do."""
    found = {(p, cell) for row in block for p, cell in enumerate(row) if isinstance(cell, str) and not _is_figure(cell)}
    found -= {(p, cell) for p, cell in found if is_blank(cell)}
    return any((p, cell) in found for row in above for p, cell in enumerate(row) if isinstance(cell, str))


def _is_figure(cell: Raw) -> bool:
    if isinstance(cell, str):
        return bool(cell.strip()) and (is_placeholder(cell.strip()) or written_number(cell) is not None)
    return isinstance(cell, (int, float))
