"""Dates, months and fiscal years in text and numbers, None where there is none; `values` says what to write instead."""

from __future__ import annotations

import re
from datetime import date, timedelta

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Day numbers that Excel dates of 1954 to 2119 have."""
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_MIDNIGHT = re.compile(r"[T ](00?|12):00(:00)?( AM)?$")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_NAMED = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})\.?[-, ]+(\d{4}|\d{2})")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})")
_NAMED_MONTH_AND_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})")
_YEAR_RANGE = re.compile(r"(\d{4})\s*[-/\u2013]\s*(\d{4}|\d{2})")
_YEAR_WORD = re.compile(r"^(FY|SY|Fiscal Year|School Year)\s*'?", re.IGNORECASE)


def date_numbered(days: int) -> date | None:
    """Give the date that Excel counts as a day number."""
    return _EXCEL_EPOCH + timedelta(days=days) if days in _SERIALS else None


def date_in(text: str) -> date | None:
    """Read a date that is written out, month before day where both are numbers.

    Examples:
        >>> date_in("9/30/24"), date_in("Sept 30, 2024") == date_in("2024-09-30")
        (datetime.date(2024, 9, 30), True)
    """
    body = _MIDNIGHT.sub("", " ".join(text.split()))
    try:
        if match := _ISO.fullmatch(body):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _SLASHED.fullmatch(body):
            return date(_full_year(match[3]), int(match[1]), int(match[2]))
        if match := _NAMED.fullmatch(body):
            month = month_named(match[1])
            return date(int(match[3]), month, int(match[2])) if month else None
        if match := _DAY_FIRST.fullmatch(body):
            month = month_named(match[2])
            return date(_full_year(match[3]), month, int(match[1])) if month else None
    except ValueError:
        return None
    return None


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004 - two digits


def month_named(word: str) -> int | None:
    """Number a month by its English name, or at least three letters of it."""
    start = "sep" if word.casefold() == "sept" else word.casefold()
    named = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(start)]
    return named[0] if len(start) >= 3 and named else None  # noqa: PLR2004 - `ma` could be two


def day_of_year_in(text: str) -> date | None:
    """Read a calendar day without a year (`03-15`, `March 15`), or the day of a whole date."""
    body = " ".join(text.split())
    # 2023 is no leap year, so that February 29th, which most years lack, is refused.
    if match := _MONTH_AND_DAY.fullmatch(body):
        return date_in(f"2023-{match[1]}-{match[2]}")
    if match := _NAMED_MONTH_AND_DAY.fullmatch(body):
        return date_in(f"{match[1]} {match[2]}, 2023")
    return date_in(body)


def fiscal_year_in(text: str) -> int | None:
    """Read a fiscal year by the year it ends in; two digits alone are none.

    Examples:
        >>> fiscal_year_in("2026-27"), fiscal_year_in("FY27"), fiscal_year_in("27")
        (2027, 2027, None)
    """
    body = _YEAR_WORD.sub("", text.strip()).strip()
    if match := _YEAR_RANGE.fullmatch(body):
        first, last = int(match[1]), int(match[2]) % 100
        return first + 1 if (first + 1) % 100 == last else None
    # `27` alone is more likely a number than a year.
    is_year = len(body) == 4 or (len(body) == 2 and body != text.strip())  # noqa: PLR2004 - digits of a year
    return _full_year(body) if is_year and body.isdecimal() else None
