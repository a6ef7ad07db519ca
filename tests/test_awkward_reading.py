"""Awkward spreadsheets as districts make them: read to the cent, or refused with what to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from esser_gap.cli.app import app
from esser_gap.issues import Issue, Severity
from esser_gap.model.budget import Receipt
from esser_gap.model.record import FieldForm, Form
from esser_gap.read.budgets import read_budget
from esser_gap.read.conditions import matches, matches_code
from esser_gap.read.values import NotUnderstood, parse
from esser_gap.view.issues import tables_of_receipts
from esser_gap.view.table import RowStyle
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esser_gap.model.budget import Budget

HEAD: list[Any] = ["name", "category", "kind", "annual_cost", "funded_by"]
ROWS: list[list[Any]] = [
    ["Web filter", "network", "recurring", 9000, "General Fund"],
    ["Help desk", "repair", "recurring", 4000, "General Fund"],
]
MAPPING = "columns: {name: Item, annual_cost: Cost}\nconstants: {category: software, kind: recurring}\n"
COSTS: list[Decimal | None] = [Decimal(9000), Decimal(4000)]


def book(folder: Path, rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), name: str = "Commitments") -> Path:
    path = write_xlsx(folder / "book.xlsx", {name: rows})
    made = openpyxl.load_workbook(path)
    for cells in merged:
        made.worksheets[0].merge_cells(cells)
    made.save(path)
    return path


def text(folder: Path, content: str, name: str = "book.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def mapped(path: Path, mapping: str = MAPPING) -> Budget:
    file = path.parent / "mapping.yaml"
    file.write_text(mapping, encoding="utf-8")
    return read_budget([path], mapping=file)


def costs(budget: Budget) -> list[Decimal | None]:
    return [commitment.annual_cost for commitment in budget.commitments]


def found(budget: Budget, *codes: str) -> list[Issue]:
    return [issue for issue in budget.issues if issue.code in codes]


def worrying(budget: Budget) -> list[str]:
    return [issue.code for issue in budget.issues if issue.severity is not Severity.NOTE]


# --- conditions that nothing meets -------------------------------------------------------------

LEDGER = "Item,Fund,Object,Cost\nWeb filter,282,735,9000\nHelp desk,100,610,4000\n"


def test_a_value_that_no_row_shows_is_told_with_what_the_column_shows(tmp_path: Path) -> None:
    budget = mapped(text(tmp_path, LEDGER), MAPPING + 'rows: {keep: [{Fund: ["283", "100"]}]}\n')
    (issue,) = found(budget, "condition-not-met")
    assert costs(budget) == [4000]
    assert (issue.severity, issue.found) == (Severity.WARNING, "283")
    assert issue.hint == "`Fund` shows `282`, `100`"


def test_a_condition_of_which_each_part_but_no_row_holds_is_told(tmp_path: Path) -> None:
    budget = mapped(text(tmp_path, LEDGER), MAPPING + 'rows: {keep: [{Fund: "282", Object: "610"}, {Fund: "100"}]}\n')
    (issue,) = found(budget, "condition-not-met")
    assert issue.message == "no row shows all that a condition of `rows.keep` names: `Fund: 282, Object: 610`"


def test_what_drops_nothing_is_only_a_note_and_totals_may_be_named(tmp_path: Path) -> None:
    rows = LEDGER + "Total,,,13000\n"
    budget = mapped(text(tmp_path, rows), MAPPING + "rows: {drop: [{Item: Total}, {Item: Old*}]}\n")
    (issue,) = found(budget, "condition-not-met")
    assert (issue.severity, issue.found) == (Severity.NOTE, "Old*")
    assert costs(budget) == COSTS


def test_a_condition_is_told_only_when_no_file_meets_it(tmp_path: Path) -> None:
    paths = [text(tmp_path, LEDGER), text(tmp_path, LEDGER.replace("100", "200"), "other.csv")]
    file = tmp_path / "mapping.yaml"
    file.write_text(MAPPING + 'rows: {keep: [{Fund: ["100", "200"]}]}\n', encoding="utf-8")
    budget = read_budget(paths, mapping=file)
    assert found(budget, "condition-not-met") == []
    assert costs(budget) == [4000, 4000]


# --- codes held as numbers ---------------------------------------------------------------------


@pytest.mark.parametrize("code", [282, 282.0, "282", "282.0", " 282 "])
def test_a_code_means_the_same_however_a_program_wrote_it(code: Any, tmp_path: Path) -> None:
    path = book(tmp_path, [["Item", "Fund", "Cost"], ["Web filter", code, 9000], ["Help desk", "999", 4000]])
    budget = mapped(
        path,
        "columns: {name: Item, annual_cost: Cost, funded_by: Fund}\nconstants: {category: software, kind: recurring}\n"
        'values: {funded_by: {"282": ESSER III, "*": General Fund}}\nrows: {keep: [{Fund: "282"}]}\n',
    )
    assert [c.funded_by[0].source for c in budget.commitments] == ["ESSER III"]
    assert worrying(budget) == []


def test_a_code_that_is_listed_as_it_stands_goes_before_the_whole_number(tmp_path: Path) -> None:
    rows = "Item,Fund,Cost\nWeb filter,6249.0,9000\nHelp desk,6249,4000\n"
    listed = 'values: {category: {"6249": network, "6249.*": repair}}\n'
    columns = "columns: {name: Item, annual_cost: Cost, category: Fund}\nconstants: {kind: recurring}\n"
    budget = mapped(text(tmp_path, rows), columns + listed)
    assert [c.category for c in budget.commitments] == ["repair", "network"]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_codes_match_only_when_they_are_the_same_number(one: int, other: int) -> None:
    assert matches_code(f"{one}.0", str(other)) == (one == other)
    assert not matches_code(f"{one}.05", str(one))


def test_a_star_in_brackets_is_a_star() -> None:
    assert matches("5* hotel", "5[*] *")
    assert not matches("55 hotel", "5[*] *")


# --- rows that are data ------------------------------------------------------------------------


def test_a_row_can_be_pinned_as_data_while_totals_are_found(tmp_path: Path) -> None:
    rows = "Item,Account,Cost\nWeb filter,1,100\nCarts,2,200\nTotal Wireless support,3,300\nHelp desk,4,50\n"
    (asked,) = [i for i in mapped(text(tmp_path, rows)).issues if i.severity is Severity.ERROR]
    assert "`data` in place of `totals`" in asked.hint
    whole = text(tmp_path, rows + "Total,,650\n")
    budget = mapped(whole, MAPPING + 'rows: {data: [{Item: "Total Wireless*"}]}\n')
    assert costs(budget) == [100, 200, 300, 50]
    assert worrying(budget) == []
    assert [receipt.rows_totals for receipt in budget.receipts] == [1]


def test_rows_cannot_be_pinned_by_what_heads_no_column(tmp_path: Path) -> None:
    extra = 'take: [{title: "Fund {F}"}]\nrows: {data: [{F: "1"}]}\n'
    budget = mapped(text(tmp_path, "Fund 1,,\nItem,Account,Cost\nWeb filter,1,100\n"), MAPPING + extra)
    assert [i.message for i in found(budget, "structure-not-understood")] == [
        "`rows.data` names `F`, which heads no column"
    ]


# --- headers over three rows -------------------------------------------------------------------

THREE: list[list[Any]] = [
    ["Fund", "Item", "Cost", None, None, None],
    [None, None, "FY26", None, "FY27", None],
    [None, None, "Budget", "Actual", "Budget", "Actual"],
    ["282", "Web filter", 90, 91, 100, 101],
    ["282", "Help desk", 40, 41, 50, 51],
]
DOWN = ("A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2")


@pytest.mark.parametrize("heading", ["Cost FY27 Budget", "FY27 Budget"])
def test_headings_merged_down_three_rows_are_found_by_a_mapping(heading: str, tmp_path: Path) -> None:
    budget = mapped(book(tmp_path, THREE, DOWN), MAPPING.replace("annual_cost: Cost", f"annual_cost: {heading}"))
    assert costs(budget) == [100, 50]
    assert worrying(budget) == []


def test_a_field_over_a_year_and_a_version_is_found_without_a_mapping(tmp_path: Path) -> None:
    rows = [HEAD, [None, None, None, "FY27"], [None, None, None, "Adopted"], *ROWS]
    budget = read_budget(book(tmp_path, rows, ("A1:A3", "B1:B3", "C1:C3", "E1:E3")))
    assert costs(budget) == COSTS
    assert worrying(budget) == []


def test_inspect_finds_a_header_merged_down_three_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app(["inspect", str(book(tmp_path, THREE, DOWN))], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "header in rows 1 to 3, 2 rows of data" in shown
    assert "Cost FY27 Budget" in shown


@pytest.mark.parametrize(
    ("mapping", "hint"),
    [
        ("annual_cost: Budget", "write it in full: `Cost FY26 Budget` or `Cost FY27 Budget`"),
        (
            "annual_cost: FY26",
            "it stands over several columns: write one in full, `Cost FY26 Budget` or `Cost FY26 Actual`",
        ),
    ],
)
def test_half_of_a_heading_is_answered_with_the_whole_one(mapping: str, hint: str, tmp_path: Path) -> None:
    budget = mapped(book(tmp_path, THREE, DOWN), MAPPING.replace("annual_cost: Cost", mapping) + "header_row: [1, 3]\n")
    assert [i.hint for i in found(budget, "column-twice", "column-missing")] == [hint]


def test_a_single_header_row_of_several_is_answered_with_all_of_them(tmp_path: Path) -> None:
    budget = mapped(
        book(tmp_path, THREE, DOWN),
        MAPPING.replace("Item, annual_cost: Cost", "Item, annual_cost: Budget") + "header_row: 3\n",
    )
    assert [i.hint for i in found(budget, "column-twice", "column-missing")] == [
        "say `header_row: [1, 3]`, since the header has several rows",
        "write it in full: `Cost FY26 Budget` or `Cost FY27 Budget` and `header_row: [1, 3]`",
    ]


def test_of_two_columns_headed_alike_one_is_named_by_its_letter(tmp_path: Path) -> None:
    path = book(tmp_path, [["Item", "Cost", "Cost"], ["Web filter", 1, 9000], ["Help desk", 2, 4000]])
    assert [i.hint for i in found(mapped(path), "column-twice")] == [
        "write its letter behind it: `Cost [B]` or `Cost [C]`"
    ]
    assert costs(mapped(path, MAPPING.replace("annual_cost: Cost", 'annual_cost: "Cost [C]"'))) == COSTS


def test_a_mapping_that_fits_no_sheet_is_told_what_is_missing(tmp_path: Path) -> None:
    budget = mapped(text(tmp_path, "Itm,Cost\nWeb filter,9000\n"))
    assert [i.hint for i in found(budget, "header-not-found")] == ["row 1 of `book` lacks `Item`: did you mean `Itm`?"]


# --- narrow tables below -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "below",
    [
        [["Code", "Meaning"], ["A", "ESSER III"], ["B", "General Fund"]],
        [["Ann Smith", "555-1234"], ["Bob Lee", "555-9999"]],
        [["Legend"], ["A", "ESSER III"], ["B", "Title I"], ["as of June"]],
        [[None, None, "Summary"], [None, None, "Network", 9000], [None, None, "Repair", 4000]],
        [["Approved: ______", None, None, "Date: ______"], ["Superintendent", None, None, "Business manager"]],
    ],
)
def test_a_narrow_table_below_the_rows_is_told_once(below: list[list[Any]], tmp_path: Path) -> None:
    budget = read_budget(book(tmp_path, [HEAD, *ROWS, [], *below]))
    assert costs(budget) == COSTS
    assert worrying(budget) == ["table-not-read"]


@pytest.mark.parametrize(
    "below",
    [
        [["Carts", None, None, 500], ["Desks", None, None, 300]],
        [["Carts", "network"], ["Desks", "repair"]],
        [["Carts", None, None, "TBD"], ["Desks", None, None, 300]],
    ],
)
def test_rows_that_may_be_commitments_are_not_taken_for_another_table(below: list[list[Any]], tmp_path: Path) -> None:
    budget = read_budget(book(tmp_path, [HEAD, *ROWS, [], *below]))
    assert found(budget, "table-not-read") == []
    assert len(budget.rejected) == 2


def test_totals_below_a_blank_row_stay_totals(tmp_path: Path) -> None:
    below = [[None, None, "Subtotal", 13000], [None, None, "Grand total", 13000]]
    budget = read_budget(book(tmp_path, [HEAD, *ROWS, [], *below]))
    assert costs(budget) == COSTS
    assert worrying(budget) == []
    assert [receipt.rows_totals for receipt in budget.receipts] == [2]


# --- totals of columns that are not read -------------------------------------------------------


@pytest.mark.parametrize("heading", ["Prior actual", "Prior year", "School budget"])
def test_a_wrong_total_in_a_column_that_is_not_read_is_a_note(heading: str, tmp_path: Path) -> None:
    rows = f"Item,Account,Cost,{heading}\nWeb filter,1,9000,50\nHelp desk,2,4000,60\nTotal,,13000,120\n"
    budget = mapped(text(tmp_path, rows))
    (issue,) = found(budget, "total-differs")
    assert (issue.severity, issue.where.cell) == (Severity.NOTE, "D4")
    assert costs(budget) == COSTS


def test_a_wrong_total_of_the_cost_stays_a_warning(tmp_path: Path) -> None:
    rows = "Item,Account,Cost,Prior actual\nWeb filter,1,9000,50\nHelp desk,2,4000,60\nTotal,,13001,110\n"
    (issue,) = found(mapped(text(tmp_path, rows)), "total-differs")
    assert (issue.severity, issue.where.cell) == (Severity.WARNING, "C4")


# --- dates -------------------------------------------------------------------------------------

DATED = "name,category,kind,annual_cost,starts_on,paid_through\n"


def test_dates_are_asked_about_where_another_one_has_its_day_first(tmp_path: Path) -> None:
    rows = (
        "A,network,recurring,1,03/04/2026,\nB,network,recurring,2,13/04/2026,5/5/2026\n"
        "C,network,recurring,3,2026-04-03,06/07/26\nD,network,recurring,4,04/30/2026,\n"
    )
    budget = read_budget(text(tmp_path, DATED + rows))
    asked = [(i.where.cell, i.hint) for i in found(budget, "day-or-month")]
    assert asked == [
        ("E2", "write the year first: 2026-03-04 or 2026-04-03"),
        ("F4", "write the year first: 2026-06-07 or 2026-07-06"),
    ]
    assert [c.name for c in budget.commitments] == ["D"]


def test_dates_are_read_month_first_where_none_has_its_day_first(tmp_path: Path) -> None:
    budget = read_budget(text(tmp_path, DATED + "A,network,recurring,1,03/04/2026,06/30/2026\n"))
    assert [c.starts_on for c in budget.commitments] == [date(2026, 3, 4)]


@pytest.mark.parametrize(
    "raw", ["1/1/1900", "12/31/2999", "1989-12-31", "1/1/2101", date(1970, 1, 1), date(2999, 12, 31)]
)
def test_a_day_of_a_far_year_is_a_placeholder(raw: Any) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(raw, FieldForm("paid_through", Form.DATE, required=False))
    assert refused.value.message.startswith("`paid_through` is a day in ")
    assert refused.value.hint.endswith("or leave it blank if there is none")


@pytest.mark.parametrize("raw", ["0/0/0000", "00/00/00", "0000-00-00", "12/31/9999", "9999-12-31"])
def test_what_stands_for_no_day_is_refused_with_leave_it_blank(raw: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(raw, FieldForm("paid_through", Form.DATE, required=False))
    assert refused.value.hint == "write the day, such as 2026-06-30, or leave it blank if there is none"


# --- where summed rows stood -------------------------------------------------------------------


def test_every_row_of_a_sum_is_named(tmp_path: Path) -> None:
    rows = "Item,Fund,Cost\nWeb filter,1,9000\nHelp desk,1,4000\nWeb filter,1,1000\n"
    budget = mapped(text(tmp_path, rows), MAPPING + "sum_by: [Item]\n")
    assert costs(budget) == [10000, 4000]
    assert [c.origin.rows for c in budget.commitments] == [(2, 4), (3,)]
    assert str(budget.commitments[0].origin.where("name")) == "book.csv, sheet `book`, cell A2 (rows 2, 4)"
    assert str(budget.commitments[0].origin.where()) == "book.csv, sheet `book`, rows 2, 4"


def test_every_row_of_a_source_that_a_mapping_sums_is_named(tmp_path: Path) -> None:
    grants = text(
        tmp_path,
        "Grant,Award,Ends\nESSER III,100,2026-09-30\nTitle I,70,2026-09-30\nESSER III,50,2026-09-30\n",
        "g.csv",
    )
    file = tmp_path / "mapping.yaml"
    file.write_text(
        "reads: funding\nfiles: g.csv\ncolumns: {name: Grant, amount: Award, through: Ends}\nsum_by: [Grant]\n"
        "constants: {recurring: no, basis: assigned, from: 2025-07-01}\n",
        encoding="utf-8",
    )
    budget = read_budget(book(tmp_path, [HEAD, *ROWS]), mapping=file, funding=[grants])
    assert [s.awards[0].amount for s in budget.sources] == [150, 70]
    assert [(s.name, s.origin.rows) for s in budget.sources] == [("ESSER III", (2, 4)), ("Title I", (3,))]


# --- drafts of mappings ------------------------------------------------------------------------


def draft(path: Path) -> dict[str, Any]:
    written = path.parent / "draft.yaml"
    app(["inspect", str(path), "--write-mapping", str(written)], standalone_mode=False)
    loaded: dict[str, Any] = yaml.safe_load(written.read_text(encoding="utf-8"))
    return loaded


def test_a_draft_names_the_sheets_that_it_means(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {name: [HEAD, *ROWS] for name in ("East", "West (old)", "North")})
    assert draft(path)["sheets"] == ["East", "West (old)", "North"]
    assert costs(read_budget(path, mapping=path.parent / "draft.yaml")) == COSTS * 3


def test_a_draft_does_not_name_sheets_of_two_years_so_that_both_are_asked_about(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "book.xlsx", {name: [HEAD, *ROWS] for name in ("FY26 Budget", "FY27 Budget")})
    assert "sheets" not in draft(path)
    assert worrying(read_budget(path, mapping=path.parent / "draft.yaml")) == ["rows-of-several-years"]


# --- receipts ----------------------------------------------------------------------------------


def receipt(n: int) -> Receipt:
    return Receipt(
        "book.xlsx", f"Sheet {n}", rows_read=n, rows_accepted=n, dollars_read=Decimal(n), dollars_accepted=Decimal(n)
    )


@given(st.integers(0, 40), st.integers(1, 15))
def test_a_shortened_receipt_foots(count: int, limit: int) -> None:
    for table in tables_of_receipts([receipt(n) for n in range(1, count + 1)], limit):
        body = [row for row in table.rows if row.style is not RowStyle.TOTAL]
        assert len(body) == (min(count, limit + 1))
        assert sum(int(str(row.cells[2])) for row in body) == count * (count + 1) / 2
        assert (body[-1].cells[0] == f"and {count - limit} more sheets") if count > limit + 1 else True


# --- text files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        "Web filter,network,recurring,1,200",
        "Filter, web,network,recurring,1200",
        "Web filter,network,recurring,$1,200.50",
    ],
)
def test_a_comma_that_shifts_a_row_is_refused(row: str, tmp_path: Path) -> None:
    budget = read_budget(text(tmp_path, f"name,category,kind,annual_cost\n{row}\nHelp desk,repair,recurring,4000\n"))
    assert [issue.where.cell for issue in found(budget, "row-too-long")] == ["row 2"]


def test_blank_cells_behind_the_header_are_no_matter(tmp_path: Path) -> None:
    rows = "name,category,kind,annual_cost\nWeb filter,network,recurring,9000,,\nHelp desk,repair,recurring,4000, \n"
    budget = read_budget(text(tmp_path, rows))
    assert costs(budget) == COSTS
    assert worrying(budget) == []


def test_printed_pages_are_one_table(tmp_path: Path) -> None:
    rows = (
        "Cedar Valley,,\nItem,Account,Cost\nWeb filter,1,9000\nPage total,,9000\n\nCedar Valley,,\nPage 2,,\n"
        "Item,Account,Cost\nHelp desk,2,4000\nPage total,,4000\nReport total,,13000\n"
    )
    budget = mapped(text(tmp_path, rows))
    assert costs(budget) == COSTS
    assert worrying(budget) == []


def test_versions_of_one_budget_are_told_apart_by_words(tmp_path: Path) -> None:
    rows = "Item,Version,Cost\nWeb filter,Original,8000\nWeb filter,Amended,9000\n"
    assert worrying(mapped(text(tmp_path, rows))) == ["rows-of-several-years"]


@pytest.mark.parametrize("footer", ["Prepared by Jane Roe,,,11/20/2026", "Approved,,,______"])
def test_a_line_to_sign_on_is_text(footer: str, tmp_path: Path) -> None:
    rows = "name,category,kind,annual_cost\nWeb filter,network,recurring,9000\nHelp desk,repair,recurring,4000\n\n"
    budget = read_budget(text(tmp_path, f"{rows}{footer}\n"))
    assert costs(budget) == COSTS
    assert worrying(budget) == []


# --- points, blanks and summaries --------------------------------------------------------------

SEMICOLONS = "name;category;kind;annual_cost\n"


def test_a_point_before_three_digits_is_asked_about(tmp_path: Path) -> None:
    rows = "Web filter;network;recurring;9.000\nHelp desk;repair;recurring;400\n"
    budget = read_budget(text(tmp_path, SEMICOLONS + rows))
    assert [(i.where.cell, i.hint) for i in found(budget, "point-unclear")] == [
        ("D2", "write 9000, or 9.00 with two digits for the cents")
    ]
    assert costs(budget) == [400]


@pytest.mark.parametrize("other", ["4000.00", "12500.000", "1,200.000", "0.500", "4000.5"])
def test_another_amount_shows_what_a_point_means(other: str, tmp_path: Path) -> None:
    rows = f"Web filter;network;recurring;9.000\nHelp desk;repair;recurring;{other}\n"
    budget = read_budget(text(tmp_path, SEMICOLONS + rows))
    assert costs(budget) == [9, Decimal(other.replace(",", ""))]


def test_blank_cells_below_a_kept_value_are_told_unless_they_are_filled_down(tmp_path: Path) -> None:
    rows = "Fund,Item,Account,Cost\n282,Web filter,1,9000\n,Help desk,2,4000\n100,Paper,3,300\n,Pens,4,30\n"
    path = text(tmp_path, rows)
    keep = MAPPING + 'rows: {keep: [{Fund: "282"}]}\n'
    budget = mapped(path, keep)
    (issue,) = found(budget, "blank-not-kept")
    assert costs(budget) == COSTS[:1]
    assert issue.severity is Severity.WARNING
    assert issue.message.startswith("1 row is not kept since `Fund` is blank there")
    filled = mapped(path, keep + "fill_down: [Fund]\n")
    assert costs(filled) == COSTS
    assert worrying(filled) == []


def test_a_sheet_that_sums_up_the_others_is_told(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Summary": [["Item", "Cost"], ["East", 30], ["West", 70], ["Total", 100]],
        "East": [["Item", "Cost"], ["A", 10], ["B", 20]],
        "West": [["Item", "Cost"], ["C", 30], ["D", 40]],
    }
    path = write_xlsx(tmp_path / "book.xlsx", sheets)
    (issue,) = found(mapped(path), "counted-twice")
    assert (issue.severity, issue.where.sheet) == (Severity.WARNING, "Summary")
    assert worrying(mapped(path, MAPPING + "skip_sheets: [Summary]\n")) == []
