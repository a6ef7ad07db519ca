"""Units of money: what a heading says its amounts are in, and columns that mix dollars with thousands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from esser_gap.issues import error
from esser_gap.read.numbers import Written, tidied, times, typed_number, written_number
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from esser_gap.issues import Issue, Where
    from esser_gap.model.record import FieldForm
    from esser_gap.read.values import Raw

_THOUSAND = 1_000
_MILLION = 1_000_000
_SIGN = r"(?:us ?)?\$"
_DOLLARS = rf"(?:(?:us )?dollars\b|usd\b|{_SIGN})"
# A sentence may have thousands of something else; a unit ends its phrase.
_END = rf"(?= of {_DOLLARS}| ?[^ a-z]| fy| except| unless| for\b|$)"


def _in_words(plural: str) -> tuple[str, ...]:
    return (
        rf"\bin (?:{_DOLLARS} ?|amounts ?)?\(?{plural}{_END}(?: of {_DOLLARS})?",
        rf"(?:^|[(\[:;,] ?){plural} of {_DOLLARS}",
        rf"(?:{_DOLLARS}|\bamounts) ?\(?{plural}{_END}",
        rf"[(\[]{plural}[)\]]|(?:^|[,;:] ){plural}(?: ?\(?{_SIGN}\)?)?$",
    )


_FORMS = tuple(
    (factor, re.compile("|".join(forms), re.ASCII | re.IGNORECASE))
    for factor, forms in (
        (
            _MILLION,
            (
                *_in_words("millions"),
                rf"(?:\bin )?{_SIGN} ?(?:mm?|mil)\b(?!-)",
                r"\busd ?mm?\b(?!-)",
                r"\$ ?'?000,000'?s?\b|(?<![\w.,$-])'?000,000'?s? omitted\b|[(\[]'?000,000'?s?[)\]]",
            ),
        ),
        (
            _THOUSAND,
            (
                *_in_words("thousands"),
                rf"(?:\bin )?{_SIGN} ?k\b(?!-)",
                r"\busd ?k\b(?!-)",
                r"[(\[]in k[)\]]",
                r"\$ ?'?000'?s?(?![\w,])|(?<![\w.,$-])(?:'000\b|'?000'?s\b|000 omitted\b)(?: omitted)?|[(\[]000[)\]]",
                r"(?:^|[(\[ ])[x\u00d7] ?\$?1,?000\b ?[)\]]?$",
                r"\$ ?1,000'?s\b|\bdollars? in '?000'?s?\b|\bin '?000'?s\b",
                rf"(?:\bin )?{_SIGN} ?thousand\b|\bthousand(?:s of)? dollars\b",
            ),
        ),
        (1, (rf"{_SIGN}(?! ?[0-9])", r"\busd\b", r"\bdollars\b")),
    )
)
_OUT_OF_SCALE = 1_000
"""An amount that many times the median of the others may be in dollars among thousands."""
_WRITTEN_OUT = Decimal(10_000)
"""Below it even an amount out of scale is no sign of dollars: ordinary budgets vary as much."""
_ENOUGH = 4
"""Fewer amounts have no median that an amount could be out of scale with."""
_TOO_SMALL = 100
"""An amount so many times smaller than any that is surely in dollars may be in thousands."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What 1 stands for in a column of money.

    Attributes:
        factor: Dollars: 1, 1000 or 1000000.
        words: How the heading says it, such as `in thousands`.
    """

    factor: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """An amount whose unit is uncertain.

    Attributes:
        place: Its place in the column, counted from 0.
        readings: Dollars it could mean: as it stands, and in the other unit.
        reason: Why that is uncertain.
        remedy: What to write.
    """

    place: int
    readings: tuple[Decimal, Decimal]
    reason: str
    remedy: str


def unit_of(text: str) -> Unit | None:
    """Recognise the unit of money in a heading, a title or a note under it.

    Args:
        text: The heading as it stands.

    Returns:
        The unit; None when the text says nothing about units, or names thousands as well as millions.

    Examples:
        >>> unit_of("Annual cost ($000)"), unit_of("Dollars in thousands").words
        (Unit(factor=Decimal('1000'), words='$000'), 'in thousands')
        >>> unit_of("Cost ($)").factor, unit_of("Devices, grades K-2")
        (Decimal('1'), None)
    """
    body = tidied(text)
    found = []
    for factor, form in _FORMS:
        if match := form.search(body):
            found.append(Unit(Decimal(factor), match[0].strip("([ )]")))
            body = form.sub(" ", body)
    has_both = all(re.search(word, text, re.IGNORECASE) for word in ("thousand", "million"))
    return None if has_both or not found else found[0]


def mixed_units(raws: Sequence[Raw], unit: Unit | None) -> list[Misfit]:
    """Find amounts of one column of money that may be in another unit than the rest.

    Without a unit in the heading and without a `K`, `M`, `thousand` or `million` in any cell there are none,
    however much the amounts vary.

    Args:
        raws: What stood in the cells; what is no amount is passed over.
        unit: What the heading says, None when it says nothing.
    """
    if unit is not None:
        return [] if unit.factor == 1 else list(_misfits_of_unit(_written(raws), unit))
    if not any(type(raw) is str and (number := written_number(raw)) and number.factor > 1 for raw in raws):
        return []
    return _misfits_of_bare(raws, _written(raws))


def unit_issues(raws: Sequence[Raw], unit: Unit | None, wheres: Sequence[Where], form: FieldForm) -> list[Issue]:
    """Make an issue for each amount of one column of money that may be in another unit than the rest.

    Args:
        raws: What stood in the cells; what is no amount is passed over.
        unit: What the heading says, None when it says nothing.
        wheres: The places of the cells.
        form: The column's field.
    """
    issues = []
    for misfit in mixed_units(raws, unit):
        first, second = map(_in_dollars, misfit.readings)
        message = f"`{form.name}` could mean {first} or {second} dollars: {misfit.reason}"
        found, where = shown(raws[misfit.place]), wheres[misfit.place]
        issues.append(error("units-mixed", message, where=where, field=form.name, found=found, hint=misfit.remedy))
    return issues


def _in_dollars(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def _written(raws: Sequence[Raw]) -> dict[int, Written]:
    """Give the amounts that are not zero by their places."""
    amounts = {place: _amount(raw) for place, raw in enumerate(raws)}
    return {place: amount for place, amount in amounts.items() if amount is not None and amount.number}


def _amount(raw: Raw) -> Written | None:
    if isinstance(raw, str):
        return written_number(raw)
    number = typed_number(raw)
    return None if number is None else Written(number)


def _misfits_of_unit(amounts: dict[int, Written], unit: Unit) -> Iterator[Misfit]:
    """Find amounts with a unit of their own, and those written out to dollars, in a column that has a unit."""
    limit = _limit_of(sorted(abs(amount.number) for amount in amounts.values() if amount.factor == 1))
    reason = f"its column is headed `{unit.words}`"
    remedy = f"write it as the heading says, or all amounts in dollars under a heading without `{unit.words}`"
    for place, amount in amounts.items():
        readings = (amount.value, times(amount.value, unit.factor))
        if amount.factor > 1:
            yield Misfit(place, readings, reason, remedy)
        elif limit is not None and abs(amount.number) >= limit:
            yield Misfit(place, readings, f"{reason}, and most amounts there are far smaller", remedy)


def _limit_of(sizes: list[Decimal]) -> Decimal | None:
    """Give the size from which an amount is out of scale with the others, None where there are too few of them."""
    # Whichever of the large ones is left out, the median of the others is the same.
    return max(_WRITTEN_OUT, _OUT_OF_SCALE * median(sizes[:-1])) if len(sizes) >= _ENOUGH else None


def _misfits_of_bare(raws: Sequence[Raw], amounts: dict[int, Written]) -> list[Misfit]:
    """Find numbers without a word for thousands that are too small to be dollars beside those that have one."""
    worded = {place: amount for place, amount in amounts.items() if amount.factor > 1}
    bare = {place: amount.number for place, amount in amounts.items() if amount.factor == 1}
    large = [abs(number) for number in bare.values() if abs(number) >= _THOUSAND]
    small = {place: number for place, number in bare.items() if abs(number) < _THOUSAND and not _has_cents(number)}
    # Where as many are written out to dollars, a bare number is in dollars.
    if not worded or not small or len(large) >= len(worded):
        return []
    surely_dollars = [*large, *(abs(amount.value) for amount in worded.values())]
    if min(abs(number) for number in small.values()) * _TOO_SMALL >= min(surely_dollars):
        return []
    factor = _usual(amount.factor for amount in worded.values())
    place, amount = next((place, amount) for place, amount in worded.items() if amount.factor == factor)
    example = shown(raws[place])
    reason = f"others of its column are written like `{example}`"
    remedy = f"write every amount of the column in dollars, such as {amount.value.normalize():f} for `{example}`"
    return [Misfit(place, (number, times(number, factor)), reason, remedy) for place, number in small.items()]


def _has_cents(number: Decimal) -> bool:
    return number.as_tuple().exponent == -2  # noqa: PLR2004 - two decimals


def _usual(factors: Iterable[int]) -> int:
    """Give the most frequent factor, of several the smallest."""
    counted = Counter(factors)
    return min(counted, key=lambda factor: (-counted[factor], factor))
