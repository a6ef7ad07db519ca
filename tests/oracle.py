"""A second, independent implementation of the planning model (docs/model.md).

It exists to be compared with the engine, so it is written for reading, not for speed: plain
loops over plain objects, one function for one sentence of the model. It shares no code with
the package. Money is whole cents in `int`, everything else an exact `Fraction`; `Decimal`
stands only at the two ends.

Months are counted as `year * 12 + month - 1`, so that adding years and comparing is plain
arithmetic.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, object]
Fields = Mapping[str, Any]

CERTAINTIES = ("secured", "likely", "possible")


# --------------------------------------------------------------------------- numbers


def round_half_away(value: Fraction) -> int:
    """The nearest whole number, a half going away from zero."""
    doubled = 2 * abs(value) + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return whole if value >= 0 else -whole


def round_six(value: Fraction) -> Fraction:
    """ROUND(value, 6)."""
    return Fraction(round_half_away(value * 1_000_000), 1_000_000)


def cents(dollars: Fraction | Decimal | int) -> int:
    """ROUND(dollars, 2), as whole cents."""
    return round_half_away(Fraction(dollars) * 100)


def money(amount: int) -> Decimal:
    """Whole cents as dollars with two places."""
    return Decimal(amount).scaleb(-2)


# --------------------------------------------------------------------------- calendar


def month_of(day: date) -> int:
    """The month a day falls in, as a running number."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    return first_day(month + 1) - timedelta(days=1)


@dataclass(frozen=True)
class Horizon:
    """The projected years and the calendar they are counted in."""

    as_of: date
    first_year: int
    years: int
    start_month: int

    def all_years(self) -> range:
        """The projected fiscal years."""
        return range(self.first_year, self.first_year + self.years)

    def first_month(self, year: int) -> int:
        """The first month of a fiscal year, which is named by the year it ends in."""
        calendar_year = year if self.start_month == 1 else year - 1
        return calendar_year * 12 + self.start_month - 1

    def months(self, year: int) -> range:
        """The twelve months of a fiscal year."""
        first = self.first_month(year)
        return range(first, first + 12)

    def year_of(self, month: int) -> int:
        """The fiscal year that holds a month."""
        starts_next = self.start_month > 1 and month % 12 + 1 >= self.start_month
        return month // 12 + (1 if starts_next else 0)

    def month_in(self, year: int, calendar_month: int) -> int:
        """The month of a fiscal year that bears a number from 1 to 12."""
        return self.first_month(year) + (calendar_month - self.start_month) % 12


# --------------------------------------------------------------------------- commitments


@dataclass
class Item:
    """A commitment with its defaults filled in and what the scenario does to it."""

    fields: dict[str, Any]
    position: int
    stop: int | None = None
    scales: list[tuple[int | None, Fraction]] = field(default_factory=list)
    prices: list[tuple[int | None, Fraction]] = field(default_factory=list)
    defer: int = 0
    extend_life: int = 0

    def get(self, name: str) -> Any:
        """A field's value, None when blank."""
        return self.fields.get(name)

    @property
    def id(self) -> str:
        """The commitment's id."""
        return str(self.fields["id"])

    @property
    def life(self) -> int:
        """The useful life in years, extensions included."""
        return int(self.fields["useful_life"]) + self.extend_life

    def serving_order(self) -> tuple[bool, int, int]:
        """Mandated first, then priority 1 to 5, then as in the file."""
        return (not self.fields["mandated"], self.fields["priority"], self.position)


@dataclass
class Payment:
    """A dated part of a cost, and who has paid how much of it."""

    item: Item
    year: int
    month: int
    amount: int
    overdue: bool = False
    sustained: int = 0
    bridged: int = 0
    paid_by: dict[int, int] = field(default_factory=dict)
    drawn_by: dict[int, int] = field(default_factory=dict)

    @property
    def due_on(self) -> date:
        """The first day of the month in which it falls due."""
        return first_day(self.month)

    @property
    def gap(self) -> int:
        """What nobody has paid (yet)."""
        return self.amount - self.sustained - self.bridged


