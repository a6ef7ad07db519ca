"""What speaks for a row being a total, before it is known what it adds up."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from esser_gap.read.gaps import Fullness, Gaps
from esser_gap.read.total_labels import Label, kind_of_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.read.entries import Entry


class Sort(Enum):
    """What speaks for a row being a total."""

    DATA = auto()
    """Nothing."""
    SURE = auto()
    """The user says so, or it is called nothing else and is not filled in as data is."""
    CALLED = auto()
    """It is called a total and is filled in as data is."""
    NAMED_GAPS = auto()
    """Its name may call it a total, and it leaves blank what data fills in."""
    NAMED_FULL = auto()
    """Its name may call it a total, but it is filled in as data is."""
    NAMED_ALONE = auto()
    """Its name may call it a total, and there is nothing else to tell by."""
    ENDING_ALONE = auto()
    """Its name ends like that of a total, and there is nothing else to tell by."""
    BARE = auto()
    """It holds figures and no words."""
    GAPS = auto()
    """It leaves blank what data fills in, as other rows do that add up rows above."""
    FEW_GAPS = auto()
    """The same, but those others are few, or not all of them add up."""


SILENT = frozenset({Sort.BARE, Sort.GAPS, Sort.FEW_GAPS})
"""What nothing calls a total."""
_BY_LABEL = {
    (Label.NAME, Fullness.GAPS): Sort.NAMED_GAPS,
    (Label.NAME, Fullness.FULL): Sort.NAMED_FULL,
    (Label.NAME, Fullness.UNKNOWN): Sort.NAMED_ALONE,
    (Label.ENDING, Fullness.GAPS): Sort.SURE,
    (Label.ENDING, Fullness.FULL): Sort.NAMED_FULL,
    (Label.ENDING, Fullness.UNKNOWN): Sort.ENDING_ALONE,
    (Label.TOTAL, Fullness.GAPS): Sort.SURE,
    (Label.TOTAL, Fullness.FULL): Sort.CALLED,
    (Label.TOTAL, Fullness.UNKNOWN): Sort.SURE,
}


def sorts_of(entries: Sequence[Entry], gaps: Gaps) -> list[Sort]:
    """Sort rows by what speaks for their being totals.

    Args:
        entries: The rows in order.
        gaps: Those that leave blank what data fills in.
    """
    return [_sort(n, entry, gaps) for n, entry in enumerate(entries)]


def sorts_of_marked(entries: Sequence[Entry]) -> list[Sort]:
    """Sort rows where only the user says which ones are totals.

    Args:
        entries: The rows in order.
    """
    return [Sort.SURE if entry.is_marked else Sort.DATA for entry in entries]


def _sort(n: int, entry: Entry, gaps: Gaps) -> Sort:
    if entry.is_marked or entry.is_data:
        return Sort.SURE if entry.is_marked else Sort.DATA
    if not entry.label:
        return _silent_sort(n, gaps)
    return _BY_LABEL[kind_of_label(entry.label), gaps.fullness(entry)]


def _silent_sort(n: int, gaps: Gaps) -> Sort:
    if n in gaps.bare:
        return Sort.BARE
    if n in gaps.sure:
        return Sort.GAPS
    return Sort.FEW_GAPS if n in gaps.few else Sort.DATA
