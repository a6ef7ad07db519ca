"""The first sheet of the template: how it is filled in, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.model.record import Form
from esser_gap.model.words import Kind
from esser_gap.view.table import Heading, Row, Show, Table
from esser_gap.write.field_words import WRITINGS
from esser_gap.write.workbook_formats import Line
from esser_gap.write.workbook_page import Page
from esser_gap.write.workbook_widths import page_widths

if TYPE_CHECKING:
    from esser_gap.write.template_page import Template

SHEETS = (
    (
        "Commitments",
        (
            "Fill this in first. One row for each subscription, contract, post and set of devices that the district"
            " means to keep. Write over the two example rows."
        ),
        "needed",
    ),
    (
        "Funding",
        (
            "One row for each source of money that pays, or could pay. An assigned one pays only commitments that name"
            " it, an open one any that it may. Relief money such as ESSER III is known by name and needs no row."
        ),
        "needed for every other name under Funded by",
    ),
    (
        "District",
        "The district's name, enrollment and whole budget by fiscal year.",
        "needed where a cost follows enrollment",
    ),
    (
        "Scenarios",
        "What could be done differently: keep longer, stop, pay less. The file scenario.yaml does the same.",
        "may stay as it is, or empty",
    ),
)
"""Sheets to fill in, in order, and whether they are needed."""

KINDS = {
    Kind.RECURRING: (
        "Comes back every year: subscriptions, service contracts, connections.",
        "The cost of a year. Paid through, if years were paid in advance; Renewal uplift, if the price then steps up.",
    ),
    Kind.REPLACEMENT: (
        "Is bought again when it wears out or loses support: devices, network equipment, displays.",
        "The whole price at today's prices. Purchased on and Useful life; Supported until, if updates end sooner.",
    ),
    Kind.STAFF: (
        "The pay of posts that keep technology running.",
        "The salary, without benefits; with Quantity it is FTE and Unit cost is the salary of one. Benefits rate.",
    ),
    Kind.ONE_TIME: (
        "Is paid once on one day: a roll-out, a study, disposal.",
        "The cost. Starts on, the day it is paid.",
    ),
}
"""What each kind of cost is, and what to fill in for it."""

_VALUES = {
    Form.MONEY: "Dollars",
    Form.SHARE: "Share of a whole",
    Form.RATE: "Rate of growth",
    Form.DATE: "Date",
    Form.FISCAL_YEAR: "Fiscal year",
    Form.MONTH_DAY: "Day of every year",
    Form.YES_NO: "Yes or no",
    Form.NAMES: "Several names",
    Form.PARTS: "Who pays today",
}
_COMMENTS = {
    Form.MONEY: "0 if it is free; a blank is not 0.",
    Form.SHARE: "Most of a cost that a source may pay, such as an E-rate discount.",
    Form.RATE: "Benefits, price steps and growth. It may be negative.",
    Form.DATE: "As dates, in any format that Excel knows.",
    Form.FISCAL_YEAR: "FY2027 is July 2026 to June 2027 where the year starts in July.",
    Form.MONTH_DAY: "Such as the day by which lay-off notices go out.",
    Form.YES_NO: "Blank is no; under Recurring one of the two is needed.",
    Form.NAMES: "Ids under Requires, categories and kinds under Funding.",
    Form.PARTS: "A single name without a share means 100%. Together at most 100%; open sources may pay the rest.",
}

COMMANDS = (
    ("esser-gap check budget.xlsx", "Read the workbook and say what is wrong, cell by cell, before anything else."),
    ("esser-gap project budget.xlsx", "Show cost, who pays, the gap by fiscal year, and what loses funding first."),
    ("esser-gap project budget.xlsx -s scenario.yaml", "The same under the scenario in the file scenario.yaml."),
    ("esser-gap project budget.xlsx -o gap.xlsx", "Write a workbook for the board."),
    (
        "esser-gap compare budget.xlsx -s baseline -s scenario.yaml -s no-renewal",
        "Set scenarios side by side: the shipped one, the file's, and the one on the sheet Scenarios.",
    ),
    ("esser-gap explain READ budget.xlsx", "Show how the figures of one commitment come about."),
)
"""What to type next, in the folder of the workbook, and what it does."""


def add_instructions(template: Template) -> None:
    """Add the sheet Instructions."""
    tables = _tables()
    page = Page(template.book.add_worksheet("Instructions"), template.formats, page_widths(tables))
    page.say("What technology costs the district, who pays, and what loses funding first", Line.TITLE)
    page.say(
        "Fill in the sheet Commitments, save, and run the commands at the end. District, vendors and figures in this"
        " template are invented examples.",
        Line.SUBTITLE,
    )
    for table in tables:
        page.row += 1
        page.say(table.title, Line.FINDING)
        page.draw(table)
        for note in table.notes:
            page.say(note, Line.NOTE)
    page.finish(template.footer)


def _tables() -> list[Table]:
    return [_sheets(), _kinds(), _values(), _commands()]


def _sheets() -> Table:
    notes = (
        (
            "Dark headings are needed in every row; whatever else does not apply stays blank. Rest the pointer on a"
            " heading to read what it means and what a blank stands for."
        ),
        (
            "Keep the headings as they are. Columns that you do not need may go; columns of your own may be added and"
            " are not read."
        ),
    )
    headings = (Heading("Sheet", Show.CODE), Heading("What to fill in", width=60), Heading("Needed", width=20))
    return Table("sheets", "1. What to fill in, in this order", headings, tuple(map(Row, SHEETS)), notes)


def _kinds() -> Table:
    headings = (Heading("Kind", Show.CODE), Heading("What it is", width=50), Heading("What to fill in", width=50))
    rows = tuple(Row((kind.value, *words)) for kind, words in KINDS.items())
    notes = (
        "Never leave Kind blank: a wrong kind makes every figure wrong, so it is not guessed.",
        "Write the whole price before any discount or grant; what others pay of it belongs on the sheet Funding.",
    )
    return Table("kinds", "2. The four kinds of cost", headings, rows, notes)


def _values() -> Table:
    headings = (Heading("Value", Show.CODE), Heading("How it is written", width=50), Heading("Good to know", width=50))
    rows = tuple(Row((_VALUES[form], _written(form), _COMMENTS[form])) for form in _VALUES)
    notes = ("Codes and ids are text: leading zeros stay as you type them.",)
    return Table("values", "3. How values are written", headings, rows, notes)


def _written(form: Form) -> str:
    writing = WRITINGS[form]
    words = writing.words[:1].upper() + writing.words[1:]
    return f"{words}: {writing.example}" if writing.example != "yes" else words


def _commands() -> Table:
    headings = (Heading("Step", Show.CODE), Heading("Type", width=60), Heading("What it does", width=50))
    rows = tuple(Row((str(number), *command)) for number, command in enumerate(COMMANDS, 1))
    return Table("commands", "4. What to do next, in the folder of this workbook", headings, rows)
