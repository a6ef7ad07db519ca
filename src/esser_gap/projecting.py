"""The main job: check a budget, lay scenarios over it, and project cost, funding, gap and losses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.check.budget import check_budget
from esser_gap.check.commitments import check_commitments
from esser_gap.check.left_out import allow_for_left_out, skip_rows
from esser_gap.check.limits import beyond_limits
from esser_gap.check.references import check_drivers, check_ids, check_requires, check_sources
from esser_gap.check.replacements import check_replacement
from esser_gap.check.sources import check_source
from esser_gap.errors import InputError
from esser_gap.fiscal_year import FiscalCalendar, year_name
from esser_gap.issues import Issue, any_error, error, note
from esser_gap.model.scenario import with_years
from esser_gap.money import to_dollars
from esser_gap.plan.adjusting import adjusted, unrenewed
from esser_gap.plan.guardrails import check_guardrails
from esser_gap.plan.horizon import Horizon
from esser_gap.plan.leveling import leveled
from esser_gap.plan.projection import OrderAdvice, project_district, side_by_side
from esser_gap.plan.resolve import DistrictPlan, resolve
from esser_gap.plan.supplanting import may_supplant
from esser_gap.plan.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from esser_gap.model.budget import Budget
    from esser_gap.model.district import District
    from esser_gap.model.guardrails import Guardrails
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Source


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for.

    Attributes:
        as_of: The day from which deadlines are judged.
        first_year: First projected fiscal year.
        years: How many fiscal years.
        fiscal_year_start: Month that overrides what the districts say; None: theirs, else July.
    """

    as_of: date
    first_year: int
    years: int
    fiscal_year_start: int | None = None

    def horizon_of(self, district: District) -> Horizon:
        """Give the projected years in a district's fiscal calendar."""
        return Horizon(self.calendar_of(district), self.as_of, self.first_year, self.years)

    def calendar_of(self, district: District) -> FiscalCalendar:
        """Give a district's fiscal calendar."""
        return FiscalCalendar(self.fiscal_year_start or district.fiscal_year_start or 7)


@dataclass(frozen=True, slots=True)
class Projection:
    """The five tidy tables, and everything needed to say where they come from.

    Attributes:
        years: Cost, sustained, bridged and gap by district, scenario and fiscal year.
        costs: The same for every commitment and fiscal year, with what it is at risk through.
        coverage: Dollars of each source applied to each commitment, where above zero.
        payments: Every payment with its date and who pays it.
        losses: Commitments with a gap, first to lose funding first.
        issues: Problems that did not stop the run, assumptions and notes.
        budget: What was read.
        settings: What the run was asked for.
        scenarios: The scenarios, merged with what they extend.
        plans: One a district and scenario, in the order of the tables.
    """

    years: pl.DataFrame
    costs: pl.DataFrame
    coverage: pl.DataFrame
    payments: pl.DataFrame
    losses: pl.DataFrame
    issues: tuple[Issue, ...]
    budget: Budget
    settings: Settings
    scenarios: tuple[Scenario, ...]
    plans: tuple[DistrictPlan, ...]

    def table(self, name: str) -> pl.DataFrame:
        """Give one of the five tables by its name."""
        frame: pl.DataFrame = getattr(self, name)
        return frame


def settings_for(
    budget: Budget,
    *,
    as_of: date | None = None,
    first_year: int | None = None,
    years: int = 5,
    fiscal_year_start: int | None = None,
) -> Settings:
    """Fill in what a run did not say: today, the fiscal year that holds it, five years.

    Args:
        budget: Gives the districts' fiscal calendars.
        as_of: Day from which deadlines are judged.
        first_year: First projected fiscal year.
        years: How many fiscal years.
        fiscal_year_start: Month that overrides what the districts say.

    Raises:
        InputError: When districts' calendars put the as-of date in different fiscal years, and no first year is given.
    """
    day = as_of or date.today()
    draft = Settings(day, 0, years, fiscal_year_start)
    if first_year is None:
        found = {draft.calendar_of(district).year_of(day) for district in budget.districts}
        if len(found) > 1:
            years_found = " and ".join(year_name(year) for year in sorted(found))
            message = f"{day} lies in different fiscal years of these districts: {years_found}"
            raise InputError([error("first-year-unclear", message, hint="say which with --first-year")])
        first_year = found.pop() if found else FiscalCalendar(fiscal_year_start or 7).year_of(day)
    return Settings(day, first_year, years, fiscal_year_start)


