"""Spreadsheets shaped as districts' own are: titles, headers of several rows, tables side by side, totals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl

from spreadsheets import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    Rows = list[list[Any]]


AWKWARD: Rows = [
    ["Cedar Valley USD"],
    ["Technology costs, dollars in thousands"],
    [],
    [None, "Fund", "Account", "Item", "Contract", None, "2025-26", None, None, "Site", "Count"],
    [None, None, None, None, "Starts", "Ends", "Actual", "Budget"],
    [
        None,
        "General Fund",
        "0110-01",
        "Information system",
        date(2023, 7, 1),
        "June 2027",
        182.5,
        186.4,
        None,
        "Lincoln",
        120,
    ],
    [None, None, "0110-02", "Web filter", date(2024, 7, 1), date(2027, 6, 30), 9, 9.5, None, "Garfield", 95],
    [None, "General Fund - Total", None, None, None, None, 191.5, 195.9, None, "Roosevelt", 80],
    [],
    [None, "ESSER III", "0282-01", "Math practice", date(2022, 7, 1), date(2026, 6, 30), 45, 45],
    [None, None, "0282-02", "Hotspots", None, None, 12.25, 12.25],
    [None, "ESSER III - Total", None, None, None, None, 57.25, 60.25],
    [],
    [None, "E-rate fund", "0415-01", "Switches", date(2025, 7, 1), None, 30, 32.5],
    [None, None, "0415-02", "Cabling", None, None, 14.5, 15],
    [None, "E-rate fund - Total", None, None, None, None, 44.5, 47.5],
    [None, "Grand total", None, None, None, None, 293.25, 300.65],
    [],
    [None, "* as proposed to the board in May"],
]


def write_awkward(path: Path) -> Path:
    """Write a book with a table from B4 on, one beside it, and a hidden row, column and sheet."""
    write_xlsx(path, {"Tech costs": AWKWARD, "Old": [["not used any more"]], "Blank": []}, hidden=["Old"])
    book = openpyxl.load_workbook(path)
    sheet = book["Tech costs"]
    sheet.merge_cells("E4:F4")
    sheet.merge_cells("G4:H4")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["E"].hidden = True
    book.save(path)
    return path


def write_spread(path: Path, sheets: int) -> Path:
    """Write a book with one table on many sheets: a fund in each title, subtotals, and one total of all at the end."""
    book: dict[str, Rows] = {}
    grand = 0.0
    for number in range(sheets):
        rows: Rows = [
            ["Cedar Valley USD"],
            [f"Fund: {100 + number} - FUND {number}"],
            ["School", "Account", "Account Title", "2025-26 Actual", "2026-27 Proposed"],
        ]
        total = 0.0
        for group in range(3):
            costs = [round(1.1 * (number + 1) + 7.77 * line, 2) for line in range(4)]
            rows += [
                [f"School {group}" if line == 0 else None, f"0{300 + line}", f"Line {line}", cost, cost * 2]
                for line, cost in enumerate(costs)
            ]
            rows.append([f"School {group} - Total", None, None, round(sum(costs), 2), round(sum(costs) * 2, 2)])
            total += sum(costs)
        grand += total
        rows.append([f"Fund {100 + number} - Total", None, None, round(total, 2), round(total * 2, 2)])
        book[f"{100 + number}"] = rows
    book[f"{99 + sheets}"].append(["Overall - Total", None, None, round(grand, 2), round(grand * 2, 2)])
    return write_xlsx(path, book)
