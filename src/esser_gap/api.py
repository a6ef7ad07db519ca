"""The Python interface: read a budget, project it, write the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.check.budget import check_budget
from esser_gap.check.selections import Selector
from esser_gap.errors import InputError
from esser_gap.issues import any_error, error
from esser_gap.model.budget import Budget
from esser_gap.model.district import District
from esser_gap.model.scenario import Scenario
from esser_gap.projecting import Projection, Settings, plan_scenario, project_all, settings_for
from esser_gap.projecting import skip_invalid as without_invalid
from esser_gap.read.guardrails import shipped_guardrails
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import BASELINE, ScenarioLoader, library_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.comparing.comparison import Comparison
    from esser_gap.comparing.sweep import Sweep
    from esser_gap.issues import Issue
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.read.ranges import Range

_SEVERAL = 2


def make_budget(
    commitments: Sequence[Commitment],
    sources: Sequence[Source] = (),
    districts: Sequence[District] = (),
) -> Budget:
    """Make a budget of records, without any file.

    Args:
        commitments: In the order in which they stand for ties; ids that are left out are made.
        sources: In the order in which they are drawn.
        districts: Facts by district; without any, all commitments belong to one called `district`.

    Returns:
        A budget for `project`.
    """
    default = districts[0].name if districts else "district"
    filled = tuple(
        c.model_copy(update={"id": c.id or f"commitment-{number}", "district": c.district or default})
        for number, c in enumerate(commitments, 1)
    )
    known = {district.name for district in districts}
    named = [District(name=name) for name in dict.fromkeys(c.district or "" for c in filled) if name not in known]
    return Budget(filled, tuple(sources), (*districts, *named))


def project(
    budget: Budget | str | Path,
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario] = (),
    *,
    as_of: date | None = None,
    first_year: int | None = None,
    years: int = 5,
    fiscal_year_start: int | None = None,
    with_settings: Sequence[str] = (),
    last_wins: bool = False,
    skip_invalid: bool = False,
    progress: Callable[[], None] | None = None,
) -> Projection:
    """Project cost, funding, gap and losses of a budget under one or several scenarios.

    Args:
        budget: What `read_budget` or `make_budget` gave, or the path of one file to read.
        scenarios: One or several, each a name, the path of a YAML file, several of these combined (`a+b`), or a record;
            none: the shipped `baseline`.
        as_of: Day from which deadlines are judged; today unless given.
        first_year: First fiscal year, named by the calendar year it ends in; the one that holds `as_of` unless given.
        years: How many fiscal years.
        fiscal_year_start: Month the fiscal year starts in; what the district says, else July, unless given.
        with_settings: What to lay over every scenario, such as `growth.software=8%`.
        last_wins: Whether of combined scenarios that set the same thing differently the last one holds; else refused.
        skip_invalid: Whether to leave out rows with an error rather than refuse the budget; what they state is then in
            `budget.rejected`, in the issues and in every output.
        progress: Called after each source that was drawn.

    Returns:
        Five polars frames (`years`, `costs`, `coverage`, `payments`, `losses`), money as exact decimal
        dollars, and what the run used.

    Raises:
        InputError: With everything wrong in the budget or a scenario, each with its place.
    """
    opened = _opened(budget)
    loader = loader_for(opened, with_settings, as_of=as_of, fiscal_year_start=fiscal_year_start, last_wins=last_wins)
    chosen, refused = load_scenarios(loader, _listed(scenarios) or (BASELINE,))
    asked = _Asked(as_of, first_year, years, fiscal_year_start, skip_invalid=skip_invalid)
    return _project_chosen(opened, loader, chosen, refused, asked, progress)


def compare(
    budget: Budget | str | Path,
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario] = (),
    *,
    baseline: str | Path | Scenario | None = None,
    with_library: bool = False,
    as_of: date | None = None,
    first_year: int | None = None,
    years: int = 5,
    fiscal_year_start: int | None = None,
    with_settings: Sequence[str] = (),
    last_wins: bool = False,
    skip_invalid: bool = False,
    progress: Callable[[], None] | None = None,
) -> Comparison:
    """Hold scenarios against one of them: gaps, what loses funding and what is saved, what makes the difference.

    Args:
        budget: What `read_budget` or `make_budget` gave, or the path of one file to read.
        scenarios: Those to compare, each a name, the path of a YAML file, or a record.
        baseline: The one that the others are held against, among them or not; unless given the first of several, and
            the shipped `baseline` for a single one.
        with_library: Whether to compare all scenarios of the budget and of the library as well.
        as_of: Day from which deadlines are judged; today unless given.
        first_year: First fiscal year, named by the calendar year it ends in; the one that holds `as_of` unless given.
        years: How many fiscal years.
        fiscal_year_start: Month the fiscal year starts in; what the district says, else July, unless given.
        with_settings: What to lay over every scenario, such as `growth.software=8%`.
        last_wins: Whether of combined scenarios that set the same thing differently the last one holds; else refused.
        skip_invalid: Whether to leave out rows with an error rather than refuse the budget.
        progress: Called after each source that was drawn, and after each group of plans between two scenarios.

    Returns:
        Four polars frames (`comparison`, `fates`, `bridge`, `robustness`), money as exact decimal dollars, and the
        projection of all scenarios, the baseline first.

    Raises:
        InputError: With everything wrong in the budget or a scenario, each with its place, or with fewer than two.
    """
    from esser_gap.comparing.comparison import compared

    opened = _opened(budget)
    loader = loader_for(opened, with_settings, as_of=as_of, fiscal_year_start=fiscal_year_start, last_wins=last_wins)
    library = _every_name(opened) if with_library else ()
    chosen, refused = _load_rivals(loader, _listed(scenarios), baseline, library)
    asked = _Asked(as_of, first_year, years, fiscal_year_start, skip_invalid=skip_invalid)
    projection = _project_chosen(opened, loader, chosen, refused, asked, progress)
    return compared(projection, known_sources, progress)


def sweep(
    budget: Budget | str | Path,
    settings: str | Sequence[str],
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario] = (),
    *,
    with_library: bool = False,
    as_of: date | None = None,
    first_year: int | None = None,
    years: int = 5,
    fiscal_year_start: int | None = None,
    with_settings: Sequence[str] = (),
    last_wins: bool = False,
    skip_invalid: bool = False,
    progress: Callable[[], None] | None = None,
) -> Sweep:
    """Move settings of scenarios over ranges: the gap at every point, and the values at which something tips.

    Args:
        budget: What `read_budget` or `make_budget` gave, or the path of one file to read.
        settings: One or several `PATH=FROM..TO:STEP`, such as `growth.software=2%..10%:1%`; several make a grid.
        scenarios: One or several to start from, each a name, the path of a YAML file, or a record; none: `baseline`.
        with_library: Whether to start from all scenarios of the budget and of the library as well.
        as_of: Day from which deadlines are judged; today unless given.
        first_year: First fiscal year, named by the calendar year it ends in; the one that holds `as_of` unless given.
        years: How many fiscal years.
        fiscal_year_start: Month the fiscal year starts in; what the district says, else July, unless given.
        with_settings: What to lay over every scenario, such as `growth.software=8%`.
        last_wins: Whether of combined scenarios that set the same thing differently the last one holds; else refused.
        skip_invalid: Whether to leave out rows with an error rather than refuse the budget.
        progress: Called after each source that was drawn, and after each group of points.

    Returns:
        Two polars frames: `sweep`, a row a point, and `break_even`, a row for each value of the first setting at which
        the gap opens or closes or a commitment loses or regains funding; and the projection of the start.

    Raises:
        InputError: With everything wrong in the budget, a scenario or a range.
    """
    from esser_gap.read.ranges import parse_ranges

    ranges = parse_ranges([settings] if isinstance(settings, str) else settings)
    opened = _opened(budget)
    loader = loader_for(opened, with_settings, as_of=as_of, fiscal_year_start=fiscal_year_start, last_wins=last_wins)
    chosen, refused = load_scenarios(loader, _listed(scenarios) or (BASELINE,))
    more, wrong = _load_others(loader, _every_name(opened) if with_library else (), chosen)
    asked = _Asked(as_of, first_year, years, fiscal_year_start, skip_invalid=skip_invalid)
    start = _project_chosen(opened, loader, [*chosen, *more], [*refused, *wrong], asked, progress)
    return sweep_from(start, ranges, progress)


def sweep_from(start: Projection, ranges: Sequence[Range], progress: Callable[[], None] | None = None) -> Sweep:
    """Move settings of the scenarios of a projection over ranges.

    Args:
        start: The scenarios as they are.
        ranges: Settings with their values.
        progress: Called after each group of points.

    Raises:
        InputError: When there are too many points, or a setting is unknown or cannot have a value.
    """
    from esser_gap.comparing.sweep import swept
    from esser_gap.read.scenario_settings import with_settings

    def at_point(scenario: Scenario, settings: Sequence[str]) -> list[DistrictPlan]:
        changed = with_settings(scenario, settings)
        plans, issues = plan_scenario(start.budget, changed, start.settings, known_sources)
        if any_error(issues):
            raise InputError(issues)
        return plans

    return swept(start, ranges, at_point, progress)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a run was asked for, before what it leaves open is filled in; as the arguments of `project`."""

    as_of: date | None
    first_year: int | None
    years: int
    fiscal_year_start: int | None
    skip_invalid: bool


