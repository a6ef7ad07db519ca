"""Rows with an error, left out on request so that the rest can be projected, each with its dollars and its problem."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from esser_gap.issues import Issue, Severity, Where, any_error, error, warning
from esser_gap.model.budget import Rejected
from esser_gap.money import to_cents, to_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from esser_gap.model.budget import Budget, Receipt
    from esser_gap.model.commitment import Commitment

    Place = tuple[str, str, int]

LEFT_OUT = "; the row is left out"
"""What the message of a row's error ends with once the row is left out."""

_CORRECT = "correct them and run again"
_ROW = re.compile(r"(?:[A-Z]+|row |line )(\d+)")
_MAY_MEAN_LEFT_OUT = frozenset({"selection-matches-nothing", "name-unknown"})
"""Problems that may only follow from rows that were left out, and belong to no row themselves."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What rows that were left out come to.

    Attributes:
        rows: How many rows.
        dollars: What they state as their cost, dollars; None when no amount can be read.
        unread: How many state no amount that can be read.
    """

    rows: int = 0
    dollars: Decimal | None = None
    unread: int = 0

    def __str__(self) -> str:
        """Say it in words: `2 rows with errors, which state 1,200.00 dollars`."""
        rows, state = (
            ("1 row with an error", "states") if self.rows == 1 else (f"{self.rows:,} rows with errors", "state")
        )
        if self.dollars is None:
            return f"{rows}, which {state} no amount that can be read"
        some = f"; {self.unread:,} of them state{'s' * (self.unread == 1)} no amount that can be read" * bool(
            self.unread
        )
        return f"{rows}, which {state} {self.dollars:,.2f} dollars{some}"


def left_out_of(rejected: Iterable[Rejected]) -> LeftOut:
    """Add up rows that were left out."""
    listed = tuple(rejected)
    dollars = [one.dollars for one in listed if one.dollars is not None]
    rows = sum(len(one.origin.rows) for one in listed)
    return LeftOut(rows, sum(dollars, Decimal(0)) if dollars else None, len(listed) - len(dollars))


def skip_rows(budget: Budget, find: Callable[[Budget], Iterable[Issue]]) -> Budget:
    """Take out every row of commitments that has an error, until no such row is left.

    Of rows that share an id all are taken out, since nothing says which of them is meant. A row that requires a
    commitment whose row is taken out stays, without that requirement.

    Args:
        budget: What was read.
        find: Gives everything wrong or noteworthy in a budget.

    Returns:
        The budget without those rows. They stand in `rejected`, their rows and dollars are moved on the receipts from
        accepted to rejected, and their errors are warnings, after one that states the rows and dollars of each sheet.
        Errors that belong to no row are not touched. Where nothing would be left, the budget as it was with an error
        that says so.
    """
    errors = _errors(find(budget))
    if any(place_of(issue.where) is not None for issue in errors):
        alike = _named_alike(budget)
        if alike:
            return replace(budget, issues=(*budget.issues, alike))
    if not budget.rejected and any(issue.code in _MAY_MEAN_LEFT_OUT for issue in errors):
        # They were there with all rows, so they follow from none that is left out.
        return budget
    left = budget
    while (smaller := _without(left, errors)) is not None:
        left = smaller
        errors = _errors(find(left))
    if left is budget:
        return budget
    if not left.commitments:
        where = Where(left.rejected[0].origin.file)
        message, hint = "every row has an error, so that nothing is left to project", "correct the rows"
        return replace(budget, issues=(*budget.issues, error("nothing-to-project", message, where=where, hint=hint)))
    return replace(left, issues=(*_statements(left.rejected), *left.issues))


def allow_for_left_out(issues: Sequence[Issue], budget: Budget) -> list[Issue]:
    """Only warn of what names something that may stand in a row that was left out.

    Args:
        issues: Everything found in the budget and its scenarios.
        budget: A budget; one whose own issues still have an error has left nothing out.
    """
    if not budget.rejected or any_error(budget.issues):
        return list(issues)
    return [_allowed(issue, budget) for issue in issues]


