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
MAX_BYTES = 2**30
"""Larger files are refused unread: a sheet with a million rows, saved as text, is about half of this."""

_LOCKS = ("~$", ".~lock.")
"""What Excel and LibreOffice put before a workbook's name, to tell others that somebody has it open."""
_NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks, zeros that a failed copy leaves, and the marks of encodings."""


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
        InputError: When it is missing, a folder, empty, too large, or may not be read.
    """
    if path.name.startswith(_LOCKS) and path.is_file():
        raise _lock_file(path)
    try:
        content = _content(path)
    except FileNotFoundError:
        raise refused(path, "file-missing", "there is no such file", _similar(path)) from None
    except IsADirectoryError:
        raise refused(path, "file-unreadable", "this is a folder", "name a spreadsheet in it") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise refused(path, "file-unreadable", f"the file cannot be read: {reason}", "") from None
    if not content.strip(_NOTHING):
        raise refused(path, "file-empty", "the file is empty", "save the spreadsheet again")
    return FileBytes(path, content)


def refused(path: Path, code: str, message: str, hint: str) -> InputError:
    """Make the error that refuses a whole file."""
    return InputError([error(code, message, where=Where(path.name), hint=hint)])


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        size = path.stat().st_size
        # What is no file on a disk has no size, and may have no end.
        content = file.read(size or MAX_BYTES + 1) if size <= MAX_BYTES else b""
    if max(size, len(content)) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 2**20:,} MB"
        raise refused(path, "file-too-large", message, "name a file that holds only the budget")
    return content


def _lock_file(path: Path) -> InputError:
    name = path.name
    for mark in _LOCKS:
        name = name.removeprefix(mark)
    message = "this is not the workbook but a mark that somebody has it open"
    return refused(path, "file-not-a-workbook", message, f"name `{name.removesuffix('#')}`")


def _similar(path: Path) -> str:
    from esser_gap.check.references import near_names

    try:
        names = [other.name for other in path.parent.iterdir() if other.is_file()]
    except OSError:
        return f"the folder `{path.parent}` does not exist"
    near = near_names(path.name, names)
    return f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "check the spelling of its name"
