"""READMEs of examples: their commands, and the amounts that they say these show."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def readme_parts(folder: Path) -> list[tuple[list[str], str]]:
    """Give the commands of each block in the README of a folder with the sentences under it."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"```sh\n(.*?)```\n\n(.*?)(?:\n\n|\Z)", text, re.DOTALL)
    return [(block.splitlines(), sentences) for block, sentences in found]


def shown_by(commands: list[str]) -> str:
    """Run commands from the top of the checkout, each without an error, and give what they show."""
    shown = ""
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "esser-gap"
        done = subprocess.run(
            [sys.executable, "-m", "esser_gap", *arguments],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        shown += done.stdout
    return shown


def amounts_in(sentences: str) -> list[str]:
    """List the amounts of 1,000 and more in sentences."""
    return re.findall(r"\d{1,3}(?:,\d{3})+", sentences)
