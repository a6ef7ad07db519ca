"""Sources of money from a Funding sheet or from YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, any_error, error, note
from esser_gap.model.origin import Origin
from esser_gap.model.record import FieldForm, Form, forms_of
from esser_gap.model.source import Award, Source, YearlyGrowth, same_name
from esser_gap.read.calendars import day_or_period
from esser_gap.read.dates import Period
from esser_gap.read.fields import make_record, parse_field, parse_fields, record_from_document
from esser_gap.read.sheets import Sheet, letters
from esser_gap.read.tables import Header, body_rows, find_header, header_issues
from esser_gap.read.templates import USE, Templates, is_use
from esser_gap.read.total_labels import Label, kind_of_label
from esser_gap.read.units import unit_of
from esser_gap.read.values import NotUnderstood, is_blank, parse_fiscal_year, shown
from esser_gap.read.yaml_documents import Document, parse_yaml
from esser_gap.read.yearly import YEAR, parse_yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esser_gap.model.template import Template
    from esser_gap.read.calendars import Calendars
    from esser_gap.read.template_uses import Made
    from esser_gap.read.values import Raw
    from esser_gap.read.yaml_documents import Path

    Place = Callable[[str], Where]

AWARD_FIELDS = ("amount", "from", "through", "liquidate_by")
_AWARD_DAYS = AWARD_FIELDS[1:]
FIELDS: tuple[str, ...] = (*forms_of(Source), *AWARD_FIELDS, "growth")
"""Columns of a Funding sheet: the fields of a source and those of one award."""

_MONEY = FieldForm("amount", Form.MONEY)
_YEAR_HEADING = re.compile(r"(FY|SY)\s*'?\d{2,4}([-/]\d{2,4})?|\d{4}([-/]\d{2,4})?", re.IGNORECASE)


def year_of_heading(heading: Raw) -> int | None:
    """Give the fiscal year that a column heading names (`FY2027`, `2026-27`), None when it names none."""
    text = shown(heading)
    if not _YEAR_HEADING.fullmatch(text):
        return None
    try:
        return parse_fiscal_year(text, YEAR)
    except NotUnderstood:
        return None


# --- from YAML ---------------------------------------------------------------------------------


def sources_from_document(
    document: Document,
    path: Path,
    issues: list[Issue],
    calendars: Calendars | None = None,
    templates: Templates | None = None,
) -> list[Source]:
    """Read one source from a YAML mapping, or those that the template it uses makes.

    Args:
        document: The document.
        path: Keys that lead to the mapping.
        issues: Problems are added here.
        calendars: When fiscal years start, for awards whose days are years; left out: such are refused.
        templates: Finds templates; left out: a file is looked for in the working directory.
    """
    values = document.value_at(path)
    if not isinstance(values, dict) or not is_use(values):
        source = source_from_document(document, path, issues, calendars)
        return [] if source is None else [source]

    def where(name: str) -> Where:
        return document.where((*path, name))

    from esser_gap.read.template_uses import made_sources

    made = made_sources(values, where, issues, templates or Templates())
    sources = [_made_source(one, where, document.origin(path), issues, calendars) for one in made]
    return [source for source in sources if source is not None]


def example_sources(name_or_path: str, template: Template) -> list[Source]:
    """Let a template make what its worked example asks for.

    Args:
        name_or_path: What `use` says.
        template: The template of that name.

    Raises:
        InputError: When the example is not understood.
    """
    issues: list[Issue] = []
    document = Document(f"{template.name}.yaml", {**template.example, USE: name_or_path})
    sources = sources_from_document(document, (), issues)
    if any_error(issues):
        raise InputError(issues)
    return sources


def _made_source(
    made: Made, where: Place, origin: Origin, issues: list[Issue], calendars: Calendars | None
) -> Source | None:
    """Parse what a template made, and what the user gave in its place."""
    found: list[Issue] = []
    parsed = parse_source_values(made.fields, where, found, calendars)
    issues.extend(found)
    return None if any_error(found) else make_record(Source, {**parsed, **made.own}, origin, issues, where)


def source_from_document(
    document: Document, path: Path, issues: list[Issue], calendars: Calendars | None = None
) -> Source | None:
    """Read one source from a YAML mapping.

    Args:
        document: The document.
        path: Keys that lead to the mapping.
        issues: Problems are added here.
        calendars: When fiscal years start, for awards whose days are years; left out: such are refused.
    """
    example = "{name: ..., recurring: yes, basis: assigned}"
    parse_values = partial(parse_source_values, calendars=calendars)
    return record_from_document(Source, document, path, parse_values, example, issues)


def parse_source_values(
    values: Mapping[str, Any], where: Place, issues: list[Issue], calendars: Calendars | None = None
) -> dict[str, Any]:
    """Parse the values of a source, or of a change to one.

    Args:
        values: Raw values by field.
        where: Gives the place of a field.
        issues: Problems are added here.
        calendars: When fiscal years start, for awards whose days are years; left out: such are refused.

    Returns:
        Typed values by field, awards and yearly amounts as records.
    """
    district = values.get("district")
    if is_use(values):
        message = "a template makes a new source, it does not change one"
        hint = "write the source with `use` under `sources.add`, or the new values themselves"
        issues.append(error("structure-not-understood", message, where=where(USE), field=USE, hint=hint))
    own = {
        "awards": lambda raw: _awards(raw, where("awards"), issues, calendars, district),
        "yearly": lambda raw: _yearly(raw, where("yearly"), issues),
    }
    return parse_fields(Source, values, where, issues, own)


def _awards(
    raw: Any, where: Where, issues: list[Issue], calendars: Calendars | None, district: Raw
) -> tuple[Award, ...] | None:
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        hint = "write a list such as [{amount: 50000, from: 2026-07-01, through: 2027-06-30}]"
        message = "`awards` is not a list of awards"
        issues.append(error("awards-not-understood", message, where=where, field="awards", found=shown(raw), hint=hint))
        return None

    def place(_: str) -> Where:
        return where

    parsed = [_award_values(item, place, issues, calendars, district) for item in raw]
    awards = [make_record(Award, values, Origin(), issues, place) for values in parsed]
    return tuple(award for award in awards if award is not None)


def _award_values(
    raw: Mapping[str, Any], where: Place, issues: list[Issue], calendars: Calendars | None, district: Raw
) -> dict[str, Any]:
    """Parse the values of an award; a year in place of a day is its first or last day."""
    found: list[tuple[str, Any]] = []
    for name, value in raw.items():
        if calendars is not None and name in _AWARD_DAYS:
            day = parse_field(value, forms_of(Award)[name], where(name), [], day_or_period)
            if isinstance(day, Period):
                settled, issue = calendars.settled(day, name, shown(district), shown(value), where(name))
                issues.append(issue)
                found.append((name, settled))
                continue
        found.append((name, value))
    return parse_fields(Award, dict(found), where, issues)


def _yearly(raw: Any, where: Where, issues: list[Issue]) -> dict[int, Any] | YearlyGrowth | None:
    def place(_: str) -> Where:
        return where

    if isinstance(raw, dict) and "amount" in raw:
        parsed = parse_fields(YearlyGrowth, raw, place, issues)
        return make_record(YearlyGrowth, parsed, Origin(), issues, place)
    if isinstance(raw, dict) and raw:
        return parse_yearly(raw, _MONEY, place, issues)
    hint = "write {FY2027: 450000, FY2028: 450000} or {amount: 450000, growth: 3%, from: FY2027}"
    message = "`yearly` is not amounts by fiscal year"
    issues.append(error("yearly-not-understood", message, where=where, field="yearly", found=shown(raw), hint=hint))
    return None


# --- from a sheet ------------------------------------------------------------------------------


def sources_from_sheet(
    sheet: Sheet, issues: list[Issue], calendars: Calendars | None = None, templates: Templates | None = None
) -> list[Source]:
    """Read a Funding sheet: one row an award, several rows with one name being awards of one source.

    Args:
        sheet: The sheet; columns are headed by the names of the fields, yearly amounts by fiscal years.
        issues: Problems are added here.
        calendars: When fiscal years start, for awards whose days are years; left out: such are refused.
        templates: Finds templates; left out: a file is looked for in the working directory.
    """
    header = find_header(sheet, FIELDS, "source", ("name",))
    if header is None:
        message = "no row here has the headings of sources of money"
        hint = "head the columns: name, recurring, basis, amount, from, through"
        issues.append(error("header-not-found", message, where=Where(sheet.file, sheet.name), hint=hint))
        return []
    years = {place: year for place in header.others if (year := year_of_heading(sheet.rows[header.row][place]))}
    others = tuple(place for place in header.others if place not in years)
    issues.extend(header_issues(sheet, Header(header.row, header.fields, others), FIELDS, "source"))
    issues.extend(_unit_issues(sheet, header))
    grouped: dict[tuple[str, str], list[tuple[int, list[Raw]]]] = {}
    for number, row in body_rows(sheet, header):
        if _is_total(sheet, number, shown(_cell(row, header.fields["name"])), issues):
            continue
        name = same_name(shown(_cell(row, header.fields["name"])))
        grouped.setdefault((name, same_name(shown(_cell(row, header.fields.get("district"))))), []).append(
            (number, row)
        )
    reader = _RowsReader(sheet, header, years, issues, calendars, templates or Templates())
    return [source for rows in grouped.values() for source in reader.sources_of(rows)]


def _is_total(sheet: Sheet, number: int, name: str, issues: list[Issue]) -> bool:
    """Pass over a row that is called a total, since money must not be counted twice."""
    if kind_of_label(name) is not Label.TOTAL:
        return False
    message = f"the row `{name}` is taken as a total of the sources and is no source"
    hint = "call it otherwise, if it is one"
    where = Where(sheet.file, sheet.name, f"row {number}")
    issues.append(note("total-of-sources", message, where=where, found=name, hint=hint))
    return True


def _unit_issues(sheet: Sheet, header: Header) -> list[Issue]:
    """Refuse amounts in thousands: what is read of sources are dollars."""
    above = [shown(cell) for row in sheet.rows[: header.row] for cell in row if isinstance(cell, str)]
    place = header.fields.get("amount")
    own = [] if place is None else [shown(sheet.rows[header.row][place])]
    said = next((text for text in (*own, *above) if (unit := unit_of(text)) is not None and unit.factor != 1), None)
    if said is None:
        return []
    message = f"`{said}` speaks of another unit, and amounts of sources are read in dollars"
    hint = "write dollars, and take the unit out of the heading or title"
    where = Where(sheet.file, sheet.name, f"row {header.row + 1}")
    return [error("unit-unclear", message, where=where, field="amount", found=said, hint=hint)]


def _cell(row: list[Raw], place: int | None) -> Raw:
    return "" if place is None or place >= len(row) or row[place] is None else row[place]


@dataclass(frozen=True, slots=True)
class _RowsReader:
    """Reads the rows of each source of a sheet.

    Attributes:
        sheet: The sheet.
        header: Its header.
        years: Fiscal years of the columns of yearly amounts.
        issues: Problems are added here.
        calendars: When fiscal years start.
        templates: Finds templates.
    """

    sheet: Sheet
    header: Header
    years: Mapping[int, int]
    issues: list[Issue]
    calendars: Calendars | None
    templates: Templates

    def sources_of(self, rows: list[tuple[int, list[Raw]]]) -> list[Source]:
        """Read the rows of one source, or of those that its template makes."""
        before = len(self.issues)
        numbers = tuple(number for first, _ in rows for number in self.sheet.rows_of(first))
        origin = Origin(self.sheet.file, self.sheet.name, numbers, self.header.columns)
        values = _agreed_values(self.sheet, self.header, rows, self.issues)
        if is_use(values):
            from esser_gap.read.template_uses import made_sources

            made = made_sources(values, origin.where, self.issues, self.templates)
            parsed = [
                {**parse_source_values(one.fields, origin.where, self.issues, self.calendars), **one.own}
                for one in made
            ]
        else:
            parsed = [parse_source_values(values, origin.where, self.issues, self.calendars)]
        money = self._money(rows, origin)
        if any_error(self.issues[before:]) or not parsed:
            return []
        # Amounts in the row are those of the first source that a template makes, in place of the template's.
        if money and is_use(values):
            parsed[0] = {name: value for name, value in parsed[0].items() if name not in {"awards", "yearly"}}
        parsed[0] = _with_money(parsed[0], money)
        records = [make_record(Source, one, origin, self.issues) for one in parsed]
        return [record for record in records if record is not None]

    def _money(self, rows: list[tuple[int, list[Raw]]], origin: Origin) -> dict[str, Any]:
        """Read awards and yearly amounts from the columns for them."""
        awards = [_award(self.sheet, self.header, number, row, self.issues, self.calendars) for number, row in rows]
        listed = tuple(award for award in awards if award is not None)
        yearly = _yearly_columns(self.sheet, self.years, rows, self.issues)
        growth = next((_cell(row, self.header.fields.get("growth")) for _, row in rows), "")
        money: dict[str, Any] = {}
        if not is_blank(growth) and listed:
            money["yearly"] = _grown(listed[0], growth, origin, self.issues)
        elif listed:
            money["awards"] = listed
        return {**money, "yearly": yearly} if yearly else money


def _with_money(parsed: dict[str, Any], money: Mapping[str, Any]) -> dict[str, Any]:
    awards = (*parsed.get("awards", ()), *money.get("awards", ()))
    return {**parsed, **money, **({"awards": awards} if awards else {})}


def _grown(award: Award, growth: Raw, origin: Origin, issues: list[Issue]) -> YearlyGrowth | None:
    form = forms_of(YearlyGrowth)["growth"]
    rate = parse_field(growth, form, origin.where("growth"), issues)
    if award.amount is None or award.from_ or award.through or rate is None:
        message = "`growth` needs an amount, and neither `from` nor `through`: there is one award a fiscal year"
        hint = "write amount and growth only, or `{amount: 450000, growth: 3%, from: FY2027}` in `yearly`"
        issues.append(error("growth-unclear", message, where=origin.where("growth"), field="growth", hint=hint))
        return None
    return YearlyGrowth(amount=award.amount, growth=rate)


def _agreed_values(
    sheet: Sheet, header: Header, rows: list[tuple[int, list[Raw]]], issues: list[Issue]
) -> dict[str, Raw]:
    """Give each field's value; in further rows of a source it may be blank or the same, nothing else."""
    values: dict[str, Raw] = {}
    for name, place in header.fields.items():
        if name in AWARD_FIELDS or name == "growth":
            continue
        for number, row in rows:
            raw = _cell(row, place)
            if is_blank(raw):
                continue
            if name in values and shown(values[name]) != shown(raw) and name != "name":
                where = Where(sheet.file, sheet.name, f"{letters(place)}{number}")
                message = f"`{name}` differs from the source's first row, which says `{shown(values[name])}`"
                hint = "write the same, or leave it blank in further rows of the source"
                issues.append(error("rows-differ", message, where=where, field=name, found=shown(raw), hint=hint))
            values.setdefault(name, raw)
    for name in ("awards", "yearly"):
        if isinstance(values.get(name), str):
            where = Where(sheet.file, sheet.name, f"{letters(header.fields[name])}{rows[0][0]}")
            values[name] = _structure(values[name], name, where, issues)
    return values


