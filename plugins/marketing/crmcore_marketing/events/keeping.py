"""Adding events, moving them, and calling them off; whoever has a seat is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from attrs import frozen

from crmcore.api import InvalidInput, Transaction, here
from crmcore_marketing.events import wording
from crmcore_marketing.events.letters import tell, withdraw
from crmcore_marketing.events.seats import held, move_up
from crmcore_marketing.events.standing import WAITING, stand
from crmcore_marketing.i18n import _
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.tables import event, registration

_MOVING = frozenset({"starts_at", "ends_at", "zone", "place", "url"})
"""What people must be told of when it changes."""


@frozen(kw_only=True)
class Moved:
    """An event as it is now; how many people were told of what changed, and who got a seat by it."""

    event: Event
    told: int = 0
    moved_up: tuple[int, ...] = ()


def add(tx: Transaction, fields: Mapping[str, Any]) -> Event:
    """Add an event, the actor's own unless it is said whose; raises `InvalidInput` for an end before its beginning.

    Its UID is made once and never changes (RFC 7986, 5.3: a UUID).
    """
    _check(fields["starts_at"], fields["ends_at"])
    said = {"zone": here(tx).zone.key, "owner_id": tx.actor.user_id or None, **fields}
    record = tx.add(Event(**said, uid=str(uuid4())))
    tx.filled[event.name, record.id].update({"uid", *({"zone", "owner_id"} - set(fields))})
    return record


def edit(tx: Transaction, event_id: int, wanted: Mapping[str, Any]) -> Moved:
    """Change an event. When or where it takes place is told to whoever has a seat; more seats go to those who wait.

    Fewer seats than are taken take none away. Raises `InvalidInput` when nothing is asked, for an end before the
    beginning, and for an event that is over or was called off.
    """
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = held(tx, event_id)
    if record.status == "cancelled":
        raise InvalidInput(_("{event} was called off.").format(event=record.name))
    _check(wanted.get("starts_at", record.starts_at), wanted.get("ends_at", record.ends_at))
    moving = any(getattr(record, name) != wanted[name] for name in _MOVING & wanted.keys())
    for name, value in wanted.items():
        setattr(record, name, value)
    people: list[EventRegistration] = []
    if moving and record.status == "planned" and record.ends_at > tx.now:
        record.sequence += 1
        people = _seated(tx, event_id)
        for one in people:
            one.reminded = []
        tx.flush()
        tell(tx, record, people, wording.CHANGE)
    tx.flush()
    return Moved(event=record, told=len(people), moved_up=move_up(tx, record))


def cancel(tx: Transaction, event_id: int) -> Moved:
    """Call an event off, and tell whoever registered; what was queued for them and has not left is kept back.

    Raises `InvalidInput` for one that is over or was called off before.
    """
    record = held(tx, event_id)
    if record.status != "planned":
        raise InvalidInput(_("{event} is over, or was called off before.").format(event=record.name))
    record.status = "cancelled"
    record.sequence += 1
    c = registration.c
    people = tx.load(EventRegistration, c.event_id == event_id, c.status.in_(("registered", "waiting")))
    withdraw(tx, people)
    for one in people:
        one.status = "cancelled"
    tx.flush()
    tell(tx, record, people, wording.CANCELLATION)
    stand(tx, record, people, WAITING, tx.now)
    return Moved(event=record, told=len(people))


def _seated(tx: Transaction, event_id: int) -> list[EventRegistration]:
    return tx.load(EventRegistration, registration.c.event_id == event_id, registration.c.status == "registered")


def _check(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInput(_("An event ends after it begins."))
