"""The core's own part of a timeline: interactions, through the same hook as everybody's."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, func, select, true, union

from crmcore.engine.tables import contact, interaction, participant, user_account
from crmcore.engine.types import Id, Instant
from crmcore.hooks.reading import Entry, Subject
from crmcore.i18n import _
from crmcore.timeline.showing import shown_channel, shown_seconds

_BODY = 300
_KEY: BindParameter[int] = bindparam("id", type_=Id)
_BEFORE: BindParameter[datetime] = bindparam("before", type_=Instant)
# A contact's interactions are also those it only took part in.
_BETWEEN = {
    "customer": interaction.c.customer_id == _KEY,
    "contact": interaction.c.id.in_(
        union(
            select(interaction.c.id).where(interaction.c.contact_id == _KEY),
            select(participant.c.interaction_id).where(participant.c.contact_id == _KEY),
        )
    ),
}


def _name(column: Any, name: Any, label: str) -> Any:
    return select(name).where(name.table.c.id == column).scalar_subquery().label(label)


def _talks(between: ColumnElement[bool], until: ColumnElement[bool]) -> Select[Any]:
    i = interaction.c
    return (
        select(
            i.id, i.channel, i.direction, i.seconds, i.subject, func.substr(i.body, 1, _BODY).label("body"), i.private,
            i.user_id, i.contact_id, i.customer_id, i.status, _name(i.user_id, user_account.c.login, "user"),
            _name(i.contact_id, contact.c.name, "contact"), i.moment, i.day,
        )
        .where(between, until)
        .order_by(i.moment.desc(), i.id.desc())
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


_LAST = {entity: _talks(between, true()) for entity, between in _BETWEEN.items()}
_UNTIL = {entity: _talks(between, interaction.c.moment <= _BEFORE) for entity, between in _BETWEEN.items()}


def interactions(subject: Subject, before: datetime | None, limit: int, reader: Any) -> Iterator[Entry]:
    """Yield the newest interactions: one statement. What was said in somebody else's private one is not told."""
    if before is None:
        rows = reader.rows(_LAST[subject.entity], {"id": subject.id, "most": limit})
    else:
        rows = reader.rows(_UNTIL[subject.entity], {"id": subject.id, "most": limit, "before": before})
    me = reader.actor.user_id
    told = tuple(rows[0]._fields[:-2]) if rows else ()  # when it was is told by the entry itself
    # Each channel is put into words once: there are a few, and fifty rows.
    channels = {pair: shown_channel(*pair) for pair in {(row.channel, row.direction) for row in rows}}
    for row in rows:
        secret = row.private and me not in (0, row.user_id)
        data = dict(zip(told, row, strict=False))
        data["hidden"] = secret
        if secret:
            data["subject"] = data["body"] = ""
        yield Entry(
            at=row.moment,
            day=row.day,
            kind=channels[row.channel, row.direction],
            who=" / ".join([name for name in (row.contact, row.user) if name]),
            text=_("(private)") if secret else _what(row),
            entity="interaction",
            id=row.id,
            data=data,
        )


def _what(row: Any) -> str:
    length, text = shown_seconds(row.seconds), row.subject or " ".join(row.body.split())[:80]
    told = f"{length}: {text}" if length and text else length or text
    return f"{told} ({_(row.status)})" if row.status in ("cancelled", "tentative") else told
