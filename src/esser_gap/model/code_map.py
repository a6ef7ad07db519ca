"""Code maps: what the codes of a chart of accounts stand for, in the fields of a commitment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from esser_gap.model.origin import Origin
from esser_gap.model.record import Day, FiscalYear, Form, Record, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(r"(\d+) ?- ?(\d+)")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.0+)?")
_WHOLE = re.compile(r"\d+\.0+")
# A title follows after a space or a colon, or after a dash when it starts with a word: in `01-3213-0` no title does.
_HEAD = re.compile(r"(.+?)(?:[,;]?(?:\s|$)|[:\u2013\u2014]|-(?=[^\W\d]{2}))")
_NO_END = 9999


class Code(Record):
    """One code of a chart of accounts, or a range of codes."""

    code: Text = Field(min_length=1)
    """As the chart writes it; with `*` at its end any code that starts so, `1000-1999` all numbers in between."""
    title: Text | None = None
    """What the chart calls it."""
    means: Annotated[dict[str, tuple[str, ...]], Form.DICTIONARY] = Field(default_factory=dict)
    """What it stands for, by field of a commitment; of several possible values the program takes none."""
    from_: FiscalYear | None = Field(default=None, alias="from")
    """First fiscal year of this meaning; left out: no year is too early."""
    through: FiscalYear | None = None
    """Last fiscal year of this meaning; left out: no year is too late."""
    note: Text | None = None
    """What to know before relying on it."""
    citation: Text | None = None
    """Where it stands, when that is not where the rest of the map does."""
    origin: Origin = Field(default=Origin(), exclude=True, repr=False)

    @property
    def is_range(self) -> bool:
        """Tell whether it stands for more than one code."""
        return self.code.endswith("*") or range_ends(self.code) is not None

    def in_year(self, fiscal_year: int) -> bool:
        """Tell whether it has this meaning in a fiscal year."""
        return (self.from_ or 0) <= fiscal_year <= _end(self)

    def overlaps(self, other: Code) -> bool:
        """Tell whether there is a fiscal year in which both hold."""
        return (self.from_ or 0) <= _end(other) and (other.from_ or 0) <= _end(self)

    def width_at(self, text: str) -> int | None:
        """Count the codes as long as a text that a range stands for; None when the text is not among them.

        Examples:
            >>> Code(code="44*").width_at("4400"), Code(code="4000-4999").width_at("4400")
            (100, 1000)
        """
        code = folded_code(self.code)
        if code.endswith("*"):
            return 10 ** (len(text) - len(code) + 1) if text.startswith(code[:-1]) else None
        ends = range_ends(code)
        if ends is None or not text.isdecimal() or len(text) != len(ends[0]):
            return None
        return int(ends[1]) - int(ends[0]) + 1 if ends[0] <= text <= ends[1] else None


@dataclass(frozen=True, slots=True)
class Found:
    """A code that a map has.

    Attributes:
        code: What the map says about it.
        restored: The code with the leading zeros that it had lost in the file; blank when it stood there as it is.
    """

    code: Code
    restored: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code stands for in one field.

    Attributes:
        value: The field's value, as text.
        restored: The code with the leading zeros that it had lost in the file; blank when it stood there as it is.
    """

    value: str
    restored: str = ""

    @property
    def lost_zeros(self) -> bool:
        """Tell whether the code had lost its leading zeros."""
        return bool(self.restored)


