"""Rows in order with what they add up to, in which the rows that a total covers are found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Amounts = Sequence[int | None]

SCALE = 1_000_000
"""Amounts are added as whole millionths, so that sums are exact."""
HALF_CENT = SCALE // 200
_CENT = SCALE // 100
_MOST_TRIED = 40
"""As many places where a total might begin are tried, nearest first."""


class Parting(IntEnum):
    """What parts a row from the row above it."""

    NONE = 0
    BLANK = 1
    """A blank row."""
    HEADING = 2
    """A heading, or the top of a sheet."""


@dataclass(frozen=True, slots=True)
class Match:
    """Rows that a total may cover: all from one on.

    Attributes:
        start: Place of the first one in the ledger.
        covers: How many rows of data they are.
        sums: What they add up to, in millionths, by column.
        same: Whether that is what the total states.
    """

    start: int
    covers: int
    sums: tuple[int, ...]
    same: bool


def is_near(match: Match, amounts: Amounts) -> bool:
    """Tell whether a total is off by less than half, as one with a slip of the pen or a row too many.

    Args:
        match: The rows it would cover.
        amounts: What it states.
    """
    pairs = ((added, stated) for added, stated in zip(match.sums, amounts, strict=True) if stated is not None)
    added, stated = next(pairs, (0, 0))
    return match.covers > 0 and abs(added - stated) * 2 <= max(abs(added), abs(stated))


class Ledger:
    """Rows that were added one after the other.

    A total closes the rows it covers: for the totals of the next level it stands for all of them. Rows of data are
    of level 0, a total is one level above the highest that it covers. Totals that look alike are of the same shape.
    """

    def __init__(self, width: int) -> None:
        """Begin without rows.

        Args:
            width: How many columns have amounts; the first one is the one that is searched.
        """
        self._width = width
        self._sums: list[tuple[int, ...]] = [(0,) * width]
        self._rows = [0]
        self._levels: list[int] = []
        self._shapes: list[object] = []
        self._partings: list[Parting] = []
        self._of_level: defaultdict[int, list[int]] = defaultdict(list)
        self._at: defaultdict[int, list[int]] = defaultdict(list)
        self._at[0].append(0)
        self._of_shape: defaultdict[object, list[int]] = defaultdict(list)
        self._seen: defaultdict[object, set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._levels)

    def add(self, amounts: Amounts, parting: Parting = Parting.NONE) -> None:
        """Add a row of data.

        Args:
            amounts: Its amounts in millionths, None where a cell has none.
            parting: What parts it from the row above.
        """
        self._push(tuple(amount or 0 for amount in amounts), 1, 0, None, parting)

    def close(self, match: Match, shape: object, *, learn: bool = True) -> None:
        """Put a total in the place of the rows it covers.

        Args:
            match: The rows.
            shape: What totals that look like it have in common.
            learn: Whether its level is remembered for its shape.
        """
        level = 1 + max(self._levels[match.start :], default=0)
        if learn:
            self._seen[shape].add(level)
        parting = self._partings[match.start] if match.start < len(self) else Parting.NONE
        self._cut(match.start)
        self._push(match.sums, match.covers, level, shape, parting)

    def covered(self, amounts: Amounts, shape: object, *, loosely: bool = False) -> Match | None:
        """Find the rows that add up to a total: those that its like cover, else those since the last total.

        A total that only adds up the last ones of them leaves some out, so that it does not add up.

        Args:
            amounts: What it states, in millionths, None where it states nothing.
            shape: What totals that look like it have in common.
            loosely: Whether the rows may begin wherever something parts them from those above.
        """
        if not any(amounts) and self._is_empty_group(shape):
            return self._match(len(self), amounts)
        if amounts[0] is not None and not any(self._at.get(key) for key in self._keys(amounts[0])):
            return None
        searched = self._searched(amounts, loosely=loosely)
        starts = (*self._likely_starts(shape), *searched)
        return next((match for start in starts if (match := self._match(start, amounts)).same), None)

    def guessed(self, amounts: Amounts, shape: object) -> Match:
        """Give the rows that a total which adds up nothing most likely covers.

        Args:
            amounts: What it states, in millionths, None where it states nothing.
            shape: What totals that look like it have in common.
        """
        starts = dict.fromkeys((*self._likely_starts(shape), *self._searched(amounts, loosely=False)))
        tried = [self._match(start, amounts) for start in starts]
        levels = self._seen.get(shape, ())
        usual = {self._floor(level - 1) for level in levels} if len(levels) == 1 else set()
        first = self._floor(self._levels[-1]) if self._levels else 0

        def closeness(match: Match) -> tuple[int, bool, bool, bool, int]:
            start, agreeing = match.start, self._agreeing(match, amounts)
            is_far = not is_near(match, amounts)
            return -agreeing, start not in usual, is_far, start != first, self._distance(match, amounts)

        return min(tried, key=closeness, default=self._match(len(self), amounts))

    # --- where a total may begin ---

    def _likely_starts(self, shape: object) -> Iterator[int]:
        """Give the places after the last total of each level, the likeliest first; none of them is the end."""
        top = self._levels[-1] if self._levels else 0
        # What comes to nothing may be covered or not; it is least when nothing above the last level is.
        starts = (self._floor(top), *self._starts_of_shape(shape), *map(self._floor, sorted(self._of_level)))
        return (start for start in dict.fromkeys(starts) if start < len(self))

    def _starts_of_shape(self, shape: object) -> list[int]:
        """Give the places where a total begins if it covers what others of its shape do, which it never covers."""
        if shape is None:
            return []
        places = self._of_shape.get(shape)
        floors = [self._floor(level - 1) for level in sorted(self._seen.get(shape, ()))]
        return [*([places[-1] + 1] if places else []), *floors]

    def _floor(self, level: int) -> int:
        """Give the place after the last total above a level."""
        return 1 + max((places[-1] for above, places in self._of_level.items() if above > level and places), default=-1)

    def _is_empty_group(self, shape: object) -> bool:
        """Tell whether a total of nothing follows another one of its kind, which is a total of something."""
        is_alike = bool(self._shapes) and self._levels[-1] > 0 and self._shapes[-1] == shape and shape is not None
        return is_alike and self._sums[-1] != self._sums[-2]

    def _starts_by_sum(self, amounts: Amounts) -> list[int]:
        """List the places from which on the first column adds up to what is stated, the nearest first."""
        wanted = amounts[0]
        if wanted is None:
            return []
        left = self._sums[-1][0] - wanted
        found = sorted({start for key in self._keys(wanted) for start in self._at.get(key, ())[-_MOST_TRIED:]})
        return [s for s in reversed(found) if s < len(self) and abs(self._sums[s][0] - left) < HALF_CENT]

    def _keys(self, wanted: int) -> tuple[int, ...]:
        """Give the cents to which the first column adds up above the rows that come to an amount."""
        cents = (self._sums[-1][0] - wanted) // _CENT
        return cents - 1, cents, cents + 1

    def _searched(self, amounts: Amounts, *, loosely: bool) -> list[int]:
        """List further places from which on the first column adds up, where something parts rows from those above."""
        opened = self._floor(0)
        return [
            start
            for start in self._starts_by_sum(amounts)
            if (start > opened and self._partings[start] is Parting.HEADING) or (loosely and self._is_parted(start))
        ]

    # --- matches ---

    def _match(self, start: int, amounts: Amounts) -> Match:
        sums = tuple(last - first for last, first in zip(self._sums[-1], self._sums[start], strict=True))
        same = all(a is None or abs(s - a) < HALF_CENT for s, a in zip(sums, amounts, strict=True))
        return Match(start, self._rows[-1] - self._rows[start], sums, same)

    def _is_parted(self, start: int) -> bool:
        return start == 0 or self._levels[start - 1] > 0 or self._partings[start] > Parting.NONE

    @staticmethod
    def _agreeing(match: Match, amounts: Amounts) -> int:
        pairs = zip(match.sums, amounts, strict=True)
        return sum(bool(stated) and abs(added - (stated or 0)) < HALF_CENT for added, stated in pairs)

    @staticmethod
    def _distance(match: Match, amounts: Amounts) -> int:
        return sum(abs(added - stated) for added, stated in zip(match.sums, amounts, strict=True) if stated is not None)

    # --- what is kept ---

    def _push(self, amounts: tuple[int, ...], rows: int, level: int, shape: object, parting: Parting) -> None:
        if level:
            self._of_level[level].append(len(self))
            self._of_shape[shape].append(len(self))
        self._sums.append(tuple(a + b for a, b in zip(self._sums[-1], amounts, strict=True)))
        self._rows.append(self._rows[-1] + rows)
        self._levels.append(level)
        self._shapes.append(shape)
        self._partings.append(parting)
        self._at[self._sums[-1][0] // _CENT].append(len(self))

    def _cut(self, start: int) -> None:
        for position in range(len(self), start, -1):
            self._at[self._sums[position][0] // _CENT].pop()
        for places in (*self._of_level.values(), *self._of_shape.values()):
            while places and places[-1] >= start:
                places.pop()
        del self._sums[start + 1 :], self._rows[start + 1 :]
        del self._levels[start:], self._shapes[start:], self._partings[start:]
