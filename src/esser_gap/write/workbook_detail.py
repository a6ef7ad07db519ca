"""The five tidy tables as sheets: exact column names, one row under the other, ready to filter and to read back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from esser_gap.plan.tables import MONEY, TABLES
from esser_gap.view.table import Show
from esser_gap.write.delimited import LIST_SEPARATOR
from esser_gap.write.workbook_formats import Formats, Look
from esser_gap.write.workbook_page import Footer, print_landscape
from esser_gap.write.workbook_text import pixels, write_text
from esser_gap.write.workbook_widths import LINE_POINTS, cell_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

    from esser_gap.plan.tables import Column

    Writer = Callable[[int, int, Any], object]

SHEET_ROWS = 1_048_576
"""Rows that a sheet can hold."""

_WRAPPED = {"reason": 420, "at_risk_through": 220}
"""Columns of sentences or lists, with their width in pixels; the others show whole on one line if they can."""
_PADDING = 28
_WIDEST = 420
"""Columns with longer texts wrap them."""


def add_detail(book: Workbook, formats: Formats, frame: pl.DataFrame, table: str, footer: Footer) -> None:
    """Add a tidy table, on as many sheets as it needs.

    Args:
        book: Workbook.
        formats: Its formats.
        frame: The table.
        table: Name of the table, which names the sheets: `Payments`, `Payments (2)`.
        footer: What stands under every printed page.
    """
    columns = TABLES[table]
    flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join(LIST_SEPARATOR))
    widths = [_width(flat[column.name], column) for column in columns]
    room = SHEET_ROWS - 1
    for part in range(max(1, -(-flat.height // room))):
        name = table.capitalize() if part == 0 else f"{table.capitalize()} ({part + 1})"
        sheet = book.add_worksheet(name)
        _write_rows(sheet, formats, flat.slice(part * room, room), columns, widths)
        _finish(sheet, widths, min(room, flat.height - part * room), footer)


def _write_rows(
    sheet: Worksheet, formats: Formats, frame: pl.DataFrame, columns: tuple[Column, ...], widths: list[int]
) -> None:
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, formats.header(_show(column)))
    wraps = [_wraps(column, width) for column, width in zip(columns, widths, strict=True)]
    writers = [_writer(sheet, formats, column, is_wrapped=wrap) for column, wrap in zip(columns, wraps, strict=True)]
    wrapped = [(place, widths[place]) for place, wrap in enumerate(wraps) if wrap]
    for row, values in enumerate(frame.iter_rows(), start=1):
        lines = max((cell_lines(values[place] or "", width) for place, width in wrapped), default=1)
        if lines > 1:
            sheet.set_row(row, LINE_POINTS * lines)
        for place, (write, value) in enumerate(zip(writers, values, strict=True)):
            if value is not None and value != "":
                write(row, place, value)


def _wraps(column: Column, width: int) -> bool:
    return column.name in _WRAPPED or (isinstance(column.dtype, (pl.String, pl.List)) and width >= _WIDEST)


def _writer(sheet: Worksheet, formats: Formats, column: Column, *, is_wrapped: bool) -> Writer:
    is_truth = isinstance(column.dtype, pl.Boolean)
    show = Show.TEXT if is_wrapped else _show(column)
    look = Look(show, is_shortfall=column.name.endswith("gap"), is_detail=True, is_truth=is_truth)
    style = formats.cell(look)
    if isinstance(column.dtype, (pl.String, pl.List)):
        return lambda row, place, text: write_text(sheet, row, place, text, style)
    if is_truth:
        return lambda row, place, value: sheet.write_boolean(row, place, value, style)
    if isinstance(column.dtype, pl.Date):
        return lambda row, place, day: sheet.write_datetime(row, place, day, style)
    # A Decimal keeps its own digits in the file; a float could show 17 of them.
    return lambda row, place, number: sheet.write_number(row, place, number, style)


def _show(column: Column) -> Show:
    if column.dtype == MONEY:
        return Show.CENTS
    if isinstance(column.dtype, pl.Date):
        return Show.DATE
    if column.name.endswith("year"):
        return Show.YEAR
    if isinstance(column.dtype, pl.Int32):
        return Show.NUMBER
    return Show.TEXT if column.name in _WRAPPED else Show.CODE


def _width(values: pl.Series, column: Column) -> int:
    title = pixels(column.name, bold=True) + _PADDING
    if column.name in _WRAPPED:
        return max(title, _WRAPPED[column.name])
    if column.dtype == MONEY:
        return max(title, _amount_width(values))
    texts = values.cast(pl.String).drop_nulls()
    longest = texts.gather([texts.str.len_chars().arg_max() or 0]).item() if len(texts) else ""
    return max(title, min(pixels(longest) * 9 // 8 + _PADDING, _WIDEST))


def _amount_width(amounts: pl.Series) -> int:
    largest = amounts.abs().max()
    digits = pixels(f"({largest:,.2f})") if isinstance(largest, Decimal) else 0
    return digits * 9 // 8 + _PADDING


def _finish(sheet: Worksheet, widths: list[int], rows: int, footer: Footer) -> None:
    for place, width in enumerate(widths):
        sheet.set_column_pixels(place, place, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), len(widths) - 1)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, rows, len(widths) - 1)
    print_landscape(sheet, footer)
