from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from esser_gap.errors import OutputError
from esser_gap.model.district import District
from esser_gap.plan.tables import MONEY, TABLES
from esser_gap.projecting import Projection, Settings, project_all
from esser_gap.view.finding import finding
from esser_gap.write import workbook as workbook_module
from esser_gap.write import workbook_detail
from esser_gap.write.workbook import write_workbook
from esser_gap.write.workbook_checks import DIFFERS, HOLDS, checks_table, verdict
from esser_gap.write.workbook_formats import HEADER_FILL, INK, LINK, TOTAL_FILL
from esser_gap.write.workbook_text import CELL_LIMIT, clean, in_quotes, lines_of
from small_budget import (
    AS_OF,
    DISTRICT,
    baseline,
    commitment,
    small_budget,
    small_projection,
    sources,
    two_district_projection,
)

if TYPE_CHECKING:
    from pathlib import Path

DETAIL = tuple(table.capitalize() for table in TABLES)
PAGES = (
    "Summary",
    "First to lose",
    "Decisions",
    "At risk",
    "Money that ends",
    "If more money came",
    "Scenarios",
    "Scenario changes",
    "By category",
    "By goal",
    "Assumptions",
    "Sources",
    "Eligibility",
    "Commitments",
    *DETAIL,
    "Checks",
    "Issues",
    "Receipts",
    "Files",
    "Method",
)

WIDE = {"Eligibility": "B"}
"""Pages whose first columns stay in sight, too, with the first column that scrolls."""

HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tafter a tab",
    "007",
    "1E5",
    "https://example.org",
    "<r><t>not & rich</r>",
    "مدرسة النور",
    "backpacks \N{SCHOOL SATCHEL}",
    "first line\nsecond line",
    "x" * 300,
    " spaces round it ",
    "TRUE",
    "#REF!",
)


def written(projection: Projection, folder: Path, name: str = "gap.xlsx") -> Path:
    path = folder / name
    write_workbook(projection, path)
    return path


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(small_projection(), tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def book(book_path: Path) -> Any:
    return opened(book_path)


@cache
def hostile_projection() -> Projection:
    """Project commitments whose ids and names look like something else than text."""
    rows = tuple(
        commitment(
            row, id=text, name=text, category="software", kind="recurring", annual_cost="10.10", goal=text, vendor=text
        )
        for row, text in enumerate(HOSTILE, start=2)
    )
    budget = replace(small_budget(), commitments=rows, sources=())
    return project_all(budget, [baseline()], Settings(AS_OF, 2027, 2), lambda: ())


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def texts_of(sheet: Any) -> set[str]:
    return {value for row in rows_of(sheet) for value in row if isinstance(value, str)}


def expected_rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    flat = frame.with_columns(pl.col(pl.List(pl.String)).list.join("; "), pl.col(MONEY).cast(pl.Float64))
    return [tuple(None if value == "" else value for value in row) for row in flat.iter_rows()]


def plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def read_back(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(plain(value) for value in row) for row in rows_of(sheet)]


def test_pages_stand_in_the_order_of_a_board_packet(book: Any) -> None:
    assert tuple(book.sheetnames) == PAGES


def test_one_scenario_has_no_page_that_compares(tmp_path: Path) -> None:
    names = opened(written(two_district_projection(), tmp_path)).sheetnames
    assert "Scenarios" not in names
    assert "Assumptions" in names


@pytest.mark.parametrize("table", TABLES)
def test_a_tidy_table_reads_back_with_every_value(book: Any, table: str) -> None:
    header, *rows = read_back(book[table.capitalize()])
    assert header == tuple(column.name for column in TABLES[table])
    assert rows == expected_rows(small_projection().table(table))


@pytest.mark.parametrize("table", TABLES)
def test_calamine_reads_the_same_figures(book_path: Path, table: str) -> None:
    read = CalamineWorkbook.from_path(book_path).get_sheet_by_name(table.capitalize()).to_python()
    expected = expected_rows(small_projection().table(table))
    assert [tuple(None if value == "" else plain(value) for value in row) for row in read[1:]] == expected


def test_money_is_stored_with_its_own_digits(book_path: Path) -> None:
    stored = zipfile.ZipFile(book_path).read("xl/worksheets/sheet16.xml").decode()
    amounts = re.findall(r"<v>(\d+\.\d+)</v>", stored)
    assert amounts
    assert all(len(amount.partition(".")[2]) == 2 for amount in amounts)


def test_totals_on_the_summary_are_the_totals_of_the_engine(book: Any) -> None:
    years = small_projection().years.filter(scenario="baseline")
    shown = {row[0]: row[1:] for row in rows_of(book["Summary"]) if row[0] in {"Cost", "Sustained", "Bridged", "Gap"}}
    for label, values in shown.items():
        amounts = years[label.lower()].to_list()
        assert values == tuple(float(amount) for amount in (*amounts, sum(amounts, Decimal(0))))
    assert len(shown) == 4


def test_the_summary_begins_with_the_finding(book: Any) -> None:
    sentence = in_quotes(finding(small_projection(), district=DISTRICT, scenario="baseline"))
    first_column = [row[0] for row in rows_of(book["Summary"])]
    assert first_column[0] == DISTRICT
    assert " ".join(first_column[1 : 1 + len(lines_of(sentence, 940, bold=True))]).startswith(sentence[:120])
    assert sentence in " ".join(text for text in first_column if text)


def test_there_is_no_formula_and_no_merged_cell(book: Any, book_path: Path) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    archive = zipfile.ZipFile(book_path)
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in archive.read(name) for name in sheets)
    assert not any("external" in name or "vba" in name for name in archive.namelist())


