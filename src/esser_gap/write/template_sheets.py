"""The sheets of the template with a record in each row, Commitments and Funding, made from the fields' definitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.commitment import Commitment
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.model.source import Award, Source, YearlyGrowth
from esser_gap.write.template_cells import pixels_of, wraps
from esser_gap.write.template_page import (
    GROUP_ROW,
    HEADING_ROW,
    LAST_ROW,
    Column,
    Template,
    add_page,
    column_of,
    print_legibly,
    restrict,
    write_heading,
)
from esser_gap.write.template_rows import cells_of, worked_rows
from esser_gap.write.workbook_page import write_value
from esser_gap.write.workbook_text import write_text
from esser_gap.write.workbook_widths import LINE_POINTS, cell_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.write.template_rows import Cell


@dataclass(frozen=True, slots=True)
class _Layout:
    """A sheet with a record, or a part of one, in each row.

    Attributes:
        name: Name of the sheet.
        about: What a row of it is, and how to fill it in.
        groups: What stands above groups of columns, by the first field of each.
        columns: Columns in order.
        rows: Worked rows, cells by heading.
        fixed: Columns that stay in sight and stand on every printed page.
    """

    name: str
    about: str
    groups: Mapping[str, str]
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    fixed: int


def columns_of(record: type[Record]) -> list[Column]:
    """List the columns of a record's fields, structures left out; the headings of needed ones say so."""
    return [column_of(form) for form in forms_of(record).values() if form.form is not Form.DICTIONARY]


def funding_columns(years: Sequence[int]) -> list[Column]:
    """List the columns of the sheet Funding: awards and yearly amounts stand in columns of their own.

    Args:
        years: Fiscal years that get a column.
    """
    columns = []
    for form in forms_of(Source).values():
        if form.name == "awards":
            columns += columns_of(Award)
        elif form.name == "yearly":
            columns += [column_of(forms_of(YearlyGrowth)["growth"])]
            columns += [_year_column(form, year) for year in years]
        else:
            columns.append(column_of(form))
    return columns


def _year_column(form: FieldForm, year: int) -> Column:
    return Column(replace(form, form=Form.MONEY), year_name(year))


def add_commitments(template: Template) -> None:
    """Add the sheet Commitments with its worked rows."""
    columns = columns_of(Commitment)
    layout = _Layout(
        name="Commitments",
        about="One row for each thing that the district pays for; both rows are examples. Dark headings are needed."
        " Rest the pointer on a heading to read what it means.",
        groups={
            "id": "What it is",
            "annual_cost": "What it costs: annual cost, or quantity and unit cost",
            "billing": "When it is paid; a one-time cost needs the day it starts on",
            "purchased_on": "A replacement needs the first two",
            "funded_by": "Who pays today",
            "mandated": "What must stay, what goes first, when to decide",
            "goal": "For your own reports",
        },
        columns=columns,
        rows=[_by_heading(columns, cells_of(commitment)) for commitment in worked_rows().commitments],
        fixed=2,
    )
    _draw(template, layout)


def add_funding(template: Template) -> None:
    """Add the sheet Funding with its worked rows."""
    sources = worked_rows().sources
    years = sorted({year for source in sources for year in _yearly(source)})
    columns = funding_columns(years)
    layout = _Layout(
        name="Funding",
        about="One row for each source of money, in the order in which it is spent. Further awards of a source take"
        " further rows with its name. A source without any amount is unlimited.",
        groups={
            "name": "What it is",
            "categories": "What it may pay (blank: everything)",
            "share": "How much of a cost",
            "amount": "How much, and when: an amount with dates, or dollars by fiscal year",
            "certainty": "How sure, how shared out",
            "rule": "The rule and where it stands",
        },
        columns=columns,
        rows=[_by_heading(columns, cells) for source in sources for cells in _source_rows(source)],
        fixed=1,
    )
    _draw(template, layout)


def _yearly(source: Source) -> Mapping[int, Cell]:
    return source.yearly if isinstance(source.yearly, dict) else {}


def _source_rows(source: Source) -> list[dict[str, Cell]]:
    """Give a row for each award; what the source says of itself stands in the first."""
    own = {**cells_of(source), **{year_name(year): amount for year, amount in _yearly(source).items()}}
    first, *others = [cells_of(award) for award in source.awards] or [{}]
    return [{**own, **first}, *({"name": source.name, **award} for award in others)]


def _by_heading(columns: Sequence[Column], cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Give cells by heading; yearly amounts come by it already."""
    names = {column.form.name: column.heading for column in columns}
    return {names.get(name, name): value for name, value in cells.items()}


def _draw(template: Template, layout: _Layout) -> None:
    sheet = add_page(template, layout.name, layout.about, fixed=layout.fixed, repeated=layout.fixed)
    for place, column in enumerate(layout.columns):
        _draw_column(template, sheet, place, column, layout.groups.get(column.form.name, ""))
    _set_height(sheet, HEADING_ROW, [(column.heading, pixels_of(column.form)) for column in layout.columns])
    for number, row in enumerate(layout.rows, HEADING_ROW + 1):
        for place, column in enumerate(layout.columns):
            style = template.inputs.cell(column.form.form, is_example=True)
            write_value(sheet, number, place, row.get(column.heading), style)
        texts = [(str(row.get(c.heading, "")), pixels_of(c.form)) for c in layout.columns if wraps(c.form)]
        _set_height(sheet, number, texts)
    width = sum(pixels_of(column.form) for column in layout.columns)
    print_legibly(template, sheet, width, repeated=layout.fixed)


def _draw_column(template: Template, sheet: Worksheet, place: int, column: Column, group: str) -> None:
    sheet.set_column_pixels(place, place, pixels_of(column.form), template.inputs.cell(column.form.form))
    write_text(sheet, GROUP_ROW, place, group, template.inputs.group)
    write_heading(template, sheet, HEADING_ROW, place, column)
    restrict(sheet, column.form, HEADING_ROW + 1, place, LAST_ROW - 1, place)


def _set_height(sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
    lines = max(cell_lines(text, width) for text, width in texts)
    sheet.set_row(row, LINE_POINTS * lines)
