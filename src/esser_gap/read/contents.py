"""What a file is by its contents, whatever its name says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esser_gap.read.refusals import not_a_spreadsheet, old_xml, web_page

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.errors import InputError

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of zip archives, which the workbooks of this century are."""
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of Windows compound files, which older workbooks and encrypted ones are."""

_SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a packed file (gzip)",
    b"7z\xbc\xaf\x27\x1c": "a packed file (7z)",
    b"Rar!\x1a": "a packed file (RAR)",
}
_HINTS = {
    "a PDF document": "export the table as an Excel workbook or as CSV from where it was made",
    "a picture": "a picture has no cells; name the spreadsheet it was taken of",
    "a text document (RTF)": "copy its table to a spreadsheet and save that",
}
_MARKUP = re.compile(r"<(?:html|!doctype html|head|body|table|meta|script|style|title|div)\b", re.IGNORECASE)
_EXCEL_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_HEAD = 4_096


def is_archive(content: bytes) -> bool:
    """Tell whether the contents are those of a zip archive."""
    return content.startswith(ZIP)


def foreign(path: Path, content: bytes) -> InputError | None:
    """Make the refusal of contents that are known and are neither a workbook nor a table of text."""
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return not_a_spreadsheet(path, kind, _HINTS.get(kind, "unpack it and name the spreadsheet in it"))
    return _markup(path, content[:_HEAD])


def _markup(path: Path, content: bytes) -> InputError | None:
    # Without its zeros, text in UTF-16 has the same letters as any other.
    head = content.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith("MIME-Version:"):
        return web_page(path)
    if not head.startswith("<"):
        return None
    if _EXCEL_XML in head:
        return old_xml(path)
    if _MARKUP.search(head):
        return web_page(path)
    if head.startswith("<?xml"):
        return not_a_spreadsheet(path, "an XML document", "export the table as an Excel workbook or as CSV")
    return None
