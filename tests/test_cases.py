"""The arithmetic of docs/model.md, sentence by sentence: small budgets with figures worked out by hand.

Each file in `cases` is one section. A case says what the sentence is (`model`), gives a budget as a person
would write it, the figures (`expect`) and how they were worked out (`why`). The usual run is as of
2026-11-23 and covers FY2027 to FY2029, July to June, without price growth.

In `expect`, dollars by fiscal year stand under a commitment's id, or alone for the whole district; years
that are not named have none. `payments` and `coverage` name every payment and every dollar of the
commitments they name, `losses` all losses in their order, and `issues` everything that was reported.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from engine_inputs import inputs_from
from esser_gap.errors import InputError
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from esser_gap.issues import Issue
    from esser_gap.projecting import Projection

FOLDER = Path(__file__).parent / "cases"
AMOUNTS = ("cost", "sustained", "bridged", "gap")
PARTS = {
    *("title", "model", "why", "commitments", "sources", "districts", "scenario", "expect"),
    *("as_of", "first_year", "years", "fiscal_year_start"),
}


def _cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        document = parse_yaml(path.read_text(encoding="utf-8"), path.name)
        for place, case in enumerate(document.value):
            yield pytest.param(document, place, id=f"{path.stem}: {case['title']}")


@pytest.mark.parametrize(("document", "place"), list(_cases()))
def test_the_engine_gives_the_figures_worked_out_by_hand(document: Document, place: int) -> None:
    case = document.value[place]
    assert case.keys() <= PARTS
    assert case["model"], "a case shows a sentence of the model"
    assert case["why"], "figures are worked out by hand"
    inputs = inputs_from(document, (place,))
    expect = dict(case["expect"])
    refused = expect.pop("refused", None)
    if refused is not None:
        with pytest.raises(InputError) as refusal:
            inputs.project()
        _check_issues(refusal.value.issues, refused)
        return
    projection = inputs.project()
    assert expect, "a case says what it expects"
    _check_issues(projection.issues, expect.pop("issues", {}))
    for part, expected in expect.items():
        _CHECKS[part](projection, part, expected)


def _check_issues(issues: Any, expected: dict[str, str]) -> None:
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(issue.code, []).append(issue)
    assert found.keys() == expected.keys(), issues
    for code, text in expected.items():
        said = "\n".join(f"{issue.message} ({issue.hint})" for issue in found[code])
        assert text in said


def _check_amounts(projection: Projection, part: str, expected: dict[str, Any]) -> None:
    by_commitment = {key: value for key, value in expected.items() if isinstance(value, dict)}
    if by_commitment:
        assert by_commitment == expected
        for commitment, years in by_commitment.items():
            rows = projection.costs.filter(pl.col("commitment") == commitment)
            assert _by_year(rows, part) == _years(years), commitment
    else:
        assert _by_year(projection.years, part) == _years(expected)


def _by_year(frame: pl.DataFrame, part: str) -> dict[int, Decimal]:
    return {year: amount for year, amount in frame.select("fiscal_year", part).iter_rows() if amount}


def _years(written: dict[str, Any]) -> dict[int, Decimal]:
    return {int(year.removeprefix("FY")): Decimal(amount) for year, amount in written.items() if amount}


def _check_payments(projection: Projection, _: str, expected: dict[str, Any]) -> None:
    for commitment, days in expected.items():
        rows = projection.payments.filter(pl.col("commitment") == commitment)
        paid = {day.isoformat(): amount for day, amount in rows.select("due_on", "amount").iter_rows()}
        assert paid == {day: Decimal(amount) for day, amount in days.items()}, commitment


def _check_unpaid(projection: Projection, _: str, expected: dict[str, Any]) -> None:
    for commitment, days in expected.items():
        rows = projection.payments.filter((pl.col("commitment") == commitment) & (pl.col("gap") > 0))
        unpaid = {day.isoformat(): amount for day, amount in rows.select("due_on", "gap").iter_rows()}
        assert unpaid == {day: Decimal(amount) for day, amount in days.items()}, commitment


def _check_overdue(projection: Projection, _: str, expected: dict[str, Any]) -> None:
    rows = projection.payments.filter("overdue")
    found: dict[str, list[str]] = {}
    for commitment, day in rows.select("commitment", "due_on").iter_rows():
        found.setdefault(commitment, []).append(day.isoformat())
    assert found == {commitment: [day.isoformat() for day in days] for commitment, days in expected.items()}


def _check_coverage(projection: Projection, _: str, expected: dict[str, Any]) -> None:
    for commitment, years in expected.items():
        rows = projection.coverage.filter(pl.col("commitment") == commitment)
        found: dict[str, dict[str, Decimal]] = {}
        for year, source, amount in rows.select("fiscal_year", "source", "amount").iter_rows():
            found.setdefault(f"FY{year}", {})[source] = amount
        wanted = {year: {name: Decimal(paid) for name, paid in paid_by.items()} for year, paid_by in years.items()}
        assert found == wanted, commitment


def _check_losses(projection: Projection, _: str, expected: list[dict[str, Any]]) -> None:
    rows = projection.losses.to_dicts()
    assert [row["commitment"] for row in rows] == [loss["commitment"] for loss in expected]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    for row, loss in zip(rows, expected, strict=True):
        assert {name: row[name] for name in loss} == {name: _written(name, value) for name, value in loss.items()}


def _written(name: str, value: Any) -> Any:
    if name == "first_gap_year":
        return int(str(value).removeprefix("FY"))
    return Decimal(value) if name in {"first_year_gap", "horizon_gap"} else value


def _check_risks(projection: Projection, _: str, expected: dict[str, Any]) -> None:
    found: dict[str, dict[str, list[str]]] = {}
    for row in projection.costs.filter(pl.col("at_risk_through").list.len() > 0).iter_rows(named=True):
        found.setdefault(row["commitment"], {})[f"FY{row['fiscal_year']}"] = row["at_risk_through"]
    assert found == expected


_CHECKS: dict[str, Callable[[Projection, str, Any], None]] = {
    **dict.fromkeys(AMOUNTS, _check_amounts),
    "payments": _check_payments,
    "unpaid": _check_unpaid,
    "overdue": _check_overdue,
    "coverage": _check_coverage,
    "losses": _check_losses,
    "at_risk": _check_risks,
}
