"""Which source may pay which commitment; commitments that the rules treat alike are decided once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from esser_gap.model.source import Source, same_name
from esser_gap.model.words import MANDATED, Basis, same_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.model.commitment import Commitment


class Bar(NamedTuple):
    """A rule that bars a source from a commitment.

    Attributes:
        code: Stable word for the rule: `category`, `kind`, `id`, `life`, `excluded` or `mandated`.
        words: The rule.
    """

    code: str
    words: str


def bar(source: Source, commitment: Commitment) -> str | None:
    """Put into words the rule that bars a source from a commitment, None when none does.

    Args:
        source: The source.
        commitment: The commitment.
    """
    rule = rule_against(source, commitment)
    return None if rule is None else rule.words


def rule_against(source: Source, commitment: Commitment) -> Bar | None:
    """Name the rule that bars a source from a commitment, None when none does.

    Args:
        source: The source.
        commitment: The commitment.
    """
    if source.categories and commitment.category not in source.categories:
        return Bar("category", f"only {', '.join(source.categories)}")
    if source.kinds and commitment.kind not in source.kinds:
        return Bar("kind", f"only {', '.join(source.kinds)}")
    if source.commitments and commitment.id not in source.commitments:
        return Bar("id", f"only {', '.join(source.commitments)}")
    if source.least_life is not None and (commitment.useful_life or 0) < source.least_life:
        return Bar("life", f"only what lasts at least {source.least_life} years")
    own = {same_word(commitment.category), same_word(commitment.kind)} | ({MANDATED} if commitment.mandated else set())
    for word in source.excludes:
        if word == commitment.id or same_word(word) in own:
            return Bar("mandated" if same_word(word) == MANDATED else "excluded", f"never {word}")
    return None


Spans = dict[str, tuple[Fraction, Fraction]]
"""For each source named in `funded_by`, by its folded name, the shares before it and up to it."""


def spans_of(commitment: Commitment) -> Spans:
    """Add up the shares that a commitment names in `funded_by`, in order."""
    spans = {}
    before = Fraction(0)
    for part in commitment.funded_by:
        through = before + Fraction(part.share)
        spans[same_name(part.source)] = (before, through)
        before = through
    return spans


def span_in(spans: Spans, source: Source) -> tuple[Fraction, Fraction] | None:
    """Give the shares before a source and up to it, None when it is not named.

    Args:
        spans: Of the commitment, as `spans_of` gives them.
        source: The source.
    """
    return next((spans[name] for name in source.spellings if name in spans), None) if spans else None


def concerns(source: Source, commitment: Commitment) -> bool:
    """Tell whether a source has anything to do with a commitment: it is open, or named in `funded_by`."""
    return source.basis is Basis.OPEN or span_in(spans_of(commitment), source) is not None


def alike(commitments: Sequence[Commitment], sources: Sequence[Source]) -> tuple[list[Commitment], pl.Series]:
    """Group commitments that every rule of the sources treats alike.

    Args:
        commitments: In any order.
        sources: All sources of the district.

    Returns:
        One commitment a group, and for each commitment the number of its group.
    """
    singled_out = {name for source in sources for name in (*source.commitments, *source.excludes)}
    lives_matter = any(source.least_life is not None for source in sources)
    numbers: dict[tuple[object, ...], int] = {}
    groups: list[Commitment] = []
    column = []
    for c in commitments:
        shares = tuple((part.source, part.share) for part in c.funded_by)
        life = c.useful_life if lives_matter else None
        key = (c.category, c.kind, c.mandated, life, shares, c.id if c.id in singled_out else None)
        number = numbers.setdefault(key, len(numbers))
        if number == len(groups):
            groups.append(c)
        column.append(number)
    return groups, pl.Series("group", column, dtype=pl.UInt32)
