"""The cells of a sheet as they stand in the file, read bit by bit: what each holds, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from esser_gap.auditing.elements import YES, Handler, Tree, parse, real, whole
from esser_gap.read.addresses import address, column
from esser_gap.read.refusals import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esser_gap.read.archives import Archive

MAX_FILLED = 5_000_000
"""Cells that hold something, of one sheet; they take about 150 bytes each."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW, _LAST_COLUMN = 2**20, 2**14


class TooManyCellsError(Exception):
    """A sheet has more cells than are audited."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something; rows and columns count from 0.

    Attributes:
        row: Its row.
        column: Its column.
        kind: How its value is stored: `s` and `inlineStr` and `str` are text, `b` yes or no, `e` an error, `n` a
            number, `d` a day.
        look: The number of its look.
        value: What is stored, text as it reads; None where nothing is.
        formula: Its formula without the equals sign, None without one; blank where another cell has it.
        shared: The number of its text among those that cells share, None for others.
    """

    row: int
    column: int
    kind: str
    look: int
    value: str | None
    formula: str | None = None
    shared: int | None = None

    @property
    def is_text(self) -> bool:
        """Tell whether it holds text."""
        return self.kind in {"s", "str", "inlineStr"}

    @property
    def number(self) -> float | None:
        """Give the number that it holds, None for anything else."""
        if self.kind != "n" or not self.value:
            return None
        try:
            return float(self.value)
        except ValueError:
            return None

    @property
    def address(self) -> str:
        """Give its address, such as `B4`."""
        return address(self.row, self.column)


@dataclass(slots=True)
class Grid:
    """The cells of a sheet that hold something, and everything that stands around them.

    Attributes:
        rows: Cells by row, in the order of their columns.
        heights: Points of rows that say how high they are.
        fixed_rows: Rows that keep their height whatever stands in them.
        hidden_rows: Rows that are hidden.
        around: Everything but the cells, as a tree.
        order: Names of the elements right below the root, in order.
        disordered: Address of the first cell that stands out of order, blank where none does.
    """

    rows: dict[int, list[Cell]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    fixed_rows: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    around: Element = field(default_factory=lambda: Element("worksheet"))
    order: list[str] = field(default_factory=list)
    disordered: str = ""

    def cells(self) -> Iterator[Cell]:
        """Give all cells, row by row."""
        for row in self.rows.values():
            yield from row

    def at(self, row: int, place: int) -> Cell | None:
        """Give the cell at a place, None where nothing stands."""
        return next((cell for cell in self.rows.get(row, ()) if cell.column == place), None)


def read_grid(archive: Archive, part: str, texts: Sequence[str]) -> Grid:
    """Read the cells of a sheet.

    Args:
        archive: The workbook.
        part: Name of the sheet's part.
        texts: Texts that cells share, in order.

    Raises:
        InputError: When it would take too much memory.
        DamagedError: When it is damaged.
        TooManyCellsError: When it has too many cells.
    """
    reader = _Reader(texts)
    parse(archive.chunks(part), reader)
    return reader.grid


class _Reader(Handler):
    """Takes cells one by one and builds a tree of the rest."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._tree = Tree()
        self._found = Grid()
        self._depth = 0
        self._is_in_cells = False
        self._row, self._next_row, self._next_column = -1, 0, 0
        self._about: Mapping[str, str] = {}
        self._place = (0, 0)
        self._formula: list[str] | None = None
        self._value: list[str] | None = None
        self._taking: list[str] | None = None
        self._phonetic = 0
        self._filled = 0

    @property
    def grid(self) -> Grid:
        """Give what was found, once everything was taken."""
        self._found.around = self._tree.root()
        return self._found

    def start(self, name: str, about: Mapping[str, str]) -> None:
        """Take the start of an element."""
        self._depth += 1
        if self._is_in_cells:
            self._start_in_cells(name, about)
            return
        if self._depth == len(("worksheet", "part")):
            self._found.order.append(name)
        if name == "sheetData":
            self._is_in_cells = True
            return
        self._tree.start(name, about)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._depth -= 1
        if not self._is_in_cells:
            self._tree.end(name)
        elif name == "sheetData":
            self._is_in_cells = False
        else:
            self._end_in_cells(name)

    def text(self, text: str) -> None:
        """Take text."""
        if not self._is_in_cells:
            self._tree.text(text)
        elif self._taking is not None and not self._phonetic:
            self._taking.append(text)

    def _start_in_cells(self, name: str, about: Mapping[str, str]) -> None:
        if name == "c":
            self._start_cell(about)
        elif name in {"v", "t"}:
            # Inline text comes in runs.
            self._value = self._value if self._value is not None else []
            self._taking = self._value
        elif name == "f":
            self._formula = self._taking = []
        elif name == "row":
            self._start_row(about)
        elif name == "rPh":
            self._phonetic += 1

    def _end_in_cells(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name in {"v", "t", "f"}:
            self._taking = None
        elif name == "rPh":
            self._phonetic -= 1

    def _start_row(self, about: Mapping[str, str]) -> None:
        row = whole(about.get("r"), self._next_row + 1) - 1
        if not 0 <= row < _LAST_ROW:
            raise DamagedError
        if row <= self._row and not self._found.disordered:
            self._found.disordered = address(row, 0)
        self._row, self._next_row, self._next_column = row, row + 1, 0
        if "ht" in about:
            self._found.heights[row] = real(about["ht"])
        if about.get("customHeight") in YES:
            self._found.fixed_rows.add(row)
        if about.get("hidden") in YES:
            self._found.hidden_rows.add(row)

    def _start_cell(self, about: Mapping[str, str]) -> None:
        row, place = max(self._row, 0), self._next_column
        if "r" in about:
            found = _ADDRESS.fullmatch(about["r"].upper())
            if found is None:
                raise DamagedError
            row, place = int(found[2]) - 1, column(found[1])
        if place >= _LAST_COLUMN or row >= _LAST_ROW:
            raise DamagedError
        if (place < self._next_column or row != self._row) and not self._found.disordered:
            self._found.disordered = address(row, place)
        self._next_column = place + 1
        self._about, self._place = about, (row, place)
        self._formula = self._value = None

    def _end_cell(self) -> None:
        if self._value is None and self._formula is None:
            return
        self._filled += 1
        if self._filled > MAX_FILLED:
            raise TooManyCellsError
        kind, value = self._about.get("t", "n"), None if self._value is None else "".join(self._value)
        shared = whole(value, -1) if kind == "s" else None
        if shared is not None:
            value = self._texts[shared] if 0 <= shared < len(self._texts) else None
        formula = None if self._formula is None else "".join(self._formula)
        row, place = self._place
        cell = Cell(row, place, kind, whole(self._about.get("s")), value, formula, shared)
        # A cell with blank text shows nothing.
        if value or formula is not None or (shared is not None and value is None):
            self._found.rows.setdefault(row, []).append(cell)
