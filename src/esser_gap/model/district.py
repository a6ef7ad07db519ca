"""Facts about a district that costs and comparisons follow."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import FiscalYear, Form, Money, Month, Number, Record, Share, Text


class District(Record):
    """A school district: its name, its fiscal year, and its enrollment and budget by fiscal year."""

    name: Text = Field(min_length=1)
    """Name, as the budget writes it."""
    state: Text | None = None
    """Two-letter state."""
    nces_id: Text | None = None
    """NCES district id, as text."""
    fiscal_year_start: Month | None = None
    """Month the fiscal year starts in; July unless said."""
    enrollment: Annotated[dict[FiscalYear, Number], Form.DICTIONARY] = Field(default_factory=dict)
    """Students by fiscal year."""
    total_budget: Annotated[dict[FiscalYear, Money], Form.DICTIONARY] = Field(default_factory=dict)
    """The district's whole budget in dollars by fiscal year."""
    reserve_floor: Share | None = None
    """Least fund balance to keep, as a share of the total budget."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)
