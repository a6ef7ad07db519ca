"""One district under one scenario, from commitments to the five tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import FundingOrder
from esser_gap.plan.awards import in_drawing_order, money_for
from esser_gap.plan.costs import CostModel, cost_model, costs_of, payments_of
from esser_gap.plan.funding import Funded, fund
from esser_gap.plan.losses import first_of_month, losses
from esser_gap.plan.requirements import required_pairs
from esser_gap.plan.runs import run_totals
from esser_gap.plan.tables import conform

if TYPE_CHECKING:
    from collections.abc import Callable

    from esser_gap.plan.awards import Money
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan


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
    """The five tables of one district and scenario, and the advice on funding order.

    Attributes:
        plan: What was projected.
        tables: Frames by table name, with the columns of `TABLES`.
        advice: Set when the other funding order leaves a smaller gap.
    """

    plan: DistrictPlan
    tables: dict[str, pl.DataFrame]
    advice: OrderAdvice | None


def project_district(
    plan: DistrictPlan, horizon: Horizon, progress: Callable[[], None] | None = None
) -> DistrictProjection:
    """Project one district under one scenario.

    Args:
        plan: Commitments, sources and what the scenario changes.
        horizon: Projected years, fiscal calendar and as-of date.
        progress: Called after each source that was drawn.

    Returns:
        The five tables and the advice.
    """
    model = cost_model(plan, horizon)
    costs = costs_of(model)
    payments = payments_of(costs)
    money = money_for(plan, horizon, model.frame["position"].to_list())
    funded = fund(payments, money, in_drawing_order(money, plan.scenario.funding_order), progress)
    lost = losses(funded.payments, model.frame, money, horizon)
    tables = _tables(model, costs, funded, lost)
    return DistrictProjection(plan, tables, _advice(plan, horizon, money, payments, funded))


def _advice(
    plan: DistrictPlan, horizon: Horizon, money: Money, payments: pl.DataFrame, funded: Funded
) -> OrderAdvice | None:
    """Try the other funding order; it is worth a word only when it leaves a smaller gap."""
    gap = int(funded.payments["gap"].sum())
    fresh = money.fresh(horizon)
    usual = in_drawing_order(fresh, plan.scenario.funding_order)
    other = _other(plan.scenario.funding_order)
    order = in_drawing_order(fresh, other)
    if gap == 0 or [source.listed for source in order] == [source.listed for source in usual]:
        return None
    less = gap - int(fund(payments, fresh, order).payments["gap"].sum())
    return OrderAdvice(other, less) if less > 0 else None


def _other(order: FundingOrder) -> FundingOrder:
    return FundingOrder.LISTED if order is FundingOrder.RESTRICTED_FIRST else FundingOrder.RESTRICTED_FIRST


def _tables(model: CostModel, costs: pl.DataFrame, funded: Funded, lost: pl.DataFrame) -> dict[str, pl.DataFrame]:
    ids = pl.Series([c.id for c in model.plan.commitments], dtype=pl.String)
    names = pl.Series([source.name for source in model.plan.sources], dtype=pl.String)
    position = model.frame["position"]

    def labelled(frame: pl.DataFrame, table: str) -> pl.DataFrame:
        labels = {"district": pl.lit(model.plan.district.name), "scenario": pl.lit(model.plan.scenario.name)}
        if "position" in frame.columns:
            labels["commitment"] = pl.lit(ids).gather(pl.col("position"))
        return conform(frame.with_columns(**labels), table)

    paid = _in_file_order(funded.payments, position).with_columns(due_on=first_of_month(pl.col("month")))
    coverage = _in_file_order(funded.coverage.sort("fiscal_year", "source", maintain_order=True), position)
    coverage = coverage.with_columns(source=pl.lit(names).gather(pl.col("source")))
    covered = _costs(costs, funded, position)
    return {
        "years": labelled(_years(covered, model.horizon), "years"),
        "costs": labelled(_with_risks(covered, model, ids), "costs"),
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


def _years(costs: pl.DataFrame, horizon: Horizon) -> pl.DataFrame:
    """Add up every projected year, also those in which nothing costs anything."""
    years = pl.LazyFrame({"fiscal_year": list(horizon.years)}, schema={"fiscal_year": pl.Int32})
    sums = costs.lazy().group_by("fiscal_year").agg(pl.col("cost", "sustained", "bridged", "gap").sum())
    return years.join(sums, on="fiscal_year", how="left", maintain_order="left").fill_null(0).collect()


def _with_risks(costs: pl.DataFrame, model: CostModel, ids: pl.Series) -> pl.DataFrame:
    pairs = required_pairs(model.plan.commitments)
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
