"""What the heading of a cost says: the unit of its amounts, and the year of its prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Where, error, note
from esser_gap.read.captions import titles_of
from esser_gap.read.fiscal_years import fiscal_year_within
from esser_gap.read.sheets import letters
from esser_gap.read.units import Unit, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.read.rows import Body
    from esser_gap.read.tables import Table


def units_of(body: Body, places: Mapping[str, int], issues: list[Issue]) -> dict[str, Unit]:
    """Find the unit of columns of money that their heading or a title above the table names, and say so.

    Args:
        body: The table's rows.
        places: Place of each column of money, by field.
        issues: What was recognized is added here.
    """
    headings = body.table.header.headings
    titled = unit_in_titles([text for _, text in titles_of(body)])
    units: dict[str, Unit] = {}
    for name, place in places.items():
        own = unit_of(headings.get(place, ""))
        unit = own or titled
        if unit is None:
            continue
        units[name] = unit
        if unit.factor == 1:
            continue
        where = _where(body.table, place)
        if own is None and name == "unit_cost":
            message = f"a title says `{unit.words}`, and whether that goes for prices of one, too, is not certain"
            hint = "write ($) or (in thousands) in the heading, or say `unit:` in a mapping"
            issues.append(error("unit-unclear", message, where=where, field=name, found=unit.words, hint=hint))
            continue
        message = f"an amount of 1 in `{name}` is {unit.factor:,.0f} dollars, as `{unit.words}` says"
        hint = "write `unit: dollars` in a mapping, if it is not"
        issues.append(note("unit-recognized", message, where=where, field=name, hint=hint))
    return units


def unit_in_titles(titles: Sequence[str]) -> Unit | None:
    """Give the unit of money that a title says, None when none does.

    Args:
        titles: Texts above a table.
    """
    # `Cedar Valley USD` is a unified school district.
    return next((unit for text in titles if (unit := unit_of(text)) and unit.words.casefold() != "usd"), None)


def price_year_of(table: Table, place: int, issues: list[Issue]) -> int | None:
    """Take the fiscal year of prices from the heading of the cost, such as `2022-2023 Proposed`, and say so.

    Args:
        table: The table.
        place: Place of the column of the cost.
        issues: What was taken is added here.
    """
    heading = table.header.headings.get(place, "")
    year = fiscal_year_within(heading)
    if year is not None:
        message = f"costs are taken as FY{year} dollars, as the heading `{heading}` says"
        hint = "write `constants: {price_year: FY2027}` in a mapping, if they are others"
        where = _where(table, place)
        issues.append(note("price-year-recognized", message, where=where, field="price_year", hint=hint))
    return year


def _where(table: Table, place: int) -> Where:
    return Where(table.sheet.file, table.sheet.name, f"{letters(place)}{table.header.row + 1}")
