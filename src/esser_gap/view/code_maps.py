"""Code maps as tables: which there are, and what one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import year_name
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.code_map import Code, CodeMap


def code_maps_table(code_maps: Sequence[CodeMap]) -> Table:
    """List code maps: name, state, what the chart calls a code, number of codes, day they were read."""
    rows = tuple(Row((m.name, m.state or "", m.dimension, len(m.codes), m.as_of)) for m in code_maps)
    headings = (
        Heading("Code map", Show.CODE),
        Heading("State", Show.CODE),
        Heading("Codes are"),
        Heading("Codes", Show.NUMBER),
        Heading("As of", Show.DATE),
    )
    return Table("code-maps", "Code maps that come with the program", headings, rows)


def code_map_parts(code_map: CodeMap) -> list[str | Table]:
    """Show a code map: its sentence, its codes with what they stand for, and where each of them stands."""
    title = f"{code_map.name}: {code_map.title}" if code_map.title else code_map.name
    about = [title, *([code_map.about] if code_map.about else [])]
    cited = _citations_table(code_map)
    return [*about, _codes_table(code_map), *([cited] if cited.rows else [])]


def _codes_table(code_map: CodeMap) -> Table:
    rows = tuple(Row((c.code, c.title or "", _meaning(c), _years(c), c.note or "")) for c in code_map.codes)
    headings = (
        Heading(code_map.dimension.capitalize(), Show.CODE),
        Heading("Title", width=30),
        Heading("Stands for", width=30),
        Heading("Years"),
        Heading("Note", width=30),
    )
    filled = [place for place in range(len(headings)) if any(row.cells[place] for row in rows)]
    notes = ("a code that may be several things, or says nothing of a field, is left for the mapping to say",)
    return Table(
        "codes",
        "Codes",
        tuple(headings[place] for place in filled),
        tuple(Row(tuple(row.cells[place] for place in filled)) for row in rows),
        notes,
    )


def _meaning(code: Code) -> str:
    return "; ".join(f"{field}: {' or '.join(values)}" for field, values in code.means.items())


def _years(code: Code) -> str:
    if code.from_ is None:
        return "" if code.through is None else f"through {year_name(code.through)}"
    if code.through is None:
        return f"from {year_name(code.from_)}"
    return f"{year_name(code.from_)} to {year_name(code.through)}"


def _citations_table(code_map: CodeMap) -> Table:
    places: dict[str, list[str]] = {code_map.citation: []} if code_map.citation else {}
    for code in code_map.codes:
        citation = code.citation or code_map.citation
        if citation:
            listed = places.setdefault(citation, [])
            listed += [] if code.code in listed else [code.code]
    read = f" (read on {code_map.as_of})" if code_map.as_of else ""
    rows = tuple(Row((", ".join(codes) or "the chart", citation)) for citation, codes in places.items())
    headings = (Heading(code_map.dimension.capitalize(), width=30), Heading("Where it stands", width=60))
    return Table("citations", f"Where the codes stand{read}", headings, rows)
