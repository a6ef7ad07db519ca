"""Checks of names that point at other records: sources, requirements, drivers, districts, ids."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from esser_gap.fiscal_year import value_in
from esser_gap.issues import Issue, error
from esser_gap.model.source import Source, same_name
from esser_gap.model.words import MANDATED, Category, Kind, same_word

_MANY_IDS = 2_000
"""Above this many, no near ids are looked for."""

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District


_NOISE = 0.25


def near_names(word: str, words: Sequence[str], likeness: float = 0.5) -> list[str]:
    """List up to three names that look like a word, best first.

    Args:
        word: The unknown name.
        words: The known ones.
        likeness: The least that counts, from 0 (anything) to 1 (the same).
    """
    from difflib import SequenceMatcher, get_close_matches

    folded, meant = {same_name(known): known for known in words}, same_name(word)
    found = get_close_matches(meant, folded, n=3, cutoff=likeness)
    ratios = [SequenceMatcher(None, match, meant).ratio() for match in found]
    # Beside one that is nearly the same, those that are only somewhat like it are noise.
    return [folded[match] for match, ratio in zip(found, ratios, strict=True) if ratio > ratios[0] - _NOISE]


def choose_from(word: str, words: Sequence[str], otherwise: str = "") -> str:
    """Say what to write instead of an unknown name.

    Args:
        word: The unknown name.
        words: The known ones.
        otherwise: What else can be done.
    """
    near = near_names(word, words)
    if near:
        question = f"did you mean {' or '.join(f'`{name}`' for name in near)}?"
        return f"{question} Or {otherwise}" if otherwise else question
    if words:
        choice = f"write one of: {', '.join(words)}"
        return f"{choice}; or {otherwise}" if otherwise else choice
    return otherwise or "none is defined"


def unknown_sources(
    commitments: Sequence[Commitment], sources: Sequence[Source], known: Callable[[], Sequence[Source]]
) -> list[Issue]:
    """Find sources named in `funded_by` that nobody defined for the commitment's district.

    Args:
        commitments: Commitments of any district.
        sources: Sources that are defined.
        known: Gives the shipped sources, which may be meant, too.
    """
    spelled: dict[str | None, set[str]] = {}
    for source in sources:
        spelled.setdefault(source.district, set()).update(source.spellings)
    everywhere = spelled.get(None, set())
    found = []
    for commitment in commitments:
        own = spelled.get(commitment.district, set())
        for part in commitment.funded_by:
            name = same_name(part.source)
            if name not in everywhere and name not in own:
                own_sources = [s for s in sources if s.district in (None, commitment.district)]
                found.append(
                    error(
                        "source-unknown",
                        f"nobody defined the source `{part.source}`",
                        where=commitment.origin.where("funded_by"),
                        field="funded_by",
                        found=part.source,
                        hint=_choose_source(part.source, own_sources, known()),
                    )
                )
    return found


def _choose_source(word: str, sources: Sequence[Source], known: Sequence[Source]) -> str:
    """Say what to write instead of an unknown source: one that is defined, else one that is shipped."""
    listed = [source.name for source in sources]
    shipped = [name for source in known for name in (source.name, *source.also_called)]
    # Shipped names are short, so that much looks a little like one of them.
    is_shipped = not near_names(word, listed) and near_names(word, shipped, likeness=0.6)
    return choose_from(word, shipped if is_shipped else listed, "list it on the Funding sheet")


def repeated_sources(commitments: Sequence[Commitment], sources: Sequence[Source]) -> list[Issue]:
    """Find commitments that name one source by two of its names, so that its share could be either.

    Args:
        commitments: Commitments of any district.
        sources: Sources that are defined.
    """
    spelled = [(source, source.spellings) for source in sources if source.also_called]
    found = []
    for commitment in commitments if spelled else ():
        names = {same_name(part.source): part.source for part in commitment.funded_by}
        for source, spellings in spelled if len(names) > 1 else ():
            same = [name for folded, name in names.items() if folded in spellings]
            if len(same) > 1 and source.district in (None, commitment.district):
                message = f"`funded_by` of `{commitment.name}` names `{source.name}` by two of its names"
                place = {"where": commitment.origin.where("funded_by"), "field": "funded_by", "found": "; ".join(same)}
                found.append(error("source-twice", message, hint="add its shares together", **place))
    return found


def check_ids(commitments: Sequence[Commitment]) -> list[Issue]:
    """Find ids that two commitments of a district share."""
    if len({commitment.id for commitment in commitments}) == len(commitments):
        return []
    seen: dict[tuple[str | None, str | None], Commitment] = {}
    found = []
    for commitment in commitments:
        first = seen.setdefault((commitment.district, commitment.id), commitment)
        if first is not commitment:
            found.append(
                error(
                    "id-not-unique",
                    f"the id `{commitment.id}` is taken by `{first.name}` ({first.origin.where('id')})",
                    where=commitment.origin.where("id"),
                    field="id",
                    found=commitment.id or "",
                    hint="give each commitment an id of its own, or leave the column out",
                )
            )
    return found


def check_requires(commitments: Sequence[Commitment]) -> list[Issue]:
    """Find required ids that the commitment's district does not have."""
    requiring = [commitment for commitment in commitments if commitment.requires]
    if not requiring:
        return []
    ids: dict[str | None, list[str]] = {}
    for commitment in commitments:
        ids.setdefault(commitment.district, []).append(commitment.id or "")
    known = {name: set(listed) for name, listed in ids.items()}
    return [
        error(
            "required-id-unknown",
            f"`{commitment.name}` requires `{wanted}`, which is no commitment",
            where=commitment.origin.where("requires"),
            field="requires",
            found=wanted,
            hint=_choose_id(wanted, tuple(ids[commitment.district])),
        )
        for commitment in requiring
        for wanted in commitment.requires
        if wanted not in known[commitment.district]
    ]