def _structure(text: str, name: str, where: Where, issues: list[Issue]) -> Any:
    """Read `{FY2027: 450000, FY2028: 450000}`, with or without its braces, out of a cell."""
    body = text.strip().replace(";", ",")
    opening, closing = ("[", "]") if name == "awards" else ("{", "}")
    try:
        return parse_yaml(body if body.startswith(opening) else f"{opening}{body}{closing}", "").value
    except InputError as problem:
        issues.extend(issue.at(where) for issue in problem.issues)
        return None


def _award(
    sheet: Sheet, header: Header, number: int, row: list[Raw], issues: list[Issue], calendars: Calendars | None
) -> Award | None:
    origin = Origin(sheet.file, sheet.name, sheet.rows_of(number), header.columns)
    raw = {name: _cell(row, header.fields[name]) for name in AWARD_FIELDS if name in header.fields}
    given = {name: value for name, value in raw.items() if not is_blank(value)}
    if not given:
        return None
    district = _cell(row, header.fields.get("district"))
    return make_record(Award, _award_values(given, origin.where, issues, calendars, district), origin, issues)


def _yearly_columns(
    sheet: Sheet, years: Mapping[int, int], rows: list[tuple[int, list[Raw]]], issues: list[Issue]
) -> dict[int, Any]:
    amounts: dict[int, Any] = {}
    for place, year in years.items():
        for number, row in rows:
            raw = _cell(row, place)
            amount = parse_field(raw, _MONEY, Where(sheet.file, sheet.name, f"{letters(place)}{number}"), issues)
            if amount is not None:
                amounts[year] = amounts.get(year, 0) + amount
    return amounts
