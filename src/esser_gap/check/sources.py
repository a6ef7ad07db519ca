"""Checks of one source at a time: periods and amounts that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.check.limits import beyond_limits
from esser_gap.issues import Issue, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.source import Source


def check_source(source: Source) -> Iterator[Issue]:
    """Find what is wrong or looks wrong in one source: what its template forbids, and awards that cannot be.

    Args:
        source: The record, with the place it was read from.
    """
    yield from beyond_limits(source)
    if source.with_ and source.use is None:
        yield warning(
            "value-not-used",
            f"the source `{source.name}` has parameters in `with` but names no template",
            where=source.origin.where("with"),
            field="with",
            found=source.with_,
            hint="assumed: they have no effect; name the template in `use`",
        )
    if source.awards and source.yearly is not None:
        yield error(
            "awards-twice",
            f"the source `{source.name}` has both awards and yearly amounts",
            where=source.origin.where("yearly"),
            field="yearly",
            hint="keep one of the two",
        )
    for award in source.awards:
        if award.from_ and award.through and award.through < award.from_:
            yield error(
                "dates-contradict",
                f"an award of `{source.name}` ends on {award.through}, before it starts on {award.from_}",
                where=source.origin.where("through"),
                field="through",
                found=str(award.through),
                hint="correct one of the two dates",
            )
        if award.liquidate_by and award.through and award.liquidate_by < award.through:
            yield warning(
                "dates-look-wrong",
                f"an award of `{source.name}` must be paid out by {award.liquidate_by}, before it ends"
                f" on {award.through}",
                where=source.origin.where("liquidate_by"),
                field="liquidate_by",
                found=str(award.liquidate_by),
                hint=f"assumed: payments may run to {award.through}",
            )
    if source.carryover and source.yearly is None:
        yield warning(
            "value-not-used",
            f"the source `{source.name}` has a carryover but no yearly amounts",
            where=source.origin.where("carryover"),
            field="carryover",
            found=str(source.carryover),
            hint="assumed: it has no effect; write the awards' own dates",
        )
