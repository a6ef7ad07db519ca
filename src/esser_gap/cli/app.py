"""The commands and their options; the work is imported only when a command runs, so that help is quick."""

from __future__ import annotations

import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer  # noqa: TID251
from typer.core import TyperGroup  # noqa: TID251


class _Program(TyperGroup):
    """The program as a whole."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a reader of its output that has seen enough (`| head`) is no failure."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # What is still in the buffer has to go somewhere when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from None


_BUG = 70
"""Exit status when the program itself fails, as `sysexits.h` has it: neither a gate nor refused input."""

app = typer.Typer(
    name="esser-gap",
    cls=_Program,
    help="What it costs a school district to keep its technology, who pays, what is missing, and what loses"
    " funding first.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
scenarios_app = typer.Typer(help="List and show the scenarios that come with the program.", no_args_is_help=True)
sources_app = typer.Typer(
    help="List and show the sources of money and templates that the program knows, and which source may pay what.",
    no_args_is_help=True,
)
app.add_typer(scenarios_app, name="scenarios")
app.add_typer(sources_app, name="sources")
codes_app = typer.Typer(help="List and show the code maps that come with the program.", no_args_is_help=True)
app.add_typer(codes_app, name="codes")


class Format(StrEnum):
    """Form of the result on standard output."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


class InspectionFormat(StrEnum):
    """Form of what was found in a file."""

    TABLE = "table"
    JSON = "json"


class AuditFormat(StrEnum):
    """Form of what an audit found."""

    TABLE = "table"
    JSON = "json"


