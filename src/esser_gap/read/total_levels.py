"""What the totals of a table are worth: how they stand above each other, and whether they add up what is there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.read.rows import amount_of
from esser_gap.read.sheets import letters
from esser_gap.read.totals import unscaled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.read.rows import Body
    from esser_gap.read.totals import Total


@dataclass(frozen=True, slots=True)
class Level:
    """Totals of one level: those of the first add up rows of data, those of the next add up totals.

    Attributes:
        number: The level, from 1.
        rows: How many totals there are.
        adding_up: How many of them add up the rows they cover.
        example: What one of them is called.
    """

    number: int
    rows: int
    adding_up: int
    example: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A total that is not what its rows add up to.

    Attributes:
        sheet: The sheet.
        cell: The cell that states it.
        label: What it is called.
        stated: What it says.
        summed: What its rows add up to.
        covers: How many rows those are.
    """

    sheet: str
    cell: str
    label: str
    stated: Decimal
    summed: Decimal
    covers: int


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """What the rows of data in a column add up to, and what the totals that stand above all others say.

    Attributes:
        place: Place of the column, counted from 0.
        letter: Its letters.
        heading: Its heading.
        rows: Sum of the rows of data.
        stated: Sum of the topmost totals; None when no total has a figure there.
    """

    place: int
    letter: str
    heading: str
    rows: Decimal
    stated: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Give what the totals say more than the rows add up to; None where no total says anything."""
        return None if self.stated is None else self.stated - self.rows


@dataclass(frozen=True, slots=True)
class Above:
    """A row that adds up the rows below it, as the rows of a pivot table do.

    Attributes:
        sheet: The sheet.
        row: Its number, as the spreadsheet shows it.
        label: What it is called.
        covers: How many rows it adds up.
    """

    sheet: str
    row: int
    label: str
    covers: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What is known of the totals of a table.

    Attributes:
        rows: How many rows are totals.
        levels: Their levels, from 1 up.
        sums: Each column of figures with what its rows add up to.
        uncovered: How many rows of data stand under no total.
        top: How many totals stand above all others.
        differences: Totals that are not what their rows add up to.
        above: Rows that add up rows below them, so that those would be counted twice.
    """

    rows: int
    levels: tuple[Level, ...]
    sums: tuple[ColumnSum, ...]
    uncovered: int
    top: int
    differences: tuple[Difference, ...]
    above: tuple[Above, ...]


def totals_of(bodies: Sequence[Body], places: Sequence[int]) -> Totals:
    """Take stock of the totals of tables with the same columns, as of one table spread over several sheets.

    Args:
        bodies: The tables, with their rows told apart, in order.
        places: Places of their columns of figures.
    """
    totals = [total for body in bodies for total in body.totals]
    levels, top, uncovered = _levels(bodies)
    return Totals(
        rows=len(totals),
        levels=levels,
        sums=tuple(_sums(bodies, places, top)),
        uncovered=uncovered,
        top=len(top),
        differences=tuple(_differences(totals)),
        above=tuple(
            Above(body.table.sheet.name, each.row, each.label, each.covers) for body in bodies for each in body.above
        ),
    )


def _levels(bodies: Sequence[Body]) -> tuple[tuple[Level, ...], list[Total], int]:
    """Lay totals over the rows they cover; gives the levels, the topmost totals, and how many rows have none."""
    # What no total covers yet: how many rows each stands for, its level, and the total it is.
    open_: list[tuple[int, int, Total | None]] = []
    found: dict[int, list[Total]] = {}
    for body in bodies:
        for total in _in_order(body):
            if total is None:
                open_.append((1, 0, None))
                continue
            covered = level = 0
            while open_ and covered < total.covers:
                rows, below, _ = open_.pop()
                covered, level = covered + rows, max(level, below)
            open_.append((total.covers, level + 1, total))
            found.setdefault(level + 1, []).append(total)
    levels = tuple(
        Level(number, len(totals), sum(not total.differences for total in totals), totals[-1].label)
        for number, totals in sorted(found.items())
    )
    top = [total for _, _, total in open_ if total is not None]
    return levels, top, sum(total is None for _, _, total in open_)


def _in_order(body: Body) -> Iterator[Total | None]:
    """Give the totals of a table, and None for each row of data, in the order of the rows."""
    rows: list[tuple[int, Total | None]] = [(number, None) for number in body.numbers]
    # A total above its parts closes nothing that stands above it.
    rows += [(total.row, total) for total in body.totals if not total.is_above]
    yield from (total for _, total in sorted(rows, key=lambda row: row[0]))


def _sums(bodies: Sequence[Body], places: Sequence[int], top: Sequence[Total]) -> Iterator[ColumnSum]:
    headings = bodies[0].table.header.headings if bodies else {}
    for place in places:
        amounts = (amount_of(row[place]) for body in bodies for row in body.rows if place < len(row))
        stated = [total.amounts[place] for total in top if place in total.amounts]
        yield ColumnSum(
            place,
            letters(place),
            headings.get(place, ""),
            unscaled(sum(amount for amount in amounts if amount is not None)),
            sum(stated, Decimal(0)) if stated else None,
        )


def _differences(totals: Sequence[Total]) -> Iterator[Difference]:
    for total in totals:
        for place in total.differences:
            cell = f"{letters(place)}{total.row}"
            yield Difference(total.sheet, cell, total.label, total.amounts[place], total.sums[place], total.covers)
