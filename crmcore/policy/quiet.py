"""Preferences that bind us: quiet hours and channels a person does not want, in the person's own zone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from crmcore.engine.portions import portions
from crmcore.engine.tables import contact, preference, setting
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import CONTACT, VISIT, Act, Objection
from crmcore.i18n import _

HOLDS, OTHER_CHANNEL, OTHER_TIME = "holds", "other channel", "other time"


@impl
def crm_objections(acts: Sequence[Act], tx: Any) -> Iterator[Objection]:
    """Object to contacts and visits in quiet hours, or by a channel the person refused.

    Four statements for up to 5,000 contacts and 5,000 customers, two of them only where somebody has such a wish. What
    is hidden from the actor binds all the same.
    """
    for act, wish, standing, local in considered(tx.connection, acts):
        if standing != HOLDS:
            continue
        lift = _("removing the wish noted as preference {id}").format(id=wish.id)
        if wish.kind == "channel":
            reason = _("wants no {channel}: “{text}”").format(channel=act.channel, text=wish.text)
            yield Objection(act=act, reason=reason, lift=lift)
        else:
            reason = _("asked for quiet at {at}: “{text}”").format(at=local.strftime("%H:%M"), text=wish.text)
            yield Objection(act=act, reason=reason, until=ends_at(local, wish.ends), lift=lift)


def considered(connection: Connection, acts: Sequence[Act]) -> Iterator[tuple[Act, Row[Any], str, datetime]]:
    """Yield each act with each wish of those it is towards: how the wish stands to it, and the act's local time."""
    asked = [act for act in acts if act.kind in (CONTACT, VISIT)]
    wishes = _wishes(connection, asked)
    if not wishes:
        return
    zones = _zones(connection, [key for who, key in wishes if who == "contact_id"])
    everybody = connection.execute(select(setting.c.value).where(setting.c.name == "zone")).scalar()
    for act in asked:
        local = act.at.astimezone(zones.get(act.contact_id or 0) or ZoneInfo(everybody or "UTC"))
        for who, key in (("contact_id", act.contact_id), ("customer_id", act.customer_id)):
            for wish in wishes.get((who, key or 0), ()):
                yield act, wish, _standing(act, wish, local), local


def _standing(act: Act, wish: Row[Any], local: datetime) -> str:
    if wish.channel not in ("", act.channel):
        return OTHER_CHANNEL
    return HOLDS if wish.kind == "channel" or is_quiet(local, wish.starts, wish.ends, wish.days) else OTHER_TIME


def _wishes(connection: Connection, acts: Sequence[Act]) -> Mapping[tuple[str, int], Sequence[Row[Any]]]:
    """Return the wishes that bind us, by whose they are."""
    c = preference.c
    found: dict[tuple[str, int], list[Row[Any]]] = defaultdict(list)
    for column, asked in (
        (c.contact_id, [act.contact_id for act in acts]),
        (c.customer_id, [act.customer_id for act in acts]),
    ):
        for ids in portions(asked):
            binding = c.kind.in_(["quiet_hours", "channel"]) & c.allow.is_(False)
            for row in connection.execute(select(preference).where(column.in_(ids), binding).order_by(c.id)):
                found[column.name, row._mapping[column]].append(row)
    return found


def _zones(connection: Connection, contacts: Sequence[int]) -> Mapping[int, ZoneInfo]:
    """Return the zones of the contacts that have one of their own."""
    found: dict[int, ZoneInfo] = {}
    for ids in portions(contacts):
        known = select(contact.c.id, contact.c.zone).where(contact.c.id.in_(ids), contact.c.zone != "")
        found.update((row.id, ZoneInfo(row.zone)) for row in connection.execute(known))
    return found


def is_quiet(local: datetime, starts: str, ends: str, days: str) -> bool:
    """Return whether a local time lies in quiet hours; `starts` after `ends` spans midnight; no hours: all day.

    `days` are the ISO weekdays on which the quiet begins (empty: every day): Friday's night lasts into Saturday.
    """
    now, starts, ends = local.strftime("%H:%M"), starts or "00:00", ends or "24:00"
    today = not days or str(local.isoweekday()) in days
    if starts <= ends:
        return today and starts <= now < ends
    yesterday = not days or str((local - timedelta(days=1)).isoweekday()) in days
    return (today and now >= starts) or (yesterday and now < ends)


def ends_at(local: datetime, ends: str) -> datetime:
    """Return when the quiet hours that hold at `local` are over."""
    hour, minute = (int(part) for part in (ends or "24:00").split(":"))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    over = midnight + timedelta(hours=hour, minutes=minute)
    return over if over > local else over + timedelta(days=1)
