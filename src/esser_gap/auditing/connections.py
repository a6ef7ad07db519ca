"""Checks of what a workbook brings along: other files, queries, programs, and what it hides or locks."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from esser_gap.auditing.elements import YES, is_on, tree_of
from esser_gap.auditing.findings import Spot, gathered
from esser_gap.auditing.functions import names_other_file
from esser_gap.auditing.parts import relations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.books import Book

_CONNECTIONS = re.compile(r"/?xl/(connections\.xml|queryTables/.*|volatileDependencies\.xml|model/.*)", re.IGNORECASE)
_PROGRAMS = {
    "macros": re.compile(r".*vbaProject\.bin|/?xl/macrosheets/.*", re.IGNORECASE),
    "controls that run code": re.compile(r"/?xl/activeX/[^/]*\.(xml|bin)", re.IGNORECASE),
    "embedded files": re.compile(r"/?xl/embeddings/.*", re.IGNORECASE),
}
_CUSTOM_DATA = re.compile(r"/?customXml/item\d+\.xml", re.IGNORECASE)
_QUERIES = b"DataMashup"
_EXTERNAL = "external"


def external_links(book: Book) -> Iterator[Spot]:
    """Check that nothing refers to another file."""
    for name in book.archive.names:
        part = _part_of(name)
        if part is not None:
            for relation in relations(book.archive, part).values():
                if relation.is_outside and relation.kind != "hyperlink":
                    yield Spot("", part, f"it refers to `{relation.target}`")
    for relation in book.relations.values():
        if relation.kind == "externalLink" and relation.target in book.archive:
            for link in tree_of(book.archive, relation.target):
                if link.tag in {"ddeLink", "oleLink"}:
                    asked = link.get("ddeService") or link.get("progId") or "another program"
                    yield Spot("", relation.target, f"it asks `{asked}` for data")
    yield from gathered(
        (sheet.name, cell.address, "a formula that refers to another file")
        for sheet in book.cell_sheets
        for cell in sheet.grid.cells()
        if cell.formula and names_other_file(cell.formula)
    )


def data_connections(book: Book) -> Iterator[Spot]:
    """Check that the workbook loads nothing from a database, a web page or a query."""
    for name in book.archive.names:
        if _CONNECTIONS.fullmatch(name):
            yield Spot("", name, "a connection to data outside")
        elif _CUSTOM_DATA.fullmatch(name) and _has_queries(book, name):
            yield Spot("", name, "queries (Power Query)")
        elif "/pivotCache/" in f"/{name}" and "Definition" in name and name.endswith(".xml"):
            source = tree_of(book.archive, name).find("cacheSource")
            if source is not None and source.get("type") == _EXTERNAL:
                yield Spot("", name, "a pivot table of data outside")


def _has_queries(book: Book, part: str) -> bool:
    content = book.archive.read(part)
    return _QUERIES in content.replace(b"\0", b"")


def macros(book: Book) -> Iterator[Spot]:
    """Check that the workbook holds no macros and no embedded programs."""
    for what, pattern in _PROGRAMS.items():
        names = [name for name in book.archive.names if pattern.fullmatch(name)]
        if names:
            yield Spot("", names[0], what, len(names))
    for each in book.root.iter("definedName"):
        if each.get("xlm") in YES or (each.get("function") in YES and each.get("vbProcedure") in YES):
            yield Spot("", f"name {each.get('name', '')}", "a macro of old Excel")


def hidden_sheets(book: Book) -> Iterator[Spot]:
    """Check that no sheet is hidden."""
    for sheet in book.sheets:
        if sheet.state != "visible":
            yield Spot(sheet.name, "", "very hidden" if sheet.state == "veryHidden" else "hidden")


def protection(book: Book) -> Iterator[Spot]:
    """Check that neither the workbook nor a sheet is protected."""
    locked = book.root.find("workbookProtection")
    if locked is not None and is_on(locked, "lockStructure", default=False):
        yield Spot("", "workbook", "its sheets cannot be added, moved or shown")
    for sheet in book.sheets:
        if is_on(sheet.around("sheetProtection"), "sheet", default=False):
            yield Spot(sheet.name, "", "protected")


def _part_of(name: str) -> str | None:
    """Name the part that a list of relations belongs to; None for anything else."""
    folder, file = posixpath.split(name)
    if posixpath.basename(folder) != "_rels" or not file.endswith(".rels"):
        return None
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
