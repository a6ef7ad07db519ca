"""Columns of raw values under the names of fields, and how they are parsed, each different value once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from esser_gap.issues import Issue, any_error
from esser_gap.model.budget import Receipt
from esser_gap.model.origin import Origin
from esser_gap.model.record import Form
from esser_gap.money import to_cents, to_dollars
from esser_gap.read.calendars import day_or_period
from esser_gap.read.dates import edge_of
from esser_gap.read.day_first import days_in_doubt
from esser_gap.read.fields import parse_field
from esser_gap.read.numbers import plain_amounts, plain_dollars
from esser_gap.read.parted_thousands import amounts_in_doubt
from esser_gap.read.units import mixed_units, unit_issues
from esser_gap.read.values import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from esser_gap.model.record import FieldForm
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.units import Unit
    from esser_gap.read.values import Raw


@dataclass(slots=True)
class Columns:
    """Raw values of the rows of one table, by field.

    Attributes:
        sheet: The sheet.
        numbers: Row numbers of each record, as the spreadsheet shows them; several where rows were summed.
        values: Raw values by field, one a record.
        letters: Column letters by field.
        units: Units of columns of money where something names them, by field.
        receipt: What became of the rows that are no records: totals, rows left out, rows of text.
    """

    sheet: Sheet
    numbers: list[tuple[int, ...]]
    values: dict[str, list[Raw]]
    letters: dict[str, str]
    units: dict[str, Unit] = field(default_factory=dict)
    receipt: Receipt = field(default_factory=lambda: Receipt("", ""))

    def origins(self) -> list[Origin]:
        """Give the origin of each record."""
        file, sheet, names = self.sheet.file, self.sheet.name, self.letters
        return [Origin(file, sheet, numbers, names) for numbers in self.numbers]


@dataclass(slots=True)
class Parsed:
    """Typed values of the rows of one table.

    Attributes:
        values: Typed values by field, one a record; None where a cell is blank or was not understood.
        wrong: Places of records with a value that was not understood.
        full: Fields that every record has.
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    full: set[str] = field(default_factory=set)


def parse_columns(
    columns: Columns, forms: Mapping[str, FieldForm], origins: Sequence[Origin], issues: list[Issue]
) -> Parsed:
    """Parse raw columns by the forms of their fields.

    Args:
        columns: The columns.
        forms: Forms by field name.
        origins: Origin of each record.
        issues: Problems are added here, each with its cell.
    """
    parsed = Parsed()
    for name, raws in columns.values.items():
        values = _plain_column(forms[name], raws, columns.units.get(name))
        is_full = "" not in raws
        if values is None:
            known, keys = _parse_column(columns, forms[name], raws, origins, parsed.wrong, issues)
            values = list(map(known.__getitem__, keys))
            is_full = all(value is not None for value in known.values())
        parsed.values[name] = values
        if is_full:
            parsed.full.add(name)
        _note_unsaved(columns, name, origins, parsed.wrong)
    dates = {name: raws for name, raws in columns.values.items() if forms[name].form is Form.DATE}
    doubts, wrong = days_in_doubt(dates, origins)
    issues.extend(doubts)
    parsed.wrong |= wrong
    return parsed


def _plain_column(form: FieldForm, raws: Sequence[Raw], unit: Unit | None) -> list[Any] | None:
    """Read a column at once where all cells are plain texts or plain amounts; None where one takes a closer look.

    Names, ids and amounts differ in every row, so that reading each different value once gains nothing.
    """
    if form.form is Form.TEXT and _are_only(str, raws) and _are_plain(list(filter(None, raws))):
        return [raw or None for raw in raws]
    if form.form is Form.MONEY and unit is None and _are_only(float, raws):
        return plain_amounts(raws)
    return None


def _are_only(kind: type, raws: Sequence[Raw]) -> bool:
    return set(map(type, raws)) == {kind}


_UNUSUAL = ("  ", " \n", "\n ", "\n#")


def _are_plain(texts: Sequence[str]) -> bool:
    """Tell whether texts mean themselves: ASCII, no space too many, no error of the spreadsheet."""
    said = "\n".join(["", *texts, ""])
    letters = said.replace("\n", "")
    is_plain = letters.isascii() and letters.isprintable() and len(said) - len(letters) == len(texts) + 1
    return is_plain and not any(unusual in said for unusual in _UNUSUAL)


