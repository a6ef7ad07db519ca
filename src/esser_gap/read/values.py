"""Values as people write them in cells and YAML: money, dates, percentages, words and lists.

Every parser takes what stood in the file and gives the typed value, or raises `NotUnderstood`
with what to write instead. Nothing is guessed: what could mean two things is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.model.commitment import Part
from esser_gap.model.record import FieldForm, Form
from esser_gap.model.words import same_word
from esser_gap.money import round_half_away, to_dollars
from esser_gap.read.dates import (
    Period,
    advice_on_day,
    date_in,
    day_of_year_in,
    day_or_period_in,
    day_or_period_numbered,
    is_month_or_year,
    month_named,
)
from esser_gap.read.fiscal_years import fiscal_year_in
from esser_gap.read.numbers import (
    advice_on_number,
    exact,
    is_dash,
    is_dash_of_dollars,
    is_placeholder,
    plain_dollars,
    tidied,
    times,
    typed_number,
    visible,
    written_number,
)
from esser_gap.read.shares import shares_in

if TYPE_CHECKING:
    from collections.abc import Callable

Raw = Any
"""What a cell or a YAML scalar holds: text, number, yes or no, date, or nothing."""

_CELL_ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!"
    r"|GETTING_DATA|#{2,})|Err:[0-9]{3}",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(\()? ?([-+]? ?(?:[0-9]+\.?[0-9]*|\.[0-9]+)) ?(%|percent|per cent|pct\.?)?(?(1) ?\))", re.IGNORECASE
)
_NUMBERS = {
    Form.MONEY: ("money-not-a-number", "an amount of money", "write dollars, such as 12500.00"),
    Form.NUMBER: ("not-a-number", "a number", "write a number, such as 250"),
    Form.WHOLE: ("not-a-whole-number", "a whole number", "write a whole number, such as 5"),
    Form.MONTH: ("month-not-understood", "a month", "write a month from 1 to 12, or its name"),
}
"""For each form of a number the code, what it should be, and what to write."""
_DAY_HINT = "write the day, such as 2026-06-30"
_CENT_NOISE = Decimal("0.000001")
_YEARS = range(1990, 2101)
"""A day in any other year stands for something else."""
_NO_DAY = re.compile(r"0+([-/.]0+){2}|9{4}[-/.].*|.*[-/.]9{4}", re.ASCII)
_OLDEST_YEAR = 1950
"""A date cell that shows an older one holds a zero."""
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class NotUnderstood(Exception):  # noqa: N818 - it reads as what it says
    """A value that cannot be taken as what its field holds.

    Attributes:
        code: Stable name of the problem.
        message: What it is not, such as `is not an amount of money`.
        hint: What to write.
    """

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Rounded:
    """An amount that had fractions of a cent, rounded to the cent.

    Attributes:
        value: Rounded dollars.
    """

    value: Decimal


def is_blank(raw: Raw) -> bool:
    """Tell whether a cell holds nothing."""
    if not isinstance(raw, str):
        return raw is None
    return not raw.strip() or (not raw.isascii() and not visible(raw))


def shown(raw: Raw) -> str:
    """Write a raw value the way a person sees it in the file."""
    if isinstance(raw, str):
        return visible(raw)
    if isinstance(raw, float):
        return f"{exact(raw):f}"
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    if isinstance(raw, datetime) and not (raw.hour or raw.minute or raw.second):
        return raw.date().isoformat()
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list):
        return f"[{', '.join(map(shown, raw))}]"
    if isinstance(raw, dict):
        return f"{{{', '.join(f'{key}: {shown(value)}' for key, value in raw.items())}}}"
    return visible(str(raw))


def parse(raw: Raw, form: FieldForm, factor: Decimal | int = 1) -> Any:
    """Parse a value that is not blank by its field's form.

    Args:
        raw: What stood in the file.
        form: The field.
        factor: Dollars that 1 stands for, where money or a price stands in a column in thousands.

    Raises:
        NotUnderstood: With what to write instead.
    """
    if isinstance(raw, str) and _CELL_ERROR.fullmatch(raw.strip()):
        message = f"`{form.name}` is an error of the spreadsheet"
        raise NotUnderstood("cell-error", message, "correct the formula, or write the value")
    if isinstance(raw, (dict, list)) and form.form is not Form.NAMES:
        raise NotUnderstood("value-not-understood", f"`{form.name}` holds several values", "write one value")
    if form.form is Form.MONEY:
        return parse_money(raw, form, factor)
    value = _PARSERS[form.form](raw, form)
    return times(value, factor) if factor != 1 and form.form is Form.NUMBER else value


def _refuse(code: str, form: FieldForm, what: str, hint: str) -> NotUnderstood:
    return NotUnderstood(code, f"`{form.name}` is not {what}", hint)


def _decimal(raw: Raw, form: FieldForm) -> Decimal:
    number = typed_number(raw)
    if number is None and isinstance(raw, str):
        number = _text_number(raw, form)
    if number is None:
        code, what, usual = _NUMBERS[form.form]
        raise _refuse(code, form, what, _number_hint(raw, form, usual))
    return number


def _text_number(text: str, form: FieldForm) -> Decimal | None:
    """Read a number as accountants write it; only of money a lone dash is zero, of others it is not known."""
    if is_dash_of_dollars(text) or (form.form is Form.MONEY and is_dash(text)):
        return Decimal(0)
    written = written_number(text)
    return None if written is None else written.value


def _number_hint(raw: Raw, form: FieldForm, usual: str) -> str:
    if isinstance(raw, date) or (isinstance(raw, str) and date_in(raw) is not None):
        return f"this is a date: {usual}"
    if not isinstance(raw, str) or form.form is Form.MONTH:
        return usual
    if is_placeholder(raw):
        is_money = form.form is Form.MONEY
        return "write the amount, or 0 if it is free" if is_money else f"{usual}{_or_blank(form, 'it is not known')}"
    return advice_on_number(raw, usual)


def _or_blank(form: FieldForm, reason: str) -> str:
    return "" if form.required else f", or leave it blank if {reason}"


def parse_money(raw: Raw, form: FieldForm, factor: Decimal | int = 1) -> Decimal | Rounded:
    """Read dollars; amounts with fractions of a cent come back as `Rounded`.

    Args:
        raw: What stood in the file.
        form: The field.
        factor: Dollars that 1 stands for, 1000 in a column in thousands.
    """
    if factor == 1 and (dollars := plain_dollars(raw)) is not None:
        return dollars
    amount = times(_decimal(raw, form), factor)
    cents = to_dollars(round_half_away(amount, 2))
    if cents == amount:
        return cents
    return cents if abs(cents - amount) < _CENT_NOISE else Rounded(cents)


def parse_number(raw: Raw, form: FieldForm) -> Decimal:
    """Read a plain number, as precise as it is written."""
    return _decimal(raw, form)


def parse_whole(raw: Raw, form: FieldForm) -> int:
    """Read a whole number."""
    number = _decimal(raw, form)
    if number != int(number):
        code, what, hint = _NUMBERS[Form.WHOLE]
        raise _refuse(code, form, what, hint)
    return int(number)


def parse_share(raw: Raw, form: FieldForm) -> Decimal:
    """Read a share of a whole: `60%`, `0.6`, or `60` (no share is above one); from 1 to 3 is refused as a rate is."""
    number, is_percent = _percentage(raw, form)
    if is_percent or number == 1:
        return number / 100 if is_percent else number
    return _without_sign(number, form)


def parse_rate(raw: Raw, form: FieldForm) -> Decimal:
    """Read a rate: `5%`, `0.05`, `-2%`; a bare number from 1 to below 3 could mean either and is refused."""
    number, is_percent = _percentage(raw, form)
    return number / 100 if is_percent else _without_sign(number, form)


def _without_sign(number: Decimal, form: FieldForm) -> Decimal:
    """Take a number that has no percent sign as a share or as percent, where it can only be one of them."""
    if 1 <= abs(number) < 3:  # noqa: PLR2004 - 100 % to 300 %, or 1 % to 3 %
        large = f"{(number * 100).normalize():f}%"
        hint = f"write {number:f}% or {number / 100:f}"
        raise NotUnderstood("percent-ambiguous", f"`{form.name}` could mean {number:f}% or {large}", hint)
    return number / 100 if abs(number) > 1 else number


def _percentage(raw: Raw, form: FieldForm) -> tuple[Decimal, bool]:
    number = typed_number(raw)
    if number is not None:
        return number, False
    if isinstance(raw, str) and (match := _PERCENT.fullmatch(tidied(raw))):
        number = Decimal(match[2].replace(" ", ""))
        return number.copy_negate() if match[1] else number, bool(match[3])
    raise _refuse("percent-not-a-number", form, "a percentage", "write a percentage, such as 60% or 0.6")


def parse_yes_no(raw: Raw, form: FieldForm) -> bool:
    """Read yes or no."""
    word = shown(raw).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise _refuse("not-yes-or-no", form, "yes or no", "write yes or no")


def parse_text(raw: Raw, form: FieldForm) -> str:  # noqa: ARG001 - all parsers are called alike
    """Read text as it stands; a number shows its digits."""
    return shown(raw)


def parse_choice(raw: Raw, form: FieldForm) -> str:
    """Read one of the field's words, however it is capitalised or joined."""
    word = same_word(shown(raw))
    for choice in form.choices:
        if same_word(choice) == word:
            return choice
    raise _refuse("word-unknown", form, "one of its words", f"write one of: {', '.join(form.choices)}")


