"""Columns of a table as they are found: what their cells are, which field they are matched to, and what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from esser_gap.model.record import FieldForm, Form
from esser_gap.read.cost_headings import unit_in_titles
from esser_gap.read.dates import Period, date_in, period_in
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.likely_fields import Holds
from esser_gap.read.numbers import is_placeholder
from esser_gap.read.rows import amount_of, is_code_heading
from esser_gap.read.sheets import letters
from esser_gap.read.units import Unit, mixed_units, unit_of
from esser_gap.read.values import NotUnderstood, is_blank, parse, parse_day_or_period, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esser_gap.read.rows import Body
    from esser_gap.read.values import Raw

_MOST = 8
"""Tenths of a column's cells that have to be of one kind."""
_SAMPLE_LENGTH = 40
_MONEY = re.compile(
    r"\b(costs?|prices?|amounts?|budget(ed)?|actuals?|proposed|adopted|approved|expen(se|ses|diture|ditures|ded)"
    r"|salar(y|ies)|wages|awards?|allocations?|encumbered|spent|dollars|revenues?|balance)\b|\$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(ftes?|qty|quantity|count|students?|enrol?lment|headcount|seats|licen[sc]es|devices|hours|days|months|years"
    r"|number of|priority|rank|life|users)\b|%",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"\b(resource|goal|program|project|py|mgmt|dept|department|loc|location|obj|func|prc)\b", re.IGNORECASE
)
"""Headings of codes besides those that no total adds up."""
_PERCENT = re.compile(r"[-+]?[0-9.]+ ?%")
_CODE = re.compile(r"0[0-9]+|[A-Z]?[0-9]+(?:-[A-Z0-9]+)+|[0-9]+(?:\.[A-Z0-9]+){2,}|[A-Z]{1,3}-?[0-9]{2,}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:[0-9]{3}")
_YES_NO = frozenset({"yes", "no", "y", "n", "true", "false"})
_BY_FORM = {
    Form.DATE: Holds.DATES,
    Form.MONTH_DAY: Holds.DATES,
    Form.FISCAL_YEAR: Holds.YEARS,
    Form.SHARE: Holds.PERCENT,
    Form.RATE: Holds.PERCENT,
    Form.MONEY: Holds.DOLLARS,
}
"""What a column holds by the form of its field, whatever its cells look like."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """One column of a table, over all sheets that the table is spread over.

    Attributes:
        place: Its place, counted from 0.
        heading: What stands above it, with a unit below it.
        name: The same as a mapping names it, without the unit.
        holds: What its cells are.
        filled: How many of its cells are not blank.
        rows: How many rows of data there are.
        sample: Its first value as a person sees it.
        unit: Unit of money that is not dollars, None where it is dollars or no money.
        year: Fiscal year that its heading names.
        days: First and last day among its dates.
        starts_with_zero: Whether some of its codes begin with a zero.
        repeats_above: Whether its blank cells mean the value above.
        field: Field it is matched to, blank when to none.
        why: Why it is.
        problems: What is wrong with it, a sentence each.
    """

    place: int
    heading: str
    name: str
    holds: Holds
    filled: int
    rows: int
    sample: str = ""
    unit: Unit | None = None
    year: int | None = None
    days: tuple[date, date] | None = None
    starts_with_zero: bool = False
    repeats_above: bool = False
    field: str = ""
    why: str = ""
    problems: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """Give its letters."""
        return letters(self.place)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one column below the header, with where each stands.

    Attributes:
        place: Place of the column.
        heading: Its heading.
        raws: Cells of the rows of data, in order.
        counts: How often each value stands there, blank cells left out.
    """

    place: int
    heading: str
    raws: list[Raw]
    counts: Counter[tuple[type, Raw]] = field(init=False)

    def __post_init__(self) -> None:
        """Count the values, since most stand there more than once."""
        counted = Counter((type(raw), raw) for raw in self.raws if not is_blank(raw))
        object.__setattr__(self, "counts", counted)

    @property
    def filled(self) -> int:
        """Give how many are not blank."""
        return self.counts.total()


def cells_of(bodies: Sequence[Body], place: int) -> Cells:
    """Take a column of tables with the same headings.

    Args:
        bodies: The tables, with their rows told apart.
        place: Place of the column.
    """
    raws = [row[place] if place < len(row) else None for body in bodies for row in body.rows]
    return Cells(place, bodies[0].table.header.headings[place], raws)


# --- what it holds -----------------------------------------------------------------------------


