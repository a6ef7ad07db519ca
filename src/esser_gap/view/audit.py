"""What an audit of a workbook found, to be shown: the verdict, the findings, and what to do; and the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.auditing.rules import RULES
from esser_gap.view.table import Heading, Row, Show, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esser_gap.auditing.findings import Audit, Finding

_SHEETS = 3
"""So many sheets are named where the same was found on several."""


def audit_parts(audit: Audit, *, strict: bool = False) -> Iterator[str | Table]:
    """Show what was found in a workbook.

    Args:
        audit: What was found.
        strict: Whether a warning is a failure.
    """
    yield audit_verdict(audit, strict=strict)
    if audit.findings:
        yield findings_table(audit)
        yield remedies_table(audit)


def audit_verdict(audit: Audit, *, strict: bool = False) -> str:
    """Say in one sentence whether a workbook passes.

    Args:
        audit: What was found.
        strict: Whether a warning is a failure.
    """
    sheets, rules = _counted(len(audit.sheets), "sheet"), _counted(len(RULES), "rule")
    if not audit.findings:
        return f"{audit.path.name} passes: {sheets} held against {rules}, nothing to mend"
    failures, warnings = len(audit.failures), len(audit.warnings)
    counts = [
        _counted(failures, "failure") if failures else "",
        _counted(warnings, "warning") if warnings else "",
    ]
    word = "passes" if audit.passes(strict=strict) else "fails"
    return f"{audit.path.name} {word}: {' and '.join(filter(None, counts))} on {sheets} held against {rules}"


def findings_table(audit: Audit) -> Table:
    """List what was found, failures first; the same on several sheets in one row.

    Args:
        audit: What was found.

    Returns:
        Result, rule, sheets, the first place, what was found, and how many cells or objects it is about.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in audit.findings:
        # Ranges differ from sheet to sheet; what was found beside them may be the same.
        groups.setdefault((finding.rule, finding.found), []).append(finding)
    rows = tuple(
        Row((group[0].level.value, rule, _sheets(group), group[0].place, found, sum(each.count for each in group)))
        for (rule, found), group in groups.items()
    )
    headings = (
        Heading("Result", Show.CODE),
        Heading("Rule", Show.CODE),
        Heading("Sheet", width=18),
        Heading("First at", Show.CODE),
        Heading("Found", width=40),
        Heading("Times", Show.NUMBER),
    )
    return Table("findings", "What was found", headings, rows)


def remedies_table(audit: Audit) -> Table:
    """Say what to do about every rule that is broken.

    Args:
        audit: What was found.

    Returns:
        Rule and what to do, each rule once.
    """
    broken = {finding.rule: finding.do for finding in audit.findings}
    headings = (Heading("Rule", Show.CODE), Heading("What to do", width=60))
    return Table("remedies", "What to do", headings, tuple(Row(item) for item in broken.items()))


def rules_table() -> Table:
    """List the rules.

    Returns:
        Name, result when broken, what holds when it is kept, why, and the criterion of WCAG 2.1 that it follows.
    """
    headings = (
        Heading("Rule", Show.CODE),
        Heading("Result", Show.CODE),
        Heading("What holds", width=40),
        Heading("Why", width=50),
        Heading("WCAG 2.1", width=24),
    )
    rows = tuple(Row((rule.id, rule.level.value, rule.title, rule.why, rule.basis)) for rule in RULES)
    return Table("rules", "Rules that a workbook is held against", headings, rows)


def _sheets(group: Sequence[Finding]) -> str:
    names = list(dict.fromkeys(finding.sheet for finding in group if finding.sheet))
    more = f" and {len(names) - _SHEETS:,} more" if len(names) > _SHEETS else ""
    return ", ".join(names[:_SHEETS]) + more


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
