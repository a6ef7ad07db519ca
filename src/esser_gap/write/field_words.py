"""Words about fields for people who fill them in: headings, how a value is written, and when it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.model.commitment import Commitment
from esser_gap.model.record import Form

if TYPE_CHECKING:
    from esser_gap.model.record import FieldForm, Record

NEEDED = "needed"
"""The word for a field that every record must have."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How values of a form are written.

    Attributes:
        words: What to write, to follow the word `write`.
        example: A value written so; blank where the words say it all.
    """

    words: str
    example: str = ""


WRITINGS: dict[Form, Writing] = {
    Form.TEXT: Writing("any text"),
    Form.CHOICE: Writing("one of the words in the list"),
    Form.MONEY: Writing("dollars, with cents if there are any", "12500.00"),
    Form.NUMBER: Writing("a number, fractions allowed", "2.5"),
    Form.WHOLE: Writing("a whole number", "5"),
    Form.SHARE: Writing("a percentage from 0% to 100%", "60%"),
    Form.RATE: Writing("a percentage with its sign %", "3.5%"),
    Form.YES_NO: Writing("yes or no", "yes"),
    Form.DATE: Writing("a date", "2027-06-30"),
    Form.MONTH: Writing("a month, 1 to 12", "7"),
    Form.MONTH_DAY: Writing("month and day", "03-15"),
    Form.FISCAL_YEAR: Writing("a fiscal year, by the year it ends in", "FY2027"),
    Form.NAMES: Writing("one or several, parted by commas or semicolons", "CB-2022; READ"),
    Form.PARTS: Writing("sources with shares, parted by semicolons", "ESSER III 60%; General Fund 40%"),
}

_NEEDED_WHEN: dict[tuple[type[Record] | None, str], str] = {
    (Commitment, "annual_cost"): "needed, or quantity and unit cost",
    (Commitment, "quantity"): "with unit cost",
    (Commitment, "unit_cost"): "with quantity",
    (Commitment, "starts_on"): "needed for one_time",
    (Commitment, "purchased_on"): "needed for replacement",
    (Commitment, "useful_life"): "needed for replacement",
}

_ABBREVIATIONS = {"nces": "NCES"}


def heading_of(name: str) -> str:
    """Write a field's name as the heading of a column; the reader takes both.

    Examples:
        >>> heading_of("annual_cost"), heading_of("nces_id")
        ('Annual cost', 'NCES id')
    """
    words = [_ABBREVIATIONS.get(word, word) for word in name.split("_")]
    words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words)


def need_of(form: FieldForm) -> str:
    """Say when a field of a record is needed, blank where it never is."""
    return NEEDED if form.required else _NEEDED_WHEN.get((form.record, form.name), "")


def writing_of(form: FieldForm) -> str:
    """Say how a value of a field is written, with its words or an example.

    Args:
        form: A field of any form but a structure.
    """
    if form.choices:
        several = "one or several of: " if form.form is Form.NAMES else ""
        return several + ", ".join(form.choices)
    writing = WRITINGS[form.form]
    return f"{writing.words}, such as {writing.example}" if writing.example else writing.words
