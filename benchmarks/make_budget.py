"""A seeded, realistic budget of any size: as records for the engine, and as files for the command line.

`python benchmarks/make_budget.py 20000 FOLDER` writes `budget.xlsx`, `funding.yaml` and `scenario.yaml`.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from esser_gap.model.budget import Budget
    from esser_gap.model.scenario import Scenario

AS_OF = date(2026, 11, 23)
FIRST_YEAR = 2027
YEARS = 10
DISTRICT = "Cedar Valley USD"

MIX = {"annual": 55, "monthly": 15, "replacement": 15, "staff": 10, "one_time": 5}
"""Commitments of a hundred that are paid once a year, monthly, at replacement, as pay, or once."""

CATEGORIES = {
    "annual": ["software", "software", "software", "cybersecurity", "data systems", "ai", "repair"],
    "monthly": ["connectivity", "software", "cybersecurity"],
    "replacement": ["student devices", "student devices", "staff devices", "classroom displays", "network"],
    "staff": ["staffing"],
    "one_time": ["implementation", "professional development"],
}
MEDIAN_DOLLARS = {"annual": 9_000, "monthly": 24_000, "replacement": 60_000, "staff": 68_000, "one_time": 15_000}

FUNDED_BY = [
    [("General Fund", 100)],
    [("General Fund", 100)],
    [("Relief grant", 100)],
    [("Relief grant", 60), ("General Fund", 40)],
    [("Title IV-A", 50), ("General Fund", 50)],
    [("Special education", 100)],
    [("Special education", 35), ("Title IV-A", 35), ("General Fund", 30)],
    [],
]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MadeBudget:
    """Rows of a budget as plain values under the field names of the model.

    Attributes:
        commitments: One row a commitment.
        sources: Eight sources, scaled to the cost so that most of them run out.
        scenario: Growth rates and an enrollment path.
    """

    commitments: list[Row]
    sources: list[Row]
    scenario: Row


def made_budget(count: int, seed: int = 1) -> MadeBudget:
    """Make a budget; the same count and seed always give the same one.

    Args:
        count: How many commitments.
        seed: Chooses everything that is left to chance.
    """
    chance = random.Random(seed)
    forms = chance.choices(list(MIX), weights=list(MIX.values()), k=count)
    commitments = [_commitment(number, form, chance) for number, form in enumerate(forms, start=1)]
    return MadeBudget(commitments, _sources(count), _scenario())


def _commitment(number: int, form: str, chance: random.Random) -> Row:
    kind = "recurring" if form in ("annual", "monthly") else form
    row: Row = {
        "id": f"C-{number:06}",
        "name": f"Commitment {number}",
        "category": chance.choice(CATEGORIES[form]),
        "kind": kind,
        "annual_cost": _dollars(MEDIAN_DOLLARS[form], chance),
        "funded_by": chance.choice(FUNDED_BY),
        "priority": chance.randint(1, 5),
        "mandated": _happens(chance, 0.15),
        "notice_days": chance.choice([0, 30, 60, 90, 120]),
    }
    if number > 1 and _happens(chance, 0.05):
        row["requires"] = [f"C-{chance.randint(max(1, number - 200), number - 1):06}"]
    if form == "monthly":
        row["billing"] = "monthly"
    return row | _DATES[kind](chance)


def _happens(chance: random.Random, how_often: float) -> bool:
    return chance.random() < how_often


def _dollars(median: int, chance: random.Random) -> Decimal:
    return Decimal(round(median * chance.lognormvariate(0, 0.8) * 100)).scaleb(-2)


def _running(chance: random.Random) -> Row:
    row: Row = {}
    if _happens(chance, 0.3):
        row["renewal_month"] = chance.choice([1, 7, 8, 9])
    if _happens(chance, 0.25):
        row["paid_through"] = date(chance.randint(2027, 2029), 6, 30)
        row["renewal_uplift"] = chance.choice([Decimal("0.08"), Decimal("0.15"), Decimal("0.25")])
    if _happens(chance, 0.1):
        row["ends_on"] = date(chance.randint(2030, 2036), 6, 30)
    if _happens(chance, 0.3):
        row["driver"] = "enrollment"
    return row


def _replaced(chance: random.Random) -> Row:
    purchased = date(chance.randint(2019, 2026), chance.randint(1, 12), chance.randint(1, 28))
    row: Row = {"purchased_on": purchased, "useful_life": chance.choice([4, 5, 5, 6, 8])}
    if _happens(chance, 0.3):
        row["supported_until"] = purchased + timedelta(days=chance.randint(4 * 365, 8 * 365))
    if _happens(chance, 0.2):
        row["staggered"] = True
    if _happens(chance, 0.5):
        row["driver"] = "enrollment"
    return row


def _paid(chance: random.Random) -> Row:
    row: Row = {"benefits_rate": chance.choice([Decimal("0.28"), Decimal("0.31"), Decimal("0.345")])}
    if _happens(chance, 0.5):
        row["notice_by"] = (3, 15)
    return row


def _once(chance: random.Random) -> Row:
    return {"starts_on": date(chance.randint(2026, 2035), chance.randint(1, 12), 1)}


_DATES = {"recurring": _running, "replacement": _replaced, "staff": _paid, "one_time": _once}


def _sources(count: int) -> list[Row]:
    def dollars(per_commitment: int) -> Decimal:
        return Decimal(per_commitment * count)

    span = range(FIRST_YEAR, FIRST_YEAR + YEARS)
    return [
        {
            "name": "Relief grant",
            "recurring": False,
            "basis": "assigned",
            "awards": [{"amount": dollars(7_000), "from": date(2025, 7, 1), "through": date(2028, 9, 30)}],
        },
        {
            "name": "E-rate Category Two",
            "recurring": True,
            "basis": "open",
            "categories": ["network"],
            "share": Decimal("0.8"),
            "measured": "pre_discount",
            "awards": [
                {"amount": dollars(2_000), "from": date(2026, 7, 1), "through": date(2031, 6, 30)},
                {"amount": dollars(2_000), "from": date(2031, 7, 1), "through": date(2036, 6, 30)},
            ],
        },
        {
            "name": "Title IV-A",
            "recurring": True,
            "basis": "assigned",
            "yearly": {year: dollars(900) for year in span},
        },
        {
            "name": "State technology grant",
            "recurring": True,
            "basis": "open",
            "categories": ["software", "cybersecurity", "data systems"],
            "yearly": {year: dollars(1_200) for year in span},
            "method": "pro_rata",
        },
        {
            "name": "Technology levy",
            "recurring": True,
            "basis": "open",
            "yearly": {year: dollars(3_000) for year in span},
            "carryover": 1,
        },
        {
            "name": "Special education",
            "recurring": True,
            "basis": "assigned",
            "kinds": ["staff", "recurring"],
            "yearly": {year: dollars(1_500) for year in span},
        },
        {
            "name": "Capital reserve",
            "recurring": False,
            "basis": "open",
            "kinds": ["replacement"],
            "awards": [{"amount": dollars(5_000), "from": date(2026, 7, 1), "through": date(2034, 6, 30)}],
        },
        {"name": "General Fund", "recurring": True, "basis": "assigned"},
    ]


def _scenario() -> Row:
    percents = {"default": "3%", "connectivity": "1.5%", "cybersecurity": "9%", "salary": "3.25%", "benefits": "6.5%"}
    growth: Row = {key: Decimal(text.rstrip("%")) / 100 for key, text in percents.items()}
    growth["software"] = {2027: Decimal("0.05"), 2029: Decimal("0.07")}
    enrollment = {year: Decimal(8_000 - 60 * (year - 2026)) for year in range(2026, FIRST_YEAR + YEARS)}
    return {"name": "benchmark", "growth": growth, "drivers": {"enrollment": enrollment}}


def as_records(made: MadeBudget) -> tuple[Budget, Scenario]:
    """Give a made budget as the records that reading its files would give.

    Args:
        made: The budget.
    """
    from esser_gap.model.budget import Budget
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Source

    def commitment(row: Row) -> Commitment:
        parts = [{"source": source, "share": Decimal(percent) / 100} for source, percent in row["funded_by"]]
        return Commitment.model_validate({**row, "funded_by": parts, "district": DISTRICT})

    budget = Budget(
        commitments=tuple(commitment(row) for row in made.commitments),
        sources=tuple(Source.model_validate(row) for row in made.sources),
        districts=(District(name=DISTRICT),),
    )
    return budget, Scenario.model_validate(made.scenario)


def write_files(made: MadeBudget, folder: Path) -> tuple[Path, Path, Path]:
    """Write a made budget the way a district would hand it in.

    Args:
        made: The budget.
        folder: Existing folder.

    Returns:
        The workbook, the funding file and the scenario file.
    """
    import yaml

    book, funding, scenario = folder / "budget.xlsx", folder / "funding.yaml", folder / "scenario.yaml"
    _write_workbook(made.commitments, book)
    funding.write_text(yaml.safe_dump({"sources": _plain(made.sources)}, sort_keys=False), encoding="utf-8")
    scenario.write_text(yaml.safe_dump(_plain(made.scenario), sort_keys=False), encoding="utf-8")
    return book, funding, scenario


def _write_workbook(rows: list[Row], path: Path) -> None:
    import xlsxwriter  # noqa: TID251 - the input of the runs is a workbook

    names = list(dict.fromkeys(name for row in rows for name in row))
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Commitments")
        sheet.write_row(0, 0, names)
        for place, row in enumerate(rows, start=1):
            for column, name in enumerate(names):
                value = row.get(name)
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)
                elif value not in (None, []):
                    sheet.write(place, column, _cell(name, value))


def _cell(name: str, value: Any) -> Any:
    if name == "funded_by":
        return "; ".join(f"{source} {percent}%" for source, percent in value)
    if name == "requires":
        return ", ".join(value)
    if name == "notice_by":
        return f"{value[0]:02}-{value[1]:02}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _plain(value: Any) -> Any:
    """Give what YAML can write: rates as percentages, fiscal years by name."""
    if isinstance(value, dict):
        return {f"FY{key}" if isinstance(key, int) else key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%" if value < 1 else int(value)
    return value


if __name__ == "__main__":
    write_files(made_budget(int(sys.argv[1])), Path(sys.argv[2]))
