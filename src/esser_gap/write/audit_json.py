"""What audits found, and the rules, as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap import __version__
from esser_gap.auditing.rules import RULES
from esser_gap.write.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.auditing.findings import Audit

SCHEMA = "esser-gap/audit/1"
"""What the document says it is."""


def audit_document(audits: Sequence[Audit], *, strict: bool = False) -> str:
    """Write what was found in workbooks as one JSON document.

    Args:
        audits: What was found, file by file.
        strict: Whether a warning is a failure.

    Returns:
        An object with `schema`, `version` and `files`; each file has `name`, `sha256`, `passes`, `failures`,
        `warnings`, `sheets` and `findings`, and a blank `sheet` or `place` means the whole.
    """
    files = ",\n".join(json_text(_file(audit, strict=strict)) for audit in audits)
    return f'{{\n"schema": "{SCHEMA}",\n"version": "{__version__}",\n"files": [\n{files}\n]\n}}\n'


def rules_document() -> str:
    """Write the rules as one JSON document: an object with `schema`, `version` and `rules`."""
    rules = ",\n".join(json_text(rule) for rule in RULES)
    return f'{{\n"schema": "{SCHEMA}",\n"version": "{__version__}",\n"rules": [\n{rules}\n]\n}}\n'


def _file(audit: Audit, *, strict: bool) -> dict[str, Any]:
    return {
        "name": audit.file.name,
        "sha256": audit.file.sha256,
        "passes": audit.passes(strict=strict),
        "failures": len(audit.failures),
        "warnings": len(audit.warnings),
        "sheets": list(audit.sheets),
        "findings": list(audit.findings),
    }
