"""What the brief and the timeline of a customer or contact show of leads."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_sales.i18n import _
from crmcore_sales.leads.states import shown
from crmcore_sales.tables import lead

_SHOWN = 10


def _about(subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a lead is about the party: a contact's own, or the customer's."""
    c = lead.c
    return c.customer_id == subject.id if subject.entity == "customer" else c.contact_id == subject.id


def _owner() -> ColumnElement[Any]:
    u = tables.user_account.c
    return select(u.login).where(u.id == lead.c.owner_id).scalar_subquery().label("owner")


def lead_block(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Yield the open leads of the party, those that wait longest first: one statement."""
    c = lead.c
    open_ = (
        select(c.id, c.title, c.status, c.lead_source, c.received_at, c.contacted_at, c.returned, _owner())
        .where(_about(subject), c.closed_at.is_(None))
        .order_by(c.received_at, c.id)
        .limit(_SHOWN)
    )
    rows = reader.rows(open_)
    if rows:
        yield Block(
            title=_("Leads"),
            weight=38,
            headings=(_("since"), _("lead"), _("source"), _("owner"), _("our first word"), _("id")),
            rows=tuple(
                (
                    _day(row.received_at, now),
                    row.title,
                    row.lead_source,
                    row.owner or _("in the pool"),
                    _day(row.contacted_at, now) if row.contacted_at else "–",
                    str(row.id),
                )
                for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )


def _day(at: datetime, now: datetime) -> str:
    return at.astimezone(now.tzinfo).date().isoformat()


def lead_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Yield when leads came and what became of them: one statement."""
    c = lead.c
    came = _moments(subject, before, c.received_at, "received", limit)
    came = came.where(c.closed_at.is_distinct_from(c.received_at))  # a record has one entry for an instant
    closed = _moments(subject, before, c.closed_at, "closed", limit)
    # Selects of their own, so that order and limit hold within a union on SQLite, too.
    both = union_all(*(select(part.subquery()) for part in (came, closed))).subquery()
    newest = select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(limit)
    for row in reader.rows(newest):
        is_new = row.what == "received"
        told = (
            row.lead_source
            if is_new
            else ": ".join(each for each in (shown(reader.definitions, row.status), row.reason) if each)
        )
        yield Entry(
            at=row.at,
            kind=_("lead") if is_new else _("lead closed"),
            who=row.owner or "",
            text=f"{row.title} ({told})" if told else row.title,
            entity=lead.name,
            id=row.id,
            data={"what": row.what, "status": row.status, "reason": row.reason, "source": row.lead_source},
        )


def _moments(subject: Subject, before: datetime | None, at: ColumnElement[Any], what: str, limit: int) -> Select[Any]:
    c = lead.c
    until = at.is_not(None) if before is None else at <= before
    told = (c.id, c.title, c.status, c.reason, c.lead_source, at.label("at"), literal(what).label("what"), _owner())
    return select(*told).where(_about(subject), until).order_by(at.desc(), c.id.desc()).limit(limit)
