"""The Python interface: read a budget, project it, write the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import error
from esser_gap.model.budget import Budget
from esser_gap.model.district import District
from esser_gap.model.scenario import Scenario
from esser_gap.projecting import Projection, check_budget, project_all, settings_for
from esser_gap.projecting import skip_invalid as without_invalid
from esser_gap.read.guardrails import shipped_guardrails
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import BASELINE, ScenarioLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from esser_gap.issues import Issue
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source


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
    skip_invalid: bool = False,
    progress: Callable[[], None] | None = None,
) -> Projection:
    """Project cost, funding, gap and losses of a budget under one or several scenarios.

    Args:
        budget: What `read_budget` or `make_budget` gave, or the path of one file to read.
        scenarios: One or several, each a name, the path of a YAML file, or a record; none: the shipped `baseline`.
        as_of: Day from which deadlines are judged; today unless given.
        first_year: First fiscal year, named by the calendar year it ends in; the one that holds `as_of` unless given.
        years: How many fiscal years.
        fiscal_year_start: Month the fiscal year starts in; what the district says, else July, unless given.
        skip_invalid: Whether to leave out rows with an error rather than refuse the budget; what they state is then in
            `budget.rejected`, in the issues and in every output.
        progress: Called after each source that was drawn.

    Returns:
        Five polars frames (`years`, `costs`, `coverage`, `payments`, `losses`), money as exact decimal
        dollars, and what the run used.

    Raises:
        InputError: With everything wrong in the budget or a scenario, each with its place.
    """
    if not isinstance(budget, Budget):
        from esser_gap.read.budgets import read_budget

        budget = read_budget(budget)
    loader = ScenarioLoader(budget.scenarios)
    wanted = [scenarios] if isinstance(scenarios, (str, Path, Scenario)) else scenarios
    chosen, refused = load_scenarios(loader, wanted or (BASELINE,))
    if not 1 <= years <= 100:  # noqa: PLR2004 - no plan reaches further
        refused.append(error("years-out-of-range", f"{years} years cannot be projected", hint="write 1 to 100"))
    if refused:
        # What is wrong with the budget is told in the same run.
        raise InputError([*check_budget(budget), *refused])
    settings = settings_for(
        budget, as_of=as_of, first_year=first_year, years=years, fiscal_year_start=fiscal_year_start
    )
    if skip_invalid:
        budget = without_invalid(budget, chosen, settings, known_sources)
    used = replace(budget, files=(*budget.files, *loader.files))
    return project_all(used, chosen, settings, known_sources, shipped_guardrails(), progress)


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
    names = [scenario.name for scenario in loaded]
    issues.extend(
        error("scenario-twice", f"two scenarios are called `{name}`", found=name, hint="give each a name of its own")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    )
    return loaded, issues
