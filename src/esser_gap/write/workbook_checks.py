"""Checks that the figures agree with each other, each with both figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.comparing.comparison import Comparison
from esser_gap.money import to_dollars
from esser_gap.plan.awards import yearly_amounts
from esser_gap.plan.tables import MONEY
from esser_gap.view.case import Case, case_of
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.write.result import projection_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.budget import Budget
    from esser_gap.model.source import Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.projecting import Projection
    from esser_gap.write.result import Result

HOLDS = "holds"
DIFFERS = "DIFFERS"

_PARTS = ("cost", "sustained", "bridged", "gap")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule that figures have to keep.

    Attributes:
        rule: The rule in words.
        left: Dollars (or rows) on its left side, one for each thing compared.
        right: Dollars (or rows) on its right side, in the same order.
        at_most: Whether the left side may also be smaller.
        show: How the two sides are meant.
    """

    rule: str
    left: pl.Series
    right: pl.Series
    at_most: bool = False
    show: Show = Show.CENTS

    @property
    def broken(self) -> int:
        """Count the things for which the rule does not hold."""
        return int((self.left > self.right if self.at_most else self.left != self.right).sum())


def checks_table(result: Result) -> Table:
    """Check that the tables agree with each other and the receipts with themselves.

    Args:
        result: What was computed.

    Returns:
        One row a check: rule, district and scenario (or file and sheet), the sums of both sides in dollars and
        cents, how many figures were compared and how many differ, and `holds` or `DIFFERS`.
    """
    projection = projection_of(result)
    headings = (
        Heading("Check", width=44),
        Heading("District or file"),
        Heading("Scenario or sheet"),
        Heading("Left side", Show.CENTS),
        Heading("Right side", Show.CENTS),
        Heading("Compared", Show.NUMBER),
        Heading("Differ", Show.NUMBER),
        Heading("Result", Show.CODE),
    )
    bridges = _bridge_rows(result) if isinstance(result, Comparison) else ()
    rows = (*_projection_rows(projection), *bridges, *_receipt_rows(projection))
    notes = ("figures are compared one by one, exactly to the cent; the two sides shown are their sums",)
    return Table("checks", "Checks", headings, rows, notes)


def verdict(checks: Table) -> str:
    """Say in one sentence whether all checks hold.

    Args:
        checks: What `checks_table` gave.
    """
    held = sum(row.cells[-1] == HOLDS for row in checks.rows)
    if held == len(checks.rows):
        return f"All {held} checks hold; the figures agree with each other to the cent."
    return f"{len(checks.rows) - held} of {len(checks.rows)} checks DIFFER: do not rely on these figures."


def _projection_rows(projection: Projection) -> Iterator[Row]:
    for plan in projection.plans:
        district, scenario = plan.district.name, plan.scenario.name
        case = case_of(projection, district=district, scenario=scenario)
        for check in _checks(case):
            yield _row(check, district, scenario)


def _bridge_rows(comparison: Comparison) -> Iterator[Row]:
    keys = ["district", "scenario", "fiscal_year"]
    both = _beside(
        comparison.bridge.select(*keys, left="amount"), comparison.comparison.select(*keys, right="difference"), keys
    )
    rule = "Bridge: the causes add up to the difference between the gaps, every year"
    for plan in comparison.projection.plans:
        district, scenario = plan.district.name, plan.scenario.name
        if scenario != comparison.baseline:
            own = both.filter((pl.col("district") == district) & (pl.col("scenario") == scenario))
            yield _row(Check(rule, own["left"], own["right"]), district, scenario)


def _receipt_rows(projection: Projection) -> Iterator[Row]:
    parts = "read = accepted + totals + filtered + rejected"
    listed = _listed_as_rejected(projection.budget)
    for r in projection.budget.receipts:
        rows = r.rows_accepted + r.rows_totals + r.rows_left_out + r.rows_rejected
        dollars = r.dollars_accepted + r.dollars_totals + r.dollars_left_out + r.dollars_rejected
        rows_check = Check(f"Receipts: rows {parts}", _one(r.rows_read), _one(rows), show=Show.NUMBER)
        yield _row(rows_check, r.file, r.sheet)
        yield _row(Check(f"Receipts: dollars {parts}", _one(r.dollars_read), _one(dollars)), r.file, r.sheet)
        if r.rows_rejected:
            rule = "Receipts: dollars rejected = what the rows left out state"
            found = listed.get((r.file, r.sheet), Decimal(0))
            yield _row(Check(rule, _one(r.dollars_rejected), _one(found)), r.file, r.sheet)


