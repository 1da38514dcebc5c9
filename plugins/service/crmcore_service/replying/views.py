"""Listing the mail to customers, and what has to be seen to."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import InvalidInput, PluginReader, Reader, Trouble, tables
from crmcore_service.i18n import _
from crmcore_service.replying.addressing import FROM, sender_of
from crmcore_service.replying.hearing import WANTED
from crmcore_service.replying.states import UNKNOWN, UNSETTLED, WITHHELD
from crmcore_service.tables import outgoing, queue

_LATE = timedelta(minutes=30)
_RECENT = timedelta(days=7)
_SHOWN = 20
_QUEUES = 200


@frozen(kw_only=True)
class OutgoingView:
    """A mail as it is listed; `ticket` and `order` are as people name them."""

    id: int
    kind: str
    ticket: str
    order: str
    contact_id: int | None
    contact: str | None
    user: str | None
    address: str
    subject: str
    text: str
    status: str
    reason: str
    due_at: datetime
    attempts: int
    taken_at: datetime | None
    sent_at: datetime | None
    interaction_id: int | None
    message_id: str


@frozen(kw_only=True)
class Standing:
    """How many mails are in a state, and since when the oldest of them waits."""

    status: str
    count: int
    oldest: datetime


def outgoings(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    ticket_id: int | None = None,
    contact_id: int | None = None,
    status: str = "",
    kind: str = "",
    key: int | None = None,
) -> list[OutgoingView]:
    """Return mails in the order of their ids: one statement."""
    c, u = outgoing.c, tables.user_account.c
    wanted: Select[Any] = (
        select(
            *[c[name] for name in OutgoingView.__annotations__ if name in c], c.ticket_id, c.work_order_id,
            tables.contact.c.name.label("contact"), u.login.label("user"),
        )
        .outerjoin(tables.contact, tables.contact.c.id == c.contact_id)
        .outerjoin(tables.user_account, u.id == c.user_id)
        .order_by(c.id)
        .limit(limit)
    )  # fmt: skip
    for column, value in (
        (c.ticket_id, ticket_id), (c.contact_id, contact_id), (c.status, status), (c.kind, kind), (c.id, key),
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [_view(dict(row._mapping)) for row in reader.rows(wanted)]


def _view(row: dict[str, Any]) -> OutgoingView:
    ticket_id, order_id = row.pop("ticket_id"), row.pop("work_order_id")
    return OutgoingView(
        ticket=f"T{ticket_id}" if ticket_id else "", order=f"W{order_id}" if order_id else "", **row
    )  # fmt: skip


def standing(reader: Reader) -> Sequence[Standing]:
    """Return how many mails are in each state: one statement."""
    c = outgoing.c
    rows = reader.rows(
        select(c.status, func.count().label("count"), func.min(c.due_at).label("oldest"))
        .group_by(c.status)
        .order_by(c.status)
    )
    return [Standing(**row._mapping) for row in rows]


def troubles(reader: PluginReader) -> Iterator[Trouble]:
    """Yield what is wrong with the mail to customers, for `crm doctor`: seven statements."""
    yield from _senders(reader)
    c = outgoing.c
    lost = reader.rows(select(c.id, c.address, c.taken_at).where(c.status == UNKNOWN).order_by(c.id).limit(_SHOWN))
    for row in lost:
        said = _("mail {id} may have arrived at {address} or not; `crm service outgoing settle {id}` says it")
        yield Trouble(what="outgoing", message=said.format(id=row.id, address=row.address), since=row.taken_at)
    counted: tuple[Any, ...] = (func.count().label("n"), func.min(c.due_at).label("since"))
    late = reader.first(select(*counted).where(c.status.in_(UNSETTLED), c.due_at < reader.now - _LATE))
    if late is not None and late.n:
        said = _("{n} mails to customers wait to leave; does `crm worker` run, and is mail.smtp right?")
        yield Trouble(what="outgoing", message=said.format(n=late.n), since=late.since)
    held = reader.rows(
        select(c.address, *counted)
        .where(c.status == WITHHELD, c.due_at > reader.now - _RECENT)
        .group_by(c.address)
        .order_by(func.count().desc(), c.address)
        .limit(_SHOWN)
    )
    for row in held:
        said = _("{n} automatic mails to {address} were withheld: a machine seems to answer there")
        yield Trouble(what="loop", message=said.format(n=row.n, address=row.address), since=row.since)


def _senders(reader: PluginReader) -> Iterator[Trouble]:
    """Yield the queues from which no mail can be, and that nobody is named though new tickets are acknowledged."""
    q = queue.c
    for row in reader.rows(select(q.name, q.address).where(q.address != "").order_by(q.id).limit(_QUEUES)):
        try:
            sender_of(reader, row.address)
        except InvalidInput as error:
            said = _("no mail can be from the queue {queue}: {why}").format(queue=row.name, why=error)
            yield Trouble(what="sender", severity="error", message=said)
    if reader.setting(WANTED) and not reader.setting(FROM):
        said = _("new tickets are to be acknowledged, but service.from names nobody whom mail is from")
        yield Trouble(what="sender", message=said)
