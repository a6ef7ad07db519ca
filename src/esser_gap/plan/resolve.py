"""A scenario laid over a budget: what each district has to pay for, with which money, at which prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from esser_gap.check.references import near_names, repeated_sources, unknown_sources
from esser_gap.issues import Issue, error, warning
from esser_gap.model.commitment import Part
from esser_gap.model.source import Source, same_name
from esser_gap.model.words import Billing, Kind
from esser_gap.money import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from esser_gap.model.budget import Budget
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.scenario import Action, Scenario

_REPLACEMENT_VERBS = frozenset({"defer", "extend_life", "stagger"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a scenario's actions do to one commitment.

    Attributes:
        stop: First fiscal year without cost.
        scales: Factors on the cost with the fiscal year each holds from (None: always).
        prices: New costs in dollars with the fiscal year each holds from, as listed.
        defer: Years a replacement waits.
        extend_life: Years added to the useful life.
        stagger: Whether to spread replacement cost.
        priority: New priority.
    """

    stop: int | None = None
    scales: tuple[tuple[int | None, Decimal], ...] = ()
    prices: tuple[tuple[int | None, Decimal], ...] = ()
    defer: int = 0
    extend_life: int = 0
    stagger: bool = False
    priority: int | None = None

    def price_in(self, year: int) -> Decimal | None:
        """Give the new cost in force in a fiscal year: the last listed one, if any."""
        in_force = [price for start, price in self.prices if start is None or start <= year]
        return in_force[-1] if in_force else None


UNCHANGED = Changes()


@dataclass(frozen=True, slots=True)
class DistrictPlan:
    """One district under one scenario.

    Attributes:
        district: Facts about the district.
        scenario: The scenario, already merged with what it extends.
        commitments: In file order, added ones last.
        changes: What actions do, by position in `commitments`; absent: nothing.
        sources: In drawing order as listed, known ones that are only named first.
        drivers: Quantity paths by name.
    """

    district: District
    scenario: Scenario
    commitments: tuple[Commitment, ...]
    changes: Mapping[int, Changes]
    sources: tuple[Source, ...]
    drivers: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)

    def changes_of(self, position: int) -> Changes:
        """Give what actions do to the commitment at a position."""
        return self.changes.get(position, UNCHANGED)


def resolve(
    budget: Budget,
    scenario: Scenario,
    default_price_year: Callable[[District], int],
    known_sources: Callable[[], Sequence[Source]],
) -> tuple[list[DistrictPlan], list[Issue]]:
    """Lay a scenario over a budget.

    Args:
        budget: What was read.
        scenario: A scenario merged with what it extends.
        default_price_year: Gives the price year of commitments that name none.
        known_sources: Gives the shipped sources; asked only when a name is not defined.

    Returns:
        One plan a district, in the order of the budget, and everything wrong with the scenario.
    """
    issues: list[Issue] = []
    commitments, changes = _apply_actions(budget, scenario, default_price_year, issues)
    listed = _with_known(commitments, [*budget.sources, *scenario.sources.add], budget.sources, known_sources)
    defined = [*listed, *scenario.sources.add]
    issues.extend(unknown_sources(commitments, defined, known_sources))
    issues.extend(repeated_sources(commitments, defined))
    sources = _apply_source_changes(listed, scenario, issues)
    plans = [_plan_of(district, scenario, commitments, changes, sources) for district in budget.districts]
    return plans, issues


def _plan_of(
    district: District,
    scenario: Scenario,
    commitments: Sequence[Commitment],
    changes: Mapping[int, Changes],
    sources: Sequence[Source],
) -> DistrictPlan:
    positions = [p for p, c in enumerate(commitments) if c.district == district.name]
    enrollment = {"enrollment": district.enrollment} if district.enrollment else {}
    return DistrictPlan(
        district=district,
        scenario=scenario,
        commitments=tuple(commitments[p] for p in positions),
        changes={new: changes[old] for new, old in enumerate(positions) if old in changes},
        sources=tuple(s for s in sources if s.district in (None, district.name)),
        drivers={**enrollment, **scenario.drivers},
    )