def _listed_as_rejected(budget: Budget) -> dict[tuple[str, str], Decimal]:
    """Add up the dollars of rejected rows by file and sheet."""
    sums: dict[tuple[str, str], Decimal] = {}
    for one in budget.rejected:
        place = (one.origin.file, one.origin.sheet)
        sums[place] = sums.get(place, Decimal(0)) + (one.dollars or 0)
    return sums


def _row(check: Check, district: str, scenario: str) -> Row:
    result = DIFFERS if check.broken else HOLDS
    sides = (_sum(check.left), _sum(check.right))
    show = None if check.show is Show.CENTS else check.show
    return Row((check.rule, district, scenario, *sides, len(check.left), check.broken, result), show=show)


def _sum(amounts: pl.Series) -> Decimal:
    total: Decimal = amounts.sum()  # type: ignore[assignment]
    return total


def _checks(case: Case) -> Iterator[Check]:
    costs, payments, losses = case.rows("costs"), case.rows("payments"), case.rows("losses")
    paid = costs["sustained"] + costs["bridged"]
    yield Check("Costs: cost = sustained + bridged + gap, every row", costs["cost"], paid + costs["gap"])
    yield from _years_checks(case.rows("years"), costs)
    yield _coverage_check(case.rows("coverage"), costs)
    keys = ["commitment", "fiscal_year"]
    both = _beside(costs.select(*keys, left="cost"), payments.select(*keys, right="amount"), keys)
    yield Check("Costs: cost = Payments of the commitment and year", both["left"], both["right"])
    by_commitment = payments.group_by("commitment").agg(right=pl.col("gap").sum()).filter(pl.col("right") > 0)
    both = _beside(losses.select("commitment", left="horizon_gap"), by_commitment, ["commitment"])
    yield Check("Losses: gap over the horizon = gap in Payments of the commitment", both["left"], both["right"])
    total, years = losses["horizon_gap"].sum(), case.rows("years")["gap"].sum()
    yield Check("Losses: all gaps together = gap in Years", _one(total), _one(years))
    yield _awards_check(case)


def _years_checks(years: pl.DataFrame, costs: pl.DataFrame) -> Iterator[Check]:
    for part in _PARTS:
        both = _beside(years.select("fiscal_year", left=part), costs.select("fiscal_year", right=part), ["fiscal_year"])
        yield Check(f"Years: {part} = sum of {part} in Costs", both["left"], both["right"])


def _coverage_check(coverage: pl.DataFrame, costs: pl.DataFrame) -> Check:
    keys = ["commitment", "fiscal_year"]
    paid = costs.select(*keys, right=pl.col("sustained") + pl.col("bridged"))
    both = _beside(coverage.select(*keys, left="amount"), paid, keys)
    return Check("Coverage: amounts of all sources = sustained + bridged in Costs", both["left"], both["right"])


def _awards_check(case: Case) -> Check:
    limits = {source.name: _held(source, case.horizon) for source in case.plan.sources if source.is_limited}
    held = {name: dollars for name, dollars in limits.items() if dollars is not None}
    limited = pl.DataFrame({"source": list(held), "right": list(held.values())}, {"source": pl.String, "right": MONEY})
    paid = case.rows("coverage").filter(pl.col("source").is_in(list(held))).select("source", left="amount")
    both = _beside(paid, limited, ["source"])
    return Check("Coverage: no source pays more than its awards hold", both["left"], both["right"], at_most=True)


def _held(source: Source, horizon: Horizon) -> Decimal | None:
    """Add up the awards of a source in dollars, None when one of them is unlimited."""
    yearly = to_dollars(sum(yearly_amounts(source, horizon).values())) if source.yearly is not None else Decimal(0)
    amounts = [award.amount for award in source.awards]
    return None if None in amounts else sum((amount for amount in amounts if amount is not None), yearly)


def _beside(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Put the sums of `left` and `right` by key beside each other, zero where one side has none."""
    sums = left.group_by(keys).agg(pl.col("left").sum()), right.group_by(keys).agg(pl.col("right").sum())
    joined = sums[0].join(sums[1], on=keys, how="full", coalesce=True)
    return joined.with_columns(pl.col("left", "right").fill_null(0))


def _one(amount: object) -> pl.Series:
    return pl.Series([amount], dtype=MONEY)
