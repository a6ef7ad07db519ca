"""The sentence that says what a result rests on: dates, years, scenario and its rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import MONTH_NAMES, year_name
from esser_gap.money import percent

if TYPE_CHECKING:
    from decimal import Decimal

    from esser_gap.projecting import Projection


def basis(projection: Projection, *, scenario: str) -> str:
    """Say what a run used: as-of date, fiscal years, and the scenario with its rates and paths.

    Args:
        projection: Everything projected.
        scenario: Name of the scenario.
    """
    settings = projection.settings
    record = next(s for s in projection.scenarios if s.name == scenario)
    starts = dict.fromkeys(settings.calendar_of(district).start_month for district in projection.budget.districts)
    months = " or ".join(MONTH_NAMES[month - 1] for month in starts)
    last = settings.first_year + settings.years - 1
    growth = "; ".join(f"{key} {_rate(rate)}" for key, rate in record.growth.items()) or "none"
    drivers = f" Paths from the scenario: {', '.join(record.drivers)}." if record.drivers else ""
    return (
        f"As of {settings.as_of}, {year_name(settings.first_year)}-{year_name(last)}, fiscal years starting in"
        f" {months}. Scenario `{scenario}`, price growth a year: {growth}.{drivers}"
    )


def _rate(rate: Decimal | dict[int, Decimal]) -> str:
    if isinstance(rate, dict):
        return ", ".join(f"{percent(value)} from {year_name(year)}" for year, value in sorted(rate.items()))
    return percent(rate)
