"""The pages for people, in the order of a board packet, and what each shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esser_gap.view.assumptions import assumptions_table
from esser_gap.view.breakdown import by_category_table, by_goal_table
from esser_gap.view.case import case_of
from esser_gap.view.certainty import certainty_table
from esser_gap.view.comparison import comparison_table, newly_lost_table
from esser_gap.view.decisions import decisions_table
from esser_gap.view.eligibility import eligibility_of_all
from esser_gap.view.endings import endings_table
from esser_gap.view.first_to_lose import at_risk_table, first_to_lose_table
from esser_gap.view.issues import issues_table, receipts_table
from esser_gap.view.table import Heading, Table
from esser_gap.write.workbook_formats import Formats, Line
from esser_gap.write.workbook_method import commitments_table, files_table, method_table, sources_table
from esser_gap.write.workbook_page import Footer, Page
from esser_gap.write.workbook_widths import page_widths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xlsxwriter import Workbook  # noqa: TID251

    from esser_gap.projecting import Projection

MOST_ROWS = 1_000_000
"""Rows that a page shows at most; a sheet holds a few more."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page to be drawn.

    Attributes:
        name: Name of the sheet.
        about: What its figures are of, in one line.
        table: What it shows.
        columns: How many columns stay in sight when a wide table is scrolled.
    """

    name: str
    about: str
    table: Table
    columns: int = 0


def findings_sheets(projection: Projection) -> Iterator[Sheet]:
    """Give the pages that follow the summary: what is lost, and what to decide.

    Args:
        projection: Everything projected.
    """
    about = _about(projection, "whole dollars")
    yield Sheet("First to lose", about, _joined(projection, first_to_lose_table))
    yield Sheet("Decisions", about, _joined(projection, decisions_table))
    yield Sheet("At risk", about, _joined(projection, at_risk_table))
    yield Sheet("Money that ends", about, _joined(projection, endings_table))
    yield Sheet("If more money came", about, _joined(projection, certainty_table))


def breakdown_sheets(projection: Projection) -> Iterator[Sheet]:
    """Give the pages that break the gap down.

    Args:
        projection: Everything projected.
    """
    about = _about(projection, "whole dollars")
    yield Sheet("By category", about, _joined(projection, by_category_table))
    yield Sheet("By goal", about, _joined(projection, by_goal_table))


def basis_sheets(projection: Projection) -> Iterator[Sheet]:
    """Give the pages that say what the figures rest on.

    Args:
        projection: Everything projected.
    """
    yield Sheet("Assumptions", dated(projection, ""), by_district(projection, lambda d: _assumptions(projection, d)))
    about = _about(projection, "whole dollars")
    yield Sheet("Sources", about, _joined(projection, sources_table))
    eligible = eligibility_of_all(projection, scenario=projection.scenarios[0].name)
    where = "the rules and where they stand are on the sheet Sources"
    named = 2 if len(projection.budget.districts) > 1 else 1
    yield Sheet("Eligibility", _about(projection, ""), replace(eligible, notes=(*eligible.notes, where)), columns=named)
    yield Sheet("Commitments", _about(projection, "dollars and cents"), _joined(projection, commitments_table))


def trust_sheets(projection: Projection, checks: Table) -> Iterator[Sheet]:
    """Give the last pages: checks, issues, receipts, files and method.

    Args:
        projection: Everything projected.
        checks: What `checks_table` gave.
    """
    yield Sheet("Checks", dated(projection, "dollars and cents"), checks)
    yield Sheet("Issues", dated(projection, ""), issues_table(projection))
    yield Sheet("Receipts", dated(projection, "dollars and cents"), receipts_table(projection))
    yield Sheet("Files", dated(projection, ""), files_table(projection))
    yield Sheet("Method", dated(projection, ""), method_table())


def add_sheet(book: Workbook, formats: Formats, sheet: Sheet, footer: Footer) -> None:
    """Add a page with one table.

    Args:
        book: Workbook.
        formats: Its formats.
        sheet: What the page shows.
        footer: What stands under every printed page.
    """
    table = _limited(sheet.table)
    page = Page(book.add_worksheet(sheet.name), formats, page_widths([table]))
    page.say(table.title, Line.TITLE)
    page.say(sheet.about, Line.SUBTITLE)
    placed = page.draw(table)
    for note in table.notes:
        page.say(note[:1].upper() + note[1:], Line.NOTE)
    page.finish(footer, repeat=placed, columns=sheet.columns)


def scenario_sheets(projection: Projection) -> Iterator[Sheet]:
    """Give the pages that set several scenarios side by side; none for a single one.

    Args:
        projection: Everything projected.
    """
    if len(projection.scenarios) == 1:
        return
    about = dated(projection, "whole dollars")
    described = tuple(f"scenario {s.name}: {s.description}" for s in projection.scenarios if s.description)
    compared = by_district(projection, lambda name: comparison_table(projection, district=name))
    yield Sheet("Scenarios", about, replace(compared, notes=(*compared.notes, *described)))
    changed = by_district(projection, lambda name: newly_lost_table(projection, district=name))
    yield Sheet("Scenario changes", about, changed)


def _joined(projection: Projection, view: Callable[..., Table]) -> Table:
    name = projection.scenarios[0].name
    return by_district(projection, lambda district: view(projection, district=district, scenario=name))


def by_district(projection: Projection, view: Callable[[str], Table]) -> Table:
    """Make one table of the tables of all districts; with several, the first column names the district.

    Args:
        projection: Everything projected.
        view: Gives the table of a district by its name.
    """
    names = [district.name for district in projection.budget.districts]
    tables = [view(name) for name in names]
    if len(tables) == 1:
        return tables[0]
    rows = tuple(
        replace(row, cells=(name, *row.cells)) for name, table in zip(names, tables, strict=True) for row in table.rows
    )
    return replace(
        tables[0], headings=(Heading("District", width=18), *tables[0].headings), rows=rows, notes=_notes(names, tables)
    )


def _notes(names: Sequence[str], tables: Sequence[Table]) -> tuple[str, ...]:
    """Give the notes that all districts share once, and the others with the district they are about."""
    shared = [note for note in tables[0].notes if all(note in table.notes for table in tables)]
    own = (
        f"{name}: {note}"
        for name, table in zip(names, tables, strict=True)
        for note in table.notes
        if note not in shared
    )
    return (*shared, *own)


def _assumptions(projection: Projection, district: str) -> Table:
    """List the assumptions of the first scenario, and those of the others that are not the same."""
    first, *others = projection.scenarios
    table = assumptions_table(projection, district=district, scenario=first.name)
    known = {row.cells[:2] for row in table.rows}
    rows = [row for row in table.rows if row.cells[0] not in _listed_sources(projection, district)]
    note = f"the terms of the sources of `{first.name}` stand on the sheet Sources"
    if not others:
        return replace(table, rows=tuple(rows), notes=(*table.notes, note))
    rows = [replace(row, cells=(first.name, *row.cells)) for row in rows]
    for scenario in others:
        other = assumptions_table(projection, district=district, scenario=scenario.name)
        rows += [replace(row, cells=(scenario.name, *row.cells)) for row in other.rows if row.cells[:2] not in known]
    headings = (Heading("Scenario", width=14), *table.headings)
    same = f"the other scenarios assume the same as `{first.name}` in everything that is not listed for them"
    return replace(table, headings=headings, rows=tuple(rows), notes=(*table.notes, note, same))


def _listed_sources(projection: Projection, district: str) -> set[str]:
    plan = case_of(projection, district=district, scenario=projection.scenarios[0].name).plan
    return {f"Source, {source.name}" for source in plan.sources}


def _limited(table: Table) -> Table:
    if len(table.rows) <= MOST_ROWS:
        return table
    note = f"{len(table.rows) - MOST_ROWS:,} more rows do not fit on a sheet; the sheets Costs and Losses have all"
    return replace(table, rows=table.rows[:MOST_ROWS], notes=(note, *table.notes))


def _about(projection: Projection, unit: str) -> str:
    return dated(projection, unit, f"scenario {projection.scenarios[0].name}")


def dated(projection: Projection, unit: str, more: str = "") -> str:
    """Say whose figures a page shows, as of when, and in which unit.

    Args:
        projection: Everything projected.
        unit: Unit of the figures, blank where there are none.
        more: What else is to be said, such as the scenario.
    """
    day = projection.settings.as_of
    names = [district.name for district in projection.budget.districts]
    whose = names[0] if len(names) == 1 else f"{len(names)} districts"
    return "; ".join(part for part in (whose, more, f"as of {day:%B} {day.day}, {day.year}", unit) if part)
