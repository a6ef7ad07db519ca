"""Tables as lines of text: aligned columns that fit a width, by wrapping, by thousands, or in blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from esser_gap.view.table import RowStyle, Show, Table
from esser_gap.write.text_figures import FIGURES, cells_of, plain, show_of, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = "  "
THOUSAND = 1000
_FEW_FIGURES = 2
"""So many columns of dollars stay in whole dollars."""
_LONG_TEXT = 60
_NARROWEST = ((18, 30), (12, 18))
"""Columns that short and long text may be squeezed to; the second only where nothing else helps."""
_UNITS = {1: "whole dollars", THOUSAND: "thousands of dollars"}


class LineStyle(StrEnum):
    """What a line is, for emphasis."""

    PLAIN = "plain"
    STRONG = "strong"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; a rule is drawn as long as its text."""

    text: str
    style: LineStyle = LineStyle.PLAIN


@dataclass(frozen=True, slots=True)
class _Column:
    """One column as text: its heading, its cells, and how it is aligned and sized."""

    heading: str
    show: Show
    cells: tuple[str, ...]
    width: int
    floor: int

    @property
    def is_right(self) -> bool:
        return self.show in FIGURES

    @property
    def can_wrap(self) -> bool:
        return self.show is Show.TEXT


@dataclass(frozen=True, slots=True)
class _Layout:
    """Blocks of columns to draw one below the other, and columns that go below their row."""

    blocks: tuple[tuple[_Column, ...], ...]
    below: tuple[_Column, ...] = ()
    unit: int = 1


def lay_out(table: Table, width: int | None) -> Iterator[Line]:
    """Set a table in lines.

    Args:
        table: What to show.
        width: Columns to stay within. Text then wraps, a long last column goes below its row, dollars are
            counted in thousands, and years are split over several blocks, each only when what comes before
            it does not make the table fit. None: one line a row, as long as it takes.

    Returns:
        Title, headings, rows and notes; nothing is ever left out.
    """
    layout = _piped(table) if width is None else _fitted(table, width)
    title = plain(table.title)
    if layout.unit != 1:
        title = f"{title} ({_UNITS[layout.unit]})"
    for line in wrapped(title, width):
        yield Line(line, LineStyle.STRONG)
    if table.rows:
        for place, block in enumerate(layout.blocks):
            if place:
                yield Line("")
            yield from _block(table, block, layout.below, width)
    for note in (*table.notes, *_rounding_note(table, layout.unit)):
        for line in wrapped(plain(note), width):
            yield Line(line)


def wrapped(text: str, width: int | None, indent: str = "") -> list[str]:
    """Break a text at spaces, and inside a word only when the word alone is too long.

    Args:
        text: One paragraph without control characters.
        width: Columns to stay within; None: one line.
        indent: What the second and later lines begin with.
    """
    if width is None or cells_of(text) <= width:
        return [text]
    lead = text[: len(text) - len(text.lstrip())]
    lines: list[str] = []
    line = lead
    for word in text.split():
        joined = f"{line} {word}" if line.strip() else f"{line}{word}"
        if cells_of(joined) > width and line.strip():
            lines.append(line)
            joined = f"{indent}{word}"
        while cells_of(joined) > width:
            head = _head(joined, width)
            lines.append(head)
            joined = f"{indent}{joined[len(head) :]}"
        line = joined
    return [*lines, line]


def _head(text: str, width: int) -> str:
    """Take as many characters as fit, and never only what indents."""
    taken = 0
    least = len(text) - len(text.lstrip())
    for place, character in enumerate(text):
        taken += cells_of(character)
        if taken > width and place > least:
            return text[:place]
    return text


def _columns(table: Table, unit: int, narrowest: tuple[int, int] | None = None) -> tuple[_Column, ...]:
    """Write all cells; headings wrap when text may be squeezed to `narrowest`, for short and long text."""
    columns = []
    for place, heading in enumerate(table.headings):
        cells = tuple(shown(row.cells[place], heading, row, unit) for row in table.rows)
        # Digits stand below each other when what has no parentheses leaves room for one.
        room = " " if heading.show in FIGURES and any(cell.endswith(")") for cell in cells) else ""
        cells = tuple(cell if cell.endswith(")") else f"{cell}{room}" for cell in cells)
        words = [heading.text] if narrowest is None else heading.text.split()
        head = max((cells_of(word) for word in words), default=0) + len(room)
        width = max([head, *(cells_of(cell) for cell in cells)])
        floor = width if narrowest is None or heading.show is not Show.TEXT else _floor(head, width, narrowest)
        columns.append(_Column(f"{heading.text}{room}", heading.show, cells, width, floor))
    return tuple(columns)


def _floor(head: int, width: int, narrowest: tuple[int, int]) -> int:
    return max(head, min(width, narrowest[width > _LONG_TEXT]))


def _piped(table: Table) -> _Layout:
    return _Layout((_columns(table, 1),))


def _fitted(table: Table, width: int) -> _Layout:
    is_wide = sum(heading.show is Show.DOLLARS for heading in table.headings) > _FEW_FIGURES
    for narrowest in _NARROWEST:
        for unit in (1, THOUSAND) if is_wide else (1,):
            columns = _columns(table, unit, narrowest)
            for below in range(_most_below(columns) + 1):
                beside = columns[: len(columns) - below]
                if _needed(beside) <= width:
                    return _Layout((_widened(beside, width),), columns[len(columns) - below :], unit)
    return _split(_columns(table, 1, _NARROWEST[-1]), width)


