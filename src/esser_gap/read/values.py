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
from esser_gap.read.dates import date_in, date_numbered, day_of_year_in, fiscal_year_in, month_named

if TYPE_CHECKING:
    from collections.abc import Callable

Raw = Any
"""What a cell or a YAML scalar holds: text, number, yes or no, date, or nothing."""

_CELL_ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#####"}
_DIGITS = r"((?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+) ?([kmb])?"
_AMOUNTS = tuple(
    (re.compile(form.replace("N", _DIGITS), re.IGNORECASE), sign)
    for form, sign in (
        (r"\$? ?N", 1),
        (r"- ?\$? ?N", -1),
        (r"\$ ?- ?N", -1),
        (r"\$? ?N ?-", -1),
        (r"\$? ?\( ?\$? ?N ?\)", -1),
    )
)
_DASHES = {"-", "$-", "$ -", "\u2013", "\u2014"}
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)")
_SUFFIXES = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_PLACEHOLDERS = {"tbd", "tba", "n/a", "na", "#n/a", "?", "unknown", "pending", "none", "null", "--"}
_NUMBER_CODES = {
    Form.MONEY: "money-not-a-number",
    Form.WHOLE: "not-a-whole-number",
    Form.MONTH: "month-not-understood",
}
_CENT_NOISE = Decimal("0.000001")
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
    return raw is None or (isinstance(raw, str) and not raw.strip())


def shown(raw: Raw) -> str:
    """Write a raw value the way a person sees it in the file."""
    if isinstance(raw, float):
        return f"{exact(raw):f}"
    if isinstance(raw, datetime) and not (raw.hour or raw.minute or raw.second):
        return raw.date().isoformat()
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list):
        return f"[{', '.join(map(shown, raw))}]"
    if isinstance(raw, dict):
        return f"{{{', '.join(f'{key}: {shown(value)}' for key, value in raw.items())}}}"
    return " ".join(str(raw).split())


def exact(number: float) -> Decimal:
    """Give a spreadsheet's number as the decimal it shows, without binary noise (15 digits, as Excel keeps).

    Examples:
        >>> exact(0.1 + 0.2), exact(12.0)
        (Decimal('0.3'), Decimal('12'))
    """
    return Decimal(format(number, ".15g"))


def parse(raw: Raw, form: FieldForm) -> Any:
    """Parse a value that is not blank by its field's form.

    Args:
        raw: What stood in the file.
        form: The field.

    Raises:
        NotUnderstood: With what to write instead.
    """
    if isinstance(raw, str) and raw.strip().upper() in _CELL_ERRORS:
        message = f"`{form.name}` is an error of the spreadsheet"
        raise NotUnderstood("cell-error", message, "correct the formula, or write the value")
    if isinstance(raw, (dict, list)) and form.form is not Form.NAMES:
        raise NotUnderstood("value-not-understood", f"`{form.name}` holds several values", "write one value")
    return _PARSERS[form.form](raw, form)


def _refuse(code: str, form: FieldForm, what: str, hint: str) -> NotUnderstood:
    return NotUnderstood(code, f"`{form.name}` is not {what}", hint)


def _decimal(raw: Raw, form: FieldForm, what: str, hint: str) -> Decimal:
    if isinstance(raw, bool):
        raise _refuse(_code(form), form, what, hint)
    if isinstance(raw, (int, Decimal)):
        return Decimal(raw)
    if isinstance(raw, float):
        return exact(raw)
    if isinstance(raw, str):
        number = _text_number(raw)
        if number is not None:
            return number
    raise _refuse(_code(form), form, what, hint)


def _code(form: FieldForm) -> str:
    return _NUMBER_CODES.get(form.form, "not-a-number")


def _text_number(text: str) -> Decimal | None:
    """Read a number as accountants write it: `$1,234.50`, `(1,200)`, `1,200-`, `1.2M`, `45K`, `-` for zero."""
    body = " ".join(text.replace("\u2212", "-").split())
    if body in _DASHES:
        return Decimal(0)
    for pattern, sign in _AMOUNTS:
        if match := pattern.fullmatch(body):
            digits = match[1].replace(",", "").replace(" ", "")
            return sign * Decimal(digits) * _SUFFIXES[(match[2] or "").casefold()]
    return None


def parse_money(raw: Raw, form: FieldForm) -> Decimal | Rounded:
    """Read dollars; amounts with fractions of a cent come back as `Rounded`."""
    hint = "write dollars, such as 12500.00" if not _is_placeholder(raw) else "write the amount, or 0 if it is free"
    amount = _decimal(raw, form, "an amount of money", hint)
    cents = to_dollars(round_half_away(amount, 2))
    if cents == amount:
        return cents
    return cents if abs(cents - amount) < _CENT_NOISE else Rounded(cents)