def test_properties_say_title_language_subject_and_date(book: Any) -> None:
    properties = book.properties
    assert DISTRICT in (properties.title or "")
    assert properties.language == "en-US"
    assert "has no funding" in (properties.subject or "")
    assert properties.created == datetime(2026, 11, 23)  # noqa: DTZ001


def test_every_sheet_prints_on_landscape_letter_one_page_wide(book: Any) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}
        assert sheet.print_area.startswith(f"'{sheet.title}'!$A$1:")
        assert DISTRICT in sheet.oddFooter.left.text
        assert "November 23, 2026" in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text.strip() == "Page &P of &N"


def test_a_footer_keeps_digits_and_ampersands_of_a_name(tmp_path: Path) -> None:
    odd = District(name="21st Century & Sons")
    row = commitment(2, id="A", name="A", category="other", kind="recurring", annual_cost="5", district=odd.name)
    budget = replace(small_budget(), commitments=(row,), sources=(), districts=(odd,))
    projection = project_all(budget, [baseline()], Settings(AS_OF, 2027, 1), lambda: ())
    stored = zipfile.ZipFile(written(projection, tmp_path)).read("xl/worksheets/sheet1.xml").decode()
    assert "&amp;L&amp;9 21st Century &amp;&amp; Sons, as of November 23, 2026&amp;C" in stored