def with_defaults(commitment: Fields, districts: Sequence[str], horizon: Horizon) -> dict[str, Any]:
    """A commitment's fields with every default of the model written out."""
    fields = {name: value for name, value in commitment.items() if value is not None}
    fields.setdefault("mandated", False)
    fields.setdefault("priority", 3)
    fields.setdefault("notice_days", 0)
    fields.setdefault("benefits_rate", Decimal(0))
    fields.setdefault("renewal_uplift", Decimal(0))
    fields.setdefault("staggered", False)
    fields.setdefault("funded_by", [])
    fields.setdefault("requires", [])
    fields.setdefault("billing", "monthly" if fields["kind"] == "staff" else "annual")
    fields.setdefault("price_year", horizon.year_of(month_of(horizon.as_of)))
    fields.setdefault("district", districts[0])
    return fields


def selected(item: Item, where: Fields) -> bool:
    """Whether every named field equals the value, or one of the values."""
    for name, wanted in where.items():
        choices = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        if item.get(name) not in choices:
            return False
    return True


def apply_action(action: Fields, item: Item) -> None:
    """Note on a commitment what an action that selects it does."""
    start = action.get("from")
    if action.get("stop") is not None:
        item.stop = action["stop"] if item.stop is None else min(item.stop, action["stop"])
    if action.get("scale") is not None:
        item.scales.append((start, Fraction(action["scale"])))
    if action.get("set_price") is not None:
        item.prices.append((start, Fraction(action["set_price"])))
    if action.get("set_priority") is not None:
        item.fields["priority"] = action["set_priority"]
    if item.get("kind") == "replacement":
        item.defer += action.get("defer") or 0
        item.extend_life += action.get("extend_life") or 0
        if action.get("stagger"):
            item.fields["staggered"] = True


def build_items(
    commitments: Sequence[Fields], scenario: Fields, districts: Sequence[str], horizon: Horizon
) -> list[Item]:
    """The commitments under a scenario: those of the budget, then the added ones."""
    items = [
        Item(with_defaults(commitment, districts, horizon), position) for position, commitment in enumerate(commitments)
    ]
    actions: Sequence[Fields] = scenario.get("actions") or []
    # Selections see the budget as it stands, so all are made before any action is applied.
    chosen = [[item for item in items if selected(item, a.get("where") or {})] for a in actions]
    for action, targets in zip(actions, chosen, strict=True):
        if action.get("add") is not None:
            fields = with_defaults(action["add"], districts, horizon)
            items.append(Item(fields, len(items)))
            continue
        for item in targets:
            apply_action(action, item)
    return items


# --------------------------------------------------------------------------- index


def value_in(path: Mapping[int, Decimal], year: int) -> Fraction:
    """A yearly map's value: a year not named takes the nearest earlier one's, else the first's."""
    earlier = [named for named in path if named <= year]
    return Fraction(path[max(earlier) if earlier else min(path)])


def rate(growth: Fields, group: str, year: int) -> Fraction:
    """The rate of a group in a year; one that is not given is `default`'s, else 0."""
    given = growth.get(group)
    if given is None:
        given = growth.get("default")
    if given is None:
        return Fraction(0)
    return value_in(given, year) if isinstance(given, Mapping) else Fraction(given)


def price(growth: Fields, group: str, price_year: int, year: int) -> Fraction:
    """What a dollar of the price year costs in a year."""
    product = Fraction(1)
    for u in range(min(price_year, year) + 1, max(price_year, year) + 1):
        product *= 1 + rate(growth, group, u)
    return round_six(product if year >= price_year else 1 / product)


def driver(item: Item, drivers: Fields, year: int) -> Fraction:
    """How quantity has moved since the price year."""
    name = item.get("driver")
    if not name:
        return Fraction(1)
    path = drivers[name]
    return round_six(value_in(path, year) / value_in(path, item.get("price_year")))


def in_force(start: int | None, year: int) -> bool:
    """Whether an action from a year (always, when left out) holds in a year."""
    return start is None or start <= year


def factor(item: Item, year: int) -> Fraction:
    """The scale factors in force, and the step at the first renewal after `paid_through`."""
    product = Fraction(1)
    for start, scale in item.scales:
        if in_force(start, year):
            product *= scale
    priced = any(in_force(start, year) for start, _ in item.prices)
    if item.get("paid_through") and not priced:
        product *= 1 + Fraction(item.get("renewal_uplift"))
    return product


