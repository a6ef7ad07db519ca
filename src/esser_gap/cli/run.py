"""The commands at work: read, project, show, write, and choose the exit status."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from esser_gap.api import load_scenarios, project
from esser_gap.cli.messages import say, talk, tell_issues
from esser_gap.errors import InputError, OutputError
from esser_gap.issues import any_error, error
from esser_gap.model.record import FieldForm, Form
from esser_gap.plan.guardrails import CODES
from esser_gap.projecting import plan_all, settings_for
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import BASELINE, ScenarioLoader
from esser_gap.read.values import NotUnderstood, parse_date, parse_fiscal_year
from esser_gap.write.terminal import console_for, draw, draw_issues, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from esser_gap.model.budget import Budget
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table

Parsed = TypeVar("Parsed")

DONE, GATE_NOT_MET, REFUSED = 0, 1, 2
"""Exit statuses: a gap is an answer, not a failure, unless the user asked for a gate."""

_SHOWN_ON_TERMINAL = 10
"""Commitments among the first to lose funding that fit a screen; piped, all are shown."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, as typed."""

    budget: list[Path]
    scenario: list[str] | None = None
    as_of: str | None = None
    first_year: str | None = None
    years: int = 5
    fiscal_year_start: int | None = None
    mapping: Path | None = None
    funding: list[Path] | None = None
    output: list[Path] | None = None
    table: str | None = None
    force: bool = False

    @property
    def inputs(self) -> list[Path]:
        """List the files that are read, and names of scenarios as if they were files."""
        mapping = [] if self.mapping is None else [self.mapping]
        return [*self.budget, *mapping, *(self.funding or ()), *map(Path, self.scenario or ())]

    @property
    def day(self) -> date | None:
        """Give the as-of date, None for today."""
        form = FieldForm("--as-of", Form.DATE, (), required=False)
        return None if self.as_of is None else _parsed(parse_date, self.as_of, form)

    @property
    def year(self) -> int | None:
        """Give the first fiscal year, None for the one that holds the as-of date."""
        form = FieldForm("--first-year", Form.FISCAL_YEAR, (), required=False)
        return None if self.first_year is None else _parsed(parse_fiscal_year, self.first_year, form)


def _parsed(parser: Callable[[str, FieldForm], Parsed], text: str, form: FieldForm) -> Parsed:
    try:
        return parser(text, form)
    except NotUnderstood as problem:
        raise InputError([error(problem.code, problem.message, found=text, hint=problem.hint)]) from None


def run_project(request: Request, form: str, *, fail_on_gap: bool, strict: bool) -> int:
    """Project, show or print the result, and write files.

    Args:
        request: What to project.
        form: `table`, or the form to print on standard output.
        fail_on_gap: Whether a gap is a failure.
        strict: Whether a broken guardrail is a failure.

    Returns:
        The exit status.
    """
    projection = _projected(request)
    written = _written(projection, request)
    if form == "table":
        _show(_summaries(projection))
    else:
        _print(projection, form, request.table)
    _finish(projection, written)
    return _status(projection, fail_on_gap=fail_on_gap, strict=strict)


def run_compare(request: Request, form: str) -> int:
    """Set scenarios side by side.

    Args:
        request: What to compare; a single scenario is compared with the baseline.
        form: `table`, or the form to print on standard output.
    """
    from dataclasses import replace

    named = request.scenario or []
    if len(named) < 2:  # noqa: PLR2004 - two make a comparison
        if named in ([], [BASELINE]):
            hint = "name at least one: --scenario austerity.yaml"
            raise InputError([error("scenario-missing", "there is nothing to compare the baseline with", hint=hint)])
        request = replace(request, scenario=[BASELINE, *named])
    projection = _projected(request)
    written = _written(projection, request)
    if form == "table":
        from esser_gap.view.comparison import comparison_table, newly_lost_table

        names = [district.name for district in projection.budget.districts]
        parts: list[str | Table] = []
        for name in names:
            parts += [name] if len(names) > 1 else []
            parts += [
                comparison_table(projection, district=name),
                newly_lost_table(projection, district=name),
            ]
        _show([*parts, *_basis(projection)])
    else:
        _print(projection, form, request.table)
    _finish(projection, written)
    return DONE


def run_explain(request: Request, commitment: str) -> int:
    """Show how the figures of one commitment come about."""
    from esser_gap.view.explanation import explanation

    projection = _projected(request)
    holders = list(dict.fromkeys(c.district or "" for c in projection.budget.commitments if c.id == commitment))
    holders = holders or [projection.budget.districts[0].name]
    parts: list[str | Table] = []
    for scenario in projection.scenarios:
        for district in holders:
            parts += explanation(projection, commitment, district=district, scenario=scenario.name)
    _show(parts)
    return DONE