def written_to(issues: Iterable[Issue], name: str) -> tuple[Issue, ...]:
    """Say in the statements of rows left out which file they were written to."""
    hint = f"they stand in `{name}` with what is wrong; {_CORRECT}"
    return tuple(replace(issue, hint=hint) if issue.code == "rows-left-out" else issue for issue in issues)


def own_message(issue: Issue) -> str | None:
    """Give the message that an error had before its row was left out, None for any other issue."""
    return issue.message.removesuffix(LEFT_OUT) if issue.message.endswith(LEFT_OUT) else None


def place_of(where: Where) -> Place | None:
    """Give file, sheet and row that a cell or row stands in, None for any other place."""
    found = _ROW.fullmatch(where.cell)
    return None if found is None else (where.file, where.sheet, int(found[1]))


# --- one step ----------------------------------------------------------------------------------


def _without(budget: Budget, errors: Sequence[Issue]) -> Budget | None:
    """Take out the rows that errors belong to; None when there is no such row."""
    positions = {place: p for p, c in enumerate(budget.commitments) for place in _places(c)}
    rejected = {place for r in budget.rejected for place in _places(r)}
    known = set(budget.issues)
    sharing = _sharing_ids(budget.commitments, errors)
    out: dict[int, Commitment] = {}
    freed: dict[int, Commitment] = {}
    told: dict[Issue, Issue] = {}
    for issue in errors:
        place = place_of(issue.where)
        position = None if place is None else positions.get(place)
        if position is not None and issue.code == "required-id-unknown" and _may_be_left_out(issue.found, budget):
            commitment = freed.get(position, budget.commitments[position])
            kept = tuple(name for name in commitment.requires if name != issue.found)
            freed[position] = commitment.model_copy(update={"requires": kept})
            told[issue] = _requirement_left_out(issue, commitment, budget)
        elif position is not None:
            meant = sharing.get(position, ()) if issue.code == "id-not-unique" else (position,)
            out |= {p: budget.commitments[p] for p in meant}
            told[issue] = _of_left_out(issue)
        elif place in rejected and issue in known:
            told[issue] = _of_left_out(issue)
    if not told:
        return None
    new = [*(issue for error, issue in told.items() if error not in known), *_of_first_ids(out.values(), told)]
    issues = [*(told.get(issue, issue) for issue in budget.issues), *sorted(new, key=lambda i: place_of(i.where) or ())]
    return replace(
        budget,
        commitments=tuple(freed.get(p, c) for p, c in enumerate(budget.commitments) if p not in out),
        issues=tuple(dict.fromkeys(issues)),
        receipts=_moved(budget.receipts, out.values()),
        rejected=_in_file_order((*budget.rejected, *map(_as_rejected, out.values())), budget.receipts),
    )


def _sharing_ids(commitments: Sequence[Commitment], errors: Iterable[Issue]) -> Mapping[int, Sequence[int]]:
    """Give, by position, the positions of all commitments with the same id, where that is an error."""
    if all(issue.code != "id-not-unique" for issue in errors):
        return {}
    by_id = defaultdict(list)
    for position, commitment in enumerate(commitments):
        by_id[commitment.district, commitment.id].append(position)
    return {position: shared for shared in by_id.values() for position in shared}


def _of_first_ids(out: Iterable[Commitment], told: Mapping[Issue, Issue]) -> Iterator[Issue]:
    """Tell of the first row that has an id which others have, too; its error stands at the others."""
    by_id = defaultdict(list)
    for commitment in out:
        by_id[commitment.district, commitment.id].append(commitment)
    hints = {issue.where: issue.hint for issue in told if issue.code == "id-not-unique"}
    for first, *others in by_id.values():
        second = others[0].origin.where("id") if others else None
        if second in hints:
            message = f"the id `{first.id}` is taken by `{others[0].name}` ({second})"
            where, found = first.origin.where("id"), first.id or ""
            issue = warning("id-not-unique", message, where=where, field="id", found=found, hint=hints[second])
            yield _of_left_out(issue)


def _of_left_out(issue: Issue) -> Issue:
    return replace(issue, severity=Severity.WARNING, message=f"{issue.message}{LEFT_OUT}")


