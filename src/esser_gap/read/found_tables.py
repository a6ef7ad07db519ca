"""Tables found by their shape: words over figures, wherever they stand on a sheet, below or beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from esser_gap.read.headings import folded
from esser_gap.read.numbers import is_placeholder
from esser_gap.read.rows import amount_of
from esser_gap.read.sheets import letters
from esser_gap.read.tables import Header, Table, headings_at, is_repeated_header, with_units
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw

    Row = Sequence[Raw]

_YEARS = range(1990, 2101)
_FEW = 2
_SAMPLE = 12
"""As many rows below a header show which of its columns hold figures."""
_NEAR = 6
"""A header has a figure within this many rows below it."""
_LEAST_PAIRS = 3
"""Two columns are a table when at least so many rows of them hold a figure; fewer are labels with values."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table and where it stands.

    Attributes:
        table: The table, on its sheet; of a sheet with tables side by side only its own columns are filled.
        top: Place of the first row that belongs to it: titles above its header begin there.
        area: Its columns, such as `F:I`, where other tables stand beside it; blank where none does.
        whole: The whole sheet, where the table's sheet is a part of it.
    """

    table: Table
    top: int = 0
    area: str = ""
    whole: Sheet | None = None


def tables_by_shape(sheet: Sheet, top: int = 0, end: int | None = None) -> list[FoundTable]:
    """Find the tables of a sheet whose headings are not known, in order of their rows, then of their columns.

    Args:
        sheet: The sheet.
        top: Place of the first row to look at.
        end: Place of the row below the last one to look at; None: the sheet's end.
    """
    stop = len(sheet.rows) if end is None else end
    parts = parts_of(sheet, top, stop)
    found = [
        replace(each, area=area, whole=sheet if area else None)
        for area, part in parts
        for each in _stacked(part, top, stop)
    ]
    return placed(found)


# --- side by side ------------------------------------------------------------------------------


def parts_of(sheet: Sheet, top: int, end: int) -> list[tuple[str, Sheet]]:
    """Part a sheet at blank columns that have a table of their own on each side.

    Args:
        sheet: The sheet.
        top: Place of the first row to look at.
        end: Place of the row below the last one.

    Returns:
        Columns (`A:D`) and the sheet with nothing outside them; the whole sheet, without columns, when it has one part.
    """
    bands = _bands(sheet.rows[top:end])
    groups = bands[:1]
    for band in bands[1:]:
        if _stands_alone(sheet, groups[-1], band, top, end):
            groups.append(band)
        else:
            groups[-1] = (groups[-1][0], band[1])
    if len(groups) < _FEW:
        return [("", sheet)]
    return [(f"{letters(first)}:{letters(last)}", _only(sheet, first, last)) for first, last in groups]


def _bands(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Give first and last place of each run of columns that hold something in a row with several cells."""
    used: set[int] = set()
    for row in rows:
        if len(row) - row.count("") > 1:
            filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
            used.update(filled if len(filled) > 1 else ())
    places = sorted(used)
    starts = [place for place in places if place - 1 not in used]
    ends = [place for place in places if place + 1 not in used]
    return list(zip(starts, ends, strict=True))


def _only(sheet: Sheet, first: int, last: int) -> Sheet:
    rows = [["" if not first <= place <= last else cell for place, cell in enumerate(row)] for row in sheet.rows]
    return replace(sheet, rows=rows)


def _stands_alone(sheet: Sheet, left: tuple[int, int], right: tuple[int, int], top: int, end: int) -> bool:
    """Tell whether columns are a table beside another one, and not its last columns behind a blank one."""
    tables = [next(iter(_stacked(_only(sheet, *band), top, end)), None) for band in (left, right)]
    first, second = tables
    if first is None or second is None or not _has_labels(second.table, right[0]):
        return False
    mine, other = first.table.header, second.table.header
    repeated = {folded(text) for text in mine.headings.values()} & {folded(text) for text in other.headings.values()}
    if repeated or mine.row != other.row:
        return True
    one, two = (_filled_rows(each.table) for each in (first, second))
    differ = one ^ two
    # What is only sometimes filled in is a column; a table that ends earlier is one of its own.
    return bool(differ) and min(differ) > min(max(one, default=0), max(two, default=0))


def _has_labels(table: Table, place: int) -> bool:
    rows = table.sheet.rows[table.header.row + 1 : table.end][:_SAMPLE]
    cells = [row[place] for row in rows if place < len(row) and not is_blank(row[place])]
    return place in table.header.headings and sum(isinstance(cell, str) for cell in cells) * 2 > len(cells)


def _filled_rows(table: Table) -> set[int]:
    rows = table.sheet.rows
    return {n for n in range(table.header.row + 1, table.end) if any(not is_blank(cell) for cell in rows[n])}


# --- below each other --------------------------------------------------------------------------


def _stacked(sheet: Sheet, top: int, end: int) -> Iterator[FoundTable]:
    """Give the tables of a sheet, or of a part of it, from the top down."""
    headers = list(_headers(sheet, top, end))
    ends = [_title_row(sheet, below.first_row, above.row + 1) for above, below in pairwise(headers)]
    for header, stop in zip(headers, [*ends, end], strict=False):
        yield FoundTable(Table(sheet, with_units(sheet, header), stop))


def _title_row(sheet: Sheet, start: int, least: int) -> int:
    """Go up over the titles that stand directly above a header."""
    place = start
    while place > least and 0 < len(sheet.rows[place - 1]) - sheet.rows[place - 1].count("") < _FEW:
        place -= 1
    return place


