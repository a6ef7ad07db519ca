"""What stands in a file: its sheets, the tables on them, and what is read of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.model.mapping import MoneyUnit, Reads
from esser_gap.read.budgets import COMMITMENTS, DISTRICT, FUNDING, SCENARIOS
from esser_gap.read.commitments import commitment_bodies, commitment_header
from esser_gap.read.found_tables import FoundTable, parts_of, placed, tables_by_shape
from esser_gap.read.headings import folded
from esser_gap.read.mapped_tables import mapped_sheets, mapped_tables
from esser_gap.read.rows import Layout, figure_columns, told_apart
from esser_gap.read.sheets import letters
from esser_gap.read.spread_tables import (
    Matched,
    SpreadTable,
    matched_by_heading,
    matched_by_mapping,
    spread_table,
)
from esser_gap.read.units import Unit
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.model.mapping import Mapping
    from esser_gap.read.mapped_tables import MappedTable
    from esser_gap.read.mapping_uses import MappingUse
    from esser_gap.read.rows import Body
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.tables import Table

_FACTORS = {MoneyUnit.DOLLARS: 1, MoneyUnit.THOUSANDS: 1_000, MoneyUnit.MILLIONS: 1_000_000}
_ROLES = {COMMITMENTS: COMMITMENTS, FUNDING: FUNDING, DISTRICT: DISTRICT, SCENARIOS: SCENARIOS}


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """One sheet of a file.

    Attributes:
        name: Its name.
        cells: All cells that hold something, such as `A1:M234`; blank when none does.
        is_hidden: Whether the file hides it.
        hidden_rows: Numbers of the rows that it hides.
        hidden_columns: Letters of the columns that it hides.
        reads: What it is read as: `commitments`, `funding`, `district`, `scenarios`, or blank.
        tables: Numbers of the tables that stand on it, from 1.
    """

    name: str
    cells: str
    is_hidden: bool
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[str, ...]
    reads: str
    tables: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands in a file.

    Attributes:
        sheets: Its sheets, in order.
        tables: Its tables, in the order in which they first stand.
    """

    sheets: tuple[FoundSheet, ...]
    tables: tuple[SpreadTable, ...]


@dataclass(frozen=True, slots=True)
class _One:
    """A table on one sheet, before it is put together with those that are like it."""

    found: FoundTable
    body: Body | None
    reads: str
    fields: dict[int, Matched]
    unit: Unit | None = None
    mapping: Mapping | None = None


def overview(sheets: Sequence[Sheet], uses: Sequence[MappingUse] = ()) -> Overview:
    """Find the tables of a file and what is read of them.

    Args:
        sheets: All sheets of the file.
        uses: The mappings that are for it.
    """
    ones = _by_mapping(sheets, uses) if uses else _by_headings(sheets)
    alike: dict[tuple[object, ...], list[_One]] = {}
    for one in ones:
        headings = tuple(sorted(one.found.table.header.headings.items()))
        alike.setdefault((headings, one.reads, one.found.area), []).append(one)
    tables = tuple(_spread(group) for group in alike.values())
    return Overview(tuple(_sheet(sheet, tables, uses) for sheet in sheets), tables)


def _spread(group: Sequence[_One]) -> SpreadTable:
    found = [one.found for one in group]
    bodies = [one.body for one in group if one.body is not None]
    if len(bodies) < len(group):
        tables = [each.table for each in found]
        figures = figure_columns(tables)
        bodies = told_apart(tables, Layout(figures, figures))
    first = group[0]
    return spread_table(found, bodies, first.reads, first.fields, first.unit, first.mapping)


# --- as it is read without a mapping -----------------------------------------------------------


def _by_headings(sheets: Sequence[Sheet]) -> list[_One]:
    is_named = any(folded(sheet.name) == COMMITMENTS for sheet in sheets)
    return [
        one
        for sheet in sheets
        for one in _on_sheet(sheet, is_passed_over=is_named and folded(sheet.name) != COMMITMENTS)
    ]


def _on_sheet(sheet: Sheet, *, is_passed_over: bool) -> Iterable[_One]:
    role = _ROLES.get(folded(sheet.name), "")
    if role in {DISTRICT, SCENARIOS}:
        # They are no tables with a record a row.
        return
    if role == FUNDING:
        yield from (_One(each, None, role, matched_by_heading(each, about="source")) for each in tables_by_shape(sheet))
        return
    bodies = {id(found.table): (found, body) for found, body in _of_commitments(sheet)}
    known = [found for found, _ in bodies.values()]
    others = [each for each in tables_by_shape(sheet) if not any(_holds(one.table, each) for one in known)]
    for found in placed([*known, *others]):
        body = bodies.get(id(found.table))
        reads = "" if body is None or is_passed_over else COMMITMENTS
        yield _One(found, None if body is None else body[1], reads, matched_by_heading(found))


