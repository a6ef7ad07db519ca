"""What holds for every budget: the invariants of section 4 of docs/model.md, and that all tables foot.

Budgets are made up by hypothesis, always the same ones, so that a failure comes back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine_inputs import Inputs
from esser_gap.model.budget import Budget
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.scenario import Action, Scenario, SourceChanges
from esser_gap.model.source import Award, Source, YearlyGrowth
from esser_gap.model.words import Basis, Category, Certainty, FundingOrder, Kind, Measured, Method
from esser_gap.projecting import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from esser_gap.projecting import Projection

fixed = settings(derandomize=True, max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

NAMES = ("North fund", "Bridge grant", "Discount", "Levy")
SHARES = [(), (), ("1",), ("0.6", "0.4"), ("0.35", "0.35", "0.3"), ("0.3333", "0.1"), ("0.005",)]
CATEGORIES = [Category.NETWORK, Category.SOFTWARE, Category.AI]
RATES = [Decimal(rate) for rate in ("0", "0.03", "0.0333", "-0.1", "0.125")]
FLOWS = ["cost", "sustained", "bridged", "gap"]


# --- budgets -----------------------------------------------------------------------------------


def _dollars(most: int = 500_000) -> SearchStrategy[Decimal]:
    return st.integers(0, most).map(lambda cents: Decimal(cents).scaleb(-2))


def _days() -> SearchStrategy[date]:
    return st.dates(date(2024, 1, 1), date(2032, 12, 31))


def _maybe(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | values


@st.composite
def _periods(draw: DrawFn) -> tuple[date | None, date | None]:
    start, end = draw(_maybe(_days())), draw(_maybe(_days()))
    return (end, start) if start and end and end < start else (start, end)


@st.composite
def _commitments(draw: DrawFn, position: int, district: str) -> Commitment:
    kind = draw(st.sampled_from(Kind))
    starts_on, ends_on = draw(_periods())
    fields: dict[str, Any] = {
        "id": f"C{position}",
        "name": f"Commitment {position}",
        "district": district,
        "category": draw(st.sampled_from(CATEGORIES)),
        "kind": kind,
        "annual_cost": draw(_dollars()),
        "driver": draw(_maybe(st.just("rooms"))),
        "price_year": draw(_maybe(st.integers(2024, 2031))),
        "funded_by": draw(_parts()),
        "obligated_on": draw(_maybe(_days())),
        "mandated": draw(st.booleans()),
        "priority": draw(st.integers(1, 5)),
        "notice_days": draw(st.sampled_from([0, 30, 120])),
        "notice_by": draw(_maybe(st.sampled_from([(3, 15), (7, 1), (12, 31)]))),
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    if kind in {Kind.RECURRING, Kind.STAFF}:
        fields["billing"] = draw(_maybe(st.sampled_from(["annual", "monthly"])))
        fields["renewal_month"] = draw(_maybe(st.integers(1, 12)))
        fields["paid_through"] = draw(_maybe(_days()))
        fields["renewal_uplift"] = draw(st.sampled_from(RATES))
    if kind is Kind.STAFF:
        fields["benefits_rate"] = draw(st.sampled_from([Decimal(0), Decimal("0.3333")]))
    if kind is Kind.REPLACEMENT:
        fields["useful_life"] = draw(st.integers(1, 6))
        fields["supported_until"] = draw(_maybe(_days()))
        fields["staggered"] = draw(st.booleans())
    if kind is Kind.REPLACEMENT or starts_on is None:
        fields["purchased_on"] = draw(_days())
    return Commitment.model_validate(fields)


@st.composite
def _parts(draw: DrawFn) -> tuple[Part, ...]:
    shares = draw(st.sampled_from(SHARES))
    names = draw(st.permutations(NAMES))
    return tuple(Part(source=name, share=Decimal(share)) for name, share in zip(names, shares, strict=False))


def _plain_rules() -> SearchStrategy[dict[str, Any]]:
    """Money that is measured as paid and drawn by priority."""
    return st.just({})


@st.composite
def _rules(draw: DrawFn) -> dict[str, Any]:
    measured = draw(st.sampled_from(Measured))
    # A discount of next to nothing would draw its award without paying a cent.
    share = draw(st.sampled_from(["0.8", "0.3333"])) if measured is Measured.PRE_DISCOUNT else "1"
    return {"measured": measured, "method": draw(st.sampled_from(Method)), "share": Decimal(share)}


@st.composite
def _awards(draw: DrawFn) -> Award:
    begins, through = draw(_periods())
    late = draw(_days()) if through and draw(st.booleans()) else None
    return Award.model_validate(
        {
            "amount": draw(_maybe(_dollars(2_000_000))),
            "from": begins,
            "through": through,
            "liquidate_by": late if late and through and late > through else None,
        }
    )


@st.composite
def _sources(draw: DrawFn, name: str, rules: SearchStrategy[dict[str, Any]]) -> Source:
    fields: dict[str, Any] = {
        "name": name,
        "recurring": draw(st.booleans()),
        "basis": draw(st.sampled_from(Basis)),
        "categories": draw(st.sampled_from([(), (), tuple(CATEGORIES[:2]), (Category.AI,)])),
        "kinds": draw(st.sampled_from([(), (), (Kind.RECURRING, Kind.STAFF)])),
        "excludes": draw(st.sampled_from([(), (), ("mandated",), ("software", "staff")])),
        "least_life": draw(st.sampled_from([None, None, None, 4])),
        "certainty": draw(st.sampled_from([Certainty.SECURED, Certainty.SECURED, Certainty.LIKELY])),
        "share": draw(st.sampled_from([Decimal(1), Decimal("0.85")])),
    }
    form = draw(st.sampled_from(["awards", "awards", "yearly", "growing"]))
    if form == "awards":
        fields["awards"] = tuple(draw(st.lists(_awards(), max_size=3)))
    elif form == "yearly":
        fields["yearly"] = draw(st.dictionaries(st.integers(2026, 2031), _dollars(), min_size=1))
    else:
        fields["yearly"] = YearlyGrowth(amount=draw(_dollars()), growth=draw(st.sampled_from(RATES)))
    if form != "awards":
        fields["carryover"] = draw(st.integers(0, 2))
    return Source.model_validate({**fields, **draw(rules)})


@st.composite
def _actions(draw: DrawFn) -> Action:
    effects: list[dict[str, Any]] = [
        {"stop": draw(st.integers(2026, 2031))},
        {"scale": draw(st.sampled_from([Decimal("0.5"), Decimal("1.005"), Decimal(0)])), "from": 2028},
        {"set_price": draw(_dollars())},
        {"set_priority": draw(st.integers(1, 5))},
    ]
    effect = draw(st.sampled_from(effects))
    return Action.model_validate({**effect, "where": draw(_maybe(st.just({"id": ("C1",)})))})


@st.composite
def _scenarios(draw: DrawFn) -> Scenario:
    return Scenario(
        name="made up",
        count=draw(st.sampled_from(Certainty)),
        funding_order=draw(st.sampled_from(FundingOrder)),
        growth={"default": draw(st.sampled_from(RATES)), "salary": {2027: Decimal("0.02"), 2029: Decimal("0.07")}},
        drivers={"rooms": {2026: Decimal(300), 2028: draw(st.integers(1, 900).map(Decimal))}},
        actions=tuple(draw(st.lists(_actions(), max_size=2))),
    )


@st.composite
def budgets(
    draw: DrawFn, rules: SearchStrategy[dict[str, Any]] | None = None, *, districts: int = 1, most: int = 4
) -> Inputs:
    """Make up a budget, a scenario and the settings of a run."""
    names = [f"District {number}" for number in range(1, districts + 1)]
    count = draw(st.integers(districts, most))
    commitments = [draw(_commitments(place, names[(place - 1) % districts])) for place in range(1, count + 1)]
    several = _rules() if rules is None else rules
    sources = [draw(_sources(name, several)) for name in draw(st.permutations(NAMES))]
    if districts > 1:
        sources = [source.model_copy(update={"district": draw(st.sampled_from(names))}) for source in sources]
        # Those that others name have to be theirs, too.
        commitments = [c.model_copy(update={"funded_by": ()}) for c in commitments]
    budget = Budget(
        commitments=tuple(_with_requirements(draw, commitments)),
        sources=tuple(sources),
        districts=tuple(District(name=name) for name in names),
    )
    run = Settings(
        as_of=draw(st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        first_year=draw(st.integers(2026, 2028)),
        years=draw(st.integers(1, 5)),
        fiscal_year_start=draw(st.sampled_from([7, 7, 1, 10, 4])),
    )
    return Inputs(budget, draw(_scenarios()), run)


def _with_requirements(draw: DrawFn, commitments: list[Commitment]) -> list[Commitment]:
    required = []
    for commitment in commitments:
        others = [c.id for c in commitments if c.id != commitment.id and c.district == commitment.district]
        chosen = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
        required.append(commitment.model_copy(update={"requires": tuple(chosen)}))
    return required


def with_scenario(inputs: Inputs, **changes: Any) -> Inputs:
    return replace(inputs, scenario=inputs.scenario.model_copy(update=changes))


def with_budget(inputs: Inputs, **changes: Any) -> Inputs:
    return replace(inputs, budget=replace(inputs.budget, **changes))


def total(projection: Projection, column: str) -> Decimal:
    return sum(projection.years[column].to_list(), Decimal(0))


def by_key(frame: pl.DataFrame, keys: list[str], columns: list[str]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Sum columns by keys, with keys without dollars left out."""
    sums: dict[tuple[Any, ...], list[Decimal]] = {}
    for row in frame.select(*keys, *columns).iter_rows():
        cell = sums.setdefault(row[: len(keys)], [Decimal(0)] * len(columns))
        for place, amount in enumerate(row[len(keys) :]):
            cell[place] += amount
    return {key: tuple(cell) for key, cell in sums.items() if any(cell)}


