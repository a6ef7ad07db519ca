"""Tables on a sheet: where their headers are, which column is which field, and where they end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Where, error, note, warning
from esser_gap.read.headings import field_of, folded
from esser_gap.read.narrow_tables import Needs, narrow_table
from esser_gap.read.numbers import is_placeholder, written_number
from esser_gap.read.sheets import Sheet, letters
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from esser_gap.read.values import Raw

_HEADER_WITHIN = 60
"""A header is looked for in this many rows from the top, and below them only when it is not there."""
_MOST_ROWS_OF_A_HEADER = 3
_YEARS = range(1990, 2101)
_TITLES = 20
"""So many rows above a header may hold titles that are repeated."""
_DIGITS = re.compile(r"\d+")
_NEAR = 3
"""So far below a header stand the first figures under it, headings of sections in between."""
_ALIKE_WITHIN = 50
"""In so many rows below, a word of data stands again in its column."""
_SPEAKS_OF_ALL = re.compile(r":(?:\s|$)|^page\s+\d|^(?:printed|prepared|run|revised|as of)\b", re.IGNORECASE)
_UNIT = re.compile(
    r"\(?\s*(?:in\s+)?(?:(?:us\s*)?\$\s*(?:000'?s?|k|m{1,2}|mil\w*|thousands|millions)?|usd|(?:us\s+)?dollars|thousands"
    r"|millions|000'?s?|%|percent|pct|fte|each|count|number|years?|months?|days|date|text|yes/no|y/n|#)"
    r"(?:\s+of\s+dollars)?\s*\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table, of one row or several.

    Attributes:
        row: Place of its last row, counted from 0.
        fields: Place of each field's column, counted from 0.
        others: Places of columns with a heading that is no field.
        headings: Heading of each column as a person reads it, from the top row down.
        first_row: Place of its first row.
    """

    row: int
    fields: dict[str, int] = field(default_factory=dict)
    others: tuple[int, ...] = ()
    headings: dict[int, str] = field(default_factory=dict)
    first_row: int = 0

    @property
    def columns(self) -> dict[str, str]:
        """Give column letters by field."""
        return {name: letters(place) for name, place in self.fields.items()}

    def last_texts(self, sheet: Sheet) -> dict[int, str]:
        """Give what the last row of the header says over each column, else what the rows above it say.

        Args:
            sheet: The sheet it stands on.
        """
        row = sheet.rows[self.row]
        own = {place: shown(row[place]) for place in self.headings if place < len(row) and not is_blank(row[place])}
        return {**self.headings, **own}

    @property
    def extent(self) -> tuple[int, int]:
        """Give the places of its first and last column."""
        places = sorted(self.headings) or [0]
        return places[0], places[-1]


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a sheet.

    Attributes:
        sheet: The sheet.
        header: Its header.
        end: Place of the first row below it.
        is_other: Whether it has other headings than the tables that are read.
    """

    sheet: Sheet
    header: Header
    end: int
    is_other: bool = False


# --- headings ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands over each column, in a header that ends in a certain row.

    Attributes:
        first_row: Place of the header's first row.
        row: Place of its last row.
        levels: Texts over each column, from the top row down.
        is_merged: Whether headings are merged down over its rows, which says for sure that these are its rows.
    """

    first_row: int
    row: int
    levels: dict[int, tuple[str, ...]]
    is_merged: bool = False

    @property
    def texts(self) -> dict[int, str]:
        """Give each heading in one line."""
        return {place: " ".join(dict.fromkeys(levels)) for place, levels in self.levels.items()}

    def readings(self, place: int) -> tuple[str, ...]:
        """Give what a heading may be called: all its rows, or its last row alone."""
        levels = self.levels[place]
        return tuple(dict.fromkeys((" ".join(dict.fromkeys(levels)), levels[-1])))

    def endings(self, place: int) -> tuple[str, ...]:
        """Give what the lower rows of a heading say, without the last one alone: `FY27 Budget` below `Cost`."""
        levels = self.levels[place]
        return tuple(" ".join(dict.fromkeys(levels[n:])) for n in range(1, len(levels) - 1))


