"""Wall time and peak memory of whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_KIB_PER_MIB = 1024
_ACCEPTED = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process took.

    Attributes:
        seconds: Wall time, the best of several runs.
        mebibytes: Peak resident memory, the largest of the runs.
    """

    seconds: float
    mebibytes: float


def measured(commands: Sequence[Sequence[str]], repeats: int) -> list[Measured]:
    """Run commands in turn, several times round, so that a busy moment of the machine falls on all of them.

    Each is run once more before, to warm the caches.

    Args:
        commands: Programs and arguments; what they print is thrown away.
        repeats: How often each is measured.

    Returns:
        One result a command, in order.

    Raises:
        RuntimeError: When one fails; what it said is in the message.
    """
    rounds = [[_run(command) for command in commands] for _ in range(repeats + 1)][1:]
    return [
        Measured(min(run.seconds for run in runs), max(run.mebibytes for run in runs))
        for runs in zip(*rounds, strict=True)
    ]


def python(*arguments: str) -> list[str]:
    """Give the command that runs this interpreter."""
    return [sys.executable, *arguments]


def _run(command: Sequence[str]) -> Measured:
    begun = perf_counter()
    # An installed program is compiled once, and not anew at each start.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env) as process:
        assert process.stderr is not None  # noqa: S101 - it was asked for
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - begun
    if process.returncode != _ACCEPTED:
        raise RuntimeError(f"{' '.join(command)}\n{said.decode(errors='replace')}")
    # Linux counts in KiB, macOS in bytes.
    peak = usage.ru_maxrss / (_KIB_PER_MIB**2 if sys.platform == "darwin" else _KIB_PER_MIB)
    return Measured(seconds, peak)
