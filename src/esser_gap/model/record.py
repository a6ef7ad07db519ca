"""The base of every record, and the forms its fields take in a file.

Each field says its form once; the reader, the template, the JSON schema and the documentation follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A checked, unchangeable set of named values; an unknown name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Form(StrEnum):
    """How a field is written in a cell or a YAML value."""

    TEXT = "text"
    CHOICE = "choice"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole number"
    SHARE = "share"
    RATE = "rate"
    YES_NO = "yes or no"
    DATE = "date"
    MONTH = "month"
    MONTH_DAY = "calendar day"
    FISCAL_YEAR = "fiscal year"
    NAMES = "list of names"
    PARTS = "sources and shares"
    DICTIONARY = "structure"


@dataclass(frozen=True, slots=True)
class FieldForm:
    """A record's field as the reader, the template and the documentation see it.

    Attributes:
        name: Field name, as in a header.
        form: How a value is written.
        choices: Allowed words, for a choice or a list of known words.
        required: Whether it must be given.
        description: What it means.
    """

    name: str
    form: Form
    choices: tuple[str, ...]
    required: bool
    description: str


Text = Annotated[str, Form.TEXT]
Money = Annotated[Decimal, Form.MONEY, Field(ge=0, lt=Decimal(10) ** 12)]
Number = Annotated[Decimal, Form.NUMBER, Field(ge=0, lt=Decimal(10) ** 12)]
Share = Annotated[Decimal, Form.SHARE, Field(ge=0, le=1)]
Rate = Annotated[Decimal, Form.RATE, Field(gt=-1, le=100)]
YesNo = Annotated[bool, Form.YES_NO]
Day = Annotated[date, Form.DATE]
Month = Annotated[int, Form.MONTH, Field(ge=1, le=12)]
FiscalYear = Annotated[int, Form.FISCAL_YEAR, Field(ge=1990, le=2200)]
MonthDay = Annotated[tuple[int, int], Form.MONTH_DAY]
Names = Annotated[tuple[str, ...], Form.NAMES]


@cache
def forms_of(record: type[Record]) -> dict[str, FieldForm]:
    """List the fields of a record with their forms, in order; fields without a form are internal.

    Args:
        record: The record's class.

    Returns:
        Forms by field name; a field with an alias (`from`) stands under the alias.
    """
    forms = {}
    for name, field in record.model_fields.items():
        form = _form_in(field.annotation, tuple(field.metadata))
        if form is not None:
            shown = field.alias or name
            choices = _choices_in(field.annotation)
            description = (field.description or "").strip()
            forms[shown] = FieldForm(shown, form, choices, field.is_required(), description)
    return forms


def _form_in(annotation: Any, metadata: tuple[Any, ...]) -> Form | None:
    for item in metadata:
        if isinstance(item, Form):
            return item
    for inner in get_args(annotation):
        found = _form_in(inner, ())
        if found is not None:
            return found
        if isinstance(inner, Form):
            return inner
    return None


def _choices_in(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum) and annotation is not Form:
        return tuple(word.value for word in annotation)
    for inner in get_args(annotation):
        choices = _choices_in(inner)
        if choices:
            return choices
    return ()
