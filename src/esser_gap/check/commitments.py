"""Checks of one commitment at a time: costs that are missing, dates that contradict each other or look wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.fiscal_year import MONTHS, month_after, month_of
from esser_gap.issues import Issue, error, warning
from esser_gap.model.source import same_name
from esser_gap.model.words import Billing, Kind
from esser_gap.money import LARGEST, percent, to_cents, to_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from esser_gap.model.commitment import Commitment


def check_commitments(commitments: Sequence[Commitment]) -> list[Issue]:
    """Find what is wrong or looks wrong in each commitment by itself.

    Args:
        commitments: The records, with the places they were read from.

    Returns:
        Errors for what cannot be projected, warnings that say what was assumed; in the order of the commitments.
    """
    issues: list[Issue] = []
    for commitment in commitments:
        values = commitment.__dict__
        for concerns, check in _CHECKS:
            # Most checks concern few commitments, and a check is quickest when it does not run.
            if concerns(values):
                issues.extend(check(commitment))
    return issues


def _at(commitment: Commitment, field: str, found: object = None, hint: str = "") -> dict[str, object]:
    value = getattr(commitment, field) if found is None else found
    shown = "" if value is None else str(value)
    return {"where": commitment.origin.where(field), "field": field, "found": shown, "hint": hint}


def _cost(c: Commitment) -> Iterator[Issue]:
    pair = (c.quantity, c.unit_cost)
    if c.annual_cost is None and None in pair:
        missing = "annual_cost" if pair == (None, None) else ("quantity" if c.quantity is None else "unit_cost")
        message = f"`{c.name}` has no cost: `{missing}` is blank"
        yield error(
            "cost-missing", message, **_at(c, missing, hint="write `annual_cost`, or `quantity` and `unit_cost`")
        )
    if c.unit_cost is not None and c.base >= LARGEST:
        message = f"`{c.name}` costs {c.base:,.2f} dollars, more than can be counted"
        yield error("out-of-range", message, **_at(c, "unit_cost", hint=f"write less than {LARGEST:,} in all"))
    if c.annual_cost is None or c.unit_cost is None:
        return
    product = None if c.quantity is None else to_cents(c.quantity * c.unit_cost)
    if product != to_cents(c.annual_cost):
        shown = "" if product is None else f", quantity x unit cost is {to_dollars(product):,.2f}"
        message = f"`{c.name}` gives its cost twice: annual cost is {c.annual_cost:,.2f}{shown}"
        yield error("cost-twice", message, **_at(c, "annual_cost", hint="blank `annual_cost` or `unit_cost`"))


def _needed_dates(c: Commitment) -> Iterator[Issue]:
    if c.kind is Kind.REPLACEMENT:
        for field, hint in (
            ("purchased_on", "write the purchase date, such as 2021-08-15"),
            ("useful_life", "write the years it lasts, such as 5"),
        ):
            if getattr(c, field) is None:
                yield error("field-missing", f"the replacement `{c.name}` has no `{field}`", **_at(c, field, hint=hint))
    if c.kind is Kind.ONE_TIME and c.starts_on is None and c.purchased_on is None:
        hint = "write `starts_on`, the day it is paid"
        yield error("field-missing", f"the one-time cost `{c.name}` has no date", **_at(c, "starts_on", hint=hint))


def _contradictions(c: Commitment) -> Iterator[Issue]:
    if c.starts_on and c.ends_on and c.ends_on < c.starts_on:
        message = f"`{c.name}` ends on {c.ends_on}, before it starts on {c.starts_on}"
        yield error("dates-contradict", message, **_at(c, "ends_on", hint="correct one of the two dates"))


def _shares(c: Commitment) -> Iterator[Issue]:
    total = sum([part.share for part in c.funded_by], Decimal(0))
    names = {same_name(part.source) for part in c.funded_by}
    if total <= 1 and len(names) == len(c.funded_by):
        return
    shown = "; ".join(f"{part.source} {percent(part.share)}" for part in c.funded_by)
    if total > 1:
        message = f"the shares in `funded_by` of `{c.name}` add up to {percent(total)}"
        yield error("shares-over-100", message, **_at(c, "funded_by", shown, "make them add up to 100% at most"))
    if len(names) < len(c.funded_by):
        message = f"`funded_by` of `{c.name}` names a source twice"
        yield error("source-twice", message, **_at(c, "funded_by", shown, "add its shares together"))


def _own_requirement(c: Commitment) -> Iterator[Issue]:
    if c.id in c.requires:
        message = f"`{c.name}` requires itself"
        yield error("requires-itself", message, **_at(c, "requires", c.id, "take its own id out"))


def _paid_through(c: Commitment) -> Iterator[Issue]:
    if c.paid_through is None or c.kind not in {Kind.RECURRING, Kind.STAFF}:
        return
    if c.ends_on and c.paid_through > c.ends_on:
        message = f"`{c.name}` is paid through {c.paid_through}, after it ends on {c.ends_on}"
        yield warning("dates-look-wrong", message, **_at(c, "paid_through", hint="assumed: nothing more is paid"))
    if c.starts_on and c.paid_through < c.starts_on:
        message = f"`{c.name}` is paid through {c.paid_through}, before it starts on {c.starts_on}"
        hint = f"assumed: the first payment is not before {c.starts_on}"
        yield warning("dates-look-wrong", message, **_at(c, "paid_through", hint=hint))


def _unpaid_months(c: Commitment) -> Iterator[Issue]:
    """Warn when the renewal month comes later than the month from which nobody has paid."""
    if c.renewal_month is None or c.is_monthly or c.kind not in {Kind.RECURRING, Kind.STAFF}:
        return
    anchors = [month_after(c.paid_through)] if c.paid_through else []
    anchors += [month_of(c.starts_on)] if c.starts_on else []
    months = (c.renewal_month - 1 - max(anchors)) % MONTHS
    if months:
        with_benefits = 1 + c.benefits_rate if c.kind is Kind.STAFF else 1
        dollars = to_dollars(to_cents(c.base * with_benefits * months / MONTHS))
        since = f"paid through {c.paid_through}" if c.paid_through else f"started on {c.starts_on}"
        later = f"{months} month{'s' if months > 1 else ''} later"
        message = f"`{c.name}` ({since}) renews {later}: {dollars:,.2f} dollars of service are not paid"
        hint = "assumed: nothing is due for those months; correct `renewal_month` if that is wrong"
        yield warning("months-unpaid", message, **_at(c, "renewal_month", hint=hint))


def _mid_month(c: Commitment) -> Iterator[Issue]:
    """Warn of dates inside a month where whole months are billed."""
    if not c.is_monthly or c.kind not in {Kind.RECURRING, Kind.STAFF}:
        return
    for field, day, is_whole, assumed in (
        ("starts_on", c.starts_on, _is_first, "the whole month is billed"),
        ("ends_on", c.ends_on, _is_last, "the whole month is billed"),
        ("paid_through", c.paid_through, _is_last, "the next month is the first to be billed"),
    ):
        if day is not None and not is_whole(day):
            message = f"`{field}` of `{c.name}` lies inside a month, and months are billed whole"
            yield warning("date-in-mid-month", message, **_at(c, field, hint=f"assumed: {assumed}"))


def _is_first(day: date) -> bool:
    return day.day == 1


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _support(c: Commitment) -> Iterator[Issue]:
    if c.kind is Kind.REPLACEMENT and c.supported_until and c.purchased_on and c.supported_until < c.purchased_on:
        message = f"support of `{c.name}` ended on {c.supported_until}, before it was bought on {c.purchased_on}"
        hint = "assumed: it falls due at the end of support"
        yield warning("dates-look-wrong", message, **_at(c, "supported_until", hint=hint))


def _unused(c: Commitment) -> Iterator[Issue]:
    """Warn of values that the commitment's kind does not use."""
    hint = "assumed: it has no effect"
    if c.benefits_rate and c.kind is not Kind.STAFF:
        message = f"`{c.name}` has a benefits rate but is not staff"
        yield warning("value-not-used", message, **_at(c, "benefits_rate", hint=hint))
    if c.staggered and c.kind is not Kind.REPLACEMENT:
        message = f"`{c.name}` is staggered but is not a replacement"
        yield warning("value-not-used", message, **_at(c, "staggered", hint=hint))
    if c.billing is Billing.MONTHLY and c.kind in {Kind.REPLACEMENT, Kind.ONE_TIME}:
        message = f"`{c.name}` is billed monthly but is of kind `{c.kind}`"
        yield warning("value-not-used", message, **_at(c, "billing", hint=hint))
    if c.mandate and not c.mandated:
        message = f"`{c.name}` says what mandates it, but `mandated` is not yes"
        hint = "assumed: it is not mandated; write yes in `mandated` if it is"
        yield warning("mandate-unclear", message, **_at(c, "mandate", hint=hint))


_DATED = frozenset({Kind.REPLACEMENT, Kind.ONE_TIME})
_CHECKS: tuple[tuple[Callable[[dict[str, Any]], Any], Callable[[Commitment], Iterator[Issue]]], ...] = (
    (lambda v: v["annual_cost"] is None or v["unit_cost"] is not None, _cost),
    (lambda v: v["kind"] in _DATED and (v["purchased_on"] is None or v["useful_life"] is None), _needed_dates),
    (lambda v: v["ends_on"] and v["starts_on"], _contradictions),
    (lambda v: len(v["funded_by"]) > 1, _shares),
    (lambda v: v["requires"], _own_requirement),
    (lambda v: v["paid_through"] and (v["starts_on"] or v["ends_on"]), _paid_through),
    (lambda v: v["renewal_month"] and (v["starts_on"] or v["paid_through"]), _unpaid_months),
    (lambda v: v["billing"] is Billing.MONTHLY or v["kind"] is Kind.STAFF, _mid_month),
    (lambda v: v["supported_until"], _support),
    (lambda v: v["benefits_rate"] or v["staggered"] or v["billing"] or v["mandate"], _unused),
)
"""Which values a commitment must have for a check to find anything, and the check."""
