"""The commands at work: read, project, show, write, and choose the exit status."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from esser_gap.api import load_scenarios, project
from esser_gap.check.left_out import left_out_of, written_to
from esser_gap.cli.messages import say, talk, tell_issues
from esser_gap.cli.rejects import check_rejects_file, rejects_file
from esser_gap.errors import InputError, OutputError
from esser_gap.issues import any_error, error
from esser_gap.model.record import FieldForm, Form
from esser_gap.plan.guardrails import CODES
from esser_gap.projecting import plan_all, settings_for, skip_invalid
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import BASELINE, ScenarioLoader
from esser_gap.read.values import NotUnderstood, parse_date, parse_fiscal_year
from esser_gap.view.left_out import left_out
from esser_gap.write.terminal import console_for, draw, draw_issues, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from esser_gap.model.budget import Budget
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table
    from esser_gap.write.files import Writer

Parsed = TypeVar("Parsed")

DONE, GATE_NOT_MET, REFUSED = 0, 1, 2
"""Exit statuses: a gap is an answer, not a failure, unless the user asked for a gate."""

_SHOWN_ON_TERMINAL = 10
"""Commitments among the first to lose funding that fit a screen; piped, all are shown."""

_DATA_ALONE = frozenset({"csv", "parquet"})
"""Forms of one table, which cannot say on standard output what it leaves out."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, as typed."""

    budget: list[Path]
    scenario: list[str] | None = None
    as_of: str | None = None
    first_year: str | None = None
    years: int = 5
    fiscal_year_start: int | None = None
    mapping: list[Path] | None = None
    funding: list[Path] | None = None
    output: list[Path] | None = None
    table: str | None = None
    force: bool = False
    skip_invalid: bool = False
    rejected: Path | None = None

    @property
    def inputs(self) -> list[Path]:
        """List the files that are read, and names of scenarios as if they were files."""
        return [*self.budget, *(self.mapping or ()), *(self.funding or ()), *map(Path, self.scenario or ())]

    @property
    def rejects(self) -> Path:
        """Give the file for rows that are left out."""
        return rejects_file(self.budget, self.rejected)

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
    _finish(projection, written, form)
    return _status(projection, fail_on_gap=fail_on_gap, strict=strict)


def run_compare(request: Request, form: str) -> int:
    """Set scenarios side by side.

    Args:
        request: What to compare; a single scenario is compared with the baseline.
        form: `table`, or the form to print on standard output.
    """
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
        _show([*_left_out(projection), *parts, *_basis(projection)])
    else:
        _print(projection, form, request.table)
    _finish(projection, written, form)
    return DONE


def run_explain(request: Request, commitment: str) -> int:
    """Show how the figures of one commitment come about."""
    from esser_gap.view.explanation import explanation

    projection = _projected(request)
    holders = list(dict.fromkeys(c.district or "" for c in projection.budget.commitments if c.id == commitment))
    holders = holders or [projection.budget.districts[0].name]
    parts: list[str | Table] = [*_left_out(projection)]
    for scenario in projection.scenarios:
        for district in holders:
            parts += explanation(projection, commitment, district=district, scenario=scenario.name)
    _show(parts)
    return DONE


def run_check(request: Request) -> int:
    """Show everything wrong or assumed, and the receipts of reading."""
    from esser_gap.view.issues import tables_of_receipts

    _check_rejects(request, ())
    with progress(talk(), label="reading") as step:
        budget = _budget(request, step)
    settings = settings_for(
        budget, as_of=request.day, first_year=request.year, fiscal_year_start=request.fiscal_year_start
    )
    scenarios, refused_scenarios = load_scenarios(ScenarioLoader(budget.scenarios), request.scenario or (BASELINE,))
    if request.skip_invalid:
        budget = skip_invalid(budget, scenarios, settings, known_sources)
    issues = [*plan_all(budget, scenarios, settings, known_sources)[1], *refused_scenarios]
    refused = any_error(issues)
    if budget.rejected and not refused:
        _write_together(_rejects(budget, request, settings.as_of))
        issues = [*written_to(issues, str(request.rejects))]
    console = console_for(sys.stdout)
    draw(tables_of_receipts(budget.receipts), console)
    if issues:
        console.print()
    draw_issues(issues, console)
    without = f" without {left_out_of(budget.rejected)}" if budget.rejected else ""
    draw(["this budget cannot be projected as it is" if refused else f"this budget can be projected{without}"], console)
    return REFUSED if refused else DONE


