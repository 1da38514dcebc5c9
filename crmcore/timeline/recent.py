"""The brief's blocks of what is open and what passed between us, newest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, union

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, interaction, participant, task, user_account
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.search.privacy import task_seen
from crmcore.timeline.showing import shown_channel, shown_due, shown_moment, shown_seconds

LAST = 50
_BODY = 300
_TASKS = 50


def open_tasks(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show open tasks, the earliest due first: one statement. Promises are in the ledger's own block."""
    t = task.c
    if subject.entity == "customer":
        about = or_(t.customer_id == subject.id, t.customer_id.is_(None) & t.contact_id.in_(subject.contact_ids))
    else:
        about = t.contact_id == subject.id
    statement = (
        select(
            t.id, t.subject, t.due, t.contact_id, t.customer_id, t.interaction_id,
            select(user_account.c.login).where(user_account.c.id == t.owner_id).scalar_subquery().label("owner"),
        )
        .where(t.kind == "task", t.status == "open", about, *task_seen(reader))
        .order_by(t.due.is_(None), t.due, t.id)
        .limit(_TASKS)
    )  # fmt: skip
    rows = reader.rows(statement)
    if rows:
        yield Block(
            title=_("Open tasks"),
            weight=30,
            headings=(_("due"), _("who"), _("what"), _("id")),
            rows=tuple((shown_due(r.due, now.date()), r.owner or "", r.subject, str(r.id)) for r in rows),
            data=[dict(row._mapping) for row in rows],
        )


def interactions(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show the last fifty interactions: one statement. What was said in somebody else's private one is not told."""
    i = interaction.c
    statement = (
        select(
            i.id, i.channel, i.direction, i.at, i.day, i.moment, i.seconds, i.subject,
            func.substr(i.body, 1, _BODY).label("body"), i.private, i.user_id, i.contact_id, i.customer_id, i.status,
            select(user_account.c.login).where(user_account.c.id == i.user_id).scalar_subquery().label("user"),
            select(contact.c.name).where(contact.c.id == i.contact_id).scalar_subquery().label("contact"),
        )
        .where(_between(subject))
        .order_by(i.moment.desc(), i.id.desc())
        .limit(LAST + 1)
    )  # fmt: skip
    rows = reader.rows(statement)
    if not rows:
        return
    me, shown = reader.actor.user_id, rows[:LAST]
    hidden = [row.private and me not in (0, row.user_id) for row in shown]
    more = len(rows) > LAST
    title = _("Last {count} interactions") if more else _("Interactions ({count})")
    yield Block(
        title=title.format(count=len(shown)),
        weight=90,
        headings=(_("when"), _("channel"), _("who"), _("what")),
        rows=tuple(
            (
                shown_moment(row.at or row.moment, row.day, now.tzinfo),
                shown_channel(row.channel, row.direction),
                _who(row),
                _("(private)") if secret else _what(row),
            )
            for row, secret in zip(shown, hidden, strict=True)
        ),
        data=[
            {**row._mapping, **({"subject": "", "body": ""} if secret else {}), "hidden": secret}
            for row, secret in zip(shown, hidden, strict=True)
        ],
    )


def _between(subject: Subject) -> ColumnElement[bool]:
    i, p = interaction.c, participant.c
    if subject.entity == "customer":
        return i.customer_id == subject.id
    partner = select(i.id).where(i.contact_id == subject.id)
    took_part = select(p.interaction_id).where(p.contact_id == subject.id)
    return i.id.in_(union(partner, took_part))


def _who(row: Any) -> str:
    return " / ".join(name for name in (row.contact, row.user) if name)


def _what(row: Any) -> str:
    length, text = shown_seconds(row.seconds), row.subject or " ".join(row.body.split())[:80]
    told = f"{length}: {text}" if length and text else length or text
    return f"{told} ({_(row.status)})" if row.status in ("cancelled", "tentative") else told
