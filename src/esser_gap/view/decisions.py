"""The decisions that lost funding asks for, and by when each has to be made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name
from esser_gap.view.case import case_of, label_of, years_word
from esser_gap.view.first_to_lose import status_of
from esser_gap.view.origins import calendar_day
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from datetime import date

    from esser_gap.fiscal_year import FiscalCalendar
    from esser_gap.model.commitment import Commitment
    from esser_gap.projecting import Projection


def decisions_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List by when each loss of funding has to be decided, passed days first.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        The day to decide by, whether it passed, the commitment, the notice asked for, who answers for it,
        the date funding is lost, and the gap over the horizon in dollars.
    """
    case = case_of(projection, district=district, scenario=scenario)
    commitments = case.commitments()
    losses = case.rows("losses").filter(pl.col("decide_by") <= case.horizon.calendar.last_day(case.horizon.last_year))
    rows = tuple(
        Row(
            (
                loss["decide_by"],
                status_of(passed=loss["decide_by_passed"]),
                label_of(commitments[loss["commitment"]]),
                notice_of(commitments[loss["commitment"]]),
                commitments[loss["commitment"]].owner,
                loss["funding_lost_on"],
                loss["horizon_gap"],
            )
        )
        for loss in losses.sort("decide_by", "rank").iter_rows(named=True)
    )
    headings = (
        Heading("Decide by", Show.DATE),
        Heading("Status", Show.CODE),
        Heading("Commitment", width=36),
        Heading("Notice", width=18),
        Heading("Owner", width=18),
        Heading("Lost on", Show.DATE),
        Heading(f"Gap over {years_word(case.horizon)}", Show.DOLLARS, is_shortfall=True),
    )
    notes = () if rows else ("no commitment loses funding, so nothing has to be decided",)
    return Table("decisions", "Decisions and their deadlines", headings, rows, notes)


def notice_of(commitment: Commitment) -> str:
    """Say what notice a commitment asks for, in words: `120 days`, `by Mar 15`, `none`."""
    words = [f"{commitment.notice_days} days"] if commitment.notice_days else []
    if commitment.notice_by:
        words.append(f"by {calendar_day(commitment.notice_by)}")
    return " and ".join(words) or "none"


def how_decided(commitment: Commitment, *, lost_on: date, decide_by: date, year: int, calendar: FiscalCalendar) -> str:
    """Say how the day to decide by follows from the notice.

    Args:
        commitment: The commitment that loses funding.
        lost_on: Date of the first payment not paid in full.
        decide_by: The day to decide by.
        year: Fiscal year of that payment.
        calendar: The district's fiscal calendar.
    """
    if commitment.notice_by and decide_by < lost_on - timedelta(days=commitment.notice_days):
        day = calendar_day(commitment.notice_by)
        return f"the last {day} on or before {calendar.first_day(year)}, the first day of {year_name(year)}"
    if commitment.notice_days:
        return f"{commitment.notice_days} days of notice before {lost_on}"
    return "the date of the payment itself, since no earlier notice is asked for"
