"""Columns of money say what they are in, and one that mixes dollars with thousands is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esser_gap.issues import Severity, Where
from esser_gap.model.record import FieldForm, Form
from esser_gap.read.units import Unit, mixed_units, unit_issues, unit_of

COST = FieldForm("annual_cost", Form.MONEY)
THOUSANDS = Unit(Decimal(1000), "in thousands")


# --------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    "text",
    [
        *("(in thousands)", "In Thousands", "Dollars in Thousands", "Amount ($ in thousands)", "in $ thousands"),
        *("$ thousands", "($ thousands)", "Budget (thousands)", "Cost, thousands", "Thousands", "Thousands ($)"),
        *("Thousands of dollars", "All amounts in thousands of dollars", "Amounts in thousands, except per pupil"),
        *("Cost in thousands FY27", "Expressed in thousands", "in thousands of US dollars"),
        *("($000)", "($000s)", "$000's", "Cost $000", "$ 000", "$\u2019000", "(000)", "Cost (000s)", "'000", "'000s"),
        *("000's omitted", "000s omitted", "000 omitted", "(000 omitted)", "(x1000)", "(x 1,000)"),
        *("in $K", "($K)", "Budget $k", "USD K", "Cost (in K)"),
    ],
)
def test_thousands_are_recognised(text: str) -> None:
    unit = unit_of(text)
    assert unit is not None
    assert unit.factor == 1000
    assert unit.words.casefold() in text.replace("\u2019", "'").casefold()


@pytest.mark.parametrize(
    "text",
    [
        *("(in millions)", "Dollars in millions", "$ millions", "Funds (Millions)", "millions of dollars", "Millions"),
        *("$M", "($M)", "in $MM", "$ mil", "USD m", "$000,000", "000,000s omitted", "(000,000)"),
    ],
)
def test_millions_are_recognised(text: str) -> None:
    unit = unit_of(text)
    assert unit is not None
    assert unit.factor == 1_000_000


@pytest.mark.parametrize(
    "text", ["Annual cost ($)", "Annual cost, $", "USD", "in dollars", "US$", "Cost ($/device)", "$ amount", "$K-12"]
)
def test_plain_dollars_are_recognised(text: str) -> None:
    unit = unit_of(text)
    assert unit is not None
    assert unit.factor == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "Annual cost", "FY2027", "Grades K-2", "Students (K)", "K-12 devices", "Location 000", "Fund 100-000"),
        *(
            "Under $5,000",
            "$5M bond",
            "$1.2 million grant",
            "Over $10,000",
            "Saved us thousands",
            "rounded to thousands",
        ),
        *("in thousands of classrooms", "Savings in thousands more", "millions of students", "Fund 10,000"),
        *("in thousands or in millions", "$ thousands (millions for totals)", "Account 1000", "Grades in K"),
    ],
)
def test_what_says_nothing_of_units_is_no_unit(text: str) -> None:
    assert unit_of(text) is None


def test_a_unit_keeps_the_words_of_its_heading() -> None:
    assert unit_of("Adopted Budget ($ in Thousands)") == Unit(Decimal(1000), "in Thousands")
    assert unit_of("Cost ($000)") == Unit(Decimal(1000), "$000")


# --------------------------------------------------------------------------- columns without a unit


@pytest.mark.parametrize(
    ("raws", "places"),
    [
        (["45K", "1.2M", 38.0], [2]),
        (["45K", "1.2M", "38"], [2]),
        (["12 thousand", 45.0, 9.5, "1.2 million", "1,200,000"], [1, 2]),
        (["45K", "60K", "52,000", 38.0, "TBD", None, 0], [3]),
        (["45K", 120.0, 850.0], [1, 2]),
        (["(45K)", -38.0], [1]),
    ],
)
def test_bare_numbers_far_below_those_in_thousands_are_told(raws: list[Any], places: list[int]) -> None:
    assert [misfit.place for misfit in mixed_units(raws, None)] == places


@pytest.mark.parametrize(
    "raws",
    [
        [],
        [12.0, 2_000_000.0, 45.0, 300.0],
        ["12", "$2,000,000", "45.50", "-", "TBD", None, "#REF!"],
        ["45K", "1.2M"],
        ["45K", 45000.0, 12500.0],
        ["1.2M", "45K", 850.0],
        ["1.2M", "45K", 12500.0, 850.0],
        [12.0, 300.0, 5000.0, 200000.0, "1.2M"],
        ["45K", "$38.00", 38.25],
        ["45K", 0, "-", ""],
        ["0K", 5.0],
        [True, "yes", "45 seats"],
    ],
)
def test_ordinary_columns_raise_no_alarm(raws: list[Any]) -> None:
    assert mixed_units(raws, None) == []


def test_under_a_heading_in_dollars_a_bare_number_is_in_dollars() -> None:
    assert mixed_units(["45K", "1.2M", 38.0], unit_of("Annual cost ($)")) == []


@given(st.lists(st.one_of(st.floats(0, 1e9), st.integers(0, 10**9), st.sampled_from(["12", "$1,200.00", "-", "TBD"]))))
def test_however_much_plain_amounts_vary_there_is_no_alarm(raws: list[Any]) -> None:
    assert mixed_units(raws, None) == []


# --------------------------------------------------------------------------- columns with a unit


@pytest.mark.parametrize(
    ("raws", "places"),
    [
        ([45.0, 12.0, "38K"], [2]),
        (["1.2 million", 45.0], [0]),
        ([45.0, 12.0, 38.0, 45000.0], [3]),
        ([45.0, 12.0, 38.0, 38000.0, "TBD", None], [3]),
        ([45.0, 12.5, 38.0, 60.0, "$45,000.00", "$62,500.00"], [4, 5]),
    ],
)
def test_amounts_with_another_unit_than_their_heading_are_told(raws: list[Any], places: list[int]) -> None:
    assert [misfit.place for misfit in mixed_units(raws, THOUSANDS)] == places


@pytest.mark.parametrize(
    "raws",
    [
        [],
        [45.0, 45000.0],
        [0.5, 0.8, 1.2, 900.0],
        [0.5, 0.8, 1.2, 9999.0],
        [45.0, 120.0, 38.0, 30000.0],
        [12500.0, 45000.0, 80000.0, 9000.0],
        ["TBD", "-", 0, 45.0],
    ],
)
def test_a_column_in_thousands_may_vary(raws: list[Any]) -> None:
    assert mixed_units(raws, THOUSANDS) == []


# --------------------------------------------------------------------------- what is said


def wheres(raws: list[Any]) -> list[Where]:
    return [Where("budget.csv", "budget", f"D{row}") for row in range(2, len(raws) + 2)]


def test_both_readings_of_a_bare_number_are_said() -> None:
    raws = ["TBD", "45K", "60K", 38.5]
    (issue,) = unit_issues(raws, None, wheres(raws), COST)
    assert (issue.severity, issue.code, issue.field, issue.found) == (
        Severity.ERROR,
        "units-mixed",
        "annual_cost",
        "38.5",
    )
    assert issue.where.cell == "D5"
    assert issue.message == (
        "`annual_cost` could mean 38.50 or 38,500 dollars: others of its column are written like `45K`"
    )
    assert issue.hint == "write every amount of the column in dollars, such as 45000 for `45K`"


def test_a_bare_number_is_compared_with_the_usual_way_of_writing() -> None:
    raws = ["2M", "1.5M", "45K", 3.0]
    (issue,) = unit_issues(raws, None, wheres(raws), COST)
    assert "could mean 3 or 3,000,000 dollars: others of its column are written like `2M`" in issue.message
    raws = ["2M", "45K", 3.0]
    (issue,) = unit_issues(raws, None, wheres(raws), COST)
    assert "could mean 3 or 3,000 dollars: others of its column are written like `45K`" in issue.message


def test_both_readings_of_an_amount_under_a_heading_are_said() -> None:
    raws = [45.0, 12.0, 38.0, 45000.0, "38K"]
    out_of_scale, worded = unit_issues(raws, THOUSANDS, wheres(raws), COST)
    assert out_of_scale.message == (
        "`annual_cost` could mean 45,000 or 45,000,000 dollars: its column is headed `in thousands`, "
        "and most amounts there are far smaller"
    )
    assert worded.message == (
        "`annual_cost` could mean 38,000 or 38,000,000 dollars: its column is headed `in thousands`"
    )
    assert (worded.found, worded.where.cell) == ("38K", "D6")
    assert worded.hint == (
        "write it as the heading says, or all amounts in dollars under a heading without `in thousands`"
    )
