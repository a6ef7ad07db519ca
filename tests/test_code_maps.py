"""Code maps: found by name or file, read with every problem at once, asked for codes as budgets write them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esser_gap.cli.shipped import run_codes_list, run_codes_show
from esser_gap.errors import InputError
from esser_gap.issues import Severity, Where
from esser_gap.model.words import Category, Kind
from esser_gap.read.code_maps import (
    code_map_from_document,
    code_map_names,
    code_map_text,
    load_code_map,
    lost_zeros_issue,
    shipped_code_maps,
    unknown_code_issue,
)
from esser_gap.read.known_sources import known_sources
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from esser_gap.model.code_map import CodeMap

SHIPPED = pytest.mark.parametrize("code_map", shipped_code_maps(), ids=lambda code_map: code_map.name)
DOCS = Path(__file__).parents[1] / "docs" / "codes.md"

OWN = """\
dimension: fund
codes:
  - {code: "0507", title: Relief, means: {funded_by: ESSER III}}
  - {code: "163", title: Old, through: 2015}
  - {code: "163", title: New, from: 2020, means: {funded_by: ESSER I}}
  - {code: 84.425U, means: {funded_by: ESSER III}}
  - {code: "507-9022", means: {funded_by: ESSER II}}
  - {code: Tech levy, means: {funded_by: Levy}}
  - {code: "1*", means: {category: staffing}}
  - {code: "11*", means: {category: data systems}}
  - {code: "4000-4999", means: {category: other}}
  - {code: "44*", means: {category: network}}
  - {code: "4400-4409", means: {category: repair}}
  - {code: "4405", title: Just this}
  - {code: "0800-0899", means: {category: software}}
  - {code: "910", title: Devices, means: {category: [student devices, staff devices]}, note: the building tells}
"""

THREE_LIVES = """\
codes:
  - {code: "1", title: first, through: 2012}
  - {code: "1", title: second, from: 2013, through: 2020}
  - {code: "1", title: third, from: 2021}
