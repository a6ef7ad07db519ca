"""Totals: rows that add up rows above them, at any level, each checked against what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.read.ledger import HALF_CENT, SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Total:
    """A row that is the total of other rows.

    Attributes:
        sheet: Name of its sheet.
        row: Row number as the spreadsheet shows it.
        label: What it is called, blank when it has no name.
        amounts: Dollars or other figures it states, by column place.
        sums: What the rows it covers add up to, by column place, where a total adds up its column.
        covers: How many rows it covers, totals among them not counted.
        is_unclear: Whether it may as well be a row of data, so that it is asked about.
        is_above: Whether it stands above the rows it covers; then it is asked about, unless it was pointed out.
    """

    sheet: str
    row: int
    label: str
    amounts: Mapping[int, Decimal]
    sums: Mapping[int, Decimal]
    covers: int
    is_unclear: bool = False
    is_above: bool = False

    @property
    def differences(self) -> dict[int, Decimal]:
        """Give what it states more than its rows add up to, by column place, where that is half a cent or more."""
        found = {place: self.amounts[place] - added for place, added in self.sums.items()}
        return {place: amount for place, amount in found.items() if abs(amount) * SCALE >= HALF_CENT}


def scaled(amount: Decimal | float) -> int:
    """Give an amount in whole millionths.

    Examples:
        >>> scaled(0.1), scaled(Decimal("1200.005"))
        (100000, 1200005000)
    """
    exact = Decimal(format(amount, ".15g")) if isinstance(amount, float) else Decimal(amount)
    return int((exact * SCALE).to_integral_value())


def unscaled(millionths: int) -> Decimal:
    """Give whole millionths as an amount."""
    return Decimal(millionths) / SCALE


def amounts_by_place(places: Sequence[int], amounts: Iterable[int | None]) -> Mapping[int, Decimal]:
    """Give amounts by the place of their column, without the columns that have none."""
    pairs = zip(places, amounts, strict=True)
    return {place: unscaled(amount) for place, amount in pairs if amount is not None}
