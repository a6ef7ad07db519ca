"""The tidy tables behind every output: their columns, types and meaning, written once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

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
"""Columns of the five tables of every projection by table name, in order."""

_MORE = Column(
    "difference", MONEY, "Gap less that of the baseline in the same year, dollars; below zero: a smaller gap"
)

COMPARED: dict[str, tuple[Column, ...]] = {
    "comparison": (
        _DISTRICT,
        _SCENARIO,
        _YEAR,
        _GAP,
        Column("cumulative_gap", MONEY, "Gap of this and all earlier projected years, dollars"),
        _MORE,
        Column("cumulative_difference", MONEY, "Cumulative gap less that of the baseline, dollars"),
    ),
    "fates": (
        _DISTRICT,
        _SCENARIO,
        _COMMITMENT,
        Column("fate", pl.String(), "`loses funding`, `is saved` or `is stopped`, against the baseline"),
        Column("funding_lost_on", pl.Date(), "Date of the first payment not paid in full", can_be_null=True),
        Column("horizon_gap", MONEY, "Gap over all projected years in this scenario, dollars"),
        Column("baseline_gap", MONEY, "Gap over all projected years in the baseline, dollars"),
        Column("reason", pl.String(), "Why it loses funding, is saved or is stopped"),
    ),
    "bridge": (
        _DISTRICT,
        _SCENARIO,
        _YEAR,
        Column("cause", pl.String(), "What the two scenarios set differently"),
        Column("amount", MONEY, "Its part of the difference to the gap of the baseline, dollars; below zero: less gap"),
    ),
    "robustness": (
        _DISTRICT,
        Column("rank", pl.Int32(), "1 stays funded in the fewest scenarios, within the district"),
        _COMMITMENT,
        Column("scenarios", pl.Int32(), "How many scenarios were compared, the baseline among them"),
        Column("funded_in", pl.Int32(), "In how many of them it goes on and every payment is paid in full"),
        Column("loses_funding_in", pl.List(pl.String()), "Scenarios in which some payment is not paid in full"),
        Column("stopped_in", pl.List(pl.String()), "Scenarios that stop it, or do not have it, without a gap before"),
        Column("flips", pl.Boolean(), "Whether it stays funded in some scenarios and loses funding in others"),
    ),
}
"""Columns of the tables that hold scenarios against a baseline, by table name, in order."""

_NUMBER = pl.Decimal(38, 10)

SWEPT: dict[str, tuple[Column, ...]] = {
    "sweep": (
        _DISTRICT,
        _SCENARIO,
        Column("horizon_gap", MONEY, "Gap over all projected years, dollars"),
        Column("first_loss_on", pl.Date(), "Date of the first payment not paid in full", can_be_null=True),
        Column("first_loss", pl.String(), "Id of the commitment that loses funding first", can_be_null=True),
    ),
    "break_even": (
        _DISTRICT,
        _SCENARIO,
        Column("setting", pl.String(), "Path of the setting that is moved"),
        Column("tips", pl.String(), "`gap` or `commitment`"),
        Column("commitment", pl.String(), "Id of the commitment that tips", can_be_null=True),
        Column("before", _NUMBER, "Last value of the setting at which all is as before, percentages as shares"),
        Column("after", _NUMBER, "First value at which it is not"),
        Column("change", pl.String(), "`the gap opens`, `the gap closes`, `loses funding` or `is funded`"),
    ),
}
"""Columns that the tables of every sweep have; a column for each setting, and for each year's gap, stand among them."""


def columns_of(table: str) -> tuple[Column, ...]:
    """Give the columns of a table by its name."""
    return TABLES[table] if table in TABLES else COMPARED[table]


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Bring a frame to a table's columns, order and types.

    Args:
        frame: A frame that has at least the table's columns; money as whole cents.
        table: Name of the table.

    Returns:
        The table's columns only, money as exact dollars.
    """
    return frame.select(
        _dollars(column.name) if column.dtype == MONEY else pl.col(column.name).cast(column.dtype)
        for column in columns_of(table)
    )


def _dollars(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Decimal(38, 2)) / 100).cast(MONEY).alias(name)


def table_of(table: str, rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Make a table of rows.

    Args:
        table: Name of the table.
        rows: Values in the order of its columns; money as whole cents.
    """
    # Column by column and without decimals: from others, polars would load numpy, which takes longer than all else.
    columns = columns_of(table)
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    dtypes = [pl.Int64() if column.dtype == MONEY else column.dtype for column in columns]
    return conform(
        pl.DataFrame([pl.Series(c.name, own, dtype=t) for c, own, t in zip(columns, values, dtypes, strict=True)]),
        table,
    )
