"""Packages of Office Open XML: which part of the archive is which sheet."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from esser_gap.read.tags import REST, attributes

if TYPE_CHECKING:
    from esser_gap.read.archives import Archive

_RELATIONSHIP = re.compile(rb"<(?:[\w.-]+:)?Relationship(?=\s)(" + REST + rb")>")


def related_parts(archive: Archive, part: str) -> dict[str, str]:
    """Give the names of the parts that a part refers to, by the identifier it calls them by.

    Args:
        archive: The workbook.
        part: Name of a part, such as `xl/workbook.xml`.
    """
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive:
        return {}
    found = map(attributes, _RELATIONSHIP.findall(archive.read_xml(relations)))
    return {text(each.get(b"Id", b"")): posixpath.join("/", folder, text(each.get(b"Target", b""))) for each in found}


def text(written: bytes) -> str:
    """Read text as it stands in XML.

    Examples:
        >>> text(b"R&amp;D")
        'R&D'
    """
    from html import unescape

    return unescape(written.decode("utf-8", errors="replace"))
