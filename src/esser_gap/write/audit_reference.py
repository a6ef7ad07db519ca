"""The page of documentation about the audit of workbooks, made from the rules.

`python -m esser_gap.write.audit_reference > docs/audit.md` writes it anew.
"""

from __future__ import annotations

from esser_gap.auditing.findings import Level
from esser_gap.auditing.rules import RULES, Rule

_OPENING = """\
<!-- Made by python -m esser_gap.write.audit_reference from src/esser_gap/auditing/rules.py; change that. -->
# Auditing a workbook

A workbook that a public body publishes is a document that everybody has to be able to read: by ear, enlarged,
on paper, in black and white, on a phone, and without running anything. `esser-gap audit` holds any workbook
(xlsx or xlsm, from any program) against the rules below and says what to mend, sheet by sheet, with the first
cell.

```sh
esser-gap audit examples/cedar-valley/budget.xlsx
esser-gap audit --rules
```

| exit status | meaning |
| --- | --- |
| 0 | nothing fails; there may be warnings |
| 1 | something fails, or with `--strict` there is a warning |
| 2 | a file cannot be read: it is missing, no workbook, damaged, too large, or needs a password |

Several files can be named; one that cannot be read does not keep the others from being shown. `--format json`
gives all findings for a program, `--strict` makes warnings fail. The file is only read, never opened by a
spreadsheet program, and nothing in it is calculated. From Python, `esser_gap.audit_workbook("book.xlsx")` gives
an `Audit` with `findings`, `failures` and `passes()`.

The criteria are those of [WCAG 2.1](https://www.w3.org/TR/WCAG21/), level AA, which the rule under Title II of
the Americans with Disabilities Act ([28 CFR part 35, subpart
H](https://www.ecfr.gov/current/title-28/chapter-I/part-35/subpart-H)) makes the standard for web content and
documents of state and local governments, school districts included. A rule without a criterion is about
printing, safety or truth. **Passing is not a legal finding:** a program sees whether there is an alternative
text, not whether it is a good one.

## Rules

A broken rule of the kind *fail* keeps somebody from the content, or misleads, and makes the exit status 1; a
*warning* does not.
"""

_CLOSING = """\
## How it decides

- **Tables** need not be defined as tables. Rows of at least two cells each that touch belong together; a row
  with one cell is a title, a note or a heading inside the table. What follows such a row, or up to two blank
  ones, and has no header of its own goes on with the table above. Cells that are nothing but links are a list
  of links.
- **A header row** is the first row of a table or filter that is defined, else one of the first five rows of the
  table that is frozen or bold throughout and has text in every column. Years and days may be headings; other
  numbers may not.
- **Contrast** is that of WCAG 2.1 between the text and every color behind it: of the cell, of runs within a
  text, of number formats such as `[Red]` for the numbers they apply to, of conditional formats and color
  scales, with theme colors, tints and the old palette resolved. Large text (18 points, or 14 bold) needs 3:1.
  Cells under a table's own style, whose fills are not in the file, are passed over unless their own fill says
  otherwise, and so is text in charts.
- **Alternative text** is missing when it is blank, the object's own name, a file name, or a word or two such as
  `Chart 1`. What is marked as decorative needs none.
- **Widths** are estimated from the letters of the usual font, since every program draws a little differently;
  what is doubtful is not reported.
- **Text that begins with `=`, `+`, `-`, `@` or a tab** passes when it is stored as text. What fails is a
  formula that asks another program (DDE), reaches outside (`WEBSERVICE`), refers to nothing and stands where
  other rows have text, or links elsewhere than to web pages, mail addresses and cells.
- **Repair** means that the parts of the file contradict the standard (ECMA-376) or each other in a way for
  which Excel offers to repair a workbook: elements out of order, parts missing or of no kind, overlapping
  merged cells, headings of a table that are not those in its cells, texts, names or footers too long.

What the program itself writes (the workbooks of `project`, `compare` and `init`, and of rows left out) passes
without a warning; with names that begin with `=`, of 300 characters, from right to left and the like, nothing
fails. Tests hold it to that.
"""

_WORDS = {Level.FAIL: "fail", Level.WARN: "warning"}


def audit_reference() -> str:
    """Write the page as Markdown: how the command is used, the rules in a table and one by one, and how it decides."""
    return "\n".join([_OPENING, _index(), *(_section(rule) for rule in RULES), _CLOSING])


def _index() -> str:
    rows = [f"| [{rule.id}](#{rule.id}) | {_WORDS[rule.level]} | {rule.title} | {rule.basis} |" for rule in RULES]
    return "\n".join(["| rule | | what holds | WCAG 2.1 |", "| --- | --- | --- | --- |", *rows, ""])


def _section(rule: Rule) -> str:
    basis = f" ({rule.basis})" if rule.basis else ""
    do = f"{rule.do[:1].upper()}{rule.do[1:]}."
    return f"### {rule.id}\n\n{rule.title}{basis}. {rule.why}.\n\n**What to do:** {do}\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(audit_reference())
