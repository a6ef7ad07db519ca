"""The worked rows of the template, as the values that its cells get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.fiscal_year import year_name
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.origin import Origin
from esser_gap.model.record import Form, forms_of
from esser_gap.read.districts import district_from_document
from esser_gap.read.fields import make_record, parse_fields
from esser_gap.read.sources import source_from_document
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.issues import Issue
    from esser_gap.model.district import District
    from esser_gap.model.record import Record
    from esser_gap.model.source import Source
    from esser_gap.read.yaml_documents import Document

Cell = str | int | Decimal | date
"""What a filled cell of the template holds."""


@dataclass(frozen=True, slots=True)
class WorkedRows:
    """Records that show how the template is filled in.

    Attributes:
        commitments: Two commitments.
        sources: The sources that pay them, but for those that the program knows.
        district: Facts about their district.
        settings: Scenario, setting, value and a word on it, one a row of the sheet Scenarios.
    """

    commitments: tuple[Commitment, ...]
    sources: tuple[Source, ...]
    district: District
    settings: tuple[tuple[str, str, str, str], ...]


@cache
def worked_rows() -> WorkedRows:
    """Read the worked rows that come with the program."""
    text = (files("esser_gap") / "data" / "template.yaml").read_text(encoding="utf-8")
    document = parse_yaml(text, "template.yaml")
    issues: list[Issue] = []
    commitments = [_commitment(document, place, issues) for place in range(len(document.value["commitments"]))]
    sources = [
        source_from_document(document, ("sources", place), issues) for place in range(len(document.value["sources"]))
    ]
    district = district_from_document(document, ("district",), issues)
    if issues or district is None:
        raise InputError(issues)
    return WorkedRows(
        commitments=tuple(c for c in commitments if c is not None),
        sources=tuple(s for s in sources if s is not None),
        district=district,
        settings=tuple(tuple(row) for row in document.value["scenarios"]),
    )


def _commitment(document: Document, place: int, issues: list[Issue]) -> Commitment | None:
    path = ("commitments", place)
    values = document.value["commitments"][place]
    parsed = parse_fields(Commitment, values, lambda name: document.where((*path, name)), issues)
    return make_record(Commitment, parsed, Origin("template.yaml"), issues)


def cells_of(record: Record) -> Mapping[str, Cell]:
    """Write the values a record was given as cells, by field; structures are left out.

    Args:
        record: A record; what it takes by default has no cell.
    """
    forms = forms_of(type(record))
    cells = {}
    for attribute, field in type(record).model_fields.items():
        form = forms.get(field.alias or attribute)
        if form is not None and form.form is not Form.DICTIONARY and attribute in record.model_fields_set:
            cells[form.name] = cell_value(getattr(record, attribute), form.form)
    return cells


def cell_value(value: Any, form: Form) -> Cell:
    """Write one value as the cell of its form.

    Args:
        value: A typed value that is not None.
        form: The field's form.
    """
    if form is Form.YES_NO:
        return "yes" if value else "no"
    if form is Form.PARTS:
        return "; ".join(_part(part) for part in value)
    if form is Form.NAMES:
        return "; ".join(value)
    if form is Form.FISCAL_YEAR:
        return year_name(value)
    if form is Form.MONTH_DAY:
        return f"{value[0]:02}-{value[1]:02}"
    return value if isinstance(value, (int, Decimal, date)) else str(value)


def _part(part: Part) -> str:
    return f"{part.source} {(part.share * 100).normalize():f}%"
