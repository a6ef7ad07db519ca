"""The five tidy tables behind every output: their columns, types and meaning, written once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

MONEY = pl.Decimal(38, 2)
"""Exact dollars and cents."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name, the same in every output.
        dtype: Polars type.
        meaning: What it says, with its unit.
        can_be_null: Whether a row may leave it empty.
    """

    name: str
    dtype: pl.DataType
    meaning: str
    can_be_null: bool = False


_DISTRICT = Column("district", pl.String(), "District, as the file names it, else the file's name")
_SCENARIO = Column("scenario", pl.String(), "Name of the scenario")
_COMMITMENT = Column("commitment", pl.String(), "Id of the commitment")
_YEAR = Column("fiscal_year", pl.Int32(), "Fiscal year, named by the calendar year it ends in")
_COST = Column("cost", MONEY, "Payments due in the year, nominal dollars, budget basis")
_SUSTAINED = Column("sustained", MONEY, "Part paid by recurring sources, dollars")
_BRIDGED = Column("bridged", MONEY, "Part paid by one-time sources, dollars")
_GAP = Column("gap", MONEY, "Part that nobody pays, dollars")

TABLES: dict[str, tuple[Column, ...]] = {
    "years": (_DISTRICT, _SCENARIO, _YEAR, _COST, _SUSTAINED, _BRIDGED, _GAP),
    "costs": (
        _DISTRICT,
        _SCENARIO,
        _COMMITMENT,
        _YEAR,
        _COST,
        _SUSTAINED,
        _BRIDGED,
        _GAP,
        Column(
            "at_risk_through",
            pl.List(pl.String()),
            "Ids of commitments it requires, directly or through others, that have a gap in the year",
        ),
    ),
    "coverage": (
        _DISTRICT,
        _SCENARIO,
        _COMMITMENT,
        _YEAR,
        Column("source", pl.String(), "Source that pays"),
        Column("amount", MONEY, "Dollars of the source applied to the commitment in the year"),
    ),
    "payments": (
        _DISTRICT,
        _SCENARIO,
        _COMMITMENT,
        _YEAR,
        Column("due_on", pl.Date(), "First day of the month in which it falls due"),
        Column("amount", MONEY, "Dollars due"),
        _SUSTAINED,
        _BRIDGED,
        _GAP,
        Column("overdue", pl.Boolean(), "Whether a replacement was first due before the as-of date"),
    ),
    "losses": (
        _DISTRICT,
        _SCENARIO,
        Column("rank", pl.Int32(), "1 loses funding first, within district and scenario"),
        _COMMITMENT,
        Column("first_gap_year", pl.Int32(), "Fiscal year of the first payment not paid in full"),
        Column("funding_lost_on", pl.Date(), "Date of the first payment not paid in full"),
        Column("decide_by", pl.Date(), "That date less the notice that contract or law asks for"),
        Column("decide_by_passed", pl.Boolean(), "Whether it lies before the as-of date"),
        Column("first_year_gap", MONEY, "Gap in the first gap year, dollars"),
        Column("horizon_gap", MONEY, "Gap over all projected years, dollars"),
        Column("gap_years", pl.Int32(), "How many projected years have a gap"),
        Column("reason", pl.String(), "Sources that ended, ran out or may not pay, and by which rule"),
    ),
}
"""Columns by table name, in order."""


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Bring a frame to a table's columns, order and types.

    Args:
        frame: A frame that has at least the table's columns; money as whole cents (Int64) or dollars.
        table: Name of the table.

    Returns:
        The table's columns only, money as exact dollars.
    """
    return frame.select(
        _dollars(column.name) if column.dtype == MONEY else pl.col(column.name).cast(column.dtype)
        for column in TABLES[table]
    )


def _dollars(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Decimal(38, 2)) / 100).cast(MONEY).alias(name)
