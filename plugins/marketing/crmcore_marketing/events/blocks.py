"""The part of events in briefs and timelines: what a party is registered for, and what it came to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, union_all

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import event, registration

_MOST = 20


def events_to_come(subject: Subject, now: datetime, reader: PluginReader) -> Iterable[Block]:
    """Show the events to come that a contact, or people of a customer, are registered for: one statement."""
    r, e = registration.c, event.c
    wanted = (
        select(
            r.id,
            r.status,
            e.id.label("event_id"),
            e.name,
            e.starts_at,
            e.zone,
            e.place,
            tables.contact.c.name.label("who"),
        )
        .join(event, e.id == r.event_id)
        .join(tables.contact, tables.contact.c.id == r.contact_id, isouter=True)
        .where(_about(subject), e.ends_at > now, e.status == "planned", r.status.in_(("registered", "waiting")))
        .order_by(e.starts_at, r.id)
        .limit(_MOST)
    )
    rows = reader.rows(wanted)
    if rows:
        yield Block(
            title=_("Events"),
            weight=45,
            headings=(_("begins"), _("what"), _("who"), _("place"), _("state")),
            rows=tuple(
                (_moment(row.starts_at, row.zone), row.name, row.who or "", row.place, _(row.status)) for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )


def event_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    """Contribute when somebody registered and came, for events of no campaign; others are touches. One statement."""
    r, e = registration.c, event.c
    told = (r.id, e.name, r.status, r.channel, tables.contact.c.name.label("who"))
    parts = [
        select(*told, at.label("at"))
        .join(event, e.id == r.event_id)
        .join(tables.contact, tables.contact.c.id == r.contact_id, isouter=True)
        .where(
            _about(subject),
            e.campaign_id.is_(None),
            at.is_not(None),
            at <= before if before is not None else at.is_not(None),
        )
        for at in (r.registered_at, r.attended_at)
    ]
    both = union_all(*parts).subquery()
    for row in reader.rows(select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)):
        yield Entry(
            at=row.at,
            kind="event",
            who=row.who or "",
            text=f"{row.name}: {_(row.status)}",
            entity=registration.name,
            id=row.id,
            data={"event": row.name, "status": row.status, "channel": row.channel},
        )


def _about(subject: Subject) -> ColumnElement[bool]:
    r = registration.c
    if subject.entity == "contact":
        return r.contact_id.in_(subject.contact_ids)
    return r.customer_id.in_(subject.customer_ids)


def _moment(at: Any, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone or 'UTC')):%Y-%m-%d %H:%M}"
