"""Every format is read to the cell, and what cannot be read is refused by what it is, quickly and in little memory."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from esser_gap.errors import InputError
from esser_gap.read.archives import cut_before
from esser_gap.read.files import read_bytes
from esser_gap.read.refusals import DamagedError
from esser_gap.read.sheets import Sheet, read_sheets
from spreadsheets import (
    SPECIAL,
    CellError,
    Formula,
    compound_file,
    ods_cell,
    ods_row,
    parts_of,
    write_ods,
    write_ods_xml,
    write_xls,
    write_xlsb,
    write_xlsb_cells,
    write_xlsx,
    write_xlsx_xml,
    write_zip,
    xls_cell,
    xls_stream,
    xlsb_cell,
    xlsb_record,
    xlsb_row_head,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD: list[Any] = ["Name", "Kind", "Annual cost"]
FILTER: list[Any] = ["Web filter", "recurring", 9000.0]
TABLE = [HEAD, FILTER]
WORKBOOKS: dict[str, Callable[..., Path]] = {
    "xlsx": lambda path, rows: write_xlsx(path, {"Commitments": rows}),
    "xlsm": lambda path, rows: write_xlsx(path, {"Commitments": rows}),
    "xlsb": lambda path, rows: write_xlsb(path, "Commitments", rows),
    "xls": lambda path, rows: write_xls(path, "Commitments", rows),
    "ods": lambda path, rows: write_ods(path, {"Commitments": rows}),
}
FORMATS = list(WORKBOOKS)


def sheets(path: Path) -> list[Sheet]:
    return read_sheets(read_bytes(path))


def sheet(path: Path) -> Sheet:
    (only,) = sheets(path)
    return only


def text_file(folder: Path, content: str | bytes, name: str = "budget.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as problem:
        sheets(path)
    (issue,) = problem.value.issues
    assert issue.where.file == path.name
    assert issue.hint
    return issue.code, issue.message


def code(path: Path) -> str:
    return refusal(path)[0]


# --------------------------------------------------------------------------- text: encodings, marks, line ends


@pytest.mark.parametrize("ending", ["csv", "txt", "tsv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_in_every_encoding(encoding: str, ending: str, tmp_path: Path) -> None:
    rows = [["id", "name", "cost"], ["0042", "Caf\u00e9 \u2013 100\u20ac", "9,000.50"]]
    content = "\n".join("\t".join(row) for row in rows).encode(encoding)
    assert sheet(text_file(tmp_path, content, f"budget.{ending}")).rows == rows


def test_text_in_utf_16_may_say_so_at_its_start(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        content = "\ufeffname;cost\nFiber;5".encode(encoding)
        assert sheet(text_file(tmp_path, content)).rows == [["name", "cost"], ["Fiber", "5"]]


_CELLS = st.text("aZ09 .-$'\"\u00e9\u00f1\u00fc", max_size=6)
_CELLS_WITH_MARKS = st.text("aZ09 .-$'\"\n,;|\t\u00e9\u00f1\u00fc", max_size=6)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[list[list[str]], int]:
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    width = draw(st.integers(2, 5))
    cells = _CELLS if quoting == csv.QUOTE_MINIMAL else _CELLS_WITH_MARKS
    head = [f"column {number}" for number in range(width)]
    return [head, *draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))], quoting


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=_tables(),
    mark=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
)
@example(table=([["a", "b;c;d"], ["e", "f;g;h"]], csv.QUOTE_ALL), mark=",", end="\n", encoding="utf-8")
def test_text_in_every_dialect_gives_back_its_cells(
    table: tuple[list[list[str]], Any], mark: str, end: str, encoding: str, tmp_path: Path
) -> None:
    rows, quoting = table
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    assert sheet(text_file(tmp_path, out.getvalue().encode(encoding))).rows == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("name;kind;cost\nFiber;recurring;1,234.50\nSIS;recurring;1,900.00\n", 3),
        ("name;kind;cost\nFiber;recurring;1,234,567.50\nSIS;recurring;2,345,678.00\n", 3),
        ("name;kind;cost\nFiber;recurring;1234,50\nSIS;recurring;900,00\n", 3),
        ("Cedar Valley, 2026, draft, for the board\n\nname\tkind\tcost\na, b\tc\t5\n", 3),
        ("name,kind,cost,funded_by\nFiber,r,5,ESSER 60%; GF 40%\nSIS,r,6,ESSER 60%; GF 40%\n", 4),
        ('"name","notes","cost"\n"a","x; y; z; w","5"\n"b","x; y; z; w","5"\n', 3),
        ("name|kind|cost\na, b|c|1,5\n", 3),
    ],
)
def test_the_mark_between_columns_is_told_from_marks_in_amounts_and_notes(text: str, rows: int, tmp_path: Path) -> None:
    assert {len(row) for row in sheet(text_file(tmp_path, text)).rows[-2:]} == {rows}


def test_notes_below_a_small_table_do_not_outvote_it(tmp_path: Path) -> None:
    notes = "".join(f"Note {number}, for the board\n" for number in range(5))
    read = sheet(text_file(tmp_path, f"name\tkind\tcost\nFiber\trecurring\t5\nSIS\trecurring\t6\n{notes}")).rows
    assert read[1] == ["Fiber", "recurring", "5"]


def test_a_title_of_a_long_file_is_not_cut_into_its_rows(tmp_path: Path) -> None:
    rows = [["name", "notes", "cost"], *([f"Item {number}", "a\nb " * 40, "5"] for number in range(600))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    assert sheet(text_file(tmp_path, out.getvalue())).rows == rows


@pytest.mark.parametrize("first", ["sep=;\r\n", 'sep=;"\n'.replace('"', ""), '"sep=;"\n', "SEP=;\r"])
def test_a_first_line_that_names_the_mark_is_no_row(first: str, tmp_path: Path) -> None:
    read = sheet(text_file(tmp_path, f"{first}name;cost, a year\nFiber;5,5"))
    assert read.rows == [["name", "cost, a year"], ["Fiber", "5,5"]]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = 'Budget\n\n"na\r\nme",cost\n"two\n\nlines",5\nlast,6,\n\x1a'
    read = sheet(text_file(tmp_path, text))
    assert read.rows == [["Budget"], [], ["na\r\nme", "cost"], ["two\n\nlines", "5"], ["last", "6", ""]]
    assert (read.name, read.merges, read.hidden_rows, read.hidden_columns) == ("budget", (), frozenset(), frozenset())


def test_line_ends_of_all_kinds_may_be_mixed(tmp_path: Path) -> None:
    read = sheet(text_file(tmp_path, "a,b\rc,d\ne,f\r\ng,h")).rows
    assert read == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


def test_a_file_with_one_column_has_one(tmp_path: Path) -> None:
    assert sheet(text_file(tmp_path, "Name\nFiber\nSIS\n")).rows == [["Name"], ["Fiber"], ["SIS"]]


def test_a_tsv_file_is_parted_by_tabs_unless_it_has_none(tmp_path: Path) -> None:
    assert sheet(text_file(tmp_path, "a,b\tc\n1,2\t3\n1,2\n1,2\n", "b.tsv")).rows[0] == ["a,b", "c"]
    assert sheet(text_file(tmp_path, "a,b\n1,2\n", "b.tsv")).rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe\n\0", bytes(5000)])
@pytest.mark.parametrize("name", ["budget.csv", "budget.xlsx"])
def test_a_file_without_contents_is_empty(content: bytes, name: str, tmp_path: Path) -> None:
    assert code(text_file(tmp_path, content, name)) == "file-empty"


@pytest.mark.parametrize("content", [b"name,cost\n\0\0\0\1\2\3", bytes(range(256)) * 9, b"\1\2,\3\4\n" * 40])
@pytest.mark.parametrize("name", ["budget.csv", "budget.txt"])
def test_what_is_no_text_is_not_read_as_text(content: bytes, name: str, tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path, content, name)) == (
        "file-not-a-workbook",
        "this is neither text nor a workbook, or it is damaged",
    )


def test_text_with_more_cells_than_are_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esser_gap.read.text_sheets.MAX_CELLS", 10)
    assert len(sheet(text_file(tmp_path, "a,b\n" * 5)).rows) == 5
    assert refusal(text_file(tmp_path, "a,b\n" * 6)) == (
        "file-too-large",
        "the file has 12 cells; at most 41,943,040 are read",
    )


# --------------------------------------------------------------------------- contents that do not fit the name


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["budget.csv", "budget.txt", "budget.xls", "budget.xlsx", "budget.ods"])
def test_a_workbook_is_read_whatever_its_name(kind: str, name: str, tmp_path: Path) -> None:
    assert sheet(WORKBOOKS[kind](tmp_path / name, TABLE)).rows == TABLE


@pytest.mark.parametrize("text", ["name\tcost\nFiber\t5\n", "name,cost\nFiber,5\n", "sep=;\nname;cost\nFiber;5"])
@pytest.mark.parametrize("name", ["budget.xls", "budget.xlsx"])
def test_text_that_is_called_a_workbook_is_read_as_text(text: str, name: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16"):
        assert sheet(text_file(tmp_path, text.encode(encoding), name)).rows == [["name", "cost"], ["Fiber", "5"]]


def test_text_without_columns_that_is_called_a_workbook_is_refused(tmp_path: Path) -> None:
    assert code(text_file(tmp_path, "The budget, as you asked, is in the other file", "budget.xls")) == (
        "file-not-a-workbook"
    )
    assert code(text_file(tmp_path, bytes(range(256)) * 9, "budget.xls")) == "file-not-a-workbook"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><table><tr><td>Name</td></tr></table></body></html>",
        "\ufeff\r\n <!DOCTYPE HTML PUBLIC><html></html>",
        "<!-- saved from the portal --><HTML><head></head></HTML>",
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>',
        '<?xml version="1.0"?><!DOCTYPE html><html></html>',
        "<table border=1><tr><td>Name</td></tr></table>",
        "MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html></html>",
    ],
)
@pytest.mark.parametrize("name", ["budget.xls", "budget.csv"])
def test_a_web_page_is_called_one(page: str, name: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16"):
        assert code(text_file(tmp_path, page.encode(encoding), name)) == "file-is-a-web-page"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table/>', "the XML"),
        (b'<?xml version="1.0"?><budget/>', "an XML document"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"{\\rtf1 Dear board}", "a text document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\0\0", "a packed file"),
    ],
)
@pytest.mark.parametrize("name", ["budget.xls", "budget.csv"])
def test_other_files_are_called_what_they_are(content: bytes, kind: str, name: str, tmp_path: Path) -> None:
    found, message = refusal(text_file(tmp_path, content, name))
    assert found == "file-not-a-workbook"
    assert message.startswith(f"this is not a spreadsheet but {kind}")


def test_text_may_start_with_a_bracket_or_with_the_letters_of_an_archive(tmp_path: Path) -> None:
    assert sheet(text_file(tmp_path, "<5 devices,cost\na,5\n")).rows[0] == ["<5 devices", "cost"]
    assert sheet(text_file(tmp_path, "PK,cost\na,5\n")).rows[0] == ["PK", "cost"]


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"word/document.xml": b"<w/>"}, "a Word document"),
        ({"ppt/presentation.xml": b"<p/>"}, "a PowerPoint presentation"),
        ({"Index/Document.iwa": b""}, "a document of Apple iWork, such as Numbers"),
        ({"budget.csv": b"name,cost"}, "a zip archive"),
        (
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"},
            "another document of LibreOffice",
        ),
    ],
)
def test_other_archives_are_called_what_they_are(parts: dict[str, bytes], kind: str, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "budget.xlsx", parts)
    assert refusal(path) == ("file-not-a-workbook", f"this is not a spreadsheet but {kind}")


def test_an_office_document_without_a_workbook_is_damaged(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "budget.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/styles.xml": b"<a/>"})
    assert refusal(path)[1] == "this is not a workbook, or it is damaged"


def test_other_compound_files_are_called_what_they_are(tmp_path: Path) -> None:
    letter = text_file(tmp_path, compound_file("WordDocument", b"Dear board"), "budget.xls")
    assert refusal(letter)[1] == "this is not a spreadsheet but a Word document"
    other = text_file(tmp_path, compound_file("Contents", b"picture"), "budget.xls")
    assert refusal(other)[1] == "this is not a workbook, or it is damaged"


@pytest.mark.parametrize(("name", "meant"), [("~$budget.xlsx", "budget.xlsx"), (".~lock.budget.ods#", "budget.ods")])
def test_the_mark_that_somebody_has_a_workbook_open_is_not_the_workbook(name: str, meant: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="somebody has it open") as problem:
        read_bytes(text_file(tmp_path, b"\x05Robin" + b" " * 159, name))
    assert problem.value.issues[0].hint == f"name `{meant}`"
    assert problem.value.issues[0].code == "file-not-a-workbook"


def test_such_a_mark_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as problem:
        read_bytes(tmp_path / "~$budget.xlsx")
    assert problem.value.issues[0].code == "file-missing"


def test_a_folder_and_a_name_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "this is a folder"), (tmp_path / f"{'b' * 300}.csv", "the file cannot be read")):
        with pytest.raises(InputError, match=message) as problem:
            read_bytes(path)
        assert problem.value.issues[0].code == "file-unreadable"


def test_a_file_that_is_larger_than_any_budget_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.csv"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)
    assert refusal(path) == ("file-too-large", "the file is larger than 1,024 MB")


# --------------------------------------------------------------------------- passwords


def _encrypted_ods(path: Path) -> None:
    manifest = b"<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    write_zip(path, parts_of(write_ods(path, {"S": TABLE})) | {"META-INF/manifest.xml": manifest})


def _encrypted_xls(path: Path, method: int) -> None:
    start = struct.pack("<HHHHH", 0x002F, 6, method, 1, 1)
    path.write_bytes(compound_file("Workbook", xls_stream("S", TABLE, at_start=start)))


def _encrypted_zip(path: Path) -> None:
    write_xlsx(path, {"S": TABLE})
    content = path.read_bytes()
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content = re.sub(re.escape(mark) + b".{%d}" % (place - 4) + b"\0", lambda m: m[0][:-1] + b"\1", content)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "write",
    [
        SPECIAL["encrypted"][0],
        _encrypted_ods,
        lambda path: _encrypted_xls(path, 0),
        lambda path: _encrypted_xls(path, 1),
        _encrypted_zip,
    ],
    ids=["xlsx", "ods", "xls by an old method", "xls", "zip"],
)
def test_an_encrypted_workbook_needs_a_password(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "budget.xlsx")
    assert code(tmp_path / "budget.xlsx") == "file-needs-password"


# --------------------------------------------------------------------------- damage


@pytest.mark.parametrize("kind", FORMATS)
def test_a_workbook_that_was_cut_off_is_refused(kind: str, tmp_path: Path) -> None:
    path = WORKBOOKS[kind](tmp_path / f"budget.{kind}", [HEAD, *[["Filter", "recurring", n] for n in range(300)]])
    content = path.read_bytes()
    for keep in (0.1, 0.5, 0.9):
        path.write_bytes(content[: int(len(content) * keep)])
        assert code(path) == "file-not-a-workbook"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["xlsx", "ods"]), place=st.floats(0, 0.999), change=st.integers(1, 255))
def test_one_wrong_byte_in_an_archive_changes_no_cell(kind: str, place: float, change: int, tmp_path: Path) -> None:
    path = WORKBOOKS[kind](tmp_path / f"budget.{kind}", TABLE)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= change
    path.write_bytes(content)
    with suppress(InputError):
        assert [each.rows for each in sheets(path)] == [TABLE]


def _with_parts(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    return write_zip(path, change(parts_of(write_xlsx(path, {"S": TABLE}))))


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: {name: content for name, content in parts.items() if name != SHEET},
        lambda parts: {**parts, SHEET: b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + parts[SHEET]},
        lambda parts: {**parts, "xl/workbook.xml": b"<!DOCTYPE x>" + parts["xl/workbook.xml"]},
        lambda parts: {**parts, "xl/sharedStrings.xml": b"<!DOCTYPE x><sst/>"},
        lambda parts: {**parts, "xl/sharedStrings.xml": b"<sst><si><t><![CDATA[Name]]></t></si></sst>"},
        lambda parts: {**parts, SHEET: parts[SHEET].decode().encode("utf-16")},
        lambda parts: {**parts, SHEET: re.sub(rb"<v>9000", b"<v><![CDATA[9000]]>", parts[SHEET])},
        lambda parts: {**parts, SHEET: parts[SHEET].replace(b'"A1"', b'"$A$1"')},
        lambda parts: {**parts, SHEET: parts[SHEET][:200]},
        lambda parts: {**parts, SHEET.upper(): parts[SHEET]},
        lambda parts: {**parts, "xl/_rels/workbook.xml.rels": b"<Relationships/>"},
        lambda parts: {name: content for name, content in parts.items() if name != "xl/_rels/workbook.xml.rels"},
    ],
    ids=[
        "no sheet", "entities in a sheet", "entities in the workbook", "entities in texts", "texts in CDATA",
        "UTF-16", "CDATA in a cell", "odd address", "cut off", "one name twice",
        "no relationships", "no part with them",
    ],
)  # fmt: skip
def test_a_workbook_with_a_part_that_cannot_be_trusted_is_refused(change: Any, tmp_path: Path) -> None:
    assert code(_with_parts(tmp_path / "budget.xlsx", change)) == "file-not-a-workbook"


def test_an_ods_file_that_cannot_be_trusted_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "budget.ods"
    parts = parts_of(write_ods(path, {"S": TABLE}))
    content = parts["content.xml"]
    for wrong in (
        content.replace(b"?><office", b"?><!DOCTYPE a><office"),
        content.replace(b"Web filter", b"<![CDATA[Web filter]]>"),
        content.replace(b"</table:table>", b'</table:table><!-- <table:table table:name="T"/> -->'),
    ):
        assert wrong != content
        assert code(write_zip(path, parts | {"content.xml": wrong})) == "file-not-a-workbook"


def _patched(path: Path, place: int, number: int, *, in_directory: bool = False) -> Path:
    """Change a number in the head of the only part of an archive."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, (content.find(b"PK\x01\x02") if in_directory else 0) + place, number)
    path.write_bytes(content)
    return path


