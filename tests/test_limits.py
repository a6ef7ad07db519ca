"""What goes beyond the rule of a template is told, whichever way a source gives its money."""

from __future__ import annotations

from typing import Any

import pytest

from esser_gap.check.limits import beyond_limits
from esser_gap.model.source import Source

POOL = {"field": "awards", "most": "1000", "because": "the grant"}
YEAR = {"field": "yearly", "most": "1000", "because": "the line"}
YEARS = {"field": "yearly", "by_year": {2027: "1000", 2028: "500"}, "because": "the line"}
LAST = {"field": "through", "last": "2028-06-30", "because": "the period"}
FIRST = {"field": "from", "first": "2026-07-01", "last": "2028-06-30", "because": "the period"}
LATE = {"field": "liquidate_by", "last": "2028-09-30", "because": "the period"}
GROWS = {"amount": "900", "growth": "0.02"}
FLAT = {"amount": "900", "growth": "0"}


def told(limit: dict[str, Any], **fields: Any) -> list[str]:
    source = Source.model_validate(
        {"name": "Grant", "use": "t", "recurring": False, "basis": "open", **fields, "limits": [limit]}
    )
    return [f"{issue.found} | {issue.hint.removeprefix('the template `t` allows ')}" for issue in beyond_limits(source)]


@pytest.mark.parametrize(
    ("limit", "fields", "expected"),
    [
        (POOL, {"awards": [{"amount": "600"}, {"amount": "400"}]}, []),
        (POOL, {"awards": [{"amount": "600"}, {"amount": "401"}]}, ["$1,001 together | $1,000 in all: the grant"]),
        (POOL, {"awards": [{"amount": "600"}, {}]}, ["unlimited | $1,000 in all: the grant"]),
        (POOL, {}, ["unlimited | $1,000 in all: the grant"]),
        (POOL, {"yearly": {2027: "600", 2028: "500"}}, ["$1,100 together | $1,000 in all: the grant"]),
        (POOL, {"yearly": FLAT}, ["an amount every year without end | $1,000 in all: the grant"]),
        ({**POOL, "most": None}, {}, []),
        (YEAR, {"yearly": {2027: "1000", 2028: "1000"}}, []),
        (YEAR, {"yearly": {2027: "1000", 2028: "1001"}}, ["$1,001 in FY2028 | $1,000 in that year: the line"]),
        (YEAR, {"yearly": GROWS}, ["an amount that grows | $1,000 a year: the line"]),
        (YEAR, {"yearly": FLAT}, []),
        (YEAR, {}, ["unlimited | $1,000 a year: the line"]),
        (YEAR, {"awards": [{"amount": "900"}, {}]}, ["unlimited | $1,000 an award: the line"]),
        (YEAR, {"awards": [{"amount": "900"}, {"amount": "1100"}]}, ["$1,100 an award | $1,000 an award: the line"]),
        ({**YEAR, "most": None}, {}, []),
        (YEARS, {"yearly": {2027: "1000", 2028: "501"}}, ["$501 in FY2028 | $500 in that year: the line"]),
        (YEARS, {"yearly": {2029: "1"}}, ["$1 in FY2029 | $0 in that year: the line"]),
        (YEARS, {"yearly": FLAT}, ["$900 a year | $500 a year: the line"]),
        (LAST, {"awards": [{"through": "2028-06-30"}]}, []),
        (LAST, {"awards": [{"through": "2028-07-01"}]}, ["2028-07-01 | 2028-06-30 or earlier: the period"]),
        (LAST, {"awards": [{"amount": "5"}]}, ["open | 2028-06-30 or earlier: the period"]),
        (LAST, {}, ["open | 2028-06-30 or earlier: the period"]),
        (LAST, {"yearly": FLAT}, ["open: an amount every year without end | 2028-06-30 or earlier: the period"]),
        (LAST, {"yearly": {2028: "5"}}, []),
        (LAST, {"yearly": {2028: "5"}, "carryover": 1}, ["as late as FY2029 | 2028-06-30 or earlier: the period"]),
        (FIRST, {"awards": [{"from": "2026-07-01"}]}, []),
        (
            FIRST,
            {"awards": [{"from": "2026-06-30"}]},
            ["2026-06-30 | 2026-07-01 or later and 2028-06-30 or earlier: the period"],
        ),
        (LATE, {"awards": [{"through": "2028-06-30"}]}, []),
        (
            LATE,
            {"awards": [{"through": "2028-06-30", "liquidate_by": "2028-10-01"}]},
            ["2028-10-01 | 2028-09-30 or earlier: the period"],
        ),
        ({"field": "share", "most": "0.85", "because": "the discount"}, {"share": "0.85"}, []),
        (
            {"field": "share", "most": "0.85", "because": "the discount"},
            {"share": "0.9"},
            ["90% | 85% or less: the discount"],
        ),
        ({"field": "least_life", "least": "5", "because": "capital"}, {"least_life": 4}, ["4 | 5 or more: capital"]),
        ({"field": "least_life", "least": "5", "because": "capital"}, {}, ["not given | 5 or more: capital"]),
        ({"field": "recurring", "among": ["no"], "because": "it ends"}, {}, []),
        (
            {"field": "recurring", "among": ["no"], "because": "it ends"},
            {"recurring": True},
            ["yes | only no: it ends"],
        ),
        ({"field": "basis", "among": ["assigned"], "because": "gifts"}, {}, ["open | only assigned: gifts"]),
        ({"field": "basis", "among": ["open"], "because": "gifts"}, {}, []),
        ({"field": "kinds", "among": ["staff"], "because": "pay"}, {"kinds": ["staff"]}, []),
        (
            {"field": "kinds", "among": ["staff"], "because": "pay"},
            {"kinds": ["recurring"]},
            ["recurring | only staff: pay"],
        ),
        ({"field": "kinds", "among": ["staff"], "because": "pay"}, {}, ["blank, which means all | only staff: pay"]),
    ],
)
def test_what_a_rule_does_not_allow_is_told_with_what_it_allows(
    limit: dict[str, Any], fields: dict[str, Any], expected: list[str]
) -> None:
    assert told(limit, **fields) == expected
