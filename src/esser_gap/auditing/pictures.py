"""Checks of what lies over the cells: texts for people who do not see it, and titles of charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.auditing.elements import children, is_on, text_of, tree_of, whole
from esser_gap.auditing.findings import Spot
from esser_gap.auditing.parts import Relation, of_kind, relations
from esser_gap.read.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from esser_gap.auditing.books import Book, Sheet

_KINDS = {"graphicFrame": "chart", "pic": "picture", "sp": "shape", "grpSp": "group", "cxnSp": "line"}
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_SAYS_NOTHING = re.compile(
    r"(a |an |the )?(chart|diagram|graph|picture|image|figure|photo|graphic|object|shape|rectangle|text ?box|group|line"
    r"|connector|logo|diagramm|bild|grafik|graphique|gráfico|imagen)s?[\s_-]*\d*|.*\.(png|jpe?g|gif|bmp|emf|wmf|svg|tiff?)"
    r"|(a )?(screenshot|picture|image|graph|chart)( of)? (a|the)? ?(chart|graph|table)?",
    re.IGNORECASE,
)
_LEAST_LETTERS = 8
"""Fewer letters say nothing of a chart or picture."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something that lies over the cells.

    Attributes:
        sheet: The sheet.
        place: What and where it is, such as `chart at B12`.
        kind: What it is.
        element: Its element.
        relations: What its drawing refers to.
    """

    sheet: Sheet
    place: str
    kind: str
    element: Element
    relations: Mapping[str, Relation]


def alt_texts(book: Book) -> Iterator[Spot]:
    """Check that charts, pictures and shapes have a text that says what they show."""
    for drawn in _all_drawn(book):
        about = next((each for each in drawn.element.iter("cNvPr")), None)
        if about is None or _is_decorative(about) or _is_text_box(drawn):
            continue
        said = f"{about.get('descr', '')} {about.get('title', '')}".strip()
        if not said:
            yield Spot(drawn.sheet.name, drawn.place, "no alt text")
        elif said == about.get("name") or _SAYS_NOTHING.fullmatch(said) or len(said) < _LEAST_LETTERS:
            yield Spot(drawn.sheet.name, drawn.place, f"the alt text `{said}` says nothing")


def chart_titles(book: Book) -> Iterator[Spot]:
    """Check that charts have a title."""
    for drawn, chart in charts(book):
        if not _has_title(chart):
            yield Spot(drawn.sheet.name, drawn.place, "no title")


def charts(book: Book) -> Iterator[tuple[Drawn, Element]]:
    """Give the charts of a workbook: where each lies, and its part."""
    for drawn in _all_drawn(book):
        for named in drawn.element.iter("chart"):
            relation = drawn.relations.get(named.get("id", ""))
            if relation is not None and not relation.is_outside and relation.target in book.archive:
                yield drawn, tree_of(book.archive, relation.target)


def _has_title(root: Element) -> bool:
    chart = root.find("chart")
    title = None if chart is None else chart.find("title")
    if chart is None or title is None:
        return False
    if text_of(title.find("tx")).strip():
        return True
    # A title without a text of its own shows the name of the only series.
    deleted = chart.find("autoTitleDeleted")
    series = list(chart.iter("ser"))
    return not is_on(deleted) and title.find("tx") is None and len(series) == 1 and series[0].find("tx") is not None


def _all_drawn(book: Book) -> Iterator[Drawn]:
    for sheet in book.sheets:
        for part in of_kind(sheet.relations, "drawing"):
            if part in book.archive:
                related = relations(book.archive, part)
                for anchor in tree_of(book.archive, part):
                    yield from _anchored(sheet, anchor, related)


def _anchored(sheet: Sheet, anchor: Element, related: Mapping[str, Relation]) -> Iterator[Drawn]:
    if anchor.tag not in _ANCHORS:
        return
    start = anchor.find("from")
    where = "" if start is None else f" at {address(_count(start, 'row'), _count(start, 'col'))}"
    for name, kind in _KINDS.items():
        for element in (*children(anchor, name), *(e for c in anchor.iter("Choice") for e in children(c, name))):
            # A frame can hold other things than a chart, such as a table's slicer.
            held = kind if name != "graphicFrame" or next(element.iter("chart"), None) is not None else "object"
            yield Drawn(sheet, f"{held}{where}", kind, element, related)


def _count(start: Element, name: str) -> int:
    return max(0, whole(text_of(start.find(name)).strip()))


def _is_decorative(about: Element) -> bool:
    return any(is_on(each) for each in about.iter("decorative"))


def _is_text_box(drawn: Drawn) -> bool:
    return drawn.kind == "shape" and bool(text_of(drawn.element.find("txBody")).strip())
