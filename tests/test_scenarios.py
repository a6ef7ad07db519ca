"""Scenarios say only differences, lie over one another, and mean the same in YAML and on a sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import esser_gap
from esser_gap.errors import InputError
from esser_gap.model.commitment import Part
from esser_gap.model.scenario import VERBS, Scenario
from esser_gap.read.budgets import read_budget
from esser_gap.read.combining import merge
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.scenarios import ScenarioLoader, library_names
from esser_gap.read.yaml_documents import parse_yaml
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esser_gap.issues import Issue

BUDGET: list[list[Any]] = [["Name", "Category", "Kind", "Annual cost"], ["Web filter", "network", "recurring", 9000]]


def scenario(text: str) -> Scenario:
    return scenario_from_document(parse_yaml(text, "mine.yaml"))


def problems(text: str) -> list[Issue]:
    with pytest.raises(InputError) as refused:
        scenario(text)
    return refused.value.issues


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(texts))}.yaml"


def loaded(path: Path | str, own: Sequence[Scenario] = ()) -> Scenario:
    return ScenarioLoader(own).load(str(path))


# --------------------------------------------------------------------------- reading


def test_everything_that_a_scenario_may_say_is_read() -> None:
    read = scenario("""\
name: austerity
description: Spend less.
author: Pat
date: 2026-11-23
extends: baseline
count: Likely
funding_order: restricted first
growth: {default: 3%, software: {FY2027: 5%, 2027-28: 0.07}, salary: 4}
drivers: {enrollment: {FY2026: 8000, FY2027: "7,900"}}
sources:
  add: [{name: Levy 2027, recurring: yes, basis: open, yearly: {FY2028: 600000}}]
  change: {Technology line: {yearly: {FY2027: 300000}, share: 80%}}
  remove: [E-rate Category Two]
sources_cited: {salary: the contract}
""")
    assert (read.name, read.description, read.author, read.date) == (
        "austerity",
        "Spend less.",
        "Pat",
        date(2026, 11, 23),
    )
    assert (read.extends, read.count, read.funding_order) == ("baseline", "likely", "restricted_first")
    assert read.growth == {
        "default": Decimal("0.03"),
        "software": {2027: Decimal("0.05"), 2028: Decimal("0.07")},
        "salary": Decimal("0.04"),
    }
    assert read.drivers == {"enrollment": {2026: Decimal(8000), 2027: Decimal(7900)}}
    assert [source.name for source in read.sources.add] == ["Levy 2027"]
    assert read.sources.change == {"Technology line": {"yearly": {2027: Decimal(300000)}, "share": Decimal("0.8")}}
    assert read.sources.remove == ("E-rate Category Two",)
    assert read.sources_cited == {"salary": "the contract"}


def test_everything_that_an_action_may_do_is_read() -> None:
    read = scenario("""\
name: all
actions:
  - {stop: FY2028, where: {category: ai}}
  - {scale: 0.9, from: FY2027}
  - {defer: 1, where: {id: PANEL}}
  - {extend_life: 2, where: {kind: replacement}}
  - {set_price: "$12,500.50", from: FY2027, where: {id: SIS}}
  - {stagger: yes, where: {kind: replacement}}
  - {set_priority: 1, where: {mandated: yes}}
  - {add: {name: New filter, category: network, kind: recurring, annual_cost: 4K, funded_by: GEER}}
