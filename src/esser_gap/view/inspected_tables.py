"""Tables that were found in a file, to be shown: their columns, their totals, and sums to the cent."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.headings import folded
from esser_gap.read.likely_fields import Holds
from esser_gap.read.values import shown
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.model.mapping import Mapping
    from esser_gap.read.found_columns import FoundColumn
    from esser_gap.read.spread_tables import SpreadTable

_FEW = 4
"""As many examples are shown of what there is more of."""
_SERIES = 4
"""So many columns beside each other that differ by their year alone are shown as one."""
_YEAR = re.compile(r"\b(?:FY ?'?)?(?:\d{4}[-/]\d{4}|\d{4}[-/]\d{2}|\d{4}|\d{2}[-/]\d{2})\b|\bFY ?'?\d{2}\b")
_MOSTLY = 2
"""A column with less than half of its cells filled says how many."""


# --- columns -----------------------------------------------------------------------------------


def columns_table(table: SpreadTable, number: int) -> Table:
    """Show a table's columns, with where it stands and what stands around it.

    Args:
        table: The table.
        number: Its number in the file.

    Returns:
        Letters, heading, what the cells hold, the field and why, a first value, and what is wrong.
    """
    series = list(_series(table.columns))
    problems = any(column.problems for column in table.columns)
    headings = (
        Heading("Col", Show.CODE),
        Heading("Heading", width=24),
        Heading("Holds", width=24),
        Heading("Field", Show.CODE),
        Heading("Why", width=14),
        Heading("First value", width=20),
        *((Heading("Problems", width=40),) if problems else ()),
    )
    rows = tuple(Row(_column_row(columns)[: len(headings)]) for columns in series)
    return Table(f"table-{number}", _title(table, number), headings, rows, tuple(_table_notes(table)))


def _title(table: SpreadTable, number: int) -> str:
    extents = table.extents
    where = f"sheet `{extents[0].sheet}`, {extents[0].cells}" if len(extents) == 1 else _on(len(table.sheets), extents)
    headers = {extent.header for extent in extents}
    header = f", header in {_header(next(iter(headers)))}" if len(headers) == 1 else ""
    reads = f", read as {table.reads}" if table.reads else ""
    return f"Table {number}: {where}{header}, {counted(table.rows, 'row')} of data{reads}"


def _on(sheets: int, extents: Sequence[object]) -> str:
    return f"{sheets} sheets" if sheets == len(extents) else f"{len(extents)} places on {counted(sheets, 'sheet')}"


def _header(rows: tuple[int, int]) -> str:
    return f"row {rows[0]}" if rows[0] == rows[1] else f"rows {rows[0]} to {rows[1]}"


def _series(columns: Sequence[FoundColumn]) -> Iterator[list[FoundColumn]]:
    """Put columns together that differ by their year alone, where there are several of them."""
    for key, alike in groupby(columns, key=_series_key):
        listed = list(alike)
        yield from [listed] if key is not None and len(listed) >= _SERIES else [[column] for column in listed]


def _series_key(column: FoundColumn) -> tuple[object, ...] | None:
    if column.field not in {"", "yearly"} or column.problems or fiscal_year_within(column.heading) is None:
        return None
    return _without_year(column.heading), column.holds, column.unit, column.field, bool(column.filled)


def _without_year(heading: str) -> str:
    return _YEAR.sub("{year}", heading)


def _column_row(columns: Sequence[FoundColumn]) -> tuple[str, ...]:
    first, last = columns[0], columns[-1]
    if len(columns) == 1:
        why = "" if first.why == first.field else first.why
        return (
            first.letter,
            first.heading,
            _holds(first),
            first.field,
            why,
            first.sample,
            "; ".join(first.problems),
        )
    years = f"{year_name(first.year or 0)} to {year_name(last.year or 0)}"
    holds, letters = f"{first.holds.value}, {years}", f"{first.letter}-{last.letter}"
    return letters, _without_year(first.heading), holds, first.field, first.why, first.sample, ""


def _holds(column: FoundColumn) -> str:
    """Say what a column holds: its unit, its year, its days, its blanks."""
    parts = [column.holds.value]
    if column.unit is not None:
        parts[0] = f"dollars ({column.unit.words})"
    if column.starts_with_zero:
        parts.append("some start with 0")
    if column.year is not None:
        parts.append(year_name(column.year))
    if column.days is not None:
        first, last = column.days
        parts.append(f"{first} to {last}" if first != last else f"{first}")
    if column.repeats_above:
        parts.append("blank repeats the value above")
    elif column.filled * _MOSTLY < column.rows and column.holds is not Holds.NOTHING:
        parts.append(f"{column.filled:,} of {column.rows:,} filled")
    return ", ".join(parts)


def _table_notes(table: SpreadTable) -> Iterator[str]:
    extents = table.extents
    if len(table.sheets) > 1:
        yield f"on {_examples(table.sheets)}"
    headers = {extent.header for extent in extents}
    if len(headers) > 1:
        yield f"its header is in {', '.join(_header(rows) for rows in sorted(headers))}"
    if table.found[0].area:
        yield f"other tables stand beside it: a mapping reads it with `area: {table.found[0].area}`"
    for what, texts in (
        ("above it", table.titles),
        ("between its rows", [text for _, text in table.sections]),
        ("below it", list(dict.fromkeys(text for _, text in table.notes))),
    ):
        if texts:
            yield f"{what}: {_examples(texts)}"
    if table.mapping is not None:
        yield from _mapping_notes(table, table.mapping)


def _mapping_notes(table: SpreadTable, mapping: Mapping) -> Iterator[str]:
    """Say what a mapping does besides naming columns."""
    headings = {column.name for column in table.columns}
    for caption in mapping.take:
        pattern = caption.parts or caption.title or caption.section or caption.sheet or caption.file
        yield f"the mapping takes `{pattern}`"
    for name, listed in mapping.columns.items():
        made = [heading for heading in listed if folded(heading) not in {folded(text) for text in headings}]
        if made and not any("{" in heading for heading in made):
            yield f"`{name}` is made of {quoted(made)}"
    if mapping.constants:
        given = ", ".join(f"{name}: {shown(value)}" for name, value in mapping.constants.items())
        yield f"every row gets {given}"
    if mapping.rows.keep or mapping.rows.drop or mapping.sum_by:
        yield "the mapping keeps, drops or sums rows: `esser-gap check` shows how many are left"


def _examples(texts: Sequence[str]) -> str:
    more = len(texts) - _FEW
    return quoted(texts[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


# --- totals ------------------------------------------------------------------------------------


def levels_table(table: SpreadTable, number: int) -> Table:
    """Show the totals of a table by level, and how many of them add up.

    Args:
        table: The table.
        number: Its number in the file.

    Returns:
        Level (the first adds up rows of data, the next totals), rows, how many add up, and an example.
    """
    totals = table.totals
    headings = (
        Heading("Level", Show.NUMBER),
        Heading("Rows", Show.NUMBER),
        Heading("Adding up", Show.NUMBER),
        Heading("Such as", width=50),
    )
    rows = tuple(Row((level.number, level.rows, level.adding_up, level.example)) for level in totals.levels)
    under = (
        f"{counted(totals.uncovered, 'row')} of data {'stands' if totals.uncovered == 1 else 'stand'} under no total"
    )
    notes = ((under,) if totals.uncovered else ()) if totals.top else ()
    title = f"Table {number}: {counted(totals.rows, 'row')} {'is a total' if totals.rows == 1 else 'are totals'}"
    return Table(f"totals-{number}", title, headings, rows, notes)


def sums_table(table: SpreadTable, number: int) -> Table:
    """Show what each column of dollars adds up to, and what the totals above all others say, to the cent.

    Args:
        table: The table.
        number: Its number in the file.

    Returns:
        Letters, heading, sum of the rows of data; where there are totals, their sum and the difference.
    """
    totals = table.totals
    has_totals = any(each.stated is not None for each in totals.sums)
    headings = (
        Heading("Col", Show.CODE),
        Heading("Heading", width=24),
        Heading("Rows add up to", Show.CENTS),
        *((Heading("Totals say", Show.CENTS), Heading("Difference", Show.CENTS)) if has_totals else ()),
    )
    rows = tuple(
        Row((each.letter, each.heading, each.rows, each.stated, each.difference)[: len(headings)])
        for each in totals.sums
    )
    above = [
        f"row {each.row} of `{each.sheet}`, `{each.label}`, adds up the {each.covers} rows below it, which would be"
        " counted twice"
        for each in totals.above
    ]
    more = [f"and {len(above) - _FEW:,} more rows like them"] if len(above) > _FEW else []
    units = {column.unit.words for column in table.columns if column.unit is not None}
    units_note = [f"sums of the figures as they stand, {', '.join(sorted(units))}"] if units else []
    notes = (*units_note, *above[:_FEW], *more)
    return Table(f"sums-{number}", f"Table {number}: sums of its rows", headings, rows, notes)


def differences_table(table: SpreadTable, number: int) -> Table:
    """List the totals that are not what the rows they cover add up to.

    Args:
        table: The table.
        number: Its number in the file.
    """
    headings = (
        Heading("Sheet", width=20),
        Heading("Cell", Show.CODE),
        Heading("Says", Show.CENTS),
        Heading("Rows add up to", Show.CENTS),
        Heading("Difference", Show.CENTS),
        Heading("Total", width=30),
    )
    rows = tuple(
        Row((each.sheet, each.cell, each.stated, each.summed, each.stated - each.summed, each.label))
        for each in table.totals.differences
    )
    return Table(f"differences-{number}", f"Table {number}: totals that do not add up", headings, rows)


def quoted(texts: Sequence[str]) -> str:
    """Write texts in backticks, parted by commas."""
    return ", ".join(f"`{text}`" for text in texts)


def counted(number: int, word: str) -> str:
    """Write a number with what it counts.

    Examples:
        >>> counted(1, "sheet"), counted(1954, "row")
        ('1 sheet', '1,954 rows')
    """
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
