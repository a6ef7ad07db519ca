"""A budget: everything read from the user's files, ready to be checked and projected."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esser_gap.issues import Issue
    from esser_gap.model.commitment import Commitment
    from esser_gap.model.district import District
    from esser_gap.model.origin import Origin
    from esser_gap.model.scenario import Scenario
    from esser_gap.model.source import Source


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read.

    Attributes:
        name: The file's name without its folder.
        sha256: Digest of its bytes, in hexadecimal.
        role: What it was read as: budget, funding (with district facts), scenario, mapping or code map.
    """

    name: str
    sha256: str
    role: str = "budget"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the rows of one sheet: read = accepted + totals + filtered + rejected, rows and dollars.

    Attributes:
        file: The file's name.
        sheet: The sheet's name.
        rows_read: Rows below the header that hold values: all of the next four.
        rows_accepted: Rows that became commitments.
        rows_totals: Rows that are totals of rows above.
        rows_left_out: Rows that the mapping filtered out.
        rows_rejected: Rows with an error.
        rows_text: Rows passed over because they hold only text: section headings, notes, repeated headers.
        dollars_read: Sum of the cost column over the rows read, in dollars.
        dollars_accepted: The part in accepted rows.
        dollars_totals: The part in totals, which are sums of the others.
        dollars_left_out: The part in rows filtered out.
        dollars_rejected: The part in rejected rows.
        unreadable: Cost cells whose amount could not be read, so that dollars are without them.
    """

    file: str
    sheet: str
    rows_read: int = 0
    rows_accepted: int = 0
    rows_totals: int = 0
    rows_left_out: int = 0
    rows_rejected: int = 0
    rows_text: int = 0
    dollars_read: Decimal = Decimal(0)
    dollars_accepted: Decimal = Decimal(0)
    dollars_totals: Decimal = Decimal(0)
    dollars_left_out: Decimal = Decimal(0)
    dollars_rejected: Decimal = Decimal(0)
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or rows that were summed, that an error keeps from being a commitment.

    Attributes:
        origin: Where it stands.
        dollars: What it states as its cost, None where that cannot be read or is not given.
        id: Its id, as far as it is known.
        name: Its name, as far as it is known.
        district: Its district, as far as it is known.
    """

    origin: Origin
    dollars: Decimal | None = None
    id: str = ""
    name: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What was read: commitments in file order, sources as listed, district facts, and what was noticed.

    Attributes:
        commitments: One record a commitment, each with id and district set.
        sources: Sources as listed; those of one file's districts name them.
        districts: Facts by district, in the order of the files; a district without facts has only a name.
        scenarios: Scenarios that stand in the workbook itself.
        files: Files read, with digests.
        issues: Problems and assumptions met while reading.
        receipts: What became of the rows of each sheet.
        rejected: Rows with an error.
    """

    commitments: tuple[Commitment, ...]
    sources: tuple[Source, ...] = ()
    districts: tuple[District, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    files: tuple[InputFile, ...] = ()
    issues: tuple[Issue, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    rejected: tuple[Rejected, ...] = field(default=())
