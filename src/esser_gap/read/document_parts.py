"""A part of a YAML document as readers see it: the place of each value, and the problems met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.issues import Issue, Where, error
from esser_gap.read.values import shown

if TYPE_CHECKING:
    from esser_gap.model.origin import Origin
    from esser_gap.read.yaml_documents import Document, Path


class DocumentPart:
    """The values below some keys of a document."""

    def __init__(self, document: Document, path: Path, issues: list[Issue]) -> None:
        """Start where a path leads to.

        Args:
            document: The document.
            path: Keys that lead to the part.
            issues: Problems are added here.
        """
        self.document, self.path, self.issues = document, path, issues

    def below(self, *keys: str | int) -> DocumentPart:
        """Give the part below further keys."""
        return DocumentPart(self.document, (*self.path, *keys), self.issues)

    def where(self, *keys: str | int) -> Where:
        """Name the line of a value."""
        return self.document.where((*self.path, *keys))

    def origin(self, *keys: str | int) -> Origin:
        """Give the origin of a record that is made of a value."""
        return self.document.origin((*self.path, *keys))

    def wrong(self, keys: Path, message: str, hint: str, found: object = "") -> None:
        """Add the problem that a value has another structure than it should."""
        where = self.where(*keys)
        self.issues.append(error("structure-not-understood", message, where=where, found=shown(found), hint=hint))

    def mapping(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        """Give the names with values below a key; nothing where something else stands, which is then a problem."""
        value = values.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong((key,), f"`{key}` is not names with values", f"write `{key}:` and a name with a value", value)
            return {}
        return value
