"""What a commitment's cost index depends on; commitments that share it are computed once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.prices import Prices
    from esser_gap.plan.resolve import Changes, DistrictPlan


@dataclass(frozen=True, slots=True)
class IndexProfile:
    """Everything that the cost index of a commitment follows.

    Attributes:
        is_staff: Whether pay grows as salary and benefits instead of the category.
        category: Category, for prices of everything but staff.
        driver: Driver of the quantity, if any.
        price_year: Fiscal year of the dollars.
        uplift: Step of the price at the renewal after a prepaid term.
        scales: Factors with the fiscal year each holds from.
        price_starts: Fiscal years from which a new price holds, which has no uplift.
    """

    is_staff: bool
    category: str
    driver: str | None
    price_year: int
    uplift: Decimal
    scales: tuple[tuple[int | None, Decimal], ...]
    price_starts: tuple[int | None, ...]

    def factor(self, year: int) -> Fraction:
        """Give the product of the scale factors in force and, unless a new price is, the renewal uplift."""
        product = Fraction(1)
        for start, scale in self.scales:
            if start is None or start <= year:
                product *= Fraction(scale)
        if any(start is None or start <= year for start in self.price_starts):
            return product
        return product * (1 + Fraction(self.uplift))

    def index(self, prices: Prices, year: int) -> int:
        """Give the index of the cost, or of the salary, in millionths."""
        key = "salary" if self.is_staff else self.category
        return prices.index(key, self.driver, self.price_year, year, self.factor(year))

    def benefits_index(self, prices: Prices, year: int) -> int:
        """Give the index of the benefits in millionths; zero unless staff."""
        if not self.is_staff:
            return 0
        return prices.index("benefits", self.driver, self.price_year, year, self.factor(year))


def profile_of(commitment: Commitment, changes: Changes, horizon: Horizon) -> IndexProfile:
    """Say what the index of a commitment follows.

    Args:
        commitment: The commitment.
        changes: What the scenario's actions do to it.
        horizon: Gives the price year of dollars that name none.
    """
    year = commitment.price_year
    return IndexProfile(
        is_staff=commitment.kind is Kind.STAFF,
        category=commitment.category.value,
        driver=commitment.driver,
        price_year=horizon.default_price_year if year is None else year,
        uplift=commitment.renewal_uplift if commitment.paid_through else commitment.renewal_uplift * 0,
        scales=changes.scales,
        price_starts=tuple(start for start, _ in changes.prices),
    )


def profile_column(
    plan: DistrictPlan, horizon: Horizon, positions: Sequence[int]
) -> tuple[list[IndexProfile], pl.Series]:
    """Number the profiles of a district's commitments.

    Args:
        plan: Commitments and changes.
        horizon: Projected years.
        positions: Places in the file, in the order wanted.

    Returns:
        The different profiles, and for each position the number of its own.
    """
    numbers: dict[tuple[object, ...], int] = {}
    profiles: list[IndexProfile] = []
    column = []
    for position in positions:
        c, changes = plan.commitments[position], plan.changes_of(position)
        prepaid = c.paid_through is not None and c.renewal_uplift
        key = (c.kind is Kind.STAFF, c.category, c.driver, c.price_year, prepaid, changes.scales, changes.prices)
        number = numbers.setdefault(key, len(numbers))
        # A profile is made once for all that share it: making one takes longer than finding it.
        if number == len(profiles):
            profiles.append(profile_of(c, changes, horizon))
        column.append(number)
    return profiles, pl.Series("profile", column, dtype=pl.UInt32)