def plan_scenario(
    budget: Budget, scenario: Scenario, settings: Settings, known_sources: Callable[[], Sequence[Source]]
) -> tuple[list[DistrictPlan], list[Issue]]:
    """Lay a scenario over a budget and check the result.

    Args:
        budget: A budget without errors.
        scenario: A scenario merged with what it extends.
        settings: Fiscal years of the run.
        known_sources: Gives the shipped sources.

    Returns:
        One plan a district, and everything wrong or noteworthy about the scenario on this budget.
    """
    plans, issues = plan_unleveled(budget, scenario, settings, known_sources)
    return (plans if any_error(issues) else _leveled(plans, settings)), issues


def plan_unleveled(
    budget: Budget, scenario: Scenario, settings: Settings, known_sources: Callable[[], Sequence[Source]]
) -> tuple[list[DistrictPlan], list[Issue]]:
    """Lay a scenario over a budget, as far as that needs no projection.

    Args:
        budget: A budget without errors.
        scenario: A scenario merged with what it extends.
        settings: Fiscal years of the run.
        known_sources: Gives the shipped sources.

    Returns:
        As `plan_scenario`, but sources that are kept level are not yet limited to what they pay in the first year.
    """
    scenario = with_years(scenario, settings.first_year)
    plans, issues = resolve(budget, scenario, settings.horizon_of, known_sources)
    added = [a.add for a in scenario.actions if a.add is not None]
    issues.extend(check_commitments(added))
    for plan in plans:
        horizon = settings.horizon_of(plan.district)
        issues.extend(check_drivers(plan.commitments, plan.drivers, horizon.default_price_year))
        if added:
            issues.extend(check_requires(plan.commitments))
            issues.extend(check_ids(plan.commitments))
        issues.extend(_replacement_issues(plan, horizon))
    if scenario.sources.add or scenario.sources.change or scenario.sources.years:
        everything = [c for plan in plans for c in plan.commitments]
        sources = list({id(s): s for plan in plans for s in plan.sources}.values())
        for source in sources:
            issues.extend(check_source(source))
        issues.extend(check_sources(sources, everything, budget.districts))
    issues.extend(unrenewed(plans))
    made = [adjusted(plan, settings.horizon_of(plan.district)) for plan in plans]
    issues.extend(_multiplied_beyond_limits(made))
    return made, _unique(issues)


def _multiplied_beyond_limits(plans: Sequence[DistrictPlan]) -> list[Issue]:
    """Find sources that a scenario multiplies beyond what their template allows; renewing one is another matter."""
    found = (i for plan in plans for place in plan.adjustments for i in beyond_limits(plan.sources[place]))
    return [issue for issue in found if issue.field in {"share", "awards"}]


def _leveled(plans: Sequence[DistrictPlan], settings: Settings) -> list[DistrictPlan]:
    return [leveled(plan, settings.horizon_of(plan.district)) for plan in plans]


def plan_all(
    budget: Budget, scenarios: Sequence[Scenario], settings: Settings, known_sources: Callable[[], Sequence[Source]]
) -> tuple[list[list[DistrictPlan]], list[Issue]]:
    """Check a budget and lay every scenario over it, so that everything wrong is told at once.

    Args:
        budget: What was read.
        scenarios: Scenarios merged with what they extend.
        settings: Fiscal years of the run.
        known_sources: Gives the shipped sources.

    Returns:
        The plans of each scenario, one a district, and everything wrong or noteworthy.
    """
    issues = check_budget(budget)
    unread = _unread_codes(budget)
    planned = []
    for scenario in scenarios:
        plans, found = plan_unleveled(budget, scenario, settings, known_sources)
        issues.extend(issue for issue in found if issue.code not in unread)
        planned.append(plans)
    told = allow_for_left_out(_unique(issues), budget)
    return (planned if any_error(told) else [_leveled(plans, settings) for plans in planned]), told


def skip_invalid(
    budget: Budget, scenarios: Sequence[Scenario], settings: Settings, known_sources: Callable[[], Sequence[Source]]
) -> Budget:
    """Leave out every row of commitments that has an error by itself or under one of the scenarios.

    Args:
        budget: What was read.
        scenarios: Scenarios merged with what they extend.
        settings: Fiscal years of the run.
        known_sources: Gives the shipped sources.

    Returns:
        The budget that `skip_rows` gives: without those rows, which it names with their dollars.
    """
    return skip_rows(budget, lambda rest: plan_all(rest, scenarios, settings, known_sources)[1])


