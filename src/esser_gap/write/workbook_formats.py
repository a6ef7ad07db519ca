"""How cells look: one format for each meaning, readable in black and white."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from esser_gap.view.table import Cell, Heading, RowStyle, Show

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.format import Format  # noqa: TID251

INK = "#1F2933"
"""Text; 14:1 against white, 12:1 against the fill of headers."""
HEADER_FILL = "#E4E9F0"
TOTAL_FILL = "#F3F5F8"
RULE = "#9AA5B1"
LINK = "#0B4F8A"
"""Links; 8:1 against white, and underlined."""

_ZERO = '"\N{EN DASH}"_)'
_DOLLARS = f"#,##0_);-#,##0_);{_ZERO}"
_DOLLARS_MISSING = f"(#,##0);-#,##0_);{_ZERO}"
_CENTS = f"#,##0.00_);-#,##0.00_);{_ZERO}"
_CENTS_MISSING = f"(#,##0.00);-#,##0.00_);{_ZERO}"

_NUMBER_FORMATS = {
    (Show.DOLLARS, False): _DOLLARS,
    (Show.DOLLARS, True): _DOLLARS_MISSING,
    (Show.CENTS, False): _CENTS,
    (Show.CENTS, True): _CENTS_MISSING,
    (Show.NUMBER, False): "#,##0_)",
    (Show.SHARE, False): "0.0%_)",
    (Show.DATE, False): "[$-409]mmm d, yyyy",
    (Show.YEAR, False): '"FY"0',
}
_TRUTH = '"TRUE";"TRUE";"FALSE"'
"""Excel shows a truth value as a word whatever the format; LibreOffice would show a number."""
_FRACTION = "#,##0.00####_)"
_UNNAMED = {True: "Rank", False: "Line"}
_LEFT_ALIGNED = frozenset({Show.TEXT, Show.CODE, Show.DATE, Show.YEAR})


class Line(StrEnum):
    """Text that stands on a page outside tables."""

    TITLE = "title"
    FINDING = "finding"
    SUBTITLE = "subtitle"
    NOTE = "note"
    LINK = "link"


_LINES: dict[Line, dict[str, Any]] = {
    Line.TITLE: {"bold": True, "font_size": 16},
    Line.FINDING: {"bold": True, "font_size": 12},
    Line.SUBTITLE: {"font_size": 11, "valign": "vcenter"},
    Line.NOTE: {"font_size": 10},
    Line.LINK: {"font_color": LINK, "underline": 1, "text_wrap": True, "valign": "top"},
}


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a cell's format depends on; a figure may be said by a text, such as what stands in somebody's cell."""

    show: Show
    style: RowStyle = RowStyle.BODY
    is_shortfall: bool = False
    is_fraction: bool = False
    is_detail: bool = False
    is_truth: bool = False
    is_said: bool = False


class Formats:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        """Make formats for a workbook."""
        self._book = book
        self._cells: dict[Look, Format] = {}
        self._headers: dict[tuple[bool, bool], Format] = {}
        self.lines = {line: book.add_format({"font_color": INK, **look}) for line, look in _LINES.items()}

    def cell(self, look: Look) -> Format:
        """Give the format of a body cell."""
        if look not in self._cells:
            self._cells[look] = self._book.add_format(_properties(look))
        return self._cells[look]

    def header(self, show: Show, *, is_upright: bool = False) -> Format:
        """Give the format of a column's heading, aligned as its values are, or standing on its side."""
        key = (show in _LEFT_ALIGNED, is_upright)
        if key not in self._headers:
            self._headers[key] = self._book.add_format(
                {
                    "bold": True,
                    "text_wrap": not is_upright,
                    "valign": "bottom",
                    "align": "left" if key[0] else "right",
                    "indent": int(key[0] and not is_upright),
                    "rotation": 90 if is_upright else 0,
                    "bg_color": HEADER_FILL,
                    "font_color": INK,
                    "bottom": 2,
                    "bottom_color": INK,
                }
            )
        return self._headers[key]


def _properties(look: Look) -> dict[str, Any]:
    properties: dict[str, Any] = {"font_color": INK, "valign": "top"}
    properties |= {"align": "left", "indent": 1} if look.show in _LEFT_ALIGNED else {"align": "right"}
    if not look.is_detail:
        properties |= {"bottom": 1, "bottom_color": RULE}
    if look.show is Show.TEXT:
        properties |= {"text_wrap": True, "num_format": "@" if look.is_said else "General"}
    else:
        properties["num_format"] = _number_format(look)
    if look.style is not RowStyle.BODY:
        properties |= {"bold": True, "bg_color": TOTAL_FILL, "top": 1, "top_color": INK}
    return properties


def _number_format(look: Look) -> str:
    if look.is_truth:
        return _TRUTH
    if look.show is Show.CODE:
        return "@"
    if look.show is Show.DATE and look.is_detail:
        return "yyyy-mm-dd"
    if look.show is Show.YEAR and look.is_detail:
        return "0"
    if look.show is Show.NUMBER and look.is_fraction:
        return _FRACTION
    return _NUMBER_FORMATS.get((look.show, look.is_shortfall)) or _NUMBER_FORMATS[look.show, False]


def shown(value: Cell, show: Show) -> str:
    """Write a value about as its format will, to measure how wide it is drawn."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return "Mmm 00, 0000"
    if isinstance(value, (int, Decimal)):
        return _shown_number(value, show)
    return value


def _shown_number(value: int | Decimal, show: Show) -> str:
    if show is Show.YEAR:
        return f"FY{value}"
    if show is Show.SHARE:
        return f"{value:.1%} "
    if show is Show.CENTS:
        return f"({value:,.2f})"
    if show is Show.NUMBER and value != int(value):
        return f"{value:,} "
    return f"({value:,.0f})"


def heading_text(heading: Heading) -> str:
    """Give what stands above a column; every column of a workbook has a heading, for screen readers."""
    return heading.text or _UNNAMED[heading.show is Show.NUMBER]