def _most_below(columns: Sequence[_Column]) -> int:
    """Count the text columns at the end, which may go below their row; the first text column names the row."""
    first = next((place for place, column in enumerate(columns) if column.can_wrap), len(columns))
    count = 0
    for place in range(len(columns) - 1, first, -1):
        if not columns[place].can_wrap:
            break
        count += 1
    return count


def _needed(columns: Sequence[_Column]) -> int:
    return sum(column.floor for column in columns) + len(GAP) * (len(columns) - 1)


def _widened(columns: Sequence[_Column], width: int) -> tuple[_Column, ...]:
    """Share out what is left of the width among text columns, by how much each lacks."""
    left = width - _needed(columns)
    lacking = sum(column.width - column.floor for column in columns)
    if lacking <= left:
        return tuple(columns)
    return tuple(
        replace(column, width=column.floor + (column.width - column.floor) * max(left, 0) // lacking)
        for column in columns
    )


def _split(columns: tuple[_Column, ...], width: int) -> _Layout:
    """Part the figures over as few blocks as fit, evenly where that fits too, and repeat what names the rows."""
    place = _naming(columns, width)
    names, figures = columns[:place], columns[place:]
    parts = _filled(names, figures, width)
    size = -(-len(figures) // len(parts))
    even = [figures[start : start + size] for start in range(0, len(figures), max(size, 1))]
    fits = all(_needed((*names, *part)) <= width for part in even)
    return _Layout(tuple(_widened((*names, *part), width) for part in (even if even and fits else parts)))


def _filled(names: Sequence[_Column], figures: Sequence[_Column], width: int) -> list[tuple[_Column, ...]]:
    """Fill one block after the other; a block has at least one figure, and without figures there is one block."""
    parts: list[tuple[_Column, ...]] = [()]
    for column in figures:
        if parts[-1] and _needed((*names, *parts[-1], column)) > width:
            parts.append(())
        parts[-1] = (*parts[-1], column)
    return parts


def _naming(columns: Sequence[_Column], width: int) -> int:
    """Count the columns that name a row: to the first figure if it has room beside them, else to the first text."""
    before_figures = next((place for place, column in enumerate(columns) if column.is_right), len(columns))
    first_text = next((place for place, column in enumerate(columns) if column.can_wrap), 0)
    most = max(before_figures, first_text + 1)
    return most if _needed(columns[: most + 1]) <= width else first_text + 1


def _block(table: Table, columns: Sequence[_Column], below: Sequence[_Column], width: int | None) -> Iterator[Line]:
    heads = [[column.heading] if width is None else _heading_lines(column) for column in columns]
    if any(column.heading.strip() for column in columns):
        height = max(len(head) for head in heads)
        lifted = [[""] * (height - len(head)) + head for head in heads]
        yield from (Line(text, LineStyle.STRONG) for text in _joined(columns, lifted))
    yield Line(_rule(columns, is_piped=width is None), LineStyle.RULE)
    before = None
    for place, row in enumerate(table.rows):
        if width is not None and before is RowStyle.BODY and row.style is RowStyle.TOTAL:
            yield Line(_rule(columns), LineStyle.RULE)
        style = LineStyle.PLAIN if row.style is RowStyle.BODY else LineStyle.STRONG
        cells = [[c.cells[place]] if width is None else wrapped(c.cells[place], c.width) for c in columns]
        yield from (Line(text, style) for text in _joined(columns, cells))
        yield from _lines_below(columns, below, place, width)
        before = row.style


def _heading_lines(column: _Column) -> list[str]:
    room = " " if column.is_right and column.heading.endswith(" ") else ""
    return [f"{line}{room}" for line in wrapped(column.heading.strip(), max(column.width - len(room), 1))]


def _joined(columns: Sequence[_Column], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    for place in range(max(len(lines) for lines in cells)):
        texts = (lines[place] if place < len(lines) else "" for lines in cells)
        yield GAP.join(_aligned(text, column) for text, column in zip(texts, columns, strict=True)).rstrip()


def _aligned(text: str, column: _Column) -> str:
    space = " " * (column.width - cells_of(text))
    return f"{space}{text}" if column.is_right else f"{text}{space}"


def _lines_below(columns: Sequence[_Column], below: Sequence[_Column], place: int, width: int | None) -> Iterator[Line]:
    indent = " " * (columns[0].width + len(GAP)) if columns[0].is_right else GAP * 2
    for column in below:
        if column.cells[place]:
            text = f"{indent}{column.heading}: {column.cells[place]}"
            yield from (Line(line) for line in wrapped(text, width, indent))


def _rule(columns: Sequence[_Column], *, is_piped: bool = False) -> str:
    if is_piped:
        return GAP.join("-" * column.width for column in columns)
    return "-" * (sum(column.width for column in columns) + len(GAP) * (len(columns) - 1))


def _rounding_note(table: Table, unit: int) -> tuple[str, ...]:
    for row in table.rows:
        for heading, cell in zip(table.headings, row.cells, strict=True):
            if show_of(heading, row) is Show.DOLLARS and cell and not isinstance(cell, str) and cell % unit:  # type: ignore[operator]
                return (f"{_UNITS[unit]}; rounded figures may not add",)
    return ()
