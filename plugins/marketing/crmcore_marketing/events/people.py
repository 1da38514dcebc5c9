"""Registrations as lists and programs see them, each with the messages it led to."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_marketing.tables import event, message, registration

_MOST = 50


@frozen(kw_only=True)
class Sent:
    """A message about a registration: what kind, how far it came, and when it left."""

    kind: str
    status: str
    reason: str
    due_at: datetime
    sent_at: datetime | None


@frozen(kw_only=True)
class RegistrationView:
    """A contact's registration; `confirmation` is how far the message about the seat came."""

    id: int
    event_id: int
    event: str
    starts_at: datetime
    contact_id: int | None
    contact: str
    customer_id: int | None
    customer: str
    status: str
    registered_at: datetime | None
    confirmed_at: datetime | None
    confirmation: str
    reminded: Sequence[int]
    attended_at: datetime | None
    channel: str
    messages: Sequence[Sent]


def registrations(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    event_id: int | None = None,
    contact_id: int | None = None,
    status: str = "",
) -> list[RegistrationView]:
    """Return registrations in the order of their ids, after one of them: two statements."""
    r, e, contact, customer = registration.c, event.c, tables.contact.c, tables.customer.c
    wanted = (
        select(
            r.id, r.event_id, e.name.label("event"), e.starts_at, r.contact_id, r.customer_id, r.status,
            r.registered_at, r.confirmed_at, r.reminded, r.attended_at, r.channel,
            func.coalesce(contact.name, "").label("contact"), func.coalesce(customer.name, "").label("customer"),
        )
        .join(event, e.id == r.event_id)
        .join(tables.contact, contact.id == r.contact_id, isouter=True)
        .join(tables.customer, customer.id == r.customer_id, isouter=True)
        .order_by(r.id)
        .limit(limit)
    )  # fmt: skip
    for column, value in ((r.event_id, event_id), (r.contact_id, contact_id), (r.status, status or None)):
        if value is not None:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(r.id > after)
    rows = reader.rows(wanted)
    messages = _messages(reader, [row.id for row in rows])
    return [
        RegistrationView(**row._mapping, messages=messages[row.id], confirmation=_confirmation(messages[row.id]))
        for row in rows
    ]


def _messages(reader: Reader | PluginReader, ids: Sequence[int]) -> dict[int, list[Sent]]:
    m = message.c
    found: dict[int, list[Sent]] = defaultdict(list)
    statement = select(m.registration_id, m.kind, m.status, m.reason, m.due_at, m.sent_at)
    wanted: Any = statement.where(m.registration_id.in_(ids)).order_by(m.id).limit(len(ids) * _MOST)
    for row in reader.rows(wanted) if ids else ():
        found[row.registration_id].append(
            Sent(kind=row.kind, status=row.status, reason=row.reason, due_at=row.due_at, sent_at=row.sent_at)
        )
    return found


def _confirmation(messages: Sequence[Sent]) -> str:
    return next((one.status for one in reversed(messages) if one.kind == "confirmation"), "")
