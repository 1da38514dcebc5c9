"""Making good where somebody was not content: a task with an owner and a day, and what came of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import PluginReader, Reader, Task, Transaction, calendar_named, here, tables
from crmcore_service.i18n import _
from crmcore_service.model.answer import Rating
from crmcore_service.tables import queue, rating, ticket

SCORE, DAYS = "service.recover_score", "service.recover_days"
_FRESH = timedelta(days=30)
"""What was said earlier, and comes in by a file, opens no task any more."""


@frozen(kw_only=True)
class Recovery:
    """A low score and what was done about it; `since` is what the same customer said later, None for nothing."""

    id: int
    ticket: str
    subject: str
    customer: str
    contact: str
    score: int
    comment: str
    answered_at: datetime
    task_id: int
    owner: str
    due: date | None
    status: str
    late: bool
    note: str
    since: int | None


def recover(tx: Transaction, ratings: Sequence[Rating]) -> int:
    """Open a task for each low score of the last month that has none; return how many: a few statements.

    It is whose the queue's manager is, else who had the ticket, else who has the customer; due some working days from
    now (`service.recover_days`) in the calendar of the workspace.
    """
    most, since = int(tx.setting(SCORE)), tx.now - _FRESH
    low = [
        one
        for one in ratings
        if one.task_id is None and one.score is not None and one.score <= most and (one.answered_at or tx.now) >= since
    ]
    if not low:
        return 0
    owners = {row.id: row for row in tx.rows(_owners([one.ticket_id for one in low if one.ticket_id is not None]))}
    calendar = calendar_named(tx)
    due = calendar.add_days(tx.now, int(tx.setting(DAYS))).astimezone(calendar.zone).date()
    for one in low:
        row = owners.get(one.ticket_id or 0)
        owner = (row.manager_id or row.owner_id or row.customer_owner) if row is not None else None
        what = _("Make good: {ticket} was rated {score} of 5").format(ticket=f"T{one.ticket_id}", score=one.score)
        task = tx.add(
            Task(
                subject=what, due=due, owner_id=owner or tx.actor.user_id or None, contact_id=one.contact_id,
                customer_id=one.customer_id, sentence=one.comment, source="service",
            )
        )  # fmt: skip
        one.task_id = task.id
    return len(low)


def recoveries(
    reader: Reader | PluginReader, *, limit: int, after: int | None = None, status: str = ""
) -> list[Recovery]:
    """Return low scores with their tasks, the latest first; `status` is open, done or late: two statements."""
    r, k, t, c, f, u = (
        rating.c, tables.task.c, ticket.c, tables.contact.c, tables.customer.c, tables.user_account.c
    )  # fmt: skip
    later = rating.alias("later").c
    since = (
        select(later.score)
        .where(later.customer_id == r.customer_id, later.answered_at > r.answered_at, later.score.is_not(None))
        .order_by(later.answered_at)
        .limit(1)
        .correlate(rating)
        .scalar_subquery()
    )
    wanted: Select[Any] = (
        select(
            r.id, r.ticket_id, r.score, r.comment, r.answered_at, r.task_id, k.due, k.status, k.note, k.closed_at,
            func.coalesce(t.subject, "").label("subject"), func.coalesce(f.name, "").label("customer"),
            func.coalesce(c.name, "").label("contact"), func.coalesce(u.name, "").label("owner"), since.label("since"),
        )
        .join_from(rating, tables.task, k.id == r.task_id)
        .join(ticket, t.id == r.ticket_id, isouter=True)
        .join(tables.contact, c.id == r.contact_id, isouter=True)
        .join(tables.customer, f.id == r.customer_id, isouter=True)
        .join(tables.user_account, u.id == k.owner_id, isouter=True)
        .order_by(r.id.desc())
        .limit(limit)
    )  # fmt: skip
    today = here(reader).today
    if after is not None:
        wanted = wanted.where(r.id < after)
    if status == "late":
        wanted = wanted.where(k.status == "open", k.due < today)
    elif status:
        wanted = wanted.where(k.status == status)
    return [
        Recovery(
            id=row.id, ticket=f"T{row.ticket_id}", subject=row.subject, customer=row.customer, contact=row.contact,
            score=row.score, comment=row.comment, answered_at=row.answered_at, task_id=row.task_id, owner=row.owner,
            due=row.due, status=row.status, late=row.status == "open" and row.due is not None and row.due < today,
            note=row.note, since=row.since,
        )
        for row in reader.rows(wanted)
    ]  # fmt: skip


def _owners(ids: Sequence[int]) -> Select[Any]:
    t, f = ticket.c, tables.customer.c
    return (
        select(t.id, t.owner_id, queue.c.manager_id, f.owner_id.label("customer_owner"))
        .join(queue, queue.c.id == t.queue_id, isouter=True)
        .join(tables.customer, f.id == t.customer_id, isouter=True)
        .where(t.id.in_(ids))
    )
