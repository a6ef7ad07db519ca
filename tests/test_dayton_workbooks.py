"""Dayton's own workbooks, of 1, 90 and 43 sheets: to the cent what their total lines say, and no total counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from dayton_files import (
    EARLIER,
    EXAMPLE,
    EXPENDITURES,
    PARSE,
    PRINTED_IN_PIVOT,
    PRINTED_REVENUE,
    PRINTED_TOTALS,
    PROPOSED_2022,
    PROPOSED_2023,
    PROPOSED_2024,
    REVENUE,
    cents,
    earlier_lines,
    parse_lines,
    pivot,
    place_of,
    printed_totals,
    raw_sum,
    sheets_of,
    total,
)
from esser_gap.issues import Severity
from esser_gap.projecting import project_all, settings_for
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader

if TYPE_CHECKING:
    from pathlib import Path

    from dayton_files import Line
    from esser_gap.model.budget import Budget, Receipt
    from esser_gap.model.commitment import Commitment
    from esser_gap.projecting import Projection

MAPPING = EXAMPLE / "mapping-workbooks.yaml"
BESIDES = EXAMPLE / "funding-2023-24.yaml"

# Reads every line of the 2022-23 workbook, with all its text in the name.
EVERY_LINE = """
fill_down: [Cost Center, Budget Orgn]
take: [{title: "Fund: {Fund}"}]
columns:
  id: [Budget Unit, Account]
  name: [Cost Center, Budget Orgn, Budget Unit, Account, Account Title]
  service: Fund
  annual_cost: 2022-2023 Proposed
constants: {category: other, kind: recurring, funded_by: General Fund}
"""
# Reads every account of the 2021-22 workbook, each summed over all its lines.
EVERY_ACCOUNT = """
sheets: All
columns: {id: Account, name: Account, annual_cost: 2021-2022 Proposed}
sum_by: Account
constants: {category: other, kind: recurring, funded_by: General Fund}
"""


def read_by(text: str, folder: Path, path: Path, funding: tuple[Path, ...] = ()) -> Budget:
    """Read a file by a mapping of this text."""
    mapping = folder / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    return read_budget([path], mapping=mapping, funding=funding)


@cache
def expenditures() -> Budget:
    return read_budget([EXPENDITURES], mapping=MAPPING)


@cache
def parse() -> Budget:
    return read_budget([PARSE], mapping=EXAMPLE / "mapping-2022-23.yaml")


@cache
def with_revenue() -> Budget:
    return read_budget([EXPENDITURES], mapping=MAPPING, funding=[REVENUE, BESIDES])


def revenue_by(text: str, folder: Path) -> Budget:
    """Read the revenue book by a mapping of this text, beside a budget of one line."""
    line = folder / "budget.csv"
    line.write_text("name,category,kind,annual_cost,funded_by\nSwitch,network,recurring,500,E-rate fund\n", "utf-8")
    return read_by(text, folder, line, funding=(REVENUE,))


def projected(budget: Budget, as_of: date) -> Projection:
    baseline = ScenarioLoader(budget.scenarios).load("baseline")
    return project_all(budget, [baseline], settings_for(budget, as_of=as_of, years=5), known_sources)


def problems(budget: Budget) -> list[str]:
    return [issue.code for issue in budget.issues if issue.severity is not Severity.NOTE]


def lines_of(receipt: Receipt) -> Decimal:
    """Give the dollars in the lines of a sheet, whatever becomes of them, without its totals."""
    return receipt.dollars_accepted + receipt.dollars_left_out + receipt.dollars_rejected


def costs(budget: Budget) -> list[tuple[str, Decimal]]:
    """Give the names and dollars of all rows, of those below zero, too, which are no commitments."""
    order = {name: place for place, name in enumerate(sheets_of(EXPENDITURES))}
    rows = [(c.origin, c.name, c.base) for c in budget.commitments]
    rows += [(r.origin, r.name, r.dollars or Decimal(0)) for r in budget.rejected]
    rows.sort(key=lambda row: (order.get(row[0].sheet, 0), row[0].rows))
    return [(" ".join(name.split()), dollars) for _, name, dollars in rows]


# --- 2022-23: 90 sheets, a total for each unit, cost center and fund, and one for all -----------------


@pytest.fixture(scope="module", params=PRINTED_TOTALS)
def column(request: pytest.FixtureRequest) -> str:
    """Give each column of dollars in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def every_line(column: str, tmp_path_factory: pytest.TempPathFactory) -> Budget:
    """Read every line of the workbook with the dollars of a column."""
    return read_by(EVERY_LINE.replace(PROPOSED_2023, column), tmp_path_factory.mktemp("mapping"), EXPENDITURES)


