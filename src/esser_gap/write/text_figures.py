"""Cells as text: dollars in whole numbers, shortfalls in parentheses, zero as a dash, text without control codes."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.money import round_half_away
from esser_gap.view.table import RowStyle, Show

if TYPE_CHECKING:
    from esser_gap.view.table import Cell, Heading, Row

FIGURES = frozenset({Show.DOLLARS, Show.CENTS, Show.NUMBER, Show.SHARE})
"""What is aligned to the right."""

ZERO = "-"

# Escape sequences and marks that turn the direction of writing would let a cell's text redraw the terminal.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def plain(text: str) -> str:
    """Give user text in one line, with a space for every run of control characters."""
    return _CONTROLS.sub(" ", text)


def cells_of(text: str) -> int:
    """Count the columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def shown(cell: Cell, heading: Heading, row: Row, unit: int = 1) -> str:
    """Write one cell.

    Args:
        cell: The value.
        heading: Its column.
        row: Its row; a row that says how its figures are meant goes before the column.
        unit: Dollars that count as one, for columns in whole dollars.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    is_shortfall = heading.is_shortfall or row.style is RowStyle.SHORTFALL
    return _figure(Decimal(cell), show_of(heading, row), unit, is_shortfall=is_shortfall)


def show_of(heading: Heading, row: Row) -> Show:
    """Say how a figure of a row and column is meant."""
    return row.show if row.show is not None and heading.show in FIGURES else heading.show


def _figure(value: Decimal, show: Show, unit: int, *, is_shortfall: bool) -> str:
    if show is Show.DOLLARS:
        return _signed(value, _whole(abs(value), unit), is_shortfall=is_shortfall)
    if show is Show.CENTS:
        return _signed(value, f"{abs(value):,.2f}", is_shortfall=is_shortfall)
    if show is Show.SHARE:
        return f"{Decimal(round_half_away(value * 100, 1)).scaleb(-1)}%"
    return year_name(int(value)) if show is Show.YEAR else f"{value:,f}"


def _whole(amount: Decimal, unit: int) -> str:
    """Round to the unit; what is not nothing is not shown as nothing."""
    rounded = round_half_away(amount / unit, 0)
    return f"{rounded:,}" if rounded else "<1"


def _signed(value: Decimal, text: str, *, is_shortfall: bool) -> str:
    if not value:
        return ZERO
    if is_shortfall and value > 0:
        return f"({text})"
    return f"-{text}" if value < 0 else text
