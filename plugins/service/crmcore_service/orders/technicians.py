"""Technicians: from where they come and by which calendar, and what they can do how well until when."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen
from sqlalchemy import func, or_, select

from crmcore.api import InvalidInput, NotFound, Reader, Transaction, calendar_named, here, tables
from crmcore_service.assets.places import place_named
from crmcore_service.i18n import _
from crmcore_service.model.order import Skill, Technician
from crmcore_service.tables import skill, technician

LEVELS = range(1, 6)
_MOST = 50


@frozen(kw_only=True)
class SkillView:
    """What a technician can do; `expired` says that it is over."""

    name: str
    level: int
    until: date | None
    expired: bool


@frozen(kw_only=True)
class TechnicianView:
    """A technician; `radius` in kilometres, None for anywhere; `calendar` empty for the workspace's own."""

    id: int
    user_id: int
    login: str
    name: str
    base: str
    latitude: float | None
    longitude: float | None
    radius: int | None
    calendar: str
    active: bool
    skills: Sequence[SkillView]
    note: str
    version: int


def technician_named(reader: Reader, login: str) -> int:
    """Return the id of the user who is a technician and has this login or name, or whose record or user has this id.

    Raises `NotFound`.
    """
    u, said = tables.user_account.c, login.strip()
    named = select(u.id).join(technician, technician.c.user_id == u.id)
    key = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    by_id = or_(technician.c.id == key, u.id == key)
    for condition in (u.login == said, func.lower(u.name) == said.lower(), by_id):
        rows = reader.rows(named.where(condition).limit(2))
        if len(rows) == 1:
            return int(rows[0].id)
    raise NotFound(_("There is no technician “{login}”.").format(login=login))


def add(tx: Transaction, user_id: int, fields: Mapping[str, Any]) -> Technician:
    """Make a user a technician; raises `InvalidInput` for one who is, `NotFound` for a place or calendar nobody knows.

    A `base` is a place, or degrees.
    """
    if tx.load(Technician, technician.c.user_id == user_id):
        raise InvalidInput(_("This user is a technician already; `crm service technician edit` changes that."))
    return tx.add(Technician(user_id=user_id, **_checked(tx, fields)))


def edit(tx: Transaction, user_id: int, wanted: Mapping[str, Any]) -> Technician:
    """Change a technician; raises as `add` does, and `InvalidInput` when nothing is asked."""
    record = _of(tx, user_id)
    for name, value in _checked(tx, wanted).items():
        setattr(record, name, value)
    return record


def can(tx: Transaction, user_id: int, skills: Sequence[tuple[str, int, date | None]]) -> None:
    """Say what a technician can do: a name, a level from 1 to 5, and the last day; level 0 takes it away.

    Raises `InvalidInput` for another level, or none that is to be taken away.
    """
    _of(tx, user_id)
    there = {one.name.casefold(): one for one in tx.load(Skill, skill.c.user_id == user_id)}
    for name, level, until in skills:
        old = there.get(name.strip().casefold())
        if level and level not in LEVELS:
            raise InvalidInput(_("{skill}: a level is 1 to 5, not {level}.").format(skill=name, level=level))
        if not level and old is None:
            raise InvalidInput(_("{skill}: there is no such skill to take away.").format(skill=name))
        if old is None:
            tx.add(Skill(name=name.strip(), level=level, user_id=user_id, until=until))
        elif level:
            old.level, old.until = level, until
        else:
            tx.remove(old)


def page(
    reader: Reader, *, limit: int, after: int | None = None, skilled: str = "", everyone: bool = False
) -> list[TechnicianView]:
    """Return technicians in the order of their ids, from the one that follows `after`: three statements."""
    t, u, s = technician.c, tables.user_account.c, skill.c
    wanted = select(technician, u.login, u.name).join(tables.user_account, u.id == t.user_id).order_by(t.id)
    if not everyone:
        wanted = wanted.where(t.active.is_(True), u.active.is_(True))
    if skilled:
        able = select(s.id).where(s.user_id == t.user_id, func.lower(s.name) == skilled.strip().lower())
        wanted = wanted.where(able.exists())
    if after is not None:
        wanted = wanted.where(t.id > after)
    rows = reader.rows(wanted.limit(limit))
    today = here(reader).today
    skills: dict[int, list[SkillView]] = {}
    for row in reader.rows(select(skill).where(s.user_id.in_([row.user_id for row in rows])).order_by(s.name)):
        expired = row.until is not None and row.until < today
        one = SkillView(name=row.name, level=row.level, until=row.until, expired=expired)
        skills.setdefault(row.user_id, []).append(one)
    same = (
        "id", "user_id", "login", "name", "base", "latitude", "longitude", "radius", "calendar", "active", "note",
        "version",
    )  # fmt: skip
    return [
        TechnicianView(**{name: getattr(row, name) for name in same}, skills=skills.get(row.user_id, []))
        for row in rows
    ]


def one(reader: Reader, user_id: int) -> TechnicianView:
    """Return a technician by the user's id; raises `NotFound`."""
    key = reader.value(select(technician.c.id).where(technician.c.user_id == user_id))
    found = page(reader, limit=1, after=key - 1, everyone=True) if key is not None else []
    if not found:
        raise NotFound(_("There is no technician “{login}”.").format(login=user_id))
    return found[0]


def _of(tx: Transaction, user_id: int) -> Technician:
    found = tx.load(Technician, technician.c.user_id == user_id)
    if not found:
        raise NotFound(_("There is no technician “{login}”.").format(login=user_id))
    return found[0]


def _checked(tx: Transaction, fields: Mapping[str, Any]) -> dict[str, Any]:
    if not fields:
        raise InvalidInput(_("Say what to change."))
    said = dict(fields)
    if said.get("base"):
        where = place_named(tx, said["base"])
        said |= {"latitude": where.latitude, "longitude": where.longitude}
    if said.get("calendar"):
        calendar_named(tx, said["calendar"])
    return said
