"""Values are read as people write them, and what could mean two things is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.model.source import Source
from esser_gap.read.values import NotUnderstood, Rounded, exact, is_blank, parse, shown


def form(kind: Form, choices: tuple[str, ...] = ()) -> FieldForm:
    return FieldForm("field", kind, choices)


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
        ("-", "0.00"),
        (" $ - ", "0.00"),
        ("\u2013", "0.00"),
        ("\u2014", "0.00"),
    ],
)
def test_money_is_read(raw: Any, dollars: str) -> None:
    assert parse(raw, form(Form.MONEY)) == Decimal(dollars)


@pytest.mark.parametrize(
    "raw",
    [
        "12 thousand",
        "about 500",
        "1,23",
        "1,2345",
        "1.234,56",
        "1.2.3",
        "12 50",
        "1 2",
        "5 000 00",
        "12,0OO",
        "1e5",
        "5%",
        "(-5)",
        "-5-",
        "--5",
        "(5",
        "5)",
        "$",
        "()",
        "K",
        "$$5",
        "\u20ac500",
        "500 USD",
        "nan",
        "inf",
        True,
        False,
        date(2026, 6, 30),
        time(3, 0),
    ],
)
def test_what_is_no_money_is_refused(raw: Any) -> None:
    problem = refusal(raw, Form.MONEY)
    assert problem.code == "money-not-a-number"
    assert problem.hint == "write dollars, such as 12500.00"


@pytest.mark.parametrize("raw", ["TBD", "tba", "n/a", "N/A", "?", "--", "pending", " Unknown "])
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


# --------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("raw", "number"),
    [(6.5, "6.5"), ("6.5", "6.5"), ("1,250", "1250"), (0.1 + 0.2, "0.3"), ("2K", "2000"), (12.0, "12"), ("-", "0")],
)
def test_a_number_is_read_as_precisely_as_written(raw: Any, number: str) -> None:
    assert parse(raw, form(Form.NUMBER)) == Decimal(number)


@pytest.mark.parametrize("raw", ["six", "6.5 FTE", True, "1/2"])
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
@pytest.mark.parametrize("raw", ["half", "NaN", "Infinity", "1e1%", "%", "5 percent", "1_0", "5%%", True, time(1, 0)])
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
    ],
)
def test_a_day_is_read(raw: Any) -> None:
    parsed = parse(raw, form(Form.DATE))
    assert (parsed, type(parsed)) == (date(2024, 9, 30), date)


@pytest.mark.parametrize(
    "raw",
    [
        "FY25",
        "2024",
        2024,
        "2024-25",
        "SY 2024-2025",
        "30/9/2024",
        "2024-02-30",
        "9/31/2024",
        "Septober 30, 2024",
        "Sep 2024",
        "TBD",
        "-",
        "45565",
        "9/30",
        "2024-09-30 15:00",
        3,
        True,
        time(12, 0),
    ],
)
def test_what_is_no_day_is_refused(raw: Any) -> None:
    problem = refusal(raw, Form.DATE)
    assert problem.code == "date-not-understood"
    assert problem.hint == "write the day, such as 2026-06-30"


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2089, 12, 31)))
def test_any_day_is_read_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    named = f"{day:%B} {day.day}, {day.year}"
    for raw in (day, serial, day.isoformat(), f"{day.month}/{day.day}/{day.year}", named, f"{day:%d-%b-%Y}"):
        assert parse(raw, form(Form.DATE)) == day


@pytest.mark.parametrize(
    ("raw", "month"), [(7, 7), (7.0, 7), ("7", 7), ("July", 7), ("jul", 7), ("SEPT", 9), ("December", 12), (1, 1)]
)
def test_a_month_is_read(raw: Any, month: int) -> None:
    assert parse(raw, form(Form.MONTH)) == month


@pytest.mark.parametrize("raw", [0, 13, 7.5, "13th", "Ju", "Maybe", "Marketing", "Decided", "TBD", True])
def test_what_is_no_month_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.MONTH).code == "month-not-understood"


@pytest.mark.parametrize(
    "raw",
    ["03-15", "3/15", "3-15", "March 15", "Mar. 15", date(2026, 3, 15), datetime(2027, 3, 15), "2026-03-15"],  # noqa: DTZ001
)
def test_a_calendar_day_is_read(raw: Any) -> None:
    assert parse(raw, form(Form.MONTH_DAY)) == (3, 15)


@pytest.mark.parametrize("raw", ["2/29", "02-30", "15 March to May", "spring", 315, 3.15, "13-01", date(2028, 2, 29)])
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
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(raw: Any) -> None:
    assert parse(raw, form(Form.FISCAL_YEAR)) == 2027


def test_a_fiscal_year_may_cross_a_century() -> None:
    assert parse("1999-00", form(Form.FISCAL_YEAR)) == 2000


@pytest.mark.parametrize(
    "raw", ["27", 27, "2026-28", "2027-26", "next", 1989, 2201, 2027.5, True, date(2027, 6, 30), "FY"]
)
def test_what_is_no_fiscal_year_is_refused(raw: Any) -> None:
    assert refusal(raw, Form.FISCAL_YEAR).code == "fiscal-year-not-understood"


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
@pytest.mark.parametrize("raw", ["#REF!", "#N/A", "#DIV/0!", " #VALUE! ", "#name?", "#####"])
def test_an_error_of_the_spreadsheet_is_refused_in_every_field(kind: Form, raw: str) -> None:
    assert refusal(raw, kind).code == "cell-error"


@pytest.mark.parametrize("raw", ["#1 priority", "#HQ", "# of seats"])
def test_text_may_begin_with_a_number_sign(raw: str) -> None:
    assert parse(raw, form(Form.TEXT)) == raw


@pytest.mark.parametrize("kind", [kind for kind in Form if kind not in {Form.DICTIONARY, Form.NAMES}])
@pytest.mark.parametrize("raw", [["a", "b"], {"a": 1}])
def test_several_values_are_refused_where_one_is_meant(kind: Form, raw: Any) -> None:
    assert refusal(raw, kind).code == "value-not-understood"


@given(st.one_of(st.text(max_size=12), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_anything_is_either_read_or_refused(raw: Any) -> None:
    for kind in Form:
        if kind is not Form.DICTIONARY and not is_blank(raw):
            with suppress(NotUnderstood):
                parse(raw, form(kind))


@pytest.mark.parametrize("record", [Commitment, Source, District])
def test_every_field_has_a_form_that_is_read_or_a_structure(record: Any) -> None:
    for field in forms_of(record).values():
        if field.form is not Form.DICTIONARY:
            with pytest.raises(NotUnderstood):
                parse("#REF!", field)


@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t", "\u00a0"])
def test_blank(raw: Any) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [0, 0.0, False, "-", "0"])
def test_not_blank(raw: Any) -> None:
    assert not is_blank(raw)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_float_shows_the_digits_a_spreadsheet_shows(amount: Decimal) -> None:
    assert exact(float(amount)) == amount
    assert Decimal(shown(float(amount))) == amount
