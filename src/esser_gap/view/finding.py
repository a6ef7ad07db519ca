"""The finding: one sentence that a board member understands, made from the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esser_gap.model.words import Certainty
from esser_gap.view.amounts import in_words, whole_percent
from esser_gap.view.case import Case, case_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from esser_gap.projecting import Projection

_PARTS = ("cost", "sustained", "bridged", "gap")


def finding(projection: Projection, *, district: str, scenario: str) -> str:
    """Say what the commitments of a district need, what is missing, from when, and what is only bridged.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario; it is named when there are several.

    Returns:
        One sentence.
    """
    case = case_of(projection, district=district, scenario=scenario)
    return f"{_under(projection, scenario)}{_sentence(case)}"


def findings(projection: Projection, *, scenario: str) -> tuple[str, ...]:
    """Give the finding of every district under a scenario and, when there are several, of all together.

    Args:
        projection: Everything projected.
        scenario: Name of the scenario.

    Returns:
        One sentence a district, then one for all of them.
    """
    names = [d.name for d in projection.budget.districts]
    sentences = tuple(finding(projection, district=name, scenario=scenario) for name in names)
    return (*sentences, _all_districts(projection, scenario)) if len(names) > 1 else sentences


def certainty(projection: Projection, *, district: str, scenario: str) -> str:
    """Say which certainty of money counts, and name the sources that do not.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        One sentence.
    """
    plan = case_of(projection, district=district, scenario=scenario).plan
    counts = plan.scenario.count
    left_out = [f"{s.name} ({s.certainty})" for s in plan.sources if s.certainty.rank > counts.rank]
    words = [word.value for word in Certainty if word.rank <= counts.rank]
    opening = f"Only {words[0]} money counts" if len(words) == 1 else f"{_listed(words).capitalize()} money counts"
    return f"{opening}; left out: {', '.join(left_out)}." if left_out else f"{opening}."


def certainties(projection: Projection) -> tuple[str, ...]:
    """Say for every district and scenario which certainty of money counts, each sentence once.

    Args:
        projection: Everything projected.
    """
    said = (certainty(projection, district=p.district.name, scenario=p.scenario.name) for p in projection.plans)
    return tuple(dict.fromkeys(said))


def _under(projection: Projection, scenario: str) -> str:
    return f"Under `{scenario}`, " if len(projection.scenarios) > 1 else ""


def _sentence(case: Case) -> str:
    name = case.plan.district.name
    sums = _sums(case.rows("years"))
    if not sums["cost"]:
        return f"{name} {_nothing(case)} {_over(case)}."
    count = case.rows("costs").filter(pl.col("cost") > 0)["commitment"].n_unique()
    needs = f"{name} needs {in_words(sums['cost'])} {_over(case)} to keep {_counted(count, 'commitment')}"
    return f"{needs}; {_funding(sums, _beginning(case))}."


def _nothing(case: Case) -> str:
    """Say why there is no cost: nothing is to be paid, or no row is left that says what."""
    is_left_out = not case.plan.commitments and bool(case.projection.budget.rejected)
    return (
        "has no figures, since all its rows have errors and are left out," if is_left_out else "has nothing to pay for"
    )


def _all_districts(projection: Projection, scenario: str) -> str:
    years = projection.years.filter(pl.col("scenario") == scenario)
    sums = _sums(years)
    short = years.filter(pl.col("gap") > 0)["district"].n_unique()
    count = len(projection.budget.districts)
    under = _under(projection, scenario)
    together = f"{under}{'all' if under else 'All'} {count} districts together"
    if not sums["cost"]:
        return f"{together} have nothing to pay for."
    where = f", in {_counted(short, 'district')}"
    return f"{together} need {in_words(sums['cost'])} over all years; {_funding(sums, where)}."


def _funding(sums: Mapping[str, Decimal], where: str) -> str:
    cost, bridged, gap = sums["cost"], sums["bridged"], sums["gap"]
    if gap:
        missing = f"{in_words(gap)} ({whole_percent(gap, cost)}) has no funding{where}"
        return f"{missing}, and one-time money bridges another {in_words(bridged)}" if bridged else missing
    if bridged:
        return f"all of it is funded, but {in_words(bridged)} ({whole_percent(bridged, cost)}) only by one-time money"
    return "recurring sources pay all of it"


def _beginning(case: Case) -> str:
    first = case.rows("losses").head(1).to_dicts()
    if not first:
        return ""
    commitment = case.commitments()[first[0]["commitment"]]
    return f", beginning with `{commitment.name}` on {first[0]['funding_lost_on']}"


def _sums(years: pl.DataFrame) -> dict[str, Decimal]:
    return years.select(pl.col(*_PARTS).sum()).row(0, named=True)


def _over(case: Case) -> str:
    return f"in {case.span}" if case.horizon.count == 1 else f"over {case.span}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]])
