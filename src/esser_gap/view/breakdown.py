"""The gap by what it hits: category of technology, or student outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esser_gap.model.words import Category
from esser_gap.view.amounts import share_of
from esser_gap.view.case import Case, case_of
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.projecting import Projection

NO_GOAL = "no goal given"
_AI = "AI"
_PARTS = ("cost", "sustained", "bridged", "gap")


def by_category_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """Show cost, who pays and the gap over the horizon for each category, the largest gap first.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        Category, count of commitments, cost, sustained, bridged and gap in dollars, and the share of the
        cost that is funded; a total last.
    """
    case = case_of(projection, district=district, scenario=scenario)
    words = [_AI if c.category is Category.AI else c.category.value for c in case.plan.commitments]
    return _breakdown(case, words, Table("by-category", f"By category, {case.span}", (Heading("Category"),), ()))


def by_goal_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """Show cost, who pays and the gap over the horizon for each student outcome, the largest gap first.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        The columns of `by_category_table`, with commitments that name no goal in a row of their own.
    """
    case = case_of(projection, district=district, scenario=scenario)
    words = [commitment.goal or NO_GOAL for commitment in case.plan.commitments]
    heading = Heading("Student outcome", width=36)
    return _breakdown(case, words, Table("by-goal", f"By student outcome, {case.span}", (heading,), ()))


def _breakdown(case: Case, words: Sequence[str], empty: Table) -> Table:
    headings = (
        *empty.headings,
        Heading("Count", Show.NUMBER),
        Heading("Cost", Show.DOLLARS),
        Heading("Sustained", Show.DOLLARS),
        Heading("Bridged", Show.DOLLARS),
        Heading("Gap", Show.DOLLARS, is_shortfall=True),
        Heading("Funded", Show.SHARE),
    )
    grouped = _grouped(case, words)
    total = grouped.select(pl.lit("Total"), pl.col("count", *_PARTS).sum())
    rows = [_row(values) for values in grouped.iter_rows()]
    rows.append(_row(total.row(0), RowStyle.TOTAL))
    return Table(empty.name, empty.title, headings, tuple(rows))


def _grouped(case: Case, words: Sequence[str]) -> pl.DataFrame:
    """Add up by group; columns `group`, `count`, cost, sustained, bridged, gap."""
    ids = [commitment.id for commitment in case.plan.commitments]
    groups = pl.DataFrame({"commitment": ids, "group": words}, schema={"commitment": pl.String, "group": pl.String})
    sums = case.rows("costs").group_by("commitment").agg(pl.col(*_PARTS).sum())
    return (
        groups.join(sums, on="commitment")
        .group_by("group")
        .agg(pl.len().alias("count"), pl.col(*_PARTS).sum())
        .sort("gap", "cost", "group", descending=[True, True, False])
    )


def _row(values: tuple[Any, ...], style: RowStyle = RowStyle.BODY) -> Row:
    group, count, cost, sustained, bridged, gap = values
    return Row((group, count, cost, sustained, bridged, gap, share_of(cost - gap, cost)), style)
