"""Headings of columns: which field each one is, by the field's name or a shipped list of other headings."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esser_gap.read.values import Raw

_UNIT = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_OTHER = re.compile(r"[^a-z0-9#]+")


def folded(heading: Raw) -> str:
    """Fold a heading so that capitals, spaces, punctuation and units in parentheses do not matter.

    Examples:
        >>> folded("Annual Cost ($)"), folded("annual_cost")
        ('annual cost', 'annual cost')
    """
    text = str(heading).casefold()
    return _OTHER.sub(" ", _UNIT.sub(" ", text)).strip() or _OTHER.sub(" ", text).strip()


@cache
def _other_headings() -> Mapping[str, Mapping[str, str]]:
    from esser_gap.read.yaml_documents import parse_yaml

    text = (files("esser_gap") / "data" / "headings.yaml").read_text(encoding="utf-8")
    listed = parse_yaml(text, "headings.yaml").value
    return {
        about: {folded(other): name for name, others in fields.items() for other in others}
        for about, fields in listed.items()
    }


@cache
def _named(names: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(name): name for name in names}


def field_of(heading: Raw, names: tuple[str, ...], about: str) -> str | None:
    """Give the field that a heading means, None when it means none.

    Args:
        heading: Text of the heading.
        names: Field names, which win over other headings.
        about: `commitment` or `source`, the list of other headings to use.
    """
    text = folded(heading)
    if not text:
        return None
    named = _named(names)
    if text in named:
        return named[text]
    other = _other_headings()[about].get(text)
    return other if other in names else None
