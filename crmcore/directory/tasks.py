"""Tasks as lists and single views, what is due first on top."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from crmcore.directory.finding import logins, names
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, task
from crmcore.errors import NotFound
from crmcore.i18n import _


@frozen(kw_only=True)
class TaskView:
    """A task as listed, with the names of whom it concerns."""

    id: int
    subject: str
    kind: str
    due: date | None
    status: str
    by: str
    owner_id: int | None
    owner: str
    contact_id: int | None
    contact: str
    customer_id: int | None
    customer: str
    interaction_id: int | None
    sentence: str
    topic: str
    amount: Decimal | None
    unit: str
    note: str
    external_id: str | None
    source: str
    closed_at: datetime | None
    version: int


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    status: str = "",
    owner_id: int | None = None,
    due_before: date | None = None,
    contact_id: int | None = None,
    customer_id: int | None = None,
) -> list[TaskView]:
    """Return tasks, earliest due first and those without a date last, from the one that follows the task `after`."""
    c = task.c
    statement = select(task).order_by(c.due.is_(None), c.due, c.id).limit(limit)
    equal = ((c.status, status), (c.owner_id, owner_id), (c.contact_id, contact_id), (c.customer_id, customer_id))
    for column, value in equal:
        if value:
            statement = statement.where(column == value)
    if due_before is not None:
        statement = statement.where(c.due < due_before)
    if after is not None:
        last = reader.first(select(c.due).where(c.id == after))
        if last is None:
            raise NotFound(_("There is no task {id}.").format(id=after))
        statement = statement.where(_follows(last.due, after))
    return views(reader, statement)


def _follows(due: date | None, after: int) -> ColumnElement[bool]:
    c = task.c
    if due is None:
        return and_(c.due.is_(None), c.id > after)
    return or_(c.due > due, and_(c.due == due, c.id > after), c.due.is_(None))


def one(reader: Reader, task_id: int) -> TaskView:
    """Return a task; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(task).where(task.c.id == task_id))
    if not found:
        raise NotFound(_("There is no task {id}.").format(id=task_id))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[TaskView]:
    """Return the tasks a statement selects: four queries, however many rows.

    A task about a private contact or customer is seen only by its owner, and by who may see that one.
    """
    rows = reader.rows(statement.where(*_about_seen(reader)))
    contacts = names(reader, contact, (row.contact_id for row in rows))
    customers = names(reader, customer, (row.customer_id for row in rows))
    owners = logins(reader, (row.owner_id for row in rows))
    return [
        TaskView(
            id=row.id,
            subject=row.subject,
            kind=row.kind,
            due=row.due,
            status=row.status,
            by=row.by,
            owner_id=row.owner_id,
            owner=owners.get(row.owner_id, ""),
            contact_id=row.contact_id,
            contact=contacts.get(row.contact_id, ""),
            customer_id=row.customer_id,
            customer=customers.get(row.customer_id, ""),
            interaction_id=row.interaction_id,
            sentence=row.sentence,
            topic=row.topic,
            amount=row.amount,
            unit=row.unit,
            note=row.note,
            external_id=row.external_id,
            source=row.source,
            closed_at=row.closed_at,
            version=row.version,
        )
        for row in rows
    ]


def _about_seen(reader: Reader) -> list[ColumnElement[bool]]:
    """Return the conditions that whom a task is about is not hidden from the actor."""
    return [
        seen
        for seen in (_seen(reader, contact, task.c.contact_id), _seen(reader, customer, task.c.customer_id))
        if seen is not None
    ]


def _seen(reader: Reader, party: Table, about: ColumnElement[int | None]) -> ColumnElement[bool] | None:
    condition = reader.visibility.predicate(party)
    if condition is None:
        return None
    # Correlated, so that it looks up the few rows listed and never gathers all who are visible.
    visible = select(party.c.id).where(party.c.id == about, condition).exists()
    return or_(about.is_(None), task.c.owner_id == reader.actor.user_id, visible)
