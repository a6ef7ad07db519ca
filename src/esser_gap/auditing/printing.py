"""Checks of how sheets print: width, size, headings on every page, page numbers, and stray cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from esser_gap.auditing.areas import Box, box_of, header_of
from esser_gap.auditing.books import PRINT_AREA, PRINT_TITLES
from esser_gap.auditing.elements import is_on, real, text_of, whole
from esser_gap.auditing.findings import Spot
from esser_gap.auditing.measures import POINTS_A_PIXEL, Measures
from esser_gap.read.addresses import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.auditing.areas import Area
    from esser_gap.auditing.books import Book, Sheet

_PAPERS = {1: (612, 792), 3: (792, 1224), 5: (612, 1008), 7: (522, 756), 8: (842, 1191), 9: (595, 842), 11: (420, 595)}
"""Points of sheets of paper by their number (ECMA-376, 18.3.1.63): letter, tabloid, legal, executive, A3, A4, A5."""
_LETTER = 1
_SIDE, _TOP = 0.7, 0.75
_POINTS_AN_INCH = 72
_TOLERANCE = 1.03
_SMALLEST = 0.4
_FULL_SCALE = 100
_PAGE_NUMBER = re.compile(r"(?<!&)(?:&&)*&P")
_LAST_COLUMN = 2**14 - 1
_LAST_ROW = 2**20 - 1
_FAR_ROWS, _FAR_COLUMNS = 20, 10
_FEW = 3
_PARTS = re.compile(r"(?:'(?:[^']|'')*'|[^,'])+")


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet is set up to print.

    Attributes:
        box: What is printed.
        wide: Points of the columns that are printed.
        high: Points of the rows that are printed.
        page_wide: Points between the margins.
        page_high: Points between the margins.
        pages_wide: How many pages it is squeezed into side by side; 0 for any number.
        pages_high: The same below each other.
        scale: How much it is enlarged where it is not squeezed.
        is_landscape: Whether the long side is below.
        repeated: What stands again on every page.
    """

    box: Box
    wide: float
    high: float
    page_wide: float
    page_high: float
    pages_wide: int
    pages_high: int
    scale: float
    is_landscape: bool
    repeated: tuple[Box, ...]

    @property
    def zoom(self) -> float:
        """Give how large it is printed, 1 for its own size."""
        if not (self.pages_wide or self.pages_high):
            return self.scale
        zooms = [1.0]
        if self.pages_wide and self.wide:
            zooms.append(self.pages_wide * self.page_wide / self.wide)
        if self.pages_high and self.high:
            zooms.append(self.pages_high * self.page_high / self.high)
        return min(zooms)

    @property
    def is_one_wide(self) -> bool:
        """Tell whether it prints one page wide."""
        return self.pages_wide == 1 or self.wide * self.zoom <= self.page_wide * _TOLERANCE

    @property
    def repeats_columns(self) -> bool:
        """Tell whether columns stand again on every page."""
        return any(box[0] == 0 and box[2] >= _LAST_ROW for box in self.repeated)

    def repeats_row(self, row: int) -> bool:
        """Tell whether a row stands again on every page."""
        return any(box[0] <= row <= box[2] and box[1] == 0 and box[3] >= _LAST_COLUMN for box in self.repeated)


def page_of(sheet: Sheet) -> Page:
    """Say how a sheet that has cells is set up to print."""
    setup, margins, measures = sheet.around("pageSetup"), sheet.around("pageMargins"), Measures(sheet)
    properties = sheet.around("sheetPr")
    about = {} if setup is None else setup.attrib
    edges = {} if margins is None else margins.attrib
    fits = is_on(None if properties is None else properties.find("pageSetUpPr"), "fitToPage", default=False)
    is_landscape = about.get("orientation") == "landscape"
    short, long = _PAPERS.get(whole(about.get("paperSize"), _LETTER), _PAPERS[_LETTER])
    wide, high = (long, short) if is_landscape else (short, long)
    box = _printed(sheet)
    return Page(
        box,
        measures.columns(box[1], box[3]) * POINTS_A_PIXEL,
        measures.rows(box[0], box[2]),
        wide - _POINTS_AN_INCH * (real(edges.get("left"), _SIDE) + real(edges.get("right"), _SIDE)),
        high - _POINTS_AN_INCH * (real(edges.get("top"), _TOP) + real(edges.get("bottom"), _TOP)),
        whole(about.get("fitToWidth"), 1) if fits else 0,
        whole(about.get("fitToHeight"), 1) if fits else 0,
        whole(about.get("scale"), _FULL_SCALE) / _FULL_SCALE,
        is_landscape,
        tuple(_boxes(sheet.names.get(PRINT_TITLES, ""))),
    )