def _headers(sheet: Sheet, top: int, end: int) -> Iterator[Header]:
    current: Header | None = None
    is_inside = False
    place = top
    while place < end:
        row = sheet.rows[place]
        filled = len(row) - row.count("")
        if filled < _FEW or not _is_wordy(row):
            is_inside = filled >= _FEW
            place += 1
            continue
        last = None
        if not is_inside and not (current is not None and is_repeated_header(current, list(row))):
            last = _last_row(sheet, place, end)
        if last is not None and not (current is not None and _goes_on(sheet, current, last)):
            headings = headings_at(sheet, last)
            header = Header(last, {}, (), headings.texts, max(headings.first_row, top))
            if current is None or header.headings != current.headings:
                current = header
                yield header
            is_inside = True
        place = place + 1 if last is None else last + 1


def _is_wordy(row: Row) -> bool:
    """Tell whether a row can head columns: words or years in several cells, at least one word, and no figure."""
    filled = [cell for cell in row if not is_blank(cell)]
    if len(filled) < _FEW or any(isinstance(cell, str) and cell.rstrip().endswith(":") for cell in filled):
        return False
    words = sum(isinstance(cell, str) and amount_of(cell) is None for cell in filled)
    return words > 0 and all(_heads(cell) for cell in filled)


def _heads(cell: Raw) -> bool:
    if isinstance(cell, str):
        return amount_of(cell) is None or _is_year(cell)
    return _is_year(cell) or isinstance(cell, date)


def _is_year(cell: Raw) -> bool:
    if isinstance(cell, str):
        return cell.strip().isdecimal() and len(cell.strip()) < 5 and int(cell) in _YEARS  # noqa: PLR2004 - digits
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in _YEARS


def _last_row(sheet: Sheet, start: int, end: int) -> int | None:
    """Find the last row of a header that begins in a row of words; None when no figures stand below it."""
    block = [start]
    while block[-1] + 1 < end and _is_wordy(sheet.rows[block[-1] + 1]):
        block.append(block[-1] + 1)
    figures, rows = _figures_below(sheet, block[-1] + 1, end)
    heads = [(place, _over(sheet.rows[place], figures)) for place in block]
    enough = [place for place, over in heads if over and over * 2 >= len(figures)]
    if not enough:
        return None
    width = len(headings_at(sheet, enough[-1]).levels)
    return enough[-1] if width > _FEW or rows >= _LEAST_PAIRS else None


def _over(row: Row, places: set[int]) -> int:
    """Count the places over which a row has a heading; a word such as `TBD` is none."""
    cells = [row[place] for place in places if place < len(row) and not is_blank(row[place])]
    return sum(not (isinstance(cell, str) and is_placeholder(cell.strip())) for cell in cells)


def _figures_below(sheet: Sheet, start: int, end: int) -> tuple[set[int], int]:
    """Give the columns that hold figures or dates in the rows below a header, and how many rows do."""
    places: set[int] = set()
    rows = seen = 0
    for row in sheet.rows[start:end]:
        filled = [(place, cell) for place, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            continue
        seen += 1
        here = {place for place, cell in filled if _is_figure(cell)}
        if len(filled) > 1 and here:
            rows += 1
            places |= here
        if seen >= _SAMPLE or (seen >= _NEAR and not rows):
            break
    return places, rows


def _is_figure(cell: Raw) -> bool:
    return isinstance(cell, (date, datetime)) or (not isinstance(cell, bool) and amount_of(cell) is not None)


def _goes_on(sheet: Sheet, header: Header, place: int) -> bool:
    """Tell whether a row of words is data of the table above: it repeats a word that stands in its column there."""
    words = {p: cell for p, cell in enumerate(sheet.rows[place]) if not is_blank(cell)}
    above = sheet.rows[header.row + 1 : place]
    return any(p < len(row) and row[p] == cell for row in above for p, cell in words.items())


def placed(found: Sequence[FoundTable]) -> list[FoundTable]:
    """Let each table begin below the ones above it, with the titles that stand directly over its header.

    Args:
        found: All tables of one sheet.

    Returns:
        The same tables, from the top down; the topmost begin with the sheet.
    """
    tables = sorted(found, key=lambda each: (each.table.header.first_row, each.table.header.extent))
    return [replace(each, top=_top(each, tables)) for each in tables]


def _top(found: FoundTable, tables: Sequence[FoundTable]) -> int:
    header = found.table.header
    headers = [other.table.header for other in tables]
    above = [other.row + 1 for other in headers if other.row < header.first_row and _overlap(other, header)]
    return _title_row(found.table.sheet, header.first_row, max(above)) if above else 0


def _overlap(one: Header, other: Header) -> bool:
    return one.extent[0] <= other.extent[1] and other.extent[0] <= one.extent[1]


# --- what stands around a table ----------------------------------------------------------------


def titles_above(found: FoundTable) -> list[tuple[int, str]]:
    """List the texts above a table that belong to it, a row each, with their row numbers.

    Args:
        found: The table.
    """
    end = found.table.header.first_row
    titles = []
    for place in range(found.top, end):
        own = _text_of(found.table.sheet.rows[place])
        # A title that stands alone in its row speaks of all tables below it, whatever its column.
        alone = _text_of(found.whole.rows[place]) if found.whole and _is_title(found.whole.rows[place]) else ""
        titles += [(place + 1, own or alone)] if own or alone else []
    return titles


def _is_title(row: Row) -> bool:
    return sum(not is_blank(cell) for cell in row) == 1


def _text_of(row: Row) -> str:
    return " ".join(shown(cell) for cell in row if not is_blank(cell))
