"""Which ticket a mail certainly belongs to: it answers a mail of that ticket, or an appointment of it."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import tables
from crmcore.mail import ADDRESS, CALENDAR, REPLY, TEXT, THREAD, UNSUBSCRIBE, Letter, name_of
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.tables import outgoing, post, ticket, work_order

_MOST = 50
_PERSONS = (REPLY, UNSUBSCRIBE, CALENDAR)


@frozen(kw_only=True)
class Tied:
    """The ticket a mail belongs to (None: no mail says so), and the mail of ours that it answers, if it is one."""

    ticket_id: int | None = None
    outgoing_id: int | None = None
    status: str = ""


def tie(tx: AnyTransaction, letter: Letter, domains: Iterable[str]) -> Tied:
    """Return what a letter certainly belongs to: three statements at most; `domains` are those of our addresses.

    By the mails that it answers or returns, the nearest first: ours, as they were queued, and all that are in threads.
    """
    if letter.answers:
        return _appointed(tx, [one.uid for one in letter.answers])
    names = _names(letter, domains)
    if not names:
        return Tied()
    o, p = outgoing.c, post.c
    wanted = select(o.id, o.message_id, o.ticket_id, o.status).where(o.message_id.in_(names))
    ours: dict[str, Any] = {row.message_id: row for row in tx.rows(wanted)}
    theirs = {
        row.message_id: row.ticket_id
        for row in tx.rows(select(p.message_id, p.ticket_id).where(p.message_id.in_(names)).order_by(p.id.desc()))
    }
    for name in names:
        if name in ours:
            row = ours[name]
            return Tied(ticket_id=_living(tx, row.ticket_id), outgoing_id=row.id, status=row.status)
        if name in theirs:
            return Tied(ticket_id=_living(tx, theirs[name]))
    return Tied()


def root_of(tx: AnyTransaction, letter: Letter, contact_id: int) -> int | None:
    """Return the ticket in which the same person's conversation is that a letter belongs to, or begins.

    An answer may come before what it answers, by another mailbox: then both have one root. One statement.
    """
    if letter.mail is None:
        return None
    i, p, t = tables.interaction.c, post.c, ticket.c
    roots = {letter.external_id, *letter.mail.thread[:1]}
    found = tx.value(
        select(p.ticket_id)
        .join(tables.interaction, i.id == p.interaction_id)
        .join(ticket, t.id == p.ticket_id)
        .where(i.thread.in_(roots), i.thread != "", t.contact_id == contact_id)
        .order_by(p.id.desc())
        .limit(1)
    )
    return None if found is None else _living(tx, int(found))


def _names(letter: Letter, domains: Iterable[str]) -> list[str]:
    """Return the names of mails that a letter answers, the nearest first; what a machine returns tells them anywhere.

    What a person quotes or forwards may be of another matter.
    """
    if letter.mail is None:
        return []
    surest = (ADDRESS, THREAD) if letter.kind in _PERSONS else (ADDRESS, THREAD, TEXT)
    told = [name_of(token, domain) for token, where in letter.tokens if where in surest for domain in sorted(domains)]
    return list(dict.fromkeys([*reversed(letter.mail.thread), *told]))[:_MOST]


def _living(tx: AnyTransaction, ticket_id: int | None) -> int | None:
    """Return the ticket itself, or what it was merged into."""
    if ticket_id is None:
        return None
    row = tx.first(select(ticket.c.id, ticket.c.merged_into_id).where(ticket.c.id == ticket_id))
    return None if row is None else row.merged_into_id or row.id


def _appointed(tx: AnyTransaction, uids: Iterable[str]) -> Tied:
    w = work_order.c
    found = tx.value(select(w.ticket_id).where(w.uid.in_(set(uids)), w.uid != "", w.ticket_id.is_not(None)).limit(1))
    return Tied(ticket_id=_living(tx, found))