def run_init(folder: Path, *, force: bool) -> int:
    """Write the template workbook and the scenario file."""
    from esser_gap.write.template import write_templates

    if not folder.is_dir():
        raise OutputError(f"the folder `{folder}` does not exist; make it first")
    for path in write_templates(folder, force=force):
        say(f"wrote {path}")
    return DONE


def _budget(request: Request, step: Callable[[], None] | None = None) -> Budget:
    return read_budget(
        request.budget,
        mapping=request.mapping or (),
        funding=request.funding or (),
        fiscal_year_start=request.fiscal_year_start,
        progress=step,
    )


def _projected(request: Request) -> Projection:
    """Refuse outputs that cannot be written before any work, then read and project."""
    _check_outputs(request)
    day, year = request.day, request.year
    with progress(talk()) as step:
        budget = _budget(request, step)
        projection = project(
            budget,
            request.scenario or (),
            as_of=day,
            first_year=year,
            years=request.years,
            fiscal_year_start=request.fiscal_year_start,
            skip_invalid=request.skip_invalid,
            progress=step,
        )
    return replace(projection, issues=written_to(projection.issues, str(request.rejects)))


def _check_outputs(request: Request) -> None:
    targets: list[Path] = []
    if request.output:
        from esser_gap.write.files import check_targets

        inputs = {path.resolve() for path in request.inputs}
        targets = list(check_targets(request.output, table=request.table, force=request.force))
        for target in targets:
            if target.resolve() in inputs:
                raise OutputError(f"`{target}` is what this run reads; give the output another name")
    _check_rejects(request, targets)


def _check_rejects(request: Request, targets: Iterable[Path]) -> None:
    if request.skip_invalid:
        check_rejects_file(request.rejects, {path.resolve() for path in (*request.inputs, *targets)})
    elif request.rejected is not None:
        raise OutputError("--rejected names the file for rows that --skip-invalid leaves out; give both")


def _rejects(budget: Budget, request: Request, as_of: date) -> dict[Path, Writer]:
    """Give what writes the rows left out; the library that makes workbooks is imported only when there are any."""
    if not budget.rejected:
        return {}
    from esser_gap.write.rejected_rows import rejected_writers

    return rejected_writers(budget, request.budget, request.rejects, as_of=as_of, force=request.force)


def _left_out(projection: Projection) -> list[str]:
    """Say what the figures leave out, before any of them."""
    sentence = left_out(projection.budget)
    return [sentence] if sentence else []


def _show(parts: Iterable[str | Table]) -> None:
    draw(parts, console_for(sys.stdout))


def _summaries(projection: Projection) -> list[str | Table]:
    from esser_gap.view.districts import districts_table
    from esser_gap.view.summary import summary

    limit = _SHOWN_ON_TERMINAL if sys.stdout.isatty() else None
    names = [district.name for district in projection.budget.districts]
    parts: list[str | Table] = [*_left_out(projection)]
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
    from esser_gap.write.receipts import frame_of

    frame = frame_of(projection, table or "years")
    if form == "csv":
        from esser_gap.write.delimited import table_csv

        sys.stdout.write(table_csv(frame))
        return
    if sys.stdout.isatty():
        raise OutputError("parquet is not text; send it to a file with -o gap.parquet")
    frame.write_parquet(sys.stdout.buffer)


def _written(projection: Projection, request: Request) -> list[Path]:
    """Write the files before anything is shown: whoever reads what is shown may stop before its end."""
    writers: dict[Path, Writer] = {}
    if request.output:
        from esser_gap.write.files import output_writers

        writers = output_writers(projection, request.output, table=request.table, force=request.force)
    _write_together({**writers, **_rejects(projection.budget, request, projection.settings.as_of)})
    return list(writers)


def _write_together(writers: Mapping[Path, Writer]) -> None:
    if writers:
        from esser_gap.write.files import write_atomically

        write_atomically(writers)


def _finish(projection: Projection, written: Iterable[Path], form: str) -> None:
    sys.stdout.flush()
    tell_issues(projection.issues)
    for path in written:
        say(f"wrote {path}")
    if form in _DATA_ALONE and projection.budget.rejected:
        say(left_out(projection.budget))


def _status(projection: Projection, *, fail_on_gap: bool, strict: bool) -> int:
    if strict and any(issue.code in CODES for issue in projection.issues):
        say("a guardrail is not met, and --strict was given")
        return GATE_NOT_MET
    if fail_on_gap and projection.years["gap"].sum():
        say("there is a gap, and --fail-on-gap was given")
        return GATE_NOT_MET
    return DONE