def parse_names(raw: Raw, form: FieldForm) -> tuple[str, ...]:
    """Read a list parted by commas, semicolons or line breaks, or a YAML list."""
    parts = raw if isinstance(raw, (list, tuple)) else re.split(r"[,;\n]", raw) if isinstance(raw, str) else [raw]
    words = tuple(shown(part) for part in parts if not is_blank(part))
    return tuple(parse_choice(word, form) for word in words) if form.choices else words


def parse_date(raw: Raw, form: FieldForm) -> date:
    """Read a day: a date cell, a day number of Excel, ISO, `9/30/24`, or `Sept 30, 2024`."""
    found = parse_day_or_period(raw, form)
    if isinstance(found, Period):
        message = f"`{form.name}` names {found.kind}, not a day"
        raise NotUnderstood("date-not-understood", message, _DAY_HINT)
    return found


def parse_day_or_period(raw: Raw, form: FieldForm) -> date | Period:
    """Read a day as `parse_date` does, or a month (`Sep-24`) or a year (`FY25`, `2024-25`, `2025`) in place of one.

    Args:
        raw: What stood in the file.
        form: The field.

    Returns:
        The day, or the month or fiscal year; which of its days is meant, the field and the district say.
    """
    found = _day_or_period(raw)
    if found is None:
        raise _date_refused(raw, form)
    if isinstance(found, date) and found.year not in _YEARS:
        # 1/1/1900 and 12/31/2999 are what programs write where there is no date.
        hint = f"{_DAY_HINT}{_or_blank(form, 'there is none')}"
        raise NotUnderstood("date-not-understood", f"`{form.name}` is a day in {found.year}", hint)
    return found


