"""A scenario laid over a budget: what each district has to pay for, with which money, at which prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from esser_gap.check.references import near_names, repeated_sources, unknown_sources
from esser_gap.check.selections import Selector, selection_words, value_words
from esser_gap.issues import Issue, error, note, warning
from esser_gap.model.source import same_name
from esser_gap.model.words import Kind
from esser_gap.plan.driver_paths import driver_paths, levelled_paths, unused_changes
from esser_gap.plan.source_changes import changed_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from esser_gap.model.budget import Budget
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.scenario import Action, Scenario, SourceAdjustment
    from esser_gap.model.source import Source
    from esser_gap.plan.horizon import Horizon
    from esser_gap.plan.source_changes import Adjusted

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
        adjustments: What the scenario adjusts of a source, by position in `sources`; absent: nothing.
    """

    district: District
    scenario: Scenario
    commitments: tuple[Commitment, ...]
    changes: Mapping[int, Changes]
    sources: tuple[Source, ...]
    drivers: Mapping[str, Mapping[int, Decimal]] = field(default_factory=dict)
    adjustments: Mapping[int, tuple[SourceAdjustment, ...]] = field(default_factory=dict)

    def changes_of(self, position: int) -> Changes:
        """Give what actions do to the commitment at a position."""
        return self.changes.get(position, UNCHANGED)


def resolve(
    budget: Budget,
    scenario: Scenario,
    horizon_of: Callable[[District], Horizon],
    known_sources: Callable[[], Sequence[Source]],
) -> tuple[list[DistrictPlan], list[Issue]]:
    """Lay a scenario over a budget.

    Args:
        budget: What was read.
        scenario: A scenario merged with what it extends; its years are fiscal years.
        horizon_of: Gives the projected years of a district.
        known_sources: Gives the shipped sources; asked only when a name is not defined.

    Returns:
        One plan a district, in the order of the budget, whose sources are still to be adjusted, and everything wrong
        with the scenario.
    """
    issues: list[Issue] = []
    commitments, changes = _apply_actions(budget, scenario, horizon_of, issues)
    listed = _with_known(commitments, [*budget.sources, *scenario.sources.add], budget.sources, known_sources)
    defined = [*listed, *scenario.sources.add]
    issues.extend(unknown_sources(commitments, defined, known_sources))
    issues.extend(repeated_sources(commitments, defined))
    sources = changed_sources(listed, scenario, issues)
    plans = [
        _plan_of(district, scenario, commitments, changes, sources, horizon_of(district))
        for district in budget.districts
    ]
    for plan in plans:
        issues.extend(unused_changes(plan.district, scenario, plan.commitments))
        last = horizon_of(plan.district).last_year
        issues.extend(levelled_paths(plan.district, scenario, plan.commitments, plan.drivers, last))
    return plans, issues


def _plan_of(
    district: District,
    scenario: Scenario,
    commitments: Sequence[Commitment],
    changes: Mapping[int, Changes],
    sources: Sequence[Adjusted],
    horizon: Horizon,
) -> DistrictPlan:
    positions = [p for p, c in enumerate(commitments) if c.district == district.name]
    own = [(source, adjust) for source, adjust in sources if source.district in (None, district.name)]
    last = max([horizon.last_year, *(commitments[p].price_year or 0 for p in positions)])
    return DistrictPlan(
        district=district,
        scenario=scenario,
        commitments=tuple(commitments[p] for p in positions),
        changes={new: changes[old] for new, old in enumerate(positions) if old in changes},
        sources=tuple(source for source, _ in own),
        drivers=driver_paths(district, scenario, horizon.first_year, last),
        adjustments={place: adjust for place, (_, adjust) in enumerate(own) if adjust},
    )


def _apply_actions(
    budget: Budget,
    scenario: Scenario,
    horizon_of: Callable[[District], Horizon],
    issues: list[Issue],
) -> tuple[list[Commitment], dict[int, Changes]]:
    price_years = {district.name: horizon_of(district).default_price_year for district in budget.districts}
    selector = Selector(budget.commitments, (), price_years)
    added: list[Commitment] = []
    changes: dict[int, Changes] = {}
    for action in scenario.actions:
        if action.add is not None:
            added.extend(_added(action, action.add, budget, issues))
            continue
        for position in _selected(scenario, action, budget, selector, issues):
            changes[position] = _changed(changes.get(position, UNCHANGED), action)
    return [*budget.commitments, *added], changes


