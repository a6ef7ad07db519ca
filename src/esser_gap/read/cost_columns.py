"""Which column is the cost: where several could be meant, the question and how to answer it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.issues import Where, error
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.headings import folded
from esser_gap.read.rows import amount_of, is_code_heading
from esser_gap.read.sheets import letters
from esser_gap.read.tables import find_header

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esser_gap.issues import Issue
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.tables import Header

_SAMPLE = 200
_OF_ALL = re.compile(r"\b(total|extended|ext|annual|yearly|per year|a year|all)\b", re.IGNORECASE)
"""Words of headings that speak of the cost of all, not of one."""


def year_columns(sheet: Sheet, header: Header) -> list[int]:
    """List the columns that no field is matched to, that a fiscal year heads, and that hold figures, by place.

    Args:
        sheet: The sheet.
        header: Its header.
    """
    below = sheet.rows[header.row + 1 : header.row + 1 + _SAMPLE]
    return [
        place
        for place in header.others
        if fiscal_year_within(header.headings[place]) is not None
        and not is_code_heading(header.headings[place].replace("year", ""))
        and any(place < len(row) and amount_of(row[place]) is not None for row in below)
    ]


def cost_unclear(sheet: Sheet, header: Header) -> list[Issue]:
    """Ask which column is the cost, where columns of years could be meant as well as one that only looks like it.

    Args:
        sheet: The sheet.
        header: Its header.
    """
    place = header.fields.get("annual_cost")
    if place is not None and folded(header.headings[place]) == "annual cost":
        return []
    years = year_columns(sheet, header)
    if place is not None:
        beside = _price_of_one(sheet, header, place)
        if beside is not None:
            return [beside]
    if not years:
        return []
    candidates = sorted([*years, *([] if place is None else [place])])
    named = ", ".join(f"`{header.headings[p]}` ({letters(p)})" for p in candidates)
    verb = "could be the cost" if len(candidates) > 1 else "looks like the cost of one year"
    hint = (
        f"head the right one annual_cost, or say which: `known_headings: yes` and"
        f" `columns: {{annual_cost: {header.headings[candidates[-1]]}}}` in a mapping"
    )
    where = Where(sheet.file, sheet.name, f"row {header.row + 1}")
    return [error("cost-unclear", f"{named} {verb}", where=where, field="annual_cost", hint=hint)]


def _price_of_one(sheet: Sheet, header: Header, place: int) -> Issue | None:
    """Ask whether a column such as `Price` is for one or for all, where a quantity or a total stands beside it."""
    heading = header.headings[place]
    if _OF_ALL.search(heading) or "unit_cost" in header.fields:
        return None
    below = sheet.rows[header.row + 1 : header.row + 1 + _SAMPLE]
    totals = [
        other
        for other in header.others
        if _OF_ALL.search(header.headings[other])
        and any(other < len(row) and amount_of(row[other]) is not None for row in below)
    ]
    beside = totals or [header.fields[name] for name in ("quantity",) if name in header.fields]
    if not beside:
        return None
    named = ", ".join(f"`{header.headings[p]}` ({letters(p)})" for p in beside)
    message = f"`{heading}` ({letters(place)}) beside {named} could be the price of one, or the cost of all"
    hint = "head it unit_cost if it is for one, annual_cost if it is for all; for pay: annual_cost is the salary of all"
    where = Where(sheet.file, sheet.name, f"{letters(place)}{header.row + 1}")
    return error("cost-unclear", message, where=where, field="annual_cost", found=heading, hint=hint)


def nothing_found(path: Path, sheets: Sequence[Sheet], names: tuple[str, ...]) -> list[Issue]:
    """Say that no sheet looks like commitments, or which column could be the cost of one that nearly does.

    Args:
        path: The file.
        sheets: Its sheets.
        names: Names of a commitment's fields.
    """
    for sheet in sheets:
        header = find_header(sheet, names, "commitment", ("name",))
        asked = [] if header is None else cost_unclear(sheet, header)
        if asked:
            return asked
    named = ", ".join(f"`{sheet.name}`" for sheet in sheets[:12])
    message = f"no sheet has the headings of commitments (sheets: {named})"
    hint = "head the columns: name, category, kind, annual_cost; `esser-gap init` makes a template"
    return [error("header-not-found", message, where=Where(path.name), hint=hint)]
