"""The commands that list and show what comes with the program: scenarios, sources and code maps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import error
from esser_gap.read.code_maps import code_map_text, load_code_map, shipped_code_maps
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader, library_names
from esser_gap.view.code_maps import code_map_parts, code_maps_table
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


def run_codes_list() -> int:
    """List the code maps with the states they are for."""
    return _show([code_maps_table(shipped_code_maps())])


def run_codes_show(name: str, *, as_yaml: bool = False) -> int:
    """Show one code map with where its codes stand.

    Args:
        name: Name of one that comes with the program, or a YAML file.
        as_yaml: Whether to print the file itself, to be copied and edited.
    """
    if as_yaml:
        sys.stdout.write(code_map_text(name))
        return 0
    return _show(code_map_parts(load_code_map(name)))


def _show(parts: Sequence[str | Table]) -> int:
    draw(parts, console_for(sys.stdout))
    return 0
