"""Texts that call a row a total: `Total`, `Fund 205 Total`, `205 - ESSER III - Total`, `TOTAL ALL FUNDS`."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING

from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.read.values import Raw


class Label(IntEnum):
    """How surely a text calls a row a total."""

    NONE = 0
    NAME = 1
    """It may as well be a name, such as `Total Math Suite`."""
    ENDING = 2
    """It ends like a total, such as `Network Total`, which few names do."""
    TOTAL = 3
    """It names a total and nothing else."""


_SHORT = frozenset({"sum", "sums", "tot", "ttl", "sum total"})
_MAY_SAY = ("tot", "forward", "sum", "ttl")
_FOUND = re.compile(r"\b(?:sub|grand)?[- ]?totals?\b|\b(?:brought|carried) forward\b", re.IGNORECASE)
_KINDS = (
    r"(?:funds?|functions?|objects?|programs?|departments?|dept\.?|divisions?|locations?|sites?|schools?|accounts?"
    r"|projects?|cost cent(?:er|re)s?|categor(?:y|ies)|groups?|sections?|pages?|sheets?|units?|org[a-z]*|years?)"
)
_BEFORE = rf"(?:grand|sub|overall|report|net|running|cumulative|final|combined|all|district|budget|{_KINDS})"
_MONEY = (
    r"(?:all|expenditures?|expenses?|revenues?|appropriations?|requests?|requested|proposed|approved|adopted|amount"
    r"|dollars|budget|budgeted|general fund)"
)
_ENDING = r"\s*[:.]?"
_ONLY = re.compile(
    "|".join(
        (
            rf"(?:.*(?:\s[-\u2013\u2014]|:)\s*)?(?:{_BEFORE}[- ]?)*totals?{_ENDING}",
            r"(?:sub|grand)[- ]?totals?\b.*",
            rf"totals?\s*(?:(?:for|of|by)\b|:|\s[-\u2013\u2014]\s|\(|{_MONEY}\b).*",
            rf"totals?\s+(?:{_KINDS}|costs?|technology)(?:\s*[-#:]?\s*\d.*|{_ENDING})",
            rf"{_KINDS}\b.*\btotals?{_ENDING}",
            rf"\d[\d.-]*\b.*\btotals?{_ENDING}",
            r".*\b(?:brought|carried) forward\b.*",
        )
    ),
    re.IGNORECASE,
)
_ENDS = re.compile(rf"\btotals?{_ENDING}\)?$", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_LEVEL_WORDS = frozenset(
    {
        "total",
        "totals",
        "grand",
        "sub",
        "subtotal",
        "grandtotal",
        "overall",
        "report",
        "net",
        "running",
        "cumulative",
        "final",
        "all",
    }
    | {"district", "fund", "funds", "function", "object", "program", "department", "dept", "division", "location"}
    | {"site", "school", "account", "project", "center", "category", "group", "section", "page", "sheet", "unit"}
    | {"organization", "orgn", "year", "expenditures", "revenue", "budget"}
)


def label_in(row: Sequence[Raw], places: Iterable[int]) -> tuple[int, str]:
    """Give the place and the text of the cell that calls a row a total; -1 and blank when none does.

    Args:
        row: Cells of the row.
        places: Places where a label may stand.
    """
    texts = [(place, row[place]) for place in places if place < len(row) and row[place].__class__ is str]
    # Nearly no row says anything of the kind, and one look at all of it is quicker than one at each cell.
    said = "\n".join([text for _, text in texts]).casefold()
    if not any([word in said for word in _MAY_SAY]):  # noqa: C419 - four looks cost less than a generator
        return -1, ""
    return next(((place, shown(text)) for place, text in texts if text and _says_total(text)), (-1, ""))


def holds_label(cells: Iterable[Raw]) -> bool:
    """Tell whether one of many cells calls its row a total.

    Args:
        cells: Cells of one column.
    """
    texts = [cell for cell in cells if cell.__class__ is str]
    said = "\n".join(texts).casefold()
    return any(word in said for word in _MAY_SAY) and any(map(_says_total, texts))


def _says_total(text: str) -> bool:
    return _FOUND.search(text) is not None or text.casefold().strip(" .:") in _SHORT


def kind_of_label(label: str) -> Label:
    """Tell how surely a text calls a row a total.

    Examples:
        >>> kind_of_label("205 - ESSER III - Total"), kind_of_label("Total Math Suite"), kind_of_label("")
        (<Label.TOTAL: 3>, <Label.NAME: 1>, <Label.NONE: 0>)
    """
    if not label:
        return Label.NONE
    text = label.strip()
    if _ONLY.fullmatch(text) is not None or text.casefold().strip(" .:") in _SHORT:
        return Label.TOTAL
    return Label.ENDING if _ENDS.search(text) is not None else Label.NAME


def words_of(text: str) -> frozenset[str]:
    """Give the words of a text that say what it is about, without those that only call it a total.

    Examples:
        >>> sorted(words_of("Total for Network Services:"))
        ['network', 'services']
    """
    words = _WORD.findall(text.casefold())
    return frozenset(words) - {"total", "totals", "subtotal", "sub", "grand", "for", "of", "the", "and"}


def form_of(label: str) -> tuple[str, ...]:
    """Give the words of a label that totals of one level have in common, `*` for the others.

    Examples:
        >>> form_of("Fund 205 Total"), form_of("1200 - Special Education - Total")
        (('fund', '*', 'total'), ('*', 'total'))
    """
    words = (word if word in _LEVEL_WORDS else "*" for word in _WORD.findall(label.casefold()))
    return tuple(word for word, _ in groupby(words))
