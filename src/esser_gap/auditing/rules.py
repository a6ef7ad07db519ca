"""The rules that a workbook is held against, each with its reason, where that stands, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from esser_gap.auditing.findings import Level

FAIL, WARN = Level.FAIL, Level.WARN


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Its name.
        level: Whether breaking it makes a workbook fail.
        title: What holds when it is kept.
        why: Whom it serves, in a sentence.
        basis: The criterion of WCAG 2.1 that it follows, such as `1.1.1 Non-text Content (A)`; blank where it is a
            matter of printing, safety or truth.
        do: What to do when it is broken.
    """

    id: str
    level: Level
    title: str
    why: str
    basis: str
    do: str


RULES = (
    Rule(
        "document-title",
        FAIL,
        "The document has a title",
        "A screen reader says the title first, and a window or a list of files shows it; a file name says little",
        "2.4.2 Page Titled (A)",
        "fill in Title in the file's properties (File, Info)",
    ),
    Rule(
        "document-language",
        WARN,
        "The document says its language",
        "A screen reader pronounces words by it; a warning, since Excel itself has no box for it",
        "3.1.1 Language of Page (A)",
        "fill in Language in the file's details (Windows: right-click the file, Properties, Details), such as en-US",
    ),
    Rule(
        "sheet-name",
        FAIL,
        "Every sheet has a name of its own that says what it shows",
        "Sheets are found by their names, above all by people who hear them",
        "2.4.6 Headings and Labels (AA)",
        "name the sheet after what it shows, such as Gap by year",
    ),
    Rule(
        "header-row",
        FAIL,
        "Every table has a header row with text above every column",
        "A screen reader says a cell's heading with it; without one a figure is only a figure",
        "1.3.1 Info and Relationships (A)",
        "give every column a heading in one row, and make the row bold, freeze or filter it, or make the range a table",
    ),
    Rule(
        "merged-cells",
        FAIL,
        "No cells are merged inside a table",
        "A merged cell belongs to several columns, so that its heading is unclear; sorting and filtering fail",
        "1.3.1 Info and Relationships (A)",
        "unmerge them and write the value where it belongs; to centre a heading use Center Across Selection",
    ),
    Rule(
        "table-spacing",
        WARN,
        "No blank row or column stands inside a table",
        "A screen reader, a filter and a sort take the blank for the end of the table",
        "1.3.2 Meaningful Sequence (A)",
        "delete the blank row or column and make rows higher or columns wider instead",
    ),
    Rule(
        "alt-text",
        FAIL,
        "Every chart and picture has a text that says what it shows",
        "Who does not see a picture hears this text instead",
        "1.1.1 Non-text Content (A)",
        "right-click it, choose View Alt Text, and say in a sentence or two what it shows and where its figures stand",
    ),
    Rule(
        "chart-title",
        FAIL,
        "Every chart has a title",
        "A chart without one can only be understood from what stands around it",
        "2.4.6 Headings and Labels (AA)",
        "add a title that says what the chart is about",
    ),
    Rule(
        "contrast",
        FAIL,
        "Text stands out from what is behind it: 4.5 to 1, large text 3 to 1",
        "People with weak eyes, and everybody on a bad printer or projector, cannot read less",
        "1.4.3 Contrast (Minimum) (AA)",
        "choose a darker text or a lighter fill",
    ),
    Rule(
        "color-alone",
        FAIL,
        "Negative numbers are told by more than a color",
        "A print in black and white, and a reader who sees no red, make a shortfall a surplus",
        "1.4.1 Use of Color (A)",
        "choose a number format with a minus sign or parentheses, such as #,##0;[Red]-#,##0",
    ),
    Rule(
        "print-width",
        FAIL,
        "Every sheet prints one page wide, or landscape with its first columns on every page",
        "Columns on a second page are read without knowing whose they are",
        "",
        "set Page Layout, Width to 1 page and Orientation to Landscape; or repeat the first columns under Print Titles",
    ),
    Rule(
        "print-size",
        WARN,
        "No sheet is squeezed to less than four tenths of its size",
        "Smaller print cannot be read on paper",
        "",
        "wrap long texts, narrow columns, or print on several pages with the first columns repeated",
    ),
    Rule(
        "print-headings",
        FAIL,
        "Header rows stand again on every page of a table that is longer than one",
        "The second page is only figures otherwise",
        "",
        "name the header row under Page Layout, Print Titles, Rows to repeat at top",
    ),
    Rule(
        "page-numbers",
        FAIL,
        "Printed pages are numbered",
        "Pages of a packet are spoken of by number, and a missing one is noticed",
        "",
        "put &[Page] of &[Pages] into the footer (Page Setup, Header/Footer)",
    ),
    Rule(
        "print-area",
        WARN,
        "Cells far away from the rest are printed on purpose",
        "A stray cell adds pages that are blank but for it",
        "",
        "delete the cells far away, or set a print area around what is meant to be printed",
    ),
    Rule(
        "frozen-panes",
        WARN,
        "The header row of a long table stays in sight",
        "Who scrolls, or enlarges the screen, no longer knows what a column is",
        "",
        "select the row below the headings and choose View, Freeze Panes",
    ),
    Rule(
        "formula-value",
        FAIL,
        "Every formula has its result stored",
        "Previews, phones, Protected View and programs that read the file show what is stored: a blank, or a zero",
        "",
        "open the file in Excel or LibreOffice, recalculate, and save it; or have the program that made it store them",
    ),
    Rule(
        "functions",
        WARN,
        "Formulas use functions that every spreadsheet program has",
        "An older Excel, or another program, shows an error where it does not know the function",
        "",
        "use a function that is everywhere, such as INDEX with MATCH for XLOOKUP, or SUMIFS for FILTER",
    ),
    Rule(
        "volatile",
        WARN,
        "No formula gives another result without a change in the workbook",
        "Figures that were approved must not be others tomorrow; such formulas also slow every change down",
        "",
        "write the date or number into an input cell; use INDEX where OFFSET or INDIRECT stands",
    ),
    Rule(
        "error-value",
        FAIL,
        "No cell shows an error",
        "What adds up an error is an error, and a reader takes nothing on trust after it",
        "",
        "mend the formula; where nothing is to be shown, say so in words",
    ),
    Rule(
        "external-links",
        FAIL,
        "Nothing refers to another file or is loaded from one",
        "The other file is not there where the workbook is read, and opening asks whether to trust it",
        "",
        "copy what is needed into the workbook, then break the links (Data, Edit Links)",
    ),
    Rule(
        "data-connections",
        FAIL,
        "The workbook does not connect to a database, a web page or a query",
        "Opening it asks for trust and may change the figures, or show that they cannot be loaded",
        "",
        "keep the values and delete the connection (Data, Queries & Connections)",
    ),
    Rule(
        "macros",
        FAIL,
        "The workbook holds no macros and no embedded programs",
        "Mail systems stop such a file, and whoever opens it has to trust its author with the computer",
        "",
        "save it as an Excel workbook without macros (.xlsx), and delete controls and embedded objects",
    ),
    Rule(
        "text-that-runs",
        FAIL,
        "No formula or link starts a program, reaches outside, or came about from text that begins with =, +, - or @",
        "Text from a list can become a formula that sends data away or starts a program when somebody clicks",
        "",
        "store it as text (a leading apostrophe does that), and link only to web pages, mail addresses and cells",
    ),
    Rule(
        "hidden-sheet",
        WARN,
        "No sheet is hidden",
        "What is hidden is published with the rest, and figures that rest on it cannot be checked",
        "",
        "show the sheet, or delete it; one that is very hidden shows only in the editor for macros (Alt+F11)",
    ),
    Rule(
        "number-as-text",
        WARN,
        "Numbers are stored as numbers",
        "A sum passes over text, so that it is too small and nothing says so",
        "",
        "select the cells and choose Convert to Number; format codes that are no numbers as Text",
    ),
    Rule(
        "text-cut-off",
        WARN,
        "Text shows whole",
        "What is cut off is not read, in print never",
        "",
        "make the column wider, or let the text wrap and the row grow (Wrap Text, AutoFit Row Height)",
    ),
    Rule(
        "number-cut-off",
        FAIL,
        "Figures show, not ####",
        "A figure that does not fit is not shown at all",
        "",
        "make the column wider",
    ),
    Rule(
        "protection",
        WARN,
        "Sheets are not protected",
        "Protection keeps people from widening, copying or following a formula, and screen readers from cells",
        "",
        "take the protection off (Review, Unprotect Sheet) and mark input cells instead",
    ),
    Rule(
        "repair",
        FAIL,
        "The file opens without an offer to repair it",
        "Excel drops what it cannot read, and nobody knows what was lost",
        "",
        "open the file in a spreadsheet program, look it through, and save it again",
    ),
)
"""All rules, in the order in which findings are given."""