def _project_chosen(
    budget: Budget,
    loader: ScenarioLoader,
    chosen: Sequence[Scenario],
    refused: Sequence[Issue],
    asked: _Asked,
    progress: Callable[[], None] | None = None,
) -> Projection:
    """Project scenarios that are loaded, unless something is wrong with them.

    Args:
        budget: What was read.
        loader: Knows the files of the scenarios.
        chosen: Scenarios merged with what they extend.
        refused: What is wrong with the others.
        asked: What the run was asked for.
        progress: Called after each source that was drawn.

    Raises:
        InputError: With everything wrong in the budget or a scenario, each with its place.
    """
    wrong = list(refused)
    if not 1 <= asked.years <= 100:  # noqa: PLR2004 - no plan reaches further
        wrong.append(error("years-out-of-range", f"{asked.years} years cannot be projected", hint="write 1 to 100"))
    if wrong:
        # What is wrong with the budget is told in the same run.
        raise InputError([*check_budget(budget), *wrong])
    settings = settings_for(
        budget,
        as_of=asked.as_of,
        first_year=asked.first_year,
        years=asked.years,
        fiscal_year_start=asked.fiscal_year_start,
    )
    if asked.skip_invalid:
        budget = without_invalid(budget, chosen, settings, known_sources)
    used = replace(budget, files=(*budget.files, *loader.files))
    return project_all(used, chosen, settings, known_sources, shipped_guardrails(), progress)