# --- cells and footing -------------------------------------------------------------------------


@fixed
@given(budgets())
def test_cost_is_what_is_sustained_bridged_and_missing_in_every_cell(inputs: Inputs) -> None:
    projection = inputs.project()
    payments = projection.payments.rename({"amount": "cost"})
    for frame in (projection.years, projection.costs, payments):
        for cost, sustained, bridged, gap in frame.select(FLOWS).iter_rows():
            assert cost == sustained + bridged + gap
            assert min(sustained, bridged, gap) >= 0


@fixed
@given(budgets())
def test_payments_add_up_to_costs_and_costs_to_years(inputs: Inputs) -> None:
    projection = inputs.project()
    payments = projection.payments.rename({"amount": "cost"})
    key = ["commitment", "fiscal_year"]
    assert by_key(payments, key, FLOWS) == by_key(projection.costs, key, FLOWS)
    assert by_key(projection.costs, key[1:], FLOWS) == by_key(projection.years, key[1:], FLOWS)


@fixed
@given(budgets())
def test_there_is_a_row_for_every_commitment_and_year_and_payments_lie_in_their_year(inputs: Inputs) -> None:
    projection = inputs.project()
    run = inputs.settings
    years = list(range(run.first_year, run.first_year + run.years))
    ids = [commitment.id for commitment in inputs.budget.commitments]
    assert projection.years["fiscal_year"].to_list() == years
    assert projection.costs.select("commitment", "fiscal_year").rows() == [(c, year) for c in ids for year in years]
    calendar = run.calendar_of(inputs.budget.districts[0])
    for year, day in projection.payments.select("fiscal_year", "due_on").iter_rows():
        assert calendar.first_day(year) <= day <= calendar.last_day(year)
        assert day.day == 1


