"""Which solved tickets say a word: kept in the transaction that changes a ticket, read by `answers.searching`.

A ticket is solved when it has a resolution and was resolved. What counts are its subject and what was asked first. The
weight of a word in a ticket is that of BM25 (Robertson and Zaragoza 2009, k1 1.2, b 0.75), for texts of 24 words in
the mean, in thousandths; how rare a word is, is known when something is sought.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, literal, select

from crmcore.api import ApplyTransaction, Change, Transaction, tables
from crmcore_service.answers.words import terms, words
from crmcore_service.tables import deflection, posting, public_answer, ticket

SOLVED, CONFIRMED, PUBLIC = 0, 1, 2
"""The shelves: all solved tickets, those whose answer helped somebody, and the public answers."""
EVERY = 0
"""The term of every ticket on a shelf: how densely they lie."""

_CHANGES = frozenset(("subject", "resolution", "resolved_at", "merged_into_id", "interaction_id"))
_AT_ONCE = 500
_K1, _B, _MEAN = 1.2, 0.75, 24


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Follow changes of tickets and of public answers: four statements for each 500 of them."""
    ids = {
        one.id
        for one in changes
        if one.entity == ticket.name and one.action != "removed" and _CHANGES.intersection(one.after)
        if one.action == "changed" or one.after.get("resolution")
    }
    ids |= {key for one in changes if one.entity == public_answer.name for key in _answered(one, tx)}
    renew(tx, sorted(ids))


def renew(tx: ApplyTransaction | Transaction, ids: Sequence[int]) -> int:
    """Write anew what the index holds of tickets; return how many of them it holds."""
    held = 0
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        tx.execute(delete(posting).where(posting.c.ticket_id.in_(some)))
        solved = [row for row in tx.rows(_solved(some)) if row.resolution or row.public]
        rows = [each for row in solved for each in _postings(row)]
        if rows:
            tx.execute(insert(posting), rows)
        held += len(solved)
    return held


def forget(tx: ApplyTransaction, theirs: ColumnElement[bool]) -> None:
    """Write anew what the index holds of tickets whose words were emptied, as an erased person's are."""
    while True:
        wanted = select(ticket.c.id).where(theirs, ticket.c.resolution == "", _held()).order_by(ticket.c.id)
        ids = [row.id for row in tx.rows(wanted.limit(_AT_ONCE))]
        if not ids:
            return
        renew(tx, ids)


def rebuild(tx: Transaction, after: int = 0) -> tuple[int, int]:
    """Write anew what the index holds of the next tickets after an id; return how many it holds, and the last id.

    0 as the last id says that there are no more.
    """
    ids = [row.id for row in tx.rows(select(ticket.c.id).where(ticket.c.id > after).order_by(ticket.c.id).limit(5_000))]
    return renew(tx, ids), ids[-1] if ids else 0


def _held() -> ColumnElement[bool]:
    """Return the condition that the index holds what was said in a ticket."""
    p = posting.c
    return select(p.term).where(p.ticket_id == ticket.c.id, p.shelf != PUBLIC).exists()


def _answered(change: Change, tx: ApplyTransaction) -> Iterable[int]:
    known = {**change.before, **(tx.as_read(change.entity, change.id) or {}), **change.after}
    return (known["ticket_id"],) if "ticket_id" in known else ()


def _solved(ids: Sequence[int]) -> Select[Any]:
    """Return the statement for those of some tickets that are solved, with their texts and shelves."""
    t, i, a, d = ticket.c, tables.interaction.c, public_answer.c, deflection.c
    c, f = tables.contact.c, tables.customer.c
    helped = select(d.id).where(d.answer_kind == ticket.name, d.answer_id == t.id, d.status == "confirmed").exists()
    return (
        select(
            t.id, t.subject, t.resolution, func.coalesce(i.body, literal("")).label("body"),
            func.coalesce(a.title.concat("\n").concat(a.text), literal("")).label("public"), helped.label("confirmed"),
            c.name.label("person"), f.name.label("firm"),
        )
        .join(tables.interaction, i.id == t.interaction_id, isouter=True)
        .join(public_answer, a.ticket_id == t.id, isouter=True)
        .join(tables.contact, c.id == t.contact_id, isouter=True)
        .join(tables.customer, f.id == t.customer_id, isouter=True)
        .where(t.id.in_(ids), t.resolved_at.is_not(None), t.merged_into_id.is_(None))
    )  # fmt: skip


def _postings(row: Any) -> Iterable[dict[str, Any]]:
    """Yield the rows of a ticket; one whose person was erased has no resolution, and only its public answer counts."""
    said = terms(words(f"{row.subject}\n{row.body}", (row.person, row.firm))) if row.resolution else set()
    shelves = [(SOLVED, said)] if row.resolution else []
    if row.resolution and row.confirmed:
        shelves.append((CONFIRMED, said))
    if row.public:
        shelves.append((PUBLIC, said | terms(words(row.public))))
    for shelf, found in shelves:
        weight = round(1000 * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * len(found) / _MEAN)))
        for each in (EVERY, *sorted(found)):
            yield {"shelf": shelf, "term": each, "ticket_id": row.id, "weight": weight}
