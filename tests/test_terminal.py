"""What the terminal shows: readable at 80 columns, complete when piped, and never at the mercy of a cell's text."""

from __future__ import annotations

import io
import re
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from rich.console import Console  # noqa: TID251

from esser_gap.issues import Issue, Where, error, note, warning
from esser_gap.view.assumptions import assumptions_table
from esser_gap.view.breakdown import by_goal_table
from esser_gap.view.comparison import comparison_table, newly_lost_table
from esser_gap.view.decisions import decisions_table
from esser_gap.view.districts import districts_table
from esser_gap.view.explanation import explanation
from esser_gap.view.first_to_lose import at_risk_table
from esser_gap.view.issues import issues_table, receipts_table
from esser_gap.view.summary import summary
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table
from esser_gap.view.years import years_table
from esser_gap.write.terminal import console_for, draw, draw_issues, progress
from small_budget import AUSTERITY, BASELINE, DISTRICT, small_projection, two_district_projection

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def terminal(width: int, **options: object) -> tuple[Console, io.StringIO]:
    """Make a console that takes itself for a terminal, with UTF-8 and bold but no colour."""
    stream = io.StringIO()
    options = {"color_system": None, **options}
    return Console(file=stream, width=width, force_terminal=True, soft_wrap=True, **options), stream  # type: ignore[arg-type]


def on_terminal(parts: list[str | Table], width: int) -> str:
    console, stream = terminal(width)
    draw(parts, console)
    return stream.getvalue()


def piped(parts: list[str | Table]) -> str:
    stream = io.StringIO()
    draw(parts, console_for(stream))
    return stream.getvalue()


def drawn_issues(issues: list[Issue], width: int | None = None) -> str:
    if width is None:
        stream = io.StringIO()
        draw_issues(issues, console_for(stream))
    else:
        console, stream = terminal(width)
        draw_issues(issues, console)
    return stream.getvalue()


def overview() -> list[str | Table]:
    return list(summary(small_projection(), district=DISTRICT, scenario=BASELINE, limit=3))


def everything() -> list[str | Table]:
    projection = small_projection()
    return [*summary(projection, district=DISTRICT, scenario=AUSTERITY), *other_views()]


def other_views() -> list[str | Table]:
    projection = small_projection()
    case = {"district": DISTRICT, "scenario": AUSTERITY}
    return [
        by_goal_table(projection, **case),
        decisions_table(projection, **case),
        at_risk_table(projection, **case),
        comparison_table(projection, district=DISTRICT),
        newly_lost_table(projection, district=DISTRICT),
        assumptions_table(projection, **case),
        receipts_table(projection),
        issues_table(projection),
        districts_table(two_district_projection(), scenario=BASELINE),
        *explanation(projection, "COACH", **case),
    ]


def table_of(*rows: Row, headings: tuple[Heading, ...] = (Heading("Name"), Heading("Amount", Show.DOLLARS))) -> Table:
    return Table("table", "Table", headings, rows)


# Whole outputs


def test_a_projection_at_80_columns(snapshot: SnapshotAssertion) -> None:
    assert on_terminal(overview(), 80) == snapshot


def test_a_projection_at_140_columns(snapshot: SnapshotAssertion) -> None:
    assert on_terminal(overview(), 140) == snapshot


def test_a_projection_piped(snapshot: SnapshotAssertion) -> None:
    assert piped(overview()) == snapshot


def test_the_other_views_at_80_columns(snapshot: SnapshotAssertion) -> None:
    assert on_terminal(other_views(), 80) == snapshot


# Fit


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(len(line) for line in on_terminal(everything(), width).splitlines()) <= width


@pytest.mark.parametrize("width", [60, 80, 140])
def test_every_word_that_is_piped_is_on_the_terminal_too(width: int) -> None:
    words = set(re.findall(r"[A-Za-z][\w-]+", piped(everything())))
    shown = set(re.findall(r"[A-Za-z][\w-]+", on_terminal(everything(), width)))
    assert words - shown == set()


