"""Corners of the engine: what is refused or pointed out, why funding is lost, guardrails, and odd runs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from engine_inputs import inputs_from, problems, project
from esser_gap.api import project as read_and_project
from esser_gap.errors import InputError
from esser_gap.fiscal_year import FiscalCalendar
from esser_gap.issues import Severity
from esser_gap.model.budget import Budget
from esser_gap.model.commitment import Commitment
from esser_gap.model.district import District
from esser_gap.model.scenario import Scenario, SourceChanges
from esser_gap.model.words import Category, Kind
from esser_gap.plan.guardrails import CODES
from esser_gap.plan.tables import TABLES
from esser_gap.projecting import Projection, Settings, project_all, settings_for
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

LINE = "{name: Line, recurring: yes, basis: open}"


# --- what is refused -------------------------------------------------------------------------------

REFUSED = {
    "a commitment without any cost": (
        "commitments: [{id: LMS, kind: recurring}]",
        ("cost-missing", "`LMS` has no cost: `annual_cost` is blank", "write `annual_cost`, or `quantity` and"),
    ),
    "a quantity without its unit cost": (
        "commitments: [{id: LMS, kind: recurring, quantity: 3}]",
        ("cost-missing", "`unit_cost` is blank", "write `annual_cost`"),
    ),
    "a unit cost without its quantity": (
        "commitments: [{id: LMS, kind: recurring, unit_cost: 3}]",
        ("cost-missing", "`quantity` is blank", "write `annual_cost`"),
    ),
    "two costs that differ": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 10, quantity: 3, unit_cost: 3}]",
        ("cost-twice", "annual cost is 10.00, quantity x unit cost is 9.00", "blank `annual_cost` or `unit_cost`"),
    ),
    "an annual cost beside a lone unit cost": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 10, unit_cost: 3}]",
        ("cost-twice", "`LMS` gives its cost twice: annual cost is 10.00", "blank `annual_cost` or `unit_cost`"),
    ),
    "a replacement without its purchase date": (
        "commitments: [{id: CB, kind: replacement, annual_cost: 10, useful_life: 5}]",
        ("field-missing", "the replacement `CB` has no `purchased_on`", "such as 2021-08-15"),
    ),
    "a replacement without its life": (
        "commitments: [{id: CB, kind: replacement, annual_cost: 10, purchased_on: 2024-01-01}]",
        ("field-missing", "the replacement `CB` has no `useful_life`", "such as 5"),
    ),
    "a one-time cost without a date": (
        "commitments: [{id: MOVE, kind: one_time, annual_cost: 10}]",
        ("field-missing", "the one-time cost `MOVE` has no date", "write `starts_on`"),
    ),
    "an end before the start": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 10, starts_on: 2027-01-01, ends_on: 2026-12-31}]",
        ("dates-contradict", "`LMS` ends on 2026-12-31, before it starts on 2027-01-01", "correct one"),
    ),
    "shares above the whole": (
        f"""
        commitments: [{{id: LMS, kind: recurring, annual_cost: 10, funded_by: Line 60%; Other 60.5%}}]
        sources: [{LINE}, {{name: Other, recurring: yes, basis: open}}]
        """,
        ("shares-over-100", "add up to 120.5%", "100% at most"),
    ),
    "a source named twice": (
        f"""
        commitments: [{{id: LMS, kind: recurring, annual_cost: 10, funded_by: Line 60%; LINE 40%}}]
        sources: [{LINE}]
        """,
        ("source-twice", "`funded_by` of `LMS` names a source twice", "add its shares together"),
    ),
    "a commitment that requires itself": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 10, requires: LMS}]",
        ("requires-itself", "`LMS` requires itself", "take its own id out"),
    ),
    "an id that two commitments have": (
        """
        commitments:
          - {id: LMS, name: Canvas, kind: recurring, annual_cost: 10}
          - {id: LMS, name: Moodle, kind: recurring, annual_cost: 10}
        """,
        ("id-not-unique", "the id `LMS` is taken by `Canvas` (test.yaml, line 3)", "an id of its own"),
    ),
    "a required id that nobody has": (
        """
        commitments:
          - {id: LMS, kind: recurring, annual_cost: 10, requires: WI-FI}
          - {id: WIFI, kind: recurring, annual_cost: 10}
        """,
        ("required-id-unknown", "`LMS` requires `WI-FI`, which is no commitment", "did you mean `WIFI`?"),
    ),
    "a source that nobody defined, with the near matches": (
        f"""
        commitments: [{{id: LMS, kind: recurring, annual_cost: 10, funded_by: Technology lime}}]
        sources: [{LINE}, {{name: Technology line, recurring: yes, basis: open}}]
        """,
        ("source-unknown", "nobody defined the source `Technology lime`", "did you mean `Technology line`"),
    ),
    "a source that nobody defined and nothing resembles": (
        f"""
        commitments: [{{id: LMS, kind: recurring, annual_cost: 10, funded_by: Bake sale}}]
        sources: [{LINE}]
        """,
        ("source-unknown", "nobody defined the source `Bake sale`", "write one of: Line"),
    ),
    "a source that nobody defined where none is": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 10, funded_by: Bake sale}]",
        ("source-unknown", "nobody defined the source `Bake sale`", "list it on the Funding sheet"),
    ),
    "a source of another district": (
        """
        districts: [{name: North}, {name: South}]
        commitments: [{id: LMS, kind: recurring, annual_cost: 10, district: North, funded_by: Levy}]
        sources: [{name: Levy, recurring: yes, basis: assigned, district: South}]
        """,
        ("source-unknown", "nobody defined the source `Levy`", ""),
    ),
    "two sources of one name": (
        f"sources: [{LINE}, {{name: ' line', recurring: no, basis: open}}]",
        ("source-not-unique", "two sources are called `line`", "rename one"),
    ),
    "a source that has another's second name": (
        f"sources: [{LINE}, {{name: Levy, recurring: no, basis: open, also_called: Tax, LINE}}]".replace(
            "Tax, LINE", "[Tax, LINE]"
        ),
        ("source-not-unique", "two sources are called `Levy`", "rename one"),
    ),
    "limited money that belongs to no district": (
        """
        districts: [{name: North}, {name: South}]
        sources: [{name: Levy, recurring: yes, basis: open, yearly: {FY2027: 10}}]
        """,
        ("source-without-district", "`Levy` has limited money, and nothing says which district's", "North, South"),
    ),
    "a source of a district that is not there": (
        "sources: [{name: Levy, recurring: yes, basis: open, district: Distrikt}]",
        ("district-unknown", "`Levy` belongs to a district that the budget does not have", "did you mean `District`?"),
    ),
    "a source for a commitment that is not there": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10}]
        sources: [{name: Levy, recurring: yes, basis: open, commitments: LSM}]
        """,
        ("name-unknown", "`Levy` names `LSM` in `commitments`, which is unknown", "did you mean `LMS`?"),
    ),
    "a source that excludes something unknown": (
        "sources: [{name: Levy, recurring: yes, basis: open, excludes: [mandatd, staff, ai]}]",
        ("name-unknown", "`Levy` names `mandatd` in `excludes`, which is unknown", "did you mean `mandated`"),
    ),
    "an award that ends before it begins": (
        "sources: [{name: Levy, recurring: yes, basis: open, awards: [{from: 2027-01-02, through: 2027-01-01}]}]",
        ("dates-contradict", "an award of `Levy` ends on 2027-01-01, before it starts on 2027-01-02", "correct one"),
    ),
    "money written as awards and by year": (
        "sources: [{name: Levy, recurring: yes, basis: open, yearly: {FY2027: 1}, awards: [{amount: 1}]}]",
        ("awards-twice", "`Levy` has both awards and yearly amounts", "keep one of the two"),
    ),
    "a driver that has no path": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10, driver: enrolment}]
        scenario: {drivers: {enrollment: {FY2027: 100}}}
        """,
        ("driver-without-path", "nothing says how `enrolment` changes over the years", "did you mean `enrollment`?"),
    ),
    "a driver that starts from nothing": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10, driver: rooms}]
        scenario: {drivers: {rooms: {FY2027: 0, FY2028: 5}}}
        """,
        ("driver-zero", "the path of `rooms` is zero in FY2027, the price year of `LMS`", "above zero"),
    ),
    "a driver that is zero in the price year of its own": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10, driver: rooms, price_year: FY2026}]
        scenario: {drivers: {rooms: {FY2026: 0, FY2027: 5}}}
        """,
        ("driver-zero", "the path of `rooms` is zero in FY2026", "above zero"),
    ),
    "an action on a value that is blank everywhere": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10}]
        scenario: {actions: [{scale: 0.5, where: {kind: recurring, vendor: Acme}}]}
        """,
        (
            "selection-matches-nothing",
            "`scale` selects nothing where kind: recurring, vendor: Acme",
            "blank everywhere",
        ),
    ),
    "an action on values that never meet": (
        """
        commitments:
          - {id: LMS, kind: recurring, annual_cost: 10, price_year: FY2026}
          - {id: TECH, kind: staff, annual_cost: 10}
        scenario: {actions: [{stop: FY2028, where: {billing: monthly, price_year: [FY2025, FY2026]}}]}
        """,
        ("selection-matches-nothing", "billing: monthly, price_year: 2025 or 2026", "change `where`"),
    ),
    "an action on a budget without commitments": (
        "scenario: {actions: [{stop: FY2028}]}",
        ("selection-matches-nothing", "`stop` selects nothing where every commitment", "change `where`"),
    ),
    "an action on a word that nearly fits": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10, vendor: Northwind}]
        scenario: {actions: [{stop: FY2028, where: {vendor: Nordwind}}]}
        """,
        ("selection-matches-nothing", "vendor: Nordwind", "in the budget `vendor` is one of: Northwind"),
    ),
    "a change to a source that is not there": (
        f"""
        sources: [{LINE}]
        scenario: {{sources: {{change: {{Lime: {{share: 50%}}}}}}}}
        """,
        ("source-unknown", "wants to change the source `Lime`, which is not in the budget", "write one of: Line"),
    ),
    "a source to remove where there is none": (
        "scenario: {sources: {remove: [Levy]}}",
        ("source-unknown", "wants to remove the source `Levy`", "the budget lists no source"),
    ),
    "an added source that is there already": (
        f"""
        sources: [{LINE}]
        scenario: {{sources: {{add: [{LINE}]}}}}
        """,
        ("source-not-unique", "two sources are called `Line`", "rename one"),
    ),
    "an added commitment with a taken id": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 10}]
        scenario: {actions: [{add: {id: LMS, name: New, category: ai, kind: recurring, annual_cost: 10}}]}
        """,
        ("id-not-unique", "the id `LMS` is taken by", "give each commitment an id of its own"),
    ),
    "an added commitment without a cost": (
        "scenario: {actions: [{add: {name: New, category: ai, kind: recurring}}]}",
        ("cost-missing", "`New` has no cost", "write `annual_cost`"),
    ),
    "an added commitment of no district where there are several": (
        """
        districts: [{name: North}, {name: South}]
        scenario: {actions: [{add: {name: New, category: ai, kind: recurring, annual_cost: 10}}]}
        """,
        ("district-unknown", "the added commitment `New` belongs to no district", "write one of: North, South"),
    ),
    "an added commitment of an unknown district": (
        "scenario: {actions: [{add: {name: New, category: ai, kind: recurring, annual_cost: 1, district: East}}]}",
        ("district-unknown", "the added commitment `New` belongs to East", "write one of: District"),
    ),
    "a quantity and a unit cost that make a trillion": (
        "commitments: [{id: LMS, kind: recurring, quantity: 1000000, unit_cost: 1000000}]",
        ("out-of-range", "`LMS`", ""),
    ),
    "growth that makes more dollars than can be counted": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1000000}]
        scenario: {growth: {default: 50%}}
        years: 100
        """,
        ("out-of-range", "`LMS`", ""),
    ),
    "factors that make more dollars than can be counted": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1000000}]
        scenario: {actions: [{scale: 1000}, {scale: 1000}, {scale: 1000}, {scale: 1000}]}
        """,
        ("out-of-range", "`LMS`", ""),
    ),
    "a changed source with a share below nothing": (
        f"""
        sources: [{LINE}]
        scenario: {{sources: {{change: {{Line: {{share: -5%}}}}}}}}
        """,
        ("out-of-range", "`share` is below 0", "write 0 or more"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str) -> None:
    text, (code, message, hint) = REFUSED[name]
    found = [issue for issue in problems(text) if issue.severity is Severity.ERROR]
    assert {issue.code for issue in found} == {code}
    assert any(message in issue.message and hint in issue.hint for issue in found), found


def test_all_errors_are_refused_together_with_the_place_of_each() -> None:
    found = problems(
        """
        commitments:
          - {id: LMS, kind: recurring}
          - {id: CB, kind: replacement, annual_cost: 1}
          - {id: TECH, kind: staff, annual_cost: 1, requires: NOBODY, ends_on: 2026-01-31, starts_on: 2027-01-01}
        """
    )
    assert [(issue.code, issue.field, str(issue.where)) for issue in found] == [
        ("cost-missing", "annual_cost", "test.yaml, line 3"),
        ("field-missing", "purchased_on", "test.yaml, line 4"),
        ("field-missing", "useful_life", "test.yaml, line 4"),
        ("dates-contradict", "ends_on", "test.yaml, line 5"),
        ("required-id-unknown", "requires", "test.yaml, line 5"),
    ]


def test_errors_of_the_scenario_come_with_those_of_other_districts() -> None:
    found = problems(
        """
        districts: [{name: North}, {name: South}]
        commitments:
          - {id: A, kind: recurring, annual_cost: 1, district: North, driver: rooms}
          - {id: B, kind: recurring, annual_cost: 1, district: South, driver: rooms}
        """
    )
    assert [str(issue.where) for issue in found] == ["test.yaml, line 4", "test.yaml, line 5"]


# --- what is pointed out ---------------------------------------------------------------------------

POINTED_OUT = {
    "a term prepaid past the end": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1, ends_on: 2026-12-31, paid_through: 2027-06-30}]",
        ("dates-look-wrong", "is paid through 2027-06-30, after it ends on 2026-12-31", "nothing more is paid"),
    ),
    "a term prepaid before the start": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1, starts_on: 2027-07-01, paid_through: 2027-06-29}]",
        ("dates-look-wrong", "is paid through 2027-06-29, before it starts", "the first payment is not before 2027-07"),
    ),
    "months that nobody pays after a prepaid term": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1200, paid_through: 2026-06-30, renewal_month: Sept}]",
        ("months-unpaid", "(paid through 2026-06-30) renews 2 months later: 200.00 dollars", "correct `renewal_month`"),
    ),
    "an end in the middle of a month that is billed": (
        "commitments: [{id: TECH, kind: staff, annual_cost: 1200, ends_on: 2026-12-15}]",
        ("date-in-mid-month", "`ends_on` of `TECH` lies inside a month", "the whole month is billed"),
    ),
    "support that ended before the purchase": (
        """
        commitments: [{id: CB, kind: replacement, annual_cost: 1, purchased_on: 2024-01-01, useful_life: 5,
          supported_until: 2023-12-31}]
        """,
        ("dates-look-wrong", "ended on 2023-12-31, before it was bought on 2024-01-01", "at the end of support"),
    ),
    "benefits of something that is not staff": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1, benefits_rate: 30%}]",
        ("value-not-used", "`LMS` has a benefits rate but is not staff", "no effect"),
    ),
    "a staggered cost that is no replacement": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1, staggered: yes}]",
        ("value-not-used", "`LMS` is staggered but is not a replacement", "no effect"),
    ),
    "a one-time cost billed monthly": (
        "commitments: [{id: MOVE, kind: one_time, annual_cost: 1, starts_on: 2027-01-01, billing: monthly}]",
        ("value-not-used", "`MOVE` is billed monthly but is of kind `one_time`", "no effect"),
    ),
    "a mandate that is not said to be one": (
        "commitments: [{id: LMS, kind: recurring, annual_cost: 1, mandate: CIPA}]",
        ("mandate-unclear", "`LMS` says what mandates it, but `mandated` is not yes", "write yes in `mandated`"),
    ),
    "an award paid out before it ends": (
        """
        sources: [{name: Levy, recurring: yes, basis: open,
          awards: [{through: 2027-06-30, liquidate_by: 2027-06-29}]}]
        """,
        ("dates-look-wrong", "must be paid out by 2027-06-29, before it ends on 2027-06-30", "may run to 2027-06-30"),
    ),
    "a carryover of money that is not yearly": (
        "sources: [{name: Levy, recurring: yes, basis: open, carryover: 1}]",
        ("value-not-used", "`Levy` has a carryover but no yearly amounts", "write the awards' own dates"),
    ),
    "an action for replacements where none is": (
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1}]
        scenario: {actions: [{defer: 1, where: {id: LMS}}]}
        """,
        ("no-replacement-selected", "`defer` selects no replacement where id: LMS", "the action changes nothing"),
    ),
    "a longer life that ends with support in the same month": (
        """
        commitments: [{id: CB, kind: replacement, annual_cost: 1, purchased_on: 2023-08-01, useful_life: 4,
          supported_until: 2027-07-31}]
        scenario: {actions: [{extend_life: 1}]}
        """,
        ("life-not-extended", "cannot lengthen `CB` past the end of support on 2027-07-31", "it gains 0 months of 12"),
    ),
    "an overdue replacement deferred past support": (
        """
        commitments: [{id: CB, kind: replacement, annual_cost: 1, purchased_on: 2020-08-01, useful_life: 4,
          supported_until: 2027-07-31}]
        scenario: {actions: [{defer: 1}]}
        """,
        ("deferred-past-support", "is deferred to 2027-08", "it runs without updates until then"),
    ),
}


@pytest.mark.parametrize("name", POINTED_OUT)
def test_points_out(name: str) -> None:
    text, (code, message, hint) = POINTED_OUT[name]
    issues = project(text).issues
    assert all(issue.severity is not Severity.ERROR for issue in issues)
    assert any(issue.code == code and message in issue.message and hint in issue.hint for issue in issues), issues


NOT_POINTED_OUT = {
    "a monthly bill from the first to the last day of a month": """
        commitments: [{id: TECH, kind: staff, annual_cost: 1200, starts_on: 2026-12-01, ends_on: 2027-02-28,
          paid_through: 2026-12-31}]
        """,
    "a replacement deferred inside its support": """
        commitments: [{id: CB, kind: replacement, annual_cost: 1, purchased_on: 2022-08-01, useful_life: 5,
          supported_until: 2029-08-31}]
        scenario: {actions: [{defer: 1}, {extend_life: 1}]}
        """,
    "a staggered replacement without a date that support could pass": """
        commitments: [{id: CB, kind: replacement, annual_cost: 1, purchased_on: 2022-08-01, useful_life: 5,
          supported_until: 2025-07-31, staggered: yes}]
        scenario: {actions: [{defer: 1}, {extend_life: 1}]}
        """,
    "a renewal in the month after the prepaid term": """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1, paid_through: 2027-02-28, renewal_month: March}]
        """,
    "a renewal month without anything it could contradict": """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1, renewal_month: March}]
        """,
    "an annual cost that quantity and unit cost confirm": """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1.01, quantity: 3, unit_cost: 0.335}]
        """,
}


@pytest.mark.parametrize("name", NOT_POINTED_OUT)
def test_finds_nothing_wrong_with(name: str) -> None:
    assert project(NOT_POINTED_OUT[name]).issues == ()


def test_an_action_on_replacements_leaves_out_what_is_none() -> None:
    projection = project(
        """
        commitments:
          - {id: LMS, kind: recurring, annual_cost: 1}
          - {id: CB, kind: replacement, annual_cost: 1, purchased_on: 2022-08-01, useful_life: 4}
        scenario: {actions: [{defer: 1}]}
        """
    )
    assert projection.issues == ()
    assert projection.payments.filter(pl.col("commitment") == "CB")["due_on"].to_list() == [date(2027, 8, 1)]


def test_an_added_commitment_without_an_id_is_given_one() -> None:
    projection = project(
        """
        districts: [{name: North}, {name: South}]
        scenario:
          actions: [{add: {name: New  Tutors, category: other, kind: recurring, annual_cost: 1, district: South}}]
        """
    )
    assert projection.costs.select("district", "commitment").unique().rows() == [("South", "added-new-tutors")]


def test_changing_a_source_from_yearly_money_to_awards_leaves_no_yearly_money() -> None:
    projection = project(
        """
        commitments: [{id: LMS, kind: recurring, annual_cost: 1000}]
        sources:
          - {name: A, recurring: yes, basis: open, yearly: {FY2027: 100, FY2028: 100, FY2029: 100}}
          - {name: B, recurring: no, basis: open, awards: [{amount: 100}]}
        scenario:
          sources:
            change:
              A: {awards: [{amount: 7}]}
              B: {yearly: {FY2029: 3}}
        """
    )
    paid = projection.coverage.select("fiscal_year", "source", "amount").rows()
    assert paid == [(2027, "A", Decimal("7.00")), (2029, "B", Decimal("3.00"))]


# --- why funding is lost ---------------------------------------------------------------------------

REASONS = {
    "no source is named for it and none may pay it": "",
    "Line has no money left": "awards: [{amount: 0}]",
    "Line ended 2026-06-30": "awards: [{through: 2026-06-30}]",
    "Line starts 2027-02-01": "awards: [{from: 2027-01-02}]",
    "Line starts 2028-07-01": "yearly: {FY2029: 5}",
    "Line has no money on 2026-07-01": "awards: [{through: 2026-06-30}, {from: 2027-07-01}]",
    "Line has no money on 2026-07-01 ": "yearly: {amount: 5, growth: 3%, from: FY2031}",
    "Line pays at most 12.5%": "share: 12.5%",
    "Line pays at most 40%": "basis: assigned",
    "Line pays at most 30%": "basis: assigned, share: 30%",
    "Line ran out after FIRST": "awards: [{amount: 1000}]",
    "Line ran out after LAST": "awards: [{amount: 500}, {amount: 1000}]",
    "Line is only possible": "certainty: possible",
    "may not pay it: Line (only network, software)": "categories: [network, software]",
    "may not pay it: Line (only staff)": "kinds: staff",
    "may not pay it: Line (only FIRST)": "commitments: FIRST",
    "may not pay it: Line (never recurring)": "excludes: [staff, recurring]",
    "may not pay it: Line (never LAST)": "excludes: LAST",
    "may not pay it: Line (never mandated)": "excludes: mandated",
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_of_a_loss_reads(reason: str) -> None:
    terms = REASONS[reason]
    named, basis = ("Line 40%", "") if "assigned" in terms else ("", "basis: open, ")
    sources = f"sources: [{{name: Line, recurring: yes, {basis}{terms}}}]" if terms else ""
    projection = project(
        f"""
