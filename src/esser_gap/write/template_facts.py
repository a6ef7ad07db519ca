"""The sheets of the template with a fact or a setting in each row: District and Scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.district import District
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.model.scenario import Scenario
from esser_gap.read.districts import YEARLY
from esser_gap.write.field_words import NEEDED
from esser_gap.write.template_page import (
    HEADING_ROW,
    LAST_ROW,
    Template,
    add_page,
    column_of,
    print_legibly,
    restrict,
    write_heading,
    write_note,
)
from esser_gap.write.template_rows import cells_of, worked_rows
from esser_gap.write.workbook_page import write_value
from esser_gap.write.workbook_text import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.write.template_rows import Cell

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


def add_district(template: Template) -> None:
    """Add the sheet District, one fact a row, with fiscal years beside it."""
    about = "Who the district is. Enrollment moves the cost of every commitment that follows it."
    # In one cell alone: a second one beside the word District would be taken for a table of districts.
    sheet = add_page(template, "District", about, fixed=1)
    district = worked_rows().district
    years = sorted({*district.enrollment, *district.total_budget})
    headings = [("Field", 190), ("Value", 250), *((year_name(year), 112) for year in years)]
    for place, (heading, width) in enumerate(headings):
        sheet.set_column_pixels(place, place, width)
        write_text(sheet, HEADING_ROW, place, heading, template.inputs.optional)
    for row, form in enumerate(forms_of(District).values(), HEADING_ROW + 1):
        write_heading(template, sheet, row, 0, column_of(form))
        if form.form is Form.DICTIONARY:
            _fact_by_year(template, sheet, row, YEARLY[form.name], years, getattr(district, form.name))
        else:
            _fact(template, sheet, row, form, cells_of(district).get(form.name))
    print_legibly(template, sheet, sum(width for _, width in headings))


def _fact(template: Template, sheet: Worksheet, row: int, form: FieldForm, value: Cell | None) -> None:
    write_value(sheet, row, 1, value, template.inputs.cell(form.form, is_example=True, is_left=True))
    restrict(sheet, form, row, 1, row, 1)


def _fact_by_year(
    template: Template,
    sheet: Worksheet,
    row: int,
    form: FieldForm,
    years: Sequence[int],
    values: Mapping[int, Cell],
) -> None:
    write_text(sheet, row, 1, "by fiscal year", template.inputs.remark)
    for place, year in enumerate(years, 2):
        write_value(sheet, row, place, values.get(year), template.inputs.cell(form.form, is_example=True))
    restrict(sheet, form, row, 2, row, len(years) + 1)


def add_scenarios(template: Template) -> None:
    """Add the sheet Scenarios, one setting a row, with a worked scenario."""
    about = (
        "What could be done differently. Rows with one name make one scenario; the file scenario.yaml does the same"
        " outside of this workbook."
    )
    sheet = add_page(template, "Scenarios", about, fixed=1)
    inputs = template.inputs
    for place, (heading, width, note) in enumerate(_SETTING_COLUMNS):
        sheet.set_column_pixels(place, place, width, inputs.cell(Form.TEXT))
        write_text(sheet, HEADING_ROW, place, heading, inputs.heading(is_needed=NEEDED in heading))
        write_note(sheet, HEADING_ROW, place, note)
    for row, settings in enumerate(worked_rows().settings, HEADING_ROW + 1):
        for place, text in enumerate(settings):
            write_text(sheet, row, place, text, inputs.cell(Form.TEXT, is_example=True))
    choices = {"validate": "list", "source": list(_SETTINGS), "show_error": False}
    sheet.data_validation(HEADING_ROW + 1, 1, LAST_ROW - 1, 1, choices)
    print_legibly(template, sheet, sum(width for _, width, _ in _SETTING_COLUMNS))
