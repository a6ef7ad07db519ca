"""The commands that list and show what comes with the program: scenarios, sources and code maps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Where, error
from esser_gap.model.source import same_name
from esser_gap.read.code_maps import code_map_text, load_code_map, shipped_code_maps
from esser_gap.read.files import DOCUMENT_ENDINGS
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenarios import ScenarioLoader, library_names
from esser_gap.read.sources import example_sources
from esser_gap.read.templates import Templates, folded_name, shipped_templates, template_names, template_text
from esser_gap.view.code_maps import code_map_parts, code_maps_table
from esser_gap.view.scenarios import resolved_tables, scenario_tables
from esser_gap.view.shipped import known_sources_table, scenarios_table, source_table
from esser_gap.view.templates import template_parts, templates_table
from esser_gap.write.terminal import console_for, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.view.table import Table


def run_scenarios_list() -> int:
    """List the scenarios of the library with what each one says."""
    loader = ScenarioLoader()
    return _show([scenarios_table([loader.load(name) for name in library_names()])])


def run_scenarios_show(
    name: str, settings: Sequence[str] = (), *, origin: bool = False, last_wins: bool = False
) -> int:
    """Show one scenario, merged with what it extends.

    Args:
        name: A name, a YAML file, or several of these combined.
        settings: What to lay over it.
        origin: Whether to show every assumption with the file and line it comes from.
        last_wins: Whether of combined scenarios that set the same thing differently the last one holds.
    """
    scenario = ScenarioLoader(settings=settings, last_wins=last_wins).load(name)
    return _show(resolved_tables(scenario) if origin else scenario_tables(scenario))


def run_sources_list() -> int:
    """List the known sources with their dates, and the templates that a source can use."""
    return _show([known_sources_table(known_sources()), templates_table(shipped_templates())])


def run_sources_show(name: str, *, as_yaml: bool = False) -> int:
    """Show one known source with its rule, or one template with its parameters, rule and worked example.

    Args:
        name: Name of a known source or of a template, or a YAML file with a template.
        as_yaml: Whether to print the template's file itself, to be copied and edited.
    """
    if as_yaml:
        sys.stdout.write(template_text(name))
        return 0
    for source in known_sources():
        if same_name(name) in source.spellings and name not in template_names():
            return _show([source_table(source)])
    known = [*(source.name for source in known_sources()), *template_names()]
    if not name.endswith(DOCUMENT_ENDINGS) and folded_name(name) not in template_names():
        message = f"no known source or template is called `{name}`"
        raise InputError([error("source-unknown", message, found=name, hint=choose_from(name, known))])
    template = Templates().find(name, Where())
    return _show(template_parts(template, example_sources(name, template)))


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
