"""What the rule of a template forbids: fields of its source that go beyond it, whoever set them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, error
from esser_gap.model.source import YearlyGrowth
from esser_gap.money import percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from esser_gap.model.source import Limit, Source

_NOTHING = Decimal(0)
_DAYS = {"from": "from_", "through": "through", "liquidate_by": "liquidate_by"}


def beyond_limits(source: Source) -> Iterator[Issue]:
    """Find fields of a source that its template's rule does not allow.

    Args:
        source: A source; without a template it has no limits.
    """
    for limit in source.limits:
        found = _found(source, limit)
        if found is None:
            continue
        what, allowed = found
        yield error(
            "template-forbids",
            f"`{limit.field}` of the source `{source.name}` is {what}, which the rule of its template does not allow",
            where=source.origin.where(limit.field),
            field=limit.field,
            found=what,
            hint=f"the template `{source.use}` allows {allowed}: {limit.because}",
        )


def _found(source: Source, limit: Limit) -> tuple[str, str] | None:
    """Say what is beyond a limit and what it allows, None when nothing is."""
    if limit.field == "awards":
        return _pool(source, limit)
    if limit.field == "yearly":
        return _each_year(source, limit)
    if limit.field in _DAYS:
        return _day(source, limit)
    return _words(source, limit) if limit.among else _number(source, limit)


def _number(source: Source, limit: Limit) -> tuple[str, str] | None:
    value = getattr(source, limit.field)
    show = percent if limit.field == "share" else str
    if limit.most is not None and (value is None or value > limit.most):
        return _or_none(value, show), f"{show(limit.most)} or less"
    if limit.least is not None and (value is None or value < limit.least):
        return _or_none(value, show), f"{show(limit.least)} or more"
    return None


def _or_none(value: Decimal | None, show: object) -> str:
    return "not given" if value is None else str(show(value))  # type: ignore[operator]


def _words(source: Source, limit: Limit) -> tuple[str, str] | None:
    value = getattr(source, limit.field)
    allowed = f"only {', '.join(limit.among)}"
    if isinstance(value, bool):
        word = "yes" if value else "no"
        return None if word in limit.among else (word, allowed)
    if not isinstance(value, tuple):
        return None if str(value) in limit.among else (str(value), allowed)
    if not value:
        return "blank, which means all", allowed
    beyond = [str(word) for word in value if str(word) not in limit.among]
    return (", ".join(beyond), allowed) if beyond else None


def _pool(source: Source, limit: Limit) -> tuple[str, str] | None:
    """Compare the dollars of all awards together with the most that there is."""
    if limit.most is None:
        return None
    allowed = f"{_dollars(limit.most)} in all"
    if isinstance(source.yearly, YearlyGrowth):
        return "an amount every year without end", allowed
    amounts = [*(award.amount for award in source.awards), *(source.yearly or {}).values()]
    if not amounts or any(amount is None for amount in amounts):
        return "unlimited", allowed
    total = sum((amount for amount in amounts if amount is not None), _NOTHING)
    return (f"{_dollars(total)} together", allowed) if total > limit.most else None


def _each_year(source: Source, limit: Limit) -> tuple[str, str] | None:
    """Compare the dollars of each year, or of each award, with the most that a year has."""
    if limit.by_year is None and limit.most is None:
        return None
    largest = limit.most if limit.by_year is None else max(limit.by_year.values(), default=_NOTHING)
    largest = largest or _NOTHING
    if isinstance(source.yearly, YearlyGrowth):
        least = largest if limit.by_year is None else min(limit.by_year.values(), default=_NOTHING)
        if source.yearly.growth > 0:
            return "an amount that grows", f"{_dollars(least)} a year"
        return _above(source.yearly.amount, least, "a year")
    for year, amount in (source.yearly or {}).items():
        most = largest if limit.by_year is None else limit.by_year.get(year, _NOTHING)
        if amount > most:
            return f"{_dollars(amount)} in FY{year}", f"{_dollars(most)} in that year"
    if source.yearly is None and not source.awards:
        return "unlimited", f"{_dollars(largest)} a year"
    found = (_above(award.amount, largest, "an award") for award in source.awards)
    return next((one for one in found if one is not None), None)


def _above(amount: Decimal | None, most: Decimal, each: str) -> tuple[str, str] | None:
    if amount is None:
        return "unlimited", f"{_dollars(most)} {each}"
    return (f"{_dollars(amount)} {each}", f"{_dollars(most)} {each}") if amount > most else None


def _day(source: Source, limit: Limit) -> tuple[str, str] | None:
    """Compare the first or last day of every award, and of every yearly amount, with the period."""
    if limit.last is not None:
        if isinstance(source.yearly, YearlyGrowth):
            return "open: an amount every year without end", f"{limit.last} or earlier"
        late = [year for year in source.yearly or {} if year + source.carryover > limit.last.year]
        if late:
            return f"as late as FY{max(late) + source.carryover}", f"{limit.last} or earlier"
    if not source.awards and source.yearly is None:
        return "open", _allowed(limit)
    days: list[date | None] = [getattr(award, _DAYS[limit.field]) for award in source.awards]
    for day in days:
        if day is None and limit.field == "liquidate_by":
            continue
        if (
            day is None
            or (limit.last is not None and day > limit.last)
            or (limit.first is not None and day < limit.first)
        ):
            return "open" if day is None else str(day), _allowed(limit)
    return None


def _allowed(limit: Limit) -> str:
    words = [f"{limit.first} or later"] if limit.first is not None else []
    words += [f"{limit.last} or earlier"] if limit.last is not None else []
    return " and ".join(words)


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}".removesuffix(".00")
