"""Records and plain values as JSON text, exact: decimals as they are, money with two decimals."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from esser_gap.model.record import Form, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CENTS_EXPONENT = -2


def json_text(value: object, *, is_money: bool = False) -> str:
    """Write a value as JSON on one line.

    A record or dataclass becomes an object without the fields that are None or internal. A decimal becomes a
    number with the digits it has.

    Args:
        value: A record, dataclass, mapping, list, text, number, date, truth value or None.
        is_money: Whether decimals in it are dollars, written with two decimals (more only if it has more).

    Raises:
        TypeError: When the value is of any other type.

    Examples:
        >>> json_text({2027: Decimal("12.5"), "on": date(2026, 7, 1)}, is_money=True)
        '{"2027": 12.50, "on": "2026-07-01"}'
    """
    if isinstance(value, Decimal):
        return _number(value, is_money=is_money)
    if isinstance(value, Record):
        return _object(_items_of(value))
    if is_dataclass(value):
        # The amounts of plain dataclasses (receipts) are all dollars.
        return _object((field.name, getattr(value, field.name), True) for field in fields(value))
    if isinstance(value, dict):
        return _object((key, inner, is_money) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(json_text(inner, is_money=is_money) for inner in value)}]"
    return json.dumps(value, ensure_ascii=False, default=date.isoformat)


def _number(value: Decimal, *, is_money: bool) -> str:
    exponent = value.as_tuple().exponent
    has_whole_cents = isinstance(exponent, int) and exponent >= _CENTS_EXPONENT
    return f"{value:.2f}" if is_money and has_whole_cents else f"{value:f}"


def _object(items: Iterable[tuple[object, object, bool]]) -> str:
    members = (
        f"{json.dumps(str(name), ensure_ascii=False)}: {json_text(value, is_money=is_money)}"
        for name, value, is_money in items
    )
    return "{" + ", ".join(members) + "}"


def _items_of(record: Record) -> Iterable[tuple[str, object, bool]]:
    for name, (shown, is_money) in _shown_fields(type(record)).items():
        value = getattr(record, name)
        if value is not None:
            yield shown, value, is_money


@cache
def _shown_fields(record: type[Record]) -> Mapping[str, tuple[str, bool]]:
    """Give, by attribute, the name shown and whether it holds dollars."""
    return {
        name: (field.alias or name, Form.MONEY in field.metadata or _holds_money(field.annotation))
        for name, field in record.model_fields.items()
        if not field.exclude
    }


def _holds_money(annotation: Any) -> bool:
    inner = get_args(annotation)
    return Form.MONEY in inner or any(_holds_money(one) for one in inner)
