"""Days, and months and years where a day is meant, in text and numbers; None where there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import MONTHS, first_day, year_name
from esser_gap.issues import warning
from esser_gap.read.fiscal_years import fiscal_year_in, full_year
from esser_gap.read.numbers import tidied

if TYPE_CHECKING:
    from decimal import Decimal

    from esser_gap.fiscal_year import FiscalCalendar
    from esser_gap.issues import Issue, Where

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Day numbers that Excel dates of 1954 to 2119 have."""
_WRITTEN_TOGETHER = range(1900_01_01, 2200_01_01)
_YEARS = range(1990, 2201)
"""The years a budget can speak of."""
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_FLAGS = re.ASCII | re.IGNORECASE
_MIDNIGHT = re.compile(r"[T ](00?|12):00(:00(\.0+)?)?(Z| ?AM)?$", _FLAGS)
_WEEKDAY = re.compile(r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? ", _FLAGS)
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_FOUR = "[12][0-9]{3}"
_DAYS = tuple(
    re.compile(form, _FLAGS)
    for form in (
        rf"(?P<year>{_FOUR})([-/.])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}})",
        rf"(?P<year>{_FOUR})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        rf"(?P<month>[0-9]{{1,2}})(?P<mark>[-/.])(?P<day>[0-9]{{1,2}})(?P=mark)(?P<year>{_FOUR}|[0-9]{{2}})",
        rf"{_NAME}[-/ ]?{_DAY}(?:, ?|[-/ ])'?(?P<year>{_FOUR}|[0-9]{{2}})",
        rf"{_DAY}(?: of)?[-/ ]?{_NAME}(?:, ?|[-/ ])?'?(?P<year>{_FOUR}|[0-9]{{2}})",
        rf"(?P<year>{_FOUR})[-/ ]{_NAME}[-/ ](?P<day>[0-9]{{1,2}})",
    )
)
_MONTHS_OF_YEARS = tuple(
    re.compile(form, _FLAGS)
    for form in (
        rf"(?P<year>{_FOUR})[-/](?P<month>0?[1-9]|1[0-2])",
        rf"(?P<month>0?[1-9]|1[0-2])[-/](?P<year>{_FOUR})",
        rf"{_NAME}(?:, ?|[-/ ])?'?(?P<year>{_FOUR})",
        rf"{_NAME} ?['/-](?P<year>[0-9]{{2}})",
        rf"(?P<year>{_FOUR})[-/ ]{_NAME}",
    )
)
_MONTH_OR_YEAR = re.compile(rf"({_FOUR})[-/](0[1-9]|1[0-2])", re.ASCII)
_MONTH_OR_DAY = re.compile(r"(?:0[1-9]|1[0-2]) ?[-/] ?[0-9]{2}", re.ASCII)
_DAY_NUMBER = re.compile(r"([2-7][0-9]{4})(?:\.[0-9]+)?", re.ASCII)
_MONTH_AND_DAY = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})", re.ASCII)
_NAMED_MONTH_AND_DAY = re.compile(rf"{_NAME} {_DAY}", _FLAGS)
_DAY_AND_NAMED_MONTH = re.compile(rf"{_DAY}(?: of)?[- ]{_NAME}", _FLAGS)


class Edge(StrEnum):
    """Which day of a month or a year a field means."""

    FIRST = "first"
    LAST = "last"


_EDGES = {
    "starts_on": Edge.FIRST,
    "purchased_on": Edge.FIRST,
    "obligated_on": Edge.FIRST,
    "from": Edge.FIRST,
    "ends_on": Edge.LAST,
    "paid_through": Edge.LAST,
    "supported_until": Edge.LAST,
    "through": Edge.LAST,
    "liquidate_by": Edge.LAST,
}