@fixed
@given(budgets())
def test_coverage_adds_up_to_what_is_sustained_and_bridged(inputs: Inputs) -> None:
    projection = inputs.project()
    recurring = {source.name: source.recurring for source in inputs.budget.sources}
    key = ["commitment", "fiscal_year"]
    assert projection.coverage["amount"].is_between(Decimal("0.01"), Decimal(10) ** 12).all()
    for column, wanted in (("sustained", True), ("bridged", False)):
        paid = projection.coverage.filter(
            pl.Series([recurring[name] is wanted for name in projection.coverage["source"]], dtype=pl.Boolean)
        )
        assert by_key(paid, key, ["amount"]) == by_key(projection.costs, key, [column])


# --- money -------------------------------------------------------------------------------------


@fixed
@given(budgets())
def test_no_source_pays_outside_its_eligibility_its_share_or_its_dates(inputs: Inputs) -> None:
    projection = inputs.project()
    sources = {source.name: source for source in inputs.budget.sources}
    commitments = {commitment.id: commitment for commitment in inputs.budget.commitments}
    for name, year, source_name, amount in projection.coverage.select(
        "commitment", "fiscal_year", "source", "amount"
    ).iter_rows():
        source, commitment = sources[source_name], commitments[name]
        assert source.certainty.rank <= inputs.scenario.count.rank
        assert _is_eligible(source, commitment)
        due = projection.payments.filter((pl.col("commitment") == name) & (pl.col("fiscal_year") == year))
        reached = [row for row in due.iter_rows(named=True) if _reaches(source, commitment, row["due_on"], inputs)]
        share = min(source.share, _named_share(source, commitment))
        # One cent a payment is what rounding the share and the running total of the parts may add.
        limit = sum((min(row["amount"], row["amount"] * share + Decimal("0.01")) for row in reached), Decimal(0))
        assert amount <= limit