def test_an_archive_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    def written() -> Path:
        return write_zip(tmp_path / "budget.ods", {"mimetype": b"application/vnd.oasis" * 9, "content.xml": b"<a/>"})

    for place, number in ((24, 5), (24, 500), (20, 2**20), (42, 2**30), (42, 3), (16, 7), (10, 9)):
        assert code(_patched(written(), place, number, in_directory=True)) == "file-not-a-workbook", place
    assert code(_patched(written(), 30 + 8, 0xFFFFFFFF)) == "file-not-a-workbook"


def test_a_part_that_was_not_packed_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"S": TABLE})
    parts = parts_of(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("xl/worksheets", "xl\\Worksheets"), content)
    assert sheet(path).rows == TABLE


def test_a_formula_outside_of_any_cell_is_damage(tmp_path: Path) -> None:
    assert code(write_xlsx_xml(tmp_path / "budget.xlsx", '<row r="1"><f>1</f></c></row>')) == "file-not-a-workbook"


def test_what_the_reader_of_values_does_not_expect_is_damage(tmp_path: Path) -> None:
    text_of_a_list_that_is_not_there = xlsb_record(0x07, struct.pack("<III", 0, 0, 44))
    path = write_xlsb_cells(tmp_path / "budget.xlsb", "S", xlsb_row_head(0) + text_of_a_list_that_is_not_there)
    assert code(path) == "file-not-a-workbook"


