"""A mapping: how a spreadsheet that was made for something else is read as commitments."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import Form, Names, Record, Text


class RowFilter(Record):
    """Which rows are commitments; conditions compare what a column shows, `*` standing for any text."""

    keep: tuple[dict[str, tuple[str, ...]], ...] = ()
    """A row is kept when one of these holds; none: every row. In one condition all columns must match."""
    drop: tuple[dict[str, tuple[str, ...]], ...] = ()
    """A row is left out when one of these holds."""


class Mapping(Record):
    """How the columns of a spreadsheet become the fields of commitments."""

    description: Text | None = None
    """What it is for."""
    sheets: Names = ()
    """Names of the sheets to read, `*` standing for any text; left out: the sheet that looks like commitments."""
    header_row: Annotated[int, Form.WHOLE, Field(ge=1)] | None = None
    """Number of the header row as the spreadsheet shows it; left out: found by the headings that are mapped."""
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Heading of each field's column; several headings are joined with a comma."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Values that every commitment gets."""
    values: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """What a value in the file means, by field; `*` stands for any text, the first that matches wins."""
    rows: RowFilter = RowFilter()
    """Which rows to read."""
    sum_by: Names = ()
    """Headings; rows that agree in all of them are summed into one commitment."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)