def _apply_actions(
    budget: Budget,
    scenario: Scenario,
    default_price_year: Callable[[District], int],
    issues: list[Issue],
) -> tuple[list[Commitment], dict[int, Changes]]:
    by_name = {district.name: default_price_year(district) for district in budget.districts}
    originals = list(budget.commitments)
    added: list[Commitment] = []
    changes: dict[int, Changes] = {}
    for action in scenario.actions:
        if action.add is not None:
            added.extend(_added(action, action.add, budget, issues))
            continue
        selected = [p for p, c in enumerate(originals) if _matches(c, action.where, by_name)]
        if not selected:
            issues.append(_nothing_selected(scenario, action, originals, by_name))
        if action.verb in _REPLACEMENT_VERBS:
            kept = [p for p in selected if originals[p].kind is Kind.REPLACEMENT]
            if selected and not kept:
                issues.append(_nothing_to_replace(scenario, action))
            selected = kept
        for position in selected:
            changes[position] = _changed(changes.get(position, UNCHANGED), action)
    return originals + added, changes


def _changed(before: Changes, action: Action) -> Changes:
    if action.stop is not None:
        stop = action.stop if before.stop is None else min(before.stop, action.stop)
        return replace(before, stop=stop)
    if action.scale is not None:
        return replace(before, scales=(*before.scales, (action.from_, action.scale)))
    if action.set_price is not None:
        return replace(before, prices=(*before.prices, (action.from_, action.set_price)))
    if action.defer is not None:
        return replace(before, defer=before.defer + action.defer)
    if action.extend_life is not None:
        return replace(before, extend_life=before.extend_life + action.extend_life)
    if action.stagger is not None:
        return replace(before, stagger=action.stagger)
    return replace(before, priority=action.set_priority)


def compared_value(commitment: Commitment, name: str, default_price_year: int) -> Any:
    """Give a field's value as selections compare it: defaults filled in."""
    if name == "billing":
        return Billing.MONTHLY if commitment.is_monthly else Billing.ANNUAL
    if name == "price_year":
        return default_price_year if commitment.price_year is None else commitment.price_year
    return getattr(commitment, name)


def _matches(
    commitment: Commitment, where: Mapping[str, tuple[Any, ...]] | None, default_price_years: Mapping[str, int]
) -> bool:
    if where is None:
        return True
    year = default_price_years.get(commitment.district or "", 0)
    return all(compared_value(commitment, name, year) in values for name, values in where.items())


def _added(action: Action, new: Commitment, budget: Budget, issues: list[Issue]) -> Iterable[Commitment]:
    names = [district.name for district in budget.districts]
    if new.district is None and len(names) == 1:
        return [new.model_copy(update={"district": names[0], "id": new.id or _made_id(new)})]
    if new.district in names:
        return [new.model_copy(update={"id": new.id or _made_id(new)})]
    found = new.district or "no district"
    issues.append(
        error(
            "district-unknown",
            f"the added commitment `{new.name}` belongs to {found}",
            where=action.origin.where(),
            field="district",
            found=found,
            hint=f"write one of: {', '.join(names)}",
        )
    )
    return []


def _made_id(new: Commitment) -> str:
    return f"added-{same_name(new.name).replace(' ', '-')}"


def _described(where: Mapping[str, tuple[Any, ...]] | None) -> str:
    if where is None:
        return "every commitment"
    return ", ".join(f"{name}: {' or '.join(map(_written, values))}" for name, values in where.items())


