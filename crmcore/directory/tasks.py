"""Tasks as lists and single views, what is due first on top."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, Select, Table, or_, select, tuple_

from crmcore.directory.finding import logins, names
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, task
from crmcore.errors import NotFound
from crmcore.fields.columns import narrowed
from crmcore.fields.entering import held
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
    custom: dict[str, Any]
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
    where: Sequence[str] = (),
) -> list[TaskView]:
    """Return tasks, earliest due first and those without a date last, from the one that follows the task `after`."""
    c = task.c
    statement = narrowed(select(task), task, where, reader.definitions)
    equal = ((c.status, status), (c.owner_id, owner_id), (c.contact_id, contact_id), (c.customer_id, customer_id))
    for column, value in equal:
        if value:
            statement = statement.where(column == value)
    if due_before is not None:
        statement = statement.where(c.due < due_before)
    last = None if after is None else _last(reader, after)
    rows: list[Row[Any]] = []
    # In two steps, because the databases disagree on where "no date" stands in an index.
    if last is None or last.due is not None:
        dated = statement.where(c.due.is_not(None))
        if last is not None:
            dated = dated.where(tuple_(c.due, c.id) > tuple_(last.due, after))
        rows += _rows(reader, dated.order_by(c.due, c.id).limit(limit))
    if len(rows) < limit and due_before is None:
        undated = statement.where(c.due.is_(None))
        if last is not None and last.due is None:
            undated = undated.where(c.id > after)
        rows += _rows(reader, undated.order_by(c.id).limit(limit - len(rows)))
    return _views(reader, rows)


def _last(reader: Reader, after: int) -> Row[Any]:
    last = reader.first(select(task.c.due).where(task.c.id == after))
    if last is None:
        raise NotFound(_("There is no task {id}.").format(id=after))
    return last


def one(reader: Reader, task_id: int) -> TaskView:
    """Return a task; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, _rows(reader, select(task).where(task.c.id == task_id)))
    if not found:
        raise NotFound(_("There is no task {id}.").format(id=task_id))
    return found[0]


def _rows(reader: Reader, statement: Select[Any]) -> Sequence[Row[Any]]:
    """Return the tasks a statement selects.

    A task about a private contact or customer is seen only by its owner, and by who may see that one.
    """
    return reader.rows(statement.where(*_about_seen(reader)))


def _views(reader: Reader, rows: Sequence[Row[Any]]) -> list[TaskView]:
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
            custom=held(reader.definitions, "task", row.custom),
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
