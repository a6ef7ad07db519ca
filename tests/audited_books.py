"""A workbook that passes every rule of an audit, and ways to break one thing of it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook  # noqa: TID251

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Then = Callable[["Draft"], object]
    Edit = Callable[[dict[str, bytes]], object]

SHEET = "Costs by year"
ROWS = 60
ALT = "Column chart of the cost of two programs from FY2027 to FY2031; the figures stand in the table beside it."


@dataclass
class Draft:
    """What is being written, before it is closed."""

    book: Any
    sheet: Any
    look: dict[str, Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        return self.book.add_format(properties)


@dataclass(frozen=True)
class Make:
    """What is written otherwise than in the good workbook.

    Attributes:
        title: Title of the document.
        language: Language of the document, blank for none.
        name: Name of the sheet.
        header: Format of the header row.
        headings: What stands in it.
        chart_title: Title of the chart, None for none.
        alt: Its alternative text, None for none.
        footer: Footer of the printed page.
        wide: Pages side by side that the sheet is squeezed into, None for none.
        landscape: Whether it prints with the long side below.
        repeated: Whether the header row stands on every page.
        frozen: Whether the header row stays in sight.
        options: Options of the workbook.
        then: What else is written.
        edit: What is changed in the parts of the file.
    """

    title: str = "Costs of two programs"
    language: str = "en-US"
    name: str = SHEET
    header: dict[str, Any] = field(default_factory=lambda: {"bold": True})
    headings: tuple[str, ...] = ("Item", "Cost", "Change")
    chart_title: str | None = "Cost by item"
    alt: str | None = ALT
    footer: str = "&CPage &P of &N"
    wide: int | None = 1
    landscape: bool = True
    repeated: bool = True
    frozen: bool = True
    options: dict[str, Any] = field(default_factory=dict)
    then: Then | None = None
    edit: Edit | None = None


def write_book(path: Path, make: Make | None = None) -> Path:
    make = make or Make()
    book = Workbook(str(path), {"strings_to_formulas": False, **make.options})
    book.set_properties({"title": make.title})
    sheet = book.add_worksheet(make.name)
    draft = Draft(book, sheet)
    _write_table(draft, make)
    _add_chart(draft, make)
    _set_up(sheet, make)
    if make.then is not None:
        make.then(draft)
    book.close()
    edit_parts(path, lambda parts: _say_language(parts, make))
    if make.edit is not None:
        edit_parts(path, make.edit)
    return path


def _write_table(draft: Draft, make: Make) -> None:
    sheet = draft.sheet
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 14)
    style, money = draft.format(**make.header), draft.format(num_format="#,##0;-#,##0")
    for place, heading in enumerate(make.headings):
        if heading:
            sheet.write_string(0, place, heading, style)
    for row in range(1, ROWS):
        sheet.write_string(row, 0, f"Item {row}")
        sheet.write_number(row, 1, 1000 + row, money)
        sheet.write_formula(row, 2, f"=B{row + 1}*0.05", money, (1000 + row) * 0.05)


def _add_chart(draft: Draft, make: Make) -> None:
    chart = draft.book.add_chart({"type": "column"})
    for column in (1, 2):
        chart.add_series(
            {
                "name": make.headings[column],
                "categories": [make.name, 1, 0, 5, 0],
                "values": [make.name, 1, column, 5, column],
            }
        )
    chart.set_title({"name": make.chart_title} if make.chart_title else {"none": True})
    draft.sheet.insert_chart(1, 4, chart, {} if make.alt is None else {"description": make.alt})


def _set_up(sheet: Any, make: Make) -> None:
    if make.landscape:
        sheet.set_landscape()
    if make.wide is not None:
        sheet.fit_to_pages(make.wide, 0)
    if make.repeated:
        sheet.repeat_rows(0)
    if make.frozen:
        sheet.freeze_panes(1, 0)
    if make.footer:
        sheet.set_footer(make.footer)


def _say_language(parts: dict[str, bytes], make: Make) -> None:
    if make.language:
        said = f"<dc:language>{make.language}</dc:language></cp:coreProperties>".encode()
        parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(b"</cp:coreProperties>", said)


def edit_parts(path: Path, edit: Edit) -> None:
    """Change the parts of a workbook; those that are taken out are left out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def replacing(part: str, old: str, new: str) -> Edit:
    """Give an edit that replaces text in a part, which must be there."""

    def edit(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], f"{part} has no {old}"
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return edit


def adding(**parts: tuple[str, str]) -> Edit:
    """Give an edit that adds parts: each a name and its contents, listed as binary."""

    def edit(existing: dict[str, bytes]) -> None:
        for name, content in parts.values():
            existing[name] = content.encode()
            kind = f'<Override PartName="/{name}" ContentType="application/octet-stream"/></Types>'
            types = existing["[Content_Types].xml"]
            existing["[Content_Types].xml"] = types.replace(b"</Types>", kind.encode())

    return edit
