"""What is wrong or worth knowing about an input: located problems as values, collected and shown together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How much an issue stops: an error refuses the input, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a problem in the user's own files; blank parts do not apply.

    Attributes:
        file: The file's name.
        sheet: The sheet's name.
        cell: Cell, row or key.
        rows: All rows of what was made of several, the cell's own among them.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Name the place the way a person would look it up."""
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"sheet `{self.sheet}`")
        if self.rows and self.cell.startswith("row "):
            return ", ".join([*parts, numbered(self.rows)])
        if self.cell:
            parts.append(self.cell if " " in self.cell or self.cell.islower() else f"cell {self.cell}")
        return ", ".join(parts) + (f" ({numbered(self.rows)})" if self.rows else "")


_MOST_ROWS = 12


def numbered(rows: tuple[int, ...]) -> str:
    """Name rows by their numbers, of many the first ones.

    Examples:
        >>> numbered((5, 9, 12)), numbered((5,))
        ('rows 5, 9, 12', 'row 5')
    """
    more = f" and {len(rows) - _MOST_ROWS:,} more" if len(rows) > _MOST_ROWS else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, rows[:_MOST_ROWS]))}{more}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One located problem: what is wrong, what was found, what to write instead.

    Attributes:
        severity: Whether it refuses the input, warns about an assumption, or only reports.
        code: Stable name of the kind of problem, such as `money-not-a-number`.
        message: One sentence without a full stop, lower case first.
        where: File, sheet and cell.
        field: Field of the record concerned, or blank.
        found: What stood there, as text.
        hint: What to write instead, or what was assumed.
    """

    severity: Severity
    code: str
    message: str
    where: Where = Where()
    field: str = ""
    found: str = ""
    hint: str = ""

    def at(self, where: Where) -> Issue:
        """Give the same issue with a place."""
        return replace(self, where=where)


def error(code: str, message: str, **parts: object) -> Issue:
    """Make an issue that refuses the input."""
    return Issue(Severity.ERROR, code, message, **parts)  # type: ignore[arg-type]


def warning(code: str, message: str, **parts: object) -> Issue:
    """Make an issue that says what was assumed."""
    return Issue(Severity.WARNING, code, message, **parts)  # type: ignore[arg-type]


def note(code: str, message: str, **parts: object) -> Issue:
    """Make an issue that only reports."""
    return Issue(Severity.NOTE, code, message, **parts)  # type: ignore[arg-type]


def any_error(issues: Iterable[Issue]) -> bool:
    """Tell whether one of the issues refuses the input."""
    return any(issue.severity is Severity.ERROR for issue in issues)