class MatrixFormat(StrEnum):
    """Form of the eligibility matrix."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class TableName(StrEnum):
    """One of the five tidy tables, or what became of the rows read."""

    YEARS = "years"
    COSTS = "costs"
    COVERAGE = "coverage"
    PAYMENTS = "payments"
    LOSSES = "losses"
    RECEIPTS = "receipts"


class ComparedTableName(StrEnum):
    """One of the tables of a comparison or a sweep, besides those of every projection."""

    YEARS = "years"
    COSTS = "costs"
    COVERAGE = "coverage"
    PAYMENTS = "payments"
    LOSSES = "losses"
    COMPARISON = "comparison"
    FATES = "fates"
    BRIDGE = "bridge"
    ROBUSTNESS = "robustness"
    SWEEP = "sweep"
    BREAK_EVEN = "break_even"
    RECEIPTS = "receipts"


Budgets = Annotated[
    list[Path],
    typer.Argument(
        metavar="BUDGET...", help="Spreadsheets: xlsx, xlsm, xls, xlsb, ods, csv or tsv.", show_default=False
    ),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        "-s",
        metavar="NAME|FILE[+...]",
        help="Scenario to project, or several combined with +; may repeat. Default: baseline.",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Set one thing on top of every scenario, such as growth.software=8%; may repeat.",
        show_default=False,
    ),
]
LastWins = Annotated[
    bool,
    typer.Option("--last-wins", help="Where combined scenarios set the same thing differently, let the last one hold."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Day from which deadlines are judged. Default: today.", show_default=False
    ),
]
FirstYear = Annotated[
    str | None,
    typer.Option(
        "--first-year",
        metavar="YEAR",
        help="First fiscal year, named by the year it ends in (2027 or FY2027)."
        " Default: the one that holds the as-of date.",
        show_default=False,
    ),
]
Years = Annotated[int, typer.Option("--years", min=1, max=100, help="How many fiscal years.")]
YearStart = Annotated[
    int | None,
    typer.Option(
        "--fiscal-year-start",
        min=1,
        max=12,
        metavar="MONTH",
        help="Month the fiscal year starts in. Default: what the District sheet says, else 7.",
        show_default=False,
    ),
]
MappingFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="YAML that says which columns are which fields; may repeat.",
        show_default=False,
    ),
]
FundingFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--funding",
        metavar="FILE",
        help="YAML or spreadsheet with sources and district facts; may repeat.",
        show_default=False,
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file; the form follows its ending (.xlsx, .json, .csv, .parquet); may repeat.",
        show_default=False,
    ),
]
OneTable = Annotated[
    TableName | None,
    typer.Option(
        "--table",
        help="The only table for csv and parquet. Default: years, with the others beside it.",
        show_default=False,
    ),
]
OneComparedTable = Annotated[
    ComparedTableName | None,
    typer.Option(
        "--table",
        metavar="NAME",
        help="The only table for csv and parquet: one of those of project, comparison, fates, bridge or robustness;"
        " with --sweep: sweep or break_even. Default: years (with --sweep: sweep), with the others beside it.",
        show_default=False,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="NAME|FILE",
        help="Scenario that the others are held against. Default: the first of several, else baseline.",
        show_default=False,
    ),
]
AllSheets = Annotated[bool, typer.Option("--all-sheets", help="Show what became of the rows of every sheet.")]
Every = Annotated[bool, typer.Option("--all", help="Compare all scenarios of the budget and of the library as well.")]
Sweeps = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep",
        metavar="PATH=FROM..TO:STEP",
        help="Move a setting instead, such as growth.software=2%..10%:1%; may repeat for a grid. Break-even values are"
        " found along the first.",
        show_default=False,
    ),
]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Spreadsheets: xlsx, xlsm, xls, xlsb, ods, csv or tsv.", show_default=False),
]
NewMapping = Annotated[
    Path | None,
    typer.Option(
        "--write-mapping",
        metavar="FILE",
        help="Write the mapping that the file suggests, with comments, as YAML.",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace existing output files.")]
SkipInvalid = Annotated[
    bool,
    typer.Option("--skip-invalid", help="Go on without rows that have an error, and state the dollars left out."),
]
RejectedFile = Annotated[
    Path | None,
    typer.Option(
        "--rejected",
        metavar="FILE",
        help="Workbook for the rows that --skip-invalid leaves out. Default: BUDGET-rejected.xlsx in this folder.",
        show_default=False,
    ),
]


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        from esser_gap import __version__

        print(f"esser-gap {__version__}")  # noqa: T201
        raise typer.Exit


@app.command()
def project(
    budget: Budgets,
    scenario: Scenarios = None,
    settings: Settings = None,
    last_wins: LastWins = False,
    as_of: AsOf = None,
    first_year: FirstYear = None,
    years: Years = 5,
    fiscal_year_start: YearStart = None,
    mapping: MappingFiles = None,
    funding: FundingFiles = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the result on standard output.")] = Format.TABLE,
    output: Outputs = None,
    table: OneTable = None,
    skip_invalid: SkipInvalid = False,
    rejected: RejectedFile = None,
    force: Force = False,
    fail_on_gap: Annotated[bool, typer.Option("--fail-on-gap", help="Exit with 1 when any year has a gap.")] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 1 when a scenario defunds a safeguard or lets AI go ahead without."),
    ] = False,
) -> None:
    """Project cost, funding, gap and losses of a budget."""
    from esser_gap.cli.run import Request, run_project

    request = Request(
        budget,
        scenario,
        as_of,
        first_year,
        years,
        fiscal_year_start,
        mapping,
        funding,
        output,
        _value(table),
        force=force,
        skip_invalid=skip_invalid,
        rejected=rejected,
        settings=settings,
        last_wins=last_wins,
    )
    raise typer.Exit(run_project(request, form.value, fail_on_gap=fail_on_gap, strict=strict))


@app.command()
def check(
    budget: Budgets,
    scenario: Scenarios = None,
    settings: Settings = None,
    last_wins: LastWins = False,
    as_of: AsOf = None,
    first_year: FirstYear = None,
    fiscal_year_start: YearStart = None,
    mapping: MappingFiles = None,
    funding: FundingFiles = None,
    skip_invalid: SkipInvalid = False,
    rejected: RejectedFile = None,
    force: Force = False,
    all_sheets: AllSheets = False,
) -> None:
    """Say everything that is wrong or assumed in a budget, and what became of every row."""
    from esser_gap.cli.run import Request, run_check

    request = Request(
        budget,
        scenario,
        as_of,
        first_year,
        fiscal_year_start=fiscal_year_start,
        mapping=mapping,
        funding=funding,
        force=force,
        skip_invalid=skip_invalid,
        rejected=rejected,
        settings=settings,
        last_wins=last_wins,
    )
    raise typer.Exit(run_check(request, all_sheets=all_sheets))


@app.command()
def compare(
    budget: Budgets,
    scenario: Scenarios = None,
    settings: Settings = None,
    last_wins: LastWins = False,
    as_of: AsOf = None,
    first_year: FirstYear = None,
    years: Years = 5,
    fiscal_year_start: YearStart = None,
    mapping: MappingFiles = None,
    funding: FundingFiles = None,
    form: Annotated[Format, typer.Option("--format", help="Form of the result on standard output.")] = Format.TABLE,
    output: Outputs = None,
    table: OneComparedTable = None,
    skip_invalid: SkipInvalid = False,
    rejected: RejectedFile = None,
    force: Force = False,
    baseline: Baseline = None,
    every: Every = False,
    sweep: Sweeps = None,
) -> None:
    """Set scenarios side by side: gaps, what loses funding, what makes the difference, what stays funded."""
    from esser_gap.cli.compare import Rivals, run_compare
    from esser_gap.cli.run import Request

    request = Request(
        budget,
        scenario,
        as_of,
        first_year,
        years,
        fiscal_year_start,
        mapping,
        funding,
        output,
        _value(table),
        force=force,
        skip_invalid=skip_invalid,
        rejected=rejected,
        settings=settings,
        last_wins=last_wins,
    )
    raise typer.Exit(run_compare(request, form.value, Rivals(baseline, every, sweep or ())))


@app.command()
def explain(
    commitment: Annotated[str, typer.Argument(metavar="COMMITMENT", help="Id of a commitment.", show_default=False)],
    budget: Budgets,
    scenario: Scenarios = None,
    settings: Settings = None,
    last_wins: LastWins = False,
    as_of: AsOf = None,
    first_year: FirstYear = None,
    years: Years = 5,
    fiscal_year_start: YearStart = None,
    mapping: MappingFiles = None,
    funding: FundingFiles = None,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Show how the figures of one commitment come about, from the cells of the file to the gap."""
    from esser_gap.cli.run import Request, run_explain

    request = Request(
        budget,
        scenario,
        as_of,
        first_year,
        years,
        fiscal_year_start,
        mapping,
        funding,
        skip_invalid=skip_invalid,
        settings=settings,
        last_wins=last_wins,
    )
    raise typer.Exit(run_explain(request, commitment))


