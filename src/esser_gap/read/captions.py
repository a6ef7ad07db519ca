"""Text outside a table's columns, or inside one of them, that becomes a column of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Where, error, warning
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.mapping import Caption
    from esser_gap.read.rows import Body
    from esser_gap.read.values import Raw

_NAME = re.compile(r"\{([^{}]+)\}")
_SHOWN = 3
"""As many texts are shown in a message as examples of what stands there."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with names in braces for what may differ.

    Attributes:
        text: The pattern as written.
        names: Names in it.
        expression: The same as a regular expression.
    """

    text: str
    names: tuple[str, ...]
    expression: re.Pattern[str]

    def parts(self, text: str) -> dict[str, str] | None:
        """Give what stands in place of each name, None when the text is another.

        Examples:
            >>> pattern_of("Fund: {Fund} - {Title}").parts("FUND: 205 - ESSER III")
            {'Fund': '205', 'Title': 'ESSER III'}
        """
        found = self.expression.fullmatch(" ".join(text.split()))
        return None if found is None else dict(zip(self.names, (part.strip() for part in found.groups()), strict=True))


@cache
def pattern_of(text: str) -> Pattern:
    """Read a pattern; capitals and the number of spaces do not matter.

    Args:
        text: Text with names in braces, and `*` for any text.
    """
    pieces = _NAME.split(" ".join(text.split()))
    literal, names = pieces[0::2], pieces[1::2]
    expressions = [re.escape(piece).replace(r"\*", ".*?") for piece in literal]
    return Pattern(text, tuple(names), re.compile("(.*?)".join(expressions), re.IGNORECASE))


def caption_names(captions: Sequence[Caption]) -> list[str]:
    """List the columns that captions make.

    Args:
        captions: The captions of a mapping.
    """
    return [name for caption in captions for name in pattern_of(_pattern_text(caption)).names]


def _pattern_text(caption: Caption) -> str:
    return str(caption.parts or caption.title or caption.section or caption.sheet or caption.file)


def caption_columns(
    captions: Sequence[Caption], body: Body, columns: dict[str, list[Raw]], issues: list[Issue]
) -> dict[str, list[Raw]]:
    """Make the columns that captions name, one value a row of data.

    Args:
        captions: The captions of a mapping.
        body: The rows of a table.
        columns: Columns of the table by heading, for captions that take parts of one.
        issues: Texts that are not as the patterns say are added here.
    """
    made: dict[str, list[Raw]] = {}
    for caption in captions:
        pattern = pattern_of(_pattern_text(caption))
        if caption.column is not None:
            found = _parts_of_column(pattern, caption.column, columns[caption.column], body, issues)
        elif caption.sheet is not None or caption.file is not None:
            found = [_parts_of_name(pattern, caption, body, issues)] * len(body.rows)
        else:
            found = _parts_of_titles(pattern, body, issues, above=caption.title is not None)
        for name in pattern.names:
            made[name] = [parts.get(name) for parts in found]
    return made


def _parts_of_column(
    pattern: Pattern, heading: str, cells: list[Raw], body: Body, issues: list[Issue]
) -> list[dict[str, str]]:
    parts = {cell: pattern.parts(shown(cell)) for cell in set(cells)}
    wrong = [n for n, cell in zip(body.numbers, cells, strict=True) if parts[cell] is None and not is_blank(cell)]
    if wrong:
        examples = dict.fromkeys(shown(c) for c in cells if parts[c] is None and not is_blank(c))
        message = f"{len(wrong)} of `{heading}` do not have the parts `{pattern.text}`, from row {wrong[0]} on"
        hint = "their parts are taken as blank; correct the pattern under `take`, if they should have them"
        sheet = body.table.sheet
        found = ", ".join(list(examples)[:_SHOWN])
        where = Where(sheet.file, sheet.name, f"row {wrong[0]}")
        issues.append(warning("caption-not-matched", message, where=where, found=found, hint=hint))
    return [parts[cell] or {} for cell in cells]


def _parts_of_name(pattern: Pattern, caption: Caption, body: Body, issues: list[Issue]) -> dict[str, str]:
    sheet = body.table.sheet
    text = sheet.name if caption.sheet is not None else Path(sheet.file).stem
    parts = pattern.parts(text)
    if parts is None:
        what = "sheet" if caption.sheet is not None else "file"
        message = f"the {what}'s name is not as the pattern `{pattern.text}` says"
        hint = "correct the pattern under `take`, or leave the sheet out with `skip_sheets`"
        where = Where(sheet.file, sheet.name)
        issues.append(error("caption-missing", message, where=where, found=text, hint=hint))
    return parts or {}


def _parts_of_titles(pattern: Pattern, body: Body, issues: list[Issue], *, above: bool) -> list[dict[str, str]]:
    texts = [*(titles_of(body) if above else []), *body.texts]
    found = [(number, parts) for number, text in texts if (parts := pattern.parts(text)) is not None]
    if not found:
        sheet = body.table.sheet
        message = f"no {'title' if above else 'heading between the rows'} is as the pattern `{pattern.text}` says"
        shown_texts = " / ".join(text for _, text in texts[:_SHOWN])
        hint = "correct the pattern under `take`, or leave the sheet out with `skip_sheets`"
        where = Where(sheet.file, sheet.name)
        issues.append(error("caption-missing", message, where=where, found=shown_texts, hint=hint))
    numbers = [number for number, _ in found]
    nearest = (bisect_right(numbers, number) - 1 for number in body.numbers)
    return [found[place][1] if place >= 0 else {} for place in nearest]


def titles_of(body: Body) -> list[tuple[int, str]]:
    """List the texts above a table, each cell of its own, with their row numbers.

    Args:
        body: The table's rows.
    """
    # A title that stands directly above a header may have been taken as the upper row of it.
    sheet, last = body.table.sheet, body.table.header.row
    return [
        (number, shown(cell))
        for number, row in enumerate(sheet.rows[:last], 1)
        for cell in row
        if isinstance(cell, str) and cell.strip()
    ]
