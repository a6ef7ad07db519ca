"""Real spreadsheet files of every kind that is read, made of plain rows, so that tests show what they read."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[Any]]
    Sheets = Mapping[str, Rows]


@dataclass(frozen=True)
class Formula:
    """A formula; without a value it is as a program that calculates nothing leaves it."""

    text: str
    value: object = None


@dataclass(frozen=True)
class CellError:
    """An error value of a spreadsheet, such as `#REF!`."""

    text: str


# --- Excel workbooks ---------------------------------------------------------------------------


def write_xlsx(path: Path, sheets: Sheets, hidden: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                _set_cell(sheet.cell(number, place), value)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    _store_results(path, sheets)
    return path


def _set_cell(cell: Any, value: object) -> None:
    if isinstance(value, Formula):
        cell.value = value.text
    elif isinstance(value, CellError):
        cell.value, cell.data_type = value.text, "e"
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _store_results(path: Path, sheets: Sheets) -> None:
    """Put formulas' results beside them, which openpyxl does not."""
    stored = [c for rows in sheets.values() for row in rows for c in row if isinstance(c, Formula)]
    if all(formula.value is None for formula in stored):
        return
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            for formula in stored if name.startswith("xl/worksheets/") else []:
                if formula.value is not None:
                    text = f"<f>{escape(formula.text.removeprefix('='))}</f>"
                    content = content.replace(
                        f"{text}<v />".encode(), f"{text}<v>{formula.value}</v>".encode()
                    ).replace(f"{text}<v></v>".encode(), f"{text}<v>{formula.value}</v>".encode())
            parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# --- LibreOffice -------------------------------------------------------------------------------

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
)
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def write_ods(path: Path, sheets: Sheets) -> Path:
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _ODS_KIND)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST.format(kind=_ODS_KIND))
        archive.writestr("content.xml", _ODS.format(tables=tables))
    return path


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, (date, datetime)):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float, Decimal)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


# --- old binary workbooks ----------------------------------------------------------------------


def write_xls(path: Path, name: str, rows: Rows) -> Path:
    """Write one sheet in the format of Excel 97 (BIFF8), text and numbers only."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    boundsheet_length = 4 + 8 + len(name)
    offset = len(start) + boundsheet_length + 4
    sheet_names = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name.encode("latin-1"))
    cells = b"".join(
        _biff_cell(number, place, value)
        for number, row in enumerate(rows)
        for place, value in enumerate(row)
        if value is not None
    )
    width = max(len(row) for row in rows)
    body = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
        + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        + cells
        + _record(0x000A, b"")
    )
    path.write_bytes(compound_file("Workbook", start + sheet_names + _record(0x000A, b"") + body))
    return path


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _biff_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, (int, float)):
        return _record(0x0203, place + struct.pack("<d", value))
    text = str(value).encode("utf-16-le")
    return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)


def write_needing_password(path: Path) -> Path:
    """Write what a program sees of a workbook that is encrypted with a password."""
    path.write_bytes(compound_file("EncryptedPackage", b"\x01" * 4096))
    return path


def compound_file(name: str, content: bytes) -> bytes:
    """Wrap one stream as Windows compound files do (a file system in a file)."""
    sector, free, end, table = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    # Streams below 4,096 bytes are stored in another way; zeros behind the last record mean nothing.
    padded = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
    chain = [*range(3, 2 + len(padded) // sector), end]
    allocation = [table, end, *chain]
    tables = struct.pack(f"<{sector // 4}I", *allocation, *[free] * (sector // 4 - len(allocation)))
    out = io.BytesIO()
    out.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16))
    out.write(struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0))
    out.write(struct.pack("<109I", 0, *[free] * 108))
    out.write(tables)
    out.write(
        _entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, free, 2, len(padded)) + _entry("", 0, free, 0, 0) * 2
    )
    out.write(padded)
    return out.getvalue()


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    ends = 0xFFFFFFFF
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, ends, ends, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
