"""Fiscal years and months: the one place that does calendar arithmetic.

A month is counted as one number, `year * 12 + month - 1`, so that ranges and steps are plain sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

MONTHS = 12
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_of(day: date) -> int:
    """Count the month that holds a day.

    Examples:
        >>> month_of(date(2026, 7, 15)) == 2026 * 12 + 6
        True
    """
    return day.year * MONTHS + day.month - 1


def first_day(month: int) -> date:
    """Give the first day of a counted month."""
    return date(month // MONTHS, month % MONTHS + 1, 1)


def first_month_from(day: date) -> int:
    """Count the first month that begins on or after a day."""
    return month_of(day) + (day.day > 1)


def month_after(day: date) -> int:
    """Count the month that holds the next day."""
    return month_of(day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Fiscal years of 12 months, named by the calendar year they end in.

    Attributes:
        start_month: Calendar month the year starts in, 1 to 12 (7 is July, the usual one).
    """

    start_month: int = 7

    def year_of(self, day: date) -> int:
        """Name the fiscal year that holds a day.

        Examples:
            >>> FiscalCalendar(7).year_of(date(2026, 11, 23)), FiscalCalendar(1).year_of(date(2026, 11, 23))
            (2027, 2026)
        """
        return self.year_of_month(month_of(day))

    def year_of_month(self, month: int) -> int:
        """Name the fiscal year that holds a counted month."""
        return (month - (self.start_month - 1)) // MONTHS + (self.start_month > 1)

    def first_month(self, year: int) -> int:
        """Count the month a fiscal year starts in."""
        return (year - (self.start_month > 1)) * MONTHS + self.start_month - 1

    def first_day(self, year: int) -> date:
        """Give the first day of a fiscal year."""
        return first_day(self.first_month(year))

    def last_day(self, year: int) -> date:
        """Give the last day of a fiscal year."""
        return first_day(self.first_month(year + 1)) - timedelta(days=1)

    def span(self, year: int) -> str:
        """Describe a fiscal year's months.

        Examples:
            >>> FiscalCalendar(7).span(2027)
            'Jul 2026-Jun 2027'
        """
        first, last = self.first_day(year), self.last_day(year)
        return f"{MONTH_NAMES[first.month - 1]} {first.year}-{MONTH_NAMES[last.month - 1]} {last.year}"


def year_name(year: int) -> str:
    """Write a fiscal year the way districts do.

    Examples:
        >>> year_name(2027)
        'FY2027'
    """
    return f"FY{year}"


def value_in(path: Mapping[int, Decimal], year: int) -> Decimal:
    """Read a yearly map: a year not named takes the nearest earlier named year's value, else the first's.

    Examples:
        >>> value_in({2027: 5, 2029: 7}, 2028), value_in({2027: 5, 2029: 7}, 2020)
        (5, 5)
    """
    named = [known for known in path if known <= year]
    return path[max(named) if named else min(path)]