def test_reading_can_be_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("esser_gap.read.workbooks._put_errors", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sheets(write_xlsx(tmp_path / "budget.xlsx", {"S": TABLE}))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.bin", xlsb_record(0x81) + b"\x05"),
        ("xl/worksheets/sheet1.bin", xlsb_record(0x81) + b"\x05\x10\0\0\0\0"),
        ("xl/worksheets/sheet1.bin", xlsb_record(0x81) + xlsb_record(0x05, b"\0\0")),
        ("xl/_rels/workbook.bin.rels", b"<Relationships/>"),
    ],
)
def test_a_binary_workbook_that_contradicts_itself_is_refused(part: str, content: bytes, tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "budget.xlsb", "S", TABLE)
    assert code(write_zip(path, parts_of(path) | {part: content})) == "file-not-a-workbook"


def _compound(**places: int) -> bytes:
    content = bytearray(compound_file("Workbook", xls_stream("S", TABLE)))
    for place, number in places.items():
        struct.pack_into("<I", content, int(place.removeprefix("at_")), number)
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        _compound(at_520=2),
        _compound(at_520=2**20),
        _compound(at_520=0xFFFFFFFE),
        _compound(at_48=77),
        _compound(at_76=0xFFFFFFFF),
        _compound(at_28=0x00FF0000),
        compound_file("Workbook", xls_stream("S", TABLE)[:-4] + b"\xff\xff\xff\xff"),
        compound_file("Workbook", xls_stream("S", TABLE, size=(5, 1, 0, 1))),
        compound_file("Workbook", xls_stream("S", TABLE, size=(0, 2**32 - 1, 0, 2**16 - 1))),
        compound_file("Workbook", xls_stream("S", TABLE, cells=xls_cell(70000 % 65536, 60000, 1))),
        compound_file("Workbook", xls_stream("S", TABLE, cells=struct.pack("<HH", 0x0205, 2) + b"\0\0")),
    ],
    ids=range(11),
)
def test_an_old_workbook_that_contradicts_itself_is_refused(content: bytes, tmp_path: Path) -> None:
    assert code(text_file(tmp_path, content, "budget.xls")) == "file-not-a-workbook"


