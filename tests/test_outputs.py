"""Every output holds exactly what the five tables hold, and a file is written whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from esser_gap import __version__
from esser_gap.errors import OutputError
from esser_gap.issues import Severity, Where, warning
from esser_gap.model.scenario import Scenario
from esser_gap.plan.tables import MONEY, TABLES
from esser_gap.projecting import Projection
from esser_gap.write import json_schema
from esser_gap.write.delimited import table_csv
from esser_gap.write.files import check_targets, write_atomically, write_outputs
from esser_gap.write.json_document import json_chunks, json_document
from esser_gap.write.json_text import json_text
from esser_gap.write.result import frame_of, tables_of
from random_projections import random_projection
from small_budget import small_budget, small_projection, two_district_projection

if TYPE_CHECKING:
    from pathlib import Path

TABLE_NAMES = tables_of(Projection)

HOSTILE = [
    'say "cheese"',
    "back\\slash and \\u0041",
    "two\nlines\r\nand a\ttab",
    "null \x00, escape \x1b, delete \x7f",
    "emoji \U0001f4bb and flag \U0001f1fa\U0001f1f8",
    "line separator \u2028, paragraph separator \u2029, no-break \u00a0",
    "lone brace { and } and {} and {0} and {name}",
    "=SUM(A1:A9)",
    "",
    " ",
    "null",
    "a, b; c",
    "\ufeffmark first",
    "</script><!--",
    "$1 \\1 ${1} %s",
    "combining e\u0301 and right-to-left \u202e",
]


@cache
def projections() -> list[Projection]:
    return [small_projection(), two_district_projection(), *map(random_projection, range(25))]


def parsed(projection: Projection) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json_document(projection), parse_float=Decimal)
    return document


def read_back(rows: list[dict[str, Any]], table: str) -> pl.DataFrame:
    """Make a frame of JSON rows, money from decimals that have exactly two places."""
    columns = {}
    for column in TABLES[table]:
        values = [row[column.name] for row in rows]
        if column.dtype == MONEY:
            assert all(isinstance(value, Decimal) and value.as_tuple().exponent == -2 for value in values)
        if column.dtype == pl.Date:
            values = [value and date.fromisoformat(value) for value in values]
        columns[column.name] = pl.Series(values, dtype=column.dtype)
    return pl.DataFrame(columns)


def with_texts(projection: Projection, texts: list[str]) -> Projection:
    """Put awkward texts into every text column, some rows of lists included."""
    tables: dict[str, Any] = {}
    for name in TABLES:
        frame = projection.table(name)
        words = pl.Series([texts[row % len(texts)] for row in range(frame.height)], dtype=pl.String)
        lists = pl.Series([texts[: row % 4] for row in range(frame.height)], dtype=pl.List(pl.String))
        tables[name] = frame.with_columns(
            words.alias(column) if dtype == pl.String else lists.alias(column)
            for column, dtype in frame.schema.items()
            if dtype == pl.String or isinstance(dtype, pl.List)
        )
    return replace(projection, **tables)


# --------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("number", range(27))
def test_json_gives_the_tables_back_exactly(number: int) -> None:
    projection = projections()[number]
    document = parsed(projection)
    for table in TABLES:
        assert read_back(document[table], table).equals(projection.table(table)), table


def test_some_random_projection_fills_every_table() -> None:
    for table in TABLES:
        assert any(projection.table(table).height for projection in projections()), table


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_any_text(text: str) -> None:
    projection = with_texts(small_projection(), [text, "plain", text + text])
    document = parsed(projection)
    for table in TABLES:
        assert read_back(document[table], table).equals(projection.table(table)), table


def test_json_keeps_rows_of_different_awkward_texts_apart() -> None:
    projection = with_texts(small_projection(), HOSTILE)
    assert projection.costs.height > len(HOSTILE)
    document = parsed(projection)
    for table in TABLES:
        assert read_back(document[table], table).equals(projection.table(table)), table


def test_json_writes_null_where_a_cell_is_empty() -> None:
    losses = small_projection().losses
    names = losses.columns
    emptied = pl.concat([losses, losses.clear(n=1)])
    document = parsed(replace(small_projection(), losses=emptied))
    assert document["losses"][-1] == dict.fromkeys(names)
    assert len(document["losses"]) == losses.height + 1


def test_json_of_empty_tables_has_empty_lists() -> None:
    cleared: dict[str, Any] = {name: small_projection().table(name).clear() for name in TABLES}
    document = parsed(replace(small_projection(), issues=(), **cleared))
    assert [document[name] for name in (*TABLES, "issues")] == [[]] * 6


def test_json_comes_in_pieces_for_large_tables() -> None:
    row = small_projection().coverage.head(1)
    large = pl.concat([row] * 120_001)
    projection = replace(small_projection(), coverage=large)
    pieces = list(json_chunks(projection))
    assert max(len(piece) for piece in pieces) < len("".join(pieces)) / 2
    assert read_back(json.loads("".join(pieces), parse_float=Decimal)["coverage"], "coverage").equals(large)


def test_json_writes_one_row_a_line_with_money_of_two_decimals() -> None:
    lines = json_document(small_projection()).splitlines()
    rows = [line for line in lines if '"due_on"' in line]
    assert len(rows) == small_projection().payments.height
    assert all(re.search(r'"amount": \d+\.\d\d, "sustained": \d+\.\d\d, ', row) for row in rows)


def test_json_begins_with_what_it_is_and_what_the_run_used() -> None:
    document = parsed(small_projection())
    assert list(document) == ["schema", "run", "years", "costs", "coverage", "payments", "losses", "issues"]
    assert document["schema"] == "esser-gap/projection/1"
    run = document["run"]
    assert run["version"] == __version__
    assert (run["as_of"], run["first_year"], run["years"]) == ("2026-11-23", 2027, 5)
    assert run["inputs"][0] == {"name": "cedar-valley.xlsx", "sha256": "5c" * 32, "role": "budget"}
    assert [(s["name"], s.get("extends")) for s in run["scenarios"]] == [
        ("baseline", None),
        ("austerity", "baseline"),
    ]
    assert [(plan["district"], plan["scenario"]) for plan in run["plans"]] == [
        ("Cedar Valley USD", "baseline"),
        ("Cedar Valley USD", "austerity"),
    ]


def test_json_says_the_month_each_fiscal_year_starts_in_also_when_the_file_does_not() -> None:
    assert [d["fiscal_year_start"] for d in parsed(two_district_projection())["run"]["districts"]] == [7, 7]


def test_json_receipts_are_money_with_two_decimals() -> None:
    receipt = parsed(small_projection())["run"]["receipts"][0]
    assert str(receipt["dollars_left_out"]) == "500.00"
    assert receipt["dollars_read"] == small_budget().receipts[0].dollars_read


def test_json_shows_resolved_sources_with_money_and_rates_told_apart() -> None:
    baseline, austerity = parsed(small_projection())["run"]["plans"]
    lines = {s["name"]: s for s in austerity["sources"]}
    assert str(lines["Technology line"]["yearly"]["2027"]) == "300000.00"
    assert str(lines["E-rate Category Two"]["share"]) == "0.8"
    assert str(lines["E-rate Category Two"]["awards"][0]["amount"]) == "900000.00"
    assert {s["name"]: s for s in baseline["sources"]}["Technology line"]["yearly"]["2027"] == 480_000
    assert austerity["drivers"]["enrollment"]["2026"] == 8012


def test_json_issues_are_flat() -> None:
    issue = warning(
        "made-up", "something", where=Where("a.xlsx", "Sheet", "B2"), field="name", found='"x"', hint="write {}"
    )
    assert parsed(replace(small_projection(), issues=(issue,)))["issues"] == [
        {
            "severity": Severity.WARNING,
            "code": "made-up",
            "message": "something",
            "file": "a.xlsx",
            "sheet": "Sheet",
            "cell": "B2",
            "field": "name",
            "found": '"x"',
            "hint": "write {}",
        }
    ]


def test_a_decimal_keeps_its_digits() -> None:
    growth = Scenario(name="s", growth={"default": Decimal("0.030"), "ai": {2027: Decimal("1E-7")}})
    assert '"growth": {"default": 0.030, "ai": {"2027": 0.0000001}}' in json_text(growth)


def test_money_with_more_than_two_decimals_is_not_rounded() -> None:
    assert json_text(Decimal("0.125"), is_money=True) == "0.125"
    assert json_text(Decimal("1E+3"), is_money=True) == "1000.00"


def test_a_value_that_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError):
        json_text(object())


# --------------------------------------------------------------------------- JSON Schema


def test_the_shipped_schema_is_the_one_the_tables_and_records_give() -> None:
    again = "write it anew with python -m esser_gap.write.json_schema"
    assert json_schema.SHIPPED.read_text(encoding="utf-8") == json_schema.schema_text(), again


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(json_schema.SHIPPED.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("number", range(27))
def test_documents_keep_to_the_shipped_schema(number: int) -> None:
    document = json.loads(json_document(projections()[number]))
    assert [error.message for error in validator().iter_errors(document)] == []


@pytest.mark.parametrize("place", [(), ("run",), ("years", 0), ("run", "receipts", 0), ("run", "scenarios", 0)])
def test_the_schema_allows_no_other_properties(place: tuple[str | int, ...]) -> None:
    document = json.loads(json_document(small_projection()))
    spot = document
    for step in place:
        spot = spot[step]
    spot["surprise"] = 1
    assert "surprise" in next(validator().iter_errors(document)).message


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_requires_every_column_and_its_type(table: str) -> None:
    for column in TABLES[table]:
        document = json.loads(json_document(small_projection()))
        document[table][0][column.name] = {}
        assert not validator().is_valid(document), column.name
        del document[table][0][column.name]
        assert not validator().is_valid(document), column.name


def test_every_column_and_field_of_the_schema_says_what_it_means() -> None:
    definitions = json_schema.projection_schema()["$defs"]
    for name in (*TABLES, "Run", "IssueRow", "Receipt", "InputFile", "ResolvedPlan", "Source", "Action", "Award"):
        assert all(field.get("description") for field in definitions[name]["properties"].values()), name


# --------------------------------------------------------------------------- CSV and Parquet


def cell_text(value: object) -> str:
    """Write a cell the way a CSV file is documented to."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


