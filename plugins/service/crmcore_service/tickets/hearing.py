"""What others log of a customer, such as a call, is in the thread of the ticket it is about."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, or_, select

from crmcore.api import Event, NotifyTransaction, tables
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import post, ticket
from crmcore_service.tickets.answering import answered
from crmcore_service.tickets.joining import Asked, find, numbers_in
from crmcore_service.tickets.posts import IN, OUT, put_in
from crmcore_service.tickets.receiving import EMAIL, can_go_on, heard
from crmcore_service.tickets.states import follow

LOGGED, SAID, MOVED = "interaction.created", "interaction.changed", "process.moved"
HEARS = (LOGGED, SAID, MOVED)
_ELSEWHERE = "ticket:"
"""With this begin the threads of tickets of other systems, whose import puts them where they belong."""
_BEFORE = timedelta(days=1)
_TOLD = "told"
"""In the details of an interaction: the subject that a machine wrote, such as a telephone system, of what it cannot
hear."""
_NOT_REACHED = ("no-answer", "busy", "cancelled", "rejected", "failed")
"""The status of a call of ours that nobody took."""


def noticed(event: Event, tx: NotifyTransaction) -> None:
    """Put an interaction that was logged or imported into the ticket that it names or is about; twice is as once.

    So is one that was known before anybody wrote what was said in it, or whose it was, such as a call, once that is
    written. One statement for an interaction of somebody without a ticket; none for one that changes otherwise. What is
    older than the ticket is not of it, a line that says nothing of a matter (“called”) is of no ticket, a mail of ours
    is only of one that it names, and a call of ours that nobody took answers nothing.
    """
    if event.type != LOGGED and not _can_be_placed_now(event):
        return
    row = tx.first(_wanted(event.subject_id))
    if row is None:
        return
    if row.ticket_id is not None:
        _go_on(tx, row)
        return
    asked = Asked(
        at=row.moment, subject="" if row.details.get(_TOLD) == row.subject else row.subject, text=row.body,
        contact_id=row.contact_id, customer_id=row.customer_id, name=row.name or "",
    )  # fmt: skip
    if row.private or row.direction not in (IN, OUT) or not asked.words:
        return
    if row.direction == OUT and row.status in _NOT_REACHED:
        return
    found = find(tx, asked)
    if found.ticket_id is None or (_is_our_mail(row) and found.ticket_id not in numbers_in(row.subject, row.body)):
        return
    record = tx.get(Ticket, found.ticket_id)
    if row.moment < record.opened_at - _BEFORE or not can_go_on(tx, record, row.moment):
        return
    if row.direction == OUT:
        answered(tx, record, row.moment, event.subject_id, why=found.why)
        return
    put_in(
        tx, record, event.subject_id, at=row.moment, channel=row.channel, direction=IN, why=found.why
    )  # fmt: skip
    heard(tx, record, row.moment, f"{row.subject}\n{row.body}")


def _can_be_placed_now(event: Event) -> bool:
    """Return whether somebody wrote what was said in an interaction that said nothing, or said whose it was."""
    if event.type != SAID:
        return False
    return any(
        name in event.data and not event.data[name][0] and event.data[name][1] for name in ("body", "contact_id")
    )


def _is_our_mail(row: Any) -> bool:
    """Return whether it is a mail of ours; such as a brochure answers nobody's request, whatever it speaks of."""
    return bool(row.direction == OUT and row.channel == EMAIL)


def moved(event: Event, tx: NotifyTransaction) -> None:
    """Let a ticket say what its state says, however it came there: by `crm process move`, or an automation."""
    if event.type != MOVED or event.entity != ticket.name:
        return
    t = ticket.c
    row = tx.first(select(t.status).where(t.id == event.subject_id))
    if row is not None and row.status == event.data.get("to"):
        follow(tx, tx.get(Ticket, event.subject_id))


def _wanted(interaction_id: int) -> Any:
    """Return the statement for an interaction, unless it is of somebody without a ticket."""
    i, p, t = tables.interaction.c, post.c, ticket.c
    theirs = exists().where(or_(t.contact_id == i.contact_id, t.customer_id == i.customer_id))
    return (
        select(i.channel, i.direction, i.moment, i.subject, i.body, i.contact_id, i.customer_id, i.private)
        .add_columns(i.status, i.details, p.ticket_id, p.automatic, i.created_at, tables.contact.c.name)
        .select_from(
            tables.interaction.outerjoin(post, p.interaction_id == i.id).outerjoin(
                tables.contact, tables.contact.c.id == i.contact_id
            )
        )
        .where(i.id == interaction_id, theirs, ~i.thread.startswith(_ELSEWHERE))
    )


def _go_on(tx: NotifyTransaction, row: Any) -> None:
    """Let the ticket go on where who took the request may not change it, as it is a colleague's."""
    if row.direction != IN or row.automatic:
        return
    record = tx.get(Ticket, row.ticket_id)
    if record.entered_at is not None and row.created_at >= record.entered_at:
        heard(tx, record, row.moment, f"{row.subject}\n{row.body}")
