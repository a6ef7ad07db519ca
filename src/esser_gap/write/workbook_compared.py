"""The pages of a comparison or a sweep, with their charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from esser_gap.view.amounts import in_words
from esser_gap.view.bridge import bridge_table, causes_key_table, causes_table
from esser_gap.view.comparison import (
    comparison_finding,
    comparison_table,
    cumulative_table,
    difference_table,
    newly_lost_table,
    outcomes_table,
)
from esser_gap.view.robustness import robustness_table
from esser_gap.view.sweep import break_even_table, sweep_table
from esser_gap.view.table import Heading, Table
from esser_gap.write.workbook_charts import GRID
from esser_gap.write.workbook_formats import INK, Line
from esser_gap.write.workbook_page import Page
from esser_gap.write.workbook_sheets import Sheet, by_district, dated
from esser_gap.write.workbook_text import clean
from esser_gap.write.workbook_waterfall import waterfall_chart, waterfall_table, waterfall_words
from esser_gap.write.workbook_widths import NARROWEST_PAGE, page_widths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from decimal import Decimal

    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.chart import Chart  # noqa: TID251

    from esser_gap.comparing.comparison import Comparison
    from esser_gap.comparing.sweep import Sweep
    from esser_gap.write.workbook_formats import Formats
    from esser_gap.write.workbook_page import Footer, Placed

COMPARISON, BRIDGE = "Comparison", "Bridge"

_CHART_ROWS = 12
_MILLION = 1_000_000
_ROW_PIXELS = 20
_TOLD_APART = 4
"""Scenarios whose columns can be told apart year by year; more of them are shown by their totals."""
_WHITE = "#FFFFFF"
_LOOKS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#5B6770"}},
    {"fill": {"color": "#A9C1DA"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B7791F", "bg_color": _WHITE}},
    {"pattern": {"pattern": "large_grid", "fg_color": "#7A1022", "bg_color": _WHITE}},
)
"""Fills of the scenarios; they differ in darkness and pattern, so that no colour is needed."""


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A page with several tables or a chart.

    Attributes:
        name: Name of the sheet.
        add: Adds it to a workbook.
    """

    name: str
    add: Callable[[Workbook, Formats, Footer], None]


def comparison_sheets(comparison: Comparison) -> Iterator[Sheet | DrawnSheet]:
    """Give the pages that hold scenarios against the first.

    Args:
        comparison: Scenarios held against the first.
    """
    projection = comparison.projection
    yield DrawnSheet(COMPARISON, lambda book, formats, footer: _add_comparison(book, formats, comparison, footer))
    about = dated(projection, "whole dollars")
    fates = comparison.fates
    changed = by_district(projection, lambda name: newly_lost_table(projection, district=name, fates=fates))
    yield Sheet("Scenario changes", about, changed)
    yield DrawnSheet(BRIDGE, lambda book, formats, footer: _add_bridge(book, formats, comparison, footer))
    robustness = by_district(projection, lambda name: robustness_table(comparison, district=name))
    yield Sheet("Robustness", dated(projection, ""), robustness)


def sweep_sheets(sweep: Sweep) -> Iterator[Sheet]:
    """Give the pages that show settings as they move.

    Args:
        sweep: Settings moved over ranges.
    """
    projection = sweep.projection
    for name, view in (("Sweep", sweep_table), ("Break-even", break_even_table)):
        about = dated(projection, "whole dollars")
        yield Sheet(name, about, by_district(projection, lambda d, view=view: _by_scenario(sweep, d, view)))  # type: ignore[misc]


def _by_scenario(sweep: Sweep, district: str, view: Callable[..., Table]) -> Table:
    """Make one table of those of all scenarios; the first column names the scenario."""
    names = [scenario.name for scenario in sweep.projection.scenarios]
    tables = [view(sweep, district=district, scenario=name) for name in names]
    if len(tables) == 1:
        return tables[0]
    rows = tuple(
        replace(row, cells=(name, *row.cells)) for name, table in zip(names, tables, strict=True) for row in table.rows
    )
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return replace(tables[0], headings=(Heading("Scenario", width=18), *tables[0].headings), rows=rows, notes=notes)


# --- side by side ------------------------------------------------------------------------------


def _add_comparison(book: Workbook, formats: Formats, comparison: Comparison, footer: Footer) -> None:
    projection = comparison.projection
    names = [district.name for district in projection.budget.districts]
    blocks = {
        name: (
            comparison_table(projection, district=name),
            cumulative_table(comparison, district=name),
            difference_table(comparison, district=name),
            outcomes_table(comparison, district=name),
        )
        for name in names
    }
    page = Page(book.add_worksheet(COMPARISON), formats, page_widths([t for block in blocks.values() for t in block]))
    for name, (gaps, *others) in blocks.items():
        page.say(name, Line.TITLE)
        page.say(comparison_finding(comparison, district=name), Line.FINDING)
        page.say(dated(projection, "whole dollars"), Line.SUBTITLE)
        placed = _draw(page, gaps)
        _insert(page, page.row, _gap_chart(book, gaps, placed), _gap_words(name, gaps))
        page.leave(_chart_rows(page))
        for table in others:
            _draw(page, table)
    described = (f"scenario {s.name}: {s.description}" for s in projection.scenarios if s.description)
    _say_all(page, [*described])
    page.finish(footer)


