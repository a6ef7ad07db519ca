"""The workbook file itself: opened safely, with properties, and the same bytes from the same input."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook  # noqa: TID251
from xlsxwriter.core import Core  # noqa: TID251
from xlsxwriter.packager import Packager  # noqa: TID251

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from xlsxwriter.chart import Chart  # noqa: TID251

LANGUAGE = "en-US"


class _CoreWithLanguage(Core):  # type: ignore[misc]
    """Document properties with the language, which screen readers ask for."""

    def _write_dc_description(self) -> None:
        super()._write_dc_description()
        self._xml_data_element("dc:language", LANGUAGE)


class _PackagerWithLanguage(Packager):  # type: ignore[misc]
    def _write_core_file(self) -> None:
        core = _CoreWithLanguage()
        core._set_properties(self.workbook.doc_properties)  # noqa: SLF001
        core._set_xml_writer(self._filename("docProps/core.xml"))  # noqa: SLF001
        core._assemble_xml_file()  # noqa: SLF001


class BoardWorkbook(Workbook):  # type: ignore[misc]
    """A workbook in which text is never a formula, a link or a number, and that says its language."""

    def __init__(self, path: Path, *, is_large: bool) -> None:
        """Open the workbook.

        Args:
            path: File to write.
            is_large: Whether rows are put on disk as they are written; then each sheet is written top down.
        """
        options: dict[str, Any] = {
            "constant_memory": is_large,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        super().__init__(str(path), options)

    def add_chart(self, options: dict[str, Any]) -> Chart:
        """Add a chart whose title and names are text, also where they look like a reference to a cell.

        Args:
            options: What XlsxWriter takes.
        """
        chart = super().add_chart(options)
        # A scenario called `=cmd|'/C calc'!A0` would make a formula of the title that names it.
        named = chart._process_names  # noqa: SLF001
        chart._process_names = lambda name, formula: (  # noqa: SLF001
            (name, formula) if isinstance(name, str) else named(name, formula)
        )
        return chart

    def _get_packager(self) -> Packager:
        return _PackagerWithLanguage()


def created_at(as_of: date) -> datetime:
    """Give the time to write into the file: SOURCE_DATE_EPOCH where it is set, else the as-of date.

    Args:
        as_of: Day from which deadlines are judged.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.fromtimestamp(int(epoch), UTC).replace(tzinfo=None)
    return datetime.combine(as_of, time())