def _opened(budget: Budget | str | Path) -> Budget:
    if isinstance(budget, Budget):
        return budget
    from esser_gap.read.budgets import read_budget

    return read_budget(budget)


def _listed(scenarios: str | Path | Scenario | Sequence[str | Path | Scenario]) -> Sequence[str | Path | Scenario]:
    return [scenarios] if isinstance(scenarios, (str, Path, Scenario)) else scenarios


def _load_rivals(
    loader: ScenarioLoader,
    wanted: Sequence[str | Path | Scenario],
    baseline: str | Path | Scenario | None,
    library: Sequence[str],
) -> tuple[list[Scenario], list[Issue]]:
    """Load scenarios to be compared.

    Args:
        loader: Knows the scenarios of the budget.
        wanted: Names, paths of YAML files, or records.
        baseline: The one that the others are held against; None: the first of several, else `baseline`.
        library: Names of more, of which those are left out that a wanted scenario bears.

    Returns:
        The baseline and the others, and everything wrong with them; also that there is only one.
    """
    chosen, refused = load_scenarios(loader, wanted)
    if baseline is None and len(wanted) < _SEVERAL:
        baseline = BASELINE
    if baseline is not None and not refused:
        place = _place_of(baseline, wanted, chosen)
        if place is None:
            first, refused = load_scenarios(loader, [baseline])
            chosen = [*first, *chosen]
        else:
            chosen.insert(0, chosen.pop(place))
    more, wrong = _load_others(loader, library, chosen)
    chosen += more
    issues = list(dict.fromkeys([*refused, *wrong, *_named_twice(chosen)]))
    if len(chosen) < _SEVERAL and not issues:
        hint = "name at least one: --scenario austerity.yaml"
        issues.append(error("scenario-missing", "there is nothing to compare the baseline with", hint=hint))
    return chosen, issues


