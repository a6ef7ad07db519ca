"""Signs that rows read as data count something twice: sums of other rows, several years, a second data set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esser_gap.issues import Where, error, warning
from esser_gap.read.fiscal_years import YEARS_IN_TEXT, fiscal_year_in, fiscal_year_within
from esser_gap.read.headings import folded
from esser_gap.read.rows import amount_of
from esser_gap.read.tables import is_repeated_header
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from esser_gap.issues import Issue
    from esser_gap.read.rows import Body
    from esser_gap.read.values import Raw

_SHOWN = 4
_FEW_VALUES = 12
_MOST_ROWS = 20_000
"""In a longer table nobody adds up rows by hand, and chance finds sums."""
_VERSIONS = frozenset(
    {"actual", "actuals", "budget", "budgeted", "proposed", "adopted", "approved", "revised", "amended"}
    | {"estimate", "estimated", "projected", "prior", "original", "initial", "amendment", "revision", "preliminary"}
    | {"tentative", "recommended", "requested", "forecast"}
)
_PAGE = re.compile(r"\bpage\s*\d+(\s*of\s*\d+)?|\d{1,2}[/:]\d{1,2}([/:]\d{2,4})?(\s*[ap]m)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Rows of a table that are read as data.

    Attributes:
        body: The table's rows.
        numbers: Row numbers of those that no filter leaves out.
        cost: Place of the column of the cost; None where there is none.
        read: Places of the columns that are read.
        takes_titles: Whether a mapping takes text from titles, so that it tells data sets apart.
        finds_totals: Whether totals are looked for.
    """

    body: Body
    numbers: Collection[int]
    cost: int | None
    read: Collection[int]
    takes_titles: bool = False
    finds_totals: bool = True

    def rows(self) -> list[tuple[int, list[Raw]]]:
        """Give the rows with their numbers."""
        wanted = set(self.numbers)
        pairs = zip(self.body.numbers, self.body.rows, strict=True)
        return [(number, row) for number, row in pairs if number in wanted]


def double_counting(accepted: Accepted) -> list[Issue]:
    """Find signs that something is counted twice.

    Args:
        accepted: Rows that are read as data.
    """
    return [*_sums(accepted), *_second_block(accepted), *_several_years(accepted), *_repeated_headers(accepted)]


def _where(accepted: Accepted, row: int) -> Where:
    sheet = accepted.body.table.sheet
    return Where(sheet.file, sheet.name, f"row {row}")


# --- sums --------------------------------------------------------------------------------------


def _amounts(accepted: Accepted, rows: Sequence[tuple[int, list[Raw]]]) -> list[int]:
    place = accepted.cost
    if place is None:
        return []
    return [(amount_of(row[place]) or 0) if place < len(row) else 0 for _, row in rows]


def _sums(accepted: Accepted) -> Iterator[Issue]:
    """Find rows that state what the rows right above or below them add up to, and lack what those have."""
    rows = accepted.rows() if accepted.cost is not None else []
    amounts = _amounts(accepted, rows)
    if not 2 < len(amounts) <= _MOST_ROWS:  # noqa: PLR2004 - a sum and two parts
        return
    found = [(at, span) for at in range(len(rows)) if (span := _covered(accepted, rows, amounts, at)) is not None]
    if not found:
        return
    whole = any(len(span) == len(rows) - 1 for _, span in found)
    sure = accepted.finds_totals and (len(found) > 1 or whole)
    numbers = [rows[at][0] for at, _ in found]
    named = ", ".join(map(str, numbers[:_SHOWN])) + (
        f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    )
    at, span = found[0]
    side = "above" if span.start < at else "below"
    several = len(found) > 1
    message = (
        f"row{'s' if several else ''} {named} state{'' if several else 's'} what rows right beside"
        f" {'them' if several else 'it'} add up to, such as row {rows[at][0]} the {len(span)} rows {side} it"
    )
    hint = "if they are totals, say so with `rows: {totals: ...}` in a mapping; if not, say `rows: {data: ...}` there"
    make = error if sure else warning
    where = _where(accepted, rows[at][0])
    text = next((shown(cell) for cell in rows[at][1] if isinstance(cell, str) and cell.strip()), "")
    yield make("counted-twice", message, where=where, found=text, hint=hint)


def _covered(
    accepted: Accepted, rows: Sequence[tuple[int, list[Raw]]], amounts: Sequence[int], at: int
) -> range | None:
    """Give the rows that a row adds up: two or more right above or below it, all of which have what it lacks."""
    if not amounts[at] or rows[at][0] in accepted.body.pinned:
        return None
    for step, is_at_end in ((-1, at == len(rows) - 1), (1, at == 0)):
        total, place, columns = 0, at + step, _lacking(accepted, rows, at)
        # Past the last column that tells them apart, only a row that adds up all others is still of interest.
        while 0 <= place < len(rows) and abs(place - at) <= _MOST_PARTS and (columns or is_at_end):
            columns = [p for p in columns if p < len(rows[place][1]) and not is_blank(rows[place][1][p])]
            total += amounts[place]
            parts = abs(place - at)
            if total == amounts[at] and parts > 1 and (columns or parts == len(rows) - 1):
                return range(min(place, at + 1), max(place + 1, at))
            place += step
    return None


_MOST_PARTS = 200


def _lacking(accepted: Accepted, rows: Sequence[tuple[int, list[Raw]]], at: int) -> list[int]:
    row = rows[at][1]
    places = accepted.body.table.header.headings
    return [place for place in places if place != accepted.cost and (place >= len(row) or is_blank(row[place]))]


