"""One district under one or several scenarios, from commitments to the five tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import FundingOrder
from esser_gap.plan.awards import in_drawing_order, money_for
from esser_gap.plan.costs import CostModel, cost_model, costs_of, payments_of
from esser_gap.plan.funding import Funded, fund
from esser_gap.plan.losses import first_of_month, first_to_lose, losses
from esser_gap.plan.requirements import required_pairs
from esser_gap.plan.runs import run_totals
from esser_gap.plan.tables import conform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esser_gap.plan.awards import DrawnSource, Money
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan

_MOST_ROWS = 100_000
"""Commitments times years that are computed at once, unless a single plan has more."""


@dataclass(frozen=True, slots=True)
class OrderAdvice:
    """What drawing the sources in the other order would change.

    Attributes:
        order: The other order.
        less_gap: Cents by which it makes the total gap smaller; never negative.
    """

    order: FundingOrder
    less_gap: int


@dataclass(frozen=True, slots=True)
class DistrictProjection:
    """The five tables of one district under some scenarios, and the advice on funding order.

    Attributes:
        plans: What was projected.
        tables: Frames by table name, with the columns of `TABLES`; rows by plan.
        advice: For each plan, set when the other funding order leaves a smaller gap.
    """

    plans: Sequence[DistrictPlan]
    tables: dict[str, pl.DataFrame]
    advice: list[OrderAdvice | None]


def side_by_side(plans: Sequence[DistrictPlan], horizon: Horizon) -> Iterator[Sequence[DistrictPlan]]:
    """Part plans of a district into groups that are computed at once, as large as memory easily holds.

    Args:
        plans: One a scenario, in order.
        horizon: Projected years.
    """
    start, rows = 0, 0
    for place, plan in enumerate(plans):
        rows += len(plan.commitments) * horizon.count
        if rows > _MOST_ROWS and place > start:
            yield plans[start:place]
            start, rows = place, len(plan.commitments) * horizon.count
    if plans:
        yield plans[start:]


def project_district(
    plans: Sequence[DistrictPlan], horizon: Horizon, progress: Callable[[], None] | None = None
) -> DistrictProjection:
    """Project one district under one or several scenarios at once.

    Args:
        plans: Commitments, sources and what each scenario changes.
        horizon: Projected years, fiscal calendar and as-of date.
        progress: Called after each source of each plan that was drawn.

    Returns:
        The five tables and the advice.
    """
    run = _Run.of(plans, horizon, progress)
    lost = losses(run.funded.payments, run.model.frame, run.money, horizon)
    return DistrictProjection(plans, _tables(run, lost), _advice(run))


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing under each of some plans, without the tables."""

    run: _Run

    @property
    def years(self) -> list[list[int]]:
        """Give the gap of each plan in each fiscal year, in cents."""
        gaps, count = self.run.by_year("gap")["gap"].to_list(), self.run.model.horizon.count
        return [gaps[start : start + count] for start in range(0, len(gaps), count)]

    @property
    def losses(self) -> pl.DataFrame:
        """Rank what loses funding: `plan`, `rank`, `commitment`, `funding_lost_on` and `horizon_gap` (cents)."""
        lost = first_to_lose(self.run.funded.payments, self.run.model.frame)
        return lost.with_columns(commitment=pl.lit(self.run.ids).gather(pl.col("position")))


def gaps_of(plans: Sequence[DistrictPlan], horizon: Horizon) -> Gaps:
    """Compute what is missing, for many plans of a district at once.

    Args:
        plans: Commitments, sources and what each scenario changes.
        horizon: Projected years, fiscal calendar and as-of date.
    """
    return Gaps(_Run.of(plans, horizon))


@dataclass(frozen=True, slots=True)
class _Run:
    """Everything that is computed for some plans of a district.

    Attributes:
        model: Commitments.
        costs: What each costs in each year.
        money: Sources after all years were funded.
        funded: Who pays what.
    """

    model: CostModel
    costs: pl.DataFrame
    money: Money
    funded: Funded

    @classmethod
    def of(cls, plans: Sequence[DistrictPlan], horizon: Horizon, progress: Callable[[], None] | None = None) -> _Run:
        """Compute costs and payments, and let the sources pay them."""
        model = cost_model(plans, horizon)
        costs = costs_of(model)
        served = [model.commitments[position] for position in model.frame["position"]]
        money = money_for(plans, horizon, served, model.frame["plan"])
        orders = [in_drawing_order(money, place, plan.scenario.funding_order) for place, plan in enumerate(plans)]
        return cls(model, costs, money, fund(payments_of(costs), money, orders, progress))

    @property
    def plans(self) -> Sequence[DistrictPlan]:
        """List the plans."""
        return self.model.plans

    @property
    def ids(self) -> pl.Series:
        """List the ids of the commitments of all plans, by position."""
        return pl.Series([c.id for c in self.model.commitments], dtype=pl.String)

    @property
    def firsts(self) -> list[int]:
        """Give the position of the first commitment of each plan."""
        return [0, *accumulate(len(plan.commitments) for plan in self.plans)][:-1]

    def by_plan(self, column: str, of: pl.DataFrame) -> list[int]:
        """Add up a column of cents of rows that have a `place`, plan by plan."""
        totals = [0] * len(self.plans)
        plan = pl.lit(self.model.frame["plan"]).gather(pl.col("place"))
        for place, total in of.group_by(plan=plan).agg(pl.col(column).sum()).iter_rows():
            totals[place] = int(total)
        return totals

    def by_year(self, *columns: str) -> pl.DataFrame:
        """Add up columns of cents by plan and year, also of years in which nothing costs anything."""
        plan = pl.lit(self.model.frame["plan"]).gather(pl.col("place"))
        cells = pl.LazyFrame({"plan": range(len(self.plans))}, schema={"plan": pl.UInt32}).join(
            pl.LazyFrame({"fiscal_year": list(self.model.horizon.years)}, schema={"fiscal_year": pl.Int32}),
            how="cross",
            maintain_order="left_right",
        )
        payments = self.funded.payments.lazy().rename({"amount": "cost"})
        sums = payments.group_by("fiscal_year", plan=plan).agg(pl.col(columns).sum())
        return cells.join(sums, on=["plan", "fiscal_year"], how="left", maintain_order="left").fill_null(0).collect()


