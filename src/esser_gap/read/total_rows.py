"""Which rows are totals: what speaks for it, whether they add up, and what is asked where that does not settle it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from esser_gap.read.gaps import Gaps, gaps_of
from esser_gap.read.ledger import Ledger, Match, is_near
from esser_gap.read.total_labels import words_of
from esser_gap.read.total_sorts import SILENT, Sort, sorts_of, sorts_of_marked
from esser_gap.read.totals_above import Above, totals_above

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from esser_gap.read.entries import Entry
    from esser_gap.read.rows import Layout

_SEVERAL = 2
_MOST_ASKED = 12
"""For so many rows that may be totals or data it is tried out which of the two makes the others add up."""
_HABIT = 3
"""So many rows of one sort that add up several rows each are a habit of the file."""


class Verdict(Enum):
    """What a row is taken as."""

    DATA = auto()
    DOUBTFUL = auto()
    """Data, though it is called a total."""
    TOTAL = auto()
    ASK = auto()
    """A total or data: the user has to say."""
    ABOVE = auto()
    """A total of rows below it."""
    EMPTY = auto()
    """Neither: it holds nothing but zeros."""


class Judged(NamedTuple):
    """What a row is taken as, and the rows it covers as a total."""

    verdict: Verdict
    match: Match | None = None


_DATA = Judged(Verdict.DATA)


@dataclass(slots=True)
class FoundTotals:
    """What was found among rows.

    Attributes:
        judged: What each row is taken as, in order.
        above: Rows that add up rows below them, by place in the order.
    """

    judged: list[Judged]
    above: Mapping[int, Above] = field(default_factory=dict)


def find_totals(entries: Sequence[Entry], layout: Layout, *, is_looked_for: bool = True) -> FoundTotals:
    """Find the totals among rows in order.

    Args:
        entries: The rows, with the amounts that totals add up.
        layout: Which columns tell.
        is_looked_for: Whether totals are looked for that the user has not pointed out.
    """
    gaps = gaps_of(entries, layout) if is_looked_for else Gaps()
    sorts = sorts_of(entries, gaps) if is_looked_for else sorts_of_marked(entries)
    figures = frozenset(layout.amounts)
    tried = _Run(entries, sorts, figures).judged()
    totals = {n for n, each in enumerate(tried) if each.match is not None and each.match.same}
    is_detailed = bool(layout.details) or not is_looked_for
    above = totals_above(entries, sorts, gaps, totals, is_detailed=is_detailed)
    if sum(any(entries[n].amounts) for n in totals) > len(above):
        # Where totals stand below their rows, one that also adds up rows below it does so by chance.
        above = {n: each for n, each in above.items() if sorts[n] is Sort.DATA or entries[n].is_marked}
    run = partial(_Run, entries, sorts, figures, _habits(sorts, tried), above, is_final=True)
    return FoundTotals(_settled(entries, run), above)


def _settled(entries: Sequence[Entry], run: Callable[..., _Run]) -> list[Judged]:
    """Judge every row; where one may be a total or data, the totals above it may tell."""
    known: dict[int, Verdict] = {}
    judged = run().judged()
    asked = [n for n, each in enumerate(judged) if each.verdict is Verdict.ASK and each.match and each.match.same]
    for n in asked[:_MOST_ASKED]:
        as_data = run(known={**known, n: Verdict.DATA}).judged()
        before, after = (_matching(entries, each, n) for each in (judged, as_data))
        if before != after:
            known[n] = Verdict.TOTAL if before > after else Verdict.DATA
            judged = run(known=known).judged()
    return judged


def _matching(entries: Sequence[Entry], judged: Sequence[Judged], but: int) -> int:
    """Count the totals that add up, but for one."""
    return sum(
        n != but and each.match is not None and each.match.same and any(entries[n].amounts)
        for n, each in enumerate(judged)
    )


def _habits(sorts: Sequence[Sort], tried: Sequence[Judged]) -> frozenset[Sort]:
    """Give the sorts of which most rows add up rows above, several each."""
    of_sort = Counter(sorts)
    several = Counter(
        sort
        for sort, each in zip(sorts, tried, strict=True)
        if each.match is not None and each.match.same and each.match.covers >= _SEVERAL
    )
    matched = Counter(
        sort for sort, each in zip(sorts, tried, strict=True) if each.match is not None and each.match.same
    )
    return frozenset(s for s in several if several[s] >= _HABIT and matched[s] * 4 >= of_sort[s] * 3)


class _Run:
    """One run over all rows: the first one tries what adds up, the final one judges."""

    def __init__(
        self,
        entries: Sequence[Entry],
        sorts: Sequence[Sort],
        figures: frozenset[int],
        habits: Collection[Sort] = (),
        above: Mapping[int, Above] | None = None,
        *,
        known: Mapping[int, Verdict] | None = None,
        is_final: bool = False,
    ) -> None:
        self._entries, self._sorts, self._figures = entries, sorts, figures
        self._habits, self._above, self._is_final = habits, above or {}, is_final
        self._known = known or {}
        self._ledger = Ledger(len(entries[0].amounts) if entries else 0)
        self._last: Entry | None = None

    def judged(self) -> list[Judged]:
        """Judge every row."""
        return [self._next(n, entry) for n, entry in enumerate(self._entries)]

    def _next(self, n: int, entry: Entry) -> Judged:
        if n in self._above:
            return self._judged_above(n, entry)
        judged = self._judge(n, entry)
        self._put(entry, judged)
        return judged

    def _judged_above(self, n: int, entry: Entry) -> Judged:
        """Leave it out of the rows that others add up; without a name for it, it is still read, and asked about."""
        if entry.is_dropped:
            return _DATA
        return Judged(Verdict.ABOVE) if self._above[n].is_sure else _DATA

    def _put(self, entry: Entry, judged: Judged) -> None:
        if judged.match is None:
            if judged.verdict in {Verdict.DATA, Verdict.DOUBTFUL}:
                self._ledger.add(entry.amounts, entry.parting)
                self._last = entry
            return
        shape = entry.shape(self._figures)
        self._ledger.close(judged.match, shape, learn=judged.match.same and judged.match.covers >= _SEVERAL)

    def _judge(self, n: int, entry: Entry) -> Judged:
        sort = self._sorts[n]
        if sort is Sort.DATA or all(amount is None for amount in entry.amounts):
            return Judged(Verdict.TOTAL) if entry.is_marked else _DATA
        match = self._ledger.covered(entry.amounts, entry.shape(self._figures), loosely=sort in SILENT)
        if not self._is_final:
            return self._tried(sort, entry, match)
        if n in self._known:
            return Judged(self._known[n], match if self._known[n] is Verdict.TOTAL else None)
        judged = self._by_sort(n, entry, match)
        if entry.is_dropped and judged.verdict in {Verdict.ASK, Verdict.DOUBTFUL}:
            return Judged(Verdict.DATA, match)
        return judged

    def _tried(self, sort: Sort, entry: Entry, match: Match | None) -> Judged:
        if match is not None:
            return Judged(Verdict.TOTAL, match)
        return Judged(Verdict.TOTAL, self._guess(entry)) if sort is Sort.SURE else _DATA

    def _guess(self, entry: Entry) -> Match:
        return self._ledger.guessed(entry.amounts, entry.shape(self._figures))

    def _by_sort(self, n: int, entry: Entry, match: Match | None) -> Judged:
        sort = self._sorts[n]
        if sort is Sort.SURE:
            return Judged(Verdict.TOTAL, match or self._guess(entry))
        if match is not None:
            return self._adding_up(sort, entry, match)
        return self._not_adding_up(sort, entry)

    def _adding_up(self, sort: Sort, entry: Entry, match: Match) -> Judged:
        if sort in {Sort.CALLED, Sort.BARE, Sort.ENDING_ALONE}:
            return Judged(Verdict.TOTAL, match)
        if match.covers == 1:
            return self._adding_up_one(sort, entry, match)
        if sort is Sort.NAMED_FULL:
            return Judged(Verdict.TOTAL if sort in self._habits else Verdict.ASK, match) if match.covers else _DATA
        return Judged(Verdict.ASK if sort is Sort.FEW_GAPS else Verdict.TOTAL, match)

    def _adding_up_one(self, sort: Sort, entry: Entry, match: Match) -> Judged:
        """Judge a row that equals the only one it would cover, as two equal rows of data do."""
        if sort in {Sort.NAMED_FULL, Sort.FEW_GAPS}:
            return _DATA
        is_named_after_it = self._is_named_after_rows(entry)
        is_usual = sort is Sort.NAMED_GAPS and sort in self._habits
        return Judged(Verdict.TOTAL if is_named_after_it or is_usual else Verdict.ASK, match)

    def _not_adding_up(self, sort: Sort, entry: Entry) -> Judged:
        if sort in {Sort.FEW_GAPS, Sort.NAMED_FULL}:
            return _DATA
        if sort is Sort.BARE and not any(entry.amounts):
            return Judged(Verdict.EMPTY)
        guess = self._guess(entry)
        near = is_near(guess, entry.amounts)
        if sort is Sort.CALLED:
            return Judged(Verdict.ASK, guess if near else None)
        if sort is Sort.NAMED_ALONE:
            if not near:
                return Judged(Verdict.DOUBTFUL)
            return Judged(Verdict.TOTAL if sort in self._habits else Verdict.ASK, guess)
        if near or (sort in self._habits and sort is not Sort.GAPS):
            return Judged(Verdict.TOTAL, guess)
        return Judged(Verdict.ASK)

    def _is_named_after_rows(self, entry: Entry) -> bool:
        """Tell whether a total says what stands in the heading above it, the row above it or its sheet's name."""
        own = words_of(entry.label) if entry.label else words_of(" ".join(entry.texts()))
        last = " ".join(self._last.texts()) if self._last is not None else ""
        return bool(own) and own <= words_of(f"{entry.heading} {last} {entry.sheet}")
