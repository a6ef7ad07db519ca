"""Exact products of whole numbers on whole columns, rounded half away from zero.

Amounts are counted in cents and never negative, so half away from zero is half up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl

if TYPE_CHECKING:
    from fractions import Fraction

_LARGEST_64 = 2**62


def integer_type(largest: int) -> pl.DataType:
    """Choose the type that holds an intermediate product exactly.

    Args:
        largest: The largest magnitude that can come up.

    Returns:
        64 bits where they suffice (fast), else 128.
    """
    return pl.Int64() if largest < _LARGEST_64 else pl.Int128()


Column = TypeVar("Column", pl.Expr, pl.Series)
"""A column that is still to be computed, or one that is there."""


def divide_half_up(numerator: Column, denominator: Column | int) -> Column:
    """Divide non-negative whole numbers, rounded half up.

    Args:
        numerator: Whole numbers, at least zero.
        denominator: Whole numbers above zero.
    """
    # Added to itself instead of doubled: a series of 128 bits takes no plain number as a factor.
    return (numerator + numerator + denominator) // (denominator + denominator)


def times_share(cents: pl.Series, share: Fraction, largest: int) -> pl.Series:
    """Multiply cents by an exact share and round to cents.

    Args:
        cents: Column of cents.
        share: Any fraction, at least zero.
        largest: Largest amount in the column, cents.

    Returns:
        Cents (Int64).
    """
    if share == 1:
        return cents
    wide = integer_type(largest * share.numerator * 2 + share.denominator)
    product = cents.cast(wide) * pl.Series([share.numerator], dtype=wide)
    return divide_half_up(product, pl.Series([share.denominator], dtype=wide)).cast(pl.Int64)