def _gap_chart(book: Workbook, table: Table, placed: Placed) -> Chart:
    """Draw the gap as columns: each scenario by year, or, of many scenarios, each one's total."""
    chart = book.add_chart({"type": "column"})
    count, years = len(table.rows), len(table.headings) - 3
    last = placed.first_row + count - 1
    names = [str(row.cells[0]) for row in table.rows]
    if count <= _TOLD_APART:
        labels = [heading.text for heading in table.headings[1 : years + 1]]
        for place, row in enumerate(range(placed.first_row, last + 1)):
            chart.add_series(
                {
                    "name": [COMPARISON, row, 0],
                    "name_data": names[place],
                    "categories": [COMPARISON, placed.header_row, 1, placed.header_row, years],
                    "values": [COMPARISON, row, 1, row, years],
                    "categories_data": labels,
                    "values_data": [float(amount) for amount in _amounts(table, place)[:years]],
                    "border": {"color": INK, "width": 0.75},
                    "gap": 60,
                    **_LOOKS[place],
                }
            )
        title = "Gap by fiscal year and scenario"
    else:
        chart.add_series(
            {
                "name": "Gap over all years",
                "categories": [COMPARISON, placed.first_row, 0, last, 0],
                "values": [COMPARISON, placed.first_row, years + 1, last, years + 1],
                "categories_data": names,
                "values_data": [float(_amounts(table, place)[years]) for place in range(count)],
                "border": {"color": INK, "width": 0.75},
                "gap": 40,
                **_LOOKS[1],
            }
        )
        title = "Gap over all years by scenario"
    _dress(chart, title, max(max(_amounts(table, place)) for place in range(count)))
    if count > _TOLD_APART:
        chart.set_legend({"none": True})
    return chart


def _gap_words(district: str, table: Table) -> str:
    said = "; ".join(f"{row.cells[0]} {_said(_amounts(table, place)[-2])}" for place, row in enumerate(table.rows))
    opening = f"Column chart of the gap by scenario for {district}; over all years"
    return clean(f"{opening}: {said}. The figures stand in the table above it on the sheet {COMPARISON}.")


def _amounts(table: Table, place: int) -> Sequence[Decimal]:
    return table.rows[place].cells[1:]  # type: ignore[return-value]


def _said(dollars: Decimal) -> str:
    return in_words(dollars) if dollars else "nothing"


def _dress(chart: Chart, title: str, largest: Decimal) -> None:
    unit = '$0.0,,"M"' if largest >= _MILLION else '$#,##0,"K"'
    font = {"size": 9, "color": INK}
    chart.set_title({"name": title, "name_font": {"size": 12, "color": INK}})
    chart.set_x_axis({"num_font": font, "line": {"color": INK}})
    chart.set_y_axis(
        {"num_format": unit, "num_font": font, "min": 0, "major_gridlines": {"visible": True, "line": {"color": GRID}}}
    )
    chart.set_legend({"position": "bottom", "font": font})


# --- bridge ------------------------------------------------------------------------------------


def _add_bridge(book: Workbook, formats: Formats, comparison: Comparison, footer: Footer) -> None:
    """Add the page that leads from the baseline to every other scenario, with a chart for the first of them."""
    projection = comparison.projection
    names = [district.name for district in projection.budget.districts]
    others = [scenario.name for scenario in projection.scenarios[1:]]
    bridges = {name: [bridge_table(comparison, district=name, scenario=other) for other in others] for name in names}
    causes = {name: causes_table(comparison, district=name) for name in names}
    drawn = {name: waterfall_table(tables[0]) for name, tables in bridges.items()}
    every = [*causes.values(), *(table for tables in bridges.values() for table in tables), *drawn.values()]
    page = Page(book.add_worksheet(BRIDGE), formats, page_widths(every))
    for name, (first, *rest) in bridges.items():
        page.say(name, Line.TITLE)
        page.say(dated(projection, "whole dollars"), Line.SUBTITLE)
        for table in [causes[name], first] if rest else [first]:
            _draw(page, replace(table, notes=()))
        _say_all(page, first.notes)
        room = page.row
        page.leave(_chart_rows(page))
        for table in rest:
            _draw(page, replace(table, notes=()))
        placed = _draw(page, drawn[name])
        chart = waterfall_chart(book, BRIDGE, first, drawn[name], placed)
        _insert(page, room, chart, waterfall_words(name, first, BRIDGE))
    _say_all(page, [f"{row.cells[0]}: {row.cells[1]}" for row in causes_key_table().rows])
    page.finish(footer)


# --- pieces ------------------------------------------------------------------------------------


def _draw(page: Page, table: Table) -> Placed:
    page.say(table.title, Line.FINDING)
    placed = page.draw(table)
    _say_all(page, table.notes)
    return placed


def _say_all(page: Page, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        page.say(sentence[:1].upper() + sentence[1:], Line.NOTE)


def _chart_rows(page: Page) -> int:
    return _CHART_ROWS * sum(page.widths) // NARROWEST_PAGE


def _insert(page: Page, row: int, chart: Chart, words: str) -> None:
    """Put a chart where room was left for it, as wide as the page."""
    chart.set_size({"width": sum(page.widths) - 2, "height": _chart_rows(page) * _ROW_PIXELS - 4})
    page.sheet.insert_chart(row, 0, chart, {"description": words, "y_offset": 4, "object_position": 1})
