"""The tables that a mapping means: the sheets it names, the headings on them, and their rows told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error
from esser_gap.model.mapping import Reads, RowFilter
from esser_gap.read.captions import caption_names
from esser_gap.read.conditions import any_holds, matches
from esser_gap.read.cost_columns import cost_unclear
from esser_gap.read.headings import folded
from esser_gap.read.mappings import FIELDS
from esser_gap.read.narrow_tables import Needs
from esser_gap.read.rows import Body, Layout, figure_columns, told_apart
from esser_gap.read.sheets import column, letters
from esser_gap.read.tables import (
    Header,
    Headings,
    Table,
    continued,
    find_header,
    header_issues,
    header_of,
    headings_at,
    other_table_issue,
    tables_below,
)
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Mapping as Values

    from esser_gap.model.mapping import Mapping
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw

COSTS: dict[Reads, tuple[str, ...]] = {
    Reads.COMMITMENTS: ("annual_cost", "quantity", "unit_cost"),
    Reads.FUNDING: ("amount",),
    Reads.DISTRICT: (),
}
"""Fields that hold the money, by what a mapping reads; a row that has none of them is no row of data."""
YEAR_NAME = "{year}"
"""Stands for a fiscal year in the heading of columns that hold a fact by year."""


@dataclass(frozen=True, slots=True)
class MappedTable:
    """One table as a mapping means it.

    Attributes:
        body: Its rows, told apart.
        places: Place of each heading that the mapping names.
        mapping: The mapping, with the columns that were matched by their headings.
    """

    body: Body
    places: dict[str, int]
    mapping: Mapping

    @property
    def sheet(self) -> Sheet:
        """Give the sheet it stands on."""
        return self.body.table.sheet


# --- sheets ------------------------------------------------------------------------------------


def mapped_sheets(mapping: Mapping, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Choose the sheets that a mapping names, or else those that have its headings.

    Raises:
        InputError: When a name matches no sheet.
    """
    skipped = [sheet for sheet in sheets if _is_named(sheet, mapping.skip_sheets)]
    left = [_prepared(mapping, sheet) for sheet in sheets if sheet not in skipped]
    if not mapping.sheets:
        return [sheet for sheet in left if _find_header(mapping, sheet) is not None]
    chosen: list[Sheet] = []
    for pattern in mapping.sheets:
        found = [sheet for sheet in left if _is_named(sheet, (pattern,))]
        if not found:
            names = [sheet.name for sheet in sheets]
            message = f"no sheet is called `{pattern}`"
            where = Where(sheets[0].file if sheets else "")
            hint = choose_from(pattern, names)
            raise InputError([error("sheet-missing", message, where=where, found=pattern, hint=hint)])
        chosen += [sheet for sheet in found if not any(sheet is other for other in chosen)]
    return chosen


def _is_named(sheet: Sheet, patterns: Sequence[str]) -> bool:
    # A mapping's texts are read without the spaces that nobody sees.
    name = " ".join(sheet.name.split())
    return any(matches(name, pattern.strip()) for pattern in patterns)


def _prepared(mapping: Mapping, sheet: Sheet) -> Sheet:
    """Blank what lies outside the area."""
    return replace(sheet, rows=_inside(mapping.area, sheet.rows)) if mapping.area else sheet


_LETTERED = re.compile(r"(.*\S) ?\[([A-Z]{1,3})\]")
_LOOKED_AT = 60
_CORNER = re.compile(r"([A-Za-z]{1,3})(\d*)")


def _inside(area: str, rows: list[list[Raw]]) -> list[list[Raw]]:
    corners = [_CORNER.fullmatch(corner) for corner in area.split(":")]
    names = [corner[1].upper() for corner in corners if corner]
    numbers = [int(corner[2]) for corner in corners if corner and corner[2]]
    first, last = column(names[0]), column(names[-1]) if len(names) > 1 else 10**6
    top, bottom = (numbers[0] if numbers else 1), (numbers[-1] if len(numbers) > 1 else len(rows))
    return [
        ["" if not (top <= number <= bottom and first <= place <= last) else cell for place, cell in enumerate(row)]
        for number, row in enumerate(rows, 1)
    ]


# --- headings ----------------------------------------------------------------------------------


