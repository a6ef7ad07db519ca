"""Random but realistic budgets, to compare the engine with the oracle (docs/model.md).

`random_case(seed)` gives the keyword arguments of `oracle.compute`. The same seed always gives
the same case. Cases are small and crowded: awards are short, dates straddle fiscal years,
amounts are awkward to round, so that a rule read differently shows within a few cases.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

Fields = dict[str, Any]

CATEGORIES = [
    "student devices", "staff devices", "classroom displays", "network", "connectivity",
    "software", "cybersecurity", "data systems", "staffing", "professional development",
    "repair", "ai", "implementation", "other",
]  # fmt: skip
KINDS = ["recurring", "replacement", "staff", "one_time"]
SOURCE_NAMES = [
    "Relief grant", "General money", "Network discount", "Technology line", "Local levy",
    "State match", "Training grant", "Foundation gift", "Capital reserve", "Device fees",
]  # fmt: skip
DISTRICTS = ["North Valley", "Lakeside", "Eastfield"]
GOALS = ["access", "safety", "literacy"]
VENDORS = ["Acme", "Borealis", "007 Systems"]
SHARES = [
    ["1"], ["1"], ["0.5"], ["0.3333"], ["0.005"], ["0.6", "0.4"], ["0.5", "0.5"],
    ["0.125", "0.875"], ["0.7", "0.2"], ["0.35", "0.35", "0.3"], ["0.3333", "0.3333", "0.3334"],
    ["0.3333", "0.3333", "0.3333"], ["0.45", "0.1", "0.45"],
]  # fmt: skip
SCALES = ["0.9", "0.5", "0.5", "1.1", "0.333", "1.005", "0.25", "0.875"]
RATES = ["0", "0.03", "0.05", "0.07", "0.025", "0.0333", "-0.02", "-0.1", "0.1", "0.125"]


def random_case(seed: int) -> dict[str, Any]:
    """The keyword arguments of `oracle.compute` for one random budget and scenario."""
    return _Maker(seed).case()


class _Maker:
    """Makes one case; what parts of it must agree on is kept here."""

    def __init__(self, seed: int) -> None:
        """Choose the calendar, the districts and how large the dollars are."""
        self.random = random.Random(seed)
        self.start_month = self.random.choice([7, 7, 7, *range(1, 13)])
        self.years = self.random.randint(1, 8)
        self.as_of = date(2025, 1, 1) + timedelta(days=self.random.randrange(900))
        self.first_year = self.year_of(self.as_of) + self.random.choice([-1, 0, 0, 0, 0, 1, 1, 2])
        wanted = self.random.choice([1, 1, 1, 1, 2, 3])
        self.districts = DISTRICTS[:wanted]
        self.scale = self.random.choice([3, 100, 5_000, 100_000, 5_000_000])
        self.commitments: list[Fields] = []
        self.sources: list[Fields] = []

    # ----------------------------------------------------------------------- small choices

    def chance(self, probability: float) -> bool:
        """True with a probability."""
        return self.random.random() < probability

    def pick(self, texts: Sequence[str]) -> Decimal:
        """One of several decimals."""
        return Decimal(self.random.choice(texts))

    def amount(self, most: int | None = None) -> Decimal:
        """Dollars and cents, often odd, sometimes round, hardly ever nothing."""
        most = self.scale if most is None else most
        if self.chance(0.03):
            return Decimal(0)
        if self.chance(0.2):
            return Decimal(self.random.randint(1, most))
        return Decimal(self.random.randint(1, most * 100)).scaleb(-2)

    def some(self, values: Sequence[str], most: int = 3) -> list[str]:
        """One or a few different values."""
        return self.random.sample(values, min(len(values), self.random.randint(1, most)))

    # ----------------------------------------------------------------------- dates

    def year_of(self, day: date) -> int:
        """The fiscal year that holds a day."""
        return day.year + (1 if self.start_month > 1 and day.month >= self.start_month else 0)

    def first_day(self, year: int) -> date:
        """The first day of a fiscal year."""
        return date(year if self.start_month == 1 else year - 1, self.start_month, 1)

    def year(self, before: int = 1, after: int = 1) -> int:
        """A fiscal year in or near the horizon."""
        last = self.first_year + self.years - 1
        return self.random.randint(self.first_year - before, last + after)

    def day(self, before: int = 1, after: int = 1) -> date:
        """A day in or near the horizon: first, last, or anywhere in a month."""
        earliest = self.first_day(self.first_year - before)
        latest = self.first_day(self.first_year + self.years + after)
        day = earliest + timedelta(days=self.random.randrange((latest - earliest).days))
        style = self.random.choice(["first", "last", "any"])
        if style == "first":
            return day.replace(day=1)
        if style == "last":
            return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return day

    def period(self, before: int = 1, after: int = 1) -> tuple[date, date]:
        """Two days in order."""
        one, other = self.day(before, after), self.day(before, after)
        return min(one, other), max(one, other)

    # ----------------------------------------------------------------------- commitments

    def case(self) -> dict[str, Any]:
        """Everything `compute` takes."""
        self.sources = self.make_sources()
        count = self.random.choice([1, 2, 3, 4, 5, 6, 8, 11, 15])
        count = max(count, len(self.districts))
        for position in range(count):
            self.commitments.append(self.commitment(position))
        self.add_requirements()
        self.restrict_to_ids()
        return {
            "commitments": self.commitments,
            "sources": self.sources,
            "scenario": self.scenario(),
            "districts": self.districts,
            "as_of": self.as_of,
            "first_year": self.first_year,
            "years": self.years,
            "fiscal_year_start": self.start_month,
        }

    def commitment(self, position: int, prefix: str = "0") -> Fields:
        """One commitment of any kind."""
        kind = self.random.choice(["recurring", "recurring", "replacement", "staff", "one_time"])
        fields: Fields = {
            "id": f"{prefix}{position + 1}",
            "name": f"Item {prefix}{position + 1}",
            "category": self.random.choice(CATEGORIES[:8] if self.chance(0.7) else CATEGORIES),
            "kind": kind,
        }
        if len(self.districts) > 1:
            self.give_district(fields, position)
        self.give_cost(fields)
        if kind in ("recurring", "staff"):
            self.give_running_dates(fields)
        elif kind == "replacement":
            self.give_replacement_dates(fields)
        else:
            fields[self.random.choice(["starts_on", "purchased_on"])] = self.day()
            if self.chance(0.2):
                fields["starts_on"] = self.day()
        self.give_funding(fields)
        self.give_urgency(fields)
        return fields

    def give_district(self, fields: Fields, position: int) -> None:
        """A district; the first rows name them in order, the first one may stay blank."""
        place = position if position < len(self.districts) else None
        if fields["id"].startswith("A") or place is None:
            place = self.random.randrange(len(self.districts))
        if place > 0 or self.chance(0.7):
            fields["district"] = self.districts[place]

    def give_cost(self, fields: Fields) -> None:
        """A yearly cost or quantity and unit cost, the year of the dollars, and a driver."""
        if self.chance(0.5):
            fields["annual_cost"] = self.amount()
        else:
            quantity = self.pick(["0.5", "1", "2.5", "3", "0.25", "7", "12", "0.333", "120"])
            fields["quantity"] = quantity
            fields["unit_cost"] = self.amount(max(1, self.scale // 10))
        if fields["kind"] == "staff" and self.chance(0.7):
            fields["benefits_rate"] = self.pick(["0.3", "0.2765", "0.5", "0.4125", "0.075"])
        if self.chance(0.5):
            fields["price_year"] = self.year(before=4, after=2)
        if self.chance(0.3):
            fields["driver"] = self.random.choice(["enrollment", "classrooms"])

    def give_running_dates(self, fields: Fields) -> None:
        """Billing, renewal, first and last day, and what is paid already."""
        if self.chance(0.6):
            fields["billing"] = self.random.choice(["annual", "monthly"])
        if self.chance(0.4):
            fields["renewal_month"] = self.random.randint(1, 12)
        starts, ends = self.period(before=2)
        if self.chance(0.4):
            fields["starts_on"] = starts
        if self.chance(0.4):
            fields["ends_on"] = ends
        if self.chance(0.4):
            paid_through = self.day(before=2, after=1)
            if "ends_on" not in fields or paid_through <= ends or self.chance(0.2):
                fields["paid_through"] = paid_through
        if self.chance(0.4):
            fields["renewal_uplift"] = self.pick(["0.15", "0.333", "0.05", "0.125"])

    def give_replacement_dates(self, fields: Fields) -> None:
        """Purchase, life, end of support; some overdue, some first due past the horizon."""
        purchased = self.day(before=9, after=0)
        fields["purchased_on"] = purchased
        fields["useful_life"] = self.random.choice([1, 2, 3, 4, 5, 5, 7, 10])
        if self.chance(0.3):
            fields["supported_until"] = purchased + timedelta(days=self.random.randint(200, 3000))
        if self.chance(0.25):
            fields["staggered"] = True
        if self.chance(0.2):
            fields["ends_on"] = max(self.day(), purchased)
        if self.chance(0.1):
            fields["paid_through"] = self.day()
            fields["renewal_uplift"] = self.pick(["0", "0.15", "0.05"])
        if self.chance(0.1):
            fields["starts_on"] = min(self.day(), fields.get("ends_on", date.max))

    def give_funding(self, fields: Fields) -> None:
        """Today's sources with their shares, and the day it was bound."""
        names = sorted({s["name"] for s in self.sources if self.serves(s, fields)})
        shares = [choice for choice in SHARES if len(choice) <= len(names)]
        if shares and self.chance(0.75):
            chosen = self.random.choice(shares)
            picked = self.random.sample(names, len(chosen))
            fields["funded_by"] = [(name, Decimal(share)) for name, share in zip(picked, chosen, strict=True)]
        if self.chance(0.6):
            fields["obligated_on"] = self.bound_day()

    def bound_day(self) -> date:
        """A day of a binding commitment, mostly just inside or outside an award's dates."""
        awards = [award for source in self.sources for award in source.get("awards", [])]
        days: list[date] = [award["through"] for award in awards if "through" in award]
        if not days or self.chance(0.25):
            return self.day(before=2, after=0)
        return self.random.choice(days) - timedelta(days=self.random.choice([-1, 0, 1, 30, 200]))

    def serves(self, source: Fields, fields: Fields) -> bool:
        """Whether a source belongs to a commitment's district."""
        return source.get("district") in (None, fields.get("district", self.districts[0]))

    def give_urgency(self, fields: Fields) -> None:
        """Mandate, priority, notice, and fields that actions may select by."""
        if self.chance(0.25):
            fields["mandated"] = True
            fields["mandate"] = "contract"
        elif self.chance(0.2):
            fields["mandated"] = False
        if self.chance(0.5):
            fields["priority"] = self.random.randint(1, 5)
        if self.chance(0.4):
            fields["notice_days"] = self.random.choice([0, 15, 30, 60, 90, 120, 365])
        if self.chance(0.3):
            fields["notice_by"] = self.random.choice(
                [(3, 15), (5, 1), (7, 1), (1, 31), (12, 31), (self.start_month, 1)]
            )
        if self.chance(0.5):
            fields["goal"] = self.random.choice(GOALS)
        if self.chance(0.5):
            fields["vendor"] = self.random.choice(VENDORS)

    def add_requirements(self) -> None:
        """Chains inside a district, now and then in a circle."""
        circles = self.chance(0.3)
        for position, fields in enumerate(self.commitments):
            district = fields.get("district", self.districts[0])
            others = [
                other["id"]
                for place, other in enumerate(self.commitments)
                if other is not fields
                and (circles or place < position)
                and other.get("district", self.districts[0]) == district
            ]
            if others and self.chance(0.35):
                fields["requires"] = self.some(others, 2)

    # ----------------------------------------------------------------------- sources

    def make_sources(self) -> list[Fields]:
        """The budget's sources; with several districts, limited ones once for each they serve."""
        names = self.random.sample(SOURCE_NAMES, self.random.choice([0, 1, 2, 2, 3, 3, 4, 5, 6]))
        sources = []
        for name in names:
            sources.append(self.source(name))
            district = sources[-1].get("district")
            if district and len(self.districts) > 1 and self.chance(0.25):
                twin = self.source(name)
                others = [other for other in self.districts if other != district]
                twin["district"] = self.random.choice(others)
                sources.append(twin)
        return sources

    def source(self, name: str) -> Fields:
        """One source with its money."""
        fields: Fields = {
            "name": name,
            "recurring": self.chance(0.5),
            "basis": self.random.choice(["assigned", "open"]),
        }
        self.give_eligibility(fields)
        if self.chance(0.35):
            fields["share"] = self.pick(["0.8", "0.85", "0.5", "0.3333", "0.9", "1"])
        if self.chance(0.3):
            fields["measured"] = "pre_discount"
            fields["share"] = self.pick(["0.8", "0.85", "0.8", "0.85", "0.2", "0.3333"])
        elif self.chance(0.2):
            fields["measured"] = "paid"
        fields.update(self.source_money())
        limited = "yearly" in fields or any("amount" in a for a in fields.get("awards", []))
        if (limited and len(self.districts) > 1) or self.chance(0.1):
            fields["district"] = self.random.choice(self.districts)
        if self.chance(0.3):
            fields["certainty"] = self.random.choice(["secured", "likely", "possible"])
        if self.chance(0.35):
            fields["method"] = self.random.choice(["pro_rata", "pro_rata", "priority"])
        return fields

    def give_eligibility(self, fields: Fields) -> None:
        """What it may pay and what never."""
        if self.chance(0.25):
            fields["categories"] = self.some(CATEGORIES[:8], 6)
        if self.chance(0.2):
            fields["kinds"] = self.some(KINDS)
        if self.chance(0.25):
            values = ["mandated", *KINDS, *CATEGORIES[:8]]
            excluded = self.some(values, 2)
            fields["excludes"] = ["mandated"] if self.chance(0.3) else excluded

    def restrict_to_ids(self) -> None:
        """Sources that may pay, or never pay, certain commitments, or only what lasts."""
        for source in self.sources:
            ids = [c["id"] for c in self.commitments if self.serves(source, c)]
            if ids and self.chance(0.12):
                source["commitments"] = self.some(ids, 5)
            if ids and self.chance(0.08):
                source["excludes"] = [*source.get("excludes", []), *self.some(ids, 2)]
            if self.chance(0.1):
                source["least_life"] = self.random.randint(1, 6)

    def source_money(self) -> Fields:
        """Awards, a yearly map, an amount that grows, or no limit."""
        form = self.random.choice(["none", "awards", "awards", "awards", "yearly", "growing"])
        if form == "none":
            return {}
        if form == "awards":
            return {"awards": [self.award() for _ in range(self.random.choice([1, 1, 2, 3]))]}
        money: Fields = {"yearly": self.yearly() if form == "yearly" else self.growing()}
        if self.chance(0.4):
            money["carryover"] = self.random.choice([1, 1, 2])
        return money

    def award(self) -> Fields:
        """An amount with open or closed dates, often off the fiscal year."""
        award: Fields = {}
        if self.chance(0.9):
            award["amount"] = self.amount(self.scale * self.random.choice([1, 1, 2, 5]))
        start, through = self.period(before=2)
        if self.chance(0.7):
            award["from"] = start
        if self.chance(0.8):
            award["through"] = through
            if self.chance(0.6):
                award["liquidate_by"] = through + timedelta(days=self.random.randint(1, 900))
        return award

    def yearly(self) -> dict[int, Decimal]:
        """Money in some of the years."""
        years = range(self.first_year - 1, self.first_year + self.years + 1)
        chosen = sorted(self.random.sample(years, self.random.randint(1, len(years))))
        return {year: self.amount(self.scale * 2) for year in chosen}

    def growing(self) -> Fields:
        """An amount that grows, or shrinks, every year."""
        return {"amount": self.amount(), "growth": self.pick(RATES), "from": self.year(2, 0)}

    # ----------------------------------------------------------------------- the scenario

    def scenario(self) -> Fields:
        """A resolved scenario: rates, paths, certainty, sources and actions."""
        scenario: Fields = {
            "name": self.random.choice(["baseline", "austerity", "hope"]),
            "growth": self.growth(),
            "drivers": {"enrollment": self.path(), "classrooms": self.path()},
        }
        if self.chance(0.5):
            scenario["count"] = self.random.choice(["secured", "likely", "possible"])
        if self.chance(0.4):
            scenario["sources"] = self.source_changes()
        if self.chance(0.6):
            scenario["actions"] = [self.action() for _ in range(self.random.randint(1, 5))]
        if self.chance(0.5):
            order = self.random.choice(["listed", "restricted_first", "restricted_first"])
            scenario["funding_order"] = order
        return scenario

    def growth(self) -> Fields:
        """Rates of some groups, for all years or by year."""
        groups = ["default", "salary", "benefits", *{c["category"]: 1 for c in self.commitments}]
        growth: Fields = {}
        for group in groups:
            if self.chance(0.45):
                by_year = {year: self.pick(RATES) for year in self.named_years()}
                growth[group] = by_year if self.chance(0.5) else self.pick(RATES)
        return growth

    def named_years(self) -> list[int]:
        """Some fiscal years in order, with gaps."""
        years = range(self.first_year - 4, self.first_year + self.years + 1)
        return sorted(self.random.sample(years, self.random.randint(1, min(5, len(years)))))

    def path(self) -> dict[int, Decimal]:
        """A driver's path, with years left out."""
        return {year: Decimal(self.random.randint(700, 1300)) for year in self.named_years()}

    def source_changes(self) -> Fields:
        """Sources to add, change and remove; no name stands in two of them."""
        changes: Fields = {}
        names = sorted({source["name"] for source in self.sources})
        self.random.shuffle(names)
        if self.chance(0.6):
            unused = [name for name in SOURCE_NAMES if name not in names]
            changes["add"] = [self.source(name) for name in self.some(unused, 2)]
        if names and self.chance(0.3):
            changes["remove"] = [names.pop()]
        if names and self.chance(0.6):
            changes["change"] = {names[0]: self.source_change(names[0])}
        return changes

    def source_change(self, name: str) -> Fields:
        """Some fields of a source, never what would leave limited money without a district."""
        holders = [source for source in self.sources if source["name"] == name]
        change: Fields = {}
        if self.chance(0.3):
            change["recurring"] = self.chance(0.5)
        if self.chance(0.3):
            change["method"] = self.random.choice(["priority", "pro_rata"])
        if self.chance(0.3):
            change["certainty"] = self.random.choice(["secured", "likely", "possible"])
        if self.chance(0.3):
            change["share"] = self.pick(["0.5", "0.85", "0.25", "0.3333"])
        if self.chance(0.2):
            change["kinds"] = self.some(KINDS)
        owned = len(self.districts) == 1 or all("district" in source for source in holders)
        if (owned and self.chance(0.5)) or not change:
            change.update(self.money_change(holders) if owned else {"recurring": True})
        return change

    def money_change(self, holders: list[Fields]) -> Fields:
        """New money in the form the source has, or the first money of an unlimited one."""
        if any("yearly" in source for source in holders):
            return {"yearly": self.yearly()}
        if any("awards" in source for source in holders):
            return {"awards": [self.award()]}
        return {"yearly": self.yearly()} if self.chance(0.5) else {"awards": [self.award()]}

    def action(self) -> Fields:
        """One action whose selection matches at least one commitment."""
        replacements = [c for c in self.commitments if c["kind"] == "replacement"]
        verbs = ["stop", "scale", "scale", "set_price", "set_price", "set_priority", "add"]
        verbs += ["defer", "extend_life", "stagger"] if replacements else []
        verb = self.random.choice(verbs)
        if verb == "add":
            return {"add": self.commitment(self.random.randrange(10**6), prefix="A")}
        only_replacements = verb in ("defer", "extend_life", "stagger")
        target = self.random.choice(replacements if only_replacements else self.commitments)
        action = self.effect(verb)
        if self.chance(0.85):
            action["where"] = self.where(target)
        return action

    def effect(self, verb: str) -> Fields:
        """What an action does, and from when."""
        values: Fields = {
            "stop": self.year(before=1, after=1),
            "scale": self.pick(SCALES),
            "set_price": self.amount(),
            "set_priority": self.random.randint(1, 5),
            "defer": self.random.randint(1, 3),
            "extend_life": self.random.randint(1, 3),
            "stagger": True,
        }
        effect: Fields = {verb: values[verb]}
        if verb in ("scale", "set_price") and self.chance(0.7):
            effect["from"] = self.year(before=1, after=0)
        return effect

    def where(self, target: Fields) -> Fields:
        """One or two fields that hold for a commitment, as a value or among others."""
        known: Fields = {
            "mandated": target.get("mandated", False),
            "priority": target.get("priority", 3),
            **{name: target[name] for name in ("id", "name", "category", "kind")},
            **{name: target[name] for name in ("goal", "vendor", "district") if name in target},
        }
        others: Fields = {
            "priority": [1, 2, 3, 4, 5],
            "id": [c["id"] for c in self.commitments],
            "category": CATEGORIES,
            "kind": KINDS,
            "goal": GOALS,
            "vendor": VENDORS,
        }
        where: Fields = {}
        for name in self.some(list(known), 2):
            where[name] = known[name]
            if name in others and self.chance(0.4):
                where[name] = [self.random.choice(others[name]), known[name]]
        return where