def base(item: Item, year: int) -> Fraction:
    """The dollars of the price year: the last listed price in force, else the budget's own."""
    for start, amount in reversed(item.prices):
        if in_force(start, year):
            return amount
    if item.get("annual_cost") is not None:
        return Fraction(item.get("annual_cost"))
    product = Fraction(item.get("quantity")) * Fraction(item.get("unit_cost"))
    return Fraction(cents(product), 100)


def priced_cost(item: Item, scenario: Fields, year: int, part: Fraction) -> int:
    """ROUND(base x index x part, 2), for staff of salary and of benefits and then added."""
    growth = scenario.get("growth") or {}
    moved = driver(item, scenario.get("drivers") or {}, year) * factor(item, year)
    dollars = base(item, year)
    components = [(str(item.get("category")), dollars)]
    if item.get("kind") == "staff":
        benefits = Fraction(cents(dollars * Fraction(item.get("benefits_rate"))), 100)
        components = [("salary", dollars), ("benefits", benefits)]
    total = 0
    for group, amount in components:
        index = round_six(price(growth, group, item.get("price_year"), year) * moved)
        total += cents(amount * index * part)
    return total


# --------------------------------------------------------------------------- cost


def due_from(item: Item) -> int | None:
    """The month of the day after `paid_through`."""
    paid_through = item.get("paid_through")
    return None if paid_through is None else month_of(paid_through + timedelta(days=1))


def renewal_month(item: Item, horizon: Horizon) -> int:
    """The calendar month (1 to 12) of the yearly payment."""
    if item.get("renewal_month") is not None:
        return int(item.get("renewal_month"))
    after = due_from(item)
    if after is not None:
        return after % 12 + 1
    if item.get("starts_on") is not None:
        return int(item.get("starts_on").month)
    return horizon.start_month


def annual_months(item: Item, year: int, horizon: Horizon) -> list[int]:
    """The month of the yearly payment, when it counts."""
    month = horizon.month_in(year, renewal_month(item, horizon))
    after, starts, ends = due_from(item), item.get("starts_on"), item.get("ends_on")
    if starts is not None and month < month_of(starts):
        return []
    if after is not None and month < after:
        return []
    if ends is not None and month >= month_of(ends):
        return []
    return [month]


def billed_months(item: Item, year: int, horizon: Horizon) -> list[int]:
    """The months of a year that are billed, where months are billed."""
    starts, ends, paid = item.get("starts_on"), item.get("ends_on"), item.get("paid_through")
    return [
        month
        for month in horizon.months(year)
        if (starts is None or month >= month_of(starts))
        and (ends is None or month <= month_of(ends))
        and (paid is None or first_day(month) > paid)
    ]


def in_equal_parts(item: Item, year: int, months: list[int], cost: int) -> list[Payment]:
    """A cost paid in m payments that add up to it: differences of the rounded running sum."""
    payments = []
    for k, month in enumerate(months, start=1):
        amount = round_half_away(Fraction(cost * k, len(months)))
        amount -= round_half_away(Fraction(cost * (k - 1), len(months)))
        payments.append(Payment(item, year, month, amount))
    return payments


def running_payments(item: Item, scenario: Fields, year: int, horizon: Horizon) -> list[Payment]:
    """The payments of a year for `recurring` and `staff`."""
    if item.get("billing") == "monthly":
        months = billed_months(item, year, horizon)
        part = Fraction(len(months), 12)
    else:
        months = annual_months(item, year, horizon)
        part = Fraction(1)
    if not months:
        return []
    return in_equal_parts(item, year, months, priced_cost(item, scenario, year, part))


def first_due(item: Item) -> int:
    """The month a replacement first falls due, before it is moved anywhere."""
    month = month_of(item.get("purchased_on")) + 12 * item.life
    if item.get("supported_until") is not None:
        month = min(month, month_of(item.get("supported_until")))
    return month


def replacement_months(item: Item, horizon: Horizon) -> list[int]:
    """The months in which a replacement is paid at once, up to the end of the horizon."""
    month = first_due(item)
    if month < horizon.first_month(horizon.first_year):
        month = horizon.month_in(horizon.first_year, month % 12 + 1)
    month += 12 * item.defer
    months = []
    while month < horizon.first_month(horizon.first_year + horizon.years):
        months.append(month)
        month += 12 * item.life
    return months


