"""Conditions on rows: text patterns and comparisons of figures."""

from __future__ import annotations

import operator
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.read.rows import amount_of
from esser_gap.read.totals import scaled
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from esser_gap.read.values import Raw

_COMPARISON = re.compile(r"(<>|<=|>=|<|>|=)\s*(-?[\d,]*\.?\d+)")
_WHOLE = re.compile(r"-?[0-9]+\.0", re.ASCII)
"""A whole number as a program writes what it holds as a number: `282.0`."""
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<>": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}


def any_holds(
    conditions: Sequence[dict[str, tuple[str, ...]]], cell: Callable[[str], Raw], *, unreadable: bool
) -> bool:
    """Tell whether one of several conditions holds for a row.

    Args:
        conditions: Patterns by heading; in one condition every heading must match one of its patterns.
        cell: Gives the row's cell under a heading.
        unreadable: What a comparison of figures says of a cell that holds something else.
    """
    return any(
        all(
            any(_matches(cell(heading), pattern, unreadable) for pattern in patterns) for heading, patterns in c.items()
        )
        for c in conditions
    )


def _matches(raw: Raw, pattern: str, unreadable: bool) -> bool:  # noqa: FBT001 - passed on
    comparison = _comparison(pattern)
    if comparison is None:
        text = "" if raw is None else shown(raw)
        return matches(text, pattern) or matches_code(text, pattern)
    compare, limit = comparison
    amount = 0 if is_blank(raw) else amount_of(raw)
    return unreadable if amount is None else compare(amount, limit)


def matches(text: str, pattern: str) -> bool:
    """Tell whether a text is as a pattern says: `*` stands for any text, `[*]` for a star and all else for itself.

    Examples:
        >>> matches("Cost [A]", "Cost [A]"), matches("470-01", "470*"), matches("470-01", "47?-01")
        (True, True, False)
        >>> matches("*Closed*", "[*]Closed*"), matches("Now closed", "[*]*")
        (True, False)
    """
    return text == pattern or ("*" in pattern and _expression(pattern).fullmatch(text) is not None)


def matches_code(text: str, pattern: str) -> bool:
    """Tell whether a code matches once what a program made of a whole number is undone, in the text or the pattern.

    Examples:
        >>> matches_code("282.0", "282"), matches_code("282", "282.0"), matches_code("282.05", "282")
        (True, True, False)
    """
    plain, wanted = _code(text), _code(pattern)
    return (plain is not text or wanted is not pattern) and matches(plain, wanted)


@lru_cache(maxsize=10_000)
def _code(text: str) -> str:
    return text[:-2] if _WHOLE.fullmatch(text) else text


@lru_cache(maxsize=1_000)
def _expression(pattern: str) -> re.Pattern[str]:
    literal = [".*".join(map(re.escape, part.split("*"))) for part in pattern.split("[*]")]
    return re.compile(r"\*".join(literal), re.DOTALL)


@lru_cache(maxsize=1_000)
def _comparison(pattern: str) -> tuple[Callable[[int, int], bool], int] | None:
    found = _COMPARISON.fullmatch(pattern.strip())
    return None if found is None else (_COMPARE[found[1]], scaled(Decimal(found[2].replace(",", ""))))
