"""Facts about one district from several places, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esser_gap.check.references import choose_from
from esser_gap.issues import error, warning
from esser_gap.model.district import District
from esser_gap.model.source import same_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.issues import Issue

_YEARLY = ("enrollment", "total_budget")
_SHOWN = 3


def put_together(districts: Sequence[District], issues: list[Issue]) -> list[District]:
    """Make one record of the facts that several files say of one district.

    Args:
        districts: Facts, in the order of the files; names are compared without capitals.
        issues: Facts that differ are added here.

    Returns:
        One record a district, under the name that comes first.
    """
    together: dict[str, District] = {}
    for district in districts:
        key = same_name(district.name)
        if key in together:
            issues.extend(_differences(together[key], district))
            together[key] = completed(together[key], district)
        else:
            together[key] = district
    return list(together.values())


def completed(facts: District, other: District) -> District:
    """Add what only another record says of the same district.

    Args:
        facts: What holds.
        other: What fills the blanks, years among them.
    """
    update: dict[str, Any] = {
        name: getattr(other, name)
        for name in District.model_fields
        if name not in {"name", "origin", *_YEARLY} and getattr(facts, name) is None
    }
    for name in _YEARLY:
        update[name] = {**getattr(other, name), **getattr(facts, name)}
    return facts.model_copy(update=update)


def _differences(first: District, second: District) -> list[Issue]:
    found = []
    for name in District.model_fields:
        if name in {"name", "origin"}:
            continue
        one, two = getattr(first, name), getattr(second, name)
        if name in _YEARLY:
            pairs = [(f"{name} of FY{year}", one[year], two[year]) for year in one.keys() & two.keys()]
        else:
            pairs = [] if one is None or two is None else [(name, one, two)]
        for what, before, now in pairs:
            if before != now:
                message = f"`{what}` of `{second.name}` is {now} here and {before} in {first.origin.where()}"
                where = second.origin.where(name)
                hint = "keep one of the two"
                found.append(error("facts-differ", message, where=where, field=name, found=str(now), hint=hint))
    return found


def unused_facts(given: Sequence[District], districts: Sequence[District]) -> list[Issue]:
    """Warn of facts about districts that the budget does not have, where none of a file's facts is used.

    Args:
        given: Facts from files of their own.
        districts: Districts of the budget.
    """
    known = {same_name(district.name) for district in districts}
    unused = [district for district in given if same_name(district.name) not in known]
    used_files = {district.origin.file for district in given} - {district.origin.file for district in unused}
    names = [district.name for district in districts]
    return [
        warning(
            "facts-not-used",
            f"facts about `{district.name}` are not used: the budget has no such district",
            where=district.origin.where("name"),
            field="name",
            found=district.name,
            hint=choose_from(district.name, names),
        )
        for district in unused[:_SHOWN]
        if district.origin.file not in used_files
    ]
