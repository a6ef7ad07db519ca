"""Templates of sources: worked cases for each one, the shape of every data file, and what a source does with them.

Each file in `templates` is about the template of its name. A case gives parameters as a person would write them
(`with`), the sources that have to come of them or the code and words of the refusal, how that was worked out (`why`),
and, where the figures are a page's own example, the page (`published`).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esser_gap.api import project
from esser_gap.check.sources import check_source
from esser_gap.cli.app import main
from esser_gap.errors import InputError
from esser_gap.issues import any_error
from esser_gap.model.record import forms_of
from esser_gap.model.source import Source, YearlyGrowth
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.sources import example_sources, sources_from_document
from esser_gap.read.templates import (
    Templates,
    shipped_templates,
    template_from_document,
    template_names,
    template_text,
)
from esser_gap.read.yaml_documents import Document, parse_yaml
from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.issues import Issue
    from esser_gap.model.template import Template
    from esser_gap.projecting import Projection

FOLDER = Path(__file__).parent / "templates"
SHIPPED = pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.name)
PARTS = {"title", "published", "with", "why", "sources", "refused"}
ESSERS = ["esser-i", "esser-ii", "esser-iii", "ecf", "slfrf"]


def _cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in parse_yaml(path.read_text(encoding="utf-8"), path.name).value:
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['title']}")


def made(values: dict[str, Any]) -> tuple[list[Source], list[Issue]]:
    """Read one source, and check what its template forbids."""
    issues: list[Issue] = []
    sources = sources_from_document(Document("sources.yaml", values), (), issues)
    return sources, [*issues, *(issue for source in sources for issue in check_source(source))]


# --------------------------------------------------------------------------- worked cases


@pytest.mark.parametrize(("name", "case"), list(_cases()))
def test_a_template_makes_the_figures_worked_out_by_hand(name: str, case: dict[str, Any]) -> None:
    assert case.keys() <= PARTS
    assert case["why"], "figures are worked out by hand"
    sources, issues = made({"use": name, **case["with"]})
    if "refused" in case:
        found = {issue.code: f"{issue.message}; {issue.hint}" for issue in issues}
        assert found.keys() == case["refused"].keys(), issues
        for code, words in case["refused"].items():
            assert words in found[code]
        return
    assert not issues
    assert len(sources) == len(case["sources"])
    for source, expected in zip(sources, case["sources"], strict=True):
        for field, value in expected.items():
            if field == "says":
                assert set(value) <= set(source.made_by), source.made_by
            else:
                assert _as_written(source, field) == value, field


def _as_written(source: Source, field: str) -> Any:
    """Give a field as a case would write it, with no more parts than there are."""
    value = getattr(source, field)
    if field == "share":
        return f"{(value * 100).normalize():f}%"
    if field == "awards":
        return [_without_blanks(award.model_dump(by_alias=True)) for award in value]
    if isinstance(value, YearlyGrowth):
        growth = {"growth": f"{(value.growth * 100).normalize():f}%"} if value.growth else {}
        year = {} if value.from_ is None else {"from": f"FY{value.from_}"}
        return {"amount": value.amount, **growth, **year}
    if field == "yearly":
        return {f"FY{year}": amount for year, amount in value.items()}
    return list(map(str, value)) if isinstance(value, tuple) else value


def _without_blanks(award: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in award.items() if value is not None}


def test_every_template_has_worked_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(template_names())


# --------------------------------------------------------------------------- the data files


@SHIPPED
def test_a_shipped_template_says_what_it_is_where_it_stands_and_when_that_was_read(template: Template) -> None:
    assert template.name in template_names()
    assert template.about
    assert template.citation
    assert date(2026, 1, 1) <= template.as_of
    assert template.cited or template.not_sourced, "a fact has a page, or is said to have none"


@SHIPPED
def test_a_template_makes_sources_of_its_example_that_nothing_forbids(template: Template) -> None:
    sources = example_sources(template.name, template)
    assert sources
    for source in sources:
        assert not list(check_source(source))
        assert source.use == template.name
        assert source.rule
        assert "{" not in "".join([source.rule, *source.made_by, *(limit.because for limit in source.limits)])
        assert source.citation == template.citation
        assert source.as_of == template.as_of
        assert source.made_by[0].startswith(f"template {template.name}, {template.title}: ")


@SHIPPED
def test_every_name_in_a_template_is_worked_out(template: Template) -> None:
    known = {parameter.name for parameter in template.parameters} | {step.name for step in template.steps}
    texts = [template.rule, *(step.say or "" for step in template.steps), *(d.say for d in template.not_sourced)]
    texts += [limit.because for makes in template.makes for limit in makes.limits]
    texts += [refusal.because for refusal in template.refuses]
    assert {name for text in texts for name in re.findall(r"\{(\w+)\}", text)} <= known
    looked_up = {step.look_up.table for step in template.steps if step.look_up is not None}
    assert looked_up <= set(template.tables)
    assert {refusal.field for refusal in template.refuses} <= {parameter.name for parameter in template.parameters}


@SHIPPED
def test_parameters_have_meanings_and_are_no_fields_of_a_source(template: Template) -> None:
    for parameter in template.parameters:
        assert parameter.meaning
        assert parameter.name not in forms_of(Source)


@SHIPPED
def test_no_template_claims_compliance(template: Template) -> None:
    text = template_text(template.name).casefold()
    assert not re.search(r"\bcomplian|\bcomplies|\bcomply\b|\bguarantee", text)


@pytest.mark.parametrize("name", ESSERS)
def test_a_template_of_a_known_source_has_the_dates_that_the_program_knows(name: str) -> None:
    values = {"use": name, **({"left": 1} if name == "slfrf" else {})}
    (source,), _ = made(values)
    known = next(known for known in known_sources() if known.name == source.name)
    known_award, award = known.awards[0], source.awards[0]
    assert (award.from_, award.through) == (known_award.from_, known_award.through)
    assert award.liquidate_by == known_award.liquidate_by
    assert source.assistance_listing == known.assistance_listing
    assert known.spellings >= source.spellings
    assert known.level is source.level


# --------------------------------------------------------------------------- what is wrong with a use


def problems(values: dict[str, Any]) -> list[tuple[str, str, str]]:
    sources, issues = made(values)
    assert any_error(issues)
    assert sources == []
    return [(issue.code, issue.message, issue.hint) for issue in issues]


def test_an_unknown_template_is_refused_with_near_names() -> None:
    ((code, message, hint),) = problems({"use": "e-rate-cat-two", "name": "C2"})
    assert (code, message) == ("template-unknown", "there is no template called `e-rate-cat-two`")
    assert "`e-rate-category-two`" in hint


def test_unknown_and_missing_parameters_are_all_told_at_once() -> None:
    found = problems({"use": "e-rate-category-two", "lunch_shre": "62%", "rural": False, "students": 500})
    assert [code for code, *_ in found] == ["parameter-unknown", "parameter-missing", "parameter-missing"]
    assert "`lunch_share`" in found[0][2]
    assert "needs `lunch_share`" in found[1][1]
    assert found[1][2].startswith("write `lunch_share: 62%` (share of the district's students")
    assert "needs `cycle`" in found[2][1]


def test_a_parameter_that_is_not_understood_is_told_as_a_field_is() -> None:
    values = {
        "use": "e-rate-category-two",
        "lunch_share": "sixty",
        "rural": False,
        "students": 5,
        "cycle": "FY2026-2030",
    }
    assert [code for code, *_ in problems(values)] == ["percent-not-a-number"]


def test_a_parameter_in_with_and_as_a_key_of_its_own_is_refused() -> None:
    found = problems({"use": "title-i-a", "with": {"allocation": 100}, "allocation": 100})
    assert [code for code, *_ in found] == ["key-repeated"]


def test_names_of_templates_may_be_written_with_spaces_and_capitals() -> None:
    (source,), issues = made({"use": "Title I-A", "allocation": 100})
    assert not issues
    assert source.name == "Title I-A"
    assert source.with_ == "allocation: 100"


# --------------------------------------------------------------------------- own templates


OWN = """\
title: County technology grant
about: A grant of the county.
rule: "{a_student} a student, {amount} in all"
citation: county resolution 12
as_of: 2026-10-01
parameters:
  - {name: students, form: whole number, meaning: students of the district}
  - {name: a_student, form: money, default: 12.50, meaning: dollars a student}
