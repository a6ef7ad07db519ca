"""The eligibility matrix: commitments by sources, each cell the share that may be paid or the rule that bars it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.money import percent
from esser_gap.plan.standings import CODES, standings
from esser_gap.view.case import Case, case_of, label_of
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.view.templates import PLEASE_CHECK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from esser_gap.model.source import Source
    from esser_gap.plan.standings import Standing
    from esser_gap.projecting import Projection

OTHER_DISTRICT = "other district"
_PARTLY = "*"
_MEANINGS = {
    **CODES,
    _PARTLY: "only payments of some projected years fall inside its period",
    OTHER_DISTRICT: "its money is another district's",
}
_SHARE_NOTE = (
    f"a share is the most of a payment that the source may pay, whether or not its money suffices; {PLEASE_CHECK}"
)


def eligibility_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """Set every commitment of a district against every source.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        One row a commitment, as listed, and one column a source: the share of a payment that appears eligible, or a
        short word for the rule that bars it; underneath, what the words mean.
    """
    return _table([case_of(projection, district=district, scenario=scenario)])


def eligibility_of_all(projection: Projection, *, scenario: str) -> Table:
    """Set every commitment of every district against every source; a district's own sources stand in the same columns.

    Args:
        projection: Everything projected.
        scenario: Name of the scenario.

    Returns:
        As `eligibility_table`, with the district in the first column where there are several.
    """
    names = [district.name for district in projection.budget.districts]
    return _table([case_of(projection, district=name, scenario=scenario) for name in names])


def _table(cases: Sequence[Case]) -> Table:
    columns = dict.fromkeys(_heading(source, case) for case in cases for source in case.plan.sources)
    rows: list[Row] = []
    met: dict[str, None] = {}
    for case in cases:
        found = standings(case.plan, case.horizon, case.rows("payments"))
        own = [_heading(source, case) for source in case.plan.sources]
        for commitment, row in zip(case.plan.commitments, found, strict=True):
            cells = {heading: _cell(standing) for heading, standing in zip(own, row, strict=True)}
            met.update(dict.fromkeys(_marks(row)))
            named = (case.plan.district.name,) if len(cases) > 1 else ()
            listed = (cells.get(heading, OTHER_DISTRICT) for heading in columns)
            rows.append(Row((*named, label_of(commitment), *listed)))
    if any(OTHER_DISTRICT in row.cells for row in rows):
        met[OTHER_DISTRICT] = None
    headings = (
        *((Heading("District", width=18),) if len(cases) > 1 else ()),
        Heading("Commitment", width=36),
        *(Heading(heading, Show.CODE, is_upright=True) for heading in columns),
    )
    notes = (_SHARE_NOTE, *(f"{mark}: {_MEANINGS[mark]}" for mark in _MEANINGS if mark in met))
    return Table("eligibility", "What each source may pay", headings, tuple(rows), notes)


def _marks(row: Sequence[Standing]) -> Iterator[str]:
    """List the words and signs of a row that need an explanation."""
    for standing in row:
        if standing.code is not None:
            yield standing.code
        elif standing.words:
            yield _PARTLY


def rules_table(projection: Projection, *, district: str, scenario: str) -> Table:
    """List the rule of every source, where it stands, and when it was read.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.
    """
    case = case_of(projection, district=district, scenario=scenario)
    rows = tuple(Row((source.name, *_rule(source))) for source in case.plan.sources)
    headings = (
        Heading("Source", width=24),
        Heading("Appears eligible under", width=60),
        Heading("Where it stands", width=30),
        Heading("As of", Show.DATE),
    )
    return Table("rules", "Rules of the sources", headings, rows, (PLEASE_CHECK,))


def eligibility_rows(projection: Projection) -> Iterator[dict[str, object]]:
    """Give the matrix of every district under every scenario as data, one row a commitment and source.

    Args:
        projection: Everything projected.

    Yields:
        `district`, `scenario`, `commitment` (id), `source`, `share` (None when it may pay nothing), `bar` (the code of
        the rule, None when none bars it), `rule` (its words), `counts` (whether the scenario counts the source's
        money), `citation` and `as_of` of the source's rule.
    """
    for plan in projection.plans:
        case = Case(projection, plan, projection.settings.horizon_of(plan.district))
        found = standings(plan, case.horizon, case.rows("payments"))
        for commitment, row in zip(plan.commitments, found, strict=True):
            for source, standing in zip(plan.sources, row, strict=True):
                yield {
                    "district": plan.district.name,
                    "scenario": plan.scenario.name,
                    "commitment": commitment.id,
                    "source": source.name,
                    "share": standing.share,
                    "bar": standing.code,
                    "rule": standing.words,
                    "counts": _counts(source, case),
                    "citation": source.citation,
                    "as_of": source.as_of,
                }


def _cell(standing: Standing) -> str:
    if standing.share is None:
        return standing.code or ""
    return f"{percent(standing.share)}{_PARTLY if standing.words else ''}"


def _counts(source: Source, case: Case) -> bool:
    return source.certainty.rank <= case.plan.scenario.count.rank


def _heading(source: Source, case: Case) -> str:
    return source.name if _counts(source, case) else f"{source.name} ({source.certainty}, not counted)"


def _rule(source: Source) -> tuple[str, str, date | None]:
    rule = source.rule or "no rule given: what its categories, kinds, ids and dates say"
    return rule, source.citation or "the file that lists it", source.as_of