@app.command()
def inspect(
    file: Files,
    mapping: MappingFiles = None,
    write_mapping: NewMapping = None,
    form: Annotated[InspectionFormat, typer.Option("--format", help="Form of the result.")] = InspectionFormat.TABLE,
    force: Force = False,
) -> None:
    """Show the sheets, tables, columns and totals of a file, and what keeps it from being projected."""
    from esser_gap.cli.inspect import run_inspect

    raise typer.Exit(run_inspect(file, form.value, mappings=mapping or (), write_mapping=write_mapping, force=force))


@app.command()
def audit(
    file: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Workbooks of any program: xlsx or xlsm.", show_default=False),
    ] = None,
    form: Annotated[AuditFormat, typer.Option("--format", help="Form of the result.")] = AuditFormat.TABLE,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead, with what each is for.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")] = False,
) -> None:
    """Check that a workbook can be read, heard, printed and opened safely; exit with 1 when something fails."""
    from esser_gap.cli.audit import run_audit, run_audit_rules

    if not rules and not file:
        raise typer.BadParameter("name a workbook, or ask for --rules", param_hint="FILE")
    raise typer.Exit(run_audit_rules(form.value) if rules else run_audit(file or (), form.value, strict=strict))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to write.", show_default=False)] = Path(),
    force: Force = False,
) -> None:
    """Write a template workbook and a scenario file to start from."""
    from esser_gap.cli.run import run_init

    raise typer.Exit(run_init(folder, force=force))