def headings_at(sheet: Sheet, row: int, first_row: int | None = None) -> Headings:
    """Read the header that ends in a row; rows above belong to it when they name several columns, too.

    Args:
        sheet: The sheet.
        row: Place of its last row.
        first_row: Place of its first row, where it is known.
    """
    cells = {place: shown(cell) for place, cell in enumerate(sheet.rows[row]) if not is_blank(cell)}
    levels: dict[int, tuple[str, ...]] = {place: (text,) for place, text in cells.items()}
    top = row
    while row - top < _MOST_ROWS_OF_A_HEADER - 1 and top > 0 and (first_row is None or top > first_row):
        if first_row is None and not (_names_columns(sheet, top - 1, levels) or _reaches_down(sheet, top - 1, row)):
            break
        top -= 1
        for place, text in _spread(sheet, top, levels).items():
            levels[place] = (text, *levels.get(place, ()))
    return Headings(top, row, levels, is_merged=top < row and _reaches_down(sheet, top, row))


def _names_columns(sheet: Sheet, row: int, below: dict[int, tuple[str, ...]]) -> bool:
    """Tell whether a row can be the upper part of a header: words over several of its columns, no figures."""
    filled = {place: cell for place, cell in enumerate(sheet.rows[row]) if not is_blank(cell)}
    # Some cells say something about the whole, such as `District:`, `Fund: 205` or `Page 1`.
    if not filled or not below or any(_SPEAKS_OF_ALL.search(shown(cell)) for cell in filled.values()):
        return False
    if not all(_is_word(cell) for cell in filled.values()):
        return False
    inside = [place for place in filled if min(below) <= place <= max(below)]
    if len(filled) == 1:
        # A single cell is a title, but not over the middle of a header, merged over some of its columns.
        return bool(inside) and inside[0] > min(below) and _merged_to(sheet, row).get(inside[0], 0) <= max(below)
    beside = [place for place in filled if place not in below]
    return len(inside) > 1 or (bool(inside) and bool(beside))


def _reaches_down(sheet: Sheet, row: int, last: int) -> bool:
    """Tell whether a cell is merged from a row, or from above it, down to the last row of a header."""
    merged = any(first <= row and end == last for first, _, end, _ in sheet.merges if end > first)
    return merged and all(map(_is_word, (cell for cell in sheet.rows[row] if not is_blank(cell))))


def merged_down_to(sheet: Sheet, first_row: int, row: int) -> int:
    """Give the last row of a header whose headings are merged down over further rows, its own where none is.

    Args:
        sheet: The sheet.
        first_row: Place of its first row.
        row: Place of its last row as far as it was found.
    """
    ends = [
        end
        for first, place, end, _ in sheet.merges
        if first_row <= first <= row < end and _has_text(sheet, first, place)
    ]
    last = row
    for below in range(
        row + 1, min([max(ends, default=row), first_row + _MOST_ROWS_OF_A_HEADER - 1, len(sheet.rows) - 1]) + 1
    ):
        cells = [cell for cell in sheet.rows[below] if not is_blank(cell)]
        if not all(_is_word(cell) or _is_unit(cell) for cell in cells):
            break
        # What the columns are in is added to their headings by `with_units`.
        last = below if any(not _is_unit(cell) for cell in cells) else last
    return last


def _has_text(sheet: Sheet, row: int, place: int) -> bool:
    return row < len(sheet.rows) and place < len(sheet.rows[row]) and not is_blank(sheet.rows[row][place])


def _is_unit(cell: Raw) -> bool:
    return isinstance(cell, str) and _UNIT.fullmatch(shown(cell)) is not None


def _is_word(cell: Raw) -> bool:
    """Tell whether a cell can be a heading: text that is no figure, or a year."""
    return _is_year(cell) or (isinstance(cell, str) and not _is_figure(cell))


