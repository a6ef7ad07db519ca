"""What counts is stated, what less certain money would change is shown, and money that ends is a cliff of its own."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from engine_inputs import project
from esser_gap.cli.app import main
from esser_gap.model.words import Certainty
from esser_gap.plan.certainty import gaps_by_certainty
from esser_gap.plan.endings import endings
from esser_gap.projecting import project_all
from esser_gap.view.certainty import certainty_table
from esser_gap.view.endings import endings_table
from esser_gap.view.finding import certainties
from esser_gap.view.summary import summary
from esser_gap.view.table import Table
from esser_gap.write.json_document import json_document
from esser_gap.write.workbook import write_workbook
from small_budget import BASELINE, DISTRICT, small_projection, two_district_projection
from test_properties import budgets, with_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from engine_inputs import Inputs
    from esser_gap.projecting import Projection

CASE: dict[str, Any] = {"district": "District", "scenario": "case"}

MONEY = """\
years: 4
commitments:
  - {id: LMS, category: software, kind: recurring, annual_cost: 1000}
  - {id: NET, category: network, kind: recurring, annual_cost: 500, funded_by: Bridge}
  - {id: ONCE, category: network, kind: one_time, annual_cost: 300, starts_on: 2027-09-01, funded_by: Bridge}
sources:
  - {name: Line, recurring: yes, basis: open, categories: [software], yearly: {amount: 400}}
  - {name: Bridge, recurring: no, basis: assigned, awards: [{amount: 5000, through: 2028-12-31}]}
  - name: Levy
    recurring: yes
    basis: open
    categories: [software]
    yearly: {FY2028: 250, FY2029: 250}
    certainty: likely
  - {name: Gift, recurring: no, basis: open, categories: [software], certainty: possible, awards: [{amount: 200}]}