def test_dollars_are_counted_in_thousands_when_years_do_not_fit_and_the_title_says_so() -> None:
    table = years_table(small_projection(), district=DISTRICT, scenario=BASELINE)
    narrow, wide = on_terminal([table], 80), on_terminal([table], 140)
    assert "who pays (thousands of dollars)" in narrow
    assert "thousands of dollars; rounded figures may not add" in narrow
    assert "(2,719)" in narrow
    assert "thousands" not in wide
    assert "(2,719,452)" in wide


def test_five_years_of_nine_digits_are_readable_at_80_columns() -> None:
    amounts = [Decimal(999_999_999)] * 5
    headings = (Heading(""), *(Heading(f"FY{year}", Show.DOLLARS) for year in range(2027, 2032)))
    row = Row(("Gap for all districts together", *amounts), RowStyle.SHORTFALL)
    lines = on_terminal([table_of(row, headings=headings)], 80).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert sum(line.count("(1,000,000)") for line in lines) == 5


def test_years_are_split_over_blocks_when_even_thousands_do_not_fit() -> None:
    table = years_table(small_projection(), district=DISTRICT, scenario=BASELINE)
    lines = on_terminal([table], 50).splitlines()
    heads = [line.split() for line in lines if "FY20" in line and "=" not in line]
    assert heads == [["FY2027", "FY2028", "FY2029"], ["FY2030", "FY2031", "Total"]]
    assert sum(line.startswith("General Fund") for line in lines) == 2


# Figures


@pytest.mark.parametrize(
    ("cell", "heading", "text"),
    [
        (Decimal("1234.50"), Heading("x", Show.DOLLARS), "1,235"),
        (Decimal(0), Heading("x", Show.DOLLARS), "-"),
        (Decimal("0.40"), Heading("x", Show.DOLLARS), "<1"),
        (Decimal(-1234), Heading("x", Show.DOLLARS), "-1,234"),
        (Decimal("1234.50"), Heading("x", Show.DOLLARS, is_shortfall=True), "(1,235)"),
        (Decimal("1234.5"), Heading("x", Show.CENTS), "1,234.50"),
        (Decimal("0.4055"), Heading("x", Show.SHARE), "40.6%"),
        (Decimal("1.030000"), Heading("x", Show.NUMBER), "1.030000"),
        (2027, Heading("x", Show.YEAR), "FY2027"),
        (None, Heading("x", Show.DOLLARS), ""),
        (True, Heading("x", Show.CODE), "yes"),
    ],
)
def test_a_cell_is_written_as_it_is_meant(cell: Decimal | int | None, heading: Heading, text: str) -> None:
    row = Row(("row", cell))
    line = piped([table_of(row, headings=(Heading("Name"), heading))]).splitlines()[3]
    assert line.removeprefix("row").strip() == text


def test_digits_stand_below_each_other_beside_parentheses() -> None:
    rows = (Row(("Cost", Decimal(1500))), Row(("Gap", Decimal(1200)), RowStyle.SHORTFALL))
    lines = piped([table_of(*rows)]).splitlines()
    assert lines[3].index("1,500") == lines[4].index("1,200")


def test_rounding_is_mentioned_only_where_something_was_rounded() -> None:
    whole = piped([table_of(Row(("a", Decimal(5))))])
    rounded = piped([table_of(Row(("a", Decimal("5.01"))))])
    assert "rounded" not in whole
    assert "whole dollars; rounded figures may not add" in rounded


# Text of others


def test_brackets_in_a_cell_are_not_taken_for_markup() -> None:
    table = table_of(Row(("[bold]Title I[/bold] [restricted] :smile:", Decimal(1))))
    for shown in (piped([table]), on_terminal([table], 80)):
        assert "[bold]Title I[/bold] [restricted] :smile:" in shown


def test_control_characters_in_a_cell_never_reach_the_terminal() -> None:
    table = table_of(Row(("two\nlines \x1b[31mred\x1b[0m \u202egnp", Decimal(1))))
    for shown in (piped([table]), on_terminal([table], 80)):
        assert "two lines  [31mred [0m  gnp" in shown
        assert "\x1b" not in shown


