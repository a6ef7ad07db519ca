"""A mapping: how a spreadsheet that was made for something else is read."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import Form, Names, Record, Text, YesNo


class Reads(StrEnum):
    """What the rows of a sheet are."""

    COMMITMENTS = "commitments"
    FUNDING = "funding"
    DISTRICT = "district"


class MoneyUnit(StrEnum):
    """What a 1 in a column of money stands for."""

    DOLLARS = "dollars"
    THOUSANDS = "thousands"
    MILLIONS = "millions"


class RowFilter(Record):
    """What rows are; conditions compare what a column shows.

    In a condition `*` stands for any text, and `> 0`, `<> 0` and the like compare figures. All columns of one
    condition must match; a row is meant when one condition of a list holds.
    """

    keep: tuple[dict[str, tuple[str, ...]], ...] = ()
    """Rows to read; left out: every row."""
    drop: tuple[dict[str, tuple[str, ...]], ...] = ()
    """Rows to leave out."""
    totals: tuple[dict[str, tuple[str, ...]], ...] = ()
    """Rows that are totals of rows above, besides those that are found."""
    data: tuple[dict[str, tuple[str, ...]], ...] = ()
    """Rows that are data whatever they look like: no totals, no text."""


class Caption(Record):
    """Text outside the columns, or a part of a column, that becomes a column of its own.

    The text is compared with a pattern such as `Fund: {Fund} - {Fund Title}`; what stands in place of a name
    in braces is the value of a column of that name, `*` stands for any other text.
    """

    title: Text | None = None
    """Pattern of a title row above the table, or of a heading between its rows; the nearest above a row counts."""
    section: Text | None = None
    """Pattern of a heading between the rows."""
    sheet: Text | None = None
    """Pattern of the sheet's name."""
    file: Text | None = None
    """Pattern of the file's name without its ending."""
    column: Text | None = None
    """Heading of a column whose text has several parts, with their pattern in `parts`."""
    parts: Text | None = None
    """Pattern of the text in `column`, such as `{Fund}-{Function}-{Object}`."""


class CodeUse(Record):
    """Codes of a column that a code map translates."""

    map: Text
    """Name of a code map that comes with the program, or the path of one's own."""
    heading: Text | None = None
    """Heading of the column that holds the codes; left out: the column of the field."""


class Mapping(Record):
    """How the columns of a spreadsheet become fields."""

    description: Text | None = None
    """What it is for."""
    reads: Annotated[Reads, Form.CHOICE] = Reads.COMMITMENTS
    """What the rows are: commitments, sources of money, or facts of districts."""
    files: Names = ()
    """Names of the files it is for, `*` standing for any text; left out: every file."""
    sheets: Names = ()
    """Names of the sheets to read, `*` standing for any text; left out: every sheet with the headings."""
    skip_sheets: Names = ()
    """Names of sheets to pass over."""
    area: Text | None = None
    """Cells of the table with its header, such as `J3:P200` or `J:P`, where a sheet holds several."""
    header_row: tuple[int, ...] = ()
    """Number of the header's row, or of its first and last row, as the spreadsheet shows them; left out: found by
    the headings that are mapped."""
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Heading of each field's column; several headings are joined with a comma."""
    known_headings: YesNo = False
    """Whether columns that are not named here are matched by their headings, as without a mapping."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Values that every row gets."""
    take: tuple[Caption, ...] = ()
    """Text from titles, sheet names and parts of columns, as further columns."""
    fill_down: Names = ()
    """Headings of columns in which a blank cell means the value above it."""
    unit: Annotated[MoneyUnit | None, Form.CHOICE] = None
    """Unit of the columns of money; left out: dollars, or what a heading says."""
    codes: dict[str, CodeUse] = Field(default_factory=dict)
    """Code maps by field."""
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What a value in the file means, by field; `*` stands for any text, the first that matches wins."""
    rows: RowFilter = RowFilter()
    """Which rows to read."""
    find_totals: YesNo = True
    """Whether rows that are totals of rows above are looked for and left out."""
    sum_by: Names = ()
    """Headings; rows that agree in all of them are summed into one."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)
