"""Budgets are read from every kind of spreadsheet, nothing is lost, and every problem has its place."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esser_gap.errors import InputError
from esser_gap.issues import Issue, Severity
from esser_gap.model.commitment import Part
from esser_gap.model.record import FieldForm, Form
from esser_gap.read.budgets import read_budget
from esser_gap.read.values import NotUnderstood, parse_money
from esser_gap.read.values import shown as seen
from spreadsheets import CellError, Formula, compound_file, write_ods, write_xls, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from esser_gap.model.budget import Budget

HEAD: list[Any] = ["Name", "Category", "Kind", "Annual cost"]
FILTER: list[Any] = ["Web filter", "network", "recurring", 9000]
SIS: list[Any] = ["Student information system", "data systems", "recurring", 186400.5]
TEXT = "name,category,kind,annual_cost\nWeb filter,network,recurring,9000\n"


def xlsx(folder: Path, *rows: list[Any], name: str = "Commitments", **more: list[list[Any]]) -> Path:
    return write_xlsx(folder / "budget.xlsx", {name: rows, **more})


def csv_file(folder: Path, text: str, name: str = "budget.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> list[Issue]:
    with pytest.raises(InputError) as problem:
        read_budget([path])
    return problem.value.issues


def errors(budget: Budget) -> list[Issue]:
    return [issue for issue in budget.issues if issue.severity is Severity.ERROR]


def codes(budget: Budget) -> list[str]:
    return [issue.code for issue in budget.issues]


# --------------------------------------------------------------------------- kinds of file


@pytest.mark.parametrize("ending", ["xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt"])
def test_every_kind_of_file_gives_the_same_commitments(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"budget.{ending}"
    rows = [HEAD, FILTER, SIS]
    if ending in {"xlsx", "xlsm"}:
        write_xlsx(path, {"Commitments": rows})
    elif ending == "xls":
        write_xls(path, "Commitments", rows)
    elif ending == "ods":
        write_ods(path, {"Commitments": rows})
    else:
        mark = "\t" if ending == "tsv" else ","
        path.write_text("".join(f"{mark.join(map(str, row))}\n" for row in rows), encoding="utf-8")
    budget = read_budget([path])
    assert [(c.name, c.annual_cost) for c in budget.commitments] == [
        ("Web filter", Decimal(9000)),
        ("Student information system", Decimal("186400.50")),
    ]
    assert budget.issues == ()
    assert [file.name for file in budget.files] == [path.name]


def test_a_workbook_is_known_by_its_contents_whatever_its_ending(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xls", {"Commitments": [HEAD, FILTER]})
    assert len(read_budget([path]).commitments) == 1
    path = tmp_path / "old.xlsx"
    write_xls(path, "Commitments", [HEAD, FILTER])
    assert len(read_budget([path]).commitments) == 1


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_a_damaged_workbook_is_refused(keep: float, tmp_path: Path) -> None:
    content = xlsx(tmp_path, HEAD, FILTER).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(content[: int(len(content) * keep)])
    assert [issue.code for issue in refused(path)] == ["file-not-a-workbook"]


def test_a_compound_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xls"
    path.write_bytes(compound_file("WordDocument", b"Dear board"))
    assert [issue.code for issue in refused(path)] == ["file-not-a-workbook"]


@pytest.mark.parametrize("name", ["budget.pdf", "budget.docx", "budget"])
def test_other_kinds_of_file_are_refused(name: str, tmp_path: Path) -> None:
    assert [issue.code for issue in refused(csv_file(tmp_path, TEXT, name))] == ["format-unknown"]


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    from hashlib import sha256

    path = csv_file(tmp_path, TEXT)
    assert read_budget([path]).files[0].sha256 == sha256(path.read_bytes()).hexdigest()


# --------------------------------------------------------------------------- text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_excel_writes(encoding: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, TEXT.replace("Web filter", "Fran\u00e7ais \u2013 caf\u00e9 100\u20ac"), encoding=encoding)
    budget = read_budget([path])
    assert [c.name for c in budget.commitments] == ["Fran\u00e7ais \u2013 caf\u00e9 100\u20ac"]
    assert codes(budget) == []


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_parted_by_the_mark_of_the_file(mark: str, tmp_path: Path) -> None:
    head = mark.join(["name", "category", "kind", "annual_cost", "funded_by", "notes"])
    row = mark.join(
        ["Web filter", "network", "recurring", '"9,000.50"', '"ESSER III 60%; GEER 40%"', '"a, b, c, d, e; f"']
    )
    budget = read_budget([csv_file(tmp_path, f"{head}\n{row}\n")])
    assert [(c.annual_cost, len(c.funded_by)) for c in budget.commitments] == [(Decimal("9000.50"), 2)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_quoted_text_may_hold_breaks(end: str, tmp_path: Path) -> None:
    text = f'name,category,kind,annual_cost,notes{end}"Web{end}filter",network,recurring,9000,"two{end}lines"{end}'
    text += f"Fiber,connectivity,recurring,30000,{end}"
    budget = read_budget([csv_file(tmp_path, text)])
    assert [(c.name, c.notes) for c in budget.commitments] == [("Web filter", "two lines"), ("Fiber", None)]


def test_a_quotation_mark_inside_text_is_text(tmp_path: Path) -> None:
    budget = read_budget([csv_file(tmp_path, TEXT + 'Monitors 27" wide,staff devices,recurring,100\n')])
    assert budget.commitments[1].name == 'Monitors 27" wide'


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    issues = refused(csv_file(tmp_path, TEXT + '"Fiber,connectivity,recurring,30000\nSIS,data systems,recurring,5\n'))
    assert [issue.code for issue in issues] == ["text-not-columns"]


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_bytes(content)
    try:
        issues = errors(read_budget([path]))
    except InputError as problem:
        issues = problem.issues
    assert [issue.code for issue in issues] in (["file-empty"], ["header-not-found"])


# --------------------------------------------------------------------------- where the table is


def test_title_rows_and_blank_rows_above_and_between_do_not_matter(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Cedar Valley USD"],
        ["Technology commitments", None, "prepared", date(2026, 11, 23)],
        [],
        HEAD,
        FILTER,
        [],
        [None, "", "  "],
        SIS,
    ]
    budget = read_budget([xlsx(tmp_path, *rows)])
    assert [(c.name, c.origin.rows) for c in budget.commitments] == [
        ("Web filter", (5,)),
        ("Student information system", (8,)),
    ]
    assert codes(budget) == []


def test_a_table_may_start_in_any_column(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[None, None, *row] for row in (HEAD, FILTER)]
    budget = read_budget([xlsx(tmp_path, [], *rows)])
    assert str(budget.commitments[0].origin.where("annual_cost")) == "budget.xlsx, sheet `Commitments`, cell F3"


@pytest.mark.parametrize(
    "head",
    [
        ["Investment", "Technology category", "Cost type", "Yearly cost"],
        ["ITEM", "cat", "Recurrence", "Amount"],
        ["Line item", "AREA", "cost_kind", "Annual Salary"],
        ["name", "category", "kind", "annual_cost"],
        ["Name ", "Category:", "Kind *", "Annual cost ($)"],
        ["Position title", "Area", "recurring or one-time", "Annual\nCost"],
    ],
)
def test_other_headings_are_known(head: list[str], tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, head, FILTER)])
    assert [(c.name, c.annual_cost) for c in budget.commitments] == [("Web filter", Decimal(9000))]
    assert codes(budget) == []


def test_the_sheet_called_commitments_is_read_whatever_else_looks_like_it(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Old": [HEAD, SIS], "commitments ": [HEAD, FILTER]})
    assert [c.name for c in read_budget([path]).commitments] == ["Web filter"]


def test_the_only_sheet_that_looks_like_commitments_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Read me": [["Ask Pat"]], "FY27 tech": [HEAD, FILTER]})
    assert [c.name for c in read_budget([path]).commitments] == ["Web filter"]


def test_a_column_that_is_no_field_is_told_once(tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, [*HEAD, "Mood"], [*FILTER, "good"], [*SIS, "bad"])])
    (issue,) = budget.issues
    assert (issue.severity, issue.code, issue.where.cell) == (Severity.NOTE, "column-not-read", "E1")


def test_a_needed_column_that_is_missing_is_not_told_for_every_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Web filter", "network", 9000]] * 30
    budget = read_budget([xlsx(tmp_path, ["Name", "Category", "Annual cost"], *rows)])
    assert codes(budget).count("column-missing") == 1
    assert len(errors(budget)) <= 2
    assert budget.commitments == ()


# --------------------------------------------------------------------------- cells


def test_values_of_cells_are_read_as_they_are_seen(tmp_path: Path) -> None:
    head = [*HEAD, "Account", "Quantity", "Paid through", "Purchased on", "Funded by", "Mandated", "Renewal month"]
    row = [
        "Web filter",
        "Network",
        "Recurring",
        0.1 + 0.2,
        "001-0000-07",
        3.0000000000000004,
        datetime(2026, 6, 30),  # noqa: DTZ001
        44423,
        "ESSER III 60%; General Fund 40%",
        "Y",
        "July",
    ]
    (commitment,) = read_budget([xlsx(tmp_path, head, row)]).commitments
    assert commitment.annual_cost == Decimal("0.30")
    assert commitment.account == "001-0000-07"
    assert str(commitment.quantity) == "3"
    assert commitment.paid_through == date(2026, 6, 30)
    assert commitment.purchased_on == date(2021, 8, 15)
    assert commitment.funded_by == (
        Part(source="ESSER III", share=Decimal("0.6")),
        Part(source="General Fund", share=Decimal("0.4")),
    )
    assert commitment.mandated
    assert commitment.renewal_month == 7


def test_leading_zeros_of_codes_are_kept_in_text_files(tmp_path: Path) -> None:
    text = "id,name,category,kind,annual_cost,account\n0042,Web filter,network,recurring,9000,01-0000\n"
    (commitment,) = read_budget([csv_file(tmp_path, text)]).commitments
    assert (commitment.id, commitment.account) == ("0042", "01-0000")


def test_numbers_written_as_text_are_numbers(tmp_path: Path) -> None:
    (commitment,) = read_budget([xlsx(tmp_path, HEAD, [*FILTER[:3], " $9,000.00 "])]).commitments
    assert commitment.annual_cost == Decimal(9000)


def test_an_id_is_made_of_sheet_and_row_when_there_is_none(tmp_path: Path) -> None:
    assert [c.id for c in read_budget([xlsx(tmp_path, HEAD, FILTER, SIS)]).commitments] == [
        "Commitments-2",
        "Commitments-3",
    ]


def test_a_formula_with_a_stored_result_is_its_result(tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, HEAD, [*FILTER[:3], Formula("=3*3000", 9000)])])
    assert (budget.commitments[0].annual_cost, budget.issues) == (Decimal(9000), ())


def test_a_formula_without_a_stored_result_is_an_error_only_where_it_is_read(tmp_path: Path) -> None:
    unsaved = Formula("=3*3000")
    budget = read_budget([xlsx(tmp_path, [unsaved], [*HEAD, "Mood"], [*FILTER[:3], unsaved, unsaved], [*SIS, None])])
    (issue,) = errors(budget)
    assert (issue.code, str(issue.where)) == (
        "formula-without-value",
        "budget.xlsx, sheet `Commitments`, cell D3",
    )
    assert [c.name for c in budget.commitments] == ["Student information system"]


def test_formulas_and_errors_are_found_in_workbooks_of_other_programs(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [*HEAD, "Ends on"], [*FILTER[:3], Formula("=1+1"), CellError("#REF!")])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            # As programs write that give every tag a prefix.
            prefixed = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", content).replace(b"xmlns=", b"xmlns:x=")
            archive.writestr(name, prefixed if name.startswith("xl/worksheets/sheet") else content)
    found = [(issue.code, issue.where.cell) for issue in errors(read_budget([path]))]
    assert found == [("formula-without-value", "D2"), ("cell-error", "E2")]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_in_a_cell_is_never_taken_as_blank(text: str, tmp_path: Path) -> None:
    head = [*HEAD, "Ends on", "Mood"]
    row = [*FILTER, CellError(text), CellError(text)]
    budget = read_budget([xlsx(tmp_path, head, row)])
    (issue,) = errors(budget)
    assert (issue.code, issue.where.cell, issue.field, issue.found) == ("cell-error", "E2", "ends_on", text)


def test_a_hidden_sheet_is_read_and_said(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "budget.xlsx", {"Cover": [["Hello"]], "Commitments": [HEAD, FILTER]}, ["Commitments"])
    budget = read_budget([path])
    assert len(budget.commitments) == 1
    assert codes(budget) == ["sheet-hidden"]


def test_fractions_of_a_cent_are_rounded_and_said_for_each_cell(tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, HEAD, [*FILTER[:3], 10.005], [*SIS[:3], "10.005"])])
    assert [c.annual_cost for c in budget.commitments] == [Decimal("10.01")] * 2
    assert [(i.code, i.severity, i.where.cell) for i in budget.issues] == [
        ("fraction-of-a-cent", Severity.WARNING, "D2"),
        ("fraction-of-a-cent", Severity.WARNING, "D3"),
    ]


# --------------------------------------------------------------------------- all problems


def test_all_problems_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    head = [*HEAD, "Paid through", "Priority", "Mandated", "Renewal month", "Price year"]
    rows: list[list[Any]] = [
        ["", "network", "recurring", 9000, None, None, None, None, None],
        ["Fiber", "netwrk", "recurring", "TBD", "someday", None, None, None, None],
        ["SIS", "data systems", "yearly", 5, None, 9, "perhaps", 13, "27"],
        ["Fine", "network", "recurring", 100, None, None, None, None, None],
    ]
    budget = read_budget([xlsx(tmp_path, ["Board budget"], [], head, *rows)])
    assert [c.name for c in budget.commitments] == ["Fine"]
    assert [(i.where.cell, i.field, i.code, i.found) for i in budget.issues] == [
        ("A4", "name", "field-missing", ""),
        ("B5", "category", "word-unknown", "netwrk"),
        ("D5", "annual_cost", "money-not-a-number", "TBD"),
        ("E5", "paid_through", "date-not-understood", "someday"),
        ("C6", "kind", "word-unknown", "yearly"),
        ("F6", "priority", "out-of-range", "9"),
        ("G6", "mandated", "not-yes-or-no", "perhaps"),
        ("H6", "renewal_month", "month-not-understood", "13"),
        ("I6", "price_year", "fiscal-year-not-understood", "27"),
    ]
    for issue in budget.issues:
        assert (issue.where.file, issue.where.sheet) == ("budget.xlsx", "Commitments")
        assert issue.severity is Severity.ERROR
        assert issue.hint


# --------------------------------------------------------------------------- the receipt


_MONEY = FieldForm("annual_cost", Form.MONEY)
_CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
_COSTS = st.one_of(
    _CENTS.map(float),
    _CENTS.map(lambda amount: f"${amount:,.2f}"),
    st.sampled_from(["TBD", "", None, "12,0OO", "1.2M", "-", "(1,200)", "10.005", CellError("#REF!")]),
)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Web filter", "Fiber", ""]),
        st.sampled_from(["network", "connectivity", "netwrk"]),
        st.sampled_from(["recurring", "staff", "yearly", ""]),
        _COSTS,
        st.sampled_from([None, 3, "three", 2.5]),
        st.sampled_from([None, 100, "$12.34", "cheap"]),
        st.sampled_from([None, 3, 9]),
    ),
    max_size=12,
)


def dollars(raw: Any) -> Decimal | None:
    """Read what a cell shows; None when it shows no amount."""
    try:
        value = None if raw is None or not seen(raw) else parse_money(raw, _MONEY)
    except NotUnderstood:
        return None
    return value if value is None or isinstance(value, Decimal) else value.value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS)
def test_rows_and_dollars_read_are_those_accepted_left_out_and_rejected(rows: list[Any], tmp_path: Path) -> None:
    head = [*HEAD, "Quantity", "Unit cost", "Priority"]
    budget = read_budget([xlsx(tmp_path, head, *map(list, rows))])
    (receipt,) = budget.receipts
    present = [row for row in rows if any(cell not in (None, "") for cell in row)]
    stated = []
    for _, _, _, cost, quantity, price, _ in present:
        shown_cost = dollars(None if isinstance(cost, CellError) else cost)
        if shown_cost is None and quantity in (3, 2.5) and price in (100, "$12.34"):
            exact = Decimal(str(quantity)) * Decimal("12.34" if price == "$12.34" else 100)
            shown_cost = exact.quantize(Decimal("0.01"))
        stated.append(shown_cost or Decimal(0))
    assert receipt.rows_read == len(present)
    assert receipt.rows_read == receipt.rows_accepted + receipt.rows_left_out + receipt.rows_rejected
    assert receipt.dollars_read == sum(stated)
    assert receipt.dollars_read == receipt.dollars_accepted + receipt.dollars_left_out + receipt.dollars_rejected
    accepted = {c.origin.rows[0] - 2 for c in budget.commitments}
    assert receipt.rows_accepted == len(accepted)
    wrong = {int("".join(filter(str.isdigit, issue.where.cell))) - 2 for issue in errors(budget)}
    assert wrong.isdisjoint(accepted)
    blank = {place for place, row in enumerate(rows) if row not in present}
    assert accepted | wrong | blank == set(range(len(rows)))
    assert receipt.dollars_accepted == sum(
        amount for row, amount in zip(present, stated, strict=True) if rows.index(row) in accepted
    )


# --------------------------------------------------------------------------- several files and districts


def test_several_files_are_several_districts_each_with_its_own_money(tmp_path: Path) -> None:
    funding: list[list[Any]] = [["Name", "Recurring", "Basis", "Amount"], ["Levy", "yes", "open", 5000]]
    paths = []
    for name, cost in (("cedar-valley", 9000), ("mill-creek", 4000)):
        path = tmp_path / f"{name}.xlsx"
        write_xlsx(path, {"Commitments": [HEAD, [*FILTER[:3], cost]], "Funding": funding})
        paths.append(path)
    budget = read_budget(paths)
    assert [(c.district, c.annual_cost) for c in budget.commitments] == [
        ("cedar-valley", Decimal(9000)),
        ("mill-creek", Decimal(4000)),
    ]
    assert [district.name for district in budget.districts] == ["cedar-valley", "mill-creek"]
    assert [(source.name, source.district) for source in budget.sources] == [
        ("Levy", "cedar-valley"),
        ("Levy", "mill-creek"),
    ]


def test_one_file_may_hold_several_districts_by_a_column(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*HEAD, "District"],
        [*FILTER, "Cedar Valley"],
        [*SIS, "Mill Creek"],
        [*FILTER, "Cedar Valley"],
    ]
    budget = read_budget([xlsx(tmp_path, *rows)])
    assert [c.district for c in budget.commitments] == ["Cedar Valley", "Mill Creek", "Cedar Valley"]
    assert [district.name for district in budget.districts] == ["Cedar Valley", "Mill Creek"]


def test_a_district_is_named_by_its_sheet_else_by_the_file(tmp_path: Path) -> None:
    facts: list[list[Any]] = [["Field", "Value", "FY2027"], ["Name", "Cedar Valley USD", None]]
    assert read_budget([xlsx(tmp_path, HEAD, FILTER)]).districts[0].name == "budget"
    (district,) = read_budget([xlsx(tmp_path, HEAD, FILTER, District=facts)]).districts
    assert district.name == "Cedar Valley USD"


# --------------------------------------------------------------------------- further sheets


def test_a_funding_sheet_gives_sources_with_awards_and_yearly_amounts(tmp_path: Path) -> None:
    funding: list[list[Any]] = [
        ["What pays for technology"],
        ["Name", "Recurring", "Basis", "Categories", "Share", "Amount", "From", "Through", "FY2027", "2027-28"],
        ["Grant", "no", "open", None, None, 5000, None, date(2027, 6, 30), None, None],
        ["Grant", None, None, None, None, 7000, date(2027, 7, 1), "2028-06-30", None, None],
        ["E-rate", "yes", "open", "network; connectivity", 0.8, None, None, None, "$450,000", 460000],
        ["General Fund", "yes", "assigned", None, None, None, None, None, None, None],
    ]
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)])
    grant, erate, general = budget.sources
    assert codes(budget) == []
    assert [(a.amount, a.from_, a.through) for a in grant.awards] == [
        (Decimal(5000), None, date(2027, 6, 30)),
        (Decimal(7000), date(2027, 7, 1), date(2028, 6, 30)),
    ]
    assert (grant.recurring, grant.basis, grant.yearly) == (False, "open", None)
    assert (erate.share, erate.categories) == (Decimal("0.8"), ("network", "connectivity"))
    assert erate.yearly == {2027: Decimal(450000), 2028: Decimal(460000)}
    assert (general.awards, general.is_limited) == ((), False)


def test_a_funding_sheet_may_let_amounts_grow(tmp_path: Path) -> None:
    funding: list[list[Any]] = [
        ["Name", "Recurring", "Basis", "Amount", "Growth"],
        ["Line", "yes", "open", 450000, "3%"],
    ]
    (source,) = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)]).sources
    assert source.yearly.model_dump() == {"amount": Decimal(450000), "growth": Decimal("0.03"), "from_": None}  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["{FY2027: 450000, FY2028: 460000}", "FY2027: 450000; FY2028: 460000"])
def test_a_cell_may_hold_yearly_amounts(text: str, tmp_path: Path) -> None:
    funding: list[list[Any]] = [["Name", "Recurring", "Basis", "Yearly"], ["Line", "yes", "open", text]]
    (source,) = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)]).sources
    assert source.yearly == {2027: Decimal(450000), 2028: Decimal(460000)}


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("Yearly", "{FY2027: 450000", "yaml-not-understood"),
        ("Yearly", "450000 a year", "fiscal-year-not-understood"),
        ("Awards", "[{amount: 5}", "yaml-not-understood"),
        ("Awards", "5000", "awards-not-understood"),
    ],
)
def test_a_cell_that_is_no_structure_is_an_error_with_its_place(
    column: str, text: str, code: str, tmp_path: Path
) -> None:
    funding: list[list[Any]] = [["Name", "Recurring", "Basis", column], ["Line", "yes", "open", text]]
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)])
    assert (code, "Funding", "D2") in [(i.code, i.where.sheet, i.where.cell) for i in errors(budget)]


def test_a_funding_sheet_without_headings_is_refused(tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=[["Levy", "5000"]])])
    assert [(i.code, i.where.sheet) for i in errors(budget)] == [("header-not-found", "Funding")]


def test_problems_of_a_funding_sheet_name_their_cells(tmp_path: Path) -> None:
    funding: list[list[Any]] = [
        ["Name", "Recurring", "Basis", "Amount", "Through", "FY2027"],
        ["Grant", "sometimes", "open", "lots", "June", None],
        ["Levy", "yes", "shut", -5, None, None],
        ["Line", "yes", "open", None, None, "about 5"],
        ["Gift", "yes", None, 5, None, None],
    ]
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)])
    assert budget.sources == ()
    found = {(i.where.sheet, i.where.cell, i.code) for i in budget.issues}
    assert found == {
        ("Funding", "B2", "not-yes-or-no"),
        ("Funding", "D2", "money-not-a-number"),
        ("Funding", "E2", "date-not-understood"),
        ("Funding", "C3", "word-unknown"),
        ("Funding", "D3", "out-of-range"),
        ("Funding", "F4", "money-not-a-number"),
        ("Funding", "C5", "field-missing"),
    }


def test_a_district_sheet_may_list_facts_down(tmp_path: Path) -> None:
    facts: list[list[Any]] = [
        ["About the district"],
        ["Field", "Value", "FY2026", "FY2027"],
        ["Name", "Cedar Valley USD", None, None],
        ["State", "CA", None, None],
        ["NCES id", "0607890", None, None],
        ["Fiscal year start", 7, None, None],
        ["Reserve floor", "3%", None, None],
        ["Students", None, 8460, 8392],
        ["Total budget", None, "$147.2M", 148600000],
    ]
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, District=facts)])
    (district,) = budget.districts
    assert codes(budget) == []
    assert (district.state, district.nces_id, district.fiscal_year_start) == ("CA", "0607890", 7)
    assert district.reserve_floor == Decimal("0.03")
    assert district.enrollment == {2026: Decimal(8460), 2027: Decimal(8392)}
    assert district.total_budget == {2026: Decimal(147_200_000), 2027: Decimal(148_600_000)}


def test_a_district_sheet_may_list_districts_down(tmp_path: Path) -> None:
    facts: list[list[Any]] = [
        ["District", "State", "Enrollment FY2027", "Enrollment FY2028", "Total budget FY2027"],
        ["Cedar Valley", "CA", 8392, 8310, 148600000],
        [],
        ["Mill Creek", "CA", 900, 890, None],
    ]
    rows: list[list[Any]] = [[*HEAD, "District"], [*FILTER, "Cedar Valley"], [*SIS, "Mill Creek"]]
    budget = read_budget([xlsx(tmp_path, *rows, District=facts)])
    assert [(d.name, dict(d.enrollment)) for d in budget.districts] == [
        ("Cedar Valley", {2027: Decimal(8392), 2028: Decimal(8310)}),
        ("Mill Creek", {2027: Decimal(900), 2028: Decimal(890)}),
    ]
    assert codes(budget) == []


@pytest.mark.parametrize(
    ("facts", "code", "cell"),
    [
        ([["Field", "Value"], ["Name", "Cedar Valley"], ["Enrollment", 8400]], "yearly-not-understood", "B3"),
        ([["District", "Enrollment"], ["Cedar Valley", 8400]], "yearly-not-understood", "B2"),
        ([["Field", "Value", "FY2027"], ["Name", "Cedar"], ["Enrolment", None, "many"]], "not-a-number", "C3"),
        ([["Field", "Value"], ["Name", "Cedar"], ["Fiscal year start", 13]], "month-not-understood", "B3"),
        ([["Field", "Value"], ["Name", "Cedar"], ["Mascot", "otter"]], "key-unknown", "A3"),
        ([["District", "State", "Mascot"], ["Cedar Valley", "CA", "otter"]], "key-unknown", "C1"),
        ([["Our district"], ["8400 students"]], "header-not-found", ""),
    ],
)
def test_problems_of_a_district_sheet_name_their_cells(facts: Any, code: str, cell: str, tmp_path: Path) -> None:
    budget = read_budget([xlsx(tmp_path, HEAD, FILTER, District=facts)])
    assert [(i.code, i.where.sheet, i.where.cell) for i in errors(budget)] == [(code, "District", cell)]


def test_files_beside_a_budget_are_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "funding.yaml").write_text("sources: [{name: Levy, recurring: yes, basis: open}]", encoding="utf-8")
    (tmp_path / "district.yaml").write_text("district: {name: Cedar Valley, state: CA}", encoding="utf-8")
    budget = read_budget([csv_file(tmp_path, TEXT)])
    assert [source.name for source in budget.sources] == ["Levy"]
    assert [(d.name, d.state) for d in budget.districts] == [("Cedar Valley", "CA")]
    assert [c.district for c in budget.commitments] == ["Cedar Valley"]
    assert codes(budget) == ["file-beside-read", "file-beside-read"]
    assert [(file.name, file.role) for file in budget.files] == [
        ("budget.csv", "budget"),
        ("funding.yaml", "funding"),
        ("district.yaml", "funding"),
    ]


def test_a_file_beside_is_not_read_when_the_workbook_has_the_sheet_or_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "funding.yaml").write_text("sources: [{name: Levy, recurring: yes, basis: open}]", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text("sources: [{name: Grant, recurring: no, basis: open}]", encoding="utf-8")
    funding: list[list[Any]] = [["Name", "Recurring", "Basis"], ["General Fund", "yes", "open"]]
    assert [s.name for s in read_budget([xlsx(tmp_path, HEAD, FILTER, Funding=funding)]).sources] == ["General Fund"]
    assert [s.name for s in read_budget([csv_file(tmp_path, TEXT)], funding=[other]).sources] == ["Grant"]


def test_sources_in_yaml_may_say_all_that_a_sheet_may(tmp_path: Path) -> None:
    path = tmp_path / "funding.yaml"
    path.write_text(
        """\
