"""What a run assumed, as resolved, each with where it comes from."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import value_in, year_name
from esser_gap.model.scenario import COMMAND_LINE, DriverChange
from esser_gap.model.words import FundingOrder
from esser_gap.money import percent, round_half_away
from esser_gap.view.amounts import number
from esser_gap.view.case import Case, case_of
from esser_gap.view.finding import certainty
from esser_gap.view.scenario_words import action_words, adjustment_words, driver_words, set_years
from esser_gap.view.source_terms import source_place, terms_of
from esser_gap.view.table import Heading, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    for text in scenario.settings:
        yield "Set for this run", text, f"`{COMMAND_LINE}`"
    words = certainty(case.projection, district=case.plan.district.name, scenario=scenario.name)
    yield "Money that counts", words.rstrip("."), _place(case, "count")
    order = "as listed" if scenario.funding_order is FundingOrder.LISTED else "restricted money first"
    yield "Order of sources", order, _place(case, "funding_order")


def _sentence_of(case: Case) -> str:
    scenario = case.plan.scenario
    extends = f" (extends {scenario.extends})" if scenario.extends else ""
    return f"{scenario.name}{extends}: {scenario.description}" if scenario.description else f"{scenario.name}{extends}"


def _scenario_place(case: Case) -> str:
    named = f"scenario `{case.plan.scenario.name}`"
    place = str(case.plan.scenario.origin.where())
    return f"{named}, {place}" if place else named


def _place(case: Case, path: str) -> str:
    """Say where a setting stands, and which years of it the command line sets."""
    scenario = case.plan.scenario
    origin = scenario.where(path)
    place = f"`{COMMAND_LINE}`" if origin.file == COMMAND_LINE else f"scenario `{scenario.name}`, {origin.where()}"
    years = set_years(scenario, path)
    return f"{place.rstrip(', ')}; {', '.join(years)} `{COMMAND_LINE}`" if years else place.rstrip(", ")


def _growth(case: Case) -> Iterator[_Fact]:
    scenario = case.plan.scenario
    for key, given in sorted(scenario.growth.items(), key=lambda item: (item[0] != "default", item[0])):
        path = {year: percent(_rate(given, year)) for year in _priced_years(case)}
        cited = scenario.sources_cited.get(f"growth.{key}") or scenario.sources_cited.get(key)
        name = "all that is not named" if key == "default" else key
        place = _place(case, f"growth.{key}")
        yield f"Price growth, {name}", _by_year(path), f"{place}; {cited}" if cited else place
    if "default" not in scenario.growth:
        yield "Price growth, all that is not named", "0%", _scenario_place(case)
    explained = {f"growth.{key}" for key in scenario.growth} | set(scenario.growth)
    for topic, source in scenario.sources_cited.items():
        if topic not in explained:
            yield f"Cited for {topic}", source, _place(case, f"sources_cited.{topic}")


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
        own = str(district.origin.where()) or "budget"
        given = scenario.drivers.get(name)
        place = own if given is None else _place(case, f"drivers.{name}")
        if isinstance(given, DriverChange):
            yield f"Driver, {name}, as changed", driver_words(given), place
            place = f"{own}; {place}"
        yield f"Driver, {name}", _by_year(_resolved(path, case)), place


def _resolved(path: Mapping[int, Decimal], case: Case) -> dict[int, str]:
    return {year: number(_to_two_places(value_in(path, year))) for year in _priced_years(case)}


def _to_two_places(quantity: Decimal) -> Decimal:
    """Round a quantity that grew by a rate; the costs follow the unrounded one."""
    return Decimal(round_half_away(quantity, 2)).scaleb(-2)


def _actions(case: Case) -> Iterator[_Fact]:
    scenario = case.plan.scenario
    said = [("Action", action_words(action), action.origin) for action in scenario.actions]
    adjusted = [("Adjustment", adjustment_words(one), one.origin) for one in scenario.sources.adjust]
    for facts in (said, adjusted):
        for number_, (what, words, origin) in enumerate(facts, start=1):
            place = str(origin.where())
            yield f"{what} {number_}", words, f"scenario `{scenario.name}`, {place}" if place else _scenario_place(case)


def _sources(case: Case) -> Iterator[_Fact]:
    for source in case.plan.sources:
        yield f"Source, {source.name}", terms_of(source, case.plan, case.horizon), source_place(source, case.plan)
        for sentence in source.made_by:
            yield f"How {source.name} was made", sentence, f"template `{source.use}`"
