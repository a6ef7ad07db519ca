"""Numbers in text and cells, None where there is none; `values` says what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_UNSEEN = str.maketrans(dict.fromkeys(_INVISIBLE))
_SEEN_ALIKE = str.maketrans({**dict.fromkeys(_DASHES, "-"), **dict.fromkeys("\u2018\u2019\u02bc", "'")})
_FLAGS = re.ASCII | re.IGNORECASE
"""Only the digits 0 to 9 are digits: wide and foreign ones are refused, not guessed."""

_SIGN = r"(?:(?:us ?)?\$|usd(?: ?\$)?)"
_DIGITS = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+"
_FACTORS = {
    "k": 1_000,
    "thousand": 1_000,
    "thousands": 1_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
    "billions": 1_000_000_000,
}
_AMOUNT = re.compile(
    rf"(?P<before>[-+])? ?(?P<sign>{_SIGN} ?)?(?P<inner>-)? ?(?P<open>\( ?(?P<inner_sign>{_SIGN} ?)?)?"
    rf"(?P<digits>{_DIGITS})(?: ?(?P<factor>{'|'.join(_FACTORS)}))?(?P<word> ?(?:usd|dollars?|\$))?"
    r"(?P<close> ?\))?(?P<after> ?-)?",
    _FLAGS,
)
_DOLLARS_DASH = re.compile(rf"{_SIGN} ?-|{_SIGN} ?\( ?- ?\)|\( ?{_SIGN} ?- ?\)", _FLAGS)
_PLAIN = re.compile(r"-?\$? ?(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?", re.ASCII)
_EXPONENT = re.compile(r"([-+]?[0-9](?:\.([0-9]+))?)e([-+][0-9]{1,2})", _FLAGS)
_CUT_SHORT = re.compile(r"[-+]?[0-9.]+e[-+]?[0-9]+", _FLAGS)
_PLACEHOLDER = re.compile(
    r"tb[adc]|n\.?/?a\.?|#n/a|\?+|unknown|not (?:yet )?known|pending|none|null|nil|-{2,}|x{2,}|"
    r"(?:yet )?to be (?:announced|determined|decided|confirmed)|not (?:applicable|available)|"
    r"see\b.*|incl\.?|included\b.*|variou?s|vari(?:es|able|ed)|quote|estimate|est\.?|ditto|same|"
    r"free|no (?:charge|cost)|donated|waived|in[- ]kind",
    _FLAGS,
)
_WITHHELD = re.compile(
    r"-|\.{2,}|[*\u2020\u2021#]+|(?:n ?)?[<>\u2264\u2265] ?=? ?[0-9.,]+ ?%?|[0-9.,]+ or (?:fewer|less|more)|"
    r"(?:fewer|less|more) than [0-9.,]+|masked|suppressed|redacted",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"[-+($ ]*[0-9]+(?:[., '][0-9]+)+[-) $]*", re.ASCII)
_LARGEST_QUICK = 1e13
"""Below it, two decimals make no more than the 15 digits that a spreadsheet keeps."""
_EXACT = Context(prec=100)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as text writes it.

    Attributes:
        number: Its digits with their sign, before any word for thousands or millions.
        factor: What such a word multiplies it by, else 1.
        is_dollars: Whether a sign or a word says dollars.
    """

    number: Decimal
    factor: int = 1
    is_dollars: bool = False

    @property
    def value(self) -> Decimal:
        """Give the number meant."""
        return self.number if self.factor == 1 else times(self.number, self.factor)


def times(number: Decimal, factor: Decimal | int) -> Decimal:
    """Multiply without rounding.

    Examples:
        >>> times(Decimal("1.2345"), 1000)
        Decimal('1234.5000')
    """
    return _EXACT.multiply(number, Decimal(factor))


def exact(number: float) -> Decimal:
    """Give a spreadsheet's number as the decimal it shows, without binary noise (15 digits, as Excel keeps).

    Whole numbers keep all their digits: long ones are codes.

    Examples:
        >>> exact(0.1 + 0.2), exact(12.0), exact(1234567890123456.0)
        (Decimal('0.3'), Decimal('12'), Decimal('1234567890123456'))
    """
    if number.is_integer():
        return Decimal(repr(number + 0.0)).to_integral_value()
    return Decimal(format(number, ".15g"))


def typed_number(raw: object) -> Decimal | None:
    """Give a number that is none in text; yes or no, and what is not finite, are no numbers."""
    if isinstance(raw, float):
        return exact(raw) if isfinite(raw) else None
    if isinstance(raw, bool) or not isinstance(raw, (int, Decimal)):
        return None
    number = Decimal(raw)
    return number if number.is_finite() else None


def visible(text: str) -> str:
    """Give text without marks that nobody sees, its spaces and line breaks made single spaces."""
    return " ".join((text if text.isascii() else text.translate(_UNSEEN)).split())


