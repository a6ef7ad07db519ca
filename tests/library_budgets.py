"""Budgets that the scenarios of the library are run on: random ones, whose sources have names that they look for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from esser_gap.api import load_scenarios, loader_for
from esser_gap.errors import InputError
from esser_gap.model.budget import Budget
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.source import Source
from esser_gap.projecting import Projection, Settings, project_all
from random_budgets import random_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esser_gap.model.scenario import Scenario

Fields = dict[str, Any]

RENAMED = {
    "Relief grant": "Title I-A",
    "Network discount": "E-rate Category Two",
    "Training grant": "ESEA Title II, Part A",
    "Foundation gift": "Parcel tax of 2024",
    "Capital reserve": "ERATE fund",
}
"""Names that scenarios of the library look for, in place of those of the random budgets."""


@dataclass(frozen=True)
class Run:
    """A random budget and the years it is projected for."""

    budget: Budget
    settings: Settings

    def project(
        self, wanted: Sequence[str | Scenario], *, last_wins: bool = False, set_: Sequence[str] = ()
    ) -> Projection:
        loader = loader_for(
            self.budget,
            set_,
            as_of=self.settings.as_of,
            fiscal_year_start=self.settings.fiscal_year_start,
            last_wins=last_wins,
        )
        scenarios, refused = load_scenarios(loader, wanted)
        if refused:
            raise InputError(refused)
        return project_all(self.budget, scenarios, self.settings, lambda: ())


def random_run(seed: int) -> Run:
    """Make the random budget of a seed; its quantities follow enrollment or nothing."""
    case = random_case(seed)
    first, years = case["districts"][0], range(case["first_year"] - 2, case["first_year"] + 2)
    paths = [
        {year: Decimal(1000 * place - 7 * year % 13) for year in years} for place, _ in enumerate(case["districts"], 1)
    ]
    districts = [District(name=name, enrollment=path) for name, path in zip(case["districts"], paths, strict=True)]
    budget = Budget(
        commitments=tuple(_commitment(fields, first) for fields in case["commitments"]),
        sources=tuple(_source(fields) for fields in case["sources"]),
        districts=tuple(districts),
    )
    settings = Settings(case["as_of"], case["first_year"], case["years"], case["fiscal_year_start"])
    return Run(budget, settings)


def _named(name: str) -> str:
    return RENAMED.get(name, name)


def _source(fields: Mapping[str, Any]) -> Source:
    given = {name: value for name, value in fields.items() if value is not None}
    return Source.model_validate({**given, "name": _named(fields["name"])})


def _commitment(fields: Mapping[str, Any], district: str) -> Commitment:
    given = {"district": district, **{name: value for name, value in fields.items() if value is not None}}
    given["funded_by"] = tuple(Part(source=_named(name), share=share) for name, share in given.get("funded_by", ()))
    if given.get("driver") == "classrooms":
        del given["driver"]
    return Commitment.model_validate(given)