""")
    assert [action.verb for action in read.actions] == list(VERBS)
    assert read.actions[0].stop == 2028
    assert (read.actions[1].scale, read.actions[1].from_, read.actions[1].where) == (Decimal("0.9"), 2027, None)
    assert read.actions[4].set_price == Decimal("12500.50")
    assert read.actions[7].add is not None
    assert read.actions[7].add.funded_by == (Part(source="GEER", share=Decimal(1)),)
    assert str(read.actions[2].origin.where()) == "mine.yaml, line 5"


@pytest.mark.parametrize(
    ("written_as", "compared"),
    [
        ("{category: Data_Systems}", {"category": ("data systems",)}),
        ("{category: [software, AI]}", {"category": ("software", "ai")}),
        ("{mandated: no}", {"mandated": (False,)}),
        ('{mandated: "No"}', {"mandated": (False,)}),
        ("{annual_cost: 45K}", {"annual_cost": (Decimal(45000),)}),
        ('{annual_cost: "$45,000.00"}', {"annual_cost": (Decimal(45000),)}),
        ("{paid_through: 6/30/25}", {"paid_through": (date(2025, 6, 30),)}),
        ("{price_year: 2026-27}", {"price_year": (2027,)}),
        ("{renewal_month: July}", {"renewal_month": (7,)}),
        ("{notice_by: March 15}", {"notice_by": ((3, 15),)}),
        ("{benefits_rate: 35%}", {"benefits_rate": (Decimal("0.35"),)}),
        ("{id: 007}", {"id": ("007",)}),
        ("{account: 42}", {"account": ("42",)}),
        ("{owner: }", {"owner": (None,)}),
        ("{owner: [Pat, '']}", {"owner": ("Pat", None)}),
        ("{requires: []}", {"requires": ((),)}),
        ("{requires: [A, B]}", {"requires": (("A", "B"),)}),
        ("{requires: A; B}", {"requires": (("A", "B"),)}),
        ("{funded_by: ESSER III 60%}", {"funded_by": ((Part(source="ESSER III", share=Decimal("0.6")),),)}),
    ],
)
def test_selections_are_compared_as_read_not_as_spelled(written_as: str, compared: dict[str, Any]) -> None:
    (action,) = scenario(f"name: mine\nactions:\n  - {{stop: FY2028, where: {written_as}}}").actions
    assert action.where == compared


def test_a_selection_finds_what_the_budget_spells_differently(tmp_path: Path) -> None:
    rows = [[*BUDGET[0], "Paid through", "Mandated"], ["Filter", "Network", "Recurring", 9000, "Jun 30, 2027", None]]
    budget = read_budget([write_xlsx(tmp_path / "budget.xlsx", {"Commitments": rows})])
    mine = scenario(
        "name: mine\nactions: [{stop: FY2029,"
        " where: {category: network, annual_cost: 9K, paid_through: 2027-06-30, mandated: no, renewal_month: }}]"
    )
    years = esser_gap.project(budget, [mine], as_of=date(2026, 11, 23), first_year=2027, years=3).years
    assert years["cost"].to_list() == [Decimal("0.00"), Decimal("9000.00"), Decimal("0.00")]


# --------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "line", "key", "hint"),
    [
        ("name: a\ngrowht: {default: 3%}", 2, "growht", "did you mean `growth`?"),
        ("name: a\ngrowth: {sofware: 3%}", 2, "sofware", "did you mean `software`?"),
        ("name: a\nsources:\n  ad: []", 3, "ad", "did you mean `add`?"),
        ("name: a\nsources:\n  add: [{nam: x}]", 3, "nam", "did you mean `name`?"),
        (
            "name: a\nsources:\n  change:\n    Levy: {shar: 50%}",
            4,
            "shar",
            "did you mean `share`?",
        ),
        (
            "name: a\nsources:\n  change:\n    Levy: {awards: [{amout: 5}]}",
            4,
            "amout",
            "did you mean `amount`?",
        ),
        ("name: a\nactions:\n  - {stop: FY2028, wher: {category: ai}}", 3, "wher", "did you mean `where`?"),
        ("name: a\nactions:\n  - {stop: FY2028, where: {categry: ai}}", 3, "categry", "did you mean `category`?"),
        ("name: a\nactions:\n  - {add: {name: x, categry: ai}}", 3, "categry", "did you mean `category`?"),
    ],
)
def test_an_unknown_key_is_refused_with_its_line_and_near_names(text: str, line: int, key: str, hint: str) -> None:
    unknown = [issue for issue in problems(text) if issue.code == "key-unknown"]
    assert [(issue.where.cell, issue.found) for issue in unknown] == [(f"line {line}", key)]
    assert unknown[0].hint.startswith(hint[:-1])


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("- a\n- b", "structure-not-understood", 1),
        ("just words", "structure-not-understood", 1),
        ("description: no name", "field-missing", 1),
        ("name: a\ncount: surely", "word-unknown", 2),
        ("name: a\nfunding_order: any", "word-unknown", 2),
        ("name: a\ngrowth: 3%", "structure-not-understood", 2),
        ("name: a\ngrowth:\n  default: lots", "percent-not-a-number", 3),
        ("name: a\ngrowth:\n  default: 1.5", "percent-ambiguous", 3),
        ("name: a\ngrowth:\n  default:", "structure-not-understood", 3),
        ("name: a\ngrowth:\n  software: {}", "structure-not-understood", 3),
        ("name: a\ngrowth:\n  software: {27: 3%}", "fiscal-year-not-understood", 3),
        ("name: a\ngrowth:\n  software: {FY2027: 3%, 2027: 4%}", "key-repeated", 3),
        ("name: a\ngrowth:\n  default: -100%", "out-of-range", 2),
        ("name: a\ngrowth:\n  default: {FY2027: 3%, FY2028: -100%}", "out-of-range", 2),
        ("name: a\ngrowth:\n  ai:\n    FY2027: 3%\n    FY2028: lots", "percent-not-a-number", 5),
        (
            "name: a\nsources:\n  add:\n    - {name: x, recurring: no, basis: open, yearly: {FY2027: -5}}",
            "out-of-range",
            4,
        ),
        ("name: a\ndrivers:\n  enrollment: 8400", "structure-not-understood", 3),
        ("name: a\ndrivers:\n  enrollment: {FY2027: many}", "not-a-number", 3),
        ("name: a\nsources:\n  add: {name: x}", "structure-not-understood", 3),
        ("name: a\nsources:\n  add:\n    - {name: x, basis: open}", "field-missing", 4),
        ("name: a\nsources:\n  change: [Levy]", "structure-not-understood", 3),
        ("name: a\nsources:\n  change: {Levy: {recurring: maybe}}", "not-yes-or-no", 3),
        ("name: a\nsources_cited: everywhere", "structure-not-understood", 2),
        ("name: a\nactions: {stop: FY2028}", "structure-not-understood", 2),
        ("name: a\nactions:\n  - stop everything", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {where: {category: ai}}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: FY2028, scale: 0.5}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: FY2028, from: FY2027}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: }", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: someday}", "fiscal-year-not-understood", 3),
        ("name: a\nactions:\n  - {scale: -0.5}", "out-of-range", 3),
        ("name: a\nactions:\n  - {defer: 1.5}", "not-a-whole-number", 3),
        ("name: a\nactions:\n  - {defer: -1}", "out-of-range", 3),
        ("name: a\nactions:\n  - {set_priority: 6}", "out-of-range", 3),
        ("name: a\nactions:\n  - {set_price: TBD}", "money-not-a-number", 3),
        ("name: a\nactions:\n  - {stagger: no}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: FY2028, where: ai}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: FY2028, where: {}}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {stop: FY2028, where: {category: robots}}", "word-unknown", 3),
        ("name: a\nactions:\n  - {stop: FY2028, where: {paid_through: someday}}", "date-not-understood", 3),
        ("name: a\nactions:\n  - {add: a filter}", "structure-not-understood", 3),
        ("name: a\nactions:\n  - {add: {name: x, category: ai}}", "field-missing", 3),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    (issue,) = problems(text)
    assert (issue.code, issue.where.file, issue.where.cell) == (code, "mine.yaml", f"line {line}")
    assert issue.message
    assert issue.hint


def test_all_problems_of_a_scenario_are_told_at_once() -> None:
    text = "nam: a\ngrowth: {robots: 3%}\nactions: [{stop: 27}, {halt: 1}]"
    assert [issue.code for issue in problems(text)] == [
        "key-unknown",
        "key-unknown",
        "fiscal-year-not-understood",
        "structure-not-understood",
        "field-missing",
    ]


# --------------------------------------------------------------------------- extending


def test_a_scenario_extends_a_file_beside_it_before_one_of_the_library(tmp_path: Path) -> None:
    lean = "name: lean\nextends: baseline\n"
    assert loaded(written(tmp_path, lean=lean)).growth["software"] == Decimal("0.05")
    path = written(tmp_path, lean=lean, baseline="name: ours\ngrowth: {software: 9%}")
    assert loaded(path).growth == {"software": Decimal("0.09")}


def test_a_scenario_may_extend_a_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    written(tmp_path / "base", ours="name: ours\nextends: theirs", theirs="name: theirs\ngrowth: {ai: 8%}")
    path = written(tmp_path, lean="name: lean\nextends: base/ours.yaml")
    assert loaded(path).growth == {"ai": Decimal("0.08")}


def test_a_scenario_extends_one_of_the_budget_before_one_of_the_library(tmp_path: Path) -> None:
    own = [scenario("name: baseline\ngrowth: {ai: 1%}"), scenario("name: lean\nextends: baseline")]
    assert loaded("lean", own).growth == {"ai": Decimal("0.01")}
    path = written(tmp_path, mine="name: mine\nextends: lean")
    assert loaded(path, own).growth == {"ai": Decimal("0.01")}


def test_a_scenario_of_the_budget_may_extend_the_one_of_the_library_that_it_is_named_after() -> None:
    own = [scenario("name: baseline\nextends: baseline\ngrowth: {ai: 1%}")]
    merged = loaded("baseline", own)
    assert (merged.growth["ai"], merged.growth["software"]) == (Decimal("0.01"), Decimal("0.05"))


def test_a_scenario_made_in_python_extends_one_of_the_library() -> None:
    made = Scenario(name="mine", extends="baseline", growth={"ai": Decimal("0.2")})
    merged = ScenarioLoader().merged(made)
    assert (merged.name, merged.extends, merged.growth["ai"]) == ("mine", None, Decimal("0.2"))
    assert merged.growth["salary"] == Decimal("0.03")


@pytest.mark.parametrize(
    "texts",
    [
        {"a": "name: a\nextends: b", "b": "name: b\nextends: a"},
        {"a": "name: a\nextends: b", "b": "name: b\nextends: c", "c": "name: c\nextends: b"},
        {"a": "name: a\nextends: a.yaml"},
    ],
)
def test_scenarios_that_extend_each_other_in_a_circle_are_refused(texts: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        loaded(written(tmp_path, **texts))
    assert [issue.code for issue in refused.value.issues] == ["scenario-cycle"]


def test_a_scenario_that_is_nowhere_is_refused_with_near_names(tmp_path: Path) -> None:
    path = written(tmp_path, lean="name: lean\nextends: baselin")
    with pytest.raises(InputError) as refused:
        loaded(path)
    (issue,) = refused.value.issues
    assert (issue.code, issue.found) == ("scenario-unknown", "baselin")
    assert issue.hint == "did you mean `baseline`? Or name a file that ends in .yaml"


def test_every_file_that_was_used_is_listed_once(tmp_path: Path) -> None:
    path = written(tmp_path, lean="name: lean\nextends: base", base="name: base")
    loader = ScenarioLoader()
    loader.load(str(path))
    loader.load(str(path))
    assert [(file.name, file.role) for file in loader.files] == [("lean.yaml", "scenario"), ("base.yaml", "scenario")]


def test_what_a_scenario_says_replaces_what_it_extends_key_by_key() -> None:
    base = scenario("""\
