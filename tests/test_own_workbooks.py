"""Every workbook that the program writes passes its own audit, opens in strict readers, and takes no text for more."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

import esser_gap
from esser_gap import Award, Commitment, District, Scenario, Source, audit_workbook
from esser_gap.api import compare, project, sweep
from esser_gap.auditing.part_order import SEVERAL, STYLES, WORKBOOK, WORKSHEET
from esser_gap.cli.app import main
from esser_gap.write.rejected_rows import write_rejected
from esser_gap.write.template import write_templates
from esser_gap.write.workbook import write_workbook
from small_budget import small_projection, two_district_projection
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
AS_OF = date(2026, 11, 23)
HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org","click")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tafter a tab",
    '"quoted" name',
    "'apostrophe",
    "<r><t>not & rich</r>",
    "x" * 300,
    "word " * 60,
    "مدرسة النور الثانوية",
    "backpacks \N{SCHOOL SATCHEL}",
    "first line\nsecond line",
    "_x000D_",
    "TRUE",
    "#REF!",
    "007",
    "1,200",
    "[brackets]: *?/\\",
    "&P of &N &A",
    " spaces round it ",
)
"""Names that look like something else than text."""
TWO = (HOSTILE[1], HOSTILE[13])


@cache
def hostile_budget() -> esser_gap.Budget:
    """Make a budget in which everything that has a name has a hostile one."""
    commitments = [
        Commitment(
            id=f"C{place}" if len(name) > 100 else name,
            name=name,
            category="software",
            kind="recurring",
            annual_cost=1_000 + place,
            district=TWO[place % 2],
            **dict.fromkeys(("goal", "vendor", "owner", "notes", "account"), name),
        )
        for place, name in enumerate(HOSTILE)
    ]
    sources = [
        Source(
            name=name,
            recurring=bool(place % 2),
            basis="open",
            rule=name,
            district=TWO[0],
            awards=[Award(amount=500 * place + 500, through=date(2028, 6, 30))],
        )
        for place, name in enumerate(HOSTILE)
    ]
    return esser_gap.make_budget(commitments, sources, [District(name=name) for name in TWO])


def hostile_scenarios(count: int) -> list[Scenario]:
    return [
        Scenario(name=name.strip(), description=name, growth={"default": 0.01 * p})
        for p, name in enumerate(HOSTILE[:count])
    ]


def _run(*words: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words])
    assert ended.value.code == 0


def _project(folder: Path, *words: str) -> Path:
    path = folder / "gap.xlsx"
    _run("project", *words, "-o", str(path), "--force")
    return path


def _written(result: Any, folder: Path) -> Path:
    write_workbook(result, folder / "gap.xlsx")
    return folder / "gap.xlsx"


def _rejected(folder: Path) -> Path:
    headings = ["Id", "Name", "Category", "Kind", "Annual cost", "Goal", "Owner"]
    rows = [
        [f"R{p}", name, "software", "recurring", "TBD" if p % 2 else 5 + p, name, name]
        for p, name in enumerate(HOSTILE)
    ]
    write_xlsx(folder / "budget.xlsx", {"=1+1'x": [["=title"], [], headings, *rows]})
    budget = project(folder / "budget.xlsx", as_of=AS_OF, skip_invalid=True).budget
    write_rejected(budget, [folder / "budget.xlsx"], folder / "rejected.xlsx", as_of=AS_OF)
    return folder / "rejected.xlsx"


def _template(folder: Path) -> Path:
    return write_templates(folder)[0]


CEDAR = str(EXAMPLES / "cedar-valley" / "budget.xlsx")
DAYTON = EXAMPLES / "dayton"
ENROLLMENT = EXAMPLES / "enrollment"
PLAIN: dict[str, Callable[[Path], Path]] = {
    "the example": lambda folder: _project(folder, CEDAR, "--as-of", "2026-11-23"),
    "the example under several scenarios": lambda folder: _written(
        project(CEDAR, ["baseline", "austerity", "level-funding"], as_of=AS_OF), folder
    ),
    "all scenarios of the library side by side": lambda folder: _written(
        compare(CEDAR, with_library=True, as_of=AS_OF), folder
    ),
    "two scenarios side by side": lambda folder: _written(
        compare(CEDAR, ["baseline", "austerity"], as_of=AS_OF), folder
    ),
    "a sweep": lambda folder: _written(sweep(CEDAR, ["growth.software=2%..10%:2%"], as_of=AS_OF), folder),
    "a budget book of a real district": lambda folder: _project(
        folder,
        str(DAYTON / "2022-23-proposed-expenditures.xlsx"),
        *("--mapping", str(DAYTON / "mapping-workbooks.yaml"), "--as-of", "2022-07-01"),
    ),
    "a budget with enrollment": lambda folder: _project(
        folder,
        str(ENROLLMENT / "budget.csv"),
        *("--mapping", str(ENROLLMENT / "mapping.yaml")),
        *("--funding", str(ENROLLMENT / "nces-elsi-enrollment-export.csv")),
        *("--funding", str(ENROLLMENT / "funding.yaml"), "--as-of", "2022-07-01"),
    ),
    "a small budget": lambda folder: _written(small_projection(), folder),
    "two districts": lambda folder: _written(two_district_projection(), folder),
    "the template": _template,
}
ODD: dict[str, Callable[[Path], Path]] = {
    "hostile names": lambda folder: _written(project(hostile_budget(), hostile_scenarios(2), as_of=AS_OF), folder),
    "hostile names side by side": lambda folder: _written(
        compare(hostile_budget(), hostile_scenarios(3), as_of=AS_OF), folder
    ),
    "many hostile names side by side": lambda folder: _written(
        compare(hostile_budget(), hostile_scenarios(9), as_of=AS_OF), folder
    ),
    "hostile names in a sweep": lambda folder: _written(
        sweep(hostile_budget(), ["growth.software=2%..6%:2%"], hostile_scenarios(2), as_of=AS_OF), folder
    ),
    "rows left out": _rejected,
}


@pytest.fixture(scope="module")
def made() -> Iterator[Callable[[str], Path]]:
    """Give each workbook by what it is, made once."""
    root = Path(mkdtemp())
    paths: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in paths:
            paths[name] = {**PLAIN, **ODD}[name](Path(mkdtemp(dir=root)))
        return paths[name]

    yield make
    shutil.rmtree(root)


@pytest.mark.parametrize("name", PLAIN)
def test_a_workbook_has_nothing_to_mend(name: str, made: Callable[[str], Path]) -> None:
    assert audit_workbook(made(name)).findings == ()


@pytest.mark.parametrize("name", ODD)
def test_nothing_fails_with_names_that_look_like_something_else(name: str, made: Callable[[str], Path]) -> None:
    assert audit_workbook(made(name)).failures == ()


@pytest.mark.parametrize("name", [*PLAIN, *ODD])
def test_two_other_readers_take_a_workbook_whole(name: str, made: Callable[[str], Path]) -> None:
    path = made(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = openpyxl.load_workbook(path).sheetnames
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == names
    assert all(book.get_sheet_by_name(sheet).to_python() for sheet in names)


@pytest.mark.parametrize("name", [*PLAIN, *ODD])
def test_the_elements_of_every_part_stand_in_the_order_of_the_standard(name: str, made: Callable[[str], Path]) -> None:
    with zipfile.ZipFile(made(name)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        for part in names:
            root = ET.fromstring(archive.read(part))  # noqa: S314 - the program's own file
            found = [element.tag.rpartition("}")[2] for element in root]
            if part.startswith("xl/worksheets/sheet"):
                _check_order(found, WORKSHEET)
            elif part == "xl/workbook.xml":
                _check_order(found, WORKBOOK)
            elif part == "xl/styles.xml":
                _check_order(found, STYLES)


def _check_order(found: list[str], order: tuple[str, ...]) -> None:
    places = [order.index(name) for name in found]
    assert places == sorted(places)
    once = [name for name in found if name not in SEVERAL]
    assert len(once) == len(set(once))


@pytest.mark.parametrize("name", ODD)
def test_no_text_of_the_input_becomes_a_formula(name: str, made: Callable[[str], Path]) -> None:
    with zipfile.ZipFile(made(name)) as archive:
        for part in archive.namelist():
            if part.startswith(("xl/worksheets/sheet", "xl/charts/chart")):
                root = ET.fromstring(archive.read(part))  # noqa: S314 - the program's own file
                formulas = [element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] == "f"]
                assert not [text for text in formulas if "|" in text or "HYPERLINK" in text or text == "1+1"]