def tidied(text: str) -> str:
    """Give text as `visible` does, every dash and minus sign written `-` and every apostrophe `'`.

    Examples:
        >>> tidied(" 2026\u201327 "), tidied("FY\u201927")
        ('2026-27', "FY'27")
    """
    seen = visible(text)
    return seen if seen.isascii() else seen.translate(_SEEN_ALIKE)


def written_number(text: str) -> Written | None:
    """Read a number as accountants write it: `$1,234.50`, `(1,200)`, `1,200-`, `1.2M`, `45 thousand`, `USD 1,200`.

    Examples:
        >>> written_number("(1.2M)").value, written_number("1.234,50")
        (Decimal('-1200000.0'), None)
    """
    # An apostrophe in front keeps a number text in a spreadsheet; it is no part of the number.
    body = tidied(text).removeprefix("'")
    match = _AMOUNT.fullmatch(body)
    if match is None:
        return _with_exponent(body)
    signs = [part for part in ("before", "inner", "open", "after") if match[part]]
    if len(signs) > 1 or bool(match["open"]) != bool(match["close"]):
        return None
    digits = Decimal(match["digits"].replace(",", "").replace(" ", ""))
    is_negative = signs and match["before"] != "+"
    factor = _FACTORS[match["factor"].casefold()] if match["factor"] else 1
    is_dollars = bool(match["sign"] or match["inner_sign"] or match["word"])
    return Written(digits.copy_negate() if is_negative else digits, factor, is_dollars)


def _with_exponent(body: str) -> Written | None:
    """Read `1.25E+02` as programs write it; without a sign it may be a code, and with few digits some may be lost."""
    match = _EXPONENT.fullmatch(body)
    if match is None or int(match[3]) > len(match[2] or ""):
        return None
    return Written(Decimal(f"{Decimal(body):f}"))


def plain_dollars(raw: object) -> Decimal | None:
    """Read the usual ways of writing dollars and cents quickly; None where it takes a closer look.

    Args:
        raw: What stood in the file.

    Returns:
        Dollars with two decimals, the same that the closer look gives.
    """
    kind = type(raw)
    if kind is float:
        text = format(raw + 0.0, ".2f")  # type: ignore[operator]
        return Decimal(text) if float(text) == raw and -_LARGEST_QUICK < raw < _LARGEST_QUICK else None
    if kind is int:
        return Decimal(f"{raw}.00") if -_LARGEST_QUICK < raw < _LARGEST_QUICK else None  # type: ignore[operator]
    if kind is str and _PLAIN.fullmatch(body := raw.strip()):  # type: ignore[attr-defined]
        return _two_decimals(body.replace(",", "").replace("$", "").replace(" ", ""))
    return None


def plain_amounts(amounts: Sequence[float]) -> list[Decimal] | None:
    """Read many amounts at once as `plain_dollars` does; None where one of them takes a closer look.

    Args:
        amounts: What stood in the file.
    """
    texts = list(map("{:.2f}".format, amounts))
    is_plain = list(map(float, texts)) == amounts and "-0.00" not in texts
    return list(map(Decimal, texts)) if is_plain and max(map(abs, amounts)) < _LARGEST_QUICK else None


def _two_decimals(digits: str) -> Decimal | None:
    whole, _, cents = digits.partition(".")
    # Minus zero is left to the closer look.
    return Decimal(f"{whole}.{cents:0<2}") if digits[0] != "-" or float(digits) else None


def is_dash(text: str) -> bool:
    """Tell whether text is a lone dash, which accountants write for zero and statisticians for what is missing."""
    return tidied(text) == "-"


def is_dash_of_dollars(text: str) -> bool:
    """Tell whether text is the zero of accountants with its sign: `$ -`."""
    return _DOLLARS_DASH.fullmatch(tidied(text)) is not None


def is_placeholder(text: str) -> bool:
    """Tell whether text stands where a value is to be written later, or elsewhere: `TBD`, `n/a`, `see note`."""
    return _PLACEHOLDER.fullmatch(tidied(text)) is not None


def advice_on_number(text: str, usual: str) -> str:
    """Say what to write for text that is no number.

    Args:
        text: What stood in the file.
        usual: What is said of text that is nothing in particular, such as `write a number, such as 250`.
    """
    body = tidied(text)
    # Statisticians write a mark in place of a number that is not given.
    if _WITHHELD.fullmatch(body):
        return f"a mark is no number: {usual}, or 0 if it is zero"
    if body.endswith("%"):
        return f"this is a percentage: {usual}"
    if _CUT_SHORT.fullmatch(body):
        return f"digits may be missing here: {usual}"
    if _FOREIGN.fullmatch(body):
        return "write a point before the cents, and commas only between thousands: 12,500.00"
    return usual
