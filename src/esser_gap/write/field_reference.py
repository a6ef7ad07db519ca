"""The reference of every field, `docs/fields.md`, made from the definitions that the reader uses.

A test keeps the two the same; `python -m esser_gap.write.field_reference > docs/fields.md` writes it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.model.commitment import Commitment
from esser_gap.model.district import District
from esser_gap.model.mapping import Caption, CodeUse, Mapping, RowFilter
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.model.scenario import GROWTH_KEYS, Action, DriverChange, Scenario, SourceAdjustment, SourceChanges
from esser_gap.model.source import Award, Source, YearlyGrowth
from esser_gap.model.words import Category
from esser_gap.write.field_words import WRITINGS, need_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCTION = """\
# Fields

<!-- Made by `python -m esser_gap.write.field_reference`; a test keeps it up to date. -->

Every field of every file, from the definitions that the reader itself uses. On a sheet the fields are columns, in
YAML they are keys. Capitals, spaces, underscores and units in parentheses do not matter in a heading: `annual_cost`
and `Annual cost ($)` are the same column. `esser-gap init` writes a workbook with all of them.

A field that is not needed may be left out or left blank. Codes and ids are text and keep their leading zeros.
"""

_OTHER_WRITINGS = (
    "Other ways of writing are understood where they can mean only one thing, such as `$1,234.50`, `(1,200)`, `45K`,"
    " `0.6`, `6/30/2027`, `June 30, 2027`, `2026-27` or `July`; what could mean two things is refused."
)


@dataclass(frozen=True, slots=True)
class _Section:
    """One table of the reference.

    Attributes:
        title: Its heading.
        introduction: What the record is and where it is written.
        record: The record's class.
        level: Depth of the heading.
    """

    title: str
    introduction: str
    record: type[Record]
    level: int = 2


_SECTIONS = (
    _Section("Commitment", "A row of the sheet `Commitments`, or `add` in a scenario.", Commitment),
    _Section(
        "Source",
        "A row of the sheet `Funding`, or an entry of `sources` in YAML. Sources are drawn in the order listed.",
        Source,
    ),
    _Section(
        "Award",
        "An entry of a source's `awards`; on the sheet `Funding` these are columns, and each further award of a source"
        " takes a further row with the same name.",
        Award,
        level=3,
    ),
    _Section(
        "Yearly growth",
        "A source's `yearly`; on the sheet `Funding`, `amount` and `growth` in a row without dates. Amounts that differ"
        " stand there in columns headed by fiscal years.",
        YearlyGrowth,
        level=3,
    ),
    _Section(
        "District",
        "A row of the sheet `District`, headed `Field` and `Value`, with fiscal years in columns beside them; or"
        " `district` in YAML. A file of several districts has a row for each, with columns such as"
        " `Enrollment FY2027`.",
        District,
    ),
    _Section(
        "Scenario",
        "A YAML file; or rows of the sheet `Scenarios`, headed `Scenario`, `Set` and `Value`, where `Set` names a key"
        " (`count`, `growth.software`, `growth.software.FY2028`) or is `action`.",
        Scenario,
    ),
    _Section(
        "Source changes",
        "Under `sources` in a scenario.",
        SourceChanges,
        level=3,
    ),
    _Section(
        "Source adjustment",
        "An entry of `adjust` under `sources` in a scenario. Besides `where` and `from` it has exactly one key.",
        SourceAdjustment,
        level=3,
    ),
    _Section(
        "Driver change",
        "A driver under `drivers` in a scenario, in place of its numbers by fiscal year.",
        DriverChange,
        level=3,
    ),
    _Section(
        "Action",
        "An entry of `actions` in a scenario. Besides `where` and `from` it has exactly one key.",
        Action,
        level=3,
    ),
    _Section(
        "Mapping",
        "A YAML file for `--mapping`, which says how the columns of a spreadsheet made for something else are read.",
        Mapping,
    ),
    _Section("Rows", "Under `rows` in a mapping.", RowFilter, level=3),
    _Section(
        "Caption",
        "An entry of `take` in a mapping: one of the first five keys, `parts` going with `column`.",
        Caption,
        level=3,
    ),
    _Section("Code use", "A field's entry under `codes` in a mapping; the map's name alone does.", CodeUse, level=3),
)

_RUN_YEAR = "fiscal year, or one counted from the first projected year, such as `first+1`"
_STRUCTURES: dict[tuple[type[Record], str], str] = {
    (Source, "awards"): "a list, such as `[{amount: 50000, from: 2026-07-01, through: 2027-06-30}]`",
    (Source, "yearly"): "`{FY2027: 450000, FY2028: 450000}`, or `{amount: 450000, growth: 3%, from: FY2027}`",
    (District, "enrollment"): "numbers by fiscal year, such as `{FY2027: 8400, FY2028: 8300}`",
    (District, "total_budget"): "dollars by fiscal year, such as `{FY2027: 150000000}`",
    (Scenario, "sources_cited"): "texts by name, such as `{salary: contract of 2026}`",
    (Scenario, "growth"): "percentages by name, or by name and fiscal year, such as"
    " `{default: 3%, software: {FY2027: 5%, FY2028: 7%}}`",
    (Scenario, "drivers"): "numbers by name and fiscal year, such as `{enrollment: {FY2027: 7900, FY2028: 7750}}`,"
    " or a driver change, see below",
    (Scenario, "sources"): "see below",
    (Scenario, "actions"): "a list, see below",
    (SourceChanges, "add"): "a list of sources, such as"
    " `[{name: Levy, recurring: yes, basis: open, yearly: {FY2028: 600000}}]`",
    (SourceChanges, "change"): "new values by source, such as `{Technology line: {share: 80%}}`",
    (SourceChanges, "years"): "amounts by source and fiscal year, such as `{Technology line: {FY2028: 300000}}`",
    (SourceChanges, "adjust"): "a list, see below",
    (
        SourceAdjustment,
        "where",
    ): "fields of a source with a value or a list, such as `{name: ['*Title II*', '*Title IV*']}`",
    (SourceAdjustment, "renew"): "yes",
    (SourceAdjustment, "level"): "yes",
    (SourceAdjustment, "from"): _RUN_YEAR,
    (DriverChange, "from"): _RUN_YEAR,
    (DriverChange, "years"): "numbers by fiscal year, such as `{FY2027: 7900}`",
    (Action, "from"): _RUN_YEAR,
    (Action, "stop"): _RUN_YEAR,
    (SourceChanges, "remove"): "a list of names, such as `[E-rate Category Two]`",
    (
        Action,
        "where",
    ): "fields of a commitment with a value or a list, such as `{category: [ai, repair], mandated: no}`",
    (Action, "stagger"): "yes",
    (Action, "add"): "a commitment, such as `{name: Filter, category: software, kind: recurring, annual_cost: 9000}`",
    (
        Mapping,
        "columns",
    ): "headings by field, several as a list, such as `{name: Item, notes: [Remarks, PO]}`",
    (Mapping, "constants"): "values by field, such as `{price_year: FY2027}`",
    (Mapping, "header_row"): "a row number, or first and last row, such as `[4, 5]`",
    (Mapping, "take"): 'a list of captions, such as `[{title: "Fund: {Fund} - {Fund Title}"}]`',
    (Mapping, "codes"): "code maps by field, such as `{funded_by: {map: texas-fund, heading: Fund}}`",
    (Mapping, "values"): 'meanings by field, such as `{category: {"4*": network, "*": other}}`',
    (Mapping, "rows"): "see below",
    (RowFilter, "keep"): 'a list of conditions, such as `[{Account: ["470*", "480*"]}]`',
    (RowFilter, "drop"): 'a list of conditions, such as `[{Budget: "= 0"}]`',
    (RowFilter, "totals"): 'a list of conditions, such as `[{Account: ""}]`',
    (RowFilter, "data"): 'a list of conditions, such as `[{Item: "Total Wireless*"}]`',
}
"""How keys are written whose values have parts of their own."""

_EXPLANATIONS = {
    Commitment: "Categories: " + ", ".join(f"`{category.value}`" for category in Category) + ".",
    Scenario: "Names under `growth`: " + ", ".join(f"`{key}`" for key in GROWTH_KEYS) + ".",
}


def field_reference() -> str:
    """Write the reference as Markdown: one table a record, with how each field is written and what it means."""
    return "\n".join([_INTRODUCTION, _values(), *(_section(section) for section in _SECTIONS)])


def _values() -> str:
    lines = ["## Values", "", _OTHER_WRITINGS, ""]
    lines += ["| Form | Write | Such as |", "| --- | --- | --- |"]
    for form, writing in WRITINGS.items():
        lines.append(f"| {form.value} | {writing.words} | {_code(writing.example)} |")
    return "\n".join([*lines, ""])


def _section(section: _Section) -> str:
    lines = [f"{'#' * section.level} {section.title}", "", section.introduction, ""]
    lines += ["| Field | Form | If left out | Meaning |", "| --- | --- | --- | --- |"]
    for form, written in _rows(section):
        lines.append(f"| `{form.name}` | {written} | {need_of(form) or _default(form)} | {form.description} |")
    if section.record in _EXPLANATIONS:
        lines += ["", _EXPLANATIONS[section.record]]
    return "\n".join([*lines, ""])


def _rows(section: _Section) -> Iterator[tuple[FieldForm, str]]:
    """Give each field with how it is written."""
    record, forms = section.record, forms_of(section.record)
    for attribute, field in record.model_fields.items():
        name = field.alias or attribute
        structure = _STRUCTURES.get((record, name))
        if structure is not None:
            yield FieldForm(name, Form.DICTIONARY, (), field.is_required(), record), structure
        elif name in forms:
            yield forms[name], _written(forms[name])


def _written(form: FieldForm) -> str:
    if not form.choices:
        return form.form.value
    if form.choices == tuple(Category):
        return "category" if form.form is Form.CHOICE else "list of categories"
    return ", ".join(map(_code, form.choices))


def _default(form: FieldForm) -> str:
    """Write what a field that is left out stands for, blank where its meaning says it."""
    fields = {field.alias or name: field for name, field in form.record.model_fields.items()} if form.record else {}
    default = fields[form.name].default
    if isinstance(default, bool):
        return _code("yes" if default else "no")
    if isinstance(default, Decimal):
        return _code(f"{default * 100:f}%")
    return _code(str(default)) if isinstance(default, (int, str)) else ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    import sys

    sys.stdout.write(field_reference())
