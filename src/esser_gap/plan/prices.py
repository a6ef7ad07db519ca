"""Price growth, driver paths and cost indexes, exact to the sixth decimal."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import value_in
from esser_gap.money import MILLIONTHS, round_half_away

if TYPE_CHECKING:
    from collections.abc import Mapping

    Path = Mapping[int, Decimal]


@dataclass(slots=True)
class Prices:
    """Price and driver indexes of one scenario.

    Attributes:
        growth: Yearly rate or path of rates by category, `default`, `salary`, `benefits`.
        drivers: Path of quantities by driver name.
    """

    growth: Mapping[str, Decimal | Path]
    drivers: Mapping[str, Path]
    _prices: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def rate(self, key: str, year: int) -> Fraction:
        """Give the rate by which a price grows into a fiscal year; `default`'s when not given, else 0."""
        given = self.growth.get(key, self.growth.get("default"))
        if given is None:
            return Fraction(0)
        return Fraction(given if isinstance(given, Decimal) else value_in(given, year))

    def price(self, key: str, price_year: int, year: int) -> int:
        """Give the price level of a year against the price year, in millionths, rounded once at the end.

        Args:
            key: Category, `salary` or `benefits`.
            price_year: Fiscal year of the dollars.
            year: Fiscal year asked for; before the price year the inverse product is taken.
        """
        known = self._prices.get((key, price_year, year))
        if known is None:
            product = Fraction(1)
            for between in range(min(price_year, year) + 1, max(price_year, year) + 1):
                product *= 1 + self.rate(key, between)
            known = round_half_away(product if year >= price_year else 1 / product, 6)
            self._prices[key, price_year, year] = known
        return known

    def driver(self, name: str | None, price_year: int, year: int) -> int:
        """Give the quantity of a year against the price year, in millionths; one when flat."""
        if not name:
            return MILLIONTHS
        path = self.drivers[name]
        return round_half_away(Fraction(value_in(path, year)) / Fraction(value_in(path, price_year)), 6)

    def index(self, key: str, driver: str | None, price_year: int, year: int, factor: Fraction) -> int:
        """Give price x driver x factor in millionths, rounded once.

        Args:
            key: Category, `salary` or `benefits`.
            driver: Driver name, blank when flat.
            price_year: Fiscal year of the dollars.
            year: Fiscal year asked for.
            factor: Product of the scale factors in force, with the renewal uplift.
        """
        product = self.price(key, price_year, year) * self.driver(driver, price_year, year)
        return round_half_away(Fraction(product, MILLIONTHS**2) * factor, 6)
