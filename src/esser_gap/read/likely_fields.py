"""Fields that columns look like: guesses by a word of the heading and by what the column holds."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Holds(StrEnum):
    """What the cells of a column are."""

    DOLLARS = "dollars"
    NUMBERS = "numbers"
    PERCENT = "percent"
    DATES = "dates"
    YEARS = "fiscal years"
    CODES = "codes"
    YES_NO = "yes or no"
    TEXT = "text"
    MIXED = "mixed"
    NOTHING = "nothing"


_WORDS = frozenset({Holds.TEXT, Holds.CODES, Holds.NUMBERS, Holds.MIXED})
_TITLE = r"(?: (?:titles?|names?|descriptions?|descr?|desc))?"
_LIKELY: tuple[tuple[str, frozenset[Holds], str], ...] = (
    ("vendor", _WORDS, rf"(?:vendor|supplier|payee|manufacturer){_TITLE}"),
    ("unit_cost", frozenset({Holds.DOLLARS, Holds.NUMBERS}), r"unit (?:cost|price)|(?:cost|price) (?:each|per)"),
    ("quantity", frozenset({Holds.NUMBERS}), r"qty|quantity|count"),
    ("starts_on", frozenset({Holds.DATES}), r"starts?|begins?|effective"),
    ("ends_on", frozenset({Holds.DATES}), r"ends?|expir\w*|terminat\w*"),
    ("purchased_on", frozenset({Holds.DATES}), r"purchased?|acquired|in service|received"),
    ("paid_through", frozenset({Holds.DATES}), r"paid|prepaid|covered"),
    ("funded_by", _WORDS, rf"(?:funds?|funding|grants?|resource){_TITLE}"),
    ("account", _WORDS, r"accounts?|accts?|gl|budget (?:unit|code)"),
    ("site", _WORDS, rf"(?:schools?|sites?|buildings?|campus|locations?|cost center){_TITLE}"),
    ("owner", _WORDS, rf"(?:departments?|dept|owner|responsible){_TITLE}"),
    ("name", frozenset({Holds.TEXT}), r"titles?|descriptions?|descr?|items?|product|asset|position"),
    ("notes", frozenset({Holds.TEXT}), r"notes?|comments?|remarks?"),
)
"""Field, what its column may hold, and words of its heading, the last of which decide between fields."""
_PATTERNS = tuple((name, holds, re.compile(rf"\b(?:{words})\b")) for name, holds, words in _LIKELY)


def likely_fields(headings: Mapping[int, str], holds: Mapping[int, Holds], taken: Iterable[str]) -> dict[int, str]:
    """Guess the fields of columns that no known heading names; a field is given to one column only.

    Args:
        headings: Folded headings by place, without columns that have a field.
        holds: What each of them holds.
        taken: Fields that have a column.

    Returns:
        Field by place. The cost is never guessed.
    """
    given = set(taken)
    found = {}
    for place, heading in headings.items():
        name = _likely(heading, holds[place])
        if name is not None and name not in given:
            found[place] = name
            given.add(name)
    return found


def _likely(heading: str, holds: Holds) -> str | None:
    """Give the field whose word stands last in a heading, as the noun does in `Account title`."""
    best: tuple[int, str] | None = None
    for name, kinds, pattern in _PATTERNS:
        if holds in kinds:
            ends = [found.end() for found in pattern.finditer(heading)]
            if ends and (best is None or ends[-1] > best[0]):
                best = (ends[-1], name)
    return None if best is None else best[1]