def held_by(cells: Cells, form: FieldForm | None) -> Holds:
    """Tell what the cells of a column are.

    Args:
        cells: The column.
        form: Form of the field it is matched to, None when it is matched to none.
    """
    kinds: Counter[Holds] = Counter()
    waiting = 0
    for (_, raw), count in cells.counts.items():
        # `TBD` says nothing about what the others are.
        if isinstance(raw, str) and is_placeholder(raw.strip()):
            waiting += count
        else:
            kinds[_kind(raw)] += count
    if not kinds:
        return Holds.TEXT if waiting else Holds.NOTHING
    if form is not None and form.form in _BY_FORM:
        return _BY_FORM[form.form]
    # Codes are numbers, too, unless their heading or their zeros say what they are.
    if kinds[Holds.CODES] * 10 < kinds.total() * _MOST and kinds[Holds.NUMBERS]:
        is_named = is_code_heading(cells.heading) or _CODES.search(cells.heading) is not None
        is_code = _is_text(form) and is_named and not _COUNT.search(cells.heading)
        into, out_of = (Holds.CODES, Holds.NUMBERS) if is_code else (Holds.NUMBERS, Holds.CODES)
        kinds[into] += kinds.pop(out_of, 0)
    kind, count = kinds.most_common(1)[0]
    if count * 10 < kinds.total() * _MOST:
        return Holds.MIXED
    return _figures(cells, form) if kind is Holds.NUMBERS else kind


def _is_text(form: FieldForm | None) -> bool:
    return form is None or form.form in {Form.TEXT, Form.NAMES, Form.PARTS, Form.CHOICE}


def _kind(raw: Raw) -> Holds:
    if isinstance(raw, bool):
        return Holds.YES_NO
    if isinstance(raw, (date, datetime)):
        return Holds.DATES
    if isinstance(raw, str):
        return _kind_of_text(raw.strip())
    return Holds.NUMBERS if isinstance(raw, (int, float)) else Holds.TEXT


def _kind_of_text(text: str) -> Holds:
    if _PERCENT.fullmatch(text):
        return Holds.PERCENT
    # A date such as 07-01-2026 has the form of a code.
    if date_in(text) is not None:
        return Holds.DATES
    if _CODE.fullmatch(text):
        return Holds.CODES
    if amount_of(text) is not None:
        return Holds.NUMBERS
    if period_in(text) is not None:
        return Holds.DATES
    return Holds.YES_NO if text.casefold() in _YES_NO else Holds.TEXT


def _figures(cells: Cells, form: FieldForm | None) -> Holds:
    """Tell dollars from other figures: by the field, the heading, or a dollar sign in a cell."""
    if form is not None and not _is_text(form):
        return Holds.DOLLARS if form.name == "unit_cost" else Holds.NUMBERS
    if _COUNT.search(cells.heading):
        return Holds.NUMBERS
    is_money = _MONEY.search(cells.heading) or fiscal_year_within(cells.heading) is not None
    if is_money or unit_of(cells.heading) is not None:
        return Holds.DOLLARS
    return Holds.DOLLARS if any(kind is str and "$" in raw for kind, raw in cells.counts) else Holds.NUMBERS


def days_of(cells: Cells) -> tuple[date, date] | None:
    """Give the first and last day among the dates of a column."""
    form = FieldForm("date", Form.DATE)
    days = []
    for _, raw in cells.counts:
        try:
            found = parse_day_or_period(raw, form)
        except NotUnderstood:
            continue
        days.append(found) if isinstance(found, date) else days.extend(_ends(found))
    return (min(days), max(days)) if days else None


def _ends(period: Period) -> list[date]:
    """Give a day of a month, none of a fiscal year, which the district's calendar decides."""
    return [] if period.month is None else [date(period.year, period.month, 1)]


def repeats_above(cells: Cells, bodies: Sequence[Body]) -> bool:
    """Tell whether blank cells mean the value above: most are blank, tables begin with a value, none follows itself.

    Args:
        cells: The column.
        bodies: The tables it is a column of.
    """
    if not cells.counts or cells.filled * 2 > len(cells.raws):
        return False
    start = begun = 0
    tables = [body for body in bodies if body.rows]
    for body in tables:
        raws = cells.raws[start : start + len(body.rows)]
        start += len(body.rows)
        begun += not is_blank(raws[0])
        values = [raw for raw in raws if not is_blank(raw)]
        if any(one == other for one, other in pairwise(values)):
            return False
    return begun * 10 > len(tables) * _MOST


# --- what is wrong -----------------------------------------------------------------------------