def wanted_headings(mapping: Mapping) -> list[str]:
    """List the headings that a mapping names, in its order, without those that its captions make."""
    filters = [c for name in RowFilter.model_fields for c in getattr(mapping.rows, name)]
    named = [heading for headings in mapping.columns.values() for heading in headings]
    named += [heading for condition in filters for heading in condition]
    named += [use.heading for use in mapping.codes.values() if use.heading is not None]
    named += [caption.column for caption in mapping.take if caption.column is not None]
    made = {folded(name) for name in caption_names(mapping.take)}
    wanted = dict.fromkeys([*named, *mapping.sum_by, *mapping.fill_down])
    return [heading for heading in wanted if folded(heading) not in made]


def _mapped_headings(mapping: Mapping) -> list[str]:
    """List the headings of the mapped columns, which a row must have to be the header."""
    wanted = set(wanted_headings(mapping))
    return list(dict.fromkeys(h for hs in mapping.columns.values() for h in hs if h in wanted and YEAR_NAME not in h))


def places_called(headings: Headings, name: str) -> list[int]:
    """Find the columns of a heading: as it is written, else without regard to capitals, punctuation and units.

    Args:
        headings: What stands over each column.
        name: The heading; of several that are alike one is meant by its column's letter: `Amount [E]`.
    """
    for same in (_as_written, folded):
        for level in (0, -1):
            found = [place for place in headings.levels if same(headings.readings(place)[level]) == same(name)]
            if found:
                return sorted(found)
        found = [place for place in headings.levels if same(name) in map(same, headings.endings(place))]
        if found:
            return sorted(found)
        lettered = _LETTERED.fullmatch(name.strip())
        place = column(lettered[2]) if lettered else None
        if lettered and place in headings.levels and place in places_called(headings, lettered[1]):
            return [place]
    return []


def _as_written(text: str) -> str:
    return " ".join(text.casefold().split())


def _find_header(mapping: Mapping, sheet: Sheet) -> Headings | None:
    if mapping.header_row:
        first, last = mapping.header_row[0] - 1, mapping.header_row[-1] - 1
        return headings_at(sheet, last, first) if last < len(sheet.rows) else None
    wanted = _mapped_headings(mapping)
    if not wanted:
        return _known_header(mapping, sheet) if mapping.known_headings else None
    return next((found for row in range(len(sheet.rows)) if (found := _header_here(sheet, row, wanted))), None)


def _known_header(mapping: Mapping, sheet: Sheet) -> Headings | None:
    """Find the header of a sheet by headings that are fields, where the mapping names none."""
    header = find_header(sheet, FIELDS[mapping.reads], _about(mapping), ("name",))
    return None if header is None else headings_at(sheet, header.row, header.first_row)


def _about(mapping: Mapping) -> str:
    return "source" if mapping.reads is Reads.FUNDING else "commitment"


def _header_here(sheet: Sheet, row: int, wanted: Sequence[str]) -> Headings | None:
    cells = sheet.rows[row]
    if len(cells) - cells.count("") < min(len(wanted), 2) or not any(isinstance(cell, str) for cell in cells):
        return None
    headings = headings_at(sheet, row)
    return continued(sheet, headings) if all(places_called(headings, name) for name in wanted) else None


# --- tables ------------------------------------------------------------------------------------


def mapped_tables(mapping: Mapping, sheets: Sequence[Sheet], issues: list[Issue]) -> list[MappedTable]:
    """Find the tables that a mapping means and tell their rows apart, across sheets with the same headings.

    Args:
        mapping: The mapping.
        sheets: The sheets it names (see `mapped_sheets`).
        issues: Headings that are not there, or there twice, are added here.

    Returns:
        Tables in the order of the sheets.
    """
    issues.extend(_filter_issues(mapping))
    found = [each for sheet in sheets for each in _tables_on(mapping, sheet, issues)]
    # A title that stands close above one of them must not part it from the others.
    alike: dict[tuple[tuple[str, int], ...], list[_Found]] = {}
    for each in found:
        alike.setdefault(tuple(sorted(each.places.items())), []).append(each)
    bodies = {id(body.table): body for group in alike.values() for body in _bodies(group)}
    return [MappedTable(bodies[id(each.table)], each.places, each.mapping) for each in found]


@dataclass(frozen=True, slots=True)
class _Found:
    """A table whose headings are all there."""

    table: Table
    places: dict[str, int]
    mapping: Mapping


