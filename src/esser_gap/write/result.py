"""What can be written: a projection, a comparison or a sweep, and the tables of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.comparing.comparison import Comparison
from esser_gap.comparing.sweep import Sweep
from esser_gap.plan.tables import COMPARED, SWEPT, TABLES
from esser_gap.projecting import Projection
from esser_gap.write.receipts import RECEIPTS, receipts_frame

if TYPE_CHECKING:
    import polars as pl

Result = Projection | Comparison | Sweep

_TABLES: dict[type[Result], tuple[str, ...]] = {
    Projection: (*TABLES, RECEIPTS),
    Comparison: (*TABLES, *COMPARED, RECEIPTS),
    Sweep: (*SWEPT, RECEIPTS),
}


def projection_of(result: Result) -> Projection:
    """Give the projection that a result rests on.

    Args:
        result: What was computed.
    """
    return result if isinstance(result, Projection) else result.projection


def tables_of(kind: type[Result]) -> tuple[str, ...]:
    """Name the tables that CSV and Parquet can hold, the main one first and the receipts last.

    Args:
        kind: Sort of result.
    """
    return _TABLES[kind]


def more_tables_of(kind: type[Result]) -> tuple[str, ...]:
    """Name the tables that a result has besides the five of its projection.

    Args:
        kind: Sort of result.
    """
    return tuple(name for name in _TABLES[kind] if name not in TABLES and name != RECEIPTS)


def frame_of(result: Result, table: str) -> pl.DataFrame:
    """Give a table that CSV and Parquet can hold.

    Args:
        result: What was computed.
        table: One of `tables_of` its kind.

    Returns:
        One of the tidy tables; or the receipts, one row a sheet with the columns of a `Receipt`, dollars exact.
    """
    return receipts_frame(projection_of(result).budget.receipts) if table == RECEIPTS else result.table(table)
