"""Checks of names: the document's title and language, and what the sheets are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.auditing.findings import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.auditing.books import Book

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_UNNAMED_TITLE = re.compile(r"(book|workbook|untitled|document|mappe|classeur|libro)\s*\d*(\.xls[xm]?)?", re.IGNORECASE)
_UNNAMED_SHEET = re.compile(
    r"(sheet|table|chart|tabelle|tabellenblatt|feuille?|hoja|foglio|blad|planilha|arkusz|list|лист|シート|工作表)"
    r"\s*\d*(\s*\(\d+\))?",
    re.IGNORECASE,
)
"""What programs call a sheet that nobody named, in the languages they are sold in most."""


def title(book: Book) -> Iterator[Spot]:
    """Check that the properties have a title that says something."""
    said = book.properties.get("title", "")
    if not said:
        yield Spot("", "properties", "no title")
    elif _UNNAMED_TITLE.fullmatch(said):
        yield Spot("", "properties", f"the title `{said}` says nothing")


def language(book: Book) -> Iterator[Spot]:
    """Check that the properties say the language."""
    said = book.properties.get("language", "")
    if not said:
        yield Spot("", "properties", "no language")
    elif not _LANGUAGE.fullmatch(said):
        yield Spot("", "properties", f"`{said}` names no language")


def sheet_names(book: Book) -> Iterator[Spot]:
    """Check that sheets have names that somebody gave them."""
    for sheet in book.sheets:
        # A sheet without anything on it is still read out.
        if _UNNAMED_SHEET.fullmatch(sheet.name.strip()):
            yield Spot(sheet.name, "", f"`{sheet.name}` is the name that a program gave it")