def test_headings_are_repeated_and_stay_in_sight(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        header_row = 1 if sheet.title in DETAIL else 3
        assert sheet.print_title_rows == f"${header_row}:${header_row}"
        assert sheet.freeze_panes == f"{WIDE.get(sheet.title, 'A')}{header_row + 1}"
        assert all(cell.value for cell in sheet[header_row])


def test_tidy_tables_can_be_filtered(book: Any) -> None:
    for sheet in (book[name] for name in DETAIL):
        assert sheet.auto_filter.ref == sheet.dimensions


def test_dates_are_dates_and_shortfalls_stand_in_parentheses(book: Any) -> None:
    losses = book["Losses"]
    named = {cell.value: cell.column for cell in losses[1]}
    assert losses.cell(2, named["funding_lost_on"]).is_date
    assert losses.cell(2, named["horizon_gap"]).number_format.startswith("(#,##0.00);")
    first = book["First to lose"]
    assert first.cell(4, 3).is_date
    assert first.cell(4, 6).number_format.startswith("(#,##0);")
    assert "\N{EN DASH}" in first.cell(4, 6).number_format


def test_the_chart_says_what_it_shows_and_keeps_its_figures(book_path: Path) -> None:
    archive = zipfile.ZipFile(book_path)
    chart = archive.read("xl/charts/chart1.xml").decode()
    drawing = archive.read("xl/drawings/drawing1.xml").decode()
    gap = small_projection().years.filter(scenario="baseline")["gap"]
    assert all(f"<c:v>{float(amount)}</c:v>" in chart for amount in gap)
    assert '<c:grouping val="stacked"/>' in chart
    assert "pattFill" in chart
    assert 'descr="Stacked column chart of cost by fiscal year' in drawing
    assert "table above it on the sheet Summary" in drawing


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    path = written(hostile_projection(), tmp_path)
    costs = opened(path)["Costs"]
    cells = [row[2] for row in costs.iter_rows(min_row=2)]
    assert [cell.value for cell in cells[::2]] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not costs._hyperlinks
    read = CalamineWorkbook.from_path(path).get_sheet_by_name("Costs").to_python()
    assert [row[2] for row in read[1::2]] == list(HOSTILE)


def test_names_reach_the_pages_for_people_unchanged(tmp_path: Path) -> None:
    book = opened(written(hostile_projection(), tmp_path))
    assert set(HOSTILE) <= texts_of(book["Commitments"])
    assert set(HOSTILE) <= texts_of(book["By goal"])


def test_characters_that_xml_forbids_are_seen_as_replaced() -> None:
    assert clean("a\x00b\x07c\x1fd\ud800e\uffff") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"
    assert clean("tab\tand\r\nline\rends") == "tab\tand\nline\nends"


@pytest.mark.parametrize("letter", ["x", "\N{SCHOOL SATCHEL}"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path, letter: str) -> None:
    long = commitment(2, id="LONG", name=letter * 40_000, category="software", kind="recurring", annual_cost="1")
    budget = replace(small_budget(), commitments=(long,), sources=())
    projection = project_all(budget, [baseline()], Settings(AS_OF, 2027, 1), lambda: ())
    shown = opened(written(projection, tmp_path))["Commitments"]["B4"].value
    assert len(shown.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert shown.startswith(letter * 10_000)
    assert shown.endswith("[cut: 40,000 characters, more than a cell can hold]")


def test_all_checks_hold_and_the_summary_says_so(book: Any) -> None:
    results = [row[7] for row in rows_of(book["Checks"])[3:] if row[7]]
    assert len(results) > 20
    assert set(results) == {HOLDS}
    assert any("checks hold" in text for text in texts_of(book["Summary"]))


@pytest.mark.parametrize(
    ("table", "column"),
    [("years", "gap"), ("costs", "cost"), ("coverage", "amount"), ("payments", "amount"), ("losses", "horizon_gap")],
)
def test_a_figure_that_does_not_agree_shows_as_differing(table: str, column: str) -> None:
    projection = small_projection()
    first = pl.int_range(pl.len()) == 0
    off = projection.table(table).with_columns(
        pl.when(first).then(pl.col(column) + Decimal("0.01")).otherwise(pl.col(column)).cast(MONEY).alias(column)
    )
    changed: dict[str, Any] = {table: off}
    checks = checks_table(replace(projection, **changed))
    broken = [row.cells for row in checks.rows if row.cells[7] == DIFFERS]
    assert broken
    assert all(cells[6] == 1 for cells in broken)
    assert "DIFFER" in verdict(checks)


def test_differences_that_cancel_out_are_found() -> None:
    projection = small_projection()
    place = pl.int_range(pl.len())
    shift = (
        pl.when(place == 0).then(pl.lit(Decimal(1))).when(place == 1).then(pl.lit(Decimal(-1))).otherwise(Decimal(0))
    )
    off = projection.years.with_columns((pl.col("cost") + shift).cast(MONEY))
    checks = checks_table(replace(projection, years=off))
    broken = [row.cells for row in checks.rows if row.cells[7] == DIFFERS]
    assert [(cells[0], cells[3] == cells[4], cells[6]) for cells in broken] == [
        ("Years: cost = sum of cost in Costs", True, 2)
    ]


def test_rows_left_out_are_stated_on_the_first_page(book: Any) -> None:
    assert any("1 rows read with 500.00 dollars" in text for text in texts_of(book["Summary"]))


def test_every_file_is_named_with_its_digest(book: Any) -> None:
    assert {"5c" * 32, "a1" * 32, "cedar-valley.xlsx", "district.yaml"} <= texts_of(book["Files"])


def test_assumptions_of_other_scenarios_are_listed_where_they_differ(book: Any) -> None:
    rows = rows_of(book["Assumptions"])[3:]
    assert any(row[:3] == ("baseline", "Price growth, benefits", "7% in every year") for row in rows)
    assert not any(row[:2] == ("austerity", "Price growth, benefits") for row in rows)
    assert any(row[:2] == ("austerity", "Action 1") for row in rows)


def test_the_same_projection_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    first = written(small_projection(), tmp_path, "a.xlsx").read_bytes()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert written(small_projection(), tmp_path, "b.xlsx").read_bytes() == first


def test_source_date_epoch_dates_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    book = opened(written(small_projection(), tmp_path))
    assert book.properties.created == datetime(2023, 11, 14, 22, 13, 20)  # noqa: DTZ001


def test_a_large_workbook_holds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Any) -> None:
    monkeypatch.setattr(workbook_module, "LARGE", 0)
    large = opened(written(small_projection(), tmp_path))
    assert large.sheetnames == book.sheetnames
    assert [rows_of(sheet) for sheet in large] == [rows_of(sheet) for sheet in book]
    chart = zipfile.ZipFile(tmp_path / "gap.xlsx").read("xl/charts/chart1.xml").decode()
    assert "<c:v>FY2027</c:v>" in chart


def test_a_table_longer_than_a_sheet_continues_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_detail, "SHEET_ROWS", 31)
    book = opened(written(small_projection(), tmp_path))
    sheets = [book[name] for name in book.sheetnames if name.startswith("Costs")]
    assert [sheet.title for sheet in sheets] == ["Costs", "Costs (2)", "Costs (3)"]
    assert len({rows_of(sheet)[0] for sheet in sheets}) == 1
    assert [sheet.auto_filter.ref for sheet in sheets] == ["A1:I31", "A1:I31", "A1:I11"]
    rows = [row for sheet in sheets for row in read_back(sheet)[1:]]
    assert rows == expected_rows(small_projection().costs)


def test_several_districts_have_a_block_each(tmp_path: Path) -> None:
    book = opened(written(two_district_projection(), tmp_path))
    summary = book["Summary"]
    titles = [row[0] for row in rows_of(summary)]
    assert titles[0] == "Gap by district"
    assert {DISTRICT, "Birch Hollow SD"} <= set(titles)
    assert [brk.id for brk in summary.row_breaks.brk] == [titles.index(DISTRICT, 5), titles.index("Birch Hollow SD", 9)]
    assert len(summary._charts) == 2
    assert rows_of(book["First to lose"])[2][0] == "District"


def test_a_budget_without_a_gap_makes_a_workbook(tmp_path: Path) -> None:
    row = commitment(2, id="A", name="A", category="other", kind="recurring", annual_cost="5", funded_by=())
    free = replace(small_budget(), commitments=(row,), sources=(sources()[4],), receipts=())
    projection = project_all(free, [baseline()], Settings(AS_OF, 2027, 1), lambda: ())
    book = opened(written(projection, tmp_path))
    assert book["Losses"].max_row == 1
    assert "No commitment loses funding" in texts_of(book["First to lose"])


def test_a_file_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_workbook(small_projection(), tmp_path / "no such folder" / "gap.xlsx")


def test_text_is_readable_on_every_fill() -> None:
    assert min(contrast(INK, fill) for fill in ("#FFFFFF", HEADER_FILL, TOTAL_FILL)) > 4.5
    assert contrast(LINK, "#FFFFFF") > 4.5


def contrast(first: str, second: str) -> float:
    """Compute the contrast ratio of two colors as WCAG 2.1 defines it."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CI"), reason="LibreOffice is not installed"
)


def converted(path: Path, form: str, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder / f"{path.stem}.{form}"


@needs_libreoffice
def test_libreoffice_prints_it(book_path: Path, tmp_path: Path) -> None:
    printed = converted(book_path, "pdf", tmp_path).read_bytes()
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000


@needs_libreoffice
def test_libreoffice_keeps_every_value(book: Any, book_path: Path, tmp_path: Path) -> None:
    # LibreOffice saves truth values as formulas; data_only reads the value it computed for them.
    saved: Any = openpyxl.load_workbook(converted(book_path, "xlsx", tmp_path), data_only=True)
    assert saved.sheetnames == book.sheetnames
    for sheet in book:
        again = saved[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                assert plain(again[cell.coordinate].value) == plain(cell.value), f"{sheet.title}!{cell.coordinate}"


def test_dates_before_excel_begins_are_text(tmp_path: Path) -> None:
    projection = small_projection()
    early = projection.losses.with_columns(decide_by=pl.lit(date(1899, 3, 1)))
    book = opened(written(replace(projection, losses=early), tmp_path))
    assert book["First to lose"]["D4"].value == "1899-03-01"
