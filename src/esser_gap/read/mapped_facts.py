"""Tables of sources or district facts that a mapping reads, written as sheets whose headings are fields."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.model.budget import Receipt
from esser_gap.model.mapping import Reads
from esser_gap.model.record import FieldForm, Form
from esser_gap.read.commitments import added
from esser_gap.read.mapped_rows import mapped_columns
from esser_gap.read.mapped_tables import YEAR_NAME
from esser_gap.read.mapping_uses import tables_of
from esser_gap.read.mappings import FIELDS
from esser_gap.read.raw_columns import parse_columns
from esser_gap.read.sources import year_of_heading
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.mapping import Mapping
    from esser_gap.read.mapped_tables import MappedTable
    from esser_gap.read.mapping_uses import MappingUse
    from esser_gap.read.raw_columns import Columns
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw

_AMOUNT = FieldForm("amount", Form.MONEY)


def fact_sheets(use: MappingUse, sheets: Sequence[Sheet], issues: list[Issue]) -> Iterator[tuple[Sheet, Receipt]]:
    """Write the tables of sources or district facts as sheets whose headings are fields, cells in their places.

    Args:
        use: The mapping.
        sheets: All sheets of a file.
        issues: Problems are added here.

    Yields:
        Each table as a sheet, with the receipt of its rows.

    Raises:
        InputError: When a sheet that the mapping names is not there.
    """
    for found in tables_of(use, sheets, issues):
        table = _with_years(found)
        forms = _forms(table.mapping)
        columns = mapped_columns(table.mapping, table, forms, use.translations(), issues, use.matched)
        yield _as_sheet(table, columns), _receipt(columns)


def _forms(mapping: Mapping) -> dict[str, FieldForm]:
    forms = {name: FieldForm(name, Form.TEXT) for name in FIELDS[mapping.reads]}
    yearly = {name: FieldForm(name, Form.NUMBER) for name in mapping.columns if name not in forms}
    return forms | yearly | {"amount": _AMOUNT}


def _with_years(table: MappedTable) -> MappedTable:
    """Make each column that holds a fact by year, as `Students {year}`, a column of its own: `enrollment FY2027`."""
    columns: dict[str, tuple[str, ...]] = {}
    places, values = dict(table.places), dict(table.mapping.values)
    for name, headings in table.mapping.columns.items():
        before, mark, after = headings[0].partition(YEAR_NAME)
        if not mark:
            columns[name] = headings
            continue
        for place, text in table.body.table.header.headings.items():
            middle = text[len(before) : len(text) - len(after)]
            year = year_of_heading(middle) if f"{before}{middle}{after}" == text else None
            if year is not None:
                own = f"{name} FY{year}" if table.mapping.reads is Reads.DISTRICT else f"FY{year}"
                columns[own], places[text] = (text,), place
                if name in table.mapping.values:
                    values[own] = table.mapping.values[name]
    mapping = table.mapping.model_copy(update={"columns": columns, "values": values})
    return replace(table, mapping=mapping, places=places)


def _as_sheet(table: MappedTable, columns: Columns) -> Sheet:
    """Write fields under their names: each in its own column, what has none to the right of the table."""
    sheet, top = table.sheet, table.body.table.header.row
    width = max(len(row) for row in sheet.rows)
    own = {name: place for name, place in _places(table).items() if name in columns.values}
    constants = {name: value for name, value in table.mapping.constants.items() if name not in columns.values}
    further = [name for name in columns.values if name not in own]
    places = {**own, **{name: width + n for n, name in enumerate([*further, *constants])}}
    width += len(further) + len(constants)
    rows: list[list[Raw]] = [[""] * width for _ in sheet.rows]
    for name, place in places.items():
        rows[top][place] = name
    for position, numbers in enumerate(columns.numbers):
        row = rows[numbers[0] - 1]
        for name, raws in columns.values.items():
            row[places[name]] = "" if is_blank(raws[position]) else raws[position]
        for name, value in constants.items():
            row[places[name]] = value
    summed = {numbers[0]: numbers for numbers in columns.numbers if len(numbers) > 1}
    return replace(sheet, rows=rows, summed=summed)


def _places(table: MappedTable) -> dict[str, int]:
    firsts = {name: headings[0] for name, headings in table.mapping.columns.items()}
    own = {name: table.places[heading] for name, heading in firsts.items() if heading in table.places}
    # A column that serves two fields is written out for each of them.
    return {name: place for n, (name, place) in enumerate(own.items()) if place not in list(own.values())[:n]}


def _receipt(columns: Columns) -> Receipt:
    """Count the rows that became sources or facts, with the dollars of their column `amount`."""
    cells = replace(columns, values={n: raws for n, raws in columns.values.items() if n == _AMOUNT.name})
    parsed = parse_columns(cells, {_AMOUNT.name: _AMOUNT}, columns.origins(), [])
    amounts = parsed.values.get(_AMOUNT.name, ())
    accepted = Receipt(
        columns.sheet.file,
        columns.sheet.name,
        rows_accepted=sum(len(numbers) for numbers in columns.numbers),
        dollars_accepted=sum((amount for amount in amounts if amount is not None), Decimal(0)),
        unreadable=len(parsed.wrong),
    )
    return added(columns.receipt, accepted)
