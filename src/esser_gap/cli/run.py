"""The commands at work: read, project, show, write, and choose the exit status."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from esser_gap.api import load_scenarios, loader_for, project
from esser_gap.check.left_out import left_out_of, written_to
from esser_gap.cli.messages import say, talk, tell_issues
from esser_gap.cli.rejects import check_rejects_file, rejects_file
from esser_gap.errors import InputError, OutputError
from esser_gap.issues import any_error, error
from esser_gap.model.record import FieldForm, Form
from esser_gap.plan.guardrails import CODES
from esser_gap.projecting import Projection, plan_all, settings_for, skip_invalid
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import BASELINE, parts_of
from esser_gap.read.values import NotUnderstood, parse_date, parse_fiscal_year
from esser_gap.view.left_out import left_out
from esser_gap.write.terminal import console_for, draw, draw_issues, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from esser_gap.model.budget import Budget
    from esser_gap.view.table import Table
    from esser_gap.write.files import Writer
    from esser_gap.write.result import Result

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
    settings: list[str] | None = None
    last_wins: bool = False

    @property
    def inputs(self) -> list[Path]:
        """List the files that are read, and names of scenarios as if they were files."""
        named = [part for typed in self.scenario or () for part in (typed, *parts_of(typed))]
        return [*self.budget, *(self.mapping or ()), *(self.funding or ()), *map(Path, named)]

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
    projection = projected(request)
    written = write_files(projection, request)
    if form == "table":
        show(_summaries(projection))
    else:
        print_data(projection, form, request.table)
    finish(projection, written, form)
    return _status(projection, fail_on_gap=fail_on_gap, strict=strict)


def run_explain(request: Request, commitment: str) -> int:
    """Show how the figures of one commitment come about."""
    from esser_gap.view.explanation import explanation

    projection = projected(request)
    holders = list(dict.fromkeys(c.district or "" for c in projection.budget.commitments if c.id == commitment))
    holders = holders or [projection.budget.districts[0].name]
    parts: list[str | Table] = [*left_out_first(projection)]
    for scenario in projection.scenarios:
        for district in holders:
            parts += explanation(projection, commitment, district=district, scenario=scenario.name)
    show(parts)
    return DONE


_SHEETS_SHOWN = 12


def run_check(request: Request, *, all_sheets: bool = False) -> int:
    """Show everything wrong or assumed, and the receipts of reading, of many sheets only the largest."""
    from esser_gap.view.issues import tables_of_receipts

    _check_rejects(request, ())
    with progress(talk(), label="reading") as step:
        budget = opened_budget(request, step)
    settings = settings_for(
        budget, as_of=request.day, first_year=request.year, fiscal_year_start=request.fiscal_year_start
    )
    loader = loader_for(
        budget,
        request.settings or (),
        as_of=request.day,
        fiscal_year_start=request.fiscal_year_start,
        last_wins=request.last_wins,
    )
    scenarios, refused_scenarios = load_scenarios(loader, request.scenario or (BASELINE,))
    if request.skip_invalid:
        budget = skip_invalid(budget, scenarios, settings, known_sources)
    issues = [*plan_all(budget, scenarios, settings, known_sources)[1], *refused_scenarios]
    refused = any_error(issues)
    if budget.rejected and not refused:
        _write_together(_rejects(budget, request, settings.as_of))
        issues = [*written_to(issues, str(request.rejects))]
    console = console_for(sys.stdout)
    draw(tables_of_receipts(budget.receipts, None if all_sheets else _SHEETS_SHOWN), console)
    if not all_sheets and len(budget.receipts) > _SHEETS_SHOWN + 1:
        draw(["`--all-sheets` shows every sheet; so does the JSON of `project`"], console)
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


def opened_budget(request: Request, step: Callable[[], None] | None = None) -> Budget:
    """Read the budget with its mapping and funding.

    Args:
        request: Names the files.
        step: Called after each step of reading.
    """
    return read_budget(
        request.budget,
        mapping=request.mapping or (),
        funding=request.funding or (),
        fiscal_year_start=request.fiscal_year_start,
        progress=step,
    )


def projected(request: Request) -> Projection:
    """Refuse outputs that cannot be written before any work, then read and project."""
    check_outputs(request)
    day, year = request.day, request.year
    with progress(talk()) as step:
        budget = opened_budget(request, step)
        projection = project(
            budget,
            request.scenario or (),
            as_of=day,
            first_year=year,
            years=request.years,
            fiscal_year_start=request.fiscal_year_start,
            with_settings=request.settings or (),
            last_wins=request.last_wins,
            skip_invalid=request.skip_invalid,
            progress=step,
        )
    return told_where(projection, request)


def told_where(projection: Projection, request: Request) -> Projection:
    """Say in the issues to which file the rows go that are left out."""
    return replace(projection, issues=written_to(projection.issues, str(request.rejects)))


def check_outputs(request: Request, kind: type[Result] | None = None) -> None:
    """Refuse files that cannot be written, before any work.

    Args:
        request: Names the files.
        kind: What will be written; None: a projection.

    Raises:
        OutputError: When a file may not be, or cannot be, written.
    """
    targets: list[Path] = []
    if request.output:
        from esser_gap.write.files import check_targets

        inputs = {path.resolve() for path in request.inputs}
        targets = list(check_targets(request.output, table=request.table, force=request.force, kind=kind))
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


def left_out_first(projection: Projection) -> list[str | Table]:
    """Say what the figures leave out, before any of them."""
    sentence = left_out(projection.budget)
    return [sentence] if sentence else []


def show(parts: Iterable[str | Table]) -> None:
    """Draw a result on standard output."""
    draw(parts, console_for(sys.stdout))


def _summaries(projection: Projection) -> list[str | Table]:
    from esser_gap.view.districts import districts_table
    from esser_gap.view.summary import summary

    limit = _SHOWN_ON_TERMINAL if sys.stdout.isatty() else None
    names = [district.name for district in projection.budget.districts]
    parts: list[str | Table] = [*left_out_first(projection)]
    for scenario in projection.scenarios:
        if len(names) > 1:
            parts.append(districts_table(projection, scenario=scenario.name))
        for name in names:
            parts += summary(projection, district=name, scenario=scenario.name, limit=limit)
    return [*parts, *basis_of(projection)]


def basis_of(projection: Projection) -> list[str]:
    """Say for each scenario what the run used."""
    from esser_gap.view.basis import basis

    return [basis(projection, scenario=scenario.name) for scenario in projection.scenarios]


def print_data(result: Result, form: str, table: str | None) -> None:
    """Print a result on standard output.

    Args:
        result: What was computed.
        form: `json`, `csv` or `parquet`.
        table: Name of the table to print in a form that holds one; None: its first.

    Raises:
        OutputError: When bytes would be printed on a terminal.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Data is the same on every system, whatever the terminal shows.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if form == "json":
        from esser_gap.write.json_document import json_chunks

        sys.stdout.writelines(json_chunks(result))
        return
    from esser_gap.write.result import frame_of, tables_of

    frame = frame_of(result, table or tables_of(type(result))[0])
    if form == "csv":
        from esser_gap.write.delimited import table_csv

        sys.stdout.write(table_csv(frame))
        return
    if sys.stdout.isatty():
        raise OutputError("parquet is not text; send it to a file with -o gap.parquet")
    frame.write_parquet(sys.stdout.buffer)


def write_files(result: Result, request: Request) -> list[Path]:
    """Write the files before anything is shown: whoever reads what is shown may stop before its end.

    Args:
        result: What was computed.
        request: Names the files.

    Returns:
        The files written, without that of the rows left out.
    """
    writers: dict[Path, Writer] = {}
    if request.output:
        from esser_gap.write.files import output_writers

        writers = output_writers(result, request.output, table=request.table, force=request.force)
    projection = result if isinstance(result, Projection) else result.projection
    _write_together({**writers, **_rejects(projection.budget, request, projection.settings.as_of)})
    return list(writers)


def _write_together(writers: Mapping[Path, Writer]) -> None:
    if writers:
        from esser_gap.write.files import write_atomically

        write_atomically(writers)


def finish(projection: Projection, written: Iterable[Path], form: str) -> None:
    """Say on standard error what was noticed, and which files were written."""
    sys.stdout.flush()
    tell_issues(projection.issues)
    for path in written:
        say(f"wrote {path}")
    if form in _DATA_ALONE:
        from esser_gap.view.finding import certainties

        for sentence in certainties(projection):
            say(sentence)
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
