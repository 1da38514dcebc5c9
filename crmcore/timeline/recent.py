"""The brief's blocks of what is open and what passed between us, newest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, union

from crmcore.engine.open_tasks import OPEN_ABOUT
from crmcore.engine.prepared import ask
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, interaction, participant, task, user_account
from crmcore.engine.types import Id
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _
from crmcore.search.privacy import ME, task_seen
from crmcore.timeline.showing import shown_channel, shown_due, shown_moment, shown_seconds

LAST = 50
_BODY = 300
_TASKS = 50


def _name(column: Any, name: Any, label: str) -> Any:
    return select(name).where(name.table.c.id == column).scalar_subquery().label(label)


def _tasks(about: ColumnElement[bool]) -> Select[Any]:
    t = task.c
    return (
        select(
            t.id, t.subject, t.due, t.contact_id, t.customer_id, t.interaction_id,
            _name(t.owner_id, user_account.c.login, "owner"),
        )
        .where(t.kind == "task", about, task_seen(ME))
        .order_by(t.due.is_(None), t.due, t.id)
        .limit(_TASKS)
    )  # fmt: skip


def _talks(between: ColumnElement[bool]) -> Select[Any]:
    i = interaction.c
    return (
        select(
            i.id, i.channel, i.direction, i.at, i.day, i.moment, i.seconds, i.subject,
            func.substr(i.body, 1, _BODY).label("body"), i.private, i.user_id, i.contact_id, i.customer_id, i.status,
            _name(i.user_id, user_account.c.login, "user"), _name(i.contact_id, contact.c.name, "contact"),
        )
        .where(between)
        .order_by(i.moment.desc(), i.id.desc())
        .limit(LAST + 1)
    )  # fmt: skip


_KEY: BindParameter[int] = bindparam("id", type_=Id)
_OPEN = {entity: _tasks(about) for entity, about in OPEN_ABOUT.items()}
# A contact's interactions are also those it only took part in.
_LAST = {
    "customer": _talks(interaction.c.customer_id == _KEY),
    "contact": _talks(
        interaction.c.id.in_(
            union(
                select(interaction.c.id).where(interaction.c.contact_id == _KEY),
                select(participant.c.interaction_id).where(participant.c.contact_id == _KEY),
            )
        )
    ),
}


def open_tasks(subject: Subject, now: datetime, reader: Reader) -> Iterator[Block]:
    """Show open tasks, the earliest due first: one statement. Promises are in the ledger's own block."""
    values: dict[str, object] = {"id": subject.id, "me": reader.actor.user_id}
    if subject.entity == "customer":
        values["people"] = list(subject.contact_ids)
    rows = ask(reader, _OPEN[subject.entity], **values)
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
    rows = ask(reader, _LAST[subject.entity], id=subject.id)
    if not rows:
        return
    me, shown = reader.actor.user_id, rows[:LAST]
    hidden = [row.private and me not in (0, row.user_id) for row in shown]
    # Each channel is put into words once: there are a few, and fifty rows.
    channels = {pair: shown_channel(*pair) for pair in {(row.channel, row.direction) for row in shown}}
    more = len(rows) > LAST
    title = _("Last {count} interactions") if more else _("Interactions ({count})")
    yield Block(
        title=title.format(count=len(shown)),
        weight=90,
        headings=(_("when"), _("channel"), _("who"), _("what")),
        rows=tuple(
            (
                shown_moment(row.at or row.moment, row.day, now.tzinfo),
                channels[row.channel, row.direction],
                _who(row),
                _("(private)") if secret else _what(row),
            )
            for row, secret in zip(shown, hidden, strict=True)
        ),
        data=[
            row._asdict() | ({"subject": "", "body": "", "hidden": True} if secret else {"hidden": False})
            for row, secret in zip(shown, hidden, strict=True)
        ],
    )


def _who(row: Any) -> str:
    return " / ".join(name for name in (row.contact, row.user) if name)


def _what(row: Any) -> str:
    length, text = shown_seconds(row.seconds), row.subject or " ".join(row.body.split())[:80]
    told = f"{length}: {text}" if length and text else length or text
    return f"{told} ({_(row.status)})" if row.status in ("cancelled", "tentative") else told
