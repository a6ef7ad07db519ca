"""The chart of the gap: cost by fiscal year, split into what is sustained, bridged and missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esser_gap.view.amounts import in_words
from esser_gap.write.workbook_formats import INK
from esser_gap.write.workbook_text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.chart import Chart  # noqa: TID251

    from esser_gap.view.table import Table
    from esser_gap.write.workbook_page import Placed

GRID = "#D9DEE4"
_WHITE = "#FFFFFF"
_MILLION = 1_000_000
_LABELS = '[>=1000000]$0.0,,"M";[>0]$#,##0,"K";;'


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of each column; fills differ in darkness and pattern, so that no colour is needed."""

    label: str
    legend: str
    look: dict[str, Any]
    ink: str


_PARTS = (
    _Part("Sustained", "Sustained (recurring sources)", {"fill": {"color": "#A9C1DA"}}, INK),
    _Part(
        "Bridged",
        "Bridged (one-time money)",
        {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#B7791F", "bg_color": _WHITE}},
        INK,
    ),
    _Part("Gap", "Gap (nobody pays)", {"fill": {"color": "#7A1022"}}, _WHITE),
)


def gap_chart(book: Workbook, sheet: str, table: Table, placed: Placed) -> Chart:
    """Make the stacked column chart of a table of years.

    Args:
        book: Workbook.
        sheet: Name of the sheet that the table stands on.
        table: The table, with one column a year, a total last, and rows `Sustained`, `Bridged` and `Gap`.
        placed: Where it stands.

    Returns:
        The chart, to be inserted.
    """
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    years = [heading.text for heading in table.headings[1:-1]]
    for part in _PARTS:
        row = placed.first_row + _place_of(table, part.label)
        chart.add_series(
            {
                "name": part.legend,
                "categories": [sheet, placed.header_row, 1, placed.header_row, len(years)],
                "values": [sheet, row, 1, row, len(years)],
                "categories_data": years,
                "values_data": [float(amount) for amount in amounts_of(table, part.label)],
                "border": {"color": INK, "width": 0.75},
                "gap": 60,
                "data_labels": _label(part),
                **part.look,
            }
        )
    _dress(chart, table)
    return chart


def _label(part: _Part) -> dict[str, Any]:
    label: dict[str, Any] = {"value": True, "num_format": _LABELS, "font": {"size": 9, "color": part.ink}}
    if "pattern" in part.look:
        label["fill"] = {"color": _WHITE}
    return label


def _dress(chart: Chart, table: Table) -> None:
    largest = max(amounts_of(table, "Cost"), default=0)
    unit = '$0.0,,"M"' if largest >= _MILLION else '$#,##0,"K"'
    font = {"size": 9, "color": INK}
    chart.set_title(
        {"name": "Cost by fiscal year: who pays and what is missing", "name_font": {"size": 12, "color": INK}}
    )
    chart.set_x_axis({"num_font": font, "line": {"color": INK}})
    chart.set_y_axis(
        {"num_format": unit, "num_font": font, "min": 0, "major_gridlines": {"visible": True, "line": {"color": GRID}}}
    )
    chart.set_legend({"position": "bottom", "font": font})


def alt_text(district: str, scenario: str, table: Table, sheet: str) -> str:
    """Say what the chart shows, for people who do not see it.

    Args:
        district: Name of the district.
        scenario: Name of the scenario.
        table: The table of years that it draws.
        sheet: Name of the sheet that the table stands on.
    """
    years = [heading.text for heading in table.headings[1:-1]]
    parts = {part.label: amounts_of(table, part.label) for part in _PARTS}
    said = "; ".join(
        f"{year} sustained {_said(paid)}, bridged {_said(bridged)}, gap {_said(gap)}"
        for year, paid, bridged, gap in zip(years, *parts.values(), strict=True)
    )
    opening = f"Stacked column chart of cost by fiscal year for {district}, scenario {scenario}"
    return clean(f"{opening}: {said}. The figures stand in the table above it on the sheet {sheet}.")


def _said(dollars: Decimal) -> str:
    return in_words(dollars) if dollars else "nothing"


def amounts_of(table: Table, label: str) -> Sequence[Decimal]:
    """Give the yearly amounts of a row of a table of years, without the total.

    Args:
        table: A table with one column a year and a total last.
        label: What the row's first cell says.
    """
    return table.rows[_place_of(table, label)].cells[1:-1]  # type: ignore[return-value]


def _place_of(table: Table, label: str) -> int:
    # The measures stand after the sources, one of which may be called like a measure.
    return max(place for place, row in enumerate(table.rows) if row.cells[0] == label)
