"""The terminal: tables, sentences, issues and progress, drawn with rich; plain aligned text when piped."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from esser_gap.issues import Severity
from esser_gap.view.table import Table
from esser_gap.write.text_figures import plain
from esser_gap.write.text_layout import Line, LineStyle, lay_out, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO

    from rich.console import Console  # noqa: TID251
    from rich.text import Text  # noqa: TID251

    from esser_gap.issues import Issue

_SECONDS_BEFORE_PROGRESS = 1.0
"""What is done sooner needs no progress."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold"}


class Pipe:
    """A file or another program that reads the text: plain lines as they are, of any length."""

    def __init__(self, stream: TextIO) -> None:
        """Write to a stream."""
        self._stream = stream

    def print(self, text: str = "") -> None:
        """Write text and end the line."""
        self._stream.write(f"{text}\n")


def console_for(stream: TextIO, *, width: int | None = None) -> Console | Pipe:
    """Make a console that takes user text as it is and never shortens it.

    Args:
        stream: Standard output or standard error.
        width: Columns; None: as wide as the terminal.
    """
    if not stream.isatty():
        # Plain lines need no library, and importing it takes longer than a small projection.
        return Pipe(stream)
    from rich.console import Console  # noqa: TID251

    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=True)


def draw(parts: Iterable[str | Table], console: Console | Pipe) -> None:
    """Draw sentences and tables, one below the other.

    On a terminal, text wraps, totals are bold, and rules part them. Piped, every row is one line of plain text,
    whatever its length.

    Args:
        parts: What to show, in order.
        console: Where to show it.
    """
    for place, part in enumerate(parts):
        if place:
            console.print()
        lines = _lines_of(part, _width_of(console))
        if isinstance(console, Pipe):
            console.print("\n".join(line.text for line in lines))
        else:
            console.print(_drawn(lines, console))


def draw_issues(issues: Iterable[Issue], console: Console | Pipe) -> None:
    """Draw issues in one grammar: what is wrong, where and what was found, what to write; then how many there are.

    Errors come first, then warnings, then notes; the same problem in several places is said once.

    Args:
        issues: Problems, assumptions and notes.
        console: Where to show them, usually standard error.
    """
    found = list(issues)
    for group in _grouped(found):
        _draw_group(group, console)
    if found:
        console.print(_counts(found))


@contextmanager
def progress(
    console: Console | Pipe, *, total: int | None = None, label: str = "projecting"
) -> Iterator[Callable[..., None]]:
    """Show progress on a terminal when the work inside takes longer than a second; nothing else otherwise.

    Args:
        console: Standard error.
        total: How many steps there are; None when unknown.
        label: What is being done.

    Yields:
        A function to call after each step; it may be given the scenario's name and the fiscal year that is done.
    """
    if isinstance(console, Pipe):
        yield lambda *_: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: TID251

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task(label, total=total)

    def step(scenario: str = "", _year: int | None = None) -> None:
        bar.update(task, advance=1, description=f"{label} {plain(scenario)}".strip())

    timer = Timer(_SECONDS_BEFORE_PROGRESS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield step
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def _width_of(console: Console | Pipe) -> int | None:
    return None if isinstance(console, Pipe) else console.width


def _lines_of(part: str | Table, width: int | None) -> Iterable[Line]:
    if isinstance(part, Table):
        return lay_out(part, width)
    return (Line(line) for line in wrapped(plain(part), width))


def _drawn(lines: Iterable[Line], console: Console) -> Text:
    """Put lines into one text, so that a long table is printed at once."""
    from rich.text import Text  # noqa: TID251

    has_boxes = not (console.options.ascii_only or console.is_dumb_terminal)
    text = Text()
    for place, line in enumerate(lines):
        if place:
            text.append("\n")
        if line.style is LineStyle.RULE and has_boxes:
            text.append("\u2500" * len(line.text))
        else:
            text.append(line.text, style="bold" if line.style is LineStyle.STRONG else None)
    return text


def _grouped(issues: Sequence[Issue]) -> list[list[Issue]]:
    groups: dict[tuple[Severity, str, str], list[Issue]] = {}
    for severity in Severity:
        for issue in issues:
            if issue.severity is severity:
                groups.setdefault((severity, issue.message, issue.hint), []).append(issue)
    return list(groups.values())


def _draw_group(group: Sequence[Issue], console: Console | Pipe) -> None:
    width, first = _width_of(console), group[0]
    lines = wrapped(f"{first.severity}: {plain(first.message)}", width, "  ")
    _print_opening(lines[0], first.severity, console)
    places = [place for place in dict.fromkeys(_place(issue) for issue in group) if place]
    hint = f"  hint: {plain(first.hint)}" if first.hint else ""
    below = [line for text in (*places, hint) if text for line in wrapped(text, width, "    ")]
    for line in (*lines[1:], *below):
        console.print(line)


def _print_opening(line: str, severity: Severity, console: Console | Pipe) -> None:
    """Print the line that opens an issue, its severity in bold and colour where there is any."""
    if isinstance(console, Pipe):
        console.print(line)
        return
    from rich.text import Text  # noqa: TID251

    opening = Text(line)
    opening.stylize(_STYLES[severity], 0, len(severity) + 1)
    console.print(opening)


def _place(issue: Issue) -> str:
    where, found = plain(str(issue.where)), plain(issue.found)
    if where and found:
        return f"  --> {where}: found `{found}`"
    if where:
        return f"  --> {where}"
    return f"  --> found `{found}`" if found else ""


def _counts(issues: Sequence[Issue]) -> str:
    counts = {severity: sum(issue.severity is severity for issue in issues) for severity in Severity}
    return ", ".join(f"{n:,} {word}" if n == 1 else f"{n:,} {word}s" for word, n in counts.items() if n)
