"""Number formats: their sections, the colors and signs in them, and about how long a number is that they show."""

from __future__ import annotations

import re
from functools import lru_cache

GENERAL = "General"
TEXT = "@"

BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: TEXT,
}
"""Formats that are named by number only (ECMA-376, 18.8.30)."""

COLORS = {
    "black": (0, 0, 0),
    "blue": (0, 0, 255),
    "cyan": (0, 255, 255),
    "green": (0, 255, 0),
    "magenta": (255, 0, 255),
    "red": (255, 0, 0),
    "white": (255, 255, 255),
    "yellow": (255, 255, 0),
}
"""Colors that a format can name in brackets."""

_PIECES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_COLOR = re.compile(r"\[(?:color\s*\d+|" + "|".join(COLORS) + r")\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_DIGITS = re.compile(r"[0#?]")
_LONGEST_MONTH, _LONGEST_DAY = 9, 9
_THOUSAND, _HUNDRED = 1000, 100


@lru_cache(maxsize=4096)
def sections(number_format: str) -> tuple[tuple[str, ...], ...]:
    """Cut a format into its sections, and these into quoted text, bracketed parts and single characters."""
    found: list[list[str]] = [[]]
    for piece in _PIECES.findall(number_format):
        if piece == ";":
            found.append([])
        else:
            found[-1].append(piece)
    return tuple(tuple(section) for section in found)


@lru_cache(maxsize=4096)
def has_conditions(number_format: str) -> bool:
    """Tell whether a format says itself which numbers its sections are for."""
    return any(_CONDITION.match(piece) for section in sections(number_format) for piece in section)


def section_for(number_format: str, value: float) -> tuple[str, ...]:
    """Give the section that a number is shown by; formats with conditions of their own give their first."""
    parts = sections(number_format)
    if has_conditions(number_format):
        return parts[0]
    if value < 0 and len(parts) > 1:
        return parts[1]
    return parts[2] if value == 0 and len(parts) > len(("above", "below")) else parts[0]


@lru_cache(maxsize=4096)
def color_of(section: tuple[str, ...]) -> tuple[int, int, int] | None:
    """Give the color that a section draws in, None where it names none or one of the palette."""
    named = (piece[1:-1].strip().casefold() for piece in section if piece.startswith("["))
    return next((COLORS[name] for name in named if name in COLORS), None)


@lru_cache(maxsize=4096)
def tells_by_color_alone(number_format: str) -> bool:
    """Tell whether negative numbers look like others but for their color.

    Examples:
        >>> tells_by_color_alone("#,##0;[Red]#,##0"), tells_by_color_alone("#,##0;[Red](#,##0)")
        (True, False)
    """
    parts = sections(number_format)
    if len(parts) < len(("above", "below")) or has_conditions(number_format):
        return False
    above, below = parts[:2]
    if not any(_COLOR.fullmatch(piece) for piece in below):
        return False
    return _drawn(above) == _drawn(below)


def _drawn(section: tuple[str, ...]) -> str:
    """Give the letters and figures that a section draws, without colors and room."""
    return "".join(piece.strip('"\\') for piece in section if piece[0] not in "[_*" or piece == "[").strip()


@lru_cache(maxsize=4096)
def is_date(number_format: str) -> bool:
    """Tell whether a format shows a number as a day or a time."""
    plain = [piece for piece in sections(number_format)[0] if len(piece) == 1]
    return number_format != GENERAL and any(_DATE_LETTERS.match(piece) for piece in plain)


def shown(value: float, number_format: str) -> str | None:
    """Write a number about as its format shows it, to tell how wide it is; None where that cannot be told.

    Args:
        value: The number.
        number_format: Its format; General fits any width by rounding, but for the whole part.

    Examples:
        >>> shown(-1234.5, "#,##0.00_);(#,##0.00)")
        '(1,234.50)'
    """
    if number_format.casefold() == GENERAL.casefold() or TEXT in number_format or is_date(number_format):
        return None
    section = section_for(number_format, value)
    plain = "".join(piece for piece in section if len(piece) == 1)
    if "/" in plain or "e" in plain.casefold() or not _DIGITS.search(plain):
        return None
    amount = abs(value) * (_HUNDRED if "%" in plain else 1)
    while plain.rstrip("%)]").endswith(","):
        amount, plain = amount / _THOUSAND, plain.rstrip("%)]")[:-1]
    decimals = len(_DIGITS.findall(plain.partition(".")[2].partition(" ")[0]))
    digits = f"{amount:,.{decimals}f}" if "," in plain else f"{amount:.{decimals}f}"
    sign = "-" if value < 0 and section == sections(number_format)[0] else ""
    return sign + _around(section, digits)


def _around(section: tuple[str, ...], digits: str) -> str:
    """Put a section's other characters round the digits."""
    written, has_digits = "", False
    for piece in section:
        if len(piece) == 1 and (_DIGITS.match(piece) or piece in ".,"):
            written, has_digits = written + ("" if has_digits else digits), True
        elif piece.startswith("[$"):
            written += piece[2:-1].partition("-")[0]
        elif piece[0] == "_":
            written += " "
        elif piece[0] not in "[*":
            written += piece.strip('"\\')
    return written.strip()