@pytest.fixture(scope="module")
def example_lines(column: str, tmp_path_factory: pytest.TempPathFactory) -> Budget:
    """Read the workbook as the example does, with the dollars of a column."""
    text = MAPPING.read_text(encoding="utf-8").replace(PROPOSED_2023, column)
    return read_by(text, tmp_path_factory.mktemp("mapping"), EXPENDITURES)


def fund_of(line: Line) -> str:
    """Give the fund of a line of the parse, whose own column of funds is wrong in some lines."""
    return line["Budget Unit"][:3]


def test_the_workbook_has_a_total_line_for_each_cost_center_and_fund_and_one_for_all() -> None:
    printed = printed_totals(EXPENDITURES, PROPOSED_2023)
    funds = {fund_of(line) for line in parse_lines().values()}
    assert len(printed) == 90
    assert all(totals for _, totals in printed)
    assert sum(len(totals) >= 2 for _, totals in printed) == len(funds) == 42
    assert [name for name, totals in printed if len(totals) == 3] == ["415 - ERATE,608"]


@pytest.mark.parametrize("way", ["every_line", "example_lines"])
def test_the_lines_add_up_to_every_total_line_of_the_workbook(
    way: str, column: str, request: pytest.FixtureRequest
) -> None:
    budget: Budget = request.getfixturevalue(way)
    read = {receipt.sheet: lines_of(receipt) for receipt in budget.receipts}
    fund = overall = Decimal(0)
    for sheet, (center, *further) in printed_totals(EXPENDITURES, column):
        assert (sheet, read[sheet]) == (sheet, center)
        fund += read[sheet]
        overall += read[sheet]
        if further:
            assert (sheet, fund) == (sheet, further[0])
            fund = Decimal(0)
        if further[1:]:
            assert overall == further[1]
    assert overall == Decimal(PRINTED_TOTALS[column])


def test_each_fund_of_the_workbook_is_the_parses(every_line: Budget, column: str) -> None:
    read: dict[str, Decimal] = defaultdict(Decimal)
    for receipt in every_line.receipts:
        title = next(str(row[0]) for row in sheets_of(EXPENDITURES)[receipt.sheet] if "Fund:" in str(row[0]))
        read[title.split()[1]] += lines_of(receipt)
    parsed: dict[str, Decimal] = defaultdict(Decimal)
    for line in parse_lines().values():
        parsed[fund_of(line)] += Decimal(line[column])
    assert read == parsed


def test_every_line_of_the_workbook_is_the_parses(every_line: Budget, column: str) -> None:
    parsed = []
    for line in parse_lines().values():
        account = line["Account"].removesuffix(".0")
        texts = [line["Cost Center"], line["Budget Orgn"], line["Budget Unit"], account, line["Account Title"]]
        name = ", ".join(text.strip() for text in texts if text.strip())
        parsed.append((" ".join(name.split()), cents(line[column])))
    assert len(parsed) == 1954
    assert costs(every_line) == parsed


