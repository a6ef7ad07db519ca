"""What is shown for a comparison or a sweep of one district, in the order to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.view.bridge import bridge_table, causes_table
from esser_gap.view.comparison import (
    comparison_finding,
    comparison_table,
    cumulative_table,
    difference_table,
    newly_lost_table,
    outcomes_table,
)
from esser_gap.view.robustness import robustness_table
from esser_gap.view.sweep import break_even_table, sweep_table

if TYPE_CHECKING:
    from esser_gap.comparing.comparison import Comparison
    from esser_gap.comparing.sweep import Sweep
    from esser_gap.view.table import Table

_FEW = 2
"""Scenarios of which everything is shown on a screen."""


def comparison_summary(comparison: Comparison, *, district: str, brief: bool = False) -> list[str | Table]:
    """Give what a reader wants of scenarios side by side.

    Args:
        comparison: Scenarios held against the first.
        district: Name of the district.
        brief: Whether to count, and not to list, what loses funding when there are many scenarios.

    Returns:
        The finding, the gaps by year, added up and as differences, what loses funding, what makes the difference
        (year by year for a single scenario beside the baseline), and, of several, what flips.
    """
    projection = comparison.projection
    names = [scenario.name for scenario in projection.scenarios]
    parts: list[str | Table] = [
        comparison_finding(comparison, district=district),
        comparison_table(projection, district=district),
        cumulative_table(comparison, district=district),
        difference_table(comparison, district=district),
        outcomes_table(comparison, district=district),
    ]
    if len(names) <= _FEW or not brief:
        parts.append(newly_lost_table(projection, district=district, fates=comparison.fates))
    if len(names) <= _FEW:
        parts.append(bridge_table(comparison, district=district, scenario=names[-1]))
        return parts
    parts.append(causes_table(comparison, district=district))
    parts.append(robustness_table(comparison, district=district, only_flips=True))
    return parts


def sweep_summary(sweep: Sweep, *, district: str, limit: int | None = None) -> list[str | Table]:
    """Give what a reader wants of settings that are moved.

    Args:
        sweep: Settings moved over ranges.
        district: Name of the district.
        limit: Most points to show; None: all.

    Returns:
        For each scenario the gap at every point, and the values at which something tips.
    """
    parts: list[str | Table] = []
    for scenario in sweep.projection.scenarios:
        case = {"district": district, "scenario": scenario.name}
        parts += [sweep_table(sweep, **case, limit=limit), break_even_table(sweep, **case)]
    return parts
