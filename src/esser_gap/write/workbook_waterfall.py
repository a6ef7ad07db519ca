"""The waterfall chart: the difference between the gaps of two scenarios, cause by cause."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.view.amounts import in_words
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.write.workbook_charts import GRID
from esser_gap.write.workbook_formats import INK
from esser_gap.write.workbook_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.chart import Chart  # noqa: TID251

    from esser_gap.write.workbook_page import Placed

_NOTHING = Decimal(0)
_MILLION = 1_000_000
_WHITE = "#FFFFFF"
_MORE = {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#7A1022", "bg_color": _WHITE}}
_LESS = {"fill": {"color": "#A9C1DA"}}
_LOOKS: dict[str, dict[str, Any]] = {
    "Hidden": {"fill": {"none": True}, "border": {"none": True}},
    "More gap": _MORE,
    "Less gap": _LESS,
    "More, below zero": _MORE,
    "Less, below zero": _LESS,
    "Difference": {"fill": {"color": "#5B6770"}},
}
"""Series in the order in which they are stacked; fills differ in darkness and pattern, so that no colour is needed."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One column of the chart: a change that floats between two running totals, or their end."""

    label: str
    start: Decimal
    end: Decimal
    is_end: bool = False

    @property
    def change(self) -> Decimal:
        return self.end - self.start

    @property
    def parts(self) -> dict[str, Decimal]:
        """Give the height of each series; what floats stands on a hidden one, above or below zero."""
        if self.is_end:
            return {"Difference": self.end}
        low, high = sorted((self.start, self.end))
        name = "More" if self.change > 0 else "Less"
        hidden = max(low, _NOTHING) + min(high, _NOTHING)
        above, below = max(high, _NOTHING) - max(low, _NOTHING), min(low, _NOTHING) - min(high, _NOTHING)
        return {"Hidden": hidden, f"{name} gap": above, f"{name}, below zero": below}


def waterfall_table(bridge: Table) -> Table:
    """Say how high the parts of each column of the chart are.

    Args:
        bridge: A table that leads from one gap to another, with a total in the last column.

    Returns:
        One row a column of the chart, one column a series, in dollars.
    """
    steps = _steps(bridge)
    rows = tuple(Row((step.label, *(step.parts.get(name, _NOTHING) for name in _LOOKS))) for step in steps)
    headings = (Heading("Column of the chart", width=34), *(Heading(name, Show.DOLLARS) for name in _LOOKS))
    note = "hidden: where a floating part begins; over all projected years"
    return Table("waterfall", "What the chart draws", headings, rows, (note,))


def waterfall_chart(book: Workbook, sheet: str, bridge: Table, drawn: Table, placed: Placed) -> Chart:
    """Make the chart of a bridge.

    Args:
        book: Workbook.
        sheet: Name of the sheet that the table stands on.
        bridge: A table that leads from one gap to another.
        drawn: What `waterfall_table` gave for it.
        placed: Where that stands.

    Returns:
        The chart, to be inserted.
    """
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    last = placed.first_row + len(drawn.rows) - 1
    steps = _steps(bridge)
    for column, heading in enumerate(drawn.headings[1:], 1):
        chart.add_series(
            {
                "name": heading.text,
                "categories": [sheet, placed.first_row, 0, last, 0],
                "values": [sheet, placed.first_row, column, last, column],
                "categories_data": [step.label for step in steps],
                "values_data": [float(row.cells[column]) for row in drawn.rows],  # type: ignore[arg-type]
                "gap": 40,
                "border": {"color": INK, "width": 0.75},
                "data_labels": _labels(heading.text, steps),
                **_LOOKS[heading.text],
            }
        )
    _dress(chart, bridge, drawn)
    return chart


def waterfall_words(district: str, bridge: Table, sheet: str) -> str:
    """Say what the chart shows, for people who do not see it.

    Args:
        district: Name of the district.
        bridge: The table that it draws.
        sheet: Name of the sheet that the table stands on.
    """
    said = "; ".join(f"{step.label} {_said(step.change)}" for step in _steps(bridge))
    opening = f"Waterfall chart for {district}, over all projected years. {bridge.title}"
    return clean(f"{opening}: {said}. The figures stand in the tables on the sheet {sheet}.")


def _steps(bridge: Table) -> list[_Step]:
    steps, running = [], _NOTHING
    for row in bridge.rows[1:-1]:
        amount = Decimal(str(row.cells[-1]))
        steps.append(_Step(str(row.cells[0]), running, running + amount))
        running += amount
    return [*steps, _Step("Difference", _NOTHING, running, is_end=True)]


def _said(change: Decimal) -> str:
    return f"{in_words(abs(change))} {'more' if change > 0 else 'less'}" if change else "no change"


def _labels(series: str, steps: Sequence[_Step]) -> dict[str, Any] | None:
    """Label each column once, on its part above zero if it has one."""
    if series == "Hidden":
        return None
    font = {"size": 9, "color": INK}
    return {"value": True, "font": font, "fill": {"color": _WHITE}, "custom": list(_custom(series, steps))}


def _custom(series: str, steps: Iterable[_Step]) -> Iterable[dict[str, Any]]:
    for step in steps:
        shown = [name for name, height in step.parts.items() if height and name != "Hidden"]
        if shown[:1] != [series] or abs(step.change) < 1:
            yield {"delete": True}
        else:
            yield {"value": f"{'+' if step.change > 0 else '-'}{in_words(abs(step.change))}"}


def _dress(chart: Chart, bridge: Table, drawn: Table) -> None:
    largest = max(abs(Decimal(str(cell))) for row in drawn.rows for cell in row.cells[1:])
    unit = '$0.0,,"M";-$0.0,,"M"' if largest >= _MILLION else '$#,##0,"K";-$#,##0,"K"'
    font = {"size": 9, "color": INK}
    chart.set_title({"name": clean(bridge.title), "name_font": {"size": 12, "color": INK}})
    chart.set_x_axis({"num_font": font, "line": {"color": INK}, "label_position": "low"})
    chart.set_y_axis(
        {"num_format": unit, "num_font": font, "major_gridlines": {"visible": True, "line": {"color": GRID}}}
    )
    unnamed = [place for place, name in enumerate(_LOOKS) if name == "Hidden" or name.endswith("below zero")]
    chart.set_legend({"position": "bottom", "font": font, "delete_series": unnamed})
