"""What comes with the program: its scenarios and the sources it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.model.record import Form, forms_of
from esser_gap.model.source import Source
from esser_gap.money import percent
from esser_gap.view.assumptions import action_words
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Award


def scenarios_table(scenarios: Sequence[Scenario]) -> Table:
    """List scenarios with what each one says in a sentence."""
    rows = tuple(Row((s.name, s.description or "")) for s in scenarios)
    headings = (Heading("Scenario", Show.CODE), Heading("What it says", width=60))
    return Table("scenarios", "Scenarios that come with the program", headings, rows)


def scenario_tables(scenario: Scenario) -> list[str | Table]:
    """Show a scenario: its sentence, its rates and paths with their sources, and its actions."""
    parts: list[str | Table] = [f"{scenario.name}: {scenario.description or 'no description'}"]
    about = [("count", scenario.count.value), ("funding order", scenario.funding_order.value)]
    about += [("author", scenario.author)] if scenario.author else []
    about += [("date", scenario.date.isoformat())] if scenario.date else []
    settings = [Row((name, value)) for name, value in about]
    settings += [Row((f"growth {name}", path_words(rate))) for name, rate in scenario.growth.items()]
    settings += [Row((f"driver {name}", path_words(path, share=False))) for name, path in scenario.drivers.items()]
    settings += [Row((f"source {name}", f"changed: {', '.join(v)}")) for name, v in scenario.sources.change.items()]
    settings += [Row((f"source {name}", "removed")) for name in scenario.sources.remove]
    settings += [Row((f"source {source.name}", "added")) for source in scenario.sources.add]
    headings = (Heading("Setting", Show.CODE), Heading("Value", width=50))
    parts.append(Table("settings", "What it sets", headings, tuple(settings)))
    if scenario.actions:
        rows = tuple(Row((place, action_words(action))) for place, action in enumerate(scenario.actions, 1))
        headings = (Heading("No.", Show.NUMBER), Heading("Action", width=60))
        parts.append(Table("actions", "What it does to commitments", headings, rows))
    if scenario.sources_cited:
        cited = tuple(Row((name, text)) for name, text in scenario.sources_cited.items())
        columns = (Heading("For", width=20), Heading("Source", width=60))
        parts.append(Table("cited", "Where it comes from", columns, cited))
    return parts


def path_words(value: Decimal | Mapping[int, Decimal], *, share: bool = True) -> str:
    """Write a rate, or a path by fiscal year.

    Args:
        value: One number, or numbers by fiscal year.
        share: Whether the numbers are shares.
    """
    if not hasattr(value, "items"):
        return percent(value) if share else f"{value:f}"
    return ", ".join(f"{year_name(year)} {percent(v) if share else f'{v:f}'}" for year, v in sorted(value.items()))


def known_sources_table(sources: Sequence[Source]) -> Table:
    """List known sources with the days on which their money ends."""
    rows = tuple(
        Row((source.name, *_ends(source.awards), source.assistance_listing or "", source.as_of)) for source in sources
    )
    headings = (
        Heading("Source", Show.CODE),
        Heading("Through", Show.DATE),
        Heading("Paid out by", Show.DATE),
        Heading("Assistance listing", Show.CODE),
        Heading("As of", Show.DATE),
    )
    notes = ("all are one-time money and pay only commitments that name them in `funded_by`",)
    return Table("known-sources", "Sources that the program knows", headings, rows, notes)


def _ends(awards: Sequence[Award]) -> tuple[date | None, date | None]:
    last = awards[-1] if awards else None
    return (last.through, last.liquidate_by) if last else (None, None)


def source_table(source: Source) -> Table:
    """Show everything that is known of a source."""
    rows = []
    for form in forms_of(Source).values():
        value = getattr(source, form.name)
        if form.form is Form.DICTIONARY or value in (None, (), ""):
            continue
        rows.append(Row((form.name, _shown(value, form.form))))
    for number, award in enumerate(source.awards, 1):
        period = f"{award.from_ or 'any day'} through {award.through or 'any day'}"
        late = f", paid out by {award.liquidate_by}" if award.liquidate_by else ""
        rows.append(Row((f"award {number}", f"{period}{late}")))
    return Table("source", source.name, (Heading("Field", Show.CODE), Heading("Value", width=60)), tuple(rows))


def _shown(value: object, form: Form) -> str:
    if form is Form.YES_NO:
        return "yes" if value else "no"
    if form is Form.NAMES:
        return ", ".join(value)  # type: ignore[arg-type]
    return percent(value) if form is Form.SHARE else str(value)  # type: ignore[arg-type]
