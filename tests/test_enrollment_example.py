"""The enrollment example: a real export of NCES, its title lines and footnotes and all, drives what licenses cost."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esser_gap.errors import InputError
from esser_gap.issues import Severity, any_error
from esser_gap.projecting import project_all, settings_for
from esser_gap.read.budgets import read_budget
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader
from example_readme import ROOT, amounts_in, readme_parts, shown_by

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.model.budget import Budget
    from esser_gap.projecting import Projection

EXAMPLE = ROOT / "examples" / "enrollment"
EXPORT = EXAMPLE / "nces-elsi-enrollment-export.csv"
MAPPING = EXAMPLE / "mapping.yaml"
STUDENTS = "Total Students All Grades (Excludes AE) [District] "


@cache
def exported() -> dict[int, int]:
    """Give the students by fiscal year that stand in the export, read without the program."""
    with EXPORT.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    header = next(number for number, row in enumerate(rows) if row[:1] == ["Agency Name"])
    pairs = zip(rows[header], rows[header + 1], strict=True)
    columns = {heading.removeprefix(STUDENTS): cell for heading, cell in pairs if heading.startswith(STUDENTS)}
    return {int(year[:4]) + 1: int(students) for year, students in columns.items()}


def read(export: Path = EXPORT, mapping: Path = MAPPING) -> Budget:
    return read_budget([EXAMPLE / "budget.csv"], mapping=mapping, funding=[export, EXAMPLE / "funding.yaml"])


@cache
def projected(years: int = 5) -> Projection:
    budget = read()
    baseline = ScenarioLoader(budget.scenarios).load("baseline")
    return project_all(budget, [baseline], settings_for(budget, as_of=date(2022, 7, 1), years=years), known_sources)


def changed(folder: Path, old: str, new: str) -> Path:
    """Copy the export with one text in place of another."""
    content = EXPORT.read_bytes()
    assert content.count(old.encode()) == 1
    copy = folder / EXPORT.name
    copy.write_bytes(content.replace(old.encode(), new.encode()))
    return copy


def test_the_enrollment_of_the_district_is_the_exports() -> None:
    budget = read()
    (district,) = budget.districts
    assert (district.name, district.state) == ("South Portland Public Schools", "ME")
    assert district.enrollment == exported()
    assert (exported()[2014], exported()[2023], exported()[2025], len(exported())) == (3096, 3081, 2816, 12)
    assert {commitment.district for commitment in budget.commitments} == {district.name}


def test_title_lines_and_footnotes_of_the_export_are_passed_over() -> None:
    assert [issue.code for issue in read().issues if issue.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("mark", ["†", "–", "‡"])  # noqa: RUF001 - the marks that NCES writes
def test_a_mark_for_a_missing_figure_is_an_error_and_never_zero(mark: str, tmp_path: Path) -> None:
    budget = read(changed(tmp_path, ",2816,", f",{mark},"))
    (issue,) = [issue for issue in budget.issues if issue.severity is not Severity.NOTE]
    assert (issue.code, issue.where.cell, issue.found) == ("not-a-number", "C8", mark)
    assert all(students > 0 for district in budget.districts for students in district.enrollment.values())
    assert any_error(budget.issues)


def test_a_mark_keeps_the_budget_from_being_projected(tmp_path: Path) -> None:
    budget = read(changed(tmp_path, ",2816,", ",†,"))
    baseline = ScenarioLoader(budget.scenarios).load("baseline")
    with pytest.raises(InputError):
        project_all(budget, [baseline], settings_for(budget, as_of=date(2022, 7, 1), years=5), known_sources)


def test_a_blank_year_is_unknown_and_not_zero(tmp_path: Path) -> None:
    (district,) = read(changed(tmp_path, ",2816,", ",,")).districts
    assert district.enrollment == {year: students for year, students in exported().items() if year != 2025}


def test_marks_of_other_districts_do_not_matter_where_the_mapping_keeps_one(tmp_path: Path) -> None:
    lines = EXPORT.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (row,) = [line for line in lines if line.startswith("SOUTH PORTLAND")]
    export = changed(tmp_path, row.strip(), row.replace("SOUTH ", "").replace(",2816,", ",†,") + row.strip())
    mapping = tmp_path / "mapping.yaml"
    keep = "rows: {keep: [{Agency Name: SOUTH PORTLAND PUBLIC SCHOOLS}]}\n"
    mapping.write_text(MAPPING.read_text(encoding="utf-8") + keep, encoding="utf-8")
    assert any_error(read(export).issues)
    budget = read(export, mapping)
    assert not any_error(budget.issues)
    assert [district.enrollment for district in budget.districts] == [exported()]


def test_licenses_for_students_cost_what_the_export_makes_them() -> None:
    (license_,) = [c for c in read().commitments if c.name == "Learning platform licenses"]
    assert license_.base == exported()[2023] * Decimal("9.00")
    costs = projected().costs.filter(commitment=license_.id).sort("fiscal_year")
    for year, cost in costs.select("fiscal_year", "cost").iter_rows():
        students = Decimal(exported()[min(year, 2025)])
        driver = (students / exported()[2023]).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        price = (Decimal("1.05") ** (year - 2023)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        index = (price * driver).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        assert cost == (license_.base * index).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_enrollment_stays_at_the_last_year_of_the_export_after_it() -> None:
    (license_,) = [c for c in read().commitments if c.name == "Learning platform licenses"]
    costs = projected(8).costs.filter(pl.col("commitment") == license_.id).sort("fiscal_year")
    after = costs.filter(pl.col("fiscal_year") >= 2025)["cost"].to_list()
    assert len(after) == 6
    for earlier, later in pairwise(after):
        assert abs(later / earlier - Decimal("1.05")) < Decimal("0.0001")


@pytest.mark.parametrize(("commands", "sentences"), readme_parts(EXAMPLE))
def test_the_commands_of_the_readme_run_and_show_what_it_says(commands: list[str], sentences: str) -> None:
    # Explaining a commitment shows its quantity; how many students that is in other years stands in the export.
    shown = shown_by(commands) + " ".join(f"{students:,}" for students in exported().values())
    amounts = amounts_in(sentences)
    assert amounts
    assert [amount for amount in amounts if amount not in shown] == []


def test_the_scenario_goes_on_from_the_years_of_the_export() -> None:
    path = ScenarioLoader(()).load(str(EXAMPLE / "scenarios" / "falling.yaml")).drivers["enrollment"]
    assert isinstance(path, dict)
    real = {year: students for year, students in path.items() if year <= 2025}
    assert real == {year: exported()[year] for year in (2023, 2024, 2025)}


def test_the_driver_and_the_price_in_the_readme_are_those_of_the_explanation() -> None:
    (commands, sentences), *_ = readme_parts(EXAMPLE)
    shown = shown_by(commands[1:])
    told = re.findall(r"\d\.\d{6}|\d{2},\d{3}\.\d{2}", sentences)
    assert len(told) == 4
    assert [figure for figure in told if figure not in shown] == []
