"""What README and documentation say is what the program does."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console  # noqa: TID251

import esser_gap
from esser_gap.cli.app import main
from esser_gap.view.finding import finding
from esser_gap.view.years import years_table
from esser_gap.write.terminal import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("examples/*/README.md")),
]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


def commands_in(page: Path) -> Iterator[str]:
    for language, block in FENCED.findall(page.read_text(encoding="utf-8")):
        if language in {"sh", "console"}:
            joined = block.replace("\\\n", " ")
            yield from (
                line.removeprefix("$ ")
                for line in joined.splitlines()
                if line.removeprefix("$ ").startswith("esser-gap ")
            )


# The commands of docs/errors.md fail on purpose; the gallery runs them.
COMMANDS = sorted(
    {
        (page.relative_to(ROOT).as_posix(), command)
        for page in PAGES
        if page.name != "errors.md"
        for command in commands_in(page)
    }
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what commands in the documentation name, so that they can write."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    return folder


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_in_the_documentation_runs(
    page: str, command: str, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    words = shlex.split(command, comments=True)[1:]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--force"] if "-o" in words else words)
    assert ended.value.code in {0, None}, f"{page}: {command}\n{capsys.readouterr().err}"


def test_the_output_in_the_readme_is_the_real_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = [
        block
        for language, block in FENCED.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        if language == "console"
    ]
    projection = esser_gap.project("examples/cedar-valley/budget.xlsx", as_of=date(2026, 11, 23))
    district = projection.budget.districts[0].name
    stream = io.StringIO()
    console = Console(file=stream, width=100, force_terminal=True, color_system=None, soft_wrap=True)
    case = {"district": district, "scenario": "baseline"}
    draw([finding(projection, **case), years_table(projection, **case)], console)
    shown = blocks[0].split("\n", 1)[1].removesuffix("...\n")
    assert stream.getvalue().startswith(shown)


def test_the_python_code_in_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = (
        block
        for language, block in FENCED.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        if language == "python"
    )
    exec(code, {})  # noqa: S102 - the README's own lines
    assert "fiscal_year" in capsys.readouterr().out


def test_the_code_of_the_python_page_runs_in_its_order(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    blocks = FENCED.findall((ROOT / "docs" / "python.md").read_text(encoding="utf-8"))
    code = "\n".join(block for language, block in blocks if language == "python")
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the page's own lines, with assertions among them
    assert {path.name for path in checkout.glob("gap.*")} >= {"gap.xlsx", "gap.json"}
    assert isinstance(names["result"], esser_gap.Projection)


def test_the_readme_is_short_enough_to_read() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    links = [target for target, _ in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    missing = [target for target in links if not (page.parent / target).exists()]
    assert not missing


def test_every_dependency_has_its_reason_and_the_floor_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in project["dependencies"]:
        name, floor = requirement.split(">=")
        assert f"| {name} >= {floor} |" in reasons


def test_the_version_stands_in_one_way() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == esser_gap.__version__
