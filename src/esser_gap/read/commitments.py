"""Commitments from the rows of a sheet, column by column, with a receipt of what became of each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.issues import Issue, Where, any_error, error
from esser_gap.model.budget import Receipt
from esser_gap.model.commitment import Commitment
from esser_gap.model.origin import Origin
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.money import to_cents, to_dollars
from esser_gap.read.fields import make_record, parse_field
from esser_gap.read.sheets import letters
from esser_gap.read.tables import body_rows, find_header, header_issues, unsaved_issues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.read.sheets import Sheet
    from esser_gap.read.tables import Header
    from esser_gap.read.values import Raw

FIELDS: tuple[str, ...] = tuple(forms_of(Commitment))
"""Fields of a commitment, in order."""
NEEDED = ("name",)
"""Fields without which a row is no header of commitments."""


@dataclass(slots=True)
class Columns:
    """Raw values of the rows of one sheet, by field.

    Attributes:
        sheet: The sheet.
        numbers: Row numbers of each record, as the spreadsheet shows them; several where rows were summed.
        values: Raw values by field, one a record.
        letters: Column letters by field.
        left_out: Rows that were filtered out.
        left_out_dollars: Their cost.
        left_out_unreadable: How many of them have a cost that cannot be read.
    """

    sheet: Sheet
    numbers: list[tuple[int, ...]]
    values: dict[str, list[Raw]]
    letters: dict[str, str]
    left_out: int = 0
    left_out_dollars: Decimal = Decimal(0)
    left_out_unreadable: int = 0


@dataclass(slots=True)
class ReadCommitments:
    """What was read from one sheet.

    Attributes:
        commitments: Accepted rows.
        issues: Problems and notes.
        receipt: What became of the rows.
    """

    commitments: list[Commitment] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    receipt: Receipt | None = None


def commitment_header(sheet: Sheet) -> Header | None:
    """Find the header of a sheet of commitments, None when it has none."""
    header = find_header(sheet, FIELDS, "commitment", NEEDED)
    costs = {"annual_cost", "unit_cost"}
    return header if header is not None and costs & header.fields.keys() else None


def columns_of(sheet: Sheet, header: Header, issues: list[Issue]) -> Columns:
    """Take the columns of a sheet whose headings are fields.

    Args:
        sheet: The sheet.
        header: Its header.
        issues: Columns that are named twice or not read, and formulas without a result, are added here.
    """
    issues.extend(header_issues(sheet, header, FIELDS, "commitment"))
    issues.extend(unsaved_issues(sheet, header))
    rows = body_rows(sheet, header)
    values = {
        name: [row[place] if place < len(row) else None for _, row in rows] for name, place in header.fields.items()
    }
    names = {name: letters(place) for name, place in header.fields.items()}
    return Columns(sheet, [(number,) for number, _ in rows], values, names)


def read_commitments(columns: Columns, constants: Mapping[str, Any], district: str | None) -> ReadCommitments:
    """Read commitments from raw columns.

    Args:
        columns: Raw values by field.
        constants: Raw values that every commitment gets.
        district: District of commitments that name none.

    Returns:
        Accepted commitments, every problem, and the receipt.
    """
    result = ReadCommitments()
    origins = [Origin(columns.sheet.file, columns.sheet.name, numbers, columns.letters) for numbers in columns.numbers]
    wrong: set[int] = set()
    parsed = {
        name: _parse_column(columns, name, raws, origins, wrong, result.issues) for name, raws in columns.values.items()
    }
    fixed = _parse_constants(constants, columns, result.issues)
    reported = {(issue.where, issue.field) for issue in result.issues}
    absent: set[str] = set()
    found: list[Issue] = []
    accepted = [_commitment(place, origin, parsed, fixed, district, found) for place, origin in enumerate(origins)]
    # A value that was not understood is missing from the record, too; it is reported once. So is a column
    # that the sheet does not have, and not again for every row.
    present = parsed.keys() | fixed.keys()
    for issue in found:
        if (issue.where, issue.field) not in reported and issue.field not in absent:
            result.issues.append(issue)
            absent |= {issue.field} - present
    kept = [c if place not in wrong else None for place, c in enumerate(accepted)]
    result.commitments = [c for c in kept if c is not None]
    result.receipt = _receipt(columns, parsed, fixed, kept, wrong)
    result.issues.sort(key=_place_of)
    return result


def _parse_column(
    columns: Columns, name: str, raws: Sequence[Raw], origins: Sequence[Origin], wrong: set[int], issues: list[Issue]
) -> list[Any]:
    form = forms_of(Commitment)[name]
    known: dict[tuple[type, Raw], Any] = {}
    values: list[Any] = []
    for place, raw in enumerate(raws):
        if raw is None or raw == "":
            values.append(None)
            continue
        # Most columns repeat a few values, so each different one is parsed once.
        key = (type(raw), raw)
        if key in known:
            values.append(known[key])
            continue
        found: list[Issue] = []
        value = parse_field(raw, form, origins[place].where(name), found)
        if found:
            issues.extend(found)
            if any_error(found):
                wrong.add(place)
        else:
            known[key] = value
        values.append(value)
    for address in columns.sheet.unsaved:
        column = address.rstrip("0123456789")
        if columns.letters.get(name) == column:
            row = int(address[len(column) :])
            wrong.update(place for place, origin in enumerate(origins) if row in origin.rows)
    return values


def _parse_constants(constants: Mapping[str, Any], columns: Columns, issues: list[Issue]) -> dict[str, Any]:
    forms = forms_of(Commitment)
    where = Where(columns.sheet.file, columns.sheet.name, "mapping")
    parsed = {name: parse_field(raw, forms[name], where, issues) for name, raw in constants.items()}
    return {name: value for name, value in parsed.items() if value is not None}


def _commitment(
    place: int,
    origin: Origin,
    parsed: Mapping[str, Sequence[Any]],
    fixed: Mapping[str, Any],
    district: str | None,
    issues: list[Issue],
) -> Commitment | None:
    values = {name: column[place] for name, column in parsed.items() if column[place] is not None}
    values = {**fixed, **values}
    values.setdefault("id", f"{origin.sheet}-{origin.rows[0]}")
    if district is not None:
        values.setdefault("district", district)
    return make_record(Commitment, values, origin, issues)


def _receipt(
    columns: Columns,
    parsed: Mapping[str, Sequence[Any]],
    fixed: Mapping[str, Any],
    kept: Sequence[Commitment | None],
    wrong: set[int],
) -> Receipt:
    accepted = rejected = Decimal(0)
    unreadable = columns.left_out_unreadable
    rejected_rows = accepted_rows = 0
    for place, commitment in enumerate(kept):
        dollars = row_dollars(place, parsed, fixed)
        rows = len(columns.numbers[place])
        if commitment is None or place in wrong:
            rejected_rows += rows
            rejected += dollars or 0
            unreadable += dollars is None
        else:
            accepted_rows += rows
            accepted += dollars or 0
    return Receipt(
        file=columns.sheet.file,
        sheet=columns.sheet.name,
        rows_read=accepted_rows + rejected_rows + columns.left_out,
        rows_accepted=accepted_rows,
        rows_left_out=columns.left_out,
        rows_rejected=rejected_rows,
        dollars_read=accepted + rejected + columns.left_out_dollars,
        dollars_accepted=accepted,
        dollars_left_out=columns.left_out_dollars,
        dollars_rejected=rejected,
        unreadable=unreadable,
    )


def row_dollars(place: int, parsed: Mapping[str, Sequence[Any]], fixed: Mapping[str, Any]) -> Decimal | None:
    """Give the dollars that a row states: its annual cost, else quantity x unit cost; None when it has neither.

    Args:
        place: Place of the row in the columns.
        parsed: Typed values by field, one a row.
        fixed: Typed values that every row has.
    """

    def value(name: str) -> Any:
        found = parsed[name][place] if name in parsed else None
        return fixed.get(name) if found is None else found

    if value("annual_cost") is not None:
        return Decimal(value("annual_cost"))
    if value("quantity") is None or value("unit_cost") is None:
        return None
    return to_dollars(to_cents(value("quantity") * value("unit_cost")))


def _place_of(issue: Issue) -> tuple[int, int, str]:
    cell = issue.where.cell
    column = cell.rstrip("0123456789")
    row = cell[len(column) :]
    return (int(row) if row else 0, len(column), column)


def missing_columns(sheet: Sheet, header: Header, constants: Mapping[str, Any]) -> list[Issue]:
    """Find needed columns that a sheet of commitments does not have.

    Args:
        sheet: The sheet.
        header: Its header.
        constants: Values that a mapping gives.
    """
    present = header.fields.keys() | constants.keys()
    issues = []
    for form in forms_of(Commitment).values():
        if form.required and form.name not in present:
            where = Where(sheet.file, sheet.name, f"row {header.row + 1}")
            message = f"no column is headed `{form.name}`"
            hint = f"add a column `{form.name}`{_allowed(form)}"
            issues.append(error("column-missing", message, where=where, field=form.name, hint=hint))
    return issues


def _allowed(form: FieldForm) -> str:
    return f" with one of: {', '.join(form.choices)}" if form.form is Form.CHOICE else ""
