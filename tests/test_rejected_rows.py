"""Rows with an error are left out only on request, and then stated in every output and written out to be corrected."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import esser_gap
from esser_gap.check.left_out import LeftOut, left_out_of, place_of
from esser_gap.cli.app import main
from esser_gap.errors import InputError, OutputError
from esser_gap.issues import Severity, Where, error
from esser_gap.model.budget import Budget, InputFile, Receipt, Rejected
from esser_gap.model.district import District
from esser_gap.model.origin import Origin
from esser_gap.model.scenario import Action, Scenario
from esser_gap.model.source import Source
from esser_gap.projecting import Settings, plan_all, skip_invalid
from esser_gap.view.finding import finding
from esser_gap.view.left_out import left_out, problems, problems_table
from esser_gap.write.rejected_rows import rejected_workbook, rejected_writers, write_rejected
from spreadsheets import CellError, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.model.commitment import Commitment

    Run = Callable[..., "Ran"]

AS_OF = date(2026, 11, 23)
DAY = ("--as-of", "2026-11-23")
HEADINGS = ["Id", "Name", "Category", "Kind", "Annual cost", "Starts on", "Ends on", "Funded by", "Requires", "Account"]
TITLES: list[list[object]] = [["Technology commitments, prepared for the board"], ["as of", "November 2026"], []]
BAD: list[list[object]] = [
    ["SIS", "Student records", "data systems", "recurring", 186400, None, None, "ESSER III", None, "0100"],
    ["FILTER", "Web filter", "network", "recurring", "TBD", None, None, None, None, "0101"],
    ["LMS", "Platform", "software", "recurring", 142000.5, date(2027, 7, 1), date(2026, 6, 30), None, "SIS", "0102"],
    ["AP", "Access points", "network", "recurring", 9000, None, None, "Nobody 60%; ESSER III 40%", None, "0103"],
    ["DUP", "First twin", "software", "recurring", 100.01, None, None, None, None, "0104"],
    ["DUP", "Second twin", "software", "recurring", 200.02, None, None, None, None, "0105"],
    ["FIB", "=1+1", "connectivity", None, 5, None, None, None, None, "0106"],
    ["OK", "Needs the platform", "software", "recurring", 50, None, None, None, "LMS, SIS", "0107"],
    ["REF", "@cmd", "software", "recurring", CellError("#REF!"), None, None, None, None, "0108"],
]
FIRST = len(TITLES) + 2
"""Number of the first row below the headings."""
LEFT_OUT_CELLS = ["E6", "G7", "H8", "A9", "A10", "D11", "E13"]
SENTENCE = (
    "These figures leave out 7 rows with errors, which state 151,305.53 dollars;"
    " 2 of them state no amount that can be read."
)


@dataclass(frozen=True)
class Ran:
    """What a run gave."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def start(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return start


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a budget that has every sort of bad row."""
    write_xlsx(tmp_path / "budget.xlsx", {"Commitments": [*TITLES, HEADINGS, *BAD], "Notes": [["not read"]]})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rejects(folder: Path, name: str = "budget-rejected.xlsx") -> Any:
    return openpyxl.load_workbook(folder / name)


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


# --------------------------------------------------------------------------- records


def commitment(row: int, **fields: object) -> Commitment:
    named = {"id": f"C{row}", "name": f"Item {row}", "category": "software", "kind": "recurring", "district": "East"}
    columns = {name: chr(ord("A") + place) for place, name in enumerate(("id", "name", "annual_cost", "requires"))}
    origin = Origin("b.xlsx", "Sheet", (row,), columns)
    return esser_gap.Commitment.model_validate({**named, "annual_cost": 10, **fields, "origin": origin})


def budget_of(
    commitments: Sequence[Commitment],
    rejected: Sequence[Rejected] = (),
    issues: Sequence[Any] = (),
    sources: Sequence[Source] = (),
) -> Budget:
    accepted = sum((c.annual_cost or Decimal(0) for c in commitments), Decimal(0))
    refused = sum((r.dollars or Decimal(0) for r in rejected), Decimal(0))
    receipt = Receipt(
        "b.xlsx", "Sheet", rows_read=len(commitments) + len(rejected), rows_accepted=len(commitments),
        rows_rejected=len(rejected), dollars_read=accepted + refused, dollars_accepted=accepted,
        dollars_rejected=refused, unreadable=sum(r.dollars is None for r in rejected),
    )  # fmt: skip
    return Budget(
        commitments=tuple(commitments),
        sources=tuple(sources),
        districts=(District(name="East"),),
        files=(InputFile("b.xlsx", "5c" * 32),),
        issues=tuple(issues),
        receipts=(receipt,),
        rejected=tuple(rejected),
    )


def skipped(budget: Budget, *scenarios: Scenario) -> Budget:
    return skip_invalid(budget, scenarios or (Scenario(name="flat"),), Settings(AS_OF, 2027, 2), lambda: ())


def problems_in(budget: Budget, *scenarios: Scenario) -> list[str]:
    """Give the codes of the errors that remain."""
    found = plan_all(budget, scenarios or (Scenario(name="flat"),), Settings(AS_OF, 2027, 2), lambda: ())[1]
    return [issue.code for issue in found if issue.severity is Severity.ERROR]


def warned(budget: Budget) -> list[tuple[str, str]]:
    return [(issue.code, issue.where.cell) for issue in budget.issues if issue.severity is Severity.WARNING]


def bad(row: int, dollars: object = None, **known: str) -> tuple[Rejected, Any]:
    origin = commitment(row).origin
    amount = None if dollars is None else Decimal(str(dollars))
    issue = error("money-not-a-number", "`annual_cost` is not an amount of money", where=origin.where("annual_cost"))
    return Rejected(origin, amount, **known), issue


def test_a_budget_without_errors_is_left_as_it_is() -> None:
    budget = budget_of([commitment(2), commitment(3)])
    assert skipped(budget) is budget
    assert left_out(budget) == ""


def test_a_row_that_could_not_be_read_is_stated_with_its_dollars() -> None:
    rejected, issue = bad(3, "12.34")
    budget = skipped(budget_of([commitment(2)], [rejected], [issue]))
    assert problems_in(budget) == []
    assert warned(budget) == [("rows-left-out", ""), ("money-not-a-number", "C3")]
    first, second = budget.issues
    assert first.message == "left out: 1 row with an error, which states 12.34 dollars"
    assert second.message == "`annual_cost` is not an amount of money; the row is left out"
    assert budget.receipts == budget_of([commitment(2)], [rejected]).receipts


def test_a_row_that_contradicts_itself_is_moved_from_accepted_to_rejected() -> None:
    dates = {"starts_on": date(2027, 7, 1), "ends_on": date(2026, 6, 30)}
    wrong = commitment(3, annual_cost="7.05", **dates)
    budget = skipped(budget_of([commitment(2), wrong]))
    assert [c.id for c in budget.commitments] == ["C2"]
    assert budget.rejected == (Rejected(wrong.origin, Decimal("7.05"), "C3", "Item 3", "East"),)
    (receipt,) = budget.receipts
    assert (receipt.rows_read, receipt.rows_accepted, receipt.rows_rejected) == (2, 1, 1)
    assert (receipt.dollars_accepted, receipt.dollars_rejected) == (Decimal(10), Decimal("7.05"))


def test_what_quantity_and_price_come_to_is_moved_to_the_cent() -> None:
    wrong = commitment(3, annual_cost=None, quantity="3", unit_cost="0.335", requires=["C3"])
    before = budget_of([commitment(2), wrong])
    counted = replace(before.receipts[0], dollars_read=Decimal("11.01"), dollars_accepted=Decimal("11.01"))
    budget = skipped(replace(before, receipts=(counted,)))
    assert budget.rejected[0].dollars == Decimal("1.01")
    assert budget.receipts[0].dollars_accepted == Decimal("10.00")


def test_rows_that_were_summed_are_left_out_together_and_their_dollars_once() -> None:
    origin = Origin("b.xlsx", "Sheet", (3, 5, 9))
    wrong = commitment(3, annual_cost=30, requires=["C3"]).model_copy(update={"origin": origin})
    before = budget_of([commitment(2), wrong])
    rows = replace(before.receipts[0], rows_read=4, rows_accepted=4)
    budget = skipped(replace(before, receipts=(rows,)))
    assert (budget.receipts[0].rows_accepted, budget.receipts[0].rows_rejected) == (1, 3)
    assert left_out(budget) == "These figures leave out 3 rows with errors, which state 30.00 dollars."


def test_every_row_with_an_id_that_is_not_unique_is_left_out_and_told() -> None:
    budget = skipped(budget_of([commitment(2), *(commitment(row, id="X") for row in (3, 4, 5))]))
    assert [c.id for c in budget.commitments] == ["C2"]
    assert sorted(warned(budget)) == [*(("id-not-unique", f"A{row}") for row in (3, 4, 5)), ("rows-left-out", "")]
    first = next(issue for issue in budget.issues if issue.where.cell == "A3")
    assert first.message == "the id `X` is taken by `Item 4` (b.xlsx, sheet `Sheet`, cell A4); the row is left out"


def test_a_row_that_requires_one_left_out_stays_without_that_requirement() -> None:
    chain = [commitment(2), commitment(3, requires=["C4", "C2"]), commitment(4, annual_cost=None)]
    budget = skipped(budget_of(chain))
    assert [(c.id, c.requires) for c in budget.commitments] == [("C2", ()), ("C3", ("C2",))]
    (issue,) = (issue for issue in budget.issues if issue.code == "required-id-unknown")
    assert issue.message == "`Item 3` requires `C4`, whose row is left out"
    assert issue.severity is Severity.WARNING


def test_a_required_id_that_never_was_is_an_error_of_its_row() -> None:
    rejected, issue = bad(4, id="C4")
    budget = skipped(budget_of([commitment(2), commitment(3, requires=["C9"])], [rejected], [issue]))
    assert [c.id for c in budget.commitments] == ["C2"]


def test_a_required_id_may_be_that_of_a_row_whose_id_is_not_known() -> None:
    rejected, issue = bad(4)
    budget = skipped(budget_of([commitment(2), commitment(3, requires=["C9"])], [rejected], [issue]))
    assert [(c.id, c.requires) for c in budget.commitments] == [("C2", ()), ("C3", ())]
    assert any("which may be one of the rows left out" in issue.message for issue in budget.issues)


def test_a_source_that_names_a_row_left_out_is_only_warned_of() -> None:
    levy = Source.model_validate({"name": "Levy", "recurring": True, "basis": "open", "commitments": ["C3"]})
    rejected, issue = bad(3, id="C3")
    budget = skipped(budget_of([commitment(2)], [rejected], [issue], [levy]))
    assert problems_in(budget) == []
    strange = levy.model_copy(update={"commitments": ("C9",)})
    assert problems_in(skipped(budget_of([commitment(2)], [rejected], [issue], [strange]))) == ["name-unknown"]


def test_a_source_of_a_district_whose_rows_are_left_out_is_only_warned_of() -> None:
    levy = Source.model_validate({"name": "Levy", "recurring": True, "basis": "open", "district": "West"})
    rejected, issue = bad(3, id="C3", district="West")
    assert problems_in(skipped(budget_of([commitment(2)], [rejected], [issue], [levy]))) == []
    elsewhere, issue = bad(3, id="C3", district="North")
    assert problems_in(skipped(budget_of([commitment(2)], [elsewhere], [issue], [levy]))) == ["district-unknown"]


def test_a_selection_that_only_a_row_left_out_may_match_is_warned_of() -> None:
    stop = Scenario(name="s", actions=(Action(stop=2028, where={"id": ("C3",)}),))
    rejected, issue = bad(3)
    assert problems_in(skipped(budget_of([commitment(2)], [rejected], [issue]), stop), stop) == []
    contradicts = commitment(3, annual_cost=None)
    assert problems_in(skipped(budget_of([commitment(2), contradicts]), stop), stop) == []


def test_a_selection_that_matched_nothing_before_is_refused() -> None:
    stop = Scenario(name="s", actions=(Action(stop=2028, where={"id": ("C9",)}),))
    budget = budget_of([commitment(2), commitment(3, annual_cost=None)])
    assert "selection-matches-nothing" in problems_in(skipped(budget, stop), stop)


def test_an_error_that_belongs_to_no_row_stays_an_error() -> None:
    rejected, issue = bad(3)
    header = error("column-twice", "two columns", where=Where("b.xlsx", "Sheet", "D1"))
    budget = skipped(budget_of([commitment(2)], [rejected], [issue, header]))
    assert problems_in(budget) == ["column-twice"]


def test_when_every_row_has_an_error_nothing_is_left_out() -> None:
    rejected, issue = bad(3)
    budget = skipped(budget_of([commitment(2, annual_cost=None)], [rejected], [issue]))
    assert sorted(problems_in(budget)) == ["cost-missing", "money-not-a-number", "nothing-to-project"]
    assert budget.receipts[0].rows_rejected == 1


def test_rows_of_two_files_with_one_name_cannot_be_told_apart() -> None:
    rejected, issue = bad(3)
    budget = budget_of([commitment(2)], [rejected], [issue])
    twice = replace(budget, files=(*budget.files, InputFile("b.xlsx", "a1" * 32)))
    assert "files-named-alike" in problems_in(skipped(twice))
    funding = replace(budget, files=(*budget.files, InputFile("b.xlsx", "a1" * 32, "funding")))
    assert problems_in(skipped(funding)) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "0 rows with errors, which state no amount that can be read"),
        ([("1", 1)], "1 row with an error, which states 1.00 dollars"),
        ([(None, 1)], "1 row with an error, which states no amount that can be read"),
        ([("-1", 1), ("0", 1)], "2 rows with errors, which state -1.00 dollars"),
        (
            [("0", 1), (None, 1)],
            "2 rows with errors, which state 0.00 dollars; 1 of them states no amount that can be read",
        ),
        ([(None, 2), (None, 1)], "3 rows with errors, which state no amount that can be read"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_said_in_words(rows: list[tuple[str | None, int]], said: str) -> None:
    listed = [
        Rejected(Origin("b", "s", tuple(range(count))), None if dollars is None else Decimal(dollars))
        for dollars, count in rows
    ]
    assert str(left_out_of(listed)) == said


def test_nothing_left_out_comes_to_nothing() -> None:
    assert left_out_of([]) == LeftOut()


@pytest.mark.parametrize(
    ("cell", "row"), [("D14", 14), ("AB7", 7), ("row 3", 3), ("line 9", 9), ("mapping", None), ("", None)]
)
def test_the_row_of_a_place_is_read_from_its_cell(cell: str, row: int | None) -> None:
    assert place_of(Where("f", "s", cell)) == (None if row is None else ("f", "s", row))


FAULTS: dict[str, dict[str, Any]] = {
    "none": {},
    "dates": {"starts_on": date(2027, 7, 1), "ends_on": date(2026, 6, 30)},
    "cost": {"annual_cost": None},
    "itself": {"requires": "itself"},
    "unknown": {"requires": "nobody"},
    "before": {"requires": "before"},
    "taken": {"id": "taken"},
    "driver": {"driver": "nothing"},
    "source": {"funded_by": ({"source": "Nobody", "share": Decimal(1)},)},
    "unread": {},
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(0, 10**9), st.booleans()), max_size=12))
def test_whatever_is_wrong_every_row_and_cent_is_accepted_or_rejected(rows: list[tuple[str, int, bool]]) -> None:
    commitments, rejected, issues = [commitment(2, annual_cost="5.55")], [], []
    for number, (fault, cents, readable) in enumerate(rows, start=3):
        dollars = Decimal(cents).scaleb(-2)
        if fault == "unread":
            one, issue = bad(number, dollars if readable else None, id=f"C{number}")
            rejected.append(one)
            issues.append(issue)
            continue
        needed = {"itself": [f"C{number}"], "nobody": ["C99"], "before": [f"C{number - 1}"]}
        fields: dict[str, Any] = {"annual_cost": dollars, **FAULTS[fault]}
        if "requires" in fields:
            fields["requires"] = needed[fields["requires"]]
        commitments.append(commitment(number, **fields))
    before = budget_of(commitments, rejected, issues)
    after = skipped(before)
    assert problems_in(after) == []
    (was,), (now,) = before.receipts, after.receipts
    assert (now.rows_read, now.dollars_read) == (was.rows_read, was.dollars_read)
    assert now.rows_read == now.rows_accepted + now.rows_rejected
    assert now.dollars_read == now.dollars_accepted + now.dollars_rejected
    assert now.rows_accepted == len(after.commitments)
    assert now.dollars_accepted == sum((c.annual_cost or Decimal(0) for c in after.commitments), Decimal(0))
    assert now.rows_rejected == len(after.rejected)
    assert now.dollars_rejected == sum((r.dollars or Decimal(0) for r in after.rejected), Decimal(0))
    assert now.unreadable == sum(r.dollars is None for r in after.rejected)
    kept = [row for c in after.commitments for row in c.origin.rows]
    out = [row for r in after.rejected for row in r.origin.rows]
    assert sorted([*kept, *out]) == list(range(2, len(rows) + 3))
    assert out == sorted(out)
    # An id that another row has instead of its own is no longer there to be required.
    faults = ["none", "none", "none", *(fault for fault, *_ in rows)]
    innocent = {n for n, f in enumerate(faults) if f == "none" or (f == "before" and faults[n - 1] != "taken")}
    assert innocent - {0, 1} <= set(kept)


# --------------------------------------------------------------------------- by default, and on request


@pytest.mark.usefixtures("folder")
def test_by_default_nothing_is_projected_and_the_exit_status_says_so(folder: Path, run: Run) -> None:
    for command in ("project", "check"):
        ran = run(command, "budget.xlsx", *DAY)
        assert ran.status == 2
        assert "left out" not in ran.out + ran.err
    assert [path.name for path in folder.iterdir()] == ["budget.xlsx"]


def test_on_request_the_rest_is_projected_and_what_is_left_out_is_said_first(folder: Path, run: Run) -> None:
    before = sha256((folder / "budget.xlsx").read_bytes()).hexdigest()
    ran = run("project", "budget.xlsx", "--skip-invalid", *DAY)
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[0] == SENTENCE
    assert "to keep 2 commitments" in ran.out
    assert "  hint: they stand in `budget-rejected.xlsx` with what is wrong; correct them and run again\n" in ran.err
    for cell in LEFT_OUT_CELLS:
        assert f"  --> budget.xlsx, sheet `Commitments`, cell {cell}" in ran.err
    assert "error:" not in ran.err
    assert sorted(path.name for path in folder.iterdir()) == ["budget-rejected.xlsx", "budget.xlsx"]
    assert sha256((folder / "budget.xlsx").read_bytes()).hexdigest() == before


@pytest.mark.usefixtures("folder")
def test_check_says_what_it_would_be_projected_without(run: Run) -> None:
    ran = run("check", "budget.xlsx", "--skip-invalid", *DAY)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith(
        "this budget can be projected without 7 rows with errors, which state 151,305.53 dollars; 2 of them state no"
        " amount that can be read\n"
    )
    assert "337,755.53  186,450.00  151,305.53" in ran.out
    assert Path("budget-rejected.xlsx").exists()


@pytest.mark.usefixtures("folder")
def test_compare_and_explain_say_it_first_too(folder: Path, run: Run) -> None:
    (folder / "half.yaml").write_text("name: half\nactions: [{scale: 0.5}]", encoding="utf-8")
    ran = run("compare", "budget.xlsx", "-s", "half.yaml", "--skip-invalid", *DAY)
    assert (ran.status, ran.out.splitlines()[0]) == (0, SENTENCE)
    (folder / "budget-rejected.xlsx").unlink()
    ran = run("explain", "SIS", "budget.xlsx", "--skip-invalid", *DAY)
    assert (ran.status, ran.out.splitlines()[0]) == (0, SENTENCE)
    assert not (folder / "budget-rejected.xlsx").exists()


@pytest.mark.usefixtures("folder")
def test_explain_of_a_row_left_out_says_so(run: Run) -> None:
    ran = run("explain", "LMS", "budget.xlsx", "--skip-invalid", *DAY)
    assert ran.status == 2
    assert (
        "error: the row of `LMS` has an error and is left out\n  --> budget.xlsx, sheet `Commitments`, row 7" in ran.err
    )


@pytest.mark.usefixtures("folder")
def test_a_good_budget_is_projected_as_ever_and_nothing_is_written(folder: Path, run: Run) -> None:
    write_xlsx(folder / "good.xlsx", {"Commitments": [HEADINGS, BAD[0]]})
    with_it, without = (run("project", "good.xlsx", *option, *DAY) for option in (["--skip-invalid"], []))
    assert with_it == without
    assert not (folder / "good-rejected.xlsx").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "broken",
    [
        ("funding.yaml", "sources: [{name: Levy, recurring: maybe, basis: open}]"),
        ("scenario.yaml", "name: s\ngroth: 1"),
    ],
)
def test_what_belongs_to_no_row_still_refuses_the_run(broken: tuple[str, str], folder: Path, run: Run) -> None:
    (folder / broken[0]).write_text(broken[1], encoding="utf-8")
    scenario = ["-s", broken[0]] if broken[0] == "scenario.yaml" else []
    ran = run("project", "budget.xlsx", "--skip-invalid", *scenario, *DAY)
    assert (ran.status, ran.out) == (2, "")
    assert not (folder / "budget-rejected.xlsx").exists()
    assert run("check", "budget.xlsx", "--skip-invalid", *scenario, *DAY).status == 2
    assert not (folder / "budget-rejected.xlsx").exists()


def test_totals_and_section_headings_stay_what_they_are(folder: Path, run: Run) -> None:
    rows: list[list[object]] = [
        ["Software"], ["A", "Alpha", "software", "recurring", 1000.5], ["B", "Beta", "software", "recurring", "TBD"],
        ["C", "Gamma", "software", None, 2000.25], [None, "Subtotal", None, None, 3000.75],
        ["Network"], ["D", "Delta", "network", "recurring", 500],
        ["E", "Eps", "network", "recurring", 70, None, None, "X"],
        [None, "Subtotal", None, None, 570], [None, "Grand total", None, None, 3570.75],
    ]  # fmt: skip
    write_xlsx(folder / "x.xlsx", {"Commitments": [*TITLES, HEADINGS, *rows]})
    projection = esser_gap.project(folder / "x.xlsx", as_of=AS_OF, skip_invalid=True)
    (receipt,) = projection.budget.receipts
    assert (receipt.rows_read, receipt.rows_accepted, receipt.rows_totals, receipt.rows_rejected) == (8, 2, 3, 3)
    assert (receipt.dollars_accepted, receipt.dollars_rejected) == (Decimal("1500.50"), Decimal("2070.25"))
    assert receipt.dollars_totals == Decimal("7141.50")
    assert receipt.dollars_read == receipt.dollars_accepted + receipt.dollars_totals + receipt.dollars_rejected
    assert run("project", "x.xlsx", "--skip-invalid", *DAY).status == 0
    copied = rows_of(rejects(folder, "x-rejected.xlsx")["Commitments"])
    assert [row[1] for row in copied[4:]] == ["B", "C", "E"]


def test_lines_summed_by_a_mapping_are_left_out_together(folder: Path, run: Run) -> None:
    lines: list[list[object]] = [
        ["Account", "What", "Sort", "Dollars"],
        ["10", "Filter", "network", 4], ["20", "Phones", "network", 100], ["10", "Filter", "network", "TBD"],
        ["30", "Radios", "netwrk", 0.25], ["30", "Radios", "netwrk", 0.5],
    ]  # fmt: skip
    write_xlsx(folder / "ledger.xlsx", {"Ledger": lines})
    mapping = (
        "columns: {name: What, category: Sort, annual_cost: Dollars}\nconstants: {kind: recurring}\nsum_by: [Account]"
    )
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    ran = run("project", "ledger.xlsx", "--mapping", "mapping.yaml", "--skip-invalid", "--format", "json", *DAY)
    assert ran.status == 0, ran.err
    document = json.loads(ran.out, parse_float=Decimal)["run"]
    (receipt,) = document["receipts"]
    assert (receipt["rows_accepted"], receipt["rows_rejected"], receipt["dollars_accepted"]) == (1, 4, Decimal(100))
    assert [row["rows"] for row in document["rejected"]] == [[2, 4], [5, 6]]
    assert receipt["dollars_read"] == receipt["dollars_accepted"] + receipt["dollars_rejected"]
    copied = rows_of(rejects(folder, "ledger-rejected.xlsx")["Ledger"])
    assert [row[0] for row in copied[1:]] == [2, 4, 5, 6]
    assert copied[0] == ("Row", *lines[0], "Problem")


COSTS = {"12.34": "12.34", "$1,000": "1000", "(7.50)": "-7.50", "TBD": None, "": None, "#REF!": None, "0": "0"}
"""What may stand in the cost column, and the dollars it states."""


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", ""]),
            st.sampled_from(["recurring", "sometimes", ""]),
            st.sampled_from(sorted(COSTS)),
            st.sampled_from(["", "Nobody", "ESSER III 60%", "ESSER III 70%; ESSER II 70%"]),
            st.sampled_from(["", "2026-06-30", "someday"]),
        ),
        max_size=8,
    )
)
def test_every_row_of_a_file_and_every_cent_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    lines = ["Id,Kind,Cost,Funding,Ends on,Starts on,Name,Category", "Z,recurring,0.01,,,,Last,software"]
    lines += [",".join(f'"{cell}"' for cell in (*row, "2026-07-01", f"N{n}", "software")) for n, row in enumerate(rows)]
    with TemporaryDirectory() as place:
        path = Path(place) / "b.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        budget = esser_gap.project(path, as_of=AS_OF, years=1, skip_invalid=True).budget
        assert bool(budget.rejected) == (rejected_writers(budget, [path], path.with_suffix(".xlsx"), as_of=AS_OF) != {})
    (receipt,) = budget.receipts
    stated = [COSTS[row[2]] for row in rows]
    assert receipt.rows_read == len(rows) + 1 == receipt.rows_accepted + receipt.rows_rejected
    assert receipt.dollars_read == Decimal("0.01") + sum(Decimal(dollars) for dollars in stated if dollars is not None)
    assert receipt.dollars_read == receipt.dollars_accepted + receipt.dollars_rejected
    assert receipt.dollars_rejected == sum((r.dollars or Decimal(0) for r in budget.rejected), Decimal(0))
    assert receipt.unreadable == sum(r.dollars is None for r in budget.rejected) == stated.count(None)
    origins = [*(c.origin for c in budget.commitments), *(r.origin for r in budget.rejected)]
    assert {row for origin in origins for row in origin.rows} == set(range(2, len(rows) + 3))


# --------------------------------------------------------------------------- the file


def test_rows_left_out_go_where_the_user_says(folder: Path, run: Run) -> None:
    ran = run("project", "budget.xlsx", "--skip-invalid", "--rejected", "bad rows.xlsx", *DAY)
    assert ran.status == 0
    assert "they stand in `bad rows.xlsx`" in ran.err
    assert rejects(folder, "bad rows.xlsx").sheetnames == ["Problems", "Commitments"]


def test_a_file_with_other_contents_is_replaced_only_by_force(folder: Path, run: Run) -> None:
    (folder / "budget-rejected.xlsx").write_text("mine", encoding="utf-8")
    ran = run("project", "budget.xlsx", "--skip-invalid", "-o", "gap.json", *DAY)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "error: `budget-rejected.xlsx` exists; replace it with --force or give another name\n"
    assert not (folder / "gap.json").exists()
    assert (folder / "budget-rejected.xlsx").read_text(encoding="utf-8") == "mine"
    assert run("check", "budget.xlsx", "--skip-invalid", "--force", *DAY).status == 0
    assert rejects(folder).sheetnames


def test_the_same_rows_are_not_written_twice(folder: Path, run: Run) -> None:
    assert run("check", "budget.xlsx", "--skip-invalid", *DAY).status == 0
    written = (folder / "budget-rejected.xlsx").stat().st_mtime_ns
    assert run("project", "budget.xlsx", "--skip-invalid", *DAY).status == 0
    assert (folder / "budget-rejected.xlsx").stat().st_mtime_ns == written


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--skip-invalid --rejected x.csv", "rows left out are written to a workbook; end the name `x.csv` in .xlsx"),
        ("--skip-invalid --rejected budget.xlsx", "`budget.xlsx` is what this run reads or writes besides"),
        ("--skip-invalid --rejected g.xlsx -o g.xlsx", "`g.xlsx` is what this run reads or writes besides"),
        ("--skip-invalid --rejected no/x.xlsx", "the folder `no` does not exist"),
        ("--rejected x.xlsx", "--rejected names the file for rows that --skip-invalid leaves out; give both"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_written_is_refused_before_any_work(options: str, said: str, run: Run) -> None:
    ran = run("project", "budget.xlsx", *options.split(), "--force", *DAY)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {said}")


# --------------------------------------------------------------------------- every output


@pytest.fixture
def outputs(folder: Path, run: Run) -> Path:
    names = [word for name in ("gap.json", "gap.xlsx", "gap.csv", "gap.parquet") for word in ("-o", name)]
    assert run("project", "budget.xlsx", "--skip-invalid", *names, *DAY).status == 0
    return folder


def test_json_states_what_is_left_out(outputs: Path) -> None:
    document = json.loads((outputs / "gap.json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert document["run"]["left_out"] == SENTENCE
    rejected = document["run"]["rejected"]
    assert [row["rows"] for row in rejected] == [[6], [7], [8], [9], [10], [11], [13]]
    assert [str(row.get("dollars", "")) for row in rejected] == [
        "", "142000.50", "9000.00", "100.01", "200.02", "5.00", "",
    ]  # fmt: skip
    assert {(row["file"], row["sheet"]) for row in rejected} == {("budget.xlsx", "Commitments")}
    (receipt,) = document["run"]["receipts"]
    assert (receipt["rows_read"], receipt["rows_accepted"], receipt["rows_rejected"]) == (9, 2, 7)
    assert receipt["dollars_read"] == receipt["dollars_accepted"] + receipt["dollars_rejected"] == Decimal("337755.53")
    assert document["issues"][0]["code"] == "rows-left-out"
    assert {issue["severity"] for issue in document["issues"]} == {"warning"}


def test_the_board_workbook_states_what_is_left_out(outputs: Path) -> None:
    book: Any = openpyxl.load_workbook(outputs / "gap.xlsx")
    said = " ".join(row[0] for row in rows_of(book["Summary"]) if row[0])
    assert said.index(SENTENCE) < said.index("Scenario baseline")
    assert SENTENCE in book.properties.subject
    receipts = dict(zip(*rows_of(book["Receipts"])[2:4], strict=True))
    assert (receipts["Rows rejected"], receipts["Dollars rejected"]) == (7, 151305.53)
    checks = {row[0]: row for row in rows_of(book["Checks"]) if row[0] and row[0].startswith("Receipts")}
    assert checks["Receipts: rows read = accepted + totals + filtered + rejected"][3:5] == (9, 9)
    assert checks["Receipts: dollars rejected = what the rows left out state"][3:5] == (151305.53, 151305.53)
    assert {row[7] for row in checks.values()} == {"holds"}
    assert any("left out: 7 rows" in str(row[2]) for row in rows_of(book["Issues"]))


def test_tables_in_csv_and_parquet_have_the_receipts_beside_them(outputs: Path) -> None:
    (row,) = csv.DictReader(io.StringIO((outputs / "gap.receipts.csv").read_text(encoding="utf-8")))
    assert (row["dollars_rejected"], row["rows_rejected"], row["unreadable"]) == ("151305.53", "7", "2")
    (same,) = pl.read_parquet(outputs / "gap.receipts.parquet").rows(named=True)
    assert same["dollars_rejected"] == Decimal("151305.53")


@pytest.mark.usefixtures("folder")
def test_csv_on_standard_output_leaves_the_statement_to_standard_error(run: Run) -> None:
    ran = run("project", "budget.xlsx", "--skip-invalid", "--format", "csv", *DAY)
    assert ran.out.startswith("district,scenario,")
    assert "leave out" not in ran.out
    assert ran.err.endswith(f"{SENTENCE}\n")
    receipts = run("project", "budget.xlsx", "--skip-invalid", "--format", "csv", "--table", "receipts", *DAY)
    assert next(csv.DictReader(io.StringIO(receipts.out)))["dollars_rejected"] == "151305.53"


def test_from_python_the_same_rows_are_left_out_and_can_be_written(folder: Path) -> None:
    with pytest.raises(InputError):
        esser_gap.project(folder / "budget.xlsx", as_of=AS_OF)
    projection = esser_gap.project(folder / "budget.xlsx", as_of=AS_OF, skip_invalid=True)
    assert left_out(projection.budget) == SENTENCE
    assert [c.id for c in projection.budget.commitments] == ["SIS", "OK"]
    target = folder / "bad.xlsx"
    assert write_rejected(projection.budget, [folder / "budget.xlsx"], target, as_of=AS_OF) == [target]
    assert write_rejected(projection.budget, [folder / "budget.xlsx"], target, as_of=AS_OF) == []
    good = replace(projection.budget, rejected=())
    assert write_rejected(good, [], folder / "none.xlsx", as_of=AS_OF) == []


def test_a_district_that_has_no_row_left_is_not_said_to_have_nothing_to_pay_for(folder: Path) -> None:
    text = "name,category,kind,annual_cost,ends_on,starts_on,district\nA,network,recurring,5,,,East\n"
    (folder / "two.csv").write_text(f"{text}B,network,recurring,7,2026-01-01,2027-01-01,West\n", encoding="utf-8")
    projection = esser_gap.project(folder / "two.csv", as_of=AS_OF, skip_invalid=True)
    said = finding(projection, district="West", scenario="baseline")
    assert said == "West has no figures, since all its rows have errors and are left out, over FY2027-FY2031."


# --------------------------------------------------------------------------- the workbook of rows left out


@pytest.fixture
def written(folder: Path, run: Run) -> Path:
    assert run("project", "budget.xlsx", "--skip-invalid", *DAY).status == 0
    return folder


def test_problems_come_first_with_links_to_the_cells_and_a_total(written: Path) -> None:
    book = rejects(written)
    assert book.sheetnames == ["Problems", "Commitments"]
    sheet = book["Problems"]
    rows = rows_of(sheet)
    assert rows[0][0] == "Rows left out: what is wrong"
    start = next(place for place, row in enumerate(rows) if row[0] == "Problem")
    body = rows[start + 1 : start + 8]
    assert [row[0] for row in body] == list(range(1, 8))
    assert [row[3] for row in body] == LEFT_OUT_CELLS
    total = rows[start + 8]
    assert (total[1], total[8]) == ("Total", 151305.53)
    assert sum(Decimal(str(row[8] or 0)) for row in body) == Decimal("151305.53")
    copy = book["Commitments"]
    for number, found in enumerate(body, start=start + 2):
        cell = sheet.cell(number, 4)
        name, _, address = cell.hyperlink.location.partition("!")
        assert name == "'Commitments'"
        target = copy[address]
        assert copy.cell(target.row, 1).value == int(found[3].lstrip("ABCDEFGH"))
        assert copy.cell(4, target.column).value.casefold().replace(" ", "_") == found[4]
        assert target.comment is not None


def test_the_copy_holds_titles_headings_and_bad_rows_as_they_stood(written: Path) -> None:
    rows = rows_of(rejects(written)["Commitments"])
    assert rows[0][1] == TITLES[0][0]
    assert rows[1][1:3] == ("as of", "November 2026")
    assert rows[3] == ("Row", *HEADINGS, "Problem")
    assert [row[0] for row in rows[4:]] == [6, 7, 8, 9, 10, 11, 13]
    for row in rows[4:]:
        stood = [str(c.text) if isinstance(c, CellError) else c for c in BAD[row[0] - FIRST]]
        assert [value.date() if isinstance(value, datetime) else value for value in row[1:-1]] == stood
        assert row[-1]


def test_text_stays_text_and_dates_stay_dates(written: Path) -> None:
    sheet = rejects(written)["Commitments"]
    by_row = {sheet.cell(row, 1).value: row for row in range(5, sheet.max_row + 1)}
    assert sheet.cell(by_row[11], 3).data_type == "s"
    assert sheet.cell(by_row[11], 3).value == "=1+1"
    assert sheet.cell(by_row[13], 3).value == "@cmd"
    assert sheet.cell(by_row[13], 6).value == "#REF!"
    assert sheet.cell(by_row[13], 6).data_type == "s"
    assert sheet.cell(by_row[6], 11).value == "0101"
    assert sheet.cell(by_row[7], 7).is_date
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_cells_of_every_kind_are_copied_as_they_stood(folder: Path, run: Run) -> None:
    moments = [datetime(2026, 7, 1, 8, 30), time(9, 15), timedelta(hours=30)]  # noqa: DTZ001
    kinds: list[object] = [True, *moments, 470_110_000_000, 0.1, " 007 ", "https://example.org"]
    headings: list[object] = ["Name", "Category", "Kind", "Annual cost", *(f"Extra {n}" for n, _ in enumerate(kinds))]
    rows: list[list[object]] = [headings, ["A", "software", "recurring", 1], ["B", "software", "", 2, *kinds]]
    write_xlsx(folder / "x.xlsx", {"Commitments": rows})
    assert run("project", "x.xlsx", "--skip-invalid", *DAY).status == 0
    sheet = rejects(folder, "x-rejected.xlsx")["Commitments"]
    assert [sheet.cell(2, place).value for place in range(6, 6 + len(kinds))] == kinds
    assert sheet.cell(2, 10).number_format == "0"
    assert sheet.cell(2, 13).hyperlink is None


def test_wrong_cells_are_told_by_frame_note_and_words_not_by_colour_alone(written: Path) -> None:
    sheet = rejects(written)["Commitments"]
    noted = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(noted) == {"F5", "H6", "I7", "B8", "B9", "E10", "F11"}
    for cell in noted.values():
        assert cell.border.left.style == "medium"
        assert cell.fill.fgColor.rgb == "FFFCE8E6"
        assert cell.font.bold
        assert cell.comment.text in sheet.cell(cell.row, 12).value
    assert (
        noted["F5"].comment.text
        == "\u201cannual_cost\u201d is not an amount of money: write the amount, or 0 if it is free"
    )
    plain = sheet["C5"]
    assert plain.border.left.style is None


def test_the_workbook_prints_and_scrolls_as_the_others_do(written: Path) -> None:
    book = rejects(written)
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "November 23, 2026" in sheet.oddFooter.left.text
        assert not sheet.merged_cells.ranges
    assert book["Commitments"].freeze_panes == "B5"
    assert book["Commitments"].print_title_rows == "$4:$4"
    assert book.properties.language == "en-US"
    assert "7 rows" in book.properties.subject


def test_the_corrected_copy_is_read_and_projected(written: Path, run: Run) -> None:
    book = rejects(written)
    sheet = book["Commitments"]
    for cell, value in {
        "F5": 12000, "H6": None, "I7": "ESSER III", "B8": "TWIN-1", "B9": "TWIN-2", "E10": "recurring",
        "F11": 3.5, "J6": None,
    }.items():  # fmt: skip
        sheet[cell].value = value
    book.save(written / "corrected.xlsx")
    ran = run("project", "corrected.xlsx", "--format", "json", *DAY)
    assert ran.status == 0, ran.err
    document = json.loads(ran.out)
    assert {row["commitment"] for row in document["costs"]} == {"FILTER", "LMS", "AP", "TWIN-1", "TWIN-2", "FIB", "REF"}
    assert document["run"]["left_out"] == ""
    not_read = [issue["found"] for issue in document["issues"] if issue["code"] == "column-not-read"]
    assert not_read == ["Row", "Problem"]


def test_a_copy_that_is_only_partly_corrected_is_left_out_again(written: Path, run: Run) -> None:
    book = rejects(written)
    book["Commitments"]["F5"].value = 12000
    book.save(written / "part.xlsx")
    ran = run("project", "part.xlsx", "--skip-invalid", *DAY)
    assert ran.status == 0, ran.err
    again = rows_of(rejects(written, "part-rejected.xlsx")["Commitments"])
    assert again[3][:2] == ("Row", "Row")
    assert len(again) == 4 + 6


def test_the_same_rows_and_day_give_the_same_bytes(folder: Path) -> None:
    budget = esser_gap.project(folder / "budget.xlsx", as_of=AS_OF, skip_invalid=True).budget
    first, second = (rejected_workbook(budget, [folder / "budget.xlsx"], AS_OF) for _ in range(2))
    assert first == second


def test_a_file_that_changed_since_it_was_read_is_not_copied(folder: Path) -> None:
    budget = esser_gap.project(folder / "budget.xlsx", as_of=AS_OF, skip_invalid=True).budget
    write_xlsx(folder / "budget.xlsx", {"Commitments": [HEADINGS]})
    with pytest.raises(OutputError, match=r"`budget\.xlsx` has changed since it was read; run again"):
        rejected_workbook(budget, [folder / "budget.xlsx"], AS_OF)
    with pytest.raises(OutputError, match="it is not among the files given"):
        rejected_workbook(budget, [folder / "other.xlsx"], AS_OF)


def test_text_files_and_workbooks_are_copied_together(folder: Path, run: Run) -> None:
    lines: list[list[object]] = [[*HEADINGS], BAD[1]]
    plain = [[cell if isinstance(cell, str) else "" for cell in row] for row in lines]
    text = "\n".join(",".join(row) for row in [*plain, ["X", "X", "network", "recurring", "0012.50"]])
    for name in ("east.csv", "Problems.csv"):
        (folder / name).write_text(text, encoding="utf-8")
    ran = run("project", "east.csv", "Problems.csv", "budget.xlsx", "--skip-invalid", *DAY)
    assert ran.status == 0, ran.err
    book = rejects(folder, "east-rejected.xlsx")
    assert book.sheetnames == ["Problems", "east", "Problems (2)", "Commitments"]
    assert rows_of(book["east"])[1][:3] == (2, "FILTER", "Web filter")
    links = [cell.hyperlink.location for row in book["Problems"].iter_rows() for cell in row if cell.hyperlink]
    assert links[:2] == ["'east'!F2", "'Problems (2)'!F2"]


def test_sheets_of_the_same_name_are_told_apart_by_their_files(folder: Path, run: Run) -> None:
    for name in ("a very long name of a school district.xlsx", "b.xlsx"):
        write_xlsx(folder / name, {"Commitments": [HEADINGS, *BAD[:2]]})
    names = ["a very long name of a school district.xlsx", "b.xlsx"]
    assert run("project", *names, "--skip-invalid", "--rejected", "r.xlsx", *DAY).status == 0
    assert rejects(folder, "r.xlsx").sheetnames == ["Problems", "a very long name of a school di", "b Commitments"]


def test_all_problems_of_a_row_stand_beside_it_and_its_dollars_once(folder: Path, run: Run) -> None:
    row = ["X", "X", "netwrk", "recuring", 7.25, "someday"]
    write_xlsx(folder / "x.xlsx", {"Commitments": [HEADINGS, BAD[0], row]})
    assert run("project", "x.xlsx", "--skip-invalid", *DAY).status == 0
    book = rejects(folder, "x-rejected.xlsx")
    last = rows_of(book["Commitments"])[-1]
    assert len(last[-1].split("\n")) == 3
    table = [r for r in rows_of(book["Problems"]) if isinstance(r[0], int)]
    assert [(r[3], r[8]) for r in table] == [("C3", 7.25), ("D3", None), ("F3", None)]


def test_a_problem_of_a_whole_row_is_noted_at_its_number(folder: Path, run: Run) -> None:
    headings, row = ["Name", "Category", "Kind", "Cost"], ["X", "software", "replacement", 5]
    write_xlsx(folder / "x.xlsx", {"Commitments": [headings, ["A", "software", "recurring", 1], row]})
    assert run("project", "x.xlsx", "--skip-invalid", *DAY).status == 0
    book = rejects(folder, "x-rejected.xlsx")
    assert book["Commitments"]["A2"].comment is not None
    assert [r[3] for r in rows_of(book["Problems"]) if isinstance(r[0], int)] == ["row 3", "row 3"]


def test_rows_above_the_table_are_kept_and_good_rows_are_not(folder: Path, run: Run) -> None:
    good = [[f"G{n}", f"Good {n}", "software", "recurring", n] for n in range(1, 40)]
    write_xlsx(folder / "x.xlsx", {"Commitments": [[], ["District", "East"], [], HEADINGS, *good, BAD[1]]})
    assert run("project", "x.xlsx", "--skip-invalid", *DAY).status == 0
    rows = rows_of(rejects(folder, "x-rejected.xlsx")["Commitments"])
    assert [row[:2] for row in rows] == [(None, None), (None, "District"), (None, None), ("Row", "Id"), (44, "FILTER")]


def test_the_headings_of_a_second_table_come_with_its_bad_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Name", "Annual cost"], ["A", 1], ["Total", 1], [],
        ["Second table"], ["Cost", "", "Name"], [2, "", "B"], ["x", "", "C"],
    ]  # fmt: skip
    path = write_xlsx(tmp_path / "b.xlsx", {"Sheet": rows})
    first, second = {"name": "A", "annual_cost": "B"}, {"annual_cost": "A", "name": "C"}
    kept = [commitment(row).model_copy(update={"origin": Origin("b.xlsx", "Sheet", (row,), columns)})
            for row, columns in ((2, first), (7, second))]  # fmt: skip
    rejected = Rejected(Origin("b.xlsx", "Sheet", (8,), second))
    issue = error("money-not-a-number", "is not money", where=rejected.origin.where("annual_cost"))
    files = (InputFile("b.xlsx", sha256(path.read_bytes()).hexdigest()),)
    budget = skipped(replace(budget_of(kept, [rejected], [issue]), files=files))
    (tmp_path / "r.xlsx").write_bytes(rejected_workbook(budget, [path], AS_OF))
    copied = rows_of(rejects(tmp_path, "r.xlsx")["Sheet"])
    assert [row[:4] for row in copied] == [
        ("Row", "Name", "Annual cost", None),
        (None, "Second table", None, None),
        ("Row", "Cost", None, "Name"),
        (8, "x", None, "C"),
    ]


def test_a_table_without_bad_rows_is_not_copied(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Name", "Cost"], ["A", "x"], [], ["Cost", "Name"], [2, "B"]]
    path = write_xlsx(tmp_path / "b.xlsx", {"Sheet": rows})
    first, second = {"name": "A", "annual_cost": "B"}, {"annual_cost": "A", "name": "B"}
    kept = commitment(5).model_copy(update={"origin": Origin("b.xlsx", "Sheet", (5,), second)})
    rejected = Rejected(Origin("b.xlsx", "Sheet", (2,), first))
    issue = error("money-not-a-number", "is not money", where=rejected.origin.where("annual_cost"))
    files = (InputFile("b.xlsx", sha256(path.read_bytes()).hexdigest()),)
    budget = skipped(replace(budget_of([kept], [rejected], [issue]), files=files))
    (tmp_path / "r.xlsx").write_bytes(rejected_workbook(budget, [path], AS_OF))
    copied = rows_of(rejects(tmp_path, "r.xlsx")["Sheet"])
    assert [row[:3] for row in copied] == [("Row", "Name", "Cost"), (2, "A", "x")]


def test_records_that_were_read_from_no_sheet_are_left_out_without_a_receipt() -> None:
    budget = replace(budget_of([commitment(2), commitment(3, annual_cost=None)]), receipts=())
    assert [r.id for r in skipped(budget).rejected] == ["C3"]


def test_a_row_without_a_problem_of_its_own_is_listed_all_the_same() -> None:
    rejected, issue = bad(3, "1.50")
    beside, _ = bad(4, "2.50")
    budget = skipped(budget_of([commitment(2)], [rejected, beside], [issue]))
    listed = problems(budget)
    assert [(p.cell, p.message) for p in listed] == [
        ("C3", "`annual_cost` is not an amount of money"),
        ("row 4", "this row cannot be read; see the other problems of its sheet"),
    ]
    assert problems_table(listed).rows[-1].cells[-1] == Decimal("4.00")


needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CI"), reason="LibreOffice is not installed"
)


@needs_libreoffice
def test_libreoffice_keeps_every_cell_and_note(written: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / "again"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), "budget-rejected.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=240, cwd=written)
    book, saved = rejects(written), rejects(out)
    assert saved.sheetnames == book.sheetnames
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                again = saved[sheet.title][cell.coordinate]
                assert again.value == cell.value
                assert (again.comment is None) == (cell.comment is None)
