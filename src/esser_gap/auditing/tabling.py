"""Checks of tables: headings, merged cells, blanks inside, and headings that stay in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.auditing.areas import box_of, columns_between, frozen_rows, header_of, touches
from esser_gap.auditing.elements import children
from esser_gap.auditing.findings import Spot
from esser_gap.read.addresses import address, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.areas import Area
    from esser_gap.auditing.books import Book, Sheet

_LONG = 40
"""Rows that a screen shows at once."""
_MANY = 5


def headers(book: Book) -> Iterator[Spot]:
    """Check that every table has a header row with text above every column."""
    for sheet in book.cell_sheets:
        for area in sheet.areas:
            yield from _header(sheet, area)


def _header(sheet: Sheet, area: Area) -> Iterator[Spot]:
    found = header_of(sheet, area)
    if found is None:
        yield Spot(sheet.name, area.address, "no row of the table is marked as its header")
        return
    row, blank = found
    if blank:
        named = ", ".join(letters(place) for place in blank[:_MANY])
        more = f" and {len(blank) - _MANY} more" if len(blank) > _MANY else ""
        columns = "column" if len(blank) == 1 else "columns"
        yield Spot(sheet.name, address(row, blank[0]), f"no heading above {columns} {named}{more}", len(blank))


def merged(book: Book) -> Iterator[Spot]:
    """Check that no cells are merged inside a table."""
    for sheet in book.cell_sheets:
        merges = [each.get("ref", "") for each in children(sheet.around("mergeCells"), "mergeCell")]
        for area in sheet.areas:
            inside = [ref for ref in merges if (box := box_of(ref)) is not None and touches(box, area.box)]
            if inside:
                yield Spot(sheet.name, inside[0], "merged cells inside a table", len(inside))


def spacing(book: Book) -> Iterator[Spot]:
    """Check that no blank row or column stands inside a table."""
    for sheet in book.cell_sheets:
        for area in sheet.areas:
            if area.gaps:
                first = address(area.gaps[0], area.columns[0])
                yield Spot(sheet.name, first, "blank rows inside a table", len(area.gaps))
        for area, place in columns_between(sheet.areas):
            found = f"a blank column {letters(place)} between columns of the same rows"
            yield Spot(sheet.name, address(area.first, place), found)


def in_sight(book: Book) -> Iterator[Spot]:
    """Check that the header row of a long table stays in sight."""
    for sheet in book.cell_sheets:
        if len(sheet.areas) != 1 or sheet.tables:
            # The headings of a table that is defined take the place of the columns' letters.
            continue
        (area,) = sheet.areas
        found = header_of(sheet, area)
        if found is not None and area.last - found[0] > _LONG and frozen_rows(sheet) <= found[0]:
            yield Spot(
                sheet.name, address(found[0], area.columns[0]), f"{area.last - found[0]:,} rows below the header"
            )
