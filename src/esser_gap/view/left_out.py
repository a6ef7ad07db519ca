"""What rows with an error keep out of the figures: in one sentence, and row by row with what is wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.check.left_out import left_out_of, own_message, place_of
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.budget import Budget, Rejected


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a row that was left out.

    Attributes:
        rejected: The row, or rows that were summed.
        row: Number of the row it stands in.
        column: Letters of the column, blank when it concerns the whole row.
        field: Field of the commitment concerned, or blank.
        message: What is wrong, in one sentence.
        found: What stood there.
        hint: What to write instead.
    """

    rejected: Rejected
    row: int
    column: str
    field: str
    message: str
    found: str = ""
    hint: str = ""

    @property
    def cell(self) -> str:
        """Name the cell or the row in the user's file."""
        return f"{self.column}{self.row}" if self.column else f"row {self.row}"


def left_out(budget: Budget) -> str:
    """Say how many rows with errors and how many dollars the figures leave out; blank when none.

    Args:
        budget: What was projected.

    Returns:
        One sentence.
    """
    return f"These figures leave out {left_out_of(budget.rejected)}." if budget.rejected else ""


def problems(budget: Budget) -> list[Problem]:
    """List what is wrong in the rows that were left out.

    Args:
        budget: A budget whose rows with errors were left out.

    Returns:
        At least one problem for each entry of `rejected`, in its order, then by row and column.
    """
    by_row = defaultdict(list)
    for issue in budget.issues:
        place = place_of(issue.where)
        if place is not None and own_message(issue) is not None:
            by_row[place].append(issue)
    listed = []
    for rejected in budget.rejected:
        origin = rejected.origin
        found = [
            _problem(rejected, row, issue) for row in origin.rows for issue in by_row[origin.file, origin.sheet, row]
        ]
        whole = Problem(
            rejected, origin.rows[0], "", "", "this row cannot be read; see the other problems of its sheet"
        )
        listed += sorted(found, key=lambda p: (p.row, len(p.column), p.column)) or [whole]
    return listed


def problems_table(listed: Sequence[Problem]) -> Table:
    """Show what is wrong in the rows that were left out, and the dollars that this leaves out.

    Args:
        listed: What `problems` gave.

    Returns:
        One row a problem: its number, file, sheet and cell, the field, what is wrong, what was found and what to
        write; dollars stand with the first problem of a row, so that they add up to the total in the last row.
    """
    headings = (
        Heading("Problem", Show.NUMBER),
        Heading("File", width=16),
        Heading("Sheet", width=14),
        Heading("Cell", Show.CODE),
        Heading("Field", width=14),
        Heading("What is wrong", width=44),
        Heading("Found", width=16),
        Heading("What to write", width=40),
        Heading("Dollars left out", Show.CENTS),
    )
    total = left_out_of(dict.fromkeys(problem.rejected for problem in listed)).dollars
    rows = (*_problem_rows(listed), Row((None, "Total", *[None] * 6, total), RowStyle.TOTAL))
    return Table("problems", "Rows left out: what is wrong", headings, rows, tuple(_notes(listed)))


def _problem(rejected: Rejected, row: int, issue: Issue) -> Problem:
    cell = issue.where.cell
    column = "" if " " in cell else cell.rstrip("0123456789")
    return Problem(rejected, row, column, issue.field, own_message(issue) or "", issue.found, issue.hint)


def _problem_rows(listed: Sequence[Problem]) -> Iterator[Row]:
    before: Rejected | None = None
    for number, p in enumerate(listed, start=1):
        dollars = None if p.rejected is before else p.rejected.dollars
        origin = p.rejected.origin
        yield Row((number, origin.file, origin.sheet, p.cell, p.field, p.message, p.found, p.hint, dollars))
        before = p.rejected


def _notes(listed: Sequence[Problem]) -> Iterator[str]:
    if any(problem.rejected.dollars is None for problem in listed):
        yield "a row without dollars states no amount that can be read; the total is without it"
    if any(len(problem.rejected.origin.rows) > 1 for problem in listed):
        yield "rows that are summed into one commitment are left out together; their dollars stand once"
