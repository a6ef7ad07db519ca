"""The command that looks at files before they are projected, and writes a mapping to start from."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from esser_gap.cli.messages import say
from esser_gap.errors import OutputError
from esser_gap.inspecting import inspect
from esser_gap.view.inspection import errors_of, inspection_parts, next_step, verdict
from esser_gap.write.terminal import console_for, draw, draw_issues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from esser_gap.inspecting import Inspection
    from esser_gap.read.proposals import Proposal


def run_inspect(
    files: Sequence[Path], form: str, *, mappings: Sequence[Path], write_mapping: Path | None, force: bool
) -> int:
    """Show what stands in files and what keeps them from being projected, and write the mapping they suggest.

    Args:
        files: Spreadsheets.
        form: `table` or `json`.
        mappings: YAML files that say how they are read.
        write_mapping: File for the mapping that they suggest.
        force: Whether that file may be replaced.

    Returns:
        The exit status: a file that can be read but not projected is an answer, not a failure.
    """
    if write_mapping is not None:
        _check_target(write_mapping, files, mappings, force=force)
    found = [inspect(file, mappings) for file in files]
    said = [] if write_mapping is None else _write(found, write_mapping)
    if form == "json":
        _print(found)
    else:
        for place, inspection in enumerate(found):
            _show(inspection, is_first=place == 0)
    sys.stdout.flush()
    for sentence in said:
        say(sentence)
    return 0


def _check_target(target: Path, files: Sequence[Path], mappings: Sequence[Path], *, force: bool) -> None:
    from esser_gap.write.files import check_target

    if mappings:
        raise OutputError("--write-mapping writes what a file suggests without a mapping; leave --mapping out")
    if target.resolve() in {file.resolve() for file in files}:
        raise OutputError(f"`{target}` is what this run reads; give the mapping another name")
    check_target(target, force=force)


def _write(found: Sequence[Inspection], target: Path) -> list[str]:
    """Write the mapping before anything is shown; gives what is to be said about it."""
    from esser_gap.write.files import write_atomically
    from esser_gap.write.mapping_yaml import mapping_text

    proposals = [inspection.proposals() for inspection in found]
    if not any(proposals):
        names = ", ".join(f"`{inspection.path.name}`" for inspection in found)
        raise OutputError(f"`{target}` is not written: no table was found in {names}")
    text = mapping_text(found, proposals, str(target))
    write_atomically({target: lambda path: _write_text(path, text)})
    pairs = zip(found, proposals, strict=True)
    return [f"wrote {target}", *(line for each, listed in pairs for line in _open_questions(each, listed))]


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _open_questions(inspection: Inspection, proposals: Sequence[Proposal]) -> Iterator[str]:
    """Say what the mapping leaves to the user."""
    name = inspection.path.name
    if not proposals:
        yield f"{name}: no table was found"
    for proposal in proposals:
        if len(proposal.costs) > 1:
            yield f"{name}: {len(proposal.costs)} columns could be the cost; none was chosen, all are listed"
        if proposal.needed:
            yield f"{name}: no column gives {' and '.join(proposal.needed)}; see `constants`"


def _print(found: Sequence[Inspection]) -> None:
    from esser_gap.write.inspection_json import inspection_document

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(inspection_document(found))


def _show(inspection: Inspection, *, is_first: bool) -> None:
    console = console_for(sys.stdout)
    if not is_first:
        console.print()
    draw(inspection_parts(inspection), console)
    console.print()
    draw([verdict(inspection)], console)
    draw_issues(errors_of(inspection), console)
    console.print()
    draw([next_step(inspection)], console)
