"""Copies of the sheets that rows were left out of: titles, headers and those rows, as they stood."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import OutputError
from esser_gap.read.files import read_bytes
from esser_gap.read.sheets import column, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from esser_gap.model.budget import Budget
    from esser_gap.model.origin import Origin
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw
    from esser_gap.view.left_out import Problem

LONGEST_NAME = 31
"""Characters that the name of a sheet may have."""

_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_HEADER_ROWS = 4
"""A header takes so many rows at most."""
_BELOW_HEADER = 2
"""So many rows below the fullest row of a header may still belong to it."""


@dataclass(frozen=True, slots=True)
class SheetCopy:
    """The rows of one sheet that go into the copy.

    Attributes:
        name: Name of the sheet in the copy.
        place: Name of the file, and of the sheet in it.
        cells: Cells by row number, in the order of the sheet.
        header: Number of the last row of the first header.
        headers: Numbers of the rows that have headings.
        problems: What is wrong in its rows.
    """

    name: str
    place: tuple[str, str]
    cells: Mapping[int, Sequence[Raw]]
    header: int
    headers: frozenset[int]
    problems: tuple[Problem, ...]

    @property
    def width(self) -> int:
        """Count the columns of the file that hold something."""
        return max((len(cells) for cells in self.cells.values()), default=0)


def sheet_copies(budget: Budget, sources: Sequence[Path], listed: Sequence[Problem]) -> list[SheetCopy]:
    """Read again the sheets that rows were left out of, and take those rows with what stands above their table.

    Args:
        budget: A budget whose rows with errors were left out.
        sources: Files of the budget.
        listed: What is wrong in the rows.

    Raises:
        InputError: When a file can no longer be read.
        OutputError: When a file is not given, or has changed since it was read.
    """
    by_sheet = defaultdict(list)
    for problem in listed:
        by_sheet[problem.rejected.origin.file, problem.rejected.origin.sheet].append(problem)
    sheets = _sheets(budget, sources, {file for file, _ in by_sheet})
    names = _names(list(by_sheet))
    return [
        _copy(sheets[place], names[place], _tables(budget, place), tuple(found)) for place, found in by_sheet.items()
    ]


def _sheets(budget: Budget, sources: Sequence[Path], wanted: Iterable[str]) -> dict[tuple[str, str], Sheet]:
    digests = {file.name: file.sha256 for file in budget.files if file.role == "budget"}
    paths = {path.name: path for path in sources}
    found: dict[tuple[str, str], Sheet] = {}
    for name in wanted:
        if name not in paths:
            raise OutputError(f"the rows left out of `{name}` cannot be copied: it is not among the files given")
        content = read_bytes(paths[name])
        if digests.get(name, "") != content.as_input("budget").sha256:
            raise OutputError(f"`{name}` has changed since it was read; run again")
        found |= {(name, sheet.name): sheet for sheet in read_sheets(content)}
    return found


def _names(places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name the copies as their sheets, with the file's name before it where two are called the same."""
    taken = {"problems"}
    names = {}
    sheets = [sheet.casefold() for _, sheet in places]
    for file, sheet in places:
        alone = sheets.count(sheet.casefold()) == 1
        wanted = (sheet if alone else f"{Path(file).stem} {sheet}").translate(_NOT_IN_NAMES).strip("' ") or "Sheet"
        name, number = wanted[:LONGEST_NAME], 2
        while name.casefold() in taken:
            ending = f" ({number})"
            name, number = wanted[: LONGEST_NAME - len(ending)] + ending, number + 1
        taken.add(name.casefold())
        names[file, sheet] = name
    return names


# --- which rows --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Table:
    """One table of a sheet: the columns that are read, and the first and last row with a record."""

    columns: dict[str, str]
    first: int
    last: int
    has_left_out: bool


def _tables(budget: Budget, place: tuple[str, str]) -> list[_Table]:
    """Part the records of a sheet by the columns they were read from."""
    left_out = {id(rejected.origin) for rejected in budget.rejected}
    origins = [*(c.origin for c in budget.commitments), *(rejected.origin for rejected in budget.rejected)]
    here = sorted((o for o in origins if (o.file, o.sheet) == place), key=_first_row)
    tables: list[_Table] = []
    for origin in here:
        if not tables or tables[-1].columns != origin.columns:
            tables.append(_Table(origin.columns, _first_row(origin), 0, has_left_out=False))
        tables[-1].last = max(tables[-1].last, *origin.rows)
        tables[-1].has_left_out |= id(origin) in left_out
    return tables


def _first_row(origin: Origin) -> int:
    return min(origin.rows)


def _copy(sheet: Sheet, name: str, tables: Sequence[_Table], found: tuple[Problem, ...]) -> SheetCopy:
    left_out = {row for problem in found for row in problem.rejected.origin.rows}
    above: list[int] = []
    headers: list[int] = []
    end = 0
    for table in tables:
        header = _header(sheet, table, end)
        top = 1 if end == 0 else _top(sheet, header, end)
        if table.has_left_out or end == 0:
            above += [*range(top, header + 1), *_below(sheet, header, table.first)]
            headers.append(header)
        end = table.last
    rows = sorted({*above, *left_out})
    cells = {row: _trimmed(sheet.rows[row - 1]) for row in rows}
    return SheetCopy(name, (sheet.file, sheet.name), cells, headers[0], frozenset(headers), found)


def _header(sheet: Sheet, table: _Table, end: int) -> int:
    """Find the header above the first record of a table: the row that has words in the most columns that are read."""
    places = [column(letters) for letters in table.columns.values()]
    numbers = range(end + 1, table.first)
    return max(numbers, key=lambda number: (_words(sheet.rows[number - 1], places), -number), default=end + 1)


def _words(cells: Sequence[Raw], places: Iterable[int]) -> int:
    return sum(place < len(cells) and isinstance(cells[place], str) and cells[place].strip() != "" for place in places)


def _top(sheet: Sheet, header: int, end: int) -> int:
    """Find the first row of a header further down the sheet, which may take several rows and have a title."""
    top = header
    while top - 1 > end and header - top < _HEADER_ROWS and any(cell not in {"", None} for cell in sheet.rows[top - 2]):
        top -= 1
    return top


def _below(sheet: Sheet, header: int, first: int) -> list[int]:
    """List the rows right below the fullest row of a header that may belong to it: a section heading fills one cell."""
    numbers = range(header + 1, min(first, header + 1 + _BELOW_HEADER))
    return [number for number in numbers if sum(cell not in {"", None} for cell in sheet.rows[number - 1]) > 1]


def _trimmed(cells: Sequence[Raw]) -> list[Raw]:
    """Leave out the blank cells at the end of a row."""
    filled = [place for place, cell in enumerate(cells) if cell is not None and cell != ""]
    return list(cells[: filled[-1] + 1]) if filled else []
