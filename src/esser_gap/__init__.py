"""Project what it costs a school district to keep its technology, who pays, and what is missing.

>>> from esser_gap import Commitment, make_budget, project
>>> budget = make_budget([Commitment(name="Firewall", category="cybersecurity", kind="recurring", annual_cost=900)])
>>> project(budget, first_year=2027, years=2).years.select("fiscal_year", "gap").rows()
[(2027, Decimal('900.00')), (2028, Decimal('945.00'))]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from esser_gap.api import compare, make_budget, project, sweep
    from esser_gap.auditing.auditor import audit_workbook
    from esser_gap.auditing.findings import Audit
    from esser_gap.comparing.comparison import Comparison
    from esser_gap.comparing.sweep import Sweep
    from esser_gap.errors import EsserGapError, InputError, OutputError
    from esser_gap.issues import Issue
    from esser_gap.model.budget import Budget
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Award, Source
    from esser_gap.projecting import Projection
    from esser_gap.read.budgets import read_budget
    from esser_gap.write.files import write_outputs
    from esser_gap.write.rejected_rows import write_rejected

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Award",
    "Budget",
    "Commitment",
    "Comparison",
    "District",
    "EsserGapError",
    "InputError",
    "Issue",
    "OutputError",
    "Projection",
    "Scenario",
    "Source",
    "Sweep",
    "audit_workbook",
    "compare",
    "make_budget",
    "project",
    "read_budget",
    "sweep",
    "write_outputs",
    "write_rejected",
]

_HOMES = {
    "Audit": "auditing.findings",
    "Award": "model.source",
    "Budget": "model.budget",
    "Commitment": "model.commitment",
    "Comparison": "comparing.comparison",
    "District": "model.district",
    "EsserGapError": "errors",
    "InputError": "errors",
    "Issue": "issues",
    "OutputError": "errors",
    "Projection": "projecting",
    "Scenario": "model.scenario",
    "Source": "model.source",
    "Sweep": "comparing.sweep",
    "audit_workbook": "auditing.auditor",
    "compare": "api",
    "make_budget": "api",
    "project": "api",
    "read_budget": "read.budgets",
    "sweep": "api",
    "write_outputs": "write.files",
    "write_rejected": "write.rejected_rows",
}
"""Modules of the public names; each is imported when it is first used, so that starting stays quick."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"esser_gap.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