def _every_name(budget: Budget) -> list[str]:
    """Name the scenarios of the budget and of the library."""
    return list(dict.fromkeys([*(scenario.name for scenario in budget.scenarios), *library_names()]))


def _load_others(
    loader: ScenarioLoader, names: Sequence[str], chosen: Sequence[Scenario]
) -> tuple[list[Scenario], list[Issue]]:
    """Load scenarios by name unless one of that name is there."""
    taken = {scenario.name for scenario in chosen}
    return load_scenarios(loader, [name for name in names if name not in taken])


def _place_of(
    baseline: str | Path | Scenario, wanted: Sequence[str | Path | Scenario], chosen: Sequence[Scenario]
) -> int | None:
    """Find the baseline among scenarios that are loaded, by its name or as it was asked for."""
    name = baseline.name if isinstance(baseline, Scenario) else str(baseline)
    named = [scenario.name for scenario in chosen]
    if name in named:
        return named.index(name)
    as_asked = [str(one) for one in wanted]
    return as_asked.index(name) if name in as_asked else None


def loader_for(
    budget: Budget,
    settings: Sequence[str] = (),
    *,
    as_of: date | None = None,
    fiscal_year_start: int | None = None,
    last_wins: bool = False,
) -> ScenarioLoader:
    """Make what finds the scenarios of a run.

    Args:
        budget: Gives scenarios of its own, and what two that are combined have in common.
        settings: What to lay over every scenario.
        as_of: Day from which deadlines are judged; today unless given.
        fiscal_year_start: Month the fiscal year starts in; what the district says, else July, unless given.
        last_wins: Whether of combined scenarios that set the same thing differently the last one holds.
    """
    draft = Settings(as_of or date.today(), 0, 1, fiscal_year_start)
    price_years = {district.name: draft.horizon_of(district).default_price_year for district in budget.districts}
    selector = Selector(budget.commitments, budget.sources, price_years)
    return ScenarioLoader(budget.scenarios, settings=settings, selector=selector, last_wins=last_wins)


def load_scenarios(
    loader: ScenarioLoader, wanted: Sequence[str | Path | Scenario]
) -> tuple[list[Scenario], list[Issue]]:
    """Load scenarios.

    Args:
        loader: Knows the scenarios of the budget.
        wanted: Names, paths of YAML files, or records.

    Returns:
        Those that could be loaded, and everything wrong with the others.
    """
    loaded, issues = [], []
    for one in wanted:
        try:
            loaded.append(loader.merged(one) if isinstance(one, Scenario) else loader.load(str(one)))
        except InputError as problem:
            issues.extend(problem.issues)
    return loaded, [*dict.fromkeys(issues), *_named_twice(loaded)]


def _named_twice(scenarios: Sequence[Scenario]) -> list[Issue]:
    names = [scenario.name for scenario in scenarios]
    return [
        error("scenario-twice", f"two scenarios are called `{name}`", found=name, hint="give each a name of its own")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
