"""The commands that list and show what comes with the program: scenarios and sources."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import error
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader, library_names
from esser_gap.view.shipped import known_sources_table, scenario_tables, scenarios_table, source_table
from esser_gap.write.terminal import console_for, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.view.table import Table


def run_scenarios_list() -> int:
    """List the scenarios of the library with what each one says."""
    loader = ScenarioLoader()
    return _show([scenarios_table([loader.load(name) for name in library_names()])])


def run_scenarios_show(name: str) -> int:
    """Show one scenario, merged with what it extends."""
    return _show(scenario_tables(ScenarioLoader().load(name)))


def run_sources_list() -> int:
    """List the known sources with their dates."""
    return _show([known_sources_table(known_sources())])


def run_sources_show(name: str) -> int:
    """Show one known source with its rule and where it stands."""
    from esser_gap.model.source import same_name

    for source in known_sources():
        if same_name(name) in source.spellings:
            return _show([source_table(source)])
    names = [source.name for source in known_sources()]
    raise InputError(
        [error("source-unknown", f"no known source is called `{name}`", found=name, hint=choose_from(name, names))]
    )


def _show(parts: Sequence[str | Table]) -> int:
    draw(parts, console_for(sys.stdout))
    return 0
