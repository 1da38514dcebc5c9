"""Campaigns in briefs and timelines: what somebody is in, what they got, and whether they answered."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import campaign, member, touch

_MOST = 10


def _about(subject: Subject, table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is about the party: a contact's own, or the customer's."""
    if subject.entity == "contact":
        return table.c.contact_id.in_(subject.contact_ids)
    return table.c.customer_id.in_(subject.customer_ids)


def campaigns(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the latest campaigns of the party, how far it came in each, and when it last met us there: one statement."""
    m, c, t = member.c, campaign.c, touch.c
    since = func.coalesce(m.joined_at, m.created_at)
    latest = (
        select(m.id, m.campaign_id, m.contact_id, m.status, m.responded_at, since.label("joined_at"))
        .where(_about(subject, member))
        .order_by(since.desc(), m.id.desc())
        .limit(_MOST)
        .subquery("latest")
    )
    n = latest.c
    last = select(func.max(t.at)).where(t.campaign_id == n.campaign_id, t.contact_id == n.contact_id).scalar_subquery()
    rows = reader.rows(
        select(n.id, n.status, n.responded_at, n.joined_at, last.label("last_at"), c.code, c.name)
        .add_columns(n.campaign_id, n.contact_id, tables.contact.c.name.label("contact"))
        .join_from(latest, campaign, c.id == n.campaign_id)
        .outerjoin(tables.contact, tables.contact.c.id == n.contact_id)
        .order_by(n.joined_at.desc(), n.id.desc())
    )
    if not rows:
        return
    yield Block(
        title=_("Campaigns"),
        weight=42,
        headings=(_("campaign"), _("contact"), _("status"), _("since"), _("last"), _("answered"), _("id")),
        rows=tuple(
            (
                f"{row.code} {row.name}".strip(), row.contact or "", _(row.status), _day(row.joined_at, now),
                _day(row.last_at, now), _day(row.responded_at, now) or "–", str(row.campaign_id),
            )
            for row in rows
        ),
        data=[dict(row._mapping) for row in rows],
    )  # fmt: skip


def _day(at: datetime | None, now: datetime) -> str:
    return at.astimezone(now.tzinfo).date().isoformat() if at else ""


def touches(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Tell of each time the party met a campaign; mails sent and answered are interactions, told by the core.

    One statement.
    """
    t, c = touch.c, campaign.c
    wanted = (
        select(t.id, t.at, t.kind, t.channel, t.product, t.campaign_id, c.code, c.name)
        .add_columns(tables.contact.c.name.label("contact"))
        .join_from(touch, campaign, c.id == t.campaign_id)
        .outerjoin(tables.contact, tables.contact.c.id == t.contact_id)
        .where(_about(subject, touch))
        .order_by(t.at.desc(), t.id.desc())
        .limit(limit)
    )
    for row in reader.rows(wanted if before is None else wanted.where(t.at <= before)):
        yield Entry(
            at=row.at,
            kind=_("campaign"),
            who=row.contact or "",
            text=_told(row),
            entity=touch.name,
            id=row.id,
            data={"campaign": row.campaign_id, "kind": row.kind, "channel": row.channel, "product": row.product},
        )


def _told(row: Any) -> str:
    what = ", ".join(each for each in (_(row.kind), row.channel and _(row.channel), row.product) if each)
    return f"{f'{row.code} {row.name}'.strip()}: {what}"