@pytest.mark.parametrize("table", TABLES)
def test_csv_gives_every_cell_back_as_text(table: str) -> None:
    for projection in [*projections(), with_texts(small_projection(), HOSTILE)]:
        frame = projection.table(table)
        header, *rows = csv.reader(io.StringIO(table_csv(frame), newline=""))
        assert header == [column.name for column in TABLES[table]]
        assert rows == [[cell_text(value) for value in row] for row in frame.iter_rows()]


def test_csv_tells_an_empty_text_from_nothing() -> None:
    assert table_csv(pl.DataFrame({"a": ["", None], "b": [1, 2]})) == 'a,b\n"",1\n,2\n'


def test_parquet_keeps_types_and_values(tmp_path: Path) -> None:
    for projection in (small_projection(), with_texts(small_projection(), HOSTILE)):
        written = write_outputs(projection, [tmp_path / "gap.parquet"], force=True)
        for path, table in zip(written, TABLE_NAMES, strict=True):
            frame = pl.read_parquet(path)
            assert frame.schema == frame_of(projection, table).schema
            assert frame.equals(frame_of(projection, table))


def test_receipts_as_a_table_have_every_count_and_cent() -> None:
    frame = frame_of(small_projection(), "receipts")
    (receipt,) = small_budget().receipts
    assert frame.rows(named=True) == [asdict(receipt)]
    assert {name for name, dtype in frame.schema.items() if dtype == MONEY} == {
        name for name in frame.columns if name.startswith("dollars_")
    }
    assert "cedar-valley.xlsx,Commitments,8,7,0,1,0,0,3257700.00," in table_csv(frame)


