"""What a run used, as its outputs report it: versions, dates, files, scenarios, and the money that counted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from esser_gap import __version__
from esser_gap.issues import Severity
from esser_gap.model.budget import InputFile, Receipt
from esser_gap.model.district import District
from esser_gap.model.record import Day, FiscalYear, Form, Record, Text
from esser_gap.model.scenario import Scenario, YearlyNumber
from esser_gap.model.source import Source
from esser_gap.view.left_out import left_out

if TYPE_CHECKING:
    from esser_gap.issues import Issue
    from esser_gap.model.budget import Rejected
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection


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
        plans=tuple(_resolved(plan) for plan in projection.plans),
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
        field=issue.field,
        found=issue.found,
        hint=issue.hint,
    )


def _rejected_rows(one: Rejected) -> RejectedRows:
    origin = one.origin
    return RejectedRows(
        file=origin.file, sheet=origin.sheet, rows=origin.rows, dollars=one.dollars, id=one.id, name=one.name
    )


def _resolved(plan: DistrictPlan) -> ResolvedPlan:
    drivers = {name: dict(path) for name, path in plan.drivers.items()}
    return ResolvedPlan(district=plan.district.name, scenario=plan.scenario.name, drivers=drivers, sources=plan.sources)
