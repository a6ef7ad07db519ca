"""Parts of a workbook's package: what refers to what, inside the file and outside of it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from esser_gap.auditing.elements import children, tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.read.archives import Archive


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to.

    Attributes:
        kind: What it is to the part, such as `drawing`.
        target: Name of a part of the package, or an address outside of it.
        is_outside: Whether it is an address outside.
    """

    kind: str
    target: str
    is_outside: bool


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """Give what a part refers to, by the identifier it calls it by.

    Args:
        archive: The workbook.
        part: Name of a part; blank for the package itself.

    Raises:
        InputError: When it would take too much memory.
        DamagedError: When it is damaged.
    """
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive:
        return {}
    found = {}
    for each in children(tree_of(archive, listed), "Relationship"):
        target, is_outside = each.get("Target", ""), each.get("TargetMode") == "External"
        # A target that is no place inside the package has a scheme or is only a place in a sheet.
        whole = target if is_outside else posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
        found[each.get("Id", "")] = Relation(each.get("Type", "").rpartition("/")[2], whole, is_outside)
    return found


def of_kind(found: Mapping[str, Relation], kind: str) -> list[str]:
    """Name the parts of a kind that a part refers to."""
    return [each.target for each in found.values() if each.kind == kind and not each.is_outside]
