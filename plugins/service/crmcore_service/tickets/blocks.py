"""Tickets in briefs and timelines: what is under way and by when, and what was asked and resolved."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_service.i18n import _
from crmcore_service.tables import queue, ticket

_MOST = 10


def _about(subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a ticket is of the party: a contact's own, or the customer's."""
    t = ticket.c
    if subject.entity == "contact":
        return t.contact_id.in_(subject.contact_ids)
    return t.customer_id.in_(subject.customer_ids)


def open_tickets(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the tickets of the party that are under way, what is due first: one statement."""
    t, c, u = ticket.c, tables.contact.c, tables.user_account.c
    due = func.coalesce(t.resolution_due, t.response_due)
    rows = reader.rows(
        select(t.id, t.subject, t.status, t.priority, t.opened_at, t.response_due, t.responded_at, t.resolution_due)
        .add_columns(t.resolved_at, t.at_risk, u.login.label("owner"), queue.c.name.label("queue"))
        .add_columns(c.name.label("contact"))
        .select_from(
            ticket.outerjoin(tables.contact, c.id == t.contact_id)
            .outerjoin(tables.user_account, u.id == t.owner_id)
            .outerjoin(queue, queue.c.id == t.queue_id)
        )
        .where(_about(subject), t.closed_at.is_(None))
        .order_by(t.resolved_at.is_not(None), due.nulls_last(), t.id)
        .limit(_MOST)
    )
    if not rows:
        return
    headings = (
        _("ticket"), _("P"), _("status"), _("subject"), _("contact"), _("owner"), _("opened"), _("solve by"),
    )  # fmt: skip
    yield Block(
        title=_("Open tickets"),
        weight=12,
        headings=headings,
        rows=tuple(
            (
                f"T{row.id}", row.priority, _(row.status), row.subject, row.contact or "", row.owner or row.queue or "",
                _day(row.opened_at, now), _due(row, now),
            )
            for row in rows
        ),
        data=[{**row._mapping, "number": f"T{row.id}"} for row in rows],
    )  # fmt: skip


def _due(row: Any, now: datetime) -> str:
    due = row.resolution_due
    if row.resolved_at is not None or due is None:
        return ""
    said = due.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M")
    return _("{day}, late").format(day=said) if due < now else str(said)


def _day(at: datetime, now: datetime) -> str:
    return at.astimezone(now.tzinfo).date().isoformat()


def ticket_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Tell when tickets were opened and resolved; what was said in them are interactions, told by the core.

    One statement.
    """
    t, c = ticket.c, tables.contact.c
    kinds = []
    for what, column in (("opened", t.opened_at), ("resolved", t.resolved_at)):
        wanted = (
            select(t.id, column.label("at"), literal(what).label("what"), t.subject, t.priority, t.status)
            .add_columns(c.name.label("contact"))
            .join_from(ticket, tables.contact, c.id == t.contact_id, isouter=True)
            .where(_about(subject), column.is_not(None), t.merged_into_id.is_(None))
        )
        wanted = wanted if before is None else wanted.where(column <= before)
        kinds.append(select(wanted.order_by(column.desc(), t.id.desc()).limit(limit).subquery()))
    both = union_all(*kinds).subquery("told")
    for row in reader.rows(select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)):
        yield Entry(
            at=row.at,
            kind=_("ticket"),
            who=row.contact or "",
            text=_told(row),
            entity=ticket.name,
            id=row.id,
            data={"number": f"T{row.id}", "what": row.what, "priority": row.priority, "status": row.status},
        )


def _told(row: Any) -> str:
    told = _("{ticket} resolved: {subject}") if row.what == "resolved" else _("{ticket} opened: {subject}")
    return told.format(ticket=f"T{row.id}", subject=row.subject)
