"""Scenarios combined left to right, single settings on top of them, and what goes before what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import esser_gap
from esser_gap.api import loader_for
from esser_gap.errors import InputError
from esser_gap.model.scenario import DriverChange, Scenario
from esser_gap.plan.tables import TABLES
from esser_gap.read.budgets import read_budget
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.scenario_settings import with_settings
from esser_gap.read.scenarios import ScenarioLoader, library_names
from esser_gap.read.yaml_documents import parse_yaml
from library_budgets import Run, random_run
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from esser_gap.issues import Issue
    from esser_gap.projecting import Projection

AS_OF = date(2026, 11, 23)
D = Decimal


def scenario(text: str, name: str = "mine.yaml") -> Scenario:
    return scenario_from_document(parse_yaml(text, name))


def own(texts: Mapping[str, str]) -> list[Scenario]:
    """Read scenarios as a budget's own, each in a file of its name."""
    return [scenario(f"name: {name}\n{text}", f"{name}.yaml") for name, text in texts.items()]


def combined(name: str, texts: Mapping[str, str], *, last_wins: bool = False) -> Scenario:
    return ScenarioLoader(own(texts), last_wins=last_wins).load(name)


def conflicts(name: str, texts: Mapping[str, str]) -> list[Issue]:
    with pytest.raises(InputError) as refused:
        combined(name, texts)
    assert {issue.code for issue in refused.value.issues} == {"scenarios-conflict"}
    return refused.value.issues


def settled_by_the_last(one: str, other: str) -> Scenario:
    """Combine two that conflict, with the last one winning."""
    assert conflicts("a+b", {"a": one, "b": other})
    return combined("a+b", {"a": one, "b": other}, last_wins=True)


# --------------------------------------------------------------------------- what is combined


def test_differences_add_up_and_what_both_extend_is_laid_down_once() -> None:
    found = combined(
        "lean+fewer",
        {
            "lean": "extends: baseline\nauthor: Pat\ndate: 2026-01-02\ndescription: Spend less.\n"
            "growth: {software: 2%}",
            "fewer": "extends: baseline\nauthor: Kim\ndate: 2026-03-04\ndescription: Fewer students.\n"
            "drivers: {enrollment: {growth: -2%}}\nactions: [{stop: FY2028, where: {category: ai}}]",
        },
    )
    assert (found.name, found.description) == ("lean+fewer", "Spend less. Fewer students.")
    assert (found.author, found.date) == ("Pat, Kim", date(2026, 3, 4))
    assert (found.growth["software"], found.growth["benefits"]) == (D("0.02"), D("0.07"))
    assert found.drivers == {"enrollment": DriverChange(growth=D("-0.02"))}
    assert [action.verb for action in found.actions] == ["stop"]
    assert str(found.where("growth.software").where()) == "lean.yaml, line 6"
    assert str(found.where("growth.salary").where()) == "baseline.yaml, line 13"
    assert found.origin.file == "lean.yaml and fewer.yaml"


