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
    _terms: dict[tuple[str, str | None], tuple[object, ...]] = field(default_factory=dict)

    def terms(self, key: str, driver: str | None) -> tuple[object, ...]:
        """Give what an index follows, to tell whether that of other prices is the same.

        Args:
            key: Category, `salary` or `benefits`.
            driver: Driver name, blank when flat.
        """
        if (key, driver) not in self._terms:
            rates = self.growth.get(key, self.growth.get("default"))
            path = self.drivers[driver] if driver else {}
            self._terms[key, driver] = (tuple(rates.items()) if isinstance(rates, dict) else rates, *path.items())
        return self._terms[key, driver]

    def rate(self, key: str, year: int) -> Decimal:
        """Give the rate by which a price grows into a fiscal year; `default`'s when not given, else 0."""
        given = self.growth.get(key, self.growth.get("default"))
        if given is None:
            return Decimal(0)
        return given if isinstance(given, Decimal) else value_in(given, year)

    def price(self, key: str, price_year: int, year: int) -> int:
        """Give the price level of a year against the price year, in millionths, rounded once at the end.

        Args:
            key: Category, `salary` or `benefits`.
            price_year: Fiscal year of the dollars.
            year: Fiscal year asked for; before the price year the inverse product is taken.
        """
        known = self._prices.get((key, price_year, year))
        if known is None:
            # Above and below the line apart: a product of fractions would be cut down at every step.
            above = below = 1
            for between in range(min(price_year, year) + 1, max(price_year, year) + 1):
                numerator, denominator = self.rate(key, between).as_integer_ratio()
                above, below = above * (numerator + denominator), below * denominator
            known = _millionths(above, below) if year >= price_year else _millionths(below, above)
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
        return _millionths(product * factor.numerator, MILLIONTHS**2 * factor.denominator)


def _millionths(above: int, below: int) -> int:
    """Divide whole numbers above zero (or zero by one) and count the result in millionths, rounded half up."""
    return (2 * above * MILLIONTHS + below) // (2 * below)
