"""A scenario: a named set of differences from the baseline."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from esser_gap.model.commitment import Commitment
from esser_gap.model.origin import Origin
from esser_gap.model.record import Day, FiscalYear, Form, Money, Number, Rate, Record, Text
from esser_gap.model.source import Source
from esser_gap.model.words import Category, Certainty, FundingOrder

YearlyRate = Annotated[dict[FiscalYear, Rate], Field(min_length=1)]
YearlyNumber = Annotated[dict[FiscalYear, Number], Field(min_length=1)]

GROWTH_KEYS = (*(category.value for category in Category), "default", "salary", "benefits")
"""What `growth` may name."""


class SourceChanges(Record):
    """Sources to add, change or remove."""

    add: tuple[Source, ...] = ()
    """New sources, drawn after the others."""
    change: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """New values by source name and field."""
    remove: tuple[str, ...] = ()
    """Names of sources that are gone."""


class Action(Record):
    """One change to the commitments that `where` selects; exactly one verb is set."""

    where: dict[str, tuple[Any, ...]] | None = None
    """Field values that select; left out: every commitment."""
    from_: FiscalYear | None = Field(default=None, alias="from")
    """First fiscal year, for `scale` and `set_price`; left out: always."""
    stop: FiscalYear | None = None
    """First fiscal year without the cost."""
    scale: Annotated[Decimal, Form.NUMBER, Field(ge=0, le=1000)] | None = None
    """Factor on the cost."""
    defer: Annotated[int, Form.WHOLE, Field(ge=0, le=100)] | None = None
    """Whole years by which a replacement waits."""
    extend_life: Annotated[int, Form.WHOLE, Field(ge=0, le=100)] | None = None
    """Whole years added to the useful life."""
    set_price: Money | None = None
    """New cost, after quantity, in `price_year` dollars; salary for staff."""
    stagger: bool | None = None
    """Spread replacement cost evenly over the useful life."""
    set_priority: Annotated[int, Form.WHOLE, Field(ge=1, le=5)] | None = None
    """Priority in all years."""
    add: Commitment | None = None
    """A new commitment."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @property
    def verb(self) -> str:
        """Name what the action does."""
        return next(name for name in VERBS if getattr(self, name) is not None)


VERBS = ("stop", "scale", "defer", "extend_life", "set_price", "stagger", "set_priority", "add")
"""What an action may do."""


class Scenario(Record):
    """A named set of differences from the budget: prices, drivers, money that counts, sources and actions."""

    name: Text = Field(min_length=1)
    """Name, as the command line and the tables write it."""
    description: Text | None = None
    """One sentence a board member understands."""
    author: Text | None = None
    """Who wrote it."""
    date: Day | None = None
    """When it was written."""
    sources_cited: Annotated[dict[str, str], Form.DICTIONARY] = Field(default_factory=dict)
    """Where each rate comes from, by what it explains."""
    extends: Text | None = None
    """Another scenario this one starts from."""
    count: Annotated[Certainty, Form.CHOICE] = Certainty.SECURED
    """The least certainty of money that counts."""
    funding_order: Annotated[FundingOrder, Form.CHOICE] = FundingOrder.LISTED
    """`listed`, or `restricted_first`."""
    growth: dict[str, Rate | YearlyRate] = Field(default_factory=dict)
    """Yearly price growth by category, `default`, `salary` or `benefits`."""
    drivers: dict[str, YearlyNumber] = Field(default_factory=dict)
    """Yearly paths by driver name."""
    sources: SourceChanges = SourceChanges()
    """Sources to add, change or remove."""
    actions: tuple[Action, ...] = ()
    """Changes to commitments, in order."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)
