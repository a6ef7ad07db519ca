"""A source of money, and the awards and rules that say when and for what it may pay."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import Day, FiscalYear, Form, Money, Names, Rate, Record, Share, Text, YesNo
from esser_gap.model.words import Basis, Category, Certainty, Kind, Level, Measured, Method, Supplement


@lru_cache(maxsize=4096)
def same_name(name: str) -> str:
    """Fold a name so that capitals and spaces do not matter.

    Examples:
        >>> same_name(" Title  IV-A") == same_name("title iv-a")
        True
    """
    return " ".join(name.casefold().split())


class Award(Record):
    """An amount with a period of availability; every part may be left open."""

    amount: Money | None = None
    """Dollars left at the start of the first projected year; left out: unlimited."""
    from_: Day | None = Field(default=None, alias="from")
    """First day a payment may have."""
    through: Day | None = None
    """Last day a payment may have."""
    liquidate_by: Day | None = None
    """Last payment day for costs other than pay that were obligated inside the period."""


class YearlyGrowth(Record):
    """A yearly amount that grows: one award for each fiscal year."""

    amount: Money
    """Dollars in the first year."""
    growth: Rate = Decimal(0)
    """Share by which it grows each year, from the unrounded power."""
    from_: FiscalYear | None = Field(default=None, alias="from")
    """First fiscal year; left out: the first projected."""


class Limit(Record):
    """What the rule of a template allows for one field of the source that was made of it."""

    field: Text
    """Field of the source; `awards` for the dollars of all its awards together, `yearly` for those of each year."""
    most: Decimal | None = None
    """Largest share or largest number of dollars."""
    by_year: dict[FiscalYear, Money] | None = None
    """Largest number of dollars by fiscal year, where years differ."""
    first: Day | None = None
    """First day that an award may name."""
    last: Day | None = None
    """Last day that an award may name."""
    least: Decimal | None = None
    """Smallest number."""
    among: tuple[str, ...] = ()
    """Words that it may hold."""
    because: Text
    """The rule, to follow the name of the template."""


class Source(Record):
    """Where money comes from, what it may pay, how much and until when."""

    name: Text = Field(min_length=1)
    """Name, as `funded_by` writes it."""
    use: Text | None = None
    """Template that makes the fields that are not given: a name of `esser-gap sources list`, or a YAML file."""
    with_: Text | None = Field(default=None, alias="with")
    """Parameters of the template, such as `lunch_share: 62%; rural: no`; in YAML they may also stand as keys of
    their own."""
    recurring: YesNo
    """Yes: what it pays is sustained. No (one-time money): what it pays is only bridged."""
    basis: Annotated[Basis, Form.CHOICE]
    """`assigned`: pays only commitments that name it; `open`: any it may pay."""
    categories: Annotated[tuple[Category, ...], Form.NAMES] = ()
    """Categories it may pay; blank: all."""
    kinds: Annotated[tuple[Kind, ...], Form.NAMES] = ()
    """Kinds it may pay; blank: all."""
    commitments: Names = ()
    """Ids it may pay; blank: all."""
    excludes: Names = ()
    """Categories, kinds, ids, or the word `mandated`, that it may never pay."""
    least_life: Annotated[int, Form.WHOLE, Field(ge=1, le=100)] | None = None
    """Fewest years of `useful_life` of what it may pay (bonds); a commitment without a life is then barred."""
    district: Text | None = None
    """Whose it is, in a file of several districts."""
    share: Share = Decimal(1)
    """Most of a cost that it may pay (E-rate discount, match)."""
    measured: Annotated[Measured, Form.CHOICE] = Measured.PAID
    """`paid`: drawn by what it pays; `pre_discount`: by the eligible cost."""
    awards: Annotated[tuple[Award, ...], Form.DICTIONARY] = ()
    """Amounts with their periods; none: unlimited."""
    yearly: Annotated[dict[FiscalYear, Money] | YearlyGrowth | None, Form.DICTIONARY] = None
    """Short for one award a fiscal year, first day to last."""
    carryover: Annotated[int, Form.WHOLE, Field(ge=0, le=50)] = 0
    """Fiscal years by which a yearly amount stays available longer."""
    certainty: Annotated[Certainty, Form.CHOICE] = Certainty.SECURED
    """`secured`, `likely` or `possible`."""
    method: Annotated[Method, Form.CHOICE] = Method.PRIORITY
    """`priority`: in order until spent; `pro_rata`: in proportion when too small."""
    level: Annotated[Level, Form.CHOICE] = Level.LOCAL
    """Who gives it: `federal`, `state`, `local` or `partner`."""
    must_supplement: Annotated[Supplement, Form.CHOICE] = Supplement.NOTHING
    """Money whose place it may not take: `no` such rule, `state_and_local`, or `all` (other federal money, too)."""
    rule: Text | None = None
    """The rule in words."""
    citation: Text | None = None
    """Where the rule stands."""
    as_of: Day | None = None
    """When the rule was read."""
    assistance_listing: Text | None = None
    """Federal assistance listing number, as text."""
    also_called: Names = ()
    """Other names by which `funded_by` may call it."""
    made_by: tuple[str, ...] = ()
    """How its template made it, a sentence a step; empty without a template."""
    limits: tuple[Limit, ...] = ()
    """What the rule of its template allows."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @property
    def is_federal(self) -> bool:
        """Tell whether it is federal money: it says so, or has a federal assistance listing."""
        return self.level is Level.FEDERAL or self.assistance_listing is not None

    @property
    def spellings(self) -> frozenset[str]:
        """List its names, folded so that capitals and spaces do not matter."""
        return frozenset(same_name(name) for name in (self.name, *self.also_called))

    def is_same_as(self, other: Source) -> bool:
        """Tell whether two sources share a name, as the parts of one that a scenario parts by year do."""
        return not self.spellings.isdisjoint(other.spellings)

    @property
    def is_limited(self) -> bool:
        """Tell whether any of its awards has an amount."""
        if self.yearly is not None:
            return True
        return any(award.amount is not None for award in self.awards)
