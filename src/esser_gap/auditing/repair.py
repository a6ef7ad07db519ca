"""Checks of what Excel offers to repair: parts that are missing, out of order or do not agree with each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.auditing.areas import Box, box_of, touches
from esser_gap.auditing.elements import children, text_of, tree_of
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.part_order import SEVERAL, STYLES, WORKBOOK, WORKSHEET
from esser_gap.auditing.parts import of_kind
from esser_gap.read.xlsx_marks import BOOK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esser_gap.auditing.books import Book, Sheet
    from esser_gap.auditing.parts import Relation

_TYPES = "[Content_Types].xml"
_LONGEST_NAME, _LONGEST_TEXT, _LONGEST_FOOTER = 31, 32_767, 255
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")


def repairs(book: Book) -> Iterator[Spot]:
    """Check that nothing in the file makes Excel offer to repair it."""
    yield from _order("", BOOK, [each.tag for each in book.root], WORKBOOK)
    for part in of_kind(book.relations, "styles"):
        if part in book.archive:
            yield from _order("", part, [each.tag for each in tree_of(book.archive, part)], STYLES)
    yield from _untyped(book)
    yield from _missing(book, "", book.relations)
    yield from _names(book)
    for sheet in book.sheets:
        if sheet.is_cells:
            yield from _order(sheet.name, sheet.part, sheet.grid.order, WORKSHEET)
        yield from _missing(book, sheet.name, sheet.relations)
        yield from _sheet(book, sheet)


def _sheet(book: Book, sheet: Sheet) -> Iterator[Spot]:
    if sheet.grid.disordered:
        yield Spot(sheet.name, sheet.grid.disordered, "cells stand out of order")
    yield from gathered((sheet.name, place, found) for place, found in _cells(book, sheet))
    yield from _merges(sheet)
    yield from _tables(sheet)
    for each in sheet.around("headerFooter") or ():
        if len(text_of(each)) > _LONGEST_FOOTER:
            yield Spot(sheet.name, each.tag, f"more than {_LONGEST_FOOTER} characters")


def _order(sheet: str, part: str, found: Sequence[str], order: Sequence[str]) -> Iterator[Spot]:
    """Check that elements stand in the order of the standard, each once."""
    known = [name for name in found if name in order]
    last = -1
    for place, name in enumerate(known):
        if order.index(name) < last:
            yield Spot(sheet, part, f"`{name}` stands after `{known[place - 1]}`")
            return
        if order.index(name) == last and name not in SEVERAL:
            yield Spot(sheet, part, f"`{name}` stands there twice")
            return
        last = order.index(name)


def _untyped(book: Book) -> Iterator[Spot]:
    """Check that every part says of what kind it is."""
    if _TYPES not in book.archive:
        yield Spot("", _TYPES, "it is missing")
        return
    root = tree_of(book.archive, _TYPES)
    endings = {each.get("Extension", "").casefold() for each in children(root, "Default")}
    parts = {each.get("PartName", "").lstrip("/").casefold() for each in children(root, "Override")}
    for name in book.archive.names:
        is_typed = name.rpartition(".")[2].casefold() in endings or name.lstrip("/").casefold() in parts
        if not is_typed and name != _TYPES and not name.endswith("/"):
            yield Spot("", name, f"its kind is not listed in {_TYPES}")


def _missing(book: Book, sheet: str, related: Mapping[str, Relation]) -> Iterator[Spot]:
    for relation in related.values():
        if not relation.is_outside and relation.target not in book.archive and relation.kind != "hyperlink":
            yield Spot(sheet, relation.target, "the part is missing")


def _names(book: Book) -> Iterator[Spot]:
    seen: set[str] = set()
    for sheet in book.sheets:
        name = sheet.name
        if name.casefold() in seen:
            yield Spot(name, "", "two sheets have this name")
        seen.add(name.casefold())
        if not name or len(name.encode("utf-16-le")) // 2 > _LONGEST_NAME or _NOT_IN_NAMES.search(name):
            yield Spot(
                name, "", f"a name that Excel does not take: at most {_LONGEST_NAME} characters, none of []:*?/\\"
            )
        if not sheet.part:
            yield Spot(name, "", "the sheet has no part")


def _cells(book: Book, sheet: Sheet) -> Iterator[tuple[str, str]]:
    for cell in sheet.grid.cells():
        if cell.look and cell.look >= len(book.styles):
            yield cell.address, "its look is not among the styles"
        if cell.kind == "s" and cell.value is None:
            yield cell.address, "its text is not among the shared ones"
        if cell.is_text and len(cell.value or "") * 2 > _LONGEST_TEXT and _units(cell.value or "") > _LONGEST_TEXT:
            yield cell.address, f"more than {_LONGEST_TEXT:,} characters"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _merges(sheet: Sheet) -> Iterator[Spot]:
    """Check that merged ranges neither share cells nor lie over a table."""
    written = [each.get("ref", "") for each in children(sheet.around("mergeCells"), "mergeCell")]
    boxes = sorted((box, ref) for ref in written if (box := box_of(ref)) is not None)
    open_ones: list[Box] = []
    for box, ref in boxes:
        open_ones = [other for other in open_ones if other[2] >= box[0]]
        if any(touches(box, other) for other in open_ones):
            yield Spot(sheet.name, ref, "merged cells lie over other merged cells")
            return
        open_ones.append(box)
    tables = [box for table in sheet.tables if (box := box_of(table.get("ref", ""))) is not None]
    for box, ref in boxes:
        if any(touches(box, table) for table in tables):
            yield Spot(sheet.name, ref, "merged cells lie over a table")


def _tables(sheet: Sheet) -> Iterator[Spot]:
    """Check that the headings of tables are those that stand in their cells."""
    for table in sheet.tables:
        box = box_of(table.get("ref", ""))
        named = [each.get("name", "") for each in children(table.find("tableColumns"), "tableColumn")]
        place = f"table {table.get('displayName', '')}"
        if box is None or len(named) != box[3] - box[1] + 1:
            yield Spot(sheet.name, place, "it has not as many columns as its range")
        elif len({name.casefold() for name in named}) != len(named):
            yield Spot(sheet.name, place, "two of its columns have one name")
        elif table.get("headerRowCount", "1") != "0":
            cells = {cell.column: cell.value or "" for cell in sheet.grid.rows.get(box[0], ())}
            shown = [cells.get(column, "") for column in range(box[1], box[3] + 1)]
            if [_plain(text) for text in shown] != [_plain(name) for name in named]:
                yield Spot(sheet.name, place, "its columns are not named as its header row says")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"_x000[aAdD]_", " ", text).split())
