"""YAML documents as plain values with line numbers; numbers stay exact, repeated keys are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error
from esser_gap.model.origin import Origin

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+|[-+]?(0|[1-9][0-9]*)\.")
# Small and large numbers as programs write them (`5e-05`); without the sign it may be a code (`1E5`).
_EXPONENT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?e[-+][0-9]{1,2}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "yes": True,
    "true": True,
    "no": False,
    "false": False,
}

Path = tuple[str | int, ...]
"""The keys and places that lead to a value."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document.

    Attributes:
        file: The file's name.
        value: Mappings, lists and scalars; whole numbers are int, others Decimal, dates are dates.
        lines: Line of each value, by its path; row, where it was read from a sheet.
        sheet: The sheet's name, blank for YAML.
    """

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    sheet: str = ""

    def value_at(self, path: Path) -> Any:
        """Give the value that a path leads to."""
        value = self.value
        for key in path:
            value = value[key]
        return value

    def not_a_mapping(self, path: Path, what: str, example: str) -> Issue:
        """Make the issue for a value that should be keys with values."""
        message = f"this is not {what}"
        return error("structure-not-understood", message, where=self.where(path), hint=f"write {example}")

    def where(self, path: Path = ()) -> Where:
        """Name the line of a value, or of the nearest one that encloses it."""
        line = self._line(path)
        word = "row" if self.sheet else "line"
        return Where(self.file, self.sheet, f"{word} {line}" if line else "")

    def origin(self, path: Path = ()) -> Origin:
        """Give the origin of a record that was made of a value."""
        line = self._line(path)
        return Origin(self.file, self.sheet, (line,) if line else ())

    def _line(self, path: Path) -> int | None:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def parse_yaml(text: str, file: str) -> Document:
    """Parse one YAML document.

    Args:
        text: Its text.
        file: Name for messages.

    Raises:
        InputError: When it is not YAML, or a key is repeated.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = Where(file, "", f"line {mark.line + 1}" if mark else "")
        message = f"this is not YAML: {problem.problem or 'it cannot be parsed'}"
        hint = "check the indentation, colons and quotes there"
        raise InputError([error("yaml-not-understood", message, where=where, hint=hint)]) from None
    except yaml.YAMLError as problem:
        message = f"this is not YAML: {problem}"
        raise InputError([error("yaml-not-understood", message, where=Where(file))]) from None
    lines: dict[Path, int] = {}
    issues: list[Issue] = []
    try:
        value = None if node is None else _value(node, (), file, lines, issues)
    except RecursionError:
        message = "this is not YAML that can be read: a part of it holds itself, or it is nested too deeply"
        raise InputError([error("yaml-not-understood", message, where=Where(file))]) from None
    if issues:
        raise InputError(issues)
    return Document(file, value, lines)


def _value(node: yaml.Node, path: Path, file: str, lines: dict[Path, int], issues: list[Issue]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _key(key_node)
            if key in result:
                where = Where(file, "", f"line {key_node.start_mark.line + 1}")
                message = f"`{key}` stands here a second time"
                issues.append(error("key-repeated", message, where=where, field=str(key), hint="keep one of the two"))
            result[key] = _value(value_node, (*path, key), file, lines, issues)
            lines[*path, key] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), file, lines, issues) for place, item in enumerate(node.value)]
    return _scalar(node)


def _key(node: yaml.Node) -> str:
    # Keys are names; a number as a key (2027) is taken as it is written.
    return str(node.value)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) in {"'", '"', "|", ">"}:
        return text
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) or _EXPONENT.fullmatch(text):
        return Decimal(text)
    if match := _DAY.fullmatch(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return text
    return text
