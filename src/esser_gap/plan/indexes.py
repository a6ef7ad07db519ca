"""What a commitment's cost index depends on; commitments that share it are computed once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Kind
from esser_gap.plan.prices import Prices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.horizon import Horizon
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
        if not self.scales and not self.uplift:
            return product
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


@dataclass(frozen=True, slots=True)
class PricedProfile:
    """What a cost index follows, with the prices of its scenario.

    Attributes:
        profile: What it follows; one object for all plans that have it.
        prices: Price and driver indexes; one object for all plans with the same growth and paths.
        known: Indexes of all plans, by what they follow.
    """

    profile: IndexProfile
    prices: Prices
    known: dict[tuple[object, ...], int]

    def index(self, year: int) -> int:
        """Give the index of the cost, or of the salary, in millionths."""
        profile = self.profile
        key = (
            id(profile),
            year,
            *self.prices.terms("salary" if profile.is_staff else profile.category, profile.driver),
        )
        if key not in self.known:
            self.known[key] = profile.index(self.prices, year)
        return self.known[key]

    def benefits_index(self, year: int) -> int:
        """Give the index of the benefits in millionths; zero unless staff."""
        return self.profile.benefits_index(self.prices, year)


def profile_column(
    plans: Sequence[DistrictPlan], horizon: Horizon, positions: Sequence[int]
) -> tuple[list[PricedProfile], pl.Series]:
    """Number the profiles of commitments.

    Args:
        plans: Commitments and changes.
        horizon: Projected years.
        positions: Places of commitments, counted on from plan to plan, in the order wanted; those of a plan together.

    Returns:
        The different profiles, and for each position the number of its own.
    """
    numbers: dict[tuple[object, ...], int] = {}
    profiles: list[PricedProfile] = []
    own: dict[tuple[object, ...], IndexProfile] = {}
    indexes: dict[tuple[object, ...], int] = {}
    column, known, first = [], list[Prices](), 0
    waiting = iter(positions)
    for plan in plans:
        prices = _prices_of(plan, known)
        for position in islice(waiting, len(plan.commitments)):
            c, changes = plan.commitments[position - first], plan.changes_of(position - first)
            prepaid = c.paid_through is not None and c.renewal_uplift
            terms = (c.kind is Kind.STAFF, c.category, c.driver, c.price_year, prepaid, changes.scales, changes.prices)
            number = numbers.setdefault((id(prices), *terms), len(numbers))
            # A profile is made once for all that share it: making one takes longer than finding it.
            if number == len(profiles):
                profile = own[terms] if terms in own else profile_of(c, changes, horizon)
                profiles.append(PricedProfile(own.setdefault(terms, profile), prices, indexes))
            column.append(number)
        first += len(plan.commitments)
    return profiles, pl.Series("profile", column, dtype=pl.UInt32)


def _prices_of(plan: DistrictPlan, known: list[Prices]) -> Prices:
    """Give the prices of a plan, those of an earlier one where growth and paths are the same."""
    prices = Prices(plan.scenario.growth, plan.drivers)
    same = next((p for p in known if p.growth == prices.growth and p.drivers == prices.drivers), None)
    if same is None:
        known.append(prices)
    return same or prices