def staggered_months(item: Item, horizon: Horizon) -> list[int]:
    """The months in which a staggered replacement is paid, one in every year from its start."""
    purchased = item.get("purchased_on")
    start = max(horizon.first_year, horizon.year_of(month_of(purchased)) + 1) + item.defer
    return [horizon.month_in(year, purchased.month) for year in horizon.all_years() if year >= start]


def replacement_payments(item: Item, scenario: Fields, horizon: Horizon) -> list[Payment]:
    """All payments of a replacement inside the horizon."""
    staggered = bool(item.get("staggered"))
    months = staggered_months(item, horizon) if staggered else replacement_months(item, horizon)
    part = Fraction(1, item.life) if staggered else Fraction(1)
    late = not staggered and first_day(first_due(item)) < horizon.as_of
    ends = item.get("ends_on")
    payments = []
    for position, month in enumerate(months):
        if ends is not None and month > month_of(ends):
            continue
        year = horizon.year_of(month)
        cost = priced_cost(item, scenario, year, part)
        payments.append(Payment(item, year, month, cost, overdue=late and position == 0))
    return payments


def one_time_payments(item: Item, scenario: Fields, horizon: Horizon) -> list[Payment]:
    """The one payment of a one-time commitment, when it falls inside the horizon."""
    month = month_of(item.get("starts_on") or item.get("purchased_on"))
    year = horizon.year_of(month)
    if year not in horizon.all_years():
        return []
    return [Payment(item, year, month, priced_cost(item, scenario, year, Fraction(1)))]


def payments_of(item: Item, scenario: Fields, horizon: Horizon) -> list[Payment]:
    """All payments of a commitment inside the horizon, by date."""
    if item.get("kind") == "replacement":
        payments = replacement_payments(item, scenario, horizon)
    elif item.get("kind") == "one_time":
        payments = one_time_payments(item, scenario, horizon)
    else:
        payments = []
        for year in horizon.all_years():
            payments += running_payments(item, scenario, year, horizon)
    return [p for p in payments if item.stop is None or p.year < item.stop]


# --------------------------------------------------------------------------- sources


@dataclass
class Award:
    """An amount with a period of availability; no amount is unlimited."""

    left: int | None
    start: date | None
    through: date | None
    liquidate_by: date | None

    def holds(self, day: date) -> bool:
        """Whether a day lies inside the period of availability."""
        if self.start is not None and day < self.start:
            return False
        return self.through is None or day <= self.through

    def may_pay(self, payment: Payment) -> bool:
        """Whether a payment's date counts for this award."""
        if self.holds(payment.due_on):
            return True
        obligated = payment.item.get("obligated_on")
        if payment.item.get("kind") == "staff" or obligated is None or self.liquidate_by is None:
            return False
        begun = self.start is None or payment.due_on >= self.start
        return begun and self.holds(obligated) and payment.due_on <= self.liquidate_by


@dataclass
class Source:
    """A source of one district, with what is left of its awards."""

    position: int
    fields: Fields
    awards: list[Award]

    @property
    def name(self) -> str:
        """The source's name."""
        return str(self.fields["name"])

    @property
    def assigned(self) -> bool:
        """Whether it pays only commitments that name it."""
        return bool(self.fields["basis"] == "assigned")

    @property
    def share(self) -> Fraction:
        """The most of a cost that it may pay."""
        share = self.fields.get("share")
        return Fraction(1) if share is None else Fraction(share)

    @property
    def pre_discount(self) -> bool:
        """Whether an award is drawn by the eligible cost rather than by what it pays."""
        return self.fields.get("measured") == "pre_discount"

    @property
    def unlimited(self) -> bool:
        """Whether any of its awards has no amount."""
        return any(award.left is None for award in self.awards)

    def may_pay(self, item: Item) -> bool:
        """Whether a commitment is one that this source may pay."""
        category, kind = item.get("category"), item.get("kind")
        for name, value in (("categories", category), ("kinds", kind), ("commitments", item.id)):
            if self.fields.get(name) and value not in self.fields[name]:
                return False
        if self.fields.get("least_life") and (item.get("useful_life") or 0) < self.fields["least_life"]:
            return False
        excludes = self.fields.get("excludes") or []
        if category in excludes or kind in excludes or item.id in excludes:
            return False
        if item.get("mandated") and "mandated" in excludes:
            return False
        return not self.assigned or any(name == self.name for name, _ in item.get("funded_by"))

    def limit(self, payment: Payment) -> int:
        """The most it may still pay of a payment."""
        most = round_half_away(self.share * payment.amount)
        if self.assigned:
            most = min(most, assigned_part(self.name, payment))
        return most - payment.paid_by.get(self.position, 0)

    def wanted_draw(self, payment: Payment) -> int:
        """What it would draw from an award for a payment if there were enough."""
        want = min(payment.gap, self.limit(payment))
        if not self.pre_discount:
            return want
        undrawn = payment.amount - payment.drawn_by.get(self.position, 0)
        return min(undrawn, round_half_away(want / self.share))

    def pay(self, payment: Payment, draw: int) -> None:
        """Pay what a draw pays."""
        amount = draw
        if self.pre_discount:
            amount = min(payment.gap, round_half_away(self.share * draw))
        payment.paid_by[self.position] = payment.paid_by.get(self.position, 0) + amount
        payment.drawn_by[self.position] = payment.drawn_by.get(self.position, 0) + draw
        if self.fields["recurring"]:
            payment.sustained += amount
        else:
            payment.bridged += amount


