"""Commitments from the rows of a table, with a receipt of what became of each row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from esser_gap.issues import Issue, Where, error
from esser_gap.model.budget import Receipt, Rejected
from esser_gap.model.commitment import Commitment
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.read.cost_headings import units_of
from esser_gap.read.fields import make_record, parse_field
from esser_gap.read.narrow_tables import Needs
from esser_gap.read.raw_columns import Columns, Parsed, dollars_of_rows, parse_columns
from esser_gap.read.rows import AT_ONCE, Body, Layout, figure_columns, told_apart
from esser_gap.read.sheets import letters
from esser_gap.read.tables import (
    Header,
    Table,
    find_header,
    header_at,
    header_issues,
    other_table_issue,
    tables_below,
    unsaved_issues,
)
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from esser_gap.model.origin import Origin
    from esser_gap.read.calendars import Calendars
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.values import Raw

FIELDS: tuple[str, ...] = tuple(forms_of(Commitment))
"""Fields of a commitment, in order."""
NEEDED = ("name",)
"""Fields without which a row is no header of commitments."""
COSTS = ("annual_cost", "quantity", "unit_cost")
"""Fields that hold the money."""
_DETAILS = ("category", "kind")
"""Fields that every commitment fills and no total does."""


@dataclass(slots=True)
class ReadCommitments:
    """What was read from one table.

    Attributes:
        commitments: Accepted rows.
        issues: Problems and notes.
        receipt: What became of the rows.
        rejected: Rows with an error.
    """

    receipt: Receipt
    commitments: list[Commitment] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


# --- tables whose headings are fields ----------------------------------------------------------


def commitment_header(sheet: Sheet) -> Header | None:
    """Find the header of a sheet of commitments, None when it has none."""
    header = find_header(sheet, FIELDS, "commitment", NEEDED)
    return header if header is not None and _has_cost(header) else None


def _has_cost(header: Header) -> bool:
    return bool({"annual_cost", "unit_cost"} & header.fields.keys())


def commitment_bodies(sheet: Sheet, header: Header, issues: list[Issue]) -> list[Body]:
    """Find the tables of commitments on a sheet and tell their rows apart.

    Args:
        sheet: The sheet.
        header: The first header (see `commitment_header`).
        issues: Tables that are none of commitments are added here.
    """

    def header_here(row: int) -> Header | None:
        found = header_at(sheet, row, FIELDS, "commitment")
        return found if "name" in found.fields and _has_cost(found) else None

    tables = tables_below(sheet, header, header_here, _needs)
    issues.extend(other_table_issue(table) for table in tables if table.is_other)
    return [body for table in tables if not table.is_other for body in told_apart([table], _layout(table))]


def _needs(header: Header) -> Needs:
    costs = [header.fields[name] for name in COSTS if name in header.fields]
    return Needs([header.fields[name] for name in NEEDED if name in header.fields], costs)


def _layout(table: Table) -> Layout:
    fields = table.header.fields
    costs = tuple(fields[name] for name in COSTS if name in fields)
    labels = tuple(fields[name] for name in ("id", "name") if name in fields)
    others = tuple(place for place in (0, *table.header.others) if place not in labels)
    return Layout(
        amounts=tuple(sorted({*figure_columns([table]), *costs})),
        costs=costs,
        details=tuple(fields[name] for name in _DETAILS if name in fields),
        labels=(*labels, *others),
    )


def columns_of(body: Body, issues: list[Issue]) -> Columns:
    """Take the columns of a table whose headings are fields.

    Args:
        body: Its rows.
        issues: Columns that are named twice or not read, and formulas without a result, are added here.
    """
    sheet, header = body.table.sheet, body.table.header
    issues.extend(header_issues(sheet, header, FIELDS, "commitment"))
    issues.extend(unsaved_issues(sheet, header))
    values = _columns_at(body.rows, header.fields)
    names = {name: letters(place) for name, place in header.fields.items()}
    money: dict[str, int] = {n: header.fields[n] for n in ("annual_cost", "unit_cost") if n in header.fields}
    units = units_of(body, money, issues)
    costs = [header.fields[name] for name in COSTS[:1] if name in header.fields]
    factor = units[COSTS[0]].factor if COSTS[0] in units else Decimal(1)
    receipt = receipt_of(body, costs, factor)
    return Columns(sheet, [(number,) for number in body.numbers], values, names, units, receipt)


def _columns_at(rows: Sequence[Sequence[Raw]], places: Mapping[str, int]) -> dict[str, list[Raw]]:
    values: dict[str, list[Raw]] = {name: [] for name in places}
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        across: list[Sequence[Raw]] = list(zip_longest(*some))
        for name, place in places.items():
            values[name] += across[place] if place < len(across) else [None] * len(some)
    return values


def receipt_of(body: Body, costs: Sequence[int], factor: Decimal = Decimal(1)) -> Receipt:
    """Begin the receipt of a table with its totals and rows of text.

    Args:
        body: The table's rows.
        costs: Place of the column of cost.
        factor: What a 1 in it stands for, in dollars.
    """
    dollars = sum((total.amounts.get(p, Decimal(0)) for total in body.totals for p in costs), Decimal(0)) * factor
    sheet = body.table.sheet
    return Receipt(
        sheet.file, sheet.name, rows_totals=len(body.totals), rows_text=len(body.texts), dollars_totals=dollars
    )


# --- records -----------------------------------------------------------------------------------


def read_commitments(
    columns: Columns, constants: Mapping[str, Any], district: str | None, calendars: Calendars
) -> ReadCommitments:
    """Read commitments from raw columns.

    Args:
        columns: Raw values by field.
        constants: Raw values that every commitment gets.
        district: District of commitments that name none.
        calendars: When the districts' fiscal years start, for dates that only name a year.

    Returns:
        Accepted commitments, every problem, the rejected rows and the receipt.
    """
    issues: list[Issue] = []
    origins = columns.origins()
    parsed = parse_columns(columns, forms_of(Commitment), origins, issues)
    fixed = _parse_constants(constants, columns, issues)
    _settle_days(columns, parsed, fixed, origins, district, calendars, issues)
    reported = {(issue.where, issue.field) for issue in issues}
    found: list[Issue] = []
    dollars = dollars_of_rows(parsed.values, fixed, len(origins))
    kept: list[Commitment | None] = []
    rejected: list[Rejected] = []
    for start in range(0, len(origins), AT_ONCE):
        places = range(start, min(start + AT_ONCE, len(origins)))
        rows = _rows(places, origins, parsed, fixed, district)
        made = _made(rows, origins[start : places.stop], found)
        kept += [None if place in parsed.wrong else one for place, one in zip(places, made, strict=True)]
        rejected += [_rejected(origins[p], dollars[p], row) for p, row in zip(places, rows, strict=True) if not kept[p]]
    # A value that was not understood is missing from the record, too; it is reported once. So is a column
    # that the sheet does not have, and not again for every row.
    present = parsed.values.keys() | fixed.keys()
    absent: set[str] = set()
    for issue in found:
        if (issue.where, issue.field) not in reported and issue.field not in absent:
            issues.append(issue)
            absent |= {issue.field} - present
    issues.sort(key=_place_of)
    return ReadCommitments(
        receipt=_receipt(columns, kept, dollars),
        commitments=[c for c in kept if c is not None],
        issues=issues,
        rejected=rejected,
    )


def _rejected(origin: Origin, dollars: Decimal | None, row: Mapping[str, Any]) -> Rejected:
    return Rejected(origin, dollars, row["id"], row.get("name", ""), row.get("district", ""))


def _parse_constants(constants: Mapping[str, Any], columns: Columns, issues: list[Issue]) -> dict[str, Any]:
    forms = forms_of(Commitment)
    where = Where(columns.sheet.file, columns.sheet.name, "mapping")
    parsed = {name: parse_field(raw, forms[name], where, issues) for name, raw in constants.items()}
    return {name: value for name, value in parsed.items() if value is not None}


def _settle_days(
    columns: Columns,
    parsed: Parsed,
    fixed: Mapping[str, Any],
    origins: Sequence[Origin],
    district: str | None,
    calendars: Calendars,
    issues: list[Issue],
) -> None:
    """Take the first or last day of what names only a month or a year, and say so."""
    districts = parsed.values.get("district") or [fixed.get("district")] * len(origins)
    for name, values in parsed.values.items():
        if forms_of(Commitment)[name].form is Form.DATE:
            for place, value in calendars.periods_in(values):
                found, where = shown(columns.values[name][place]), origins[place].where(name)
                day, issue = calendars.settled(value, name, districts[place] or district, found, where)
                values[place] = day
                issues.append(issue)


def _made(rows: Sequence[dict[str, Any]], origins: Sequence[Origin], issues: list[Issue]) -> list[Commitment | None]:
    """Build the records, all at once where nothing is wrong, which is several times as fast as one by one."""
    try:
        return list(_commitments().validate_python(rows))
    except ValidationError as problems:
        wrong = {problem["loc"][0] for problem in problems.errors(include_url=False, include_input=False)}
    good = iter(_commitments().validate_python([row for place, row in enumerate(rows) if place not in wrong]))
    return [
        make_record(Commitment, row, origins[place], issues) if place in wrong else next(good)
        for place, row in enumerate(rows)
    ]


@cache
def _commitments() -> TypeAdapter[list[Commitment]]:
    return TypeAdapter(list[Commitment])


def _rows(
    places: range, origins: Sequence[Origin], parsed: Parsed, fixed: Mapping[str, Any], district: str | None
) -> list[dict[str, Any]]:
    """Give the values of some rows that are not blank, with those that every row gets."""
    given = fixed if district is None else {"district": district, **fixed}
    some = slice(places.start, places.stop)
    values = {name: column[some] for name, column in parsed.values.items()}
    full = {name: column for name, column in values.items() if name in parsed.full}
    rows: list[dict[str, Any]] = [
        {**given, **dict(zip(full, row, strict=True)), "origin": origin}
        for origin, row in zip(origins[some], _across(full, len(places)), strict=True)
    ]
    # Most other columns are blank in most rows.
    for name in values.keys() - full.keys():
        for row, value in zip(rows, values[name], strict=True):
            if value is not None:
                row[name] = value
    for origin, row in zip(origins[some], rows, strict=True):
        if "id" not in row:
            row["id"] = f"{origin.sheet}-{origin.rows[0]}"
    return rows


def _across(columns: Mapping[str, Sequence[Any]], count: int) -> Iterable[tuple[Any, ...]]:
    return zip(*columns.values(), strict=True) if columns else repeat((), count)


def _receipt(columns: Columns, kept: Sequence[Commitment | None], dollars: Sequence[Decimal | None]) -> Receipt:
    """Count rows and dollars: every row of a sum counts, its dollars once."""
    rows = [len(numbers) for numbers in columns.numbers]
    rejected = [(count, amount) for c, count, amount in zip(kept, rows, dollars, strict=True) if c is None]
    accepted = [(count, amount) for c, count, amount in zip(kept, rows, dollars, strict=True) if c is not None]
    return added(
        columns.receipt,
        Receipt(
            columns.sheet.file,
            columns.sheet.name,
            rows_accepted=sum(count for count, _ in accepted),
            rows_rejected=sum(count for count, _ in rejected),
            dollars_accepted=_sum(amount for _, amount in accepted),
            dollars_rejected=_sum(amount for _, amount in rejected),
            unreadable=sum(amount is None for _, amount in rejected),
        ),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


_PARTS = ("accepted", "totals", "left_out", "rejected")


def added(receipt: Receipt, other: Receipt) -> Receipt:
    """Add two receipts of one sheet; what was read is the sum of what became of it.

    Args:
        receipt: A receipt, whose file and sheet are kept.
        other: Another one.
    """
    names = [f"{what}_{part}" for what in ("rows", "dollars") for part in _PARTS]
    sums = {name: getattr(receipt, name) + getattr(other, name) for name in (*names, "rows_text", "unreadable")}
    read = {f"{what}_read": sum(sums[f"{what}_{part}"] for part in _PARTS) for what in ("rows", "dollars")}
    return replace(receipt, **sums, **read)


def _place_of(issue: Issue) -> tuple[int, int, str]:
    cell = issue.where.cell
    column = cell.rstrip("0123456789")
    row = cell[len(column) :]
    return (int(row) if row else 0, len(column), column)


def missing_columns(sheet: Sheet, header: Header) -> list[Issue]:
    """Find needed columns that a sheet of commitments does not have.

    Args:
        sheet: The sheet.
        header: Its header.
    """
    present = header.fields.keys()
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
