"""In how many scenarios each commitment stays funded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.view.case import label_of
from esser_gap.view.comparison import cases_of
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.comparing.comparison import Comparison


def robustness_table(comparison: Comparison, *, district: str, only_flips: bool = False) -> Table:
    """Show in how many scenarios each commitment stays funded, the least often funded first.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.
        only_flips: Whether to leave out what is funded, or loses funding, whatever the scenario.

    Returns:
        Commitment, in how many scenarios it goes on and is paid in full, whether it flips, and the scenarios in
        which it loses funding or is stopped; a note counts what stays funded in all of them, and in none.
    """
    own = comparison.robustness.filter(pl.col("district") == district)
    names = [scenario.name for scenario in comparison.projection.scenarios]
    cases = cases_of(comparison.projection, district)
    labels = {commitment.id: label_of(commitment) for case in cases for commitment in case.plan.commitments}
    rows = tuple(
        Row(
            (
                labels[row["commitment"]],
                row["funded_in"],
                *(() if only_flips else (row["flips"],)),
                _names(row["loses_funding_in"], names),
                _names(row["stopped_in"], names),
            )
        )
        for row in (own.filter("flips") if only_flips else own).iter_rows(named=True)
    )
    headings = (
        Heading("Commitment", width=36),
        Heading("Funded in", Show.NUMBER),
        *(() if only_flips else (Heading("Flips", Show.CODE),)),
        Heading("Loses funding in", width=44),
        Heading("Stopped in", width=24),
    )
    what = "What is funded in some scenarios and loses funding in others" if only_flips else "What stays funded"
    return Table("robustness", f"{what}, of {len(names)} scenarios", headings, rows, (_counts(own, len(names)),))


def _names(scenarios: Sequence[str], every: Sequence[str]) -> str:
    """Name scenarios, or the few that are not among them."""
    if len(scenarios) == len(every):
        return "all"
    if len(scenarios) <= len(every) // 2:
        return ", ".join(scenarios)
    return f"all but {', '.join(name for name in every if name not in scenarios)}"


def _counts(own: pl.DataFrame, count: int) -> str:
    everywhere = own.filter(pl.col("funded_in") == count).height
    nowhere = own.filter(pl.col("funded_in") == 0).height
    flips = own.filter("flips").height
    return (
        f"of {own.height:,} commitments {everywhere:,} stay funded in every scenario, {nowhere:,} in none;"
        f" {flips:,} flip: funded in some, not in others"
    )
