"""Interactions as lists and single views, newest first, with who took part."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_

from crmcore.directory.finding import names
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, interaction, participant, user_account
from crmcore.errors import NotFound
from crmcore.fields.columns import narrowed
from crmcore.fields.entering import held
from crmcore.i18n import _


@frozen(kw_only=True)
class ParticipantView:
    """Somebody who took part. A private contact of somebody else took part, but is not named."""

    role: str
    name: str
    address: str
    contact_id: int | None
    user_id: int | None
    customer_id: int | None
    status: str


@frozen(kw_only=True)
class InteractionView:
    """An interaction as listed. When it is `hidden`, somebody else's privacy empties what was said."""

    id: int
    channel: str
    direction: str
    at: datetime | None
    day: date | None
    zone: str
    seconds: int | None
    subject: str
    body: str
    quoted: str
    location: str
    status: str
    participants: list[ParticipantView]
    attachments: list[Any]
    details: dict[str, Any]
    custom: dict[str, Any]
    customer_id: int | None
    contact_id: int | None
    user_id: int | None
    private: bool
    hidden: bool
    origin: str
    external_id: str | None
    thread: str
    source: str
    version: int


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    channel: str = "",
    contact_id: int | None = None,
    customer_id: int | None = None,
    user_id: int | None = None,
    since: datetime | None = None,
    text: str = "",
    where: Sequence[str] = (),
) -> list[InteractionView]:
    """Return interactions, newest first, `limit` at most, from the one that follows the interaction `after`.

    A contact's interactions are those it took part in, not only those it was the main partner of.
    """
    c = interaction.c
    statement = select(interaction).order_by(c.moment.desc(), c.id.desc()).limit(limit)
    statement = narrowed(statement, interaction, where, reader.definitions)
    if channel:
        statement = statement.where(c.channel == channel)
    if contact_id is not None:
        took_part = select(participant.c.interaction_id).where(participant.c.contact_id == contact_id)
        statement = statement.where(or_(c.contact_id == contact_id, c.id.in_(took_part)))
    if customer_id is not None:
        statement = statement.where(c.customer_id == customer_id)
    if user_id is not None:
        statement = statement.where(c.user_id == user_id)
    if since is not None:
        statement = statement.where(c.moment >= since)
    if text:
        statement = statement.where(_says(reader, text))
    if after is not None:
        moment = reader.value(select(c.moment).where(c.id == after))
        if moment is None:
            raise NotFound(_("There is no interaction {id}.").format(id=after))
        statement = statement.where(tuple_(c.moment, c.id) < tuple_(moment, after))
    return views(reader, statement)


def one(reader: Reader, interaction_id: int) -> InteractionView:
    """Return an interaction; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(interaction).where(interaction.c.id == interaction_id))
    if not found:
        raise NotFound(_("There is no interaction {id}.").format(id=interaction_id))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[InteractionView]:
    """Return the interactions a statement selects with their participants: four queries, however many rows."""
    rows = reader.rows(statement)
    people = _participants(reader, [row.id for row in rows])
    return [_view(reader, row, people[row.id], hidden=_hidden(reader, row)) for row in rows]


def _hidden(reader: Reader, row: Any) -> bool:
    me = reader.actor.user_id
    return bool(row.private and me not in (0, row.user_id))


def _says(reader: Reader, text: str) -> ColumnElement[bool]:
    """Return the condition that an interaction says `text`, and that the actor may read it."""
    from crmcore.search.matching import contains

    c, me = interaction.c, reader.actor.user_id
    said = contains("text_index", reader.connection.dialect.name, text, c.id)
    if reader.visibility.hidden_in("interaction") & {"subject", "body"}:  # the index holds what is hidden, too
        said &= and_(*(or_(c.subject.icontains(word), c.body.icontains(word)) for word in text.split()))
    return said if me == 0 else said & or_(c.private.is_(False), c.user_id == me)


def _view(reader: Reader, row: Any, people: list[ParticipantView], *, hidden: bool) -> InteractionView:
    details = {} if hidden else row.details
    return InteractionView(
        id=row.id,
        channel=row.channel,
        direction=row.direction,
        at=row.at,
        day=row.day,
        zone=row.zone,
        seconds=row.seconds,
        subject="" if hidden else row.subject,
        body="" if hidden else row.body,
        quoted="" if hidden else row.quoted,
        location="" if hidden else row.location,
        status=row.status,
        participants=people,
        attachments=details.get("attachments", []),
        details={name: value for name, value in details.items() if name != "attachments"},
        custom={} if hidden else held(reader.definitions, "interaction", row.custom),
        customer_id=row.customer_id,
        contact_id=row.contact_id,
        user_id=row.user_id,
        private=row.private,
        hidden=hidden,
        origin=row.origin,
        external_id=row.external_id,
        thread=row.thread,
        source=row.source,
        version=row.version,
    )


def _participants(reader: Reader, ids: Sequence[int]) -> dict[int, list[ParticipantView]]:
    p = participant.c
    found: dict[int, list[ParticipantView]] = defaultdict(list)
    rows = reader.rows(select(participant).where(p.interaction_id.in_(ids)).order_by(p.interaction_id, p.id))
    contacts = names(reader, contact, (row.contact_id for row in rows))
    users = _users(reader, [row.user_id for row in rows if row.user_id is not None])
    for row in rows:
        unseen = row.contact_id is not None and row.contact_id not in contacts
        known = contacts.get(row.contact_id, "") or users.get(row.user_id, "")
        found[row.interaction_id].append(
            ParticipantView(
                role=row.role,
                name="" if unseen else row.name or known,
                address="" if unseen else row.address,
                contact_id=None if unseen else row.contact_id,
                user_id=row.user_id,
                customer_id=row.customer_id,
                status=row.status,
            )
        )
    return found


def _users(reader: Reader, ids: Sequence[int]) -> dict[int, str]:
    c = user_account.c
    rows = reader.rows(select(c.id, c.name, c.login).where(c.id.in_(ids)))
    return {row.id: row.name or row.login for row in rows}
