"""Templates of sources: which there are, and what one asks for, makes and rests on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.model.words import Basis, Measured
from esser_gap.money import percent
from esser_gap.view.amounts import to_the_cent
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.model.source import Source
    from esser_gap.model.template import Parameter, Template

_NAMED = re.compile(r"\{(\w+)\}")

PLEASE_CHECK = "what appears eligible is not thereby allowed: the grant owner decides"
"""What stands under everything that says what a source may pay."""


def templates_table(templates: Sequence[Template]) -> Table:
    """List templates: name, program, the parameters they need, and the day their rule was read.

    Args:
        templates: In the order to show.
    """
    rows = tuple(Row((t.name, t.title, _needed(t), t.as_of)) for t in templates)
    headings = (
        Heading("Template", Show.CODE),
        Heading("Program", width=30),
        Heading("Needs", width=40),
        Heading("As of", Show.DATE),
    )
    notes = ("a source uses one by `use` and its parameters; `esser-gap sources show NAME` says what it makes of them",)
    return Table("templates", "Templates that a source can use", headings, rows, notes)


def template_parts(template: Template, example: Sequence[Source]) -> list[str | Table]:
    """Show a template: what it is, its parameters, its rule, what it makes of its worked example, and where it stands.

    Args:
        template: The template.
        example: The sources that it makes of its worked example.
    """
    return [
        f"{template.name}: {template.title}",
        template.about,
        _parameters_table(template),
        f"Appears eligible under {template.citation} as of {template.as_of}: {example[0].rule}; {PLEASE_CHECK}.",
        _example_table(template, example),
        *(made_table(source) for source in example[:1]),
        *(table for table in (_citations_table(template), _doubts_table(template)) if table.rows),
    ]


def made_table(source: Source) -> Table:
    """Show how a template made a source, a sentence a step.

    Args:
        source: A source that uses a template.
    """
    rows = tuple(Row((place, sentence)) for place, sentence in enumerate(source.made_by, 1))
    headings = (Heading("Step", Show.NUMBER), Heading("What was done", width=90))
    return Table("made", f"How the template made {source.name}", headings, rows)


def _needed(template: Template) -> str:
    names = [p.name for p in template.parameters if p.is_required]
    return ", ".join([*names, *template.needs]) or "nothing"


def _parameters_table(template: Template) -> Table:
    rows = tuple(Row((p.name, _form(p), _default(p), p.meaning)) for p in template.parameters)
    rows += tuple(Row((name, "field of the source", "needed", "has to be given, too")) for name in template.needs)
    headings = (
        Heading("Parameter", Show.CODE),
        Heading("Write", width=24),
        Heading("If left out", Show.CODE),
        Heading("Meaning", width=50),
    )
    return Table("parameters", "Parameters", headings, rows)


def _form(parameter: Parameter) -> str:
    words = ", ".join(parameter.choices) or parameter.form.value
    if parameter.several:
        return f"several: {words}"
    return f"{words}, or by fiscal year" if parameter.by_year else words


def _default(parameter: Parameter) -> str:
    if parameter.is_required:
        return "needed"
    if isinstance(parameter.default, bool):
        return "yes" if parameter.default else "no"
    return "" if parameter.default is None else str(parameter.default)


def _example_table(template: Template, example: Sequence[Source]) -> Table:
    given = example[0].with_ or "no parameters"
    rows = tuple(
        Row((fact, *([value] if len(example) == 1 else [value, other])))
        for (fact, value), (_, other) in zip(_facts(example[0]), _facts(example[-1]), strict=True)
    )
    headings = (Heading("Field", Show.CODE), *(Heading(source.name, width=40) for source in example))
    return Table("example", f"Worked example: use: {template.name}; {given}", headings, rows)


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    yield "money", "recurring" if source.recurring else "one-time"
    yield "pays", "only what names it" if source.basis is Basis.ASSIGNED else "anything it may"
    yield "categories", ", ".join(source.categories) or "all"
    yield "kinds", ", ".join(source.kinds) or "all"
    yield "share", percent(source.share)
    yield "drawn by", "cost before discount" if source.measured is Measured.PRE_DISCOUNT else "what it pays"
    yield "amounts", "; ".join(_amounts(source)) or "unlimited"
    yield "certainty", source.certainty.value


def _amounts(source: Source) -> Iterator[str]:
    for award in source.awards:
        words = ["unlimited" if award.amount is None else to_the_cent(award.amount)]
        words += [f"from {award.from_}"] if award.from_ else []
        words += [f"through {award.through}"] if award.through else []
        words += [f"paid out by {award.liquidate_by}"] if award.liquidate_by else []
        yield " ".join(words)
    if isinstance(source.yearly, dict):
        yield ", ".join(f"FY{year} {to_the_cent(amount)}" for year, amount in sorted(source.yearly.items()))
    elif source.yearly is not None:
        growth = f", growing by {percent(source.yearly.growth)}" if source.yearly.growth else ""
        yield f"{to_the_cent(source.yearly.amount)} a year{growth}"


def _citations_table(template: Template) -> Table:
    rows = tuple(Row((cited.fact, cited.at)) for cited in template.cited)
    headings = (Heading("Fact", width=50), Heading("Where it stands", width=50))
    return Table("citations", f"Where the facts stand (read on {template.as_of})", headings, rows)


def _doubts_table(template: Template) -> Table:
    rows = tuple(Row((_NAMED.sub(r"`\1`", doubt.say),)) for doubt in template.not_sourced)
    headings = (Heading("Said when it matters", width=100),)
    return Table("not-sourced", "What no page was found for, and what is assumed", headings, rows)
