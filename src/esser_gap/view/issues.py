"""What was noticed while reading and planning, and what became of every row read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.view.table import Heading, Row, RowStyle, Show, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from decimal import Decimal

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
        The columns of `table_of_receipts`.
    """
    return table_of_receipts(projection.budget.receipts)


def table_of_receipts(receipts: Iterable[Receipt]) -> Table:
    """Show receipts of a budget that may not have been projected.

    Args:
        receipts: In the order of the sheets.

    Returns:
        One row a sheet, and their total when there are several: file, sheet, rows read, accepted, totals, filtered and
        rejected, rows of text, the same in dollars, and costs that could not be read. Read is the sum of the four
        that follow it. What no sheet has (totals, filtered, text, unreadable) has no column.
    """
    return _receipts("receipts", "What was read", (*_rows(), *_dollars()), tuple(receipts))


def tables_of_receipts(receipts: Iterable[Receipt], limit: int | None = None) -> tuple[Table, Table]:
    """Show receipts in two tables, each narrow enough for a terminal.

    Args:
        receipts: In the order of the sheets.
        limit: Most sheets to show in a line of their own, the others in one line; None: all.

    Returns:
        The rows, then the dollars of `table_of_receipts`.
    """
    listed = tuple(receipts)
    return (
        _receipts("rows", "What was read: rows", _rows(""), listed, limit),
        _receipts("dollars", "What was read: dollars", _dollars(""), listed, limit),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """One figure of each receipt: what stands above it, its attribute, how it is meant, whether zeros are shown."""

    heading: str
    name: str
    show: Show
    always: bool = False

    def value(self, receipt: Receipt) -> int | Decimal:
        found: int | Decimal = getattr(receipt, self.name)
        return found


_PARTS = {
    "read": ("read", True),
    "accepted": ("accepted", True),
    "totals": ("totals", False),
    "filtered": ("left_out", False),
    "rejected": ("rejected", True),
}
"""Words of a receipt, with the ends of their attributes and whether they are shown where they are zero."""


def _rows(before: str = "Rows ") -> tuple[_Column, ...]:
    return (
        *(
            _column(f"{before}{word}", f"rows_{end}", Show.NUMBER, always=shown)
            for word, (end, shown) in _PARTS.items()
        ),
        _Column("Text rows", "rows_text", Show.NUMBER),
    )


def _dollars(before: str = "Dollars ") -> tuple[_Column, ...]:
    return (
        *(
            _column(f"{before}{word}", f"dollars_{end}", Show.CENTS, always=shown)
            for word, (end, shown) in _PARTS.items()
        ),
        _Column("Costs not readable", "unreadable", Show.NUMBER),
    )


def _column(heading: str, name: str, show: Show, *, always: bool) -> _Column:
    return _Column(heading[:1].upper() + heading[1:], name, show, always)


def _receipts(
    name: str, title: str, columns: Iterable[_Column], receipts: Sequence[Receipt], limit: int | None = None
) -> Table:
    used = [column for column in columns if column.always or any(column.value(receipt) for receipt in receipts)]
    # A line that stands for one sheet says no more than that sheet's own.
    shown = receipts if limit is None or len(receipts) <= limit + 1 else _largest(receipts, limit)
    others = [receipt for receipt in receipts if not any(receipt is each for each in shown)]
    rows = [Row((r.file, r.sheet, *(column.value(r) for column in used))) for r in shown]
    if others:
        rows.append(Row((f"and {len(others):,} more sheets", "", *_sums(used, others))))
    if len(receipts) > 1:
        rows.append(Row((f"{len(receipts):,} sheets", "", *_sums(used, receipts)), RowStyle.TOTAL))
    headings = (
        Heading("File", width=24),
        Heading("Sheet", width=18),
        *(Heading(column.heading, column.show) for column in used),
    )
    return Table(name, title, headings, tuple(rows), tuple(_receipt_notes({column.name for column in used})))


def _largest(receipts: Sequence[Receipt], limit: int) -> Sequence[Receipt]:
    """Choose the sheets with rejected rows, then those with the most dollars accepted, in the order of the file."""
    ranked = sorted(receipts, key=lambda r: (-r.rows_rejected, -r.dollars_accepted, -r.rows_accepted))
    return [receipt for receipt in receipts if any(receipt is each for each in ranked[:limit])]


def _sums(columns: Sequence[_Column], receipts: Sequence[Receipt]) -> Iterator[int | Decimal]:
    return (sum(column.value(receipt) for receipt in receipts) for column in columns)


def _receipt_notes(names: Collection[str]) -> Iterator[str]:
    """Say how the columns that are shown add up, and what they mean."""
    ends = {name.partition("_")[2] for name in names}
    parts = [word for word, (end, _) in _PARTS.items() if end in ends]
    yield f"read = {' + '.join(parts[1:])}"
    if "rows_totals" in names:
        yield "totals are sums of other rows, which are not counted again"
    if "rows_left_out" in names:
        yield "filtered rows are those that the mapping leaves out"
    if "rows_text" in names:
        yield "text rows, such as section headings and notes, have no cost and are not among the rows read"
    if "unreadable" in names:
        yield "dollars are without the costs that could not be read"
