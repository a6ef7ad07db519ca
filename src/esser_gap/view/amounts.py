"""Amounts, rates and shares in words."""

from __future__ import annotations

from decimal import Decimal

from esser_gap.money import round_half_away

# In thousands of dollars; what would round to 1000.0 million is a billion.
_BILLION_FROM, _MILLION_FROM, _THOUSANDS_FROM = 999_950, 1000, 10
_ALL = 100


def in_words(dollars: Decimal) -> str:
    """Write an amount as a board member would say it.

    Args:
        dollars: Dollars and cents, not negative.

    Examples:
        >>> in_words(Decimal("4123456.78")), in_words(Decimal("640210")), in_words(Decimal("812.40"))
        ('$4.1 million', '$640,000', '$812')
    """
    thousands = round_half_away(dollars / 1000, 0)
    if thousands >= _BILLION_FROM:
        return f"${_one_decimal(dollars / 10**9)} billion"
    if thousands >= _MILLION_FROM:
        return f"${_one_decimal(dollars / 10**6)} million"
    if thousands >= _THOUSANDS_FROM:
        return f"${thousands * 1000:,}"
    return f"${round_half_away(dollars, 0):,}" if dollars >= 1 else "less than $1"


def to_the_cent(dollars: Decimal) -> str:
    """Write an amount exactly, without cents when there are none.

    Examples:
        >>> to_the_cent(Decimal("1612560.00")), to_the_cent(Decimal("338.5"))
        ('$1,612,560', '$338.50')
    """
    return f"${dollars:,.2f}".removesuffix(".00")


def whole_percent(part: Decimal, whole: Decimal) -> str:
    """Write a share in whole percent, never 0% or 100% of what is not nothing or all.

    Args:
        part: Dollars.
        whole: Dollars, above zero.

    Examples:
        >>> whole_percent(Decimal(1), Decimal(3)), whole_percent(Decimal(1), Decimal(10**6))
        ('33%', 'less than 1%')
    """
    rounded = round_half_away(part / whole * _ALL, 0)
    if rounded == 0 and part > 0:
        return "less than 1%"
    if rounded == _ALL and part < whole:
        return "more than 99%"
    return f"{rounded}%"


def share_of(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """Divide dollars by dollars, to the sixth decimal; nothing of nothing has no share."""
    if not whole:
        return None
    return Decimal(round_half_away(part / whole, 6)).scaleb(-6)


def number(value: Decimal) -> str:
    """Write a number with thousands separators and the decimals it needs.

    Examples:
        >>> number(Decimal("8012.00")), number(Decimal("0.5"))
        ('8,012', '0.5')
    """
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _one_decimal(number: Decimal) -> Decimal:
    return Decimal(round_half_away(number, 1)).scaleb(-1)
