"""What becomes of leads, deals and quotes when a person is erased: their texts go, every sum stays as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, case, delete, literal, or_, select, update

from crmcore.api import ApplyTransaction, Subject, impl
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import CATEGORIES
from crmcore_sales.tables import (
    approval,
    evidence,
    lead,
    line,
    opportunity,
    quote,
    quote_line,
    recommendation,
    registration,
    review,
    rivalry,
    skip,
    step,
)

_NOBODY = "erased"
_ISSUED = "%-20__-%"
"""How quotes are numbered here; a number of another form may say anything."""
_WORDS: Mapping[Table, tuple[str, ...]] = {
    opportunity: ("next_step", "reason_note", "note", "source"),
    lead: ("reason_note", "note", "source"),
    quote: ("reason", "note"),
}
_CODES: Mapping[Table, tuple[str, ...]] = {
    opportunity: ("lead_source", "campaign", "channel", "region", "reason"),
    lead: ("lead_source", "campaign", "region", "reason"),
    quote: ("channel",),
}
"""What figures are grouped by: it stays where others have it too, and so tells of nobody."""


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    """Empty what was said about the person alone; amounts, dates, stages and products stay."""
    deals, quotes = _theirs(opportunity, subject), _theirs(quote, subject)
    mine = select(opportunity.c.id).where(deals)
    offered = select(quote.c.id).where(quotes)
    said: ColumnElement[bool] = evidence.c.opportunity_id.in_(mine)
    if subject.entity == "contact":
        said = or_(said, evidence.c.contact_id.in_(subject.contact_ids))
    else:
        tx.execute(delete(skip).where(skip.c.customer_id.in_(subject.customer_ids)))
    told = tx.execute(delete(evidence).where(said)).rowcount
    for table, column in (
        (rivalry, "note"),
        (review, "note"),
        (step, "note"),
        (line, "text"),
        (recommendation, "reason"),
    ):
        tx.execute(update(table).where(table.c.opportunity_id.in_(mine)).values({column: ""}))
    tx.execute(update(registration).where(registration.c.opportunity_id.in_(mine)).values(title=_NOBODY, reason=""))
    for table, column in ((quote_line, "text"), (approval, "reason")):
        tx.execute(update(table).where(table.c.quote_id.in_(offered)).values({column: ""}))
    states = {one.name for process in tx.definitions.processes for one in process.states}
    known = {"stage": states, "status": states, "category": CATEGORIES}
    counts = [
        _emptied(tx, opportunity, deals, known, {"title": _NOBODY, "custom": {}, "details": {}}),
        _emptied(tx, lead, _theirs(lead, subject), known, {"title": _NOBODY, "custom": {}, "details": {}}),
        _emptied(tx, quote, quotes, {}, {"number": _number(), "custom": {}}),
    ]
    if not any(counts) and not told:
        return []
    return [
        _("{deals} opportunities, {leads} leads and {quotes} quotes stay as sums, without what was written of them; "
          "{told} things learned from the person are gone.").format(
            deals=counts[0], leads=counts[1], quotes=counts[2], told=told
        )
    ]  # fmt: skip


def _theirs(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a record is about the person and nobody else."""
    contact, customer = table.c.contact_id, table.c.customer_id
    if subject.entity == "contact":
        return and_(contact.in_(subject.contact_ids), customer.is_(None))
    return and_(customer.in_(subject.customer_ids), contact.is_(None))


def _emptied(
    tx: ApplyTransaction,
    table: Table,
    mine: ColumnElement[bool],
    known: Mapping[str, Iterable[str]],
    values: dict[str, Any],
) -> int:
    """Empty the texts of records and return how many there are; `known` are the words that some columns may keep."""
    for name in _WORDS[table]:
        values[name] = ""
    for name in _CODES[table]:
        values[name] = _shared(table, table.c[name])
    for name, words in known.items():
        if name in table.c:
            values[name] = case((table.c[name].in_(sorted(words)), table.c[name]), else_="")
    return tx.execute(update(table).where(mine).values(version=table.c.version + 1, **values)).rowcount


def _shared(table: Table, column: Column[Any]) -> ColumnElement[str]:
    """Return a code that records of others have too, else the empty text."""
    other = table.alias("others")
    another = or_(
        other.c.contact_id.is_distinct_from(table.c.contact_id),
        other.c.customer_id.is_distinct_from(table.c.customer_id),
    )
    theirs = select(other.c.id).where(other.c[column.name] == column, another)
    return case((theirs.correlate(table).exists(), column), else_="")


def _number() -> ColumnElement[str]:
    own: ColumnElement[str] = quote.c.number
    return case((own.like(_ISSUED), own), else_=literal(_NOBODY + "-").concat(quote.c.id))
