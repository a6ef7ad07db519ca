"""Amounts such as `1.200` that may be 1,200 dollars as Europe writes them, or 1 dollar and 20 cents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.issues import error
from esser_gap.read.numbers import tidied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.origin import Origin
    from esser_gap.read.values import Raw

_IN_DOUBT = re.compile(r"[-+($ ]*([1-9][0-9]{0,2})\.([0-9]{3})[) -]*", re.ASCII)
_DECIMALS = re.compile(
    r"[^.]*[0-9]{4}\.[0-9]+[^.]*|[^.]*,[^.]*\.[0-9]+[^.]*|[^.]*\.(?:[0-9]{1,2}|[0-9]{4,})[^0-9.]*|[^.0-9]*0?\.[0-9]+[^.]*",
    re.ASCII,
)
"""Amounts that can only have a point before the cents."""


def amounts_in_doubt(name: str, raws: Sequence[Raw], origins: Sequence[Origin]) -> tuple[list[Issue], set[int]]:
    """Ask about amounts with three digits behind a point, where no other one of the column shows what the point is.

    Args:
        name: Field of the column.
        raws: Its cells.
        origins: Origin of each record.

    Returns:
        An error for each such amount, and the places of their records.
    """
    asked: dict[str, tuple[str, str]] = {}
    for raw in dict.fromkeys(raws):
        if isinstance(raw, (int, float)):
            # In a workbook a point that is typed is what the program takes for one; text files leave it open.
            return [], set()
        if not isinstance(raw, str) or "." not in raw:
            continue
        text = tidied(raw)
        if _DECIMALS.fullmatch(text):
            return [], set()
        if match := _IN_DOUBT.fullmatch(text):
            asked[raw] = match[1], match[2]
    return _asked(name, raws, origins, asked) if asked else ([], set())


def _asked(
    name: str, raws: Sequence[Raw], origins: Sequence[Origin], asked: Mapping[str, tuple[str, str]]
) -> tuple[list[Issue], set[int]]:
    issues, places = [], set()
    for place, raw in enumerate(raws):
        if raw in asked:
            whole, rest = asked[raw]
            message = (
                f"`{name}` could be {whole},{rest} or {whole}.{rest}, since no other amount shows what a point means"
            )
            cents = f", or {whole}.{rest[:2]} with two digits for the cents" if rest.endswith("0") else ""
            hint = f"write {whole}{rest}{cents}"
            where = origins[place].where(name)
            issues.append(error("point-unclear", message, where=where, field=name, found=str(raw), hint=hint))
            places.add(place)
    return issues, places
