"""What all sheets of the template that are filled in share: headings with notes, choices, and how they print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.write.field_words import NEEDED, heading_of
from esser_gap.write.template_cells import validation_of
from esser_gap.write.workbook_formats import Line
from esser_gap.write.workbook_page import Footer, print_landscape
from esser_gap.write.workbook_text import lines_of, write_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.model.record import FieldForm
    from esser_gap.write.template_cells import InputFormats
    from esser_gap.write.workbook_formats import Formats

GROUP_ROW, HEADING_ROW = 2, 3
"""Rows of the headings, and of what stands above groups of them."""
LAST_ROW = 2_000
"""Rows down to which cells say what may be typed into them; the reader takes more."""

_WIDEST_PRINT = 1_500
"""Pixels at which a landscape letter page is still printed at two thirds of its size."""
_NOTE_PIXELS = 260
_NOTE_LINE_PIXELS = 19


@dataclass(frozen=True, slots=True)
class Template:
    """The workbook that is being made.

    Attributes:
        book: Workbook.
        formats: Formats of text for people.
        inputs: Formats of cells that are filled in.
        footer: What stands under every printed page.
    """

    book: Workbook
    formats: Formats
    inputs: InputFormats
    footer: Footer


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        form: The field.
        heading: What stands above it.
    """

    form: FieldForm
    heading: str


def column_of(form: FieldForm) -> Column:
    """Give the column of a field; the heading of a needed one says so."""
    heading = heading_of(form.name)
    return Column(form, f"{heading} ({NEEDED})" if form.required else heading)


def add_page(template: Template, name: str, about: str, *, fixed: int, repeated: int = 0) -> Worksheet:
    """Add a sheet with its name and what it is for.

    Args:
        template: The workbook.
        name: Name of the sheet.
        about: What a row of it is, and how to fill it in.
        fixed: Columns that stay in sight.
        repeated: Columns that stand on every printed page; what the sheet is for stands beside them.
    """
    sheet = template.book.add_worksheet(name)
    sheet.set_row(0, 24)
    sheet.set_row(GROUP_ROW, 21)
    write_text(sheet, 0, 0, name, template.formats.lines[Line.TITLE])
    write_text(sheet, 1, repeated, about, template.formats.lines[Line.SUBTITLE])
    sheet.freeze_panes(HEADING_ROW + 1, fixed)
    return sheet


def write_heading(template: Template, sheet: Worksheet, row: int, place: int, column: Column) -> None:
    """Write the heading of a field, with its meaning as a note."""
    write_text(sheet, row, place, column.heading, template.inputs.heading(is_needed=column.form.required))
    write_note(sheet, row, place, column.form.description)


def write_note(sheet: Worksheet, row: int, place: int, text: str) -> None:
    """Put a note on a cell, large enough for its text."""
    lines = len(lines_of(text, _NOTE_PIXELS - 20)) + 1
    size = {"width": _NOTE_PIXELS, "height": lines * _NOTE_LINE_PIXELS, "font_size": 10, "font_family": 2}
    sheet.write_comment(row, place, text, {"author": "esser-gap", **size})


def restrict(sheet: Worksheet, form: FieldForm, *cells: int) -> None:
    """Let cells take only what their field does.

    Args:
        sheet: Worksheet.
        form: Their field.
        cells: First row and column, last row and column.
    """
    validation = validation_of(form)
    if validation is not None:
        sheet.data_validation(*cells, validation)


def print_legibly(template: Template, sheet: Worksheet, width: int, *, repeated: int = 0) -> None:
    """Print on as many pages side by side as keep a sheet legible, with headings on each.

    Args:
        template: The workbook.
        sheet: Worksheet.
        width: Pixels of all its columns.
        repeated: First columns that stand on every page.
    """
    print_landscape(sheet, template.footer)
    sheet.fit_to_pages(-(-width // _WIDEST_PRINT), 0)
    sheet.repeat_rows(GROUP_ROW, HEADING_ROW)
    if repeated:
        sheet.repeat_columns(0, repeated - 1)