def assigned_part(name: str, payment: Payment) -> int:
    """A source's part of a payment, so that the parts of 100 % add up to the payment."""
    before = Fraction(0)
    for other, share in payment.item.get("funded_by"):
        upto = before + Fraction(share)
        if other == name:
            through_this = round_half_away(upto * payment.amount)
            return through_this - round_half_away(before * payment.amount)
        before = upto
    return 0


def yearly_amounts(yearly: Fields, horizon: Horizon) -> dict[int, int]:
    """The money of each fiscal year, in cents, whichever way `yearly` is written."""
    if "amount" not in yearly:
        return {int(year): cents(amount) for year, amount in yearly.items()}
    growth = Fraction(yearly.get("growth") or 0)
    since = yearly.get("from") or horizon.first_year
    amounts = {}
    for year in range(since, horizon.first_year + horizon.years):
        amounts[year] = cents(Fraction(yearly["amount"]) * (1 + growth) ** (year - since))
    return amounts


def awards_of(source: Fields, horizon: Horizon) -> list[Award]:
    """A source's awards in the order they are drawn: by `through`, open end last."""
    awards = []
    for award in source.get("awards") or []:
        amount = award.get("amount")
        left = None if amount is None else cents(amount)
        dates = (award.get("from"), award.get("through"), award.get("liquidate_by"))
        awards.append(Award(left, *dates))
    if source.get("yearly") is not None:
        carryover = source.get("carryover") or 0
        for year, left in yearly_amounts(source["yearly"], horizon).items():
            start = first_day(horizon.first_month(year))
            through = last_day(horizon.first_month(year + carryover) + 11)
            awards.append(Award(left, start, through, None))
    elif not awards:
        awards.append(Award(None, None, None, None))
    return sorted(awards, key=lambda award: award.through or date.max)


def changed(source: Fields, change: Fields) -> dict[str, Any]:
    """A source with a scenario's change; new money takes the place of the old."""
    fields = dict(source)
    if "awards" in change or "yearly" in change:
        fields.pop("awards", None)
        fields.pop("yearly", None)
    fields.update(change)
    return fields


def scenario_sources(sources: Sequence[Fields], scenario: Fields) -> list[Fields]:
    """The budget's sources as the scenario has them, in the order listed."""
    differences = scenario.get("sources") or {}
    removed = differences.get("remove") or []
    changes = differences.get("change") or {}
    listed = [source for source in sources if source["name"] not in removed]
    listed += differences.get("add") or []
    return [changed(source, changes.get(source["name"], {})) for source in listed]


def counts(source: Fields, scenario: Fields) -> bool:
    """Whether a source is certain enough to count."""
    least = CERTAINTIES.index(scenario.get("count") or "secured")
    return CERTAINTIES.index(source.get("certainty") or "secured") <= least


def district_sources(listed: Sequence[Fields], scenario: Fields, district: str, horizon: Horizon) -> list[Source]:
    """The sources that serve a district, as listed."""
    return [
        Source(position, fields, awards_of(fields, horizon))
        for position, fields in enumerate(listed)
        if fields.get("district") in (None, district) and counts(fields, scenario)
    ]


