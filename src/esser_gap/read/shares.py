"""Sources with their shares in text, as people part and order them; `values` says what to write instead."""

from __future__ import annotations

import re
from decimal import Decimal

from esser_gap.read.numbers import visible

_PERCENT = r"\d+(?:\.\d+)?\s*%"
_IN_WORDS = re.compile(r"(?<=\d)\s*(?:percent|per cent|pct\b\.?)", re.IGNORECASE)
# A comma parts sources only after a share: names may have commas.
_BETWEEN = re.compile(r"[;\n]|(?<=%)\s*,|(?<=%\))\s*,")
_SHARE_LAST = re.compile(rf"(.+?)(?:[\s:=(]|(?<=\s)[-\u2013])+({_PERCENT})\)?")
_SHARE_FIRST = re.compile(rf"({_PERCENT})\s+(?:of\s+)?(.+)")


def shares_in(text: str) -> list[tuple[str, Decimal | None]]:
    """Read names of sources, each with its share of the whole where it has one.

    Examples:
        >>> shares_in("ESSER III 60%; General Fund")
        [('ESSER III', Decimal('0.6')), ('General Fund', None)]
    """
    pieces = map(visible, _BETWEEN.split(_IN_WORDS.sub("%", text)))
    return [_named_share(piece) for piece in pieces if piece]


def _named_share(piece: str) -> tuple[str, Decimal | None]:
    if match := _SHARE_LAST.fullmatch(piece):
        return match[1].strip(), _share(match[2])
    if match := _SHARE_FIRST.fullmatch(piece):
        return match[2].strip(), _share(match[1])
    return piece, None


def _share(percent: str) -> Decimal:
    return Decimal(percent.replace("%", "").strip()) / 100
