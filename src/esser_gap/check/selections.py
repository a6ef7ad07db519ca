"""What a `where` of a scenario selects: commitments by the values of their fields, sources by names and kinds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from esser_gap.model.commitment import Part
from esser_gap.model.words import Billing, same_word
from esser_gap.money import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.source import Source

    Where = Mapping[str, tuple[Any, ...]]


class Selector:
    """Finds what selections find in one budget."""

    def __init__(
        self, commitments: Sequence[Commitment], sources: Sequence[Source], default_price_years: Mapping[str, int]
    ) -> None:
        """Know what can be selected.

        Args:
            commitments: Those of the budget.
            sources: Those of the budget.
            default_price_years: By district, the price year of commitments that name none.
        """
        self._commitments, self._sources, self._price_years = commitments, sources, default_price_years

    def commitments(self, where: Where | None) -> list[int]:
        """List the positions of the commitments that a selection finds; without one, all."""
        found = range(len(self._commitments))
        return [p for p in found if where is None or self._matches(self._commitments[p], where)]

    def sources(self, where: Where) -> list[int]:
        """List the positions of the sources that a selection finds."""
        return [p for p, source in enumerate(self._sources) if is_selected(source, where)]

    def present(self, name: str) -> set[Any]:
        """Collect the values that a field has in the budget, as selections compare them."""
        return {self._compared(commitment, name) for commitment in self._commitments}

    def _matches(self, commitment: Commitment, where: Where) -> bool:
        return all(self._compared(commitment, name) in values for name, values in where.items())

    def _compared(self, commitment: Commitment, name: str) -> Any:
        """Give a field's value as selections compare it: defaults filled in."""
        if name == "billing":
            return Billing.MONTHLY if commitment.is_monthly else Billing.ANNUAL
        if name == "price_year" and commitment.price_year is None:
            return self._price_years.get(commitment.district or "", 0)
        return getattr(commitment, name)


def is_selected(source: Source, where: Where) -> bool:
    """Tell whether a selection of sources finds one.

    Args:
        source: The source.
        where: Field values; a text is compared without regard to capitals, dashes and underscores, `*` in it
            stands for any text, `name` is any name that the source goes by, and of a list one entry is enough.
    """
    return all(any(_is_like(value, values) for value in _values(source, name)) for name, values in where.items())


def _values(source: Source, name: str) -> Iterable[Any]:
    if name == "name":
        return (source.name, *source.also_called)
    value = getattr(source, name)
    return value if isinstance(value, tuple) else (value,)


def _is_like(value: Any, wanted: Iterable[Any]) -> bool:
    return any(
        _expression(pattern).fullmatch(same_word(value)) is not None
        if isinstance(value, str) and isinstance(pattern, str)
        else value == pattern
        for pattern in wanted
    )


@lru_cache(maxsize=1_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(same_word(f"<{part}>")[1:-1]) for part in pattern.split("*")), re.DOTALL)


def selection_words(where: Where | None) -> str:
    """Write a selection as a scenario file would: `category: ai or repair, mandated: no`."""
    if where is None:
        return "every commitment"
    return ", ".join(f"{name}: {' or '.join(map(value_words, values))}" for name, values in where.items())


def value_words(value: Any) -> str:
    """Write a field's value the way a person would in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Part):
        return f"{value.source} {percent(value.share)}"
    if isinstance(value, tuple):
        is_day = any(isinstance(part, int) for part in value)
        return "-".join(f"{part:02}" for part in value) if is_day else "; ".join(map(value_words, value))
    return "blank" if value is None else str(value)
