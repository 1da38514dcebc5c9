"""Which technician: who can do it well enough, is free on a day, near enough, and fixes it the first time (S1-V23)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import case, func, select

from crmcore.api import InvalidInput, Reader, tables
from crmcore_service.i18n import _
from crmcore_service.model.spots import Spot, km, spot
from crmcore_service.orders.freeing import Free, free
from crmcore_service.tables import skill, technician, visit
from crmcore_service.tables.firsts import first_visits

_MOST = 2000
_PERIOD = timedelta(days=730)


@frozen(kw_only=True)
class Wanted:
    """What it takes: a skill and its level, where (None: anywhere), on which day, for how long.

    `within` is how near they must be, in kilometres; None for each one's own radius.
    """

    skill: str
    level: int = 1
    where: Spot | None = None
    on: date
    within: int | None = None
    minutes: int = 120


@frozen(kw_only=True)
class Candidate:
    """A technician with the skill: `against` says what speaks against them, nothing for one who can come.

    `km` is from where they are at that time, the appointment before or their base; `first_fix` the share of orders for
    the same that they fixed at the first visit, of `visits` in two years.
    """

    user_id: int
    login: str
    name: str
    level: int
    until: date | None
    qualified: bool
    starts_at: datetime | None
    coming_from: str
    km: float | None
    visits: int
    fixed: int
    first_fix: float | None
    against: Sequence[str]


@frozen(kw_only=True)
class Choice:
    """The candidates, who can come first, the best record before others; and how many there are of each kind."""

    skill: str
    level: int
    on: date
    within: int | None
    qualified: int
    free: int
    first_fix: float | None
    candidates: Sequence[Candidate]


def choose(reader: Reader, wanted: Wanted) -> Choice:
    """Return who can do something on a day: five statements, and two for each calendar.

    Raises `InvalidInput` where nobody says what it takes.
    """
    if not wanted.skill.strip():
        raise InvalidInput(_("Say what it takes: --skill, or an order or product with a model."))
    people = _people(reader, wanted.skill)
    ids = [row.user_id for row in people]
    records = _records(reader, wanted.skill, ids)
    bases = {row.user_id: spot(row.base, row.latitude, row.longitude) for row in people}
    calendars = {row.user_id: row.calendar for row in people}
    times = free(reader, calendars, wanted.on, timedelta(minutes=wanted.minutes), bases=bases)
    found = sorted(
        (_candidate(row, wanted, times[row.user_id], records.get(row.user_id, (0, 0))) for row in people), key=_rank
    )
    coming = [one for one in found if not one.against]
    return Choice(
        skill=people[0].skill if people else wanted.skill,
        level=wanted.level,
        on=wanted.on,
        within=wanted.within,
        qualified=sum(one.qualified for one in found),
        free=len(coming),
        first_fix=coming[0].first_fix if coming else None,
        candidates=found,
    )


def sentence(choice: Choice, today: date) -> str:
    """Return a choice in one sentence."""
    day = {0: _("today"), 1: _("tomorrow")}.get((choice.on - today).days) or _("on {day}").format(day=choice.on)
    near = _(" within {km} km").format(km=choice.within) if choice.within is not None else ""
    told = _("{skill} needs skill L{level}: {qualified} qualified, {free} free {day}{near}").format(
        skill=choice.skill, level=choice.level, qualified=choice.qualified, free=choice.free, day=day, near=near
    )
    if choice.first_fix is None:
        return told
    return _("{told}; first-fix {share}%").format(told=told, share=round(choice.first_fix * 100))


def _people(reader: Reader, name: str) -> Sequence[Any]:
    s, t, u = skill.c, technician.c, tables.user_account.c
    return reader.rows(
        select(
            t.user_id, u.login, u.name, s.name.label("skill"), s.level, s.until, t.base, t.latitude, t.longitude,
            t.radius, t.calendar,
        )
        .select_from(skill)
        .join(technician, t.user_id == s.user_id)
        .join(tables.user_account, u.id == t.user_id)
        .where(func.lower(s.name) == name.strip().lower(), t.active.is_(True), u.active.is_(True))
        .order_by(s.level.desc(), t.user_id)
        .limit(_MOST)
    )  # fmt: skip


def _records(reader: Reader, model: str, users: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """Return by technician of how many orders for a model the first visit is known, and how many it fixed."""
    v = visit.c
    f = first_visits().where(v.technician_id.in_(users), v.starts_at >= reader.now - _PERIOD).subquery().c
    rows = reader.rows(
        select(f.technician_id, func.count().label("visits"), func.sum(case((f.fixed, 1), else_=0)).label("fixed"))
        .where(f.model == model.strip().lower())
        .group_by(f.technician_id)
    )
    return {row.technician_id: (row.visits, int(row.fixed)) for row in rows}


def _candidate(row: Any, wanted: Wanted, time: Free, record: tuple[int, int]) -> Candidate:
    visits, fixed = record
    able = row.level >= wanted.level
    valid = row.until is None or row.until >= wanted.on
    away = km(time.coming_from, wanted.where) if time.coming_from is not None and wanted.where is not None else None
    reach = wanted.within if wanted.within is not None else row.radius
    against = []
    if not able:
        against.append(_("level {level}").format(level=row.level))
    if not valid:
        against.append(_("expired on {day}").format(day=row.until))
    if time.away:
        against.append(_("on leave"))
    elif not time.works:
        against.append(_("does not work on that day"))
    elif time.starts_at is None:
        against.append(_("not free for {n} minutes").format(n=wanted.minutes))
    if reach is not None and wanted.where is not None and (away is None or away > reach):
        told = _("{km} km away, more than {reach}") if away is not None else _("nobody knows from where they come")
        against.append(told.format(km=round(away or 0), reach=reach))
    return Candidate(
        user_id=row.user_id, login=row.login, name=row.name, level=row.level, until=row.until,
        qualified=able and valid, starts_at=time.starts_at,
        coming_from=time.coming_from.name if time.coming_from else "", km=None if away is None else round(away, 1),
        visits=visits, fixed=fixed, first_fix=fixed / visits if visits else None, against=tuple(against),
    )  # fmt: skip


def _rank(one: Candidate) -> tuple[bool, bool, float, float, int]:
    """Order by who can come, then by the first-fix record (few visits say little: two more, one fixed), then by km."""
    expected = (one.fixed + 1) / (one.visits + 2)
    return (bool(one.against), not one.qualified, -expected, one.km or 0.0, one.user_id)
