"""One district under one scenario: the part of a projection that most views show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esser_gap.fiscal_year import year_name

if TYPE_CHECKING:
    from esser_gap.model.commitment import Commitment
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.resolve import DistrictPlan
    from esser_gap.projecting import Projection


@dataclass(frozen=True, slots=True)
class Case:
    """One district under one scenario.

    Attributes:
        projection: The projection it is a part of.
        plan: The district's commitments and sources as the scenario has them.
        horizon: The projected years in the district's fiscal calendar.
    """

    projection: Projection
    plan: DistrictPlan
    horizon: Horizon

    def rows(self, table: str) -> pl.DataFrame:
        """Give its rows of one of the five tables, in their order."""
        is_own = (pl.col("district") == self.plan.district.name) & (pl.col("scenario") == self.plan.scenario.name)
        return self.projection.table(table).filter(is_own)

    def commitments(self) -> dict[str, Commitment]:
        """List its commitments by id, in file order."""
        return {commitment.id or "": commitment for commitment in self.plan.commitments}

    def labels(self) -> dict[str, str]:
        """Name its commitments by id, for a column that names them: `Web filter (FILTER)`."""
        return {identifier: label_of(commitment) for identifier, commitment in self.commitments().items()}

    @property
    def span(self) -> str:
        """Name the projected years."""
        return span_of(self.horizon)


def case_of(projection: Projection, *, district: str, scenario: str) -> Case:
    """Pick one district under one scenario.

    Args:
        projection: Everything projected.
        district: Name of the district.
        scenario: Name of the scenario.

    Raises:
        KeyError: When it was not projected.
    """
    for plan in projection.plans:
        if plan.district.name == district and plan.scenario.name == scenario:
            return Case(projection, plan, projection.settings.horizon_of(plan.district))
    raise KeyError(f"district `{district}` under scenario `{scenario}` was not projected")


def label_of(commitment: Commitment) -> str:
    """Name a commitment with its id, as reasons and requirements refer to it."""
    return f"{commitment.name} ({commitment.id})"


def span_of(horizon: Horizon) -> str:
    """Name the projected years: `FY2027-FY2031`, or `FY2027` for one."""
    first, last = year_name(horizon.first_year), year_name(horizon.last_year)
    return first if first == last else f"{first}-{last}"


def years_word(horizon: Horizon) -> str:
    """Say how long the horizon is, for a heading: `5 years`."""
    return "1 year" if horizon.count == 1 else f"{horizon.count} years"
