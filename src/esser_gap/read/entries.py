"""Rows of a table that are data or totals, with what tells the two apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.read.ledger import Parting
from esser_gap.read.total_labels import form_of
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.read.values import Raw

    Amounts = tuple[int | None, ...]


@dataclass(slots=True)
class Entry:
    """A row that is data or a total.

    Attributes:
        number: Its number, as the spreadsheet shows it.
        row: Its cells.
        sheet: Name of its sheet.
        place: Place of the cell that calls it a total, -1 when none does.
        label: What that cell says.
        heading: The nearest text above it.
        parting: What parts it from the row above.
        is_marked: Whether the user has pointed it out as a total.
        is_dropped: Whether the user has it left out.
        is_data: Whether the user says that it is data, whatever it looks like.
        amounts: Its figures in millionths, None where a cell has none; the columns that totals add up, cost first.
    """

    number: int
    row: list[Raw]
    sheet: str
    place: int = -1
    label: str = ""
    heading: str = ""
    parting: Parting = Parting.NONE
    is_marked: bool = False
    is_dropped: bool = False
    is_data: bool = False
    amounts: Amounts = ()

    def take_as_data(self) -> None:
        """Take it as data, whatever it is called."""
        self.is_data, self.is_marked, self.label, self.place = True, False, "", -1

    def is_blank_at(self, place: int) -> bool:
        """Tell whether a cell holds nothing."""
        return place >= len(self.row) or is_blank(self.row[place])

    def texts(self) -> list[str]:
        """Give the words that it holds."""
        return [shown(cell) for cell in self.row if isinstance(cell, str) and cell.strip()]

    def shape(self, figures: frozenset[int]) -> object:
        """Give what totals of one level have in common: which cells they fill, and how they are called.

        Args:
            figures: Places of the columns of figures.
        """
        filled = (p for p, cell in enumerate(self.row) if p not in figures and not is_blank(cell))
        return self.place, form_of(self.label), tuple(filled)


def with_columns(entries: Iterable[Entry], order: Sequence[int]) -> None:
    """Keep some of the columns of amounts.

    Args:
        entries: The rows.
        order: Positions of the columns to keep, in the new order.
    """
    for entry in entries:
        entry.amounts = tuple(entry.amounts[position] for position in order)
