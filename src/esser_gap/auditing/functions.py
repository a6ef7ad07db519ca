"""Formulas taken apart: the functions that they call, and what is not a reference in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"'(?:[^']|'')*'!?")
_CALL = re.compile(
    r"(?:_xlfn\.|_xlws\.|_xludf\.|of:|com\.sun\.star\.[\w.]*?\.get)*([A-Za-z_][\w.]*)\s*\(", re.IGNORECASE
)
_REFERENCE = re.compile(r"(?<![A-Za-z0-9_.])(?:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}|[A-Za-z_\\][\w.\\]*(?!\w*\s*\())")
_WORDS = re.compile(r"\b(TRUE|FALSE)\b", re.IGNORECASE)
_DYNAMIC_DATA = re.compile(r"[A-Za-z0-9_.]+\s*\|")
_OTHER_FILE = re.compile(r"\[[^\]]+\][^!\[\]]*!|'[^']*\[[^\]]+\][^']*'!")


@dataclass(frozen=True, slots=True)
class Functions:
    """What is known of functions.

    Attributes:
        since: What a function came with, by its name; functions that are everywhere are not there.
        volatile: Functions that give another result whenever anything is calculated.
        outside: Functions that reach outside of the workbook.
    """

    since: Mapping[str, str]
    volatile: frozenset[str]
    outside: frozenset[str]


@cache
def known_functions() -> Functions:
    """Read what is known of functions from the data that comes with the program."""
    about = yaml.safe_load((files("esser_gap") / "data" / "functions.yaml").read_text(encoding="utf-8"))
    since = {name: version for version, names in about["since"].items() for name in names}
    return Functions(since, frozenset(about["volatile"]), frozenset(about["outside"]))


@cache
def called(formula: str) -> tuple[str, ...]:
    """Name the functions that a formula calls, in capitals, each once.

    Examples:
        >>> called('IF(A1="SUM(",_xlfn.XLOOKUP(A1,B:B,C:C),0)')
        ('IF', 'XLOOKUP')
    """
    return tuple(dict.fromkeys(name.upper() for name in _CALL.findall(_bare(formula))))


def refers_to_nothing(formula: str) -> bool:
    """Tell whether a formula has no reference to a cell, a range or a name.

    Examples:
        >>> refers_to_nothing("1+1"), refers_to_nothing("SUM(A1:A2)"), refers_to_nothing('-"x"')
        (True, False, True)
    """
    bare = _WORDS.sub("", re.sub(r"\d+(\.\d+)?[eE][+-]?\d+", "0", _bare(formula)))
    return "!" not in bare and not _REFERENCE.search(_CALL.sub("(", bare))


def exchanges_data(formula: str) -> bool:
    """Tell whether a formula asks another program for data (DDE), which can start it.

    Examples:
        >>> exchanges_data("cmd|'/C calc'!A0"), exchanges_data('IF(A1="a|b",1,2)')
        (True, False)
    """
    return _DYNAMIC_DATA.search(_bare(formula)) is not None


def names_other_file(formula: str) -> bool:
    """Tell whether a formula refers to a cell of another file, such as `[1]Sheet!A1`.

    Examples:
        >>> names_other_file("SUM([1]Budget!A1)"), names_other_file("Table1[Cost]")
        (True, False)
    """
    return _OTHER_FILE.search(_TEXT.sub('""', formula)) is not None


def _bare(formula: str) -> str:
    """Take texts and quoted sheet names out of a formula."""
    return _SHEET.sub("Q!", _TEXT.sub('""', formula))