def widths(book: Book) -> Iterator[Spot]:
    """Check that sheets print one page wide, or landscape with their first columns on every page."""
    for sheet in book.cell_sheets:
        page = page_of(sheet)
        if not page.is_one_wide and not (page.is_landscape and page.repeats_columns):
            pages = -(-int(page.wide * page.zoom) // max(int(page.page_wide), 1))
            way = "landscape" if page.is_landscape else "portrait"
            found = f"columns to {letters(page.box[3])} print about {pages} pages wide, {way}"
            yield Spot(sheet.name, "", found)


def sizes(book: Book) -> Iterator[Spot]:
    """Check that sheets are not squeezed until nobody can read them."""
    for sheet in book.cell_sheets:
        page = page_of(sheet)
        if page.zoom < _SMALLEST:
            yield Spot(sheet.name, "", f"prints at about {int(page.zoom * 100)}% of its size")


def headings(book: Book) -> Iterator[Spot]:
    """Check that header rows stand again on every page of a table that is longer than one."""
    for sheet in book.cell_sheets:
        page, measures = page_of(sheet), Measures(sheet)
        if page.pages_high == 1:
            continue
        inside = [area for area in sheet.areas if area.first <= page.box[2]]
        for area in inside:
            # What stands on the sheet alone may begin on the first page and end on the next.
            top = page.box[0] if len(inside) == 1 else area.first
            high = measures.rows(top, min(area.last, page.box[2])) * page.zoom
            if high > page.page_high * _TOLERANCE and not _is_repeated(sheet, page, area):
                found = "a table longer than a page, whose headings are not repeated"
                yield Spot(sheet.name, area.address, found)


def _is_repeated(sheet: Sheet, page: Page, area: Area) -> bool:
    found = header_of(sheet, area)
    return page.repeats_row(area.first if found is None else found[0])


def page_numbers(book: Book) -> Iterator[Spot]:
    """Check that printed pages are numbered."""
    for sheet in book.sheets:
        if sheet.grid.rows or "drawing" in sheet.grid.order:
            said = sheet.around("headerFooter")
            texts = [] if said is None else [text_of(each) for each in said]
            if not any(map(_PAGE_NUMBER.search, texts)):
                yield Spot(sheet.name, "", "no page number in the footer or header")


def stray_cells(book: Book) -> Iterator[Spot]:
    """Check that cells far away from the rest are printed on purpose."""
    for sheet in book.cell_sheets:
        if PRINT_AREA not in sheet.names:
            rows = list(sheet.grid.rows)
            row = _after_gap(rows, _FAR_ROWS)
            if row is not None and sum(len(sheet.grid.rows[r]) for r in rows if r >= row) <= _FEW:
                yield Spot(
                    sheet.name, sheet.grid.rows[row][0].address, f"{row - _before(rows, row) - 1:,} blank rows above"
                )
            columns = sorted({cell.column for cell in sheet.grid.cells()})
            place = _after_gap(columns, _FAR_COLUMNS)
            if place is not None:
                beyond = [cell for cell in sheet.grid.cells() if cell.column >= place]
                if len(beyond) <= _FEW:
                    found = f"{place - _before(columns, place) - 1:,} blank columns beside it"
                    yield Spot(sheet.name, beyond[0].address, found)


def _after_gap(places: Sequence[int], least: int) -> int | None:
    """Give the first place after the last gap that is so long."""
    return next((after for before, after in reversed(list(pairwise(places))) if after - before > least), None)


def _before(places: Sequence[int], place: int) -> int:
    return places[places.index(place) - 1]


def _printed(sheet: Sheet) -> Box:
    last_row = max(sheet.grid.rows, default=0)
    last_column = max((row[-1].column for row in sheet.grid.rows.values()), default=0)
    boxes = list(_boxes(sheet.names.get(PRINT_AREA, ""))) or [(0, 0, last_row, last_column)]
    top, left, bottom, right = (tuple(places) for places in zip(*boxes, strict=True))
    # Whole columns are printed as far as something stands in them.
    return min(top), min(left), max(min(max(bottom), last_row), min(top)), min(max(right), max(last_column, min(left)))


def _boxes(defined: str) -> Iterator[Box]:
    """Read what a name is defined as: ranges with the sheet's name before each, and commas between them."""
    for part in _PARTS.findall(defined):
        box = box_of(part.rpartition("!")[2])
        if box is not None:
            yield box
