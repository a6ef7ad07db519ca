"""Reports on replacement dates: lives that the end of support cuts short, and deferrals that pass it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.fiscal_year import MONTHS, first_day, month_of
from esser_gap.issues import Issue, note, warning
from esser_gap.model.words import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.model.commitment import Commitment


def check_replacement(
    commitment: Commitment, *, extend_life: int, defer: int, is_staggered: bool, first_month: int
) -> Iterator[Issue]:
    """Report how the end of support bears on a replacement.

    Args:
        commitment: Any commitment; other kinds and those without an end of support have nothing to report.
        extend_life: Years a scenario adds to its life.
        defer: Years a scenario defers it.
        is_staggered: Whether its cost is spread, so that no single date falls due.
        first_month: Counted first month of the projected years.
    """
    c = commitment
    if c.kind is not Kind.REPLACEMENT or c.supported_until is None or c.purchased_on is None or is_staggered:
        return
    life = c.useful_life or 0
    support = month_of(c.supported_until)
    worn_out = month_of(c.purchased_on) + life * MONTHS
    where = {"where": c.origin.where("supported_until"), "field": "supported_until", "found": str(c.supported_until)}
    if support < worn_out:
        message = f"support of `{c.name}` ends on {c.supported_until}, before its {life} years are over"
        yield note("life-cut-short", message, hint=f"it falls due {first_day(support):%Y-%m}", **where)
    if extend_life and support < worn_out + extend_life * MONTHS:
        gained = max(0, support - worn_out)
        message = f"`extend_life` cannot lengthen `{c.name}` past the end of support on {c.supported_until}"
        yield note("life-not-extended", message, hint=f"it gains {gained} months of {extend_life * MONTHS}", **where)
    if defer:
        due = min(worn_out + extend_life * MONTHS, support)
        if due < first_month:
            due = first_month + (due - first_month) % MONTHS
        if due + defer * MONTHS > support:
            paid = first_day(due + defer * MONTHS)
            message = f"`{c.name}` is deferred to {paid:%Y-%m}, past the end of support on {c.supported_until}"
            yield warning("deferred-past-support", message, hint="it runs without updates until then", **where)
