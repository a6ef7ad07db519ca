"""Whole budgets: commitments, funding, district facts and scenarios from one or several files."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error, note, warning
from esser_gap.model.budget import Budget, InputFile
from esser_gap.model.district import District
from esser_gap.model.source import same_name
from esser_gap.read.calendars import calendars_of
from esser_gap.read.commitments import (
    FIELDS,
    added,
    columns_of,
    commitment_bodies,
    commitment_header,
    missing_columns,
    read_commitments,
)
from esser_gap.read.cost_columns import cost_unclear, nothing_found
from esser_gap.read.district_facts import completed, put_together, unused_facts
from esser_gap.read.districts import district_from_document, districts_from_sheet
from esser_gap.read.double_counting import Accepted, double_counting
from esser_gap.read.fields import unknown_key
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes, refused
from esser_gap.read.headings import folded
from esser_gap.read.row_notes import row_notes
from esser_gap.read.scenario_sheets import scenarios_from_sheet
from esser_gap.read.sheets import read_sheets
from esser_gap.read.sources import sources_from_document, sources_from_sheet
from esser_gap.read.templates import Templates
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from esser_gap.model.budget import Receipt, Rejected
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Source
    from esser_gap.read.calendars import Calendars
    from esser_gap.read.commitments import ReadCommitments
    from esser_gap.read.mapping_uses import MappingUse
    from esser_gap.read.raw_columns import Columns
    from esser_gap.read.sheets import Sheet

COMMITMENTS, FUNDING, DISTRICT, SCENARIOS = "commitments", "funding", "district", "scenarios"
"""Names of the sheets that have a meaning."""
_BESIDE = ("funding.yaml", "district.yaml")
"""Files that are read when they lie beside a budget that has no such sheet."""


@dataclass(slots=True)
class _Facts:
    """What funding and district files say."""

    sources: list[Source] = field(default_factory=list)
    districts: list[District] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[InputFile] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


@dataclass(slots=True)
class _File(_Facts):
    """What one budget file says."""

    commitments: list[Commitment] = field(default_factory=list)
    scenarios: list[Scenario] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def read_budget(
    paths: Path | str | Sequence[Path | str],
    *,
    mapping: Path | str | Sequence[Path | str] | None = None,
    funding: Sequence[Path | str] = (),
    fiscal_year_start: int | None = None,
    progress: Callable[[], None] | None = None,
) -> Budget:
    """Read a budget from one or several spreadsheets.

    Args:
        paths: File or files (xlsx, xlsm, xls, xlsb, ods, csv, tsv); districts by file or by a column `district`.
        mapping: YAML files that say how the spreadsheets' columns become fields.
        funding: Files with sources and district facts, in place of sheets: YAML, or spreadsheets with sheets
            `Funding` and `District`, or such that a mapping reads as funding or district facts.
        fiscal_year_start: Month the fiscal year starts in, for dates that only name a year; what the district
            says, else July, unless given.
        progress: Called after each sheet that was read.

    Returns:
        Everything read, with the problems met. Rows with an error are not among the commitments, but
        their errors are among the issues, so that projecting refuses the budget.

    Raises:
        InputError: When a file cannot be read at all.
    """
    with _no_collecting():
        return _read_budget(paths, mapping, funding, fiscal_year_start, progress)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep Python from looking for garbage among objects that all stay; that takes as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # What was made counts as old from here on, so that the next look for garbage passes over it, too.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _read_budget(
    paths: Path | str | Sequence[Path | str],
    mapping: Path | str | Sequence[Path | str] | None,
    funding: Sequence[Path | str],
    fiscal_year_start: int | None,
    progress: Callable[[], None] | None,
) -> Budget:
    facts = _Facts()
    given = [] if mapping is None else [mapping] if isinstance(mapping, (str, Path)) else mapping
    reader = _Reader([use for path in given for use in _read_mappings(Path(path), facts)], fiscal_year_start, progress)
    for path in funding:
        reader.read_facts(Path(path), facts)
    named = [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    files = [reader.read_file(path, facts, look_beside=not funding) for path in named]
    facts.issues += reader.unmet()
    return _assembled(facts, [file for file in files if file is not None])


def _read_mappings(path: Path, facts: _Facts) -> list[MappingUse]:
    from esser_gap.read.mapping_uses import mapping_uses

    content = read_bytes(path)
    facts.files.append(content.as_input("mapping"))
    uses = mapping_uses(parse_yaml(_text(content.content), content.name), path.parent)
    named = {path.parent / use.map for each in uses for use in each.mapping.codes.values()}
    facts.files += [read_bytes(own).as_input("code map") for own in sorted(named) if own.is_file()]
    return uses


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


class _Reader:
    """Reads files one after the other, by the mappings that are for them."""

    def __init__(
        self, uses: Sequence[MappingUse], fiscal_year_start: int | None, progress: Callable[[], None] | None
    ) -> None:
        self._uses, self._start, self._progress = uses, fiscal_year_start, progress

    def read_facts(self, path: Path, facts: _Facts) -> None:
        """Read a file of sources and district facts."""
        if path.suffix.casefold() in DOCUMENT_ENDINGS:
            _read_fact_document(path, facts, self._start)
            return
        content = read_bytes(path)
        facts.files.append(content.as_input("funding"))
        sheets = read_sheets(content)
        uses = [use for use in self._uses_for(path) if use.reads_facts]
        named = self._read_named(sheets, facts, path.parent) if not uses else {}
        for use in uses:
            self._read_mapped_facts(use, sheets, facts, path.parent)
        if not uses and not named:
            message = "no sheet is called Funding or District"
            hint = "name the sheets so, or read them by a mapping with `reads: funding` or `reads: district`"
            facts.issues.append(error("header-not-found", message, where=Where(path.name), hint=hint))

    def read_file(self, path: Path, facts: _Facts, *, look_beside: bool) -> _File | None:
        """Read a budget file; one that holds only facts, as its mappings say, gives none."""
        content = read_bytes(path)
        sheets = read_sheets(content)
        uses = self._uses_for(path)
        of_facts = [use for use in uses if use.reads_facts]
        if of_facts and len(of_facts) == len(uses):
            facts.files.append(content.as_input("funding"))
            for use in of_facts:
                self._read_mapped_facts(use, sheets, facts, path.parent)
            return None
        result = _File(files=[content.as_input("budget")])
        by_role = self._read_named(sheets, result, path.parent)
        if SCENARIOS in by_role:
            _read_scenarios(by_role[SCENARIOS], result)
        if look_beside:
            _read_beside(path, by_role.keys(), result, self._start)
        for use in of_facts:
            self._read_mapped_facts(use, sheets, result, path.parent)
        self._read_commitments(path, sheets, [use for use in uses if use not in of_facts], facts, result)
        _add_districts(result)
        return result

    def _read_named(self, sheets: Sequence[Sheet], result: _Facts, folder: Path) -> dict[str, Sheet]:
        """Read the sheets called Funding and District, and give all sheets by their folded names."""
        by_role = {folded(sheet.name): sheet for sheet in sheets}
        of_districts: list[Issue] = []
        if DISTRICT in by_role:
            result.districts += districts_from_sheet(by_role[DISTRICT], of_districts)
        if FUNDING in by_role:
            self._read_funding(by_role[FUNDING], result, folder)
        result.issues += of_districts
        return {role: sheet for role, sheet in by_role.items() if role in {FUNDING, DISTRICT, SCENARIOS}}

    def _read_funding(self, sheet: Sheet, result: _Facts, folder: Path) -> None:
        templates = Templates(folder)
        result.sources += sources_from_sheet(sheet, result.issues, self._calendars(result), templates)
        result.files += templates.files

    def unmet(self) -> list[Issue]:
        """Tell which conditions of the mappings no row of any file met."""
        return [issue for use in self._uses for issue in use.unmet()]

    def _uses_for(self, path: Path) -> list[MappingUse]:
        if not self._uses:
            return []
        from esser_gap.read.mapping_uses import uses_for

        return uses_for(self._uses, path.name)

    def _read_mapped_facts(self, use: MappingUse, sheets: Sequence[Sheet], result: _Facts, folder: Path) -> None:
        from esser_gap.model.mapping import Reads
        from esser_gap.read.mapped_facts import fact_sheets

        for sheet, receipt in fact_sheets(use, sheets, result.issues):
            if use.mapping.reads is Reads.FUNDING:
                self._read_funding(sheet, result, folder)
                result.receipts.append(receipt)
            else:
                result.districts += districts_from_sheet(sheet, result.issues)
            self._tick()

    def _read_commitments(
        self, path: Path, sheets: list[Sheet], uses: Sequence[MappingUse], facts: _Facts, result: _File
    ) -> None:
        named = [district.name for district in result.districts]
        default = named[0] if len(named) == 1 else path.stem
        calendars = self._calendars(result, facts)
        columns: list[tuple[Columns, dict[str, Any]]]
        if uses:
            from esser_gap.read.mapping_uses import mapped_commitments

            columns = [pair for use in uses for pair in mapped_commitments(use, sheets, result.issues)]
        else:
            columns = [(each, {}) for each in _headed_commitments(path, sheets, result.issues)]
        for each, constants in columns:
            _add_read(read_commitments(each, constants, default, calendars), result)
            if each.sheet.is_hidden:
                result.issues.append(_hidden_note(each.sheet))
            self._tick()

    def _calendars(self, *parts: _Facts) -> Calendars:
        return calendars_of([district for part in parts for district in part.districts], self._start)

    def _tick(self) -> None:
        if self._progress is not None:
            self._progress()


def _add_read(read: ReadCommitments, result: _File) -> None:
    result.commitments += read.commitments
    result.issues += read.issues
    result.rejected += read.rejected
    same = [n for n, r in enumerate(result.receipts) if (r.file, r.sheet) == (read.receipt.file, read.receipt.sheet)]
    if same:
        result.receipts[same[0]] = added(result.receipts[same[0]], read.receipt)
    else:
        result.receipts.append(read.receipt)


def _hidden_note(sheet: Sheet) -> Issue:
    message = "a hidden sheet was read"
    hint = "show it, or say `sheets:` in a mapping"
    return note("sheet-hidden", message, where=Where(sheet.file, sheet.name), hint=hint)


def _read_fact_document(path: Path, facts: _Facts, start: int | None) -> None:
    """Read a YAML file of sources and district facts."""
    content = read_bytes(path)
    facts.files.append(content.as_input("funding"))
    document = parse_yaml(_text(content.content), content.name)
    values = document.value
    known = ["sources", "district", "districts"]
    if not isinstance(values, dict) or not values.keys() & set(known):
        message = "this has neither sources nor district facts"
        hint = "write `sources:` and a list, `district:` and its facts"
        facts.issues.append(error("structure-not-understood", message, where=Where(content.name), hint=hint))
        return
    facts.issues.extend(unknown_key(key, known, document.where((key,))) for key in values if key not in known)
    districts = [("district",)] if "district" in values else []
    several = [("districts", place) for place in range(len(values.get("districts") or []))]
    of_districts: list[Issue] = []
    for keys in [*districts, *several]:
        district = district_from_document(document, keys, of_districts)
        facts.districts += [] if district is None else [district]
    # When its fiscal year starts has to be known before the sources are read, which stand first.
    calendars, templates = calendars_of(facts.districts, start), Templates(path.parent)
    for place in range(len(values.get("sources") or [])):
        facts.sources += sources_from_document(document, ("sources", place), facts.issues, calendars, templates)
    facts.files += templates.files
    facts.issues += of_districts


def _read_scenarios(sheet: Sheet, result: _File) -> None:
    try:
        result.scenarios = scenarios_from_sheet(sheet)
    except InputError as problem:
        result.issues.extend(problem.issues)


def _read_beside(path: Path, present: Iterable[str], result: _File, start: int | None) -> None:
    for name in _BESIDE:
        beside = path.parent / name
        if name.removesuffix(".yaml") not in present and beside.is_file():
            _read_fact_document(beside, result, start)
            message = f"`{name}` beside the budget was read"
            hint = "name other files with --funding"
            result.issues.append(note("file-beside-read", message, where=Where(path.name), hint=hint))


def _headed_commitments(path: Path, sheets: list[Sheet], issues: list[Issue]) -> Iterator[Columns]:
    """Find the sheet of commitments by its name or headings, and take its columns."""
    chosen = _sheets_of_commitments(path, sheets, issues)
    if not chosen:
        issues.extend(nothing_found(path, sheets, FIELDS))
    for sheet in chosen:
        header = commitment_header(sheet)
        if header is None:
            issues.extend(nothing_found(path, [sheet], FIELDS))
            continue
        issues.extend(cost_unclear(sheet, header))
        issues.extend(missing_columns(sheet, header))
        bodies = commitment_bodies(sheet, header, issues)
        issues.extend(row_notes(bodies))
        for body in bodies:
            read = frozenset(body.table.header.fields.values())
            # A row with category and kind is a commitment, whatever it adds up to.
            issues.extend(double_counting(Accepted(body, body.numbers, cost=None, read=read)))
            yield columns_of(body, issues)


def _sheets_of_commitments(path: Path, sheets: list[Sheet], issues: list[Issue]) -> list[Sheet]:
    named = [sheet for sheet in sheets if folded(sheet.name) == COMMITMENTS]
    others = [sheet for sheet in sheets if folded(sheet.name) not in {COMMITMENTS, FUNDING, DISTRICT, SCENARIOS}]
    found = [sheet for sheet in others if commitment_header(sheet) is not None]
    if named:
        issues.extend(_not_read(sheet) for sheet in found)
        return named
    if len(found) > 1:
        names = ", ".join(f"`{sheet.name}`" for sheet in found)
        message = f"several sheets look like commitments: {names}"
        hint = "name the right one Commitments, or say `sheets:` in a mapping"
        raise refused(path, "sheet-unclear", message, hint)
    return found


def _not_read(sheet: Sheet) -> Issue:
    message = "this sheet has the headings of commitments, too, and is not read"
    hint = "move its rows to Commitments, or say `sheets:` in a mapping, if it should be"
    return warning("sheet-not-read", message, where=Where(sheet.file, sheet.name), hint=hint)


def _add_districts(result: _File) -> None:
    """Add a district without facts for each one that only the commitments name."""
    known = {district.name for district in result.districts}
    named = dict.fromkeys(c.district for c in result.commitments if c.district)
    used = [name for name in named if name not in known]
    facts = [district for district in result.districts if district.name in named or not named]
    result.districts = [*facts, *(District(name=name) for name in used)]


def _assembled(facts: _Facts, files: list[_File]) -> Budget:
    """Put the files together; a file's own sources serve its own districts only when there are several files."""
    several = len(files) > 1
    sources = list(facts.sources)
    for file in files:
        own = [district.name for district in file.districts]
        for source in file.sources:
            if several and source.district is None:
                sources += [source.model_copy(update={"district": name}) for name in own]
            else:
                sources.append(source)
    met: list[Issue] = []
    districts, commitments = _with_facts(facts.districts, files, met)
    return Budget(
        commitments=tuple(commitments),
        sources=tuple(sources),
        districts=tuple(districts),
        scenarios=tuple(scenario for file in files for scenario in file.scenarios),
        files=tuple(dict.fromkeys(f for part in (*files, facts) for f in part.files)),
        issues=tuple(dict.fromkeys([*(issue for part in (facts, *files) for issue in part.issues), *met])),
        receipts=tuple(receipt for part in (*files, facts) for receipt in part.receipts),
        rejected=tuple(rejected for file in files for rejected in file.rejected),
    )


