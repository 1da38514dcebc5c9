"""Mailings and messages as they are listed and shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, func, select

from crmcore.api import Reader, tables
from crmcore_marketing.sending.states import STATES
from crmcore_marketing.tables import campaign, mailing, message, template

REASONS_SHOWN = 50


@frozen(kw_only=True)
class MailingView:
    """A mailing as it is listed; `counts` are its messages by state."""

    id: int
    name: str
    status: str
    template: str
    campaign_id: int | None
    campaign: str | None
    audience_id: int | None
    material_id: int | None
    purpose: str
    rate: int | None
    starts_at: datetime | None
    queued_at: datetime | None
    finished_at: datetime | None
    note: str
    counts: Mapping[str, int] = field(factory=dict)


@frozen(kw_only=True)
class Reason:
    """Why messages of a mailing did not leave, or not yet, and how many."""

    status: str
    reason: str
    count: int


@frozen(kw_only=True)
class MessageView:
    """A message as it is listed."""

    id: int
    kind: str
    mailing_id: int | None
    contact_id: int | None
    contact: str | None
    address: str
    purpose: str
    status: str
    reason: str
    due_at: datetime
    attempts: int
    taken_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    replied_at: datetime | None
    clicked_at: datetime | None
    unsubscribed_at: datetime | None
    interaction_id: int | None


def mailings(
    reader: Reader, *, limit: int, after: int | None = None, status: str = "", key: int | None = None
) -> list[MailingView]:
    """Return mailings in the order of their ids, with their messages counted: two statements."""
    g = mailing.c
    wanted: Select[Any] = (
        select(
            *[g[name] for name in MailingView.__annotations__ if name in g],
            template.c.name.label("template"),
            campaign.c.name.label("campaign"),
        )
        .join(template, template.c.id == g.template_id)
        .outerjoin(campaign, campaign.c.id == g.campaign_id)
        .order_by(g.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(g.id > after)
    if status:
        wanted = wanted.where(g.status == status)
    if key is not None:
        wanted = wanted.where(g.id == key)
    rows = reader.rows(wanted)
    counts = _counts(reader, [row.id for row in rows])
    return [MailingView(**row._mapping, counts=counts.get(row.id, {})) for row in rows]


def _counts(reader: Reader, ids: list[int]) -> dict[int, dict[str, int]]:
    c = message.c
    found: dict[int, dict[str, int]] = {}
    statement = select(c.mailing_id, c.status, func.count().label("n")).where(c.mailing_id.in_(ids))
    for row in reader.rows(statement.group_by(c.mailing_id, c.status)) if ids else ():
        found.setdefault(row.mailing_id, {})[row.status] = row.n
    return {key: {one: said[one] for one in STATES if one in said} for key, said in found.items()}


def reasons(reader: Reader, mailing_id: int) -> list[Reason]:
    """Return why messages of a mailing did not leave, the most frequent first: one statement."""
    c = message.c
    statement = (
        select(c.status, c.reason, func.count().label("count"))
        .where(c.mailing_id == mailing_id, c.reason != "")
        .group_by(c.status, c.reason)
        .order_by(func.count().desc(), c.status, c.reason)
        .limit(REASONS_SHOWN)
    )
    return [Reason(**row._mapping) for row in reader.rows(statement)]


def messages(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    mailing_id: int | None = None,
    contact_id: int | None = None,
    status: str = "",
    kind: str = "",
    key: int | None = None,
) -> list[MessageView]:
    """Return messages in the order of their ids: one statement."""
    c = message.c
    wanted: Select[Any] = (
        select(*[c[name] for name in MessageView.__annotations__ if name in c], tables.contact.c.name.label("contact"))
        .outerjoin(tables.contact, tables.contact.c.id == c.contact_id)
        .order_by(c.id)
        .limit(limit)
    )
    for column, value in (
        (c.mailing_id, mailing_id), (c.contact_id, contact_id), (c.status, status), (c.kind, kind), (c.id, key),
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [MessageView(**row._mapping) for row in reader.rows(wanted)]