def _of_commitments(sheet: Sheet) -> Iterable[tuple[FoundTable, Body]]:
    """Find the tables whose headings are fields of commitments, with their rows as they are read."""
    for area, part in parts_of(sheet, 0, len(sheet.rows)):
        header = commitment_header(part)
        bodies = [] if header is None else commitment_bodies(part, header, [])
        yield from ((FoundTable(body.table, area=area, whole=sheet if area else None), body) for body in bodies)


def _holds(table: Table, found: FoundTable) -> bool:
    """Tell whether a table found by its shape is, or is a part of, one that is read."""
    inner = found.table.header
    first, last = table.header.extent
    return table.header.first_row <= inner.row < table.end and first <= inner.extent[0] <= last


# --- as a mapping reads it ---------------------------------------------------------------------


def _by_mapping(sheets: Sequence[Sheet], uses: Sequence[MappingUse]) -> list[_One]:
    mapped: dict[str, list[_One]] = {}
    for one in (one for use in uses for one in _mapped(sheets, use)):
        mapped.setdefault(one.found.table.sheet.name, []).append(one)
    return [one for sheet in sheets for one in _on_mapped_sheet(sheet, mapped.get(sheet.name, []))]


def _on_mapped_sheet(sheet: Sheet, mapped: Sequence[_One]) -> Iterable[_One]:
    if not mapped and folded(sheet.name) in {FUNDING, DISTRICT, SCENARIOS}:
        yield from _on_sheet(sheet, is_passed_over=False)
        return
    ones = {id(one.found.table): one for one in mapped}
    known = [replace(one.found, whole=sheet if one.found.area else None) for one in mapped]
    others = [each for each in tables_by_shape(sheet) if not any(_holds(one.table, each) for one in known)]
    for found in placed([*known, *others]):
        one = ones.get(id(found.table))
        yield _One(found, None, "", {}) if one is None else replace(one, found=found)


def _mapped(sheets: Sequence[Sheet], use: MappingUse) -> Iterable[_One]:
    mapping = use.mapping
    unit = None if mapping.unit is None else Unit(Decimal(_FACTORS[mapping.unit]), mapping.unit.value)
    try:
        tables: list[MappedTable] = mapped_tables(mapping, mapped_sheets(mapping, sheets), [])
    except InputError:
        # Reading says why; here nothing is read.
        return
    reads = {Reads.COMMITMENTS: COMMITMENTS, Reads.FUNDING: FUNDING, Reads.DISTRICT: DISTRICT}[mapping.reads]
    for table in tables:
        found = FoundTable(table.body.table, area=mapping.area or "")
        fields = matched_by_mapping(mapping, table.mapping, table.places, found)
        yield _One(found, table.body, reads, fields, unit, table.mapping)


# --- sheets ------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, tables: Sequence[SpreadTable], uses: Sequence[MappingUse]) -> FoundSheet:
    numbers = tuple(n for n, table in enumerate(tables, 1) if sheet.name in table.sheets)
    reads = {tables[n - 1].reads for n in numbers} - {""}
    role = _ROLES.get(folded(sheet.name), "")
    named = role if role != COMMITMENTS or not uses else ""
    return FoundSheet(
        sheet.name,
        _cells(sheet),
        sheet.is_hidden,
        tuple(place + 1 for place in sorted(sheet.hidden_rows)),
        tuple(letters(place) for place in sorted(sheet.hidden_columns)),
        next(iter(sorted(reads)), named),
        numbers,
    )


def _cells(sheet: Sheet) -> str:
    """Give the range of cells that hold something."""
    places = [(number, place) for number, row in enumerate(sheet.rows, 1) for place in _outer(row)]
    if not places:
        return ""
    rows, columns = [number for number, _ in places], [place for _, place in places]
    first, last = f"{letters(min(columns))}{min(rows)}", f"{letters(max(columns))}{max(rows)}"
    return first if first == last else f"{first}:{last}"


def _outer(row: Sequence[object]) -> list[int]:
    """Give the places of the first and last cell of a row that hold something."""
    filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
    return filled[:1] + filled[-1:]