def _bodies(group: list[_Found]) -> list[Body]:
    tables, places, mapping = [each.table for each in group], group[0].places, group[0].mapping
    fields = COSTS[mapping.reads]
    costs = [places[h] for name in fields for h in mapping.columns.get(name, ()) if h in places]
    named = (places[h] for name, hs in mapping.columns.items() if name not in fields for h in hs if h in places)
    amounts = tuple(sorted({*figure_columns(tables), *costs}))
    filled = tuple(places[heading] for heading in mapping.fill_down if heading in places)
    layout = Layout(amounts, tuple(costs), keys=tuple(dict.fromkeys(named)), continued=filled)
    rows = mapping.rows
    finds = mapping.find_totals and mapping.reads is not Reads.DISTRICT
    return told_apart(
        tables,
        layout,
        is_total=_condition(rows.totals, places),
        is_data=_condition(rows.data, places),
        is_dropped=_left_out(rows, {h: p for h, p in places.items() if h not in mapping.fill_down}),
        find_totals=finds,
    )


def _condition(
    conditions: Sequence[dict[str, tuple[str, ...]]], places: Values[str, int]
) -> Callable[[list[Raw]], bool] | None:
    """Give what tells whether one of several conditions holds for a row; what no column holds is blank."""
    if not conditions:
        return None

    def holds(row: list[Raw]) -> bool:
        return any_holds(conditions, lambda heading: _cell(row, places.get(heading)), unreadable=False)

    return holds


def _left_out(rows: RowFilter, places: Values[str, int]) -> Callable[[list[Raw]], bool] | None:
    """Give what tells whether a row is left out, as far as its own cells say so."""
    drop = _condition([c for c in rows.drop if c.keys() <= places.keys()], places)
    keep = _condition(rows.keep, places) if all(c.keys() <= places.keys() for c in rows.keep) else None
    if drop is None and keep is None:
        return None
    return lambda row: (drop is not None and drop(row)) or (keep is not None and not keep(row))


def _filter_issues(mapping: Mapping) -> list[Issue]:
    """Refuse to point out totals or data by what no column holds, and codes without a column."""
    made = {folded(name) for name in caption_names(mapping.take)}
    named = dict.fromkeys(
        (key, heading) for key in ("totals", "data") for c in getattr(mapping.rows, key) for heading in c
    )
    where, code = mapping.origin.where(), "structure-not-understood"
    # What a title says of a row is only known once the totals are told from the data.
    hint = "name a column of the table, as it is headed there"
    issues = [
        error(code, f"`rows.{key}` names `{heading}`, which heads no column", where=where, found=heading, hint=hint)
        for key, heading in named
        if folded(heading) in made
    ]
    if not mapping.known_headings:
        hint = "say `heading:` beside `map:`, or map the field under `columns`"
        alone = [name for name, use in mapping.codes.items() if use.heading is None and name not in mapping.columns]
        issues += [error(code, f"`codes.{name}` has no column", where=where, found=name, hint=hint) for name in alone]
    return issues


def _cell(row: list[Raw], place: int | None) -> Raw:
    return row[place] if place is not None and place < len(row) else None


def _tables_on(mapping: Mapping, sheet: Sheet, issues: list[Issue]) -> list[_Found]:
    headings = _find_header(mapping, sheet)
    if headings is None:
        issues.append(_header_missing(mapping, sheet))
        return []
    must = _mapped_headings(mapping)

    def header_here(row: int) -> Header | None:
        below = _header_here(sheet, row, must) if must else None
        return None if below is None else _header(below)

    found = []
    for table in tables_below(sheet, _header(headings), header_here, partial(_needs, mapping, sheet)):
        if table.is_other:
            issues.append(other_table_issue(table))
            continue
        here = headings_at(sheet, table.header.row, table.header.first_row)
        used = _completed(mapping, sheet, here, issues)
        wanted = [heading for heading in wanted_headings(used) if YEAR_NAME not in heading]
        places = {name: places_called(here, name) for name in wanted}
        problems = _place_issues(mapping, sheet, here, places)
        issues += problems
        if not problems:
            found.append(_Found(table, {name: at[0] for name, at in places.items()}, used))
    return found


def _needs(mapping: Mapping, sheet: Sheet, header: Header) -> Needs:
    """Give the columns of name and cost, as far as the mapping names them."""
    here = headings_at(sheet, header.row, header.first_row)

    def places(names: Sequence[str]) -> list[int]:
        named = [heading for name in names for heading in mapping.columns.get(name, ())]
        return [place for heading in named for place in places_called(here, heading)[:1]]

    filled = set(mapping.fill_down) & set(mapping.columns.get("name", ()))
    return Needs([] if filled else places(("name",)), places(COSTS[mapping.reads]))


