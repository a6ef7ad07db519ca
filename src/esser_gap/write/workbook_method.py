"""What the workbook was made from and how: every file, commitment and source, every word and the rounding rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap import __version__
from esser_gap.fiscal_year import year_name
from esser_gap.issues import numbered
from esser_gap.view.case import case_of, years_word
from esser_gap.view.source_terms import source_place, terms_of
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.view.years import source_amounts

if TYPE_CHECKING:
    from esser_gap.model.origin import Origin
    from esser_gap.projecting import Projection

_TERMS = (
    ("Commitment", "One thing the district pays for and has to keep paying for, replace, or drop."),
    ("Fiscal year", "Twelve months, named by the calendar year they end in: FY2027 ends in 2027."),
    ("Payment", "A dated part of a cost: the first day of the month in which it falls due."),
    ("Cost", "What falls due in a fiscal year, budget basis, in dollars of that year (nominal)."),
    ("Source", "Where money comes from, with rules that say what it may pay and how much of it."),
    ("Award", "An amount of a source with the days between which payments may be dated."),
    ("Sustained", "The part of a cost that recurring sources pay."),
    ("Bridged", "The part that one-time sources pay: the service goes on, but nobody pays once they end."),
    ("Gap", "Cost less sustained less bridged: the part that nobody pays. Shown in parentheses; never negative."),
    ("Structural gap", "Cost less sustained: what would be missing without one-time money."),
    ("Lost on", "The date of the first payment that is not paid in full."),
    ("Decide by", "That date less the notice that the contract or the law asks for."),
    (
        "First to lose",
        (
            "Order: date of the first payment not paid in full, then what is mandated, then priority (1 is kept to the"
            " last), then the larger gap over all years."
        ),
    ),
    ("At risk through", "A commitment requires, directly or through others, one that has a gap in the year."),
    (
        "Who is paid first",
        (
            "In each year sources are drawn in the order listed. Each serves mandated commitments first, then by"
            " priority, then in the order of the file, and of one commitment the earliest payment first."
        ),
    ),
    (
        "Rounding",
        (
            "Every amount is rounded to whole cents, half away from zero, when it is computed; totals are sums of the"
            " rounded amounts. Pages in whole dollars only show fewer digits: the cells hold the cents."
        ),
    ),
    ("Signs", "A shortfall stands in parentheses, zero as a dash; an empty cell means that nothing applies."),
    (
        "What it does not say",
        (
            "It is a projection under the assumptions listed, not a budget, a forecast of revenue or legal advice. It"
            " does not judge what a commitment is worth, and knows no cost that the file does not name. The figures are"
            " values: changing a cell changes no other cell."
        ),
    ),
)


def method_table() -> Table:
    """Explain every word that the workbook uses, the order of funding and the rounding rule."""
    rows = tuple(Row(term) for term in _TERMS)
    return Table(
        "method", "Method: what the words mean", (Heading("Term", width=20), Heading("Meaning", width=100)), rows
    )


def files_table(projection: Projection) -> Table:
    """List what the run was made from: program, dates, scenarios, and every input file with its SHA-256.

    Args:
        projection: Everything projected.
    """
    settings = projection.settings
    rows = [
        Row(("program", "esser-gap", __version__)),
        Row(("as-of date", settings.as_of.isoformat(), "")),
        Row(("fiscal years", f"{settings.years} from {year_name(settings.first_year)}", "")),
        *(Row(("scenario", scenario.name, str(scenario.origin.where()))) for scenario in projection.scenarios),
        *(Row((f"{file.role} file", file.name, file.sha256)) for file in projection.budget.files),
    ]
    headings = (Heading("What", width=16), Heading("Name", width=30), Heading("Version, place or SHA-256", width=66))
    return Table("files", "What this workbook was made from", headings, tuple(rows))


def commitments_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List the commitments as the scenario has them, as the key to the ids of the other sheets.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
    """
    plan = case_of(projection, district=district, scenario=scenario).plan
    rows = tuple(
        Row(
            (
                c.id,
                c.name,
                c.category.value,
                c.kind.value.replace("_", " "),
                c.base,
                "; ".join(f"{part.source} {(part.share * 100).normalize():f}%" for part in c.funded_by),
                c.mandated,
                c.priority,
                "; ".join(c.requires),
                _row_of(c.origin),
            )
        )
        for c in plan.commitments
    )
    headings = (
        Heading("Id", Show.CODE),
        Heading("Name", width=28),
        Heading("Category", width=14),
        Heading("Kind", width=11),
        Heading("Cost as given", Show.CENTS),
        Heading("Funded by today", width=22),
        Heading("Mandated", Show.CODE),
        Heading("Priority", Show.NUMBER),
        Heading("Requires", width=12),
        Heading("Place", width=23),
    )
    notes = ("cost as given: a year's cost or salary, or the whole price of a replacement, before growth and benefits",)
    return Table("commitments", "Commitments", headings, rows, notes)


def _row_of(origin: Origin) -> str:
    place = origin.sheet or origin.file
    return f"{place}, {numbered(origin.rows)}" if origin.rows else place


def sources_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List the sources in the order drawn as listed, with their terms, what they pay, and where they come from.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
    """
    case = case_of(projection, district=district, scenario=scenario)
    paid = source_amounts(case.rows("coverage"), case.horizon)
    rows = tuple(
        Row(
            (
                source.name,
                "recurring" if source.recurring else "one-time",
                sum(paid.get(source.name, ())),
                terms_of(source, case.plan, case.horizon),
                source_place(source, case.plan),
            )
        )
        for source in case.plan.sources
    )
    headings = (
        Heading("Source", width=22),
        Heading("Money", Show.CODE),
        Heading(f"Pays over {years_word(case.horizon)}", Show.DOLLARS),
        Heading("Terms", width=70),
        Heading("From", width=24),
    )
    return Table("sources", "Sources of money", headings, rows)
