"""Checks of colors: contrast of text, and negative numbers that only a color tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.auditing.areas import Box, box_of, boxes_of, touches
from esser_gap.auditing.colors import BLACK, WHITE, Color, contrast, in_hex
from esser_gap.auditing.elements import children, whole
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.number_formats import color_of, section_for, tells_by_color_alone
from esser_gap.read.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from esser_gap.auditing.books import Book, Sheet
    from esser_gap.auditing.cells import Cell
    from esser_gap.auditing.styles import Look

_LEAST, _LEAST_LARGE = 4.5, 3.0


def contrasts(book: Book) -> Iterator[Spot]:
    """Check that text stands out from what is behind it."""
    yield from gathered(noticed for sheet in book.cell_sheets for noticed in _low(book, sheet))
    for sheet in book.cell_sheets:
        yield from _conditional(book, sheet)


def color_alone(book: Book) -> Iterator[Spot]:
    """Check that negative numbers do not look like others but for their color."""
    yield from gathered(
        (sheet.name, cell.address, f"the number format `{sheet.look_of(cell).number_format}`")
        for sheet in book.cell_sheets
        for cell in sheet.grid.cells()
        if cell.kind == "n" and tells_by_color_alone(sheet.look_of(cell).number_format)
    )


def _low(book: Book, sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    styled = [box for table in sheet.tables if _has_style(table) and (box := box_of(table.get("ref", "")))]
    known: dict[tuple[int, Color], str] = {}
    for cell in sheet.grid.cells():
        look = sheet.look_of(cell)
        for ink in _inks(book, cell, look):
            if (cell.look, ink) not in known:
                known[cell.look, ink] = _too_low(ink, look)
            found = known[cell.look, ink]
            # The fill of a table's style is not in its cells.
            if found and (look.behind or not _is_within(cell, styled)):
                yield sheet.name, cell.address, found
                break


def _inks(book: Book, cell: Cell, look: Look) -> Iterator[Color]:
    """Give the colors that a cell is written in."""
    number = cell.number if "[" in look.number_format else None
    named = None if number is None else color_of(section_for(look.number_format, number))
    yield look.font.color if named is None else named
    for font in book.runs.get(cell.shared, ()) if cell.shared is not None else ():
        if font.find("color") is not None:
            yield book.styles.palette.color(font.find("color"), BLACK)


def _too_low(ink: Color, look: Look) -> str:
    """Say how little an ink stands out, blank where it does enough."""
    behind = min(look.behind or (WHITE,), key=lambda color: contrast(ink, color))
    ratio, least = contrast(ink, behind), _LEAST_LARGE if look.font.is_large else _LEAST
    # Two digits, cut and not rounded: 4.496 must not read as 4.5.
    return "" if ratio >= least else f"{int(ratio * 100) / 100:.2f}:1, {in_hex(ink)} on {in_hex(behind)}"


def _conditional(book: Book, sheet: Sheet) -> Iterator[Spot]:
    """Check the colors that conditional formats give to cells, each against what the first cell has."""
    for group in children(sheet.grid.around, "conditionalFormatting"):
        boxes = boxes_of(group.get("sqref", ""))
        if not boxes:
            continue
        first = sheet.grid.at(boxes[0][0], boxes[0][1])
        look = book.styles.look(0 if first is None else first.look)
        for rule in children(group, "cfRule"):
            scale = rule.find("colorScale")
            fills = [book.styles.palette.color(color, WHITE) for color in children(scale, "color")]
            change = book.styles.change(whole(rule.get("dxfId"), -1))
            pairs: list[tuple[Color, Sequence[Color]]] = [(look.font.color, (fill,)) for fill in fills]
            if change is not None and (change.color is not None or change.behind):
                pairs.append((change.color or look.font.color, change.behind or look.behind or (WHITE,)))
            yield from _pairs_too_low(sheet, boxes[0], pairs)


def _pairs_too_low(sheet: Sheet, box: Box, pairs: Iterable[tuple[Color, Sequence[Color]]]) -> Iterator[Spot]:
    for ink, fills in pairs:
        behind = min(fills, key=lambda fill, ink=ink: contrast(ink, fill))  # type: ignore[misc]
        if contrast(ink, behind) < _LEAST:
            ratio = int(contrast(ink, behind) * 100) / 100
            found = f"{ratio:.2f}:1 in a conditional format, {in_hex(ink)} on {in_hex(behind)}"
            yield Spot(sheet.name, address(box[0], box[1]), found)


def _has_style(table: object) -> bool:
    style = table.find("tableStyleInfo")  # type: ignore[attr-defined]
    return style is not None and bool(style.get("name"))


def _is_within(cell: Cell, boxes: Iterable[Box]) -> bool:
    return any(touches((cell.row, cell.column, cell.row, cell.column), box) for box in boxes)
