"""The neutral table: what is shown, not how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Cell = str | int | Decimal | date | bool | None
"""One value; None is shown as nothing at all, a zero amount as a dash."""


class Show(StrEnum):
    """How the values of a column are meant.

    `DOLLARS` is an amount in whole dollars, a shortfall in parentheses when it is marked as one;
    `CENTS` the same with cents; `SHARE` a percentage with one decimal; `TEXT` wraps, `CODE` never does.
    """

    TEXT = "text"
    CODE = "code"
    DOLLARS = "dollars"
    CENTS = "cents"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    YEAR = "year"


class RowStyle(StrEnum):
    """What a row is in its table."""

    BODY = "body"
    TOTAL = "total"
    SHORTFALL = "shortfall"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a table.

    Attributes:
        text: What stands above it.
        show: How its values are meant; decides alignment and number format.
        is_shortfall: Whether amounts in it are missing money, shown in parentheses.
        width: Characters it would like to have, for text; 0 leaves it to the values.
        is_upright: Whether it may stand on its side where a page would be too wide.
    """

    text: str
    show: Show = Show.TEXT
    is_shortfall: bool = False
    width: int = 0
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        cells: As many as the table has headings.
        style: What the row is; every amount of a `SHORTFALL` row is missing money.
        show: How its figures are meant when not as the headings say, such as a row of shares under dollars.
    """

    cells: tuple[Cell, ...]
    style: RowStyle = RowStyle.BODY
    show: Show | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What one table shows.

    Attributes:
        name: Short unique name, for a sheet or an anchor (`years`, `first-to-lose`).
        title: What a person reads above it.
        headings: Columns, in order.
        rows: Rows, in order.
        notes: Sentences that stand underneath: units, rounding, what was left out.
    """

    name: str
    title: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