def _day_or_period(raw: Raw) -> date | Period | None:
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return day if day.year >= _OLDEST_YEAR else None
    if isinstance(raw, str):
        return day_or_period_in(raw)
    number = typed_number(raw)
    return None if number is None else day_or_period_numbered(number)


def _date_refused(raw: Raw, form: FieldForm) -> NotUnderstood:
    code = "date-not-understood"
    if not isinstance(raw, str):
        return _refuse(code, form, "a date", _DAY_HINT)
    if is_month_or_year(raw):
        return NotUnderstood(code, f"`{form.name}` could be a month or a fiscal year", _DAY_HINT)
    if is_placeholder(raw) or is_dash(raw) or _NO_DAY.fullmatch(tidied(raw)):
        return _refuse(code, form, "a date", f"{_DAY_HINT}{_or_blank(form, 'there is none')}")
    return _refuse(code, form, "a date", advice_on_day(raw) or _DAY_HINT)


def parse_month(raw: Raw, form: FieldForm) -> int:
    """Read a month: 1 to 12, or its name."""
    if isinstance(raw, str) and raw.strip()[:1].isalpha():
        month = month_named(visible(raw))
    else:
        number = _decimal(raw, form)
        month = int(number) if number == int(number) and 1 <= number <= 12 else None  # noqa: PLR2004 - months
    if month is None:
        code, what, hint = _NUMBERS[Form.MONTH]
        raise _refuse(code, form, what, hint)
    return month