def _is_eligible(source: Source, commitment: Commitment) -> bool:
    if source.categories and commitment.category not in source.categories:
        return False
    if source.kinds and commitment.kind not in source.kinds:
        return False
    if source.least_life is not None and (commitment.useful_life or 0) < source.least_life:
        return False
    if commitment.category in source.excludes or commitment.kind in source.excludes:
        return False
    return not (commitment.mandated and "mandated" in source.excludes)


def _named_share(source: Source, commitment: Commitment) -> Decimal:
    if source.basis is Basis.OPEN:
        return Decimal(1)
    return sum((part.share for part in commitment.funded_by if part.source == source.name), Decimal(0))


def _periods_of(source: Source, inputs: Inputs) -> list[tuple[date | None, date | None, date | None]]:
    if source.yearly is None:
        return [(a.from_, a.through, a.liquidate_by) for a in source.awards] or [(None, None, None)]
    calendar = inputs.settings.calendar_of(inputs.budget.districts[0])
    run = inputs.settings
    grown = range(run.first_year, run.first_year + run.years)
    years = grown if isinstance(source.yearly, YearlyGrowth) else source.yearly
    return [(calendar.first_day(year), calendar.last_day(year + source.carryover), None) for year in years]


def _reaches(source: Source, commitment: Commitment, day: date, inputs: Inputs) -> bool:
    for begins, through, late in _periods_of(source, inputs):
        bound = None if commitment.kind is Kind.STAFF else commitment.obligated_on
        last = through
        if late and bound and (begins is None or begins <= bound) and (through is None or bound <= through):
            last = late
        if (begins is None or begins <= day) and (last is None or day <= last):
            return True
    return False


@fixed
@given(budgets())
def test_no_award_is_drawn_for_more_than_its_amount(inputs: Inputs) -> None:
    projection = inputs.project()
    paid = by_key(projection.coverage, ["source"], ["amount"])
    count = projection.payments.height
    for source in inputs.budget.sources:
        amounts = _amounts(source, inputs)
        if amounts is None or (source.name,) not in paid:
            continue
        most = Fraction(sum(amounts, Decimal(0)))
        if source.measured is Measured.PRE_DISCOUNT:
            # Every draw pays its share rounded to a cent, at most half a cent more.
            most = most * Fraction(source.share) + Fraction(count * len(amounts), 200)
        assert Fraction(paid[source.name,][0]) <= most


def _amounts(source: Source, inputs: Inputs) -> list[Decimal] | None:
    """Give the amounts of a source's awards, None when one is unlimited."""
    if isinstance(source.yearly, YearlyGrowth):
        yearly, years = source.yearly, range(inputs.settings.years)
        return [Decimal(round(yearly.amount * (1 + yearly.growth) ** year, 2)) + Decimal("0.01") for year in years]
    if source.yearly is not None:
        return list(source.yearly.values())
    limited = [award.amount for award in source.awards if award.amount is not None]
    return limited if source.awards and len(limited) == len(source.awards) else None


