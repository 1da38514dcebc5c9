"""Tickets, and what was said in them, as tables in Salesforce's layout, which `crm import` reads too."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmcore.api import Reader, outside_names, tables
from crmcore_service.tables import category, post, queue, ticket

TICKETS = (
    "Id", "CaseNumber", "Subject", "Description", "Status", "IsClosed", "Priority", "Origin", "Type", "Reason",
    "Resolution__c", "Queue", "Owner.Email", "ContactId", "Contact.Name", "Contact.Email", "AccountId", "Account.Name",
    "CreatedDate", "FirstResponseDate__c", "Resolved at", "ClosedDate",
)  # fmt: skip
COMMENTS = ("Id", "ParentId", "CommentBody", "IsPublished", "CreatedBy.Email", "CreatedDate")
_STATES = {
    "new": "New", "open": "Working", "waiting": "Waiting on Customer", "on_hold": "On Hold", "resolved": "Resolved",
    "closed": "Closed", "cancelled": "Cancelled",
}  # fmt: skip
_PRIORITIES = {"P1": "Critical", "P2": "High", "P3": "Medium", "P4": "Low"}
_CHANNELS = {"email": "Email", "call": "Phone", "form": "Web", "chat": "Chat", "fax": "Fax"}
_AT_ONCE = 1000
_PUBLIC = ("in", "out")

Cells = Sequence[str | int]


def tickets(reader: Reader, scheme: str = "table") -> Iterator[Cells]:
    """Yield a row for each ticket that the reader's actor may see; two statements for a thousand."""
    t, i, p = ticket.c, tables.interaction.c, tables.contact_point.c
    email = (
        select(p.value).where(p.contact_id == t.contact_id, p.kind == "email").order_by(p.id).limit(1).scalar_subquery()
    )
    text = select(i.body).where(i.id == t.interaction_id, i.private.is_(False)).scalar_subquery()
    wanted = (
        select(ticket, queue.c.name.label("queue"), category.c.name.label("category"), email.label("email"))
        .add_columns(tables.contact.c.name.label("contact"), tables.customer.c.name.label("customer"))
        .add_columns(tables.user_account.c.email.label("owner_email"), tables.user_account.c.login, text.label("text"))
        .outerjoin(queue, queue.c.id == t.queue_id)
        .outerjoin(category, category.c.id == t.category_id)
        .outerjoin(tables.contact, tables.contact.c.id == t.contact_id)
        .outerjoin(tables.customer, tables.customer.c.id == t.customer_id)
        .outerjoin(tables.user_account, tables.user_account.c.id == t.owner_id)
        .order_by(t.id)
        .limit(_AT_ONCE)
    )
    after = 0
    while rows := reader.rows(wanted.where(t.id > after)):
        after = rows[-1].id
        keys = {each for row in rows for each in (row.id, row.contact_id, row.customer_id)}
        ids = outside_names(reader, scheme, keys, ticket.name, "contact", "customer")
        for row in rows:
            yield _ticket(row, ids)


def comments(reader: Reader, scheme: str = "table") -> Iterator[Cells]:
    """Yield a row for what was said in tickets after their first message; two statements for a thousand."""
    i, p, u = tables.interaction.c, post.c, tables.user_account.c
    wanted = (
        select(p.id, p.ticket_id, p.interaction_id, p.direction, p.at, i.body, u.email, u.login)
        .join_from(post, ticket, ticket.c.id == p.ticket_id)
        .join(tables.interaction, i.id == p.interaction_id)
        .outerjoin(tables.user_account, u.id == i.user_id)
        .where(ticket.c.interaction_id.is_distinct_from(p.interaction_id), i.private.is_(False))
        .order_by(p.id)
        .limit(_AT_ONCE)
    )
    after = 0
    while rows := reader.rows(wanted.where(p.id > after)):
        after = rows[-1].id
        found = {each for row in rows for each in (row.ticket_id, row.interaction_id)}
        ids = outside_names(reader, scheme, found, ticket.name)
        for row in rows:
            yield (
                ids[row.interaction_id],
                ids[row.ticket_id],
                row.body,
                str(row.direction in _PUBLIC).lower(),
                row.email or row.login or "",
                _instant(row.at),
            )


def _ticket(row: Any, ids: Mapping[int | None, str]) -> Cells:
    return (
        ids[row.id],
        f"T{row.id}",
        row.subject,
        row.text or "",
        _STATES.get(row.status, row.status),
        str(row.closed_at is not None).lower(),
        _PRIORITIES.get(row.priority, row.priority),
        _CHANNELS.get(row.channel, row.channel),
        row.category or "",
        row.cause,
        row.resolution,
        row.queue or "",
        row.owner_email or row.login or "",
        ids[row.contact_id],
        row.contact or "",
        row.email or "",
        ids[row.customer_id],
        row.customer or "",
        _instant(row.opened_at),
        _instant(row.responded_at),
        _instant(row.resolved_at),
        _instant(row.closed_at),
    )


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
