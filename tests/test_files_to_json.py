"""From a spreadsheet, a funding file and a scenario file to the JSON document, against the independent oracle."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import oracle
from budget_files import as_json, write_case
from esser_gap.cli.app import main
from random_budgets import random_case

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("years", "costs", "coverage", "payments", "losses")


def project(files: tuple[Path, Path, Path], case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> Any:
    budget, funding, scenario = files
    arguments = [
        "project",
        str(budget),
        "--funding",
        str(funding),
        "--scenario",
        str(scenario),
        "--as-of",
        case["as_of"].isoformat(),
        "--first-year",
        str(case["first_year"]),
        "--years",
        str(case["years"]),
        "--fiscal-year-start",
        str(case["fiscal_year_start"]),
        "--format",
        "json",
    ]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    assert ended.value.code == 0, captured.err
    return json.loads(captured.out, parse_float=Decimal)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("block", range(4))
def test_files_give_what_an_independent_computation_gives(
    block: int, ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(block * 12, block * 12 + 12):
        case = random_case(10_000 + seed)
        expected = oracle.compute(**case)
        document = project(write_case(tmp_path, case, ending), case, capsys)
        for table in TABLES:
            found = [{k: v for k, v in row.items() if k != "reason"} for row in document[table]]
            assert found == [as_json(row) for row in expected[table]], f"seed {10_000 + seed}, {table}"
