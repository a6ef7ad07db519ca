"""The JSON Schema of the JSON document, made from the tables and records that the document is made from.

`data/projection.schema.json` is what `schema_text` gives; a test keeps the two the same.
After a change, `python -m esser_gap.write.json_schema` writes it anew.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic.json_schema import GenerateJsonSchema

from esser_gap.model.budget import InputFile, Receipt
from esser_gap.model.record import descriptions_of
from esser_gap.plan.tables import COMPARED, SWEPT, TABLES, Column
from esser_gap.write.json_document import SCHEMA
from esser_gap.write.run_record import IssueRow, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import core_schema

    from esser_gap.model.record import Record

SHIPPED = Path(__file__).parents[1] / "data" / "projection.schema.json"
"""The schema as it comes with the program."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _DocumentSchema(GenerateJsonSchema):
    """Describes records as `json_text` writes them: exact numbers, and no field that is None."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """Describe a record, each field by the sentence under it."""
        record: type[Record] = schema["cls"]
        described = super().model_schema(schema)
        for name, sentence in descriptions_of(record).items():
            if name in described["properties"]:
                described["properties"][name]["description"] = sentence
        return described

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> dict[str, Any]:
        """Describe a decimal as a number with its bounds."""
        numeric = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
        bounds = {word: int(schema[key]) for key, word in numeric.items() if key in schema}  # type: ignore[literal-required]
        return {"type": "number", **bounds}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """Describe only the value, since None is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """Describe only the value, since the document says every default in force."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave titles out: they would only repeat the names."""
        del schema
        return False


def projection_schema() -> dict[str, Any]:
    """Describe the JSON document of a projection, with what a comparison or a sweep adds to it.

    Returns:
        A JSON Schema (2020-12) that allows no other properties than those the document has.
    """
    run = Run.model_json_schema(mode="serialization", schema_generator=_DocumentSchema)
    issue = IssueRow.model_json_schema(mode="serialization", schema_generator=_DocumentSchema)
    definitions = {**run.pop("$defs"), **issue.pop("$defs"), "Run": run, "IssueRow": issue}
    for record in (InputFile, Receipt):
        _describe_dataclass(definitions[record.__name__], record)
    properties = {
        "schema": {"const": SCHEMA, "description": "What the document is, and which version of its form"},
        "run": {"$ref": "#/$defs/Run"},
        **{name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}} for name in TABLES},
        "issues": {"type": "array", "items": {"$ref": "#/$defs/IssueRow"}},
    }
    more = {
        name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}, "description": only_with}
        for tables, only_with in ((COMPARED, _OF_COMPARISONS), (SWEPT, _OF_SWEEPS))
        for name in tables
    }
    definitions |= {name: _row_schema(columns) for name, columns in (TABLES | COMPARED).items()}
    definitions |= {name: _open_row_schema(columns) for name, columns in SWEPT.items()}
    return {
        "$schema": _DIALECT,
        "title": SCHEMA,
        "description": "A projection of what technology commitments cost, who pays, and what is missing",
        **_closed(properties, more),
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Give the schema as the text of the shipped file."""
    return json.dumps(projection_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema() -> None:
    """Write the shipped file anew."""
    SHIPPED.write_text(schema_text(), encoding="utf-8")


_OF_COMPARISONS = "Only in comparisons; the baseline is the first scenario of `run`"
_OF_SWEEPS = "Only in sweeps; the other tables are those of the scenarios before anything is moved"


def _closed(properties: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def _row_schema(columns: tuple[Column, ...]) -> dict[str, Any]:
    return _closed({column.name: _column_schema(column) for column in columns})


def _open_row_schema(columns: tuple[Column, ...]) -> dict[str, Any]:
    """Describe a row that has a number for each setting, and `gap_YEAR` for each year, besides its columns."""
    return {**_row_schema(columns), "additionalProperties": {"type": "number"}}


def _column_schema(column: Column) -> dict[str, Any]:
    value = _type_schema(column.dtype)
    if column.can_be_null:
        value["type"] = [value["type"], "null"]
    return {**value, "description": column.meaning}


def _type_schema(dtype: pl.DataType) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        return {"type": "array", "items": _type_schema(pl.String())}
    if dtype == pl.Date:
        return {"type": "string", "format": "date"}
    if dtype == pl.Boolean:
        return {"type": "boolean"}
    if dtype.is_integer():
        return {"type": "integer"}
    return {"type": "number" if dtype.is_decimal() else "string"}


def _describe_dataclass(schema: dict[str, Any], record: type) -> None:
    """Add what a dataclass's docstring says: the summary, and a description of each attribute."""
    text = inspect.getdoc(record) or ""
    schema["description"] = text.split("\n", 1)[0]
    schema["additionalProperties"] = False
    schema["required"] = list(schema["properties"])
    for name, meaning in _attributes(text):
        schema["properties"][name]["description"] = meaning


def _attributes(docstring: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"^    (\w+): (.*)$", docstring, flags=re.MULTILINE):
        yield found[1], found[2]


if __name__ == "__main__":
    write_schema()
