"""Formulas in an Office Open XML workbook whose result is not stored beside them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def unsaved_formulas(content: bytes) -> dict[str, frozenset[str]]:
    """Find the cells that hold a formula without a stored value.

    Readers of stored values see such a cell as blank, so that an amount would vanish.

    Args:
        content: Bytes of an xlsx or xlsm file.

    Returns:
        Cell addresses by sheet name, for sheets that have any.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _sheet_parts(archive):
            xml = archive.read(part)
            # Most sheets have no formulas, and looking for the letters is much faster than parsing.
            cells = frozenset(_cells_without_value(xml)) if b"<f" in xml else frozenset()
            if cells:
                found[name] = cells
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no entities in OOXML
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(_RELATIONSHIP)}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no entities in OOXML
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_LINK), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if part in names:
            yield sheet.get("name", ""), part


def _cells_without_value(xml: bytes) -> Iterator[str]:
    for _, cell in ElementTree.iterparse(io.BytesIO(xml)):  # noqa: S314 - no entities in OOXML
        if cell.tag == f"{_MAIN}c":
            value = cell.find(f"{_MAIN}v")
            if cell.find(f"{_MAIN}f") is not None and (value is None or not value.text) and cell.get("t") != "str":
                yield cell.get("r", "")
            cell.clear()
