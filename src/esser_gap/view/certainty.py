"""The gap if more money came than the scenario counts on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.model.words import Certainty
from esser_gap.money import to_dollars
from esser_gap.plan.certainty import gaps_by_certainty, is_all_secured
from esser_gap.view.case import case_of
from esser_gap.view.table import Heading, Row, Table
from esser_gap.view.years import year_headings, year_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection

_LABELS = {
    Certainty.SECURED: "Secured only",
    Certainty.LIKELY: "Likely, too",
    Certainty.POSSIBLE: "Possible, too",
}


def certainty_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """Show the gap by fiscal year with secured money only, with likely money, too, and with possible money, too.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        One row a certainty, the one that the scenario counts marked, in dollars by fiscal year and over all of them;
        no row where every source is secured, so that nothing would change.
    """
    case = case_of(projection, district=district, scenario=scenario)
    headings = (Heading("What counts", width=34), *year_headings(case.horizon, is_shortfall=True))
    title = "Gap if more money came"
    if is_all_secured(case.plan):
        return Table("certainty", title, headings, (), ("every source is secured, so that nothing would change",))
    rows = tuple(
        _row(least, gaps, is_counted=least is case.plan.scenario.count)
        for least, gaps in gaps_by_certainty(case.plan, case.horizon).items()
    )
    return Table("certainty", title, headings, rows, (*_named(case.plan), year_note(case.horizon)))


def _row(least: Certainty, gaps: list[int], *, is_counted: bool) -> Row:
    dollars = [to_dollars(cents) for cents in gaps]
    label = f"{_LABELS[least]} (counts here)" if is_counted else _LABELS[least]
    return Row((label, *dollars, sum(dollars, Decimal(0))))


def _named(plan: DistrictPlan) -> Iterator[str]:
    """Name the money that is not secured."""
    for certainty in (Certainty.LIKELY, Certainty.POSSIBLE):
        names = [source.name for source in plan.sources if source.certainty is certainty]
        if names:
            yield f"{certainty}: {', '.join(names)}"
