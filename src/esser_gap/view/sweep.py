"""Settings moved over ranges: the gap at every point, and where something tips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esser_gap.view.comparison import cases_of
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.view.years import year_headings

if TYPE_CHECKING:
    from decimal import Decimal

    from esser_gap.comparing.sweep import Sweep
    from esser_gap.read.ranges import Range

_HUNDRED = 100


def sweep_table(sweep: Sweep, *, district: str, scenario: str, limit: int | None = None) -> Table:
    """Show the gap at every point of the grid.

    Args:
        sweep: Settings moved over ranges.
        district: Name of the district.
        scenario: Name of the scenario that is moved.
        limit: Most rows to show; a note says how many more there are. None: all.

    Returns:
        One row a point: the value of each setting, the gap in dollars by fiscal year and over all of them, and when
        funding is first lost and by what.
    """
    own = sweep.sweep.filter((pl.col("district") == district) & (pl.col("scenario") == scenario))
    case = next(case for case in cases_of(sweep.projection, district) if case.plan.scenario.name == scenario)
    names = {identifier: commitment.name for identifier, commitment in case.commitments().items()}
    shown = own if limit is None else own.head(limit)
    rows = tuple(_point_row(sweep, row, names) for row in shown.iter_rows(named=True))
    headings = (
        *(Heading(one.path, Show.CODE) for one in sweep.ranges),
        *year_headings(case.horizon, is_shortfall=True),
        Heading("First loss", Show.DATE),
        Heading("What is lost first", width=30),
    )
    more = own.height - len(rows)
    notes = (f"and {more:,} more points; -o sweep.csv has all of them",) if more else ()
    return Table("sweep", f"Gap as the settings of {scenario} move", headings, rows, notes)


def break_even_table(sweep: Sweep, *, district: str, scenario: str) -> Table:
    """List the values of the first setting at which something tips.

    Args:
        sweep: Settings moved over ranges.
        district: Name of the district.
        scenario: Name of the scenario that is moved.

    Returns:
        One row a break-even: the values of the other settings, the value at which all is still as before, the next
        one, at which it is not, and what happens there.
    """
    own = sweep.break_even.filter((pl.col("district") == district) & (pl.col("scenario") == scenario))
    case = next(case for case in cases_of(sweep.projection, district) if case.plan.scenario.name == scenario)
    labels = case.labels()
    first, *others = sweep.ranges
    rows = tuple(
        Row(
            (
                *(_written(one, row[one.path]) for one in others),
                _written(first, row["before"]),
                _written(first, row["after"]),
                "All commitments together" if row["commitment"] is None else labels[row["commitment"]],
                row["change"],
            )
        )
        for row in own.iter_rows(named=True)
    )
    headings = (
        *(Heading(one.path, Show.CODE) for one in others),
        Heading("Up to", Show.CODE),
        Heading("From", Show.CODE),
        Heading("What tips", width=40),
        Heading("What happens", Show.CODE),
    )
    span = f"{first.written(first.first)} to {first.written(first.values[-1])}"
    nothing = () if rows else (f"nothing tips from {span}",)
    notes = (*nothing, f"found between neighbouring values, to {first.written(first.finest)}")
    return Table("break-even", f"Break-even values of {first.path}", headings, rows, notes)


def _point_row(sweep: Sweep, row: dict[str, Any], names: dict[str, str]) -> Row:
    settings = sweep.projection.settings
    years = range(settings.first_year, settings.first_year + settings.years)
    return Row(
        (
            *(_written(one, row[one.path]) for one in sweep.ranges),
            *(row[f"gap_{year}"] for year in years),
            row["horizon_gap"],
            row["first_loss_on"],
            "nothing" if row["first_loss"] is None else names[row["first_loss"]],
        )
    )


def _written(one: Range, value: Decimal) -> str:
    """Write a value as it was typed: shares are percentages again."""
    return one.written(value * _HUNDRED if one.unit else value)
