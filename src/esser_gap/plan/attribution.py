"""Splitting a difference among its causes: exact, the same in whatever order causes are taken, and in whole cents.

The part of a cause is its Shapley value: what it adds, averaged over all orders in which the causes could be taken.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

Cause = TypeVar("Cause", bound="Hashable")


def attributed(worth: Mapping[frozenset[Cause], int], causes: Sequence[Cause]) -> list[int]:
    """Split the difference between having none and having all of some causes.

    Args:
        worth: Cents for every set of causes.
        causes: In the order in which ties of cents are decided.

    Returns:
        Cents for each cause. They add up to the difference to the cent; nobody's part is more than a cent from its
        Shapley value; what is split the other way round gives the same parts with the other sign.

    Examples:
        >>> attributed({frozenset(): 0, frozenset("a"): 2, frozenset("b"): 5, frozenset("ab"): 12}, "ab")
        [5, 7]
        >>> attributed({frozenset(): 0, frozenset("a"): 0, frozenset("b"): 0, frozenset("ab"): 1}, "ab")
        [1, 0]
    """
    weighed = [_weighed(worth, causes, cause) for cause in causes]
    return in_whole_cents(weighed, factorial(len(causes)))


def _weighed(worth: Mapping[frozenset[Cause], int], causes: Sequence[Cause], cause: Cause) -> int:
    """Add up what a cause adds in every order of the causes: its Shapley value times the number of orders."""
    others = [other for other in causes if other != cause]
    total = 0
    for count in range(len(causes)):
        orders = factorial(count) * factorial(len(others) - count)
        for before in map(frozenset, combinations(others, count)):
            total += orders * (worth[before | {cause}] - worth[before])
    return total


def in_whole_cents(parts: Sequence[int], divisor: int) -> list[int]:
    """Divide parts of a whole and round them so that they still make the whole.

    Args:
        parts: Whole numbers whose sum is a multiple of the divisor.
        divisor: Above zero.

    Returns:
        Each part divided, rounded down or up: up where the remainders are largest, ties in order. When the whole is
        below zero (or nothing, and the first part below zero), down and up change places.
    """
    if (sum(parts), *parts) < (0,) * (len(parts) + 1):
        return [-part for part in in_whole_cents([-part for part in parts], divisor)]
    whole = [part // divisor for part in parts]
    left_over = sum(parts) // divisor - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda place: -(parts[place] % divisor))
    for place in by_remainder[:left_over]:
        whole[place] += 1
    return whole
