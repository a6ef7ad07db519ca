"""Conditions of a mapping that no row of any file meets: a code that was mistyped would go unnoticed otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esser_gap.check.references import near_names
from esser_gap.issues import note, warning
from esser_gap.model.mapping import RowFilter
from esser_gap.read.conditions import any_holds
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from esser_gap.issues import Issue
    from esser_gap.model.mapping import Mapping as FileMapping
    from esser_gap.read.values import Raw

    Condition = Mapping[str, tuple[str, ...]]
    Cells = Callable[[str], Sequence[Raw] | None]

_MOST_VALUES = 2_000
_SHOWN = 6


@dataclass(slots=True)
class MatchedConditions:
    """What the conditions under `rows` of a mapping met, over all tables that it reads.

    Attributes:
        tables: How many tables were looked at.
        values: Texts that a column shows under a heading of which a condition names something else.
        blanks: Rows, by heading, that are not kept since they are blank there below a value that is.
    """

    tables: int = 0
    values: dict[str, dict[str, None]] = field(default_factory=dict)
    blanks: dict[str, int] = field(default_factory=dict)
    _patterns: set[tuple[str, int, str, str]] = field(default_factory=set)
    _whole: set[tuple[str, int]] = field(default_factory=set)

    def look(self, rows: RowFilter, data: Cells, every: Cells) -> None:
        """Look at a table.

        Args:
            rows: The conditions.
            data: Gives the cells under a heading in the rows of data.
            every: The same in all rows below the header; None for what no column holds.
        """
        self.tables += 1
        for key in RowFilter.model_fields:
            for n, condition in enumerate(getattr(rows, key)):
                # Rows that are no data anyway, such as totals, may well be named to be left out.
                for cells in (data,) if key == "keep" else (data, every):
                    self._look(key, n, condition, {heading: cells(heading) for heading in condition})

    def look_at_blanks(self, mapping: FileMapping, data: Cells) -> None:
        """Count blank cells below a value that `keep` names, which may stand for that value.

        Args:
            mapping: The mapping; blank cells that it fills down are none.
            data: Gives the cells under a heading in the rows of data.
        """
        for heading in dict.fromkeys(h for condition in mapping.rows.keep for h in condition):
            named = [{heading: c[heading]} for c in mapping.rows.keep if heading in c]
            if len(named) < len(mapping.rows.keep):
                continue
            last: Raw = None
            cells = data(heading) or ()
            known: dict[Raw, bool] = {}
            for raw in cells if any(map(is_blank, cells)) else ():
                if is_blank(raw):
                    is_kept = known.setdefault(last, any(_holds("keep", c, {heading: last}) for c in named))
                    empty = known.setdefault(None, any(_holds("keep", c, {heading: None}) for c in named))
                    self.blanks[heading] = self.blanks.get(heading, 0) + (is_kept and not empty)
                else:
                    last = raw

    def _look(self, key: str, n: int, condition: Condition, columns: Mapping[str, Sequence[Raw] | None]) -> None:
        for heading, patterns in condition.items():
            open_patterns = [p for p in patterns if (key, n, heading, p) not in self._patterns]
            different = dict.fromkeys(columns[heading] or ()) if open_patterns else {}
            for pattern in open_patterns:
                if any(_holds(key, {heading: (pattern,)}, {heading: raw}) for raw in different):
                    self._patterns.add((key, n, heading, pattern))
                else:
                    self._keep_values(heading, different)
        full = {heading: cells for heading, cells in columns.items() if cells is not None}
        if (key, n) not in self._whole and len(full) == len(condition):
            rows = (dict(zip(full, row, strict=True)) for row in zip(*full.values(), strict=True))
            if any(_holds(key, condition, row) for row in rows):
                self._whole.add((key, n))

    def _keep_values(self, heading: str, raws: Mapping[Raw, None]) -> None:
        kept = self.values.setdefault(heading, {})
        for raw in raws:
            if len(kept) >= _MOST_VALUES:
                break
            if not is_blank(raw):
                kept[shown(raw)] = None

    def issues(self, mapping: FileMapping) -> Iterator[Issue]:
        """Tell which conditions, or values in one, no row met.

        Args:
            mapping: The mapping.
        """
        for heading, count in self.blanks.items():
            if count:
                rows = "1 row is" if count == 1 else f"{count:,} rows are"
                message = f"{rows} not kept since `{heading}` is blank there, below a value that `rows.keep` names"
                hint = f'if a blank cell means the value above it, say `fill_down: ["{heading}"]`'
                where = mapping.origin.where()
                yield warning("blank-not-kept", message, where=where, field="keep", found=heading, hint=hint)
        for key in RowFilter.model_fields if self.tables else ():
            for n, condition in enumerate(getattr(mapping.rows, key)):
                missed = {
                    heading: [p for p in patterns if (key, n, heading, p) not in self._patterns]
                    for heading, patterns in condition.items()
                }
                if any(missed.values()):
                    yield from (self._missed(key, h, ps, mapping) for h, ps in missed.items() if ps)
                elif (key, n) not in self._whole:
                    yield _none_shows_all(key, condition, mapping)

    def _missed(self, key: str, heading: str, patterns: Sequence[str], mapping: FileMapping) -> Issue:
        named = ", ".join(f"`{pattern}`" for pattern in patterns)
        message = f"`rows.{key}` names {named} of `{heading}`, which no row shows"
        values = [*self.values.get(heading, ())]
        near = dict.fromkeys(name for p in patterns for name in near_names(p.replace("*", ""), values))
        listed = ", ".join(f"`{value}`" for value in [*near, *(v for v in values if v not in near)][:_SHOWN])
        more = f" and {len(values) - _SHOWN:,} more" if len(values) > _SHOWN else ""
        hint = f"`{heading}` shows {listed}{more}" if values else f"`{heading}` is blank in every row"
        return _made(key, message, ", ".join(patterns), hint, mapping)


def _holds(key: str, condition: Condition, row: Mapping[str, Raw]) -> bool:
    return any_holds((dict(condition),), row.__getitem__, unreadable=key == "keep")


def _none_shows_all(key: str, condition: Condition, mapping: FileMapping) -> Issue:
    named = ", ".join(f"{heading}: {' or '.join(patterns)}" for heading, patterns in condition.items())
    message = f"no row shows all that a condition of `rows.{key}` names: `{named}`"
    hint = "some rows show each of these, but no row all of them; write them as several conditions, if one is enough"
    return _made(key, message, named, hint, mapping)


def _made(key: str, message: str, found: str, hint: str, mapping: FileMapping) -> Issue:
    make = note if key == "drop" else warning
    return make("condition-not-met", message, where=mapping.origin.where(), field=key, found=found, hint=hint)
