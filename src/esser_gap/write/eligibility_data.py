"""The eligibility matrix as data: a row for each commitment and source, as JSON or CSV."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap import __version__
from esser_gap.view.eligibility import eligibility_rows
from esser_gap.view.templates import PLEASE_CHECK
from esser_gap.write.json_text import json_text

if TYPE_CHECKING:
    from esser_gap.projecting import Projection

SCHEMA = "esser-gap/eligibility/1"
"""What the document says it is; the number changes when a reader would have to."""


def eligibility_json(projection: Projection) -> str:
    """Write the matrix as one JSON document.

    Args:
        projection: Everything projected.

    Returns:
        An object with `schema`, `version`, `as_of`, `note` and `rows`, which are those of `eligibility_rows`.
    """
    rows = ",\n".join(json_text(row) for row in eligibility_rows(projection))
    about = {
        "schema": SCHEMA,
        "version": __version__,
        "as_of": projection.settings.as_of,
        "note": PLEASE_CHECK,
    }
    opening = json_text(about)[:-1]
    return f'{opening}, "rows": [\n{rows}\n]}}\n' if rows else f'{opening}, "rows": []}}\n'


def eligibility_csv(projection: Projection) -> str:
    """Write the matrix as CSV with the same columns, blank where there is nothing.

    Args:
        projection: Everything projected.
    """
    stream = io.StringIO()
    names = ("district", "scenario", "commitment", "source", "share", "bar", "rule", "counts", "citation", "as_of")
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    for row in eligibility_rows(projection):
        writer.writerow({name: _plain(value) for name, value in row.items()})
    return stream.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else value
