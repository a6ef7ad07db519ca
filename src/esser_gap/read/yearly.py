"""Values by fiscal year, as a map that a file writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.issues import Issue, Where, error
from esser_gap.model.record import FieldForm, Form
from esser_gap.read.fields import parse_field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

YEAR = FieldForm("fiscal year", Form.FISCAL_YEAR)


def parse_yearly(
    raw: Mapping[str, Any], form: FieldForm, where: Callable[[str], Where], issues: list[Issue]
) -> dict[int, Any]:
    """Parse values by fiscal year.

    Args:
        raw: Raw values by fiscal year as written.
        form: Form of the values.
        where: Gives the place of a year as written.
        issues: Problems are added here.
    """
    years: dict[int, Any] = {}
    for key, value in raw.items():
        year = parse_field(key, YEAR, where(key), issues)
        parsed = parse_field(value, form, where(key), issues)
        if year in years:
            message = f"FY{year} stands here twice"
            issues.append(error("key-repeated", message, where=where(key), field=form.name, found=key, hint="keep one"))
        elif year is not None and parsed is not None:
            years[year] = parsed
    return years