@lru_cache(maxsize=1_000)
def _choose_id(wanted: str, ids: tuple[str, ...]) -> str:
    # Comparing with tens of thousands of ids takes seconds when many are unknown, and finds too many alike.
    return choose_from(wanted, ids) if len(ids) <= _MANY_IDS else "write the id of a commitment in the file"


def check_drivers(
    commitments: Sequence[Commitment], paths: Mapping[str, Mapping[int, Decimal]], default_price_year: int
) -> list[Issue]:
    """Find drivers without a yearly path, or with nothing in the price year to compare with.

    Args:
        commitments: Commitments of one district.
        paths: Quantities by driver name and fiscal year.
        default_price_year: Price year of commitments that name none.
    """
    issues = []
    for commitment in commitments:
        if not commitment.driver:
            continue
        place = {"where": commitment.origin.where("driver"), "field": "driver", "found": commitment.driver}
        if commitment.driver not in paths:
            otherwise = "give it a path on the District sheet (enrollment) or under `drivers` in the scenario"
            hint = choose_from(commitment.driver, list(paths), otherwise)
            message = f"nothing says how `{commitment.driver}` changes over the years"
            issues.append(error("driver-without-path", message, hint=hint, **place))
            continue
        year = default_price_year if commitment.price_year is None else commitment.price_year
        if not value_in(paths[commitment.driver], year):
            message = f"the path of `{commitment.driver}` is zero in FY{year}, the price year of `{commitment.name}`"
            issues.append(error("driver-zero", message, hint="give that year a number above zero", **place))
    return issues


def check_sources(
    sources: Sequence[Source], commitments: Sequence[Commitment], districts: Sequence[District]
) -> list[Issue]:
    """Find sources that clash, belong to nobody, or name what does not exist."""
    issues: list[Issue] = []
    names = [district.name for district in districts]
    ids = {commitment.id or "" for commitment in commitments}
    taken: dict[tuple[str | None, str], Source] = {}
    for source in sources:
        issues.extend(_source_clashes(source, taken))
        issues.extend(_source_district(source, names))
        issues.extend(_source_words(source, ids))
    return issues


def _source_clashes(source: Source, taken: dict[tuple[str | None, str], Source]) -> list[Issue]:
    found = []
    for spelling in sorted(source.spellings):
        first = taken.get((None, spelling)) or taken.setdefault((source.district, spelling), source)
        if first is not source:
            message = f"two sources are called `{source.name}`"
            where = source.origin.where("name")
            found.append(
                error("source-not-unique", message, where=where, field="name", found=source.name, hint="rename one")
            )
            break
    return found


def _source_district(source: Source, names: Sequence[str]) -> list[Issue]:
    where = source.origin.where("district")
    if source.district is None:
        if len(names) > 1 and source.is_limited:
            message = f"the source `{source.name}` has limited money, and nothing says which district's it is"
            hint = f"write its `district`: one of {', '.join(names[:8])}"
            return [error("source-without-district", message, where=where, field="district", hint=hint)]
        return []
    if source.district not in names:
        message = f"the source `{source.name}` belongs to a district that the budget does not have"
        hint = choose_from(source.district, names)
        return [error("district-unknown", message, where=where, field="district", found=source.district, hint=hint)]
    return []


_WORDS = (*Category, *Kind, MANDATED)


def _source_words(source: Source, ids: set[str]) -> list[Issue]:
    return [
        error(
            "name-unknown",
            f"the source `{source.name}` names `{word}` in `{name}`, which is unknown",
            where=source.origin.where(name),
            field=name,
            found=word,
            hint=choose_from(word, sorted({*ids, *others})),
        )
        for name, given, others in (("commitments", source.commitments, ()), ("excludes", source.excludes, _WORDS))
        for word in given
        if ids.isdisjoint((word, same_word(word))) and same_word(word) not in map(same_word, others)
    ]