def _parse_column(
    columns: Columns,
    form: FieldForm,
    raws: Sequence[Raw],
    origins: Sequence[Origin],
    wrong: set[int],
    issues: list[Issue],
) -> tuple[dict[Any, Any], Sequence[Any]]:
    """Parse each different value once; give what each means, and the value at each place."""
    # Yes equals 1 and no equals 0 in Python, so a column that has them is told apart by type as well.
    different = dict.fromkeys(raws)
    is_mixed = not different.keys().isdisjoint((0, 1)) and bool in set(map(type, raws))
    keys: Sequence[Any] = [(type(raw), raw) for raw in raws] if is_mixed else raws
    known: dict[Any, Any] = {}
    told: dict[Any, list[Issue]] = {}
    parser = _parser(columns, form)
    is_dollars = form.form is Form.MONEY and form.name not in columns.units
    for key in dict.fromkeys(keys) if is_mixed else different:
        raw = key[1] if is_mixed else key
        if raw is None or raw == "":
            known[key] = None
            continue
        if form.form is Form.TEXT and raw.__class__ is str and raw.isascii() and raw[0] != "#":
            known[key] = " ".join(raw.split()) or None
            continue
        if is_dollars and raw.__class__ is float and (dollars := plain_dollars(raw)) is not None:
            known[key] = dollars
            continue
        found: list[Issue] = []
        known[key] = parse_field(raw, form, _NOWHERE, found, parser)
        if found:
            told[key] = found
    if told:
        _tell(told, keys, form.name, origins, wrong, issues)
    if form.form is Form.MONEY:
        unit = columns.units.get(form.name)
        if unit is None:
            doubts, places = amounts_in_doubt(form.name, raws, origins)
            issues.extend(doubts)
            wrong.update(places)
        misfits = mixed_units(raws, unit)
        if misfits:
            wrong.update(misfit.place for misfit in misfits)
            issues.extend(unit_issues(raws, unit, [origin.where(form.name) for origin in origins], form))
    return known, keys


_NOWHERE = Origin().where()


def _parser(columns: Columns, form: FieldForm) -> Callable[[Raw, FieldForm], Any]:
    if form.name in columns.units:
        return partial(parse, factor=columns.units[form.name].factor)
    return parse if edge_of(form.name) is None else day_or_period


def _tell(
    told: Mapping[Any, list[Issue]],
    keys: Sequence[Any],
    name: str,
    origins: Sequence[Origin],
    wrong: set[int],
    issues: list[Issue],
) -> None:
    """Tell the problems of a value at each cell that holds it."""
    for place, key in enumerate(keys):
        if key in told:
            where = origins[place].where(name)
            issues.extend(issue.at(where) for issue in told[key])
            if any_error(told[key]):
                wrong.add(place)


def _note_unsaved(columns: Columns, name: str, origins: Sequence[Origin], wrong: set[int]) -> None:
    for address in columns.sheet.unsaved:
        column = address.rstrip("0123456789")
        if columns.letters.get(name) == column:
            row = int(address[len(column) :])
            wrong.update(place for place, origin in enumerate(origins) if row in origin.rows)


def dollars_of_rows(parsed: Mapping[str, Sequence[Any]], fixed: Mapping[str, Any], count: int) -> list[Decimal | None]:
    """Give the dollars that rows state: the annual cost, else quantity x unit cost; None for one with neither.

    Args:
        parsed: Typed values by field, one a row.
        fixed: Typed values that every row has where it has none of its own.
        count: How many rows there are.
    """

    def column(name: str) -> Sequence[Any]:
        default = fixed.get(name)
        values = parsed.get(name)
        if values is None:
            return [default] * count
        return values if default is None else [default if value is None else value for value in values]

    costs, quantities, prices = column("annual_cost"), column("quantity"), column("unit_cost")
    return [
        cost if cost is not None else _product(quantity, price)
        for cost, quantity, price in zip(costs, quantities, prices, strict=True)
    ]


def _product(quantity: Decimal | None, price: Decimal | None) -> Decimal | None:
    return None if quantity is None or price is None else to_dollars(to_cents(quantity * price))
