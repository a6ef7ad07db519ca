"""The arithmetic of templates: a handful of operations on exact values, each step told in words.

A value is a number, a day, yes or no, a text, several of them, or numbers by fiscal year; an operation on
several or by year is done on each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.fiscal_year import year_name
from esser_gap.model.record import Form
from esser_gap.money import percent, round_half_away, to_dollars
from esser_gap.read.values import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from esser_gap.model.template import Condition, LookUp, Step, Template

Value = Any
"""Decimal, date, bool, str, a tuple of them, or a dict of decimals by fiscal year; None: not given."""

_EXACT = Context(prec=100)
_PERCENT = re.compile(r"-?[0-9]+(\.[0-9]+)?%")
_NAMED = re.compile(r"\{(\w+)\}")
_NOTHING = Decimal(0)


@dataclass(slots=True)
class Worked:
    """What a template's steps gave.

    Attributes:
        template: The template.
        values: Parameters and results by name.
        forms: What each of them is, which decides how it is shown.
        said: The sentences of the steps, in order.
    """

    template: Template
    values: dict[str, Value]
    forms: dict[str, Form]
    said: list[str] = field(default_factory=list)

    def holds(self, conditions: Iterable[Condition]) -> bool:
        """Tell whether every condition holds."""
        return all(_holds(condition, self) for condition in conditions)

    def filled(self, text: str) -> str:
        """Put values in place of the names in braces."""
        return _NAMED.sub(lambda match: self.words(match[1]), text)

    def words(self, name: str) -> str:
        """Write a value as a person would."""
        if name not in self.values:
            raise _wrong(f"the template `{self.template.name}` names `{name}`, which it does not work out")
        return in_words(self.values[name], self.forms[name])

    def operand(self, raw: Value) -> Value:
        """Give the value that an operand names, or the operand itself."""
        return self.values[raw] if isinstance(raw, str) and raw in self.values else literal(raw)


def work_out(template: Template, given: Mapping[str, Value]) -> Worked:
    """Do the steps of a template.

    Args:
        template: The template.
        given: Values by parameter, None where it is left out.

    Raises:
        NotUnderstood: When a step names what is not there.
    """
    forms = {parameter.name: parameter.form for parameter in template.parameters}
    worked = Worked(template, dict(given), forms)
    for step in template.steps:
        result = _OPERATIONS[step.operation](step, worked) if worked.holds(step.when) else None
        if result is None:
            # What needs a parameter that is left out is passed over.
            worked.values.setdefault(step.name, None)
            worked.forms.setdefault(step.name, step.form)
            continue
        worked.values[step.name] = _rounded(result, step.form)
        worked.forms[step.name] = step.form
        if step.say:
            worked.said.append(worked.filled(step.say))
    return worked


def literal(raw: Any) -> Value:
    """Take a value as it is written in a template.

    Examples:
        >>> literal("15%"), literal(30000), literal("assigned")
        (Decimal('0.15'), Decimal('30000'), 'assigned')
    """
    if isinstance(raw, bool) or raw is None or isinstance(raw, date):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, str) and _PERCENT.fullmatch(raw):
        return Decimal(raw[:-1]) / 100
    return tuple(map(literal, raw)) if isinstance(raw, (list, tuple)) else raw


def in_words(value: Value, form: Form) -> str:
    """Write a value as its form is shown."""
    if value is None:
        return "not given"
    if isinstance(value, dict):
        return ", ".join(f"{year_name(year)} {in_words(own, form)}" for year, own in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(in_words(own, form) for own in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, Decimal):
        return str(value)
    return _number_words(value, form)


def _number_words(value: Decimal, form: Form) -> str:
    if form is Form.MONEY:
        return f"${value:,.2f}".removesuffix(".00")
    if form in {Form.SHARE, Form.RATE}:
        return percent(value)
    if form is Form.FISCAL_YEAR:
        return year_name(int(value))
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _wrong(message: str) -> NotUnderstood:
    return NotUnderstood("template-not-understood", message, "correct the template")


def _rounded(value: Value, form: Form) -> Value:
    """Round money to cents, each amount by itself."""
    if form is not Form.MONEY:
        return value
    return _each(lambda amount: to_dollars(round_half_away(amount, 2)), value)


# --- operations --------------------------------------------------------------------------------


def _each(function: Callable[..., Value], *operands: Value) -> Value:
    """Apply a function to values, to each of several, or year by year; nothing comes of what is not given."""
    if any(value is None for value in operands):
        return None
    years = sorted({year for value in operands if isinstance(value, dict) for year in value})
    if years:
        parts = [[_in_year(value, year) for value in operands] for year in years]
        return {year: _each(function, *part) for year, part in zip(years, parts, strict=True)}
    counts = {len(value) for value in operands if isinstance(value, tuple)}
    if not counts:
        return function(*operands)
    if len(counts) > 1:
        raise _wrong("two lists of different length are put together")
    return tuple(
        _each(function, *(value[place] if isinstance(value, tuple) else value for value in operands))
        for place in range(counts.pop())
    )


def _in_year(value: Value, year: int) -> Value:
    return value.get(year, _NOTHING) if isinstance(value, dict) else value


def _folded(function: Callable[[Value, Value], Value]) -> Callable[[Step, Worked], Value]:
    """Make an operation of a function of two numbers, applied to the operands one after the other."""

    def operation(step: Step, worked: Worked) -> Value:
        first, *others = [worked.operand(raw) for raw in getattr(step, step.operation)]
        for other in others:
            first = _each(function, first, other)
        return first

    return operation


def _total(step: Step, worked: Worked) -> Value:
    total: Value = _NOTHING
    for raw in step.total or ():
        value = worked.operand(raw)
        for part in value if isinstance(value, tuple) else (value,):
            total = _each(_EXACT.add, total, part)
    return total


def _count(step: Step, worked: Worked) -> Value:
    value = worked.operand(step.count)
    return Decimal(len(value)) if isinstance(value, tuple) else None


def _day(step: Step, worked: Worked) -> Value:
    year, month_day = step.day or (None, "")
    month, day = (int(part) for part in month_day.split("-"))
    return _each(lambda one: date(int(one), month, day), worked.operand(year))


def _years_through(step: Step, worked: Worked) -> Value:
    start, years = (worked.operand(raw) for raw in step.years_through or (None, None))
    return _each(lambda day, count: _later(day, int(count)) - timedelta(days=1), start, years)


def _each_year(step: Step, worked: Worked) -> Value:
    first, years, amount = (worked.operand(raw) for raw in step.each_year or (None, None, None))
    if first is None or years is None or amount is None:
        return None
    return {int(first) + place: amount for place in range(int(years))}


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29 in a year that has none
        return date(day.year + years, 3, 1)


def _looked_up(step: Step, worked: Worked) -> Value:
    if step.look_up is None:
        return None
    look_up = step.look_up
    named = worked.values.get(look_up.column)
    column = named if isinstance(named, str) else look_up.column
    return _each(lambda row: _cell(look_up, row, column, worked), worked.operand(look_up.row))


def _cell(look_up: LookUp, wanted: Value, column: str, worked: Worked) -> Value:
    row = _row(_table(look_up.table, worked), wanted)
    if row is None or column not in row:
        shown = in_words(wanted, Form.TEXT)
        raise _wrong(f"the table `{look_up.table}` has no `{column}` for {shown}")
    return literal(row[column])


def _table(name: str, worked: Worked) -> Sequence[Mapping[str, Any]]:
    if name not in worked.template.tables:
        raise _wrong(f"the template `{worked.template.name}` has no table `{name}`")
    return worked.template.tables[name]


def _row(table: Sequence[Mapping[str, Any]], wanted: Value) -> Mapping[str, Any] | None:
    """Find the row with that value, else the last band that starts at or below it."""
    exact = [row for row in table if "is" in row and literal(row["is"]) == wanted]
    bands = [row for row in table if "from" in row and isinstance(wanted, Decimal) and literal(row["from"]) <= wanted]
    return exact[0] if exact else bands[-1] if bands else None


_OPERATIONS: dict[str, Callable[[Step, Worked], Value]] = {
    "value": lambda step, worked: worked.operand(step.value),
    "look_up": _looked_up,
    "product": _folded(_EXACT.multiply),
    "total": _total,
    "difference": _folded(lambda one, other: max(_EXACT.subtract(one, other), _NOTHING)),
    "at_least": _folded(max),
    "at_most": _folded(min),
    "count": _count,
    "day": _day,
    "years_through": _years_through,
    "each_year": _each_year,
}


# --- conditions --------------------------------------------------------------------------------


def _holds(condition: Condition, worked: Worked) -> bool:
    if condition.given is not None and worked.values.get(condition.given) is None:
        return False
    if condition.missing is not None and worked.values.get(condition.missing) is not None:
        return False
    if condition.value is None:
        return True
    value = worked.operand(condition.value)
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    return any(one is not None and _compares(one, condition, worked) for one in several)


def _compares(value: Value, condition: Condition, worked: Worked) -> bool:
    given = condition.model_fields_set
    return (
        ("is_" not in given or value == worked.operand(condition.is_))
        and ("is_not" not in given or value != worked.operand(condition.is_not))
        and ("at_most" not in given or bool(value <= worked.operand(condition.at_most)))
        and ("above" not in given or bool(value > worked.operand(condition.above)))
        and (condition.between_bands is None or _is_between(value, _table(condition.between_bands, worked)))
    )


def _is_between(value: Value, table: Sequence[Mapping[str, Any]]) -> bool:
    row = _row(table, value)
    return row is not None and "to" in row and bool(value > literal(row["to"]))
