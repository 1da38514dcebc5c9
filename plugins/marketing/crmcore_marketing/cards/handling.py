"""What is done with the people on a list, and how far it is: what happens with them takes them off by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from crmcore.api import InvalidInput, Reader, Transaction, tables
from crmcore_marketing.i18n import _
from crmcore_marketing.model.campaign import Member
from crmcore_marketing.tables import member, qualification

_NOT_HELD = ("planned", "tentative", "cancelled", "missed", "declined")


@frozen(kw_only=True)
class Listed:
    """Somebody on a list: how to reach him, for whom he stands."""

    id: int
    contact_id: int
    name: str
    customer: str
    title: str
    phone: str
    email: str


@frozen(kw_only=True)
class Progress:
    """How far a list is: of its people so many are handled. Those with no list are customers' or somebody's."""

    worklist: str
    people: int
    handled: int

    @property
    def left(self) -> int:
        """Return how many are left."""
        return self.people - self.handled


def is_handled(reader: Reader) -> ColumnElement[bool]:
    """Return the condition that a member was handled: so marked, asked what is needed, or talked with since.

    A talk is what passed between them and one of us; a mailing is none.
    """
    m, q, i = member.c, qualification.c, tables.interaction.c
    asked = exists().where(q.contact_id == m.contact_id, q.campaign_id == m.campaign_id)
    talked = exists().where(
        i.contact_id == m.contact_id, i.moment >= m.joined_at, i.moment <= reader.now, i.user_id.is_not(None),
        i.channel != "note", i.status.not_in(_NOT_HELD), i.source.not_like("plugin marketing%"),
    )  # fmt: skip
    return or_(m.handled_at.is_not(None), asked, talked)


def progress(reader: Reader, campaign_id: int) -> list[Progress]:
    """Return how far each list of a campaign is: one statement."""
    m = member.c
    rows = reader.rows(
        select(m.worklist, func.count().label("people"), func.count().filter(is_handled(reader)).label("handled"))
        .where(m.campaign_id == campaign_id, m.standing != "")
        .group_by(m.worklist)
        .order_by(m.worklist)
    )
    return [Progress(**row._mapping) for row in rows]


def standings(reader: Reader, campaign_id: int) -> dict[str, int]:
    """Return how many of a campaign's people were what to us when they came: one statement."""
    m = member.c
    wanted = select(m.standing, func.count().label("n")).where(m.campaign_id == campaign_id, m.standing != "")
    return {row.standing: row.n for row in reader.rows(wanted.group_by(m.standing))}


def waiting(reader: Reader, campaign_id: int, worklist: str, *, limit: int, after: int | None = None) -> list[Listed]:
    """Return the people of a list who wait, in the order they came: one statement."""
    m, c, p = member.c, tables.contact.c, tables.position.c
    place = select(func.min(p.id)).where(p.contact_id == c.id, p.ended.is_(None)).correlate(tables.contact)
    wanted: Select[Any] = (
        select(m.id, m.contact_id, c.name)
        .add_columns(
            func.coalesce(tables.customer.c.name, "").label("customer"),
            func.coalesce(p.title, "").label("title"),
            func.coalesce(_reached("phone"), "").label("phone"),
            func.coalesce(_reached("email"), "").label("email"),
        )
        .select_from(
            member.join(tables.contact, c.id == m.contact_id)
            .outerjoin(tables.position, p.id == place.scalar_subquery())
            .outerjoin(tables.customer, tables.customer.c.id == p.customer_id)
        )
        .where(m.campaign_id == campaign_id, m.worklist == worklist, m.standing != "", ~is_handled(reader))
        .order_by(m.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(m.id > after)
    return [Listed(**row._mapping) for row in reader.rows(wanted)]


def handle(tx: Transaction, members: Sequence[Member], reason: str, at: datetime) -> int:
    """Take people off their list, and say why; returns how many were on it. Raises `InvalidInput` without a reason."""
    if not reason.strip():
        raise InvalidInput(_("Say what was done, or why nothing is."))
    on = [one for one in members if one.handled_at is None]
    for one in on:
        one.handled_at = at
        one.note = reason
    tx.flush()
    return len(on)


def _reached(kind: str) -> Any:
    point, c = tables.contact_point.c, tables.contact.c
    first = select(func.min(point.value)).where(point.contact_id == c.id, point.kind == kind)
    return first.correlate(tables.contact).scalar_subquery()
