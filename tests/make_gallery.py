"""The gallery of messages: one broken input for every kind of issue, what it prints, and the page made of both.

`python tests/make_gallery.py` writes the messages (tests/gallery/*.txt) and docs/errors.md anew.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import tempfile
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import esser_gap
from esser_gap.cli.app import app
from esser_gap.cli.messages import tell
from esser_gap.errors import EsserGapError, InputError
from esser_gap.issues import Issue, Severity
from spreadsheets import SPECIAL, CellError, Formula, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

GALLERY = Path(__file__).parent / "gallery"
PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
AS_OF = "2026-11-23"


@dataclass(frozen=True)
class Case:
    """One broken input.

    Attributes:
        code: Name of the kind of issue, which is the file's name.
        means: What the issue means.
        do: What to do about it.
        files: Contents by file name; sheets of a workbook are rows by name, and `{special: ...}` is a file that
            rows do not describe.
        run: Arguments of the command, without the as-of date.
        hidden: Sheets that the workbook hides.
        call: Arguments of `project` in Python, for what the command line does not let through.
    """

    code: str
    means: str
    do: str
    files: dict[str, Any]
    run: str
    hidden: tuple[str, ...] = ()
    call: dict[str, Any] | None = None

    @property
    def expected(self) -> str:
        return (GALLERY / f"{self.code}.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Ran:
    """What running a case gave."""

    status: int
    message: str
    found: dict[str, Severity]


def all_cases() -> list[Case]:
    return [_case(path) for path in sorted(GALLERY.glob("*.yaml"))]


def _case(path: Path) -> Case:
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = next(iter(about["files"]))
    hidden = tuple(about.pop("hidden", ()))
    return Case(code=path.stem, run=about.pop("run", f"project {first}"), hidden=hidden, **about)


def lay_out(case: Case, folder: Path) -> None:
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif "special" in content:
            SPECIAL[content["special"]][0](path)
        else:
            sheets = {sheet: [[_cell(cell) for cell in row] for row in rows] for sheet, rows in content.items()}
            write_xlsx(path, sheets, case.hidden)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return CellError(value["error"]) if "error" in value else Formula(value["formula"])
    return value


def run(case: Case, folder: Path) -> Ran:
    lay_out(case, folder)
    with _inside(folder), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = _start(case)
            issues = {issue["code"]: Severity(issue["severity"]) for issue in json.loads(out.getvalue())["issues"]}
        except EsserGapError as problem:
            tell(problem)
            status, issues = 2, _codes(problem)
    return Ran(status, err.getvalue(), issues)


def _start(case: Case) -> int:
    if case.call is not None:
        esser_gap.project(next(iter(case.files)), as_of=date.fromisoformat(AS_OF), **case.call)
    arguments = [*shlex.split(case.run), "--as-of", AS_OF]
    arguments += [] if arguments[0] == "explain" else ["--format", "json"]
    status: int = app(arguments, standalone_mode=False)
    return status


def _codes(problem: EsserGapError) -> dict[str, Severity]:
    issues: list[Issue] = problem.issues if isinstance(problem, InputError) else []
    return {issue.code: issue.severity for issue in issues}


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


# --- the page ----------------------------------------------------------------------------------

_OPENING = """\
<!-- Made by tests/make_gallery.py from tests/gallery; change those and run it. -->
# Messages

Every message has a code, the name it has in JSON output, and an example that the tests run. An **error** refuses
the input, and all errors are told at once; a **warning** says what was assumed; a **note** only reports. Messages go
to standard error, and a refused run exits with status 2.
"""


def page(cases: list[Case], severities: dict[str, Severity]) -> str:
    index = "\n".join(f"| [{case.code}](#{case.code}) | {severities[case.code]} | {case.means} |" for case in cases)
    table = f"| code | | what it means |\n| --- | --- | --- |\n{index}\n"
    return "\n".join([_OPENING, table, *(_section(case, severities[case.code]) for case in cases)])


def _section(case: Case, severity: Severity) -> str:
    files = "".join(_shown(name, content, case) for name, content in case.files.items())
    command = f"$ esser-gap {case.run} --as-of {AS_OF}"
    if case.call is not None:
        given = ", ".join(f"{name}={value!r}" for name, value in case.call.items())
        command = f">>> esser_gap.project({next(iter(case.files))!r}, {given})"
    return (
        f"## {case.code}\n\n{case.means}\n\n**What to do:** {case.do}\n\n{files}"
        f"```console\n{command}\n{case.expected.rstrip()}\n```\n\nSeverity: {severity}.\n"
    )


def _shown(name: str, content: Any, case: Case) -> str:
    if isinstance(content, str):
        block = f"`{name}`:\n\n```{Path(name).suffix[1:]}\n{content.rstrip()}\n```\n\n"
        return block if content else f"`{name}` is empty.\n\n"
    if "special" in content:
        return f"`{name}` {SPECIAL[content['special']][1]}.\n\n"
    return "".join(_shown_sheet(name, sheet, rows, case) for sheet, rows in content.items())


def _shown_sheet(name: str, sheet: str, rows: list[list[Any]], case: Case) -> str:
    texts = [[_shown_cell(cell) for cell in row] for row in rows]
    width = max(map(len, texts))
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in texts]
    lines.insert(1, f"|{' --- |' * width}")
    hidden = " (hidden)" if sheet in case.hidden else ""
    return f"`{name}`, sheet `{sheet}`{hidden}:\n\n" + "\n".join(lines) + "\n\n"


def _shown_cell(cell: Any) -> str:
    if isinstance(cell, dict):
        return f"`{next(iter(cell.values()))}`"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def write_all() -> None:
    cases, severities = all_cases(), {}
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            ran = run(case, Path(folder))
        severities[case.code] = ran.found[case.code]
        (GALLERY / f"{case.code}.txt").write_text(ran.message, encoding="utf-8")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(cases, severities), encoding="utf-8")


if __name__ == "__main__":
    write_all()
