"""Rows of a table as a mapping makes them into fields: filled down, filtered, translated and summed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Where, error
from esser_gap.model.budget import Receipt
from esser_gap.model.mapping import MoneyUnit, Reads
from esser_gap.read.captions import caption_columns
from esser_gap.read.commitments import added, receipt_of
from esser_gap.read.conditions import any_holds
from esser_gap.read.cost_headings import units_of
from esser_gap.read.fields import parse_field
from esser_gap.read.headings import folded
from esser_gap.read.mapped_tables import COSTS
from esser_gap.read.raw_columns import Columns, dollars_of_rows, parse_columns
from esser_gap.read.sheets import letters
from esser_gap.read.tables import Header, unsaved_issues
from esser_gap.read.units import Unit
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as Values

    from esser_gap.model.mapping import Mapping
    from esser_gap.model.record import FieldForm
    from esser_gap.read.mapped_tables import MappedTable
    from esser_gap.read.matched_conditions import MatchedConditions
    from esser_gap.read.translations import Translations
    from esser_gap.read.values import Raw

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SUMMED = frozenset({"annual_cost", "amount"})
"""Fields of which the sum is taken where rows are summed, besides those of a fiscal year; the others must agree."""
_MONEY = frozenset({"annual_cost", "unit_cost", "amount"})
_FACTORS = {MoneyUnit.DOLLARS: 1, MoneyUnit.THOUSANDS: 1_000, MoneyUnit.MILLIONS: 1_000_000}


def mapped_columns(
    mapping: Mapping,
    table: MappedTable,
    forms: Values[str, FieldForm],
    translations: Translations,
    issues: list[Issue],
    matched: MatchedConditions,
) -> Columns:
    """Take the columns that a mapping names, filter rows, translate values and sum rows.

    Args:
        mapping: The mapping.
        table: A table that it means.
        forms: Forms by field of what it reads.
        translations: What values and codes mean.
        issues: Problems are added here.
        matched: What its conditions met is added here.

    Returns:
        Raw values by field, with the receipt of the rows that are no records.
    """
    return _Mapped(mapping, table, forms, translations, issues).columns(matched)


def _places(mapping: Mapping, table: MappedTable) -> dict[str, int]:
    """Give the place of each field's column, of its first one where several are joined."""
    firsts = {name: headings[0] for name, headings in mapping.columns.items()}
    return {name: table.places[heading] for name, heading in firsts.items() if heading in table.places}


