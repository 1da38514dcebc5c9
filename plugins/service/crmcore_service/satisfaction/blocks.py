"""Satisfaction in briefs and timelines: what a party said of how it was served."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from crmcore.api import Block, Entry, PluginReader, Subject, tables
from crmcore_service.i18n import _
from crmcore_service.tables import rating, ticket

_SHOWN = 5


def last_ratings(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Show the last scores of the party, and whether a low one is being made good: one statement."""
    rows = reader.rows(_said(subject, now).limit(_SHOWN))
    if rows:
        yield Block(
            title=_("Satisfaction"),
            weight=44,
            headings=(_("when"), _("who"), _("score"), _("comment"), _("made good")),
            rows=tuple(
                (
                    row.answered_at.astimezone(now.tzinfo).date().isoformat(), row.who, f"{row.score}/5", row.comment,
                    _(row.task) if row.task else "",
                )
                for row in rows
            ),
            data=[dict(row._mapping) for row in rows],
        )  # fmt: skip


def rating_entries(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Tell what people of the party said: one statement."""
    for row in reader.rows(_said(subject, before).limit(limit)):
        said = _("{score} of 5 for “{subject}”").format(score=row.score, subject=row.subject or "")
        yield Entry(
            at=row.answered_at, kind="rating", who=row.who, text=f"{said}: {row.comment}" if row.comment else said,
            entity=rating.name, id=row.id, data={"score": row.score, "ticket_id": row.ticket_id},
        )  # fmt: skip


def _said(subject: Subject, before: datetime | None) -> Select[Any]:
    r, k = rating.c, tables.task.c
    wanted = (
        select(
            r.id, r.ticket_id, r.answered_at, r.score, r.comment, func.coalesce(tables.contact.c.name, "").label("who"),
            func.coalesce(k.status, "").label("task"), ticket.c.subject,
        )
        .join(ticket, ticket.c.id == r.ticket_id, isouter=True)
        .join(tables.contact, tables.contact.c.id == r.contact_id, isouter=True)
        .join(tables.task, k.id == r.task_id, isouter=True)
        .where(_about(subject), r.score.is_not(None), r.answered_at.is_not(None))
        .order_by(r.answered_at.desc(), r.id.desc())
    )  # fmt: skip
    return wanted if before is None else wanted.where(r.answered_at <= before)


def _about(subject: Subject) -> ColumnElement[bool]:
    if subject.entity == "contact":
        return rating.c.contact_id.in_(subject.contact_ids)
    return rating.c.customer_id.in_(subject.customer_ids)
