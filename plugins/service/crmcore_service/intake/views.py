"""Mails that came in, as they are listed, and the mailboxes with what was read from each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, func, select

from crmcore.api import PluginReader, Reader, Trouble
from crmcore.mail import understood
from crmcore_service.i18n import _
from crmcore_service.intake import kinds
from crmcore_service.tables import mailbox, queue, reading, received

_SHOWN = 20


@frozen(kw_only=True)
class MailView:
    """A mail that came in: of which `kind`, why (`reason`), and the ticket it is in, or is about.

    `waits` says that it is no ticket, and nobody has looked at it yet. `mailbox` is empty where that is gone.
    """

    id: int
    at: datetime
    kind: str
    sender: str
    subject: str
    reason: str
    ticket_id: int | None
    interaction_id: int | None
    mailbox: str
    message_id: str
    settled_at: datetime | None
    waits: bool

    @property
    def ticket(self) -> str:
        """The number of the ticket, as people say it."""
        return f"T{self.ticket_id}" if self.ticket_id is not None else ""


@frozen(kw_only=True)
class MailboxView:
    """A mailbox: how many `mails` were read from it, which is the sum of its `kinds`; `error` is why it cannot be read.

    `lost` are mails that were counted and are not there: none, unless somebody removed them.
    """

    id: int
    name: str
    address: str
    password: str
    queue: str
    since: date | None
    active: bool
    note: str
    looked_at: datetime | None = None
    mails: int = 0
    error: str = ""
    kinds: Mapping[str, int] = field(factory=dict)
    waiting: int = 0
    lost: int = 0


def mails(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    key: int | None = None,
    kind: str = "",
    sender: str = "",
    ticket_id: int | None = None,
    mailbox_id: int | None = None,
    every: bool = False,
) -> list[MailView]:
    """Return mails that came in, the newest first; `after` goes on below an id. One statement.

    Without a kind or a ticket those that are no tickets and wait for somebody to look at them, unless it is `every`.
    """
    r = received.c
    names = [r[name] for name in MailView.__annotations__ if name in r]
    statement: Select[Any] = (
        select(*names, func.coalesce(mailbox.c.name, "").label("mailbox"))
        .outerjoin(mailbox, mailbox.c.id == r.mailbox_id)
        .order_by(r.id.desc())
        .limit(limit)
    )
    given = ((r.id, key), (r.kind, kind or None), (r.sender, sender or None), (r.ticket_id, ticket_id),
             (r.mailbox_id, mailbox_id))  # fmt: skip
    for column, value in given:
        if value is not None:
            statement = statement.where(column == value)
    if not (every or kind or ticket_id is not None or key is not None):
        statement = statement.where(r.kind != kinds.TICKET, r.settled_at.is_(None))
    if after is not None:
        statement = statement.where(r.id < after)
    return [MailView(**row._mapping, waits=_waits(row)) for row in reader.rows(statement)]


def _waits(row: Any) -> bool:
    return row.kind != kinds.TICKET and row.settled_at is None


def mailboxes(reader: Reader | PluginReader, key: int | None = None) -> list[MailboxView]:
    """Return the mailboxes, by name, with their mails counted by kind: two statements."""
    m, g, r = mailbox.c, reading.c, received.c
    asked = (
        select(m.id, m.name, m.address, m.password, m.since, m.active, m.note, g.looked_at, g.mails, g.error)
        .add_columns(func.coalesce(queue.c.name, "").label("queue"))
        .outerjoin(queue, queue.c.id == m.queue_id)
        .outerjoin(reading, g.mailbox_id == m.id)
        .order_by(m.name)
    )
    counted = select(r.mailbox_id, r.kind, r.settled_at.is_(None).label("open"), func.count().label("n")).group_by(
        r.mailbox_id, r.kind, r.settled_at.is_(None)
    )
    if key is not None:
        asked, counted = asked.where(m.id == key), counted.where(r.mailbox_id == key)
    by_kind: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    waiting: dict[int, int] = defaultdict(int)
    for row in reader.rows(counted):
        by_kind[row.mailbox_id][row.kind] += row.n
        waiting[row.mailbox_id] += row.n if row.open and row.kind != kinds.TICKET else 0
    return [
        MailboxView(
            **{**row._mapping, "mails": row.mails or 0, "error": row.error or ""},
            kinds={kind: by_kind[row.id][kind] for kind in kinds.KINDS if kind in by_kind[row.id]},
            waiting=waiting[row.id],
            lost=(row.mails or 0) - sum(by_kind[row.id].values()),
        )
        for row in reader.rows(asked)
    ]


def content(reader: Reader | PluginReader, key: int) -> str:
    """Return what a mail on the list says, as far as it is text; empty where nothing of it is kept."""
    raw = reader.value(select(received.c.content).where(received.c.id == key))
    mail = understood(bytes(raw)).mail if raw else None
    return mail.body if mail is not None else ""


def troubles(reader: PluginReader) -> Iterator[Trouble]:
    """Yield the mailboxes that cannot be read, for `crm doctor`: one statement."""
    m, g = mailbox.c, reading.c
    asked = select(m.name, g.error, g.looked_at).join(reading, g.mailbox_id == m.id).where(m.active, g.error != "")
    for row in reader.rows(asked.order_by(m.name).limit(_SHOWN)):
        said = _("mailbox {name} is not read: {problem}").format(name=row.name, problem=row.error)
        yield Trouble(what="mailbox", message=said, severity="error", since=row.looked_at)
