"""The closed lists of words that a budget, a source or a scenario may use."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """What sort of technology a commitment is; price growth may differ for each."""

    STUDENT_DEVICES = "student devices"
    STAFF_DEVICES = "staff devices"
    CLASSROOM_DISPLAYS = "classroom displays"
    NETWORK = "network"
    CONNECTIVITY = "connectivity"
    SOFTWARE = "software"
    CYBERSECURITY = "cybersecurity"
    DATA_SYSTEMS = "data systems"
    STAFFING = "staffing"
    PROFESSIONAL_DEVELOPMENT = "professional development"
    REPAIR = "repair"
    AI = "ai"
    IMPLEMENTATION = "implementation"
    OTHER = "other"


class Kind(StrEnum):
    """How a cost comes back: every year, at each replacement, as pay, or once."""

    RECURRING = "recurring"
    REPLACEMENT = "replacement"
    STAFF = "staff"
    ONE_TIME = "one_time"


class Billing(StrEnum):
    """How often a recurring cost is paid."""

    ANNUAL = "annual"
    MONTHLY = "monthly"


class Basis(StrEnum):
    """Which commitments a source serves: those that name it, or any it may pay."""

    ASSIGNED = "assigned"
    OPEN = "open"


class Measured(StrEnum):
    """What draws an award down: what it pays, or the eligible cost before discount."""

    PAID = "paid"
    PRE_DISCOUNT = "pre_discount"


class Certainty(StrEnum):
    """How sure it is that the money comes, surest first."""

    SECURED = "secured"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """Give 0 for the surest."""
        return list(Certainty).index(self)


class Method(StrEnum):
    """How a source that is too small is shared out."""

    PRIORITY = "priority"
    PRO_RATA = "pro_rata"


class Level(StrEnum):
    """Who gives the money."""

    FEDERAL = "federal"
    STATE = "state"
    LOCAL = "local"
    PARTNER = "partner"


class Supplement(StrEnum):
    """Which other money a source may only add to, never take the place of."""

    NOTHING = "no"
    STATE_AND_LOCAL = "state_and_local"
    ALL = "all"


class FundingOrder(StrEnum):
    """In which order sources are drawn."""

    LISTED = "listed"
    RESTRICTED_FIRST = "restricted_first"


MANDATED = "mandated"
"""The word in a source's `excludes` that bars mandated commitments."""


def same_word(word: str) -> str:
    """Fold a word so that capitals, dashes and underscores do not matter.

    Examples:
        >>> same_word("One-time") == same_word("one_time")
        True
    """
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
