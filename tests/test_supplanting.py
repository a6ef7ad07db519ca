"""Moving a cost from state or local money to a grant that may only add to it is asked about, never decided."""

from __future__ import annotations

import pytest

from engine_inputs import project
from esser_gap.issues import Severity

COACH = "{id: COACH, name: Coach, category: staffing, kind: staff, annual_cost: 900, billing: annual, funded_by: Title}"
SNS = "must_supplement: state_and_local, level: federal"


def asked(*sources: str, commitments: str = COACH, scenario: str = "{name: case}") -> list[str]:
    listed = "\n".join(f"  - {{{source}}}" for source in sources)
    result = project(f"commitments: [{commitments}]\nsources:\n{listed}\nscenario: {scenario}\n")
    found = [issue for issue in result.issues if issue.code == "may-supplant"]
    assert all(issue.severity is Severity.WARNING for issue in found)
    assert all(issue.message.endswith("?") and issue.hint.startswith("ask the owner of the grant") for issue in found)
    return [issue.message for issue in found]


GENERAL = "name: General Fund, recurring: yes, basis: open"
LATER = f"name: Title, recurring: yes, basis: assigned, {SNS}, yearly: {{FY2028: 900, FY2029: 900}}"


def test_a_cost_that_moves_from_the_general_fund_to_a_federal_title_in_the_next_year_is_asked_about() -> None:
    (message,) = asked(LATER, GENERAL)
    assert message == (
        "scenario `case`: `Coach` is paid by `General Fund` in FY2027 and by `Title` in FY2028;"
        " would it take the place of state or local money?"
    )


def test_what_it_paid_before_is_not_moved_to_it() -> None:
    both = f"name: Title, recurring: yes, basis: assigned, {SNS}, yearly: {{FY2027: 400, FY2028: 900}}"
    assert asked(both, GENERAL) == []


def test_a_year_between_is_no_move_in_the_next_year() -> None:
    general = f"{GENERAL}, yearly: {{FY2027: 900}}"
    later = f"name: Title, recurring: yes, basis: assigned, {SNS}, yearly: {{FY2029: 900}}"
    assert asked(later, general) == []


@pytest.mark.parametrize(
    "before",
    [
        "name: ESSER, recurring: no, basis: open, level: federal",
        'name: Listed, recurring: no, basis: open, assistance_listing: "84.425U"',
        "name: Foundation, recurring: no, basis: open, level: partner",
    ],
)
def test_federal_and_partner_money_may_be_followed_by_a_title(before: str) -> None:
    assert asked(LATER, before) == []


def test_idea_may_not_take_the_place_of_other_federal_money_either() -> None:
    idea = LATER.replace("state_and_local", "all")
    (message,) = asked(idea, "name: ESSER, recurring: no, basis: open, level: federal")
    assert message.endswith("would it take the place of state, local or other federal money?")


def test_a_source_without_the_rule_asks_nothing() -> None:
    assert asked("name: Title, recurring: yes, basis: assigned, level: federal, yearly: {FY2028: 900}", GENERAL) == []


def test_before_the_first_projected_year_stands_what_pays_today() -> None:
    commitments = COACH.replace("funded_by: Title", "funded_by: General Fund")
    scenario = "{name: case, sources: {remove: [General Fund]}}"
    title = f"name: Title, recurring: yes, basis: open, {SNS}"
    (message,) = asked(title, GENERAL.replace("open", "assigned"), commitments=commitments, scenario=scenario)
    assert message == (
        "scenario `case`: `Coach` is paid by `General Fund` today and by `Title` in FY2027;"
        " would it take the place of state or local money?"
    )


def test_the_parts_of_a_source_that_a_scenario_parts_by_year_are_one_source() -> None:
    title = f"name: Title, recurring: yes, basis: assigned, share: 50%, {SNS}"
    scenario = "{name: case, sources: {adjust: [{scale: 0.5, from: FY2028, where: {name: Title}}]}}"
    assert asked(title, GENERAL, scenario=scenario) == []


def test_many_commitments_are_asked_about_together() -> None:
    several = ", ".join(COACH.replace("COACH", f"C{n}").replace("name: Coach", f"name: Coach {n}") for n in range(5))
    (message,) = asked(LATER.replace("900", "9000"), GENERAL, commitments=several)
    assert "`Coach 0`, `Coach 1`, `Coach 2` and 2 more are paid by `General Fund` in FY2027" in message


def test_the_rule_and_its_day_stand_in_the_hint() -> None:
    title = f"{LATER}, citation: ESEA sec. 2301, as_of: 2026-11-23"
    text = f"commitments: [{COACH}]\nsources:\n  - {{{title}}}\n  - {{{GENERAL}}}\n"
    (issue,) = (issue for issue in project(text).issues if issue.code == "may-supplant")
    assert issue.hint.endswith("(ESEA sec. 2301, read on 2026-11-23)")
    assert issue.found == "COACH"