sources:
  - {name: ESSER III, recurring: no, basis: assigned, awards: [{amount: "$1,000", through: 2024-09-30}]}
  - name: E-rate
    recurring: yes
    basis: open
    categories: [network]
    excludes: [mandated]
    share: 80%
    measured: pre-discount
    yearly: {FY2027: 450000, 2027-28: 460000.55}
    carryover: 1
    certainty: Likely
  - {name: Line, recurring: yes, basis: open, yearly: {amount: 450000, growth: 3%, from: FY2028}}
""",
        encoding="utf-8",
    )
    esser, erate, line = read_budget([csv_file(tmp_path, TEXT)], funding=[path]).sources
    assert [(award.amount, award.through) for award in esser.awards] == [(Decimal(1000), date(2024, 9, 30))]
    assert erate.yearly == {2027: Decimal(450000), 2028: Decimal("460000.55")}
    assert (erate.share, erate.measured, erate.certainty, erate.carryover) == (
        Decimal("0.8"),
        "pre_discount",
        "likely",
        1,
    )
    assert (erate.categories, erate.excludes) == (("network",), ("mandated",))
    assert line.yearly.model_dump() == {"amount": Decimal(450000), "growth": Decimal("0.03"), "from_": 2028}  # type: ignore[union-attr]


def test_problems_of_a_funding_file_name_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "funding.yaml"
    path.write_text(
        """\
