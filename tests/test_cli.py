"""The command line: results on standard output, talk on standard error, and exit statuses that scripts can use."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import typer  # noqa: TID251

import esser_gap
from esser_gap.cli.app import app, main
from esser_gap.plan.tables import TABLES
from esser_gap.read.scenarios import library_names
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., "Ran"]
    Process = subprocess.CompletedProcess[bytes]

EXAMPLE = Path(__file__).parents[1] / "examples" / "cedar-valley"
BUDGET = EXAMPLE / "budget.xlsx"
AUSTERITY = EXAMPLE / "scenarios" / "austerity.yaml"
AS_OF = ("--as-of", "2026-11-23")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SMALL = "name,category,kind,annual_cost,funded_by\nWeb filter,network,recurring,9000,General Fund\n"
ENDINGS = "end it in .xlsx, .json, .csv, .parquet"
PAID = "sources: [{name: General Fund, recurring: yes, basis: assigned}]"


@dataclass(frozen=True)
class Ran:
    """What a run gave."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program inside this process, which is quick."""

    def start(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return start


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a small budget that has a gap, and money that closes it."""
    (tmp_path / "budget.csv").write_text(SMALL.replace("General Fund", "ESSER III"), encoding="utf-8")
    (tmp_path / "paid.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / "money.yaml").write_text(PAID, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(
    *arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user does."""
    words = [sys.executable, "-m", "esser_gap", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, check=False, env=environment(env), cwd=cwd, timeout=60)


def environment(changes: dict[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "TERM": "xterm-256color", "PYTHONUTF8": "1", **(changes or {})}


@cache
def example_piped() -> Process:
    return started("project", BUDGET, *AS_OF)


@cache
def example_projection() -> esser_gap.Projection:
    return esser_gap.project(BUDGET, as_of=date(2026, 11, 23))


# --------------------------------------------------------------------------- a whole run, piped


def test_a_run_shows_the_result_on_standard_output_and_talks_on_standard_error() -> None:
    ran = example_piped()
    out, err = ran.stdout.decode(), ran.stderr.decode()
    assert ran.returncode == 0
    assert out.startswith("Cedar Valley Unified School District needs ")
    assert "First to lose funding" in out
    assert "warning:" not in out
    assert err.splitlines()[-1] == "5 warnings, 1 note"
    assert "First to lose funding" not in err


def test_what_is_piped_has_no_escapes_no_boxes_and_is_whole() -> None:
    ran = example_piped()
    for text in (ran.stdout.decode(), ran.stderr.decode()):
        assert "\x1b" not in text
        assert not re.search("[\u2500-\u259f\u2026]", text)
    out = ran.stdout.decode()
    losses = example_projection().losses
    names = {c.id: c.name for c in example_projection().budget.commitments}
    assert losses.height > 10
    for identifier, reason in losses.select("commitment", "reason").iter_rows():
        lines = [line for line in out.splitlines() if f"{names[identifier]} ({identifier})" in line]
        assert any(line.endswith(reason) for line in lines)


def test_what_a_run_used_is_printed_with_its_result() -> None:
    last = example_piped().stdout.decode().rstrip().splitlines()[-1]
    for used in ("As of 2026-11-23", "FY2027-FY2031", "Jul", "`baseline`", "software 5%"):
        assert used in last


# --------------------------------------------------------------------------- a terminal


def on_terminal(columns: int, *arguments: object, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run the program in a pseudo-terminal."""
    import pty

    controller, terminal = pty.openpty()
    words = [sys.executable, "-m", "esser_gap", *map(str, arguments)]
    changes = environment({"COLUMNS": str(columns), "LINES": "50", **(env or {})})
    with subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=changes) as process:
        os.close(terminal)
        shown = b"".join(_read(controller))
        status = process.wait(60)
    os.close(controller)
    return status, shown.decode().replace("\r\n", "\n")


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # what Linux says when the other end has closed
            return
        if not part:
            return
        yield part


needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this sort")


@needs_pty
@pytest.mark.parametrize("columns", [80, 140])
def test_a_terminal_is_filled_and_never_overrun(columns: int) -> None:
    status, shown = on_terminal(columns, "project", BUDGET, *AS_OF)
    assert status == 0
    lines = ESCAPE.sub("", shown).splitlines()
    assert max(map(len, lines)) <= columns
    assert max(map(len, lines)) > columns - 12
    assert "\u2500" in shown
    assert "\x1b[1m" in shown
    assert "\u2026" not in shown


@needs_pty
def test_no_color_is_honoured_on_a_terminal() -> None:
    coloured = re.compile(r"\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7])[0-9;]*m")
    assert coloured.search(on_terminal(80, "project", BUDGET, *AS_OF)[1])
    assert not coloured.search(on_terminal(80, "project", BUDGET, *AS_OF, env={"NO_COLOR": "1"})[1])


@needs_pty
def test_parquet_is_not_poured_into_a_terminal() -> None:
    status, shown = on_terminal(80, "project", BUDGET, *AS_OF, "--format", "parquet")
    assert status == 2
    assert "parquet is not text; send it to a file with -o gap.parquet" in " ".join(shown.split())


# --------------------------------------------------------------------------- being piped further


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    words = [sys.executable, "-m", "esser_gap", "project", str(BUDGET), *AS_OF, "--format", "json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(60) == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_any_name_can_be_printed_whatever_the_terminal_can_show(tmp_path: Path) -> None:
    text = SMALL.replace("Web filter", "Fran\u00e7ais \u2192 \u4e2d\u6587").replace("General Fund", "")
    (tmp_path / "budget.csv").write_text(text, encoding="utf-8")
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    ran = started("project", "budget.csv", *AS_OF, env=env, cwd=tmp_path)
    assert ran.returncode == 0
    assert "Fran\u00e7ais ? ??" in ran.stdout.decode("cp1252")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_data_on_standard_output_is_utf_8_whatever_the_terminal_shows(form: str, tmp_path: Path) -> None:
    text = SMALL.replace("Web filter", "x").replace("name,", "id,name,").replace("x,", "\u4e2d\u6587,x,")
    (tmp_path / "budget.csv").write_text(text, encoding="utf-8")
    (tmp_path / "funding.yaml").write_text(PAID, encoding="utf-8")
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    ran = started("project", "budget.csv", *AS_OF, "--format", form, "--table", "costs", env=env, cwd=tmp_path)
    assert ran.returncode == 0
    assert "\u4e2d\u6587" in ran.stdout.decode("utf-8")


# --------------------------------------------------------------------------- forms of the result


def test_json_on_standard_output_is_one_document(run: Run) -> None:
    ran = run("project", BUDGET, *AS_OF, "--format", "json")
    document = json.loads(ran.out, parse_float=Decimal)
    assert document["schema"] == "esser-gap/projection/1"
    years = example_projection().years
    assert [row["gap"] for row in document["years"]] == years["gap"].to_list()
    assert [row["fiscal_year"] for row in document["years"]] == [2027, 2028, 2029, 2030, 2031]


@pytest.mark.parametrize("table", [None, *TABLES])
def test_csv_on_standard_output_is_one_table(table: str | None, run: Run) -> None:
    ran = run("project", BUDGET, *AS_OF, "--format", "csv", *(["--table", table] if table else []))
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    frame = example_projection().table(table or "years")
    assert list(rows[0]) == frame.columns
    assert len(rows) == frame.height


def test_parquet_on_standard_output_is_one_table() -> None:
    ran = started("project", BUDGET, *AS_OF, "--format", "parquet", "--table", "losses")
    assert pl.read_parquet(io.BytesIO(ran.stdout)).equals(example_projection().losses)


def test_files_take_the_form_of_their_ending_and_may_be_several(folder: Path, run: Run) -> None:
    outputs = [word for name in ("gap.xlsx", "gap.json", "gap.csv", "gap.parquet") for word in ("-o", name)]
    ran = run("project", BUDGET, *AS_OF, *outputs)
    written = [line.removeprefix("wrote ") for line in ran.err.splitlines() if line.startswith("wrote ")]
    tables = [f"gap.{name}" for name in (*TABLES, "receipts") if name != "years"]
    assert ran.status == 0
    assert sorted(written) == sorted(
        ["gap.xlsx", "gap.json", *(f"{stem}.{ending}" for ending in ("csv", "parquet") for stem in ("gap", *tables))]
    )
    assert all((folder / name).stat().st_size for name in written)
    assert "wrote" not in ran.out
    assert pl.read_parquet(folder / "gap.parquet").equals(example_projection().years)
    assert json.loads((folder / "gap.json").read_text(encoding="utf-8"))["years"]


def test_one_table_goes_into_exactly_the_file_that_is_named(folder: Path, run: Run) -> None:
    run("project", "budget.csv", *AS_OF, "--table", "losses", "-o", "lost.csv")
    assert sorted(path.name for path in folder.glob("lost*")) == ["lost.csv"]
    assert (folder / "lost.csv").read_text(encoding="utf-8").startswith("district,scenario,rank,")


def test_an_output_that_exists_is_replaced_only_by_force(folder: Path, run: Run) -> None:
    (folder / "gap.json").write_text("mine", encoding="utf-8")
    ran = run("project", "budget.csv", *AS_OF, "-o", "gap.csv", "-o", "gap.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "error: `gap.json` exists; replace it with --force or give another name\n"
    assert (folder / "gap.json").read_text(encoding="utf-8") == "mine"
    assert not (folder / "gap.csv").exists()
    assert run("project", "budget.csv", *AS_OF, "-o", "gap.json", "--force").status == 0
    assert json.loads((folder / "gap.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (
            ["gap.pdf"],
            "error: cannot tell from the name `gap.pdf` what to write; end it in .xlsx, .json, .csv, .parquet\n",
        ),
        (["gap"], "error: cannot tell from the name `gap` what to write; end it in .xlsx, .json, .csv, .parquet\n"),
        (["nowhere/gap.csv"], "error: the folder `nowhere` does not exist\n"),
        (["gap.csv", "gap.csv"], "error: two outputs would be the same file `gap.csv`\n"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_an_output_that_cannot_be_written_is_refused_before_any_work(outputs: list[str], said: str, run: Run) -> None:
    ran = run("project", "no-such-budget.csv", *[word for name in outputs for word in ("-o", name)])
    assert (ran.status, ran.out, ran.err) == (2, "", said)


# --------------------------------------------------------------------------- exit statuses


@pytest.mark.usefixtures("folder")
class TestStatus:
    def test_a_gap_is_an_answer(self, run: Run) -> None:
        assert run("project", "budget.csv", *AS_OF).status == 0

    def test_a_gap_is_a_failure_when_asked_for(self, run: Run) -> None:
        ran = run("project", "budget.csv", *AS_OF, "--fail-on-gap")
        assert ran.status == 1
        assert ran.out
        assert ran.err.endswith("there is a gap, and --fail-on-gap was given\n")

    def test_no_gap_passes_the_gate(self, run: Run) -> None:
        ran = run("project", "paid.csv", "--funding", "money.yaml", *AS_OF, "--fail-on-gap", "--strict")
        assert (ran.status, ran.err) == (0, "")

    def test_files_are_written_even_when_a_gate_is_not_met(self, folder: Path, run: Run) -> None:
        assert run("project", "budget.csv", *AS_OF, "--fail-on-gap", "-o", "gap.json").status == 1
        assert (folder / "gap.json").exists()

    def test_a_broken_guardrail_is_a_failure_only_with_strict(self, run: Run) -> None:
        assert run("project", BUDGET, *AS_OF).status == 0
        ran = run("project", BUDGET, *AS_OF, "--strict")
        assert ran.status == 1
        assert ran.err.endswith("a guardrail is not met, and --strict was given\n")

    def test_a_gap_without_a_guardrail_passes_strict(self, run: Run) -> None:
        assert run("project", "budget.csv", *AS_OF, "--strict").status == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["project"],
            ["project", "budget.csv", "--no-such-option"],
            ["project", "budget.csv", "--format", "pdf"],
            ["project", "budget.csv", "--table", "gaps"],
            ["project", "budget.csv", "--years", "0"],
            ["project", "budget.csv", "--years", "101"],
            ["project", "budget.csv", "--years", "five"],
            ["project", "budget.csv", "--fiscal-year-start", "13"],
            ["project", "budget.csv", "--as-of", "someday"],
            ["project", "budget.csv", "--first-year", "27"],
            ["project", "budget.csv", "--scenario", "austerty.yaml"],
            ["project", "budget.csv", "--mapping", "nowhere.yaml"],
            ["project", "budget.csv", "--funding", "nowhere.yaml"],
            ["project", "budget.csv", "--funding", "paid.csv"],
            ["project", "paid.csv"],
            ["compare", "budget.csv"],
            ["explain", "NOTHING", "budget.csv"],
            ["check", "nowhere.csv"],
            ["check", "paid.csv"],
            ["scenarios", "show", "nothing"],
            ["sources", "show", "nothing"],
            ["init", "nowhere"],
            ["no-such-command"],
            [],
        ],
    )
    def test_what_is_refused_exits_with_2(self, arguments: list[str], run: Run) -> None:
        ran = run(*arguments)
        assert ran.status == 2
        assert "Traceback" not in ran.err
        if arguments[:1] not in ([], ["check"]):
            assert ran.err
            assert ran.out == ""


@pytest.mark.usefixtures("folder")
def test_a_missing_file_is_refused_with_names_like_it() -> None:
    ran = started("project", "bugdet.csv", *AS_OF)
    assert (ran.returncode, ran.stdout) == (2, b"")
    lines = ran.stderr.decode().splitlines()
    assert lines[:2] == ["error: there is no such file", "  --> bugdet.csv"]
    assert lines[2].startswith("  hint: did you mean `budget.csv`")
    assert lines[3:] == ["1 error"]


def test_all_problems_are_told_in_one_run(folder: Path, run: Run) -> None:
    rows = ["A,netwrk,recurring,TBD,ESSER III 60%; X", "B,network,,5,", "C,network,recurring,5,Nobody"]
    (folder / "bad.csv").write_text(SMALL.splitlines()[0] + "\n" + "\n".join(rows), encoding="utf-8")
    ran = run("project", "bad.csv", *AS_OF)
    assert ran.status == 2
    for place in ("cell B2", "cell D2", "cell E2", "cell C3", "cell E4"):
        assert f"  --> bad.csv, sheet `bad`, {place}" in ran.err
    assert ran.err.endswith("5 errors\n")


# --------------------------------------------------------------------------- options


@pytest.mark.parametrize("written", ["2026-11-23", "11/23/2026", "Nov 23, 2026"])
@pytest.mark.usefixtures("folder")
def test_the_as_of_date_may_be_written_as_people_do(written: str, run: Run) -> None:
    assert "As of 2026-11-23, FY2027-FY2031" in run("project", "budget.csv", "--as-of", written).out


@pytest.mark.parametrize("written", ["2029", "FY2029", "FY29", "2028-29"])
@pytest.mark.usefixtures("folder")
def test_the_first_year_may_be_written_as_people_do(written: str, run: Run) -> None:
    ran = run("project", "budget.csv", *AS_OF, "--first-year", written, "--years", 2)
    assert "FY2029-FY2030" in ran.out


@pytest.mark.usefixtures("folder")
def test_the_fiscal_year_may_start_in_another_month(run: Run) -> None:
    ran = run("project", "budget.csv", *AS_OF, "--fiscal-year-start", 1)
    assert "FY2026-FY2030, fiscal years starting in Jan" in ran.out


@pytest.mark.usefixtures("folder")
def test_today_is_the_as_of_date_unless_another_is_given(run: Run) -> None:
    assert f"As of {date.today().isoformat()}" in run("project", "budget.csv").out


def test_a_mapping_and_scenarios_from_files_and_the_library_apply(folder: Path, run: Run) -> None:
    write_xlsx(folder / "ledger.xlsx", {"L": [["What", "Sort", "Dollars"], ["Web filter", "network", 9000]]})
    mapping = "columns: {name: What, category: Sort, annual_cost: Dollars}\nconstants: {kind: recurring}"
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (folder / "half.yaml").write_text("name: half\nactions: [{scale: 0.5}]", encoding="utf-8")
    ran = run(
        "project", "ledger.xlsx", *AS_OF, "--mapping", "mapping.yaml", "-s", "baseline", "--scenario", "half.yaml",
        "--format", "csv", "--years", 1,
    )  # fmt: skip
    assert [(row["scenario"], row["cost"]) for row in csv.DictReader(io.StringIO(ran.out))] == [
        ("baseline", "9000.00"),
        ("half", "4500.00"),
    ]


@pytest.mark.usefixtures("folder")
def test_several_budgets_are_several_districts(run: Run) -> None:
    ran = run("project", "budget.csv", "paid.csv", "--funding", "money.yaml", *AS_OF, "--format", "csv", "--years", 1)
    assert [(row["district"], row["gap"]) for row in csv.DictReader(io.StringIO(ran.out))] == [
        ("budget", "9000.00"),
        ("paid", "0.00"),
    ]


# --------------------------------------------------------------------------- the other commands


def test_compare_sets_scenarios_beside_the_first_one(run: Run) -> None:
    ran = run("compare", BUDGET, *AS_OF, "--scenario", AUSTERITY)
    assert ran.status == 0
    named = [line.split()[0] for line in ran.out.splitlines() if line.startswith(("baseline ", "austerity "))]
    assert named[:2] == ["baseline", "austerity"]
    assert ran.out.count("Scenario `") == 2


def test_compare_gives_both_scenarios_as_data(folder: Path, run: Run) -> None:
    ran = run("compare", BUDGET, *AS_OF, "-s", AUSTERITY, "-s", "baseline", "--format", "csv", "-o", "both.json")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["scenario"] for row in rows] == [*["austerity"] * 5, *["baseline"] * 5]
    assert len(json.loads((folder / "both.json").read_text(encoding="utf-8"))["years"]) == 10


def test_explain_leads_from_the_cells_to_the_gap(run: Run) -> None:
    ran = run("explain", "CB-2020", BUDGET, *AS_OF)
    assert ran.status == 0
    losses = example_projection().losses.filter(pl.col("commitment") == "CB-2020")
    assert "budget.xlsx" in ran.out
    assert losses["reason"][0] in ran.out
    assert f"{losses['horizon_gap'][0]:,.2f}" in ran.out


def test_explain_of_an_unknown_id_names_near_ones(run: Run) -> None:
    ran = run("explain", "WAREHOSE", BUDGET, *AS_OF)
    assert ran.status == 2
    assert "WAREHOUSE" in ran.err


def test_check_shows_receipts_and_issues_and_says_what_follows(folder: Path, run: Run) -> None:
    ran = run("check", "paid.csv", "--funding", "money.yaml", *AS_OF)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("this budget can be projected\n")
    assert "What was read" in ran.out
    (folder / "bad.csv").write_text(SMALL + "Fiber,connectivity,recurring,TBD,\n", encoding="utf-8")
    ran = run("check", "bad.csv", *AS_OF)
    assert ran.status == 2
    assert "error: `annual_cost` is not an amount of money" in ran.out
    assert ran.out.endswith("this budget cannot be projected as it is\n")


def test_check_looks_at_scenarios_too(folder: Path, run: Run) -> None:
    (folder / "none.yaml").write_text("name: none\nactions: [{stop: FY2028, where: {category: ai}}]", encoding="utf-8")
    ran = run("check", "budget.csv", *AS_OF, "-s", "none.yaml")
    assert ran.status == 2
    assert "selects nothing where category: ai" in ran.out


def test_the_library_of_scenarios_is_listed_and_shown(folder: Path, run: Run) -> None:
    listed = run("scenarios", "list").out
    for name in library_names():
        assert name in listed
        assert run("scenarios", "show", name).out
    (folder / "mine.yaml").write_text("name: mine\nextends: baseline\ngrowth: {ai: 9%}", encoding="utf-8")
    shown = run("scenarios", "show", "mine.yaml").out
    assert "9%" in shown
    assert "software" in shown


def test_an_unknown_scenario_or_source_is_refused_with_near_names(run: Run) -> None:
    assert "did you mean `baseline`?" in run("scenarios", "show", "baselin").err
    assert "did you mean `ESSER III`" in run("sources", "show", "ESER III").err


def test_known_sources_are_listed_and_shown_with_their_rule(run: Run) -> None:
    listed = run("sources", "list").out
    assert "ESSER III" in listed
    assert "2024-09-30" in listed
    for name in ("ESSER III", "arp esser"):
        shown = run("sources", "show", name).out
        assert "American Rescue Plan" in shown
        assert "84.425U" in shown


# --------------------------------------------------------------------------- help


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    group = group or typer.main.get_command(app)
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


ALL_COMMANDS = list(commands())


def test_the_commands_are_those_that_are_documented() -> None:
    assert {" ".join(path) for path, command in ALL_COMMANDS if not hasattr(command, "commands")} == {
        "project",
        "audit",
        "check",
        "compare",
        "explain",
        "init",
        "inspect",
        "codes list",
        "codes show",
        "scenarios list",
        "scenarios show",
        "sources list",
        "sources matrix",
        "sources show",
    }


@pytest.mark.parametrize(("path", "command"), ALL_COMMANDS, ids=[" ".join(path) for path, _ in ALL_COMMANDS])
def test_help_says_what_a_command_and_each_of_its_options_does(path: tuple[str, ...], command: Any, run: Run) -> None:
    ran = run(*path, "--help")
    assert ran.status == 0
    assert ran.err == ""
    said = " ".join(ran.out.split())
    assert " ".join(command.help.split()) in said
    for parameter in command.params:
        assert parameter.help, parameter.name
        assert " ".join(parameter.help.split()) in said
        for option in parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]:
            assert option in said, option
    for name, inner in getattr(command, "commands", {}).items():
        assert name in said
        assert inner.help


def test_help_fits_80_columns(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for path, _ in ALL_COMMANDS:
        assert max(map(len, run(*path, "--help").out.splitlines())) <= 80


def test_without_arguments_the_help_is_shown(run: Run) -> None:
    ran = run()
    assert "Usage:" in ran.out + ran.err


def test_the_version_is_printed() -> None:
    ran = started("--version")
    assert (ran.returncode, ran.stdout.decode()) == (0, f"esser-gap {esser_gap.__version__}\n")


# --------------------------------------------------------------------------- what a careful user would trip over


HEADINGS = "id,name,category,kind,annual_cost,price_year,funded_by,district"


def written_budget(folder: Path, *rows: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join((HEADINGS, *rows)), encoding="utf-8")
    return path


def losses_of(ran: Ran) -> dict[str, str]:
    assert ran.status == 0, ran.err
    return {row["commitment"]: row["reason"] for row in csv.DictReader(io.StringIO(ran.out))}


def test_check_tells_of_sources_and_drivers_even_when_rows_are_wrong(folder: Path, run: Run) -> None:
    (folder / "bad.yaml").write_text("name: bad\ngroth: 1", encoding="utf-8")
    path = written_budget(folder, "A,A,network,recurring,TBD,,,", "B,B,network,recurring,5,,Nobody,")
    (folder / "driven.csv").write_text(f"{SMALL.replace('funded_by', 'driver')},,,,\nX,,recurring,5,\n", "utf-8")
    both = run("check", path, "-s", "bad.yaml", "-s", "baseline", *AS_OF)
    assert both.status == 2
    for told in ("cell E2: found `TBD`", "nobody defined the source `Nobody`", "found `groth`", "rejected"):
        assert told in both.out
    assert "nothing says how `General Fund` changes" in run("check", "driven.csv", *AS_OF).out


def test_what_may_only_follow_from_a_refused_row_is_not_told(folder: Path, run: Run) -> None:
    (folder / "stop.yaml").write_text("name: s\nactions: [{stop: FY2028, where: {id: A}}]", encoding="utf-8")
    path = written_budget(folder, "A,A,network,recurring,TBD,,,", "B,B,network,recurring,5,,,")
    ran = run("project", path, "-s", "stop.yaml", *AS_OF)
    assert ran.status == 2
    assert ran.err.endswith("1 error\n")


def test_a_source_near_to_a_shipped_one_is_named_in_the_hint(folder: Path, run: Run) -> None:
    path = written_budget(folder, "A,A,network,recurring,5,,ESSER-III,")
    assert "did you mean `ESSER III`" in run("project", path, *AS_OF).err


def test_a_listed_source_that_replaces_a_shipped_one_goes_by_all_its_names(folder: Path, run: Run) -> None:
    (folder / "money.yaml").write_text(
        "sources: [{name: ESSER III, recurring: no, basis: assigned, awards: [{through: 2031-06-30}]}]", "utf-8"
    )
    path = written_budget(folder, "A,A,network,recurring,5,,ARP ESSER,", "B,B,network,recurring,5,,ESSER III,")
    ran = run("project", path, "--funding", "money.yaml", "--format", "csv", "--table", "losses", *AS_OF)
    assert losses_of(ran) == {}


def test_a_shipped_source_serves_the_districts_that_do_not_list_it(folder: Path, run: Run) -> None:
    (folder / "money.yaml").write_text(
        "sources: [{name: ESSER III, recurring: no, basis: assigned, district: East, awards: [{amount: 900}]}]", "utf-8"
    )
    path = written_budget(folder, "E,E,network,recurring,5,,ESSER III,East", "W,W,network,recurring,5,,ESSER III,West")
    ran = run("project", path, "--funding", "money.yaml", "--format", "csv", "--table", "losses", *AS_OF)
    assert losses_of(ran) == {"W": "ESSER III ended 2024-09-30"}


def test_one_source_by_two_of_its_names_is_refused(folder: Path, run: Run) -> None:
    path = written_budget(folder, "A,A,network,recurring,5,,ESSER III 60%; ESSER 3 40%,")
    ran = run("project", path, *AS_OF)
    assert ran.status == 2
    assert "names `ESSER III` by two of its names" in ran.err


@pytest.mark.parametrize("word", ["Network", "RECURRING", "A", "network"])
def test_what_a_source_excludes_may_be_spelled_as_people_do(word: str, folder: Path, run: Run) -> None:
    (folder / "money.yaml").write_text(f"sources: [{{name: T, recurring: yes, basis: open, excludes: [{word}]}}]")
    path = written_budget(folder, "A,A,network,recurring,5,,,")
    ran = run("project", path, "--funding", "money.yaml", "--format", "csv", "--table", "losses", *AS_OF)
    assert losses_of(ran) == {"A": f"may not pay it: T (never {word})"}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("{id: []}", "`id` is an empty list"),
        ("{mandated: yes}", "where mandated: yes"),
        ("{funded_by: ESSER II 60%}", "where funded_by: ESSER II 60%"),
        ("{notice_by: 03-15}", "where notice_by: 03-15"),
    ],
)
def test_a_selection_that_finds_nothing_is_told_as_it_is_written(where: str, told: str, folder: Path, run: Run) -> None:
    (folder / "s.yaml").write_text(f"name: s\nactions: [{{stop: FY2028, where: {where}}}]", encoding="utf-8")
    ran = run("project", "budget.csv", "-s", "s.yaml", *AS_OF)
    assert ran.status == 2
    assert told in ran.err


def test_an_output_never_replaces_what_is_read_even_with_force(folder: Path, run: Run) -> None:
    before = (folder / "budget.csv").read_bytes()
    ran = run("project", "budget.csv", "-o", "budget.csv", "--force", *AS_OF)
    assert (ran.status, (folder / "budget.csv").read_bytes()) == (2, before)
    assert ran.err == "error: `budget.csv` is what this run reads; give the output another name\n"


def test_files_are_written_when_nobody_reads_what_is_shown(folder: Path) -> None:
    command = [sys.executable, "-m", "esser_gap", "project", str(BUDGET), "--format", "json", "-o", "gap.json", *AS_OF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 0
    assert json.loads((folder / "gap.json").read_text("utf-8"))["years"]


def test_a_bug_does_not_exit_like_a_gate_or_a_refusal() -> None:
    program = "import esser_gap.cli.app as a; a.app.command('broken')(lambda: 1 // 0); a.main(['broken'])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ran.returncode == 70
    assert b"ZeroDivisionError" in ran.stderr


def test_ids_made_from_sheet_and_row_are_told_apart_by_their_files(tmp_path: Path, run: Run) -> None:
    rows: list[list[object]] = [
        ["name", "category", "kind", "annual_cost", "district"],
        ["X", "network", "recurring", 5, "East"],
    ]
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(tmp_path / name, {"Commitments": rows})
    ran = run("project", tmp_path / "one.xlsx", tmp_path / "two.xlsx", "--format", "csv", "--table", "losses", *AS_OF)
    assert list(losses_of(ran)) == ["Commitments-2", "two-Commitments-2"]


def test_a_source_that_is_like_nothing_shipped_is_not_compared_with_it(folder: Path, run: Run) -> None:
    assert (folder / "paid.csv").exists()
    assert "  hint: list it on the Funding sheet\n" in run("project", "paid.csv", *AS_OF).err


def test_months_that_nobody_pays_for_staff_are_told_with_benefits(tmp_path: Path, run: Run) -> None:
    rows = "name,category,kind,annual_cost,benefits_rate,billing,starts_on,renewal_month\n"
    rows += "Coach,staffing,staff,60000,50%,annual,2027-01-01,3\n"
    (tmp_path / "staff.csv").write_text(rows, encoding="utf-8")
    assert "renews 2 months later: 15,000.00 dollars of service" in run("check", tmp_path / "staff.csv", *AS_OF).out
