"""A mapping as YAML with comments: what was taken from the file, what was guessed, and what else it could be."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from esser_gap.fiscal_year import year_name
from esser_gap.model.commitment import Commitment
from esser_gap.model.record import Form, forms_of
from esser_gap.read.captions import pattern_of
from esser_gap.read.double_counting import same_but_for_version
from esser_gap.read.found_tables import titles_above
from esser_gap.read.likely_fields import Holds
from esser_gap.read.rows import amount_of
from esser_gap.read.values import NotUnderstood, is_blank, parse, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.inspecting import Inspection
    from esser_gap.model.mapping import Caption
    from esser_gap.read.found_columns import FoundColumn
    from esser_gap.read.proposals import Proposal

_PLAIN = re.compile(r"(?:[A-Za-z]|\d[^ ]* (?=\S))(?:[A-Za-z0-9_/&$().'%+-]| (?![ #]))*(?<! )", re.ASCII)
_WORDS = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})
_FEW = 12
"""As many values or columns are listed in comments."""
_COMMENT_AT = 44
_WIDEST = 110
_EXAMPLES = {"category": "software", "kind": "recurring"}


def mapping_text(
    inspections: Sequence[Inspection], proposals: Sequence[Sequence[Proposal]], name: str = "mapping.yaml"
) -> str:
    """Write the mappings that files suggest.

    Args:
        inspections: What was found in each file, without a mapping.
        proposals: The mappings proposed for each file.
        name: Name of the mapping file, for the command in its first lines.

    Returns:
        A mapping file that is valid as it stands: one mapping, or several under `mappings:`.
    """
    found = [(each, one) for each, listed in zip(inspections, proposals, strict=True) for one in listed]
    names_file = len(inspections) > 1
    lines = list(_opening(inspections, name))
    if len(found) == 1 and not names_file:
        lines += _mapping(*found[0], names_file=False)
    else:
        lines.append("mappings:")
        for inspection, proposal in found:
            lines += _listed(list(_mapping(inspection, proposal, names_file=names_file)))
    return "\n".join(lines) + "\n"


def _opening(inspections: Sequence[Inspection], name: str) -> Iterator[str]:
    names = ", ".join(f"`{each.path.name}`" for each in inspections)
    files = " ".join(shlex.quote(str(each.path)) for each in inspections)
    yield f"# How {names} is read, as `esser-gap inspect` understood it. It is valid as it stands."
    yield "# What stands behind a line says where it comes from. Lines such as `# key: value` are suggestions."
    yield f"# Edit it, then run: esser-gap check {files} --mapping {shlex.quote(name)}"
    yield ""


def _listed(block: Sequence[str]) -> Iterator[str]:
    """Write the lines of a mapping as an item of a list."""
    first = next(place for place, line in enumerate(block) if line and not line.startswith("#"))
    for place, line in enumerate(block):
        yield f"  - {line}" if place == first else f"    {line}".rstrip()


def _mapping(inspection: Inspection, proposal: Proposal, *, names_file: bool) -> Iterator[str]:
    mapping = proposal.mapping
    if not proposal.reads_the_same:
        yield "# Tried on the file, it does not read exactly the rows that were found; compare with `esser-gap check`."
    if names_file:
        yield _line("files", [inspection.path.name.replace("[", "[[]")], "the file that this mapping is for")
    yield from _places(inspection, proposal)
    yield from _columns(proposal)
    if mapping.take:
        yield "take:"
        yield from (_caption("  - ", caption, proposal) for caption in mapping.take)
    elif proposal.captions:
        yield "# take:"
        yield from (_caption("#   - ", caption, proposal) for caption in proposal.captions)
    if mapping.fill_down:
        yield _line("fill_down", list(mapping.fill_down), "their blank cells repeat the value above")
    if mapping.unit is not None:
        yield _line("unit", mapping.unit.value, "as the headings or a title say")
    if not mapping.find_totals:
        yield _noted("find_totals: no", "no row is a total")
    yield from _constants(proposal)
    yield from _codes(proposal)
    yield from _values(proposal)
    yield from _rows(proposal)


# --- where it stands ---------------------------------------------------------------------------


def _places(inspection: Inspection, proposal: Proposal) -> Iterator[str]:
    mapping, tables = proposal.mapping, proposal.tables
    sheets = list(dict.fromkeys(name for table in tables for name in table.sheets))
    count = len(inspection.overview.sheets)
    if mapping.sheets:
        yield _line("sheets", list(mapping.sheets), f"{len(sheets)} of the file's {count}")
    elif versions := same_but_for_version([" ".join(name.split()) for name in sheets]):
        yield f"# All {len(sheets)} sheets with these headings are read, some of them years or versions of one budget;"
        yield f"# name those that are meant: {_line('sheets', [versions[-1]], '')}"
    elif count > 1:
        yield f"# Every sheet with these headings is read, now {len(sheets)} of {count}; `sheets: [...]` names some."
    if mapping.area:
        yield _line("area", mapping.area, "other tables stand beside or below it")
    if mapping.header_row:
        rows = list(mapping.header_row)
        yield _line("header_row", rows if len(rows) > 1 else rows[0], "its headings stand elsewhere, too")
    else:
        rows_found = sorted({extent.header for table in tables for extent in table.extents})
        written = ", ".join(f"row {a}" if a == b else f"rows {a} to {b}" for a, b in rows_found[:_FEW])
        yield f"# The header is found by its headings, in {written}; `header_row:` would say where."
    for other in proposal.elsewhere:
        extent = other.extents[0]
        yield f"# Not read: sheet `{extent.sheet}`, {extent.cells}{_more(len(other.extents))}"


def _more(count: int) -> str:
    return f" and {count - 1} more like it" if count > 1 else ""


# --- columns -----------------------------------------------------------------------------------


def _columns(proposal: Proposal) -> Iterator[str]:
    columns = proposal.mapping.columns
    by_heading = {column.name: column for table in proposal.tables[:1] for column in table.columns}
    yield "columns:" if columns else "columns: {}"
    for name, headings in columns.items():
        about = _about(by_heading.get(headings[0]), proposal.why.get(name, ""))
        yield _noted(f"  {name}: {_scalar(headings[0])}", about)
    if proposal.names:
        yield "  # None was chosen as the name; take the # away from one."
        for column in proposal.names[:_FEW]:
            yield _noted(f"  # name: {_scalar(column.name)}", f"{column.letter}, such as `{column.sample}`")
    if proposal.costs:
        yield "  # None was chosen as the cost, since each of these could be it; take the # away from one."
        for column in proposal.costs:
            yield _noted(f"  # annual_cost: {_scalar(column.name)}", _cost_words(column, proposal))
    elif "annual_cost" not in columns and "unit_cost" not in columns:
        yield "  # No column holds dollars that could be the annual_cost."
    used = {heading for headings in columns.values() for heading in headings}
    used |= {column.name for column in (*proposal.costs, *proposal.names)}
    free = [column for column in by_heading.values() if column.name not in used]
    if free:
        yield f"  # Without a field: {', '.join(f'{c.letter} `{c.name}`' for c in free[:_FEW])}{_and_more(len(free))}"


def _and_more(count: int) -> str:
    return f" and {count - _FEW} more" if count > _FEW else ""


def _about(column: FoundColumn | None, why: str) -> str:
    guessed = {"looks like one": "guessed from the heading", "a title": "guessed: made of a title by `take`"}
    said = guessed.get(why, why)
    return said if column is None else f"{column.letter}, {said}" if said else column.letter


def _cost_words(column: FoundColumn, proposal: Proposal) -> str:
    sums = {each.place: each.rows for table in proposal.tables[:1] for each in table.totals.sums}
    parts = [column.letter]
    parts += [year_name(column.year)] if column.year is not None else []
    parts += [f"adds up to {sums[column.place]:,.2f}"] if column.place in sums else []
    return ", ".join(parts)


def _caption(before: str, caption: Caption, proposal: Proposal) -> str:
    if caption.sheet is not None:
        about = f"the sheets' names, such as `{proposal.tables[0].sheets[0].strip()}`"
        return _noted(f"{before}{_flow({'sheet': caption.sheet})}", about)
    pattern = str(caption.title)
    return _noted(f"{before}{_flow({'title': pattern})}", f"such as `{_title_like(pattern, proposal)}`")


def _title_like(pattern: str, proposal: Proposal) -> str:
    """Give a text of the file that a pattern fits."""
    expected = pattern_of(pattern)
    for table in proposal.tables:
        for each, body in zip(table.found, table.bodies, strict=True):
            for _, text in (*titles_above(each), *body.texts):
                if expected.parts(text) is not None:
                    return text
    return ""


# --- what no column gives ----------------------------------------------------------------------


def _constants(proposal: Proposal) -> Iterator[str]:
    constants = proposal.mapping.constants
    if constants:
        yield "constants:"
        for name, value in constants.items():
            yield _noted(f"  {name}: {_scalar(value)}", "blank, as without a mapping")
    needed = proposal.needed
    year = _price_year(proposal)
    if not needed and year is None:
        return
    yield "# constants:" if not constants else "# in constants:"
    forms = forms_of(Commitment)
    for name in needed:
        words = f"{name} is needed, and no column gives it; one of: {', '.join(forms[name].choices)}"
        yield from textwrap.wrap(words, _WIDEST, initial_indent="#   # ", subsequent_indent="#   # ")
        yield f"#   {name}: {_EXAMPLES.get(name, '...')}"
    if year is not None:
        yield _noted(f"#   price_year: {year_name(year)}", "as the heading of the cost says, unless you say another")


def _price_year(proposal: Proposal) -> int | None:
    """Give the year that the heading of the chosen cost names."""
    headings = proposal.mapping.columns.get("annual_cost", ())
    years = [c.year for table in proposal.tables[:1] for c in table.columns if c.name in headings]
    return years[0] if years and "price_year" not in proposal.mapping.constants else None


def _codes(proposal: Proposal) -> Iterator[str]:
    """Point to code maps where fields are missing that codes may give."""
    coded = [column.name for column in proposal.tables[0].columns if column.holds is Holds.CODES]
    if coded and "category" in proposal.needed:
        named = ", ".join(f"`{name}`" for name in coded[:_FEW])
        yield f"# What codes mean (as in {named}), a code map may say: see `esser-gap codes list`."


def _values(proposal: Proposal) -> Iterator[str]:
    """Suggest translations for words that a field does not know, and for the names of sources."""
    lines = [line for name in proposal.mapping.columns for line in _values_of(name, proposal)]
    if lines:
        yield "# values:"
        yield from lines


def _values_of(name: str, proposal: Proposal) -> Iterator[str]:
    form = forms_of(Commitment)[name]
    if form.form is not Form.CHOICE and not (name == "funded_by" and _is_guessed(proposal, name)):
        return
    texts = Counter(_texts_of(name, proposal))
    unknown = [text for text in texts if form.form is not Form.CHOICE or not _is_understood(text, name)]
    if not unknown:
        return
    words = f"one of: {', '.join(form.choices)}" if form.choices else "as your funding file calls the source"
    yield f"#   {name}:"
    about = f"what each text of the file means; {words}"
    yield from textwrap.wrap(about, _WIDEST, initial_indent="#     # ", subsequent_indent="#     # ")
    for text in unknown[:_FEW]:
        meaning = form.choices[-1] if form.choices else text
        yield f"#     {_scalar(_escaped(text), always=True)}: {_scalar(meaning)}"
    if len(unknown) > _FEW:
        yield f"#     # and {len(unknown) - _FEW} more"


def _is_guessed(proposal: Proposal, name: str) -> bool:
    return proposal.why.get(name) not in {"field name", None}


def _texts_of(name: str, proposal: Proposal) -> Iterator[str]:
    heading = proposal.mapping.columns[name][0]
    for table in proposal.tables:
        place = next((column.place for column in table.columns if column.name == heading), None)
        if place is not None:
            cells = (row[place] for body in table.bodies for row in body.rows if place < len(row))
            yield from (shown(cell) for cell in cells if not is_blank(cell))
            continue
        for caption in proposal.mapping.take:
            pattern = pattern_of(str(caption.title))
            texts = [text for each in table.found for _, text in titles_above(each)]
            texts += [text for body in table.bodies for _, text in body.texts]
            yield from (parts[heading] for text in texts if (parts := pattern.parts(text)) and heading in parts)


def _is_understood(text: str, name: str) -> bool:
    try:
        parse(text, forms_of(Commitment)[name])
    except NotUnderstood:
        return False
    return True


def _rows(proposal: Proposal) -> Iterator[str]:
    """Suggest rows to leave out: those without a cost, and totals that stand above their parts."""
    lines = []
    heading = next(iter(proposal.mapping.columns.get("annual_cost", ())), None)
    has_price = "unit_cost" in proposal.mapping.columns
    zeros = 0 if heading is None or has_price else sum(_zeros(heading, proposal))
    if zeros:
        condition = _flow({heading: "= 0"})
        lines.append(_noted(f"#     - {condition}", f"{zeros:,} {'row has' if zeros == 1 else 'rows have'} no cost"))
    for table in proposal.tables:
        label = next((column.name for column in table.columns if column.holds is Holds.TEXT), "")
        for above in table.totals.above[:_FEW] if label else ():
            condition = _flow({label: _escaped(above.label)})
            lines.append(_noted(f"#     - {condition}", f"row {above.row} adds up the {above.covers} rows below it"))
    if lines:
        yield "# rows:"
        yield "#   drop:"
        yield from lines


def _zeros(heading: str, proposal: Proposal) -> Iterator[int]:
    for table in proposal.tables:
        places = [column.place for column in table.columns if column.name == heading]
        rows = [row for body in table.bodies for row in body.rows]
        yield sum(all(p >= len(row) or is_blank(row[p]) or amount_of(row[p]) == 0 for p in places) for row in rows)


# --- YAML --------------------------------------------------------------------------------------


def _noted(line: str, comment: str) -> str:
    return f"{line.ljust(_COMMENT_AT)}  # {_one_line(comment)}" if comment else line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _line(key: str, value: Any, comment: str) -> str:
    return _noted(f"{key}: {_flow(value)}", comment)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(item, always=isinstance(item, str)) for item in value) + "]"
    return _scalar(value, always=isinstance(value, str) and not _PLAIN.fullmatch(value))


def _scalar(value: Any, *, always: bool = False) -> str:
    """Write a value so that it is read as the same text: in quotation marks unless it is plain words."""
    if not isinstance(value, str):
        return str(value)
    is_plain = _PLAIN.fullmatch(value) and value.casefold() not in _WORDS
    return json.dumps(value, ensure_ascii=False) if always or not is_plain else value


def _escaped(text: str) -> str:
    """Write a text so that its stars stand for themselves in a pattern."""
    return text.replace("*", "[*]")
