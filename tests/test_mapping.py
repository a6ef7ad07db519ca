"""A mapping reads a spreadsheet that was made for something else, and leaves no row unaccounted for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Severity
from esser_gap.model.commitment import Part
from esser_gap.read.budgets import read_budget
from esser_gap.read.mappings import mapping_from_document
from esser_gap.read.yaml_documents import parse_yaml
from spreadsheets import CellError, Formula, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.model.budget import Budget

LEDGER: list[list[Any]] = [
    ["Cedar Valley USD", None, None, None, None, None],
    ["Expenditures by account", None, None, None, None, None],
    ["Fund", "Object", "Vendor name", "Description", "Account", "Budget"],
    ["282", "735", "Northwind", "Student information system", "282-735-01", 186400],
    ["199", "735", "Contoso", "Web filter", "199-735-02", "$9,000.50"],
    ["199", "6112", "Staples", "Paper", "199-6112-01", 1200],
    ["282", "735", "Fabrikam", "Math practice", "282-735-03", "45K"],
    ["199", "735", "Contoso", "Old phones (closed)", "199-735-04", 700],
]
MAPPING = """\
columns:
  name: Description
  vendor: Vendor name
  account: Account
  annual_cost: Budget
  funded_by: Fund
  category: Object
constants: {kind: recurring}
values:
  funded_by: {"282": ESSER III, "199": General Fund}
  category: {"735": software}
rows:
  keep: [{Object: "735"}]
  drop: [{Description: "*(closed)*"}]