"""


def projected(more: str = "scenario: {name: case}") -> Projection:
    return project(f"{MONEY}{more}\n")


def rows_of(table: Table) -> dict[str, tuple[Any, ...]]:
    return {str(row.cells[0]): row.cells[1:] for row in table.rows}


# --------------------------------------------------------------------------- if more money came


def test_each_certainty_has_its_gap_and_the_one_that_counts_is_marked() -> None:
    """600 are missing each year; from FY2030 on the bridge is gone, too, and with it 500."""
    table = certainty_table(projected(), **CASE)
    assert rows_of(table) == {
        "Secured only (counts here)": tuple(map(Decimal, (600, 600, 600, 1100, 2900))),
        "Likely, too": tuple(map(Decimal, (600, 350, 350, 1100, 2400))),
        "Possible, too": tuple(map(Decimal, (400, 350, 350, 1100, 2200))),
    }
    assert table.notes[:2] == ("likely: Levy", "possible: Gift")


def test_the_mark_follows_what_the_scenario_counts_and_the_figures_stay() -> None:
    table = certainty_table(projected("scenario: {name: case, count: possible}"), **CASE)
    usual = certainty_table(projected(), **CASE)
    assert list(rows_of(table)) == [
        "Secured only",
        "Likely, too",
        "Possible, too (counts here)",
    ]
    assert list(rows_of(table).values()) == list(rows_of(usual).values())


def test_where_every_source_is_secured_there_is_nothing_to_show() -> None:
    text = MONEY.replace("    certainty: likely\n", "").replace("certainty: possible, ", "")
    projection = project(f"{text}scenario: {{name: case}}")
    assert certainty_table(projection, **CASE).rows == ()
    assert [part.name for part in summary(projection, **CASE) if isinstance(part, Table)] == [
        "years",
        "first-to-lose",
        "endings",
        "by-category",
    ]


@settings(derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(budgets())
def test_each_figure_is_what_a_projection_that_counts_so_gives(inputs: Inputs) -> None:
    projection = inputs.project()
    (plan,) = projection.plans
    found = gaps_by_certainty(plan, projection.settings.horizon_of(plan.district))
    for counts, cents in found.items():
        other = with_scenario(inputs, count=counts)
        own = project_all(other.budget, [other.scenario], other.settings, lambda: ())
        assert [Decimal(gap).scaleb(-2) for gap in cents] == own.years["gap"].to_list()


# --------------------------------------------------------------------------- what counts is said


def test_what_counts_is_said_for_every_district_and_scenario_once() -> None:
    assert certainties(projected()) == ("Only secured money counts; left out: Levy (likely), Gift (possible).",)
    assert certainties(two_district_projection()) == (
        "Only secured money counts; left out: Levy 2028 (possible).",
        "Only secured money counts.",
    )


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_every_output_of_the_command_line_says_what_counts(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.csv").write_text("id,name,category,kind,annual_cost\nA,Filter,network,recurring,100\n")
    (tmp_path / "funding.yaml").write_text(
        "sources: [{name: Levy, recurring: yes, basis: open, certainty: likely, yearly: {FY2027: 50}}]"
    )
    with pytest.raises(SystemExit):
        main(["project", "b.csv", "--as-of", "2026-11-23", "--format", form])
    said = capsys.readouterr()
    if form == "json":
        (plan,) = json.loads(said.out)["run"]["plans"]
        assert (plan["counts"], plan["not_counted"]) == ("secured", ["Levy"])
    else:
        text = said.err if form == "csv" else said.out
        assert "Only secured money counts; left out: Levy (likely)." in text


# --------------------------------------------------------------------------- money that ends


def test_a_source_that_ends_is_shown_with_its_last_full_year_and_who_loses_it() -> None:
    """Bridge ends inside FY2029, in whose July it still pays; FY2028 is the last year that it covers whole."""
    table = endings_table(projected(), **CASE)
    assert rows_of(table) == {"Bridge": ("one-time", "2028-12-31", 2028, Decimal(800), "NET (NET)")}
    (ending,) = found(projected())
    assert ending.ends_on == date(2028, 12, 31)
    assert [c.id for c in ending.losers] == ["NET"], "what is bought once loses nothing"


def found(projection: Projection) -> list[Any]:
    (plan,) = projection.plans
    horizon = projection.settings.horizon_of(plan.district)
    return endings(plan, horizon, projection.coverage, projection.costs)


@pytest.mark.parametrize(
    ("awards", "expected"),
    [
        ("awards: [{through: 2026-08-31}]", (date(2026, 8, 31), 2027)),
        ("awards: [{through: 2028-06-30}]", (date(2028, 6, 30), 2028)),
        ("awards: [{through: 2030-06-30}]", None),
        ("awards: [{through: 2031-06-30}]", None),
        ("awards: [{through: 2028-06-30}, {amount: 1}]", None),
        ("awards: [{amount: 500}]", (None, 2027)),
        ("awards: [{amount: 700}]", (None, 2028)),
        ("awards: [{amount: 100, through: 2020-06-30}, {amount: 700}]", (None, 2028)),
        ("awards: [{amount: 2000}]", None),
        ("yearly: {FY2027: 500, FY2028: 500}", (date(2028, 6, 30), 2028)),
        ("yearly: {FY2027: 600}, carryover: 1", (date(2028, 6, 30), 2028)),
        ("yearly: {amount: 500}", None),
        ("awards: [{through: 2024-09-30}]", None),
    ],
)
def test_an_end_is_a_day_inside_the_projected_years_or_the_last_dollar(awards: str, expected: Any) -> None:
    text = (
        "years: 4\n"
        "commitments: [{id: NET, category: network, kind: recurring, annual_cost: 500, funded_by: Bridge}]\n"
        f"sources: [{{name: Bridge, recurring: no, basis: assigned, {awards}}}]\n"
    )
    assert [(ending.ends_on, ending.year) for ending in found(project(text))] == (
        [] if expected is None else [expected]
    )


def test_money_that_is_not_counted_and_pays_nothing_does_not_end() -> None:
    text = MONEY.replace("{name: Bridge, ", "{name: Bridge, certainty: likely, ")
    assert found(project(f"{text}scenario: {{name: case}}")) == []


def test_a_source_that_a_scenario_parts_by_year_does_not_end_where_its_parts_meet() -> None:
    text = (
        "years: 4\n"
        "commitments: [{id: NET, category: network, kind: recurring, annual_cost: 500, funded_by: Bridge}]\n"
        "sources: [{name: Bridge, recurring: no, basis: assigned}]\n"
        "scenario: {name: case, sources: {adjust: [{scale: 0.5, from: FY2029, where: {name: Bridge}}]}}\n"
    )
    projection = project(text)
    assert projection.years["gap"].to_list() == [Decimal(0), Decimal(0), Decimal(250), Decimal(250)]
    assert found(projection) == []


def test_first_to_end_stands_first_and_long_lists_are_counted() -> None:
    commitments = ", ".join(
        f"{{id: C{n}, category: network, kind: recurring, annual_cost: 10, funded_by: B}}" for n in range(5)
    )
    text = (
        f"years: 4\ncommitments: [{commitments}]\nscenario: {{name: case}}\n"
        "sources:\n  - {name: B, recurring: no, basis: assigned, share: 50%, awards: [{through: 2029-06-30}]}\n"
        "  - {name: A, recurring: yes, basis: open, yearly: {FY2027: 20}}\n"
    )
    table = endings_table(project(text), **CASE, limit=2)
    assert [row.cells[0] for row in table.rows] == ["A", "B"]
    assert table.rows[1].cells[-1] == "C0 (C0), C1 (C1) and 3 more"


# --------------------------------------------------------------------------- outputs


def test_the_workbook_and_json_say_the_same_as_the_terminal(tmp_path: Path) -> None:
    projection = small_projection()
    case: dict[str, Any] = {"district": DISTRICT, "scenario": BASELINE}
    write_workbook(projection, tmp_path / "gap.xlsx")
    book = openpyxl.load_workbook(tmp_path / "gap.xlsx")
    for sheet, table in (
        ("Money that ends", endings_table(projection, **case)),
        ("If more money came", certainty_table(projection, **case)),
    ):
        written = {row[0]: row for row in book[sheet].iter_rows(values_only=True)}
        for row in table.rows:
            cells = [float(cell) if isinstance(cell, Decimal) else cell for cell in row.cells]
            assert list(written[row.cells[0]][: len(cells)]) == cells
    plan = json.loads(json_document(projection), parse_float=Decimal)["run"]["plans"][0]
    gaps = [list(gap["gaps"].values()) for gap in plan["gap_if"]]
    assert gaps == [list(row.cells[1:-1]) for row in certainty_table(projection, **case).rows]
    assert [gap["counts"] for gap in plan["gap_if"]] == list(Certainty)
    assert [(e["source"], e["ends_on"], e["paid"]) for e in plan["ending"]] == [
        (row.cells[0], row.cells[2], row.cells[4]) for row in endings_table(projection, **case).rows
    ]