def test_the_fund_of_a_line_is_the_title_of_its_sheet_where_the_parse_has_the_name_of_the_sheet(
    tmp_path: Path,
) -> None:
    read = read_by(EVERY_LINE, tmp_path, EXPENDITURES).commitments
    pairs = list(zip(read, parse_lines().values(), strict=True))
    assert [str(c.service)[:3] for c, _ in pairs] == [fund_of(line) for _, line in pairs]
    wrong = [(str(c.service), c.base) for c, line in pairs if not str(c.service).startswith(line["Fund"])]
    assert {service for service, _ in wrong} == {"400 - 2019 GO BOND CONSTRUCTION"}
    assert (len(wrong), sum(dollars for _, dollars in wrong)) == (32, Decimal("11027000.00"))


def test_a_plain_sum_is_five_times_the_budget_and_no_figure_of_the_program(every_line: Budget, column: str) -> None:
    truth = Decimal(PRINTED_TOTALS[column])
    assert raw_sum(EXPENDITURES, column) == truth * 5
    assert sum(receipt.dollars_read for receipt in every_line.receipts) == truth * 5
    assert sum(receipt.dollars_totals for receipt in every_line.receipts) == truth * 4
    assert sum(dollars for _, dollars in costs(every_line)) == truth
    assert sum(receipt.rows_totals for receipt in every_line.receipts) == 456
    assert all(
        receipt.rows_read == receipt.rows_accepted + receipt.rows_totals + receipt.rows_left_out + receipt.rows_rejected
        for receipt in every_line.receipts
    )


def test_the_receipts_of_the_workbook_account_for_every_row_and_cent() -> None:
    receipts = expenditures().receipts
    assert sum(receipt.rows_read for receipt in receipts) == 1954 + 456
    assert sum(receipt.rows_accepted for receipt in receipts) == 35
    assert sum(receipt.rows_left_out for receipt in receipts) == 1954 - 35
    assert sum(receipt.dollars_accepted for receipt in receipts) == Decimal("420700.00")
    assert sum(receipt.dollars_left_out for receipt in receipts) == Decimal("34964778.25")
    assert not any(receipt.rows_rejected or receipt.unreadable for receipt in receipts)


def test_without_a_mapping_the_workbook_is_refused_and_nothing_is_summed() -> None:
    budget = read_budget([EXPENDITURES])
    assert problems(budget) == ["header-not-found"]
    assert budget.commitments == ()


def test_a_total_line_that_says_something_else_is_told_and_still_left_out(tmp_path: Path) -> None:
    changed = tmp_path / EXPENDITURES.name
    with ZipFile(EXPENDITURES) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>35385478.25</v>", b"<v>35385478.26</v>"))
    budget = read_budget([changed], mapping=MAPPING, funding=[EXAMPLE / "funding.yaml"])
    (issue,) = [issue for issue in budget.issues if issue.severity is not Severity.NOTE]
    assert (issue.code, issue.where.sheet, issue.where.cell) == ("total-differs", "415 - ERATE,608", "J15")
    assert "says 35,385,478.26, and the 1954 rows it covers add up to 35,385,478.25: 0.01 more" in issue.message
    assert sum(c.base for c in budget.commitments) == Decimal("420700.00")


def comparable(commitment: Commitment) -> dict[str, object]:
    """Give what a commitment is, with account numbers as the workbook writes them."""
    fields = commitment.model_dump(exclude={"origin"})
    return fields | {name: str(fields[name]).removesuffix(".0") for name in ("id", "account")}


def test_the_workbook_gives_the_commitments_that_the_parse_gives() -> None:
    read = [comparable(commitment) for commitment in expenditures().commitments]
    assert len(read) == 35
    assert read == [comparable(commitment) for commitment in parse().commitments]


def test_the_workbook_projects_to_the_cents_of_the_parse() -> None:
    ours, theirs = (projected(budget, date(2022, 7, 1)) for budget in (expenditures(), parse()))
    assert ours.years.equals(theirs.years)
    assert ours.years.row(0, named=True)["cost"] == Decimal("420700.00")


