"""Tables as a whole: one that is spread over many sheets counts as one, with its columns and totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.model.commitment import Commitment
from esser_gap.model.record import FieldForm, forms_of
from esser_gap.read.commitments import FIELDS
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.found_columns import (
    Cells,
    FoundColumn,
    cells_of,
    column_problems,
    days_of,
    held_by,
    repeats_above,
    sample_of,
    starts_with_zero,
    units_by_place,
)
from esser_gap.read.found_tables import titles_above
from esser_gap.read.headings import folded
from esser_gap.read.likely_fields import Holds, likely_fields
from esser_gap.read.mapped_tables import YEAR_NAME
from esser_gap.read.rows import figure_columns
from esser_gap.read.sheets import letters
from esser_gap.read.sources import FIELDS as SOURCE_FIELDS
from esser_gap.read.sources import year_of_heading
from esser_gap.read.tables import header_at, headings_at
from esser_gap.read.total_levels import Totals, totals_of

if TYPE_CHECKING:
    from collections.abc import Mapping as Values
    from collections.abc import Sequence

    from esser_gap.model.mapping import Mapping
    from esser_gap.read.found_tables import FoundTable
    from esser_gap.read.rows import Body
    from esser_gap.read.units import Unit

_WORDS = frozenset({Holds.TEXT, Holds.CODES, Holds.MIXED})
FIELD_NAME, KNOWN_HEADING, LOOKS_LIKE, BY_MAPPING = "field name", "known heading", "looks like one", "the mapping"
"""Why a column is matched to a field."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The field of a column.

    Attributes:
        name: Name of the field, or of several, joined with a comma; blank where a mapping uses it otherwise.
        why: Why it is.
        form: How its cells are read, None where they are not read as they are.
    """

    name: str
    why: str
    form: FieldForm | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a table stands on one sheet.

    Attributes:
        sheet: Name of the sheet.
        header: Numbers of the first and last row of its header.
        cells: All its cells with the header, such as `A4:M230`.
        rows: How many rows of data it has there.
    """

    sheet: str
    header: tuple[int, int]
    cells: str
    rows: int


@dataclass(frozen=True, slots=True)
class SpreadTable:
    """A table, on one sheet or spread over several with the same headings in the same columns.

    Attributes:
        reads: What its rows are read as: `commitments`, `funding`, `district`, or blank where they are not read.
        found: Where it stands, sheet by sheet.
        bodies: Its rows told apart, sheet by sheet.
        columns: Its columns.
        totals: What is known of its totals.
        mapping: The mapping that reads it, None without one.
    """

    reads: str
    found: tuple[FoundTable, ...]
    bodies: tuple[Body, ...]
    columns: tuple[FoundColumn, ...]
    totals: Totals
    mapping: Mapping | None = None

    @property
    def rows(self) -> int:
        """Count its rows of data."""
        return sum(len(body.rows) for body in self.bodies)

    @property
    def sheets(self) -> list[str]:
        """Name the sheets it stands on, in order."""
        return list(dict.fromkeys(each.table.sheet.name for each in self.found))

    @property
    def extents(self) -> list[Extent]:
        """Give where it stands, sheet by sheet."""
        return [_extent(each, body) for each, body in zip(self.found, self.bodies, strict=True)]

    @property
    def titles(self) -> list[str]:
        """List different texts above it, in the order of the sheets."""
        return list(dict.fromkeys(text for each in self.found for _, text in titles_above(each)))

    @property
    def sections(self) -> list[tuple[int, str]]:
        """List the texts between its rows, with their row numbers."""
        return [text for body in self.bodies for text in body.texts if text[0] < _last_row(body)]

    @property
    def notes(self) -> list[tuple[int, str]]:
        """List the texts below its last row, with their row numbers."""
        return [text for body in self.bodies for text in body.texts if text[0] > _last_row(body)]

    def column_of(self, field: str) -> FoundColumn | None:
        """Give the column that is matched to a field."""
        return next((column for column in self.columns if column.field == field), None)


def _last_row(body: Body) -> int:
    ends = [body.table.header.row + 1, *body.numbers[-1:], *(total.row for total in body.totals[-1:])]
    return max(ends)


def _extent(found: FoundTable, body: Body) -> Extent:
    header = found.table.header
    first, last = header.extent
    cells = f"{letters(first)}{header.first_row + 1}:{letters(last)}{_last_row(body)}"
    return Extent(found.table.sheet.name, (header.first_row + 1, header.row + 1), cells, len(body.rows))


# --- putting one together ----------------------------------------------------------------------


