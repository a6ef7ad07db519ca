"""Checks of a budget as it was read, whatever the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.check.commitments import check_commitments
from esser_gap.check.references import check_ids, check_requires, check_sources
from esser_gap.check.sources import check_source
from esser_gap.issues import Issue, Where, any_error, error

if TYPE_CHECKING:
    from esser_gap.model.budget import Budget


def check_budget(budget: Budget) -> list[Issue]:
    """Find what is wrong or looks wrong in a budget, whatever the scenario.

    Args:
        budget: What was read.

    Returns:
        Issues met while reading, then those of each commitment, source and reference.
    """
    issues = list(budget.issues)
    if not budget.districts and not any_error(issues):
        hint = "write one commitment a row below the headings"
        where = Where(budget.files[0].name) if budget.files else Where()
        issues.append(error("nothing-to-project", "there is no commitment", where=where, hint=hint))
    issues.extend(check_commitments(budget.commitments))
    issues.extend(check_ids(budget.commitments))
    issues.extend(check_requires(budget.commitments))
    for source in budget.sources:
        issues.extend(check_source(source))
    issues.extend(check_sources(budget.sources, budget.commitments, budget.districts))
    return issues