def _second_block(accepted: Accepted) -> Iterator[Issue]:
    """Find rows below a heading that come to the same as all rows above it, as a summary does."""
    rows = accepted.rows() if accepted.body.texts else []
    amounts = _amounts(accepted, rows)
    for number, text in accepted.body.texts:
        first = next((at for at, (other, _) in enumerate(rows) if other > number), len(rows))
        above, below = sum(amounts[:first]), sum(amounts[first:])
        if above and above == below and min(first, len(amounts) - first) > 1:
            message = f"the rows below `{text}` come to the same as all {first} rows above it"
            hint = "leave them out with `area`, or with `rows: {drop: ...}` in a mapping, if they are a summary"
            yield error("counted-twice", message, where=_where(accepted, number), found=text, hint=hint)


def summary_sheets(tables: Sequence[Accepted]) -> list[Issue]:
    """Find a sheet whose rows come to the same as those of all other sheets together, as a summary does.

    Args:
        tables: Rows that are read as data, of all tables of one file.
    """
    sums: dict[str, int] = {}
    for table in tables:
        name = table.body.table.sheet.name
        sums[name] = sums.get(name, 0) + sum(_amounts(table, table.rows()))
    whole = sum(sums.values())
    issues = []
    for name, own in sums.items() if len(sums) > 2 else ():  # noqa: PLR2004 - a summary and two parts
        if own and own * 2 == whole:
            message = f"the rows of `{name}` come to the same as those of the {len(sums) - 1} other sheets together"
            hint = f'leave it out with `skip_sheets: ["{name}"]` in the mapping, if it is a summary of them'
            where = Where(tables[0].body.table.sheet.file, name)
            issues.append(warning("counted-twice", message, where=where, found=name, hint=hint))
    return issues


# --- several data sets -------------------------------------------------------------------------


def _several_years(accepted: Accepted) -> Iterator[Issue]:
    """Find a column that is not read and tells rows of several years or versions apart."""
    table = accepted.body.table
    unread = {p: text for p, text in table.header.headings.items() if p not in accepted.read}
    rows = [row for _, row in accepted.rows()] if unread else []
    for place, heading in unread.items():
        if fiscal_year_within(heading) is not None or len(rows) > _MOST_ROWS * 10:
            continue
        values = {shown(row[place]) for row in rows if place < len(row) and not is_blank(row[place])}
        if 1 < len(values) <= _FEW_VALUES and all(_is_version(value) for value in values):
            named = ", ".join(f"`{value}`" for value in sorted(values)[:_SHOWN])
            message = f"`{heading}` is not read and tells {named} apart; the rows of all of them are read"
            hint = f'keep those that are meant: `rows: {{keep: [{{{heading}: "{max(values)}"}}]}}` in a mapping'
            yield warning("rows-of-several-years", message, where=_where(accepted, table.header.row + 1), hint=hint)


def _is_version(value: str) -> bool:
    words, year = folded(value).split(), fiscal_year_in(value)
    if year is not None:
        # A figure such as 1,500 is read as a year, too, where one is asked for.
        return year in YEARS_IN_TEXT
    return 0 < len(words) <= _SHOWN and bool(_VERSIONS & set(words))


def same_but_for_version(names: Sequence[str]) -> list[str]:
    """Give the names of sheets that differ only in the year or version of the budget they speak of.

    Args:
        names: Names of sheets.

    Examples:
        >>> same_but_for_version(["FY26 Actual", "FY27 Budget", "Lincoln 2027"])
        ['FY26 Actual', 'FY27 Budget']
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        words = folded(name).split()
        if fiscal_year_within(name) is not None or _VERSIONS & set(words):
            rest = " ".join(w for w in words if w not in _VERSIONS | {"fy", "sy"} and not any(map(str.isdigit, w)))
            alike.setdefault(rest, []).append(name)
    return next((found for found in alike.values() if len(found) > 1), [])


def _repeated_headers(accepted: Accepted) -> Iterator[Issue]:
    """Ask about a header that stands again below another title, as that of a second data set does."""
    body = accepted.body
    sheet, header = body.table.sheet, body.table.header
    if accepted.takes_titles:
        return
    # What only says which page it is, as `Page 2` does, is no title.
    first = {"", *(_without_page(text) for row in sheet.rows[: header.first_row] for text in _texts(row))}
    texts = {number for number, _ in body.texts}
    for number, _ in body.texts:
        if not is_repeated_header(header, sheet.rows[number - 1]):
            continue
        above = number - 1
        titles: list[str] = []
        while above in texts or (above > 0 and all(map(is_blank, sheet.rows[above - 1])) and number - above <= _SHOWN):
            titles += [text for text in _texts(sheet.rows[above - 1]) if _without_page(text) not in first]
            above -= 1
        if titles:
            message = f"the header stands again below another title, `{titles[-1]}`, as if another data set began"
            hint = "say which is meant with `area` in a mapping, or part them with `take: [{title: ...}]` and `rows`"
            where = _where(accepted, number)
            yield error("header-repeated", message, where=where, found=titles[-1], hint=hint)


def _texts(row: Sequence[Raw]) -> list[str]:
    return [shown(cell) for cell in row if isinstance(cell, str) and cell.strip()]


def _without_page(text: str) -> str:
    return folded(_PAGE.sub(" ", text))
