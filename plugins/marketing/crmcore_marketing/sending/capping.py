"""The frequency cap: marketing keeps silent towards whom all of us together reached often enough (pain 14)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from crmcore.api import Act, Objection, PluginTransaction, tables
from crmcore_marketing.i18n import _

_AT_ONCE = 5_000
CAP, DAYS = "marketing.cap", "marketing.cap_days"


def objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Object to marketing towards whom anybody of us wrote to, called or visited `cap` times in `cap_days` days.

    Whoever did so, and about whatever: it is the person who counts. Two statements for 5,000 contacts, two settings.
    """
    asked = [act for act in acts if act.kind == "contact" and act.purpose == "marketing" and act.contact_id is not None]
    if not asked:
        return
    cap, span = int(tx.setting(CAP)), timedelta(days=int(tx.setting(DAYS)))
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        latest = _latest(tx, some, cap, span)
        for act in some:
            found = [at for at in latest.get(act.contact_id or 0, ()) if act.at - span < at <= act.at]
            if len(found) >= cap:
                yield Objection(
                    act=act,
                    reason=_("reached {n} times in {days} days").format(n=len(found), days=span.days),
                    until=sorted(found)[-cap] + span,
                )


def often_reached(since: datetime, until: datetime, times: int, contacts: Collection[int] | None = None) -> Select[Any]:
    """Return (contact_id, n): whom all of us together reached so often after `since`, until `until`; of `contacts`."""
    c = tables.interaction.c
    reached = (c.moment > since, c.moment <= until, c.direction == "out", c.contact_id.is_not(None), c.at.is_not(None))
    wanted = select(c.contact_id, func.count().label("n")).where(*reached)
    if contacts is not None:
        wanted = wanted.where(c.contact_id.in_(contacts))
    return wanted.group_by(c.contact_id).having(func.count() >= times)


def _latest(tx: PluginTransaction, acts: Sequence[Act], cap: int, span: timedelta) -> dict[int, list[datetime]]:
    """Return when those were reached who may have been often enough, by contact; two of one instant count twice."""
    c = tables.interaction.c
    since, until = min(act.at for act in acts) - span, max(act.at for act in acts)
    often = often_reached(since, until, cap, {act.contact_id for act in acts if act.contact_id is not None})
    contacts = [row.contact_id for row in tx.rows(often)]
    found: dict[int, list[datetime]] = defaultdict(list)
    reached = (c.moment > since, c.direction == "out", c.at.is_not(None))
    for row in tx.rows(select(c.contact_id, c.at).where(c.contact_id.in_(contacts), *reached)) if contacts else ():
        found[row.contact_id].append(row.at)
    return found
