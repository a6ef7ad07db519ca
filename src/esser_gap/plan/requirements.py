"""What each commitment cannot run without, directly or through others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.model.commitment import Commitment


def required_pairs(commitments: Sequence[Commitment]) -> pl.DataFrame:
    """List which commitment requires which, directly or through others.

    Args:
        commitments: Commitments of one district, in file order.

    Returns:
        `position` and `required` (positions in the file), one row a pair, never itself.
    """
    positions = {commitment.id: position for position, commitment in enumerate(commitments)}
    direct = {
        position: [positions[wanted] for wanted in commitment.requires]
        for position, commitment in enumerate(commitments)
        if commitment.requires
    }
    pairs = [(start, needed) for start in direct for needed in sorted(_reached(start, direct))]
    return pl.DataFrame(pairs, schema={"position": pl.Int32, "required": pl.Int32}, orient="row")


def _reached(start: int, direct: Mapping[int, Sequence[int]]) -> set[int]:
    reached: set[int] = set()
    waiting = list(direct[start])
    while waiting:
        needed = waiting.pop()
        if needed not in reached:
            reached.add(needed)
            waiting.extend(direct.get(needed, ()))
    return reached - {start}
