"""A little district that has everything the outputs show, for tests of views, drawings and files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from esser_gap.model.budget import Budget, InputFile, Receipt
from esser_gap.model.commitment import Commitment, Part
from esser_gap.model.district import District
from esser_gap.model.origin import Origin
from esser_gap.model.scenario import Action, Scenario, SourceChanges
from esser_gap.model.source import Award, Source
from esser_gap.model.words import Basis, Category, Certainty, Kind, Measured
from esser_gap.projecting import Projection, Settings, project_all

DISTRICT = "Cedar Valley USD"
BASELINE = "baseline"
AUSTERITY = "austerity"
AS_OF = date(2026, 11, 23)

COLUMNS = {
    name: chr(ord("A") + place)
    for place, name in enumerate(("id", "name", "category", "kind", "annual_cost", "funded_by", "paid_through"))
}


def dollars(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def funded_by(text: str) -> tuple[Part, ...]:
    """Read `ESSER III 60%; General Fund 40%`; a single name pays all."""
    parts = []
    for piece in text.split(";"):
        name, _, share = piece.strip().rpartition(" ")
        if share.endswith("%"):
            parts.append(Part(source=name, share=Decimal(share.rstrip("%")) / 100))
        else:
            parts.append(Part(source=piece.strip(), share=Decimal(1)))
    return tuple(parts)


def commitment(row: int, **fields: object) -> Commitment:
    origin = Origin("cedar-valley.xlsx", "Commitments", (row,), COLUMNS)
    return Commitment.model_validate({"district": DISTRICT, "origin": origin, **fields})


def commitments() -> tuple[Commitment, ...]:
    return (
        commitment(
            6,
            id="SIS",
            name="Student information system",
            category=Category.DATA_SYSTEMS,
            kind=Kind.RECURRING,
            annual_cost=dollars("186,400"),
            funded_by=funded_by("General Fund"),
            mandated=True,
            mandate="state reporting",
            priority=1,
            goal="Every student counted",
            vendor="Northwind",
        ),
        commitment(
            7,
            id="CB-2020",
            name="Chromebooks 2020 [grades 6-8]",
            category=Category.STUDENT_DEVICES,
            kind=Kind.REPLACEMENT,
            quantity=dollars("3,900"),
            unit_cost=dollars("338.50"),
            purchased_on=date(2020, 12, 4),
            useful_life=6,
            supported_until=date(2027, 6, 30),
            driver="enrollment",
            funded_by=funded_by("ESSER II"),
            priority=2,
            notice_days=120,
            goal="Learning in every class",
            service="Devices",
        ),
        commitment(
            8,
            id="NET",
            name="Switches and access points",
            category=Category.NETWORK,
            kind=Kind.REPLACEMENT,
            annual_cost=dollars("1,240,000"),
            purchased_on=date(2020, 8, 1),
            useful_life=7,
            funded_by=funded_by("ESSER III 60%; General Fund 40%"),
            priority=1,
            notice_days=90,
            goal="Learning in every class",
            service="Network",
        ),
        commitment(
            9,
            id="FILTER",
            name="Web filter",
            category=Category.CYBERSECURITY,
            kind=Kind.RECURRING,
            annual_cost=dollars("58,900"),
            paid_through=date(2027, 6, 30),
            renewal_uplift=Decimal("0.15"),
            funded_by=funded_by("Technology line"),
            mandated=True,
            mandate="CIPA",
            notice_days=60,
            goal="Safe online",
        ),
        commitment(
            10,
            id="LMS",
            name="Learning platform",
            category=Category.SOFTWARE,
            kind=Kind.RECURRING,
            annual_cost=dollars("142,000"),
            renewal_month=7,
            funded_by=funded_by("ESSER III"),
            requires=("NET", "SIS"),
            priority=2,
            goal="Learning in every class",
        ),
        commitment(
            11,
            id="COACH",
            name="Technology coaches, 3.0 FTE",
            category=Category.STAFFING,
            kind=Kind.STAFF,
            quantity=dollars("3"),
            unit_cost=dollars("71,250"),
            benefits_rate=Decimal("0.31"),
            funded_by=funded_by("State innovation grant"),
            notice_by=(3, 15),
            goal="Learning in every class",
        ),
        commitment(
            12,
            id="TUTOR-AI",
            name="AI tutoring pilot",
            category=Category.AI,
            kind=Kind.RECURRING,
            annual_cost=dollars("96,000"),
            starts_on=date(2026, 9, 1),
            funded_by=funded_by("State innovation grant"),
            priority=5,
            notice_days=30,
            requires=("LMS",),
        ),
    )


def sources() -> tuple[Source, ...]:
    return (
        Source(
            name="ESSER II",
            recurring=False,
            basis=Basis.ASSIGNED,
            awards=(Award(through=date(2023, 9, 30)),),
            citation="P.L. 116-260",
        ),
        Source(
            name="ESSER III",
            recurring=False,
            basis=Basis.ASSIGNED,
            awards=(Award(through=date(2024, 9, 30), liquidate_by=date(2026, 3, 30)),),
            rule="obligated by 2024-09-30, paid out within the approved extension",
            citation="P.L. 117-2, sec. 2001",
            as_of=date(2026, 11, 1),
        ),
        Source.model_validate(
            {
                "name": "E-rate Category Two",
                "recurring": True,
                "basis": Basis.OPEN,
                "categories": (Category.NETWORK,),
                "share": "0.8",
                "measured": Measured.PRE_DISCOUNT,
                "awards": ({"amount": "900000", "from": "2026-07-01", "through": "2031-06-30"},),
                "citation": "47 CFR 54.502",
                "as_of": "2026-10-15",
            }
        ),
        Source.model_validate(
            {
                "name": "State innovation grant",
                "recurring": False,
                "basis": Basis.ASSIGNED,
                "awards": ({"amount": "620000", "from": "2025-07-01", "through": "2028-06-30"},),
            }
        ),
        Source.model_validate(
            {
                "name": "Technology line",
                "recurring": True,
                "basis": Basis.OPEN,
                "yearly": {2027: "480000", 2028: "480000", 2029: "450000", 2030: "450000", 2031: "450000"},
            }
        ),
        Source(name="General Fund", recurring=True, basis=Basis.ASSIGNED),
        Source.model_validate(
            {
                "name": "Levy 2028",
                "recurring": True,
                "basis": Basis.OPEN,
                "excludes": ("ai",),
                "yearly": {2029: "250000", 2030: "250000", 2031: "250000"},
                "certainty": Certainty.POSSIBLE,
            }
        ),
    )


def baseline() -> Scenario:
    return Scenario(
        name=BASELINE,
        description="Prices grow as the last five years did; nothing is cut.",
        author="Business office",
        date=date(2026, 11, 2),
        sources_cited={"growth.software": "vendor notices, spring 2026", "growth.benefits": "health plan renewal"},
        growth={
            "default": Decimal("0.03"),
            "software": {2027: Decimal("0.05"), 2029: Decimal("0.07")},
            "salary": Decimal("0.03"),
            "benefits": Decimal("0.07"),
        },
        origin=Origin("baseline.yaml"),
    )


def austerity() -> Scenario:
    base = baseline()
    return base.model_copy(
        update={
            "name": AUSTERITY,
            "description": "The technology line is cut and then ends, the AI pilot stops, and Chromebooks last longer.",
            "extends": BASELINE,
            "sources": SourceChanges(
                change={"Technology line": {"yearly": {2027: dollars("300,000"), 2028: dollars("300,000")}}}
            ),
            "actions": (
                Action(stop=2028, where={"category": (Category.AI,)}),
                Action(extend_life=1, where={"id": ("CB-2020",)}),
                Action(set_priority=1, where={"id": ("LMS",)}),
            ),
            "origin": Origin("austerity.yaml"),
        }
    )


def district() -> District:
    return District(
        name=DISTRICT,
        state="WA",
        fiscal_year_start=7,
        enrollment={2026: dollars("8,012"), 2027: dollars("7,950"), 2028: dollars("7,860"), 2030: dollars("7,700")},
        total_budget={2027: dollars("118,400,000"), 2028: dollars("121,900,000")},
        origin=Origin("district.yaml"),
    )


def small_budget() -> Budget:
    total = sum((c.base for c in commitments()), Decimal(0))
    receipt = Receipt(
        "cedar-valley.xlsx", "Commitments", rows_read=8, rows_accepted=7, rows_left_out=1,
        dollars_read=total + 500, dollars_accepted=total, dollars_left_out=Decimal(500),
    )  # fmt: skip
    return Budget(
        commitments=commitments(),
        sources=sources(),
        districts=(district(),),
        files=(InputFile("cedar-valley.xlsx", "5c" * 32), InputFile("district.yaml", "a1" * 32, "district")),
        receipts=(receipt,),
    )


def settings() -> Settings:
    return Settings(AS_OF, 2027, 5)


@cache
def small_projection() -> Projection:
    """Project one district for FY2027-FY2031 under `baseline` and `austerity`."""
    return project_all(small_budget(), [baseline(), austerity()], settings(), lambda: ())


@cache
def two_district_projection() -> Projection:
    """Project two districts under `baseline`; nothing is missing in the second one."""
    second = "Birch Hollow SD"
    own = commitment(
        3, id="SIS", name="Student information system", category="data systems", kind="recurring",
        annual_cost="40000", funded_by=funded_by("Birch Hollow general fund"), district=second,
    )  # fmt: skip
    fund = Source(name="Birch Hollow general fund", recurring=True, basis=Basis.ASSIGNED, district=second)
    owned = tuple(source.model_copy(update={"district": DISTRICT}) for source in sources())
    budget = Budget(
        commitments=(*commitments(), own),
        sources=(*owned, fund),
        districts=(district(), District(name=second)),
    )
    return project_all(budget, [baseline()], settings(), lambda: ())
