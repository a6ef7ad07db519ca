"""What no scenario may quietly defund, and what may not go ahead without it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from esser_gap.model.record import Day, Form, Names, Record, Text
from esser_gap.model.words import Category


class Safeguard(Record):
    """Something every district needs before it runs technology on students' data."""

    name: Text = Field(min_length=1)
    """What it is called in messages."""
    categories: Annotated[tuple[Category, ...], Form.NAMES] = ()
    """Categories that are this safeguard."""
    services: Names = ()
    """Words of the field `service` that are this safeguard, whatever the category."""


class Guardrails(Record):
    """The safeguards, and the categories that may not go ahead without all of them."""

    safeguards: tuple[Safeguard, ...]
    """Each is protected: defunding it is named in every output."""
    gated: Annotated[tuple[Category, ...], Form.NAMES]
    """Categories that need every safeguard, funded, in each year in which they cost anything."""
    citation: Text | None = None
    """Where this comes from."""
    as_of: Day | None = None
    """When it was read."""
