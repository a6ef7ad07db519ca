"""Fiscal years in text, alone or inside a heading, by the year they end in; None where there is none."""

from __future__ import annotations

import re

from esser_gap.read.numbers import tidied

YEARS_IN_TEXT = range(1990, 2101)
"""Four digits outside it name no fiscal year in a text."""
_FIRST_OF_LAST_CENTURY = 80
"""Two digits from here on could be 1980 or 2080, so that they name no year."""
_FIRST_NO_MONTH = 13
"""Bare pairs of two digits below it (`9-10`, `11-12`) are grades or months."""

_FLAGS = re.ASCII | re.IGNORECASE
_FOUR = "[12][0-9]{3}"
_WORD = r"(?:f\.? ?y\.?e?|s\.? ?y\.?|fiscal years?|school years?)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_LONG_RANGE = rf"{_FOUR} ?[-/] ?'?(?:{_FOUR}|[0-9]{{2}})"
_SHORT_RANGE = r"[0-9]{2} ?[-/] ?'?[0-9]{2}"
_ENDING = rf"(?:(?:year|fy) end(?:ing|ed)?|fye)(?: on)? (?:{_MONTH} [0-9]{{1,2}},? |[0-9]{{1,2}}/[0-9]{{1,2}}/)?"
_AFTER_WORD = rf"{_LONG_RANGE}|{_SHORT_RANGE}|{_FOUR}|[0-9]{{2}}"
_DATE = (
    rf"[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.](?:{_FOUR}|[0-9]{{2}})|{_FOUR}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}"
    rf"|[0-9]{{1,2}}/{_FOUR}|{_MONTH}(?: [0-9]{{1,2}}(?:st|nd|rd|th)?,?)?[- ]'?(?:{_FOUR}|[0-9]{{2}})"
)
_CODE = rf"(?:fund|object|function|account|acct|resource|code|act of|server|windows|office)\.? {_FOUR}"
_BEFORE = r"(?<![\w$#.,/'-])"
_AFTER = r"(?![\w%]|[-/.,][0-9]|-[a-z])"

_WORDED = re.compile(rf"{_WORD}[-: ]*'?(?P<after>[0-9].*)|(?P<before>.*[0-9]) {_WORD}", _FLAGS)
_RANGE = re.compile(rf"(?P<first>{_FOUR}|[0-9]{{2}}) ?[-/] ?'?(?P<last>{_FOUR}|[0-9]{{2}})", re.ASCII)
# Programs write whole numbers as `2027.0`, too.
_SINGLE = re.compile(r"(?P<year>[0-9]{4})(?:\.0)?", re.ASCII)
_SHORT = re.compile(r"[0-9]{2}", re.ASCII)
_WITHIN = re.compile(
    "|".join(
        (
            rf"\b{_ENDING}(?P<ending>{_FOUR})\b",
            rf"(?<![a-z0-9]){_WORD}[-: ]*'?(?P<worded>{_AFTER_WORD})(?![0-9])",
            rf"\b(?P<other>{_DATE}|{_CODE})(?![0-9])",
            rf"{_BEFORE}(?P<range>{_LONG_RANGE}|{_SHORT_RANGE}){_AFTER}",
            rf"{_BEFORE}(?P<spaced>{_FOUR} [0-9]{{2}}){_AFTER}",
            rf"{_BEFORE}(?P<single>{_FOUR}){_AFTER}",
        )
    ),
    _FLAGS,
)


def full_year(digits: str) -> int | None:
    """Give the year that two or four digits mean; two mean this century, and from 80 on none.

    Examples:
        >>> full_year("27"), full_year("2027"), full_year("98")
        (2027, 2027, None)
    """
    if len(digits) == 2:  # noqa: PLR2004 - two digits
        return 2000 + int(digits) if int(digits) < _FIRST_OF_LAST_CENTURY else None
    return int(digits)


def fiscal_year_in(text: str) -> int | None:
    """Read a fiscal year by the year it ends in; two digits alone are none.

    Examples:
        >>> fiscal_year_in("2026-27"), fiscal_year_in("FY27"), fiscal_year_in("27")
        (2027, 2027, None)
    """
    body = tidied(text)
    worded = _WORDED.fullmatch(body)
    if worded:
        body = worded["after"] or worded["before"]
    if pair := _RANGE.fullmatch(body):
        return _end_of(pair["first"], pair["last"])
    if single := _SINGLE.fullmatch(body):
        return int(single["year"])
    # `27` alone is more likely a number than a year.
    return full_year(body) if worded and _SHORT.fullmatch(body) else None


def _end_of(first: str, last: str) -> int | None:
    """Give the second of two years that follow each other."""
    year = full_year(first)
    if year is None or str(year + 1)[-len(last) :] != last:
        return None
    return year + 1


def fiscal_year_within(text: str) -> int | None:
    """Give the one fiscal year that a heading or a title names.

    Args:
        text: The heading as it stands, such as `FY27 Budget` or `2022-2023 Proposed`.

    Returns:
        The year it ends in; None when there is none, when several are named, or only a date, an account or a price.

    Examples:
        >>> fiscal_year_within("Adopted Budget 2026-27"), fiscal_year_within("Cost (FY 2027)")
        (2027, 2027)
        >>> fiscal_year_within("FY26 and FY27"), fiscal_year_within("Paid through 2026-06-30")
        (None, None)
    """
    body = re.sub(r"(?<=\d{4})_(?=\d)", "-", tidied(text)).replace("_", " ")
    named: set[int | None] = set()
    for match in _WITHIN.finditer(body):
        kind = match.lastgroup or "other"
        if kind != "other":
            named |= _named_by(kind, match[kind])
    return named.pop() if len(named) == 1 and named <= {*YEARS_IN_TEXT} else None


def _named_by(kind: str, piece: str) -> set[int | None]:
    """Give the year that a piece of a heading names: none for a span of years, None for one after the word `FY`."""
    if kind == "worded":
        return {fiscal_year_in(f"FY {piece}")}
    if kind == "spaced":
        return {fiscal_year_in(piece.replace(" ", "-")) or int(piece[:4])}
    year = fiscal_year_in(piece)
    is_pair_of_months = piece[2:3] in {"-", "/", " "} and int(piece[:2]) < _FIRST_NO_MONTH
    return set() if year is None or is_pair_of_months else {year}
