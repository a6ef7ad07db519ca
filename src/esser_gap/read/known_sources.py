"""The sources that come with the program, so that a budget that only says `ESSER III` just works."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from esser_gap.errors import InputError
from esser_gap.read.sources import source_from_document
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from esser_gap.issues import Issue
    from esser_gap.model.source import Source


@cache
def known_sources() -> tuple[Source, ...]:
    """Read the shipped sources, in the order they stand in the data file.

    Returns:
        Sources with their dates, assistance listing numbers, rule, citation and the day it was read.
    """
    text = (files("esser_gap") / "data" / "sources.yaml").read_text(encoding="utf-8")
    document = parse_yaml(text, "sources.yaml")
    issues: list[Issue] = []
    sources = [
        source_from_document(document, ("sources", place), issues) for place in range(len(document.value["sources"]))
    ]
    if issues:
        raise InputError(issues)
    return tuple(source for source in sources if source is not None)
