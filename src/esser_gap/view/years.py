"""The gap by fiscal year, with who pays."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name
from esser_gap.view.amounts import share_of
from esser_gap.view.case import Case, case_of
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.model.source import Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.projecting import Projection

_NOTHING = Decimal(0)
_MEANING = (
    "sustained is paid by recurring sources, bridged by one-time money, the gap by nobody;"
    " the structural gap is cost less sustained"
)


def years_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """Show cost, who pays, what is missing, and what would be missing without one-time money, by fiscal year.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        One column a fiscal year and a total, in dollars; rows `Cost`, one for every source that pays, as
        listed, `Sustained`, `Bridged`, `Gap`, `Structural gap`, the share of the cost without funding and,
        where the district gives its whole budget, technology's share of it. Sources and gap add up to cost.
    """
    case = case_of(projection, district=district, scenario=scenario)
    sums = {row["fiscal_year"]: row for row in case.rows("years").to_dicts()}
    parts = {name: [sums[y][name] for y in case.horizon.years] for name in ("cost", "sustained", "bridged", "gap")}
    structural = [cost - paid for cost, paid in zip(parts["cost"], parts["sustained"], strict=True)]
    rows = (
        _amounts("Cost", parts["cost"], RowStyle.TOTAL),
        *_source_rows(case),
        _amounts("Sustained", parts["sustained"], RowStyle.TOTAL),
        _amounts("Bridged", parts["bridged"], RowStyle.TOTAL),
        _amounts("Gap", parts["gap"], RowStyle.SHORTFALL),
        _amounts("Structural gap", structural, RowStyle.SHORTFALL),
        _shares("Share of cost without funding", parts["gap"], parts["cost"]),
        *_budget_share(case, parts["cost"]),
    )
    headings = (Heading("", width=34), *year_headings(case.horizon))
    return Table("years", "Gap by fiscal year, with who pays", headings, rows, (_MEANING, year_note(case.horizon)))


def year_headings(horizon: Horizon, *, is_shortfall: bool = False) -> tuple[Heading, ...]:
    """Give one heading in dollars for each projected year, and one for their total.

    Args:
        horizon: Projected years.
        is_shortfall: Whether the amounts are missing money.
    """
    texts = (*(year_name(year) for year in horizon.years), "Total")
    return tuple(Heading(text, Show.DOLLARS, is_shortfall=is_shortfall) for text in texts)


def year_note(horizon: Horizon) -> str:
    """Say which months the first projected year has."""
    return f"{year_name(horizon.first_year)} = {horizon.calendar.span(horizon.first_year)}"


def source_amounts(coverage: pl.DataFrame, horizon: Horizon) -> dict[str, list[Decimal]]:
    """Add up what each source pays in each projected year.

    Args:
        coverage: Rows of the table `coverage`.
        horizon: Projected years.

    Returns:
        Dollars in the order of the projected years, by source; only sources that pay.
    """
    grouped = coverage.group_by("source", "fiscal_year").agg(pl.col("amount").sum())
    paid: dict[str, list[Decimal]] = {}
    for source, year, amount in grouped.iter_rows():
        paid.setdefault(source, [_NOTHING] * horizon.count)[year - horizon.first_year] = amount
    return paid


def source_label(source: Source) -> str:
    """Name a source that pays, marked when its money is one-time."""
    return source.name if source.recurring else f"{source.name} (one-time)"


def _source_rows(case: Case) -> Iterable[Row]:
    paid = source_amounts(case.rows("coverage"), case.horizon)
    for source in case.plan.sources:
        if source.name in paid:
            yield _amounts(source_label(source), paid[source.name])


def _amounts(label: str, amounts: Sequence[Decimal], style: RowStyle = RowStyle.BODY) -> Row:
    return Row((label, *amounts, sum(amounts, _NOTHING)), style)


def _shares(label: str, parts: Sequence[Decimal], wholes: Sequence[Decimal | None]) -> Row:
    """Divide year by year; the total has a share only when every year has a whole."""
    known = [whole for whole in wholes if whole is not None]
    total = sum(known, _NOTHING) if len(known) == len(wholes) else None
    shares = [share_of(part, whole) for part, whole in zip(parts, wholes, strict=True)]
    return Row((label, *shares, share_of(sum(parts, _NOTHING), total)), show=Show.SHARE)


def _budget_share(case: Case, costs: Sequence[Decimal]) -> Iterable[Row]:
    budgets = [case.plan.district.total_budget.get(year) for year in case.horizon.years]
    if any(budgets):
        yield _shares("Technology's share of the whole budget", costs, budgets)
