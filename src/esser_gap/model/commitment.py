"""A commitment: one thing the district pays for and has to keep paying for, replace, or drop."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Annotated

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import (
    Day,
    FiscalYear,
    Form,
    Money,
    Month,
    MonthDay,
    Names,
    Number,
    Rate,
    Record,
    Share,
    Text,
    YesNo,
)
from esser_gap.model.words import Billing, Category, Kind

_EXACT = Context(prec=100)


class Part(Record):
    """One source named in `funded_by`, with the share of the cost it pays today."""

    source: Text
    """Name of the source."""
    share: Share
    """Share of the cost, 0 to 1."""


class Commitment(Record):
    """One thing the district pays for, with what it costs, when it falls due and who pays today."""

    id: Text | None = None
    """Unique text; made from the sheet and row when left out."""
    name: Text = Field(min_length=1)
    """What it is, in words a board member knows."""
    category: Annotated[Category, Form.CHOICE]
    """Sort of technology."""
    kind: Annotated[Kind, Form.CHOICE]
    """`recurring`, `replacement`, `staff` or `one_time`."""
    annual_cost: Money | None = None
    """Dollars a year (recurring), salary a year (staff), dollars at each replacement, or once."""
    quantity: Number | None = None
    """How many; FTE for staff. With `unit_cost`, quantity x unit cost is the cost."""
    unit_cost: Number | None = None
    """Dollars for one."""
    benefits_rate: Rate = Decimal(0)
    """Benefits as a share of salary; staff only."""
    price_year: FiscalYear | None = None
    """Fiscal year of the dollars; left out: the one that holds the as-of date."""
    driver: Text | None = None
    """What the quantity follows: blank (flat), `enrollment`, or a name that a scenario gives a yearly path."""
    billing: Annotated[Billing, Form.CHOICE] | None = None
    """`annual` (one payment a year) or `monthly`; left out: monthly for staff, else annual."""
    renewal_month: Month | None = None
    """Month of the yearly payment; left out: that after `paid_through`, else of `starts_on`, else the year's first."""
    starts_on: Day | None = None
    """First day."""
    ends_on: Day | None = None
    """Last day."""
    paid_through: Day | None = None
    """Last day already paid for."""
    renewal_uplift: Rate = Decimal(0)
    """Share by which the price steps up at the first renewal after `paid_through`."""
    purchased_on: Day | None = None
    """Purchase date; needed for a replacement."""
    useful_life: Annotated[int, Form.WHOLE, Field(ge=1, le=100)] | None = None
    """Years until replacement; needed for a replacement."""
    supported_until: Day | None = None
    """The vendor's end of support; replacement falls due no later."""
    staggered: YesNo = False
    """Whether the replacement cost is spread evenly over the useful life."""
    funded_by: Annotated[tuple[Part, ...], Form.PARTS] = ()
    """Today's sources and shares: `ESSER III 60%; General Fund 40%`; a single name means 100%."""
    obligated_on: Day | None = None
    """Date of the binding commitment, for awards that may be paid out later."""
    mandated: YesNo = False
    """Whether statute, contract or insurer requires it."""
    mandate: Text | None = None
    """By what it is mandated (statute, contract, insurer, CIPA)."""
    priority: Annotated[int, Form.WHOLE, Field(ge=1, le=5)] = 3
    """1 (keep to the last) to 5 (first to go)."""
    notice_days: Annotated[int, Form.WHOLE, Field(ge=0, le=3650)] = 0
    """Days before a payment at which it must be decided."""
    notice_by: MonthDay | None = None
    """Calendar day (`03-15`) by which the next contract year must be decided, as layoff notices are."""
    requires: Names = ()
    """Ids of the commitments this one cannot run without."""
    goal: Text | None = None
    """Student outcome it serves."""
    service: Text | None = None
    """Service it belongs to, such as data privacy or helpdesk."""
    owner: Text | None = None
    """Who answers for it."""
    vendor: Text | None = None
    """Who is paid."""
    account: Text | None = None
    """Account code, as text."""
    site: Text | None = None
    """School or building."""
    users: Text | None = None
    """Who or how many use it."""
    notes: Text | None = None
    """Anything else."""
    district: Text | None = None
    """District, in a file that holds several."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @property
    def base(self) -> Decimal:
        """Give the cost in `price_year` dollars before rounding to cents: `annual_cost`, else quantity x unit cost."""
        if self.annual_cost is not None:
            return self.annual_cost
        return _EXACT.multiply(self.quantity or Decimal(0), self.unit_cost or Decimal(0))

    @property
    def is_monthly(self) -> bool:
        """Tell whether it is paid in twelve payments a year."""
        if self.billing is None:
            return self.kind is Kind.STAFF
        return self.billing is Billing.MONTHLY
