"""One table as CSV or Parquet, for other programs.

CSV is for machines: text stands exactly as the district wrote it, also where a spreadsheet would take it for a
formula (`=`, `+`, `-`, `@` first). To read a projection in a spreadsheet, write a workbook instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

LIST_SEPARATOR = "; "
"""What stands between the ids of one cell."""


def table_csv(frame: pl.DataFrame) -> str:
    """Write a table as CSV text with a header line.

    Args:
        frame: One of the five tables.

    Returns:
        Comma-separated lines; money with two decimals, dates ISO, lists joined by `; `, `true` and `false`,
        nothing at all for null, an empty text in quotes.
    """
    return _flat(frame).write_csv()


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as a CSV file in UTF-8.

    Args:
        frame: One of the five tables.
        path: File to write; what stood there is lost.
    """
    _flat(frame).write_csv(path)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as a Parquet file, with its own types: decimals exact, lists as lists.

    Args:
        frame: One of the five tables.
        path: File to write; what stood there is lost.
    """
    frame.write_parquet(path)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(lists).list.join(LIST_SEPARATOR)) if lists else frame
