"""What was said in a ticket, in its order, across channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import and_, func, or_, select

from crmcore.api import tables
from crmcore_service.assets.parties import AnyReader
from crmcore_service.tables import post


@frozen(kw_only=True)
class Spoken:
    """An interaction in a thread: when, by what channel, who, what; `why` it is in this ticket."""

    post_id: int
    interaction_id: int
    at: datetime
    channel: str
    direction: str
    automatic: bool
    why: str
    contact_id: int | None
    contact: str
    user: str
    subject: str
    text: str


def thread(reader: AnyReader, ticket_id: int, *, limit: int, after: int | None = None) -> Sequence[Spoken]:
    """Return what was said in a ticket, the oldest first, from behind the interaction `after`: one statement or two.

    The words of a private interaction are its user's alone.
    """
    p, i, c, u = post.c, tables.interaction.c, tables.contact.c, tables.user_account.c
    me = reader.actor.user_id
    readable = or_(i.private.is_(False), i.user_id == me) if me else i.id.is_not(None)
    wanted = (
        select(p.id.label("post_id"), p.interaction_id, p.at, p.channel, p.direction, p.automatic, p.why)
        .add_columns(
            i.contact_id, func.coalesce(c.name, "").label("contact"), func.coalesce(u.login, "").label("user"),
            _shown(readable, i.subject).label("subject"), _shown(readable, i.body).label("text"),
        )
        .select_from(
            post.join(tables.interaction, i.id == p.interaction_id)
            .outerjoin(tables.contact, c.id == i.contact_id)
            .outerjoin(tables.user_account, u.id == i.user_id)
        )
        .where(p.ticket_id == ticket_id)
        .order_by(p.at, p.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        last = reader.first(select(p.at, p.id).where(p.interaction_id == after))
        if last is not None:
            wanted = wanted.where(or_(p.at > last.at, and_(p.at == last.at, p.id > last.id)))
    return [Spoken(**row._mapping) for row in reader.rows(wanted)]


def _shown(readable: Any, column: Any) -> Any:
    from sqlalchemy import case

    return case((readable, column), else_="")