@fixed
@given(budgets(), st.sampled_from(NAMES))
def test_a_year_draws_no_more_than_the_award_of_that_year(inputs: Inputs, name: str) -> None:
    money = {year: Decimal(100 * year % 1700) for year in range(2025, 2034)}
    plain = {"yearly": money, "awards": (), "carryover": 0, "measured": Measured.PAID}
    sources = tuple(s.model_copy(update=plain) if s.name == name else s for s in inputs.budget.sources)
    projection = with_budget(inputs, sources=sources).project()
    for (source, year), (amount,) in by_key(projection.coverage, ["source", "fiscal_year"], ["amount"]).items():
        assert source != name or amount <= money[year]


@fixed
@given(budgets(_plain_rules()), st.sampled_from(NAMES), _dollars(300_000).filter(bool))
def test_more_money_never_widens_the_total_gap(inputs: Inputs, name: str, more: Decimal) -> None:
    before = inputs.project()
    sources = tuple(_richer(source, more) if source.name == name else source for source in inputs.budget.sources)
    after = with_budget(inputs, sources=sources).project()
    assert total(after, "gap") <= total(before, "gap")
    assert total(after, "cost") == total(before, "cost")


def _richer(source: Source, more: Decimal) -> Source:
    if isinstance(source.yearly, YearlyGrowth):
        changed: Any = {"yearly": source.yearly.model_copy(update={"amount": source.yearly.amount + more})}
    elif source.yearly is not None:
        changed = {"yearly": {year: amount + more for year, amount in source.yearly.items()}}
    else:
        changed = {
            "awards": tuple(
                award if award.amount is None else award.model_copy(update={"amount": award.amount + more})
                for award in source.awards
            )
        }
    return source.model_copy(update=changed)


@fixed
@given(budgets())
def test_unlimited_open_money_at_the_end_closes_the_gap_and_takes_nothing_from_the_others(inputs: Inputs) -> None:
    listed = with_scenario(inputs, funding_order=FundingOrder.LISTED)
    rescue = Source(name="Rescue", recurring=True, basis=Basis.OPEN)
    before = listed.project()
    after = with_scenario(listed, sources=SourceChanges(add=(rescue,))).project()
    assert total(after, "gap") == 0
    assert after.losses.is_empty()
    others = after.coverage.filter(pl.col("source") != "Rescue")
    assert others.rows() == before.coverage.rows()
    rescued = after.coverage.filter(pl.col("source") == "Rescue")
    key = ["commitment", "fiscal_year"]
    assert by_key(rescued, key, ["amount"]) == by_key(before.costs, key, ["gap"])


@fixed
@given(budgets(), st.integers(0, len(NAMES)))
def test_a_source_without_money_changes_no_figure(inputs: Inputs, place: int) -> None:
    empty = Source(name="Empty", recurring=False, basis=Basis.OPEN, awards=(Award(amount=Decimal(0)),))
    inputs = with_scenario(inputs, funding_order=FundingOrder.LISTED)
    sources = (*inputs.budget.sources[:place], empty, *inputs.budget.sources[place:])
    before, after = inputs.project(), with_budget(inputs, sources=sources).project()
    for table in ("years", "costs", "coverage", "payments"):
        assert after.table(table).rows() == before.table(table).rows()
    assert after.losses.drop("reason").rows() == before.losses.drop("reason").rows()


@fixed
@given(budgets())
def test_calling_recurring_money_one_time_only_turns_sustained_into_bridged(inputs: Inputs) -> None:
    turned = tuple(s.model_copy(update={"recurring": not s.recurring}) for s in inputs.budget.sources)
    before, after = inputs.project(), with_budget(inputs, sources=turned).project()
    swapped = [("cost", "cost"), ("sustained", "bridged"), ("bridged", "sustained"), ("gap", "gap")]
    for old, new in swapped:
        assert after.costs[new].to_list() == before.costs[old].to_list()


