"""XML of workbooks as elements without their namespaces, parsed so that no text can make it more than it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from esser_gap.read.refusals import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from esser_gap.read.archives import Archive

_SEPARATOR = "}"
_DEEPEST = 200
"""Elements inside of each other; no part of a workbook has a quarter of them."""
_SECOND_TIME = "Fallback"
YES = ("1", "true", "on")


class Handler:
    """Takes what a part consists of, in its order; names come without namespaces."""

    def start(self, name: str, about: Mapping[str, str]) -> None:
        """Take the start of an element with its attributes."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text, or a part of it."""


def parse(chunks: Iterable[bytes], handler: Handler) -> None:
    """Parse XML bit by bit.

    Args:
        chunks: Consecutive bytes.
        handler: Takes what is found.

    Raises:
        DamagedError: When it is not well formed, or declares a document type, which could declare entities: workbooks
            never do, and entities make a small file a large one.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, about: handler.start(_local(name), _locals(about))
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - that is how it is told the end
    except expat.ExpatError as problem:
        raise DamagedError from problem


class Tree(Handler):
    """Builds a tree, without what stands there a second time for older programs."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._builder = TreeBuilder()
        self._depth = self._passed = 0

    def start(self, name: str, about: Mapping[str, str]) -> None:
        """Open an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DamagedError
        if self._passed or name == _SECOND_TIME:
            self._passed += 1
        else:
            self._builder.start(name, dict(about))

    def end(self, name: str) -> None:
        """Close an element."""
        self._depth -= 1
        if self._passed:
            self._passed -= 1
        else:
            self._builder.end(name)

    def text(self, text: str) -> None:
        """Add text."""
        if not self._passed:
            self._builder.data(text)

    def root(self) -> Element:
        """Give the whole tree."""
        return self._builder.close()


def tree_of(archive: Archive, part: str) -> Element:
    """Read a part as a tree.

    Args:
        archive: The workbook.
        part: Name of a part that there is.

    Raises:
        InputError: When it would take too much memory.
        DamagedError: When it is damaged.
    """
    tree = Tree()
    parse(archive.chunks(part), tree)
    return tree.root()


def text_of(element: Element | None) -> str:
    """Give all text inside an element."""
    return "" if element is None else "".join(element.itertext())


def is_on(element: Element | None, attribute: str = "val", *, default: bool = True) -> bool:
    """Tell whether a switch is on: an element that is there without a value is.

    Args:
        element: The element, or None where there is none.
        attribute: Its attribute.
        default: What a missing attribute means.
    """
    if element is None:
        return False
    value = element.get(attribute)
    return default if value is None else value in YES


def whole(text: str | None, default: int = 0) -> int:
    """Read a whole number from an attribute; anything else is the default."""
    return int(text) if text and len(text) <= len("-1048576000") and text.lstrip("-").isdigit() else default


def real(text: str | None, default: float = 0.0) -> float:
    """Read a number from an attribute; anything else is the default."""
    try:
        return float(text) if text else default
    except ValueError:
        return default


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Give the elements of a name right below another, none below None."""
    return iter(()) if element is None else (child for child in element if child.tag == name)


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]


def _locals(about: Mapping[str, str]) -> Mapping[str, str]:
    if not any(_SEPARATOR in name for name in about):
        return about
    # An attribute without a namespace goes before one of the same name that has one.
    return {_local(name): value for name, value in sorted(about.items(), key=lambda item: _SEPARATOR not in item[0])}


def _refuse(*_: Any) -> None:
    raise DamagedError
