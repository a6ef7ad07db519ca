"""What values and codes in a file mean, as a mapping and the code maps it names say."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.read.code_maps import lost_zeros_issue, unknown_code_issue
from esser_gap.read.conditions import matches, matches_code
from esser_gap.read.values import is_blank, shown

if TYPE_CHECKING:
    from collections.abc import Mapping as Values
    from collections.abc import Sequence

    from esser_gap.issues import Issue, Where
    from esser_gap.model.code_map import CodeMap
    from esser_gap.model.mapping import Mapping
    from esser_gap.read.values import Raw

_ANY = "*"


class Translations:
    """Translates the raw values of fields, each different value once."""

    def __init__(self, mapping: Mapping, code_maps: Values[str, CodeMap], fiscal_year: int | None = None) -> None:
        """Take what is named.

        Args:
            mapping: Its `values` come first.
            code_maps: Code maps by field.
            fiscal_year: Year of the budget, for codes that meant something else before.
        """
        self._values = mapping.values
        self._maps = code_maps
        self._year = fiscal_year

    def translated(
        self, field: str, raws: Sequence[Raw], codes: Sequence[Raw], where: Sequence[Where], issues: list[Issue]
    ) -> list[Raw]:
        """Translate a column.

        Args:
            field: The field.
            raws: What stands in its own column.
            codes: What stands in the column of its codes, which may be the same.
            where: Place of each row.
            issues: Codes that no map knows are added here, each once.

        Returns:
            Values as the file's own, or what they stand for.
        """
        known: dict[tuple[Raw, Raw], Raw] = {}
        places: dict[tuple[Raw, Raw], list[int]] = {}
        for place, pair in enumerate(zip(raws, codes, strict=True)):
            places.setdefault(pair, []).append(place)
        for (raw, code), at in places.items():
            known[raw, code] = self._meaning(field, raw, code, [where[place] for place in at], issues)
        return [known[pair] for pair in zip(raws, codes, strict=True)]

    def _meaning(self, field: str, raw: Raw, code: Raw, where: Sequence[Where], issues: list[Issue]) -> Raw:
        text = "" if raw is None else shown(raw)
        listed = self._values.get(field, {})
        pattern = _pattern_for(text, tuple(listed))
        if pattern is not None:
            return listed[pattern]
        if field not in self._maps or is_blank(code):
            return raw
        code_map = self._maps[field]
        found = code_map.meaning(shown(code), field, self._year)
        if found is None:
            issues.append(unknown_code_issue(shown(code), code_map, field, where[0], len(where), self._year))
            return None
        if found.lost_zeros:
            issues.append(lost_zeros_issue(shown(code), code_map, field, where[0], found))
        return found.value


@lru_cache(maxsize=10_000)
def _pattern_for(text: str, patterns: tuple[str, ...]) -> str | None:
    """Choose the first pattern that a text matches as it stands, else as a code, else the one for any text."""
    end = patterns.index(_ANY) if _ANY in patterns else len(patterns)
    for same in (matches, matches_code):
        for pattern in patterns[:end]:
            if same(text, pattern):
                return pattern
    return _ANY if end < len(patterns) else None