def _requirement_left_out(issue: Issue, commitment: Commitment, budget: Budget) -> Issue:
    is_known = issue.found in {rejected.id for rejected in budget.rejected}
    which = "whose row is left out" if is_known else "which may be one of the rows left out"
    message = f"`{commitment.name}` requires `{issue.found}`, {which}"
    hint = f"assumed: `{issue.found}` is there in every year; correct its row to see what depends on it"
    return replace(issue, severity=Severity.WARNING, message=message, hint=hint)


def _may_be_left_out(name: str, budget: Budget) -> bool:
    """Tell whether an id may be that of a row left out; a row whose id is not known may have any."""
    return bool({name, ""} & {rejected.id for rejected in budget.rejected})


def _allowed(issue: Issue, budget: Budget) -> Issue:
    if issue.severity is not Severity.ERROR:
        return issue
    if issue.code == "district-unknown":
        is_allowed = issue.found in {rejected.district for rejected in budget.rejected}
    elif issue.code == "name-unknown":
        is_allowed = _may_be_left_out(issue.found, budget)
    else:
        is_allowed = issue.code in _MAY_MEAN_LEFT_OUT
    if not is_allowed:
        return issue
    message = f"{issue.message}; it may be among the rows left out"
    return replace(issue, severity=Severity.WARNING, message=message)


# --- rows and dollars --------------------------------------------------------------------------


def _places(record: Commitment | Rejected) -> Iterator[Place]:
    origin = record.origin
    return ((origin.file, origin.sheet, row) for row in origin.rows)


def _as_rejected(commitment: Commitment) -> Rejected:
    c = commitment
    return Rejected(c.origin, _stated(c), c.id or "", c.name, c.district or "")


def _stated(commitment: Commitment) -> Decimal | None:
    """Give the dollars that the receipt counts for a commitment."""
    if commitment.annual_cost is not None:
        return commitment.annual_cost
    if commitment.quantity is None or commitment.unit_cost is None:
        return None
    return to_dollars(to_cents(commitment.base))


def _moved(receipts: Sequence[Receipt], out: Iterable[Commitment]) -> tuple[Receipt, ...]:
    """Move rows and dollars from accepted to rejected."""
    moved = {(receipt.file, receipt.sheet): receipt for receipt in receipts}
    for commitment in out:
        key = (commitment.origin.file, commitment.origin.sheet)
        receipt, rows, dollars = moved.get(key), len(commitment.origin.rows), _stated(commitment)
        if receipt is not None:
            moved[key] = replace(
                receipt,
                rows_accepted=receipt.rows_accepted - rows,
                rows_rejected=receipt.rows_rejected + rows,
                dollars_accepted=receipt.dollars_accepted - (dollars or 0),
                dollars_rejected=receipt.dollars_rejected + (dollars or 0),
                unreadable=receipt.unreadable + (dollars is None),
            )
    return tuple(moved.values())


def _in_file_order(rejected: Iterable[Rejected], receipts: Sequence[Receipt]) -> tuple[Rejected, ...]:
    sheets = {(receipt.file, receipt.sheet): place for place, receipt in enumerate(receipts)}
    return tuple(
        sorted(rejected, key=lambda r: (sheets.get((r.origin.file, r.origin.sheet), len(sheets)), r.origin.rows))
    )


def _statements(rejected: Iterable[Rejected]) -> Iterator[Issue]:
    """State the rows and dollars left out of each sheet."""
    by_sheet: dict[Where, list[Rejected]] = {}
    for one in rejected:
        by_sheet.setdefault(Where(one.origin.file, one.origin.sheet), []).append(one)
    for where, left_out in by_sheet.items():
        yield warning("rows-left-out", f"left out: {left_out_of(left_out)}", where=where, hint=_CORRECT)


def _errors(issues: Iterable[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.severity is Severity.ERROR]


def _named_alike(budget: Budget) -> Issue | None:
    """Find two files whose rows a place cannot tell apart, as of the same name in different folders."""
    seen: set[str] = set()
    for file in budget.files:
        if file.role == "budget" and file.name in seen:
            message = f"two files are called `{file.name}`, so that their rows cannot be told apart"
            hint = "rename one, so that rows with an error can be left out"
            return error("files-named-alike", message, where=Where(file.name), hint=hint)
        seen |= {file.name} if file.role == "budget" else set()
    return None