def _unread_codes(budget: Budget) -> frozenset[str]:
    """Name the problems that may only follow from what could not be read, so that they are not told as well."""
    tables = {(receipt.file, receipt.sheet) for receipt in budget.receipts}
    places = [(i.where.file, i.where.sheet) in tables for i in budget.issues if any_error((i,))]
    if not places:
        return frozenset()
    # A commitment that was refused may be the one that is selected or required; a source, the one that is named.
    of_commitments = {"selection-matches-nothing", "no-replacement-selected", "required-id-unknown", "name-unknown"}
    of_facts = {"source-unknown", "driver-without-path", "driver-zero", "district-unknown"}
    return frozenset(of_commitments if all(places) else of_commitments | of_facts)


def _replacement_issues(plan: DistrictPlan, horizon: Horizon) -> list[Issue]:
    first = horizon.calendar.first_month(horizon.first_year)
    issues: list[Issue] = []
    for position, commitment in enumerate(plan.commitments):
        changes = plan.changes_of(position)
        issues.extend(
            check_replacement(
                commitment,
                extend_life=changes.extend_life,
                defer=changes.defer,
                is_staggered=commitment.staggered or changes.stagger,
                first_month=first,
            )
        )
    return issues


def project_all(
    budget: Budget,
    scenarios: Sequence[Scenario],
    settings: Settings,
    known_sources: Callable[[], Sequence[Source]],
    guardrails: Guardrails | None = None,
    progress: Callable[[], None] | None = None,
) -> Projection:
    """Project every district under every scenario.

    Args:
        budget: What was read.
        scenarios: Scenarios merged with what they extend; their names must differ.
        settings: Fiscal years of the run.
        known_sources: Gives the shipped sources.
        guardrails: What no scenario may quietly defund; None: nothing is held against any.
        progress: Called after each source that was drawn.

    Returns:
        The five tables; rows in the order district, scenario, then as the tables say.

    Raises:
        InputError: With every error of the budget and the scenarios.
    """
    scenarios = [with_years(scenario, settings.first_year) for scenario in scenarios]
    planned, issues = plan_all(budget, scenarios, settings, known_sources)
    _refuse(issues)
    by_district = [[plans[d] for plans in planned] for d in range(len(budget.districts))]
    done = [
        project_district(plans, settings.horizon_of(district), progress)
        for district, own in zip(budget.districts, by_district, strict=True)
        for plans in side_by_side(own, settings.horizon_of(district))
    ]
    ordered = [plan for plans in by_district for plan in plans]
    tables = {name: pl.concat(result.tables[name] for result in done) for name in TABLES}
    issues.extend(_advice_notes(ordered, [advice for result in done for advice in result.advice]))
    for plan in ordered:
        issues.extend(may_supplant(plan, settings.first_year, tables["coverage"], budget.sources))
    if guardrails is not None:
        for plan, costs in zip(ordered, _parted(tables["costs"], ordered, settings), strict=True):
            issues.extend(check_guardrails(plan, costs, guardrails))
    return Projection(
        **tables,
        issues=tuple(issues),
        budget=budget,
        settings=settings,
        scenarios=tuple(scenarios),
        plans=tuple(ordered),
    )


def _refuse(issues: Sequence[Issue]) -> None:
    if any_error(issues):
        raise InputError(issues)


def _unique(issues: Sequence[Issue]) -> list[Issue]:
    return list(dict.fromkeys(issues))


def _parted(costs: pl.DataFrame, plans: Sequence[DistrictPlan], settings: Settings) -> Iterator[pl.DataFrame]:
    """Part the table `costs`, which has a row for every commitment and year, by plan."""
    start = 0
    for plan in plans:
        height = len(plan.commitments) * settings.years
        yield costs.slice(start, height)
        start += height


def _advice_notes(plans: Sequence[DistrictPlan], given: Sequence[OrderAdvice | None]) -> list[Issue]:
    notes = []
    for plan, advice in zip(plans, given, strict=True):
        if advice is None:
            continue
        dollars = to_dollars(advice.less_gap)
        message = (
            f"{plan.district.name}, scenario `{plan.scenario.name}`: with funding_order"
            f" `{advice.order}` the gap over all years would be {dollars:,.2f} dollars smaller"
        )
        hint = "flexible money is spent on what restricted money could have paid; reorder the sources or set it"
        notes.append(note("funding-order", message, field="funding_order", hint=hint))
    return notes
