"""Where a commitment was read: every field that was given, its value, and the cell it stood in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.fiscal_year import MONTH_NAMES, year_name
from esser_gap.model.record import Form, forms_of
from esser_gap.money import percent
from esser_gap.view.amounts import number, to_the_cent
from esser_gap.view.case import Case, label_of
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from esser_gap.plan.resolve import Changes


def read_table(case: Case, position: int) -> Table:
    """Show the fields of a commitment that were given, and what the scenario does to it.

    Args:
        case: District and scenario.
        position: Place of the commitment in the plan.

    Returns:
        Field, value as a budget writes it, and file, sheet and cell; then one row a change, named by its
        verb, from the scenario.
    """
    commitment = case.plan.commitments[position]
    rows = [
        Row((name, field_words(getattr(commitment, name), form.form), commitment.origin.described(name)))
        for name, form in forms_of(type(commitment)).items()
        if name in commitment.model_fields_set
    ]
    place = f"scenario `{case.plan.scenario.name}`"
    rows.extend(Row((verb, words, place)) for verb, words in _changes(case.plan.changes_of(position)))
    headings = (Heading("Field", Show.CODE), Heading("Value", width=50), Heading("Read from", width=40))
    under = f", scenario `{case.plan.scenario.name}`" if len(case.projection.scenarios) > 1 else ""
    return Table("read", f"{label_of(commitment)}{under}", headings, tuple(rows))


def field_words(value: Any, form: Form) -> str:
    """Write a field's value the way a budget does.

    Args:
        value: The value of a commitment's field; None and empty lists are blank.
        form: How the field is written.

    Examples:
        >>> field_words((3, 15), Form.MONTH_DAY), field_words(True, Form.YES_NO)
        ('Mar 15', 'yes')
    """
    if value is None:
        return ""
    if form in _WORDS:
        return _WORDS[form](value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def calendar_day(day: tuple[int, int]) -> str:
    """Write a day of every year: `Mar 15`."""
    return f"{MONTH_NAMES[day[0] - 1]} {day[1]}"


_WORDS: dict[Form, Callable[[Any], str]] = {
    Form.MONEY: to_the_cent,
    Form.NUMBER: number,
    Form.SHARE: percent,
    Form.RATE: percent,
    Form.FISCAL_YEAR: year_name,
    Form.MONTH_DAY: calendar_day,
    Form.MONTH: lambda month: MONTH_NAMES[month - 1],
    Form.YES_NO: lambda yes: "yes" if yes else "no",
    Form.PARTS: lambda parts: "; ".join(f"{part.source} {percent(part.share)}" for part in parts),
}


def _changes(changes: Changes) -> Iterator[tuple[str, str]]:
    if changes.stop is not None:
        yield "stop", f"no cost from {year_name(changes.stop)}"
    for start, factor in changes.scales:
        yield "scale", f"cost times {number(factor)}, {_from(start)}"
    for start, price in changes.prices:
        yield "set_price", f"{_price(price)}, {_from(start)}"
    if changes.defer:
        yield "defer", f"replaced {_years(changes.defer)} later"
    if changes.extend_life:
        yield "extend_life", f"useful life {_years(changes.extend_life)} longer"
    if changes.stagger:
        yield "stagger", "replacement cost spread over the useful life"
    if changes.priority is not None:
        yield "set_priority", str(changes.priority)


def _price(price: Decimal) -> str:
    return f"new cost {to_the_cent(price)}"


def _from(start: int | None) -> str:
    return "in every year" if start is None else f"from {year_name(start)}"


def _years(count: int) -> str:
    return "1 year" if count == 1 else f"{count} years"
