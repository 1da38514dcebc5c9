"""The frequency cap: marketing keeps silent towards whom all of us together reached often enough (pain 14)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from crmcore.api import Act, Objection, PluginTransaction, tables
from crmcore_marketing.i18n import _

_AT_ONCE = 5_000
CAP, DAYS = "marketing.cap", "marketing.cap_days"


def objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Object to marketing towards whom anybody of us wrote to, called or visited `cap` times in `cap_days` days.

    Whoever did so, and about whatever: it is the person who counts. A statement for 5,000 contacts, and two settings.
    """
    asked = [act for act in acts if act.kind == "contact" and act.purpose == "marketing" and act.contact_id is not None]
    if not asked:
        return
    cap, span = int(tx.setting(CAP)), timedelta(days=int(tx.setting(DAYS)))
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        latest = _latest(tx, some, span)
        for act in some:
            found = [at for at in latest.get(act.contact_id or 0, ()) if act.at - span < at <= act.at]
            if len(found) >= cap:
                yield Objection(
                    act=act,
                    reason=_("reached {n} times in {days} days").format(n=len(found), days=span.days),
                    until=sorted(found)[-cap] + span,
                )


def _latest(tx: PluginTransaction, acts: Sequence[Act], span: timedelta) -> dict[int, list[datetime]]:
    """Return when each contact was reached, by contact; two of one instant count twice."""
    c = tables.interaction.c
    contacts = {act.contact_id for act in acts}
    since = min(act.at for act in acts) - span
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = tx.rows(
        select(c.contact_id, c.at).where(
            c.contact_id.in_(contacts), c.moment > since, c.direction == "out", c.at.is_not(None)
        )
    )
    for row in rows:
        found[row.contact_id].append(row.at)
    return found
