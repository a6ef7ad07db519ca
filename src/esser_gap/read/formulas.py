"""Cells of an Office Open XML workbook that hold an error, or a formula whose result is not stored."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


_SHEET_PART = re.compile(r"xl/.*\.xml", re.IGNORECASE)
_MARK = re.compile(rb"<(?:\w+:)?f[\s/>]|t=[\"']e[\"']")


@dataclass(slots=True)
class CellMarks:
    """Cells of a sheet that readers of stored values see as blank, so that an amount would vanish.

    Attributes:
        unsaved: Addresses of formulas without a stored result.
        errors: Error values, such as `#REF!`, by address.
    """

    unsaved: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)


def cell_marks(content: bytes) -> dict[str, CellMarks]:
    """Find the cells that hold an error, or a formula without a stored value.

    Args:
        content: Bytes of an xlsx or xlsm file.

    Returns:
        What was found, by sheet name, for sheets that have formulas or errors.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if _SHEET_PART.fullmatch(name)]
        # Most sheets have neither, and looking for the letters is much faster than parsing.
        marked = {part: xml for part in sheets if _MARK.search(xml := archive.read(part))}
        names = dict(_sheet_parts(archive)) if marked else {}
    return {name: _marks_in(marked[part]) for name, part in names.items() if part in marked}


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    from xml.etree import ElementTree as ET

    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no entities in OOXML
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(_RELATIONSHIP)}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no entities in OOXML
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_LINK), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part in names:
            yield sheet.get("name", ""), part


def _marks_in(xml: bytes) -> CellMarks:
    from xml.etree import ElementTree as ET

    marks = CellMarks()
    for _, cell in ET.iterparse(io.BytesIO(xml)):  # noqa: S314 - no entities in OOXML
        if cell.tag == f"{_MAIN}c":
            address, kind, value = cell.get("r", ""), cell.get("t"), cell.findtext(f"{_MAIN}v")
            if kind == "e":
                marks.errors[address] = value or "#VALUE!"
            elif not value and kind != "str" and cell.find(f"{_MAIN}f") is not None:
                marks.unsaved.add(address)
            cell.clear()
    return marks