def _selected(scenario: Scenario, action: Action, budget: Budget, selector: Selector, issues: list[Issue]) -> list[int]:
    """List the positions of the commitments that an action changes."""
    found = selector.commitments(action.where)
    replaced = [p for p in found if budget.commitments[p].kind is Kind.REPLACEMENT]
    kept = replaced if action.verb in _REPLACEMENT_VERBS else found
    if action.optional:
        issues.extend([] if kept else [_passed_over(scenario, action)])
    elif not found:
        issues.append(_nothing_selected(scenario, action, selector))
    else:
        issues.extend(_unknown_ids(scenario, action, selector))
        issues.extend([] if kept else [_nothing_to_replace(scenario, action)])
    overruled = {p for where in action.overruled for p in selector.commitments(where)}
    return [p for p in kept if p not in overruled]


def _changed(before: Changes, action: Action) -> Changes:
    # Years counted from the first projected one are fiscal years by now.
    start = None if action.from_ is None else int(action.from_)
    if action.stop is not None:
        stop = int(action.stop) if before.stop is None else min(before.stop, int(action.stop))
        return replace(before, stop=stop)
    if action.scale is not None:
        return replace(before, scales=(*before.scales, (start, action.scale)))
    if action.set_price is not None:
        return replace(before, prices=(*before.prices, (start, action.set_price)))
    if action.defer is not None:
        return replace(before, defer=before.defer + action.defer)
    if action.extend_life is not None:
        return replace(before, extend_life=before.extend_life + action.extend_life)
    if action.stagger is not None:
        return replace(before, stagger=action.stagger)
    return replace(before, priority=action.set_priority)


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


def _nothing_selected(scenario: Scenario, action: Action, selector: Selector) -> Issue:
    hint = "the budget has no such commitment; change `where`"
    for name, values in (action.where or {}).items():
        if not selector.present(name).intersection(values):
            hint = _present(name, values[0], selector)
            break
    return error(
        "selection-matches-nothing",
        f"scenario `{scenario.name}`: `{action.verb}` selects nothing where {selection_words(action.where)}",
        where=action.origin.where(),
        field="where",
        found=selection_words(action.where),
        hint=hint,
    )


def _present(name: str, wanted: object, selector: Selector) -> str:
    """Say what a field is in the budget: what looks like the value that was wanted, else some of it."""
    shown = sorted(value_words(value) for value in selector.present(name) if value not in (None, ()))
    near = near_names(value_words(wanted), shown) or shown[:8]
    return f"in the budget `{name}` is one of: {', '.join(near)}" if near else f"`{name}` is blank everywhere"


def _unknown_ids(scenario: Scenario, action: Action, selector: Selector) -> Iterable[Issue]:
    """Find ids that no commitment has, beside others that some have."""
    wanted = (action.where or {}).get("id", ())
    known = selector.present("id") if wanted else set()
    for name in wanted:
        if name not in known:
            yield error(
                "selection-matches-nothing",
                f"scenario `{scenario.name}`: `{action.verb}` selects the id `{name}`, which no commitment has",
                where=action.origin.where(),
                field="where",
                found=value_words(name),
                hint=_present("id", name, selector),
            )


def _passed_over(scenario: Scenario, action: Action) -> Issue:
    return note(
        "action-not-used",
        f"scenario `{scenario.name}`: `{action.verb}` finds nothing where {selection_words(action.where)}",
        where=action.origin.where(),
        field="where",
        found=selection_words(action.where),
        hint="it is optional and changes nothing here",
    )


def _nothing_to_replace(scenario: Scenario, action: Action) -> Issue:
    return warning(
        "no-replacement-selected",
        f"scenario `{scenario.name}`: `{action.verb}` selects no replacement where {selection_words(action.where)}",
        where=action.origin.where(),
        field="where",
        hint="the action changes nothing; only commitments of kind `replacement` are replaced",
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
