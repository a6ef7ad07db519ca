"""Random budgets as records, and their projections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.model.budget import Budget
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.scenario import Scenario
from esser_gap.model.source import Source
from esser_gap.projecting import Settings, project_all
from random_budgets import random_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.projecting import Projection

Fields = dict[str, Any]


def random_projection(seed: int) -> Projection:
    """Project the random budget of a seed."""
    case = random_case(seed)
    first = case["districts"][0]
    budget = Budget(
        commitments=tuple(_commitment(fields, first) for fields in case["commitments"]),
        sources=tuple(Source.model_validate(_given(fields)) for fields in case["sources"]),
        districts=tuple(District(name=name) for name in case["districts"]),
    )
    settings = Settings(case["as_of"], case["first_year"], case["years"], case["fiscal_year_start"])
    return project_all(budget, [_scenario(case["scenario"], first)], settings, lambda: ())


def _given(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _parts(pairs: Any) -> tuple[Part, ...]:
    return tuple(Part(source=source, share=share) for source, share in pairs)


def _commitment(fields: Mapping[str, Any], district: str) -> Commitment:
    given = {"district": district, **_given(fields)}
    if "funded_by" in given:
        given["funded_by"] = _parts(given["funded_by"])
    return Commitment.model_validate(given)


def _scenario(fields: Mapping[str, Any], district: str) -> Scenario:
    given = _given(fields)
    given["actions"] = [_action(action, district) for action in given.get("actions", ())]
    changes = given.get("sources") or {}
    given["sources"] = {
        "add": [_given(source) for source in changes.get("add", ())],
        "change": {name: _given(values) for name, values in changes.get("change", {}).items()},
        "remove": changes.get("remove", ()),
    }
    return Scenario.model_validate(given)


def _action(fields: Mapping[str, Any], district: str) -> Fields:
    action = dict(fields)
    if "add" in action:
        action["add"] = _commitment(action["add"], district)
    if action.get("where") is not None:
        action["where"] = {name: _choices(name, value) for name, value in action["where"].items()}
    return action


def _choices(name: str, value: Any) -> tuple[Any, ...]:
    if name == "funded_by":
        return (_parts(value),)
    if name == "requires":
        return (tuple(value),)
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)
