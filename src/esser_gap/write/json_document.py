"""The JSON document: the run, the tables and the issues, as one text.

Tables are turned to text a whole column at a time; `projection.schema.json` describes the result.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.plan.tables import TABLES
from esser_gap.write.json_text import json_text
from esser_gap.write.result import more_tables_of, projection_of
from esser_gap.write.run_record import issue_row, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.write.result import Result

SCHEMA = "esser-gap/projection/1"
"""What the document says it is; the number changes when a reader would have to."""

_ROWS_AT_A_TIME = 50_000
_MUST_ESCAPE = r'["\\\x00-\x1f]'


def json_document(result: Result) -> str:
    """Write a projection, a comparison or a sweep as one JSON document.

    Args:
        result: The tables with what the run used.

    Returns:
        An object with `schema`, `run`, the five tables of the projection as lists of objects with the columns' names,
        those of the comparison or sweep after them, and `issues`; money as numbers with two decimals, dates ISO, one
        row a line.
    """
    return "".join(json_chunks(result))


def json_chunks(result: Result) -> Iterator[str]:
    """Write a result as one JSON document, in pieces that are small enough for large tables.

    Args:
        result: The tables with what the run used.

    Yields:
        Texts that make the document of `json_document` when joined.
    """
    projection = projection_of(result)
    yield f'{{\n"schema": "{SCHEMA}",\n"run": {json_text(run_of(projection))}'
    for name in (*TABLES, *more_tables_of(type(result))):
        yield f',\n"{name}": ['
        yield from _table_chunks(result.table(name))
        yield "]"
    issues = ",\n".join(json_text(issue_row(issue)) for issue in projection.issues)
    yield f',\n"issues": [\n{issues}\n]\n}}\n' if issues else ',\n"issues": []\n}\n'


def _table_chunks(frame: pl.DataFrame) -> Iterator[str]:
    separator = "\n"
    for part in frame.iter_slices(_ROWS_AT_A_TIME):
        rows = part.select(_row(part)).to_series()
        yield separator + str(rows.str.join(",\n").item())
        separator = ",\n"
    if not frame.is_empty():
        yield "\n"


def _row(frame: pl.DataFrame) -> pl.Expr:
    """Give each row as the text of a JSON object."""
    pieces: list[pl.Expr] = []
    opening = "{"
    for column in frame.iter_columns():
        pieces += [pl.lit(f"{opening}{json.dumps(column.name)}: "), pl.lit(_values(column))]
        opening = ", "
    return pl.concat_str(*pieces, pl.lit("}"))


def _values(column: pl.Series) -> pl.Series:
    """Give a column's values as JSON texts."""
    if isinstance(column.dtype, pl.List):
        text = _quoted(pl.element(), _escapes(column.explode()))
        listed = pl.concat_str(pl.lit("["), pl.col(column.name).list.eval(text).list.join(", "), pl.lit("]"))
        return column.to_frame().select(listed).to_series()
    if column.dtype == pl.String:
        text = _quoted(pl.col(column.name), _escapes(column))
        return column.to_frame().select(text.fill_null("null")).to_series()
    texts = column.cast(pl.String)
    return ('"' + texts + '"' if column.dtype == pl.Date else texts).fill_null("null")


def _escapes(texts: pl.Series) -> dict[str, str]:
    """Map the texts that JSON cannot hold as they are to what it writes instead."""
    special = texts.filter(texts.str.contains(_MUST_ESCAPE)).drop_nulls().unique()
    return {text: json.dumps(text, ensure_ascii=False)[1:-1] for text in special}


def _quoted(text: pl.Expr, escapes: dict[str, str]) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), text.replace(escapes), pl.lit('"'))
