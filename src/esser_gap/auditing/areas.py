"""Tables among the cells of a sheet: where they stand, and what makes a row their header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from esser_gap.auditing.elements import children, whole
from esser_gap.auditing.number_formats import is_date
from esser_gap.read.addresses import address, column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from esser_gap.auditing.books import Sheet
    from esser_gap.auditing.cells import Cell, Grid

Box = tuple[int, int, int, int]
"""First row and column, last row and column, counted from 0."""

LEAST = 2
"""A table has so many rows and columns at least."""

_HEADER_AMONG = 5
"""So many first rows of a table may be its header."""
_GAP = 2
"""So many blank rows may stand inside a table; below more of them something else begins."""
_YEARS = range(1900, 2201)
_RANGE = re.compile(r"\$?([A-Z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})?\$?([0-9]{1,7})?)?")
_LAST_ROW, _LAST_COLUMN = 2**20 - 1, 2**14 - 1


@dataclass(slots=True)
class Area:
    """A table: rows of cells below each other, whether it is defined as a table or not.

    Attributes:
        columns: Its columns that hold something, in order, from 0.
        rows: Its rows in which at least two cells hold something, in order, from 0.
        gaps: Blank rows inside it.
    """

    columns: list[int]
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    gaps: list[int] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Give its first row with two cells."""
        return next(iter(self.rows))

    @property
    def last(self) -> int:
        """Give its last row."""
        return next(reversed(self.rows))

    @property
    def box(self) -> Box:
        """Give where it stands."""
        return self.first, self.columns[0], self.last, self.columns[-1]

    @property
    def address(self) -> str:
        """Give where it stands, such as `A3:F20`."""
        return f"{address(self.first, self.columns[0])}:{address(self.last, self.columns[-1])}"


def box_of(written: str) -> Box | None:
    """Read a range such as `A1:C4`, `$1:$3` or `B2`; None where it is none.

    Examples:
        >>> box_of("$A$1:C4"), box_of("$3:$4")
        ((0, 0, 3, 2), (2, 0, 3, 16383))
    """
    found = _RANGE.fullmatch(written.upper())
    if found is None or not written:
        return None
    left, top, right, bottom = found.groups()
    if not (left or top):
        return None
    first = (int(top) - 1 if top else 0, column(left) if left else 0)
    if right or bottom:
        return (*first, int(bottom) - 1 if bottom else _LAST_ROW, column(right) if right else _LAST_COLUMN)
    return (*first, first[0] if top else _LAST_ROW, first[1] if left else _LAST_COLUMN)


def boxes_of(written: str) -> list[Box]:
    """Read several ranges with spaces between them."""
    return [box for box in map(box_of, written.split()) if box is not None]