def _with_facts(
    given: list[District], files: list[_File], issues: list[Issue]
) -> tuple[list[District], list[Commitment]]:
    """Add facts from separate files, and their name for a district that the budget does not name itself."""
    own = [district for file in files for district in file.districts]
    commitments = _told_apart([commitment for file in files for commitment in file.commitments])
    given = put_together(given, issues)
    is_nameless = len(own) == 1 and own[0] == District(name=own[0].name) and not _is_named_in_column(commitments)
    if len(given) == 1 and is_nameless:
        name = given[0].name
        same = same_name(name) == same_name(own[0].name)
        return given, commitments if same else [c.model_copy(update={"district": name}) for c in commitments]
    issues += unused_facts(given, own)
    by_name = {same_name(district.name): district for district in given}
    merged: dict[str, District] = {}
    for district in own:
        facts = by_name.get(same_name(district.name))
        every = district if facts is None else completed(facts, district).model_copy(update={"name": district.name})
        merged.setdefault(district.name, every)
    return list(merged.values()), commitments


def _told_apart(commitments: list[Commitment]) -> list[Commitment]:
    """Put the file's name before an id that was made from sheet and row, where another file has the same."""
    if len({commitment.id for commitment in commitments}) == len(commitments):
        return commitments
    taken: set[tuple[str | None, str | None]] = set()
    result = []
    for commitment in commitments:
        origin, one = commitment.origin, commitment
        if (one.district, one.id) in taken and one.id == f"{origin.sheet}-{origin.rows[0]}":
            one = one.model_copy(update={"id": f"{Path(origin.file).stem}-{one.id}"})
        taken.add((one.district, one.id))
        result.append(one)
    return result


def _is_named_in_column(commitments: list[Commitment]) -> bool:
    return any("district" in commitment.origin.columns for commitment in commitments)
