"""Random budget books: groups in groups of rows, with totals at every level, over one sheet or several."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Draw = Callable[..., Any]

KEYS = ("Fund", "Function", "Account", "Description")
FIGURES = ("2021-22 Actual", "2022-23 Budget", "2023-24 Proposed", "FTE")
FIELDS = ("Name", "Category", "Kind", "Annual cost", "Last year", "Year before", "FTE paid")
_LABELS = {
    1: (
        "Subtotal",
        "Sub-total",
        "Total:",
        "Total for {name}",
        "{name} - Total",
        "Function {code} Total",
        "{name} Total",
    ),
    2: ("Department Total", "Total for Department {code}", "{code} - {name} - Total", "TOTAL DEPARTMENT {code}"),
    3: ("Fund {code} Total", "{code} - ESSER III - Total", "Total Fund {code}"),
    4: ("Grand Total", "Grand Total:", "TOTAL ALL FUNDS", "Overall - Total", "Total expenditures"),
}
_NAMES = ("Instruction", "Network", "Media", "Testing", "Transport")
_THINGS = ("Web filter", "Total Math Suite", "Laptops", "Switches", "Reading", "Phones", "Cameras")


@dataclass(frozen=True)
class Line:
    """A row of the book.

    Attributes:
        kind: row, total or text (also a blank row and what a page repeats).
        cells: What is written.
        amounts: Its figures.
        covers: How many rows a total covers.
        level: Level of a total.
        parts: For a total, the figures of the rows it covers.
    """

    kind: str
    cells: tuple[Any, ...]
    amounts: tuple[Decimal, ...] = ()
    covers: int = 0
    level: int = 0
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Book:
    """A book of sheets.

    Attributes:
        sheets: Lines by sheet name, below titles and a header.
        head: The header.
        titles: Rows above it.
        width: How many columns hold figures.
        first: Place of the first of them.
        is_filled_down: Whether keys only stand in the first row of a group.
    """

    sheets: dict[str, list[Line]]
    head: tuple[str, ...]
    titles: tuple[tuple[Any, ...], ...]
    width: int
    first: int
    is_filled_down: bool = False

    def lines(self) -> Iterator[tuple[str, int, Line]]:
        """Give each line with its sheet and its row number."""
        for name, lines in self.sheets.items():
            for number, line in enumerate(lines, len(self.titles) + 2):
                yield name, number, line

    def rows(self) -> list[tuple[str, int, Line]]:
        return [each for each in self.lines() if each[2].kind == "row"]

    def totals(self) -> list[tuple[str, int, Line]]:
        return [each for each in self.lines() if each[2].kind == "total"]

    def write(self, folder: Path, ending: str) -> Path:
        """Write it as a spreadsheet."""
        tables = {
            name: [*map(list, self.titles), list(self.head), *(list(line.cells) for line in lines)]
            for name, lines in self.sheets.items()
        }
        if ending == "xlsx":
            return write_xlsx(folder / "book.xlsx", tables)
        (rows,) = tables.values()
        path = folder / "book.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([["" if cell is None else _written(cell) for cell in row] for row in rows])
        return path

    def with_total(self, sheet: str, number: int, amounts: tuple[Decimal, ...]) -> Book:
        """Give the book with another amount in a total."""
        place = number - len(self.titles) - 2
        line = self.sheets[sheet][place]
        cells = (*line.cells[: self.first], *map(float, amounts))
        lines = [*self.sheets[sheet]]
        lines[place] = replace(line, cells=cells, amounts=amounts)
        return replace(self, sheets={**self.sheets, sheet: lines})


def _written(cell: Any) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"(${-cell:,.2f})" if cell < 0 else f"{cell:,.2f}"


@dataclass
class _Making:
    draw: Draw
    width: int
    first: int
    has_total: dict[int, bool]
    labels: dict[int, str | None]
    place: int
    make_row: Callable[[_Making, int], tuple[Any, ...]]
    amounts: Any
    rows: int = 0
    groups: int = 0
    lines: list[Line] = field(default_factory=list)
    noise: tuple[tuple[Any, ...], ...] = ()

    def between(self) -> None:
        """Put something between two rows, now and then."""
        if self.draw(st.integers(0, 5)) == 0:
            self.lines.append(Line("text", self.draw(st.sampled_from([(), *self.noise]))))

    def group(self, level: int) -> tuple[tuple[Decimal, ...], int]:
        """Add a group of rows, or of groups, and its total; gives what its rows add up to and how many they are."""
        self.groups += 1
        name, code = _NAMES[self.groups % len(_NAMES)], 200 + self.groups
        if level < 4 and self.draw(st.booleans()):
            self.lines.append(Line("text", (f"{code} {name}",)))
        sums, count = tuple([Decimal(0)] * self.width), 0
        for _ in range(self.draw(st.integers(1, 4 if level == 1 else 2))):
            added, rows = self.row() if level == 1 else self.group(level - 1)
            sums, count = tuple(map(Decimal.__add__, sums, added)), count + rows
        if self.has_total[level]:
            self.between()
            cells: list[Any] = [None] * self.first
            # A total of one row that does not call itself one cannot be told from a row.
            label = self.labels[level] or (None if count > 1 else _LABELS[level][0])
            if label is not None:
                cells[self.place] = label.format(name=name, code=code)
            self.lines.append(Line("total", (*cells, *map(float, sums)), sums, count, level))
        return sums, count

    def row(self) -> tuple[tuple[Decimal, ...], int]:
        self.between()
        self.rows += 1
        amounts = tuple(self.draw(self.amounts) for _ in range(self.width))
        if _THINGS[self.rows % len(_THINGS)].startswith("Total"):
            # By chance it could come to what rows above it come to, and then it is asked about.
            amounts = tuple(Decimal(10**8 * (n + 1) + self.rows) for n in range(self.width))
        self.lines.append(Line("row", (*self.make_row(self, self.groups), *map(float, amounts)), amounts))
        return amounts, 1


_CENTS = st.integers(1, 10**8) | st.integers(-(10**6), 10**7)
AMOUNTS = st.one_of(_CENTS, _CENTS, st.just(0)).map(lambda cents: Decimal(cents) / 100)


def _account_row(making: _Making, group: int) -> tuple[Any, ...]:
    thing = _THINGS[making.rows % len(_THINGS)]
    return str(200 + group // 3), _NAMES[group % len(_NAMES)], f"{group}-{making.rows:03d}", f"{thing} {making.rows}"


def _field_row(making: _Making, _: int) -> tuple[Any, ...]:
    return f"{_THINGS[making.rows % len(_THINGS)]} {making.rows}", "software", "recurring"


def _labels(draw: Draw, has_total: dict[int, bool], *, named: bool) -> dict[int, str | None]:
    labels: dict[int, str | None] = {}
    for level in has_total:
        labels[level] = draw(st.sampled_from([*_LABELS[level], *([] if named else [None])]))
    return labels


@st.composite
def books(draw: Draw, *, with_fields: bool = False, named: bool = False) -> Book:
    """Make a book whose totals all add up; with a header of field names, or of a budget by account."""
    levels = draw(st.integers(1, 4))
    width = draw(st.integers(1, 4))
    keys = FIELDS[:3] if with_fields else KEYS
    head = (*keys, *(FIELDS[3:] if with_fields else FIGURES)[:width])
    titles: tuple[tuple[Any, ...], ...] = (("Cedar Valley USD",), ("Proposed budget", None, None, "Page 1"))
    titles = titles[: draw(st.integers(0, 2))]
    has_total = {level: draw(st.booleans()) for level in range(1, levels + 1)}
    has_total[draw(st.integers(1, levels))] = True
    page = [(*row[:3], "Page 7") if len(row) > 3 else row for row in titles]
    making = _Making(
        draw,
        width,
        len(keys),
        has_total,
        _labels(draw, has_total, named=named),
        0 if with_fields else draw(st.sampled_from([0, 3])),
        _field_row if with_fields else _account_row,
        AMOUNTS,
        noise=(head, ("* unaudited",), *page),
    )
    sheets: dict[str, list[Line]] = {}
    tops = 1 if with_fields else draw(st.integers(1, 6))
    for n in range(tops):
        making.lines = []
        making.group(levels)
        sheets[f"Part {n + 1}" if not with_fields else "Commitments"] = making.lines
    if draw(st.booleans()):
        sheets = {"Part 1": [line for lines in sheets.values() for line in lines]} if not with_fields else sheets
    is_filled_down = not with_fields and draw(st.booleans())
    book = Book(sheets, head, titles, width, len(keys), is_filled_down)
    return _filled_once(book) if is_filled_down else book


def _filled_once(book: Book) -> Book:
    """Leave keys blank that stand in the row above, too."""
    sheets = {}
    for name, lines in book.sheets.items():
        last: tuple[Any, ...] = ()
        changed = []
        for line in lines:
            if line.kind == "row":
                keys = tuple(None if last and cell == last[p] else cell for p, cell in enumerate(line.cells[:2]))
                last = line.cells
                changed.append(replace(line, cells=(*keys, *line.cells[2:])))
            else:
                changed.append(line)
        sheets[name] = changed
    return replace(book, sheets=sheets)
