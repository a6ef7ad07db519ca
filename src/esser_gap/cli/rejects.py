"""The file for rows that `--skip-invalid` leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import OutputError
from esser_gap.write.files import check_target

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ENDING = ".xlsx"


def rejects_file(budgets: Sequence[Path], named: Path | None) -> Path:
    """Give the file that rows left out are written to: the one named, else one in this folder named as the budget.

    Args:
        budgets: Files of the budget.
        named: What `--rejected` says.
    """
    return named or Path(f"{budgets[0].stem}-rejected{_ENDING}")


def check_rejects_file(path: Path, others: Collection[Path]) -> None:
    """Refuse, before any work is done, a file that rows left out could not be written to.

    Args:
        path: The file.
        others: What the run reads and what else it writes, as whole paths.

    Raises:
        OutputError: When it is no workbook's name, is read or written as something else, or cannot be written.
    """
    if path.suffix.lower() != _ENDING:
        raise OutputError(f"rows left out are written to a workbook; end the name `{path.name}` in {_ENDING}")
    if path.resolve() in others:
        raise OutputError(f"`{path}` is what this run reads or writes besides; name another file with --rejected")
    # Whether an existing file may be replaced matters only when there are such rows.
    check_target(path, force=True)
