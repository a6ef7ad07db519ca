"""Dates with the day first, as most of the world writes them: what else could then be either is asked about."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import MONTHS
from esser_gap.issues import error
from esser_gap.read.fiscal_years import full_year
from esser_gap.read.numbers import tidied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.origin import Origin
    from esser_gap.read.values import Raw

_NUMBERS = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([12][0-9]{3}|[0-9]{2})", re.ASCII)


def days_in_doubt(columns: Mapping[str, Sequence[Raw]], origins: Sequence[Origin]) -> tuple[list[Issue], set[int]]:
    """Ask about dates whose first number may be the day or the month, where others show that the day stands first.

    Args:
        columns: Raw cells of the columns of dates, by field.
        origins: Origin of each record.

    Returns:
        An error for each such date, and the places of their records; nothing where no date has its day first.
    """
    first = next((found for name, raws in columns.items() if (found := _shows_day_first(name, raws, origins))), None)
    if first is None:
        return [], set()
    issues, places = [], set()
    for name, raws in columns.items():
        for place, raw in enumerate(raws):
            readings = _readings(raw)
            if readings is not None:
                one, other = readings
                message = f"`{name}` could be {_day(one)} or {_day(other)}, since {first} has the day first"
                hint = f"write the year first: {one} or {other}"
                where = origins[place].where(name)
                issues.append(error("day-or-month", message, where=where, field=name, found=str(raw), hint=hint))
                places.add(place)
    return issues, places


def _parts(raw: Raw) -> tuple[int, int, str] | None:
    match = _NUMBERS.fullmatch(tidied(raw)) if isinstance(raw, str) else None
    return None if match is None else (int(match[1]), int(match[3]), match[4])


def _shows_day_first(name: str, raws: Sequence[Raw], origins: Sequence[Origin]) -> str | None:
    """Give a date that can only have its day first, with its cell."""
    for raw in dict.fromkeys(raws):
        parts = _parts(raw)
        if parts is not None and MONTHS < parts[0] <= 31 and 1 <= parts[1] <= MONTHS:  # noqa: PLR2004 - days
            return f"`{tidied(raw)}` in {origins[list(raws).index(raw)].where(name).cell}"
    return None


def _readings(raw: Raw) -> tuple[date, date] | None:
    """Give the two days that a date may mean; None where it can only mean one, or none."""
    parts = _parts(raw)
    year = full_year(parts[2]) if parts is not None else None
    if parts is None or year is None or parts[0] == parts[1] or not all(1 <= part <= MONTHS for part in parts[:2]):
        return None
    return date(year, parts[0], parts[1]), date(year, parts[1], parts[0])


def _day(day: date) -> str:
    return f"{day:%B} {day.day}"