sources:
  - name: Grant
    recurring: sometimes
    basis: open
    awards: [{amount: lots}]
  - name: Levy
    recurring: yes
    bassis: open
    awards:
      - {amount: -5}
  - just words
district:
  name: Cedar Valley
  enrolment: {FY2027: 8400}
soures: []
""",
        encoding="utf-8",
    )
    budget = read_budget([csv_file(tmp_path, TEXT)], funding=[path])
    assert {(i.where.file, i.where.cell, i.code) for i in errors(budget)} == {
        ("funding.yaml", "line 3", "not-yes-or-no"),
        ("funding.yaml", "line 5", "money-not-a-number"),
        ("funding.yaml", "line 8", "key-unknown"),
        ("funding.yaml", "line 9", "out-of-range"),
        ("funding.yaml", "line 11", "structure-not-understood"),
        ("funding.yaml", "line 14", "key-unknown"),
        ("funding.yaml", "line 15", "key-unknown"),
    }


def test_a_missing_file_is_refused_with_names_like_it(tmp_path: Path) -> None:
    csv_file(tmp_path, TEXT)
    (issue,) = refused(tmp_path / "budegt.csv")
    assert (issue.code, issue.hint) == ("file-missing", "did you mean `budget.csv`?")
    (issue,) = refused(tmp_path / "nowhere" / "budget.csv")
    assert issue.hint == f"the folder `{tmp_path / 'nowhere'}` does not exist"
