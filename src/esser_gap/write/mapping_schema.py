"""The JSON Schema of mapping files, made from the record of a mapping, so that editors know every key.

`data/mapping.schema.json` is what `mapping_schema_text` gives; a test keeps the two the same.
After a change, `python -m esser_gap.write.mapping_schema` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esser_gap.model.mapping import Caption, CodeUse, Mapping, Reads, RowFilter
from esser_gap.model.record import FieldForm, Form, descriptions_of, forms_of
from esser_gap.read.mappings import FIELDS, KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esser_gap.model.record import Record

SHIPPED = Path(__file__).parents[1] / "data" / "mapping.schema.json"
"""The schema as it comes with the program."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TITLE = "esser-gap mapping file"
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
"""YAML makes numbers of codes and years that are not quoted; the reader takes them as they are written."""
_TEXTS: dict[str, Any] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_ROW: dict[str, Any] = {"type": "integer", "minimum": 1}
_BY_FIELD = ("columns", "constants", "codes", "values")
"""Keys whose own keys are fields of what the mapping reads."""


def mapping_schema() -> dict[str, Any]:
    """Describe a mapping file: one mapping, or several under `mappings`.

    Returns:
        A JSON Schema (2020-12) in which an unknown key or field is an error.
    """
    several = {"mappings": {"type": "array", "items": {"$ref": "#/$defs/Mapping"}, "minItems": 1}}
    return {
        "$schema": _DIALECT,
        "title": _TITLE,
        "description": "How the columns of a spreadsheet become fields",
        "type": "object",
        "if": {"required": ["mappings"]},
        "then": _closed(several),
        "else": {"$ref": "#/$defs/Mapping"},
        "$defs": {
            "Mapping": _mapping_schema(),
            "Caption": _caption_schema(),
            "CodeUse": {"anyOf": [{"type": "string"}, _record_schema(CodeUse, required=["map"])]},
            "Condition": {"type": "object", "additionalProperties": _TEXTS, "minProperties": 1},
            "RowFilter": _row_filter_schema(),
            **{f"{key}-{reads.value}": _by_field(key, FIELDS[reads]) for reads in Reads for key in _BY_FIELD},
        },
    }


def mapping_schema_text() -> str:
    """Give the schema as the text of the shipped file."""
    return json.dumps(mapping_schema(), indent=2, ensure_ascii=False) + "\n"


def write_mapping_schema() -> None:
    """Write the shipped file anew."""
    SHIPPED.write_text(mapping_schema_text(), encoding="utf-8")


def _closed(properties: dict[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}


# --- a mapping ---------------------------------------------------------------------------------


def _mapping_schema() -> dict[str, Any]:
    said = descriptions_of(Mapping)
    forms = forms_of(Mapping)
    own: dict[str, dict[str, Any]] = {
        "header_row": {"anyOf": [_ROW, {"type": "array", "items": _ROW, "minItems": 1, "maxItems": 2}]},
        "take": {"type": "array", "items": {"$ref": "#/$defs/Caption"}},
        "rows": {"$ref": "#/$defs/RowFilter"},
        **{key: {"type": "object"} for key in _BY_FIELD},
    }
    properties = {key: {**(own.get(key) or _form_schema(forms[key])), "description": said[key]} for key in KEYS}
    return {
        **_closed(properties),
        "allOf": [
            {"if": _is_read_as(reads), "then": {"properties": {key: _ref(key, reads) for key in _BY_FIELD}}}
            for reads in Reads
        ],
    }


def _ref(key: str, reads: Reads) -> dict[str, str]:
    return {"$ref": f"#/$defs/{key}-{reads.value}"}


def _is_read_as(reads: Reads) -> dict[str, Any]:
    """Tell when the fields are those of what a mapping reads; commitments unless it says something else."""
    said = {"properties": {"reads": {"const": reads.value}}}
    return said if reads is Reads.COMMITMENTS else {**said, "required": ["reads"]}


def _by_field(key: str, fields: tuple[str, ...]) -> dict[str, Any]:
    shapes: dict[str, dict[str, Any]] = {
        "columns": _TEXTS,
        "constants": {},
        "codes": {"$ref": "#/$defs/CodeUse"},
        "values": {"type": "object", "additionalProperties": {}},
    }
    return _closed(dict.fromkeys(fields, shapes[key]))


def _form_schema(form: FieldForm) -> dict[str, Any]:
    """Describe a value by its form, as it may be written in YAML."""
    if form.form is Form.CHOICE:
        return {"enum": list(form.choices)}
    if form.form is Form.YES_NO:
        return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}
    return {Form.TEXT: _TEXT, Form.NAMES: _TEXTS}[form.form]


def _record_schema(record: type[Record], required: Iterable[str] = ()) -> dict[str, Any]:
    said = descriptions_of(record)
    properties = {name: {**_form_schema(form), "description": said[name]} for name, form in forms_of(record).items()}
    return _closed(properties, required)


def _caption_schema() -> dict[str, Any]:
    """Describe a caption: exactly one place, a column with the pattern of its parts."""
    places = [name for name in forms_of(Caption) if name != "parts"]
    alone = [{"required": [name], "maxProperties": 1} for name in places if name != "column"]
    of_column = {"required": ["column", "parts"], "maxProperties": 2}
    return {**_record_schema(Caption), "oneOf": [*alone, of_column]}


def _row_filter_schema() -> dict[str, Any]:
    condition = {"$ref": "#/$defs/Condition"}
    either = {"anyOf": [condition, {"type": "array", "items": condition}]}
    said = descriptions_of(RowFilter)
    return _closed({name: {**either, "description": said[name]} for name in RowFilter.model_fields})


if __name__ == "__main__":
    write_mapping_schema()