def touches(one: Box, other: Box) -> bool:
    """Tell whether two ranges share a cell."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def links_of(sheet: Sheet) -> set[tuple[int, int]]:
    """Give the places of cells that are links."""
    boxes = [box_of(each.get("ref", "")) for each in children(sheet.around("hyperlinks"), "hyperlink")]
    return {(box[0], box[1]) for box in boxes if box is not None}


def frozen_rows(sheet: Sheet) -> int:
    """Count the rows that stay in sight when a sheet is scrolled."""
    views = sheet.around("sheetViews")
    pane = None if views is None else views.find("sheetView/pane")
    if pane is None or pane.get("state") not in {"frozen", "frozenSplit"}:
        return 0
    # The first row in sight need not be the first of the sheet.
    return int(float(pane.get("ySplit", "0") or 0))


def areas_of(sheet: Sheet) -> list[Area]:
    """Find the tables of a sheet.

    Rows that touch belong together; a row with a single cell is a title, a note or a heading inside the table. What
    comes after such a row, or after a few blank ones, and has no header of its own goes on with the table above. Cells
    that are nothing but links make no table.

    Args:
        sheet: A sheet.
    """
    links = links_of(sheet)
    areas: list[Area] = []
    for segment in _segments(sheet.grid):
        found = [_area(sheet.grid, segment, columns) for columns in _column_groups(sheet.grid, segment)]
        if _is_links(sheet.grid, segment, links):
            continue
        if all(header_of(sheet, area) is None for area in found) and _goes_on(sheet, areas, segment):
            _join(sheet.grid, areas[-1], segment)
        else:
            areas += found
    return [area for area in areas if len(area.rows) >= LEAST]


def header_of(sheet: Sheet, area: Area) -> tuple[int, list[int]] | None:
    """Find the header row of a table: the row, and its columns without a heading; None where no row is one.

    Args:
        sheet: Its sheet.
        area: The table.
    """
    defined = _defined_header(sheet, area)
    if defined is not None:
        return defined, _blank(area, defined)
    tops = list(islice(area.rows, _HEADER_AMONG))
    frozen = frozen_rows(sheet)
    marked = [row for row in tops if row < frozen or _is_bold(sheet, area, row)]
    full = [row for row in marked if not _blank(area, row)]
    if full:
        return full[0], []
    best = max(marked, key=lambda row: len(area.rows[row]), default=None)
    if best is None or len(area.rows[best]) * 2 <= len(area.columns):
        return None
    return best, _blank(area, best)


def _defined_header(sheet: Sheet, area: Area) -> int | None:
    """Give the header row of a table or filter that is defined, where it covers the area."""
    filters = [sheet.around("autoFilter")]
    # Only a table says how many header rows it has.
    for each in [*sheet.tables, *filters]:
        box = None if each is None else box_of(each.get("ref", ""))
        if each is None or box is None or not touches(box, area.box):
            continue
        if box[0] in area.rows and whole(each.get("headerRowCount"), 1):
            return box[0]
    return None


def _blank(area: Area, row: int) -> list[int]:
    filled = {cell.column for cell in area.rows[row]}
    return [place for place in area.columns if place not in filled]


def _is_bold(sheet: Sheet, area: Area, row: int) -> bool:
    return all(sheet.look_of(cell).font.is_bold and _may_head(sheet, cell) for cell in area.rows[row])


def _may_head(sheet: Sheet, cell: Cell) -> bool:
    """Tell whether a cell can be a heading: text, a year or a day."""
    number = cell.number
    return number is None or number in _YEARS or is_date(sheet.look_of(cell).number_format)


def _segments(grid: Grid) -> Iterator[list[int]]:
    """Give runs of rows with at least two cells each."""
    segment: list[int] = []
    for row, cells in grid.rows.items():
        if segment and (len(cells) < LEAST or row > segment[-1] + 1):
            yield segment
            segment = []
        if len(cells) >= LEAST:
            segment.append(row)
    if segment:
        yield segment


def _column_groups(grid: Grid, segment: Iterable[int]) -> Iterator[list[int]]:
    """Give runs of at least two columns with no blank column between them."""
    group: list[int] = []
    for place in sorted({cell.column for row in segment for cell in grid.rows[row]}):
        if group and place > group[-1] + 1:
            if len(group) >= LEAST:
                yield group
            group = []
        group.append(place)
    if len(group) >= LEAST:
        yield group


def _area(grid: Grid, segment: Iterable[int], columns: list[int]) -> Area:
    first, last = columns[0], columns[-1]
    inside = {row: [cell for cell in grid.rows[row] if first <= cell.column <= last] for row in segment}
    return Area(columns, {row: cells for row, cells in inside.items() if len(cells) >= LEAST})


def _is_links(grid: Grid, segment: Iterable[int], links: set[tuple[int, int]]) -> bool:
    if len(links) < LEAST:
        return False
    cells = [cell for row in segment for cell in grid.rows[row]]
    return sum((cell.row, cell.column) in links for cell in cells) * 2 > len(cells)


def _goes_on(sheet: Sheet, areas: list[Area], segment: list[int]) -> bool:
    if not areas or header_of(sheet, areas[-1]) is None:
        return False
    above = areas[-1]
    blank = sum(row not in sheet.grid.rows for row in range(above.last + 1, segment[0]))
    cells = [cell.column for row in segment for cell in sheet.grid.rows[row]]
    return blank <= _GAP and above.columns[0] <= min(cells) and max(cells) <= above.columns[-1]


def _join(grid: Grid, above: Area, segment: list[int]) -> None:
    between = range(above.last + 1, segment[0])
    if not any(row in grid.rows for row in between):
        above.gaps.extend(between)
    above.rows.update({row: grid.rows[row] for row in segment})


def columns_between(areas: Iterable[Area]) -> Iterator[tuple[Area, int]]:
    """Give pairs of a table and the one blank column after which another of the same rows stands."""
    listed = list(areas)
    starts = {(area.columns[0], area.first, area.last) for area in listed}
    for area in listed:
        if (area.columns[-1] + LEAST, area.first, area.last) in starts:
            yield area, area.columns[-1] + 1
