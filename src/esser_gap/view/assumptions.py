"""What a run assumed, as resolved, each with where it comes from."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import value_in, year_name
from esser_gap.model.words import FundingOrder
from esser_gap.money import percent
from esser_gap.view.amounts import number, to_the_cent
from esser_gap.view.case import Case, case_of
from esser_gap.view.finding import certainty
from esser_gap.view.source_terms import source_place, terms_of
from esser_gap.view.table import Heading, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from esser_gap.model.scenario import Action
    from esser_gap.projecting import Projection

_RUN = "this run"
_Fact = tuple[str, str, str]


def assumptions_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List what the figures rest on, as resolved, with where each comes from.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        What is assumed, its value in words, and the file, sheet and cell or the scenario it comes from:
        the run, the scenario with its cited sources, price growth and drivers by year, actions, and the
        terms of every source.
    """
    case = case_of(projection, district=district, scenario=scenario)
    facts = [*_run(case), *_scenario(case), *_growth(case), *_drivers(case), *_actions(case), *_sources(case)]
    headings = (Heading("Assumption", width=30), Heading("Value", width=70), Heading("From", width=40))
    return Table("assumptions", "Assumptions", headings, tuple(Row(fact) for fact in facts))


def action_words(action: Action) -> str:
    """Say what an action does and to which commitments: `stop FY2028 where category is ai`."""
    if action.add is not None:
        return f"add {action.add.name} ({action.add.category}, {to_the_cent(action.add.base)})"
    start = f" from {year_name(action.from_)}" if action.from_ else ""
    where = " and ".join(
        f"{name} is {' or '.join(_plain(value) for value in values)}" for name, values in (action.where or {}).items()
    )
    return f"{action.verb.replace('_', ' ')} {_verb_value(action)}{start} {f'where {where}' if where else 'everywhere'}"


def _verb_value(action: Action) -> str:
    if action.stop is not None:
        return f"from {year_name(action.stop)}"
    if action.set_price is not None:
        return f"to {to_the_cent(action.set_price)}"
    if action.set_priority is not None:
        return f"to {action.set_priority}"
    if action.scale is not None:
        return f"by {number(action.scale)}"
    return _plain(action.stagger) if action.stagger is not None else f"by {action.defer or action.extend_life} years"


def _plain(value: object) -> str:
    if value is None or value == ():
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    return str(value)


def _run(case: Case) -> Iterator[_Fact]:
    settings, horizon, district = case.projection.settings, case.horizon, case.plan.district
    yield "As-of date", settings.as_of.isoformat(), _RUN
    yield "Fiscal years", case.span, _RUN
    place = _RUN if settings.fiscal_year_start else str(district.origin.where()) if district.fiscal_year_start else ""
    months = f"{year_name(horizon.first_year)} = {horizon.calendar.span(horizon.first_year)}"
    yield "Months of a fiscal year", months, place or ("budget" if district.fiscal_year_start else "default")
    yield "Dollars that name no price year", f"are of {year_name(horizon.default_price_year)}", "as-of date"


def _scenario(case: Case) -> Iterator[_Fact]:
    scenario, place = case.plan.scenario, _scenario_place(case)
    yield "Scenario", _sentence_of(case), place
    if scenario.author or scenario.date:
        yield "Written", " ".join(str(part) for part in (scenario.author, scenario.date) if part), place
    words = certainty(case.projection, district=case.plan.district.name, scenario=scenario.name)
    yield "Money that counts", words.rstrip("."), place
    order = "as listed" if scenario.funding_order is FundingOrder.LISTED else "restricted money first"
    yield "Order of sources", order, place


def _sentence_of(case: Case) -> str:
    scenario = case.plan.scenario
    extends = f" (extends {scenario.extends})" if scenario.extends else ""
    return f"{scenario.name}{extends}: {scenario.description}" if scenario.description else f"{scenario.name}{extends}"


def _scenario_place(case: Case) -> str:
    named = f"scenario `{case.plan.scenario.name}`"
    place = str(case.plan.scenario.origin.where())
    return f"{named}, {place}" if place else named


def _growth(case: Case) -> Iterator[_Fact]:
    scenario, place = case.plan.scenario, _scenario_place(case)
    for key, given in sorted(scenario.growth.items(), key=lambda item: (item[0] != "default", item[0])):
        path = {year: percent(_rate(given, year)) for year in _priced_years(case)}
        cited = scenario.sources_cited.get(f"growth.{key}") or scenario.sources_cited.get(key)
        name = "all that is not named" if key == "default" else key
        yield f"Price growth, {name}", _by_year(path), f"{place}; {cited}" if cited else place
    if "default" not in scenario.growth:
        yield "Price growth, all that is not named", "0%", place
    explained = {f"growth.{key}" for key in scenario.growth} | set(scenario.growth)
    for topic, source in scenario.sources_cited.items():
        if topic not in explained:
            yield f"Cited for {topic}", source, place


def _rate(given: Decimal | dict[int, Decimal], year: int) -> Decimal:
    return value_in(given, year) if isinstance(given, dict) else given


def _priced_years(case: Case) -> range:
    """Give the years that prices grow through: from the earliest price year on."""
    default = case.horizon.default_price_year
    earliest = min((c.price_year or default for c in case.plan.commitments), default=default)
    return range(min(earliest + 1, case.horizon.first_year), case.horizon.last_year + 1)


def _by_year(path: dict[int, str]) -> str:
    """Write values by year, years with the same value together."""
    if len(set(path.values())) == 1:
        return f"{next(iter(path.values()))} in every year"
    spans = [(value, [year for year, _ in group]) for value, group in groupby(path.items(), key=lambda item: item[1])]
    return ", ".join(f"{_years(years)} {value}" for value, years in spans)


def _years(years: list[int]) -> str:
    return year_name(years[0]) if len(years) == 1 else f"{year_name(years[0])}-{year_name(years[-1])}"


def _drivers(case: Case) -> Iterator[_Fact]:
    scenario, district = case.plan.scenario, case.plan.district
    for name, path in case.plan.drivers.items():
        place = _scenario_place(case) if name in scenario.drivers else str(district.origin.where()) or "budget"
        yield f"Driver, {name}", _by_year(_resolved(path, case)), place


def _resolved(path: Mapping[int, Decimal], case: Case) -> dict[int, str]:
    return {year: number(value_in(path, year)) for year in _priced_years(case)}


def _actions(case: Case) -> Iterator[_Fact]:
    for place, action in enumerate(case.plan.scenario.actions, start=1):
        yield f"Action {place}", action_words(action), _scenario_place(case)


def _sources(case: Case) -> Iterator[_Fact]:
    for source in case.plan.sources:
        yield f"Source, {source.name}", terms_of(source, case.plan, case.horizon), source_place(source, case.plan)
