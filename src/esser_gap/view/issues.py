"""What was noticed while reading and planning, and what became of every row read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esser_gap.issues import Issue
    from esser_gap.model.budget import Receipt
    from esser_gap.projecting import Projection


def issues_table(projection: Projection) -> Table:
    """List warnings, assumptions and notes with where they stand.

    Args:
        projection: Everything projected.

    Returns:
        Severity, place, what is wrong or was assumed, what was found, and what to write instead.
    """
    return table_of_issues(projection.issues)


def table_of_issues(issues: Iterable[Issue]) -> Table:
    """List issues, of a budget that may not have been projected.

    Args:
        issues: In the order to show.

    Returns:
        The columns of `issues_table`.
    """
    rows = tuple(Row((i.severity.value, str(i.where), i.message, i.found, i.hint)) for i in issues)
    headings = (
        Heading("Severity", Show.CODE),
        Heading("Place", width=36),
        Heading("What", width=60),
        Heading("Found", width=18),
        Heading("Hint", width=50),
    )
    return Table("issues", "Problems and assumptions", headings, rows, () if rows else ("nothing was noticed",))


def receipts_table(projection: Projection) -> Table:
    """Show what became of the rows of each sheet, in rows and dollars.

    Args:
        projection: Everything projected.

    Returns:
        File, sheet, then rows and dollars read, accepted, left out and rejected; read is the sum of the
        other three. A note names cost cells whose amount could not be read.
    """
    return table_of_receipts(projection.budget.receipts)


def table_of_receipts(receipts: Iterable[Receipt]) -> Table:
    """Show receipts of a budget that may not have been projected.

    Args:
        receipts: In the order of the sheets.

    Returns:
        The columns of `receipts_table`.
    """
    receipts = tuple(receipts)
    rows = tuple(row for receipt in receipts for row in _receipt_rows(receipt))
    headings = (
        Heading("File", width=24),
        Heading("Sheet", width=18),
        Heading("Rows", Show.CODE),
        Heading("Count", Show.NUMBER),
        Heading("Dollars", Show.CENTS),
    )
    notes = tuple(
        f"{r.file}, sheet `{r.sheet}`: {r.unreadable} cost cells could not be read; the dollars are without them"
        for r in receipts
        if r.unreadable
    )
    return Table("receipts", "What was read", headings, rows, notes)


def _receipt_rows(receipt: Receipt) -> tuple[Row, ...]:
    place = (receipt.file, receipt.sheet)
    return (
        Row((*place, "read", receipt.rows_read, receipt.dollars_read)),
        Row((*place, "accepted", receipt.rows_accepted, receipt.dollars_accepted)),
        Row((*place, "left out", receipt.rows_left_out, receipt.dollars_left_out)),
        Row((*place, "rejected", receipt.rows_rejected, receipt.dollars_rejected)),
    )
