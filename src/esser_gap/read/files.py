"""Input files: their bytes, digests, and the kinds of file that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.issues import Where, error
from esser_gap.model.budget import InputFile

if TYPE_CHECKING:
    from pathlib import Path

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
DOCUMENT_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file's contents with its digest.

    Attributes:
        path: Where it is.
        content: Its bytes.
    """

    path: Path
    content: bytes

    @property
    def name(self) -> str:
        """Give the file's name without its folder."""
        return self.path.name

    def as_input(self, role: str) -> InputFile:
        """Describe it for the list of inputs."""
        return InputFile(self.name, sha256(self.content).hexdigest(), role)


def read_bytes(path: Path) -> FileBytes:
    """Read a file whole.

    Raises:
        InputError: When it is missing, a folder, empty, or may not be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise refused(path, "file-missing", "there is no such file", _similar(path)) from None
    except IsADirectoryError:
        raise refused(path, "file-unreadable", "this is a folder", "name a spreadsheet in it") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise refused(path, "file-unreadable", f"the file cannot be read: {reason}", "") from None
    if not content.strip():
        raise refused(path, "file-empty", "the file is empty", "save the spreadsheet again")
    return FileBytes(path, content)


def refused(path: Path, code: str, message: str, hint: str) -> InputError:
    """Make the error that refuses a whole file."""
    return InputError([error(code, message, where=Where(path.name), hint=hint)])


def _similar(path: Path) -> str:
    from esser_gap.check.references import near_names

    try:
        names = [other.name for other in path.parent.iterdir() if other.is_file()]
    except OSError:
        return f"the folder `{path.parent}` does not exist"
    near = near_names(path.name, names)
    return f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "check the spelling of its name"