def test_three_and_more_combine_names_files_and_spaces(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nextends: baseline\ngrowth: {ai: 9%}\n", encoding="utf-8")
    found = ScenarioLoader(own({"lean": "growth: {repair: 1%}"})).load(f"erate-ends + {path}+lean")
    assert found.name == "erate-ends+mine+lean"
    assert (found.growth["ai"], found.growth["repair"], len(found.sources.adjust)) == (D("0.09"), D("0.01"), 1)


def test_a_name_with_a_plus_of_its_own_is_found_whole(tmp_path: Path) -> None:
    path = tmp_path / "a+b.yaml"
    path.write_text("name: both\n", encoding="utf-8")
    assert ScenarioLoader().load(str(path)).name == "both"
    named = Scenario(name="a+b", growth={"ai": D("0.5")})
    assert ScenarioLoader([named, Scenario(name="a"), Scenario(name="b")]).load("a+b") == named


def test_everything_wrong_with_the_parts_is_told_at_once() -> None:
    with pytest.raises(InputError) as refused:
        ScenarioLoader().load("erate-ens+baselin+erate-ends")
    assert [(issue.code, issue.found) for issue in refused.value.issues] == [
        ("scenario-unknown", "erate-ens"),
        ("scenario-unknown", "baselin"),
    ]
    assert "`erate-ends`" in refused.value.issues[0].hint


def test_equal_settings_and_equal_additions_do_not_conflict() -> None:
    levy = "{name: Levy, recurring: yes, basis: open, yearly: {FY2028: 5}}"
    new = "{name: Filter, category: network, kind: recurring, annual_cost: 5}"
    text = f"growth: {{ai: {{FY2027: 3%, FY2028: 3%}}}}\nsources: {{add: [{levy}]}}\nactions: [{{add: {new}}}]"
    found = combined("a+b", {"a": text, "b": text.replace("{FY2027: 3%, FY2028: 3%}", "3%")})
    assert len(found.sources.add) == len(found.actions) == 1


def test_factors_multiply_and_deferrals_add_up(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "budget.xlsx",
        {
            "Commitments": [
                ["Id", "Name", "Category", "Kind", "Annual cost", "Purchased on", "Useful life"],
                ["S", "Reading", "software", "recurring", 1000, None, None],
                ["R", "Panels", "classroom displays", "replacement", 500, "2020-08-01", 7],
            ]
        },
    )
    budget = read_budget([path])
    half = scenario("name: half\nactions: [{scale: 0.5, where: {id: S}}, {defer: 1, where: {id: R}}]")
    less = scenario("name: less\nactions: [{scale: 0.9, where: {id: S}}, {defer: 1, where: {id: R}}]")
    both = ScenarioLoader([half, less]).load("half+less")
    costs = esser_gap.project(budget, [both], as_of=AS_OF, years=4).costs.select("commitment", "cost").rows()
    assert costs == [*[("S", D("450.00"))] * 4, *[("R", D(cost)) for cost in ("0.00", "0.00", "0.00", "500.00")]]


# --------------------------------------------------------------------------- what conflicts


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("count: likely", "count: secured", "count"),
        ("funding_order: listed", "funding_order: restricted_first", "funding_order"),
        ("growth: {software: 8%}", "growth: {software: 9%}", "growth.software"),
        ("growth: {ai: {FY2027: 8%}}", "growth: {ai: {FY2027: 8%, FY2028: 9%}}", "growth.ai"),
        ("drivers: {seats: {FY2027: 8}}", "drivers: {seats: {FY2027: 9}}", "drivers.seats"),
        ("drivers: {seats: {FY2027: 8}}", "drivers: {seats: {growth: 1%}}", "drivers.seats"),
        (
            "sources: {change: {Levy: {share: 5%}}}",
            "sources: {change: {levy: {share: 6%}}}",
            "sources.change.Levy.share",
        ),
        (
            "sources: {change: {Levy: {yearly: {FY2027: 5}}}}",
            "sources: {change: {Levy: {awards: [{amount: 5}]}}}",
            "sources.change.Levy.yearly",
        ),
        (
            "sources: {years: {Levy: {FY2027: 5}}}",
            "sources: {years: {Levy: {FY2027: 6, FY2028: 7}}}",
            "sources.years.Levy.FY2027",
        ),
        (
            "sources: {add: [{name: Levy, recurring: yes, basis: open}]}",
            "sources: {add: [{name: levy, recurring: no, basis: open}]}",
            "sources.add.Levy",
        ),
        (
            "actions: [{add: {id: X, name: A, category: ai, kind: recurring, annual_cost: 5}}]",
            "actions: [{add: {id: X, name: B, category: ai, kind: recurring, annual_cost: 5}}]",
            "add.X",
        ),
        (
            "actions: [{stop: FY2028, where: {category: ai}}]",
            "actions: [{stop: FY2029, where: {category: ai}}]",
            "stop where category: ai",
        ),
        (
            "actions: [{set_price: 5, where: {id: A}}]",
            "actions: [{set_price: 5, from: FY2028, where: {id: A}}]",
            "set_price where id: A",
        ),
        ("actions: [{set_priority: 1}]", "actions: [{set_priority: 2}]", "set_priority where every commitment"),
        (
            "sources: {adjust: [{certainty: likely, where: {name: Levy}}]}",
            "sources: {adjust: [{certainty: secured, where: {name: Levy}}]}",
            "certainty where name: Levy",
        ),
        (
            "sources: {adjust: [{scale: 0, where: {name: Levy}}]}",
            "sources: {adjust: [{renew: yes, where: {name: Levy}}]}",
            "scale where name: Levy",
        ),
    ],
)
def test_two_that_set_the_same_thing_differently_conflict_with_both_places(one: str, other: str, what: str) -> None:
    (issue,) = conflicts("a+b", {"a": one, "b": other})
    assert issue.field == what
    assert issue.message.startswith(f"`a` and `b` set `{what}` differently: ")
    assert issue.message.count(".yaml, line 2)") == 2
    assert str(issue.where) == "b.yaml, line 2"
    assert "--last-wins" in issue.hint
    assert combined("a+b", {"a": one, "b": other}, last_wins=True).name == "a+b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("growth: {software: 8%}", "growth: {default: 9%}"),
        ("growth: {ai: {FY2027: 8%}}", "growth: {ai: 8%}"),
        ("sources: {change: {Levy: {share: 5%}}}", "sources: {change: {Levy: {certainty: likely}, Gift: {share: 6%}}}"),
        ("sources: {remove: [Levy]}", "sources: {remove: [Levy, Gift]}"),
        (
            "sources: {adjust: [{scale: 0.5, where: {name: Levy}}]}",
            "sources: {adjust: [{renew: yes, where: {name: Levy}}]}",
        ),
        ("actions: [{scale: 0.5}]", "actions: [{scale: 0.9}]"),
        ("actions: [{defer: 1}, {extend_life: 1}, {stagger: yes}]", "actions: [{defer: 2}, {extend_life: 2}]"),
        ("actions: [{stop: FY2028, where: {id: A}}]", "actions: [{stop: FY2029, where: {id: B}}]"),
        ("actions: [{stop: FY2028, where: {id: A}}]", "actions: [{stop: FY2028, where: {id: A}}]"),
    ],
)
def test_what_does_not_say_different_things_of_the_same_does_not_conflict(one: str, other: str) -> None:
    assert combined("a+b", {"a": one, "b": other}).name == "a+b"


