"""What the rows below a header are: data, totals of other rows, text such as section headings and notes, or nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.model.record import FieldForm, Form
from esser_gap.read.adding_columns import adding_columns, may_add_up
from esser_gap.read.entries import Entry, with_columns
from esser_gap.read.ledger import Parting
from esser_gap.read.row_texts import Texts
from esser_gap.read.total_labels import Label, holds_label, kind_of_label, label_in
from esser_gap.read.total_rows import Judged, Verdict, find_totals
from esser_gap.read.totals import Total, amounts_by_place, scaled
from esser_gap.read.values import NotUnderstood, is_blank, parse, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esser_gap.read.tables import Table
    from esser_gap.read.totals_above import Above
    from esser_gap.read.values import Raw

    Row = list[Raw]

_MONEY = FieldForm("amount", Form.MONEY)
_CODES = re.compile(
    r"\b(codes?|numbers?|no|ids?|acc(oun)?t|fund|object|function|organi[sz]ation|orgn?|unit|center|site|school|year|row|page)\b|#",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\b(?:prior|last|previous|current|this|next) (?:fiscal |school )?year\b"
    r"|\b(?:budget(?:ed)?|actuals?|amount|costs?|total|proposed|adopted|expen(?:ses?|ditures?))\W*$",
    re.IGNORECASE,
)
"""Headings that speak of money, though a word in them is that of a code: `Prior year`, `School budget`."""
_SAMPLE = 2_000
AT_ONCE = 500
"""So many rows are taken at a time where each is looked at column by column: they stay near the processor."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns tell the kinds of rows apart.

    Attributes:
        amounts: Places of columns with figures that totals add up.
        costs: Places of the columns that hold the cost; a row of text has nothing there.
        details: Places that every row of data fills; empty when that has to be found out.
        labels: Places where a row may be called a total; empty for any.
        keys: Places of columns that are read besides the costs; a row of text fills one of them at most.
        continued: Places of columns in which a blank cell means the value above it.
    """

    amounts: tuple[int, ...]
    costs: tuple[int, ...]
    details: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    continued: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TotalAbove:
    """A row that adds up the rows below it, so that the table would be counted twice.

    Attributes:
        row: Its number, as the spreadsheet shows it.
        label: What it is called.
        covers: How many rows it adds up.
        is_sure: Whether more speaks for its being a total than one sum.
    """

    row: int
    label: str
    covers: int
    is_sure: bool


@dataclass(slots=True)
class Body:
    """The rows of one table, told apart.

    Attributes:
        table: The table.
        numbers: Row numbers of the rows of data, as the spreadsheet shows them.
        rows: Their cells, what is merged downwards written out.
        texts: Number and text of each row that only holds text.
        totals: Rows that are totals, or may be ones and are asked about.
        doubtful: Rows of data that are called a total and add up nothing.
        above: Rows that add up rows below them and were not pointed out.
        pinned: Row numbers of data that the user has pointed out as such.
        costs: Places of the columns that hold the cost.
    """

    table: Table
    numbers: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    doubtful: list[tuple[int, str]] = field(default_factory=list)
    above: list[TotalAbove] = field(default_factory=list)
    pinned: set[int] = field(default_factory=set)
    costs: tuple[int, ...] = ()

    def add(self, entry: Entry) -> None:
        """Add a row of data."""
        self.numbers.append(entry.number)
        self.rows.append(entry.row)


def told_apart(
    tables: Sequence[Table],
    layout: Layout,
    *,
    is_total: Callable[[Row], bool] | None = None,
    is_dropped: Callable[[Row], bool] | None = None,
    is_data: Callable[[Row], bool] | None = None,
    find_totals: bool = True,
) -> list[Body]:
    """Tell the rows of tables apart that have the same columns, in order, as one table spread over many sheets.

    Args:
        tables: The tables.
        layout: Which columns tell.
        is_total: Names totals that the user has pointed out.
        is_dropped: Names rows that the user has left out, about which nothing is asked.
        is_data: Names rows that the user says are data, whatever they look like.
        find_totals: Whether totals are looked for at all.
    """
    chosen = (is_total, is_dropped, is_data)
    if all(each is None for each in chosen) and all(_is_plain(table, layout) for table in tables):
        return [_plain(table, layout) for table in tables]
    bodies = [Body(table, costs=layout.costs) for table in tables]
    pairs = [(body, entry) for body in bodies for entry in _entries(body, layout, is_data)]
    entries = [entry for _, entry in pairs]
    for entry in entries if is_total is not None else ():
        entry.is_marked = is_total is not None and not entry.is_data and is_total(entry.row)
    for entry in entries if is_dropped is not None else ():
        entry.is_dropped = is_dropped is not None and is_dropped(entry.row)
    if _may_hold_totals(entries, layout, is_looked_for=find_totals):
        _part(pairs, layout, is_looked_for=find_totals)
    else:
        for body, entry in pairs:
            body.add(entry)
            if entry.label and not find_totals and not entry.is_dropped and kind_of_label(entry.label) is Label.TOTAL:
                body.doubtful.append((entry.number, entry.label))
    return bodies


def _is_plain(table: Table, layout: Layout) -> bool:
    """Tell quickly whether every row is data: each fills the details, and no cell calls one a total or is a header."""
    rows = _filled_rows(table)
    if not (rows and layout.details and layout.labels) or _merged_down(table, layout):
        return False
    mark = Texts(table, layout).mark
    some = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
    return all(_are_plain(each, layout, mark) for each in some)


def _are_plain(rows: Sequence[Row], layout: Layout, mark: tuple[int, Raw]) -> bool:
    place, header = mark
    cells = {p: [row[p] if p < len(row) else None for row in rows] for p in (*layout.details, *layout.labels, place)}
    return (
        not any(is_blank(cell) for p in layout.details for cell in set(cells[p]))
        and not any(map(holds_label, cells.values()))
        and header not in cells[place]
    )


def _plain(table: Table, layout: Layout) -> Body:
    """Take every row as data."""
    rows, first = _filled_rows(table), table.header.row + 2
    return Body(table, list(range(first, first + len(rows))), rows, costs=layout.costs)


def _filled_rows(table: Table) -> list[Row]:
    """Give the rows down to the last that is not blank."""
    rows = table.sheet.rows[table.header.row + 1 : table.end]
    while rows and all(map(is_blank, rows[-1])):
        rows.pop()
    return rows


def _entries(body: Body, layout: Layout, is_data: Callable[[Row], bool] | None) -> Iterator[Entry]:
    table, details = body.table, layout.details
    places = tuple(dict.fromkeys((*layout.labels, *details))) if layout.labels else ()
    texts = Texts(table, layout)
    below = _merged_down(table, layout)
    sheet, heading, parting = table.sheet.name, texts.titles, Parting.HEADING
    for place in range(table.header.row + 1, table.end):
        row = table.sheet.rows[place]
        if row.count("") == len(row) or all(map(is_blank, row)):
            parting = max(parting, Parting.BLANK)
            continue
        filled = bool(details) and _fills(row, details)
        at, label = label_in(row, places or range(len(row)))
        is_pinned = is_data is not None and is_data(row)
        if is_pinned:
            body.pinned.add(place + 1)
        elif (not filled or label or texts.may_be_header(row)) and texts.is_text(place, row):
            text = " ".join(shown(cell) for cell in row if not is_blank(cell))
            body.texts.append((place + 1, text))
            heading, parting = text, Parting.HEADING
            continue
        cells = [*row] if place in below else row
        for column, value in below.get(place, {}).items():
            cells[column] = value
        entry = Entry(place + 1, cells, sheet, at, label, heading, parting)
        if is_pinned:
            entry.take_as_data()
        yield entry
        parting = Parting.NONE


def _fills(row: Row, places: Sequence[int]) -> bool:
    for place in places:  # noqa: SIM110 - a generator takes three times as long
        if place >= len(row) or is_blank(row[place]):
            return False
    return True


def _merged_down(table: Table, layout: Layout) -> dict[int, dict[int, Raw]]:
    """Give the values that merged cells carry on to rows below, by row and column; an amount counts once."""
    rows = table.sheet.rows
    found: dict[int, dict[int, Raw]] = {}
    for first, place, last, _ in table.sheet.merges:
        if last <= table.header.row or place in layout.amounts or place in layout.costs or first >= len(rows):
            continue
        value = rows[first][place] if place < len(rows[first]) else None
        for number in range(max(first, table.header.row) + 1, min(last + 1, table.end)):
            if place < len(rows[number]) and is_blank(rows[number][place]) and not is_blank(value):
                found.setdefault(number, {})[place] = value
    return found


# --- totals ------------------------------------------------------------------------------------


def _may_hold_totals(entries: Sequence[Entry], layout: Layout, *, is_looked_for: bool) -> bool:
    """Tell whether a closer look is needed: with details in every row and no row called a total it is not."""
    if any(entry.is_marked for entry in entries):
        return True
    if not is_looked_for or not entries:
        return False
    if not layout.details:
        return bool(layout.amounts)
    return any(entry.label or all(map(entry.is_blank_at, layout.details)) for entry in entries)


def _part(pairs: Sequence[tuple[Body, Entry]], layout: Layout, *, is_looked_for: bool) -> None:
    """Part the totals from the data."""
    entries = [entry for _, entry in pairs]
    places = _adding_places(pairs, layout)
    found = find_totals(entries, layout, is_looked_for=is_looked_for)
    for n, ((body, entry), judged) in enumerate(zip(pairs, found.judged, strict=True)):
        _add(body, entry, judged, places, found.above.get(n))
    for body in {id(body): body for body, _ in pairs}.values():
        body.texts.sort()


def _adding_places(pairs: Sequence[tuple[Body, Entry]], layout: Layout) -> list[int]:
    """Keep the amounts of columns that totals add up, the cost first; gives the places of those columns."""
    table = pairs[0][0].table
    headings = table.header.last_texts(table.sheet)
    places = [*layout.costs[:1], *(p for p in layout.amounts if p not in layout.costs[:1])]
    entries = [entry for _, entry in pairs]
    for entry in entries:
        row = entry.row
        entry.amounts = tuple(amount_of(row[p]) if p < len(row) else None for p in places)
    kept = {position: may_add_up(headings.get(place, "")) for position, place in enumerate(places)}
    order = adding_columns(entries, kept)
    if len(order) < len(places):
        with_columns(entries, order)
    return [places[position] for position in order]


def _add(body: Body, entry: Entry, judged: Judged, places: Sequence[int], above: Above | None) -> None:
    is_asked = above is not None and not entry.is_marked and not entry.is_dropped
    if above is not None and is_asked:
        body.above.append(TotalAbove(entry.number, _name_of(entry), above.covers, above.is_sure))
    if judged.verdict in {Verdict.TOTAL, Verdict.ASK} or (
        judged.verdict is Verdict.ABOVE and (entry.label or entry.is_marked)
    ):
        body.totals.append(_total(entry, judged, places, above))
    elif judged.verdict is Verdict.EMPTY:
        body.texts.append((entry.number, " ".join(shown(cell) for cell in entry.row if not is_blank(cell))))
    else:
        body.add(entry)
        if judged.verdict is Verdict.DOUBTFUL:
            body.doubtful.append((entry.number, entry.label))


def _total(entry: Entry, judged: Judged, places: Sequence[int], above: Above | None) -> Total:
    match = judged.match
    stated = amounts_by_place(places, entry.amounts)
    added = (match.sums, match.covers) if match is not None else (above.sums, above.covers) if above else ((), 0)
    sums = amounts_by_place(places, added[0]) if added[0] else {}
    return Total(
        sheet=entry.sheet,
        row=entry.number,
        label=_name_of(entry),
        amounts=stated,
        sums={place: amount for place, amount in sums.items() if place in stated},
        covers=added[1],
        is_unclear=judged.verdict is Verdict.ASK,
        is_above=judged.verdict is Verdict.ABOVE,
    )


def _name_of(entry: Entry) -> str:
    return entry.label or next(iter(entry.texts()), "")


# --- figures -----------------------------------------------------------------------------------


def amount_of(cell: Raw) -> int | None:
    """Give the figure in a cell in whole millionths, None when there is none."""
    if isinstance(cell, bool) or cell is None or cell == "":
        return None
    if isinstance(cell, (int, float)):
        return scaled(cell)
    return _written_amount(cell) if isinstance(cell, str) else None


@lru_cache(maxsize=100_000)
def _written_amount(text: str) -> int | None:
    try:
        value = parse(text, _MONEY)
    except NotUnderstood:
        return None
    return scaled(getattr(value, "value", value))


def figure_columns(tables: Sequence[Table]) -> tuple[int, ...]:
    """List the columns of tables that hold figures rather than words or codes, by place."""
    figures: Counter[int] = Counter()
    words: Counter[int] = Counter()
    for table in tables:
        for row in table.sheet.rows[table.header.row + 1 : min(table.end, table.header.row + 1 + _SAMPLE)]:
            for place, cell in enumerate(row):
                if is_blank(cell) or isinstance(cell, (date, datetime, time, timedelta)):
                    continue
                if amount_of(cell) is None:
                    words[place] += 1
                else:
                    figures[place] += 1
    headings = tables[0].header.last_texts(tables[0].sheet) if tables else {}
    return tuple(
        place
        for place in sorted(figures)
        if figures[place] > words[place] and place in headings and not is_code_heading(headings[place])
    )


def is_code_heading(heading: str) -> bool:
    """Tell whether a heading speaks of codes, such as `Fund` or `Account No`, which no total adds up."""
    return _CODES.search(heading) is not None and _FIGURES.search(heading) is None