@fixed
@given(budgets())
def test_advice_names_the_dollars_that_the_other_order_saves(inputs: Inputs) -> None:
    other = (
        FundingOrder.LISTED
        if inputs.scenario.funding_order is FundingOrder.RESTRICTED_FIRST
        else FundingOrder.RESTRICTED_FIRST
    )
    projection = inputs.project()
    less = total(projection, "gap") - total(with_scenario(inputs, funding_order=other).project(), "gap")
    advice = [issue for issue in projection.issues if issue.code == "funding-order"]
    assert len(advice) == (less > 0)
    for issue in advice:
        assert f"`{other}`" in issue.message
        assert f"{less:,.2f} dollars smaller" in issue.message


# --- losses ------------------------------------------------------------------------------------


@fixed
@given(budgets())
def test_losses_follow_from_the_unpaid_payments(inputs: Inputs) -> None:
    projection = inputs.project()
    unpaid: dict[str, list[dict[str, Any]]] = {}
    for row in projection.payments.filter(pl.col("gap") > 0).iter_rows(named=True):
        unpaid.setdefault(row["commitment"], []).append(row)
    assert set(projection.losses["commitment"]) == unpaid.keys()
    for loss in projection.losses.iter_rows(named=True):
        rows = unpaid[loss["commitment"]]
        first = min(rows, key=lambda row: row["due_on"])
        assert loss["funding_lost_on"] == first["due_on"]
        assert loss["first_gap_year"] == first["fiscal_year"]
        assert loss["first_year_gap"] == sum(r["gap"] for r in rows if r["fiscal_year"] == first["fiscal_year"])
        assert loss["horizon_gap"] == sum(row["gap"] for row in rows)
        assert loss["gap_years"] == len({row["fiscal_year"] for row in rows})
        assert loss["reason"]
    assert sum(projection.losses["horizon_gap"].to_list(), Decimal(0)) == total(projection, "gap")


@fixed
@given(budgets())
def test_losses_are_ranked_and_each_is_decided_before_it_happens(inputs: Inputs) -> None:
    projection = inputs.project()
    plan = projection.plans[0]
    file = {c.id: (place, c) for place, c in enumerate(plan.commitments)}
    keys = []
    for loss in projection.losses.iter_rows(named=True):
        place, commitment = file[loss["commitment"]]
        changed = plan.changes_of(place).priority
        priority = commitment.priority if changed is None else changed
        keys.append((loss["funding_lost_on"], not commitment.mandated, priority, -loss["horizon_gap"], place))
        decide_by = loss["decide_by"]
        notice = (loss["funding_lost_on"] - decide_by).days
        assert notice >= commitment.notice_days
        assert notice == commitment.notice_days or (decide_by.month, decide_by.day) == commitment.notice_by
        assert loss["decide_by_passed"] == (decide_by < inputs.settings.as_of)
    assert keys == sorted(keys)
    assert projection.losses["rank"].to_list() == list(range(1, len(keys) + 1))


@fixed
@given(budgets())
def test_a_commitment_is_at_risk_through_everything_with_a_gap_that_it_leans_on(inputs: Inputs) -> None:
    projection = inputs.project()
    requires = {c.id: c.requires for c in inputs.budget.commitments}
    gaps = by_key(projection.costs, ["commitment", "fiscal_year"], ["gap"])
    for name, year, at_risk in projection.costs.select("commitment", "fiscal_year", "at_risk_through").iter_rows():
        leans_on = set(requires[name])
        for _ in requires:
            leans_on |= {further for other in leans_on for further in requires[other]}
        assert at_risk == [other for other in requires if other in leans_on - {name} and (other, year) in gaps]


# --- what must not matter ----------------------------------------------------------------------


