"""What a run used, as its outputs report it: versions, dates, files, scenarios, and the money that counted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from esser_gap import __version__
from esser_gap.issues import Severity
from esser_gap.model.budget import InputFile, Receipt
from esser_gap.model.district import District
from esser_gap.model.record import Day, FiscalYear, Form, Money, Record, Text, YesNo
from esser_gap.model.scenario import Scenario, YearlyNumber
from esser_gap.model.source import Source
from esser_gap.model.words import Certainty
from esser_gap.money import to_dollars
from esser_gap.plan.certainty import gaps_by_certainty, is_all_secured
from esser_gap.plan.endings import endings
from esser_gap.view.case import Case
from esser_gap.view.left_out import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.issues import Issue
    from esser_gap.model.budget import Rejected
    from esser_gap.projecting import Projection


class GapIf(Record):
    """The gap if all money of a certainty, and all surer money, came."""

    counts: Certainty
    """The least certainty that counts in these figures."""
    gaps: dict[FiscalYear, Money]
    """Dollars that nobody pays, by fiscal year."""


class EndingMoney(Record):
    """A source that pays in the projected years and ends before they are over."""

    source: Text
    """Name of the source."""
    recurring: YesNo
    """Whether what it pays is sustained."""
    ends_on: Day | None = None
    """Last day of its last award; absent where its last dollar is spent before any day ends it."""
    last_full_year: FiscalYear
    """Last fiscal year that it covers whole and pays in, else the last one it pays in."""
    paid: Money
    """What it paid in that year, dollars."""
    losers: tuple[str, ...]
    """Ids of the commitments that it paid in that year or later and that still cost something afterwards."""


class ResolvedPlan(Record):
    """What one district had under one scenario, after the scenario was laid over the budget."""

    district: Text
    """Name of the district."""
    scenario: Text
    """Name of the scenario."""
    drivers: dict[str, YearlyNumber]
    """Quantities that costs follow, by driver and fiscal year."""
    sources: tuple[Source, ...]
    """Sources as listed, known ones that the budget only names first."""
    counts: Certainty
    """The least certainty of money that counts."""
    not_counted: tuple[str, ...]
    """Sources whose money is not certain enough to count."""
    gap_if: tuple[GapIf, ...]
    """The gap if less certain money came, too; empty where every source is secured."""
    ending: tuple[EndingMoney, ...]
    """Sources that pay in the projected years and end before they are over, first to end first."""


class RejectedRows(Record):
    """A row, or rows that were summed, that an error keeps out of the figures."""

    file: Text
    """File it stands in."""
    sheet: Text
    """Sheet it stands in."""
    rows: tuple[int, ...]
    """Row numbers as a spreadsheet shows them."""
    dollars: Annotated[Decimal, Form.MONEY] | None = None
    """What it states as its cost, which may be below zero; absent where that cannot be read."""
    id: Text
    """Its id, blank where it is not known."""
    name: Text
    """Its name, blank where it is not known."""


class Run(Record):
    """What the run used."""

    version: Text
    """Version of esser-gap."""
    as_of: Day
    """Day from which deadlines are judged."""
    first_year: FiscalYear
    """First projected fiscal year."""
    years: int
    """Number of projected fiscal years."""
    inputs: tuple[InputFile, ...]
    """Files read, with the SHA-256 of their bytes."""
    receipts: tuple[Receipt, ...]
    """What became of the rows of each sheet."""
    left_out: Text
    """What the figures leave out because of errors, in one sentence; blank when nothing."""
    rejected: tuple[RejectedRows, ...]
    """Rows that an error keeps out of the figures, with the dollars they state."""
    districts: tuple[District, ...]
    """Districts with the month their fiscal year starts in."""
    scenarios: tuple[Scenario, ...]
    """Scenarios, merged with what they extend, actions as read."""
    plans: tuple[ResolvedPlan, ...]
    """What each district had under each scenario, in the order of the tables."""


class IssueRow(Record):
    """One problem, assumption or note; blank texts do not apply."""

    severity: Severity
    """`warning` or `note`; with an error nothing is projected."""
    code: Text
    """Stable name of the kind of issue."""
    message: Text
    """What it is, in one sentence."""
    file: Text
    """File it stands in."""
    sheet: Text
    """Sheet it stands in."""
    cell: Text
    """Cell, row or key it stands in."""
    rows: tuple[int, ...] | None = None
    """All rows of what was summed or put together of several; absent where there is one."""
    field: Text
    """Field of the record concerned."""
    found: Text
    """What stood there."""
    hint: Text
    """What to write instead, or what was assumed."""


def run_of(projection: Projection) -> Run:
    """Collect what a projection used.

    Args:
        projection: The tables with the budget, settings, scenarios and plans behind them.
    """
    settings, budget = projection.settings, projection.budget
    starts = [settings.calendar_of(district).start_month for district in budget.districts]
    return Run(
        version=__version__,
        as_of=settings.as_of,
        first_year=settings.first_year,
        years=settings.years,
        inputs=budget.files,
        receipts=budget.receipts,
        left_out=left_out(budget),
        rejected=tuple(map(_rejected_rows, budget.rejected)),
        districts=tuple(
            district.model_copy(update={"fiscal_year_start": start})
            for district, start in zip(budget.districts, starts, strict=True)
        ),
        scenarios=projection.scenarios,
        plans=tuple(_resolved(Case(projection, plan, settings.horizon_of(plan.district))) for plan in projection.plans),
    )


def issue_row(issue: Issue) -> IssueRow:
    """Lay an issue out flat, its place in three texts."""
    return IssueRow(
        severity=issue.severity,
        code=issue.code,
        message=issue.message,
        file=issue.where.file,
        sheet=issue.where.sheet,
        cell=issue.where.cell,
        rows=issue.where.rows or None,
        field=issue.field,
        found=issue.found,
        hint=issue.hint,
    )


def _rejected_rows(one: Rejected) -> RejectedRows:
    origin = one.origin
    return RejectedRows(
        file=origin.file, sheet=origin.sheet, rows=origin.rows, dollars=one.dollars, id=one.id, name=one.name
    )


def _resolved(case: Case) -> ResolvedPlan:
    plan, counts = case.plan, case.plan.scenario.count
    return ResolvedPlan(
        district=plan.district.name,
        scenario=plan.scenario.name,
        drivers={name: dict(path) for name, path in plan.drivers.items()},
        sources=plan.sources,
        counts=counts,
        not_counted=tuple(source.name for source in plan.sources if source.certainty.rank > counts.rank),
        gap_if=() if is_all_secured(plan) else tuple(_gaps_if(case)),
        ending=tuple(_ending_money(case)),
    )


def _gaps_if(case: Case) -> Iterator[GapIf]:
    for counts, gaps in gaps_by_certainty(case.plan, case.horizon).items():
        yield GapIf(counts=counts, gaps=dict(zip(case.horizon.years, map(to_dollars, gaps), strict=True)))


def _ending_money(case: Case) -> Iterator[EndingMoney]:
    for ending in endings(case.plan, case.horizon, case.rows("coverage"), case.rows("costs")):
        yield EndingMoney(
            source=ending.source.name,
            recurring=ending.source.recurring,
            ends_on=ending.ends_on,
            last_full_year=ending.year,
            paid=ending.paid,
            losers=tuple(commitment.id or "" for commitment in ending.losers),
        )
