"""The engine beside a numpy version of cost and waterfall, on the same budget in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from esser_gap.plan.awards import in_drawing_order, money_for
from esser_gap.plan.costs import cost_model, costs_of, payments_of
from esser_gap.plan.funding import fund
from esser_gap.plan.projection import project_district
from esser_gap.projecting import Settings, plan_scenario
from make_budget import AS_OF, FIRST_YEAR, YEARS, as_records, made_budget
from numpy_engine import Columns, Result, columns_of, cost_and_fund

if TYPE_CHECKING:
    import polars as pl

    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.projection import DistrictProjection
    from esser_gap.plan.resolve import DistrictPlan


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """Seconds, the best of several runs.

    Attributes:
        numpy_prepare: Records to arrays.
        numpy_compute: Arrays to cents: cost of every commitment and year, and who pays it.
        polars_prepare: Records to frames.
        polars_compute: Frames to cents, the same numbers as `numpy_compute`.
        polars_all: Records to the five tables with dates, dollars, reasons, risks and ranks, and the advice on the
            funding order, which funds all years a second time.
    """

    numpy_prepare: float
    numpy_compute: float
    polars_prepare: float
    polars_compute: float
    polars_all: float


def engine_times(count: int, repeats: int) -> EngineTimes:
    """Time both engines on a made budget, and make sure that they give the same cents.

    Args:
        count: How many commitments, for ten years and eight sources.
        repeats: How often each is run.

    Raises:
        AssertionError: When the engines differ anywhere.
    """
    plan, horizon = prepared(count)
    # In turn, so that a busy moment of the machine falls on both.
    rounds = [
        (_numpy_run(plan, horizon), _polars_run(plan, horizon), _whole_run(plan, horizon)) for _ in range(repeats)
    ]
    by_numpy, by_polars, whole = zip(*rounds, strict=True)
    _, _, columns, result = by_numpy[0]
    assert_same(columns, result, whole[0][1], plan)
    return EngineTimes(
        min(run[0] for run in by_numpy),
        min(run[1] for run in by_numpy),
        min(run[0] for run in by_polars),
        min(run[1] for run in by_polars),
        min(run[0] for run in whole),
    )


def prepared(count: int) -> tuple[DistrictPlan, Horizon]:
    """Make a budget and lay its scenario over it.

    Args:
        count: How many commitments.
    """
    budget, scenario = as_records(made_budget(count))
    settings = Settings(AS_OF, FIRST_YEAR, YEARS)
    plans, _ = plan_scenario(budget, scenario, settings, tuple)
    return plans[0], settings.horizon_of(budget.districts[0])


def assert_same(columns: Columns, result: Result, projection: DistrictProjection, plan: DistrictPlan) -> None:
    """Compare the numpy result with the tables, cent by cent.

    Args:
        columns: The order of service.
        result: Cents by year and commitment.
        projection: The engine's tables.
        plan: Names of commitments and sources.

    Raises:
        AssertionError: When a cell differs.
    """
    in_file = np.argsort(columns.order)
    costs = projection.tables["costs"]
    for name in ("cost", "sustained", "bridged"):
        expected = getattr(result, name)[:, in_file].T.ravel()
        np.testing.assert_array_equal(_cents(costs, name), expected, err_msg=name)
    gap = (result.cost - result.sustained - result.bridged)[:, in_file].T.ravel()
    np.testing.assert_array_equal(_cents(costs, "gap"), gap, err_msg="gap")
    by_commitment = result.coverage[:, :, in_file].transpose(2, 1, 0)
    place, year, source = np.nonzero(by_commitment)
    coverage = projection.tables["coverage"]
    np.testing.assert_array_equal(_cents(coverage, "amount"), by_commitment[place, year, source])
    assert coverage["source"].to_list() == [plan.sources[s].name for s in source]  # noqa: S101
    assert coverage["commitment"].to_list() == [plan.commitments[p].id for p in place]  # noqa: S101
    assert coverage["fiscal_year"].to_list() == [FIRST_YEAR + int(y) for y in year]  # noqa: S101


def _cents(frame: pl.DataFrame, name: str) -> np.ndarray:
    return (frame[name] * 100).cast(int).to_numpy()


def _numpy_run(plan: DistrictPlan, horizon: Horizon) -> tuple[float, float, Columns, Result]:
    begun = perf_counter()
    columns = columns_of(plan, horizon)
    ready = perf_counter()
    result = cost_and_fund(columns, plan, horizon)
    return ready - begun, perf_counter() - ready, columns, result


def _polars_run(plan: DistrictPlan, horizon: Horizon) -> tuple[float, float]:
    begun = perf_counter()
    model = cost_model([plan], horizon)
    served = [plan.commitments[position] for position in model.frame["position"]]
    money = money_for([plan], horizon, served, model.frame["plan"])
    order = in_drawing_order(money, 0, plan.scenario.funding_order)
    ready = perf_counter()
    fund(payments_of(costs_of(model)), money, [order])
    return ready - begun, perf_counter() - ready


def _whole_run(plan: DistrictPlan, horizon: Horizon) -> tuple[float, DistrictProjection]:
    begun = perf_counter()
    projection = project_district([plan], horizon)
    return perf_counter() - begun, projection
