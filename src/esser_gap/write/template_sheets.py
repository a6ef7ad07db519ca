"""The sheets of the template that are filled in, each column made from the definition of its field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.commitment import Commitment
from esser_gap.model.district import District
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.model.scenario import Scenario
from esser_gap.model.source import Award, Source, YearlyGrowth
from esser_gap.read.districts import YEARLY
from esser_gap.write.field_words import NEEDED, heading_of
from esser_gap.write.template_cells import InputFormats, pixels_of, validation_of, wraps
from esser_gap.write.template_rows import cells_of, worked_rows
from esser_gap.write.workbook_formats import Formats, Line
from esser_gap.write.workbook_page import Footer, print_landscape, write_value
from esser_gap.write.workbook_text import lines_of, write_text
from esser_gap.write.workbook_widths import LINE_POINTS, cell_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from esser_gap.write.template_rows import Cell

LAST_ROW = 2_000
"""Rows down to which cells say what may be typed into them; the reader takes more."""

_GROUP_ROW, _HEADING_ROW = 2, 3
_WIDEST_PRINT = 1_500
"""Pixels at which a landscape letter page is still printed at two thirds of its size."""
_NOTE_PIXELS = 260
_NOTE_LINE_PIXELS = 19


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        record: The record whose field it is.
        form: The field.
        heading: What stands above it.
    """

    record: type[Record]
    form: FieldForm
    heading: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """A sheet with a record, or a part of one, in each row.

    Attributes:
        name: Name of the sheet.
        title: What a row of it is.
        hint: How to fill it in.
        groups: What stands above groups of columns, by the first field of each.
        columns: Columns in order.
        rows: Worked rows, cells by heading.
        fixed: Columns that stay in sight and stand on every printed page.
    """

    name: str
    title: str
    hint: str
    groups: Mapping[str, str]
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    fixed: int


def columns_of(record: type[Record]) -> list[Column]:
    """List the columns of a record's fields, structures left out; the headings of needed ones say so."""
    return [_column(record, form) for form in forms_of(record).values() if form.form is not Form.DICTIONARY]


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
            columns += [_column(YearlyGrowth, forms_of(YearlyGrowth)["growth"])]
            columns += [_year_column(form, year) for year in years]
        else:
            columns.append(_column(Source, form))
    return columns


def _column(record: type[Record], form: FieldForm) -> Column:
    heading = heading_of(form.name)
    return Column(record, form, f"{heading} ({NEEDED})" if form.required else heading)


def _year_column(form: FieldForm, year: int) -> Column:
    return Column(Source, replace(form, form=Form.MONEY), year_name(year))