# --------------------------------------------------------------------------- too large


def _zip_bomb_in_many_parts(path: Path) -> None:
    part = b" " * 3_000_000
    write_zip(path, parts_of(write_xlsx(path, {"S": TABLE})) | {f"xl/worksheets/other{n}.xml": part for n in range(9)})


def _lying_bomb(path: Path) -> None:
    """Write an archive that says that its largest part is small."""
    write_zip(path, {"content.xml": b" " * 40_000_000, "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})
    _patched(path, 24, 1_000_000, in_directory=True)


def _wrapped_bomb(path: Path) -> None:
    SPECIAL["zip bomb"][0](path)
    write_zip(path, {"budget.xlsx": path.read_bytes()})


HOSTILE: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "zip bomb": ("file-too-large", SPECIAL["zip bomb"][0]),
    "zip bomb in many parts": ("file-too-large", _zip_bomb_in_many_parts),
    "zip bomb that says it is none": ("file-not-a-workbook", _lying_bomb),
    "zip bomb in an archive": ("file-not-a-workbook", _wrapped_bomb),
    "far cell in xlsx": ("sheet-too-large", SPECIAL["far cell"][0]),
    "far cell in xlsx without addresses": (
        "sheet-too-large",
        lambda path: write_xlsx_xml(path, f"{'<row/>' * 9000}<row>{'<c><v>1</v></c>' * 9000}</row>"),
    ),
    "far row and far column in xlsx": (
        "sheet-too-large",
        lambda path: write_xlsx_xml(
            path, '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="9"><c r="A1048576"><v>1</v></c></row>'
        ),
    ),
    "far cell with a prefix in xlsx": (
        "sheet-too-large",
        lambda path: write_xlsx_xml(path, '<row r="1"><c r="A1"><v>1</v></c><x:c r="XFD1048576"><v>1</v></x:c></row>'),
    ),
    "row that no sheet has in xlsx": (
        "file-not-a-workbook",
        lambda path: write_xlsx_xml(path, '<row r="1"><c r="A9999999"><v>1</v></c></row>'),
    ),
    "far cell in xlsb": (
        "sheet-too-large",
        lambda path: write_xlsb_cells(path, "S", xlsb_row_head(2**20 - 1) + xlsb_cell(2**14 - 1, 1)),
    ),
    "column that no sheet has in xlsb": (
        "file-not-a-workbook",
        lambda path: write_xlsb_cells(path, "S", xlsb_row_head(0) + xlsb_cell(2**32 - 1, 1)),
    ),
    "full sheet in ods": (
        "sheet-too-large",
        lambda path: write_ods_xml(
            path,
            {
                "S": ods_row([], 'table:number-rows-repeated="3"')
                + "<table:table-row table:number-rows-repeated='1048573'>"
                + ods_cell(CellError("#N/A"), 'table:number-columns-repeated="16384"')
                + "</table:table-row>"
            },
        ),
    ),
    "far cell in ods": (
        "sheet-too-large",
        lambda path: write_ods_xml(
            path,
            {
                "S": ods_row([1])
                + ods_row([], 'table:number-rows-repeated="1048574"')
                + "<table:table-row><table:table-cell table:number-columns-repeated='16383'/>"
                + ods_cell(1)
                + "</table:table-row>"
            },
        ),
    ),
    "far cell in xls": (
        "file-not-a-workbook",
        lambda path: path.write_bytes(
            compound_file("Workbook", xls_stream("S", TABLE, cells=xls_cell(65535, 65535, 1)))
        ),
    ),
    "xls that says it is large": (
        "sheet-too-large",
        lambda path: path.write_bytes(compound_file("Workbook", xls_stream("S", TABLE, size=(0, 65536, 0, 16384)))),
    ),
    "entities": (
        "file-not-a-workbook",
        lambda path: write_zip(
            path,
            parts_of(write_xlsx(path, {"S": TABLE}))
            | {"xl/workbook.xml": b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'},
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_files_made_to_fill_the_memory_are_refused(name: str, tmp_path: Path) -> None:
    expected, write = HOSTILE[name]
    write(tmp_path / "budget.xlsx")
    assert code(tmp_path / "budget.xlsx") == expected


_READ_ALL = """
import json, resource, sys
from pathlib import Path
from esser_gap.errors import InputError
from esser_gap.read.archives import cut_before
from esser_gap.read.files import read_bytes
from esser_gap.read.refusals import DamagedError
from esser_gap.read.sheets import read_sheets
import python_calamine

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        codes[path.stem] = str(read_sheets(read_bytes(path)))
    except InputError as problem:
        codes[path.stem] = problem.issues[0].code
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([codes, (after - before) * (1 if sys.platform == "darwin" else 1024)]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell how much memory a program took")
def test_such_files_are_refused_in_little_memory(tmp_path: Path) -> None:
    for name, (_, write) in HOSTILE.items():
        write(tmp_path / f"{name}.xlsx")
    ran = subprocess.run(
        [sys.executable, "-c", _READ_ALL, tmp_path], capture_output=True, text=True, timeout=60, check=True
    )
    codes, memory = json.loads(ran.stdout)
    assert codes == {name: code for name, (code, _) in HOSTILE.items()}
    assert memory < 300e6


def test_a_part_without_rows_does_not_fill_the_memory() -> None:
    assert list(cut_before(b"<row", iter([b"<a/><r", b"ow><c/><row/>", b"</a>"]))) == [
        b"<a/><row><c/>",
        b"<row/></a>",
    ]
    with pytest.raises(DamagedError):
        list(cut_before(b"<row", iter([b" " * 2**26, b" "])))


def test_a_sheet_that_is_too_large_is_named_with_its_last_cell(tmp_path: Path) -> None:
    SPECIAL["far cell"][0](tmp_path / "budget.xlsx")
    with pytest.raises(InputError) as problem:
        sheets(tmp_path / "budget.xlsx")
    (issue,) = problem.value.issues
    assert issue.where.sheet == "Commitments"
    assert issue.message.startswith("the sheet reaches to XFD1048576, which makes 17,179,869,184 cells")


def test_blank_cells_far_away_and_sizes_that_are_only_said_do_no_harm(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/>'
    cells += '<c r="XFC1048576"></c><c r="XFB1048576"><v/></c></row>'
    path = tmp_path / "budget.xlsx"
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="C3:D4"/></mergeCells>'
    read = sheet(write_xlsx_xml(path, cells, before='<dimension ref="A1:XFD1048576"/>', after=merged))
    assert (read.rows, read.merges) == ([[1.0]], ((0, 0, 0, 0),))


def test_blank_rows_and_columns_to_the_end_of_an_ods_sheet_do_no_harm(tmp_path: Path) -> None:
    rest = '<table:table-cell table:number-columns-repeated="16000"/>' * 2
    hidden = 'table:visibility="collapse" table:number-rows-repeated="1048000"'
    xml = f'<table:table-column table:visibility="collapse" table:number-columns-repeated="16384"/>{ods_row([1, 2])}'
    xml += f"<table:table-row>{ods_cell(3)}{ods_cell(4)}{rest}</table:table-row><table:table-row {hidden}/>"
    read = sheet(write_ods_xml(tmp_path / "budget.ods", {"S": xml}))
    assert read.rows == [[1.0, 2.0], [3.0, 4.0]]
    assert (read.hidden_rows, read.hidden_columns) == (frozenset(), frozenset({0, 1}))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_wide_sheet_and_a_cell_below_it_are_read(kind: str, tmp_path: Path) -> None:
    wide: list[Any] = [float(number) for number in range(250)]
    read = sheet(WORKBOOKS[kind](tmp_path / f"budget.{kind}", [["Totals"], wide, *[[]] * 2000, ["end"]]))
    assert (len(read.rows), read.rows[1], read.rows[-1][0]) == (2003, wide, "end")


# --------------------------------------------------------------------------- errors and formulas


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_errors_stand_in_their_cells_as_text(kind: str, text: str, tmp_path: Path) -> None:
    rows = [HEAD, ["Fiber", CellError(text), 5.0], [None, 1.0, CellError(text)]]
    read = sheet(WORKBOOKS[kind](tmp_path / f"budget.{kind}", rows))
    assert read.rows == [HEAD, ["Fiber", text, 5.0], ["", 1.0, text]]
    assert read.unsaved == frozenset()


@pytest.mark.parametrize("kind", ["xlsb", "xls", "ods"])
def test_a_formula_with_an_error_is_that_error(kind: str, tmp_path: Path) -> None:
    rows = [HEAD, ["Fiber", Formula("=1/0", CellError("#DIV/0!")), Formula("=1+1", 2)]]
    if kind == "xlsb":
        rows[1][2] = 2.0
    read = sheet(WORKBOOKS[kind](tmp_path / f"budget.{kind}", rows))
    assert (read.rows[1], read.unsaved) == (["Fiber", "#DIV/0!", 2.0], frozenset())


@pytest.mark.parametrize("text", ["#GETTING_DATA", "#SPILL!", "#ERROR!", "#FIELD!"])
def test_an_error_of_newer_programs_spoils_no_other_cell(text: str, tmp_path: Path) -> None:
    rows = {"Other": [["Ask Pat"]], "Commitments": [HEAD, ["Fiber", CellError(text), CellError("#REF!")]]}
    other, read = sheets(write_xlsx(tmp_path / "budget.xlsx", rows))
    assert (other.rows, read.rows) == ([["Ask Pat"]], [HEAD, ["Fiber", text, "#REF!"]])


def test_other_parts_of_such_a_workbook_are_left_out(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"S": [HEAD, [CellError("#SPILL!")]]})
    assert sheet(write_zip(path, parts_of(path) | {"xl/media/logo.png": b"\x89PNG"})).rows[1][0] == "#SPILL!"


def test_an_error_that_names_none_is_still_one(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="e"><f>B1</f><v></v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    last = '<row r="2"><c r="AZ2"><v>1</v></c></row><row r="3"><c r="B3" t="e"><f>#REF!</f></c></row>'
    for more in ("", last):
        read = sheet(write_xlsx_xml(tmp_path / "budget.xlsx", cells + more)).rows
        assert (read[0][:2], read[-1][1]) == (["#VALUE!", "#N/A"], "#VALUE!" if more else "#N/A")


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    rows = [HEAD, ["Fiber", Formula("=3*3"), Formula("=3*4", 12)], [Formula("=A2"), None, 5]]
    for path in (
        write_xlsx(tmp_path / "budget.xlsx", {"S": rows}),
        write_ods(tmp_path / "budget.ods", {"S": rows}),
    ):
        read = sheet(path)
        assert read.unsaved == {"B2", "A3"}, path
        assert read.rows[1:] == [["Fiber", "", 12.0], ["", "", 5.0]]


def test_blank_text_is_a_result(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>'
    assert sheet(write_xlsx_xml(tmp_path / "budget.xlsx", cells)).unsaved == frozenset()
    blank = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    row = f"<table:table-row>{blank}{ods_cell(1)}</table:table-row>"
    assert sheet(write_ods_xml(tmp_path / "budget.ods", {"S": row})).unsaved == frozenset()


def test_an_old_workbook_in_which_nothing_was_calculated_says_so(tmp_path: Path) -> None:
    blank, path = Formula("=3*3"), tmp_path / "budget.xls"
    assert sheet(write_xls(path, "S", [HEAD, ["Fiber", blank, blank]])).unsaved == {"B2", "C2"}
    # Here a program calculated, and found that the one result is blank text.
    assert sheet(write_xls(path, "S", [HEAD, ["Fiber", blank, Formula("=3*4", 12)]])).unsaved == frozenset()
    assert sheet(write_xls(path, "S", [HEAD, [blank, CellError("#N/A"), True]])).rows[1] == ["", "#N/A", True]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>', "#DIV/0!"),
        ('table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>Err:502</text:p>', "Err:502"),
        ('office:value-type="string" calcext:value-type="error"><text:p>Err:502</text:p>', "Err:502"),
        ('office:value-type="string" office:string-value="" calcext:value-type="error">', "#VALUE!"),
        ('table:formula="of:=5" office:value-type="float" office:value="5"><text:p>###</text:p>', 5.0),
        ('office:value-type="string"><text:p>#1 priority</text:p>', "#1 priority"),
    ],
)  # fmt: skip
def test_errors_of_libreoffice_are_known_however_they_are_stored(cell: str, read: object, tmp_path: Path) -> None:
    row = f"<table:table-row>{ods_cell('a')}<table:table-cell {cell}</table:table-cell>{ods_cell(1)}</table:table-row>"
    assert sheet(write_ods_xml(tmp_path / "budget.ods", {"S": row})).rows == [["a", read, 1.0]]


def test_formulas_and_errors_in_repeated_cells_of_libreoffice_count_each(tmp_path: Path) -> None:
    error = ods_cell(CellError("#N/A"), 'table:number-columns-repeated="2"')
    unsaved = '<table:table-cell table:formula="of:=1" office:value-type="float" table:number-columns-repeated="2"/>'
    row = (
        f"<table:table-row table:number-rows-repeated='2'>{ods_cell(1)}{error}{unsaved}{ods_cell(2)}</table:table-row>"
    )
    read = sheet(write_ods_xml(tmp_path / "budget.ods", {"S": row}))
    assert read.rows == [[1.0, "#N/A", "#N/A", "", "", 2.0]] * 2
    assert read.unsaved == {"D1", "E1", "D2", "E2"}
    many = row.replace("repeated='2'", "repeated='90000'")
    assert code(write_ods_xml(tmp_path / "budget.ods", {"S": many})) == "file-not-a-workbook"


def test_an_unknown_number_of_an_error_is_an_error(tmp_path: Path) -> None:
    place = struct.pack("<HHH", 1, 1, 0)
    stream = xls_stream("S", TABLE, cells=struct.pack("<HH", 0x0006, 22) + place + b"\2\0\x99\0\0\0\xff\xff" + bytes(8))
    path = text_file(tmp_path, compound_file("Workbook", stream), "budget.xls")
    assert code(path) == "file-not-a-workbook"
    cells = xlsb_row_head(0) + xlsb_cell(0, 1) + xlsb_record(0x0B, struct.pack("<II", 1, 0) + b"\x99" + bytes(10))
    read = sheet(write_xlsb_cells(tmp_path / "budget.xlsb", "S", cells + xlsb_cell(2, 2)))
    assert read.rows == [[1.0, "#VALUE!", 2.0]]


@st.composite
def _cell_tags(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a cell: what is before its address, behind it, and in it, with what a reader should see."""
    kind = draw(st.sampled_from(["", ' t="n"', " t='e'", ' t="e"', ' t="str"', ' t="inlineStr"']))
    formula = draw(st.sampled_from(["", "<f>1+1</f>", '<f t="shared" si="0"/>', "<f/>", '<f aca="false">A1&lt;2</f>']))
    value = draw(st.sampled_from(["", "<v/>", "<v></v>", "<v>7</v>", "\n<v>7</v>\n"]))
    if "e" in kind[3:5]:
        value = "<v>#N/A</v>"
    elif "inline" in kind:
        formula, value = "", '<is><t>a &gt; # b t="e" x</t></is>'
    return draw(st.sampled_from(["", ' s="1"'])), kind, formula + value


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.one_of(st.none(), _cell_tags()), max_size=4), max_size=5),
    prefix=st.sampled_from(["", "x:"]),
    style=st.sampled_from(["excel", "no addresses", "style first", "lower case"]),
    wide=st.booleans(),
)
def test_quick_looks_find_what_a_parser_finds(
    rows: list[Any],
    prefix: str,
    style: str,
    *,
    wide: bool,
    tmp_path: Path,
) -> None:
    xml, errors, unsaved = [], {}, set()
    shared = [("", "", '<f t="shared" si="0">1</f><v>1</v>')]
    for number, row in enumerate([shared, *rows], 1):
        tags = []
        for place, cell in enumerate(row):
            address = f"{'ABCD'[place]}{number}"
            if cell is None:
                tags.append({"no addresses": "<c/>", "style first": f'<c s="1" r="{address}"/>'}.get(style, ""))
                continue
            before, kind, inside = cell
            r = {"no addresses": "", "lower case": f' r="{address.lower()}"'}.get(style, f' r="{address}"')
            about = f"{before}{kind}{r}" if style == "style first" else f"{r}{before}{kind}"
            tags.append(f"<c{about}>{inside}</c>")
            if "e" in kind[3:5]:
                errors[address] = "#N/A"
            elif "<f" in inside and ">7<" not in inside and ">1</v>" not in inside and kind != ' t="str"':
                unsaved.add(address)
        r = "" if style == "no addresses" else f' r="{number}"'
        xml.append(f"<row{r}>{''.join(tags)}</row>")
    if wide:
        xml.append(f'<row r="{len(xml) + 1}"><c r="AZ{len(xml) + 1}"><v>1</v></c></row>')
    path = write_xlsx_xml(tmp_path / "budget.xlsx", "".join(xml))
    parts = parts_of(path)
    tagged = re.sub(rb"<(/?)(?=[a-z])", rb"<\1" + prefix.encode(), parts[SHEET])
    name = b"xmlns:" + prefix[:-1].encode() if prefix else b"xmlns"
    read = sheet(write_zip(path, parts | {SHEET: tagged.replace(b"xmlns=", name + b"=")}))
    assert read.unsaved == unsaved
    found = {
        f"{'ABCD'[place]}{number}": cell
        for number, row in enumerate(read.rows, 1)
        for place, cell in enumerate(row[:4])
        if cell == "#N/A"
    }
    assert found == errors


# --------------------------------------------------------------------------- merged and hidden cells


def _xlsx_with_layout(path: Path) -> Path:
    write_xlsx(path, {"S": [HEAD, *[FILTER] * 4]})
    parts = parts_of(path)
    xml = (
        parts[SHEET]
        .replace(b'<row r="2"', b'<row hidden="true" r="2"')
        .replace(b'<row r="4"', b'<row r="4" hidden="1"')
    )
    xml = xml.replace(b'<row r="3"', b'<row r="3" hidden="false"')
    columns = b'<cols><col min="2" max="2" hidden="1"/><col min="3" max="3" hidden="false"/></cols><sheetData>'
    merged = b'</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    xml = xml.replace(b"<sheetData>", columns).replace(b"</sheetData>", merged)
    return write_zip(path, parts | {SHEET: xml})


def _ods_with_layout(path: Path) -> Path:
    hidden = 'table:visibility="collapse"'
    alone = 'table:number-rows-spanned="1" table:number-columns-spanned="1"'
    merged = "<table:table-cell table:number-rows-spanned='2' office:value-type='string'><text:p>Web filter</text:p>"
    columns = f"<table:table-column/><table:table-columns><table:table-column {hidden}/></table:table-columns>"
    rest = f"{ods_cell('recurring', alone)}{ods_cell(9000)}</table:table-row>"
    rows = [
        ods_row(HEAD),
        f"<table:table-row-group><table:table-row {hidden}>{merged}</table:table-cell>{rest}",
        f"</table:table-row-group><table:table-rows><table:table-row><table:covered-table-cell/>{rest}</table:table-rows>",
        ods_row(FILTER, 'table:visibility="filter"'),
        ods_row(FILTER),
    ]
    write_ods_xml(path, {"S": columns + "".join(rows)})
    # A link to another file keeps a table that has no name and is no sheet.
    link = b"<office:spreadsheet><table:dde-links><table:table><table:table-column/></table:table></table:dde-links>"
    parts = parts_of(path)
    return write_zip(path, parts | {"content.xml": parts["content.xml"].replace(b"<office:spreadsheet>", link)})


_LAYOUT: dict[str, Callable[[Path], Path]] = {
    "xlsx": _xlsx_with_layout,
    "ods": _ods_with_layout,
    "xls": lambda path: write_xls(path, "S", [HEAD, *[FILTER] * 4], hidden_rows=[1, 3], hidden_columns=[1]),
    "xlsb": lambda path: write_xlsb(
        path, "S", [HEAD, *[FILTER] * 4], hidden_rows=[1, 3], hidden_columns=[1], merges=[(1, 2, 0, 0)]
    ),
}


@pytest.mark.parametrize("kind", _LAYOUT)
def test_hidden_rows_and_columns_and_merged_cells_are_told(kind: str, tmp_path: Path) -> None:
    read = sheet(_LAYOUT[kind](tmp_path / f"budget.{kind}"))
    assert read.rows[1] == FILTER
    assert (read.hidden_rows, read.hidden_columns) == (frozenset({1, 3}), frozenset({1}))
    assert read.merges == (() if kind == "xls" else ((1, 0, 2, 0),))


def test_merged_cells_of_an_old_workbook_are_told(tmp_path: Path) -> None:
    merged = struct.pack("<HHHHHHH", 0x00E5, 10, 1, 1, 2, 0, 0)
    path = text_file(tmp_path, compound_file("Workbook", xls_stream("S", TABLE * 2, cells=merged)), "budget.xls")
    assert sheet(path).merges == ((1, 0, 2, 0),)


def test_texts_of_a_binary_workbook_may_be_long_or_in_a_list(tmp_path: Path) -> None:
    long = "Replace switches in all schools " * 700
    item = xlsb_record(0x13, b"\0" + struct.pack("<I", 5) + "Fiber".encode("utf-16-le"))
    texts = xlsb_record(0x9F, struct.pack("<II", 1, 1)) + item + xlsb_record(0xA0)
    listed = xlsb_record(0x07, struct.pack("<III", 1, 0, 0))
    path = write_xlsb_cells(tmp_path / "budget.xlsb", "S", xlsb_row_head(0) + xlsb_cell(0, long) + listed)
    relations = b'<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.bin"/></Relationships>'
    parts = parts_of(path) | {"xl/sharedStrings.bin": texts}
    parts["xl/_rels/workbook.bin.rels"] = parts["xl/_rels/workbook.bin.rels"].replace(b"</Relationships>", relations)
    assert sheet(write_zip(path, parts)).rows == [[long, "Fiber"]]


def test_several_numbers_of_an_old_workbook_may_stand_in_one_record(tmp_path: Path) -> None:
    several = struct.pack("<HHHHHIHIH", 0x00BD, 18, 2, 0, 0, 5 << 2 | 2, 0, 6 << 2 | 2, 1)
    code_page = struct.pack("<HHH", 0x0042, 2, 1200)
    stream = xls_stream("S", TABLE, cells=several, at_start=code_page)
    path = text_file(tmp_path, compound_file("Workbook", stream), "budget.xls")
    assert sheet(path).rows == [*TABLE, [5, 6, ""]]


def test_a_workbook_of_excel_95_is_read(tmp_path: Path) -> None:
    def record(kind: int, *parts: bytes) -> bytes:
        return struct.pack("<HH", kind, len(b"".join(parts))) + b"".join(parts)

    start = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + record(0x0042, struct.pack("<H", 1252))
    offset = len(start) + 4 + 6 + 8 + 4
    book = start + record(0x0085, struct.pack("<IH", offset, 0), b"\x07Caf\xe9 96") + record(0x000A)
    cells = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 5), b"Fiber") + record(
        0x0205, bytes([0, 0, 1, 0, 0, 0, 42, 1])
    )
    body = record(0x0809, struct.pack("<HHHH", 0x0500, 16, 0, 0)) + record(0x0200, struct.pack("<HHHHH", 0, 1, 0, 2, 0))
    path = text_file(tmp_path, compound_file("Book", book + body + cells + record(0x000A)), "budget.xls")
    read = sheet(path)
    assert (read.name, read.rows) == ("Caf\u00e9 96", [["Fiber", "#N/A"]])