@fixed
@given(budgets(most=5), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_ties(inputs: Inputs, chance: Any) -> None:
    ranked = tuple(c.model_copy(update={"priority": place}) for place, c in enumerate(inputs.budget.commitments, 1))
    inputs = with_scenario(with_budget(inputs, commitments=ranked), actions=())
    shuffled = list(ranked)
    chance.shuffle(shuffled)
    before, after = inputs.project(), with_budget(inputs, commitments=tuple(shuffled)).project()
    assert after.years.rows() == before.years.rows()
    assert after.losses.rows() == before.losses.rows()
    for table in ("costs", "coverage", "payments"):
        assert _rows_without_lists(after.table(table)) == _rows_without_lists(before.table(table))


def _rows_without_lists(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(frame.select(pl.exclude(pl.List)).rows(), key=repr)


@fixed
@given(budgets())
def test_later_years_change_nothing_in_earlier_ones(inputs: Inputs) -> None:
    assume(inputs.settings.years > 1)
    shorter = replace(inputs, settings=replace(inputs.settings, years=inputs.settings.years - 1))
    last = inputs.settings.first_year + inputs.settings.years - 1
    before, after = shorter.project(), inputs.project()
    for table in ("years", "costs", "coverage", "payments"):
        assert after.table(table).filter(pl.col("fiscal_year") < last).rows() == before.table(table).rows()


@fixed
@given(budgets())
def test_nothing_but_the_years_changes_when_everything_happens_four_years_later(inputs: Inputs) -> None:
    before, after = inputs.project(), _later(inputs).project()
    for table in ("years", "costs", "coverage", "payments"):
        money = before.table(table).select(pl.exclude("fiscal_year", "due_on"))
        assert after.table(table).select(money.columns).rows() == money.rows()
    dates = ["funding_lost_on", "decide_by"]
    assert _shifted(before.losses.select(dates).rows()) == after.losses.select(dates).rows()


def _later(inputs: Inputs) -> Inputs:
    """Move every date and fiscal year by four years, a leap cycle."""
    commitments = tuple(_moved(c) for c in inputs.budget.commitments)
    sources = tuple(_moved(s) for s in inputs.budget.sources)
    scenario = inputs.scenario.model_copy(
        update={
            "growth": _shifted(inputs.scenario.growth),
            "drivers": _shifted(inputs.scenario.drivers),
            "actions": tuple(_moved(action) for action in inputs.scenario.actions),
        }
    )
    run = inputs.settings
    moved_run = replace(run, as_of=_shifted(run.as_of), first_year=run.first_year + 4)
    return replace(with_budget(inputs, commitments=commitments, sources=sources), scenario=scenario, settings=moved_run)


def _moved(record: Any) -> Any:
    changes = {name: _shifted(value) for name, value in record if isinstance(value, (date, dict)) and name != "where"}
    years = {name: getattr(record, name, None) for name in ("price_year", "from_", "stop")}
    changes |= {name: year + 4 for name, year in years.items() if isinstance(year, int)}
    if isinstance(record, Source):
        changes["awards"] = tuple(_moved(award) for award in record.awards)
    return record.model_copy(update=changes)


def _shifted(value: Any) -> Any:
    if isinstance(value, date):
        return value.replace(year=value.year + 4)
    if isinstance(value, dict):
        return {key + 4 if isinstance(key, int) else key: _shifted(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_shifted(inner) for inner in value)
    return value


@fixed
@given(budgets(districts=2))
def test_districts_of_one_budget_do_not_touch_each_other(inputs: Inputs) -> None:
    inputs = with_scenario(inputs, actions=())
    together = inputs.project()
    for district in inputs.budget.districts:
        alone = with_budget(
            inputs,
            commitments=tuple(c for c in inputs.budget.commitments if c.district == district.name),
            sources=tuple(s for s in inputs.budget.sources if s.district == district.name),
            districts=(district,),
        ).project()
        for table in ("years", "costs", "coverage", "payments", "losses"):
            own = together.table(table).filter(pl.col("district") == district.name)
            assert own.rows() == alone.table(table).rows()


MEASURES: dict[str, Callable[[Commitment], dict[str, Any]]] = {
    "annual_cost": lambda c: {"annual_cost": None, "quantity": Decimal(1), "unit_cost": c.annual_cost},
    "quantity": lambda c: {"annual_cost": None, "quantity": c.annual_cost, "unit_cost": Decimal(1)},
}


@fixed
@given(budgets(), st.sampled_from(sorted(MEASURES)))
def test_a_cost_may_be_written_as_quantity_and_unit_cost(inputs: Inputs, measure: str) -> None:
    written = tuple(c.model_copy(update=MEASURES[measure](c)) for c in inputs.budget.commitments)
    before, after = inputs.project(), with_budget(inputs, commitments=written).project()
    assert after.payments.rows() == before.payments.rows()
