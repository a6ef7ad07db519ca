"""The template: a workbook made from the definitions that the reader uses, and a scenario file beside it."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from xlsxwriter.exceptions import FileCreateError  # noqa: TID251

from esser_gap import __version__
from esser_gap.errors import OutputError
from esser_gap.write.files import write_atomically
from esser_gap.write.template_cells import InputFormats
from esser_gap.write.template_facts import add_district, add_scenarios
from esser_gap.write.template_instructions import add_instructions
from esser_gap.write.template_page import Template
from esser_gap.write.template_sheets import add_commitments, add_funding
from esser_gap.write.workbook_formats import Formats
from esser_gap.write.workbook_package import BoardWorkbook, created_at
from esser_gap.write.workbook_page import Footer

if TYPE_CHECKING:
    from pathlib import Path

BUDGET, SCENARIO = "budget.xlsx", "scenario.yaml"
"""Names of the files."""

_CREATED = date(2026, 11, 23)
"""The day in the file's properties, always the same, so that the same program writes the same bytes."""


def write_templates(folder: Path, *, force: bool = False) -> list[Path]:
    """Write the template workbook and the scenario file, both or neither.

    Args:
        folder: Where to write; it must exist.
        force: Whether existing files are replaced.

    Returns:
        The files written.

    Raises:
        OutputError: When a file exists and may not be replaced, or cannot be written; then none has changed.
    """
    writers = {folder / BUDGET: _write_budget, folder / SCENARIO: _write_scenario}
    for path in writers:
        if path.is_dir():
            raise OutputError(f"`{path}` is a folder")
    taken = [f"`{path}`" for path in writers if path.exists()]
    if taken and not force:
        exist = "exist" if len(taken) > 1 else "exists"
        raise OutputError(f"{' and '.join(taken)} {exist}; replace with --force or name another folder")
    write_atomically(writers)
    return list(writers)


def _write_scenario(path: Path) -> None:
    path.write_bytes((files("esser_gap") / "data" / "template-scenario.yaml").read_bytes())


def _write_budget(path: Path) -> None:
    book = BoardWorkbook(path, is_large=False)
    program = f"esser-gap {__version__}"
    book.set_properties(
        {
            "title": "Technology commitments of a school district",
            "subject": "What the district pays for, who pays, and its district facts: to be filled in",
            "author": program,
            "comments": f"Template of {program}. The rows are invented examples.",
            "created": created_at(_CREATED),
        }
    )
    template = Template(book, Formats(book), InputFormats(book), Footer("Technology commitments", "&A"))
    for add_sheet in (add_instructions, add_commitments, add_funding, add_district, add_scenarios):
        add_sheet(template)
    try:
        book.close()
    except FileCreateError as problem:
        raise OutputError(f"`{path.name}` cannot be written: {problem}") from problem
