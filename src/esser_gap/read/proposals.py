"""Mappings that a file suggests: what was understood of it, written down so that it can be corrected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.model.commitment import Commitment
from esser_gap.model.mapping import Caption, Mapping, MoneyUnit
from esser_gap.model.record import forms_of
from esser_gap.read.budgets import COMMITMENTS
from esser_gap.read.captions import pattern_of
from esser_gap.read.commitments import read_commitments
from esser_gap.read.double_counting import same_but_for_version
from esser_gap.read.found_tables import titles_above
from esser_gap.read.headings import folded
from esser_gap.read.likely_fields import Holds
from esser_gap.read.mapped_tables import mapped_sheets, mapped_tables
from esser_gap.read.mapping_uses import MappingUse, mapped_commitments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.read.calendars import Calendars
    from esser_gap.read.found_columns import FoundColumn
    from esser_gap.read.overviews import Overview
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.spread_tables import SpreadTable

_COST, _PRICE = "annual_cost", "unit_cost"
_MONEY = (_COST, _PRICE, "amount")
_LABELLED = re.compile(r"([A-Za-z][A-Za-z ]{1,24}?) ?: ?(\S.*)")
_PARTED = re.compile(r"\S+ - \S.*")
_UNITS = {1_000: MoneyUnit.THOUSANDS, 1_000_000: MoneyUnit.MILLIONS}
_MOST_SHEETS = 24
"""So many sheets are named one by one; more are chosen by their headings."""


@dataclass(frozen=True, slots=True)
class AsRead:
    """What a file gives without a mapping.

    Attributes:
        commitments: The commitments.
        calendars: When the districts' fiscal years start.
    """

    commitments: tuple[Commitment, ...]
    calendars: Calendars


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping for one table of a file, with what could not be decided.

    Attributes:
        mapping: The mapping, which is valid as it stands.
        tables: The tables that it reads, which have the same columns.
        why: Why each field has the column it has.
        costs: Columns that could be the cost, where none was chosen.
        names: Columns that could be the name, where none was chosen.
        captions: Texts that could become columns, but do not yet.
        reads_the_same: Whether trying it gave what was found: the commitments, or the rows, of the file.
        elsewhere: Other tables of the file, which it does not read.
    """

    mapping: Mapping
    tables: tuple[SpreadTable, ...]
    why: dict[str, str]
    costs: tuple[FoundColumn, ...]
    names: tuple[FoundColumn, ...]
    captions: tuple[Caption, ...]
    reads_the_same: bool
    elsewhere: tuple[SpreadTable, ...]

    @property
    def needed(self) -> list[str]:
        """List needed fields that no column gives, besides cost and name."""
        given = {*self.mapping.columns, *self.mapping.constants, "name"}
        return [form.name for form in forms_of(Commitment).values() if form.required and form.name not in given]


def proposals(overview: Overview, sheets: Sequence[Sheet], as_read: AsRead | None) -> list[Proposal]:
    """Propose mappings for the tables of a file that hold commitments, or could.

    Args:
        overview: What stands in the file, without a mapping.
        sheets: Its sheets.
        as_read: What it gives without a mapping; None when it cannot be read so.

    Returns:
        One mapping for each set of columns; none when the file has no table.
    """
    groups = _tables_to_read(overview, is_read=as_read is not None)
    read = [table for group in groups for table in group]
    elsewhere = tuple(table for table in overview.tables if table not in read and table.reads in {"", COMMITMENTS})
    return [_Proposer(group, sheets, as_read).proposal(elsewhere) for group in groups]


def _tables_to_read(overview: Overview, *, is_read: bool) -> list[list[SpreadTable]]:
    """Choose tables: those that are read without a mapping, else all with a name and a cost, else the largest one."""
    tables = [table for table in overview.tables if table.reads == COMMITMENTS]
    if not (is_read and tables):
        free = [table for table in overview.tables if table.reads in {"", COMMITMENTS}]
        best = max(free, key=_worth, default=None)
        tables = [table for table in free if _has_name_and_cost(table)]
        tables = tables or [table for table in free if best is not None and _alike(table, best)]
    groups: list[list[SpreadTable]] = []
    for table in tables:
        same = next((group for group in groups if _alike(group[0], table)), None)
        if same is None:
            groups.append([table])
        else:
            same.append(table)
    return groups