def test_every_commitment_leads_to_its_cell_in_the_workbook() -> None:
    for commitment in expenditures().commitments:
        (row,), letter = commitment.origin.rows, commitment.origin.columns["annual_cost"]
        cells = sheets_of(EXPENDITURES)[commitment.origin.sheet][row - 1]
        assert commitment.id == f"{cells[2]}, {cells[3]}"
        assert commitment.base == cents(cells["ABCDEFGHIJKLM".index(letter)])


@pytest.mark.parametrize(
    ("source", "fund", "dollars"), [("ESSER III", "205", "250000.00"), ("E-rate fund", "415", "114400.00")]
)
def test_esser_iii_and_e_rate_pay_the_total_lines_of_their_funds(source: str, fund: str, dollars: str) -> None:
    printed = [t for name, t in printed_totals(EXPENDITURES, PROPOSED_2023) if name.startswith(fund)]
    read = [c for c in expenditures().commitments if [part.source for part in c.funded_by] == [source]]
    assert sum(c.base for c in read) == printed[-1][1] == Decimal(dollars)
    assert {str(c.account)[:3] for c in read} == {fund}


def test_units_coded_esser_in_other_funds_are_read_to_the_cent(tmp_path: Path) -> None:
    spent = "2020-2021 Actual"
    text = MAPPING.read_text(encoding="utf-8").replace(PROPOSED_2023, spent)
    read = [c for c in read_by(text, tmp_path, EXPENDITURES).commitments if "ESSER" in c.name]
    expected = total(parse_lines(), spent, lambda line: "ESSER" in line["Budget Orgn"])
    assert sum(c.base for c in read) == expected == Decimal("42806.46")


# --- 2021-22: one sheet of lines, and a pivot of them ------------------------------------------------


@pytest.mark.parametrize(("place", "heading"), [*enumerate(PRINTED_IN_PIVOT, start=2)])
def test_each_account_of_the_earlier_book_is_what_its_pivot_says(place: int, heading: str, tmp_path: Path) -> None:
    budget = read_by(EVERY_ACCOUNT.replace(PROPOSED_2022, heading), tmp_path, EARLIER)
    rows = sheets_of(EARLIER)["Pivot"][4:80]
    assert dict(costs(budget)) == {str(row[0]): cents(row[place - 1]) for row in rows}
    (receipt,) = budget.receipts
    assert receipt.dollars_read == pivot(81, place) == Decimal(PRINTED_IN_PIVOT[heading])


@pytest.mark.parametrize(
    ("sheets", "found"),
    [("sheets: All", []), ("sheets: '*'", ["header-not-found", "header-not-found"]), ("", [])],
)
def test_the_pivot_is_never_read_besides_the_lines_it_sums(sheets: str, found: list[str], tmp_path: Path) -> None:
    text = (EXAMPLE / "mapping-2021-22.yaml").read_text(encoding="utf-8")
    budget = read_by(text.replace("sheets: All", sheets), tmp_path, EARLIER)
    assert problems(budget) == found
    assert [receipt.sheet for receipt in budget.receipts] == ["All"]
    assert sum(c.base for c in budget.commitments) == Decimal("424500.00")


# --- 2023-24: revenue, 43 sheets with their header in row 5 ------------------------------------------


@pytest.mark.parametrize("heading", PRINTED_REVENUE)
def test_the_revenue_adds_up_to_every_total_line_of_its_book(heading: str, tmp_path: Path) -> None:
    text = MAPPING.read_text(encoding="utf-8").replace(PROPOSED_2024, heading)
    budget = revenue_by(text, tmp_path)
    read = {receipt.sheet: receipt for receipt in budget.receipts if receipt.file == REVENUE.name}
    printed = printed_totals(REVENUE, heading)
    overall = Decimal(PRINTED_REVENUE[heading])
    assert [(sheet, lines_of(receipt)) for sheet, receipt in read.items()] == [(s, fund) for s, (fund, *_) in printed]
    assert [further for _, (_, *further) in printed if further] == [[overall]]
    assert sum(lines_of(receipt) for receipt in read.values()) == overall
    assert sum(receipt.dollars_totals for receipt in read.values()) == overall * 2
    assert sum(receipt.rows_totals for receipt in read.values()) == len(printed) + 1 == 44


