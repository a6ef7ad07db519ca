"""Real spreadsheet files of every kind that is read, made of plain rows, so that tests show what they read."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
)
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def write_ods(path: Path, sheets: Sheets) -> Path:
    tables = {name: "".join(map(ods_row, rows)) for name, rows in sheets.items()}
    return write_ods_xml(path, tables)


def write_ods_xml(path: Path, tables: Mapping[str, str]) -> Path:
    """Write a workbook of which the sheets are given as XML: columns and rows."""
    body = "".join(f"<table:table table:name={quoteattr(name)}>{xml}</table:table>" for name, xml in tables.items())
    parts = {
        "mimetype": _ODS_KIND,
        "META-INF/manifest.xml": _ODS_MANIFEST.format(kind=_ODS_KIND),
        "content.xml": _ODS.format(tables=body),
    }
    return write_zip(path, {name: text.encode() for name, text in parts.items()})


def ods_row(row: Sequence[Any], about: str = "") -> str:
    return f"<table:table-row{about and ' '}{about}>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(value: object, about: str = "") -> str:
    """Write a cell as LibreOffice does; an error is always the result of a formula."""
    if isinstance(value, CellError):
        value = Formula(f"={value.text}", value)
    if isinstance(value, Formula):
        about += f" table:formula={quoteattr(f'of:{value.text}')}"
        value = value.value
    shown = (
        ""
        if value is None
        else f"<text:p>{escape(value.text if isinstance(value, CellError) else str(value))}</text:p>"
    )
    return f"<table:table-cell {about} {_ods_kind(value)}>{shown}</table:table-cell>"


def _ods_kind(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, CellError):
        return 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    if isinstance(value, (date, datetime)):
        return f'office:value-type="date" office:date-value="{value.isoformat()}"'
    if isinstance(value, (int, float, Decimal)):
        return f'office:value-type="float" office:value="{value}"'
    return 'office:value-type="string"'


# --- archives ----------------------------------------------------------------------------------


def write_zip(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_xlsx_xml(path: Path, cells: str, before: str = "", after: str = "") -> Path:
    """Write a workbook of which the only sheet is given as XML: its rows, and what comes before and after."""
    write_xlsx(path, {"Commitments": []})
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'
    return write_zip(path, parts_of(path) | {"xl/worksheets/sheet1.xml": sheet.encode()})


# --- binary workbooks of today -----------------------------------------------------------------

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
    ' Target="{target}"/></Relationships>'
)
_NUMBERS_OF_ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def write_xlsb(path: Path, name: str, rows: Rows, **layout: Any) -> Path:
    cells = b"".join(
        _xlsb_row(number, row, is_hidden=number in layout.get("hidden_rows", ())) for number, row in enumerate(rows)
    )
    return write_xlsb_cells(path, name, cells, **layout)


def write_xlsb_cells(
    path: Path,
    name: str,
    cells: bytes,
    *,
    hidden_columns: Sequence[int] = (),
    merges: Sequence[tuple[int, int, int, int]] = (),
    **_: Any,
) -> Path:
    """Write a sheet of which the rows and cells are given as records."""
    columns = b"".join(xlsb_record(0x3C, struct.pack("<IIIIH", each, each, 256, 0, 1)) for each in hidden_columns)
    merged = b"".join(xlsb_record(0xB0, struct.pack("<IIII", *merge)) for merge in merges)
    sheet = (
        xlsb_record(0x81)
        + xlsb_record(0x94, bytes(16))
        + xlsb_record(0x186)
        + columns
        + xlsb_record(0x187)
        + xlsb_record(0x91)
        + cells
        + xlsb_record(0x92)
        + merged
        + xlsb_record(0x82)
    )
    about = struct.pack("<II", 0, 1) + _wide_text("rId1") + _wide_text(name)
    book = b"".join([xlsb_record(0x83), xlsb_record(0x8F), xlsb_record(0x9C, about), xlsb_record(0x90)])
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELATIONSHIPS.format(kind="officeDocument", target="xl/workbook.bin").encode(),
        "xl/_rels/workbook.bin.rels": _RELATIONSHIPS.format(kind="worksheet", target="worksheets/sheet1.bin").encode(),
        "xl/workbook.bin": book + xlsb_record(0x84),
        "xl/worksheets/sheet1.bin": sheet,
    }
    return write_zip(path, parts)


def xlsb_record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    while length >= 0x80:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + content


def xlsb_row_head(number: int, *, is_hidden: bool = False) -> bytes:
    return xlsb_record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if is_hidden else 0, 0, 0))


def xlsb_cell(column: int, value: object) -> bytes:
    place, no_formula = struct.pack("<II", column, 0), bytes(10)
    if isinstance(value, CellError):
        return xlsb_record(0x03, place + bytes([_NUMBERS_OF_ERRORS[value.text]]))
    if isinstance(value, Formula) and isinstance(value.value, CellError):
        return xlsb_record(0x0B, place + bytes([_NUMBERS_OF_ERRORS[value.value.text]]) + no_formula)
    if value is None:
        return xlsb_record(0x01, place)
    if isinstance(value, (int, float)):
        return xlsb_record(0x05, place + struct.pack("<d", value))
    return xlsb_record(0x06, place + _wide_text(str(value)))


def _xlsb_row(number: int, row: Sequence[Any], *, is_hidden: bool) -> bytes:
    return xlsb_row_head(number, is_hidden=is_hidden) + b"".join(xlsb_cell(*cell) for cell in enumerate(row))


def _wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


# --- old binary workbooks ----------------------------------------------------------------------


def write_xls(path: Path, name: str, rows: Rows, **layout: Any) -> Path:
    """Write one sheet in the format of Excel 97 (BIFF8)."""
    path.write_bytes(compound_file("Workbook", xls_stream(name, rows, **layout)))
    return path


def xls_stream(
    name: str,
    rows: Rows,
    *,
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    size: tuple[int, int, int, int] | None = None,
    at_start: bytes = b"",
    cells: bytes = b"",
) -> bytes:
    """Write what the stream of a workbook holds; more records may be given for its start and for the cells."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)) + at_start
    boundsheet_length = 4 + 8 + len(name)
    offset = len(start) + boundsheet_length + 4
    sheet_names = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name.encode("latin-1"))
    written = b"".join(
        xls_cell(number, place, value)
        for number, row in enumerate(rows)
        for place, value in enumerate(row)
        if value is not None
    )
    size = size or (0, len(rows), 0, max((len(row) for row in rows), default=0))
    body = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
        + b"".join(_record(0x007D, struct.pack("<HHHHHH", each, each, 256, 0, 1, 0)) for each in hidden_columns)
        + _record(0x0200, struct.pack("<IIHHH", *size, 0))
        + b"".join(_record(0x0208, struct.pack("<HHHHHHI", each, 0, 9, 300, 0, 0, 0x20)) for each in hidden_rows)
        + written
        + cells
        + _record(0x000A, b"")
    )
    return start + sheet_names + _record(0x000A, b"") + body


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, Formula):
        return _record(0x0006, place + _xls_result(value.value) + bytes(8))
    if isinstance(value, CellError):
        return _record(0x0205, place + bytes([_NUMBERS_OF_ERRORS[value.text], 1]))
    if isinstance(value, bool):
        return _record(0x0205, place + bytes([value, 0]))
    if isinstance(value, (int, float)):
        return _record(0x0203, place + struct.pack("<d", value))
    text = str(value).encode("utf-16-le")
    return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)


