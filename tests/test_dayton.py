"""The real example: every dollar of Dayton's budget books leads from the raw file to the projection and back."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dayton_files import (
    EARLIER,
    EXAMPLE,
    EXPENDITURES,
    PARSE,
    PRINTED_IN_PIVOT,
    PRINTED_TOTALS,
    PROPOSED_2022,
    PROPOSED_2023,
    earlier_lines,
    is_in_example,
    parse_lines,
    pivot,
    sheets_of,
    total,
)
from esser_gap.issues import Severity
from esser_gap.projecting import project_all, settings_for
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader
from example_readme import amounts_in, readme_parts, shown_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dayton_files import Line
    from esser_gap.model.budget import Budget
    from esser_gap.model.commitment import Commitment
    from esser_gap.projecting import Projection

MAPPINGS = {
    PARSE: EXAMPLE / "mapping-2022-23.yaml",
    EXPENDITURES: EXAMPLE / "mapping-workbooks.yaml",
    EARLIER: EXAMPLE / "mapping-2021-22.yaml",
}


@cache
def budget(path: Path) -> Budget:
    return read_budget([path], mapping=MAPPINGS[path])


@cache
def projection(path: Path, as_of: date, years: int, *scenarios: str) -> Projection:
    read = budget(path)
    loader = ScenarioLoader(read.scenarios)
    chosen = [
        loader.load(name if name == "baseline" else str(EXAMPLE / "scenarios" / f"{name}.yaml")) for name in scenarios
    ]
    return project_all(read, chosen, settings_for(read, as_of=as_of, years=years), known_sources)


def at_adoption() -> Projection:
    return projection(PARSE, date(2022, 7, 1), 5, "baseline")


def cost_by(path: Path, key: Callable[[Commitment], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for commitment in budget(path).commitments:
        sums[key(commitment)] += commitment.base
    return dict(sums)


def account_of(commitment: Commitment) -> str:
    """Give the three digits of the account, which stand last in the parse and first in the workbook."""
    return str(commitment.account).rsplit(", ", maxsplit=1)[-1][:3]


def source_of(commitment: Commitment) -> str:
    assert [part.share for part in commitment.funded_by] == [1]
    return commitment.funded_by[0].source


# --- the files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "printed"), PRINTED_TOTALS.items())
def test_the_parse_adds_up_to_the_totals_that_the_district_printed(column: str, printed: str) -> None:
    assert total(parse_lines(), column) == Decimal(printed)


@pytest.mark.parametrize(("place", "column"), [*enumerate(PRINTED_IN_PIVOT, start=2)])
def test_the_earlier_book_adds_up_to_its_own_pivot(place: int, column: str) -> None:
    assert total(earlier_lines(), column) == pivot(81, place) == Decimal(PRINTED_IN_PIVOT[column])


# --- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MAPPINGS)
def test_every_book_is_read_without_a_problem(path: Path) -> None:
    assert [issue.code for issue in budget(path).issues if issue.severity is not Severity.NOTE] == []


def test_the_receipt_of_the_parse_accounts_for_every_line_and_cent() -> None:
    (receipt,) = budget(PARSE).receipts
    wanted = total(parse_lines(), PROPOSED_2023, is_in_example)
    lines = [line for line in parse_lines().values() if is_in_example(line) and Decimal(line[PROPOSED_2023])]
    assert receipt.dollars_read == total(parse_lines(), PROPOSED_2023) == Decimal("35385478.25")
    assert receipt.dollars_accepted == wanted == Decimal("420700.00")
    assert receipt.dollars_left_out == receipt.dollars_read - wanted == Decimal("34964778.25")
    assert receipt.dollars_rejected == receipt.rows_rejected == receipt.unreadable == 0
    assert (receipt.rows_read, receipt.rows_accepted) == (len(parse_lines()), len(lines)) == (1954, 35)
    assert receipt.rows_left_out == 1954 - 35


def test_the_receipt_of_the_earlier_book_accounts_for_every_line_and_cent() -> None:
    (receipt,) = budget(EARLIER).receipts
    lines = [
        line
        for line in earlier_lines().values()
        if line["Account"][:3] in {"470", "480"} and Decimal(line[PROPOSED_2022])
    ]
    assert receipt.dollars_read == pivot(81, 5) == Decimal("14356000.00")
    assert receipt.dollars_accepted == pivot(62, 5) + pivot(63, 5) == Decimal("424500.00")
    assert receipt.dollars_left_out == Decimal("13931500.00")
    assert receipt.dollars_rejected == receipt.rows_rejected == receipt.unreadable == 0
    assert (receipt.rows_read, receipt.rows_accepted) == (len(earlier_lines()), len(lines)) == (1917, 21)
    assert receipt.rows_left_out == 1917 - 21


def test_each_source_pays_what_its_fund_has_in_the_parse() -> None:
    def of(fund: str) -> Decimal:
        return total(parse_lines(), PROPOSED_2023, lambda line: is_in_example(line) and line["Fund"] == fund)

    assert cost_by(PARSE, source_of) == {
        "General Fund": of("100"),
        "ESSER III": of("205"),
        "Food Service": of("250"),
        "E-rate fund": of("415"),
    }
    assert [of(fund) for fund in ("100", "205", "250", "415")] == [
        Decimal(dollars) for dollars in ("55300.00", "250000.00", "1000.00", "114400.00")
    ]


@pytest.mark.parametrize(("account", "dollars"), [("470", "73800.00"), ("480", "82500.00")])
def test_software_and_hardware_of_the_parse_are_all_there(account: str, dollars: str) -> None:
    read = cost_by(PARSE, account_of)
    assert read[account] == Decimal(dollars)
    assert read[account] == total(parse_lines(), PROPOSED_2023, lambda line: line["Account"][:3] == account)


def test_software_is_of_the_software_category_in_both_books() -> None:
    for path, dollars in [(EARLIER, "77800.00"), (PARSE, "73800.00")]:
        assert cost_by(path, lambda c: c.category.value)["software"] == Decimal(dollars)


def test_pay_and_what_is_charged_on_it_is_staffing_in_the_parse() -> None:
    pay = total(parse_lines(), PROPOSED_2023, lambda line: is_in_example(line) and line["Account"][0] in "12")
    assert cost_by(PARSE, lambda c: c.category.value)["staffing"] == pay == Decimal("194996.03")
    assert cost_by(PARSE, lambda c: c.kind.value) == {"staff": pay, "recurring": Decimal("420700.00") - pay}


@pytest.mark.parametrize(("account", "row"), [("470 - COMPUTER SOFTWARE", 62), ("480 - COMPUTER HARDWARE", 63)])
def test_software_and_hardware_of_the_earlier_book_are_what_its_pivot_says(account: str, row: int) -> None:
    assert sheets_of(EARLIER)["Pivot"][row - 1][0] == account
    assert cost_by(EARLIER, lambda c: str(c.account))[account] == pivot(row, 5)


def test_the_earlier_book_becomes_one_commitment_an_account_and_school() -> None:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in earlier_lines().values():
        sums[line["Account"][:3], line["Cost Center"]] += Decimal(line[PROPOSED_2022])
    expected = {
        f"{account}, {school}": sums[account, school]
        for account in ("470", "480")
        for school in ("001", "125", "571", "608")
    }
    assert {c.id: c.base for c in budget(EARLIER).commitments} == expected


@pytest.mark.parametrize("path", [PARSE, EARLIER])
def test_the_lines_behind_a_commitment_add_up_to_its_cost(path: Path) -> None:
    lines, column = (parse_lines(), PROPOSED_2023) if path == PARSE else (earlier_lines(), PROPOSED_2022)
    letter = "ABCDEFGHIJKLMNO"[list(lines[2]).index(column)]
    used: Counter[int] = Counter()
    for commitment in budget(path).commitments:
        used.update(commitment.origin.rows)
        assert commitment.base == sum(Decimal(lines[row][column]) for row in commitment.origin.rows)
        assert commitment.origin.columns["annual_cost"] == letter
        assert {lines[row]["Account"][:3] for row in commitment.origin.rows} == {account_of(commitment)}
    assert set(used.values()) == {1}


@pytest.mark.parametrize("path", [PARSE, EXPENDITURES])
def test_a_unit_coded_esser_ii_is_paid_by_it_and_not_by_the_fund_it_stands_in(path: Path, tmp_path: Path) -> None:
    # Nothing is proposed for these units, so the year that has money in them stands in.
    mapping = tmp_path / "mapping.yaml"
    text = MAPPINGS[path].read_text(encoding="utf-8")
    mapping.write_text(text.replace(PROPOSED_2023, "2020-2021 Actual"), encoding="utf-8")
    read = read_budget([path], mapping=mapping)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for commitment in read.commitments:
        paid[source_of(commitment)] += commitment.base
    for source, dollars in [("ESSER II", "42773.43"), ("ESSER III", "33.03")]:
        units = {row: line for row, line in parse_lines().items() if line["Budget Orgn"].endswith(f" {source}")}
        assert paid[source] == total(units, "2020-2021 Actual") == Decimal(dollars)


def test_the_facts_of_the_district_are_the_totals_of_the_parse() -> None:
    (district,) = budget(PARSE).districts
    assert (district.name, district.state, district.fiscal_year_start) == ("Dayton School District 8", "OR", 7)
    assert district.total_budget == {
        2022: total(parse_lines(), "2021-2022 Budget"),
        2023: total(parse_lines(), PROPOSED_2023),
    }
    assert {c.district for c in budget(PARSE).commitments} == {"Dayton School District 8"}


# --- projecting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "as_of", "scenario"),
    [
        (PARSE, date(2022, 7, 1), "baseline"),
        (PARSE, date(2022, 7, 1), "level-funding"),
        (PARSE, date(2022, 7, 1), "esser-pay-only"),
        (PARSE, date(2026, 11, 23), "baseline"),
        (EARLIER, date(2021, 7, 1), "baseline"),
        (EARLIER, date(2021, 7, 1), "next-budget"),
    ],
)
def test_the_years_foot(path: Path, as_of: date, scenario: str) -> None:
    done = projection(path, as_of, 5, scenario)
    parts = ["cost", "sustained", "bridged", "gap"]
    assert done.years.height == 5
    for row in done.years.iter_rows(named=True):
        assert row["cost"] == row["sustained"] + row["bridged"] + row["gap"]
    for table in (done.costs, done.payments.rename({"amount": "cost"})):
        sums = table.group_by("fiscal_year").agg(pl.col(parts).sum()).sort("fiscal_year")
        assert sums.rows() == done.years.select("fiscal_year", *parts).rows()
    assert sum(done.coverage["amount"]) == sum(done.years["sustained"]) + sum(done.years["bridged"])
    assert sum(done.losses["horizon_gap"]) == sum(done.years["gap"])


def test_the_first_year_costs_to_the_cent_what_the_file_says_and_each_fund_pays_its_own() -> None:
    done = at_adoption()
    assert done.years.row(0, named=True)["cost"] == total(parse_lines(), PROPOSED_2023, is_in_example)
    paid = done.coverage.filter(fiscal_year=2023).group_by("source").agg(pl.col("amount").sum())
    assert dict(paid.iter_rows()) == cost_by(PARSE, source_of)


def test_what_esser_iii_paid_for_has_no_funding_once_it_has_ended() -> None:
    done = at_adoption()
    coded = {c.id: c.base for c in budget(PARSE).commitments if source_of(c) == "ESSER III"}
    price = Decimal("1.125509")  # 1.03 to the fourth, to six decimals: staffing and other both rise by 3 %
    expected = sum((base * price).quantize(Decimal("0.01"), ROUND_HALF_UP) for base in coded.values())
    last = done.costs.filter(pl.col("fiscal_year") == 2027, pl.col("commitment").is_in(list(coded)))
    assert last["gap"].sum() == last["cost"].sum() == expected
    paid = done.coverage.filter(source="ESSER III").group_by("fiscal_year").agg(pl.col("amount").sum())
    assert sorted(paid["fiscal_year"]) == [2023, 2024, 2025]
    days = done.payments.filter(pl.col("bridged") > 0)["due_on"]
    assert (days.min(), days.max()) == (date(2022, 7, 1), date(2024, 9, 1))


def test_level_money_loses_to_rising_prices_in_the_e_rate_fund() -> None:
    done = at_adoption()
    paid = done.coverage.filter(source="E-rate fund").group_by("fiscal_year").agg(pl.col("amount").sum())
    assert dict(paid.iter_rows()) == dict.fromkeys(range(2023, 2028), Decimal("114400.00"))


def test_the_amounts_in_the_scenarios_are_the_files() -> None:
    general = total(parse_lines(), PROPOSED_2023, lambda line: is_in_example(line) and line["Fund"] == "100")
    level = projection(PARSE, date(2022, 7, 1), 5, "level-funding")
    paid = level.coverage.filter(source="General Fund").group_by("fiscal_year").agg(pl.col("amount").sum())
    assert dict(paid.iter_rows()) == dict.fromkeys(range(2023, 2028), general)
    following = projection(EARLIER, date(2021, 7, 1), 2, "next-budget")
    assert following.years["sustained"].to_list() == [pivot(62, 5) + pivot(63, 5), general]


# --- the README --------------------------------------------------------------------------------


@pytest.mark.parametrize(("commands", "sentences"), readme_parts(EXAMPLE))
def test_the_commands_of_the_readme_run_and_show_what_it_says(commands: list[str], sentences: str) -> None:
    shown, amounts = shown_by(commands), amounts_in(sentences)
    assert amounts
    assert [amount for amount in amounts if amount not in shown] == []


def test_the_totals_in_the_readme_are_the_files() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    table = {
        cells[0]: cells[1:]
        for line in text.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 4
    }
    budgeted, proposed = "2021-2022 Budget", PROPOSED_2023

    def both(wanted: Callable[[Line], bool] = lambda _: True) -> list[str]:
        return [f"{total(parse_lines(), column, wanted):,.2f}" for column in (budgeted, proposed)]

    assert table["all lines"] == [f"{pivot(81, 5):,.2f} (`Pivot!E81`)", *both()]
    assert table["470 computer software"] == [
        f"{pivot(62, 5):,.2f} (`Pivot!E62`)",
        *both(lambda line: line["Account"] == "470.0"),
    ]
    assert table["480 computer hardware"] == [
        f"{pivot(63, 5):,.2f} (`Pivot!E63`)",
        *both(lambda line: line["Account"] == "480.0"),
    ]
    (erate,) = [cells for name, cells in table.items() if name.startswith("fund 415")]
    assert erate[1:] == both(lambda line: line["Fund"] == "415")
    (esser,) = [cells for name, cells in table.items() if name.startswith("fund 205")]
    assert esser[1:] == both(lambda line: line["Fund"] == "205")
    read = [f"{sum(c.base for c in budget(path).commitments):,.2f}" for path in (EARLIER, PARSE)]
    assert table["read as commitments"] == [read[0], "", read[1]]


def test_the_spending_that_the_readme_tells_is_in_the_files() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    spent = "2020-2021 Actual"
    told = [
        total(parse_lines(), spent, lambda line: line["Account"] == "470.0"),
        total(parse_lines(), spent, lambda line: line["Fund"] == "415"),
        total(parse_lines(), spent, lambda line: line["Account"] == "480.0" and line["Fund"] == "100"),
        total(parse_lines(), spent, lambda line: "ESSER" in line["Budget Orgn"]),
        total(parse_lines(), "2021-2022 Budget", lambda line: line["Account"] == "480.0" and line["Fund"] == "100"),
        total(parse_lines(), PROPOSED_2023, lambda line: line["Account"] == "480.0" and line["Fund"] == "100"),
        pivot(63, 4),
    ]
    assert [f"{dollars:,.2f}" for dollars in told if f"{dollars:,.2f}" not in text] == []
