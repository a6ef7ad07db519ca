"""Totals are found at every level, left out, and checked against the rows they cover; data is never taken for one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esser_gap.issues import Severity
from esser_gap.read.budgets import read_budget
from esser_gap.read.files import read_bytes
from esser_gap.read.mapped_tables import mapped_sheets, mapped_tables
from esser_gap.read.mappings import mapping_from_document
from esser_gap.read.sheets import letters, read_sheets
from esser_gap.read.yaml_documents import parse_yaml
from random_tables import Book, books

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.issues import Issue
    from esser_gap.model.budget import Budget
    from esser_gap.read.totals import Total

MAPPING = "columns: {{name: Description, account: Account, annual_cost: {cost}}}\n"
MAPPING += "constants: {{kind: recurring, category: other, price_year: FY2024}}\n{more}"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def mapping_of(book: Book, place: int) -> str:
    more = "fill_down: [Fund, Function]\n" if book.is_filled_down else ""
    return MAPPING.format(cost=book.head[book.first + place], more=more)


def read(path: Path, mapping: str | None = None) -> Budget:
    if mapping is None:
        return read_budget([path])
    file = path.parent / "mapping.yaml"
    file.write_text(mapping, encoding="utf-8")
    return read_budget([path], mapping=file)


def totals_in(path: Path, mapping: str) -> list[Total]:
    issues: list[Issue] = []
    use = mapping_from_document(parse_yaml(mapping, "mapping.yaml"))
    tables = mapped_tables(use, mapped_sheets(use, read_sheets(read_bytes(path))), issues)
    assert issues == []
    return [total for table in tables for total in table.body.totals]


def problems(budget: Budget) -> list[tuple[str, str, str]]:
    return [
        (issue.code, issue.where.sheet, issue.where.cell)
        for issue in budget.issues
        # Among random amounts some rows add up others by chance, and a header may stand below another title: both are
        # asked about, whatever the totals say.
        if issue.severity is not Severity.NOTE and issue.code not in {"counted-twice", "header-repeated"}
    ]


def accepted(budget: Budget) -> list[tuple[str, int, str, Decimal | None]]:
    return [(c.origin.sheet, c.origin.rows[0], c.name, c.annual_cost) for c in budget.commitments]


def data_rows(book: Book, place: int, path: Path) -> list[tuple[str, int, str, Decimal]]:
    name = 0 if book.head[0] == "Name" else 3
    return [
        (path.stem if path.suffix == ".csv" else sheet, number, line.cells[name], line.amounts[place])
        for sheet, number, line in book.rows()
        if line.amounts[place] >= 0
    ]


def below_zero(book: Book, place: int, path: Path) -> list[tuple[str, str, str]]:
    """Give the errors that rows with a negative cost get, since no commitment costs less than nothing."""
    return [
        ("out-of-range", path.stem if path.suffix == ".csv" else sheet, f"{letters(book.first + place)}{number}")
        for sheet, number, line in book.rows()
        if line.amounts[place] < 0
    ]


def check_receipts(budget: Budget, book: Book, place: int) -> None:
    totals = [line for _, _, line in book.totals()]
    rows = [line for _, _, line in book.rows()]
    receipts = budget.receipts
    assert sum(r.rows_accepted + r.rows_rejected for r in receipts) == len(rows)
    assert sum(r.rows_totals for r in receipts) == len(totals)
    assert sum(r.dollars_totals for r in receipts) == sum(line.amounts[place] for line in totals)
    assert sum(r.dollars_accepted + r.dollars_rejected for r in receipts) == sum(line.amounts[place] for line in rows)
    for r in receipts:
        assert r.rows_read == r.rows_accepted + r.rows_totals + r.rows_left_out + r.rows_rejected
        assert r.dollars_read == r.dollars_accepted + r.dollars_totals + r.dollars_left_out + r.dollars_rejected


# --------------------------------------------------------------------------- books by account


@QUICK
@given(data=st.data(), book=books())
def test_a_book_with_totals_at_every_level_is_read_as_its_rows(data: st.DataObject, book: Book, tmp_path: Path) -> None:
    ending = data.draw(st.sampled_from(["xlsx", "csv"])) if len(book.sheets) == 1 else "xlsx"
    place = data.draw(st.integers(0, book.width - 1))
    path, mapping = book.write(tmp_path, ending), mapping_of(book, place)
    budget = read(path, mapping)
    assert problems(budget) == below_zero(book, place, path)
    assert accepted(budget) == data_rows(book, place, path)
    check_receipts(budget, book, place)
    found = totals_in(path, mapping)
    assert [total.row for total in found] == [number for _, number, _ in book.totals()]
    for total, (_, _, line) in zip(found, book.totals(), strict=True):
        # Rows that cost nothing may lie on either side of where a total begins.
        assert total.covers == line.covers or any(0 in row.amounts for _, _, row in book.rows())


@QUICK
@given(data=st.data(), book=books(named=True))
def test_a_wrong_total_is_told_with_its_difference_and_nothing_else_changes(
    data: st.DataObject, book: Book, tmp_path: Path
) -> None:
    place = data.draw(st.integers(0, book.width - 1))
    sheet, number, line = data.draw(st.sampled_from(book.totals()))
    column = data.draw(st.integers(0, book.width - 1))
    slip = Decimal(data.draw(st.integers(1, 10**7))) / 100
    amounts = tuple(amount + slip * (n == column) for n, amount in enumerate(line.amounts))
    wrong = book.with_total(sheet, number, amounts)
    path, mapping = wrong.write(tmp_path, "xlsx"), mapping_of(wrong, place)
    budget = read(path, mapping)
    cell = f"{letters(book.first + column)}{number}"
    told = [problem for problem in problems(budget) if problem[0] != "out-of-range"]
    # In a column that is not read it only is a note.
    assert told == ([("total-differs", sheet, cell)] if column == place else [])
    (issue,) = (issue for issue in budget.issues if issue.code == "total-differs")
    assert issue.message.endswith(f"add up to {line.amounts[column]:,.2f}: {slip:,.2f} more")
    assert accepted(budget) == data_rows(book, place, path)
    check_receipts(budget, wrong, place)


@QUICK
@given(data=st.data(), book=books(named=True))
def test_a_slip_that_higher_totals_carry_on_is_told_at_each_of_them(
    data: st.DataObject, book: Book, tmp_path: Path
) -> None:
    totals = book.totals()
    first = data.draw(st.sampled_from(range(len(totals))))
    slip = Decimal(data.draw(st.integers(1, 10**7))) / 100
    wrong, expected = book, []
    for sheet, number, line in above(totals, first):
        wrong = wrong.with_total(sheet, number, (line.amounts[0] + slip, *line.amounts[1:]))
        expected.append(("total-differs", sheet, f"{letters(book.first)}{number}"))
    path = wrong.write(tmp_path, "xlsx")
    budget = read(path, mapping_of(wrong, 0))
    assert [problem for problem in problems(budget) if problem[0] != "out-of-range"] == expected
    assert accepted(budget) == data_rows(book, 0, path)


def above(totals: list[tuple[str, int, Any]], first: int) -> list[tuple[str, int, Any]]:
    """Give a total and those of higher levels that cover it."""
    found = [totals[first]]
    for each in totals[first + 1 :]:
        if each[2].level > found[-1][2].level:
            found.append(each)
    return found


# --------------------------------------------------------------------------- sheets headed by fields


@QUICK
@given(data=st.data(), book=books(with_fields=True))
def test_totals_in_a_sheet_of_commitments_are_left_out(data: st.DataObject, book: Book, tmp_path: Path) -> None:
    path = book.write(tmp_path, data.draw(st.sampled_from(["xlsx", "csv"])))
    budget = read(path)
    assert problems(budget) == below_zero(book, 0, path)
    assert accepted(budget) == data_rows(book, 0, path)
    check_receipts(budget, book, 0)


@QUICK
@given(data=st.data(), book=books(with_fields=True, named=True))
def test_a_wrong_total_in_a_sheet_of_commitments_is_told(data: st.DataObject, book: Book, tmp_path: Path) -> None:
    sheet, number, line = data.draw(st.sampled_from(book.totals()))
    slip = Decimal(data.draw(st.integers(1, 10**7))) / 100
    wrong = book.with_total(sheet, number, (line.amounts[0] + slip, *line.amounts[1:]))
    path = wrong.write(tmp_path, "xlsx")
    budget = read(path)
    told = [problem for problem in problems(budget) if problem[0] != "out-of-range"]
    assert told == [("total-differs", sheet, f"{letters(book.first)}{number}")]
    assert accepted(budget) == data_rows(book, 0, path)
