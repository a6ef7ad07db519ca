"""YAML gives exact values with the line of each, and whatever would be lost in silence is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from esser_gap.errors import InputError
from esser_gap.model.origin import Origin
from esser_gap.read.yaml_documents import Document, parse_yaml

if TYPE_CHECKING:
    from esser_gap.issues import Issue


def value(text: str) -> Any:
    return parse_yaml(text, "file.yaml").value


def problems(text: str) -> list[Issue]:
    with pytest.raises(InputError) as refused:
        parse_yaml(text, "file.yaml")
    return refused.value.issues


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("0.1", Decimal("0.1")),
        ("-.5", Decimal("-0.5")),
        ("7.", Decimal(7)),
        ("1612560.55", Decimal("1612560.55")),
        ("5e-05", Decimal("0.00005")),
        ("1.5e+3", Decimal(1500)),
        ("1E5", "1E5"),
        ("yes", True),
        ("No", False),
        ("TRUE", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-02-30", "2027-02-30"),
        ("2027-6-30", "2027-6-30"),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e5", "1e5"),
        ("12:30", "12:30"),
        ("on", "on"),
        ("y", "y"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("5%", "5%"),
        ("FY2027", "FY2027"),
        ("'12'", "12"),
        ('"yes"', "yes"),
        ("!!python/object/apply:os.system [ls]", ["ls"]),
    ],
)
def test_a_scalar_means_what_it_looks_like(text: str, expected: Any) -> None:
    assert (value(text), type(value(text))) == (expected, type(expected))


def test_numbers_stay_exact() -> None:
    assert value("0.1234567890123456789012345678901") == Decimal("0.1234567890123456789012345678901")
    assert value("9007199254740993") == 9007199254740993


def test_keys_are_names_as_written() -> None:
    assert value("{2027: 1, yes: 2, FY2028: 3, 0.5: 4}") == {"2027": 1, "yes": 2, "FY2028": 3, "0.5": 4}


def test_structures_keep_their_order() -> None:
    assert list(value("b: 1\na: {d: [1, {e: 2}], c: x}").items()) == [("b", 1), ("a", {"d": [1, {"e": 2}], "c": "x"})]


def test_text_may_be_folded_or_kept_in_lines() -> None:
    assert value("a: >\n  one\n  two\nb: |\n  one\n  two\n") == {"a": "one two\n", "b": "one\ntwo\n"}


def test_every_value_has_its_line() -> None:
    document = parse_yaml("name: a\nlist:\n  - x\n  - {b: 1,\n     c: 2}\n", "file.yaml")
    assert str(document.where(("name",))) == "file.yaml, line 1"
    assert str(document.where(("list", 0))) == "file.yaml, line 3"
    assert str(document.where(("list", 1, "c"))) == "file.yaml, line 5"
    assert document.origin(("list", 1)) == Origin("file.yaml", "", (4,))


def test_a_value_that_is_not_there_has_the_line_of_what_encloses_it() -> None:
    document = parse_yaml("a:\n  b: {}\n", "file.yaml")
    assert str(document.where(("a", "b", "c", "d"))) == "file.yaml, line 2"
    assert str(document.where(("z",))) == "file.yaml, line 1"


def test_settings_of_a_sheet_have_rows() -> None:
    document = Document("budget.xlsx", {"name": "lean"}, {("name",): 7}, "Scenarios")
    assert str(document.where(("name",))) == "budget.xlsx, sheet `Scenarios`, row 7"


def test_repeated_keys_are_refused_all_at_once() -> None:
    found = problems("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert [(issue.code, issue.where.cell, issue.field) for issue in found] == [
        ("key-repeated", "line 2", "c"),
        ("key-repeated", "line 3", "a"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b: c", "line 1"),
        ("a: 1\n b: 2", "line 2"),
        ("a: [1, 2", "line 2"),
        ("a: 'x", "line 1"),
        ("a:\n\tb: 1", "line 2"),
        ("a: 1\n---\nb: 2", "line 2"),
        ("a: *nothing", "line 1"),
        ("@a", "line 1"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: str) -> None:
    (issue,) = problems(text)
    assert issue.code == "yaml-not-understood"
    assert issue.where.file == "file.yaml"
    assert issue.where.cell.startswith("line")
    assert abs(int(issue.where.cell.removeprefix("line ")) - int(line.removeprefix("line "))) <= 1


def test_characters_that_yaml_forbids_are_refused() -> None:
    (issue,) = problems("a: \x07")
    assert (issue.code, issue.where.file) == ("yaml-not-understood", "file.yaml")


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "[" * 4000 + "]" * 4000])
def test_what_never_ends_is_refused(text: str) -> None:
    (issue,) = problems(text)
    assert issue.code == "yaml-not-understood"


def test_an_anchor_stands_for_its_value() -> None:
    assert value("a: &x {n: 1}\nb: *x") == {"a": {"n": 1}, "b": {"n": 1}}
