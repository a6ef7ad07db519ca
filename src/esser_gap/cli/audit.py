"""The command that holds workbooks against the rules for reading, hearing, printing and opening them safely."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from esser_gap.auditing.auditor import audit_workbook
from esser_gap.cli.messages import tell_issues
from esser_gap.errors import InputError
from esser_gap.view.audit import audit_parts, rules_table
from esser_gap.write.terminal import console_for, draw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esser_gap.auditing.findings import Audit
    from esser_gap.issues import Issue

PASSES, FAILS, REFUSED = 0, 1, 2


def run_audit(files: Sequence[Path], form: str, *, strict: bool) -> int:
    """Show what is to be mended in workbooks; one that cannot be read does not keep the others from being shown.

    Args:
        files: Workbooks.
        form: `table` or `json`.
        strict: Whether a warning is a failure.

    Returns:
        The exit status: 2 when a file cannot be read, else 1 when one fails.
    """
    audits: list[Audit] = []
    refused: list[Issue] = []
    for file in files:
        try:
            audits.append(audit_workbook(file))
        except InputError as problem:
            refused += problem.issues
    if audits and form == "json":
        from esser_gap.write.audit_json import audit_document

        _print(audit_document(audits, strict=strict))
    elif audits:
        _show(audits, strict=strict)
    sys.stdout.flush()
    tell_issues(refused)
    if refused:
        return REFUSED
    return PASSES if all(audit.passes(strict=strict) for audit in audits) else FAILS


def run_audit_rules(form: str) -> int:
    """List the rules.

    Args:
        form: `table` or `json`.
    """
    if form == "json":
        from esser_gap.write.audit_json import rules_document

        _print(rules_document())
    else:
        draw([rules_table()], console_for(sys.stdout))
    return PASSES


def _show(audits: Sequence[Audit], *, strict: bool) -> None:
    console = console_for(sys.stdout)
    for place, audit in enumerate(audits):
        if place:
            console.print()
        draw(audit_parts(audit, strict=strict), console)


def _print(document: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(document)
