"""Values are read as people write them, and what could mean two things is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esser_gap.fiscal_year import FiscalCalendar
from esser_gap.issues import Severity, Where
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.model.source import Award, Source
from esser_gap.money import round_half_away, to_dollars
from esser_gap.read.dates import Edge, Period, assumed_day_issue, edge_of
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.numbers import exact, plain_dollars
from esser_gap.read.values import NotUnderstood, Rounded, is_blank, parse, parse_day_or_period, parse_money, shown

USUAL = {
    Form.MONEY: "write dollars, such as 12500.00",
    Form.NUMBER: "write a number, such as 250",
    Form.WHOLE: "write a whole number, such as 5",
    Form.DATE: "write the day, such as 2026-06-30",
}


def form(kind: Form, choices: tuple[str, ...] = (), *, required: bool = True) -> FieldForm:
    return FieldForm("field", kind, choices, required)


def refusal(raw: Any, kind: Form, choices: tuple[str, ...] = ()) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refused:
        parse(raw, form(kind, choices))
    return refused.value


# --------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("raw", "dollars"),
    [
        (12500, "12500.00"),
        (12500.5, "12500.50"),
        (Decimal("12500.55"), "12500.55"),
        (0, "0.00"),
        ("12500", "12500.00"),
        ("12,500.00", "12500.00"),
        ("$1,234.50", "1234.50"),
        ("$ 1,234.50 ", "1234.50"),
        ("1,234,567", "1234567.00"),
        ("1 234 567.89", "1234567.89"),
        ("\u00a012\u00a0500", "12500.00"),
        (".5", "0.50"),
        ("7.", "7.00"),
        ("(1,200)", "-1200.00"),
        ("($1,200.00)", "-1200.00"),
        ("$(1,200)", "-1200.00"),
        ("$ ( 1,200 )", "-1200.00"),
        ("1,200-", "-1200.00"),
        ("-1,200", "-1200.00"),
        ("-$1,200", "-1200.00"),
        ("$-1,200", "-1200.00"),
        ("\u22121,200", "-1200.00"),
        ("1.2M", "1200000.00"),
        ("$1.2 M", "1200000.00"),
        ("45K", "45000.00"),
        ("45k", "45000.00"),
        ("(45K)", "-45000.00"),
        ("1.5B", "1500000000.00"),
        ("1.2 million", "1200000.00"),
        ("$1.2MM", "1200000.00"),
        ("12 thousand", "12000.00"),
        ("1,200 K", "1200000.00"),
        ("USD 1,200", "1200.00"),
        ("US$ 1,200", "1200.00"),
        ("500 USD", "500.00"),
        ("500 dollars", "500.00"),
        ("500 $", "500.00"),
        ("(USD 500)", "-500.00"),
        ("-$5", "-5.00"),
        ("- $5", "-5.00"),
        ("+5", "5.00"),
        ("-0", "0.00"),
        (-0.0, "0.00"),
        ("'1200", "1200.00"),
        ("\u20191200", "1200.00"),
        ("\u20121,200", "-1200.00"),
        ("1\u202f234\u2009567.89", "1234567.89"),
        ("\u200b1,200\ufeff", "1200.00"),
        ("1.234567E+06", "1234567.00"),
        ("5.0e-01", "0.50"),
        ("0", "0.00"),
        ("$0.00", "0.00"),
        ("-", "0.00"),
        (" $ - ", "0.00"),
        ("$ (-)", "0.00"),
        ("\u2013", "0.00"),
        ("\u2014", "0.00"),
    ],
)
def test_money_is_read(raw: Any, dollars: str) -> None:
    assert parse(raw, form(Form.MONEY)) == Decimal(dollars)


@pytest.mark.parametrize(
    "raw",
    [
        "about 500",
        "500 each",
        "500-600",
        "12,0OO",
        "1/2",
        "(-5)",
        "(5)-",
        "-5-",
        "--5",
        "- -5",
        "$+5",
        "(5",
        "5)",
        "$",
        "()",
        "K",
        "$K",
        "1K2",
        "$$5",
        "\u20ac500",
        "\uff11\uff12",
        "\u0661\u0662",
        "5 \u212a",
        "nan",
        "inf",
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        True,
        False,
        time(3, 0),
        timedelta(hours=3),
    ],
)
def test_what_is_no_money_is_refused(raw: Any) -> None:
    problem = refusal(raw, Form.MONEY)
    assert problem.code == "money-not-a-number"
    assert problem.hint == "write dollars, such as 12500.00"


@pytest.mark.parametrize(
    "raw",
    [
        *("1,23", "12,34", "1,2345", "1,23,456", "0,500", "012,345", "1.234,56", "1.234.567", "1 234,50", "$1.234,50"),
        *("1.2.3", "12 50", "1 2", "5 000 00", "1'234.50", "(1.234,50)", "1,23-"),
    ],
)
def test_commas_and_points_in_other_places_than_in_the_us_are_never_guessed(raw: str) -> None:
    problem = refusal(raw, Form.MONEY)
    assert problem.code == "money-not-a-number"
    assert problem.hint == "write a point before the cents, and commas only between thousands: 12,500.00"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("5%", "this is a percentage"),
        ("5.5 %", "this is a percentage"),
        ("9/30/24", "this is a date"),
        ("Sept 30, 2024", "this is a date"),
        ("2024.09.30", "this is a date"),
        (date(2026, 6, 30), "this is a date"),
        (datetime(2026, 6, 30), "this is a date"),  # noqa: DTZ001 - spreadsheets know no zones
        ("1e5", "digits may be missing here"),
        ("1E5", "digits may be missing here"),
        ("1.2E+06", "digits may be missing here"),
    ],
)
def test_what_stands_in_place_of_dollars_is_named(raw: Any, why: str) -> None:
    problem = refusal(raw, Form.MONEY)
    assert problem.code == "money-not-a-number"
    assert problem.hint == f"{why}: write dollars, such as 12500.00"


PLACEHOLDERS = [
    *("TBD", "tba", "n/a", "N/A", "?", "??", "--", "pending", " Unknown ", "see note", "See notes 3-5", "included"),
    *("incl.", "varies", "various", "to be determined", "xxx", "None", "free", "no charge", "quote"),
]


@pytest.mark.parametrize("raw", PLACEHOLDERS)
def test_a_placeholder_is_no_amount_and_the_hint_speaks_of_free(raw: str) -> None:
    problem = refusal(raw, Form.MONEY)
    assert problem.code == "money-not-a-number"
    assert problem.hint == "write the amount, or 0 if it is free"


@pytest.mark.parametrize(
    ("raw", "dollars"),
    [("100.005", "100.01"), (100.004, "100.00"), ("-0.005", "-0.01"), (0.015, "0.02"), ("1.3333", "1.33")],
)
def test_fractions_of_a_cent_are_rounded_half_away_and_said(raw: Any, dollars: str) -> None:
    assert parse(raw, form(Form.MONEY)) == Rounded(Decimal(dollars))


@pytest.mark.parametrize("raw", [0.1 + 0.2, 1.1 * 3, 4.35 * 100, 1234567.89])
def test_binary_noise_of_a_spreadsheet_is_no_fraction_of_a_cent(raw: float) -> None:
    assert parse(raw, form(Form.MONEY)) == Decimal(f"{raw:.2f}")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_amount_is_read_back_however_it_is_written(amount: Decimal) -> None:
    size = abs(amount)
    written = [f"{amount:f}", f"{amount:,f}", f"${size:,f}" if amount >= 0 else f"(${size:,f})"]
    written.append(f"{size}-" if amount < 0 else f"$ {size}")
    for raw in (*written, amount, float(amount)):
        assert parse(raw, form(Form.MONEY)) == amount


_FLOATS = st.one_of(
    st.floats(),
    st.floats(-1e7, 1e7),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000),
    st.lists(st.integers(0, 10**7), max_size=9).map(lambda cents: sum(cent / 100 for cent in cents)),
    st.floats(9e12, 1.1e13),
)


@pytest.mark.parametrize("raw", [0.1, 1234.56, 12500.0, 12500, 999999999999.99, "12500", "12,500.5", " $12,500.50 "])
def test_usual_amounts_go_the_quick_way(raw: Any) -> None:
    assert plain_dollars(raw) == parse(raw, form(Form.MONEY))


@given(st.one_of(_FLOATS, st.integers(), st.integers(-(10**15), 10**15)))
def test_the_quick_way_to_dollars_gives_what_the_exact_one_gives(raw: Any) -> None:
    quick = plain_dollars(raw)
    if quick is not None:
        exactly = to_dollars(rounded(Fraction(exact(raw) if isinstance(raw, float) else raw), 2))
        assert (quick, quick.as_tuple()) == (exactly, exactly.as_tuple())


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2), st.sampled_from(["", "$", "$ "]), st.booleans())
def test_the_quick_way_reads_text_as_the_careful_one(amount: Decimal, sign: str, commas: bool) -> None:  # noqa: FBT001
    digits = f"{abs(amount):,f}" if commas else f"{abs(amount):f}"
    written = f"{'-' if amount < 0 else ''}{sign}{digits}"
    for text in (written, f" {written} ", written.removesuffix(".00"), written.removesuffix("0")):
        quick = plain_dollars(text)
        # A space before the closing parenthesis is read by the careful way only.
        carefully = parse_money(f"({text.strip().removeprefix('-')} )", form(Form.MONEY))
        assert carefully == -abs(amount)
        assert quick is not None
        assert (quick, quick.as_tuple().exponent) == (amount, -2)


def rounded(value: Fraction, places: int) -> int:
    size = abs(value) * 10**places
    whole = int(size) + (1 if size - int(size) >= Fraction(1, 2) else 0)
    return whole if value >= 0 else -whole


@given(
    st.one_of(st.integers(), st.fractions(), st.decimals(allow_nan=False, allow_infinity=False, places=4)),
    st.integers(0, 6),
)
def test_rounding_is_half_away_from_zero(value: Any, places: int) -> None:
    assert round_half_away(value, places) == rounded(Fraction(value), places)


@pytest.mark.parametrize(
    ("raw", "factor", "dollars"),
    [
        (12.5, 1000, "12500.00"),
        ("12.345", 1000, "12345.00"),
        ("$1,234.5675", Decimal(1000), "1234567.50"),
        (0.1 + 0.2, 1000, "300.00"),
        (1.25, 1_000_000, "1250000.00"),
        ("-", 1000, "0.00"),
        (0, 1000, "0.00"),
    ],
)
def test_money_in_thousands_is_multiplied_before_it_is_rounded(raw: Any, factor: Any, dollars: str) -> None:
    assert parse(raw, form(Form.MONEY), factor) == Decimal(dollars)


def test_a_price_in_thousands_stays_as_precise_as_it_is_written() -> None:
    assert parse("0.0125", form(Form.NUMBER), 1000) == Decimal("12.5")


def test_only_money_and_prices_are_multiplied() -> None:
    assert parse(5, form(Form.WHOLE), 1000) == 5
    assert parse("60%", form(Form.SHARE), 1000) == Decimal("0.6")


# --------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (6.5, "6.5"),
        ("6.5", "6.5"),
        ("1,250", "1250"),
        (0.1 + 0.2, "0.3"),
        ("2K", "2000"),
        (12.0, "12"),
        ("$ -", "0"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_as_precisely_as_written(raw: Any, number: str) -> None:
    assert parse(raw, form(Form.NUMBER)) == Decimal(number)


DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
WITHHELD = [
    *("-", "\u2013", "\u2014", "\u2212", "*", "**", "\u2020", "\u2021", "<5", "< 10", "\u2264 10", "n<10", ">95%"),
    *("10 or fewer", "fewer than 10", "less than 5", "..", "masked", "#"),
]


@pytest.mark.parametrize("kind", [Form.NUMBER, Form.WHOLE])
@pytest.mark.parametrize("raw", WITHHELD)
def test_a_mark_for_a_number_that_is_not_given_is_no_zero(raw: str, kind: Form) -> None:
    problem = refusal(raw, kind)
    assert problem.code in {"not-a-number", "not-a-whole-number"}
    assert problem.hint == f"a mark is no number: {USUAL[kind]}, or 0 if it is zero"


@pytest.mark.parametrize("raw", [mark for mark in WITHHELD if mark not in {"-", "\u2013", "\u2014", "\u2212"}])
def test_of_money_only_a_dash_is_zero(raw: str) -> None:
    assert refusal(raw, Form.MONEY).code == "money-not-a-number"


@pytest.mark.parametrize("kind", [Form.NUMBER, Form.WHOLE])
@pytest.mark.parametrize("raw", PLACEHOLDERS)
def test_a_placeholder_is_no_number(raw: str, kind: Form) -> None:
    assert refusal(raw, kind).hint == USUAL[kind]
    with pytest.raises(NotUnderstood) as refused:
        parse(raw, form(kind, required=False))
    assert refused.value.hint == f"{USUAL[kind]}, or leave it blank if it is not known"


@pytest.mark.parametrize("raw", ["six", "6.5 FTE", True, "1/2", float("nan"), float("-inf"), date(2024, 1, 1)])
def test_what_is_no_number_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.NUMBER).code == "not-a-number"


@pytest.mark.parametrize(("raw", "number"), [(5, 5), (5.0, 5), ("5", 5), ("5.0", 5), (Decimal(5), 5)])
def test_a_whole_number_is_read(raw: Any, number: int) -> None:
    parsed = parse(raw, form(Form.WHOLE))
    assert (parsed, type(parsed)) == (number, int)


@pytest.mark.parametrize("raw", [5.5, "five", "5 years", "5.5", True])
def test_what_is_not_whole_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.WHOLE).code == "not-a-whole-number"


# --------------------------------------------------------------------------- shares and rates


@pytest.mark.parametrize(
    ("raw", "share"),
    [
        ("60%", "0.6"),
        ("60 %", "0.6"),
        ("60\u00a0%", "0.6"),
        ("60 percent", "0.6"),
        ("60 per cent", "0.6"),
        ("60pct", "0.6"),
        ("60 pct.", "0.6"),
        ("1.5 percent", "0.015"),
        ("33.3%", "0.333"),
        ("100%", "1"),
        ("0%", "0"),
        (0.6, "0.6"),
        ("0.6", "0.6"),
        (".6", "0.6"),
        (60, "0.6"),
        ("60", "0.6"),
        (3, "0.03"),
        (100.0, "1"),
        (1, "1"),
        (1.0, "1"),
        (0, "0"),
    ],
)
def test_a_share_is_read(raw: Any, share: str) -> None:
    assert parse(raw, form(Form.SHARE)) == Decimal(share)


@pytest.mark.parametrize(
    ("raw", "rate"),
    [
        ("5%", "0.05"),
        ("-2%", "-0.02"),
        ("\u22122%", "-0.02"),
        ("(2%)", "-0.02"),
        ("150%", "1.5"),
        ("1%", "0.01"),
        (0.05, "0.05"),
        ("-0.05", "-0.05"),
        (5, "0.05"),
        (-5, "-0.05"),
        (3, "0.03"),
        (0, "0"),
        (35, "0.35"),
    ],
)
def test_a_rate_is_read(raw: Any, rate: str) -> None:
    assert parse(raw, form(Form.RATE)) == Decimal(rate)


@pytest.mark.parametrize("raw", [1, 1.0, "1", 1.5, "2.5", 2.99, -1, -2])
def test_a_small_rate_without_a_percent_sign_is_ambiguous(raw: Any) -> None:
    assert refusal(raw, Form.RATE).code == "percent-ambiguous"


@pytest.mark.parametrize("raw", [1.5, "2", 2.99])
def test_a_small_share_without_a_percent_sign_is_ambiguous(raw: Any) -> None:
    assert refusal(raw, Form.SHARE).code == "percent-ambiguous"


def test_an_ambiguous_rate_says_both_readings() -> None:
    problem = refusal(1.5, Form.RATE)
    assert problem.message == "`field` could mean 1.5% or 150%"
    assert problem.hint == "write 1.5% or 0.015"


@pytest.mark.parametrize("kind", [Form.SHARE, Form.RATE])
@pytest.mark.parametrize(
    "raw",
    [*("half", "NaN", "Infinity", "1e1%", "%", "60,5%", "1_0", "5%%", "(5%", "TBD"), float("nan"), True, time(1, 0)],
)
def test_what_is_no_percentage_is_refused(raw: Any, kind: Form) -> None:
    assert refusal(raw, kind).code == "percent-not-a-number"


# --------------------------------------------------------------------------- words


@pytest.mark.parametrize("raw", ["yes", "Yes", "Y", " TRUE ", "1", 1, 1.0, True])
def test_yes(raw: Any) -> None:
    assert parse(raw, form(Form.YES_NO)) is True


@pytest.mark.parametrize("raw", ["no", "No", "N", "false", "0", 0, 0.0, False])
def test_no(raw: Any) -> None:
    assert parse(raw, form(Form.YES_NO)) is False


@pytest.mark.parametrize("raw", ["maybe", "x", 2, 0.5, "required"])
def test_what_is_neither_yes_nor_no_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.YES_NO).code == "not-yes-or-no"


@pytest.mark.parametrize("raw", ["one_time", "One time", "ONE-TIME", " one   time "])
def test_a_word_is_known_however_it_is_joined(raw: str) -> None:
    assert parse(raw, form(Form.CHOICE, ("recurring", "one_time"))) == "one_time"


def test_an_unknown_word_is_refused_with_all_known_ones() -> None:
    problem = refusal("yearly", Form.CHOICE, ("recurring", "one_time"))
    assert (problem.code, problem.hint) == ("word-unknown", "write one of: recurring, one_time")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  Web   filter\n(all sites) ", "Web filter (all sites)"),
        (1017.0, "1017"),
        (0.1 + 0.2, "0.3"),
        ("00123", "00123"),
        ("0507", "0507"),
        (507.0, "507"),
        ("1E5", "1E5"),
        ("E07-2", "E07-2"),
        (100000.0, "100000"),
        (1e15, "1000000000000000"),
        (1001225001320000.0, "1001225001320000"),
        (1234567890123456.0, "1234567890123456"),
        (12345678901234500000.0, "12345678901234500000"),
        (10**17, "100000000000000000"),
        (Decimal("1E+5"), "100000"),
        (-0.0, "0"),
        ("\u200b0507\ufeff", "0507"),
        (True, "yes"),
        (datetime(2026, 6, 30), "2026-06-30"),  # noqa: DTZ001 - spreadsheets know no zones
        (date(2026, 6, 30), "2026-06-30"),
    ],
)
def test_text_stands_as_it_is_seen(raw: Any, text: str) -> None:
    assert parse(raw, form(Form.TEXT)) == text


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("A, B;C\nD", ("A", "B", "C", "D")),
        ("A,,B; ", ("A", "B")),
        (["A", "B, C"], ("A", "B, C")),
        (205.0, ("205",)),
        ("one name", ("one name",)),
    ],
)
def test_names_are_parted(raw: Any, names: tuple[str, ...]) -> None:
    assert parse(raw, form(Form.NAMES)) == names


def test_names_of_a_closed_list_are_its_words() -> None:
    choices = ("network", "data systems")
    assert parse("Network; Data_Systems", form(Form.NAMES, choices)) == choices
    assert refusal("network, netwrk", Form.NAMES, choices).code == "word-unknown"


# --------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    "raw",
    [
        date(2024, 9, 30),
        datetime(2024, 9, 30),  # noqa: DTZ001
        datetime(2024, 9, 30, 8, 15),  # noqa: DTZ001
        45565,
        45565.0,
        "2024-09-30",
        "2024/9/30",
        "2024-09-30 00:00:00",
        "2024-09-30T00:00:00",
        "9/30/24",
        "9/30/2024",
        "09-30-2024",
        "9/30/2024 0:00",
        "9/30/2024 12:00 AM",
        "Sept 30, 2024",
        "Sep. 30, 2024",
        "September 30 2024",
        "september 30th, 2024",
        "30-Sep-24",
        "30 September 2024",
        "45565",
        "45565.0",
        45565.34,
        Decimal(45565),
        20240930,
        20240930.0,
        "20240930",
        "2024.09.30",
        "2024-09-30 00:00:00.000",
        "2024-09-30T00:00:00Z",
        "9.30.2024",
        "Sep-30-2024",
        "Sep 30, '24",
        "30SEP2024",
        "30th September 2024",
        "30th of September, 2024",
        "2024-Sep-30",
        "Monday, September 30, 2024",
        "Mon. 9/30/24",
        "\u00a09/30/2024 ",
        "2024\u201109\u201130",
    ],
)
def test_a_day_is_read(raw: Any) -> None:
    parsed = parse(raw, form(Form.DATE))
    assert (parsed, type(parsed)) == (date(2024, 9, 30), date)


@pytest.mark.parametrize(
    "raw",
    [
        "someday",
        "Septober 30, 2024",
        "September 30",
        "24-Sep",
        "Sep 24",
        "9/30",
        "11-12",
        "09-10",
        "Q1 FY25",
        "end of FY25",
        "spring 2025",
        "13/2024",
        "2024-13",
        "2026-28",
        "2024-09-30 15:00",
        "year ending June 30, 2025",
        "\uff12\uff10\uff12\uff14-09-30",
        "0024-09-30",
        "19999",
        3,
        1989,
        2024.5,
        202409,
        20241301,
        10**400,
        float("nan"),
        float("inf"),
        True,
        time(12, 0),
        timedelta(days=3),
        datetime(1899, 12, 30),  # noqa: DTZ001
        date(1900, 1, 1),
    ],
)
def test_what_is_no_day_is_refused(raw: Any) -> None:
    problem = refusal(raw, Form.DATE)
    assert problem.code == "date-not-understood"
    assert problem.message == "`field` is not a date"
    assert problem.hint == "write the day, such as 2026-06-30"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("30/9/2024", "write the month first, such as 6/30/2026, or the year first, such as 2026-06-30"),
        ("13/02/2024", "write the month first, such as 6/30/2026, or the year first, such as 2026-06-30"),
        ("30.9.2024", "write the month first, such as 6/30/2026, or the year first, such as 2026-06-30"),
        ("2.3.2024", "write the month first, such as 6/30/2026, or the year first, such as 2026-06-30"),
        ("2024-02-30", "there is no such day: write one of the calendar, such as 2026-06-30"),
        ("2/29/2023", "there is no such day: write one of the calendar, such as 2026-06-30"),
        ("9/31/2024", "there is no such day: write one of the calendar, such as 2026-06-30"),
        ("1/0/1900", "there is no such day: write one of the calendar, such as 2026-06-30"),
        ("Tuesday, September 30, 2024", "there is no such day: write one of the calendar, such as 2026-06-30"),
        ("7/1/98", "write all four digits of the year, such as 2026-06-30"),
        ("1-Jul-80", "write all four digits of the year, such as 2026-06-30"),
        ("Jul-98", "write all four digits of the year, such as 2026-06-30"),
        ("FY98", "write all four digits of the year, such as 2026-06-30"),
    ],
)
def test_what_looks_like_a_day_and_is_none_is_refused_with_the_reason(raw: str, hint: str) -> None:
    problem = refusal(raw, Form.DATE)
    assert (problem.code, problem.hint) == ("date-not-understood", hint)


def test_two_digits_of_a_year_mean_this_century_and_from_80_on_nothing() -> None:
    assert parse("7/1/00", form(Form.DATE)) == date(2000, 7, 1)
    assert parse("7/1/79", form(Form.DATE)) == date(2079, 7, 1)
    assert parse("FY79", form(Form.FISCAL_YEAR)) == 2079
    assert refusal("FY80", Form.FISCAL_YEAR).code == "fiscal-year-not-understood"


def test_the_month_stands_before_the_day() -> None:
    assert parse("02/03/2024", form(Form.DATE)) == date(2024, 2, 3)
    assert parse("3.3.2024", form(Form.DATE)) == date(2024, 3, 3)


@pytest.mark.parametrize("raw", [*PLACEHOLDERS, "-", "\u2014"])
def test_a_placeholder_is_no_day(raw: str) -> None:
    assert refusal(raw, Form.DATE).hint == USUAL[Form.DATE]
    with pytest.raises(NotUnderstood) as refused:
        parse(raw, form(Form.DATE, required=False))
    assert refused.value.hint == f"{USUAL[Form.DATE]}, or leave it blank if there is none"


# --------------------------------------------------------------------------- months and years in place of days

MONTHS_WRITTEN = [
    *("September 2024", "Sept 2024", "Sep. 2024", "september, 2024", "Sep-24", "Sep-2024", "Sep '24", "Sep \u201924"),
    *("2024-09", "2024/09", "2024-9", "9/2024", "09-2024", "2024 September", "2024-Sep", "SEP2024"),
]
YEARS_WRITTEN = [
    *("FY25", "FY 2025", "FY'25", "F.Y. 2025", "2024-25", "2024-2025", "2024/25", "SY 2024-2025", "SY24-25", "24-25"),
    *("2024\u201325", "School Year 2024-25", "2024-25 school year", "2025", "2025.0", 2025, 2025.0, Decimal(2025)),
]


@pytest.mark.parametrize("raw", MONTHS_WRITTEN)
def test_a_month_in_place_of_a_day_is_told_from_one(raw: str) -> None:
    assert parse_day_or_period(raw, form(Form.DATE)) == Period(2024, 9)


@pytest.mark.parametrize("raw", YEARS_WRITTEN)
def test_a_year_in_place_of_a_day_is_the_fiscal_year_that_ends_in_it(raw: Any) -> None:
    assert parse_day_or_period(raw, form(Form.DATE)) == Period(2025)


@pytest.mark.parametrize("raw", ["9/30/24", 45565, date(2024, 9, 30)])
def test_a_day_is_a_day_where_a_month_or_a_year_may_stand(raw: Any) -> None:
    assert parse_day_or_period(raw, form(Form.DATE)) == date(2024, 9, 30)


@pytest.mark.parametrize("raw", ["TBD", "2024-02-30", "13/02/2024", "", "May", True])
def test_what_is_neither_a_day_nor_a_month_nor_a_year_is_refused(raw: Any) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse_day_or_period(raw, form(Form.DATE))
    assert refused.value.code == "date-not-understood"


@pytest.mark.parametrize(("raws", "what"), [(MONTHS_WRITTEN, "a month"), (YEARS_WRITTEN, "a year")])
def test_where_only_a_day_will_do_a_month_or_a_year_is_refused(raws: list[Any], what: str) -> None:
    for raw in raws:
        problem = refusal(raw, Form.DATE)
        assert problem.message == f"`field` names {what}, not a day"
        assert (problem.code, problem.hint) == ("date-not-understood", "write the day, such as 2026-06-30")


@pytest.mark.parametrize("raw", ["2009-10", "2011-12", "2000/01", "2003\u201304"])
def test_what_could_be_a_month_or_a_fiscal_year_is_refused(raw: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse_day_or_period(raw, form(Form.DATE))
    assert refused.value.message == "`field` could be a month or a fiscal year"
    assert parse(raw, form(Form.FISCAL_YEAR)) == int(raw[:4]) + 1


def test_what_follows_a_year_is_a_month_unless_it_is_the_next_year() -> None:
    assert parse_day_or_period("2024-12", form(Form.DATE)) == Period(2024, 12)
    assert parse_day_or_period("FY 2009-10", form(Form.DATE)) == Period(2010)
    assert parse_day_or_period("2009-2010", form(Form.DATE)) == Period(2010)


@pytest.mark.parametrize(
    ("period", "start_month", "first", "last"),
    [
        (Period(2025), 7, date(2024, 7, 1), date(2025, 6, 30)),
        (Period(2025), 9, date(2024, 9, 1), date(2025, 8, 31)),
        (Period(2025), 1, date(2025, 1, 1), date(2025, 12, 31)),
        (Period(2024, 2), 7, date(2024, 2, 1), date(2024, 2, 29)),
        (Period(2024, 12), 9, date(2024, 12, 1), date(2024, 12, 31)),
    ],
)
def test_a_month_or_a_year_has_a_first_and_a_last_day(
    period: Period, start_month: int, first: date, last: date
) -> None:
    calendar = FiscalCalendar(start_month)
    assert period.day(calendar, last=False) == first
    assert period.day(calendar, last=True) == last


def test_every_date_field_of_a_commitment_or_an_award_says_which_day_it_means() -> None:
    for record in (Commitment, Award):
        for name, field in forms_of(record).items():
            assert (edge_of(name) is not None) == (field.form is Form.DATE), name
    assert {edge_of(name) for name in ("starts_on", "purchased_on", "obligated_on", "from")} == {Edge.FIRST}
    assert edge_of("as_of") is None


def test_an_assumed_day_is_said_with_the_day() -> None:
    where = Where("budget.csv", "budget", "E2")
    issue = assumed_day_issue("paid_through", Period(2025), FiscalCalendar(7), "FY25", where)
    assert (issue.severity, issue.code, issue.where, issue.field) == (
        Severity.WARNING,
        "date-assumed",
        where,
        "paid_through",
    )
    assert issue.message == "`paid_through` names a year, not a day"
    assert issue.found == "FY25"
    assert issue.hint == "assumed: June 30, 2025, the last day of FY2025; write the day if it is another"
    first = assumed_day_issue("from", Period(2024, 9), FiscalCalendar(7), "Sep-24", where)
    assert first.message == "`from` names a month, not a day"
    assert first.hint == "assumed: September 1, 2024, the first day of September 2024; write the day if it is another"


@given(st.dates(min_value=date(1991, 1, 1), max_value=date(2079, 12, 31)), st.integers(1, 12))
def test_a_day_lies_in_the_month_and_in_the_year_that_name_it(day: date, start_month: int) -> None:
    calendar = FiscalCalendar(start_month)
    year = calendar.year_of(day)
    for raw in (f"{day:%B} {day.year}", f"{day.month}/{day.year}", f"FY{year}", f"SY {year - 1}-{year}", year):
        period = parse_day_or_period(raw, form(Form.DATE))
        assert isinstance(period, Period)
        assert period.day(calendar, last=False) <= day <= period.day(calendar, last=True)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2089, 12, 31)))
def test_any_day_is_read_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    named = f"{day:%B} {day.day}, {day.year}"
    numbers = (serial, str(serial), int(f"{day:%Y%m%d}"), f"{day:%Y%m%d}")
    texts = (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%Y.%m.%d}", f"{day:%d-%b-%Y}")
    for raw in (day, *numbers, *texts, named, f"{day:%A}, {named}", f"{day:%a} {day:%m/%d/%Y}"):
        assert parse(raw, form(Form.DATE)) == day


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        (7, 7),
        (7.0, 7),
        ("7", 7),
        ("July", 7),
        ("jul", 7),
        ("SEPT", 9),
        ("Sept.", 9),
        ("07", 7),
        ("December", 12),
        (1, 1),
    ],
)
def test_a_month_is_read(raw: Any, month: int) -> None:
    assert parse(raw, form(Form.MONTH)) == month


@pytest.mark.parametrize("raw", [0, 13, 7.5, "13th", "Ju", "Maybe", "Marketing", "Decided", "TBD", True])
def test_what_is_no_month_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.MONTH).code == "month-not-understood"


@pytest.mark.parametrize(
    "raw",
    [
        "03-15",
        "3/15",
        "3-15",
        "March 15",
        "Mar. 15",
        "March 15th",
        "15-Mar",
        "15 March",
        "15th of March",
        date(2026, 3, 15),
        datetime(2027, 3, 15),  # noqa: DTZ001
        "2026-03-15",
    ],
)
def test_a_calendar_day_is_read(raw: Any) -> None:
    assert parse(raw, form(Form.MONTH_DAY)) == (3, 15)


@pytest.mark.parametrize(
    "raw",
    ["2/29", "02-30", "15 March to May", "spring", "Mar-15", "March", "TBD", 315, 3.15, "13-01", date(2028, 2, 29)],
)
def test_what_is_no_calendar_day_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.MONTH_DAY).code == "day-not-understood"


@pytest.mark.parametrize(
    "raw",
    [
        2027,
        2027.0,
        "2027",
        "FY2027",
        "FY27",
        "fy 2027",
        "FY'27",
        "2026-27",
        "2026-2027",
        "2026/27",
        "2026\u201327",
        "FY 2026-27",
        "SY 2026-2027",
        "School year 2026-27",
        "Fiscal Year 2027",
        "F.Y. 2027",
        "FY\u201927",
        "FY-27",
        "FYE 2027",
        "SY26-27",
        "FY 26/27",
        "26-27",
        "26/27",
        "2026 - 27",
        "2026\u201127",
        "2026-27 school year",
        "2027.0",
        Decimal(2027),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(raw: Any) -> None:
    assert parse(raw, form(Form.FISCAL_YEAR)) == 2027


def test_a_fiscal_year_may_cross_a_century() -> None:
    assert parse("1999-00", form(Form.FISCAL_YEAR)) == 2000
    assert parse("1999-2000", form(Form.FISCAL_YEAR)) == 2000


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "27",
            27,
            "2026-28",
            "2027-26",
            "2026-2127",
            "26-28",
            "next",
            "FY",
            "FY98",
            "98-99",
            "FY 271",
            "2027 or 2028",
        ),
        *("\uff12\uff10\uff12\uff17", "6/30/2027", "TBD", "-", 1989, 2201, 2027.5, float("nan"), float("inf"), True),
        date(2027, 6, 30),
    ],
)
def test_what_is_no_fiscal_year_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.FISCAL_YEAR).code == "fiscal-year-not-understood"


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("2022-2023 Proposed", 2023),
        ("2019-2020 Actual", 2020),
        ("Sum of 2018-2019 Actual", 2019),
        ("FY27 Budget", 2027),
        ("Adopted Budget 2026-27", 2027),
        ("Adopted\nBudget\n2026\u201327", 2027),
        ("Cost (FY 2027)", 2027),
        ("2027 Cost", 2027),
        ("Total Students All Grades (Excludes AE) [District] 2024-25", 2025),
        ("FY 2027 (2026-27)", 2027),
        ("FY\u201927 Proposed", 2027),
        ("F.Y. 2027", 2027),
        ("SY2026-27 Cost ($000)", 2027),
        ("Budget FY 26/27", 2027),
        ("26-27 Budget", 2027),
        ("Unit price 2026/2027", 2027),
        ("Q4 FY2026-27", 2027),
        ("Year ended June 30, 2027", 2027),
        ("FYE 6/30/2027", 2027),
        ("cost_2027", 2027),
        ("fy27_cost", 2027),
        ("FY2027Cost", 2027),
        ("budget_2026_27", 2027),
        ("budget 2026 27", 2027),
        ("Marketing 2027", 2027),
        ("2027 12 months", 2027),
        ("Fund 2000-2999, FY27", 2027),
        ("Fund 2820 FY27", 2027),
        ("1990", 1990),
        ("2100", 2100),
    ],
)
def test_the_fiscal_year_inside_a_heading_is_found(heading: str, year: int) -> None:
    assert fiscal_year_within(heading) == year


@pytest.mark.parametrize(
    "heading",
    [
        *("", "Annual cost", "Amount ($000)", "1:1 Chromebooks", "Spotify 25", "Cost 27", "P.O. 20270001", "$2,027"),
        *("FY26 and FY27", "FY2026-FY2027", "2025 vs 2026", "FY25-27", "Cost 2026-2028", "2026-2027-2028"),
        *("K-12", "Grades 9-10", "Grade 11-12 devices", "Measure C-2024", "$2000 threshold", "2000.50", "2027%"),
        *("As of 2024-06-30", "6/30/2025 balance", "Paid through June 30, 2025", "Sept 2025 invoice", "Jan-27"),
        *("Jul 2026-Jun 2027", "7/2026", "Fund 2027", "Object 2027", "ARP Act of 2021", "Windows Server 2022"),
        *("1989", "2101", "FY98", "\uff12\uff10\uff12\uff17"),
    ],
)
def test_a_heading_that_names_none_or_several_has_no_fiscal_year(heading: str) -> None:
    assert fiscal_year_within(heading) is None


@given(st.integers(1991, 2079))
def test_a_fiscal_year_is_read_alone_and_inside_a_heading_however_it_is_written(year: int) -> None:
    short = [f"FY{year % 100:02}", f"SY {(year - 1) % 100:02}-{year % 100:02}"] if year > 2000 else []
    for written in (f"FY{year}", f"FY {year - 1}-{year}", f"{year - 1}-{year}", f"{year - 1}/{year % 100:02}", *short):
        assert parse(written, form(Form.FISCAL_YEAR)) == year
        assert fiscal_year_within(f"Adopted {written} Budget") == year


# --------------------------------------------------------------------------- sources and shares


def parts(*named: tuple[str, str]) -> tuple[Part, ...]:
    return tuple(Part(source=name, share=Decimal(share)) for name, share in named)


@pytest.mark.parametrize(
    "raw",
    [
        "ESSER III 60%; General Fund 40%",
        "ESSER III 60 %;General Fund 40.0%;",
        "ESSER III: 60%\nGeneral Fund = 40%",
        "ESSER III (60%); General Fund (40%)",
        "ESSER III - 60%; General Fund - 40%",
        "60% ESSER III; 40% of General Fund",
        "ESSER III 60%, General Fund 40%",
        "ESSER III (60%), General Fund (40%)",
        "ESSER III 60 percent; General Fund 40 pct",
    ],
)
def test_sources_with_shares_are_read(raw: str) -> None:
    assert parse(raw, form(Form.PARTS)) == parts(("ESSER III", "0.6"), ("General Fund", "0.4"))


@pytest.mark.parametrize("raw", ["General Fund", " General  Fund ", "General Fund;"])
def test_a_single_source_pays_all(raw: str) -> None:
    assert parse(raw, form(Form.PARTS)) == parts(("General Fund", "1"))


def test_a_name_keeps_its_commas_dashes_and_numbers() -> None:
    raw = "Title IV-A, Part 2 15%; Measure C-2024"
    assert refusal(raw, Form.PARTS).code == "share-missing"
    assert parse(f"{raw} 85%", form(Form.PARTS)) == parts(("Title IV-A, Part 2", "0.15"), ("Measure C-2024", "0.85"))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("ESSER III 60%; General Fund", "share-missing"),
        ("A; B", "share-missing"),
        ("General Fund 120%", "shares-over-100"),
        (205, "sources-not-understood"),
        (0.6, "sources-not-understood"),
    ],
)
def test_sources_that_leave_a_question_are_refused(raw: Any, code: str) -> None:
    assert refusal(raw, Form.PARTS).code == code


# --------------------------------------------------------------------------- all forms


@pytest.mark.parametrize("kind", [kind for kind in Form if kind is not Form.DICTIONARY])
@pytest.mark.parametrize(
    "raw", ["#REF!", "#N/A", "#DIV/0!", " #VALUE! ", "#name?", "###", "#########", "#ERROR!", "Err:502"]
)
def test_an_error_of_the_spreadsheet_is_refused_in_every_field(kind: Form, raw: str) -> None:
    assert refusal(raw, kind).code == "cell-error"


@pytest.mark.parametrize("raw", ["#1 priority", "#HQ", "# of seats", "#", "Err: 502"])
def test_text_may_begin_with_a_number_sign(raw: str) -> None:
    assert parse(raw, form(Form.TEXT)) == raw


@pytest.mark.parametrize("kind", [kind for kind in Form if kind not in {Form.DICTIONARY, Form.NAMES}])
@pytest.mark.parametrize("raw", [["a", "b"], {"a": 1}])
def test_several_values_are_refused_where_one_is_meant(kind: Form, raw: Any) -> None:
    assert refusal(raw, kind).code == "value-not-understood"


_WRITTEN = st.text(alphabet="0123456789$.,-/() %FYSK'\u2013eE", max_size=12)
_NUMBERS = st.one_of(st.integers(), st.floats(), st.decimals(), st.booleans())


@given(st.one_of(st.text(max_size=12), _WRITTEN, _NUMBERS, st.dates(), st.times(), st.datetimes()))
def test_anything_is_either_read_or_refused(raw: Any) -> None:
    for kind in Form:
        if kind is not Form.DICTIONARY and not is_blank(raw):
            with suppress(NotUnderstood):
                parse(raw, form(kind))
    if not is_blank(raw):
        with suppress(NotUnderstood):
            parse_day_or_period(raw, form(Form.DATE))
        fiscal_year_within(shown(raw))


@given(st.one_of(_WRITTEN, st.text(max_size=12), st.sampled_from([*PLACEHOLDERS, *WITHHELD])))
def test_nothing_becomes_zero_that_shows_neither_a_zero_nor_a_dash(raw: str) -> None:
    for kind in (Form.MONEY, Form.NUMBER, Form.WHOLE, Form.SHARE, Form.RATE):
        if "0" not in raw and not is_blank(raw):
            with suppress(NotUnderstood):
                value = parse(raw, form(kind))
                assert value or (kind is Form.MONEY and set(raw) & set(DASHES))


@pytest.mark.parametrize("record", [Commitment, Source, District])
def test_every_field_has_a_form_that_is_read_or_a_structure(record: Any) -> None:
    for field in forms_of(record).values():
        if field.form is not Form.DICTIONARY:
            with pytest.raises(NotUnderstood):
                parse("#REF!", field)


@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t", "\u00a0", "\u200b", " \ufeff "])
def test_blank(raw: Any) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [0, 0.0, False, "-", "0"])
def test_not_blank(raw: Any) -> None:
    assert not is_blank(raw)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_float_shows_the_digits_a_spreadsheet_shows(amount: Decimal) -> None:
    assert exact(float(amount)) == amount
    assert Decimal(shown(float(amount))) == amount