def spread_table(
    found: Sequence[FoundTable],
    bodies: Sequence[Body],
    reads: str,
    fields: Values[int, Matched],
    unit: Unit | None = None,
    mapping: Mapping | None = None,
) -> SpreadTable:
    """Put a table together from where it stands, and look at its columns and totals.

    Args:
        found: The table, sheet by sheet; with the same headings everywhere.
        bodies: Its rows told apart, in the same order.
        reads: What its rows are read as.
        fields: Fields of columns by place, as far as they are known.
        unit: Unit of its money, where a mapping says it.
        mapping: The mapping that reads it.
    """
    headings = bodies[0].table.header.headings
    cells = {place: cells_of(bodies, place) for place in sorted(headings)}
    holds = {place: held_by(each, fields[place].form if place in fields else None) for place, each in cells.items()}
    units = dict.fromkeys(headings, unit) if unit else units_by_place(headings, [t for _, t in titles_above(found[0])])
    every = dict(fields)
    if not reads:
        free = {place: folded(text) for place, text in headings.items() if place not in fields}
        names = [matched.name for matched in fields.values()]
        forms = forms_of(Commitment)
        every |= {p: Matched(n, LOOKS_LIKE, forms[n]) for p, n in likely_fields(free, holds, names).items()}
    repeating = _repeating(cells, holds, bodies)
    header = found[0].table.header
    called = headings_at(found[0].table.sheet, header.row, header.first_row).texts
    columns = [
        _column(each, called[place], bodies, holds[place], every.get(place), units.get(place), place in repeating)
        for place, each in cells.items()
    ]
    figures = [place for place in figure_columns([body.table for body in bodies]) if place in cells]
    stated = {place for body in bodies for total in body.totals for place in total.amounts}
    dollars = [place for place in figures if place in stated or holds[place] is Holds.DOLLARS]
    return SpreadTable(reads, tuple(found), tuple(bodies), tuple(columns), totals_of(bodies, dollars), mapping)


def _column(
    cells: Cells,
    name: str,
    bodies: Sequence[Body],
    holds: Holds,
    matched: Matched | None,
    unit: Unit | None,
    repeats: bool,  # noqa: FBT001 - passed on
) -> FoundColumn:
    form = None if matched is None else matched.form
    money = unit if holds is Holds.DOLLARS else None
    return FoundColumn(
        cells.place,
        cells.heading,
        name,
        holds,
        cells.filled,
        len(cells.raws),
        sample=sample_of(cells),
        unit=None if money is None or money.factor == 1 else money,
        year=fiscal_year_within(cells.heading) if holds in {Holds.DOLLARS, Holds.NUMBERS} else None,
        days=days_of(cells) if holds is Holds.DATES else None,
        starts_with_zero=holds is Holds.CODES and starts_with_zero(cells),
        repeats_above=repeats,
        field="" if matched is None else matched.name,
        why="" if matched is None else matched.why,
        problems=tuple(column_problems(cells, bodies, holds, form, money)),
    )


def _repeating(cells: Values[int, Cells], holds: Values[int, Holds], bodies: Sequence[Body]) -> set[int]:
    """Find columns of group names: left of one that every row fills, blank where the name of the row above holds."""
    full = [place for place, each in cells.items() if holds[place] in _WORDS and each.filled == len(each.raws) > 0]
    last = max(full, default=-1)
    left = [place for place in cells if place < last and holds[place] in _WORDS]
    return {place for place in left if repeats_above(cells[place], bodies)}


# --- which fields ------------------------------------------------------------------------------


def matched_by_heading(found: FoundTable, *, about: str = "commitment") -> dict[int, Matched]:
    """Match columns to fields as the reader does without a mapping.

    Args:
        found: The table.
        about: `commitment` or `source`.
    """
    names, forms = (FIELDS, forms_of(Commitment)) if about == "commitment" else (SOURCE_FIELDS, {})
    sheet, row = found.table.sheet, found.table.header.row
    readings = headings_at(sheet, row)
    matched = {
        place: Matched(name, _why(readings.readings(place), name), forms.get(name))
        for name, place in header_at(sheet, row, names, about).fields.items()
    }
    if about == "source":
        years = [p for p, text in readings.texts.items() if p not in matched and year_of_heading(text) is not None]
        matched |= {place: Matched("yearly", "fiscal year") for place in years}
    return matched


def _why(readings: Sequence[str], name: str) -> str:
    return FIELD_NAME if any(folded(text) == folded(name) for text in readings) else KNOWN_HEADING


def matched_by_mapping(
    mapping: Mapping, used: Mapping, places: Values[str, int], found: FoundTable
) -> dict[int, Matched]:
    """Match columns to fields as a mapping says.

    Args:
        mapping: The mapping as it is written.
        used: The mapping with the columns that it matches by their headings.
        places: Place of each heading that it names.
        found: The table.
    """
    forms = forms_of(Commitment)
    names: dict[int, list[str]] = {}
    for name, headings in used.columns.items():
        for place in [p for heading in headings for p in _places(heading, places, found)]:
            names.setdefault(place, []).append(name)
    matched = {}
    for place, listed in names.items():
        name = listed[0]
        as_they_are = len(listed) == 1 and len(used.columns[name]) == 1 and name not in {*used.values, *used.codes}
        form = forms.get(name) if as_they_are and not used.sum_by else None
        matched[place] = Matched(", ".join(listed), BY_MAPPING if name in mapping.columns else KNOWN_HEADING, form)
    others = {place: Matched("", "used by the mapping") for place in places.values() if place not in matched}
    return {**matched, **others}


def _places(heading: str, places: Values[str, int], found: FoundTable) -> list[int]:
    """Give the columns of a heading, of one with a year in it all columns of years."""
    if YEAR_NAME not in heading:
        return [places[heading]] if heading in places else []
    pattern = re.compile(re.escape(heading).replace(re.escape(YEAR_NAME), ".+"))
    return [place for place, text in found.table.header.headings.items() if pattern.fullmatch(text)]