def _is_year(cell: Raw) -> bool:
    if isinstance(cell, str):
        return len(cell) == 4 and cell.isdecimal() and int(cell) in _YEARS  # noqa: PLR2004 - digits
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in _YEARS


def _merged_to(sheet: Sheet, row: int) -> dict[int, int]:
    """Give the last column of each cell of a row that is merged to the right."""
    return {first: last for top, first, _, last in sheet.merges if top == row and last > first}


def _spread(sheet: Sheet, row: int, below: dict[int, tuple[str, ...]]) -> dict[int, str]:
    """Give the text of an upper header row over each column; what is merged, or blank to the right, is spread."""
    cells, ends = sheet.rows[row], _merged_to(sheet, row)
    is_alone = sum(not is_blank(cell) for cell in cells) == 1
    last, until = "", -1
    spread: dict[int, str] = {}
    for place in range(max([len(cells), *[p + 1 for p in below]])):
        cell = cells[place] if place < len(cells) else None
        if not is_blank(cell):
            # What is not merged goes on up to the next one; a single one only stands over its own column.
            last, until = shown(cell), ends.get(place, place if is_alone or ends else max(below))
            spread[place] = last
        elif place in below and place <= until:
            spread[place] = last
    return spread


# --- headers -----------------------------------------------------------------------------------


def find_header(sheet: Sheet, names: tuple[str, ...], about: str, needed: Iterable[str]) -> Header | None:
    """Find the header whose headings name the most fields.

    Args:
        sheet: The sheet.
        names: Field names.
        about: `commitment` or `source`, the list of other headings to use.
        needed: Fields without which a row is no header.

    Returns:
        The header, or None when no row is one.
    """
    best: Header | None = None
    for place in range(len(sheet.rows)):
        if place == _HEADER_WITHIN and best is not None:
            break
        row = sheet.rows[place]
        if not _has_words(row) or _is_data(row, names, about):
            continue
        header = header_at(sheet, place, names, about)
        is_header = all(name in header.fields for name in needed) and len(header.fields) > 1
        if is_header and (best is None or len(header.fields) > len(best.fields)):
            best = header
            if place >= _HEADER_WITHIN:
                break
    return None if best is None else _continued(sheet, best, names, about)


def _has_words(row: list[Raw]) -> bool:
    """Tell whether a row has texts in several cells, as a header has and a title has not."""
    return sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) > 1


def _is_data(row: list[Raw], names: tuple[str, ...], about: str) -> bool:
    """Tell quickly that a row is no header: more figures than words, and no word that names a field."""
    texts = [cell for cell in row if isinstance(cell, str) and cell]
    figures = sum(isinstance(cell, (int, float)) and not _is_year(cell) for cell in row)
    return figures > len(texts) and not any(field_of(text, names, about) for text in texts)


def _continued(sheet: Sheet, header: Header, names: tuple[str, ...], about: str) -> Header:
    headings = headings_at(sheet, header.row, header.first_row)
    further = continued(sheet, headings)
    return header if further is headings else header_of(further, names, about)


def continued(sheet: Sheet, headings: Headings) -> Headings:
    """Add the rows below that part columns of a header, as `FY26` and `FY27` below `Cost` do; the same without one.

    Args:
        sheet: The sheet.
        headings: What stands over each column as far as it was found.
    """
    last = merged_down_to(sheet, headings.first_row, headings.row)
    if last > headings.row:
        return headings_at(sheet, last, headings.first_row)
    further = _one_more(sheet, headings)
    return headings if further is headings else continued(sheet, further)


def _one_more(sheet: Sheet, headings: Headings) -> Headings:
    row = headings.row + 1
    if row >= len(sheet.rows) or row - headings.first_row >= _MOST_ROWS_OF_A_HEADER:
        return headings
    filled = {place: cell for place, cell in enumerate(sheet.rows[row]) if not is_blank(cell)}
    above = sheet.rows[headings.row]
    parts = [place for place in filled if place >= len(above) or is_blank(above[place])]
    is_left_open = len(filled) > 1 and min(filled) > min(headings.levels)
    if not parts or not is_left_open or not all(map(_is_word, filled.values())):
        return headings
    further = headings_at(sheet, row, headings.first_row)
    return further if all(len(further.levels[place]) > 1 for place in filled) else headings