@pytest.mark.parametrize("is_small", [True, False])
@pytest.mark.parametrize("size", [1, 4_000, 70_000, 8_000_000, 17_000_000])
def test_an_old_workbook_may_be_of_any_size(size: int, is_small: bool, tmp_path: Path) -> None:  # noqa: FBT001 - drawn
    if is_small and size > 4_000:
        return
    content = compound_file("Workbook", xls_stream("S", TABLE).ljust(size, b"\0"), is_small=is_small)
    assert sheet(text_file(tmp_path, content, "budget.xls")).rows == TABLE


def test_sheets_that_are_charts_are_passed_over(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    book.create_sheet("R&D <1>").append(["name", "cost"])
    book.worksheets[1]["A2"].value = "=1+1"
    book.save(tmp_path / "budget.xlsx")
    assert [(each.name, each.unsaved) for each in sheets(tmp_path / "budget.xlsx")] == [
        ("Sheet", frozenset()),
        ("R&D <1>", {"A2"}),
    ]


def test_a_code_that_is_written_as_a_formula_of_text_is_the_code(tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_text('fund,name\n="0507","=""x"""\n="",=1+1\n', encoding="utf-8")
    (sheet,) = read_sheets(read_bytes(path))
    assert sheet.rows == [["fund", "name"], ["0507", "x"], ["", "=1+1"]]
