"""Rows that would count something twice are asked about or told of, whatever shape the book has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from esser_gap.issues import Severity
from esser_gap.read.budgets import read_budget
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.model.budget import Budget

CONSTANTS = "constants: {kind: recurring, category: software, price_year: FY2027}\n"
LEDGER = "columns: {name: Description, account: Object, annual_cost: Budget}\n" + CONSTANTS
ITEMS = "columns: {name: Item, annual_cost: Amount}\n" + CONSTANTS


def read(folder: Path, text: str, mapping: str | None = None) -> Budget:
    path = folder / "book.csv"
    path.write_text(text, encoding="utf-8")
    if mapping is None:
        return read_budget(path)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return read_budget(path, mapping=folder / "mapping.yaml")


def told(budget: Budget, code: str) -> list[tuple[Severity, str]]:
    return [(issue.severity, issue.where.cell) for issue in budget.issues if issue.code == code]


SUMMARY_FIRST = """\
Fund,Function,Object,Description,Budget
199,,,General Fund,2200
199,11,,Instruction,1500
199,11,6249,Licenses,1000
199,11,6398,Carts,500
199,12,,Library,700
199,12,6249,Library db,700
282,11,,Reading,700
282,11,6249,Reading app,300
282,11,6299,Tutor sw,400
"""


def test_rows_that_sum_the_rows_below_them_are_asked_about(tmp_path: Path) -> None:
    budget = read(tmp_path, SUMMARY_FIRST, LEDGER)
    assert (Severity.ERROR, "row 3") in told(budget, "counted-twice") + told(budget, "total-above")


def test_one_wrong_subtotal_does_not_hide_the_right_one(tmp_path: Path) -> None:
    text = """\
