"""Looking at a file before it is projected: what stands in it, what is read of it, and what keeps it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import any_error
from esser_gap.read.budgets import COMMITMENTS, read_budget
from esser_gap.read.calendars import calendars_of
from esser_gap.read.files import read_bytes
from esser_gap.read.mapping_uses import mapping_uses, uses_for
from esser_gap.read.overviews import overview
from esser_gap.read.proposals import AsRead, Proposal, proposals
from esser_gap.read.sheets import read_sheets
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.budget import Budget, InputFile
    from esser_gap.read.mapping_uses import MappingUse
    from esser_gap.read.overviews import Overview
    from esser_gap.read.sheets import Sheet


_UNCLEAR = frozenset({"cost-unclear", "column-twice"})
"""Problems with columns, which a mapping is to solve."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in one file.

    Attributes:
        path: The file as the user names it.
        mappings: The mappings as the user names them.
        file: The file with the digest of its bytes.
        overview: Its sheets and tables.
        issues: What reading and checking it said; with an error it cannot be projected.
        sheets: Its cells.
        budget: What was read of it; None where nothing was.
    """

    path: Path
    mappings: tuple[Path, ...]
    file: InputFile
    overview: Overview
    issues: tuple[Issue, ...]
    sheets: tuple[Sheet, ...] = field(repr=False)
    budget: Budget | None = field(repr=False, default=None)

    @property
    def can_be_projected(self) -> bool:
        """Tell whether nothing keeps it from being projected."""
        return not any_error(self.issues)

    @property
    def facts(self) -> list[str]:
        """Name what a file is read as by its mapping when that is no commitments: funding, or district facts."""
        reads = [table.reads for table in self.overview.tables if table.mapping is not None]
        return [] if COMMITMENTS in reads else list(dict.fromkeys(reads))

    def proposals(self) -> list[Proposal]:
        """Propose mappings for the tables of the file; what it gives without one is kept."""
        return proposals(self.overview, self.sheets, self._as_read())

    def _as_read(self) -> AsRead | None:
        """Give what the file says without a mapping, unless it is unclear which columns are meant."""
        if self.budget is None or not self.budget.commitments:
            return None
        if any(issue.code in _UNCLEAR for issue in self.issues):
            return None
        return AsRead(self.budget.commitments, calendars_of(self.budget.districts, None))


def inspect(path: Path | str, mapping: Path | str | Sequence[Path | str] | None = None) -> Inspection:
    """Look at a file: its sheets, tables, columns and totals, and what keeps it from being projected.

    Args:
        path: A spreadsheet (xlsx, xlsm, xls, xlsb, ods, csv, tsv).
        mapping: YAML files that say how its columns become fields.

    Returns:
        What was found, and everything that reading and checking the file says.

    Raises:
        InputError: When the file or a mapping cannot be read at all.
    """
    named = Path(path)
    given = [] if mapping is None else [mapping] if isinstance(mapping, (str, Path)) else mapping
    mappings = tuple(map(Path, given))
    content = read_bytes(named)
    sheets = read_sheets(content)
    uses = uses_for([use for each in mappings for use in _uses(each)], named.name)
    budget, issues = _read(named, mappings)
    return Inspection(
        named,
        mappings,
        content.as_input("budget"),
        overview(sheets, uses),
        tuple(dict.fromkeys(issues)),
        tuple(sheets),
        budget,
    )


def _uses(path: Path) -> list[MappingUse]:
    content = read_bytes(path)
    text = content.content.decode("utf-8-sig", errors="replace")
    return mapping_uses(parse_yaml(text, content.name), path.parent)


def _read(path: Path, mappings: Sequence[Path]) -> tuple[Budget | None, list[Issue]]:
    """Read and check a file as a run does, and lay the baseline over it."""
    try:
        budget = read_budget(path, mapping=mappings)
    except InputError as refused:
        return None, refused.issues
    if any_error(budget.issues) and not budget.commitments:
        return budget, list(budget.issues)
    return budget, _check(budget)


def _check(budget: Budget) -> list[Issue]:
    # Only a budget with commitments is worth the time that the engine takes to start.
    from esser_gap.projecting import plan_all, settings_for
    from esser_gap.read.known_sources import known_sources
    from esser_gap.read.scenarios import BASELINE, ScenarioLoader

    try:
        baseline = ScenarioLoader(budget.scenarios).load(BASELINE)
        return plan_all(budget, [baseline], settings_for(budget), known_sources)[1]
    except InputError as refused:
        return refused.issues