# --------------------------------------------------------------------------- files


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_csv_output_puts_years_in_the_file_and_the_other_tables_beside_it(tmp_path: Path) -> None:
    written = write_outputs(small_projection(), [tmp_path / "gap.csv"])
    others = ("costs", "coverage", "payments", "losses", "receipts")
    names = ["gap.csv", *(f"gap.{table}.csv" for table in others)]
    assert written == [tmp_path / name for name in names]
    for path, table in zip(written, ("years", *others), strict=True):
        assert path.read_text(encoding="utf-8") == table_csv(frame_of(small_projection(), table))
    assert names_in(tmp_path) == sorted(names)


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_an_output_of_one_table_is_exactly_the_file_named(tmp_path: Path, table: str) -> None:
    target = tmp_path / "one.CSV"
    assert write_outputs(small_projection(), [target], table=table) == [target]
    assert target.read_text(encoding="utf-8") == table_csv(frame_of(small_projection(), table))
    assert names_in(tmp_path) == ["one.CSV"]


def test_a_json_output_is_the_document(tmp_path: Path) -> None:
    target = tmp_path / "gap.json"
    assert write_outputs(small_projection(), [target], table="losses") == [target]
    assert target.read_bytes().decode() == json_document(small_projection())


def test_several_outputs_are_written_in_one_go(tmp_path: Path) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.parquet", tmp_path / "c.csv"]
    assert write_outputs(small_projection(), paths, table="years") == paths
    assert names_in(tmp_path) == ["a.json", "b.parquet", "c.csv"]


