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
RelativeYear = Annotated[str, Form.FISCAL_YEAR, Field(pattern=r"^first(\+[1-9][0-9]?)?$")]
"""`first`, the first projected year, or `first+1`, the one after it, and so on."""
RunYear = FiscalYear | RelativeYear
"""A fiscal year, named by itself or by its place in the run."""

COMMAND_LINE = "--set"
"""What stands in place of a file where the command line set something."""

GROWTH_KEYS = (*(category.value for category in Category), "default", "salary", "benefits")
"""What `growth` may name."""


def year_in_run(year: int | str, first_year: int) -> int:
    """Give the fiscal year that is meant.

    Args:
        year: A fiscal year, or one counted from the first projected year.
        first_year: First projected fiscal year.

    Examples:
        >>> year_in_run("first+1", 2027), year_in_run("first", 2027), year_in_run(2030, 2027)
        (2028, 2027, 2030)
    """
    return first_year + int(year.removeprefix("first") or 0) if isinstance(year, str) else year


class DriverChange(Record):
    """How a quantity changes against the district's own numbers."""

    growth: Rate | None = None
    """Share by which it grows each year, below zero where it falls; left out: as the district has it."""
    from_: RunYear | None = Field(default=None, alias="from")
    """First fiscal year that grows so; left out: the first one that the district does not give, at the latest
    `first+1`."""
    years: dict[FiscalYear, Number] = Field(default_factory=dict)
    """Numbers of single years, in place of the district's own; what grows grows from them."""


class SourceAdjustment(Record):
    """One change to the sources that `where` selects; exactly one verb is set."""

    where: dict[str, tuple[Any, ...]] = Field(min_length=1)
    """Field values that select, `*` in a text standing for any text; `name` is any name that a source goes by."""
    from_: RunYear | None = Field(default=None, alias="from")
    """First fiscal year, for `scale`; left out: the first projected one."""
    scale: Annotated[Decimal, Form.NUMBER, Field(ge=0, le=100)] | None = None
    """Factor on the money; 0 ends it."""
    renew: bool | None = None
    """Go on after the last fiscal year of yearly amounts with the amount of that year."""
    level: bool | None = None
    """Have no more dollars in later fiscal years than in the first projected one; if unlimited, than it pays then."""
    certainty: Annotated[Certainty, Form.CHOICE] | None = None
    """New certainty."""
    overruled: tuple[dict[str, tuple[Any, ...]], ...] = Field(default=(), exclude=True, repr=False)
    """Selections to which a later scenario says otherwise; the adjustment leaves them alone."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @property
    def verb(self) -> str:
        """Name what the adjustment does."""
        return next(name for name in SOURCE_VERBS if getattr(self, name) is not None)


SOURCE_VERBS = ("scale", "renew", "level", "certainty")
"""What an adjustment of sources may do."""


class SourceChanges(Record):
    """Sources to add, change or remove."""

    add: tuple[Source, ...] = ()
    """New sources, drawn after the others."""
    change: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """New values by source name and field."""
    years: dict[str, dict[FiscalYear, Money]] = Field(default_factory=dict)
    """New amounts of single fiscal years by source name; the other years keep theirs."""
    adjust: tuple[SourceAdjustment, ...] = ()
    """Changes to whichever sources match, by name or kind, if there are any."""
    remove: tuple[str, ...] = ()
    """Names of sources that are gone."""


class Action(Record):
    """One change to the commitments that `where` selects; exactly one verb is set."""

    where: dict[str, tuple[Any, ...]] | None = None
    """Field values that select; left out: every commitment."""
    optional: Annotated[bool, Form.YES_NO] = False
    """Whether to pass over the action, with a note, where it selects nothing, instead of refusing it."""
    from_: RunYear | None = Field(default=None, alias="from")
    """First fiscal year, for `scale` and `set_price`; left out: always."""
    stop: RunYear | None = None
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
    overruled: tuple[dict[str, tuple[Any, ...]] | None, ...] = Field(default=(), exclude=True, repr=False)
    """Selections to which a later scenario says otherwise; the action leaves them alone."""
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
    drivers: dict[str, YearlyNumber | DriverChange] = Field(default_factory=dict)
    """Yearly paths by driver name, or how the district's own path changes."""
    # Nothing of it needs checking, and making its validator takes longer than importing all else here.
    sources: SourceChanges = SourceChanges.model_construct()
    """Sources to add, change or remove."""
    actions: tuple[Action, ...] = ()
    """Changes to commitments, in order."""
    settings: tuple[str, ...] = ()
    """What `--set` laid over it, as typed."""
    origins: dict[str, Origin] = Field(default_factory=dict, exclude=True, repr=False)
    """Where each setting stands, by its path, such as `growth.software`."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    def where(self, path: str) -> Origin:
        """Give the place of a setting, of the scenario as a whole where that is not known.

        Args:
            path: Path of the setting.
        """
        return self.origins.get(path, self.origin)


def with_years(scenario: Scenario, first_year: int) -> Scenario:
    """Turn years that are counted from the first projected year into fiscal years.

    Args:
        scenario: A scenario.
        first_year: First projected fiscal year.
    """
    dated = {
        "actions": tuple(_dated(action, first_year) for action in scenario.actions),
        "drivers": {name: _dated(path, first_year) for name, path in scenario.drivers.items()},
        "sources": scenario.sources.model_copy(
            update={"adjust": tuple(_dated(adjustment, first_year) for adjustment in scenario.sources.adjust)}
        ),
    }
    return scenario.model_copy(update=dated)


def _dated(part: Any, first_year: int) -> Any:
    """Turn the years of an action, an adjustment or a driver into fiscal years."""
    counted = {name: value for name in ("from_", "stop") if isinstance(value := getattr(part, name, None), str)}
    years = {name: year_in_run(value, first_year) for name, value in counted.items()}
    return part.model_copy(update=years) if years else part