def _has_name_and_cost(table: SpreadTable) -> bool:
    return table.column_of("name") is not None and any(table.column_of(name) is not None for name in (_COST, _PRICE))


def _worth(table: SpreadTable) -> tuple[bool, bool, bool, int]:
    """Rank tables: named columns before others, dollars before other figures, no sums of others, then by size."""
    has_name = table.column_of("name") is not None
    has_dollars = any(column.holds is Holds.DOLLARS for column in table.columns)
    return has_dollars, has_name, not table.totals.above, table.rows


def _alike(one: SpreadTable, other: SpreadTable) -> bool:
    def named(table: SpreadTable) -> set[tuple[str, str]]:
        return {(column.name, column.field) for column in table.columns}

    return named(one) == named(other) and one.found[0].area == other.found[0].area


class _Proposer:
    """The tables with the same columns while a mapping for them is put together."""

    def __init__(self, tables: Sequence[SpreadTable], sheets: Sequence[Sheet], as_read: AsRead | None) -> None:
        self._tables, self._sheets = tuple(tables), sheets
        self._first = tables[0]
        self._as_read = as_read

    def proposal(self, elsewhere: tuple[SpreadTable, ...]) -> Proposal:
        """Put the mapping together and try it on the file."""
        chosen, why = self._columns()
        taken = tuple(self._captions()) if self._as_read is None else ()
        if "funded_by" not in chosen and (fund := _fund_in(taken)):
            chosen["funded_by"], why["funded_by"] = fund, "a title"
        mapping = Mapping(
            sheets=self._sheet_names(),
            area=self._first.found[0].area or None,
            columns={name: (chosen[name],) for name in forms_of(Commitment) if name in chosen},
            take=taken,
            fill_down=tuple(c.name for c in self._first.columns if c.repeats_above) if self._as_read is None else (),
            unit=self._unit(chosen),
        )
        mapping, is_same = self._tried(mapping)
        return Proposal(
            mapping,
            self._tables,
            why,
            costs=() if {_COST, _PRICE} & chosen.keys() else tuple(self._costs()),
            names=() if "name" in chosen else tuple(c for c in self._first.columns if c.holds is Holds.TEXT),
            captions=() if taken else tuple(self._captions()) or tuple(self._sheet_caption()),
            reads_the_same=is_same,
            elsewhere=elsewhere,
        )

    # --- columns ---

    def _columns(self) -> tuple[dict[str, str], dict[str, str]]:
        """Choose a heading for each field; a heading that stands there twice names no column."""
        headings = [folded(column.name) for column in self._first.columns]
        named = [c for c in self._first.columns if c.field and headings.count(folded(c.name)) == 1]
        chosen = {c.field: c.name for c in named if c.field in forms_of(Commitment)}
        why = {c.field: c.why for c in named}
        if self._as_read is None and not self._is_certain(self._first.column_of(_COST)):
            chosen.pop(_COST, None)
            costs = list(self._costs())
            if len(costs) == 1 and _PRICE not in chosen:
                chosen[_COST] = costs[0].name
                why[_COST] = costs[0].why or "the only column of dollars"
        return chosen, why

    def _is_certain(self, column: FoundColumn | None) -> bool:
        """Tell whether a column is the cost: it is called so, or no column of a fiscal year could be meant as well."""
        if column is None or folded(column.name) == folded(_COST):
            return column is not None
        return not any(other.year is not None for other in self._costs())

    def _costs(self) -> Iterator[FoundColumn]:
        """Give the columns that could be the cost."""
        for column in self._first.columns:
            if column.field == _COST or (column.holds is Holds.DOLLARS and not column.field):
                yield column

    def _unit(self, chosen: dict[str, str]) -> MoneyUnit | None:
        money = [chosen[name] for name in _MONEY if name in chosen] or [column.name for column in self._costs()]
        units = {column.unit.factor if column.unit else 1 for column in self._first.columns if column.name in money}
        return _UNITS.get(int(units.pop())) if len(units) == 1 else None

    # --- titles ---

    def _captions(self) -> Iterator[Caption]:
        """Find titles such as `Fund: 205 - ESSER III` above every table, or between its rows."""
        found: dict[str, list[set[str]]] = {}
        bodies = [(each, body) for table in self._tables for each, body in zip(table.found, table.bodies, strict=True)]
        for each, body in bodies:
            here: dict[str, set[str]] = {}
            for _, text in [*titles_above(each), *body.texts]:
                if match := _LABELLED.fullmatch(text):
                    here.setdefault(match[1], set()).add(match[2])
            for label, texts in here.items():
                found.setdefault(label, []).append(texts)
        headings = {folded(column.name) for column in self._first.columns}
        for label, tables in found.items():
            texts = set[str]().union(*tables)
            several = len(tables) == len(bodies) and len(texts) > 1
            names = (label, f"{label} title") if all(_PARTED.fullmatch(text) for text in texts) else (label,)
            if several and not headings & {folded(name) for name in names}:
                yield Caption(title=f"{label}: {' - '.join(f'{{{name}}}' for name in names)}")

    def _sheet_caption(self) -> Iterator[Caption]:
        """Give the sheets' names as columns, where they differ."""
        names = {name.strip() for table in self._tables for name in table.sheets}
        if len(names) > 1:
            parted = all(_PARTED.fullmatch(name) for name in names)
            yield Caption(sheet="{Sheet code} - {Sheet title}" if parted else "{Sheet}")

    # --- trying it ---

    def _sheet_names(self) -> tuple[str, ...]:
        names = list(dict.fromkeys(" ".join(name.split()) for table in self._tables for name in table.sheets))
        # Sheets of several years or versions are not named, so that reading them all keeps being asked about.
        is_named = len(self._sheets) > 1 and len(names) <= _MOST_SHEETS and not same_but_for_version(names)
        return tuple(names) if is_named else ()

    def _tried(self, mapping: Mapping) -> tuple[Mapping, bool]:
        """Try a mapping, and what may be needed besides, until it reads what was found."""
        holds = self._same_rows if self._as_read is None else self._same_commitments
        for changes in product(*self._changes()):
            changed = mapping.model_copy(update={k: v for change in changes for k, v in change.items()})
            if holds(changed):
                return changed, True
        return mapping, False

    def _changes(self) -> Iterator[list[dict[str, Any]]]:
        """Give what may be needed so that exactly these rows are read, nothing first."""
        places = [extent for table in self._tables for extent in table.extents]
        rows = {extent.header for extent in places}
        where: list[dict[str, Any]] = [{}]
        where += [{"header_row": tuple(sorted(set(next(iter(rows)))))}] if len(rows) == 1 else []
        where += [{"area": places[0].cells}] if len(places) == 1 else []
        yield where
        yield [{}, {"find_totals": False}]
        if self._as_read is not None:
            # Without a mapping a heading may not say of which year its prices are, or in which unit.
            yield [{}, {"constants": {"price_year": ""}}]
            yield [{}, {"unit": MoneyUnit.DOLLARS}]

    def _same_rows(self, mapping: Mapping) -> bool:
        wanted = {(body.table.sheet.name, n) for table in self._tables for body in table.bodies for n in body.numbers}
        try:
            tables = mapped_tables(mapping, mapped_sheets(mapping, self._sheets), [])
        except InputError:
            return False
        found = [(table.sheet.name, number) for table in tables for number in table.body.numbers]
        return len(found) == len(wanted) and set(found) == wanted

    def _same_commitments(self, mapping: Mapping) -> bool:
        if self._as_read is None:
            return False
        rows = {(body.table.sheet.name, n) for table in self._tables for body in table.bodies for n in body.numbers}
        wanted = [c for c in self._as_read.commitments if (c.origin.sheet, c.origin.rows[0]) in rows]
        try:
            pairs = list(mapped_commitments(MappingUse(mapping), self._sheets, []))
        except InputError:
            return False
        read = (read_commitments(columns, fixed, None, self._as_read.calendars) for columns, fixed in pairs)
        return _sorted([c for each in read for c in each.commitments]) == _sorted(wanted)


def _fund_in(captions: Sequence[Caption]) -> str | None:
    """Give the column made of titles that names a fund, its title before its code."""
    names = [name for caption in captions for name in pattern_of(str(caption.title)).names]
    return next((name for name in reversed(names) if "fund" in name.casefold()), None)


def _sorted(commitments: Sequence[Commitment]) -> list[Commitment]:
    """Put commitments in the order of their rows, without the district, which the file's name or facts may give."""
    own = (commitment.model_copy(update={"district": None}) for commitment in commitments)
    return sorted(own, key=lambda c: (c.origin.sheet, c.origin.rows))