def test_a_workbook_output_opens_as_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    target = tmp_path / "gap.xlsx"
    write_outputs(small_projection(), [target])
    assert openpyxl.load_workbook(target).sheetnames
    assert names_in(tmp_path) == ["gap.xlsx"]


def test_an_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"`gap\.doc`.*\.xlsx, \.json, \.csv, \.parquet"):
        check_targets([tmp_path / "gap.doc"])
    with pytest.raises(OutputError, match="`gap`"):
        check_targets([tmp_path / "gap"])


def test_an_unknown_table_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no table `gaps`; the tables are years, costs"):
        check_targets([tmp_path / "gap.csv"], table="gaps")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        check_targets([tmp_path / "nowhere" / "gap.json"])


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "gap.json").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        check_targets([tmp_path / "gap.json"], force=True)


@pytest.mark.parametrize("name", ["gap.csv", "gap.losses.csv"])
def test_an_existing_file_is_not_replaced_without_force(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(OutputError, match=re.escape(name) + r"` exists; replace it with --force"):
        write_outputs(small_projection(), [tmp_path / "new.json", tmp_path / "gap.csv"])
    assert names_in(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_an_existing_file_is_replaced_with_force(tmp_path: Path) -> None:
    target = tmp_path / "gap.json"
    target.write_text("old" * 100_000)
    write_outputs(small_projection(), [target], force=True)
    assert target.read_bytes().decode() == json_document(small_projection())


def test_two_outputs_cannot_be_the_same_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="same file"):
        check_targets([tmp_path / "gap.csv", tmp_path / "gap.costs.csv"])
    with pytest.raises(OutputError, match="same file"):
        check_targets([tmp_path / "gap.json", tmp_path / ".." / tmp_path.name / "gap.json"])


def hello(path: Path) -> None:
    path.write_text("hello")


class StoppedError(Exception):
    """Something breaks half way through a file."""


def half_way(path: Path) -> None:
    path.write_text("half a fi")
    raise StoppedError


def test_a_failure_leaves_old_files_as_they_were_and_no_pieces(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("old")
    with pytest.raises(StoppedError):
        write_atomically({first: hello, second: half_way})
    assert names_in(tmp_path) == ["a.txt"]
    assert first.read_text() == "old"


def test_a_full_disk_is_told_by_the_name_of_the_output(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with pytest.raises(OutputError, match=r"^cannot write `gap\.json`: no space left on device$"):
        write_atomically({tmp_path / "gap.json": full})
    assert names_in(tmp_path) == []


def test_a_file_that_may_not_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    def locked(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    with pytest.raises(OutputError, match=r"^cannot write `gap\.xlsx`: permission denied; close it"):
        write_atomically({tmp_path / "gap.xlsx": locked})


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("")
    write_atomically({tmp_path / "new.txt": hello})
    assert (tmp_path / "new.txt").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "kept.txt"
    target.write_text("old")
    target.chmod(0o640)
    write_atomically({target: hello})
    assert target.read_text() == "hello"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="links need no rights there")
def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "gap.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    write_atomically({link: hello})
    assert link.is_symlink()
    assert real.read_text() == "hello"
    assert names_in(tmp_path) == ["link.txt", "real"]
