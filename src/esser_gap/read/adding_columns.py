"""Columns that totals add up, rather than hold an average, a share or a running sum of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.read.ledger import HALF_CENT, SCALE, Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.read.entries import Entry

_RATES = re.compile(
    r"%|\b(?:percent(?:age)?|pct|share|rate|ratio|average|avg|mean|median|running|cumulative|balance|life)\b"
    r"|\b(?:unit|per|each)\b(?! year)|\b(?:price|cost) of one\b",
    re.IGNORECASE,
)
_SEVERAL = 2
_ENOUGH = 3


def may_add_up(heading: str) -> bool:
    """Tell whether totals may add up a column, as they do not of `% of total` or `Unit cost`.

    Examples:
        >>> may_add_up("2022-23 Proposed"), may_add_up("% Change")
        (True, False)
    """
    return _RATES.search(heading) is None


@dataclass(slots=True)
class _Score:
    """How a column does where the cost adds up: totals that do, too, that do not, and that are more like averages."""

    same: int = 0
    other: int = 0
    averages: int = 0
    fractions: int = 0

    @property
    def adds_up(self) -> bool:
        rarely = self.other >= _ENOUGH and self.same * 4 < self.other
        is_average = self.averages >= _SEVERAL and self.averages == self.other
        never = not self.same and (is_average or 0 < self.other == self.fractions)
        return not rarely and not never


def adding_columns(entries: Sequence[Entry], kept: Mapping[int, bool]) -> list[int]:
    """Give the positions of the amounts that totals add up, the first one always among them.

    Args:
        entries: The rows in order, some called totals.
        kept: For each position of an amount whether its heading lets totals add it up.
    """
    positions = [position for position in kept if position == 0 or kept[position]]
    called = [n for n, entry in enumerate(entries) if entry.label or entry.is_marked]
    scores = {position: _Score() for position in positions[1:]}
    if not called or not scores:
        return positions
    ledger = Ledger(1)
    firsts: list[int] = []
    data: set[int] = set()
    for n, entry in enumerate(entries):
        cost = entry.amounts[:1]
        is_called = bool(entry.label) or entry.is_marked
        match = ledger.covered(cost, None) if is_called and cost[0] is not None else None
        if match is None or match.start == len(ledger):
            ledger.add(cost, entry.parting)
            firsts.append(n)
            data.add(n)
            continue
        _compare([entries[row] for row in range(firsts[match.start], n) if row in data], entry, scores)
        del firsts[match.start + 1 :]
        ledger.close(match, None, learn=False)
    return [position for position in positions if position == 0 or scores[position].adds_up]


def _compare(rows: Sequence[Entry], total: Entry, scores: Mapping[int, _Score]) -> None:
    """Compare the other columns of a total with the rows of data under it."""
    for position, score in scores.items():
        stated = total.amounts[position]
        amounts = [amount for row in rows if (amount := row.amounts[position])]
        # Of one row the average is the sum, too.
        if not stated or len(amounts) < _SEVERAL:
            continue
        added = sum(amounts)
        if abs(added - stated) < HALF_CENT:
            score.same += 1
        else:
            score.other += 1
            score.fractions += max(abs(amount) for amount in (*amounts, stated)) <= SCALE
            score.averages += min(amounts) <= stated <= max(amounts) and abs(stated) * 2 <= abs(added)
