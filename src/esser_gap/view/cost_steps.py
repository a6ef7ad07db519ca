"""How the cost of one commitment comes about, year by year: base, indexes, factor, part of a year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import MONTHS
from esser_gap.model.words import Kind
from esser_gap.money import round_half_away, to_cents, to_dollars
from esser_gap.plan.frames import benefits_cents
from esser_gap.plan.indexes import IndexProfile, profile_of
from esser_gap.plan.prices import Prices
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.resolve import Changes
    from esser_gap.view.case import Case


def cost_steps_table(case: Case, position: int) -> Table:
    """Show how each year's cost of a commitment comes about.

    Args:
        case: District and scenario.
        position: Place of the commitment in the plan.

    Returns:
        A row a fiscal year, two for staff (salary and benefits): base in dollars of the price year, price,
        driver and factor, their product as the index, the part of the base that falls due in the year
        (months of twelve, one year of the life, or none), and the cost in dollars; a total last.
    """
    steps = [step for year in case.horizon.years for step in _steps(case, position, year)]
    is_monthly = case.plan.commitments[position].kind is not Kind.REPLACEMENT
    rows = [_row(step, is_monthly=is_monthly) for step in steps]
    total = sum((step.cost for step in steps), Decimal(0))
    rows.append(Row(("Total", None, None, None, None, None, None, None, total), RowStyle.TOTAL))
    headings = (
        Heading("Year", Show.YEAR),
        Heading("Part", Show.CODE),
        Heading("Base", Show.CENTS),
        Heading("Price", Show.NUMBER),
        Heading("Driver", Show.NUMBER),
        Heading("Factor", Show.NUMBER),
        Heading("Index", Show.NUMBER),
        Heading("Due", Show.CODE),
        Heading("Cost", Show.CENTS),
    )
    note = "cost = base x index x the part due in the year; index = price x driver x factor"
    return Table("cost-steps", "Cost by year", headings, tuple(rows), (note,))


@dataclass(frozen=True, slots=True)
class _Step:
    """One component of the cost in one year; base in cents, price, driver and index in millionths."""

    year: int
    part: str
    base: int
    price: int
    driver: int
    factor: Fraction
    index: int
    due: Fraction

    @property
    def cost(self) -> Decimal:
        """Give the component's cost in dollars, rounded to cents by itself."""
        return to_dollars(round_half_away(Fraction(self.base * self.index, 10**6) * self.due, 0))


def _steps(case: Case, position: int, year: int) -> Iterator[_Step]:
    commitment, changes = case.plan.commitments[position], case.plan.changes_of(position)
    profile = profile_of(commitment, changes, case.horizon)
    prices = Prices(case.plan.scenario.growth, case.plan.drivers)
    new_price = changes.price_in(year)
    base = to_cents(commitment.base if new_price is None else new_price)
    due = _due(case, commitment, changes, year)
    if commitment.kind is not Kind.STAFF:
        yield _step(profile, prices, profile.category, year=year, base=base, due=due)
        return
    yield _step(profile, prices, "salary", year=year, base=base, due=due)
    if commitment.benefits_rate:
        extra = benefits_cents(base, commitment)
        yield _step(profile, prices, "benefits", year=year, base=extra, due=due)


def _step(profile: IndexProfile, prices: Prices, key: str, *, year: int, base: int, due: Fraction) -> _Step:
    factor = profile.factor(year)
    return _Step(
        year=year,
        part=key,
        base=base,
        price=prices.price(key, profile.price_year, year),
        driver=prices.driver(profile.driver, profile.price_year, year),
        factor=factor,
        index=prices.index(key, profile.driver, profile.price_year, year, factor),
        due=due,
    )


def _due(case: Case, commitment: Commitment, changes: Changes, year: int) -> Fraction:
    """Give the part of the base that the year's payments are for."""
    is_own = (pl.col("commitment") == commitment.id) & (pl.col("fiscal_year") == year)
    count = case.rows("payments").filter(is_own).height
    if commitment.kind is Kind.REPLACEMENT:
        is_staggered = commitment.staggered or changes.stagger
        life = (commitment.useful_life or 1) + changes.extend_life
        return Fraction(min(count, 1), life if is_staggered else 1)
    if commitment.kind is not Kind.ONE_TIME and commitment.is_monthly:
        return Fraction(count, MONTHS)
    return Fraction(min(count, 1))


def _row(step: _Step, *, is_monthly: bool) -> Row:
    return Row(
        (
            step.year,
            step.part,
            to_dollars(step.base),
            _millionths(step.price),
            _millionths(step.driver),
            _decimal(step.factor),
            _millionths(step.index),
            _due_words(step.due, is_monthly=is_monthly),
            step.cost,
        )
    )


def _millionths(count: int) -> Decimal:
    return Decimal(count).scaleb(-6)


def _decimal(factor: Fraction) -> Decimal:
    """Give a factor to six decimals; the cost is computed from the exact one."""
    return _millionths(round_half_away(factor, 6))


def _due_words(due: Fraction, *, is_monthly: bool) -> str:
    if due == 0:
        return "none"
    if due == 1:
        return "all"
    return f"{due * MONTHS}/{MONTHS}" if is_monthly else str(due)
