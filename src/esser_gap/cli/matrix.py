"""The command that shows which source may pay which commitment."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from esser_gap.cli.run import left_out_first, projected, show
from esser_gap.view.eligibility import eligibility_table, rules_table

if TYPE_CHECKING:
    from esser_gap.cli.run import Request
    from esser_gap.projecting import Projection
    from esser_gap.view.table import Table


def run_matrix(request: Request, form: str) -> int:
    """Show commitments by sources, each cell the share that appears eligible or the rule that bars it.

    Args:
        request: What to show.
        form: `table`, `json` or `csv`.
    """
    projection = projected(request)
    if form == "table":
        show(_parts(projection))
        return 0
    from esser_gap.write.eligibility_data import eligibility_csv, eligibility_json

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(eligibility_json(projection) if form == "json" else eligibility_csv(projection))
    return 0


def _parts(projection: Projection) -> list[str | Table]:
    parts: list[str | Table] = [*left_out_first(projection)]
    for plan in projection.plans:
        case = {"district": plan.district.name, "scenario": plan.scenario.name}
        if len(projection.plans) > 1:
            parts.append(f"{plan.district.name}, scenario {plan.scenario.name}")
        parts += [eligibility_table(projection, **case), rules_table(projection, **case)]
    return parts
