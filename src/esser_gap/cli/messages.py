"""What the command line says on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from esser_gap.errors import EsserGapError, InputError
from esser_gap.write.terminal import console_for, draw, draw_issues

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console  # noqa: TID251

    from esser_gap.issues import Issue
    from esser_gap.write.terminal import Pipe


def talk() -> Console | Pipe:
    """Give the console for everything that is not the result."""
    return console_for(sys.stderr)


def tell(problem: EsserGapError) -> None:
    """Say why the run was refused."""
    if isinstance(problem, InputError):
        tell_issues(problem.issues)
    else:
        say(f"error: {problem}")


def tell_issues(issues: Iterable[Issue]) -> None:
    """Say what was wrong, assumed or noticed."""
    draw_issues(issues, talk())


def say(text: str) -> None:
    """Say one sentence."""
    draw([text], talk())
