"""What becomes of commitments that a scenario treats unlike the baseline: they lose funding, are saved, or stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from esser_gap.comparing.rivals import rivals
from esser_gap.fiscal_year import year_name
from esser_gap.money import to_cents
from esser_gap.plan.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from esser_gap.comparing.rivals import Rivals
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection

LOST, SAVED, STOPPED = "loses funding", "is saved", "is stopped"
"""What a scenario does to a commitment that it treats unlike the baseline."""

Losses = dict[str, dict[str, Any]]
"""Rows of the table `losses` by commitment, in rank order."""


def fates_of(projection: Projection) -> pl.DataFrame:
    """List the commitments that lose funding in another scenario than the first, or lose it only in the first.

    Args:
        projection: One or several scenarios, projected.

    Returns:
        The table `fates`: by district and scenario, what is lost in the order in which it is lost, then what is
        saved or stopped. What a scenario stops stands there also where the baseline funds it.
    """
    losses = {
        case: {row["commitment"]: row for row in rows.iter_rows(named=True)}
        for case, rows in projection.losses.partition_by("district", "scenario", as_dict=True).items()
    }
    costs = projection.costs.group_by("district", "scenario", "commitment").agg(pl.col("cost").sum())
    free = set(costs.filter(pl.col("cost") == 0).select("district", "scenario", "commitment").iter_rows())
    return table_of("fates", [row for group in rivals(projection) for row in _rows(group, losses, free)])


def dropped_by(plan: DistrictPlan, group: Rivals) -> dict[str, str]:
    """Say which commitments a scenario does without before the horizon ends, and how.

    Args:
        plan: One of the plans of a district.
        group: All of them.

    Returns:
        By id, in words: what the scenario stops, and what only other scenarios have.
    """
    own = {commitment.id for commitment in plan.commitments}
    added_elsewhere = {
        commitment.id or "": "not part of the scenario"
        for other in (group.baseline, *group.others)
        for commitment in other.commitments
        if commitment.id not in own
    }
    stopped = {
        plan.commitments[position].id or "": f"no cost from {year_name(changes.stop)}"
        for position, changes in sorted(plan.changes.items())
        if changes.stop is not None and changes.stop <= group.horizon.last_year
    }
    return {**stopped, **added_elsewhere}


def _rows(
    group: Rivals, losses: Mapping[tuple[Any, ...], Losses], free: Container[tuple[str, ...]]
) -> Iterator[tuple[Any, ...]]:
    name = group.district.name
    was = losses.get((name, group.baseline.scenario.name), {})
    before = dropped_by(group.baseline, group)
    for plan in group.others:
        case = (name, plan.scenario.name)
        now = losses.get(case, {})
        for identifier, loss in now.items():
            if identifier not in was:
                yield (
                    *case,
                    identifier,
                    LOST,
                    loss["funding_lost_on"],
                    to_cents(loss["horizon_gap"]),
                    0,
                    loss["reason"],
                )
        dropped = {identifier: why for identifier, why in dropped_by(plan, group).items() if identifier not in before}
        for identifier in dict.fromkeys((*was, *dropped)):
            if identifier in now:
                continue
            gap = to_cents(was[identifier]["horizon_gap"]) if identifier in was else 0
            if identifier in dropped:
                yield (*case, identifier, STOPPED, None, 0, gap, dropped[identifier])
            else:
                why = "costs nothing in these years" if (*case, identifier) in free else "funded in every year"
                yield (*case, identifier, SAVED, None, 0, gap, why)