def drawing_order(sources: list[Source], items: list[Item], scenario: Fields) -> list[Source]:
    """As listed, or unlimited money last and then the most restricted first."""
    if scenario.get("funding_order") != "restricted_first":
        return sources
    return sorted(
        sources,
        key=lambda source: (source.unlimited, sum(1 for item in items if source.may_pay(item))),
    )


# --------------------------------------------------------------------------- funding


def split(amount: int, wanted: list[int]) -> list[int]:
    """An amount in proportion to what is wanted, left-over cents by largest remainder."""
    total = sum(wanted)
    parts = [amount * want // total for want in wanted]
    remainders = [amount * want % total for want in wanted]
    by_remainder = sorted(range(len(wanted)), key=lambda place: -remainders[place])
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def draws(source: Source, award: Award, wanted: list[int]) -> list[int]:
    """What an award gives to each of the wanted draws, which stand in the serving order."""
    left = award.left
    if left is None or sum(wanted) <= left:
        return wanted
    if source.fields.get("method") == "pro_rata":
        return split(left, wanted)
    given = []
    for want in wanted:
        given.append(min(want, left))
        left -= given[-1]
    return given


def draw_award(source: Source, award: Award, payments: list[Payment]) -> None:
    """Let one award pay what it may of a year's payments, given in the serving order."""
    eligible = [p for p in payments if source.may_pay(p.item) and award.may_pay(p)]
    wanted = [source.wanted_draw(payment) for payment in eligible]
    for payment, draw in zip(eligible, draws(source, award, wanted), strict=True):
        source.pay(payment, draw)
        if award.left is not None:
            award.left -= draw


def fund(payments: list[Payment], sources: list[Source], horizon: Horizon) -> None:
    """Years in order, in each year sources in order, within a source its awards."""
    for year in horizon.all_years():
        due = [payment for payment in payments if payment.year == year]
        due.sort(key=lambda payment: (*payment.item.serving_order(), payment.month))
        for source in sources:
            for award in source.awards:
                draw_award(source, award, due)


# --------------------------------------------------------------------------- losses


def decide_by(item: Item, lost_on: date, horizon: Horizon) -> date:
    """The loss less the notice, or the calendar day before that fiscal year when earlier."""
    day = lost_on - timedelta(days=int(item.get("notice_days")))
    if item.get("notice_by") is None:
        return day
    opening = first_day(horizon.first_month(horizon.year_of(month_of(lost_on))))
    notice = day_in_year(opening.year, item.get("notice_by"))
    if notice > opening:
        notice = day_in_year(opening.year - 1, item.get("notice_by"))
    return min(day, notice)


def day_in_year(year: int, month_and_day: tuple[int, int]) -> date:
    """A calendar day in a year; 29 February is the 28th where there is none."""
    month, day = month_and_day
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def required_ids(item: Item, by_id: Mapping[str, Item]) -> set[str]:
    """The ids a commitment requires, directly or through others, itself left out."""
    found: set[str] = set()
    waiting = list(item.get("requires"))
    while waiting:
        name = waiting.pop()
        if name in found or name not in by_id:
            continue
        found.add(name)
        waiting += by_id[name].get("requires")
    return found - {item.id}


# --------------------------------------------------------------------------- tables


@dataclass
class Result:
    """One district under one scenario, funded."""

    district: str
    scenario: str
    horizon: Horizon
    items: list[Item]
    sources: list[Source]
    payments: list[Payment]

    def head(self) -> Row:
        """The columns every row begins with."""
        return {"district": self.district, "scenario": self.scenario}

    def gap(self, item: Item, year: int) -> int:
        """The gap of a commitment in a year."""
        return sum(p.gap for p in self.payments if p.item is item and p.year == year)


def amounts(payments: list[Payment], cost_name: str = "cost") -> Row:
    """The money columns: cost, sustained, bridged, gap."""
    return {
        cost_name: money(sum(p.amount for p in payments)),
        "sustained": money(sum(p.sustained for p in payments)),
        "bridged": money(sum(p.bridged for p in payments)),
        "gap": money(sum(p.gap for p in payments)),
    }


def years_table(result: Result) -> list[Row]:
    """A row for every year."""
    rows = []
    for year in result.horizon.all_years():
        due = [p for p in result.payments if p.year == year]
        rows.append({**result.head(), "fiscal_year": year, **amounts(due)})
    return rows


def costs_table(result: Result) -> list[Row]:
    """A row for every commitment and year."""
    by_id = {item.id: item for item in result.items}
    rows = []
    for item in result.items:
        required = required_ids(item, by_id)
        for year in result.horizon.all_years():
            due = [p for p in result.payments if p.item is item and p.year == year]
            at_risk = [other.id for other in result.items if other.id in required and result.gap(other, year) > 0]
            head = {**result.head(), "commitment": item.id, "fiscal_year": year}
            rows.append({**head, **amounts(due), "at_risk_through": at_risk})
    return rows


def coverage_table(result: Result) -> list[Row]:
    """A row for every commitment, year and source that pays something."""
    rows = []
    for item in result.items:
        for year in result.horizon.all_years():
            due = [p for p in result.payments if p.item is item and p.year == year]
            for source in result.sources:
                amount = sum(p.paid_by.get(source.position, 0) for p in due)
                if amount > 0:
                    head = {**result.head(), "commitment": item.id, "fiscal_year": year}
                    rows.append({**head, "source": source.name, "amount": money(amount)})
    return rows


def payments_table(result: Result) -> list[Row]:
    """A row for every payment, by commitment and date."""
    rows = []
    for item in result.items:
        for p in sorted((p for p in result.payments if p.item is item), key=lambda p: p.month):
            head = {**result.head(), "commitment": item.id, "fiscal_year": p.year}
            head["due_on"] = p.due_on
            rows.append({**head, **amounts([p], "amount"), "overdue": p.overdue})
    return rows


def losses_table(result: Result) -> list[Row]:
    """A row for every commitment with a gap inside the horizon, what is lost first on top."""
    ranked: list[tuple[tuple[date, bool, int, int, int], Row]] = []
    for item in result.items:
        unpaid = [p for p in result.payments if p.item is item and p.gap > 0]
        if not unpaid:
            continue
        lost_on = min(p.due_on for p in unpaid)
        first_year = min(p.year for p in unpaid)
        horizon_gap = sum(p.gap for p in unpaid)
        mandated_first, priority, position = item.serving_order()
        key = (lost_on, mandated_first, priority, -horizon_gap, position)
        decide = decide_by(item, lost_on, result.horizon)
        row: Row = {
            "commitment": item.id,
            "first_gap_year": first_year,
            "funding_lost_on": lost_on,
            "decide_by": decide,
            "decide_by_passed": decide < result.horizon.as_of,
            "first_year_gap": money(result.gap(item, first_year)),
            "horizon_gap": money(horizon_gap),
            "gap_years": len({p.year for p in unpaid}),
            "reason": "",
        }
        ranked.append((key, row))
    ranked.sort(key=lambda pair: pair[0])
    return [{**result.head(), "rank": rank, **row} for rank, (_, row) in enumerate(ranked, start=1)]


def compute(
    *,
    commitments: Sequence[Fields],
    sources: Sequence[Fields],
    scenario: Fields,
    districts: Sequence[str],
    as_of: date,
    first_year: int,
    years: int,
    fiscal_year_start: int,
) -> dict[str, list[dict[str, object]]]:
    """The five tables of the model for one scenario, which is already resolved."""
    horizon = Horizon(as_of, first_year, years, fiscal_year_start)
    everything = build_items(commitments, scenario, districts, horizon)
    listed = scenario_sources(sources, scenario)
    tables: dict[str, list[Row]] = {name: [] for name in ("years", "costs", "coverage", "payments", "losses")}
    for district in districts:
        items = [item for item in everything if item.get("district") == district]
        own = district_sources(listed, scenario, district, horizon)
        payments = [p for item in items for p in payments_of(item, scenario, horizon)]
        fund(payments, drawing_order(own, items, scenario), horizon)
        result = Result(district, str(scenario["name"]), horizon, items, own, payments)
        tables["years"] += years_table(result)
        tables["costs"] += costs_table(result)
        tables["coverage"] += coverage_table(result)
        tables["payments"] += payments_table(result)
        tables["losses"] += losses_table(result)
    return tables