"""


def own(text: str = OWN) -> CodeMap:
    return code_map_from_document(parse_yaml(text, "own.yaml"))


def value(code_map: CodeMap, code: str, field: str, fiscal_year: int | None = None) -> str | None:
    meaning = code_map.meaning(code, field, fiscal_year)
    return None if meaning is None else meaning.value


def refused(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as problem:
        own(text)
    return [(issue.code, str(issue.where)) for issue in problem.value.issues]


# --------------------------------------------------------------------------- what comes with the program


@SHIPPED
def test_a_shipped_map_says_what_it_is_and_where_each_code_stands_and_when_that_was_read(code_map: CodeMap) -> None:
    assert code_map.name in code_map_names()
    assert code_map.title
    assert code_map.about
    assert re.fullmatch("[A-Z]{2}", code_map.state or "")
    assert code_map.as_of is not None
    citations = [code_map.citation, *(code.citation for code in code_map.codes if code.citation)]
    assert all(re.match(r"https?://[\w.-]+\.\w+/\S+$", citation or "") for citation in citations)


@SHIPPED
def test_a_shipped_map_stands_only_for_known_sources_and_known_words(code_map: CodeMap) -> None:
    sources = {source.name for source in known_sources()}
    for code in code_map.codes:
        assert set(code.means) <= {"funded_by", "category", "kind", "service"}
        assert set(code.means.get("funded_by", ())) <= sources
        assert set(code.means.get("category", ())) <= set(Category)


@SHIPPED
def test_no_shipped_code_says_whether_a_cost_comes_back(code_map: CodeMap) -> None:
    kinds = {kind for code in code_map.codes for kind in code.means.get("kind", ())}
    assert kinds <= {Kind.STAFF}


@SHIPPED
def test_a_shipped_code_can_be_found_and_no_other_one_hides_it(code_map: CodeMap) -> None:
    for code in code_map.codes:
        written = code.code.split("-")[0] if code.is_range else code.code
        found = code_map.find(written, code.through or code.from_)
        assert found is not None
        assert found.code is code
        assert not found.restored


@SHIPPED
def test_a_shipped_note_goes_into_a_message_as_it_stands(code_map: CodeMap) -> None:
    notes = [code.note for code in code_map.codes if code.note]
    assert all(re.match(r"[^A-Z]", note) and not note.endswith(".") for note in notes)


def test_the_page_of_codes_names_every_shipped_map_and_where_its_codes_stand() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for code_map in shipped_code_maps():
        assert f"`{code_map.name}`" in page
        for code in code_map.codes:
            assert (code.citation or code_map.citation or "") in page, code.code


def test_a_number_that_texas_used_before_is_another_fund_in_those_years() -> None:
    funds = load_code_map("texas-fund")
    assert value(funds, "266", "funded_by", 2021) == "ESSER I"
    assert value(funds, "266", "funded_by", 2011) is None
    assert value(funds, "266", "funded_by", 2016) is None
    assert value(funds, "266", "funded_by") == "ESSER I"


def test_one_fund_for_three_rounds_is_not_translated_but_explained() -> None:
    funds = load_code_map("ohio-usas-fund")
    assert value(funds, "507", "funded_by") is None
    issue = unknown_code_issue("507", funds, "funded_by", Where("budget.csv"), 3)
    assert issue.code == "code-unclear"
    assert "may mean `ESSER I`, `ESSER II` or `ESSER III`" in issue.message
    assert "(3 rows)" in issue.message
    assert "special cost center" in issue.hint


def test_an_object_of_pay_is_staff_and_one_of_devices_is_left_open() -> None:
    objects = load_code_map("california-sacs-object")
    assert value(objects, "2400", "kind") == "staff"
    assert value(objects, "3101", "category") == "staffing"
    assert value(objects, "4400", "category") is None
    assert value(objects, "4400", "kind") is None


# --------------------------------------------------------------------------- asking for codes


@pytest.mark.parametrize(
    "written",
    [
        "163",
        " 163 ",
        "163.0",
        "163.00",
        "163 - New",
        "163 New",
        "163: New",
        "163-New",
        "163\u2013New",
        "Fund 163",
        "163, x",
    ],
)
def test_a_code_is_found_as_budgets_write_it(written: str) -> None:
    assert value(own(), written, "funded_by") == "ESSER I"


@pytest.mark.parametrize("written", ["0163", "1630", "16", "01-163-0", "163-01", "New 163", "", "Old"])
def test_what_only_looks_like_a_code_is_not_taken_for_it(written: str) -> None:
    assert value(own(), written, "funded_by") is None


@pytest.mark.parametrize(
    ("written", "source"),
    [("84.425U", "ESSER III"), ("84.425u ARP", "ESSER III"), ("507-9022", "ESSER II"), ("tech  levy", "Levy")],
)
def test_a_code_may_have_letters_dots_dashes_and_spaces(written: str, source: str) -> None:
    assert value(own(), written, "funded_by") == source


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("1999", "staffing"),
        ("1100", "data systems"),
        ("11", "data systems"),
        ("4100", "other"),
        ("4,100", "other"),
        ("4410", "network"),
        ("4404", "repair"),
        ("4405", None),
        ("41000", None),
        ("0850", "software"),
    ],
)
def test_the_narrowest_range_counts_and_an_exact_code_goes_before_any(written: str, category: str | None) -> None:
    assert value(own(), written, "category") == category


def test_a_number_that_lost_its_zeros_is_found_and_said_so() -> None:
    for written, restored in (("507", "0507"), ("507.0", "0507"), ("850", "0850")):
        field = "category" if written == "850" else "funded_by"
        meaning = own().meaning(written, field)
        assert meaning is not None
        assert meaning.lost_zeros
        assert meaning.restored == restored
        issue = lost_zeros_issue(written, own(), field, Where("budget.csv"), meaning)
        assert (issue.code, issue.severity) == ("code-zeros-lost", Severity.NOTE)
        assert f"`{written}` is read as `{restored}`" in issue.message


def test_a_code_with_its_zeros_is_no_news() -> None:
    meaning = own().meaning("0507", "funded_by")
    assert meaning is not None
    assert not meaning.lost_zeros


def test_zeros_are_not_made_up_where_the_map_has_the_number_without() -> None:
    both = own('codes: [{code: "0507", means: {funded_by: A}}, {code: "507", means: {funded_by: B}}]')
    assert value(both, "507", "funded_by") == "B"
    assert value(both, "0507", "funded_by") == "A"
    ranged = own('codes: [{code: "0507", means: {funded_by: A}}, {code: "5*", means: {funded_by: B}}]')
    assert value(ranged, "507", "funded_by") == "B"


def test_a_code_with_two_lives_means_what_it_meant_in_the_year_of_the_budget() -> None:
    for year, title in ((2010, "Old"), (2015, "Old"), (2020, "New"), (None, "New")):
        found = own().find("163", year)
        assert found is not None
        assert found.code.title == title
    assert own().find("163", 2017) is None


def test_a_field_that_a_code_says_nothing_about_has_no_value() -> None:
    assert value(own(), "163", "category") is None


@pytest.mark.parametrize(
    ("code", "year", "issue", "message"),
    [
        ("999", None, "code-unknown", "the code map `own` does not have the fund `999`"),
        ("163", 2017, "code-unknown", "the code map `own` does not have the fund `163` in FY2017"),
        ("163", 2010, "code-unclear", "the fund `163` (Old) has no `funded_by` in the code map `own`"),
        ("4000", None, "code-unclear", "the fund `4000` has no `funded_by` in the code map `own`"),
    ],
)
def test_a_code_without_a_meaning_is_told_once_with_its_rows(
    code: str, year: int | None, issue: str, message: str
) -> None:
    where = Where("budget.csv", "budget", "B4")
    told = unknown_code_issue(code, own(), "funded_by", where, 1, year)
    assert (told.code, told.severity, told.where, told.found) == (issue, Severity.WARNING, where, code)
    assert told.message == message
    assert unknown_code_issue(code, own(), "funded_by", where, 12, year).message == f"{message} (12 rows)"
    assert "`values.funded_by`" in told.hint


# --------------------------------------------------------------------------- reading


def test_a_map_of_ones_own_stands_beside_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "funds.yaml").write_text(OWN, encoding="utf-8")
    assert load_code_map("funds.yaml", tmp_path).name == "funds"
    assert load_code_map(str(tmp_path / "funds.yaml")).find("163") is not None


def test_a_copy_of_a_shipped_map_can_be_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_codes_show("ohio-usas-fund", as_yaml=True)
    text = capsys.readouterr().out
    (tmp_path / "funds.yaml").write_text(text.replace("[ESSER I, ESSER II, ESSER III]", "ESSER II"), encoding="utf-8")
    assert value(load_code_map("funds.yaml", tmp_path), "507", "funded_by") == "ESSER II"
    assert text == code_map_text("ohio-usas-fund")
    assert code_map_text(str(tmp_path / "funds.yaml")) != text


def test_an_unknown_map_is_refused_with_those_that_look_like_it() -> None:
    where = Where("mapping.yaml", "", "line 3")
    with pytest.raises(InputError) as problem:
        load_code_map("texas-funds", None, where)
    (issue,) = problem.value.issues
    assert (issue.code, issue.where) == ("code-map-unknown", where)
    assert "did you mean `texas-fund`" in issue.hint
    assert "ends in .yaml" in issue.hint
    with pytest.raises(InputError, match="there is no code map called `oregon`"):
        code_map_text("oregon")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_code_map("funds.yaml", tmp_path)


def test_everything_wrong_in_a_map_is_told_at_once_with_its_line() -> None:
    text = """\
