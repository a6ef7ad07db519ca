"""The base of every record, and the forms its fields take in a file.

Each field says its form once; the reader, the template, the JSON schema and the documentation follow it.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from esser_gap.money import LARGEST


class Record(BaseModel):
    """A checked, unchangeable set of named values; an unknown name is an error."""

    # Building a validator waits until a record is first made, so that starting stays quick.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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
        record: The record it belongs to, None for a value that stands alone.
    """

    name: str
    form: Form
    choices: tuple[str, ...] = ()
    required: bool = True
    record: type[Record] | None = None

    @property
    def description(self) -> str:
        """Say what the field means, in the words under it in the record."""
        return "" if self.record is None else descriptions_of(self.record).get(self.name, "")


@cache
def descriptions_of(record: type[Record]) -> dict[str, str]:
    """Read the sentence under each field of a record, by field name; aliases are used where fields have one.

    The source is read only when somebody asks, because it takes longer than a whole small projection.

    Args:
        record: The record's class.
    """
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(record))).body
    statements = body.body if isinstance(body, ast.ClassDef) else []
    found = {}
    for field, sentence in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(sentence, ast.Expr):
            name = field.target.id
            info = record.model_fields.get(name)
            text = sentence.value.value if isinstance(sentence.value, ast.Constant) else ""
            found[(info.alias if info is not None else None) or name] = " ".join(str(text).split())
    return found


Text = Annotated[str, Form.TEXT]
Money = Annotated[Decimal, Form.MONEY, Field(ge=0, lt=LARGEST)]
Number = Annotated[Decimal, Form.NUMBER, Field(ge=0, lt=LARGEST)]
Share = Annotated[Decimal, Form.SHARE, Field(ge=0, le=1)]
Rate = Annotated[Decimal, Form.RATE, Field(gt=-1, le=100)]
YesNo = Annotated[bool, Form.YES_NO]
Day = Annotated[date, Form.DATE]
Month = Annotated[int, Form.MONTH, Field(ge=1, le=12)]
FiscalYear = Annotated[int, Form.FISCAL_YEAR, Field(ge=1990, le=2200)]


def _known_day(day: tuple[int, int]) -> tuple[int, int]:
    # 2023 is no leap year, so that February 29th, which most years lack, is refused.
    date(2023, *day)
    return day


MonthDay = Annotated[tuple[int, int], Form.MONTH_DAY, AfterValidator(_known_day)]
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
            forms[shown] = FieldForm(shown, form, _choices_in(field.annotation), field.is_required(), record)
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
