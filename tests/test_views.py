"""The views say what the five tables say: they foot, they name their sources, and they never guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esser_gap.errors import InputError
from esser_gap.model.budget import Receipt
from esser_gap.model.scenario import Action, Scenario, SourceChanges
from esser_gap.model.source import Source
from esser_gap.model.words import Basis, Category, Certainty
from esser_gap.projecting import Projection, Settings, project_all
from esser_gap.view.amounts import in_words, whole_percent
from esser_gap.view.assumptions import assumptions_table
from esser_gap.view.breakdown import NO_GOAL, by_category_table, by_goal_table
from esser_gap.view.comparison import comparison_table, newly_lost_table
from esser_gap.view.decisions import decisions_table
from esser_gap.view.districts import districts_table
from esser_gap.view.explanation import explanation
from esser_gap.view.finding import certainty, finding, findings
from esser_gap.view.first_to_lose import at_risk_table, first_to_lose_table
from esser_gap.view.issues import issues_table, receipts_table, table_of_receipts, tables_of_receipts
from esser_gap.view.table import Row, RowStyle, Show, Table
from esser_gap.view.years import years_table
from small_budget import (
    AUSTERITY,
    BASELINE,
    DISTRICT,
    austerity,
    baseline,
    commitment,
    funded_by,
    settings,
    small_budget,
    small_projection,
    two_district_projection,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

CASES = [BASELINE, AUSTERITY]


@pytest.fixture(name="projection", scope="module")
def _projection() -> Projection:
    return small_projection()


def labelled(table: Table) -> dict[object, Row]:
    return {row.cells[0]: row for row in table.rows}


def column(table: Table, heading: str) -> list[object]:
    place = [h.text for h in table.headings].index(heading)
    return [row.cells[place] for row in table.rows]


def added(cells: Iterable[object]) -> Decimal:
    """Add up the amounts among cells."""
    return sum((Decimal(cell) for cell in cells if isinstance(cell, int | Decimal)), Decimal(0))


def totals(projection: Projection, scenario: str) -> dict[str, Decimal]:
    own = projection.years.filter(pl.col("scenario") == scenario)
    return {name: sum(own[name], Decimal(0)) for name in ("cost", "sustained", "bridged", "gap")}


def projected(*scenarios: Scenario, at: Settings | None = None, **changes: object) -> Projection:
    budget = replace(small_budget(), **changes)  # type: ignore[arg-type]
    return project_all(budget, scenarios, at or settings(), lambda: ())


@cache
def with_bond() -> Projection:
    """Project a scenario in which a new source pays whatever others do not."""
    bond = Source(name="Bond", recurring=False, basis=Basis.OPEN)
    rescue = Scenario(name="rescue", sources=SourceChanges(add=(bond,)))
    return projected(baseline(), rescue)


# The finding


def test_the_finding_names_cost_gap_share_first_loss_and_what_is_bridged(projection: Projection) -> None:
    sentence = finding(projection, district=DISTRICT, scenario=BASELINE)
    assert sentence == (
        "Under `baseline`, Cedar Valley USD needs $6.7 million over FY2027-FY2031 to keep 7 commitments;"
        " $2.7 million (41%) has no funding, beginning with `Learning platform` on 2026-07-01,"
        " and one-time money bridges another $620,000."
    )


def test_a_single_scenario_is_not_named() -> None:
    sentence = finding(two_district_projection(), district=DISTRICT, scenario=BASELINE)
    assert sentence.startswith("Cedar Valley USD needs ")


def test_a_district_without_a_gap_is_told_that_recurring_sources_pay() -> None:
    sentence = finding(two_district_projection(), district="Birch Hollow SD", scenario=BASELINE)
    assert sentence == (
        "Birch Hollow SD needs $212,000 over FY2027-FY2031 to keep 1 commitment; recurring sources pay all of it."
    )


def test_several_districts_get_a_sentence_each_and_one_together() -> None:
    sentences = findings(two_district_projection(), scenario=BASELINE)
    assert len(sentences) == 3
    assert sentences[2].startswith("All 2 districts together need $6.9 million over all years; $2.7 million (39%)")
    assert "in 1 district" in sentences[2]


def test_money_that_is_all_there_but_partly_one_time_is_not_called_safe() -> None:
    sentence = finding(with_bond(), district=DISTRICT, scenario="rescue")
    assert "all of it is funded, but $" in sentence
    assert sentence.endswith("only by one-time money.")


def test_a_district_that_pays_nothing_needs_no_figures() -> None:
    stopped = Scenario(name="stopped", actions=(Action(stop=2027),))
    sentence = finding(projected(stopped), district=DISTRICT, scenario="stopped")
    assert sentence == "Cedar Valley USD has nothing to pay for over FY2027-FY2031."


def test_one_projected_year_is_named_alone() -> None:
    projection = projected(baseline(), at=Settings(settings().as_of, 2027, 1))
    assert "in FY2027 to keep" in finding(projection, district=DISTRICT, scenario=BASELINE)


@pytest.mark.parametrize(
    ("dollars", "words"),
    [
        ("0.40", "less than $1"),
        ("812.50", "$813"),
        ("9499.49", "$9,499"),
        ("45020", "$45,000"),
        ("999499", "$999,000"),
        ("999500", "$1.0 million"),
        ("999949000", "$999.9 million"),
        ("999950000", "$1.0 billion"),
    ],
)
def test_amounts_in_words_never_round_to_a_thousand_of_their_unit(dollars: str, words: str) -> None:
    assert in_words(Decimal(dollars)) == words


def test_a_share_is_0_or_100_percent_only_when_it_is_nothing_or_all() -> None:
    whole = Decimal(10_000)
    assert [whole_percent(Decimal(part), whole) for part in (0, 1, 5000, 9999, 10_000)] == [
        "0%",
        "less than 1%",
        "50%",
        "more than 99%",
        "100%",
    ]


def test_money_that_does_not_count_is_named(projection: Projection) -> None:
    words = certainty(projection, district=DISTRICT, scenario=BASELINE)
    assert words == "Only secured money counts; left out: Levy 2028 (possible)."


def test_when_all_money_counts_nothing_is_left_out() -> None:
    hopeful = baseline().model_copy(update={"count": Certainty.POSSIBLE})
    words = certainty(projected(hopeful), district=DISTRICT, scenario=BASELINE)
    assert words == "Secured, likely and possible money counts."


def test_what_was_not_projected_is_refused_by_name(projection: Projection) -> None:
    with pytest.raises(KeyError, match="Nowhere ISD"):
        finding(projection, district="Nowhere ISD", scenario=BASELINE)


# The gap by year


@pytest.mark.parametrize("scenario", CASES)
def test_sources_and_gap_add_up_to_cost_in_every_column(projection: Projection, scenario: str) -> None:
    rows = labelled(years_table(projection, district=DISTRICT, scenario=scenario))
    body = [row for row in rows.values() if row.style is RowStyle.BODY and row.show is None]
    assert len(body) > 2
    for place in range(1, 7):
        paid = added(row.cells[place] for row in body)
        assert added((paid, rows["Gap"].cells[place])) == rows["Cost"].cells[place]
        assert added((rows["Sustained"].cells[place], rows["Bridged"].cells[place])) == paid


@pytest.mark.parametrize("scenario", CASES)
def test_the_last_column_is_the_sum_of_the_years(projection: Projection, scenario: str) -> None:
    table = years_table(projection, district=DISTRICT, scenario=scenario)
    assert [h.text for h in table.headings] == ["", "FY2027", "FY2028", "FY2029", "FY2030", "FY2031", "Total"]
    sums = totals(projection, scenario)
    for row in table.rows:
        if row.show is None:
            assert added(row.cells[1:6]) == row.cells[6]
    assert labelled(table)["Gap"].cells[6] == sums["gap"]
    assert labelled(table)["Structural gap"].cells[6] == sums["cost"] - sums["sustained"]


def test_sources_stand_as_listed_and_one_time_money_is_marked(projection: Projection) -> None:
    labels = [row.cells[0] for row in years_table(projection, district=DISTRICT, scenario=BASELINE).rows]
    assert labels[1:5] == [
        "E-rate Category Two",
        "State innovation grant (one-time)",
        "Technology line",
        "General Fund",
    ]


def test_years_without_a_total_budget_have_no_share_of_it(projection: Projection) -> None:
    table = years_table(projection, district=DISTRICT, scenario=BASELINE)
    row = labelled(table)["Technology's share of the whole budget"]
    assert row.show is Show.SHARE
    assert row.cells[1:] == (Decimal("0.017099"), Decimal("0.017047"), None, None, None, None)


def test_a_district_that_gives_no_total_budget_has_no_such_row() -> None:
    table = years_table(two_district_projection(), district="Birch Hollow SD", scenario=BASELINE)
    assert "Technology's share of the whole budget" not in labelled(table)


def test_the_months_of_a_fiscal_year_are_said(projection: Projection) -> None:
    assert "FY2027 = Jul 2026-Jun 2027" in years_table(projection, district=DISTRICT, scenario=BASELINE).notes


# First to lose, decisions, at risk


def test_the_first_to_lose_stand_in_rank_order_with_the_gap_of_the_horizon(projection: Projection) -> None:
    table = first_to_lose_table(projection, district=DISTRICT, scenario=BASELINE)
    assert column(table, "")[:4] == [1, 2, 3, 4]
    assert column(table, "Commitment")[1] == "Chromebooks 2020 [grades 6-8] (CB-2020)"
    assert column(table, "Lost on")[1] == date(2026, 12, 1)
    assert column(table, "Decide by")[1] == date(2026, 8, 3)
    assert column(table, "Status") == ["passed", "passed", "ahead", "ahead"]
    assert added(column(table, "Gap over 5 years")) == totals(projection, BASELINE)["gap"]


def test_a_limit_says_how_many_more_there_are_and_their_dollars(projection: Projection) -> None:
    whole = first_to_lose_table(projection, district=DISTRICT, scenario=BASELINE)
    short = first_to_lose_table(projection, district=DISTRICT, scenario=BASELINE, limit=1)
    rest = added(column(whole, "Gap over 5 years")[1:])
    assert short.rows == whole.rows[:1]
    assert short.notes[0] == f"and 3 more with a gap of ${rest:,.2f}"


def test_nothing_lost_is_said_in_words() -> None:
    table = first_to_lose_table(with_bond(), district=DISTRICT, scenario="rescue")
    assert (table.rows, table.notes) == ((), ("no commitment loses funding",))


@pytest.mark.parametrize("scenario", CASES)
def test_decisions_stand_by_their_deadline_passed_ones_first(projection: Projection, scenario: str) -> None:
    table = decisions_table(projection, district=DISTRICT, scenario=scenario)
    days = column(table, "Decide by")
    assert days == sorted(days)  # type: ignore[type-var]
    words = column(table, "Status")
    assert words == sorted(words, reverse=True)  # type: ignore[type-var]
    assert {"120 days", "by Mar 15", "none"} <= set(column(table, "Notice"))


def test_what_requires_a_commitment_with_a_gap_is_at_risk_in_its_years(projection: Projection) -> None:
    table = at_risk_table(projection, district=DISTRICT, scenario=BASELINE)
    assert column(table, "Year") == [2027, 2028, 2031]
    assert set(column(table, "Commitment")) == {"AI tutoring pilot (TUTOR-AI)"}
    assert set(column(table, "At risk through")) == {"Learning platform (LMS)"}


# Breakdowns


@pytest.mark.parametrize("scenario", CASES)
@pytest.mark.parametrize("view", [by_category_table, by_goal_table])
def test_a_breakdown_adds_up_to_all_years(projection: Projection, view: object, scenario: str) -> None:
    table: Table = view(projection, district=DISTRICT, scenario=scenario)  # type: ignore[operator]
    sums = totals(projection, scenario)
    for name, amount in sums.items():
        amounts = column(table, name.capitalize())
        assert added(amounts[:-1]) == amounts[-1] == amount
    assert column(table, "Count")[-1] == 7


def test_a_blank_goal_is_called_so(projection: Projection) -> None:
    rows = labelled(by_goal_table(projection, district=DISTRICT, scenario=BASELINE))
    assert rows[NO_GOAL].cells[1] == 1


def test_the_largest_gap_stands_first(projection: Projection) -> None:
    table = by_category_table(projection, district=DISTRICT, scenario=BASELINE)
    gaps = column(table, "Gap")[:-1]
    assert gaps == sorted(gaps, reverse=True)  # type: ignore[type-var]
    assert column(table, "Funded")[0] == Decimal("0.222399")


def test_districts_stand_side_by_side_with_their_total() -> None:
    projection = two_district_projection()
    table = districts_table(projection, scenario=BASELINE)
    assert column(table, "District") == [DISTRICT, "Birch Hollow SD", "Total"]
    assert column(table, "Gap")[2] == totals(projection, BASELINE)["gap"]
    assert column(table, "First loss") == [date(2026, 7, 1), None, date(2026, 7, 1)]


# Assumptions, issues, receipts


def facts(projection: Projection, scenario: str) -> dict[object, tuple[object, object]]:
    table = assumptions_table(projection, district=DISTRICT, scenario=scenario)
    return {row.cells[0]: (row.cells[1], row.cells[2]) for row in table.rows}


def test_assumptions_give_growth_and_drivers_by_year_and_where_they_come_from(projection: Projection) -> None:
    found = facts(projection, AUSTERITY)
    place = "scenario `austerity`, austerity.yaml"
    assert found["Price growth, software"] == (
        "FY2027-FY2028 5%, FY2029-FY2031 7%",
        f"{place}; vendor notices, spring 2026",
    )
    assert found["Price growth, all that is not named"] == ("3% in every year", place)
    assert found["Driver, enrollment"] == (
        "FY2027 7,950, FY2028-FY2029 7,860, FY2030-FY2031 7,700",
        "district.yaml",
    )
    assert found["As-of date"] == ("2026-11-23", "this run")
    assert found["Months of a fiscal year"] == ("FY2027 = Jul 2026-Jun 2027", "district.yaml")


def test_assumptions_give_the_terms_of_every_source(projection: Projection) -> None:
    found = facts(projection, AUSTERITY)
    terms, place = found["Source, E-rate Category Two"]
    assert terms == (
        "recurring; pays anything it may; only network; at most 80% of a cost; drawn by the cost before discount;"
        " $900,000 from 2026-07-01 through 2031-06-30; appears eligible under 47 CFR 54.502 as of 2026-10-15"
    )
    assert place == "budget"
    assert found["Source, Technology line"] == (
        "recurring; pays anything it may; FY2027 $300,000, FY2028 $300,000",
        "budget; changed by scenario `austerity`",
    )
    assert str(found["Source, Levy 2028"][0]).endswith("possible, not counted")


def test_assumptions_list_what_the_scenario_does(projection: Projection) -> None:
    found = facts(projection, AUSTERITY)
    assert [found[f"Action {n}"][0] for n in (1, 2, 3)] == [
        "stop from FY2028 where category is ai",
        "extend life by 1 years where id is CB-2020",
        "set priority to 1 where id is LMS",
    ]


def test_a_scenario_without_growth_says_that_prices_stand_still() -> None:
    assert facts(projected(Scenario(name="plain")), "plain")["Price growth, all that is not named"][0] == "0%"


def test_issues_keep_place_and_hint(projection: Projection) -> None:
    table = issues_table(projection)
    assert column(table, "Severity") == ["note", "note"]
    hints = ["it gains 6 months of 12", "assumed: 7,700 from FY2031 on; write later years, if it is to change"]
    assert sorted(map(str, column(table, "Hint")), reverse=True) == hints
    assert any("cedar-valley.xlsx" in str(place) for place in column(table, "Place"))


def test_rows_and_dollars_read_are_accepted_left_out_or_rejected(projection: Projection) -> None:
    table = receipts_table(projection)
    for what in ("Rows", "Dollars"):
        (read,), *parts = (column(table, f"{what} {part}") for part in ("read", "accepted", "filtered", "rejected"))
        assert read == added(part for (part,) in parts)
    assert table.notes == (
        "read = accepted + filtered + rejected",
        "filtered rows are those that the mapping leaves out",
    )


def test_cells_that_could_not_be_read_are_counted_on_the_receipt() -> None:
    (receipt,) = small_budget().receipts
    table = receipts_table(projected(baseline(), receipts=(replace(receipt, unreadable=2),)))
    assert column(table, "Costs not readable") == [2]
    assert table.notes[-1] == "dollars are without the costs that could not be read"


def test_receipts_of_several_sheets_have_a_total_and_one_line_each() -> None:
    (receipt,) = small_budget().receipts
    sheets = [replace(receipt, sheet=f"School {number}", rows_text=number % 2) for number in range(90)]
    for table in (table_of_receipts(sheets), *tables_of_receipts(sheets)):
        assert len(table.rows) == 91
        assert table.rows[-1].cells[0] == "90 sheets"
        assert table.rows[-1].style is RowStyle.TOTAL
        for place in range(2, len(table.headings)):
            *parts, total = (row.cells[place] for row in table.rows)
            assert total == added(parts)
    assert column(table_of_receipts(sheets), "Text rows")[-1] == 45
    assert table_of_receipts(sheets).notes[-1].startswith("text rows, such as section headings")


def test_what_no_sheet_has_takes_no_column_of_the_receipt() -> None:
    table = table_of_receipts([Receipt("a.csv", "a", rows_read=2, rows_accepted=2)])
    assert [heading.text for heading in table.headings] == [
        "File",
        "Sheet",
        *(f"{what} {part}" for what in ("Rows", "Dollars") for part in ("read", "accepted", "rejected")),
    ]


# Scenarios side by side


def test_scenarios_are_compared_with_the_first(projection: Projection) -> None:
    table = comparison_table(projection, district=DISTRICT)
    first, second = totals(projection, BASELINE)["gap"], totals(projection, AUSTERITY)["gap"]
    assert column(table, "Total") == [first, second]
    assert column(table, "Change") == [0, second - first]


def test_what_another_scenario_loses_stops_or_saves_is_told_apart(projection: Projection) -> None:
    table = newly_lost_table(projection, district=DISTRICT)
    happens = dict(zip(column(table, "Commitment"), column(table, "What happens"), strict=True))
    assert happens == {
        "Switches and access points (NET)": "loses funding",
        "Web filter (FILTER)": "loses funding",
        "AI tutoring pilot (TUTOR-AI)": "is stopped",
    }
    saved = newly_lost_table(with_bond(), district=DISTRICT)
    assert column(saved, "What happens") == ["is saved"] * 4


# The explanation of one commitment


def named(tables: list[Table]) -> dict[str, Table]:
    return {table.name: table for table in tables}


def test_every_field_is_followed_to_its_cell_and_every_change_to_its_scenario(projection: Projection) -> None:
    table = named(explanation(projection, "CB-2020", district=DISTRICT, scenario=AUSTERITY))["read"]
    found = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert found["funded_by"] == ("ESSER II 100%", "cedar-valley.xlsx, sheet `Commitments`, cell F7")
    assert found["extend_life"] == ("useful life 1 year longer", "scenario `austerity`")


@cache
def with_every_rhythm() -> Projection:
    """Project costs paid monthly for a part of a year, staggered, rescaled and repriced."""
    extra = (
        commitment(
            20, id="DESK", name="Help desk", category="staffing", kind="staff", annual_cost="54321.07",
            benefits_rate="0.285", starts_on=date(2027, 2, 1), funded_by=funded_by("General Fund"),
        ),
        commitment(
            21, id="LAPTOP", name="Staff laptops", category="staff devices", kind="replacement", quantity="410",
            unit_cost="899.99", purchased_on=date(2024, 9, 1), useful_life=4, staggered=True, price_year=2025,
        ),
        commitment(
            22, id="LINE", name="Internet access", category="connectivity", kind="recurring", annual_cost="36000.01",
            billing="monthly", paid_through=date(2026, 10, 31), renewal_uplift="0.08", price_year=2029,
        ),
    )  # fmt: skip
    changed = austerity().model_copy(
        update={
            "actions": (
                Action.model_validate({"scale": "0.9", "from": 2028, "where": {"category": (Category.SOFTWARE,)}}),
                Action.model_validate({"set_price": "61000.55", "from": 2029, "where": {"id": ("DESK",)}}),
                Action.model_validate({"set_price": "40000", "from": 2030, "where": {"id": ("LINE",)}}),
            )
        }
    )
    return projected(baseline(), changed, commitments=(*small_budget().commitments, *extra))


@pytest.mark.parametrize("scenario", CASES)
def test_the_steps_of_a_cost_lead_to_the_cost_in_the_tables(scenario: str) -> None:
    projection = with_every_rhythm()
    own = projection.costs.filter(pl.col("scenario") == scenario)
    for record in projection.budget.commitments:
        tables = named(explanation(projection, record.id or "", district=DISTRICT, scenario=scenario))
        explained: dict[object, Decimal] = {}
        for row in tables["cost-steps"].rows[:-1]:
            explained[row.cells[0]] = added((explained.get(row.cells[0]), row.cells[-1]))
        costs = own.filter(pl.col("commitment") == record.id)
        assert explained == dict(costs.select("fiscal_year", "cost").iter_rows())


def test_the_part_of_a_year_is_written_in_months_or_lives() -> None:
    projection = with_every_rhythm()

    def due(identifier: str) -> object:
        tables = named(explanation(projection, identifier, district=DISTRICT, scenario=BASELINE))
        return column(tables["cost-steps"], "Due")[0]

    assert [due(i) for i in ("DESK", "LINE", "LAPTOP", "FILTER", "SIS")] == ["5/12", "8/12", "1/4", "none", "all"]


def test_payments_and_payers_foot(projection: Projection) -> None:
    tables = named(explanation(projection, "COACH", district=DISTRICT, scenario=BASELINE))
    total = tables["payments"].rows[-1].cells
    assert len(tables["payments"].rows) == 61
    assert total[2] == added(total[3:6])
    cost, *payers = tables["payers"].rows
    for place in range(1, 7):
        assert added(row.cells[place] for row in payers) == cost.cells[place]


@pytest.mark.parametrize(
    ("identifier", "how"),
    [
        ("COACH", "2027-03-15 (ahead): the last Mar 15 on or before 2027-07-01, the first day of FY2028"),
        ("CB-2020", "2026-08-03 (passed): 120 days of notice before 2026-12-01"),
        ("LMS", "2026-07-01 (passed): the date of the payment itself, since no earlier notice is asked for"),
    ],
)
def test_the_day_to_decide_by_is_derived_in_words(projection: Projection, identifier: str, how: str) -> None:
    tables = named(explanation(projection, identifier, district=DISTRICT, scenario=BASELINE))
    assert labelled(tables["loss"])["Decide by"].cells[1] == how


def test_requirements_are_shown_both_ways(projection: Projection) -> None:
    tables = named(explanation(projection, "LMS", district=DISTRICT, scenario=AUSTERITY))
    assert [row.cells for row in tables["requirements"].rows] == [
        ("requires", "Student information system (SIS)", "in no year: it is funded"),
        ("requires", "Switches and access points (NET)", "in FY2028"),
        ("is required by", "AI tutoring pilot (TUTOR-AI)", "in FY2027, FY2028, FY2029, FY2030, FY2031"),
    ]


def test_a_funded_commitment_has_no_loss_to_explain(projection: Projection) -> None:
    tables = named(explanation(projection, "FILTER", district=DISTRICT, scenario=BASELINE))
    assert list(tables) == ["read", "cost-steps", "payments", "payers"]


def test_an_unknown_id_is_refused_with_the_nearest_one(projection: Projection) -> None:
    with pytest.raises(InputError) as caught:
        explanation(projection, "CB-2002", district=DISTRICT, scenario=BASELINE)
    (issue,) = caught.value.issues
    assert issue.hint == "write one of: CB-2020"
