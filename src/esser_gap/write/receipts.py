"""The receipts as a table, for the outputs that hold one table: what became of the rows and dollars of each sheet."""

from __future__ import annotations

from dataclasses import fields

import polars as pl

from esser_gap.model.budget import Receipt
from esser_gap.plan.tables import MONEY

RECEIPTS = "receipts"


def receipts_frame(receipts: tuple[Receipt, ...]) -> pl.DataFrame:
    """Lay receipts out as a table.

    Args:
        receipts: In the order of the sheets.

    Returns:
        One row a sheet, the attributes of a `Receipt` as columns: texts, counts, and exact dollars.
    """
    names = [field.name for field in fields(Receipt)]
    schema = {name: _dtype(name) for name in names}
    return pl.DataFrame({name: [getattr(receipt, name) for receipt in receipts] for name in names}, schema=schema)


def _dtype(name: str) -> pl.DataType:
    if name in {"file", "sheet"}:
        return pl.String()
    return MONEY if name.startswith("dollars_") else pl.Int64()