def add_commitments(book: Workbook, formats: Formats, inputs: InputFormats, footer: Footer) -> None:
    """Add the sheet Commitments with its worked rows.

    Args:
        book: Workbook.
        formats: Formats of its pages for people.
        inputs: Formats of the sheets that are filled in.
        footer: What stands under every printed page.
    """
    columns = columns_of(Commitment)
    layout = _Layout(
        name="Commitments",
        title="One row for each thing that the district pays for",
        hint="Dark headings are needed. Rest the pointer on a heading to read what it means. Both rows are examples.",
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
    _draw(book, layout, formats, inputs, footer)


def add_funding(book: Workbook, formats: Formats, inputs: InputFormats, footer: Footer) -> None:
    """Add the sheet Funding with its worked rows.

    Args:
        book: Workbook.
        formats: Formats of its pages for people.
        inputs: Formats of the sheets that are filled in.
        footer: What stands under every printed page.
    """
    sources = worked_rows().sources
    years = sorted({year for source in sources for year in _yearly(source)})
    columns = funding_columns(years)
    layout = _Layout(
        name="Funding",
        title="One row for each source of money, in the order in which it is spent",
        hint="Further awards of a source take further rows with its name. A source without any amount is unlimited.",
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
    _draw(book, layout, formats, inputs, footer)


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


def _draw(book: Workbook, layout: _Layout, formats: Formats, inputs: InputFormats, footer: Footer) -> None:
    sheet = book.add_worksheet(layout.name)
    _say(sheet, formats, layout.title, layout.hint, layout.fixed)
    for place, column in enumerate(layout.columns):
        sheet.set_column_pixels(place, place, pixels_of(column.form), inputs.cell(column.form.form))
        write_text(sheet, _GROUP_ROW, place, layout.groups.get(column.form.name, ""), inputs.group)
        _head(sheet, _HEADING_ROW, place, column, inputs)
        _allow(sheet, column, _HEADING_ROW + 1, place, LAST_ROW - 1, place)
    _set_height(sheet, _HEADING_ROW, [(column.heading, pixels_of(column.form)) for column in layout.columns])
    for number, row in enumerate(layout.rows, _HEADING_ROW + 1):
        for place, column in enumerate(layout.columns):
            write_value(sheet, number, place, row.get(column.heading), inputs.cell(column.form.form, is_example=True))
        texts = [(str(row.get(c.heading, "")), pixels_of(c.form)) for c in layout.columns if wraps(c.form)]
        _set_height(sheet, number, texts)
    sheet.freeze_panes(_HEADING_ROW + 1, layout.fixed)
    _print(sheet, footer, sum(pixels_of(column.form) for column in layout.columns), layout.fixed)


def _say(sheet: Worksheet, formats: Formats, title: str, hint: str, fixed: int) -> None:
    """Write the sheet's name, and beside the columns that stay in sight what it is for."""
    sheet.set_row(0, 24)
    sheet.set_row(_GROUP_ROW, 21)
    write_text(sheet, 0, 0, sheet.get_name(), formats.lines[Line.TITLE])
    write_text(sheet, 0, fixed, title, formats.lines[Line.FINDING])
    write_text(sheet, 1, fixed, hint, formats.lines[Line.SUBTITLE])


def _head(sheet: Worksheet, row: int, place: int, column: Column, inputs: InputFormats) -> None:
    write_text(sheet, row, place, column.heading, inputs.heading(is_needed=column.form.required))
    _note(sheet, row, place, column.form.description)


def _note(sheet: Worksheet, row: int, column: int, text: str) -> None:
    lines = len(lines_of(text, _NOTE_PIXELS - 20)) + 1
    size = {"width": _NOTE_PIXELS, "height": lines * _NOTE_LINE_PIXELS, "font_size": 10, "font_family": 2}
    sheet.write_comment(row, column, text, {"author": "esser-gap", **size})


def _allow(sheet: Worksheet, column: Column, *cells: int) -> None:
    validation = validation_of(column.record, column.form)
    if validation is not None:
        sheet.data_validation(*cells, validation)


def _set_height(sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
    lines = max(cell_lines(text, width) for text, width in texts)
    sheet.set_row(row, LINE_POINTS * lines)


def _print(sheet: Worksheet, footer: Footer, width: int, fixed: int = 0) -> None:
    """Print on as many pages side by side as keep it legible, with headings and names on each."""
    print_landscape(sheet, footer)
    sheet.fit_to_pages(-(-width // _WIDEST_PRINT), 0)
    sheet.repeat_rows(_HEADING_ROW)
    if fixed:
        sheet.repeat_columns(0, fixed - 1)


# --- sheets with a fact or a setting in each row -----------------------------------------------


def add_district(book: Workbook, formats: Formats, inputs: InputFormats, footer: Footer) -> None:
    """Add the sheet District, one fact a row, with fiscal years beside it.

    Args:
        book: Workbook.
        formats: Formats of its pages for people.
        inputs: Formats of the sheets that are filled in.
        footer: What stands under every printed page.
    """
    sheet = book.add_worksheet("District")
    district = worked_rows().district
    title = "Who the district is, how many students it has, how large its budget is"
    _say(sheet, formats, title, "Enrollment moves the cost of every commitment that follows it.", 1)
    years = sorted({*district.enrollment, *district.total_budget})
    headings = [("Field", 190), ("Value", 250), *((year_name(year), 112) for year in years)]
    for place, (heading, width) in enumerate(headings):
        sheet.set_column_pixels(place, place, width)
        write_text(sheet, _HEADING_ROW, place, heading, inputs.heading(is_needed=False))
    for row, form in enumerate(forms_of(District).values(), _HEADING_ROW + 1):
        _head(sheet, row, 0, _column(District, form), inputs)
        if form.form is Form.DICTIONARY:
            _fact_by_year(sheet, row, years, getattr(district, form.name), YEARLY[form.name], inputs)
        else:
            _fact(sheet, row, cells_of(district).get(form.name), form, inputs)
    sheet.freeze_panes(_HEADING_ROW + 1, 1)
    _print(sheet, footer, sum(width for _, width in headings))


def _fact(sheet: Worksheet, row: int, value: Cell | None, form: FieldForm, inputs: InputFormats) -> None:
    write_value(sheet, row, 1, value, inputs.cell(form.form, is_example=True, is_left=True))
    _allow(sheet, _column(District, form), row, 1, row, 1)


def _fact_by_year(
    sheet: Worksheet,
    row: int,
    years: Sequence[int],
    values: Mapping[int, Cell],
    form: FieldForm,
    inputs: InputFormats,
) -> None:
    write_text(sheet, row, 1, "by fiscal year", inputs.remark)
    for place, year in enumerate(years, 2):
        write_value(sheet, row, place, values.get(year), inputs.cell(form.form, is_example=True))
    _allow(sheet, _column(District, form), row, 2, row, len(years) + 1)


_SETTING_COLUMNS = (
    (f"Scenario ({NEEDED})", 150, "Name of the scenario. All rows with the same name make one scenario."),
    (
        f"Set ({NEEDED})",
        210,
        (
            "What is set, its keys parted by dots: `growth.software`, `growth.software.FY2028`, `count`,"
            " `sources.change.Technology line.share`; or `action`, as often as there are actions."
        ),
    ),
    (
        f"Value ({NEEDED})",
        400,
        "The value; an action stands in braces, as `{stop: FY2028, where: {id: READ}}`.",
    ),
    ("What it does", 400, "For you; it is not read."),
)
_SETTINGS = (
    *(name for name in forms_of(Scenario) if name in {"description", "extends", "count", "funding_order"}),
    "growth.default",
    "growth.salary",
    "growth.benefits",
    "drivers.enrollment",
    "action",
)


def add_scenarios(book: Workbook, formats: Formats, inputs: InputFormats, footer: Footer) -> None:
    """Add the sheet Scenarios, one setting a row, with a worked scenario.

    Args:
        book: Workbook.
        formats: Formats of its pages for people.
        inputs: Formats of the sheets that are filled in.
        footer: What stands under every printed page.
    """
    sheet = book.add_worksheet("Scenarios")
    hint = "Rows with one name make one scenario. The file scenario.yaml does the same outside of this workbook."
    _say(sheet, formats, "What could be done differently, one setting a row", hint, 1)
    for place, (heading, width, note) in enumerate(_SETTING_COLUMNS):
        sheet.set_column_pixels(place, place, width, inputs.cell(Form.TEXT))
        write_text(sheet, _HEADING_ROW, place, heading, inputs.heading(is_needed=NEEDED in heading))
        _note(sheet, _HEADING_ROW, place, note)
    for row, settings in enumerate(worked_rows().settings, _HEADING_ROW + 1):
        for place, text in enumerate(settings):
            write_text(sheet, row, place, text, inputs.cell(Form.TEXT, is_example=True))
    choices = {"validate": "list", "source": list(_SETTINGS), "show_error": False}
    sheet.data_validation(_HEADING_ROW + 1, 1, LAST_ROW - 1, 1, choices)
    sheet.freeze_panes(_HEADING_ROW + 1, 1)
    _print(sheet, footer, sum(width for _, width, _ in _SETTING_COLUMNS))
