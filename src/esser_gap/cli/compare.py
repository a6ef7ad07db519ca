"""The command that sets scenarios side by side, or moves their settings over ranges."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esser_gap.cli.messages import say, talk
from esser_gap.cli.run import (
    DONE,
    Request,
    basis_of,
    check_outputs,
    finish,
    left_out_first,
    opened_budget,
    print_data,
    show,
    told_where,
    write_files,
)
from esser_gap.plan.guardrails import CODES
from esser_gap.write.terminal import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table

_POINTS_ON_TERMINAL = 40
"""Points of a sweep that fit a screen or two; piped, all are shown."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Which scenarios to compare, as typed.

    Attributes:
        baseline: Name or file of the one that the others are held against; None: the first.
        with_library: Whether all of the budget and the library are compared as well.
        ranges: Settings to move.
    """

    baseline: str | None = None
    with_library: bool = False
    ranges: Sequence[str] = ()


def run_compare(request: Request, form: str, rivals: Rivals) -> int:
    """Set scenarios side by side, or move their settings.

    Args:
        request: What to compare; a single scenario is compared with the baseline.
        form: `table`, or the form to print on standard output.
        rivals: Which scenarios to compare.
    """
    return _run_sweep(request, form, rivals) if rivals.ranges else _run_comparison(request, form, rivals)


def _run_comparison(request: Request, form: str, rivals: Rivals) -> int:
    from esser_gap.api import compare
    from esser_gap.comparing.comparison import Comparison
    from esser_gap.view.compared import comparison_summary

    check_outputs(request, Comparison)
    with progress(talk()) as step:
        comparison = compare(
            opened_budget(request, step),
            request.scenario or (),
            baseline=rivals.baseline,
            with_library=rivals.with_library,
            as_of=request.day,
            first_year=request.year,
            years=request.years,
            fiscal_year_start=request.fiscal_year_start,
            with_settings=request.settings or (),
            last_wins=request.last_wins,
            skip_invalid=request.skip_invalid,
            progress=step,
        )
    comparison = replace(comparison, projection=told_where(comparison.projection, request))
    written = write_files(comparison, request)
    if form == "table":
        is_brief = sys.stdout.isatty()
        _show(comparison.projection, lambda name: comparison_summary(comparison, district=name, brief=is_brief))
    else:
        print_data(comparison, form, request.table)
    _finish(comparison.projection, written, form)
    return DONE


def _run_sweep(request: Request, form: str, rivals: Rivals) -> int:
    from esser_gap.api import sweep
    from esser_gap.comparing.sweep import Sweep
    from esser_gap.view.compared import sweep_summary

    check_outputs(request, Sweep)
    named = [rivals.baseline] if rivals.baseline else []
    with progress(talk()) as step:
        moved = sweep(
            opened_budget(request, step),
            rivals.ranges,
            list(dict.fromkeys([*named, *(request.scenario or ())])),
            with_library=rivals.with_library,
            as_of=request.day,
            first_year=request.year,
            years=request.years,
            fiscal_year_start=request.fiscal_year_start,
            with_settings=request.settings or (),
            last_wins=request.last_wins,
            skip_invalid=request.skip_invalid,
            progress=step,
        )
    moved = replace(moved, projection=told_where(moved.projection, request))
    written = write_files(moved, request)
    if form == "table":
        limit = _POINTS_ON_TERMINAL if sys.stdout.isatty() else None
        _show(moved.projection, lambda name: sweep_summary(moved, district=name, limit=limit))
    else:
        print_data(moved, form, request.table)
    _finish(moved.projection, written, form)
    return DONE


def _finish(projection: Projection, written: Iterable[Path], form: str) -> None:
    """Say what was noticed, but what holds under the first scenario is not told again for the others."""
    first = projection.scenarios[0].name
    opening = f"scenario `{first}` "
    usual = {(i.code, i.found) for i in projection.issues if i.code in CODES and i.message.startswith(opening)}
    told = [i for i in projection.issues if (i.code, i.found) not in usual or i.message.startswith(opening)]
    finish(replace(projection, issues=tuple(told)), written, form)
    count = len(projection.issues) - len(told)
    if count:
        say(f"what holds under `{first}` is not told again for the other scenarios ({count:,} warnings)")


def _show(projection: Projection, summary: Callable[[str], Sequence[str | Table]]) -> None:
    """Show what is to be said of each district, named when there are several, and what the run used."""
    names = [district.name for district in projection.budget.districts]
    parts: list[str | Table] = left_out_first(projection)
    for name in names:
        parts += [name] if len(names) > 1 else []
        parts += summary(name)
    show([*parts, *basis_of(projection)])