class CodeMap(Record):
    """What the codes of one column of a budget stand for."""

    name: Text = Field(min_length=1)
    """Name, as a mapping writes it; left out: the file's."""
    title: Text | None = None
    """What it is, in words."""
    state: Text | None = None
    """Two-letter state whose chart it is; US for a national one."""
    dimension: Text = Field(default="code", min_length=1)
    """What the chart calls such a code: fund, resource, project, function, object."""
    about: Text | None = None
    """What it says and what it leaves open, in a sentence."""
    citation: Text | None = None
    """Where the codes stand."""
    as_of: Day | None = None
    """When that was read."""
    codes: Annotated[tuple[Code, ...], Form.DICTIONARY]
    """The codes with what they stand for."""

    def find(self, written: str, fiscal_year: int | None = None) -> Found | None:
        """Find a code as a budget writes it: `163`, ` 163 `, `163.0`, `PRC 163` or `163 - K-12 Emergency Relief`.

        An exact code goes before a range, a narrow range before a wide one. Leading zeros matter; only a number that
        the map does not have without them is looked for with them.

        Args:
            written: What stands in the file.
            fiscal_year: Year of the budget, for codes with several lives; left out: the latest life.
        """
        key = (written, fiscal_year)
        if key not in self._known:
            self._known[key] = self._look_up(written, fiscal_year)
        return self._known[key]

    def meaning(self, code: str, field: str, fiscal_year: int | None = None) -> Meaning | None:
        """Give what a code stands for in a field; None when the map does not say just one value.

        Args:
            code: What stands in the file.
            field: Field of a commitment.
            fiscal_year: Year of the budget, for codes with several lives.
        """
        found = self.find(code, fiscal_year)
        values = found.code.means.get(field, ()) if found else ()
        return Meaning(values[0], found.restored) if found and len(values) == 1 else None

    @cached_property
    def _known(self) -> dict[tuple[str, int | None], Found | None]:
        return {}

    @cached_property
    def _exact(self) -> dict[str, list[Code]]:
        exact: dict[str, list[Code]] = {}
        for code in self.codes:
            if not code.is_range:
                exact.setdefault(folded_code(code.code), []).append(code)
        return exact

    @cached_property
    def _ranges(self) -> list[Code]:
        return [code for code in self.codes if code.is_range]

    @cached_property
    def _lengths_with_zero(self) -> list[int]:
        ends = [range_ends(code.code) for code in self._ranges]
        texts = [*self._exact, *(low for low, _ in filter(None, ends))]
        return sorted({len(text) for text in texts if text.startswith("0") and text.isdecimal()})

    def _look_up(self, written: str, fiscal_year: int | None) -> Found | None:
        readings = _readings(written, self.dimension)
        known = next((self._exact[text] for text in readings if text in self._exact), None)
        if known is not None:
            code = _of_year(known, fiscal_year)
            return None if code is None else Found(code)
        number = readings[-1]
        code = self._range_of(number, fiscal_year)
        return self._with_zeros(number, fiscal_year) if code is None else Found(code)

    def _range_of(self, text: str, fiscal_year: int | None) -> Code | None:
        widths = [(width, code) for code in self._ranges if (width := code.width_at(text)) is not None]
        narrowest = min((width for width, _ in widths), default=0)
        return _of_year([code for width, code in widths if width == narrowest], fiscal_year)

    def _with_zeros(self, number: str, fiscal_year: int | None) -> Found | None:
        lengths = [length for length in self._lengths_with_zero if number.isdecimal() and length > len(number)]
        for text in map(number.zfill, lengths):
            code = _of_year(self._exact.get(text, []), fiscal_year) or self._range_of(text, fiscal_year)
            if code is not None:
                return Found(code, restored=text)
        return None


def folded_code(text: str) -> str:
    """Fold a code so that capitals and spaces around it do not matter.

    Examples:
        >>> folded_code(" 84.425U ")
        '84.425u'
    """
    return " ".join(text.casefold().split())


def range_ends(code: str) -> tuple[str, str] | None:
    """Give the first and last code of a range of numbers; None for anything else.

    Both ends have the same length: `507-9022` is one code with a dash in it.

    Examples:
        >>> range_ends("1000-1999"), range_ends("507-9022")
        (('1000', '1999'), None)
    """
    match = _RANGE.fullmatch(folded_code(code))
    return (match[1], match[2]) if match and len(match[1]) == len(match[2]) else None


def _readings(written: str, dimension: str) -> list[str]:
    """List what a cell may hold, likeliest first: all of it, or a code with its title; the last is the bare code."""
    whole = folded_code(written)
    head = _HEAD.match(whole.removeprefix(f"{folded_code(dimension).split()[-1]} "))
    texts = [whole, head[1] if head else whole]
    return [reading for text in texts for reading in (text, _plain(text))]


def _plain(text: str) -> str:
    """Take away what a spreadsheet adds to a code that it holds as a number: `3,213` and `3213.0` are `3213`."""
    if _THOUSANDS.fullmatch(text) or _WHOLE.fullmatch(text):
        return text.split(".", maxsplit=1)[0].replace(",", "")
    return text


def _of_year(codes: Sequence[Code], fiscal_year: int | None) -> Code | None:
    if fiscal_year is None:
        return max(codes, key=_end, default=None)
    return next((code for code in codes if code.in_year(fiscal_year)), None)


def _end(code: Code) -> int:
    return _NO_END if code.through is None else code.through
