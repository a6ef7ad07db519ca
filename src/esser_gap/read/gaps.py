"""Cells that data fills in and totals leave blank: how totals are known that nothing calls so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import zip_longest
from typing import TYPE_CHECKING

from esser_gap.read.ledger import Ledger
from esser_gap.read.numbers import written_number
from esser_gap.read.total_labels import Label, kind_of_label
from esser_gap.read.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.read.entries import Entry
    from esser_gap.read.rows import Layout

_ROUNDS = 3
_SEVERAL = 2
_ENOUGH = 3
_FEW_TRIED = 20
_ALMOST_ALL = 95
"""So many of a hundred rows of data fill in a column that is a key; of fewer than twenty all do."""


class Fullness(Enum):
    """Whether a row fills in what data fills in."""

    FULL = auto()
    GAPS = auto()
    UNKNOWN = auto()
    """There is no such column beside the one that holds its name."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Rows without a name that leave cells blank which data fills in, by their place in the order.

    Attributes:
        keys: Places of the columns that data fills in.
        often: Places of the columns that most of it fills in.
        bare: Rows that hold no words, but figures.
        sure: Rows with a gap, nearly all of which add up rows above.
        few: Rows with a gap of which only a few do.
    """

    keys: tuple[int, ...] = ()
    often: tuple[int, ...] = ()
    bare: frozenset[int] = frozenset()
    sure: frozenset[int] = frozenset()
    few: frozenset[int] = frozenset()

    def fullness(self, entry: Entry) -> Fullness:
        """Tell whether a row fills in what data fills in, the cell that calls it a total not counted."""
        keys = [place for place in self.keys if place != entry.place]
        if not keys:
            return Fullness.UNKNOWN
        return Fullness.GAPS if any(map(entry.is_blank_at, keys)) else Fullness.FULL


@dataclass(slots=True)
class _Score:
    """How many rows were tried, how many add up rows above, and how many of those several rows."""

    tried: int = 0
    matched: int = 0
    several: int = 0

    @property
    def is_mostly_right(self) -> bool:
        return self.matched * 4 >= self.tried * 3

    @property
    def is_sure(self) -> bool:
        nearly_all = self.several >= _ENOUGH and self.is_mostly_right
        return nearly_all or (self.several >= _SEVERAL and self.matched == self.tried)

    @property
    def is_likely(self) -> bool:
        half = self.several >= _SEVERAL and self.matched * 2 >= self.tried
        return half or (self.several > 0 and self.matched == self.tried)

    @property
    def is_hopeless(self) -> bool:
        return self.tried > _FEW_TRIED and self.matched * 2 < self.tried


def gaps_of(entries: Sequence[Entry], layout: Layout) -> Gaps:
    """Find rows without a name that leave blank what data fills in.

    Args:
        entries: The rows in order.
        layout: Which columns tell; without `details` the columns that data fills in are found out.
    """
    silent = [n for n, entry in enumerate(entries) if not (entry.label or entry.is_marked or entry.is_data)]
    stating = [n for n in silent if any(amount is not None for amount in entries[n].amounts)]
    blanks = _blanks(entries, stating, layout)
    bare = _bare(entries, blanks, layout)
    if len(bare) * 2 > len(entries) and not _score(entries, bare, frozenset()).is_mostly_right:
        # Most rows hold nothing else: they are the data.
        bare = frozenset()
    candidates = _candidates(blanks, stating, layout)
    sure, few = _scored(entries, candidates, bare)
    if layout.details:
        # Data cannot be read without them, so that it costs nothing to ask.
        few = frozenset().union(*candidates)
    plain = sorted({*silent} - sure - bare) or _fullest(entries)
    enough = len(plain) if len(plain) < _FEW_TRIED else -(-len(plain) * _ALMOST_ALL // 100)
    keys = layout.details or tuple(_filled(entries, plain, layout, enough))
    often = layout.details or tuple(_filled(entries, plain, layout, len(plain) // 2 + 1))
    return Gaps(keys, often, bare, sure - bare, few - sure - bare)


def _fullest(entries: Sequence[Entry]) -> list[int]:
    """Give the rows of data where each one has a name that may call it a total: those that fill in the most."""
    named = [n for n, entry in enumerate(entries) if kind_of_label(entry.label) in {Label.NAME, Label.ENDING}]
    filled = {n: sum(not is_blank(cell) for cell in entries[n].row) for n in named}
    return [n for n in named if filled[n] == max(filled.values())]


def _blanks(entries: Sequence[Entry], stating: Sequence[int], layout: Layout) -> dict[int, frozenset[int]]:
    """Give the rows that leave each column blank, without the columns of costs and those that all rows leave blank."""
    states = frozenset(stating)
    blanks = {}
    for place, column in enumerate(zip_longest(*(entry.row for entry in entries))):
        rows = [n for n, cell in enumerate(column) if cell is None or (cell.__class__ is str and is_blank(cell))]
        if place not in layout.costs and len(rows) < len(entries):
            blanks[place] = states.intersection(rows)
    return blanks


def _bare(entries: Sequence[Entry], blanks: dict[int, frozenset[int]], layout: Layout) -> frozenset[int]:
    """Give the rows that hold no words, where other rows do."""
    words = [p for p in blanks if p not in layout.amounts and any(_is_word_at(entry, p) for entry in entries)]
    if all(place in layout.continued for place in words):
        return frozenset()
    return frozenset.intersection(*(blanks[place] for place in words))


def _is_word_at(entry: Entry, place: int) -> bool:
    cell = entry.row[place] if place < len(entry.row) else None
    return isinstance(cell, str) and bool(cell.strip()) and written_number(cell) is None


def _candidates(blanks: dict[int, frozenset[int]], stating: Sequence[int], layout: Layout) -> list[frozenset[int]]:
    """Give the sets of rows that may be totals, the largest first."""
    if layout.details:
        lacking = frozenset.intersection(*(blanks.get(place, frozenset(stating)) for place in layout.details))
        return [lacking] if lacking else []
    found = {rows for place, rows in blanks.items() if rows and place not in layout.continued}
    return sorted(found, key=lambda rows: (-len(rows), min(rows)))


def _scored(
    entries: Sequence[Entry], candidates: Sequence[frozenset[int]], bare: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    sure: frozenset[int] = frozenset()
    for _ in range(_ROUNDS):
        scores = {rows: _score(entries, rows | bare, sure | bare) for rows in candidates if not rows <= sure}
        best = next((rows for rows, score in scores.items() if score.is_sure), None)
        if best is None:
            likely = [rows for rows, score in scores.items() if score.is_likely]
            return sure, frozenset().union(*likely)
        sure |= best
    return sure, frozenset()


def _score(entries: Sequence[Entry], tried: frozenset[int], sure: frozenset[int]) -> _Score:
    """Try rows as totals, besides those that are called so or are known to be some."""
    score = _Score()
    ledger = Ledger(len(entries[0].amounts))
    for n, entry in enumerate(entries):
        is_tried = n in tried
        if not is_tried and n not in sure and not entry.label and not entry.is_marked:
            ledger.add(entry.amounts, entry.parting)
            continue
        match = ledger.covered(entry.amounts, None, loosely=is_tried)
        if is_tried and n not in sure and any(entry.amounts):
            score.tried += 1
            score.matched += match is not None
            score.several += match is not None and match.covers >= _SEVERAL
            if score.is_hopeless:
                return score
        if match is None and kind_of_label(entry.label) is Label.TOTAL:
            match = ledger.guessed(entry.amounts, None)
        if match is None:
            ledger.add(entry.amounts, entry.parting)
        else:
            ledger.close(match, None, learn=False)
    return score


def _filled(entries: Sequence[Entry], plain: Sequence[int], layout: Layout, enough: int) -> Iterator[int]:
    """List the columns that enough rows of data fill in."""
    for place, column in enumerate(zip_longest(*(entries[n].row for n in plain))):
        if place not in layout.amounts and place not in layout.continued:
            filled = sum(cell is not None and (cell.__class__ is not str or not is_blank(cell)) for cell in column)
            if filled >= enough:
                yield place