steps:
  - {name: amount, form: money, product: [students, a_student], say: "{students} students at {a_student}: {amount}"}
makes:
  - fields: {recurring: no, basis: open, level: state, awards: [{amount: =amount}]}
    limits: [{field: awards, most: amount, because: "{amount} is what there is"}]
"""


def test_a_template_of_ones_own_stands_beside_the_file_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "budget.csv").write_text("id,name,category,kind,annual_cost\nA,Filter,network,recurring,1000\n")
    funding = tmp_path / "funding.yaml"
    funding.write_text("sources: [{name: County, use: county.yaml, students: 300}]", encoding="utf-8")
    budget = read_budget(tmp_path / "budget.csv", funding=[funding])
    (source,) = budget.sources
    assert source.awards[0].amount == Decimal(3750)
    assert source.rule == "$12.50 a student, $3,750 in all"
    assert [file.name for file in budget.files if file.role == "template"] == ["county.yaml"]


def test_a_copy_of_a_shipped_template_does_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(template_text("title-iv-a"), encoding="utf-8")
    (shipped, _), _ = made({"use": "title-iv-a", "allocation": 30000})
    (mine, _), _ = made({"use": "mine.yaml", "allocation": 30000})
    assert mine.yearly == shipped.yearly


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("product: [students, a_student], ", ""), "`steps.0` of the template has 0 of value, look_up,"),
        (("product: [students, a_student]", "product: [1], value: 2"), "`steps.0` of the template has 2 of value,"),
        (("title: County technology grant\n", ""), "`title` of the template is missing"),
        (("steps:", "stepz:"), "`stepz` of the template is not known here"),
        (("name: students, form: whole number", "name: share, form: share"), "which is a field of a source"),
        (("level: state", "tier: state"), "`makes.0.fields.tier` of the template is no field of a source"),
        (("as_of: 2026-10-01", "as_of: soon"), "`as_of` of the template cannot be taken"),
    ],
)
def test_a_template_that_is_not_one_is_refused_with_the_place(change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError) as refused:
        template_from_document(parse_yaml(OWN.replace(*change), "county.yaml"))
    issue = refused.value.issues[0]
    assert issue.code == "template-not-understood"
    assert message in issue.message
    assert issue.where.file == "county.yaml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("{students} students at", "{pupils} pupils at"), "names `pupils`, which it does not work out"),
        (
            ("product: [students, a_student]", "look_up: {table: rates, row: students, column: x}"),
            "has no table `rates`",
        ),
    ],
)
def test_what_only_shows_when_a_template_is_used_is_refused_then(
    change: tuple[str, str], message: str, tmp_path: Path
) -> None:
    (tmp_path / "county.yaml").write_text(OWN.replace(*change), encoding="utf-8")
    issues: list[Issue] = []
    document = Document("funding.yaml", {"use": "county.yaml", "students": 300})
    assert sources_from_document(document, (), issues, templates=Templates(tmp_path)) == []
    assert [issue.code for issue in issues] == ["template-not-understood"]
    assert message in issues[0].message


# --------------------------------------------------------------------------- in a budget

SWITCHES = "id,name,category,kind,annual_cost,starts_on\nSW,Switches,network,one_time,100000,2026-09-01\n"
C2 = "use: e-rate-category-two, lunch_share: 62%, rural: no, cycle: FY2026-2030"


def projected(folder: Path, rows: str, *sources: str, scenario: str = "") -> Projection:
    (folder / "budget.csv").write_text(rows, encoding="utf-8")
    lines = "\n".join(f"  - {{{source}}}" for source in sources)
    (folder / "funding.yaml").write_text(f"sources:\n{lines}\n" if sources else "district: {name: D}", encoding="utf-8")
    path = folder / "case.yaml"
    path.write_text(scenario or "name: case", encoding="utf-8")
    return project(
        read_budget(folder / "budget.csv", funding=[folder / "funding.yaml"]),
        path,
        as_of=date(2026, 11, 23),
        first_year=2027,
        years=3,
    )


def paid(projection: Projection, commitment: str) -> dict[tuple[str, int], Decimal]:
    rows = projection.coverage.filter(pl.col("commitment") == commitment)
    return {(s, y): amount for s, y, amount in rows.select("source", "fiscal_year", "amount").iter_rows()}


def test_a_budget_before_discount_is_used_up_by_a_switch_order_of_100000_at_80_percent(tmp_path: Path) -> None:
    """500 students have 100,785; the order draws 100,000 of it and E-rate pays 80,000; 785 are left for the next."""
    rows = f"{SWITCHES}AP,Access points,network,one_time,1000,2027-09-01\n"
    result = projected(tmp_path, rows, f"name: E-rate, {C2}, students: 500")
    assert paid(result, "SW") == {("E-rate", 2027): Decimal(80000)}
    assert paid(result, "AP") == {("E-rate", 2028): Decimal(628)}
    assert result.years["gap"].to_list() == [Decimal(20000), Decimal(372), Decimal(0)]


def test_the_floor_of_a_small_school_pays_80_percent_of_what_it_holds(tmp_path: Path) -> None:
    """120 students have the floor of 30,175 before discount: E-rate pays 24,140 of a 100,000 order."""
    result = projected(tmp_path, SWITCHES, f"name: E-rate, {C2}, students: 120")
    assert paid(result, "SW") == {("E-rate", 2027): Decimal(24140)}


def test_devices_are_not_paid_by_category_two(tmp_path: Path) -> None:
    rows = SWITCHES.replace("network", "student devices")
    result = projected(tmp_path, rows, f"name: E-rate, {C2}, students: 500")
    assert paid(result, "SW") == {}
    assert "only network" in result.losses["reason"].item()


def test_title_iv_a_pays_software_only_out_of_the_15_percent(tmp_path: Path) -> None:
    rows = (
        "id,name,category,kind,annual_cost,funded_by\n"
        "LMS,Platform,software,recurring,5000,Title IV-A infrastructure\n"
        "PD,Training,professional development,recurring,9000,Title IV-A\n"
    )
    result = projected(tmp_path, rows, "use: title-iv-a, allocation: 30000")
    assert paid(result, "LMS") == {("Title IV-A infrastructure", year): Decimal(2700) for year in (2027, 2028, 2029)}
    assert paid(result, "PD") == {("Title IV-A", year): Decimal(9000) for year in (2027, 2028, 2029)}


BOND_ROWS = (
    "id,name,category,kind,annual_cost,purchased_on,useful_life,starts_on\n"
    "CB,Chromebooks,student devices,replacement,1000,2022-09-01,4,\n"
    "SW,Switches,network,replacement,2000,2019-09-01,8,\n"
    "LMS,Platform,software,recurring,300,,,\n"
    "NEW,New firewall,cybersecurity,one_time,400,,,2026-10-01\n"
)


def test_a_bond_pays_only_what_lasts_and_nothing_recurring(tmp_path: Path) -> None:
    result = projected(tmp_path, BOND_ROWS, "name: Bond, use: bond-or-levy, amount: 50000")
    assert paid(result, "SW") == {("Bond", 2028): Decimal(2000)}
    assert [paid(result, other) for other in ("CB", "LMS", "NEW")] == [{}, {}, {}]
    reasons = dict(result.losses.select("commitment", "reason").iter_rows())
    assert "only what lasts at least 5 years" in reasons["CB"]
    assert "only replacement, one_time" in reasons["LMS"]
    assert "only what lasts at least 5 years" in reasons["NEW"], "a life that is not given is not long enough"


def test_lives_are_told_apart_only_where_a_source_asks_for_one(tmp_path: Path) -> None:
    """Two commitments that differ in nothing but their life."""
    rows = (
        "id,name,category,kind,annual_cost,purchased_on,useful_life\n"
        "A,Short,network,replacement,1000,2024-09-01,3\nB,Long,network,replacement,1000,2020-09-01,7\n"
    )
    result = projected(tmp_path, rows, "name: Bond, use: bond-or-levy, amount: 50000, least_years: 7")
    assert paid(result, "A") == {}
    assert paid(result, "B") == {("Bond", 2028): Decimal(1000)}


def test_what_is_given_in_kind_pays_what_it_serves_and_nothing_else(tmp_path: Path) -> None:
    rows = (
        "id,name,category,kind,annual_cost,funded_by\n"
        "BUS,Bus Wi-Fi,connectivity,recurring,500,Telco\nSIS,SIS,data systems,recurring,900,Telco\n"
    )
    source = "name: Telco, use: partner-in-kind, serves: BUS, through_day: 2027-06-30, certainty: secured"
    result = projected(tmp_path, rows, source)
    assert paid(result, "BUS") == {("Telco", 2027): Decimal(500)}
    assert paid(result, "SIS") == {}


# --------------------------------------------------------------------------- sheets, scenarios, words


def test_a_funding_sheet_has_the_parameters_in_the_column_with(tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    write_xlsx(
        path,
        {
            "Commitments": [
                ["id", "name", "category", "kind", "annual_cost", "starts_on"],
                ["SW", "Switches", "network", "one_time", 100000, "2026-09-01"],
            ],
            "Funding": [
                ["name", "use", "with", "certainty", "amount", "through", "from"],
                [
                    "C2",
                    "e-rate-category-two",
                    "lunch_share: 62%; rural: no; sites: [120, 300]; cycle: FY2026-2030",
                    "likely",
                ],
                ["Bond", "bond-or-levy", "amount: 900", None, 400, "2028-06-30", "2026-07-01"],
                ["Bond", "bond-or-levy", "amount: 900", None, 500, "2029-06-30", "2026-07-01"],
            ],
        },
    )
    budget = read_budget(path)
    assert not budget.issues
    c2, bond = budget.sources
    assert (c2.name, c2.share, c2.certainty) == ("C2", Decimal("0.8"), "likely")
    assert c2.awards[0].amount == Decimal("90646.00"), "30,175 and 300 x 201.57"
    assert c2.with_ == "lunch_share: 62%; rural: no; sites: [120, 300]; cycle: FY2026-2030"
    assert [award.amount for award in bond.awards] == [Decimal(400), Decimal(500)]
    assert not list(check_source(bond))


def test_a_mistake_in_with_is_told_with_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "budget.xlsx"
    commitments: list[list[object]] = [["name", "category", "kind", "annual_cost"], ["A", "network", "recurring", 1]]
    funding = [["name", "use", "with"], ["C1", "e-rate-category-one", "lunch_share: 62%; rurl: no; funding_year: 2026"]]
    write_xlsx(path, {"Commitments": commitments, "Funding": funding})
    issues = read_budget(path).issues
    assert [(issue.code, issue.where.cell) for issue in issues] == [
        ("parameter-unknown", "C2"),
        ("parameter-missing", "B2"),
    ]


def test_a_scenario_adds_a_source_by_a_template(tmp_path: Path) -> None:
    scenario = f"name: case\nsources: {{add: [{{name: E-rate, {C2}, students: 500}}]}}"
    result = projected(tmp_path, SWITCHES, scenario=scenario)
    assert paid(result, "SW") == {("E-rate", 2027): Decimal(80000)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("share: 100%", "`share` of the source `E-rate` is 100%"),
        ("awards: [{amount: 100786, from: 2026-07-01, through: 2031-06-30}]", "is $100,786 together"),
        ("categories: [student devices]", "is student devices"),
    ],
)
def test_a_scenario_may_not_change_a_source_beyond_its_rule(change: str, words: str, tmp_path: Path) -> None:
    scenario = f"name: case\nsources: {{change: {{E-rate: {{{change}}}}}}}"
    with pytest.raises(InputError) as refused:
        projected(tmp_path, SWITCHES, f"name: E-rate, {C2}, students: 500", scenario=scenario)
    (issue,) = refused.value.issues
    assert issue.code == "template-forbids"
    assert words in issue.message


def test_a_scenario_may_not_multiply_a_source_beyond_its_rule(tmp_path: Path) -> None:
    source = "name: C1, use: e-rate-category-one, lunch_share: 62%, rural: no, funding_year: 2026"
    scenario = "name: case\nsources: {{adjust: [{{scale: {}, from: FY2028, where: {{name: C1}}}}]}}"
    rows = "id,name,category,kind,annual_cost\nISP,Internet,connectivity,recurring,1000\n"
    with pytest.raises(InputError) as refused:
        projected(tmp_path, rows, source, scenario=scenario.format(2))
    assert [issue.code for issue in refused.value.issues] == ["template-forbids"]
    halved = projected(tmp_path, rows, source, scenario=scenario.format("0.5"))
    assert [amount for _, amount in sorted(paid(halved, "ISP").items())] == [Decimal(800), Decimal(400), Decimal(400)]


def test_a_scenario_may_lower_what_a_template_made(tmp_path: Path) -> None:
    scenario = "name: case\nsources: {change: {E-rate: {share: 50%}}}"
    result = projected(tmp_path, SWITCHES, f"name: E-rate, {C2}, students: 500", scenario=scenario)
    assert paid(result, "SW") == {("E-rate", 2027): Decimal(50000)}


def test_a_template_cannot_be_named_in_a_change(tmp_path: Path) -> None:
    scenario = "name: case\nsources: {change: {E-rate: {use: e-rate-category-one}}}"
    with pytest.raises(InputError) as refused:
        projected(tmp_path, SWITCHES, f"name: E-rate, {C2}, students: 500", scenario=scenario)
    assert "a template makes a new source" in refused.value.issues[0].message


def test_with_without_a_template_is_said_to_have_no_effect() -> None:
    sources, issues = made({"name": "A", "recurring": True, "basis": "open", "with": "rural: no"})
    assert len(sources) == 1
    assert [issue.code for issue in issues] == ["value-not-used"]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code in {0, None}
    return capsys.readouterr().out


def test_every_template_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = shown(capsys, "sources", "list")
    assert all(name in listed for name in template_names())


@SHIPPED
def test_every_template_is_shown_with_its_parameters_rule_and_worked_example(
    template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, "sources", "show", template.name)
    assert f"Appears eligible under {template.citation} as of {template.as_of}: " in text
    assert "the grant owner decides" in text
    assert all(parameter.name in text for parameter in template.parameters)
    assert all(cited.at in text for cited in template.cited)
    assert f"Worked example: use: {template.name}" in text
    assert not re.search(r"\{\w+\}", text), "no name is left to fill in"


def test_a_template_is_printed_as_it_stands_to_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "sources", "show", "slfrf", "--yaml") == template_text("slfrf")
