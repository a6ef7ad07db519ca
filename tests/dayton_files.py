"""What Dayton's files say, read without the program: the lines of its budget books and their own totals."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Callable

    Line = dict[str, str]
    Row = tuple[Any, ...]

EXAMPLE = Path(__file__).parents[1] / "examples" / "dayton"
PARSE = EXAMPLE / "2022-23-proposed-expenditures.csv"
EXPENDITURES = EXAMPLE / "2022-23-proposed-expenditures.xlsx"
EARLIER = EXAMPLE / "2021-22-budget-committee.xlsx"
REVENUE = EXAMPLE / "2023-24-proposed-revenue.xlsx"

PROPOSED_2022 = "2021-2022 Proposed"
PROPOSED_2023 = "2022-2023 Proposed"
PROPOSED_2024 = "2023-2024 Proposed"

# The district printed these below its own 2022-23 book, on the line `Overall - Total`.
PRINTED_TOTALS = {
    "2019-2020 Actual": "23020171.49",
    "2020-2021 Actual": "16680260.44",
    "2021-2022 Budget": "38045200.00",
    "2022-2023 Proposed": "35385478.25",
}
# These in its 2021-22 book, in the last row of the sheet Pivot,
PRINTED_IN_PIVOT = {
    "2018-2019 Actual": "10604582.61",
    "2019-2020 Actual": "11145909.53",
    "2020-2021 Budget": "14147600.00",
    "2021-2022 Proposed": "14356000.00",
}
# and these below its 2023-24 revenue book, on the line `Total Adopted Revenue`.
PRINTED_REVENUE = {
    "2020-2021 Actual": "35573220.61",
    "2021-2022 Actual": "39161248.63",
    "2022-2023 Budget": "35510478.25",
    "2023-2024 Proposed": "34460265.40",
}


@cache
def parse_lines() -> dict[int, Line]:
    """Give the lines of the parse by the row that a spreadsheet shows."""
    with PARSE.open(encoding="utf-8", newline="") as file:
        return dict(enumerate(csv.DictReader(file), start=2))


@cache
def sheets_of(path: Path) -> dict[str, list[Row]]:
    """Give the rows of each sheet of a workbook."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    return sheets


@cache
def earlier_lines() -> dict[int, Line]:
    """Give the lines of the 2021-22 book by their rows."""
    heading, *rows = sheets_of(EARLIER)["All"]
    return {
        number: {str(name): str(value) for name, value in zip(heading, row, strict=True)}
        for number, row in enumerate(rows, start=2)
    }


def pivot(row: int, column: int) -> Decimal:
    """Give a figure of the sheet Pivot of the 2021-22 book."""
    return cents(sheets_of(EARLIER)["Pivot"][row - 1][column - 1])


def cents(value: object) -> Decimal:
    """Take off the tail that binary fractions leave on sums in a workbook."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def total(lines: dict[int, Line], column: str, wanted: Callable[[Line], bool] = lambda _: True) -> Decimal:
    """Add up a column over the lines that are wanted."""
    return sum((Decimal(line[column]) for line in lines.values() if wanted(line)), Decimal(0))


def is_in_example(line: Line) -> bool:
    """Say again, without the mapping, which lines of the parse the example is about."""
    account, fund = line["Account"][:3], line["Fund"]
    return account in {"470", "480"} or fund in {"205", "415"} or "ESSER" in line["Budget Orgn"]


# --- totals that stand in the workbooks ---------------------------------------------------------


def place_of(path: Path, column: str) -> int:
    """Find a column by its heading, on the first sheet: the others are laid out alike."""
    first, *_ = sheets_of(path).values()
    return next(row.index(column) for row in first if column in row)


def printed_totals(path: Path, column: str) -> list[tuple[str, list[Decimal]]]:
    """Give the figures in the total lines of each sheet whose label stands in its first column.

    They are, on a sheet of 2022-23, the total of its cost center, of the fund where it ends there, and of all funds
    on the last sheet; in 2023-24 they are the total of the fund and, on the last sheet, of all.
    """
    place = place_of(path, column)
    return [
        (name, [cents(row[place]) for row in rows if isinstance(row[0], str) and "Total" in row[0]])
        for name, rows in sheets_of(path).items()
    ]


def raw_sum(path: Path, column: str) -> Decimal:
    """Add up a column as `SUM` would, over every figure that stands in it on any sheet."""
    place = place_of(path, column)
    figures = [row[place] for rows in sheets_of(path).values() for row in rows]
    return sum((cents(figure) for figure in figures if isinstance(figure, (int, float))), Decimal(0))
