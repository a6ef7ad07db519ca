"""What is told about rows that are no data: totals, whether they add up, headings and notes between the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esser_gap.issues import Where, error, note, warning
from esser_gap.read.sheets import letters
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from esser_gap.issues import Issue
    from esser_gap.read.rows import Body
    from esser_gap.read.totals import Total

_SHOWN = 4
"""As many rows are named in a message as examples."""


def row_notes(bodies: Sequence[Body]) -> list[Issue]:
    """Tell which rows were taken as totals or text, where totals are not what their rows add up to, and what to say.

    Args:
        bodies: Tables of one file, with their rows told apart.
    """
    asked = [*_asked(bodies), *_above(bodies)]
    told = [*_totals_note(bodies), *_differences(bodies), *asked, *_doubts(bodies)]
    return [*_too_long(bodies), *told, *_text_note(bodies), *_hidden_note(bodies), *_hidden_costs(bodies)]


def _too_long(bodies: Sequence[Body]) -> list[Issue]:
    """Refuse rows of a text file that have cells where the header has none: a comma has parted one of their cells."""
    issues = []
    for body in bodies:
        sheet, header = body.table.sheet, body.table.header
        width = max(len(row) for row in sheet.rows[header.first_row : header.row + 1])
        for number, row in zip(body.numbers, body.rows, strict=True):
            beyond = [shown(cell) for cell in row[width:] if not is_blank(cell)]
            if beyond:
                message = "this row has more cells than the header, so that they may stand in the wrong columns"
                hint = "put a text or an amount that holds a comma in quotation marks; else head every column"
                where = Where(sheet.file, sheet.name, f"row {number}")
                issues.append(error("row-too-long", message, where=where, found=", ".join(beyond), hint=hint))
    return issues


def _hidden_costs(bodies: Sequence[Body]) -> list[Issue]:
    """Tell that the cost stands in a column that the file hides."""
    issues = []
    for body in bodies:
        sheet, headings = body.table.sheet, body.table.header.headings
        for place in sorted(sheet.hidden_columns & set(body.costs)):
            message = f"the column `{headings.get(place, letters(place))}`, which holds the cost, is hidden"
            hint = "show it in the spreadsheet program and see whether it is the one that is meant"
            where = Where(sheet.file, sheet.name, f"column {letters(place)}")
            issues.append(note("column-hidden", message, where=where, hint=hint))
    return issues


def _where(bodies: Sequence[Body]) -> Where:
    sheets = dict.fromkeys(body.table.sheet.name for body in bodies)
    return Where(bodies[0].table.sheet.file, next(iter(sheets)) if len(sheets) == 1 else "")


def _totals_note(bodies: Sequence[Body]) -> list[Issue]:
    clear = [(body, total) for body in bodies for total in body.totals if _is_clear(body, total)]
    if not clear:
        return []
    found, totals = [body for body, _ in clear], [total for _, total in clear]
    off = sum(any(_is_read(body, place) for place in total.differences) for body, total in clear)
    held = "each adds up the rows it covers" if not off else f"{len(totals) - off} of them add up the rows they cover"
    are = "is a total" if len(totals) == 1 else "are totals"
    side = "above" if not any(total.is_above for total in totals) else "above or below"
    message = f"{_rows(len(totals), found)} {are} of rows {side}; {held}"
    examples = [f"{total.sheet} row {total.row}" for total in totals]
    hint = f"left out: {_listed(examples)}"
    return [note("totals-left-out", message, where=_where(found), hint=hint)]


def _is_clear(body: Body, total: Total) -> bool:
    """Tell whether nothing is asked about a total."""
    return not total.is_unclear and not any(each.row == total.row for each in body.above)


def _rows(count: int, bodies: Sequence[Body]) -> str:
    sheets = len({body.table.sheet.name for body in bodies})
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return rows if sheets == 1 else f"{rows} on {sheets} sheets"


def _listed(examples: Sequence[str]) -> str:
    more = len(examples) - _SHOWN
    return ", ".join(examples[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _differences(bodies: Sequence[Body]) -> list[Issue]:
    issues = []
    for body in bodies:
        sheet, headings = body.table.sheet, body.table.header.headings
        for total in body.totals:
            for place, difference in total.differences.items() if _is_clear(body, total) else ():
                stated, summed = total.amounts[place], total.sums[place]
                message = (
                    f"the total `{total.label or headings.get(place, '')}` says {_figure(stated)}, and the"
                    f" {total.covers} rows it covers add up to {_figure(summed)}: {_signed(difference)}"
                )
                is_read = _is_read(body, place)
                hint = (
                    "the rows are read, the total is not; look for a row that is missing, hidden or counted twice"
                    if is_read
                    else "this column is not read; a row that is missing from it may be missing from the cost, too"
                )
                where = Where(sheet.file, sheet.name, f"{letters(place)}{total.row}")
                make = warning if is_read else note
                issues.append(make("total-differs", message, where=where, found=_figure(stated), hint=hint))
    return issues


def _is_read(body: Body, place: int) -> bool:
    """Tell whether a column holds the cost, or may, where nothing says which one does."""
    return not body.costs or place in body.costs


def _figure(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _signed(difference: Decimal) -> str:
    return f"{_figure(abs(difference))} {'more' if difference > 0 else 'less'}"


def _asked(bodies: Sequence[Body]) -> list[Issue]:
    """Ask about rows that may be totals or data; until it is said they are read as nothing."""
    issues = []
    for body in bodies:
        for total in body.totals:
            if not total.is_unclear:
                continue
            rows = "the row above it states" if total.covers == 1 else f"the {total.covers} rows above it add up to"
            if not total.covers:
                message = f"{_named(total.label)} looks like a total and adds up no rows above it"
            elif total.differences:
                added = _figure(total.sums[next(iter(total.differences))])
                message = f"{_named(total.label)} looks like a total, and {rows} {added}"
            else:
                message = f"{_named(total.label)} may be a total, or a row like others: {rows} the same"
            where = Where(body.table.sheet.file, body.table.sheet.name, f"row {total.row}")
            pin = _pin(body, total.row, total.label)
            hint = f"{pin} says that it is one; `data` in place of `totals`, that it is a row like others"
            issues.append(error("total-unclear", message, where=where, found=_stated(total), hint=hint))
    return issues


def _named(label: str) -> str:
    return f"`{label}`" if label else "a row without a name"


def _stated(total: Total) -> str:
    return _figure(next(iter(total.amounts.values()))) if total.amounts else ""


def _pin(body: Body, row: int, label: str) -> str:
    """Write how a mapping says that a row is a total, by what no row of data shows."""
    cells = body.table.sheet.rows[row - 1]
    headings = body.table.header.headings
    shows = {place: shown(cells[place]) for place in headings if place < len(cells) and isinstance(cells[place], str)}
    named = sorted((place for place, text in shows.items() if text), key=lambda place: shows[place] != label)
    condition = next(({p: shows[p]} for p in named if _is_alone(body, row, {p: shows[p]})), None)
    if condition is None:
        lacking = [place for place in headings if place >= len(cells) or is_blank(cells[place])]
        condition = {place: shows[place] for place in named[:1]} | dict.fromkeys(lacking[:1], "")
    written = ", ".join(f'{headings[place]}: "{text}"' for place, text in condition.items())
    return f"`rows: {{totals: [{{{written}}}]}}` in a mapping"


def _is_alone(body: Body, row: int, condition: dict[int, str]) -> bool:
    others = (cells for number, cells in zip(body.numbers, body.rows, strict=True) if number != row)
    return not any(
        all(p < len(cells) and not is_blank(cells[p]) and shown(cells[p]) == text for p, text in condition.items())
        for cells in others
    )


def _above(bodies: Sequence[Body]) -> list[Issue]:
    """Ask about rows that add up rows below them."""
    issues = []
    for body in bodies:
        for sure in (True, False):
            found = [each for each in body.above if each.is_sure is sure]
            if not found:
                continue
            first = found[0]
            more = len(found) - 1
            others = f", and {more:,} more {'rows are' if more > 1 else 'row is'} of that kind" if more else ""
            message = f"{_named(first.label)} states what the {first.covers} rows below it add up to{others}"
            pin = _pin(body, first.row, first.label)
            hint = (
                f"{pin} says that it is their total; in place of `totals`, `drop` leaves it out, and `data` says that"
                " it is a row like others"
            )
            where = Where(body.table.sheet.file, body.table.sheet.name, f"row {first.row}")
            make = error if sure else warning
            issues.append(make("total-above", message, where=where, found=first.label, hint=hint))
    return issues


def _doubts(bodies: Sequence[Body]) -> list[Issue]:
    issues = []
    for body in bodies:
        for row, label in body.doubtful:
            message = f"`{label}` is called a total and is read as a row like others"
            hint = f"if it is a total, say so: {_pin(body, row, label)}"
            where = Where(body.table.sheet.file, body.table.sheet.name, f"row {row}")
            issues.append(warning("total-as-row", message, where=where, found=label, hint=hint))
    return issues


def _text_note(bodies: Sequence[Body]) -> list[Issue]:
    found = [body for body in bodies if body.texts]
    texts = [f"{body.table.sheet.name} row {row} `{text[:40]}`" for body in found for row, text in body.texts]
    if not texts:
        return []
    what = "holds only text and is" if len(texts) == 1 else "hold only text and are"
    message = f"{_rows(len(texts), found)} {what} taken as heading or note"
    hint = f"passed over: {_listed(texts)}"
    return [note("rows-of-text", message, where=_where(found), hint=hint)]


def _hidden_note(bodies: Sequence[Body]) -> list[Issue]:
    """Tell that rows are read which the file hides, as a filter does."""
    hidden = [
        (body, number) for body in bodies for number in body.numbers if number - 1 in body.table.sheet.hidden_rows
    ]
    if not hidden:
        return []
    bodies = [body for body, _ in hidden]
    message = f"{_rows(len(hidden), bodies)} that the file hides {'is' if len(hidden) == 1 else 'are'} read"
    examples = [f"{body.table.sheet.name} row {number}" for body, number in hidden]
    hint = f"delete what is not meant, or leave it out with `rows: {{drop: ...}}` in a mapping: {_listed(examples)}"
    return [note("rows-hidden", message, where=_where(bodies), hint=hint)]