def column_problems(
    cells: Cells, bodies: Sequence[Body], holds: Holds, form: FieldForm | None, unit: Unit | None
) -> Iterator[str]:
    """Say what is wrong with a column, with the first cell that shows it.

    Args:
        cells: The column.
        bodies: The tables it is a column of.
        holds: What it holds.
        form: Form of the field it is matched to, where its cells are read as they are.
        unit: Unit of its money, None when nothing says any.
    """
    yield from _unsaved(cells, bodies)
    errors = {raw for _, raw in cells.counts if isinstance(raw, str) and _ERROR.fullmatch(raw.strip())}
    yield from _told(cells, bodies, errors, "is an error of the spreadsheet", "are errors of the spreadsheet")
    wrong = _not_understood(cells, form) - errors
    field = "" if form is None else form.name
    yield from _told(cells, bodies, wrong, f"is not understood as `{field}`", f"are not understood as `{field}`")
    if form is None and holds in {Holds.DOLLARS, Holds.NUMBERS}:
        words = {raw for _, raw in cells.counts if _kind(raw) is Holds.TEXT} - errors
        yield from _told(cells, bodies, words, "is no figure", "are no figures")
    if holds is Holds.DOLLARS:
        misfits = {cells.raws[misfit.place] for misfit in mixed_units(cells.raws, unit)}
        yield from _told(cells, bodies, misfits, "may be in another unit", "may be in another unit")
    if holds is Holds.CODES and starts_with_zero(cells) and any(kind is not str for kind, _ in cells.counts):
        yield "some codes are stored as numbers, which lose their leading zeros"


def starts_with_zero(cells: Cells) -> bool:
    """Tell whether some of a column's codes begin with a zero."""
    texts = (raw.strip() for kind, raw in cells.counts if kind is str)
    return any(text.startswith("0") and _DIGITS.fullmatch(text) for text in texts)


def _not_understood(cells: Cells, form: FieldForm | None) -> set[Raw]:
    if form is None:
        return set()
    wrong = set()
    for _, raw in cells.counts:
        try:
            parse_day_or_period(raw, form) if form.form is Form.DATE else parse(raw, form)
        except NotUnderstood:
            wrong.add(raw)
    return wrong


def _told(cells: Cells, bodies: Sequence[Body], wrong: set[Raw], one: str, several: str) -> Iterator[str]:
    """Say how many cells hold one of some values, and where the first stands."""
    if not wrong:
        return
    positions = [place for place, raw in enumerate(cells.raws) if not is_blank(raw) and raw in wrong]
    first = f"`{shown(cells.raws[positions[0]])[:_SAMPLE_LENGTH]}` in {_address(cells, bodies, positions[0])}"
    yield f"{first} {one}" if len(positions) == 1 else f"{len(positions):,} {several}, first {first}"


def _address(cells: Cells, bodies: Sequence[Body], position: int) -> str:
    for body in bodies:
        if position < len(body.rows):
            cell = f"{letters(cells.place)}{body.numbers[position]}"
            return cell if len(bodies) == 1 else f"{cell} of `{body.table.sheet.name}`"
        position -= len(body.rows)
    return ""


def _unsaved(cells: Cells, bodies: Sequence[Body]) -> Iterator[str]:
    """Say how many formulas have no stored result."""
    letter = letters(cells.place)
    addresses = [
        (body.table.sheet.name, f"{letter}{number}")
        for body in bodies
        if body.table.sheet.unsaved
        for number in body.numbers
        if f"{letter}{number}" in body.table.sheet.unsaved
    ]
    if addresses:
        sheet, cell = addresses[0]
        first = cell if len(bodies) == 1 else f"{cell} of `{sheet}`"
        verb = "formula has" if len(addresses) == 1 else "formulas have"
        yield f"{len(addresses):,} {verb} no stored result, first {first}"


def sample_of(cells: Cells) -> str:
    """Give the first value of a column as a person sees it, a long text only in part."""
    first = next((raw for raw in cells.raws if not is_blank(raw)), None)
    text = "" if first is None else shown(first)
    return text if len(text) <= _SAMPLE_LENGTH else f"{text[: _SAMPLE_LENGTH - 1]}\u2026"


def units_by_place(headings: Mapping[int, str], titles: Sequence[str]) -> dict[int, Unit]:
    """Give the unit of money that each heading says, or else a title above the table.

    Args:
        headings: Headings by place.
        titles: Texts above the table.
    """
    titled = unit_in_titles(titles)
    found = {place: unit_of(text) or titled for place, text in headings.items()}
    return {place: unit for place, unit in found.items() if unit is not None}
