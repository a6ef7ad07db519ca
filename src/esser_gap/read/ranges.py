"""What `--sweep` says: a setting and the values it takes, such as `growth.software=2%..10%:1%`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import Issue, error

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(r"\s*(?P<path>[^=]+?)\s*=\s*(?P<first>.+?)\s*\.\.\s*(?P<last>.+?)\s*:\s*(?P<step>.+?)\s*")
_NUMBER = re.compile(r"\$?(?P<digits>-?\d[\d,]*(\.\d+)?|-?\.\d+)(?P<unit>%?)")
_PARTS_OF_A_STEP = 100


@dataclass(frozen=True, slots=True)
class Range:
    """A setting of a scenario and the values it takes.

    Attributes:
        path: Path of the setting, such as `growth.software`.
        first: First value, in the unit.
        last: No value is larger.
        step: From one value to the next.
        unit: `%`, or blank.
    """

    path: str
    first: Decimal
    last: Decimal
    step: Decimal
    unit: str = ""

    @property
    def count(self) -> int:
        """Count the values."""
        return int((self.last - self.first) // self.step) + 1

    @property
    def values(self) -> list[Decimal]:
        """List the values, in the unit."""
        return [self.first + self.step * number for number in range(self.count)]

    @property
    def finest(self) -> Decimal:
        """Give how exactly a break-even is found: the largest power of ten in a hundredth of the step."""
        return Decimal(1).scaleb((self.step / _PARTS_OF_A_STEP).adjusted())

    def setting(self, value: Decimal) -> str:
        """Write a value as `--set` takes it.

        Examples:
            >>> Range("growth.software", Decimal(2), Decimal(10), Decimal(1), "%").setting(Decimal("6.50"))
            'growth.software=6.5%'
        """
        return f"{self.path}={self.written(value)}"

    def written(self, value: Decimal) -> str:
        """Write a value with its unit."""
        text = f"{value:f}"
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text}{self.unit}"


def parse_ranges(texts: Sequence[str]) -> list[Range]:
    """Read ranges as they are typed.

    Args:
        texts: One a setting, `PATH=FROM..TO:STEP`.

    Raises:
        InputError: With everything that is wrong with them.
    """
    issues: list[Issue] = []
    ranges = [found for text in texts if (found := _range(text, issues)) is not None]
    paths = [one.path for one in ranges]
    twice = dict.fromkeys(path for path in paths if paths.count(path) > 1)
    issues += [_wrong(f"`{path}` is swept twice", path, "give each setting one range") for path in twice]
    if issues:
        raise InputError(issues)
    return ranges


def _range(text: str, issues: list[Issue]) -> Range | None:
    found = _RANGE.fullmatch(text)
    parts = [_NUMBER.fullmatch(found[name]) for name in ("first", "last", "step")] if found else []
    if found is None or not all(parts):
        issues.append(_wrong("this is not a setting with a range of values", text, _EXAMPLE))
        return None
    numbers = [Decimal(part["digits"].replace(",", "")) for part in parts if part is not None]
    units = {part["unit"] for part in parts if part is not None}
    if len(units) > 1:
        hint = "write all three as percentages, or none"
        issues.append(_wrong("from, to and step are not in the same unit", text, hint))
        return None
    first, last, step = numbers
    if step <= 0 or last < first:
        issues.append(_wrong("a range goes up in steps above zero", text, _EXAMPLE))
        return None
    return Range(found["path"], first, last, step, units.pop())


_EXAMPLE = "write PATH=FROM..TO:STEP, such as growth.software=2%..10%:1%"


def _wrong(message: str, found: str, hint: str) -> Issue:
    return error("sweep-not-understood", message, field="--sweep", found=found, hint=hint)