name: base
description: First.
count: possible
funding_order: restricted_first
growth: {default: 3%, software: {FY2027: 5%, FY2028: 6%}}
drivers: {enrollment: {FY2027: 8000}, seats: {FY2027: 10}}
sources:
  add: [{name: Levy, recurring: yes, basis: open}]
  change: {Line: {share: 80%, certainty: likely}, Other: {share: 10%}}
  remove: [Grant]
actions: [{stop: FY2028, where: {id: A}}]
sources_cited: {default: a, software: b}
""")
    over = scenario("""\
name: over
count: likely
growth: {software: 9%, ai: 1%}
drivers: {enrollment: {FY2028: 7000}}
sources:
  add: [{name: Gift, recurring: no, basis: open}]
  change: {Line: {share: 50%}}
  remove: [Loan, Grant]
actions: [{stop: FY2027, where: {id: A}}]
sources_cited: {software: c}
""")
    merged = merge(base, over)
    assert (merged.name, merged.description, merged.extends) == ("over", None, None)
    assert (merged.count, merged.funding_order) == ("likely", "restricted_first")
    assert merged.growth == {"default": Decimal("0.03"), "software": Decimal("0.09"), "ai": Decimal("0.01")}
    assert merged.drivers == {"enrollment": {2028: Decimal(7000)}, "seats": {2027: Decimal(10)}}
    assert [source.name for source in merged.sources.add] == ["Levy", "Gift"]
    assert merged.sources.change == {
        "Line": {"share": Decimal("0.5"), "certainty": "likely"},
        "Other": {"share": Decimal("0.1")},
    }
    assert merged.sources.remove == ("Grant", "Loan")
    assert [action.stop for action in merged.actions] == [2028, 2027]
    assert merged.sources_cited == {"default": "a", "software": "c"}


@pytest.mark.parametrize("name", library_names())
def test_every_scenario_of_the_library_says_what_it_is(name: str) -> None:
    merged = ScenarioLoader().load(name)
    assert merged.name == name
    assert merged.description


# --------------------------------------------------------------------------- on a sheet


SETTINGS: list[list[Any]] = [
    ["Scenarios to show the board"],
    ["Scenario", "Set", "Value"],
    ["lean", "description", "Spend less."],
    ["lean", "extends", "baseline"],
    ["lean", "count", "likely"],
    ["lean", "growth.software", 0.07],
    ["lean", "growth.ai.FY2027", "5%"],
    ["lean", "growth.ai.FY2028", "{not: used}"],
    [],
    ["lean", "drivers.enrollment.FY2027", 8392],
    ["lean", "sources.change.Technology line.share", "80%"],
    ["lean", "sources.remove", "[Grant, Loan]"],
    ["lean", "action", "{stop: FY2028, where: {category: ai}}"],
    ["freeze", "growth.default", "0%"],
    ["lean", "action", "{scale: 0.9}"],
]
SAME_IN_YAML = """\
name: lean
description: Spend less.
extends: baseline
count: likely
growth: {software: 0.07, ai: {FY2027: 5%, FY2028: 6%}}
drivers: {enrollment: {FY2027: 8392}}
sources: {change: {Technology line: {share: 80%}}, remove: [Grant, Loan]}
actions: [{stop: FY2028, where: {category: ai}}, {scale: 0.9}]
"""


def test_a_scenarios_sheet_says_the_same_as_yaml(tmp_path: Path) -> None:
    settings = [row if "growth.ai.FY2028" not in row else [*row[:2], "6%"] for row in SETTINGS]
    path = write_xlsx(tmp_path / "budget.xlsx", {"Commitments": BUDGET, "Scenarios": settings})
    budget = read_budget([path])
    assert budget.issues == ()
    lean, freeze = budget.scenarios
    assert lean.model_dump() == scenario(SAME_IN_YAML).model_dump()
    assert freeze.growth == {"default": Decimal(0)}


def test_a_setting_that_is_wrong_names_its_row(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Commitments": BUDGET, "Scenarios": SETTINGS})
    (issue,) = read_budget([path]).issues
    assert (issue.code, str(issue.where)) == (
        "value-not-understood",
        "budget.xlsx, sheet `Scenarios`, row 8",
    )


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([["a", "growth.default", "3%"], ["a", "growth.default", "4%"]], "key-repeated", "row 3"),
        ([["a", "growth", "3%"], ["a", "growth.default", "4%"]], "key-repeated", "row 3"),
        ([["a", "growht.default", "3%"]], "key-unknown", "row 2"),
        ([["a", "growth.robots", "3%"]], "key-unknown", "row 2"),
        ([["a", "count", "surely"]], "word-unknown", "row 2"),
        ([["a", "action", "{stop: FY2028"]], "yaml-not-understood", "row 2"),
        ([["a", "action", "{halt: FY2028}"]], "structure-not-understood", "row 2"),
        ([["a", "action", "{stop: 28}"]], "fiscal-year-not-understood", "row 2"),
        ([["a", None, "3%"]], "field-missing", "row 2"),
        ([[None, "count", "likely"]], "field-missing", "row 2"),
    ],
)
def test_problems_of_a_scenarios_sheet_name_their_rows(rows: Any, code: str, row: str, tmp_path: Path) -> None:
    sheet = [["Scenario", "Set", "Value"], *rows]
    path = write_xlsx(tmp_path / "budget.xlsx", {"Commitments": BUDGET, "Scenarios": sheet})
    found = {(i.code, i.where.file, i.where.sheet, i.where.cell) for i in read_budget([path]).issues}
    assert (code, "budget.xlsx", "Scenarios", row) in found


def test_a_scenarios_sheet_without_headings_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Commitments": BUDGET, "Scenarios": [["lean", "count", "likely"]]})
    assert [issue.code for issue in read_budget([path]).issues] == ["header-not-found"]
