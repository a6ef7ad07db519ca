"""A workbook as an auditor sees it: its properties, its sheets with their cells, and what stands on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from esser_gap.auditing.areas import Area, areas_of
from esser_gap.auditing.cells import Grid, TooManyCellsError, read_grid
from esser_gap.auditing.elements import Handler, children, parse, text_of, tree_of, whole
from esser_gap.auditing.parts import Relation, of_kind, relations
from esser_gap.auditing.styles import Styles
from esser_gap.read.refusals import too_many_filled
from esser_gap.read.xlsx_marks import BOOK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from esser_gap.auditing.cells import Cell
    from esser_gap.auditing.styles import Look
    from esser_gap.read.archives import Archive

PRINT_TITLES, PRINT_AREA = "_xlnm.Print_Titles", "_xlnm.Print_Area"


@dataclass
class Sheet:
    """One sheet.

    Attributes:
        name: Its name.
        part: Name of its part.
        state: `visible`, `hidden` or `veryHidden`.
        is_cells: Whether it has cells; others are charts or dialogs.
        grid: Its cells and what stands around them.
        relations: What it refers to.
        styles: How the cells of the workbook look.
        tables: The tables on it, each as it is defined.
        names: What names with a meaning are defined as for it, such as the print titles.
    """

    name: str
    part: str
    state: str
    is_cells: bool
    grid: Grid
    relations: Mapping[str, Relation]
    styles: Styles
    tables: tuple[Element, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def areas(self) -> list[Area]:
        """Find the tables among its cells, whether they are defined as tables or not."""
        return areas_of(self)

    def look_of(self, cell: Cell) -> Look:
        """Give the look of one of its cells."""
        return self.styles.look(cell.look)

    def around(self, name: str) -> Element | None:
        """Give a part of the sheet that is no cell, such as `pageSetup`."""
        return self.grid.around.find(name)


@dataclass
class Book:
    """One workbook.

    Attributes:
        archive: Its parts.
        root: The part that lists the sheets.
        relations: What that refers to.
        sheets: The sheets, in order.
        styles: How cells look.
        texts: Texts that cells share.
        runs: Fonts of the pieces of those texts that have several, by the number of the text.
        properties: Title, language and others, by name.
    """

    archive: Archive
    root: Element
    relations: Mapping[str, Relation]
    sheets: list[Sheet]
    styles: Styles
    texts: list[str]
    runs: Mapping[int, list[Element]]
    properties: Mapping[str, str]

    @property
    def cell_sheets(self) -> list[Sheet]:
        """Give the sheets that have cells and hold something."""
        return [sheet for sheet in self.sheets if sheet.is_cells and sheet.grid.rows]


def open_book(path: Path, archive: Archive) -> Book:
    """Read a workbook.

    Args:
        path: The file, for refusals.
        archive: Its parts.

    Raises:
        InputError: When it would take too much memory.
        DamagedError: When a part is damaged.
    """
    root, related = tree_of(archive, BOOK), relations(archive, BOOK)
    texts = _Texts()
    for part in _there(archive, of_kind(related, "sharedStrings")):
        parse(archive.chunks(part), texts)
    styles = Styles(_first(archive, of_kind(related, "styles")), _first(archive, of_kind(related, "theme")))
    book = Book(archive, root, related, [], styles, texts.texts, texts.runs, _properties(archive))
    names = _names(root)
    for place, each in enumerate(children(root.find("sheets"), "sheet")):
        book.sheets.append(_sheet(path, book, each, names.get(place, {})))
    return book


def _sheet(path: Path, book: Book, listed: Element, names: Mapping[str, str]) -> Sheet:
    archive, relation = book.archive, book.relations.get(listed.get("id", ""))
    part = "" if relation is None or relation.is_outside else relation.target
    is_cells = relation is not None and relation.kind == "worksheet"
    sheet = Sheet(
        listed.get("name", ""), part, listed.get("state", "visible"), is_cells, Grid(), {}, book.styles, names=names
    )
    if part not in archive:
        return sheet
    try:
        # A sheet of another kind is read in the same way and has no cells.
        sheet.grid = read_grid(archive, part, book.texts)
    except TooManyCellsError:
        raise too_many_filled(path, sheet.name) from None
    sheet.relations = relations(archive, part)
    sheet.tables = tuple(tree_of(archive, table) for table in _there(archive, of_kind(sheet.relations, "table")))
    return sheet


def _names(root: Element) -> dict[int, dict[str, str]]:
    """Give the names that are defined for a sheet, by the sheet's place."""
    found: dict[int, dict[str, str]] = {}
    for each in children(root.find("definedNames"), "definedName"):
        if each.get("localSheetId") is not None:
            found.setdefault(whole(each.get("localSheetId"), -1), {})[each.get("name", "")] = text_of(each)
    return found


def _properties(archive: Archive) -> dict[str, str]:
    parts = of_kind(relations(archive, ""), "core-properties")
    root = _first(archive, parts)
    return {} if root is None else {each.tag: text_of(each).strip() for each in root}


def _first(archive: Archive, parts: list[str]) -> Element | None:
    return next((tree_of(archive, part) for part in _there(archive, parts)), None)


def _there(archive: Archive, parts: list[str]) -> list[str]:
    return [part for part in parts if part in archive]


class _Texts(Handler):
    """Takes the texts that cells share, with the fonts of their runs."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.runs: dict[int, list[Element]] = {}
        self._pieces: list[str] = []
        self._is_text = False
        self._phonetic = 0
        self._run: Element | None = None

    def start(self, name: str, about: Mapping[str, str]) -> None:
        """Take the start of an element."""
        if name == "si":
            self._pieces = []
        elif name == "t":
            self._is_text = True
        elif name == "rPh":
            self._phonetic += 1
        elif name == "rPr":
            self._run = Element("font")
            self.runs.setdefault(len(self.texts), []).append(self._run)
        elif self._run is not None:
            self._run.append(Element(name, dict(about)))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "si":
            self.texts.append("".join(self._pieces))
        elif name == "t":
            self._is_text = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "rPr":
            self._run = None

    def text(self, text: str) -> None:
        """Take text."""
        if self._is_text and not self._phonetic:
            self._pieces.append(text)