def _written(value: Any) -> str:
    """Write a field's value the way a person would in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Part):
        return f"{value.source} {percent(value.share)}"
    if isinstance(value, tuple):
        is_day = any(isinstance(part, int) for part in value)
        return "-".join(f"{part:02}" for part in value) if is_day else "; ".join(map(_written, value))
    return "blank" if value is None else str(value)


def _nothing_selected(
    scenario: Scenario, action: Action, originals: list[Commitment], default_price_years: Mapping[str, int]
) -> Issue:
    hint = "the budget has no such commitment; change `where`"
    for name, values in (action.where or {}).items():
        year = next(iter(default_price_years.values()), 0)
        present = {compared_value(c, name, year) for c in originals}
        if not present.intersection(values):
            shown = sorted(_written(value) for value in present if value not in (None, ()))
            near = near_names(_written(values[0]), shown) or shown[:8]
            hint = f"in the budget `{name}` is one of: {', '.join(near)}" if near else f"`{name}` is blank everywhere"
            break
    return error(
        "selection-matches-nothing",
        f"scenario `{scenario.name}`: `{action.verb}` selects nothing where {_described(action.where)}",
        where=action.origin.where(),
        field="where",
        found=_described(action.where),
        hint=hint,
    )


def _nothing_to_replace(scenario: Scenario, action: Action) -> Issue:
    return warning(
        "no-replacement-selected",
        f"scenario `{scenario.name}`: `{action.verb}` selects no replacement where {_described(action.where)}",
        where=action.origin.where(),
        field="where",
        hint="the action changes nothing; only commitments of kind `replacement` are replaced",
    )


def _apply_source_changes(sources: Sequence[Source], scenario: Scenario, issues: list[Issue]) -> list[Source]:
    result = list(sources)
    for name, values in scenario.sources.change.items():
        touched = [i for i, s in enumerate(result) if same_name(s.name) == same_name(name)]
        if not touched:
            issues.append(_unknown_source(scenario, "change", name, result))
        for i in touched:
            try:
                result[i] = _changed_source(result[i], values)
            except ValidationError as problem:
                issues.extend(_impossible_change(scenario, name, wrong) for wrong in problem.errors())
    for name in scenario.sources.remove:
        kept = [s for s in result if same_name(s.name) != same_name(name)]
        if len(kept) == len(result):
            issues.append(_unknown_source(scenario, "remove", name, result))
        result = kept
    result.extend(scenario.sources.add)
    return result


def _changed_source(source: Source, values: Mapping[str, Any]) -> Source:
    document = {**source.model_dump(by_alias=True), **values}
    # Awards and yearly amounts say the same thing in two ways: setting one replaces the other.
    if "yearly" in values and "awards" not in values:
        document["awards"] = ()
    if "awards" in values and "yearly" not in values:
        document["yearly"] = None
    return Source.model_validate({**document, "origin": source.origin})


def _impossible_change(scenario: Scenario, name: str, wrong: Any) -> Issue:
    field = str(wrong["loc"][0])
    message = f"scenario `{scenario.name}` sets `{field}` of the source `{name}` to what it cannot be"
    said = wrong["msg"].removeprefix("Input ")
    where = scenario.origin.where()
    return error("out-of-range", message, where=where, field=field, found=str(wrong["input"]), hint=f"it {said}")


def _unknown_source(scenario: Scenario, verb: str, name: str, sources: Sequence[Source]) -> Issue:
    listed = [source.name for source in sources]
    return error(
        "source-unknown",
        f"scenario `{scenario.name}` wants to {verb} the source `{name}`, which is not in the budget",
        where=scenario.origin.where(),
        field=f"sources.{verb}",
        found=name,
        hint=f"write one of: {', '.join(near_names(name, listed) or listed)}"
        if listed
        else "the budget lists no source",
    )


def _with_known(
    commitments: Sequence[Commitment],
    defined: Sequence[Source],
    listed: Sequence[Source],
    known_sources: Callable[[], Sequence[Source]],
) -> list[Source]:
    """Put in front the shipped sources that commitments name and nobody defined for their district.

    A listed source of the same name replaces a shipped one, and then goes by its other names, too.
    """
    spelled: dict[str | None, set[str]] = {None: set()}
    for source in defined:
        spelled.setdefault(source.district, set()).update(source.spellings)
    named = {(c.district, same_name(part.source)) for c in commitments for part in c.funded_by}
    missing = {(d, name) for d, name in named if name not in spelled[None] and name not in spelled.get(d, ())}
    result, shipped = list(listed), []
    for known in known_sources() if missing else ():
        wanted = {district for district, name in missing if name in known.spellings}
        own = [place for place, source in enumerate(result) if same_name(source.name) in known.spellings]
        for place in own if wanted else ():
            names = dict.fromkeys((*result[place].also_called, known.name, *known.also_called))
            result[place] = result[place].model_copy(update={"also_called": tuple(names)})
        left = wanted - {result[place].district for place in own}
        if not own and wanted:
            shipped.append(known)
        elif left and all(result[place].district for place in own):
            shipped += [known.model_copy(update={"district": district}) for district in sorted(left, key=str)]
    return [*shipped, *result]
