"""Settings moved over ranges: every point is what a run with that setting gives, and what tips is found exactly."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from python_calamine import CalamineWorkbook

import esser_gap
from esser_gap.cli.app import main
from esser_gap.comparing.sweep import MOST_POINTS, Sweep
from esser_gap.errors import InputError
from esser_gap.read.ranges import parse_ranges
from esser_gap.write import json_schema
from esser_gap.write.files import write_outputs
from esser_gap.write.json_document import json_document

AS_OF = date(2026, 11, 23)
BUDGET = """id,name,category,kind,annual_cost
LMS,Learning system,software,recurring,1000
NET,Network,network,recurring,500
"""
FUNDING = "sources: [{name: Line, recurring: yes, basis: open, yearly: {FY2027: 1600, FY2028: 1600, FY2029: 1600}}]\n"
EXAMPLE = Path(__file__).parents[1] / "examples" / "cedar-valley" / "budget.xlsx"


@pytest.fixture
def budget(tmp_path: Path) -> esser_gap.Budget:
    (tmp_path / "budget.csv").write_text(BUDGET, encoding="utf-8")
    (tmp_path / "funding.yaml").write_text(FUNDING, encoding="utf-8")
    return esser_gap.read_budget(tmp_path / "budget.csv", funding=[tmp_path / "funding.yaml"])


def swept(budget: esser_gap.Budget | Path, *ranges: str, **more: Any) -> Sweep:
    return esser_gap.sweep(budget, ranges, as_of=AS_OF, years=3, **more)


def gaps_with(budget: esser_gap.Budget | Path, *given_: str, scenario: str = "baseline") -> list[Decimal]:
    projection = esser_gap.project(budget, scenario, as_of=AS_OF, years=3, with_settings=given_)
    return projection.years.sort("fiscal_year")["gap"].to_list()


def lost_with(budget: esser_gap.Budget | Path, *given_: str) -> set[str]:
    return set(esser_gap.project(budget, as_of=AS_OF, years=3, with_settings=given_).losses["commitment"])


def test_every_point_is_what_a_run_with_that_setting_gives(budget: esser_gap.Budget) -> None:
    table = swept(budget, "growth.software=0%..10%:2%").sweep
    assert table.columns[:3] == ["district", "scenario", "growth.software"]
    assert table["growth.software"].to_list() == [Decimal(n) / 100 for n in range(0, 11, 2)]
    for row in table.iter_rows(named=True):
        gaps = gaps_with(budget, f"growth.software={row['growth.software'] * 100}%")
        assert [row[f"gap_{year}"] for year in (2027, 2028, 2029)] == gaps
        assert row["horizon_gap"] == sum(gaps)


def test_the_figures_of_a_point_are_those_worked_out_by_hand(budget: esser_gap.Budget) -> None:
    # 8 %: 1,000 x 1.08^2 = 1,166.40, and 500 x 1.03^2 = 530.45, less 1,600, in FY2029; 1,595.00 in FY2028.
    row = swept(budget, "growth.software=8%..8%:1%").sweep.row(0, named=True)
    assert (row["gap_2027"], row["gap_2028"], row["gap_2029"]) == (0, 0, Decimal("96.85"))
    assert (row["first_loss_on"], row["first_loss"]) == (date(2028, 7, 1), "NET")


def test_several_settings_make_a_grid_in_which_the_last_moves_fastest(budget: esser_gap.Budget) -> None:
    table = swept(budget, "growth.software=0%..10%:5%", "growth.network=2%..4%:2%").sweep
    points = table.select("growth.software", "growth.network").rows()
    share = [Decimal(n) / 100 for n in (0, 5, 10)]
    assert points == [(one, other) for one in share for other in (Decimal("0.02"), Decimal("0.04"))]
    for row in table.iter_rows(named=True):
        given_ = (f"growth.software={row['growth.software'] * 100}%", f"growth.network={row['growth.network'] * 100}%")
        assert [row[f"gap_{year}"] for year in (2027, 2028, 2029)] == gaps_with(budget, *given_)


def test_a_break_even_lies_between_two_values_a_hundredth_of_a_percent_apart(budget: esser_gap.Budget) -> None:
    # 1,000 x (1 + g)^2 = 1,600 - 530.45 at g = 3.4190... %.
    table = swept(budget, "growth.software=0%..10%:5%").break_even
    assert table.select("tips", "commitment", "before", "after", "change").rows() == [
        ("gap", None, Decimal("0.0341"), Decimal("0.0342"), "the gap opens"),
        ("commitment", "NET", Decimal("0.0341"), Decimal("0.0342"), "loses funding"),
    ]
    assert sum(gaps_with(budget, "growth.software=3.41%")) == 0
    assert sum(gaps_with(budget, "growth.software=3.42%")) > 0


def test_what_closes_a_gap_is_said_the_other_way_round(budget: esser_gap.Budget) -> None:
    table = swept(budget, "sources.Line.share=90%..100%:5%", with_settings=("growth.software=0%",)).break_even
    changes = dict(table.select("tips", "change").rows())
    assert changes["gap"] == "the gap closes"
    assert changes["commitment"] == "is funded"


def test_a_setting_of_whole_numbers_tips_between_two_of_them(budget: esser_gap.Budget) -> None:
    table = swept(budget, "sources.Line.carryover=0..4:4", with_settings=("growth.software=5%",)).break_even
    for before, after in table.select("before", "after").rows():
        assert after - before == 1
        assert before == int(before)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 10), steps=st.integers(1, 4), step=st.sampled_from(["1%", "2.5%", "0.5%"]))
def test_on_both_sides_of_a_break_even_a_run_says_so(
    budget: esser_gap.Budget, first: int, steps: int, step: str
) -> None:
    last = first + steps * Decimal(step.rstrip("%"))
    for row in swept(budget, f"growth.default={first}%..{last}%:{step}").break_even.iter_rows(named=True):
        before, after = (f"growth.default={row[side] * 100}%" for side in ("before", "after"))
        if row["tips"] == "gap":
            assert (sum(gaps_with(budget, before)) == 0) is (row["change"] == "the gap opens")
            assert (sum(gaps_with(budget, after)) == 0) is (row["change"] == "the gap closes")
        else:
            assert (row["commitment"] in lost_with(budget, before)) is (row["change"] == "is funded")
            assert (row["commitment"] in lost_with(budget, after)) is (row["change"] == "loses funding")


def test_each_scenario_is_moved_from_where_it_is() -> None:
    table = swept(EXAMPLE, "growth.software=2%..6%:4%", scenarios=["baseline", "austerity"]).sweep
    assert table["scenario"].to_list() == ["baseline", "baseline", "austerity", "austerity"]
    for row in table.iter_rows(named=True):
        gaps = gaps_with(EXAMPLE, f"growth.software={row['growth.software'] * 100}%", scenario=row["scenario"])
        assert [row[f"gap_{year}"] for year in (2027, 2028, 2029)] == gaps


def test_the_setting_itself_is_left_as_it_was(budget: esser_gap.Budget) -> None:
    result = swept(budget, "growth.software=0%..10%:5%")
    assert result.projection.years["gap"].to_list() == gaps_with(budget)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("growth.software", "not a setting with a range"),
        ("growth.software=2%..10", "not a setting with a range"),
        ("growth.software=2%..10%:1", "not in the same unit"),
        ("growth.software=10%..2%:1%", "goes up in steps above zero"),
        ("growth.software=2%..10%:0%", "goes up in steps above zero"),
    ],
)
def test_what_is_no_range_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_ranges([text])
    assert words in refused.value.issues[0].message


def test_a_setting_may_be_swept_once_only() -> None:
    with pytest.raises(InputError) as refused:
        parse_ranges(["growth.ai=0%..1%:1%", "growth.ai=0%..2%:1%"])
    assert "`growth.ai` is swept twice" in refused.value.issues[0].message


def test_an_unknown_setting_or_an_impossible_value_is_refused(budget: esser_gap.Budget) -> None:
    for text in ("growth.softwar=2%..4%:1%", "sources.Line.share=50%..150%:50%", "sources.Lime.share=50%..60%:5%"):
        with pytest.raises(InputError):
            swept(budget, text)


def test_too_many_points_are_refused_before_any_is_computed(budget: esser_gap.Budget) -> None:
    with pytest.raises(InputError) as refused:
        swept(budget, "growth.software=0%..100%:0.1%", "growth.network=0%..100%:1%")
    assert f"more than {MOST_POINTS:,}" in refused.value.issues[0].message


# --------------------------------------------------------------------------- outputs


def test_files_hold_the_points_and_the_break_evens(budget: esser_gap.Budget, tmp_path: Path) -> None:
    result = swept(budget, "growth.software=0%..10%:5%")
    names = [
        path.name for path in write_outputs(result, [tmp_path / "s.csv", tmp_path / "s.json", tmp_path / "s.xlsx"])
    ]
    assert {"s.csv", "s.break_even.csv", "s.json", "s.xlsx"} <= set(names)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text(encoding="utf-8"))))
    assert [row["horizon_gap"] for row in rows] == [f"{gap:.2f}" for gap in result.sweep["horizon_gap"]]
    document = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    Draft202012Validator(json_schema.projection_schema(), format_checker=FormatChecker()).validate(document)
    assert document == json.loads(json_document(result))
    assert len(document["sweep"]) == result.sweep.height
    book = CalamineWorkbook.from_path(tmp_path / "s.xlsx")
    numbers = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert {float(gap) for gap in result.sweep["horizon_gap"] if gap} <= numbers


def test_the_terminal_shows_the_points_and_what_tips(
    budget: esser_gap.Budget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert budget.commitments
    monkeypatch.chdir(tmp_path)
    common = ["compare", "budget.csv", "--funding", "funding.yaml", "--as-of", "2026-11-23", "--years", "3"]
    with pytest.raises(SystemExit) as ended:
        main([*common, "--sweep", "growth.software=0%..10%:5%"])
    assert not ended.value.code
    out = capsys.readouterr().out
    assert "Gap as the settings of baseline move" in out
    assert "the gap opens" in out
    with pytest.raises(SystemExit) as ended:
        main([*common, "--sweep", "growth.software=0%..10%:5%", "--format", "csv", "--table", "break_even"])
    assert not ended.value.code
    frame = pl.read_csv(io.StringIO(capsys.readouterr().out))
    assert frame["change"].to_list() == ["the gap opens", "loses funding"]