def _advice(run: _Run) -> list[OrderAdvice | None]:
    """Try the other funding order; it is worth a word only when it leaves a smaller gap."""
    gaps = run.by_plan("gap", run.funded.payments)
    fresh = run.money.fresh()
    orders = [_other_order(fresh, place, plan) if gaps[place] else [] for place, plan in enumerate(run.plans)]
    if not any(orders):
        return [None] * len(orders)
    unpaid = run.funded.payments.drop("sustained", "bridged", "gap")
    others = run.by_plan("gap", fund(unpaid, fresh, orders).payments)
    return [
        OrderAdvice(_other(plan.scenario.funding_order), gap - other) if order and other < gap else None
        for plan, order, gap, other in zip(run.plans, orders, gaps, others, strict=True)
    ]


def _other_order(fresh: Money, place: int, plan: DistrictPlan) -> list[DrawnSource]:
    """Put the sources of a plan in the other order; none when it is the same."""
    usual = in_drawing_order(fresh, place, plan.scenario.funding_order)
    order = in_drawing_order(fresh, place, _other(plan.scenario.funding_order))
    return [] if [source.number for source in order] == [source.number for source in usual] else order


def _other(order: FundingOrder) -> FundingOrder:
    return FundingOrder.LISTED if order is FundingOrder.RESTRICTED_FIRST else FundingOrder.RESTRICTED_FIRST


def _tables(run: _Run, lost: pl.DataFrame) -> dict[str, pl.DataFrame]:
    ids = run.ids
    names = pl.Series([source.name for plan in run.plans for source in plan.sources], dtype=pl.String)
    scenarios = pl.Series([plan.scenario.name for plan in run.plans], dtype=pl.String)
    plan, position = (run.model.frame[column] for column in ("plan", "position"))

    def labelled(frame: pl.DataFrame, table: str) -> pl.DataFrame:
        own = pl.lit(plan).gather(pl.col("place")) if "place" in frame.columns else pl.col("plan")
        labels = {"district": pl.lit(run.plans[0].district.name), "scenario": pl.lit(scenarios).gather(own)}
        if "position" in frame.columns:
            labels["commitment"] = pl.lit(ids).gather(pl.col("position"))
        return conform(frame.with_columns(**labels), table)

    paid = _in_file_order(run.funded.payments, position).with_columns(due_on=first_of_month(pl.col("month")))
    coverage = _in_file_order(run.funded.coverage.sort("fiscal_year", "source", maintain_order=True), position)
    coverage = coverage.with_columns(source=pl.lit(names).gather(pl.col("source")))
    covered = _costs(run.costs, run.funded, position)
    return {
        "years": labelled(run.by_year("cost", "sustained", "bridged", "gap"), "years"),
        "costs": labelled(_with_risks(covered, run, ids), "costs"),
        "coverage": labelled(coverage, "coverage"),
        "payments": labelled(paid, "payments"),
        "losses": labelled(lost, "losses"),
    }


def _in_file_order(frame: pl.DataFrame, position: pl.Series) -> pl.DataFrame:
    # The sort is stable, and the rows of a commitment already stand by year and date.
    return frame.with_columns(position=pl.lit(position).gather(pl.col("place"))).sort("position", maintain_order=True)


def _costs(costs: pl.DataFrame, funded: Funded, position: pl.Series) -> pl.DataFrame:
    """Put beside each cost who pays it; payments stand in the order of the costs that they are parts of."""
    money = ("sustained", "bridged", "gap")
    paid = run_totals(funded.payments, ("fiscal_year", "place"), *money)
    rows = (costs["count"] > 0).arg_true()
    nothing = pl.zeros(costs.height, dtype=pl.Int64, eager=True)
    beside = {name: nothing.clone().scatter(rows, paid[name]) for name in money}
    return _in_file_order(costs.select("fiscal_year", "place", "cost").with_columns(**beside), position)


def _with_risks(costs: pl.DataFrame, run: _Run, ids: pl.Series) -> pl.DataFrame:
    pairs = pl.concat(
        required_pairs(plan.commitments).select(pl.all() + pl.lit(first, dtype=pl.Int32))
        for plan, first in zip(run.plans, run.firsts, strict=True)
    )
    gaps = costs.filter(pl.col("gap") > 0).select("fiscal_year", required="position")
    risks = (
        pairs.join(gaps, on="required")
        .sort("position", "fiscal_year", "required")
        .group_by("position", "fiscal_year", maintain_order=True)
        .agg(at_risk_through=pl.col("required"))
    )
    if risks.is_empty():
        return costs.with_columns(at_risk_through=pl.lit([], dtype=pl.List(pl.String)))
    exploded = risks.explode("at_risk_through")
    named = (
        exploded.with_columns(at_risk_through=ids.gather(exploded["at_risk_through"]))
        .group_by("position", "fiscal_year", maintain_order=True)
        .agg("at_risk_through")
    )
    nobody = pl.lit([], dtype=pl.List(pl.String))
    return costs.join(named, on=["position", "fiscal_year"], how="left", maintain_order="left").with_columns(
        pl.col("at_risk_through").fill_null(nobody)
    )