commitments:
  - {{id: FIRST, kind: recurring, annual_cost: 1000, mandated: yes, priority: 1, funded_by: "{named}"}}
  - {{id: LAST, kind: recurring, annual_cost: 1000, mandated: yes, priority: 2, funded_by: "{named}"}}
scenario: {{actions: [{{set_priority: 5, where: {{id: LAST}}}}]}}
years: 1
{sources}
"""
    )
    lost = projection.losses.filter(pl.col("commitment") == "LAST")
    assert lost["reason"].to_list() == [reason.strip()]


def test_the_reason_names_the_year_in_which_the_money_ran_out() -> None:
    projection = project(
        """
        commitments:
          - {id: FIRST, kind: one_time, annual_cost: 1000, starts_on: 2026-07-01}
          - {id: LAST, kind: one_time, annual_cost: 1000, starts_on: 2028-07-01}
        sources: [{name: Line, recurring: yes, basis: open, awards: [{amount: 1000}]}]
        """
    )
    assert projection.losses["reason"].to_list() == ["Line ran out after FIRST in FY2027"]


def test_pay_is_not_said_to_be_covered_by_an_award_that_may_only_be_paid_out_late() -> None:
    projection = project(
        """
        commitments:
          - {id: TECH, kind: staff, annual_cost: 1200, starts_on: 2026-10-01, obligated_on: 2026-08-01}
          - {id: ISP, kind: recurring, billing: monthly, annual_cost: 1200, starts_on: 2026-10-01}
        sources:
          - {name: Line, recurring: no, basis: open, awards: [{through: 2026-09-30, liquidate_by: 2027-09-30}]}
        """
    )
    assert projection.losses["reason"].to_list() == ["Line ended 2026-09-30"] * 2


def test_an_award_without_a_first_day_may_be_paid_out_late() -> None:
    projection = project(
        """
        commitments: [{id: ISP, kind: one_time, annual_cost: 5, starts_on: 2027-01-01, obligated_on: 2019-01-01}]
        sources:
          - {name: Line, recurring: no, basis: open, awards: [{through: 2026-09-30, liquidate_by: 2027-01-01}]}
        """
    )
    assert projection.years["gap"].sum() == 0


# --- guardrails ------------------------------------------------------------------------------------


def _guardrails(projection: Projection) -> list[tuple[str, str]]:
    return [(issue.code, issue.message) for issue in projection.issues if issue.code in CODES]


PRIVACY = "{id: PRIVACY, kind: recurring, annual_cost: 10, service: Data  Privacy, mandated: yes}"
SHIELD = "{id: SHIELD, category: cybersecurity, kind: recurring, annual_cost: 10, mandated: yes}"
TUTOR = "{id: TUTOR, category: ai, kind: recurring, annual_cost: 10}"


def test_a_tutor_beside_funded_safeguards_raises_no_guardrail() -> None:
    projection = project(f"commitments: [{PRIVACY}, {SHIELD}, {TUTOR}]\nsources: [{LINE}]")
    assert _guardrails(projection) == []


def test_a_safeguard_without_money_is_named_and_so_is_what_goes_ahead_without_it() -> None:
    projection = project(
        f"""
        commitments: [{PRIVACY}, {SHIELD}, {TUTOR}]
        sources: [{{name: Line, recurring: yes, basis: open, yearly: {{FY2027: 30, FY2028: 15, FY2029: 15}}}}]
        """
    )
    assert _guardrails(projection) == [
        (
            "guardrail-defunded",
            "scenario `as it stands` leaves `SHIELD` (cybersecurity) without full funding from FY2028",
        ),
        (
            "guardrail-not-safe",
            "scenario `as it stands` lets `TUTOR` go ahead in FY2028 without full cybersecurity: `SHIELD`",
        ),
    ]


def test_nothing_is_said_about_a_gated_commitment_that_does_not_run() -> None:
    projection = project(f"commitments: [{SHIELD}, {TUTOR}]\nscenario: {{actions: [{{stop: FY2027}}]}}")
    assert _guardrails(projection) == [
        ("guardrail-cut", "scenario `case` stops from FY2027 `SHIELD` (cybersecurity)"),
    ]


def test_what_goes_ahead_while_a_safeguard_is_stopped_is_not_safe() -> None:
    projection = project(
        f"""
        commitments: [{PRIVACY}, {SHIELD}, {TUTOR}]
        sources: [{LINE}]
        scenario: {{actions: [{{stop: FY2029, where: {{id: [SHIELD, PRIVACY]}}}}]}}
        """
    )
    assert [message for code, message in _guardrails(projection) if code == "guardrail-not-safe"] == [
        "scenario `case` lets `TUTOR` go ahead in FY2029 without full cybersecurity: `SHIELD`",
        "scenario `case` lets `TUTOR` go ahead in FY2029 without full data privacy and governance: `PRIVACY`",
    ]


def test_three_weak_safeguards_are_named_and_the_others_counted() -> None:
    rows = ", ".join(SHIELD.replace("SHIELD", f"SHIELD-{number}") for number in range(1, 6))
    projection = project(f"commitments: [{rows}, {PRIVACY}, {TUTOR}]")
    assert (
        "scenario `as it stands` lets `TUTOR` go ahead in FY2027 without full cybersecurity:"
        " `SHIELD-1`, `SHIELD-2`, `SHIELD-3` and 2 more"
    ) in [message for _, message in _guardrails(projection)]


CUTS = {
    "scales down": ("{scale: 0.9}", SHIELD),
    "lowers the price of": ("{set_price: 9.99}", SHIELD),
    "stops from FY2031": ("{stop: FY2031}", SHIELD),
    "defers by 1 year": (
        "{defer: 1}",
        SHIELD.replace("kind: recurring", "kind: replacement, purchased_on: 2025-01-01, useful_life: 9"),
    ),
}
KEPT = ["{scale: 1.1}", "{set_price: 10}", "{set_priority: 5}"]


@pytest.mark.parametrize("done", CUTS)
def test_a_scenario_that_cuts_a_safeguard_is_named(done: str) -> None:
    action, row = CUTS[done]
    projection = project(f"commitments: [{row}]\nsources: [{LINE}]\nscenario: {{actions: [{action}]}}")
    assert _guardrails(projection) == [("guardrail-cut", f"scenario `case` {done} `SHIELD` (cybersecurity)")]


def test_a_deferral_by_years_says_how_many() -> None:
    action, row = CUTS["defers by 1 year"]
    projection = project(f"commitments: [{row}]\nsources: [{LINE}]\nscenario: {{actions: [{action}, {action}]}}")
    assert _guardrails(projection) == [("guardrail-cut", "scenario `case` defers by 2 years `SHIELD` (cybersecurity)")]


@pytest.mark.parametrize("action", KEPT)
def test_a_scenario_that_does_not_cut_a_safeguard_is_not_named(action: str) -> None:
    projection = project(f"commitments: [{SHIELD}]\nsources: [{LINE}]\nscenario: {{actions: [{action}]}}")
    assert _guardrails(projection) == []


# --- runs ------------------------------------------------------------------------------------------


def test_a_budget_without_commitments_has_years_without_cost() -> None:
    projection = project(f"sources: [{LINE}]")
    assert projection.years["cost"].to_list() == [Decimal("0.00")] * 3
    for name in ("costs", "coverage", "payments", "losses"):
        assert projection.table(name).is_empty()


@pytest.mark.parametrize("commitments", ["", f"commitments: [{TUTOR}, {SHIELD}]"])
def test_every_table_has_its_columns_and_types_also_when_empty(commitments: str) -> None:
    projection = project(f"{commitments}\nyears: 1")
    for name, columns in TABLES.items():
        assert dict(projection.table(name).schema) == {column.name: column.dtype for column in columns}
        empty = [column.name for column in columns if projection.table(name)[column.name].null_count()]
        assert empty == []


def test_progress_is_reported_after_each_source_that_counts() -> None:
    text = f"commitments: [{TUTOR}]\nsources: [{LINE}, {{name: Gift, recurring: no, basis: open, certainty: likely}}]"
    inputs = inputs_from(parse_yaml(text, "test.yaml"))
    ticks: list[str] = []
    project_all(
        inputs.budget, [inputs.scenario] * 2, inputs.settings, lambda: (), progress=lambda: ticks.append("source")
    )
    assert ticks == ["source"] * 2


def _budget(*starts: int) -> Budget:
    districts = tuple(District(name=f"District {start}", fiscal_year_start=start) for start in starts)
    return Budget(commitments=(), districts=districts)


@pytest.mark.parametrize(
    ("day", "start", "year"),
    [
        (date(2026, 6, 30), 7, 2026),
        (date(2026, 7, 1), 7, 2027),
        (date(2026, 12, 31), 1, 2026),
        (date(2026, 9, 30), 10, 2026),
        (date(2026, 10, 1), 10, 2027),
    ],
)
def test_the_first_year_is_the_one_that_holds_the_as_of_date(day: date, start: int, year: int) -> None:
    settings = settings_for(_budget(start), as_of=day, years=2)
    assert settings == Settings(day, year, 2)
    horizon = settings.horizon_of(_budget(start).districts[0])
    assert list(horizon.years) == [year, year + 1]
    assert horizon.last_year == year + 1
    assert horizon.calendar.first_day(year) <= day <= horizon.calendar.last_day(year)


def test_the_first_year_follows_the_month_that_a_run_asks_for() -> None:
    assert settings_for(_budget(7, 1), as_of=date(2026, 11, 23), fiscal_year_start=1).first_year == 2026
    assert settings_for(Budget(commitments=()), as_of=date(2026, 11, 23)).first_year == 2027


def test_a_run_starts_today_unless_it_is_told_otherwise() -> None:
    before = date.today()
    assert before <= settings_for(_budget(7)).as_of <= date.today()


def test_districts_whose_calendars_disagree_need_a_first_year() -> None:
    with pytest.raises(InputError) as refusal:
        settings_for(_budget(7, 1), as_of=date(2026, 11, 23))
    (issue,) = refusal.value.issues
    assert issue.code == "first-year-unclear"
    assert issue.hint == "say which with --first-year"
    assert settings_for(_budget(7, 1), as_of=date(2026, 11, 23), first_year=2028).first_year == 2028


def test_a_fiscal_year_is_described_by_its_months() -> None:
    assert FiscalCalendar(10).span(2027) == "Oct 2026-Sep 2027"
    assert FiscalCalendar(1).span(2027) == "Jan 2027-Dec 2027"


@pytest.mark.parametrize("day", [(2, 29), (4, 31), (13, 1), (0, 1)])
def test_a_notice_day_that_some_year_lacks_is_refused(day: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="notice_by"):
        Commitment(name="TECH", category=Category.STAFFING, kind=Kind.STAFF, annual_cost=Decimal(1), notice_by=day)


def test_scenarios_are_projected_side_by_side_and_districts_come_first() -> None:
    inputs = inputs_from(
        parse_yaml(
            """
            districts: [{name: South}, {name: North}]
            commitments:
              - {id: A, kind: recurring, annual_cost: 1, district: North}
              - {id: B, kind: recurring, annual_cost: 1, district: South}
            years: 1
            """,
            "test.yaml",
        )
    )
    scenarios = [Scenario(name="one"), Scenario(name="another")]
    projection = project_all(inputs.budget, scenarios, inputs.settings, lambda: ())
    assert projection.costs.select("district", "scenario", "commitment").rows() == [
        ("South", "one", "B"),
        ("South", "another", "B"),
        ("North", "one", "A"),
        ("North", "another", "A"),
    ]


def test_a_file_with_headings_and_nothing_underneath_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("name,category,kind,annual_cost\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_and_project(path, as_of=date(2026, 11, 23))
    (issue,) = refusal.value.issues
    assert (issue.code, str(issue.where)) == ("nothing-to-project", "empty.csv")


def test_a_scenario_made_in_python_that_changes_a_source_to_what_it_cannot_be_is_refused() -> None:
    inputs = inputs_from(parse_yaml(f"sources: [{LINE}]", "test.yaml"))
    changes = SourceChanges(change={"line": {"share": Decimal(2), "carryover": 1}})
    scenario = Scenario(name="doubled", sources=changes)
    with pytest.raises(InputError) as refusal:
        project_all(inputs.budget, [scenario], inputs.settings, lambda: ())
    (issue,) = refusal.value.issues
    assert (issue.code, issue.field, issue.found) == ("out-of-range", "share", "2")
    assert issue.message == "scenario `doubled` sets `share` of the source `line` to what it cannot be"
    assert issue.hint == "it should be less than or equal to 1"