def _xls_result(value: object) -> bytes:
    if isinstance(value, CellError):
        return bytes([2, 0, _NUMBERS_OF_ERRORS[value.text], 0, 0, 0, 0xFF, 0xFF])
    if isinstance(value, (int, float)):
        return struct.pack("<d", value)
    return bytes([3, 0, 0, 0, 0, 0, 0xFF, 0xFF])


_SECTOR, _SMALL_SECTOR = 512, 64
_FREE, _END, _TABLE, _MORE_TABLES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def compound_file(name: str, content: bytes, *, is_small: bool = False) -> bytes:
    """Wrap one stream as Windows compound files do (a file system in a file).

    Tables of sectors come first, then the list of streams, then the stream. A small stream is kept in a stream of
    small sectors, which have a table of their own.
    """
    stream = _filled(content, _SMALL_SECTOR if is_small else 4096)
    small = [*range(1, len(stream) // _SMALL_SECTOR), _END] if is_small else []
    small_table = _filled(struct.pack(f"<{len(small)}I", *small), _SECTOR, b"\xff")
    parts = [b"", small_table, _filled(stream, _SECTOR)]
    lengths = [1, len(small_table) // _SECTOR, len(parts[2]) // _SECTOR]
    tables = 1
    while tables * 128 < tables + -(-max(0, tables - 109) // 127) + sum(lengths):
        tables += 1
    more = -(-max(0, tables - 109) // 127)
    first = [tables + more]
    chain = [*[_TABLE] * tables, *[_MORE_TABLES] * more]
    for length in lengths:
        chain += [*range(len(chain) + 1, len(chain) + length), _END] if length else []
        first.append(len(chain))
    size = len(content) if is_small else len(stream)
    root = _entry("Root Entry", 5, 1, first[2] if is_small else _END, len(stream) if is_small else 0)
    parts[0] = root + _entry(name, 2, _FREE, 0 if is_small else first[2], size) + _entry("", 0, _FREE, 0, 0) * 2
    places = [*range(tables), *[_FREE] * (109 - tables)]
    further = [[*places[109 + 127 * k : 236 + 127 * k]] for k in range(more)]
    ends = [*range(tables + 1, tables + more), _END]
    difat = [struct.pack("<128I", *(each + [_FREE] * 127)[:127], end) for each, end in zip(further, ends, strict=False)]
    small_start, more_start = first[1] if is_small else _END, tables if more else _END
    return b"".join(
        [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16),
            struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables),
            struct.pack("<IIIIIII", first[0], 0, 4096, small_start, lengths[1], more_start, more),
            struct.pack("<109I", *places[:109]),
            _filled(struct.pack(f"<{len(chain)}I", *chain), _SECTOR * tables, b"\xff"),
            *difat,
            *parts,
        ]
    )


def _filled(content: bytes, size: int, byte: bytes = b"\0") -> bytes:
    """Make contents as long as a multiple of a size; zeros behind the last record mean nothing."""
    return content.ljust(-(-len(content) // size) * size, byte)


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


# --- files that are refused --------------------------------------------------------------------


def write_encrypted(path: Path) -> None:
    """Write what a program sees of a workbook that is encrypted with a password."""
    path.write_bytes(compound_file("EncryptedPackage", b"\x01" * 4096))


def write_zip_bomb(path: Path) -> None:
    """Write a workbook of a few kilobytes with a sheet that is mostly blanks."""
    write_xlsx_xml(path, "<row><c><v>1</v></c></row>", after=" " * 20_000_000)


def write_far_cell(path: Path) -> None:
    """Write a workbook with a note in the last cell that a sheet has."""
    name = '<row r="1"><c r="A1"><v>1</v></c></row>'
    write_xlsx_xml(path, f'{name}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def write_hidden_row(path: Path) -> None:
    """Write a budget whose second commitment a filter hides."""
    book = _two_commitments()
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(path)


def write_hidden_column(path: Path) -> None:
    """Write a budget whose column of costs is hidden."""
    book = _two_commitments()
    book.worksheets[0].column_dimensions["D"].hidden = True
    book.save(path)


def _two_commitments() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Commitments"
    for row in (
        ["Name", "Category", "Kind", "Annual cost"],
        ["Web filter", "network", "recurring", 9000],
        ["Help desk", "repair", "recurring", 4000],
    ):
        sheet.append(row)
    return book


SPECIAL: dict[str, tuple[Callable[[Path], None], str]] = {
    "hidden row": (write_hidden_row, "has a hidden row 3"),
    "hidden column": (write_hidden_column, "has a hidden column D of costs"),
    "encrypted": (write_encrypted, "is encrypted"),
    "zip bomb": (write_zip_bomb, "has a part that is mostly blanks"),
    "far cell": (write_far_cell, "has something in its last cell, XFD1048576"),
}
"""Files that rows do not describe: how each is written, and what is said of it."""