def header_at(sheet: Sheet, row: int, names: tuple[str, ...], about: str) -> Header:
    """Read a row as the last one of a header; a field that two columns name keeps the first (see `header_issues`).

    Args:
        sheet: The sheet.
        row: Place of the row.
        names: Field names.
        about: `commitment` or `source`, the list of other headings to use.
    """
    return header_of(headings_at(sheet, row), names, about)


def header_of(headings: Headings, names: tuple[str, ...], about: str) -> Header:
    """Find the fields that headings name; a field that two columns name keeps the first.

    Args:
        headings: What stands over each column.
        names: Field names.
        about: `commitment` or `source`, the list of other headings to use.
    """
    fields: dict[str, int] = {}
    others = []
    for place in sorted(headings.levels):
        named = _fields_at(headings, place, names, about)
        # What stands over several columns may make two of them look like one field.
        name = next((each for each in named if each not in fields), None)
        if name is None:
            others.append(place)
        else:
            fields[name] = place
    return Header(headings.row, fields, tuple(others), headings.texts, headings.first_row)


def _fields_at(headings: Headings, place: int, names: tuple[str, ...], about: str) -> list[str]:
    """List the fields that a heading may mean: a field's own name first, then other headings, each in full first."""
    # A field's own name may stand above a year or a version, if it stands over no other column.
    top = headings.levels[place][0]
    is_alone = headings.is_merged and sum(levels[0] == top for levels in headings.levels.values()) == 1
    above = [top] if is_alone and any(folded(top) == folded(name) for name in names) else []
    readings = [*headings.readings(place), *above]
    found = [(text, field_of(text, names, about)) for text in readings]
    own = [name for text, name in found if name is not None and folded(text) == folded(name)]
    return list(dict.fromkeys([*own, *(name for _, name in found if name is not None)]))


def header_issues(sheet: Sheet, header: Header, names: tuple[str, ...], about: str) -> list[Issue]:
    """Find columns that name a field twice (an error) or no field (a note).

    Args:
        sheet: The sheet.
        header: Its header.
        names: Field names.
        about: `commitment` or `source`.
    """
    issues = []
    headings = headings_at(sheet, header.row, header.first_row if header.headings else None)
    for place in header.others:
        heading = headings.texts[place]
        where = Where(sheet.file, sheet.name, f"{letters(place)}{header.row + 1}")
        name = next(iter(_fields_at(headings, place, names, about)), None)
        if name is None:
            message = f"the column `{heading}` is not read"
            hint = "rename it to a field, or map it, if it should be"
            issues.append(note("column-not-read", message, where=where, found=heading, hint=hint))
            continue
        place_of_first = header.fields[name]
        first = headings.texts[place_of_first]
        meant = first if first != heading else f"{first} [{letters(place_of_first)}]"
        message = f"the columns `{first}` and `{heading}` both look like `{name}`"
        hint = f"rename one, or say which: `known_headings: yes` and `columns: {{{name}: {meant}}}` in a mapping"
        issues.append(error("column-twice", message, where=where, field=name, found=heading, hint=hint))
    return issues


# --- extents -----------------------------------------------------------------------------------