BUDGET = """\
id,name,category,kind,annual_cost
A,Tutor,ai,recurring,1000
B,Reading,software,recurring,2000
"""


def budget_in(folder: Path) -> esser_gap.Budget:
    (folder / "budget.csv").write_text(BUDGET, encoding="utf-8")
    return read_budget([folder / "budget.csv"])


def test_selections_conflict_only_where_they_meet_in_the_budget(tmp_path: Path) -> None:
    budget = budget_in(tmp_path)
    by_category = scenario("name: a\nactions: [{stop: FY2028, where: {category: ai}}]")
    by_id = scenario("name: b\nactions: [{stop: FY2029, where: {id: A}}]")
    elsewhere = scenario("name: c\nactions: [{stop: FY2029, where: {id: B}}]")
    known = replace(budget, scenarios=(by_category, by_id, elsewhere))
    assert loader_for(known, as_of=AS_OF).load("a+c").name == "a+c"
    with pytest.raises(InputError) as refused:
        loader_for(known, as_of=AS_OF).load("a+b")
    assert [issue.code for issue in refused.value.issues] == ["scenarios-conflict"]


def test_what_a_scenario_says_itself_goes_before_what_another_inherits() -> None:
    texts = {"base": "growth: {ai: 1%}", "a": "extends: base\ngrowth: {repair: 2%}", "b": "growth: {ai: 5%}"}
    assert combined("a+b", texts).growth == combined("b+a", texts).growth == {"ai": D("0.05"), "repair": D("0.02")}


def test_what_two_inherit_differently_conflicts() -> None:
    texts = {"x": "growth: {ai: 1%}", "y": "growth: {ai: 2%}", "a": "extends: x", "b": "extends: y"}
    (issue,) = conflicts("a+b", texts)
    assert issue.message == "`x` and `y` set `growth.ai` differently: 1% (x.yaml, line 2) and 2% (y.yaml, line 2)"
    assert combined("a+b", texts, last_wins=True).growth == {"ai": D("0.02")}


