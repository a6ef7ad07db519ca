"""What an audit found: findings as values, by rule, sheet and place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from esser_gap.model.budget import InputFile


class Level(StrEnum):
    """How much a finding matters: one that fails keeps a reader from the content, or misleads."""

    FAIL = "fail"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that a check noticed.

    Attributes:
        sheet: Name of the sheet, blank for the workbook as a whole.
        place: Address of the first cell, or what object it is, such as `chart at B12`; blank for a whole sheet.
        found: What was found, in words.
        count: How many cells or objects it is about, the first included.
    """

    sheet: str
    place: str
    found: str
    count: int = 1


def gathered(noticed: Iterable[tuple[str, str, str]]) -> Iterator[Spot]:
    """Make one spot of all cells of a sheet of which the same was noticed.

    Args:
        noticed: Name of the sheet, address of the cell, and what was found.
    """
    first: dict[tuple[str, str], str] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for sheet, place, found in noticed:
        first.setdefault((sheet, found), place)
        counts[sheet, found] += 1
    for (sheet, found), place in first.items():
        yield Spot(sheet, place, found, counts[sheet, found])


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in a workbook.

    Attributes:
        rule: Name of the rule that it breaks.
        level: Whether it makes the workbook fail.
        sheet: Name of the sheet, blank for the workbook as a whole.
        place: Address of the first cell, or what object it is; blank for a whole sheet.
        found: What was found.
        count: How many cells or objects it is about, the first included.
        do: What to do.
    """

    rule: str
    level: Level
    sheet: str
    place: str
    found: str
    count: int
    do: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found in one workbook.

    Attributes:
        path: The file as the user names it.
        file: The file with the digest of its bytes.
        sheets: Names of its sheets, in order.
        findings: What is to be mended, failures first, then in the order of the rules and of the sheets.
    """

    path: Path
    file: InputFile
    sheets: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Give the findings that make the workbook fail."""
        return tuple(finding for finding in self.findings if finding.level is Level.FAIL)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Give the findings that do not."""
        return tuple(finding for finding in self.findings if finding.level is Level.WARN)

    def passes(self, *, strict: bool = False) -> bool:
        """Tell whether nothing fails.

        Args:
            strict: Whether a warning is a failure.
        """
        return not (self.findings if strict else self.failures)
