"""Tables on a sheet: where the header is, which column is which field, and the rows below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Where, error, note
from esser_gap.read.headings import field_of
from esser_gap.read.sheets import Sheet, letters
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esser_gap.read.values import Raw

_HEADER_WITHIN = 60
"""A header is looked for in this many rows from the top."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table.

    Attributes:
        row: Place of the row, counted from 0.
        fields: Place of each field's column, counted from 0.
        others: Places of columns with a heading that is no field.
    """

    row: int
    fields: dict[str, int]
    others: tuple[int, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Give column letters by field."""
        return {name: letters(place) for name, place in self.fields.items()}


def find_header(sheet: Sheet, names: tuple[str, ...], about: str, needed: Iterable[str]) -> Header | None:
    """Find the row whose headings name the most fields.

    Args:
        sheet: The sheet.
        names: Field names.
        about: `commitment` or `source`, the list of other headings to use.
        needed: Fields without which a row is no header.

    Returns:
        The header, or None when no row near the top is one.
    """
    best: Header | None = None
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) < 2:  # noqa: PLR2004 - a title
            continue
        header = header_at(sheet, place, names, about)
        is_header = all(name in header.fields for name in needed) and len(header.fields) > 1
        if is_header and (best is None or len(header.fields) > len(best.fields)):
            best = header
    return best


def header_at(sheet: Sheet, row: int, names: tuple[str, ...], about: str) -> Header:
    """Read a row as a header; a field that two columns name keeps the first (see `repeated_columns`)."""
    fields: dict[str, int] = {}
    others = []
    for place, cell in enumerate(sheet.rows[row]):
        if is_blank(cell):
            continue
        name = field_of(cell, names, about)
        if name is None or name in fields:
            others.append(place)
        else:
            fields[name] = place
    return Header(row, fields, tuple(others))


def header_issues(sheet: Sheet, header: Header, names: tuple[str, ...], about: str) -> list[Issue]:
    """Find columns that name a field twice (an error) or no field (a note).

    Args:
        sheet: The sheet.
        header: Its header.
        names: Field names.
        about: `commitment` or `source`.
    """
    issues = []
    for place in header.others:
        heading = sheet.rows[header.row][place]
        where = Where(sheet.file, sheet.name, f"{letters(place)}{header.row + 1}")
        name = field_of(heading, names, about)
        if name is None:
            message = f"the column `{shown(heading)}` is not read"
            hint = "rename it to a field, or map it, if it should be"
            issues.append(note("column-not-read", message, where=where, found=shown(heading), hint=hint))
            continue
        first = shown(sheet.rows[header.row][header.fields[name]])
        message = f"the columns `{first}` and `{shown(heading)}` both look like `{name}`"
        hint = f"rename one, or say which with `columns: {{{name}: ...}}` in a mapping"
        issues.append(error("column-twice", message, where=where, field=name, found=shown(heading), hint=hint))
    return issues


def body_rows(sheet: Sheet, header: Header) -> list[tuple[int, list[Raw]]]:
    """List the rows below a header that are not blank, with their numbers as a spreadsheet shows them."""
    start = header.row + 1
    return [
        (number, row)
        for number, row in enumerate(sheet.rows[start:], start + 1)
        if any(not is_blank(cell) for cell in row)
    ]


def unsaved_issues(sheet: Sheet, header: Header) -> list[Issue]:
    """Find formulas without a stored result below a header, in columns that are read."""
    columns = {letters: name for name, letters in header.columns.items()}
    issues = []
    for address in sorted(sheet.unsaved, key=lambda a: (int(a.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), a)):
        column = address.rstrip("0123456789")
        if column in columns and int(address[len(column) :]) > header.row + 1:
            issues.append(
                error(
                    "formula-without-value",
                    f"the formula of `{columns[column]}` has no stored result",
                    where=Where(sheet.file, sheet.name, address),
                    field=columns[column],
                    hint="open the file in a spreadsheet program and save it, so that results are stored",
                )
            )
    return issues
