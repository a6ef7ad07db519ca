"""The explanation of one commitment: where it was read, how its cost comes about, who pays, and what is missing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from esser_gap.check.references import near_names
from esser_gap.errors import InputError
from esser_gap.fiscal_year import year_name
from esser_gap.issues import error
from esser_gap.plan.eligibility import span_in, spans_of
from esser_gap.plan.requirements import required_pairs
from esser_gap.view.amounts import to_the_cent
from esser_gap.view.case import Case, case_of, label_of, years_word
from esser_gap.view.cost_steps import cost_steps_table
from esser_gap.view.decisions import how_decided
from esser_gap.view.first_to_lose import status_of
from esser_gap.view.origins import read_table
from esser_gap.view.table import Heading, Row, RowStyle, Show, Table
from esser_gap.view.templates import made_table
from esser_gap.view.years import source_amounts, source_label, year_headings, year_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from esser_gap.model.commitment import Commitment
    from esser_gap.projecting import Projection


def explanation(projection: Projection, commitment: str, *, district: str, scenario: str) -> list[Table]:
    """Explain one commitment from the cells it was read from to the cents that are missing.

    Args:
        projection: Everything projected.
        commitment: Id of the commitment.
        district: Name of the district.
        scenario: Name of the scenario.

    Returns:
        What was read and where; how the cost of each year comes about; every payment; who pays by year;
        the loss of funding, when there is one; what it requires and what requires it, when there is any.

    Raises:
        InputError: When the district has no commitment of that id; the hint lists the nearest ids.
    """
    case = case_of(projection, district=district, scenario=scenario)
    position = _position(case, commitment)
    record = case.plan.commitments[position]
    tables = [
        read_table(case, position),
        cost_steps_table(case, position),
        _payments_table(case, record),
        _payers_table(case, record),
        *_made_tables(case, record),
        _loss_table(case, record),
        _requirements_table(case, position),
    ]
    return [table for table in tables if table.rows]


def _position(case: Case, identifier: str) -> int:
    known = [commitment.id or "" for commitment in case.plan.commitments]
    if identifier in known:
        return known.index(identifier)
    for rejected in case.projection.budget.rejected:
        if rejected.id == identifier:
            message, hint = (
                f"the row of `{identifier}` has an error and is left out",
                "correct it; `check` says what is wrong",
            )
            where = rejected.origin.where()
            raise InputError([error("commitment-unknown", message, where=where, found=identifier, hint=hint)])
    near = near_names(identifier, known) or known[:8]
    message = f"{case.plan.district.name} has no commitment with the id `{identifier}`"
    raise InputError([error("commitment-unknown", message, found=identifier, hint=f"write one of: {', '.join(near)}")])


def _payments_table(case: Case, commitment: Commitment) -> Table:
    paid = case.rows("payments").filter(pl.col("commitment") == commitment.id)
    amounts = ("amount", "sustained", "bridged", "gap")
    rows = [
        Row((p["fiscal_year"], p["due_on"], *(p[name] for name in amounts), "overdue" if p["overdue"] else ""))
        for p in paid.iter_rows(named=True)
    ]
    if rows:
        rows.append(Row(("Total", None, *paid.select(pl.col(*amounts).sum()).row(0), None), RowStyle.TOTAL))
    headings = (
        Heading("Year", Show.YEAR),
        Heading("Due on", Show.DATE),
        Heading("Amount", Show.CENTS),
        Heading("Sustained", Show.CENTS),
        Heading("Bridged", Show.CENTS),
        Heading("Gap", Show.CENTS, is_shortfall=True),
        Heading("", Show.CODE),
    )
    return Table("payments", "Payments", headings, tuple(rows))


def _payers_table(case: Case, commitment: Commitment) -> Table:
    """Show cost, what each source pays, and the gap by year; sources and gap add up to cost."""
    costs = case.rows("costs").filter(pl.col("commitment") == commitment.id)
    coverage = case.rows("coverage").filter(pl.col("commitment") == commitment.id)
    paid = source_amounts(coverage, case.horizon)
    rows = (
        _payer("Cost", costs["cost"], RowStyle.TOTAL),
        *(_payer(source_label(s), paid[s.name]) for s in case.plan.sources if s.name in paid),
        _payer("Gap", costs["gap"], RowStyle.SHORTFALL),
    )
    headings = (Heading("", width=34), *year_headings(case.horizon))
    return Table("payers", "Who pays", headings, rows, (year_note(case.horizon),))


def _made_tables(case: Case, commitment: Commitment) -> Iterator[Table]:
    """Show how templates made the sources that pay the commitment or that it names."""
    coverage = case.rows("coverage").filter(pl.col("commitment") == commitment.id)
    paying = set(coverage["source"])
    for source in case.plan.sources:
        if source.made_by and (source.name in paying or span_in(spans_of(commitment), source) is not None):
            yield made_table(source)


def _payer(label: str, amounts: Iterable[Decimal], style: RowStyle = RowStyle.BODY) -> Row:
    by_year = tuple(amounts)
    return Row((label, *by_year, sum(by_year, Decimal(0))), style)


def _loss_table(case: Case, commitment: Commitment) -> Table:
    losses = case.rows("losses").filter(pl.col("commitment") == commitment.id)
    rows = tuple(Row(fact) for loss in losses.to_dicts() for fact in _loss_facts(case, commitment, loss))
    return Table("loss", "Loss of funding", (Heading("", Show.CODE), Heading("", width=70)), rows)


def _loss_facts(case: Case, commitment: Commitment, loss: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Rank", f"{loss['rank']} of {case.rows('losses').height}"
    yield "Lost on", f"{loss['funding_lost_on']}, the first payment that is not paid in full"
    yield "Why", loss["reason"]
    how = how_decided(
        commitment,
        lost_on=loss["funding_lost_on"],
        decide_by=loss["decide_by"],
        year=loss["first_gap_year"],
        calendar=case.horizon.calendar,
    )
    yield "Decide by", f"{loss['decide_by']} ({status_of(passed=loss['decide_by_passed'])}): {how}"
    yield f"Gap in {year_name(loss['first_gap_year'])}", to_the_cent(loss["first_year_gap"])
    over = f"in {loss['gap_years']} of {years_word(case.horizon)}"
    yield f"Gap over {case.span}", f"{to_the_cent(loss['horizon_gap'])}, {over}"


def _requirements_table(case: Case, position: int) -> Table:
    """List what it requires and what requires it, directly or through others, with the years of a gap."""
    pairs = required_pairs(case.plan.commitments)
    needed = pairs.filter(pl.col("position") == position)["required"].to_list()
    needing = pairs.filter(pl.col("required") == position)["position"].to_list()
    own_years = _gap_years(case, case.plan.commitments[position])
    rows = (
        *(_needed_row(case, case.plan.commitments[other]) for other in needed),
        *(Row(("is required by", label_of(case.plan.commitments[other]), _risk(own_years))) for other in needing),
    )
    headings = (Heading("Relation", Show.CODE), Heading("Commitment", width=36), Heading("Puts at risk", width=40))
    return Table("requirements", "Requirements", headings, rows)


def _needed_row(case: Case, needed: Commitment) -> Row:
    return Row(("requires", label_of(needed), _risk(_gap_years(case, needed))))


def _risk(years: str) -> str:
    return f"in {years}" if years else "in no year: it is funded"


def _gap_years(case: Case, commitment: Commitment) -> str:
    short = case.rows("costs").filter((pl.col("commitment") == commitment.id) & (pl.col("gap") > 0))
    return ", ".join(year_name(year) for year in short["fiscal_year"])
