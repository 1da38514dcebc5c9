"""Preferences that bind us: quiet hours and channels a person does not want, in the person's own zone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from crmcore.engine.tables import contact, preference, setting
from crmcore.hooks.kinds import impl
from crmcore.hooks.policy import Act, Objection
from crmcore.i18n import _


@impl
def crm_objections(act: Act, tx: Any) -> Iterable[Objection]:
    """Object to a contact in quiet hours, or by a channel the person refused."""
    if act.kind != "contact" or not (act.contact_id or act.customer_id):
        return
    about = []
    if act.contact_id:
        about.append(preference.c.contact_id == act.contact_id)
    if act.customer_id:
        about.append(preference.c.customer_id == act.customer_id)
    wishes = tx.rows(
        select(preference)
        .where(
            or_(*about),
            preference.c.kind.in_(["quiet_hours", "channel"]),
            preference.c.allow.is_(False),
            preference.c.channel.in_(["", act.channel]),
        )
        .order_by(preference.c.id)
        .limit(100)
    )
    if not wishes:
        return
    local = act.at.astimezone(_zone(act, tx))
    for wish in wishes:
        if wish.kind == "channel":
            yield Objection(reason=_("wants no {channel}: “{text}”").format(channel=act.channel, text=wish.text))
        elif is_quiet(local, wish.starts, wish.ends, wish.days):
            yield Objection(
                reason=_("asked for quiet at {at}: “{text}”").format(at=local.strftime("%H:%M"), text=wish.text),
                until=ends_at(local, wish.ends),
            )


def _zone(act: Act, tx: Any) -> ZoneInfo:
    own = tx.value(select(contact.c.zone).where(contact.c.id == act.contact_id)) if act.contact_id else ""
    return ZoneInfo(own or tx.value(select(setting.c.value).where(setting.c.name == "zone")) or "UTC")


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