"""


def read(folder: Path, mapping: str, *rows: list[Any], **sheets: list[list[Any]]) -> Budget:
    path = write_xlsx(folder / "ledger.xlsx", sheets or {"Ledger": list(rows)})
    file = folder / "mapping.yaml"
    file.write_text(mapping, encoding="utf-8")
    return read_budget([path], mapping=file)


def problems(mapping: str) -> list[Issue]:
    with pytest.raises(InputError) as refused:
        mapping_from_document(parse_yaml(mapping, "mapping.yaml"))
    return refused.value.issues


def errors(budget: Budget) -> list[tuple[str, str]]:
    return [(issue.code, str(issue.where)) for issue in budget.issues if issue.severity is Severity.ERROR]


def test_a_ledger_is_read_by_a_mapping(tmp_path: Path) -> None:
    budget = read(tmp_path, MAPPING, *LEDGER)
    assert errors(budget) == []
    assert [(c.name, c.vendor, c.account, c.category, c.kind, c.annual_cost) for c in budget.commitments] == [
        ("Student information system", "Northwind", "282-735-01", "software", "recurring", Decimal(186400)),
        ("Web filter", "Contoso", "199-735-02", "software", "recurring", Decimal("9000.50")),
        ("Math practice", "Fabrikam", "282-735-03", "software", "recurring", Decimal(45000)),
    ]
    assert budget.commitments[0].funded_by == (Part(source="ESSER III", share=Decimal(1)),)
    assert str(budget.commitments[1].origin.where("annual_cost")) == "ledger.xlsx, sheet `Ledger`, cell F5"
    assert [(file.name, file.role) for file in budget.files if file.role == "mapping"] == [("mapping.yaml", "mapping")]


def test_rows_that_are_filtered_out_stand_on_the_receipt(tmp_path: Path) -> None:
    (receipt,) = read(tmp_path, MAPPING, *LEDGER).receipts
    assert (receipt.rows_read, receipt.rows_accepted, receipt.rows_left_out, receipt.rows_rejected) == (5, 3, 2, 0)
    assert receipt.dollars_accepted == Decimal("240400.50")
    assert receipt.dollars_left_out == Decimal(1900)
    assert receipt.dollars_read == Decimal("242300.50")


def test_a_row_with_an_error_is_rejected_and_its_dollars_stand_on_the_receipt(tmp_path: Path) -> None:
    rows = [*LEDGER, ["777", "735", "Contoso", None, "x", 50]]
    budget = read(tmp_path, MAPPING, *rows)
    assert errors(budget) == [("field-missing", "ledger.xlsx, sheet `Ledger`, cell D9")]
    (receipt,) = budget.receipts
    assert (receipt.rows_rejected, receipt.dollars_rejected, receipt.dollars_read) == (
        1,
        Decimal(50),
        Decimal("242350.50"),
    )


@pytest.mark.parametrize(
    ("sheets", "chosen"),
    [
        ("", ["FY26 Tech", "FY27 Tech"]),
        ("sheets: [FY27 Tech]\n", ["FY27 Tech"]),
        ('sheets: ["FY* Tech"]\n', ["FY26 Tech", "FY27 Tech"]),
        ('sheets: ["*27*", "FY* Tech"]\n', ["FY27 Tech", "FY26 Tech"]),
    ],
)
def test_sheets_are_chosen_by_pattern(sheets: str, chosen: list[str], tmp_path: Path) -> None:
    columns = "columns: {name: Item, category: Sort, annual_cost: Cost}\nconstants: {kind: recurring}\n"
    table: list[list[Any]] = [["Item", "Sort", "Cost"], ["Web filter", "network", 9000]]
    book = {"Notes": [["Ask Pat"]], "FY26 Tech": table, "FY27 Tech": table}
    budget = read(tmp_path, sheets + columns, **book)
    assert [c.origin.sheet for c in budget.commitments] == chosen
    assert [receipt.sheet for receipt in budget.receipts] == chosen


def test_a_sheet_that_is_not_there_is_refused_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, "sheets: [FY28 Tech]\n" + MAPPING, **{"FY27 Tech": LEDGER})
    (issue,) = refused.value.issues
    assert (issue.code, issue.found, issue.hint) == ("sheet-missing", "FY28 Tech", "did you mean `FY27 Tech`?")


def test_the_header_row_may_be_said(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Item", "Cost"], ["Item", "Cost"], ["Web filter", 9000]]
    mapping = "columns: {name: Item, annual_cost: Cost}\nconstants: {kind: recurring, category: network}\n"
    assert [c.name for c in read(tmp_path, f"header_row: 2\n{mapping}", *rows).commitments] == ["Web filter"]
    assert errors(read(tmp_path, f"header_row: 9\n{mapping}", *rows))[0][0] == "header-not-found"


def test_a_heading_that_is_not_there_is_refused_with_near_names(tmp_path: Path) -> None:
    mapping = (
        "header_row: 1\ncolumns: {name: Item, annual_cost: Budgett}\nsum_by: [Fundd]\nconstants: {kind: recurring}\n"
    )
    budget = read(tmp_path, mapping, ["Item", "Budget", "Fund"], ["Web filter", 9000, "199"])
    found = [(issue.code, issue.found, issue.hint) for issue in budget.issues]
    assert found == [
        ("column-missing", "Budgett", "did you mean `Budget`?"),
        ("column-missing", "Fundd", "did you mean `Fund`?"),
    ]
    assert budget.commitments == ()


def test_headings_need_not_be_spelled_exactly(tmp_path: Path) -> None:
    mapping = "columns: {name: item, annual_cost: annual-cost}\nconstants: {kind: recurring, category: network}\n"
    budget = read(tmp_path, mapping, ["ITEM ", "Annual Cost ($)"], ["Web filter", 9000])
    assert [(c.name, c.annual_cost) for c in budget.commitments] == [("Web filter", Decimal(9000))]


def test_a_constant_serves_where_a_cell_is_blank(tmp_path: Path) -> None:
    mapping = "columns: {name: Item, annual_cost: Cost, kind: Kind}\nconstants: {kind: recurring, category: network}\n"
    rows: list[list[Any]] = [["Item", "Cost", "Kind"], ["Filter", 9, None], ["Tech", 5, "staff"]]
    assert [c.kind for c in read(tmp_path, mapping, *rows).commitments] == ["recurring", "staff"]


def test_a_constant_that_is_wrong_is_an_error(tmp_path: Path) -> None:
    mapping = "columns: {name: Item, annual_cost: Cost}\nconstants: {kind: yearly, category: network}\n"
    budget = read(tmp_path, mapping, ["Item", "Cost"], ["Filter", 9])
    assert "word-unknown" in [code for code, _ in errors(budget)]
    assert budget.commitments == ()


@pytest.mark.parametrize(
    ("object_code", "category"),
    [("735", "software"), ("735.0", "software"), ("6112", "repair"), ("6199", "repair"), ("9", "other"), ("", "other")],
)
def test_the_first_value_that_matches_wins_and_stars_stand_for_any_text(
    object_code: str, category: str, tmp_path: Path
) -> None:
    mapping = (
        "columns: {name: Item, annual_cost: Cost, category: Object}\nconstants: {kind: recurring}\n"
        'values: {category: {"735*": software, "61*": repair, "*": other}}\n'
    )
    budget = read(tmp_path, mapping, ["Item", "Cost", "Object"], ["Filter", 9, object_code])
    assert [c.category for c in budget.commitments] == [category]


def test_numbers_in_cells_are_matched_as_they_are_seen(tmp_path: Path) -> None:
    mapping = (
        "columns: {name: Item, annual_cost: Cost, category: Object}\nconstants: {kind: recurring}\n"
        "values: {category: {735: software}}\nrows: {keep: [{Object: 735}]}\n"
    )
    budget = read(tmp_path, mapping, ["Item", "Cost", "Object"], ["Filter", 9, 735.0], ["Paper", 1, 6112])
    assert [(c.name, c.category) for c in budget.commitments] == [("Filter", "software")]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ('{keep: [{Fund: "199"}]}', ["A", "C"]),
        ('{keep: [{Fund: ["199", "282"]}]}', ["A", "B", "C"]),
        ('{keep: [{Fund: "199", Object: "735"}]}', ["A"]),
        ('{keep: [{Fund: "282"}, {Object: "61*"}]}', ["B", "C"]),
        ('{keep: {Object: "735"}}', ["A", "B"]),
        ('{drop: [{Object: "735"}]}', ["C", "D"]),
        ('{keep: [{Fund: "1*"}], drop: [{Object: "6112"}]}', ["A"]),
        ('{drop: [{Fund: ""}]}', ["A", "B", "C"]),
        ("{}", ["A", "B", "C", "D"]),
    ],
)
def test_rows_are_kept_and_dropped_by_conditions(rows: str, kept: list[str], tmp_path: Path) -> None:
    mapping = (
        f"columns: {{name: Item, annual_cost: Cost}}\nconstants: {{kind: recurring, category: other}}\nrows: {rows}"
    )
    table: list[list[Any]] = [
        ["Item", "Cost", "Fund", "Object"],
        ["A", 1, "199", "735"],
        ["B", 2, "282", "735"],
        ["C", 4, "199", "6112"],
        ["D", 8, None, "9"],
    ]
    budget = read(tmp_path, mapping, *table)
    assert [c.name for c in budget.commitments] == kept
    (receipt,) = budget.receipts
    assert receipt.rows_read == 4
    assert receipt.dollars_accepted + receipt.dollars_left_out == 15


def test_several_headings_are_joined_with_a_comma(tmp_path: Path) -> None:
    mapping = (
        "columns: {name: [Vendor, Item], annual_cost: Cost, notes: [School, Room]}\n"
        "constants: {kind: recurring, category: other}\n"
    )
    rows: list[list[Any]] = [
        ["Vendor", "Item", "Cost", "School", "Room"],
        ["Contoso", "Web filter", 9, "North", 12],
        [None, "Paper", 1, None, None],
    ]
    assert [(c.name, c.notes) for c in read(tmp_path, mapping, *rows).commitments] == [
        ("Contoso, Web filter", "North, 12"),
        ("Paper", None),
    ]


SUMMED = "columns: {name: Item, annual_cost: Cost, vendor: Vendor}\nconstants: {kind: recurring, category: other}\n"


def test_rows_that_agree_are_summed_into_one_commitment(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Item", "Cost", "Vendor"],
        ["Web filter", 9000.10, "Contoso"],
        ["Paper", 1, "Staples"],
        ["Web filter", "$500.05", "Contoso"],
        ["Web filter", "(100)", "Contoso"],
    ]
    budget = read(tmp_path, SUMMED + "sum_by: [Item]\n", *rows)
    assert errors(budget) == []
    assert [(c.name, c.annual_cost, c.origin.rows) for c in budget.commitments] == [
        ("Web filter", Decimal("9400.15"), (2, 4, 5)),
        ("Paper", Decimal(1), (3,)),
    ]
    (receipt,) = budget.receipts
    assert (receipt.rows_read, receipt.rows_accepted, receipt.dollars_accepted) == (4, 4, Decimal("9401.15"))


def test_rows_that_are_summed_must_agree_in_their_other_fields(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Item", "Cost", "Vendor"],
        ["Web filter", 9000, "Contoso"],
        ["Web filter", 500, "Fabrikam"],
    ]
    assert errors(read(tmp_path, SUMMED + "sum_by: [Item]\n", *rows)) == [
        ("rows-differ", "ledger.xlsx, sheet `Ledger`, cell C3")
    ]
    assert errors(read(tmp_path, SUMMED + "sum_by: [Item, Vendor]\n", *rows)) == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [("TBD", "money-not-a-number"), (CellError("#REF!"), "cell-error"), (Formula("=1+1"), "formula-without-value")],
)
def test_a_cost_that_cannot_be_read_is_an_error_in_a_sum_too(cell: Any, code: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Item", "Cost", "Vendor"], ["Filter", 9000, "Contoso"], ["Filter", cell, "Contoso"]]
    budget = read(tmp_path, SUMMED + "sum_by: [Item]\n", *rows)
    assert errors(budget) == [(code, "ledger.xlsx, sheet `Ledger`, cell B3")]


@pytest.mark.parametrize(
    ("mapping", "code", "line", "hint"),
    [
        ("colums: {}", "key-unknown", 1, "did you mean `columns`"),
        ("columns:\n  nam: Item", "key-unknown", 2, "did you mean `name`"),
        ("constants:\n  knd: recurring", "key-unknown", 2, "did you mean `kind`"),
        ("values:\n  categry: {a: b}", "key-unknown", 2, "did you mean `category`"),
        ("rows:\n  kep: [{Fund: a}]", "key-unknown", 2, "did you mean `keep`?"),
        ("columns: [name]", "structure-not-understood", 1, "write `columns:`"),
        ("values: {category: software}", "structure-not-understood", 1, "write `category:"),
        ("rows: {keep: Fund}", "structure-not-understood", 1, "write `keep:"),
        ("- a", "structure-not-understood", 1, "write `columns:`"),
        ("header_row: first", "not-a-whole-number", 1, "write a whole number"),
        pytest.param("header_row: 0", "out-of-range", 1, "write 1 or more"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_refused_with_its_line(mapping: str, code: str, line: int, hint: str) -> None:
    (issue,) = problems(mapping)
    assert (issue.code, issue.where.file) == (code, "mapping.yaml")
    assert issue.where.cell == f"line {line}"
    assert issue.hint.startswith(hint)


@pytest.mark.parametrize("rows", ["keep all", "[{Fund: 199}]", "yes"])
def test_filters_that_are_no_filters_are_refused(rows: str) -> None:
    assert [issue.code for issue in problems(f"rows: {rows}")] == ["structure-not-understood"]


def test_all_problems_of_a_mapping_are_told_at_once() -> None:
    found = problems("colums: {}\nsheet: [A]\nconstants: {knd: a}\nrows: {kep: [], drop: x}")
    assert [issue.code for issue in found] == [*["key-unknown"] * 4, "structure-not-understood"]


def test_dollars_that_are_left_out_are_counted_by_quantity_and_price_too(tmp_path: Path) -> None:
    mapping = """\
columns: {name: Item, category: Area, quantity: Seats, unit_cost: Each}
constants: {kind: recurring}
rows: {drop: [{Area: food}]}
"""
    rows: list[list[Any]] = [
        ["Item", "Area", "Seats", "Each"],
        ["Reading software", "software", 100, 12.5],
        ["Menu planner", "food", 3, "$40.10"],
        ["Milk coolers", "food", "TBD", 900],
        ["No price yet", "food", None, None],
    ]
    (receipt,) = read(tmp_path, mapping, *rows).receipts
    assert (receipt.dollars_accepted, receipt.dollars_left_out) == (Decimal(1250), Decimal("120.30"))
    assert receipt.dollars_read == Decimal("1370.30")
    assert (receipt.rows_left_out, receipt.unreadable) == (3, 1)