def parse_month_day(raw: Raw, form: FieldForm) -> tuple[int, int]:
    """Read a calendar day: `03-15`, `3/15`, `March 15`, `15-Mar`, or a date cell (its year is not used)."""
    day = day_of_year_in(raw) if isinstance(raw, str) else raw
    if not isinstance(day, date) or (day.month, day.day) == (2, 29):
        raise _refuse("day-not-understood", form, "a day of the year", "write month and day, such as 03-15")
    return day.month, day.day


def parse_fiscal_year(raw: Raw, form: FieldForm) -> int:
    """Read a fiscal year: `FY2027`, `FY27`, `2027`, `2026-27`, `SY 2026-2027`; named by the year it ends in."""
    year = fiscal_year_in(raw) if isinstance(raw, str) else None
    number = typed_number(raw)
    if number is not None and number == int(number):
        year = int(number)
    if year is None or not 1990 <= year <= 2200:  # noqa: PLR2004 - the years a budget can speak of
        hint = "write the year it ends in, such as FY2027"
        raise _refuse("fiscal-year-not-understood", form, "a fiscal year", hint)
    return year


def parse_parts(raw: Raw, form: FieldForm) -> tuple[Part, ...]:
    """Read `ESSER III 60%; General Fund 40%`; a single name without a share means all of it."""
    if not isinstance(raw, str):
        raise _refuse("sources-not-understood", form, "a list of sources", "write `ESSER III 60%; General Fund 40%`")
    parts = shares_in(raw)
    if len(parts) == 1 and parts[0][1] is None:
        return (Part(source=parts[0][0], share=Decimal(1)),)
    without = [name for name, share in parts if share is None]
    if without:
        message = f"`{form.name}` names several sources, and `{without[0]}` has no share"
        raise NotUnderstood(
            "share-missing", message, "write a percentage after each: `ESSER III 60%; General Fund 40%`"
        )
    for name, share in parts:
        if share is not None and share > 1:
            message = f"`{form.name}` gives `{name}` more than 100%"
            raise NotUnderstood("shares-over-100", message, "write shares that add up to 100% at most")
    return tuple(Part(source=name, share=share) for name, share in parts if share is not None)


_PARSERS: dict[Form, Callable[[Raw, FieldForm], Any]] = {
    Form.TEXT: parse_text,
    Form.CHOICE: parse_choice,
    Form.MONEY: parse_money,
    Form.NUMBER: parse_number,
    Form.WHOLE: parse_whole,
    Form.SHARE: parse_share,
    Form.RATE: parse_rate,
    Form.YES_NO: parse_yes_no,
    Form.DATE: parse_date,
    Form.MONTH: parse_month,
    Form.MONTH_DAY: parse_month_day,
    Form.FISCAL_YEAR: parse_fiscal_year,
    Form.NAMES: parse_names,
    Form.PARTS: parse_parts,
}
