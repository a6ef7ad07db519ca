"""The errors a user can meet.

EsserGapError
├── InputError    the input is refused; carries every issue found
└── OutputError   an output cannot be written

Anything else that escapes is a bug and keeps its traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.issues import Issue


class EsserGapError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(EsserGapError):
    """The input cannot be projected as it is.

    Attributes:
        issues: Everything wrong, with file, sheet, cell, what was found and what to write.
    """

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Keep all issues; the message lists them, one a line."""
        self.issues = list(issues)
        super().__init__("\n".join(_line(issue) for issue in self.issues))


class OutputError(EsserGapError):
    """An output file cannot be written."""


def _line(issue: Issue) -> str:
    place = f"{issue.where}: " if str(issue.where) else ""
    hint = f" ({issue.hint})" if issue.hint else ""
    return f"{place}{issue.message}{hint}"
