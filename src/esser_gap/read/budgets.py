"""Whole budgets: commitments, funding, district facts and scenarios from one or several files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error, note
from esser_gap.model.budget import Budget, InputFile, Receipt
from esser_gap.model.district import District
from esser_gap.read.commitments import columns_of, commitment_header, missing_columns, read_commitments
from esser_gap.read.districts import district_from_document, districts_from_sheet
from esser_gap.read.fields import unknown_key
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes, refused
from esser_gap.read.headings import folded
from esser_gap.read.mappings import constants_of, mapped_columns, mapped_sheets, mapping_from_document
from esser_gap.read.scenario_sheets import scenarios_from_sheet
from esser_gap.read.sheets import read_sheets
from esser_gap.read.sources import source_from_document, sources_from_sheet
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.mapping import Mapping
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Source
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


@dataclass(slots=True)
class _File(_Facts):
    """What one budget file says."""

    commitments: list[Commitment] = field(default_factory=list)
    scenarios: list[Scenario] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)


def read_budget(
    paths: Path | str | Sequence[Path | str], *, mapping: Path | str | None = None, funding: Sequence[Path | str] = ()
) -> Budget:
    """Read a budget from one or several spreadsheets.

    Args:
        paths: File or files (xlsx, xlsm, xls, xlsb, ods, csv, tsv); districts by file or by a column `district`.
        mapping: A YAML file that says how the spreadsheets' columns become fields.
        funding: YAML files with `sources`, `district` or `districts`, in place of sheets.

    Returns:
        Everything read, with the problems met. Rows with an error are not among the commitments, but
        their errors are among the issues, so that projecting refuses the budget.

    Raises:
        InputError: When a file cannot be read at all.
    """
    facts = _Facts()
    mapped = None
    if mapping is not None:
        content = read_bytes(Path(mapping))
        facts.files.append(content.as_input("mapping"))
        mapped = mapping_from_document(parse_yaml(_text(content.content), content.name))
    for path in funding:
        _read_facts(Path(path), facts)
    named = [paths] if isinstance(paths, (str, Path)) else paths
    files = [_read_file(Path(path), mapped, look_beside=not funding) for path in named]
    return _assembled(facts, files)


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _read_facts(path: Path, facts: _Facts) -> None:
    """Read a YAML file of sources and district facts."""
    if path.suffix.casefold() not in DOCUMENT_ENDINGS:
        raise refused(path, "format-unknown", "funding and district facts are read from YAML", "end its name in .yaml")
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
    for place in range(len(values.get("sources") or [])):
        source = source_from_document(document, ("sources", place), facts.issues)
        facts.sources += [] if source is None else [source]
    districts = [("district",)] if "district" in values else []
    several = [("districts", place) for place in range(len(values.get("districts") or []))]
    for keys in [*districts, *several]:
        district = district_from_document(document, keys, facts.issues)
        facts.districts += [] if district is None else [district]


def _read_file(path: Path, mapping: Mapping | None, *, look_beside: bool) -> _File:
    content = read_bytes(path)
    result = _File(files=[content.as_input("budget")])
    sheets = read_sheets(content)
    by_role = {folded(sheet.name): sheet for sheet in sheets}
    if FUNDING in by_role:
        result.sources = sources_from_sheet(by_role[FUNDING], result.issues)
    if DISTRICT in by_role:
        result.districts = districts_from_sheet(by_role[DISTRICT], result.issues)
    if SCENARIOS in by_role:
        _read_scenarios(by_role[SCENARIOS], result)
    if look_beside:
        _read_beside(path, by_role.keys(), result)
    named = result.districts[0].name if len(result.districts) == 1 else None
    default = named or path.stem
    chosen = _sheets_of_commitments(path, sheets) if mapping is None else mapped_sheets(mapping, sheets)
    if not chosen:
        result.issues.append(_nothing_found(path, sheets, mapping))
    for sheet in chosen:
        _read_sheet(sheet, mapping, default, result)
    _add_districts(result)
    return result


def _read_scenarios(sheet: Sheet, result: _File) -> None:
    try:
        result.scenarios = scenarios_from_sheet(sheet)
    except InputError as problem:
        result.issues.extend(problem.issues)


def _read_beside(path: Path, present: Iterable[str], result: _File) -> None:
    for name in _BESIDE:
        beside = path.parent / name
        if name.removesuffix(".yaml") not in present and beside.is_file():
            _read_facts(beside, result)
            message = f"`{name}` beside the budget was read"
            hint = "name other files with --funding"
            result.issues.append(note("file-beside-read", message, where=Where(path.name), hint=hint))


def _sheets_of_commitments(path: Path, sheets: list[Sheet]) -> list[Sheet]:
    named = [sheet for sheet in sheets if folded(sheet.name) == COMMITMENTS]
    if named:
        return named
    others = [sheet for sheet in sheets if folded(sheet.name) not in {FUNDING, DISTRICT, SCENARIOS}]
    found = [sheet for sheet in others if commitment_header(sheet) is not None]
    if len(found) > 1:
        names = ", ".join(f"`{sheet.name}`" for sheet in found)
        message = f"several sheets look like commitments: {names}"
        hint = "name the right one Commitments, or say `sheets:` in a mapping"
        raise refused(path, "sheet-unclear", message, hint)
    return found


def _nothing_found(path: Path, sheets: list[Sheet], mapping: Mapping | None) -> Issue:
    names = ", ".join(f"`{sheet.name}`" for sheet in sheets[:12])
    message = f"no sheet has the headings of commitments (sheets: {names})"
    hint = "head the columns: name, category, kind, annual_cost; `esser-gap init` makes a template"
    if mapping is not None:
        message = f"no sheet has the headings of the mapping (sheets: {names})"
        hint = "compare `columns:` with the headings of the file"
    return error("header-not-found", message, where=Where(path.name), hint=hint)


def _read_sheet(sheet: Sheet, mapping: Mapping | None, default: str, result: _File) -> None:
    constants = constants_of(mapping)
    if mapping is not None:
        columns = mapped_columns(mapping, sheet, result.issues)
    else:
        header = commitment_header(sheet)
        if header is None:
            result.issues.append(_nothing_found(Path(sheet.file), [sheet], None))
            return
        result.issues.extend(missing_columns(sheet, header, constants))
        columns = columns_of(sheet, header, result.issues)
    if columns is None:
        return
    if sheet.is_hidden:
        message = "a hidden sheet was read"
        hint = "show it, or say `sheets:` in a mapping"
        result.issues.append(note("sheet-hidden", message, where=Where(sheet.file, sheet.name), hint=hint))
    read = read_commitments(columns, constants, default)
    result.commitments += read.commitments
    result.issues += read.issues
    result.receipts += [] if read.receipt is None else [read.receipt]


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
    districts, commitments = _with_facts(facts.districts, files)
    return Budget(
        commitments=tuple(commitments),
        sources=tuple(sources),
        districts=tuple(districts),
        scenarios=tuple(scenario for file in files for scenario in file.scenarios),
        files=tuple(dict.fromkeys(f for part in (*files, facts) for f in part.files)),
        issues=tuple(dict.fromkeys(issue for part in (facts, *files) for issue in part.issues)),
        receipts=tuple(receipt for file in files for receipt in file.receipts),
    )


def _with_facts(given: list[District], files: list[_File]) -> tuple[list[District], list[Commitment]]:
    """Use facts from a separate file, and its name for a district that the budget does not name itself."""
    districts = [district for file in files for district in file.districts]
    commitments = _told_apart([commitment for file in files for commitment in file.commitments])
    if len(given) == 1 and len(districts) == 1 and districts[0] == District(name=districts[0].name):
        only = given[0]
        renamed = districts[0].name != only.name and not _is_named_in_column(commitments)
        if renamed:
            commitments = [c.model_copy(update={"district": only.name}) for c in commitments]
        if renamed or districts[0].name == only.name:
            return [only], commitments
    by_name = {district.name: district for district in given}
    merged: dict[str, District] = {}
    for district in districts:
        facts = by_name.get(district.name, district)
        merged.setdefault(district.name, facts)
    return list(merged.values()), commitments


def _told_apart(commitments: list[Commitment]) -> list[Commitment]:
    """Put the file's name before an id that was made from sheet and row, where another file has the same."""
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
