"""Rows that add up the rows below them, as pivot tables and outlines have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from esser_gap.read.gaps import Fullness
from esser_gap.read.ledger import Ledger, Parting
from esser_gap.read.total_sorts import Sort

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from esser_gap.read.entries import Entry
    from esser_gap.read.gaps import Gaps

_LEAST = 2
"""A row that equals the one below it is no sign of a total."""


@dataclass(frozen=True, slots=True)
class Above:
    """A row that adds up the rows below it.

    Attributes:
        covers: How many rows it adds up, totals among them not counted.
        sums: What they add up to, in millionths, by column.
        is_sure: Whether more speaks for its being a total than one sum.
    """

    covers: int
    sums: tuple[int, ...]
    is_sure: bool


def totals_above(
    entries: Sequence[Entry], sorts: Sequence[Sort], gaps: Gaps, totals: Collection[int], *, is_detailed: bool
) -> dict[int, Above]:
    """Find rows that add up rows below them, two or more, up to the next such row, a break or the end.

    Args:
        entries: The rows in order.
        sorts: What speaks for each being a total.
        gaps: Which ones leave blank what data fills in.
        totals: Those that add up rows above.
        is_detailed: Whether every row of data has details of its own, such as a category and a kind.

    Returns:
        What was found, by place in the order.
    """
    found: dict[int, Above] = {}
    if not entries:
        return found
    lacking: list[int] = []
    ledger = Ledger(len(entries[0].amounts))
    parting = Parting.HEADING
    for n in reversed(range(len(entries))):
        entry, below = entries[n], parting
        parting = entry.parting
        if n in totals:
            continue
        evidence = _evidence(entry, sorts[n], gaps, is_detailed=is_detailed)
        match = ledger.covered(entry.amounts, None) if evidence is not _Evidence.NONE else None
        if match is not None and match.covers >= evidence.least:
            found[n] = Above(match.covers, match.sums, evidence in {_Evidence.SUMS, _Evidence.LOOKS})
            lacking += [n] if evidence is _Evidence.LACKS else []
            ledger.close(match, None, learn=False)
        elif sorts[n] is Sort.DATA:
            ledger.add(entry.amounts, below)
    # One of its kind may do so by chance.
    several = lacking if len(lacking) > 1 else []
    return {n: replace(above, is_sure=above.is_sure or n in several) for n, above in found.items()}


class _Evidence(Enum):
    """What else speaks for a total, beside its sum."""

    NONE = auto()
    SUM = auto()
    """Nothing, but there is nothing by which data could be told, either."""
    SUMS = auto()
    """It adds up several columns."""
    LACKS = auto()
    """It leaves something blank that most of the data fills in."""
    LOOKS = auto()
    """It is called a total, or leaves blank what data fills in."""

    @property
    def least(self) -> int:
        """Give how many rows it has to add up at least."""
        return _LEAST if self in {_Evidence.LOOKS, _Evidence.LACKS} else _LEAST + 1


def _evidence(entry: Entry, sort: Sort, gaps: Gaps, *, is_detailed: bool) -> _Evidence:
    if entry.is_data or not any(entry.amounts) or sort is Sort.NAMED_FULL:
        return _Evidence.NONE
    if sort is not Sort.DATA or gaps.fullness(entry) is Fullness.GAPS:
        return _Evidence.LOOKS
    if is_detailed:
        return _Evidence.NONE
    if len({amount for amount in entry.amounts if amount}) > 1:
        return _Evidence.SUMS
    if any(map(entry.is_blank_at, gaps.often)):
        return _Evidence.LACKS
    return _Evidence.SUM if len(gaps.keys) < _LEAST else _Evidence.NONE
