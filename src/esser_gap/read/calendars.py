"""The fiscal calendars of districts, for dates that name only a month or a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.fiscal_year import FiscalCalendar
from esser_gap.read.dates import Edge, Period, assumed_day_issue, edge_of
from esser_gap.read.values import NotUnderstood, parse, parse_day_or_period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from esser_gap.issues import Issue, Where
    from esser_gap.model.district import District
    from esser_gap.model.record import FieldForm
    from esser_gap.read.values import Raw

_JULY = 7


def day_or_period(raw: Raw, form: FieldForm) -> date | Period:
    """Read a day, or a month or year in place of one.

    Args:
        raw: What stood in the file.
        form: A field that holds a day.

    Raises:
        NotUnderstood: When it is neither.
    """
    try:
        day: date = parse(raw, form)
    except NotUnderstood as problem:
        if problem.code != "date-not-understood":
            raise
        return parse_day_or_period(raw, form)
    return day


class Calendars:
    """Knows in which month the fiscal year of each district starts."""

    def __init__(self, starts: Mapping[str, int], only: int | None = None, forced: int | None = None) -> None:
        """Take the months.

        Args:
            starts: Month by district name.
            only: Month of districts that are not named there.
            forced: Month that holds for all, whatever they say.
        """
        self._starts, self._only, self._forced = starts, only, forced

    def periods_in(self, values: Sequence[Any]) -> Iterator[tuple[int, Period]]:
        """List the values that are no day yet, with their places."""
        if Period not in set(map(type, values)):
            return iter(())
        return ((place, value) for place, value in enumerate(values) if isinstance(value, Period))

    def settled(self, period: Period, field: str, district: str | None, found: str, where: Where) -> tuple[date, Issue]:
        """Take the first or last day of a month or year, as the field means, and say so.

        Args:
            period: The month or year.
            field: Name of the field.
            district: Whose it is.
            found: What stands in the file.
            where: Its cell.
        """
        calendar = FiscalCalendar(self._forced or self._starts.get(district or "") or self._only or _JULY)
        return period.day(calendar, last=edge_of(field) is Edge.LAST), assumed_day_issue(
            field, period, calendar, found, where
        )


def calendars_of(districts: Sequence[District], forced: int | None = None) -> Calendars:
    """Take the months in which fiscal years start from the facts of districts.

    Args:
        districts: Their facts; those of a single one hold for all.
        forced: Month that holds for all, whatever they say.
    """
    starts = {district.name: district.fiscal_year_start for district in districts if district.fiscal_year_start}
    return Calendars(starts, next(iter(starts.values())) if len(starts) == len(districts) == 1 else None, forced)
