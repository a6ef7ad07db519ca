"""Scenarios held against a baseline: gaps, fates of commitments and robustness, in every output."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from rich.console import Console  # noqa: TID251

from engine_inputs import inputs_from
from esser_gap.api import compare
from esser_gap.cli.app import main
from esser_gap.comparing.comparison import Comparison, compared
from esser_gap.comparing.fates import LOST, SAVED, STOPPED
from esser_gap.errors import InputError, OutputError
from esser_gap.model.scenario import Action, Scenario, SourceChanges
from esser_gap.model.source import Source
from esser_gap.model.words import Basis
from esser_gap.plan.tables import COMPARED, TABLES
from esser_gap.projecting import project_all
from esser_gap.read.scenarios import library_names
from esser_gap.read.yaml_documents import parse_yaml
from esser_gap.view.bridge import bridge_table, causes_table
from esser_gap.view.compared import comparison_summary
from esser_gap.view.comparison import comparison_finding, comparison_table, newly_lost_table, outcomes_table
from esser_gap.view.robustness import robustness_table
from esser_gap.view.table import Heading, Row, Table
from esser_gap.write import json_schema
from esser_gap.write.delimited import table_csv
from esser_gap.write.files import write_outputs
from esser_gap.write.json_document import json_document
from esser_gap.write.result import frame_of
from esser_gap.write.terminal import draw
from esser_gap.write.workbook import write_workbook
from esser_gap.write.workbook_checks import HOLDS, checks_table
from esser_gap.write.workbook_waterfall import waterfall_table, waterfall_words
from small_budget import (
    AS_OF,
    AUSTERITY,
    BASELINE,
    DISTRICT,
    austerity,
    baseline,
    settings,
    small_budget,
    small_projection,
)

if TYPE_CHECKING:
    from pathlib import Path

BOND = Source.model_validate({"name": "Bond", "recurring": False, "basis": "open", "awards": [{"amount": "2000000"}]})


def scenario(name: str, **fields: Any) -> Scenario:
    return baseline().model_copy(update={"name": name, **fields})


def scenarios() -> list[Scenario]:
    """Give two that lose or stop things, one that saves most, and one that only moves a replacement out of sight."""
    return [
        baseline(),
        austerity(),
        scenario("bond", sources=SourceChanges(add=(BOND,))),
        scenario("later", actions=(Action(defer=9, where={"id": ("CB-2020",)}),)),
    ]


@cache
def four() -> Comparison:
    return compared(project_all(small_budget(), scenarios(), settings(), tuple), tuple)


def two() -> Comparison:
    return compared(small_projection(), tuple)


def fates(scenario_name: str) -> dict[str, str]:
    own = four().fates.filter(pl.col("scenario") == scenario_name)
    return dict(own.select("commitment", "fate").iter_rows())


def column(table: Table, heading: str) -> list[Any]:
    place = [one.text for one in table.headings].index(heading)
    return [row.cells[place] for row in table.rows]


# --- figures -----------------------------------------------------------------------------------


def test_gaps_are_added_up_and_held_against_those_of_the_first_scenario() -> None:
    usual = four().projection.years.filter(pl.col("scenario") == BASELINE)["gap"].to_list()
    for name in (BASELINE, AUSTERITY, "bond", "later"):
        own = four().comparison.filter(pl.col("scenario") == name)
        gaps = four().projection.years.filter(pl.col("scenario") == name)["gap"].to_list()
        assert own["gap"].to_list() == gaps
        assert own["difference"].to_list() == [gap - was for gap, was in zip(gaps, usual, strict=True)]
        for through in range(1, len(gaps) + 1):
            assert own["cumulative_gap"][through - 1] == sum(gaps[:through])
            assert own["cumulative_difference"][through - 1] == sum(gaps[:through]) - sum(usual[:through])
    assert four().baseline == BASELINE


def test_what_is_newly_lost_saved_or_stopped_is_told_apart() -> None:
    assert fates(AUSTERITY) == {"NET": LOST, "FILTER": LOST, "TUTOR-AI": STOPPED}
    assert set(fates("bond").values()) == {SAVED}
    assert fates("later")["CB-2020"] == SAVED
    assert fates(BASELINE) == {}


def test_a_fate_says_when_how_much_and_why() -> None:
    rows = {(row["scenario"], row["commitment"]): row for row in four().fates.iter_rows(named=True)}
    lost = rows[AUSTERITY, "FILTER"]
    losses = four().projection.losses.filter((pl.col("scenario") == AUSTERITY) & (pl.col("commitment") == "FILTER"))
    assert lost["funding_lost_on"] == losses["funding_lost_on"][0]
    assert (lost["horizon_gap"], lost["baseline_gap"]) == (losses["horizon_gap"][0], 0)
    assert lost["reason"] == losses["reason"][0]
    assert rows[AUSTERITY, "TUTOR-AI"]["reason"] == "no cost from FY2028"
    saved = rows["bond", "CB-2020"]
    usual = four().projection.losses.filter((pl.col("scenario") == BASELINE) & (pl.col("commitment") == "CB-2020"))
    assert (saved["horizon_gap"], saved["baseline_gap"]) == (0, usual["horizon_gap"][0])
    assert saved["reason"] == "funded in every year"
    assert rows["later", "CB-2020"]["reason"] == "costs nothing in these years"


PLAIN = """
commitments:
  - {id: A, category: software, kind: recurring, annual_cost: 100, funded_by: Fund}
  - {id: B, category: software, kind: recurring, annual_cost: 100}
