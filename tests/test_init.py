"""`esser-gap init` writes a workbook that the reader's own definitions made, and a scenario that fits it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest

from esser_gap.api import project
from esser_gap.check.commitments import check_commitments
from esser_gap.cli.app import main
from esser_gap.errors import InputError, OutputError
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.mapping import Caption, CodeUse, Mapping, RowFilter
from esser_gap.model.record import FieldForm, Form, Record, forms_of
from esser_gap.model.scenario import Action, DriverChange, Scenario, SourceAdjustment, SourceChanges
from esser_gap.model.source import Award, Source, YearlyGrowth
from esser_gap.model.words import Kind
from esser_gap.read.budgets import read_budget
from esser_gap.read.mappings import mapping_from_document
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.sources import source_from_document
from esser_gap.read.values import parse
from esser_gap.read.yaml_documents import parse_yaml
from esser_gap.write.field_reference import _STRUCTURES, field_reference
from esser_gap.write.field_words import _NEEDED_WHEN, NEEDED, WRITINGS, heading_of
from esser_gap.write.template import write_templates
from esser_gap.write.template_instructions import COMMANDS, KINDS, SHEETS
from esser_gap.write.template_rows import cell_value, worked_rows
from esser_gap.write.workbook_text import pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

FIELDS_PAGE = Path(__file__).parents[1] / "docs" / "fields.md"
HEADING_ROW = 4
INPUT_SHEETS = ("Commitments", "Funding", "District", "Scenarios")
AS_OF = date(2026, 11, 23)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init")
    write_templates(folder)
    return folder


@cache
def book() -> Workbook:
    with TemporaryDirectory() as folder:
        return openpyxl.load_workbook(write_templates(Path(folder))[0])


def sheet(name: str) -> Worksheet:
    found: Worksheet = book()[name]
    return found


def headings(name: str) -> dict[str, Cell]:
    """Give the headings of a sheet without the word that a column is needed."""
    return {str(cell.value).removesuffix(f" ({NEEDED})"): cell for cell in sheet(name)[HEADING_ROW] if cell.value}


def columns(name: str) -> Iterator[tuple[FieldForm, Cell]]:
    """Give each column of a sheet of records with the field that its heading names."""
    known = {heading_of(form.name): form for form in fields_of(name)}
    for heading, cell in headings(name).items():
        if heading in known:
            yield known[heading], cell


def fields_of(name: str) -> list[FieldForm]:
    if name == "Commitments":
        return list(forms_of(Commitment).values())
    own = [form for form in forms_of(Source).values() if form.form is not Form.DICTIONARY]
    return [*own, *forms_of(Award).values(), forms_of(YearlyGrowth)["growth"]]


def facts() -> Iterator[tuple[FieldForm, Cell]]:
    labels = {str(cell.value).removesuffix(f" ({NEEDED})"): cell for cell in sheet("District")["A"] if cell.value}
    for form in forms_of(District).values():
        yield form, labels[heading_of(form.name)]


def validation_at(name: str, cell: str) -> Any:
    found = [rule for rule in sheet(name).data_validations.dataValidation if cell in rule.sqref]
    assert len(found) <= 1
    return found[0] if found else None


def first_cell(cell: Cell) -> str:
    return f"{cell.column_letter}{cell.row + 1}"


def column_at(name: str, place: int) -> ColumnDimension:
    """Give the width and format of a column; the file keeps equal neighbours together."""
    found: list[ColumnDimension] = list(sheet(name).column_dimensions.values())
    return next(column for column in found if (column.min or 0) <= place <= (column.max or 0))


def pixels_at(name: str, place: int) -> float:
    return float(column_at(name, place).width) * 7 + 5


def same(record: Record, expected: Record) -> bool:
    return record.model_dump() == expected.model_dump()


# --- both load unchanged -----------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 6, 30), date(2028, 1, 15), date(2031, 7, 1)])
def test_the_template_projects_with_its_scenarios_and_nothing_to_complain_about(written: Path, as_of: date) -> None:
    scenarios = ["baseline", str(written / "scenario.yaml"), "no-renewal"]
    projection = project(written / "budget.xlsx", scenarios, as_of=as_of)
    # Seen from later, the years that the example names for its enrollment end inside the projected ones.
    assert {issue.code for issue in projection.issues} <= ({"driver-level"} if as_of.year > AS_OF.year + 1 else set())
    assert projection.costs["commitment"].unique().sort().to_list() == ["CB-2022", "READ"]


def test_the_worked_rows_show_every_sort_of_result() -> None:
    with TemporaryDirectory() as folder:
        budget, scenario = write_templates(Path(folder))
        years = project(budget, ["baseline", str(scenario)], as_of=AS_OF).years
    totals = years.group_by("scenario").agg(pl.sum("sustained", "bridged", "gap")).sort("scenario")
    assert totals["scenario"].to_list() == ["baseline", "keep-longer"]
    assert all(amount > 0 for name in ("sustained", "bridged", "gap") for amount in totals[name])
    # Keeping devices longer closes a part of the gap.
    assert totals["gap"][1] < totals["gap"][0]


@pytest.mark.parametrize(("command", "_meaning"), COMMANDS)
def test_every_command_on_the_instructions_sheet_runs(
    command: str, _meaning: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_templates(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as done:
        main(command.split()[1:])
    output = capsys.readouterr()
    assert done.value.code == 0
    assert output.err in ("", "wrote gap.xlsx\n")
    assert output.out


def test_init_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["init", str(tmp_path)])
    assert done.value.code == 0
    said = " ".join(capsys.readouterr().err.split())
    assert [name in said for name in ("budget.xlsx", "scenario.yaml")] == [True, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["budget.xlsx", "scenario.yaml"]


def test_the_reader_gives_the_worked_records_exactly(written: Path) -> None:
    worked = worked_rows()
    budget = read_budget([written / "budget.xlsx"])
    assert budget.issues == ()
    assert len(budget.commitments) == len(worked.commitments) == 2
    for found, commitment in zip(budget.commitments, worked.commitments, strict=True):
        assert same(found, commitment.model_copy(update={"district": worked.district.name}))
    assert len(budget.sources) == len(worked.sources)
    for read, source in zip(budget.sources, worked.sources, strict=True):
        assert same(read, source)
    (district,) = budget.districts
    assert same(district, worked.district)


def test_the_worked_rows_are_what_they_say(written: Path) -> None:
    devices, reading = read_budget([written / "budget.xlsx"]).commitments
    assert (devices.id, devices.kind) == ("CB-2022", Kind.REPLACEMENT)
    assert (devices.quantity, devices.unit_cost) == (Decimal(560), Decimal(310))
    assert (reading.kind, reading.annual_cost, reading.price_year) == (Kind.RECURRING, Decimal(8680), 2024)
    assert reading.renewal_uplift == Decimal("0.1")
    assert reading.paid_through == date(2026, 12, 31)
    assert reading.requires == ("CB-2022",)
    assert reading.account == "01-3213-0-1110-1000-5800-000"
    assert reading.funded_by == (
        Part(source="ESSER III", share=Decimal("0.6")),
        Part(source="State learning grant", share=Decimal("0.4")),
    )


def test_the_scenario_sheet_holds_a_scenario_that_is_explained(written: Path) -> None:
    (scenario,) = read_budget([written / "budget.xlsx"]).scenarios
    assert (scenario.name, scenario.extends, scenario.growth) == (
        "no-renewal",
        "baseline",
        {"default": Decimal("0.04")},
    )
    assert [action.verb for action in scenario.actions] == ["stop"]
    assert scenario.description


def test_a_row_that_somebody_adds_is_read(written: Path, tmp_path: Path) -> None:
    filled = openpyxl.load_workbook(written / "budget.xlsx")
    values = {"Name (needed)": "Filter", "Category (needed)": "software", "Kind (needed)": "recurring"}
    page: Worksheet = filled["Commitments"]
    for place, cell in enumerate(page[HEADING_ROW], 1):
        page.cell(HEADING_ROW + 3, place).value = values.get(str(cell.value))
    page.cell(HEADING_ROW + 3, 5).value = 900
    filled.save(tmp_path / "filled.xlsx")
    budget = read_budget([tmp_path / "filled.xlsx"])
    assert budget.issues == ()
    assert [commitment.name for commitment in budget.commitments][2:] == ["Filter"]
    assert budget.commitments[2].annual_cost == 900


def test_every_hint_in_the_scenario_file_works_when_its_mark_is_taken_away(written: Path, tmp_path: Path) -> None:
    text = (written / "scenario.yaml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^( *)#(?=\S)", r"\1", text, flags=re.MULTILINE)
    assert uncommented.count("\n") == text.count("\n")
    assert len(uncommented) <= len(text) - 7
    (tmp_path / "scenario.yaml").write_text(uncommented, encoding="utf-8")
    projection = project(written / "budget.xlsx", [str(tmp_path / "scenario.yaml")], as_of=AS_OF)
    # The hint names two years of enrollment.
    assert [issue.code for issue in projection.issues] == ["driver-level"]
    (scenario,) = projection.scenarios
    assert {action.verb for action in scenario.actions} == {"extend_life", "scale", "stop"}
    assert scenario.drivers
    assert scenario.sources.add
    assert scenario.sources.change


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (Form.TEXT, "0042"),
        (Form.YES_NO, True),
        (Form.YES_NO, False),
        (Form.MONEY, Decimal("1234.56")),
        (Form.DATE, date(2027, 6, 30)),
        (Form.MONTH, 7),
        (Form.MONTH_DAY, (3, 15)),
        (Form.FISCAL_YEAR, 2027),
        (Form.NAMES, ("CB-2022", "READ")),
        (Form.PARTS, (Part(source="A", share=Decimal("0.125")), Part(source="B", share=Decimal("0.5")))),
        (Form.PARTS, (Part(source="A", share=Decimal(1)),)),
    ],
)
def test_the_reader_gives_back_what_a_worked_cell_was_made_from(form: Form, value: object) -> None:
    assert parse(cell_value(value, form), FieldForm("example", form)) == value


# --- made from the definitions -----------------------------------------------------------------


def test_every_field_of_a_commitment_has_its_column_in_order() -> None:
    assert list(headings("Commitments")) == [heading_of(name) for name in forms_of(Commitment)]


def test_every_field_of_a_source_and_of_its_awards_has_its_column() -> None:
    found = list(headings("Funding"))
    years = [heading for heading in found if re.fullmatch(r"FY\d{4}", heading)]
    assert years == [f"FY{year}" for year in range(2027, 2032)]
    assert sorted(found) == sorted([*(heading_of(form.name) for form in fields_of("Funding")), *years])
    structures = [form.name for form in forms_of(Source).values() if form.form is Form.DICTIONARY]
    assert structures == ["awards", "yearly"], "these two stand in columns of their own"


def test_every_fact_of_a_district_has_its_row() -> None:
    labels = [str(cell.value) for cell in sheet("District")["A"][HEADING_ROW:]]
    assert [label.removesuffix(f" ({NEEDED})") for label in labels] == [heading_of(name) for name in forms_of(District)]


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_every_heading_has_a_note_with_the_words_of_the_definition(name: str) -> None:
    found = dict(columns(name))
    assert len(found) == len(fields_of(name))
    for form, cell in found.items():
        assert cell.comment is not None
        assert cell.comment.text == form.description


def test_every_fact_of_a_district_has_a_note_with_the_words_of_the_definition() -> None:
    for form, cell in facts():
        assert cell.comment is not None
        assert cell.comment.text == form.description


@pytest.mark.parametrize("name", INPUT_SHEETS)
def test_what_is_needed_is_marked_by_a_word_and_by_style(name: str) -> None:
    cells = [cell for cell in (*sheet(name)[HEADING_ROW], *sheet(name)["A"][HEADING_ROW:]) if cell.comment]
    marked = [NEEDED in str(cell.value) for cell in cells]
    fills = {cell.fill.start_color.rgb for cell, is_marked in zip(cells, marked, strict=True) if is_marked}
    others = {cell.fill.start_color.rgb for cell, is_marked in zip(cells, marked, strict=True) if not is_marked}
    assert len(fills) == len(others) == 1
    assert fills.isdisjoint(others)


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_exactly_the_required_fields_are_marked_as_needed(name: str) -> None:
    marked = {form.name for form, cell in columns(name) if NEEDED in str(cell.value)}
    expected = {form.name for form in fields_of(name) if form.required and form.record is not YearlyGrowth}
    assert marked == expected != set()


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_every_choice_stands_in_its_drop_down(name: str) -> None:
    with_choices = [(form, cell) for form, cell in columns(name) if form.choices or form.form is Form.YES_NO]
    assert len(with_choices) >= 4
    for form, cell in with_choices:
        rule = validation_at(name, first_cell(cell))
        assert rule.type == "list"
        assert rule.formula1.strip('"').split(",") == list(form.choices or ("yes", "no"))
        # A list of several words is typed, so it may not be held to one of them.
        assert rule.showErrorMessage == (form.form is not Form.NAMES)


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_figures_dates_and_shares_are_checked_as_they_are_typed(name: str) -> None:
    kinds = {Form.MONEY: "decimal", Form.NUMBER: "decimal", Form.SHARE: "decimal", Form.RATE: "decimal"}
    kinds |= {Form.DATE: "date", Form.WHOLE: "whole", Form.MONTH: "list"}
    for form, cell in columns(name):
        rule = validation_at(name, first_cell(cell))
        if form.form in kinds:
            assert rule.type == kinds[form.form]
            assert rule.error.startswith("Write ")
        elif not form.choices and form.form is not Form.YES_NO:
            assert rule is None


def test_whole_numbers_keep_the_limits_of_the_record() -> None:
    limits = {
        form.name: (int(rule.formula1), int(rule.formula2))
        for form, cell in columns("Commitments")
        if form.form is Form.WHOLE and (rule := validation_at("Commitments", first_cell(cell)))
    }
    assert limits == {"useful_life": (1, 100), "priority": (1, 5), "notice_days": (0, 3650)}


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_columns_below_the_worked_rows_have_the_format_of_their_field(name: str) -> None:
    formats = {Form.MONEY: "#,##0.00", Form.DATE: "yyyy-mm-dd", Form.SHARE: "0.##%", Form.RATE: "0.##%"}
    formats |= {Form.NUMBER: "General", Form.WHOLE: "0", Form.MONTH: "0"}
    for form, cell in columns(name):
        expected = formats.get(form.form, "@")
        assert column_at(name, cell.column or 0).number_format == expected
        assert sheet(name)[first_cell(cell)].number_format == expected


def test_codes_are_text_so_that_leading_zeros_stay() -> None:
    texts = {
        form.name
        for form, cell in columns("Commitments")
        if sheet("Commitments")[first_cell(cell)].number_format == "@"
    }
    assert texts >= {"id", "account", "requires", "notice_by", "price_year", "site"}
    district = sheet("District")
    assert next(district.cell(cell.row, 2).value for form, cell in facts() if form.name == "nces_id") == "0600000"


# --- for people --------------------------------------------------------------------------------


def test_the_sheets_stand_in_the_order_in_which_they_are_filled_in() -> None:
    assert book().sheetnames == ["Instructions", *INPUT_SHEETS]
    assert [name for name, *_ in SHEETS] == list(INPUT_SHEETS)


def test_the_instructions_explain_every_kind_of_cost() -> None:
    assert list(KINDS) == list(Kind)
    text = [str(cell.value) for row in sheet("Instructions").iter_rows() for cell in row if cell.value]
    assert all(kind.value in text for kind in Kind)
    assert all(command in text for command, _ in COMMANDS)
    assert not [line for line in text if "`" in line]


@pytest.mark.parametrize("name", INPUT_SHEETS)
def test_headings_stay_in_sight_and_stand_on_every_printed_page(name: str) -> None:
    page = sheet(name)
    assert page.freeze_panes is not None
    assert page.freeze_panes.endswith(str(HEADING_ROW + 1))
    assert page.print_title_rows is not None
    assert page.print_title_rows.replace("$", "").endswith(f":{HEADING_ROW}")
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0


@pytest.mark.parametrize("name", INPUT_SHEETS)
def test_a_printed_page_is_not_shrunk_below_two_thirds(name: str) -> None:
    page = sheet(name)
    width = sum(pixels_at(name, place) for place in range(1, page.max_column + 1))
    across = page.page_setup.fitToWidth or 1
    assert width / across <= 1520
    # What spills onto further pages is read beside the name.
    assert across == 1 or page.print_title_cols is not None


@pytest.mark.parametrize("name", ["Commitments", "Funding"])
def test_what_stands_above_a_group_of_columns_fits_over_it(name: str) -> None:
    page = sheet(name)
    starts = [cell.column for cell in page[HEADING_ROW - 1] if cell.value]
    ends = [*starts[1:], page.max_column + 1]
    assert len(starts) >= 5
    for start, end in zip(starts, ends, strict=True):
        room = sum(pixels_at(name, place) for place in range(start, end))
        assert pixels(str(page.cell(HEADING_ROW - 1, start).value), bold=True) < room


def test_the_properties_say_what_the_workbook_is() -> None:
    properties = book().properties
    assert properties.title == "Technology commitments of a school district"
    assert properties.language == "en-US"
    assert (properties.creator or "").startswith("esser-gap ")


def test_no_cell_holds_a_formula_and_no_cells_are_merged() -> None:
    for page in book().worksheets:
        assert not page.merged_cells.ranges
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


# --- files -------------------------------------------------------------------------------------


def test_the_same_program_writes_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        contents.append([path.read_bytes() for path in write_templates(tmp_path / name)])
    assert contents[0] == contents[1]


@pytest.mark.parametrize("present", ["budget.xlsx", "scenario.yaml"])
def test_a_file_that_exists_is_kept_and_nothing_is_written(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=f"{re.escape(present)}.*--force"):
        write_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [present]
    assert (tmp_path / present).read_text(encoding="utf-8") == "mine"


def test_the_command_line_refuses_to_replace_files_with_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_templates(tmp_path)
    with pytest.raises(SystemExit) as done:
        main(["init", str(tmp_path)])
    assert done.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("error: ")
    assert "--force" in said


def test_with_force_both_files_are_replaced(tmp_path: Path) -> None:
    for name in ("budget.xlsx", "scenario.yaml"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    budget, scenario = write_templates(tmp_path, force=True)
    assert len(read_budget([budget]).commitments) == 2
    assert "extends: baseline" in scenario.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["budget.xlsx", "scenario.yaml"]


def test_a_folder_in_the_way_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_templates(tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.yaml"]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"budget\.xlsx"):
        write_templates(tmp_path / "nowhere")


# --- words about fields ------------------------------------------------------------------------


@pytest.mark.parametrize("form", [form for form, writing in WRITINGS.items() if writing.example])
def test_the_reader_takes_every_example_of_a_value(form: Form) -> None:
    parse(WRITINGS[form].example, FieldForm("example", form))


def test_every_form_that_a_cell_can_have_is_explained() -> None:
    assert set(WRITINGS) == set(Form) - {Form.DICTIONARY}


@pytest.mark.parametrize(("field", "kind"), [("purchased_on", Kind.REPLACEMENT), ("useful_life", Kind.REPLACEMENT)])
def test_a_replacement_is_refused_without_what_is_said_to_be_needed(field: str, kind: Kind) -> None:
    assert _NEEDED_WHEN[Commitment, field].endswith(kind.value)
    assert field in missing_from(kind)


def test_a_one_time_cost_is_refused_without_what_is_said_to_be_needed() -> None:
    assert _NEEDED_WHEN[Commitment, "starts_on"].endswith(Kind.ONE_TIME.value)
    assert "starts_on" in missing_from(Kind.ONE_TIME)
    assert missing_from(Kind.RECURRING) == set()


def missing_from(kind: Kind) -> set[str]:
    bare = Commitment.model_validate({"name": "bare", "category": "other", "kind": kind, "annual_cost": Decimal(1)})
    return {issue.field for issue in check_commitments([bare])}


def test_a_cost_is_refused_unless_one_of_the_two_ways_is_complete() -> None:
    bare: dict[str, Any] = {"name": "bare", "category": "other", "kind": "recurring"}
    for given in ({}, {"quantity": Decimal(2)}, {"unit_cost": Decimal(3)}):
        (issue,) = check_commitments([Commitment.model_validate({**bare, **given})])
        assert issue.code == "cost-missing"
        assert (Commitment, issue.field) in _NEEDED_WHEN


def test_the_reference_of_fields_is_up_to_date() -> None:
    hint = "run `python -m esser_gap.write.field_reference > docs/fields.md`"
    assert FIELDS_PAGE.read_text(encoding="utf-8") == field_reference(), hint


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("Commitment", Commitment),
        ("Source", Source),
        ("Award", Award),
        ("Yearly growth", YearlyGrowth),
        ("District", District),
        ("Scenario", Scenario),
        ("Source changes", SourceChanges),
        ("Source adjustment", SourceAdjustment),
        ("Driver change", DriverChange),
        ("Action", Action),
        ("Mapping", Mapping),
        ("Rows", RowFilter),
        ("Caption", Caption),
        ("Code use", CodeUse),
    ],
)
def test_the_reference_has_every_field_of_every_record_with_its_meaning(heading: str, record: type[Record]) -> None:
    (section,) = re.findall(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", field_reference(), flags=re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.*) \| (.+) \|$", section, flags=re.MULTILINE)
    # Set by the program, never written.
    made = {"origin", "origins", "made_by", "limits", "settings", "overruled"}
    expected = [field.alias or name for name, field in record.model_fields.items() if name not in made]
    assert [name for name, *_ in rows] == expected
    assert all(meaning.strip() for *_, meaning in rows)


def example_of(record: type[Record], name: str) -> str:
    found = re.search(r"`([^`]+)`", _STRUCTURES[record, name])
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("record", "name", "before"),
    [
        (Scenario, "sources_cited", "sources_cited: "),
        (Scenario, "growth", "growth: "),
        (Scenario, "drivers", "drivers: "),
        (SourceChanges, "add", "sources:\n  add: "),
        (SourceChanges, "change", "sources:\n  change: "),
        (SourceChanges, "remove", "sources:\n  remove: "),
        (Action, "where", "actions:\n- stop: FY2028\n  where: "),
        (Action, "add", "actions:\n- add: "),
    ],
)
def test_the_reader_takes_every_example_of_a_scenario(record: type[Record], name: str, before: str) -> None:
    text = f"name: example\n{before}{example_of(record, name)}\n"
    scenario = scenario_from_document(parse_yaml(text, "example.yaml"))
    assert not same(scenario, Scenario(name="example"))


@pytest.mark.parametrize(
    ("record", "name", "before"),
    [
        (Mapping, "columns", "columns: "),
        (Mapping, "constants", "constants: "),
        (Mapping, "header_row", "header_row: "),
        (Mapping, "take", "take: "),
        (Mapping, "codes", "codes: "),
        (Mapping, "values", "values: "),
        (RowFilter, "keep", "rows:\n  keep: "),
        (RowFilter, "drop", "rows:\n  drop: "),
        (RowFilter, "totals", "rows:\n  totals: "),
    ],
)
def test_the_reader_takes_every_example_of_a_mapping(record: type[Record], name: str, before: str) -> None:
    mapping = mapping_from_document(parse_yaml(before + example_of(record, name), "example.yaml"))
    assert not same(mapping, Mapping())


@pytest.mark.parametrize("name", ["awards", "yearly"])
def test_the_reader_takes_every_example_of_a_source(name: str) -> None:
    for example in re.findall(r"`([^`]+)`", _STRUCTURES[Source, name]):
        text = f"name: example\nrecurring: yes\nbasis: open\n{name}: {example}\n"
        issues: list[Any] = []
        source = source_from_document(parse_yaml(text, "example.yaml"), (), issues)
        assert not issues
        assert source is not None
        assert source.is_limited


@pytest.mark.parametrize(
    ("written_so", "form", "value"),
    [
        ("$1,234.50", Form.MONEY, Decimal("1234.50")),
        ("(1,200)", Form.MONEY, Decimal(-1200)),
        ("45K", Form.MONEY, Decimal(45000)),
        ("0.6", Form.SHARE, Decimal("0.6")),
        ("6/30/2027", Form.DATE, date(2027, 6, 30)),
        ("June 30, 2027", Form.DATE, date(2027, 6, 30)),
        ("2026-27", Form.FISCAL_YEAR, 2027),
        ("July", Form.MONTH, 7),
    ],
)
def test_the_reader_takes_the_other_ways_of_writing(written_so: str, form: Form, value: object) -> None:
    assert f"`{written_so}`" in field_reference()
    assert parse(written_so, FieldForm("example", form)) == value


def test_an_unknown_key_in_the_scenario_file_would_be_found(written: Path, tmp_path: Path) -> None:
    text = (written / "scenario.yaml").read_text(encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(text + "grwth: {default: 3%}\n", encoding="utf-8")
    with pytest.raises(InputError, match="growth"):
        project(written / "budget.xlsx", [str(tmp_path / "scenario.yaml")], as_of=AS_OF)
