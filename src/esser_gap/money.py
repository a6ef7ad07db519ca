"""Exact money: whole cents in integers, and the one rule of rounding (half away from zero)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

CENTS = 100
MILLIONTHS = 1_000_000
LARGEST = Decimal(10) ** 12
"""Amounts of a trillion dollars or more are refused, so that whole cents always fit 64 bits."""


def round_half_away(value: Fraction | Decimal | int, places: int) -> int:
    """Round to `places` decimals, half away from zero.

    Args:
        value: An exact number.
        places: Decimals to keep.

    Returns:
        The result counted in units of the last place kept (cents for 2, millionths for 6).

    Examples:
        >>> round_half_away(Decimal("2.675"), 2), round_half_away(Decimal("-0.005"), 2)
        (268, -1)
    """
    # A ratio of whole numbers is exact, and much quicker to come by than a fraction.
    numerator, denominator = value.as_integer_ratio()
    whole: int = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def to_cents(dollars: Decimal) -> int:
    """Count dollars in cents, rounded half away from zero.

    Examples:
        >>> to_cents(Decimal("12.345"))
        1235
    """
    return round_half_away(dollars, 2)


def to_dollars(cents: int) -> Decimal:
    """Give cents as dollars with two decimals.

    Examples:
        >>> to_dollars(-5)
        Decimal('-0.05')
    """
    return Decimal(cents).scaleb(-2)


def percent(share: Decimal) -> str:
    """Write a share or a rate as a percentage with the decimals it needs.

    Examples:
        >>> percent(Decimal("0.85")), percent(Decimal("-0.0125")), percent(Decimal(1))
        ('85%', '-1.25%', '100%')
    """
    text = f"{share * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"
