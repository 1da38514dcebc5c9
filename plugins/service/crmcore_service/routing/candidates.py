"""Who may be given a ticket: the people of its queue, with what each of them can, has to do, and where they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from attrs import field, frozen
from sqlalchemy import Select, and_, case, func, or_, select

from crmcore.api import PluginReader, Reader, here, tables
from crmcore_service.model.spots import Spot, spot
from crmcore_service.tables import absence, asset, category, queue, skill, technician, ticket, visit

AnyReader = Reader | PluginReader
_WEIGHTS = {"P1": 4.0, "P2": 2.0, "P3": 1.0, "P4": 0.5}
_STANDING = ("waiting", "on_hold")
_ROLE, _MOST = "service", 1_000
_RECORD = timedelta(days=365)


class Concerned(Protocol):
    """Anything that somebody is to look after, such as a ticket."""

    queue_id: int | None
    category_id: int | None
    asset_id: int | None


@frozen(kw_only=True)
class Needed:
    """What a ticket takes: people of a team, a skill and how well it is mastered, the product's model, its place."""

    team: str = ""
    skill: str = ""
    level: int = 1
    model: str = ""
    spot: Spot | None = None
    assign: str = ""


@frozen(kw_only=True)
class Person:
    """One of our people: skills with their levels, load (open tickets weighted by priority), visits and how many fixed.

    `away_until` is the last day of an absence, `is_off` says that a technician takes nothing at present.
    """

    id: int
    login: str
    spot: Spot | None = None
    away_until: date | None = None
    is_off: bool = False
    skills: Mapping[str, int] = field(factory=dict)
    open: int = 0
    load: float = 0.0
    visits: int = 0
    fixed: int = 0


def needed(reader: AnyReader, about: Concerned) -> Needed:
    """Return what a ticket takes; its category goes before its queue. Three statements at most."""
    q, c, a = queue.c, category.c, asset.c
    line = reader.first(select(q.team, q.skill, q.assign).where(q.id == about.queue_id)) if about.queue_id else None
    kind = reader.first(select(c.skill, c.skill_level).where(c.id == about.category_id)) if about.category_id else None
    product = (
        reader.first(select(a.model, a.product, a.latitude, a.longitude).where(a.id == about.asset_id))
        if about.asset_id
        else None
    )
    named = (kind.skill if kind else "") or (line.skill if line else "")
    return Needed(
        team=line.team if line else "",
        skill=named,
        level=(kind.skill_level if kind and kind.skill else None) or 1,
        model=(product.model or product.product) if product else "",
        spot=spot(product.product, product.latitude, product.longitude) if product else None,
        assign=line.assign if line else "",
    )


def people(reader: AnyReader, team: str) -> list[Person]:
    """Return the active people of a team; of all who have the role service, where none is named. Five statements."""
    today = here(reader).today
    rows = reader.rows(_users(team, today).limit(_MOST))
    ids = [row.id for row in rows]
    if not ids:
        return []
    skills, loads, records = _skills(reader, ids, today), _loads(reader, ids), _records(reader, ids)
    found = []
    for row in rows:
        count, load = loads.get(row.id, (0, 0.0))
        visits, fixed = records.get(row.id, (0, 0))
        found.append(
            Person(
                id=row.id, login=row.login, spot=spot(row.base or row.login, row.latitude, row.longitude),
                away_until=row.away_until, is_off=row.active is False,
                skills={one.casefold(): 1 for one in row.skills or ()} | skills.get(row.id, {}),
                open=count, load=load, visits=visits, fixed=fixed,
            )
        )  # fmt: skip
    return found


def _users(team: str, today: date) -> Select[Any]:
    u, t, a = tables.user_account.c, technician.c, absence.c
    away = (
        select(func.max(a.ends_on))
        .where(a.user_id == u.id, a.starts_on <= today, a.ends_on >= today)
        .scalar_subquery()
        .label("away_until")
    )
    wanted = (
        select(u.id, u.login, u.skills, t.base, t.latitude, t.longitude, t.active, away)
        .select_from(tables.user_account.outerjoin(technician, t.user_id == u.id))
        .where(u.active.is_(True))
        .order_by(u.id)
    )
    return wanted.where(u.team == team) if team else wanted.where(u.role == _ROLE)


def _skills(reader: AnyReader, ids: Sequence[int], today: date) -> dict[int, dict[str, int]]:
    s = skill.c
    wanted = select(s.user_id, s.name, s.level).where(s.user_id.in_(ids), or_(s.until.is_(None), s.until >= today))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in reader.rows(wanted):
        found[row.user_id][row.name.casefold()] = row.level
    return found


def _loads(reader: AnyReader, ids: Iterable[int]) -> dict[int, tuple[int, float]]:
    """Return how many tickets each has to do with, and what they weigh: one that waits weighs half."""
    t = ticket.c
    weight = case(*((t.priority == name, value) for name, value in _WEIGHTS.items()), else_=1.0)
    share = case((t.status.in_(_STANDING), 0.5), else_=1.0)
    wanted = (
        select(t.owner_id, func.count().label("n"), func.sum(weight * share).label("load"))
        .where(and_(t.owner_id.in_(list(ids)), t.closed_at.is_(None), t.resolved_at.is_(None)))
        .group_by(t.owner_id)
    )
    return {row.owner_id: (row.n, float(row.load)) for row in reader.rows(wanted)}


def _records(reader: AnyReader, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many visits each made in a year of which is known how they ended, and how many fixed it."""
    v = visit.c
    wanted = (
        select(v.technician_id, func.count().label("n"), func.count().filter(v.fixed.is_(True)).label("fixed"))
        .where(v.technician_id.in_(list(ids)), v.fixed.is_not(None), v.starts_at >= reader.now - _RECORD)
        .group_by(v.technician_id)
    )
    return {row.technician_id: (row.n, row.fixed) for row in reader.rows(wanted)}