def test_a_scenario_and_what_it_extends_are_that_scenario() -> None:
    texts = {"x": "growth: {ai: 1%}", "a": "extends: x\ngrowth: {ai: 2%}"}
    for name in ("x+a", "a+x", "a+a"):
        found = combined(name, texts)
        assert (found.name, found.growth) == (name, {"ai": D("0.02")})


# --------------------------------------------------------------------------- the last one wins


def test_the_last_one_wins_on_request() -> None:
    assert settled_by_the_last("growth: {ai: 1%}", "growth: {ai: 2%}").growth == {"ai": D("0.02")}
    assert settled_by_the_last("count: likely", "count: possible").count == "possible"
    added = settled_by_the_last(
        "sources: {add: [{name: Levy, recurring: yes, basis: open}]}",
        "sources: {add: [{name: levy, recurring: no, basis: open}]}",
    )
    assert [source.recurring for source in added.sources.add] == [False]


@pytest.mark.parametrize(
    ("one", "other", "costs"),
    [
        (
            "actions: [{stop: FY2028}]",
            "actions: [{stop: FY2029, where: {id: A}}]",
            {"A": [1000, 1000, 0], "B": [2000, 0, 0]},
        ),
        ("actions: [{stop: FY2029}]", "actions: [{stop: FY2028}]", {"A": [1000, 0, 0], "B": [2000, 0, 0]}),
        (
            "actions: [{set_price: 5}]",
            "actions: [{set_price: 7, where: {id: A}}]",
            {"A": [7, 7, 7], "B": [5, 5, 5]},
        ),
        (
            "actions: [{add: {id: C, name: C, category: ai, kind: recurring, annual_cost: 5}}]",
            "actions: [{add: {id: C, name: C, category: ai, kind: recurring, annual_cost: 6}}]",
            {"A": [1000] * 3, "B": [2000] * 3, "C": [6, 6, 6]},
        ),
    ],
)
def test_the_last_action_on_a_commitment_holds(
    one: str, other: str, costs: dict[str, list[int]], tmp_path: Path
) -> None:
    merged = settled_by_the_last_on(budget_in(tmp_path), one, other)
    rows = esser_gap.project(budget_in(tmp_path), [merged], as_of=AS_OF, years=3).costs
    found = {name: rows.filter(commitment=name)["cost"].cast(int).to_list() for name in costs}
    assert found == costs
    assert rows["commitment"].n_unique() == len(costs)


def settled_by_the_last_on(budget: esser_gap.Budget, one: str, other: str) -> Scenario:
    known = replace(budget, scenarios=tuple(own({"a": one, "b": other})))
    return loader_for(known, as_of=AS_OF, last_wins=True).load("a+b")


@pytest.mark.parametrize(("order", "last_year"), [("ends+goes-on", D(50)), ("goes-on+ends", D(0))])
def test_of_two_that_end_and_renew_money_the_last_one_wins(order: str, last_year: Decimal) -> None:
    texts = {
        "ends": "sources: {adjust: [{scale: 0, from: FY2028, where: {name: Levy}}]}",
        "goes-on": "sources: {adjust: [{renew: yes, where: {name: levy}}]}",
    }
    budget = esser_gap.make_budget(
        [esser_gap.Commitment(name="Filter", category="network", kind="recurring", annual_cost=100)],
        [esser_gap.Source(name="Levy", recurring=True, basis="open", yearly={2027: D(50), 2028: D(50)})],
    )
    known = replace(budget, scenarios=tuple(own(texts)))
    years = esser_gap.project(known, order, as_of=AS_OF, years=3, last_wins=True).years
    assert years["sustained"].to_list()[2] == last_year
    with pytest.raises(InputError):
        esser_gap.project(known, order, as_of=AS_OF, years=3)


# --------------------------------------------------------------------------- order and repetition change nothing


def same_but_for_names(one: Projection, other: Projection) -> bool:
    return all(one.table(name).drop("scenario").equals(other.table(name).drop("scenario")) for name in TABLES)


