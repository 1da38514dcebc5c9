"""When technicians are free on a day: their calendar, less appointments of work orders and meetings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from attrs import field, frozen
from sqlalchemy import or_, select

from crmcore.api import Calendar, Reader, tables
from crmcore_service.levels.promised import calendar_of
from crmcore_service.model.spots import Spot, spot
from crmcore_service.tables import absence, work_order

_MEETING = "meeting"
_HOUR = timedelta(hours=1)


@frozen(kw_only=True)
class Taken:
    """A time at which somebody is somewhere: where, if that is known."""

    starts_at: datetime
    ends_at: datetime
    at: Spot | None = None


@frozen(kw_only=True)
class Free:
    """The first time on a day at which somebody has long enough, None for none; and where they come from then.

    `works` says that the calendar has hours on that day, `away` that they are on leave.
    """

    starts_at: datetime | None = None
    coming_from: Spot | None = None
    works: bool = True
    away: bool = False
    taken: Sequence[Taken] = field(factory=tuple)


def free(
    reader: Reader, calendars: Mapping[int, str], day: date, length: timedelta, *, bases: Mapping[int, Spot | None]
) -> dict[int, Free]:
    """Return when users are free on a day for so long, by user: three statements, and two for each calendar.

    `calendars` names each user's, `bases` from where each sets out. A meeting in a user's calendar counts as planned
    work does; without a length it is taken for an hour. A day is that of the user's calendar; what is past is not free.
    """
    known = {name: calendar_of(reader, name) for name in set(calendars.values())}
    spans = {name: (one.midnight(day), one.midnight(day + timedelta(days=1))) for name, one in known.items()}
    if not spans:
        return {}
    earliest, latest = min(begin for begin, _end in spans.values()), max(end for _begin, end in spans.values())
    taken = _taken(reader, calendars.keys(), earliest, latest)
    c = absence.c
    on_leave = select(c.user_id).where(c.user_id.in_(list(calendars)), c.starts_on <= day, c.ends_on >= day)
    away = {row.user_id for row in reader.rows(on_leave)}
    return {
        user_id: Free(away=True)
        if user_id in away
        else _first(known[name], *spans[name], length, taken.get(user_id, []), bases.get(user_id), reader.now)
        for user_id, name in calendars.items()
    }


def _first(
    calendar: Calendar,
    begin: datetime,
    end: datetime,
    length: timedelta,
    taken: Sequence[Taken],
    base: Spot | None,
    now: datetime,
) -> Free:
    stretches = list(calendar.stretches(begin, end))
    for opens, closes in stretches:
        at, where = max(opens, now), base
        for one in (*taken, None):
            if one is not None and one.ends_at <= at:
                where = one.at or where
                continue
            until = closes if one is None else min(closes, one.starts_at)
            if until - at >= length:
                return Free(starts_at=at, coming_from=where, taken=taken)
            if one is not None:
                at, where = max(at, one.ends_at), one.at or where
    return Free(works=bool(stretches), coming_from=base, taken=taken)


def _taken(reader: Reader, users: Iterable[int], begin: datetime, end: datetime) -> dict[int, list[Taken]]:
    o, i, p = work_order.c, tables.interaction.c, tables.participant.c
    ids = list(users)
    orders = select(o.technician_id, o.starts_at, o.ends_at, o.place, o.latitude, o.longitude).where(
        o.technician_id.in_(ids), o.closed_at.is_(None), o.starts_at < end, o.ends_at > begin
    )
    found: dict[int, list[Taken]] = {}
    for row in reader.rows(orders):
        where = spot(row.place, row.latitude, row.longitude)
        found.setdefault(row.technician_id, []).append(Taken(starts_at=row.starts_at, ends_at=row.ends_at, at=where))
    meetings = (
        select(i.id, i.moment, i.seconds, i.user_id, p.user_id.label("present"))
        .outerjoin(tables.participant, (p.interaction_id == i.id) & p.user_id.in_(ids))
        .where(
            i.channel == _MEETING, i.status != "cancelled", i.at.is_not(None),
            i.moment >= begin - timedelta(days=1), i.moment < end, or_(i.user_id.in_(ids), p.user_id.is_not(None)),
        )
    )  # fmt: skip
    for row in reader.rows(meetings):
        over = row.moment + (timedelta(seconds=row.seconds) if row.seconds else _HOUR)
        for user_id in {row.user_id, row.present} & set(ids):
            if over > begin:
                found.setdefault(user_id, []).append(Taken(starts_at=row.moment, ends_at=over))
    return {user_id: sorted(several, key=lambda one: one.starts_at) for user_id, several in found.items()}
