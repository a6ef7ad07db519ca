"""What comes with the program: its scenarios and the sources it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.model.record import Form, forms_of
from esser_gap.model.source import Source
from esser_gap.money import percent
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Award


def scenarios_table(scenarios: Sequence[Scenario]) -> Table:
    """List scenarios with what each one says in a sentence."""
    rows = tuple(Row((s.name, s.description or "")) for s in scenarios)
    headings = (Heading("Scenario", Show.CODE), Heading("What it says", width=60))
    return Table("scenarios", "Scenarios that come with the program", headings, rows)


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
    attributes = {field.alias or name: name for name, field in Source.model_fields.items()}
    for form in forms_of(Source).values():
        value = getattr(source, attributes[form.name])
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