@pytest.mark.parametrize("name", library_names())
def test_combining_with_itself_or_with_nothing_changes_nothing(name: str) -> None:
    run = random_run(7)
    nothing = Scenario(name="nothing")
    known = Run(
        esser_gap.Budget(run.budget.commitments, run.budget.sources, run.budget.districts, scenarios=(nothing,)),
        run.settings,
    )
    alone = known.project([name])
    for several in (f"{name}+{name}", f"{name}+nothing", f"nothing+{name}", f"baseline+{name}"):
        assert same_but_for_names(alone, known.project([several]))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_scenarios_that_do_not_conflict_changes_nothing(data: st.DataObject) -> None:
    run = random_run(data.draw(st.integers(0, 400), label="seed"))
    several = data.draw(st.lists(st.sampled_from(library_names()), min_size=2, max_size=3, unique=True))
    names = ["+".join(order) for order in permutations(several)]
    opposite = {"levy-passes", "levy-fails"} <= set(several)
    if opposite and refused_by(run, names[0]):
        assert all(map(partial(refused_by, run), names))
        return
    first, *others = (run.project([name]) for name in names)
    assert all(same_but_for_names(first, other) for other in others)


def refused_by(run: Run, name: str) -> bool:
    try:
        run.project([name])
    except InputError:
        return True
    return False


# --------------------------------------------------------------------------- single settings


def test_settings_are_laid_over_a_scenario_and_say_so() -> None:
    base = ScenarioLoader().load("baseline")
    found = with_settings(base, ["growth.software=8%", "count = likely", "drivers.seats={FY2027: 5}"])
    assert (found.name, found.description, found.author) == ("baseline", base.description, base.author)
    assert (found.growth["software"], found.growth["salary"], found.count) == (D("0.08"), D("0.03"), "likely")
    assert found.drivers == {"seats": {2027: D(5)}}
    assert found.settings == ("growth.software=8%", "count = likely", "drivers.seats={FY2027: 5}")
    places = {path: str(found.where(path).where()) for path in ("growth.software", "count", "growth.salary")}
    assert places == {"growth.software": "--set", "count": "--set", "growth.salary": "baseline.yaml, line 13"}
    assert "software" not in " ".join(found.sources_cited)
    assert with_settings(base, []) is base


@pytest.mark.parametrize(
    ("given_", "text", "path"),
    [
        ("growth: {ai: 5%}", "growth.ai.FY2028=9%", {2027: "0.05", 2028: "0.09"}),
        (
            "growth: {ai: {FY2026: 5%, FY2030: 6%}}",
            "growth.ai.FY2028=9%",
            {2026: "0.05", 2027: "0.05", 2028: "0.09", 2030: "0.06"},
        ),
        ("growth: {ai: {FY2028: 5%}}", "growth.ai.FY2027=9%", {2026: "0.05", 2027: "0.09", 2028: "0.05"}),
        ("growth: {default: 3%}", "growth.ai.FY2028=9%", {2027: "0.03", 2028: "0.09"}),
        ("description: no growth", "growth.ai.2028=9%", {2027: "0", 2028: "0.09"}),
    ],
)
def test_a_single_year_leaves_the_years_before_it(given_: str, text: str, path: dict[int, str]) -> None:
    found = with_settings(scenario(f"name: a\n{given_}"), [text]).growth["ai"]
    assert found == {year: D(rate) for year, rate in path.items()}


def test_whole_settings_come_before_single_years_whatever_their_order() -> None:
    texts = ["growth.ai.FY2028=9%", "growth.ai=4%", "growth.ai.FY2030=2%"]
    found = with_settings(Scenario(name="a"), texts).growth["ai"]
    assert found == {2027: D("0.04"), 2028: D("0.09"), 2030: D("0.02")}


def test_drivers_are_set_on_the_scenarios_path_else_on_the_districts_own() -> None:
    given_path = scenario("name: a\ndrivers: {enrollment: {FY2027: 8000, FY2029: 7900}}")
    found = with_settings(given_path, ["drivers.enrollment.FY2028=7000"]).drivers["enrollment"]
    assert found == {2027: D(8000), 2028: D(7000), 2029: D(7900)}
    change = with_settings(
        scenario("name: a\ndrivers: {enrollment: {growth: -2%}}"), ["drivers.enrollment.FY2028=7000"]
    )
    assert change.drivers == {"enrollment": DriverChange(growth=D("-0.02"), years={2028: D(7000)})}
    own_path = with_settings(Scenario(name="a"), ["drivers.enrollment.FY2028=7,000"])
    assert own_path.drivers == {"enrollment": DriverChange(years={2028: D(7000)})}
    bent = with_settings(Scenario(name="a"), ["drivers.enrollment.growth=-3%", "drivers.enrollment.from=first+2"])
    assert bent.drivers == {"enrollment": DriverChange.model_validate({"growth": D("-0.03"), "from": "first+2"})}


