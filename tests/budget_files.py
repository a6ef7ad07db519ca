"""Random cases written as a person would write them: a spreadsheet, a funding file and a scenario file."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIELDS = (
    "id",
    "name",
    "category",
    "kind",
    "annual_cost",
    "quantity",
    "unit_cost",
    "benefits_rate",
    "price_year",
    "driver",
    "billing",
    "renewal_month",
    "starts_on",
    "ends_on",
    "paid_through",
    "renewal_uplift",
    "purchased_on",
    "useful_life",
    "supported_until",
    "staggered",
    "funded_by",
    "obligated_on",
    "mandated",
    "priority",
    "notice_days",
    "notice_by",
    "requires",
    "goal",
    "service",
    "owner",
    "vendor",
    "account",
    "site",
    "users",
    "notes",
    "district",
)


def cell_text(name: str, value: Any) -> Any:
    """Write a field's value the way people do; None stays blank."""
    if value is None:
        return None
    if name == "funded_by":
        return "; ".join(f"{source} {share * 100:f}%" for source, share in value) or None
    if name == "requires":
        return ", ".join(value) or None
    if name == "notice_by":
        return f"{value[0]:02d}-{value[1]:02d}"
    if name in {"benefits_rate", "renewal_uplift"}:
        return f"{value * 100:f}%"
    if name == "price_year":
        return f"FY{value}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def write_commitments(path: Path, commitments: list[dict[str, Any]]) -> Path:
    """Write commitments as xlsx (typed cells under two title rows) or csv (text)."""
    rows = [[cell_text(name, item.get(name)) for name in FIELDS] for item in commitments]
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(FIELDS)
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        return path
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Commitments"
    sheet.append(["Technology commitments"])
    sheet.append([])
    sheet.append([name.replace("_", " ").capitalize() for name in FIELDS])
    for row in rows:
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    book.save(path)
    return path


def plain(value: Any) -> Any:
    """Make a value that YAML writes as a person would: exact numbers as text, fiscal years as FY2027."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {(f"FY{k}" if isinstance(k, int) else k): plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def source_document(source: Mapping[str, Any]) -> dict[str, Any]:
    """Write a source or a change to one as YAML has it."""
    return {name: plain(value) for name, value in source.items() if value is not None}


def scenario_document(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Write a scenario as YAML has it."""
    document: dict[str, Any] = {
        name: plain(scenario[name]) for name in ("name", "count", "funding_order") if scenario.get(name)
    }
    growth = scenario.get("growth") or {}
    document["growth"] = {key: _rates(rate) for key, rate in growth.items()}
    document["drivers"] = plain(scenario.get("drivers") or {})
    sources = scenario.get("sources") or {}
    document["sources"] = {
        "add": [source_document(source) for source in sources.get("add", [])],
        "change": {name: source_document(change) for name, change in sources.get("change", {}).items()},
        "remove": list(sources.get("remove", [])),
    }
    document["actions"] = [_action(action) for action in scenario.get("actions") or []]
    return document


def _rates(rate: Any) -> Any:
    if isinstance(rate, dict):
        return {f"FY{year}": f"{value * 100:f}%" for year, value in rate.items()}
    return f"{rate * 100:f}%"


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, value in action.items():
        if name == "where":
            if value is not None:
                document[name] = {field: _wanted(field, wanted) for field, wanted in value.items()}
        elif name == "add":
            document[name] = {field: _cell(field, cell) for field, cell in value.items() if cell is not None}
        elif name in {"stop", "from"}:
            if value is not None:
                document[name] = f"FY{value}"
        else:
            document[name] = plain(value)
    return document


def _wanted(field: str, wanted: Any) -> Any:
    if field in {"funded_by", "requires"}:
        return _cell(field, wanted)
    return [_cell(field, value) for value in wanted] if isinstance(wanted, (list, tuple)) else _cell(field, wanted)


def _cell(field: str, value: Any) -> Any:
    text = cell_text(field, value)
    return plain(text)


def write_case(folder: Path, case: Mapping[str, Any], ending: str) -> tuple[Path, Path, Path]:
    """Write a random case to files; gives the budget, the funding file and the scenario file."""
    names = list(case["districts"])
    commitments = [{**item, "district": item.get("district") or names[0]} for item in case["commitments"]]
    budget = write_commitments(folder / f"budget{ending}", commitments)
    funding = folder / "money.yaml"
    facts: dict[str, Any] = {"sources": [source_document(source) for source in case["sources"]]}
    facts["districts"] = [{"name": name} for name in names]
    funding.write_text(yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
    scenario = folder / "scenario.yaml"
    scenario.write_text(yaml.safe_dump(scenario_document(case["scenario"]), sort_keys=False), encoding="utf-8")
    return budget, funding, scenario


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give an oracle's row as the JSON document has it, without the reason in words."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items() if name != "reason"
    }
