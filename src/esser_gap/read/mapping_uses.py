"""Mappings in use: the tables they mean as columns of commitments, or as sheets of sources and district facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from esser_gap.issues import Where, error, warning
from esser_gap.model.commitment import Commitment
from esser_gap.model.mapping import Reads
from esser_gap.model.record import forms_of
from esser_gap.read.code_maps import load_code_map
from esser_gap.read.cost_headings import price_year_of
from esser_gap.read.double_counting import Accepted, double_counting, same_but_for_version, summary_sheets
from esser_gap.read.fiscal_years import fiscal_year_in
from esser_gap.read.mapped_rows import mapped_columns
from esser_gap.read.mapped_tables import mapped_sheets, mapped_tables, nearest_headings
from esser_gap.read.mappings import mappings_for, mappings_from_document
from esser_gap.read.matched_conditions import MatchedConditions
from esser_gap.read.row_notes import row_notes
from esser_gap.read.translations import Translations
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from esser_gap.issues import Issue
    from esser_gap.model.code_map import CodeMap
    from esser_gap.model.mapping import Mapping
    from esser_gap.read.mapped_tables import MappedTable
    from esser_gap.read.raw_columns import Columns
    from esser_gap.read.sheets import Sheet
    from esser_gap.read.yaml_documents import Document


@dataclass(frozen=True, slots=True)
class MappingUse:
    """A mapping with the code maps it names.

    Attributes:
        mapping: The mapping.
        code_maps: Code maps by field.
        matched: What its conditions met, over all tables that are read by it.
    """

    mapping: Mapping
    code_maps: dict[str, CodeMap] = field(default_factory=dict)
    matched: MatchedConditions = field(default_factory=MatchedConditions)

    def unmet(self) -> list[Issue]:
        """Tell which of its conditions no row of any table met."""
        return list(self.matched.issues(self.mapping))

    @property
    def reads_facts(self) -> bool:
        """Tell whether it reads sources or district facts, and not commitments."""
        return self.mapping.reads is not Reads.COMMITMENTS

    def translations(self, fiscal_year: int | None = None) -> Translations:
        """Give what values and codes mean.

        Args:
            fiscal_year: Year of the budget, for codes that meant something else before.
        """
        return Translations(self.mapping, self.code_maps, fiscal_year)


def mapping_uses(document: Document, folder: Path) -> list[MappingUse]:
    """Read a mapping file with the code maps it names.

    Args:
        document: The mapping file.
        folder: Where it lies, for code maps beside it.

    Raises:
        InputError: With everything wrong in it, or in a code map.
    """
    uses = []
    for place, mapping in enumerate(mappings_from_document(document)):
        path = ("mappings", place) if "mappings" in document.value else ()
        code_maps = {
            name: load_code_map(use.map, folder, document.where((*path, "codes", name)))
            for name, use in mapping.codes.items()
        }
        uses.append(MappingUse(mapping, code_maps))
    return uses


def uses_for(uses: Sequence[MappingUse], file: str) -> list[MappingUse]:
    """Choose the mappings that are for a file.

    Args:
        uses: All mappings.
        file: The file's name.
    """
    wanted = mappings_for([use.mapping for use in uses], file)
    return [use for use in uses if any(use.mapping is mapping for mapping in wanted)]


def mapped_commitments(
    use: MappingUse, sheets: Sequence[Sheet], issues: list[Issue]
) -> Iterator[tuple[Columns, dict[str, Any]]]:
    """Take the columns of commitments, table by table, with the values that every row gets.

    Args:
        use: The mapping.
        sheets: All sheets of a file.
        issues: Problems are added here.

    Raises:
        InputError: When a sheet that the mapping names is not there.
    """
    forms = forms_of(Commitment)
    tables = tables_of(use, sheets, issues)
    issues.extend(_sheets_of_several_years(use.mapping, tables))
    years: dict[str, Issue] = {}
    accepted: list[Accepted] = []
    for table in tables:
        constants = {name: value for name, value in table.mapping.constants.items() if name in forms}
        constants |= _price_year(table, constants, years)
        year = constants.get("price_year")
        translations = use.translations(fiscal_year_in(shown(year)) if isinstance(year, str) else year)
        columns = mapped_columns(table.mapping, table, forms, translations, issues, use.matched)
        accepted.append(_accepted(table, columns))
        issues.extend(double_counting(accepted[-1]))
        yield columns, constants
    issues.extend(years.values())
    issues.extend(summary_sheets(accepted))


def _sheets_of_several_years(mapping: Mapping, tables: Sequence[MappedTable]) -> list[Issue]:
    """Warn that sheets of several years or versions are all read, where the mapping names none."""
    names = list(dict.fromkeys(table.sheet.name.strip() for table in tables))
    several = same_but_for_version(names)
    if mapping.sheets or not several:
        return []
    named = ", ".join(f"`{name}`" for name in several)
    message = f"the rows of all these sheets are read: {named}"
    hint = f"name those that are meant: `sheets: [{several[-1]}]` in the mapping"
    where = Where(tables[0].sheet.file)
    return [warning("rows-of-several-years", message, where=where, hint=hint)]


def _accepted(table: MappedTable, columns: Columns) -> Accepted:
    mapping = table.mapping
    headings = mapping.columns.get("annual_cost", ())
    return Accepted(
        body=table.body,
        numbers={number for numbers in columns.numbers for number in numbers},
        cost=table.places.get(headings[0]) if headings else None,
        read=frozenset(table.places.values()),
        takes_titles=any(caption.title or caption.section for caption in mapping.take),
        finds_totals=mapping.find_totals,
    )


def tables_of(use: MappingUse, sheets: Sequence[Sheet], issues: list[Issue]) -> list[MappedTable]:
    """Find the tables that a mapping means, and tell what their rows were taken for.

    Args:
        use: The mapping.
        sheets: All sheets of a file.
        issues: Problems and notes are added here.

    Raises:
        InputError: When a sheet that the mapping names is not there.
    """
    chosen = mapped_sheets(use.mapping, sheets)
    if not chosen:
        issues.append(_nothing_found(use.mapping, sheets))
    tables = mapped_tables(use.mapping, chosen, issues)
    issues.extend(row_notes([table.body for table in tables]))
    return tables


def _nothing_found(mapping: Mapping, sheets: Sequence[Sheet]) -> Issue:
    names = ", ".join(f"`{sheet.name}`" for sheet in sheets[:12])
    message = f"no sheet has the headings of the mapping (sheets: {names})"
    hint = nearest_headings(mapping, sheets) or "compare `columns:` with the headings of the file"
    return error("header-not-found", message, where=Where(sheets[0].file if sheets else ""), hint=hint)


def _price_year(table: MappedTable, constants: dict[str, Any], told: dict[str, Issue]) -> dict[str, int]:
    """Take the year of prices from the heading of the cost, where nothing else says it; it is told once."""
    if "price_year" in table.mapping.columns or "price_year" in constants:
        return {}
    headings = table.mapping.columns.get("annual_cost") or table.mapping.columns.get("unit_cost") or ()
    place = table.places.get(headings[0]) if headings else None
    if place is None:
        return {}
    found: list[Issue] = []
    year = price_year_of(table.body.table, place, found)
    for issue in found:
        told.setdefault(issue.message, issue)
    return {} if year is None else {"price_year": year}