class _Mapped:
    """One table while a mapping is applied to it."""

    def __init__(
        self,
        mapping: Mapping,
        table: MappedTable,
        forms: Values[str, FieldForm],
        translations: Translations,
        issues: list[Issue],
    ) -> None:
        self._mapping, self._table, self._forms = mapping, table, forms
        self._translations, self._issues = translations, issues
        self._body = table.body
        self._places = _places(mapping, table)
        self._under: dict[str, list[Raw]] = {}
        self._made: dict[str, list[Raw]] = {}

    def columns(self, matched: MatchedConditions) -> Columns:
        """Apply the whole mapping."""
        self._gather()
        matched.look(self._mapping.rows, self._cells, self._every_cell)
        matched.look_at_blanks(self._mapping, self._cells)
        kept = self._kept()
        out = [place for place, is_kept in enumerate(kept) if not is_kept]
        wanted = [place for place, is_kept in enumerate(kept) if is_kept]
        self._note_unsaved(out)
        units = self._units()
        columns = self._taken(wanted, {**self._mapping.columns, **self._mapping.codes}, units, self._issues)
        fields = [name for name in COSTS[self._mapping.reads] if name in self._mapping.columns]
        # What is wrong in a row that is left out is no matter.
        left_out = self._left_out(self._taken(out, fields, units, []))
        columns = replace(columns, receipt=added(self._receipt(units), left_out))
        return self._summed(columns, wanted) if self._mapping.sum_by else columns

    def _taken(
        self, rows: Sequence[int], fields: Iterable[str], units: dict[str, Unit], issues: list[Issue]
    ) -> Columns:
        return Columns(
            sheet=self._table.sheet,
            numbers=[(self._body.numbers[row],) for row in rows],
            values={name: self._values(name, rows, issues) for name in fields if self._headings(name)},
            letters={name: letters(place) for name, place in self._places.items()},
            units=units,
        )

    def _gather(self) -> None:
        """Take the columns under the headings that are named, filled down, and those that captions make."""
        for name, place in self._table.places.items():
            self._under[name] = [row[place] if place < len(row) else None for row in self._body.rows]
        for name in self._mapping.fill_down:
            self._under[name] = _filled_down(self._under[name])
        named = {c.column: self._under[c.column] for c in self._mapping.take if c.column is not None}
        made = caption_columns(self._mapping.take, self._body, named, self._issues)
        self._made = {folded(name): values for name, values in made.items()}

    def _cells(self, heading: str) -> list[Raw]:
        """Give the cells under a heading, or what captions made under that name."""
        return self._under[heading] if heading in self._under else self._made[folded(heading)]

    def _every_cell(self, heading: str) -> list[Raw] | None:
        """Give the cells under a heading in all rows below the header; None for what captions made."""
        place, table = self._table.places.get(heading), self._body.table
        if place is None:
            return None
        return [row[place] if place < len(row) else None for row in table.sheet.rows[table.header.row + 1 : table.end]]

    def _headings(self, name: str) -> tuple[str, ...]:
        use = self._mapping.codes.get(name)
        return self._mapping.columns.get(name) or ((use.heading,) if use is not None and use.heading else ())

    def _note_unsaved(self, out: Sequence[int]) -> None:
        sheet, left_out = self._table.sheet, {self._body.numbers[row] for row in out}
        found = unsaved_issues(sheet, Header(self._body.table.header.row, self._places))
        self._issues.extend(issue for issue in found if int(issue.where.cell.lstrip(_LETTERS)) not in left_out)

    # --- money ---

    def _units(self) -> dict[str, Unit]:
        """Find the unit of each column of money: as the mapping says, else its heading, else a title."""
        places = {name: place for name, place in self._places.items() if name in _MONEY}
        if self._mapping.unit is not None:
            told = Unit(Decimal(_FACTORS[self._mapping.unit]), f"in {self._mapping.unit}")
            return dict.fromkeys(places, told)
        return units_of(self._body, places, self._issues)

    def _receipt(self, units: Values[str, Unit]) -> Receipt:
        """Begin the receipt with totals and text; a total of quantities and prices apart states no dollars."""
        cost = COSTS[self._mapping.reads][:1]
        places = [self._places[name] for name in cost if name in self._places]
        factor = next((units[name].factor for name in cost if name in units), Decimal(1))
        return receipt_of(self._body, places, factor)

    def _left_out(self, out: Columns) -> Receipt:
        """Count rows that are filtered out, with the dollars they state."""
        fields = COSTS[self._mapping.reads]
        parsed = parse_columns(out, self._forms, out.origins(), [])
        fixed = {
            name: parse_field(raw, self._forms[name], Where(), [])
            for name, raw in self._mapping.constants.items()
            if name in fields
        }
        count = len(out.numbers)
        if self._mapping.reads is Reads.COMMITMENTS:
            dollars = dollars_of_rows(parsed.values, fixed, count)
        else:
            dollars = parsed.values.get("amount", [None] * count)
        return Receipt(
            out.sheet.file,
            out.sheet.name,
            rows_left_out=count,
            dollars_left_out=sum((amount for amount in dollars if amount is not None), Decimal(0)),
            unreadable=len(parsed.wrong),
        )

    # --- rows and values ---

    def _kept(self) -> list[bool]:
        keep, drop = self._mapping.rows.keep, self._mapping.rows.drop

        def is_kept(place: int) -> bool:
            def cell(heading: str) -> Raw:
                return self._cells(heading)[place]

            wanted = not keep or any_holds(keep, cell, unreadable=True)
            return wanted and not any_holds(drop, cell, unreadable=False)

        return [is_kept(place) for place in range(len(self._body.rows))]

    def _values(self, name: str, rows: Sequence[int], issues: list[Issue]) -> list[Raw]:
        use = self._mapping.codes.get(name)
        columns = [[cells[row] for row in rows] for cells in map(self._cells, self._headings(name))]
        raws = columns[0] if len(columns) == 1 else [_joined(cells) for cells in zip(*columns, strict=True)]
        codes = [self._cells(use.heading)[row] for row in rows] if use is not None and use.heading else raws
        letter = letters(self._places[name]) if name in self._places else ""
        sheet, numbers = self._table.sheet, (self._body.numbers[row] for row in rows)
        where = [Where(sheet.file, sheet.name, f"{letter}{n}" if letter else f"row {n}") for n in numbers]
        return self._translations.translated(name, raws, codes, where, issues)

    # --- sums ---

    def _summed(self, columns: Columns, wanted: Sequence[int]) -> Columns:
        """Sum rows that agree in the key columns; other fields must agree, too."""
        keys = [self._cells(heading) for heading in self._mapping.sum_by]
        groups: dict[tuple[str, ...], list[int]] = {}
        for place, row in enumerate(wanted):
            groups.setdefault(tuple(_text(key[row]) for key in keys), []).append(place)
        values = {
            name: [
                self._sum(columns, name, places) if _is_summed(name) else self._agreed(columns, name, places)
                for places in groups.values()
            ]
            for name in columns.values
        }
        numbers = [tuple(columns.numbers[place][0] for place in places) for places in groups.values()]
        return replace(columns, numbers=numbers, values=values)

    def _sum(self, columns: Columns, name: str, places: list[int]) -> Raw:
        raws = columns.values[name]
        if len(places) == 1:
            return raws[places[0]]
        total = Decimal(0)
        for place in places:
            number, letter = columns.numbers[place][0], columns.letters.get(name, "")
            where = Where(columns.sheet.file, columns.sheet.name, f"{letter}{number}" if letter else f"row {number}")
            total += parse_field(raws[place], self._forms[name], where, self._issues) or 0
        return total

    def _agreed(self, columns: Columns, name: str, places: list[int]) -> Raw:
        raws = columns.values[name]
        first = raws[places[0]]
        other = next((place for place in places[1:] if _text(raws[place]) != _text(first)), None)
        if other is not None:
            letter, number = columns.letters.get(name, ""), columns.numbers[other][0]
            where = Where(columns.sheet.file, columns.sheet.name, f"{letter}{number}" if letter else f"row {number}")
            row = columns.numbers[places[0]][0]
            message = f"`{name}` differs from row {row}, with which this row is summed: `{_text(first)}`"
            hint = "add its heading to `sum_by`, or take the field out of `columns`"
            found = _text(raws[other])
            self._issues.append(error("rows-differ", message, where=where, field=name, found=found, hint=hint))
        return first


def _is_summed(name: str) -> bool:
    return name in _SUMMED or name.rpartition(" ")[2].startswith("FY")


def _filled_down(cells: list[Raw]) -> list[Raw]:
    filled: list[Raw] = []
    for cell in cells:
        filled.append(filled[-1] if filled and is_blank(cell) else cell)
    return filled


def _joined(cells: Sequence[Raw]) -> str:
    return ", ".join(shown(cell) for cell in cells if not is_blank(cell))


def _text(raw: Raw) -> str:
    return "" if raw is None else shown(raw)
