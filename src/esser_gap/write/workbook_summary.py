"""The first page: the finding in one sentence, the gap by year with who pays, and the chart of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.view.districts import districts_table
from esser_gap.view.finding import certainty, finding, findings
from esser_gap.view.left_out import left_out
from esser_gap.view.years import years_table
from esser_gap.write.workbook_charts import alt_text, gap_chart
from esser_gap.write.workbook_checks import verdict
from esser_gap.write.workbook_formats import Formats, Line
from esser_gap.write.workbook_page import Footer, Page
from esser_gap.write.workbook_text import clean
from esser_gap.write.workbook_widths import NARROWEST_PAGE, page_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook  # noqa: TID251

    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table

SUMMARY = "Summary"
ROUNDING = "Whole dollars: rounded figures may not add up by a dollar; the sheets from Years to Losses have cents."

_CHART_ROWS = 15
"""Rows that the chart takes on the narrowest page; on a wider one, which prints smaller, it is taller."""
_ROW_PIXELS = 20
_SEVERAL = 2


def add_summary(
    book: Workbook, formats: Formats, projection: Projection, checks: Table, links: Sequence[str], footer: Footer
) -> None:
    """Add the first page, under the first scenario: a block for each district, after one for all when several.

    Args:
        book: Workbook.
        formats: Its formats.
        projection: Everything projected.
        checks: What `checks_table` gave.
        links: Names of the sheets to link to.
        footer: What stands under every printed page.
    """
    scenario = projection.scenarios[0].name
    names = [district.name for district in projection.budget.districts]
    tables = {name: years_table(projection, district=name, scenario=scenario) for name in names}
    overview = [districts_table(projection, scenario=scenario)] if len(names) >= _SEVERAL else []
    page = Page(book.add_worksheet(SUMMARY), formats, page_widths([*overview, *tables.values()]))
    for table in overview:
        page.say(table.title, Line.TITLE)
        page.say(findings(projection, scenario=scenario)[-1], Line.FINDING)
        _say_left_out(page, projection)
        page.draw(table)
        _say_all(page, [*table.notes, ROUNDING, *_reliance(projection, checks)])
        _link_all(page, links)
    breaks = []
    for name, table in tables.items():
        breaks.append(page.row)
        _district_block(book, page, projection, name, table)
    if not overview:
        _say_all(page, _reliance(projection, checks))
        _link_all(page, links)
    page.finish(footer)
    if overview:
        page.sheet.fit_to_pages(1, 0)
        page.sheet.set_h_pagebreaks(breaks)
    else:
        page.sheet.fit_to_pages(1, 1)


def _district_block(book: Workbook, page: Page, projection: Projection, name: str, table: Table) -> None:
    scenario = projection.scenarios[0]
    page.say(name, Line.TITLE)
    page.say(finding(projection, district=name, scenario=scenario.name), Line.FINDING)
    if len(projection.budget.districts) < _SEVERAL:
        _say_left_out(page, projection)
    said = f": {scenario.description}" if scenario.description else ""
    page.say(f"Scenario {scenario.name}{said}", Line.SUBTITLE)
    placed = page.draw(table)
    chart = gap_chart(book, SUMMARY, table, placed)
    rows = _CHART_ROWS * sum(page.widths) // NARROWEST_PAGE
    chart.set_size({"width": sum(page.widths) - 2, "height": rows * _ROW_PIXELS - 4})
    described = {"description": alt_text(name, scenario.name, table, SUMMARY), "y_offset": 4, "object_position": 1}
    page.sheet.insert_chart(page.row, 0, chart, described)
    page.leave(rows)
    _say_all(page, [certainty(projection, district=name, scenario=scenario.name), *table.notes, ROUNDING])


def _reliance(projection: Projection, checks: Table) -> list[str]:
    """Say whether the figures agree, and what the mapping keeps out of them."""
    said = [f"{verdict(checks)} (sheet Checks)"]
    receipts = projection.budget.receipts
    rows = sum(receipt.rows_left_out for receipt in receipts)
    if rows:
        dollars = sum(receipt.dollars_left_out for receipt in receipts)
        said.append(f"Not in these figures: {rows:,} rows read with {dollars:,.2f} dollars (sheet Receipts).")
    return said


def _say_left_out(page: Page, projection: Projection) -> None:
    """Say right under the finding what rows with errors keep out of it."""
    sentence = left_out(projection.budget)
    if sentence:
        page.say(f"{sentence} (sheets Issues and Receipts)", Line.FINDING)


def _say_all(page: Page, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        page.say(sentence[:1].upper() + sentence[1:], Line.NOTE)


def _link_all(page: Page, links: Sequence[str]) -> None:
    """Write links to the other sheets, as many in a row as the page has columns."""
    columns = len(page.widths)
    for first in range(0, len(links), columns):
        page.set_lines(page.row + first // columns, links[first : first + columns])
    for place, name in enumerate(links):
        row, column = page.row + place // columns, place % columns
        tip = f"Go to the sheet {name}"
        page.sheet.write_url(row, column, f"internal:'{name}'!A1", page.formats.lines[Line.LINK], clean(name), tip)
    page.row += -(-len(links) // columns)