dimenson: fund
as_of: soon
codes:
  - code: "1*2"
  - code: "4999-4000"
  - code: "1"
    means:
      categry: software
      category: sofware
      kind: [staff, sometimes]
  - {code: "2", from: FY2020, through: FY2010}
  - {code: "3", means: ESSER III}
  - {title: without a code}
  - "4"
  - {code: A1, from: FY2020}
  - {code: a1, through: FY2020}
"""
    assert refused(text) == [
        ("key-unknown", "own.yaml, line 1"),
        ("date-not-understood", "own.yaml, line 2"),
        ("value-not-understood", "own.yaml, line 4"),
        ("value-not-understood", "own.yaml, line 5"),
        ("key-unknown", "own.yaml, line 8"),
        ("word-unknown", "own.yaml, line 9"),
        ("word-unknown", "own.yaml, line 10"),
        ("dates-contradict", "own.yaml, line 11"),
        ("structure-not-understood", "own.yaml, line 12"),
        ("field-missing", "own.yaml, line 13"),
        ("structure-not-understood", "own.yaml, line 14"),
        ("code-twice", "own.yaml, line 16"),
    ]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("- 3213", "structure-not-understood"),
        ("title: Funds", "field-missing"),
        ("codes: []", "structure-not-understood"),
        ('codes: {"3213": ESSER III}', "structure-not-understood"),
        ('{name: "", codes: [{code: "1"}]}', "field-missing"),
    ],
)
def test_what_is_no_map_is_refused(text: str, issue: str) -> None:
    assert [code for code, _ in refused(text)] == [issue]


def test_the_same_code_may_come_back_in_other_years() -> None:
    codes = own(THREE_LIVES)
    found = [codes.find("1", year) for year in (2012, 2013, 2020, 2021)]
    assert [life.code.title for life in found if life] == ["first", "second", "second", "third"]


def test_a_number_without_quotes_is_the_same_code() -> None:
    codes = own("codes: [{code: 3213, means: {funded_by: ESSER III}}, {code: 0507, means: {funded_by: ESSER II}}]")
    assert value(codes, "3213", "funded_by") == "ESSER III"
    assert value(codes, "0507", "funded_by") == "ESSER II"


# --------------------------------------------------------------------------- showing


def test_the_list_has_every_map_with_its_number_of_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_codes_list() == 0
    lines = capsys.readouterr().out.splitlines()
    for code_map in shipped_code_maps():
        (line,) = (line for line in lines if line.startswith(f"{code_map.name} "))
        assert line.split()[1] == code_map.state
        assert f" {len(code_map.codes)} " in line
        assert line.endswith(str(code_map.as_of))


@SHIPPED
def test_a_map_is_shown_with_what_each_code_stands_for_and_where_it_stands(
    code_map: CodeMap, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_codes_show(code_map.name) == 0
    shown = capsys.readouterr().out
    assert code_map.about is not None
    assert code_map.about in shown
    for code in code_map.codes:
        (line, *_) = (
            line for line in shown.splitlines() if line.startswith(f"{code.code} ") and (code.title or "") in line
        )
        for field, values in code.means.items():
            assert f"{field}: {' or '.join(values)}" in line
        assert (code.citation or code_map.citation or "") in shown


def test_a_map_of_ones_own_is_shown_with_the_years_of_its_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text(THREE_LIVES, encoding="utf-8")
    run_codes_show(str(tmp_path / "own.yaml"))
    shown = capsys.readouterr().out
    assert [line.split(maxsplit=1)[1] for line in shown.splitlines() if line.startswith("1 ")] == [
        "first   through FY2012",
        "second  FY2013 to FY2020",
        "third   from FY2021",
    ]
    assert "Where" not in shown
