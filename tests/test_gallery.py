"""Every kind of issue has one broken input in the gallery, with the exact text it prints."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import esser_gap
from esser_gap.auditing.rules import RULES
from esser_gap.issues import Severity
from make_gallery import GALLERY, PAGE, Case, Ran, all_cases, page, run

CASES = all_cases()
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
NUMBER_FORMATS = {"d-mmm", "d-mmm-yy", "mm-dd-yy", "mmm-yy", "yyyy-mm-dd"}
NO_CODES = NUMBER_FORMATS | {
    "core-properties",
    "esser-gap",
    "latin-1",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "one-time",
}
"""Texts in the program that look like a code and are none."""


@cache
def ran_once(code: str) -> Ran:
    case = next(case for case in CASES if case.code == code)
    with TemporaryDirectory() as folder:
        return run(case, Path(folder))


def codes_in_program() -> set[str]:
    """Collect every text of the form `money-not-a-number` in the modules that raise issues."""
    package = Path(esser_gap.__file__).parent
    found: set[str] = set()
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] != "write":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= _texts(tree) - _table_names(tree)
    rules = {rule.id for rule in RULES}
    return {text for text in found if CODE.fullmatch(text)} - NO_CODES - rules


def _texts(tree: ast.Module) -> set[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _table_names(tree: ast.Module) -> set[str]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    tables = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Table")
    return {name.value for name in tables if isinstance(name, ast.Constant) and isinstance(name.value, str)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_broken_input_prints_exactly_this(case: Case) -> None:
    ran = ran_once(case.code)
    assert ran.message == case.expected
    assert case.code in ran.found
    refused = Severity.ERROR in ran.found.values()
    assert ran.status == (2 if refused else 0)


def test_every_code_has_a_case() -> None:
    assert codes_in_program() == {case.code for case in CASES}


def test_every_case_has_its_text_and_every_text_its_case() -> None:
    assert {path.stem for path in GALLERY.glob("*.txt")} == {path.stem for path in GALLERY.glob("*.yaml")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_message_is_plain(case: Case) -> None:
    lines = case.expected.splitlines()
    assert re.fullmatch(r"(\d+ (error|warning|note)s?(, )?)+", lines[-1])
    for line in lines[:-1]:
        assert re.match(r"(error|warning|note): [^A-Z]|  --> |  hint: [^A-Z]", line), line
        if not line.startswith("  --> "):
            assert not line.endswith((".", "!")), line
    text = case.expected.casefold()
    assert not re.search(r"\binvalid\b|\bdecimal\b|pydantic|traceback|\bnone\b(?! is| of)", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_message_about_a_file_names_the_file(case: Case) -> None:
    about_no_file = {
        "commitment-unknown",
        "first-year-unclear",
        "funding-order",
        "scenario-cycle",
        "scenario-missing",
        "scenario-twice",
        "scenario-unknown",
        "sweep-not-understood",
        "sweep-too-large",
        "years-out-of-range",
    }
    if case.code not in about_no_file:
        assert re.search(r"^  --> \w+(\.\w+)?($|,|:)", case.expected, re.MULTILINE)
    assert "  hint: " in case.expected


def test_the_page_of_messages_is_up_to_date() -> None:
    severities = {case.code: ran_once(case.code).found[case.code] for case in CASES}
    assert PAGE.read_text(encoding="utf-8") == page(CASES, severities), "run python tests/make_gallery.py"


# --------------------------------------------------------------------------- what the gallery does not show


@pytest.mark.parametrize(
    ("head", "row", "message"),
    [
        (
            "annual_cost,unit_cost",
            "recurring,9000,85",
            "error: `Filter` gives its cost twice: annual cost is 9,000.00",
        ),
        (
            "annual_cost",
            "replacement,9000",
            (
                "error: the replacement `Filter` has no `purchased_on`\n"
                "  --> budget.csv, sheet `budget`, row 2\n"
                "  hint: write the purchase date, such as 2021-08-15\n"
                "error: the replacement `Filter` has no `useful_life`"
            ),
        ),
        ("annual_cost", "one_time,9000", "error: the one-time cost `Filter` has no date"),
        (
            "annual_cost,starts_on,paid_through",
            "recurring,9000,2027-07-01,2026-12-31",
            "warning: `Filter` is paid through 2026-12-31, before it starts on 2027-07-01",
        ),
        (
            "annual_cost,starts_on,renewal_month",
            "recurring,1200,2026-07-01,8",
            "warning: `Filter` (started on 2026-07-01) renews 1 month later: 100.00 dollars of service are not paid",
        ),
        (
            "annual_cost,billing,ends_on,paid_through",
            "recurring,1200,monthly,2027-06-15,2026-12-15",
            (
                "warning: `ends_on` of `Filter` lies inside a month, and months are billed whole\n"
                "  --> budget.csv, sheet `budget`, cell F2: found `2027-06-15`\n"
                "  hint: assumed: the whole month is billed\n"
                "warning: `paid_through` of `Filter` lies inside a month, and months are billed whole"
            ),
        ),
        (
            "annual_cost,purchased_on,useful_life,supported_until",
            "replacement,1200,2026-08-01,5,2026-06-30",
            "warning: support of `Filter` ended on 2026-06-30, before it was bought on 2026-08-01",
        ),
        ("annual_cost,staggered", "recurring,1200,yes", "warning: `Filter` is staggered but is not a replacement"),
        (
            "annual_cost,billing,starts_on",
            "one_time,1200,monthly,2026-08-01",
            "warning: `Filter` is billed monthly but is of kind `one_time`",
        ),
    ],
)
def test_other_checks_of_a_commitment_say_this(head: str, row: str, message: str, tmp_path: Path) -> None:
    text = f"name,category,kind,{head}\nFilter,network,{row}\n"
    ran = run(Case("check", "", "", {"budget.csv": text}, "project budget.csv"), tmp_path)
    assert f"{message}\n" in ran.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "awards: [{from: 2027-07-01, through: 2026-06-30}]",
            "error: an award of `Levy` ends on 2026-06-30, before it starts on 2027-07-01",
        ),
        (
            "awards: [{through: 2028-06-30, liquidate_by: 2027-06-30}]",
            "warning: an award of `Levy` must be paid out by 2027-06-30, before it ends on 2028-06-30",
        ),
        ("carryover: 1", "warning: the source `Levy` has a carryover but no yearly amounts"),
        ("commitments: [FILTRE]", "error: the source `Levy` names `FILTRE` in `commitments`, which is unknown"),
    ],
)
def test_other_checks_of_a_source_say_this(source: str, message: str, tmp_path: Path) -> None:
    files = {
        "budget.csv": "id,name,category,kind,annual_cost\nFILTER,Filter,network,recurring,1200\n",
        "funding.yaml": f"sources: [{{name: Levy, recurring: yes, basis: open, {source}}}]",
    }
    ran = run(Case("check", "", "", files, "project budget.csv --funding funding.yaml"), tmp_path)
    assert f"{message}\n" in ran.message
