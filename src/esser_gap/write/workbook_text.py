"""Text as a workbook can hold it: never a formula, nothing that XML forbids, nothing lost unseen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_pixel_width  # noqa: TID251

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # noqa: TID251
    from xlsxwriter.worksheet import Worksheet  # noqa: TID251

CELL_LIMIT = 32_767
"""UTF-16 units that a cell can hold."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BACKTICKS = re.compile("`([^`]*)`")
_LINE_ENDS = re.compile("\r\n?")
_WIDEST_UNIT = 2


def clean(text: str) -> str:
    r"""Give a text as a cell can hold it.

    Characters that XML forbids become U+FFFD, carriage returns become line feeds, and a text longer than a cell
    is cut with a mark that says how long it was.

    Examples:
        >>> clean("a\x07b\r\nc")
        'a�b\nc'
    """
    allowed = _FORBIDDEN.sub(REPLACEMENT, _LINE_ENDS.sub("\n", text))
    if len(allowed) * _WIDEST_UNIT <= CELL_LIMIT or _units(allowed) <= CELL_LIMIT:
        return allowed
    mark = f"… [cut: {len(text):,} characters, more than a cell can hold]"
    return _first_units(allowed, CELL_LIMIT - _units(mark)) + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    # A character outside the basic plane may be split in the middle: "ignore" drops the half.
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write text into a cell, as text whatever it looks like.

    Args:
        sheet: Worksheet.
        row: Row, 0 for the first.
        column: Column, 0 for the first.
        text: Any text; empty leaves a blank cell.
        style: Cell format.
    """
    shown = clean(text)
    if not shown:
        sheet.write_blank(row, column, None, style)
    elif shown.startswith("<r>") and shown.endswith("</r>"):
        # XlsxWriter takes such a string for its own rich text and would not escape it; in two fragments it does.
        sheet.write_rich_string(row, column, shown[0], style, shown[1:], style)
    else:
        sheet.write_string(row, column, shown, style)


def in_quotes(sentence: str) -> str:
    """Write a sentence with quotation marks where it has backticks round a name.

    Examples:
        >>> in_quotes("beginning with `Web filter`")
        'beginning with “Web filter”'
    """
    return _BACKTICKS.sub(r"“\1”", sentence)


def footer_part(text: str, limit: int) -> str:
    """Give a text as a page footer can hold it: on one line, `&` doubled, cut to a number of characters.

    Args:
        text: Any text.
        limit: The most characters it may take.
    """
    line = " ".join(clean(text).split())
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return line.replace("&", "&&")


def pixels(text: str, *, bold: bool = False) -> int:
    """Estimate how wide the widest line of a text is drawn at 11 points, in pixels."""
    widest = max((int(xl_pixel_width(line)) for line in text.split("\n")), default=0)
    return widest * 11 // 10 if bold else widest


def lines_of(text: str, width: int, *, bold: bool = False) -> list[str]:
    """Break a text between words into lines that are not wider than some pixels.

    Args:
        text: Any text; its own line breaks are kept.
        width: Pixels a line may take at 11 points.
        bold: Whether it is drawn bold.

    Returns:
        Lines that give the text again when joined by spaces; a word too wide for a line stands alone.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and pixels(longer, bold=bold) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return [line for line in lines if line]