sources: [{name: Fund, recurring: yes, basis: assigned}]
years: 3
"""


def plain(*others: Scenario) -> Comparison:
    inputs = inputs_from(parse_yaml(PLAIN, "test.yaml"))
    usual = Scenario(name="usual")
    return compared(project_all(inputs.budget, [usual, *others], inputs.settings, tuple), tuple)


def added(identifier: str) -> Action:
    fields = {"id": identifier, "name": identifier, "category": "software", "kind": "recurring", "annual_cost": "5"}
    return Action.model_validate({"add": {**fields, "funded_by": ({"source": "Fund", "share": 1},)}})


def test_what_a_scenario_stops_is_named_also_where_the_baseline_funds_it() -> None:
    stopped = Scenario(name="less", actions=(Action(stop=2028, where={"id": ("A",)}),))
    late = Scenario(name="late", actions=(Action(stop=2030, where={"id": ("A",)}),))
    found = plain(stopped, late).fates
    assert found.select("scenario", "commitment", "fate", "baseline_gap", "reason").rows() == [
        ("less", "A", STOPPED, 0, "no cost from FY2028")
    ]


def test_what_only_the_baseline_has_is_stopped_elsewhere_and_what_only_another_has_is_not_new_there() -> None:
    inputs = inputs_from(parse_yaml(PLAIN, "test.yaml"))
    both = [Scenario(name="more", actions=(added("NEW"),)), Scenario(name="usual")]
    comparison = compared(project_all(inputs.budget, both, inputs.settings, tuple), tuple)
    assert comparison.fates.select("scenario", "commitment", "fate", "reason").rows() == [
        ("usual", "NEW", STOPPED, "not part of the scenario")
    ]
    other_way = compared(project_all(inputs.budget, both[::-1], inputs.settings, tuple), tuple)
    assert other_way.fates.is_empty()


def test_robustness_counts_where_each_commitment_goes_on_and_is_funded() -> None:
    grant = Source(name="Grant", recurring=False, basis=Basis.OPEN)
    comparison = plain(
        Scenario(name="grant", sources=SourceChanges(add=(grant,))),
        Scenario(name="stop", actions=(Action(stop=2028, where={"id": ("A", "B")}), added("NEW"))),
        Scenario(name="never", actions=(Action(stop=2027, where={"id": ("B",)}),)),
    )
    names = ["rank", "commitment", "scenarios", "funded_in", "loses_funding_in", "stopped_in", "flips"]
    assert comparison.robustness.select(names).rows() == [
        # In `stop` it loses funding before it is stopped.
        (1, "B", 4, 1, ["usual", "stop"], ["never"], True),
        (2, "NEW", 4, 1, [], ["usual", "grant", "never"], False),
        (3, "A", 4, 3, [], ["stop"], False),
    ]


def test_robustness_and_losses_agree() -> None:
    lost = four().projection.losses.select("scenario", "commitment").rows()
    listed = [
        (name, row["commitment"]) for row in four().robustness.iter_rows(named=True) for name in row["loses_funding_in"]
    ]
    assert sorted(listed) == sorted(lost)
    assert four().robustness["rank"].to_list() == list(range(1, four().robustness.height + 1))


def test_districts_are_held_apart() -> None:
    inputs = inputs_from(
        parse_yaml(
            """
            districts: [{name: South}, {name: North}]
            commitments:
              - {id: A, category: other, kind: recurring, annual_cost: 100, district: North}
              - {id: A, category: other, kind: recurring, annual_cost: 10, district: South}
            sources: [{name: Fund, recurring: yes, basis: open, district: South, yearly: {FY2027: 10}}]
            years: 1
            """,
            "test.yaml",
        )
    )
    both = [Scenario(name="usual"), Scenario(name="none", sources=SourceChanges(remove=("Fund",)))]
    comparison = compared(project_all(inputs.budget, both, inputs.settings, tuple), tuple)
    assert comparison.comparison.select("district", "scenario", "gap", "difference").rows() == [
        ("South", "usual", 0, 0),
        ("South", "none", 10, 10),
        ("North", "usual", 100, 0),
        ("North", "none", 100, 0),
    ]
    assert comparison.fates.select("district", "commitment").rows() == [("South", "A")]
    assert comparison.robustness.select("district", "rank", "funded_in").rows() == [("South", 1, 1), ("North", 1, 0)]
    paid = comparison.bridge.filter(pl.col("amount") != 0).select("district", "cause", "amount").rows()
    assert paid == [("South", "funding", 10)]


def test_every_table_has_its_columns_and_types_also_when_empty() -> None:
    for comparison in (four(), two(), plain(Scenario(name="same"))):
        for name, columns in COMPARED.items():
            assert dict(comparison.table(name).schema) == {one.name: one.dtype for one in columns}
        for name in TABLES:
            assert comparison.table(name) is comparison.projection.table(name)


def test_more_money_in_any_scenario_never_counts_against_it() -> None:
    rows = four().comparison.filter(pl.col("scenario") == "bond")
    assert rows["cumulative_difference"][-1] < 0
    assert four().bridge.filter((pl.col("scenario") == "bond") & (pl.col("cause") != "funding"))["amount"].sum() == 0


# --- which scenarios ---------------------------------------------------------------------------


def names_of(comparison: Comparison) -> list[str]:
    return [one.name for one in comparison.projection.scenarios]


def flat(name: str) -> Scenario:
    return Scenario(name=name)


def test_the_first_of_several_is_the_baseline_unless_another_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("name: third\n", encoding="utf-8")
    several: list[str | Path | Scenario] = [flat("first"), flat("second"), str(path)]

    def found(baseline: str | Scenario | None) -> list[str]:
        return names_of(compare(small_budget(), several, baseline=baseline, as_of=AS_OF))

    assert found(None) == ["first", "second", "third"]
    assert found("third") == found(str(path)) == ["third", "first", "second"]
    assert found(flat("second")) == ["second", "first", "third"]
    assert found("baseline") == ["baseline", "first", "second", "third"]


def test_a_single_scenario_is_held_against_the_shipped_baseline() -> None:
    assert names_of(compare(small_budget(), flat("only"), as_of=AS_OF)) == ["baseline", "only"]
    assert names_of(compare(small_budget(), flat("only"), baseline=flat("other"), as_of=AS_OF)) == ["other", "only"]


def test_the_library_joins_in_without_those_that_are_named() -> None:
    found = names_of(compare(small_budget(), [flat("austerity")], with_library=True, as_of=AS_OF))
    assert found[:2] == ["baseline", "austerity"]
    assert sorted(found) == sorted({*library_names(), "austerity"})
    own = replace(small_budget(), scenarios=(flat("ours"),))
    assert names_of(compare(own, with_library=True, as_of=AS_OF))[:2] == ["baseline", "ours"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "scenario-missing"),
        ({"scenarios": ["baseline"]}, "scenario-missing"),
        ({"scenarios": [Scenario(name="a")], "baseline": "a"}, "scenario-missing"),
        ({"scenarios": [Scenario(name="a"), Scenario(name="a")]}, "scenario-twice"),
        ({"scenarios": ["nowhere"], "with_library": True}, "scenario-unknown"),
        ({"scenarios": [Scenario(name="a")], "baseline": "nowhere"}, "scenario-unknown"),
        ({"scenarios": [Scenario(name="a"), Scenario(name="b")], "years": 0}, "years-out-of-range"),
    ],
)
def test_what_cannot_be_compared_is_refused(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refusal:
        compare(small_budget(), as_of=AS_OF, **asked)
    assert [issue.code for issue in refusal.value.issues] == [code]


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("name,category,kind,annual_cost\nFilter,software,recurring,9000\n", encoding="utf-8")
    assert compare(path, flat("flat"), as_of=AS_OF).comparison["difference"].to_list()[5:] != [0] * 5


# --- views -------------------------------------------------------------------------------------


def on_terminal(parts: list[str | Table], width: int) -> list[str]:
    stream = io.StringIO()
    draw(parts, Console(file=stream, width=width, force_terminal=True, color_system=None, soft_wrap=True))
    return stream.getvalue().splitlines()


@cache
def sixteen() -> Comparison:
    others = [scenario(f"a-scenario-whose-name-{n}", growth={"default": Decimal(n) / 100}) for n in range(10, 25)]
    return compared(project_all(small_budget(), [*scenarios()[:1], *others], settings(), tuple), tuple)


def test_sixteen_scenarios_with_long_names_fit_100_columns_without_breaking_a_name() -> None:
    lines = on_terminal(comparison_summary(sixteen(), district=DISTRICT, brief=True), 100)
    assert max(map(len, lines)) <= 100
    for name in names_of(sixteen()):
        assert sum(line.startswith(f"{name} ") for line in lines) >= 3


def test_of_many_scenarios_a_screen_counts_what_is_lost_and_a_pipe_lists_it() -> None:
    brief, whole = (comparison_summary(four(), district=DISTRICT, brief=brief) for brief in (True, False))
    kinds = [[part if isinstance(part, str) else part.name for part in parts][1:] for parts in (brief, whole)]
    assert kinds[0] == ["comparison", "cumulative", "difference", "outcomes", "causes", "robustness"]
    assert kinds[1] == [*kinds[0][:4], "newly-lost", *kinds[0][4:]]
    beside = [part if isinstance(part, str) else part.name for part in comparison_summary(two(), district=DISTRICT)]
    assert beside[1:] == ["comparison", "cumulative", "difference", "outcomes", "newly-lost", "bridge"]


def test_the_finding_of_two_scenarios_says_how_much_more_or_less_and_what_becomes_of_commitments() -> None:
    said = comparison_finding(two(), district=DISTRICT)
    assert said.startswith("`austerity` leaves Cedar Valley USD a gap of ")
    assert said.endswith("than `baseline`: 2 newly lose funding, 1 is stopped.")
    same = comparison_finding(plain(Scenario(name="same")), district="District")
    assert same == "`same` leaves District a gap of $300 over FY2027-FY2029, the same as `usual`."


def test_the_finding_of_many_scenarios_gives_the_smallest_and_the_largest_gap() -> None:
    said = comparison_finding(four(), district=DISTRICT)
    assert said.startswith("Over FY2027-FY2031 the gap of Cedar Valley USD lies between ")
    assert "(`bond`) and" in said
    assert "`baseline` leaves $" in said
    free = plain(Scenario(name="free", sources=SourceChanges(add=(BOND,))), Scenario(name="same"))
    assert "between nothing (`free`) and $300 (`usual`)" in comparison_finding(free, district="District")


def test_outcomes_count_the_fates_and_name_the_first_loss() -> None:
    table = outcomes_table(four(), district=DISTRICT)
    assert column(table, "Newly") == [None, 2, 0, 0]
    assert column(table, "Stopped") == [None, 1, 0, 0]
    losses = four().projection.losses
    for name, count, day in zip(
        column(table, "Scenario"), column(table, "Lose funding"), column(table, "First loss"), strict=True
    ):
        own = losses.filter(pl.col("scenario") == name)
        assert (count, day) == (own.height, own["funding_lost_on"][0] if own.height else None)
    free = plain(Scenario(name="free", sources=SourceChanges(add=(BOND,))))
    assert column(outcomes_table(free, district="District"), "What is lost first") == ["B", "nothing"]


def test_a_bridge_leads_from_one_gap_to_the_other_in_every_column() -> None:
    for name in names_of(four())[1:]:
        table = bridge_table(four(), district=DISTRICT, scenario=name)
        first, *causes, last = [row.cells[1:] for row in table.rows]
        assert [sum(cells) for cells in zip(first, *causes, strict=True)] == list(last)
    causes_by_scenario = causes_table(four(), district=DISTRICT)
    assert (
        column(causes_by_scenario, "Change")
        == column(comparison_table(four().projection, district=DISTRICT), "Change")[1:]
    )


def test_names_in_most_scenarios_are_told_by_what_is_left_out() -> None:
    table = robustness_table(four(), district=DISTRICT)
    told = dict(zip(column(table, "Commitment"), column(table, "Loses funding in"), strict=True))
    assert told["Chromebooks 2020 [grades 6-8] (CB-2020)"] == "baseline, austerity"
    assert told["Web filter (FILTER)"] == "austerity"
    assert told["AI tutoring pilot (TUTOR-AI)"] == "all but austerity"
    assert table.notes[0].startswith("of 7 commitments ")
    flips = robustness_table(four(), district=DISTRICT, only_flips=True)
    assert column(flips, "Commitment") == [
        name for name, flip in zip(column(table, "Commitment"), column(table, "Flips"), strict=True) if flip
    ]
    never = plain(Scenario(name="same"))
    assert column(robustness_table(never, district="District"), "Loses funding in") == ["all", ""]


def test_a_very_long_name_may_be_broken() -> None:
    long = plain(Scenario(name="a scenario whose author could not stop writing its name"))
    lines = on_terminal(comparison_summary(long, district="District"), 80)
    assert max(map(len, lines)) <= 80


# --- outputs -----------------------------------------------------------------------------------


def test_json_holds_the_four_tables_after_the_five_and_keeps_to_the_schema() -> None:
    document = json.loads(json_document(four()), parse_float=Decimal)
    assert list(document)[-6:] == ["losses", "comparison", "fates", "bridge", "robustness", "issues"]
    for name in COMPARED:
        rows = [tuple(row.values()) for row in document[name]]
        wanted = [
            tuple(value.isoformat() if isinstance(value, date) else value for value in row)
            for row in four().table(name).iter_rows()
        ]
        assert rows == wanted
    schema = Draft202012Validator(json_schema.projection_schema(), format_checker=FormatChecker())
    assert list(schema.iter_errors(document)) == []
    document["bridge"][0]["cause"] = 1
    assert not schema.is_valid(document)


def test_csv_puts_the_four_tables_beside_the_five(tmp_path: Path) -> None:
    written = write_outputs(four(), tmp_path / "gap.csv")
    beside = ("costs", "coverage", "payments", "losses", "comparison", "fates", "bridge", "robustness", "receipts")
    assert [path.name for path in written] == ["gap.csv", *(f"gap.{name}.csv" for name in beside)]
    for path, name in zip(written, ("years", *beside), strict=True):
        assert path.read_text(encoding="utf-8") == table_csv(frame_of(four(), name))


def test_a_table_of_comparisons_is_none_of_a_projection(tmp_path: Path) -> None:
    assert write_outputs(four(), tmp_path / "b.parquet", table="bridge") == [tmp_path / "b.parquet"]
    assert pl.read_parquet(tmp_path / "b.parquet").equals(four().bridge)
    with pytest.raises(OutputError, match="there is no table `bridge`"):
        write_outputs(four().projection, tmp_path / "c.csv", table="bridge")


@pytest.fixture(scope="module")
def book_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "compared.xlsx"
    write_workbook(four(), path)
    return path


@pytest.fixture(scope="module")
def book(book_path: Path) -> Any:
    return openpyxl.load_workbook(book_path)


def cells_of(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_has_pages_that_compare_instead_of_the_plain_ones(book: Any) -> None:
    names = book.sheetnames
    start = names.index("Comparison")
    assert names[start : start + 4] == ["Comparison", "Scenario changes", "Bridge", "Robustness"]
    assert "Scenarios" not in names


def test_the_pages_that_compare_hold_the_figures_to_the_cent(book: Any) -> None:
    comparison, bridge = cells_of(book["Comparison"]), cells_of(book["Bridge"])
    gaps = [float(gap) for gap in four().comparison.filter(pl.col("scenario") == AUSTERITY)["gap"]]
    assert (AUSTERITY, *gaps) in [row[:6] for row in comparison]
    for name in names_of(four())[1:]:
        table = bridge_table(four(), district=DISTRICT, scenario=name)
        assert tuple(float(cell) for cell in table.rows[4].cells[1:]) in [row[1:7] for row in bridge]  # type: ignore[arg-type]
    assert len(cells_of(book["Robustness"])) > four().robustness.height


def test_charts_draw_the_gaps_and_the_bridge_and_say_so_in_words(book_path: Path, book: Any) -> None:
    with zipfile.ZipFile(book_path) as archive:
        charts = [
            archive.read(name).decode() for name in sorted(archive.namelist()) if name.startswith("xl/charts/chart")
        ]
        drawings = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/drawings/drawing")]
    clustered = next(chart for chart in charts if 'grouping val="clustered"' in chart)
    waterfall = next(chart for chart in charts if "Hidden" in chart)
    assert clustered.count("<c:ser>") == 4
    assert "Bridge" in waterfall
    assert 'grouping val="stacked"' in waterfall
    words = [text for text in drawings if "Waterfall chart for Cedar Valley USD" in text]
    assert "timing and actions" in words[0].lower()
    assert any("Column chart of the gap by scenario" in text for text in drawings)
    steps = {row[0]: row[1:] for row in cells_of(book["Bridge"]) if row[0] in {"Funding", "Difference"}}
    assert sum(value or 0 for value in steps["Difference"][:6]) == pytest.approx(
        float(four().comparison.filter(pl.col("scenario") == AUSTERITY)["cumulative_difference"][-1])
    )


def test_more_than_four_scenarios_are_drawn_by_their_totals(tmp_path: Path) -> None:
    write_workbook(sixteen(), tmp_path / "many.xlsx")
    with zipfile.ZipFile(tmp_path / "many.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    totals = next(chart for chart in charts if "Gap over all years by scenario" in chart)
    assert totals.count("<c:ser>") == 1


def test_the_checks_hold_the_bridge_against_the_gaps() -> None:
    rules = [row.cells for row in checks_table(four()).rows if str(row.cells[0]).startswith("Bridge")]
    assert [cells[2] for cells in rules] == names_of(four())[1:]
    assert {cells[-1] for cells in rules} == {HOLDS}
    wrong = four().bridge.with_columns(amount=pl.col("amount") + pl.lit(1, dtype=pl.Decimal(38, 2)))
    broken = checks_table(replace(four(), bridge=wrong))
    assert any(row.cells[-1] != HOLDS for row in broken.rows)


def test_the_same_comparison_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_workbook(four(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


# --- the waterfall below zero ------------------------------------------------------------------


def test_a_waterfall_that_passes_zero_is_drawn_in_two_parts() -> None:
    amounts = [
        ("Gap in a", 10),
        ("Prices", 30),
        ("Quantities", -50),
        ("Funding", -5),
        ("Priorities", 45),
        ("Gap in b", 30),
    ]
    bridge = Table(
        "bridge", "From a to b", (Heading(""), Heading("Total")), tuple(Row((n, Decimal(d))) for n, d in amounts)
    )
    drawn = {row.cells[0]: row.cells[1:] for row in waterfall_table(bridge).rows}
    series = [heading.text for heading in waterfall_table(bridge).headings[1:]]
    assert series == ["Hidden", "More gap", "Less gap", "More, below zero", "Less, below zero", "Difference"]
    assert drawn == {
        "Prices": (0, 30, 0, 0, 0, 0),
        "Quantities": (0, 0, 30, 0, -20, 0),
        "Funding": (-20, 0, 0, 0, -5, 0),
        "Priorities": (0, 20, 0, -25, 0, 0),
        "Difference": (0, 0, 0, 0, 0, 20),
    }
    said = waterfall_words("District", bridge, "Bridge")
    assert "Quantities $50 less; Funding $5 less; Priorities $45 more; Difference $20 more." in said


# --- command line ------------------------------------------------------------------------------

SMALL = """id,name,category,kind,annual_cost,funded_by
F,Filter,cybersecurity,recurring,900,
S,SIS,data systems,recurring,90,Fund
"""
FUNDING = "sources: [{name: Fund, recurring: yes, basis: assigned}]"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "budget.csv").write_text(SMALL, encoding="utf-8")
    (tmp_path / "funding.yaml").write_text(FUNDING, encoding="utf-8")
    (tmp_path / "half.yaml").write_text("name: half\nactions: [{scale: 0.5}]", encoding="utf-8")
    (tmp_path / "none.yaml").write_text("name: none\nsources: {remove: [Fund]}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["compare", "budget.csv", "--as-of", "2026-11-23", *arguments])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.usefixtures("folder")
def test_compare_names_the_baseline_and_what_makes_the_difference(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ran(capsys, "-s", "half.yaml", "-s", "none.yaml", "--baseline", "none")
    assert status == 0
    assert "change: gap over all years less that of `none`" in out
    assert "From the gap of none to that of half" in out
    assert "of 2 scenarios" not in out
    _, out, _ = ran(capsys, "-s", "half.yaml", "-s", "none.yaml", "--baseline", "baseline")
    assert "What makes the gap unlike that of baseline" in out
    assert "What is funded in some scenarios and loses funding in others, of 3 scenarios" in out


@pytest.mark.usefixtures("folder")
def test_compare_all_takes_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ran(capsys, "--all", "-s", "half.yaml", "--format", "csv", "--table", "robustness")
    assert status == 0, err
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["scenarios"] for row in rows} == {str(len(library_names()) + 1)}


@pytest.mark.usefixtures("folder")
def test_what_holds_under_the_baseline_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = ran(capsys, "-s", "half.yaml", "-s", "none.yaml", "-s", "baseline")
    assert "scenario `half` leaves `Filter`" in err
    assert "scenario `none` leaves `Filter`" not in err
    assert "what holds under `half` is not told again for the other scenarios (2 warnings)" in err


@pytest.mark.usefixtures("folder")
def test_an_unknown_table_is_refused_with_those_of_a_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ran(capsys, "-s", "half.yaml", "--table", "sweep", "-o", "x.csv")
    assert (status, out) == (2, "")
    assert "the tables are years, costs, coverage, payments, losses, comparison, fates, bridge, robustness" in err


def test_compare_writes_everything_in_one_go(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, _ = ran(capsys, "-s", "half.yaml", "-o", "c.xlsx", "-o", "c.json", "-o", "c.csv")
    assert status == 0
    assert {path.name for path in folder.glob("c.*")} >= {"c.xlsx", "c.json", "c.csv", "c.bridge.csv"}


def test_fates_listed_by_the_view_are_those_of_the_table() -> None:
    table = newly_lost_table(four().projection, district=DISTRICT)
    assert len(table.rows) == four().fates.height
    assert table == newly_lost_table(four().projection, district=DISTRICT, fates=four().fates)