def test_fields_and_single_years_of_sources_are_set() -> None:
    base = scenario("name: a\nsources: {change: {Line: {share: 50%, certainty: likely}}}")
    texts = ["sources.Line.share=80%", "sources.Fund v. 2.certainty=possible", "sources.Line.yearly.FY2028=5000"]
    found = with_settings(base, [*texts, "sources.change.Other.share=1%", "sources.remove=Grant"]).sources
    assert found.change == {
        "Line": {"share": D("0.8"), "certainty": "likely"},
        "Fund v. 2": {"certainty": "possible"},
        "Other": {"share": D("0.01")},
    }
    assert (found.years, found.remove) == ({"Line": {2028: D(5000)}}, ("Grant",))


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("growht.software=8%", "key-unknown", "did you mean `growth`?"),
        ("growth.sofware=8%", "key-unknown", "did you mean `software`?"),
        ("growth.sofware.FY2028=8%", "key-unknown", "did you mean `software`?"),
        ("growth=8%", "structure-not-understood", "write `growth:` and a name with a value"),
        ("growth.software", "structure-not-understood", "write it with its value, as growth.software=8%"),
        ("growth.software=", "structure-not-understood", "write it with its value, as growth.software=8%"),
        ("growth.software=lots", "percent-not-a-number", "60%"),
        ("growth.software=[8%", "yaml-not-understood", "check the indentation"),
        ("growth.software.FY2028=-100%", "out-of-range", "more than -1"),
        ("count=surely", "word-unknown", "secured"),
        ("sources.Line=5", "key-unknown", "change"),
        ("sources.Line.shar=5%", "key-unknown", "did you mean `share`?"),
        ("sources.Line.yearly=5", "yearly-not-understood", "write {FY2027"),
        ("name=other", "key-unknown", "growth"),
    ],
)
def test_a_setting_that_is_wrong_is_refused_with_what_was_typed(text: str, code: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        with_settings(Scenario(name="a"), [text])
    (issue,) = refused.value.issues
    assert issue.code == code
    assert str(issue.where) == f"--set {text}"
    assert hint in issue.hint


def test_a_setting_given_twice_is_refused_and_all_problems_are_told() -> None:
    texts = ["growth.ai=1%", "growth.ai=2%", "growth.ai.FY2028=1%", "growth.ai.FY2028.x=1%", "count=surely"]
    with pytest.raises(InputError) as refused:
        with_settings(Scenario(name="a"), texts)
    assert [issue.code for issue in refused.value.issues] == ["key-repeated", "key-repeated", "word-unknown"]


def test_a_source_that_nobody_has_is_refused_with_near_names() -> None:
    budget = esser_gap.make_budget(
        [esser_gap.Commitment(name="Filter", category="network", kind="recurring", annual_cost=100)],
        [esser_gap.Source(name="Technology line", recurring=True, basis="open", yearly={2027: D(50)})],
    )
    for text in ("sources.Tecnology line.share=5%", "sources.Tecnology line.yearly.FY2027=5"):
        with pytest.raises(InputError) as refused:
            esser_gap.project(budget, as_of=AS_OF, with_settings=[text])
        (issue,) = refused.value.issues
        assert (issue.code, str(issue.where)) == ("source-unknown", "--set")
        assert "Technology line" in issue.hint


# --------------------------------------------------------------------------- what goes before what


def workbook(folder: Path, **settings_: object) -> Path:
    rows: list[list[Any]] = [["Scenario", "Set", "Value"], *([name, *row] for name, row in settings_.items())]  # type: ignore[misc]
    sheets: dict[str, list[list[Any]]] = {
        "Commitments": [
            ["Name", "Category", "Kind", "Annual cost", "Driver"],
            ["Reading", "software", "recurring", 1000, None],
            ["Seats", "other", "recurring", 1000, "enrollment"],
        ],
        "District": [
            ["Field", "Value", "FY2027", "FY2028"],
            ["name", "Cedar", None, None],
            ["enrollment", None, 100, 90],
        ],
    }
    if settings_:
        sheets["Scenarios"] = rows
    return write_xlsx(folder / "budget.xlsx", sheets)


def software(projection: Projection) -> Decimal:
    rows = projection.costs.filter(pl.col("fiscal_year") == 2028)
    return Decimal(rows["cost"].to_list()[0])


def seats(projection: Projection) -> Decimal:
    rows = projection.costs.filter(pl.col("fiscal_year") == 2028)
    return Decimal(rows["cost"].to_list()[1])


def test_the_command_line_goes_before_a_scenario_before_the_workbook_before_the_default(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nextends: baseline\ngrowth: {software: 20%}\n", encoding="utf-8")
    plain, with_sheet = workbook(tmp_path), tmp_path / "with"
    with_sheet.mkdir()
    sheet = workbook(with_sheet, baseline=["growth.software", "10%"])

    def cost(budget: Path, *names: str | Path, **given_: Any) -> Decimal:
        return software(esser_gap.project(budget, names, as_of=AS_OF, **given_))

    assert cost(plain) == D("1050.00")
    assert cost(sheet) == cost(sheet, "baseline") == D("1100.00")
    assert cost(sheet, mine) == D("1200.00")
    assert cost(sheet, mine, with_settings=["growth.software=30%"]) == D("1300.00")
    assert cost(plain, with_settings=["growth.software=30%"]) == D("1300.00")


def test_scenarios_of_the_library_extend_the_baseline_of_the_workbook(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, baseline=["growth.software", "10%"])
    assert software(esser_gap.project(sheet, "erate-ends", as_of=AS_OF)) == D("1100.00")
    assert software(esser_gap.project(sheet, "high-inflation", as_of=AS_OF)) == D("1090.00")


def test_a_baseline_of_the_workbook_may_extend_what_extends_the_shipped_one(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, baseline=["extends", "high-inflation"])
    assert software(esser_gap.project(sheet, as_of=AS_OF)) == D("1090.00")


def test_enrollment_of_a_scenario_goes_before_the_districts_and_the_command_line_before_both(tmp_path: Path) -> None:
    budget = workbook(tmp_path)
    path = scenario("name: path\ndrivers: {enrollment: {FY2027: 100, FY2028: 80}}")
    flat = Scenario(name="flat")
    assert seats(esser_gap.project(budget, flat, as_of=AS_OF)) == D("900.00")
    assert seats(esser_gap.project(budget, path, as_of=AS_OF)) == D("800.00")
    for base in (flat, path):
        given_ = esser_gap.project(budget, base, as_of=AS_OF, with_settings=["drivers.enrollment.FY2028=70"])
        assert seats(given_) == D("700.00")


def test_assumptions_and_the_run_record_say_what_was_set(tmp_path: Path) -> None:
    from esser_gap.view.assumptions import assumptions_table
    from esser_gap.write.run_record import run_of

    texts = ["growth.software.FY2028=8%", "drivers.enrollment.FY2028=70", "count=likely"]
    projection = esser_gap.project(workbook(tmp_path), as_of=AS_OF, with_settings=texts)
    (record,) = run_of(projection).scenarios
    assert record.settings == tuple(texts)
    table = assumptions_table(projection, district="Cedar", scenario="baseline")
    found = {(row.cells[0], row.cells[1]): row.cells[2] for row in table.rows}
    assert found["Set for this run", "count=likely"] == "`--set`"
    growth = found["Price growth, software", "FY2027 5%, FY2028-FY2031 8%"]
    assert growth == "scenario `baseline`, baseline.yaml, line 8; FY2028 `--set`"
    assert (
        found["Driver, enrollment", "FY2027 100, FY2028-FY2031 70"] == "budget.xlsx, sheet `District`, row 1; `--set`"
    )
