"""Inspecting a file shows what stands in it and what is read of it, whatever its shape, and drafts a mapping."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console  # noqa: TID251

import dayton_files as dayton
from awkward_books import write_awkward, write_spread
from budget_files import write_commitments
from esser_gap.cli.app import main
from esser_gap.errors import InputError
from esser_gap.inspecting import Inspection, inspect
from esser_gap.read.budgets import read_budget
from esser_gap.read.mappings import mappings_from_document
from esser_gap.read.yaml_documents import parse_yaml
from esser_gap.view.inspected_tables import columns_table
from esser_gap.view.inspection import inspection_parts, verdict
from esser_gap.write.mapping_yaml import mapping_text
from esser_gap.write.terminal import draw
from random_budgets import random_case
from spreadsheets import CellError, Formula, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from esser_gap.model.commitment import Commitment
    from esser_gap.read.found_columns import FoundColumn
    from esser_gap.read.spread_tables import SpreadTable

    Run = Callable[..., tuple[int, str, str]]

EXAMPLES = Path(__file__).parents[1] / "examples"
CEDAR_VALLEY = EXAMPLES / "cedar-valley" / "budget.xlsx"
ENROLLMENT = EXAMPLES / "enrollment" / "nces-elsi-enrollment-export.csv"
LEDGER: list[list[Any]] = [["Item", "Object", "Budget"], ["Web filter", "735", 9000], ["Switches", "736", 1200]]


def book(folder: Path, *rows: list[Any], **sheets: list[list[Any]]) -> Path:
    return write_xlsx(folder / "book.xlsx", sheets or {"Ledger": list(rows)})


def table_of(path: Path) -> SpreadTable:
    (table,) = inspect(path).overview.tables
    return table


def places(path: Path) -> list[str]:
    """Name the cells of all tables, in order."""
    return [extent.cells for table in inspect(path).overview.tables for extent in table.extents]


def column(path: Path, heading: str) -> FoundColumn:
    return next(c for table in inspect(path).overview.tables for c in table.columns if c.heading == heading)


def draft(*paths: Path) -> str:
    found = [inspect(path) for path in paths]
    return mapping_text(found, [each.proposals() for each in found])


def read_by(path: Path, text: str, folder: Path) -> list[dict[str, Any]]:
    mapping = folder / "drafted.yaml"
    mapping.write_text(text, encoding="utf-8")
    return facts(read_budget(path, mapping=mapping).commitments)


def facts(commitments: tuple[Commitment, ...]) -> list[dict[str, Any]]:
    return [{**c.model_dump(), "origin": (c.origin.sheet, c.origin.rows)} for c in commitments]


# --------------------------------------------------------------------------- finding tables


def test_a_table_is_found_at_any_offset_below_titles_and_above_notes(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[]] * 18 + [[None, "Cedar Valley USD"], [None, "Prepared in May"]]
    rows += [[None, *row] for row in LEDGER]
    rows += [[], [None, "* before discounts"]]
    table = table_of(book(tmp_path, *rows))
    assert [(e.cells, e.header) for e in table.extents] == [("B21:D23", (21, 21))]
    assert table.titles == ["Cedar Valley USD", "Prepared in May"]
    assert table.notes == [(25, "* before discounts")]
    assert [c.letter for c in table.columns] == ["B", "C", "D"]


@pytest.mark.parametrize(
    ("header", "headings"),
    [
        ([["Object", "Spent", None], [None, "FY26", "FY27"]], ["Object", "Spent FY26", "Spent FY27"]),
        ([[None, "Spent", "Planned"], ["Object", "FY26", "FY27"]], ["Object", "Spent FY26", "Planned FY27"]),
        ([["Object", "All", None], [None, "Spent", "Planned"], [None, "FY26", "FY27"]], ["Object", "All Spent FY26"]),
        ([["Object", 2026, 2027]], ["Object", "2026", "2027"]),
    ],
)
def test_a_header_may_have_several_rows(header: list[list[Any]], headings: list[str], tmp_path: Path) -> None:
    table = table_of(
        book(tmp_path, ["Technology"], [], *header, ["Web filter", 8900.5, 9000], ["Switches", 1100, 1200])
    )
    assert [c.heading for c in table.columns][: len(headings)] == headings
    assert table.extents[0].header == (3, 2 + len(header))
    assert table.rows == 2


def test_tables_below_each_other_have_their_own_headings(tmp_path: Path) -> None:
    staff: list[list[Any]] = [["Staff"], ["Position", "Site", "FTE", "Salary"], ["Technician", "Lincoln", 1, 61000]]
    path = book(tmp_path, *LEDGER, [], *staff, ["Coach", "Garfield", 0.5, 40000])
    assert places(path) == ["A1:C3", "A6:D8"]
    assert inspect(path).overview.tables[1].titles == ["Staff"]


def test_tables_beside_each_other_are_parted_at_a_blank_column(tmp_path: Path) -> None:
    sites = ["Site", "Students"], ["Lincoln", 120], ["Garfield", 95], ["Roosevelt", 80]
    rows = [[*(LEDGER[n] if n < 3 else [None] * 3), None, *sites[n]] for n in range(4)]
    path = book(tmp_path, ["Technology of all schools"], *rows)
    assert places(path) == ["A2:C4", "E2:F5"]
    found = inspect(path).overview.tables
    assert [table.found[0].area for table in found] == ["A:C", "E:F"]
    assert [table.titles for table in found] == [["Technology of all schools"]] * 2


def test_a_blank_column_inside_a_table_parts_nothing(tmp_path: Path) -> None:
    rows = [[row[0], row[1], None, row[2]] for row in LEDGER]
    assert places(book(tmp_path, *rows)) == ["A1:D3"]
    remarks = [[*row, None, remark] for row, remark in zip(LEDGER, ("Remark", "2-year contract", None), strict=True)]
    assert places(book(tmp_path, *remarks)) == ["A1:E3"]


def test_a_header_that_is_repeated_on_each_page_begins_no_table(tmp_path: Path) -> None:
    path = book(tmp_path, *LEDGER, [], ["Page 2"], *LEDGER)
    table = table_of(path)
    assert (table.rows, len(table.extents)) == (4, 1)


def test_section_rows_and_rows_that_lack_a_figure_belong_to_the_table(tmp_path: Path) -> None:
    rows = [*LEDGER, [], ["Repairs"], ["Screens", "737", 300], ["Batteries", "737", "TBD"], ["Chargers", "737", 50]]
    table = table_of(book(tmp_path, *rows))
    assert table.rows == 5
    assert table.sections == [(5, "Repairs")]


def test_a_table_over_many_sheets_is_one(tmp_path: Path) -> None:
    path = write_spread(tmp_path / "book.xlsx", 30)
    table = table_of(path)
    assert (len(table.sheets), table.rows) == (30, 360)
    totals = table.totals
    assert [(level.number, level.rows, level.adding_up) for level in totals.levels] == [
        (1, 90, 90),
        (2, 30, 30),
        (3, 1, 1),
    ]
    assert [(s.letter, s.difference, s.rows == s.stated) for s in totals.sums] == [
        ("D", Decimal(0), True),
        ("E", Decimal(0), True),
    ]
    assert totals.uncovered == 0
    shown = text_of(inspect(path))
    assert "100 to 129 (30 sheets)" in shown
    assert len(shown.splitlines()) < 40


def test_sheets_without_a_table_and_what_is_hidden_are_listed(tmp_path: Path) -> None:
    path = write_awkward(tmp_path / "book.xlsx")
    found = {sheet.name: sheet for sheet in inspect(path).overview.sheets}
    assert found["Tech costs"].tables == (1, 2)
    assert (found["Tech costs"].hidden_rows, found["Tech costs"].hidden_columns) == ((7,), ("E",))
    assert (found["Old"].is_hidden, found["Old"].cells, found["Old"].tables) == (True, "A1", ())
    assert found["Blank"].cells == ""


def test_labels_with_values_are_no_table(tmp_path: Path) -> None:
    path = book(tmp_path, ["District", "Cedar Valley"], ["Students", 8400], ["Budget", 146000000])
    assert inspect(path).overview.tables == ()


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["Item", "Cost", "Fund", "Total", "2026-27", "TBD", "x", "Fund: 205 - ESSER III", "$1,200", "5%"]),
    st.integers(-5, 2030),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=12))
def test_any_sheet_can_be_inspected_and_its_draft_is_read(rows: list[list[Any]], tmp_path: Path) -> None:
    path = book(tmp_path, *rows)
    found = inspect(path)
    assert text_of(found)
    if found.proposals():
        assert mappings_from_document(parse_yaml(draft(path), "mapping.yaml"))


# --------------------------------------------------------------------------- real books


def test_the_book_of_90_sheets_is_one_table_whose_totals_add_up() -> None:
    table = table_of(dayton.EXPENDITURES)
    assert (len(table.sheets), table.rows, table.totals.rows) == (90, 1954, 456)
    assert {extent.header for extent in table.extents} == {(4, 4)}
    assert [level.rows for level in table.totals.levels] == [323, 90, 42, 1]
    assert all(level.rows == level.adding_up for level in table.totals.levels)
    for heading, printed in dayton.PRINTED_TOTALS.items():
        (found,) = (each for each in table.totals.sums if each.heading == heading)
        assert (found.rows, found.stated, found.difference) == (Decimal(printed), Decimal(printed), Decimal(0))


def test_a_pivot_table_has_a_total_above_its_parts() -> None:
    tables = {table.sheets[0]: table for table in inspect(dayton.EARLIER).overview.tables}
    assert [(above.row, above.covers) for above in tables["Pivot"].totals.above] == [(4, 76)]
    assert "counted twice" in text_of(inspect(dayton.EARLIER))
    sums = {each.heading: each.rows for each in tables["All"].totals.sums}
    assert sums == {heading: Decimal(printed) for heading, printed in dayton.PRINTED_IN_PIVOT.items()}


def test_a_book_of_revenue_is_one_table_whatever_spaces_its_sheets_are_called_with() -> None:
    table = table_of(dayton.REVENUE)
    assert (len(table.sheets), table.rows, {e.header for e in table.extents}) == (43, 130, {(5, 5)})
    stated = {each.heading: each.stated for each in table.totals.sums if each.rows}
    assert stated == {heading: Decimal(printed) for heading, printed in dayton.PRINTED_REVENUE.items()}


def test_a_text_file_may_have_lines_above_its_header_and_footnotes_below() -> None:
    table = table_of(ENROLLMENT)
    assert [(e.header, e.cells) for e in table.extents] == [((7, 7), "A7:FZ8")]
    assert table.titles[0] == "ELSI Export"
    assert len(table.notes) == 4
    shown = columns_table(table, 1)
    assert len(shown.rows) == 17
    assert shown.rows[2].cells[:3] == (
        "C-N",
        "Total Students All Grades (Excludes AE) [District] {year}",
        "numbers, FY2025 to FY2014",
    )


# --------------------------------------------------------------------------- columns


@pytest.mark.parametrize(
    ("heading", "cells", "shown"),
    [
        ("Budget", [9000, 1200, 5.5], "dollars"),
        ("2026-27 Proposed", [9000, 1200, 0], "dollars, FY2027"),
        ("Amount ($000)", [9, 12, 5], "dollars ($000)"),
        ("Paid", ["$9,000", "$1,200.50", "-"], "dollars"),
        ("Budget", [9000, "TBD", 5], "dollars"),
        ("FTE 2026-27", [1, 0.5, 2], "numbers, FY2027"),
        ("Students", [120, 95, 80], "numbers"),
        ("Width", [12.5, 9, 8], "numbers"),
        ("Part", ["60%", "5 %", "35%"], "percent"),
        ("Signed", ["2023-07-01", "7/1/2024", "June 2026"], "dates, 2023-07-01 to 2026-06-01"),
        ("Object", [735, 736, 6398], "codes"),
        ("Resource", [3213, 0, 3212], "codes"),
        ("Object", ["0735", "0736", "6398"], "codes, some start with 0"),
        ("Line", ["11-735-01", "11-735-02", "11-736-01"], "codes"),
        ("On lease", ["yes", "no", "no"], "yes or no"),
        ("Remark", ["3-year", None, None], "text, 1 of 3 filled"),
        ("Remark", [None, None, None], "nothing"),
        ("Remark", ["a", 5, "b"], "mixed"),
    ],
)
def test_what_a_column_holds_is_told(heading: str, cells: list[Any], shown: str, tmp_path: Path) -> None:
    rows = [["Item", "Cost", heading], *([f"Item {n}", 10 + n, cell] for n, cell in enumerate(cells))]
    table = columns_table(table_of(book(tmp_path, *rows)), 1)
    assert table.rows[2].cells[2] == shown


def test_blanks_that_repeat_the_value_above_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Fund", "Item", "Object", "Cost"],
        ["282", "Web filter", "735", 9],
        [None, "Switches", "736", 12],
    ]
    path = book(tmp_path, *rows, ["199", "Paper", "610", 3], [None, "Pens", "610", 2])
    assert column(path, "Fund").repeats_above
    assert not column(path, "Item").repeats_above
    remarks = book(
        tmp_path, ["Remark", "Item", "Cost"], [None, "Web filter", 9], ["new", "Switches", 12], [None, "Pens", 1]
    )
    assert not column(remarks, "Remark").repeats_above


@pytest.mark.parametrize(
    ("heading", "cells", "problem"),
    [
        ("Budget", [9000, "ask Pat", 5, 6, 7], "`ask Pat` in C3 is no figure"),
        ("Budget", [9000, "TBD", "n/a", 6, 7], "2 are no figures, first `TBD` in C3"),
        ("Budget", [9000, CellError("#REF!"), 5, 6, 7], "`#REF!` in C3 is an error of the spreadsheet"),
        ("Budget", [9000, Formula("=1+1"), 5, 6, 7], "1 formula has no stored result, first C3"),
        (
            "Kind",
            ["staff", "subscription", "staff", "staff", "staff"],
            "`subscription` in C3 is not understood as `kind`",
        ),
        (
            "Object",
            ["0735", 736, "0110", "0111", "0112"],
            "some codes are stored as numbers, which lose their leading zeros",
        ),
    ],
)
def test_what_is_wrong_with_a_column_is_told(heading: str, cells: list[Any], problem: str, tmp_path: Path) -> None:
    rows = [["Item", "Cost", heading], *([f"Item {n}", 10 + n, cell] for n, cell in enumerate(cells))]
    assert problem in column(book(tmp_path, *rows), heading).problems


@pytest.mark.parametrize(
    ("heading", "field", "why"),
    [
        ("annual_cost", "annual_cost", "field name"),
        ("Annual Cost ($)", "annual_cost", "field name"),
        ("Salary", "annual_cost", "known heading"),
        ("2026-27 Budget", "", ""),
    ],
)
def test_the_field_of_a_column_and_why_are_told(heading: str, field: str, why: str, tmp_path: Path) -> None:
    found = column(book(tmp_path, ["Item", "Object", heading], ["Web filter", "735", 9000]), heading)
    assert (found.field, found.why) == (field, why)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Account Title", "name"),
        ("Vendor Name", "vendor"),
        ("Name of Vendor", "vendor"),
        ("Fund Title", "funded_by"),
        ("Expenditure Account", "account"),
        ("Cost Center", "site"),
        ("Size", ""),
    ],
)
def test_other_headings_are_matched_by_what_they_look_like(heading: str, field: str, tmp_path: Path) -> None:
    found = column(book(tmp_path, [heading, "Object", "Budget"], ["Web filter", "735", 9000]), heading)
    assert (found.field, found.why) == (field, "looks like one" if field else "")


def test_a_total_that_does_not_add_up_is_listed_with_its_difference(tmp_path: Path) -> None:
    table = inspect(write_awkward(tmp_path / "book.xlsx")).overview.tables[0]
    (difference,) = table.totals.differences
    assert (difference.cell, difference.stated - difference.summed) == ("H12", Decimal(3))


# --------------------------------------------------------------------------- what is read of it


def test_what_keeps_a_file_from_being_projected_is_told_with_the_next_step(tmp_path: Path, run: Run) -> None:
    path = book(tmp_path, *LEDGER)
    status, out, _err = run("inspect", path)
    assert status == 0
    assert "this keeps it from being projected:\nerror: " in out
    assert f"--write-mapping mapping.yaml`, edit that file, then `esser-gap check {path}" in out


def test_a_file_that_can_be_projected_is_called_so(run: Run) -> None:
    status, out, _err = run("inspect", CEDAR_VALLEY)
    assert status == 0
    assert "\nthis file can be projected\n" in out
    assert "error" not in out


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    status, out, err = run("inspect", path)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")


def test_a_mapping_shows_what_it_makes_of_a_file() -> None:
    found = inspect(dayton.PARSE, EXAMPLES / "dayton" / "mapping-2022-23.yaml")
    (table,) = found.overview.tables
    fields = {c.heading: (c.field, c.why) for c in table.columns if c.why}
    assert table.reads == "commitments"
    assert fields["2022-2023 Proposed"] == ("annual_cost", "the mapping")
    assert fields["Account"] == ("id, account, category, kind", "the mapping")
    assert fields["Fund"] == ("", "used by the mapping")
    assert found.can_be_projected


def test_what_a_mapping_takes_from_elsewhere_is_told() -> None:
    (table,) = inspect(dayton.EXPENDITURES, EXAMPLES / "dayton" / "mapping-workbooks.yaml").overview.tables
    notes = columns_table(table, 1).notes
    assert "the mapping takes `Fund: {Fund} - {Fund Title}`" in notes
    assert "`funded_by` is made of `Fund Title`" in notes
    assert "every row gets price_year: FY2023" in notes


def test_a_mapping_that_reads_funding_and_facts_of_the_district_shows_its_tables() -> None:
    found = inspect(ENROLLMENT, EXAMPLES / "enrollment" / "mapping.yaml")
    (table,) = found.overview.tables
    assert table.reads == "district"
    assert {c.field for c in table.columns} >= {"name", "enrollment"}
    assert verdict(found) == "this file is read as district, beside a budget"


def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "mapping.yaml"
    wrong.write_text("colums: {name: Item}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        inspect(book(tmp_path, *LEDGER), wrong)
    assert [issue.code for issue in refused.value.issues] == ["key-unknown"]


def test_a_sheet_that_the_mapping_names_and_that_is_not_there_is_told(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("sheets: [Budgets]\ncolumns: {name: Item}\n", encoding="utf-8")
    found = inspect(book(tmp_path, *LEDGER), mapping)
    assert [issue.code for issue in found.issues] == ["sheet-missing"]
    assert [table.reads for table in found.overview.tables] == [""]


# --------------------------------------------------------------------------- drafts of mappings


def test_the_draft_for_a_readable_file_gives_exactly_its_commitments(tmp_path: Path) -> None:
    shutil.copy(CEDAR_VALLEY, tmp_path / "budget.xlsx")
    path = tmp_path / "budget.xlsx"
    assert read_by(path, draft(path), tmp_path) == facts(read_budget(path).commitments)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 100_000))
def test_the_draft_for_any_budget_gives_exactly_its_commitments(seed: int, ending: str, tmp_path: Path) -> None:
    case = random_case(seed)
    path = write_commitments(tmp_path / f"budget{ending}", case["commitments"])
    expected = facts(read_budget(path).commitments)
    assert expected
    assert read_by(path, draft(path), tmp_path) == expected
    assert all(proposal.reads_the_same for proposal in inspect(path).proposals())


@pytest.mark.parametrize(
    "rows",
    [
        # The last row costs what the others do, and has no vendor: without a mapping it is a commitment.
        [
            ["Name", "Category", "Kind", "Annual cost", "Vendor"],
            ["Web filter", "network", "recurring", 5, "Contoso"],
            ["Switches", "network", "recurring", 6, "Contoso"],
            ["Cabling", "network", "recurring", 11, None],
        ],
        [
            ["Name", "Category", "Kind", "Annual cost ($000)", "Price year"],
            ["Web filter", "network", "recurring", 5, "FY26"],
            ["Total", None, None, 5, None],
        ],
        [
            ["Name", "Category", "Kind", "Cost (FY2026)"],
            ["Web filter", "network", "recurring", 5],
        ],
        [
            ["Name", "Category", "Kind", "Annual cost"],
            ["Web filter", "network", "recurring", 5],
            [],
            ["Position", "Category", "Kind", "Salary"],
            ["Technician", "staffing", "staff", 61000],
        ],
        [
            ["Annual cost", "Name", "Kind", "Category"],
            [5, "Web filter", "recurring", "network"],
            [],
            ["Name", "Category", "Kind", "Annual cost"],
            ["Switches", "network", "recurring", 6],
        ],
        [
            ["Site", "Count", None, "Name", "Category", "Kind", "Annual cost"],
            ["Lincoln", 120, None, "Web filter", "network", "recurring", 5],
        ],
    ],
)
def test_the_draft_gives_the_same_where_tables_are_awkward(rows: list[list[Any]], tmp_path: Path) -> None:
    path = book(tmp_path, *rows)
    budget = read_budget(path)
    assert facts(budget.commitments)
    assert read_by(path, draft(path), tmp_path) == facts(budget.commitments)


def test_a_draft_is_a_valid_mapping_with_what_was_understood(tmp_path: Path) -> None:
    path = write_awkward(tmp_path / "book.xlsx")
    (mapping,) = mappings_from_document(parse_yaml(draft(path), "mapping.yaml"))
    (proposal,) = inspect(path).proposals()
    assert mapping.model_copy(update={"origin": proposal.mapping.origin}) == proposal.mapping
    assert (mapping.area, mapping.sheets, mapping.fill_down, mapping.unit) == (
        "B:H",
        ("Tech costs",),
        ("Fund",),
        "thousands",
    )
    assert mapping.columns["name"] == ("Item",)


def test_no_cost_is_chosen_among_several_and_all_are_listed(tmp_path: Path) -> None:
    text = draft(write_awkward(tmp_path / "book.xlsx"))
    assert "annual_cost" not in yaml.safe_load(text)["columns"]
    assert "# annual_cost: 2025-26 Actual               # G, FY2026, adds up to 293.25\n" in text
    assert "# annual_cost: 2025-26 Budget               # H, FY2026, adds up to 300.65\n" in text


def test_every_table_with_a_name_and_a_cost_gets_a_mapping(tmp_path: Path) -> None:
    staff: list[list[Any]] = [["Title", "FTE", "Salary"], ["Technician", 1, 61000]]
    devices: list[list[Any]] = [["Asset", "Qty", "Unit price"], ["Chromebook", 450, 312.5]]
    path = book(tmp_path, Positions=staff, Devices=devices, Students=[["School", "Students"], *[["Lincoln", 120]] * 3])
    mappings = mappings_from_document(parse_yaml(draft(path), "mapping.yaml"))
    assert [(mapping.sheets, mapping.columns["name"]) for mapping in mappings] == [
        (("Positions",), ("Title",)),
        (("Devices",), ("Asset",)),
    ]
    assert "# Not read: sheet `Students`, A1:B4\n" in draft(path)


def test_the_only_column_of_dollars_is_taken_as_the_cost_and_that_is_said(tmp_path: Path) -> None:
    text = draft(book(tmp_path, *LEDGER))
    assert yaml.safe_load(text)["columns"]["annual_cost"] == "Budget"
    assert "annual_cost: Budget                         # C, the only column of dollars\n" in text


@pytest.mark.parametrize("path", [dayton.EXPENDITURES, dayton.EARLIER, dayton.REVENUE, dayton.PARSE, ENROLLMENT])
def test_a_draft_for_a_real_file_reads_exactly_the_rows_that_were_found(path: Path) -> None:
    (proposal,) = inspect(path).proposals()
    assert proposal.reads_the_same


def test_the_draft_for_a_book_takes_the_fund_from_the_titles(tmp_path: Path) -> None:
    path = write_spread(tmp_path / "book.xlsx", 9)
    written = yaml.safe_load(draft(path))
    assert written["take"] == [{"title": "Fund: {Fund} - {Fund title}"}]
    assert written["columns"]["funded_by"] == "Fund title"
    assert written["fill_down"] == ["School"]
    assert written["sheets"] == openpyxl.load_workbook(path).sheetnames


def test_the_draft_for_a_book_without_titles_suggests_the_names_of_its_sheets(tmp_path: Path) -> None:
    text = draft(book(tmp_path, **{"100 - General": LEDGER, "205 - ESSER III": LEDGER}))
    assert '#   - {sheet: "{Sheet code} - {Sheet title}"}  # the sheets\' names, such as `100 - General`\n' in text
    assert "take" not in yaml.safe_load(text)


def test_suggestions_in_a_draft_hold_when_their_mark_is_taken_away(tmp_path: Path) -> None:
    path = write_spread(tmp_path / "book.xlsx", 3)
    lines = draft(path).splitlines()
    chosen = [re.sub(r"^  # (annual_cost: 2026-27)", r"  \1", line) for line in lines]
    start = next(n for n, line in enumerate(chosen) if line.startswith("# constants:"))
    uncommented = [re.sub(r"^# (?![A-Z])", "", line) for line in chosen[start:]]
    text = "\n".join([*chosen[:start], *uncommented])
    costs = [c["annual_cost"] for c in read_by(path, text, tmp_path)]
    assert len(costs) == 36
    assert sum(costs) == 2 * sum(Decimal(str(round(1.1 * n + 7.77 * k, 2))) for n in (1, 2, 3) for k in range(4)) * 3


def test_rows_without_a_cost_and_totals_above_their_parts_are_suggested_to_be_dropped(tmp_path: Path) -> None:
    rows = [*LEDGER, ["Paper", "610", 0], ["Pens", "610", 0]]
    assert '#     - {Budget: "= 0"}                       # 2 rows have no cost\n' in draft(book(tmp_path, *rows))
    above: list[list[Any]] = [
        ["Row Labels", "Sum of Budget"],
        ["Fund 1", 30],
        ["a", 10],
        ["b", 12],
        ["c", 8],
        ["Grand Total", 30],
    ]
    assert "#     - {Row Labels: Fund 1}                  # row 2 adds up the 3 rows below it\n" in draft(
        book(tmp_path, *above)
    )


@pytest.mark.parametrize(
    "name",
    ["yes", "12 months", "a: b", "# of devices", "Cost [net]", "'quoted'", '"', "  two  spaces ", "{x", "2026-06-30"],
)
def test_any_heading_and_sheet_name_is_written_so_that_it_is_read_back(name: str, tmp_path: Path) -> None:
    sheet = re.sub(r"[\[\]:]", "(", name).strip().strip("'") or "x"
    rows: list[list[Any]] = [["Item", name, "Budget"], ["Web filter", "Contoso", 9000], ["Switches", "Fabrikam", 1200]]
    path = book(tmp_path, **{sheet: rows, "Other": [["Ask Pat"]]})
    (mapping,) = mappings_from_document(parse_yaml(draft(path), "mapping.yaml"))
    (proposal,) = inspect(path).proposals()
    assert proposal.reads_the_same
    assert mapping.sheets == (" ".join(sheet.split()),)
    assert mapping.columns == proposal.mapping.columns


def test_a_draft_for_several_files_names_each_of_them(tmp_path: Path) -> None:
    one = write_xlsx(tmp_path / "one.xlsx", {"Ledger": LEDGER})
    two = write_xlsx(tmp_path / "two.xlsx", {"Ledger": LEDGER})
    mappings = mappings_from_document(parse_yaml(draft(one, two), "mapping.yaml"))
    assert [mapping.files for mapping in mappings] == [("one.xlsx",), ("two.xlsx",)]


def test_a_draft_never_replaces_a_file_in_silence(tmp_path: Path, run: Run) -> None:
    path, target = book(tmp_path, *LEDGER), tmp_path / "mapping.yaml"
    assert run("inspect", path, "--write-mapping", target)[0] == 0
    written = target.read_text(encoding="utf-8")
    target.write_text("mine", encoding="utf-8")
    status, _out, err = run("inspect", path, "--write-mapping", target)
    assert (status, target.read_text(encoding="utf-8")) == (2, "mine")
    assert "exists" in err
    assert run("inspect", path, "--write-mapping", target, "--force")[0] == 0
    assert target.read_text(encoding="utf-8") == written


def test_a_draft_never_replaces_what_is_inspected(tmp_path: Path, run: Run) -> None:
    path = book(tmp_path, *LEDGER)
    before = path.read_bytes()
    status, _out, err = run("inspect", path, "--write-mapping", path, "--force")
    assert (status, path.read_bytes()) == (2, before)
    assert "is what this run reads" in err


def test_a_draft_is_made_without_a_mapping(tmp_path: Path, run: Run) -> None:
    path, mapping = book(tmp_path, *LEDGER), tmp_path / "mapping.yaml"
    mapping.write_text("columns: {name: Item}\n", encoding="utf-8")
    status, _out, err = run("inspect", path, "--mapping", mapping, "--write-mapping", tmp_path / "new.yaml")
    assert (status, (tmp_path / "new.yaml").exists()) == (2, False)
    assert "leave --mapping out" in err


def test_what_a_draft_leaves_open_is_said(tmp_path: Path, run: Run) -> None:
    path, target = write_awkward(tmp_path / "book.xlsx"), tmp_path / "mapping.yaml"
    _status, _out, err = run("inspect", path, "--write-mapping", target)
    assert err.splitlines() == [
        f"wrote {target}",
        "book.xlsx: 2 columns could be the cost; none was chosen, all are listed",
        "book.xlsx: no column gives category and kind; see `constants`",
    ]


def test_a_file_without_a_table_gives_no_draft(tmp_path: Path, run: Run) -> None:
    path, target = book(tmp_path, ["Ask Pat"]), tmp_path / "mapping.yaml"
    status, _out, err = run("inspect", path, "--write-mapping", target)
    assert (status, target.exists()) == (2, False)
    assert "no table was found" in err


# --------------------------------------------------------------------------- what is shown


def test_everything_is_told_as_one_json_document(tmp_path: Path, run: Run) -> None:
    path = write_awkward(tmp_path / "book.xlsx")
    status, out, _err = run("inspect", path, CEDAR_VALLEY, "--format", "json")
    document = json.loads(out, parse_float=Decimal)
    assert (status, document["schema"]) == (0, "esser-gap/inspection/1")
    first, second = document["files"]
    assert (first["can_be_projected"], second["can_be_projected"]) == (False, True)
    assert [sheet["name"] for sheet in first["sheets"]] == ["Tech costs", "Old", "Blank"]
    table = first["tables"][0]
    assert table["extents"] == [{"sheet": "Tech costs", "header": [4, 5], "cells": "B4:H17", "rows": 6}]
    budget = table["columns"][-1]
    assert (budget["heading"], budget["dollars_for_1"], budget["fiscal_year"]) == ("2025-26 Budget", 1000, 2026)
    assert table["totals"]["sums"][0]["rows"] == Decimal("293.25")
    assert [issue["code"] for issue in first["issues"] if issue["severity"] == "error"] == ["cost-unclear"]


@pytest.mark.parametrize("width", [80, 140])
def test_an_inspection_is_readable_on_a_terminal(width: int, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    shown = text_of(inspect(write_awkward(tmp_path / "book.xlsx")), width)
    assert shown == snapshot
    assert max(map(len, shown.splitlines())) <= width


def test_a_piped_inspection_is_whole(tmp_path: Path, snapshot: SnapshotAssertion, run: Run) -> None:
    path = write_awkward(tmp_path / "book.xlsx")
    assert run("inspect", path)[1].replace(str(path), "book.xlsx") == snapshot


def test_a_draft_says_where_each_line_comes_from(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    path = write_awkward(tmp_path / "book.xlsx")
    assert draft(path).replace(str(path), "book.xlsx") == snapshot


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("path", [dayton.EXPENDITURES, CEDAR_VALLEY, ENROLLMENT], ids=lambda path: path.stem)
def test_no_inspection_overruns_a_terminal(path: Path, width: int) -> None:
    assert max(map(len, text_of(inspect(path), width).splitlines())) <= width


def text_of(found: Inspection, width: int | None = None) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width or 1000, force_terminal=True, color_system=None, highlight=False, soft_wrap=True
    )
    draw(inspection_parts(found), console)
    return stream.getvalue()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def start(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return start