def test_the_sheets_of_the_revenue_book_are_found_under_their_padded_names(tmp_path: Path) -> None:
    assert [name for name in sheets_of(REVENUE) if name != name.strip()] == list(sheets_of(REVENUE))
    text = MAPPING.read_text(encoding="utf-8")
    first, second = text.split("  - description")[1:]
    named = second.replace('sheets: "*" ', 'sheets: ["205", "415"] ')
    assert named != second
    budget = revenue_by(f"mappings:\n  - description{first}  - description{named}", tmp_path)
    # The line `Total Adopted Revenue` on the last sheet covers the sheets that are not read, too.
    off = [issue for issue in budget.issues if issue.severity is not Severity.NOTE]
    assert {(issue.code, issue.where.cell[1:]) for issue in off} == {("total-differs", "10")}
    assert [r.sheet.strip() for r in budget.receipts if r.file == REVENUE.name] == ["205", "415"]


def test_the_two_funds_of_the_revenue_book_become_sources() -> None:
    printed = {name.strip(): fund for name, (fund, *_) in printed_totals(REVENUE, PROPOSED_2024)}
    esser, erate, *others = with_revenue().sources
    (award,) = esser.awards
    assert (esser.name, esser.recurring, award.through) == ("ESSER III", False, date(2024, 9, 30))
    assert award.amount == printed["205"] == Decimal("280500.00")
    assert (erate.name, erate.recurring, erate.awards) == ("E-rate fund", True, ())
    assert erate.model_dump()["yearly"]["amount"] == printed["415"] == Decimal("114400.00")
    assert [source.name for source in others] == ["General Fund", "Food Service"]
    assert problems(with_revenue()) == []


def test_the_total_of_the_revenue_book_is_the_budget_of_the_district() -> None:
    (district,) = with_revenue().districts
    assert district.total_budget == {2024: Decimal(PRINTED_REVENUE[PROPOSED_2024])}


def test_what_is_left_of_esser_iii_pays_until_it_is_spent_and_no_cent_more() -> None:
    done = projected(with_revenue(), date(2023, 7, 1))
    paid = done.coverage.filter(source="ESSER III")
    assert sum(paid["amount"]) == sum(done.years["bridged"]) == Decimal("280500.00")
    level = done.coverage.filter(source="E-rate fund").group_by("fiscal_year").agg("amount")
    assert {year: sum(amounts) for year, amounts in level.iter_rows()} == dict.fromkeys(
        range(2024, 2029), Decimal("114400.00")
    )
    for row in done.years.iter_rows(named=True):
        assert row["cost"] == row["sustained"] + row["bridged"] + row["gap"]


def test_what_the_readme_tells_of_the_workbooks_is_in_them() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    place = place_of(REVENUE, PROPOSED_2024)
    of_erate = [cents(row[place]) for row in sheets_of(REVENUE)["415             "][5:8]]
    assert sum(of_erate) == Decimal("114400.00")
    left = printed_totals(REVENUE, PROPOSED_2024)
    told = [
        raw_sum(EXPENDITURES, PROPOSED_2023),
        *of_erate,
        *(fund for name, (fund, *_) in left if name.strip() == "205"),
    ]
    assert [f"{dollars:,.2f}" for dollars in told if f"{dollars:,.2f}" not in text] == []
    totals = sum(receipt.rows_totals for receipt in expenditures().receipts)
    counted = [len(sheets_of(EXPENDITURES)), len(parse_lines()), totals, len(earlier_lines()), len(sheets_of(REVENUE))]
    assert [f"{count:,}" for count in counted if f"{count:,}" not in text] == []