def _is_placeholder(raw: Raw) -> bool:
    return isinstance(raw, str) and raw.strip().casefold() in _PLACEHOLDERS


def parse_number(raw: Raw, form: FieldForm) -> Decimal:
    """Read a plain number, as precise as it is written."""
    return _decimal(raw, form, "a number", "write a number, such as 250")


def parse_whole(raw: Raw, form: FieldForm) -> int:
    """Read a whole number."""
    number = _decimal(raw, form, "a whole number", "write a whole number, such as 5")
    if number != int(number):
        raise _refuse(_code(form), form, "a whole number", "write a whole number, such as 5")
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
    is_percent = isinstance(raw, str) and raw.strip().endswith("%")
    body = raw.strip()[:-1] if is_percent else raw
    if isinstance(body, str):
        if _PLAIN.fullmatch(body.strip()):
            return Decimal(body.strip()), is_percent
    elif not isinstance(body, bool) and isinstance(body, (int, float, Decimal)):
        return (exact(body) if isinstance(body, float) else Decimal(body)), is_percent
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
    """Read a date: a date cell, a day number of Excel, ISO, `9/30/24`, or `Sept 30, 2024`."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    found = None
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        found = date_numbered(int(raw))
    elif isinstance(raw, str):
        found = date_in(raw)
    if found is None:
        raise _refuse("date-not-understood", form, "a date", "write the day, such as 2026-06-30")
    return found


def parse_month(raw: Raw, form: FieldForm) -> int:
    """Read a month: 1 to 12, or its name."""
    if isinstance(raw, str) and raw.strip()[:1].isalpha():
        month = month_named(raw.strip())
    else:
        number = _decimal(raw, form, "a month", "write a month from 1 to 12, or its name")
        month = int(number) if number == int(number) and 1 <= number <= 12 else None  # noqa: PLR2004 - months
    if month is None:
        raise _refuse("month-not-understood", form, "a month", "write a month from 1 to 12, or its name")
    return month


def parse_month_day(raw: Raw, form: FieldForm) -> tuple[int, int]:
    """Read a calendar day: `03-15`, `3/15`, `March 15`, or a date cell (its year is not used)."""
    day = day_of_year_in(raw) if isinstance(raw, str) else raw
    if not isinstance(day, date) or (day.month, day.day) == (2, 29):
        raise _refuse("day-not-understood", form, "a day of the year", "write month and day, such as 03-15")
    return day.month, day.day


def parse_fiscal_year(raw: Raw, form: FieldForm) -> int:
    """Read a fiscal year: `FY2027`, `FY27`, `2027`, `2026-27`, `SY 2026-2027`; named by the year it ends in."""
    year = None
    if isinstance(raw, str):
        year = fiscal_year_in(raw)
    elif not isinstance(raw, (bool, date)) and isinstance(raw, (int, float, Decimal)) and raw == int(raw):
        year = int(raw)
    if year is None or not 1990 <= year <= 2200:  # noqa: PLR2004 - the years a budget can speak of
        hint = "write the year it ends in, such as FY2027"
        raise _refuse("fiscal-year-not-understood", form, "a fiscal year", hint)
    return year


_SHARE_LAST = re.compile(r"(.+?)(?:[\s:=(]|(?<=\s)[-\u2013])+(\d+(?:\.\d+)?\s*%)\)?")
_SHARE_FIRST = re.compile(r"(\d+(?:\.\d+)?\s*%)\s+(?:of\s+)?(.+)")


def parse_parts(raw: Raw, form: FieldForm) -> tuple[Part, ...]:
    """Read `ESSER III 60%; General Fund 40%`; a single name without a share means all of it."""
    if not isinstance(raw, str):
        raise _refuse("sources-not-understood", form, "a list of sources", "write `ESSER III 60%; General Fund 40%`")
    # A comma parts sources only after a share: names may have commas.
    pieces = [" ".join(piece.split()) for piece in re.split(r"[;\n]|(?<=%)\s*,|(?<=%\))\s*,", raw) if piece.strip()]
    parts = [_part(piece) for piece in pieces]
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


def _part(piece: str) -> tuple[str, Decimal | None]:
    if match := _SHARE_LAST.fullmatch(piece):
        return match[1].strip(), _percent(match[2])
    if match := _SHARE_FIRST.fullmatch(piece):
        return match[2].strip(), _percent(match[1])
    return piece, None


def _percent(text: str) -> Decimal:
    return Decimal(text.replace("%", "").strip()) / 100


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
