"""What makes the gap of a scenario larger or smaller than that of the baseline, cause by cause."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.plan.causes import MEANING, Cause
from esser_gap.view.comparison import cases_of, name_heading
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table
from esser_gap.view.years import year_headings, year_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.comparing.comparison import Comparison

_NOTHING = Decimal(0)
HOW = (
    "each cause: what its settings add to the gap (below zero: take off), averaged over all orders in which the causes"
    " could be taken; they add up to the cent"
)


def bridge_table(comparison: Comparison, *, district: str, scenario: str) -> Table:
    """Lead from the gap of the baseline to that of a scenario.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.
        scenario: Name of another scenario.

    Returns:
        One column a fiscal year and a total, in dollars: the gap of the baseline, what each cause adds to it or
        takes off, and the gap of the scenario.
    """
    cases = {case.plan.scenario.name: case for case in cases_of(comparison.projection, district)}
    horizon = cases[scenario].horizon
    is_own = (pl.col("district") == district) & (pl.col("scenario") == scenario)
    own = comparison.bridge.filter(is_own)
    rows = (
        _amounts(
            f"Gap in {comparison.baseline}", list(cases[comparison.baseline].rows("years")["gap"]), RowStyle.TOTAL
        ),
        *(_amounts(title(cause), list(own.filter(pl.col("cause") == cause.value)["amount"])) for cause in Cause),
        _amounts(f"Gap in {scenario}", list(cases[scenario].rows("years")["gap"]), RowStyle.TOTAL),
    )
    headings = (Heading("", width=34), *year_headings(horizon))
    about = f"From the gap of {comparison.baseline} to that of {scenario}"
    return Table("bridge", about, headings, rows, (HOW, year_note(horizon)))


def causes_table(comparison: Comparison, *, district: str) -> Table:
    """Show for every other scenario which causes make its gap larger or smaller than that of the baseline.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.

    Returns:
        One row a scenario: dollars over all projected years by cause, and their sum.
    """
    own = comparison.bridge.filter(pl.col("district") == district)
    sums = own.group_by("scenario", "cause", maintain_order=True).agg(pl.col("amount").sum())
    parts: dict[str, list[Decimal]] = {}
    for scenario, _, amount in sums.iter_rows():
        parts.setdefault(scenario, []).append(amount)
    rows = tuple(Row((scenario, *amounts, sum(amounts, _NOTHING))) for scenario, amounts in parts.items())
    headings = (
        name_heading(comparison.projection),
        *(Heading(title(cause), Show.DOLLARS) for cause in Cause),
        Heading("Change", Show.DOLLARS),
    )
    about = f"What makes the gap unlike that of {comparison.baseline}, over all years"
    return Table("causes", about, headings, rows, (HOW,))


def causes_key_table() -> Table:
    """Say what belongs to each cause."""
    rows = tuple(Row((title(cause), meaning)) for cause, meaning in MEANING.items())
    return Table("cause-meanings", "The causes", (Heading("Cause", width=20), Heading("Settings", width=70)), rows)


def title(cause: Cause) -> str:
    """Write a cause as a heading."""
    return cause.value.capitalize()


def _amounts(label: str, amounts: Sequence[Decimal], style: RowStyle = RowStyle.BODY) -> Row:
    return Row((label, *amounts, sum(amounts, _NOTHING)), style)
