"""Reminders: some days before an event, each once, to whoever has a seat."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from crmcore.api import NotifyTransaction
from crmcore_marketing.events import wording
from crmcore_marketing.events.letters import tell
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.tables import event, registration

DAYS = (3, 1)
"""How many days before, the longest first; it is then the hour at which the event begins."""
_AT_ONCE = 1_000


def remind(tx: NotifyTransaction) -> int:
    """Queue the reminders that are due, and return how many.

    Who registered after the hour of a reminder gets a confirmation at that time and not that reminder. Where nothing
    ran when one was due it is made up for, but not by two at once: of several the nearest is sent. Two statements when
    nothing is due; else those of each event.
    """
    e, r = event.c, registration.c
    soon = tx.now + timedelta(days=max(DAYS))
    rows = tx.rows(
        select(r.id, r.event_id, r.reminded, r.registered_at, e.starts_at)
        .join(event, e.id == r.event_id)
        .where(e.status == "planned", e.starts_at > tx.now, e.starts_at <= soon, r.status == "registered")
        .order_by(r.event_id, r.id)
    )
    due: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        days = nearest(row.starts_at, tx.now)
        if days not in row.reminded and row.registered_at < row.starts_at - timedelta(days=days):
            due[row.event_id, days].append(row.id)
    for (event_id, days), ids in due.items():
        record = tx.get(Event, event_id)
        for start in range(0, len(ids), _AT_ONCE):
            people = tx.load(EventRegistration, r.id.in_(ids[start : start + _AT_ONCE]))
            for one in people:
                one.reminded = sorted({*one.reminded, days}, reverse=True)
            tx.flush()
            said = {one.contact_id: {"days": days} for one in people if one.contact_id is not None}
            tell(tx, record, people, wording.REMINDER, more=said)
    return sum(len(ids) for ids in due.values())


def nearest(starts_at: datetime, now: datetime) -> int:
    """Return the days before the beginning of the reminder that is due last; the event is at most `max(DAYS)` away."""
    return min(days for days in DAYS if starts_at - timedelta(days=days) <= now)
