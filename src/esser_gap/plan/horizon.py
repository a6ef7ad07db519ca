"""The years a projection covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import month_of

if TYPE_CHECKING:
    from datetime import date

    from esser_gap.fiscal_year import FiscalCalendar


@dataclass(frozen=True, slots=True)
class Horizon:
    """The projected fiscal years, and the day the projection is made.

    Attributes:
        calendar: Fiscal years of the district.
        as_of: The day from which deadlines and overdue replacements are judged.
        first_year: First projected fiscal year.
        count: How many fiscal years.
    """

    calendar: FiscalCalendar
    as_of: date
    first_year: int
    count: int

    @property
    def years(self) -> range:
        """List the projected fiscal years."""
        return range(self.first_year, self.first_year + self.count)

    @property
    def last_year(self) -> int:
        """Give the last projected fiscal year."""
        return self.first_year + self.count - 1

    @property
    def default_price_year(self) -> int:
        """Give the fiscal year of dollars that name none: the one that holds the as-of date."""
        return self.calendar.year_of(self.as_of)

    @property
    def as_of_month(self) -> int:
        """Count the month that holds the as-of date."""
        return month_of(self.as_of)