def edge_of(field: str) -> Edge | None:
    """Tell which day of a month or a year a date field of a commitment or an award means.

    Args:
        field: Its name, as in a header.

    Returns:
        First or last; None for fields in which a month or a year is no day.

    Examples:
        >>> edge_of("paid_through"), edge_of("as_of")
        (<Edge.LAST: 'last'>, None)
    """
    return _EDGES.get(field)


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a fiscal year that was written where a day is meant.

    Attributes:
        year: Calendar year of the month, else the fiscal year, named by the year it ends in.
        month: Calendar month, 1 to 12; None for a fiscal year.
    """

    year: int
    month: int | None = None

    @property
    def kind(self) -> str:
        """Say what it is: a month or a year."""
        return "a year" if self.month is None else "a month"

    @property
    def name(self) -> str:
        """Write it: `FY2025` or `September 2024`."""
        return year_name(self.year) if self.month is None else f"{_MONTH_NAMES[self.month - 1]} {self.year}"

    def day(self, calendar: FiscalCalendar, *, last: bool) -> date:
        """Give its first or its last day.

        Args:
            calendar: The district's fiscal years.
            last: Whether the last day is meant.

        Examples:
            >>> from esser_gap.fiscal_year import FiscalCalendar
            >>> Period(2025).day(FiscalCalendar(7), last=True), Period(2024, 9).day(FiscalCalendar(7), last=False)
            (datetime.date(2025, 6, 30), datetime.date(2024, 9, 1))
        """
        if self.month is None:
            return calendar.last_day(self.year) if last else calendar.first_day(self.year)
        month = self.year * MONTHS + self.month - 1
        return first_day(month + 1) - timedelta(days=1) if last else first_day(month)


def assumed_day_issue(field: str, period: Period, calendar: FiscalCalendar, found: str, where: Where) -> Issue:
    """Warn that a month or a year is taken as its first or last day.

    Args:
        field: Name of a date field whose day `edge_of` knows.
        period: What was written.
        calendar: The district's fiscal years.
        found: What was written, as text.
        where: Its place.
    """
    edge = _EDGES[field]
    day = period.day(calendar, last=edge is Edge.LAST)
    written = f"{_MONTH_NAMES[day.month - 1]} {day.day}, {day.year}"
    hint = f"assumed: {written}, the {edge.value} day of {period.name}; write the day if it is another"
    message = f"`{field}` names {period.kind}, not a day"
    return warning("date-assumed", message, where=where, field=field, found=found, hint=hint)


def date_numbered(number: int) -> date | None:
    """Give the date that Excel counts as a day number, or whose eight digits a number has (20240930)."""
    if number in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=number)
    return date_in(str(number)) if number in _WRITTEN_TOGETHER else None


def day_or_period_numbered(number: Decimal) -> date | Period | None:
    """Give the date that a number is, or the fiscal year."""
    whole = int(number)
    day = date_numbered(whole)
    # The part of a day that a number has is the time of day; a year has no part.
    return Period(whole) if day is None and number == whole and whole in _YEARS else day


def date_in(text: str) -> date | None:
    """Read a date that is written out, month before day where both are numbers.

    Examples:
        >>> date_in("9/30/24"), date_in("Mon., Sept 30th, 2024") == date_in("2024-09-30")
        (datetime.date(2024, 9, 30), True)
    """
    body = _MIDNIGHT.sub("", tidied(text))
    if number := _DAY_NUMBER.fullmatch(body):
        return date_numbered(int(number[1]))
    weekday = _WEEKDAY.match(body)
    parts = _parts_of(body[weekday.end() :] if weekday else body)
    try:
        day = date(*parts) if parts is not None else None
    except ValueError:
        return None
    is_another = day is not None and weekday is not None and _WEEKDAYS[day.weekday()] != weekday[1][:3].casefold()
    return None if is_another else day


def _parts_of(body: str) -> tuple[int, int, int] | None:
    """Part a written date into year, month and day, which need not exist."""
    for form in _DAYS:
        if match := form.fullmatch(body):
            year, month = full_year(match["year"]), _month_of(match)
            day = int(match["day"])
            # Dots are how Europe writes days, day first; which of two small numbers is the day is not certain.
            is_open = match.groupdict().get("mark") == "." and month != day and day <= MONTHS
            return None if year is None or month is None or is_open else (year, month, day)
    return None


def _month_of(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    return month_named(groups["name"]) if "name" in groups else int(groups["month"])


def period_in(text: str) -> Period | None:
    """Read a month with its year, or a fiscal year; what could be either is none.

    Examples:
        >>> period_in("Sep-24"), period_in("2024-25"), period_in("2009-10")
        (Period(year=2024, month=9), Period(year=2025, month=None), None)
    """
    body = tidied(text)
    if is_month_or_year(text) or _MONTH_OR_DAY.fullmatch(body):
        return None
    for form in _MONTHS_OF_YEARS:
        if match := form.fullmatch(body):
            month = _month_of(match)
            return None if month is None else _period(full_year(match["year"]), month)
    return _period(fiscal_year_in(body), None)


def _period(year: int | None, month: int | None) -> Period | None:
    return None if year is None or year not in _YEARS else Period(year, month)


def day_or_period_in(text: str) -> date | Period | None:
    """Read a day, or a month or a year in place of one."""
    return date_in(text) or period_in(text)


def is_month_or_year(text: str) -> bool:
    """Tell whether text could be a month as well as a fiscal year: `2009-10` is October 2009 and FY2010."""
    match = _MONTH_OR_YEAR.fullmatch(tidied(text))
    return match is not None and fiscal_year_in(match[0]) is not None


def advice_on_day(text: str) -> str | None:
    """Say what is wrong with text that looks like a day and is none; None when it does not look like one."""
    body = _WEEKDAY.sub("", _MIDNIGHT.sub("", tidied(text)), count=1)
    if day_or_period_in(f"{body[:-2]}19{body[-2:]}") is not None:
        return "write all four digits of the year, such as 2026-06-30"
    match = next((match for form in _DAYS if (match := form.fullmatch(body))), None)
    month = None if match is None else _month_of(match)
    if match is None or month is None:
        return None
    is_day_first = month > MONTHS and int(match["day"]) <= MONTHS
    if is_day_first or _parts_of(body) is None:
        return "write the month first, such as 6/30/2026, or the year first, such as 2026-06-30"
    return "there is no such day: write one of the calendar, such as 2026-06-30"


def month_named(word: str) -> int | None:
    """Number a month by its English name, or at least three letters of it."""
    start = word.casefold().removesuffix(".")
    start = "sep" if start == "sept" else start
    named = [n for n, name in enumerate(_MONTH_NAMES, 1) if name.casefold().startswith(start)]
    return named[0] if len(start) >= 3 and named else None  # noqa: PLR2004 - `ma` could be two


def day_of_year_in(text: str) -> date | None:
    """Read a calendar day without a year (`03-15`, `March 15`, `15-Mar`), or the day of a whole date."""
    body = tidied(text)
    # 2023 is no leap year, so that February 29th, which most years lack, is refused.
    if match := _MONTH_AND_DAY.fullmatch(body):
        return date_in(f"2023-{match[1]}-{match[2]}")
    if match := _NAMED_MONTH_AND_DAY.fullmatch(body) or _DAY_AND_NAMED_MONTH.fullmatch(body):
        return date_in(f"{match['name']} {match['day']}, 2023")
    return date_in(body)
