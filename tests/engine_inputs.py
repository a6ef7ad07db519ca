"""Little budgets written in YAML, read by the program's own readers and projected.

A text has `commitments`, `sources`, `districts`, `scenario` with the fields' own names, and `as_of`,
`first_year`, `years`, `fiscal_year_start`. What it leaves out is in `USUAL`; a commitment without a name
is called by its id, and one without a category is `other`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from esser_gap.errors import InputError
from esser_gap.model.budget import Budget
from esser_gap.model.commitment import Commitment
from esser_gap.model.district import District
from esser_gap.model.origin import Origin
from esser_gap.model.scenario import Scenario
from esser_gap.projecting import Projection, Settings, project_all
from esser_gap.read.districts import district_from_document
from esser_gap.read.fields import make_record, parse_fields
from esser_gap.read.guardrails import shipped_guardrails
from esser_gap.read.known_sources import known_sources
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.sources import source_from_document
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.issues import Issue, Where
    from esser_gap.read.yaml_documents import Path

USUAL: dict[str, Any] = {
    "as_of": date(2026, 11, 23),
    "first_year": "FY2027",
    "years": 3,
    "fiscal_year_start": None,
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a projection is made from."""

    budget: Budget
    scenario: Scenario
    settings: Settings

    def project(self) -> Projection:
        return project_all(self.budget, [self.scenario], self.settings, known_sources, shipped_guardrails())


def project(text: str) -> Projection:
    """Project the budget that a YAML text describes."""
    return inputs_from(parse_yaml(text, "test.yaml")).project()


def problems(text: str) -> list[Issue]:
    """Give the issues for which a budget is refused."""
    with pytest.raises(InputError) as refusal:
        project(text)
    return refusal.value.issues


def inputs_from(document: Document, path: Path = (), usual: Mapping[str, Any] = USUAL) -> Inputs:
    """Read the budget, the scenario and the settings that stand at a path of a document."""
    values = document.value
    for key in path:
        values = values[key]
    issues: list[Issue] = []
    districts = [
        district_from_document(document, (*path, "districts", place), issues)
        for place in range(len(values.get("districts", ())))
    ]
    known = [district for district in districts if district is not None] or [District(name="District")]
    rows = [
        _commitment(document, (*path, "commitments", place), row, known[0].name, issues)
        for place, row in enumerate(values.get("commitments", ()))
    ]
    sources = [
        source_from_document(document, (*path, "sources", place), issues)
        for place in range(len(values.get("sources", ())))
    ]
    assert not issues, issues
    budget = Budget(
        commitments=tuple(row for row in rows if row is not None),
        sources=tuple(source for source in sources if source is not None),
        districts=tuple(known),
    )
    return Inputs(budget, _scenario(document, path, values), _settings({**usual, **values}))


def _commitment(
    document: Document, path: Path, row: dict[str, Any], district: str, issues: list[Issue]
) -> Commitment | None:
    def where(name: str) -> Where:
        return document.where((*path, name))

    written = {"name": row["id"], "category": "other", **row}
    parsed = {"district": district, **parse_fields(Commitment, written, where, issues)}
    line = int(document.where(path).cell.removeprefix("line "))
    return make_record(Commitment, parsed, Origin(document.file, "", (line,)), issues)


def _scenario(document: Document, path: Path, values: dict[str, Any]) -> Scenario:
    if "scenario" not in values:
        return Scenario(name="as it stands")
    values["scenario"].setdefault("name", "case")
    return scenario_from_document(document, (*path, "scenario"))


def _settings(values: Mapping[str, Any]) -> Settings:
    first_year = int(str(values["first_year"]).removeprefix("FY"))
    return Settings(values["as_of"], first_year, values["years"], values["fiscal_year_start"])
