"""A template of a source: its parameters, and the small arithmetic that makes share, awards and rule of them.

A template is data. Its steps know a handful of operations and nothing else; each says in words what it did.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from esser_gap.model.record import Day, Form, Names, Record, Text, YesNo


class Parameter(Record):
    """A value that whoever uses the template gives."""

    name: Text
    """Name, as a key beside `use`."""
    form: Annotated[Form, Form.CHOICE]
    """How it is written."""
    meaning: Text
    """What it is, in words."""
    choices: Names = ()
    """Words it may be, for a choice."""
    default: Any = None
    """What it is when left out."""
    optional: YesNo = False
    """Whether it may be left out without a default; a step that needs it then is passed over."""
    several: YesNo = False
    """Whether it is a list, such as the student counts of schools."""
    by_year: YesNo = False
    """Whether it may differ by fiscal year: `{FY2027: 52000, FY2028: 29000}`."""
    by_start: YesNo = False
    """Whether it is a year named by the calendar year it starts in, as E-rate funding years are."""
    least: Any = None
    """Smallest value."""
    most: Any = None
    """Largest value."""

    @property
    def is_required(self) -> bool:
        """Tell whether it has to be given."""
        return self.default is None and not self.optional


class Condition(Record):
    """When a step, a limit or a refusal holds; every key that is given must."""

    given: Text | None = None
    """A parameter that has a value."""
    missing: Text | None = None
    """A parameter that has none."""
    value: Text | None = None
    """A parameter or the result of a step, compared with the other keys; of several or by year, any of them."""
    is_: Any = Field(default=None, alias="is")
    """The value is this."""
    is_not: Any = None
    """The value is anything but this."""
    at_most: Any = None
    """The value is no larger than this."""
    above: Any = None
    """The value is larger than this."""
    between_bands: Text | None = None
    """The value lies between two printed bands of this table."""


class LookUp(Record):
    """A value out of a table."""

    table: Text
    """Name of the table."""
    row: Any
    """What is looked for: in `is` of the rows, else in the bands that start at `from`."""
    column: Text
    """Heading, or the name of a value that holds it."""


class Step(Record):
    """One named result; exactly one operation is given."""

    name: Text
    """Name of the result; a later step of the same name replaces it."""
    form: Annotated[Form, Form.CHOICE]
    """What it is, which decides how it is rounded (money: to cents) and shown."""
    when: tuple[Condition, ...] = ()
    """When it is done; left out: always."""
    say: Text | None = None
    """The sentence that tells it, with names in braces."""
    value: Any = None
    """The value itself, or another one's name."""
    look_up: LookUp | None = None
    """A value out of a table."""
    product: tuple[Any, ...] | None = None
    """Numbers multiplied."""
    total: tuple[Any, ...] | None = None
    """Numbers added up, those of a list, too."""
    difference: tuple[Any, Any] | None = None
    """The first less the second, never below zero."""
    at_least: tuple[Any, Any] | None = None
    """The larger of two numbers."""
    at_most: tuple[Any, Any] | None = None
    """The smaller of two numbers."""
    count: Any = None
    """How many there are in a list."""
    day: tuple[Any, Text] | None = None
    """A calendar year and a day of it, such as `[funding_year, "07-01"]`."""
    years_through: tuple[Any, Any] | None = None
    """The last day of so many years that start on a day."""

    each_year: tuple[Any, Any, Any] | None = None
    """A first fiscal year, how many, and the dollars of each."""

    @property
    def operation(self) -> str:
        """Name what it does."""
        return next(name for name in OPERATIONS if getattr(self, name) is not None)


OPERATIONS = (
    *("value", "look_up", "product", "total", "difference", "at_least", "at_most", "count", "day", "years_through"),
    "each_year",
)
"""What a step may do."""


class TemplateLimit(Record):
    """What the rule allows for one field; whoever uses the template may not go beyond it."""

    field: Text
    """Field of a source; `awards` for its dollars, `from` and `through` for its days."""
    because: Text
    """The rule, with names in braces."""
    when: tuple[Condition, ...] = ()
    """When it holds; left out: always."""
    most: Any = None
    """Largest value."""
    least: Any = None
    """Smallest value."""
    first: Any = None
    """First day."""
    last: Any = None
    """Last day."""
    among: Any = None
    """Words that it may hold."""


class Refusal(Record):
    """Parameters with which there is no such money."""

    when: tuple[Condition, ...]
    """When it is refused."""
    field: Text
    """Parameter at fault."""
    because: Text
    """Why, with names in braces."""


class Makes(Record):
    """One source that the template makes."""

    suffix: Text = ""
    """What its name has behind the name that was given, for the second source and further ones."""
    when: tuple[Condition, ...] = ()
    """When it is made; left out: always."""
    fields: dict[str, Any]
    """Fields of the source; a text that starts with `=` is the name of a parameter or step."""
    limits: tuple[TemplateLimit, ...] = ()
    """What the rule allows of them."""


class Citation(Record):
    """A fact of the template and the page on which it was read."""

    fact: Text
    """Which fact."""
    at: Text
    """Address of the page, or the document."""


class Doubt(Record):
    """What no page was found for, or what pages disagree about."""

    say: Text
    """What is not known and what is assumed, with names in braces."""
    when: tuple[Condition, ...] = ()
    """When it matters; left out: always."""


class Template(Record):
    """A kind of source whose share, awards, periods, eligibility and rule follow from a few parameters."""

    name: Text = Field(min_length=1)
    """Name, as `use` writes it."""
    title: Text
    """What people call the program."""
    about: Text
    """What it is, in a sentence or two."""
    rule: Text
    """The rule in words, with names in braces."""
    citation: Text
    """Statute, regulation or order."""
    as_of: Day
    """When the rule was read."""
    cited: tuple[Citation, ...] = ()
    """Where each fact stands."""
    not_sourced: tuple[Doubt, ...] = ()
    """What no page was found for, or what pages disagree about, and what is assumed."""
    parameters: tuple[Parameter, ...] = ()
    """Values to give."""
    needs: Names = ()
    """Fields of the source that have to be given beside them."""
    tables: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)
    """Tables to look values up in: rows with `is` (that value), or with `from` and `to` (a printed band)."""
    steps: tuple[Step, ...] = ()
    """What is worked out, in order."""
    refuses: tuple[Refusal, ...] = ()
    """Parameters with which there is no such money."""
    makes: tuple[Makes, ...] = Field(min_length=1)
    """The sources it makes, in the order they are drawn."""
    example: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the worked example that `esser-gap sources show` prints."""