def tables_below(
    sheet: Sheet, header: Header, header_here: Callable[[int], Header | None], needs: Callable[[Header], Needs]
) -> list[Table]:
    """List the tables that begin with a header and with further headers below it on the same sheet.

    Args:
        sheet: The sheet.
        header: The first header.
        header_here: Gives the header that ends in a row, None when the row is none.
        needs: Gives what every row below a header fills in, by which a narrow table at its end is told.

    Returns:
        Tables in the order of the sheet. A header that is only repeated, as at the top of each page, begins none.
    """
    starts = [header]
    others: set[int] = set()
    for place in _starts_below(sheet, header.row):
        found = header_here(place)
        if found is None and _begins_other(sheet, place, starts[-1]):
            headings = headings_at(sheet, place)
            found = Header(place, {}, (), headings.texts, headings.first_row)
            others.add(len(starts))
        if found is not None and found.headings != starts[-1].headings:
            starts.append(found)
    ends = [*(start.first_row for start in starts[1:]), len(sheet.rows)]
    pairs = zip(starts, ends, strict=True)
    tables = (Table(sheet, with_units(sheet, start), end, is_other=n in others) for n, (start, end) in enumerate(pairs))
    return [part for table in tables for part in _without_narrow(table, needs)]


def _without_narrow(table: Table, needs: Callable[[Header], Needs]) -> list[Table]:
    """Part a narrow table from the end of a table."""
    sheet, header = table.sheet, table.header
    place = None if table.is_other else narrow_table(sheet.rows, header.row + 1, table.end, needs(header))
    if place is None:
        return [table]
    headings = {p: shown(cell) for p, cell in enumerate(sheet.rows[place]) if not is_blank(cell)}
    below = Table(sheet, Header(place, {}, (), headings, place), table.end, is_other=True)
    return [replace(table, end=place), below]


def with_units(sheet: Sheet, header: Header) -> Header:
    """Add the row of units below a header, such as `($000)`, to what its columns are called.

    Args:
        sheet: The sheet.
        header: The header.
    """
    row = sheet.rows[header.row + 1] if header.row + 1 < len(sheet.rows) else []
    if not is_row_of_units(header, header.row + 1, row):
        return header
    units = {place: shown(cell) for place, cell in enumerate(row) if not is_blank(cell)}
    headings = {place: f"{text} {units[place]}" if place in units else text for place, text in header.headings.items()}
    return replace(header, headings=headings)


def is_row_of_units(header: Header, place: int, row: list[Raw]) -> bool:
    """Tell whether a row directly below a header only says what its columns are in.

    Args:
        header: The header.
        place: Place of the row.
        row: Its cells.
    """
    cells = [cell for cell in row if not is_blank(cell)] if place == header.row + 1 else []
    return bool(cells) and all(map(_is_unit, cells))


def _begins_other(sheet: Sheet, place: int, header: Header) -> bool:
    """Tell whether a row of words heads other columns: all cells below stand under its words, and none stands again."""
    row = sheet.rows[place]
    words = {p for p, cell in enumerate(row) if not is_blank(cell)}
    below = [each for each in sheet.rows[place + 1 : place + _ALIKE_WITHIN] if len(each) - each.count("") > 1]
    data = next((each for each in below[:_NEAR] if any(map(_is_figure, each))), [])
    filled = [p for p, cell in enumerate(data) if not is_blank(cell)]
    # Only the first column of a table may have no heading.
    if not filled or any(p not in words for p in filled[1:]) or is_repeated_header(header, row):
        return False
    if any(_says_something_else(row[p]) for p in words) or not _are_years(row):
        return False
    if repeats_titles(row, printed_above(sheet, header)):
        return False
    # A row of the table that only lacks its figure has a word that stands again in one of its columns.
    others = [*sheet.rows[header.row + 1 : place], *below]
    return not any(p < len(other) and other[p] == row[p] for other in others for p in words)


def _are_years(row: list[Raw]) -> bool:
    """Tell whether numbers in a row can be years above columns, several in sequence; a single 2000 is dollars."""
    years = sorted(cell for cell in row if isinstance(cell, (int, float)))
    return not years or (len(years) > 1 and years == list(range(int(years[0]), int(years[0]) + len(years))))


def _says_something_else(cell: Raw) -> bool:
    """Tell whether a cell is no heading: `Page 2` says something about the whole, `TBD` stands for a figure."""
    return isinstance(cell, str) and (is_placeholder(cell) or _SPEAKS_OF_ALL.search(shown(cell)) is not None)