@scenarios_app.command("list")
def list_scenarios() -> None:
    """List the scenarios that come with the program."""
    from esser_gap.cli.shipped import run_scenarios_list

    raise typer.Exit(run_scenarios_list())


@scenarios_app.command("show")
def show_scenario(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME|FILE[+...]", help="A scenario, or several combined with +.", show_default=False),
    ],
    origin: Annotated[
        bool, typer.Option("--origin", help="Show every assumption as resolved, with the file and line it comes from.")
    ] = False,
    settings: Settings = None,
    last_wins: LastWins = False,
) -> None:
    """Show a scenario, merged with what it extends."""
    from esser_gap.cli.shipped import run_scenarios_show

    raise typer.Exit(run_scenarios_show(name, settings or (), origin=origin, last_wins=last_wins))


@sources_app.command("list")
def list_sources() -> None:
    """List the sources that the program knows without being told, and the templates that a source can use."""
    from esser_gap.cli.shipped import run_sources_list

    raise typer.Exit(run_sources_list())


@sources_app.command("show")
def show_source(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A source or template.", show_default=False)],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the template itself, to copy and edit.")] = False,
) -> None:
    """Show the dates and rule of a source, or what a template asks for and makes, and where it stands."""
    from esser_gap.cli.shipped import run_sources_show

    raise typer.Exit(run_sources_show(name, as_yaml=as_yaml))


@sources_app.command("matrix")
def matrix_of_sources(
    budget: Budgets,
    scenario: Scenarios = None,
    settings: Settings = None,
    last_wins: LastWins = False,
    as_of: AsOf = None,
    first_year: FirstYear = None,
    years: Years = 5,
    fiscal_year_start: YearStart = None,
    mapping: MappingFiles = None,
    funding: FundingFiles = None,
    form: Annotated[MatrixFormat, typer.Option("--format", help="Form of the matrix.")] = MatrixFormat.TABLE,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Show which source may pay which commitment, and the rule that bars the others."""
    from esser_gap.cli.matrix import run_matrix
    from esser_gap.cli.run import Request

    request = Request(
        budget,
        scenario,
        as_of,
        first_year,
        years,
        fiscal_year_start,
        mapping,
        funding,
        skip_invalid=skip_invalid,
        settings=settings,
        last_wins=last_wins,
    )
    raise typer.Exit(run_matrix(request, form.value))


@codes_app.command("list")
def list_codes() -> None:
    """List the code maps that a mapping can name."""
    from esser_gap.cli.shipped import run_codes_list

    raise typer.Exit(run_codes_list())


@codes_app.command("show")
def show_codes(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A code map.", show_default=False)],
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the file itself, to copy and edit.")] = False,
) -> None:
    """Show what the codes of a map stand for, and where that can be read."""
    from esser_gap.cli.shipped import run_codes_show

    raise typer.Exit(run_codes_show(name, as_yaml=as_yaml))


def _value(table: TableName | ComparedTableName | None) -> str | None:
    return None if table is None else table.value


def main(arguments: list[str] | None = None) -> Any:
    """Run the program: what is wrong with input or output is told on standard error and exits with 2."""
    from esser_gap.errors import EsserGapError

    # Importing and projecting make many objects that stay; looking for garbage among them only takes time.
    gc.set_threshold(100_000, 50, 50)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name with a letter that the terminal lacks must not stop the program.
        sys.stdout.reconfigure(errors="replace")
    try:
        app(arguments)
    except EsserGapError as problem:
        from esser_gap.cli.messages import tell

        tell(problem)
        sys.exit(2)
    except Exception:  # noqa: BLE001 - whatever it is, it must not look like a gate that was not met
        import traceback

        traceback.print_exc()
        sys.exit(_BUG)