def test_a_word_longer_than_the_terminal_is_broken_and_not_cut() -> None:
    word = "x" * 200
    shown = on_terminal([table_of(Row((word, Decimal(12)))), word], 40)
    assert shown.count("x") == 400
    assert max(len(line) for line in shown.splitlines()) <= 40


def test_wide_characters_keep_columns_aligned() -> None:
    lines = piped([table_of(Row(("学校", Decimal(1))), Row(("abcd", Decimal(2))))]).splitlines()
    assert lines[3] == "学校       1"
    assert lines[4] == "abcd       2"


# Piped and plain


def test_piped_output_is_plain_text_with_one_line_a_row() -> None:
    shown = piped(everything())
    assert "\x1b" not in shown
    assert "─" not in shown
    reason = small_projection().losses["reason"][0]
    assert sum(reason in line and line.lstrip().startswith("1 ") for line in piped(overview()).splitlines()) == 1


def test_a_terminal_gets_bold_totals_and_no_colour_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    console, stream = terminal(80, color_system="standard")
    draw(overview(), console)
    draw_issues([error("a", "wrong")], console)
    codes = set(re.findall(r"\x1b\[([\d;]*)m", stream.getvalue()))
    assert codes == {"1", "0"}


def test_a_terminal_without_utf_8_gets_rules_it_can_draw() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    draw(overview(), Console(file=stream, width=80, force_terminal=True, color_system=None, soft_wrap=True))
    stream.flush()
    assert b"-" * 80 in raw.getvalue()


# Issues


ISSUES = [
    note("c", "two hidden rows were read", where=Where("budget.xlsx", "Commitments")),
    error(
        "a",
        "annual cost is not an amount of money",
        where=Where("budget.xlsx", "Commitments", "E14"),
        found="12,0OO",
        hint="write 12000.00",
    ),
    warning("b", "`SIS` has no `price_year`", hint="FY2027 dollars were assumed"),
    error(
        "a",
        "annual cost is not an amount of money",
        where=Where("budget.xlsx", "Commitments", "E19"),
        found="TBD",
        hint="write 12000.00",
    ),
]


def test_issues_follow_one_grammar_errors_first_and_each_said_once() -> None:
    assert drawn_issues(ISSUES) == (
        "error: annual cost is not an amount of money\n"
        "  --> budget.xlsx, sheet `Commitments`, cell E14: found `12,0OO`\n"
        "  --> budget.xlsx, sheet `Commitments`, cell E19: found `TBD`\n"
        "  hint: write 12000.00\n"
        "warning: `SIS` has no `price_year`\n"
        "  hint: FY2027 dollars were assumed\n"
        "note: two hidden rows were read\n"
        "  --> budget.xlsx, sheet `Commitments`\n"
        "2 errors, 1 warning, 1 note\n"
    )


def test_issues_wrap_with_their_second_lines_set_in() -> None:
    lines = drawn_issues(ISSUES, width=40).splitlines()
    assert max(len(line) for line in lines) <= 40
    assert lines[:2] == ["error: annual cost is not an amount of", "  money"]


def test_no_issues_draw_nothing() -> None:
    assert drawn_issues([]) == ""


# Progress


def test_progress_stays_silent_when_the_work_is_quick_or_piped() -> None:
    console, stream = terminal(80)
    with progress(console, total=2) as step:
        step("baseline", 2027)
        step("baseline", 2028)
    pipe = io.StringIO()
    with progress(console_for(pipe), total=1) as step:
        step("baseline", 2027)
        time.sleep(1.2)
    assert (stream.getvalue(), pipe.getvalue()) == ("", "")


def test_progress_appears_on_a_terminal_when_the_work_takes_longer_than_a_second() -> None:
    console, stream = terminal(80)
    with progress(console, total=2) as step:
        step("[austerity]", 2027)
        time.sleep(1.3)
    assert "projecting [austerity]" in stream.getvalue()
