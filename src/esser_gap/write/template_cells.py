"""Input cells by the form of their field: number format, width, and what may be typed into them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from esser_gap.model.record import FieldForm, Form
from esser_gap.write.field_words import heading_of, writing_of
from esser_gap.write.workbook_formats import HEADER_FILL, INK, RULE

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # noqa: TID251
    from xlsxwriter.format import Format  # noqa: TID251

    from esser_gap.model.record import Record

_NUMBER_FORMATS = {
    Form.MONEY: "#,##0.00",
    Form.NUMBER: "General",
    Form.WHOLE: "0",
    Form.MONTH: "0",
    Form.SHARE: "0.##%",
    Form.RATE: "0.##%",
    Form.DATE: "yyyy-mm-dd",
}
_TEXT_FORMAT = "@"
"""Everything else is text, so that leading zeros stay and `03-15` does not become a date."""

_EXAMPLE_FILL = "#FFF8E1"
"""Behind worked rows; their notes say in words that they are examples."""
_NEEDED_FILL = "#3E4C59"
"""Behind needed headings, which also say so; white on it is 8:1."""

_PIXELS = {
    Form.CHOICE: 130,
    Form.MONEY: 110,
    Form.NUMBER: 80,
    Form.WHOLE: 72,
    Form.SHARE: 72,
    Form.RATE: 80,
    Form.YES_NO: 84,
    Form.DATE: 90,
    Form.MONTH: 78,
    Form.MONTH_DAY: 72,
    Form.FISCAL_YEAR: 72,
    Form.NAMES: 120,
    Form.PARTS: 170,
}
_TEXT_PIXELS = 110
_WIDER = {"name": 200, "goal": 200, "notes": 230, "rule": 240, "account": 200, "owner": 150, "service": 130}

_LONGEST_LIST = 255
"""Characters that a drop-down of words may have."""
_MOST_DOLLARS = 999_999_999_999.99
_NEARLY_ALL = 0.99
"""A rate of 1 or more in a cell could mean 1% or 100%, and the reader refuses it."""
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)


class InputFormats:
    """The cell formats of the sheets that are filled in."""

    def __init__(self, book: Workbook) -> None:
        """Make formats for a workbook."""
        self._book = book
        self._inputs: dict[tuple[str, bool, bool], Format] = {}
        heading = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "border_color": RULE}
        self.needed = book.add_format({**heading, "bg_color": _NEEDED_FILL, "font_color": "#FFFFFF"})
        self.optional = book.add_format({**heading, "bg_color": HEADER_FILL, "font_color": INK})
        self.group = book.add_format({"bold": True, "font_color": INK, "bottom": 2, "bottom_color": INK})
        self.remark = book.add_format({"italic": True, "font_color": INK, "valign": "top", "text_wrap": True})

    def heading(self, *, is_needed: bool) -> Format:
        """Give the format of a heading."""
        return self.needed if is_needed else self.optional

    def cell(self, form: Form, *, is_example: bool = False, is_left: bool = False) -> Format:
        """Give the format of a cell by its field's form.

        Args:
            form: Form of the field.
            is_example: Whether the cell stands in a worked row.
            is_left: Whether a figure stands left, under text.
        """
        number_format = _NUMBER_FORMATS.get(form, _TEXT_FORMAT)
        key = (number_format, is_example, is_left)
        if key not in self._inputs:
            properties: dict[str, Any] = {"num_format": number_format, "valign": "top", "font_color": INK}
            properties |= {"text_wrap": True} if number_format == _TEXT_FORMAT else {}
            properties |= {"align": "left"} if is_left or form is Form.DATE or number_format == _TEXT_FORMAT else {}
            if is_example:
                properties |= {"bg_color": _EXAMPLE_FILL, "border": 1, "border_color": RULE}
            self._inputs[key] = self._book.add_format(properties)
        return self._inputs[key]


def pixels_of(form: FieldForm) -> int:
    """Give the width of a field's column in pixels."""
    return _WIDER.get(form.name, _PIXELS.get(form.form, _TEXT_PIXELS))


def wraps(form: FieldForm) -> bool:
    """Tell whether values of a field may take several lines in their cell."""
    return form.form not in _NUMBER_FORMATS


def validation_of(form: FieldForm) -> dict[str, Any] | None:
    """Say what may be typed into the cells of a field, as XlsxWriter takes it.

    Args:
        form: A field.

    Returns:
        Options for `data_validation`; None where any text may stand.
    """
    allowed = _allowed(form)
    if allowed is None:
        return None
    return {
        **allowed,
        "error_title": heading_of(form.name)[:32],
        "error_message": f"Write {writing_of(form)}."[:_LONGEST_LIST],
    }


def _allowed(form: FieldForm) -> dict[str, Any] | None:
    if form.choices:
        # A list of several words is typed; the drop-down then only offers the first.
        return _drop_down(form.choices, is_strict=form.form is not Form.NAMES)
    match form.form:
        case Form.YES_NO:
            return _drop_down(("yes", "no"))
        case Form.MONTH:
            return _drop_down(tuple(str(month) for month in range(1, 13)))
        case Form.DATE:
            return _between("date", _FIRST_DAY, _LAST_DAY)
        case Form.MONEY | Form.NUMBER:
            return _between("decimal", 0, _MOST_DOLLARS)
        case Form.SHARE:
            return _between("decimal", 0, 1)
        case Form.RATE:
            return _between("decimal", -_NEARLY_ALL, _NEARLY_ALL)
        case Form.WHOLE if form.record is not None:
            return _between("integer", *_limits(form.record, form.name))
        case _:
            return None


def _drop_down(words: tuple[str, ...], *, is_strict: bool = True) -> dict[str, Any]:
    return {"validate": "list", "source": list(words), "show_error": is_strict}


def _between(kind: str, least: object, most: object) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}


def _limits(record: type[Record], name: str) -> tuple[int, int]:
    """Give the limits that the record itself keeps."""
    schema = record.model_json_schema()["properties"][name]
    bounds = next(option for option in (schema, *schema.get("anyOf", ())) if "minimum" in option)
    return bounds["minimum"], bounds["maximum"]
