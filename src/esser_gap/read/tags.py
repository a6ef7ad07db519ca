"""Tags of XML as they stand in a file, which is much faster than parsing where most of them do not matter."""

from __future__ import annotations

import re

REST = rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+"
"""Pattern of what follows a tag's name, up to its end; attributes may hold `>`."""

_LONGEST_NUMBER = 18
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<\?[^>]*+>\s*+|<!--.*?-->\s*+)*+<(?:([\w.-]+):)?[A-Za-z]", re.DOTALL)


def attributes(tag: bytes) -> dict[bytes, bytes]:
    """Read the attributes of a tag, as they are written.

    Examples:
        >>> attributes(b'<row r="2" t="a>b"')
        {b'r': b'2', b't': b'a>b'}
    """
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def number(tag: dict[bytes, bytes], name: bytes, default: int = 1) -> int:
    """Give an attribute that counts; anything else there is as if it were not."""
    text = tag.get(name, b"")
    return int(text) if text.isdigit() and len(text) <= _LONGEST_NUMBER else default


def root_prefix(xml: bytes) -> bytes | None:
    """Give the prefix of the first tag with its colon, blank without one.

    None means that no tag comes first: the text is in UTF-16, or declares entities, which workbooks never do and
    which make a small file a large one.

    Examples:
        >>> root_prefix(b'<?xml version="1.0"?><x:worksheet>'), root_prefix(b"<!DOCTYPE bomb [")
        (b'x:', None)
    """
    start = _PROLOG.match(xml)
    return None if start is None else start[1] + b":" if start[1] else b""