Fund,Function,Object,Description,Budget
199,11,6249,Licenses,1000
199,11,6398,Carts,500
199,11,,Instruction,1050
199,12,6249,Library db,700
199,12,6299,E-books,300
199,12,,Library,1000
199,,,General Fund,2500
"""
    assert told(read(tmp_path, text, LEDGER), "counted-twice") == [(Severity.WARNING, "row 7")]


def test_a_last_row_that_sums_all_others_is_asked_about_whatever_it_is_called(tmp_path: Path) -> None:
    text = "Item,Vendor,Amount\nFilter,Acme,2500\nSIS,,4000\nAll technology,,6500\n"
    assert told(read(tmp_path, text, ITEMS), "counted-twice") == [(Severity.ERROR, "row 4")]


def test_a_summary_below_a_heading_is_asked_about(tmp_path: Path) -> None:
    text = "Item,Vendor,Amount\nFilter,Acme,2500\nSIS,Beta,4000\n,,\nSummary,,\nGeneral Fund,,4100\nESSER III,,2400\n"
    assert told(read(tmp_path, text, ITEMS), "counted-twice") == [(Severity.ERROR, "row 5")]


def test_amounts_that_add_up_by_chance_are_left_in_peace(tmp_path: Path) -> None:
    text = "Item,Vendor,Amount\nFilter,Acme,1000\nSIS,Beta,500\nWi-Fi,Gamma,1500\nLMS,Delta,700\n"
    budget = read(tmp_path, text, ITEMS)
    assert told(budget, "counted-twice") == []
    assert budget.receipts[0].dollars_accepted == 3700


def test_a_second_data_set_below_another_title_is_asked_about(tmp_path: Path) -> None:
    head = "name,category,kind,annual_cost\n"
    text = f"Budgeted,,,\n{head}Filter,software,recurring,2500\n,,,\nActual,,,\n{head}Filter,software,recurring,2400\n"
    assert told(read(tmp_path, text), "header-repeated") == [(Severity.ERROR, "row 6")]


def test_a_header_that_is_repeated_on_each_page_is_no_second_data_set(tmp_path: Path) -> None:
    head = "name,category,kind,annual_cost\n"
    page = "Cedar Valley,,,\nPage {},,,\n" + head + "Filter {},software,recurring,2500\n"
    budget = read(tmp_path, page.format(1, 1) + page.format(2, 2))
    assert told(budget, "header-repeated") == []
    assert [c.name for c in budget.commitments] == ["Filter 1", "Filter 2"]


def test_data_sets_that_a_mapping_parts_by_their_titles_are_not_asked_about(tmp_path: Path) -> None:
    head = "Item,Area,Amount\n"
    text = f"Set: Budget,,\n{head}Filter,network,2500\nSet: Actual,,\n{head}Filter,network,2400\n"
    mapping = ITEMS + 'take: [{title: "Set: {Set}"}]\nrows: {keep: [{Set: Budget}]}\n'
    budget = read(tmp_path, text, mapping)
    assert told(budget, "header-repeated") == []
    assert [c.annual_cost for c in budget.commitments] == [2500]
    assert budget.receipts[0].dollars_left_out == 2400


@pytest.mark.parametrize(
    ("values", "expected"), [(("Budget", "Actual"), 1), (("FY2026", "FY2027"), 1), (("North", "South"), 0)]
)
def test_a_column_that_tells_years_or_versions_apart_is_told_of(
    values: tuple[str, str],
    expected: int,
    tmp_path: Path,
) -> None:
    text = "Item,Sort,Amount\n" + "".join(f"Filter,{value},2500\n" for value in values)
    assert len(told(read(tmp_path, text, ITEMS), "rows-of-several-years")) == expected


def test_sheets_of_several_years_are_told_of_unless_they_are_named(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Item", "Amount"], ["Filter", 2500]]
    path = write_xlsx(tmp_path / "book.xlsx", {"FY26 Actual": rows, "FY27 Budget": rows})
    for sheets, expected in (("", 1), ('sheets: ["FY26 Actual", "FY27 Budget"]\n', 0)):
        (tmp_path / "mapping.yaml").write_text(sheets + ITEMS, encoding="utf-8")
        budget = read_budget(path, mapping=tmp_path / "mapping.yaml")
        assert len(told(budget, "rows-of-several-years")) == expected


def test_a_price_beside_a_quantity_is_not_taken_as_the_cost_of_all(tmp_path: Path) -> None:
    for head, row in (("Qty,Price", "25,100"), ("Qty,Price,Total", "25,100,2500"), ("Quantity,Cost", "25,100")):
        budget = read(tmp_path, f"Name,Category,Kind,{head}\nCB,software,recurring,{row}\n")
        assert [severity for severity, _ in told(budget, "cost-unclear")] == [Severity.ERROR]
    budget = read(tmp_path, "Name,Category,Kind,Qty,Annual amount\nCB,software,recurring,25,100\n")
    assert told(budget, "cost-unclear") == []


def test_rows_that_a_filter_hides_are_read_and_told_of(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["name", "category", "kind", "annual_cost"],
        ["Filter", "network", "recurring", 1],
        ["SIS", "software", "recurring", 2],
    ):
        book.worksheets[0].append(row)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(tmp_path / "budget.xlsx")
    budget = read_budget(tmp_path / "budget.xlsx")
    assert [severity for severity, _ in told(budget, "rows-hidden")] == [Severity.NOTE]
    assert len(budget.commitments) == 2


@pytest.mark.parametrize("title", ["Amounts in $1,000's", "(dollars in 000)", "(in thousands)"])
def test_funding_in_thousands_is_refused(title: str, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Commitments": [["Name", "Category", "Kind", "Annual cost"], ["Filter", "network", "recurring", 2500]],
        "Funding": [[title], ["Name", "Recurring", "Basis", "Amount"], ["Levy", "yes", "open", 4]],
    }
    budget = read_budget(write_xlsx(tmp_path / "budget.xlsx", sheets))
    assert [severity for severity, _ in told(budget, "unit-unclear")] == [Severity.ERROR]


def test_a_total_on_the_funding_sheet_is_no_money(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Commitments": [["Name", "Category", "Kind", "Annual cost"], ["Filter", "network", "recurring", 2500]],
        "Funding": [["Name", "Recurring", "Basis", "Amount"], ["Levy", "yes", "open", 4], ["Total", "yes", "open", 4]],
    }
    budget = read_budget(write_xlsx(tmp_path / "budget.xlsx", sheets))
    assert [source.name for source in budget.sources] == ["Levy"]
    assert [severity for severity, _ in told(budget, "total-of-sources")] == [Severity.NOTE]
