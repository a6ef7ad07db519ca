"""The workbook of rows left out: what is wrong with links to the cells, and a copy of each sheet with its bad rows.

The copy can be corrected and read again; the user's own file is never touched.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap import __version__
from esser_gap.check.left_out import left_out_of
from esser_gap.view.left_out import left_out, problems, problems_table
from esser_gap.write.files import check_target, write_atomically
from esser_gap.write.rejected_cells import CopyFormats, linked, links_to, write_copy
from esser_gap.write.rejected_copies import sheet_copies
from esser_gap.write.workbook_formats import Formats, Line
from esser_gap.write.workbook_package import BoardWorkbook, created_at
from esser_gap.write.workbook_page import Footer, Page
from esser_gap.write.workbook_text import clean, footer_part, in_quotes
from esser_gap.write.workbook_widths import page_widths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esser_gap.model.budget import Budget
    from esser_gap.view.table import Table
    from esser_gap.write.files import Writer

PROBLEMS = "Problems"
_SENTENCES = frozenset({"What is wrong", "What to write"})
_ABOUT = (
    "Your own file was not changed. The sheets that follow hold these rows as they stand in it: cells to correct are"
    " framed and have a note, and the last column says what is wrong. Correct them in your file and run again, or"
    " correct the copy, which can be read, too. Each cell named below leads to its copy."
)


def write_rejected(
    budget: Budget, sources: Sequence[Path | str], target: Path | str, *, as_of: date, force: bool = False
) -> list[Path]:
    """Write the rows that were left out to a workbook, with the problem beside each cell.

    Args:
        budget: What was projected; its `rejected` rows are written.
        sources: Files of the budget, which are read again.
        target: File to write, ending in `.xlsx`.
        as_of: Day that the workbook is dated with.
        force: Whether an existing file is replaced.

    Returns:
        The file; nothing when no row was left out, or the file already holds just that.

    Raises:
        InputError: When a file of the budget can no longer be read.
        OutputError: When a file of the budget has changed, or the target may not be, or cannot be, written.
    """
    writers = rejected_writers(budget, [Path(source) for source in sources], Path(target), as_of=as_of, force=force)
    if writers:
        write_atomically(writers)
    return list(writers)


def rejected_writers(
    budget: Budget, sources: Sequence[Path], target: Path, *, as_of: date, force: bool = False
) -> dict[Path, Writer]:
    """Give what writes the rows that were left out, to be written together with other files.

    Args:
        budget: What was projected or checked.
        sources: Files of the budget, which are read again.
        target: File to write.
        as_of: Day that the workbook is dated with.
        force: Whether an existing file may be replaced.

    Returns:
        Nothing when no row was left out, or the file already holds just that.

    Raises:
        InputError: When a file of the budget can no longer be read.
        OutputError: When a file of the budget has changed, or the target may not be written.
    """
    if not budget.rejected:
        return {}
    content = rejected_workbook(budget, sources, as_of)
    if target.is_file() and target.read_bytes() == content:
        return {}
    check_target(target, force=force)
    return {target: lambda temporary: _write(temporary, content)}


def rejected_workbook(budget: Budget, sources: Sequence[Path], as_of: date) -> bytes:
    """Make the workbook of rows left out: a sheet of problems, then a copy of each sheet that has such rows.

    Args:
        budget: A budget whose rows with errors were left out.
        sources: Files of the budget, which are read again.
        as_of: Day that the workbook is dated with; the same rows and day give the same bytes.

    Raises:
        InputError: When a file of the budget can no longer be read.
        OutputError: When a file of the budget is not given or has changed.
    """
    listed = problems(budget)
    copies = sheet_copies(budget, sources, listed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejected.xlsx"
        book = BoardWorkbook(path, is_large=False)
        _describe(book, budget, as_of)
        formats, footer = Formats(book), _footer(budget, as_of)
        sentence = f"Left out: {left_out_of(budget.rejected)}."
        _add_problems(book, formats, sentence, _quoted(problems_table(listed)), links_to(listed, copies), footer)
        looks = CopyFormats(book, formats)
        for copy in copies:
            write_copy(book, looks, copy, footer)
        book.close()
        return path.read_bytes()


def _add_problems(
    book: BoardWorkbook, formats: Formats, sentence: str, table: Table, links: Sequence[str], footer: Footer
) -> None:
    page = Page(book.add_worksheet(PROBLEMS), formats, page_widths([table]))
    page.say(table.title, Line.TITLE)
    page.say(sentence, Line.FINDING)
    page.say(_ABOUT, Line.SUBTITLE)
    placed = page.draw(table)
    look = linked(book)
    place = [heading.text for heading in table.headings].index("Cell")
    for row, (line, link) in enumerate(zip(table.rows, links, strict=False), start=placed.first_row):
        page.sheet.write_url(row, place, link, look, str(line.cells[place]), "Go to the cell in the copy")
    for note in table.notes:
        page.say(note[:1].upper() + note[1:], Line.NOTE)
    page.finish(footer, repeat=placed)


def _quoted(table: Table) -> Table:
    """Write sentences as on paper, with quotation marks where a terminal has backticks."""
    said = [place for place, heading in enumerate(table.headings) if heading.text in _SENTENCES]
    rows = (
        replace(
            row, cells=tuple(in_quotes(c) if p in said and isinstance(c, str) else c for p, c in enumerate(row.cells))
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _describe(book: BoardWorkbook, budget: Budget, as_of: date) -> None:
    program = f"esser-gap {__version__}"
    book.set_properties(
        {
            "title": clean(f"Rows left out: {_whose(budget)}"),
            "subject": clean(left_out(budget)),
            "author": program,
            "comments": f"Made by {program} as of {as_of}. Copies of rows with errors.",
            "created": created_at(as_of),
        }
    )


def _footer(budget: Budget, as_of: date) -> Footer:
    return Footer(f"{footer_part(_whose(budget), 100)}, as of {as_of:%B} {as_of.day}, {as_of.year}", "&A")


def _whose(budget: Budget) -> str:
    names = [district.name for district in budget.districts]
    return names[0] if len(names) == 1 else f"{len(names)} districts"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
