"""The JSON Schema of mapping files allows what the reader reads, and an unknown key nowhere."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from esser_gap.errors import InputError
from esser_gap.read.mappings import KEYS, mappings_from_document
from esser_gap.read.yaml_documents import parse_yaml
from esser_gap.write.mapping_schema import SHIPPED, mapping_schema, mapping_schema_text
from make_gallery import all_cases

ROOT = Path(__file__).parents[1]
KNOWN = {*KEYS, "mappings"}
FENCED = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SHIPPED.read_text(encoding="utf-8")))


def problems(text: str) -> list[str]:
    return [problem.message for problem in validator().iter_errors(parse_yaml(text, "mapping.yaml").value)]


def is_read(text: str) -> bool:
    try:
        mappings_from_document(parse_yaml(text, "mapping.yaml"))
    except InputError:
        return False
    return True


def examples() -> dict[str, str]:
    files = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("examples/*/mapping*.yaml")}
    cases = {
        f"{case.code} {name}": content
        for case in all_cases()
        for name, content in case.files.items()
        if "mapping" in name and isinstance(content, str)
    }
    return {**files, **{name: text for name, text in cases.items() if is_read(text)}}


def blocks(page: str) -> list[str]:
    found = FENCED.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    # A code map has codes, too, and its dimension.
    return [block for block in found if (keys := {*yaml.safe_load(block)}) & KNOWN and "dimension" not in keys]


def test_the_shipped_schema_is_current_and_sound() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == mapping_schema_text()
    Draft202012Validator.check_schema(mapping_schema())


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_mapping_that_is_read_is_allowed(name: str) -> None:
    assert problems(examples()[name]) == []


@pytest.mark.parametrize("text", [block for page in ("mapping.md", "codes.md") for block in blocks(page)])
def test_every_mapping_in_the_documentation_is_read_and_allowed(text: str) -> None:
    assert is_read(text)
    assert problems(text) == []


def test_the_documentation_tells_of_every_key() -> None:
    page = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    table = page.split("| Key | Meaning |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:]))) == {*KEYS}


@pytest.mark.parametrize(
    "text",
    [
        "columns: {name: Item, annual_cost: Cost}\n",
        "columns: {name: [Item, Part], annual_cost: 2027}\nheader_row: 4\nfiles: book.xlsx\n",
        "columns: {name: Item}\nheader_row: [4, 5]\nsheets: [2026, 2027]\nknown_headings: yes\nfind_totals: no\n",
        "columns: {name: Item}\ncodes: {funded_by: texas-fund, category: {map: nces-object, heading: Object}}\n",
        "columns: {name: Item}\ntake: [{title: 'Fund: {Fund}'}, {column: Account, parts: '{Fund}-{Object}'}]\n",
        "columns: {name: Item}\nrows: {keep: {Object: 735}, drop: [{Cost: '= 0'}, {Item: [a, b]}]}\n",
        "columns: {name: Item}\nvalues: {category: {'47*': software, 480: network}, kind: {'*': recurring}}\n",
        "columns: {name: Item}\nconstants: {price_year: FY2027, requires: [a], mandated: yes, ends_on: 2027-06-30}\n",
        "reads: funding\ncolumns: {name: Grant, amount: Award, through: Ends}\nunit: thousands\n",
        "reads: district\ncolumns: {name: Agency, enrollment: 'Students {year}'}\n",
        "mappings:\n  - {sheets: A, columns: {name: Item}}\n  - {reads: funding, columns: {name: Grant}}\n",
    ],
)
def test_every_form_that_is_read_is_allowed(text: str) -> None:
    assert is_read(text)
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "colums: {name: Item}\n",
        "columns: {nam: Item}\n",
        "columns: {name: Item}\nconstants: {prize_year: FY2027}\n",
        "columns: {name: Item}\nvalues: {categry: {a: software}}\n",
        "columns: {name: Item}\ncodes: {funded: texas-fund}\n",
        "columns: {name: Item}\ncodes: {funded_by: {map: texas-fund, columns: Fund}}\n",
        "columns: {name: Item}\nrows: {kep: [{Object: 735}]}\n",
        "columns: {name: Item}\ntake: [{titel: 'Fund: {Fund}'}]\n",
        "columns: {amount: Award}\n",
        "reads: funding\ncolumns: {annual_cost: Award}\n",
        "mappings: [{colums: {name: Item}}]\n",
        "mappings: [{columns: {name: Item}}]\ncolumns: {name: Item}\n",
    ],
)
def test_an_unknown_key_is_an_error_at_every_place(text: str) -> None:
    assert not is_read(text)
    assert problems(text)


@pytest.mark.parametrize(
    "text",
    [
        "reads: budgets\n",
        "header_row: 0\n",
        "header_row: [4, 5, 6]\n",
        "unit: tons\n",
        "columns: [Item]\n",
        "values: {category: software}\n",
        "take: [{title: 'Fund: {Fund}', sheet: '{Fund}'}]\n",
        "take: [{column: Account}]\n",
        "rows: {keep: [735]}\n",
        "mappings: []\n",
    ],
)
def test_what_the_reader_refuses_by_its_form_is_refused(text: str) -> None:
    assert not is_read(text)
    assert problems(text)


def test_every_key_and_field_is_described() -> None:
    properties: dict[str, Any] = mapping_schema()["$defs"]["Mapping"]["properties"]
    assert tuple(properties) == KEYS
    assert all(each["description"] for each in properties.values())
