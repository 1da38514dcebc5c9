"""Of some people, whom sales talked to lately, by rep, and whom nobody did (row S1-V07)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from crmcore.api import Reader, tables

DEPARTMENTS = ("sales", "销售", "销售部", "sales department")
ROLES = ("rep",)
_NOT_HELD = ("planned", "tentative", "cancelled", "missed", "declined")
_REPS = 1_000


@frozen(kw_only=True)
class RepShare:
    """A rep, with how many of the people had a touch of theirs; somebody whom two reps know is counted with both."""

    login: str
    people: int


@frozen(kw_only=True)
class Person:
    """Somebody, with the last touch of sales, if there was one."""

    id: int
    name: str
    last_at: datetime | None
    rep: str


@frozen(kw_only=True)
class Coverage:
    """Of `total` people `touched` had a touch of sales since then, and `none` had not."""

    total: int
    touched: int
    days: int
    since: datetime
    reps: Sequence[RepShare]

    @property
    def none(self) -> int:
        """Return how many had no touch of sales."""
        return self.total - self.touched


def coverage(reader: Reader, people: Select[Any], *, days: int) -> Coverage:
    """Return how many of the people (a select of one column, their ids) sales talked to in so many days.

    A touch is what passed between them and somebody of sales, by whichever channel; our notes to ourselves are none.
    Three statements.
    """
    since = reader.now - timedelta(days=days)
    whom = people.subquery("people")
    key = next(iter(whom.c))
    met = _touches(since, reader.now).subquery("met")
    total = reader.value(select(func.count(key.distinct())).select_from(whom))
    touched = reader.value(select(func.count(key.distinct())).select_from(whom.join(met, met.c.contact_id == key)))
    u = tables.user_account.c
    reps = reader.rows(
        select(u.login, func.count(key.distinct()).label("people"))
        .select_from(whom.join(met, met.c.contact_id == key).join(tables.user_account, u.id == met.c.user_id))
        .group_by(u.login)
        .order_by(func.count(key.distinct()).desc(), u.login)
        .limit(_REPS)
    )
    return Coverage(
        total=total or 0, touched=touched or 0, days=days, since=since, reps=[RepShare(**row._mapping) for row in reps]
    )


def persons(
    reader: Reader, people: Select[Any], *, days: int, touched: bool, limit: int, after: int | None = None
) -> list[Person]:
    """Return those whom sales talked to, each with the last touch, or those whom nobody did: one statement."""
    since = reader.now - timedelta(days=days)
    met, user = _touches(since, reader.now).subquery("met"), tables.user_account.c
    last = select(met.c.contact_id, func.max(met.c.moment).label("last_at")).group_by(met.c.contact_id).subquery()
    who = (
        select(func.min(user.login))
        .where(met.c.contact_id == last.c.contact_id, met.c.moment == last.c.last_at, user.id == met.c.user_id)
        .correlate(last)
        .scalar_subquery()
    )
    c = tables.contact.c
    wanted: Select[Any] = (
        select(c.id, c.name, last.c.last_at, func.coalesce(who, "").label("rep"))
        .select_from(tables.contact.outerjoin(last, last.c.contact_id == c.id))
        .where(c.id.in_(people), last.c.contact_id.is_not(None) if touched else last.c.contact_id.is_(None))
        .order_by(c.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(c.id > after)
    return [Person(**row._mapping) for row in reader.rows(wanted)]


def _touches(since: datetime, until: datetime) -> Select[Any]:
    """Return (contact_id, user_id, moment) of what passed between people and sales, as one of several took part too."""
    i, p, u = tables.interaction.c, tables.participant.c, tables.user_account.c
    ours = select(u.id).where(_of_sales())
    held = (i.moment > since, i.moment <= until, i.channel != "note", i.status.not_in(_NOT_HELD), i.user_id.in_(ours))
    direct = select(i.contact_id, i.user_id, i.moment).where(i.contact_id.is_not(None), *held)
    present = (
        select(p.contact_id, i.user_id, i.moment)
        .join_from(tables.participant, tables.interaction, i.id == p.interaction_id)
        .where(p.contact_id.is_not(None), p.contact_id != i.contact_id, *held)
    )
    both = union_all(direct, present).subquery()
    return select(both)


def _of_sales() -> ColumnElement[bool]:
    u = tables.user_account.c
    return or_(func.lower(u.department).in_(DEPARTMENTS), u.role.in_(ROLES))