def _completed(mapping: Mapping, sheet: Sheet, headings: Headings, issues: list[Issue]) -> Mapping:
    """Add the columns that are known by their headings, where the mapping says so; several for one field are asked."""
    if not mapping.known_headings:
        return mapping
    names, about = FIELDS[mapping.reads], _about(mapping)
    given = mapping.columns.keys() | mapping.constants.keys() | mapping.codes.keys()
    taken = {place for hs in mapping.columns.values() for h in hs for place in places_called(headings, h)}
    free = {place: levels for place, levels in headings.levels.items() if place not in taken}
    header = header_of(Headings(headings.first_row, headings.row, free), names, about)
    asked = header_issues(sheet, header, names, about)
    issues.extend(issue for issue in asked if issue.code == "column-twice" and issue.field not in given)
    if mapping.reads is Reads.COMMITMENTS and "annual_cost" not in given:
        issues.extend(cost_unclear(sheet, header))
    known = {name: (headings.texts[place],) for name, place in header.fields.items() if name not in given}
    return mapping.model_copy(update={"columns": {**mapping.columns, **known}})


def _header(headings: Headings) -> Header:
    return Header(headings.row, {}, (), headings.texts, headings.first_row)


def _place_issues(mapping: Mapping, sheet: Sheet, here: Headings, places: Values[str, list[int]]) -> list[Issue]:
    where = Where(sheet.file, sheet.name, f"row {here.row + 1}")
    whole = _whole_header(mapping, sheet, here)
    issues = []
    for name, at in places.items():
        if not at:
            hint = _hint_on_missing(name, here, whole)
            issues.append(error("column-missing", f"no column is headed `{name}`", where=where, found=name, hint=hint))
        elif len(at) > 1:
            columns = " and ".join(letters(place) for place in at)
            both = "are both" if len(at) == 2 else "are all"  # noqa: PLR2004 - two of them
            message = f"columns {columns} {both} headed `{name}`"
            hint = _hint_on_several(name, at, here, whole)
            issues.append(error("column-twice", message, where=where, found=name, hint=hint))
    return issues


def _whole_header(mapping: Mapping, sheet: Sheet, here: Headings) -> Headings | None:
    """Give the header with the rows above the one that the mapping names; None where it names all rows, or none."""
    whole = headings_at(sheet, here.row) if len(mapping.header_row) == 1 else here
    return whole if whole.first_row < here.first_row else None


def _hint_on_missing(name: str, here: Headings, whole: Headings | None) -> str:
    if whole is not None and places_called(whole, name):
        return f"say `header_row: [{whole.first_row + 1}, {whole.row + 1}]`, since the header has several rows"
    below = [here.texts[place] for place, levels in here.levels.items() if folded(name) in map(folded, levels[:-1])]
    if below:
        return f"it stands over several columns: write one in full, {_either(below)}"
    present = [text for text in here.texts.values() if not is_blank(text)]
    return choose_from(name, list(dict.fromkeys(present)))


def _hint_on_several(name: str, at: Sequence[int], here: Headings, whole: Headings | None) -> str:
    full = whole or here
    texts = list(dict.fromkeys(full.texts[place] for place in at))
    if len(texts) == len(at):
        rows = f" and `header_row: [{full.first_row + 1}, {full.row + 1}]`" if whole is not None else ""
        return f"write it in full: {_either(texts)}{rows}"
    return f"write its letter behind it: {_either([f'{name} [{letters(place)}]' for place in at])}"


def _either(texts: Sequence[str]) -> str:
    return " or ".join(f"`{text}`" for text in texts)


def nearest_headings(mapping: Mapping, sheets: Sequence[Sheet]) -> str | None:
    """Say which headings of a mapping are missing from the row that has the most of them; None where no row has any.

    Args:
        mapping: The mapping.
        sheets: Sheets without a row that has all of them.
    """
    wanted = _mapped_headings(mapping)
    best: tuple[int, str] | None = None
    for sheet in sheets:
        for row in range(min(len(sheet.rows), _LOOKED_AT)):
            headings = continued(sheet, headings_at(sheet, row))
            missing = [name for name in wanted if not places_called(headings, name)]
            if len(missing) < len(wanted) and (best is None or len(missing) < best[0]):
                hints = " ".join(f"`{name}`: {_hint_on_missing(name, headings, None)}" for name in missing)
                best = (len(missing), f"row {row + 1} of `{sheet.name}` lacks {hints}")
    return None if best is None else best[1]


def _header_missing(mapping: Mapping, sheet: Sheet) -> Issue:
    headings = ", ".join(f"`{heading}`" for heading in _mapped_headings(mapping))
    message = f"no row has all the headings of the mapping: {headings}"
    hint = "compare the headings with the sheet, or say `header_row`"
    return error("header-not-found", message, where=Where(sheet.file, sheet.name), hint=hint)
