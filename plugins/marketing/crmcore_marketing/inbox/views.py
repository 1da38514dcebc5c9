"""What came back, as it is listed, and the mailboxes with what was read from each."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, func, select

from crmcore.api import Reader, tables
from crmcore.mail import KINDS
from crmcore_marketing.tables import mailbox, message, received


@frozen(kw_only=True)
class ReceivedView:
    """A mail that came back; `details` tell how it was tied, who wrote, and of a bounce its state and hardness."""

    id: int
    at: datetime | None
    read_at: datetime
    kind: str
    address: str
    subject: str
    reason: str
    contact_id: int | None
    contact: str | None
    message_id: int | None
    mailing_id: int | None
    interaction_id: int | None
    external_id: str
    details: Mapping[str, Any]


@frozen(kw_only=True)
class MailboxView:
    """A mailbox: `mails` were read and kept, which is the sum of the `kinds`; `error` is why it cannot be read now.

    `lost` are mails that were counted and are not there: none, unless somebody removed them.
    """

    id: int
    name: str
    looked_at: datetime
    mails: int
    error: str
    kinds: Mapping[str, int] = field(factory=dict)
    lost: int = 0


def mails(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    key: int | None = None,
    kind: str = "",
    mailing_id: int | None = None,
    contact_id: int | None = None,
    tied: bool | None = None,
) -> list[ReceivedView]:
    """Return mails that came back, the newest first; `after` goes on below an id. One statement."""
    r = received.c
    names = [one for one in ReceivedView.__annotations__ if one in r]
    statement: Select[Any] = (
        select(*[r[name] for name in names], tables.contact.c.name.label("contact"), message.c.mailing_id)
        .outerjoin(tables.contact, tables.contact.c.id == r.contact_id)
        .outerjoin(message, message.c.id == r.message_id)
        .order_by(r.id.desc())
        .limit(limit)
    )
    given = ((r.id, key), (r.kind, kind or None), (message.c.mailing_id, mailing_id), (r.contact_id, contact_id))
    for column, value in given:
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(r.id < after)
    if tied is not None:
        statement = statement.where(r.message_id.is_not(None) if tied else r.message_id.is_(None))
    return [ReceivedView(**row._mapping) for row in reader.rows(statement)]


def mailboxes(reader: Reader) -> list[MailboxView]:
    """Return the mailboxes that were read, by name, with their mails counted by kind: two statements."""
    m, r = mailbox.c, received.c
    rows = reader.rows(select(m.id, m.name, m.looked_at, m.mails, m.error).order_by(m.name))
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    counted = select(r.mailbox_id, r.kind, func.count().label("n")).group_by(r.mailbox_id, r.kind)
    for row in reader.rows(counted):
        counts[row.mailbox_id][row.kind] = row.n
    return [
        MailboxView(
            **row._mapping,
            kinds={kind: counts[row.id][kind] for kind in KINDS if kind in counts[row.id]},
            lost=row.mails - sum(counts[row.id].values()),
        )
        for row in rows
    ]