def run_check(request: Request) -> int:
    """Show everything wrong or assumed, and the receipts of reading."""
    from esser_gap.view.issues import table_of_receipts

    budget = _budget(request)
    settings = settings_for(
        budget, as_of=request.day, first_year=request.year, fiscal_year_start=request.fiscal_year_start
    )
    scenarios, refused_scenarios = load_scenarios(ScenarioLoader(budget.scenarios), request.scenario or (BASELINE,))
    issues = [*plan_all(budget, scenarios, settings, known_sources)[1], *refused_scenarios]
    console = console_for(sys.stdout)
    draw([table_of_receipts(budget.receipts)], console)
    if issues:
        console.print()
    draw_issues(issues, console)
    refused = any_error(issues)
    draw(["this budget cannot be projected as it is" if refused else "this budget can be projected"], console)
    return REFUSED if refused else DONE


def run_init(folder: Path, *, force: bool) -> int:
    """Write the template workbook and the scenario file."""
    from esser_gap.write.template import write_templates

    if not folder.is_dir():
        raise OutputError(f"the folder `{folder}` does not exist; make it first")
    for path in write_templates(folder, force=force):
        say(f"wrote {path}")
    return DONE


def _budget(request: Request) -> Budget:
    return read_budget(request.budget, mapping=request.mapping, funding=request.funding or ())


def _projected(request: Request) -> Projection:
    """Refuse outputs that cannot be written before any work, then read and project."""
    if request.output:
        from esser_gap.write.files import check_targets

        inputs = {path.resolve() for path in request.inputs}
        for target in check_targets(request.output, table=request.table, force=request.force):
            if target.resolve() in inputs:
                raise OutputError(f"`{target}` is what this run reads; give the output another name")
    day, year = request.day, request.year
    with progress(talk()) as step:
        budget = _budget(request)
        return project(
            budget,
            request.scenario or (),
            as_of=day,
            first_year=year,
            years=request.years,
            fiscal_year_start=request.fiscal_year_start,
            progress=step,
        )


def _show(parts: Iterable[str | Table]) -> None:
    draw(parts, console_for(sys.stdout))


def _summaries(projection: Projection) -> list[str | Table]:
    from esser_gap.view.districts import districts_table
    from esser_gap.view.summary import summary

    limit = _SHOWN_ON_TERMINAL if sys.stdout.isatty() else None
    names = [district.name for district in projection.budget.districts]
    parts: list[str | Table] = []
    for scenario in projection.scenarios:
        if len(names) > 1:
            parts.append(districts_table(projection, scenario=scenario.name))
        for name in names:
            parts += summary(projection, district=name, scenario=scenario.name, limit=limit)
    return [*parts, *_basis(projection)]


def _basis(projection: Projection) -> list[str]:
    from esser_gap.view.basis import basis

    return [basis(projection, scenario=scenario.name) for scenario in projection.scenarios]


def _print(projection: Projection, form: str, table: str | None) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Data is the same on every system, whatever the terminal shows.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if form == "json":
        from esser_gap.write.json_document import json_chunks

        sys.stdout.writelines(json_chunks(projection))
        return
    frame = projection.table(table or "years")
    if form == "csv":
        from esser_gap.write.delimited import table_csv

        sys.stdout.write(table_csv(frame))
        return
    if sys.stdout.isatty():
        raise OutputError("parquet is not text; send it to a file with -o gap.parquet")
    frame.write_parquet(sys.stdout.buffer)


def _written(projection: Projection, request: Request) -> list[Path]:
    """Write the files before anything is shown: whoever reads what is shown may stop before its end."""
    if not request.output:
        return []
    from esser_gap.write.files import write_outputs

    return write_outputs(projection, request.output, table=request.table, force=request.force)


def _finish(projection: Projection, written: Iterable[Path]) -> None:
    sys.stdout.flush()
    tell_issues(projection.issues)
    for path in written:
        say(f"wrote {path}")


def _status(projection: Projection, *, fail_on_gap: bool, strict: bool) -> int:
    if strict and any(issue.code in CODES for issue in projection.issues):
        say("a guardrail is not met, and --strict was given")
        return GATE_NOT_MET
    if fail_on_gap and projection.years["gap"].sum():
        say("there is a gap, and --fail-on-gap was given")
        return GATE_NOT_MET
    return DONE