def printed_above(sheet: Sheet, header: Header) -> frozenset[str]:
    """Give what stands above a header, for `repeats_titles`.

    Args:
        sheet: The sheet.
        header: The header.
    """
    rows = sheet.rows[max(0, header.first_row - _TITLES) : header.first_row]
    return frozenset(_with_open_digits(cell) for row in rows for cell in row if not is_blank(cell))


def repeats_titles(row: list[Raw], printed: frozenset[str]) -> bool:
    """Tell whether a row below a header repeats what stands above it, as the top of each printed page does.

    Args:
        row: Cells of the row.
        printed: What stands above the header (see `printed_above`).
    """
    if not printed or any(isinstance(cell, (int, float)) for cell in row):
        return False
    cells = [cell for cell in row if not is_blank(cell)]
    is_wordy = any(isinstance(cell, str) for cell in cells)
    return is_wordy and all(_with_open_digits(cell) in printed for cell in cells)


def _with_open_digits(cell: Raw) -> str:
    """Write a cell with every number in it left open, such as that of the page or the time of printing."""
    return _DIGITS.sub("#", shown(cell).casefold())


def _starts_below(sheet: Sheet, row: int) -> Iterator[int]:
    """Give the rows below a header that could be one: with words in several cells and no figure."""
    previous_is_data = True
    usual: list[int] = []
    for place in range(row + 1, len(sheet.rows)):
        cells = sheet.rows[place]
        # Nearly every row has a figure where another one above has its first.
        if _has_figure(cells, usual):
            previous_is_data = True
            continue
        filled = len(cells) - cells.count("")
        figure = next((p for p, cell in enumerate(cells) if _is_figure(cell)), None)
        # A table begins after a blank row or a title; anything else is the table above going on.
        if filled > 1 and not previous_is_data and figure is None:
            yield place
        previous_is_data = filled > 1 and figure is not None
        if figure is not None:
            usual.append(figure)


def _has_figure(cells: list[Raw], places: list[int]) -> bool:
    for place in places:  # noqa: SIM110 - a generator takes three times as long
        if place < len(cells) and _is_figure(cells[place]):
            return True
    return False


def _is_figure(cell: Raw) -> bool:
    """Tell whether a cell is no word and no year, as the cells of a header are."""
    if cell.__class__ is float:
        return not (1990 <= cell <= 2100 and cell.is_integer())  # noqa: PLR2004 - years
    if isinstance(cell, str):
        return bool(cell) and _is_written_figure(cell)
    return cell is not None and not _is_year(cell)


@lru_cache(maxsize=100_000)
def _is_written_figure(text: str) -> bool:
    return not _is_year(text.strip()) and written_number(text) is not None


def is_repeated_header(header: Header, row: list[Raw]) -> bool:
    """Tell whether a row below a header says the same again, or a part of it, as on each printed page.

    Args:
        header: The header.
        row: Cells of the row.
    """
    words = {}
    for place, cell in enumerate(row):
        if is_blank(cell):
            continue
        if _is_figure(cell) or place not in header.headings:
            return False
        words[place] = cell
    # A single word may be the name of a section, but not below a header that has its columns parted.
    least = 1 if header.first_row < header.row else 2
    return len(words) >= least and all(
        (word := folded(shown(cell))) and word in folded(header.headings[place]) for place, cell in words.items()
    )


def other_table_issue(table: Table) -> Issue:
    """Warn that a table with other headings stands below, which is not read.

    Args:
        table: The other table.
    """
    headings = ", ".join(f"`{text}`" for text in table.header.headings.values())
    message = f"rows {table.header.row + 1} to {table.end} are another table, headed {headings}, and are not read"
    hint = "read it by a mapping of its own with `area`, if it should be"
    where = Where(table.sheet.file, table.sheet.name, f"row {table.header.row + 1}")
    return warning("table-not-read", message, where=where, hint=hint)


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
