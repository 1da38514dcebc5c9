"""Seats: who has one, who waits in line, and who moves up when somebody gives one back."""

from collections.abc import Iterable, Sequence

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, tables
from crmcore_marketing.campaigns.members import customers_of
from crmcore_marketing.events import wording
from crmcore_marketing.events.letters import tell, withdraw
from crmcore_marketing.events.standing import WAITING, met, stand
from crmcore_marketing.i18n import _
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.tables import registration

TAKEN = ("registered", "attended", "no_show")
"""The states that hold a seat."""
_OPEN = ("registered", "waiting", *TAKEN[1:])


@frozen(kw_only=True)
class Registered:
    """What became of registering contacts: who has a seat, who waits, who was in already, who is not there."""

    seated: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    already: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


@frozen(kw_only=True)
class Unregistered:
    """Whose registration was cancelled, who moved up in their place, and who had none to cancel."""

    cancelled: tuple[int, ...] = ()
    moved_up: tuple[int, ...] = ()
    not_registered: tuple[int, ...] = ()


def register(
    tx: Transaction | NotifyTransaction,
    event_id: int,
    contact_ids: Iterable[int],
    *,
    channel: str = "",
    source: str = "",
) -> Registered:
    """Give contacts seats in their order, and places on the waiting list beyond the capacity; each gets a message.

    Who registers again after cancelling goes to the end of the line. Nobody else registers meanwhile. About twenty
    statements however many they are, and their journal. Raises `NotFound` for an event that is absent or hidden, and
    `InvalidInput` for one that is over or was called off.
    """
    record = held(tx, event_id)
    if record.status != "planned" or record.ends_at <= tx.now:
        raise InvalidInput(
            _("{event} is over or was called off; nobody registers for it any more.").format(event=record.name)
        )
    asked = list(dict.fromkeys(contact_ids))
    c = tables.contact.c
    alive = {row.id for row in tx.rows(select(c.id).where(c.id.in_(asked), c.merged_into_id.is_(None)))}
    before = people_of(tx, event_id, asked)
    already = [one for one in asked if one in before and before[one].status in _OPEN]
    coming = [one for one in asked if one in alive and one not in already]
    free, customers = _free(tx, record), customers_of(tx, coming)
    seated: list[EventRegistration] = []
    waiting: list[EventRegistration] = []
    for key in coming:
        one = before.get(key) or tx.add(EventRegistration(event_id=event_id, contact_id=key))
        one.status = "registered" if free is None or len(seated) < free else "waiting"
        one.registered_at, one.reminded, one.channel = tx.now, [], channel or one.channel
        one.customer_id, one.source = customers.get(key, one.customer_id), source or one.source
        (seated if one.status == "registered" else waiting).append(one)
    tx.flush()
    _confirm(tx, record, seated, wording.CONFIRMATION)
    _line_up(tx, record, waiting)
    met(tx, record, [*seated, *waiting], "registered", tx.now)
    return Registered(
        seated=_contacts(seated),
        waiting=_contacts(waiting),
        already=tuple(already),
        unknown=tuple(one for one in asked if one not in alive and one not in already),
    )


def unregister(
    tx: Transaction | NotifyTransaction, event_id: int, contact_ids: Iterable[int], *, told: bool = True
) -> Unregistered:
    """Cancel registrations, tell those people unless they know (`told`), and let others move up to their seats.

    What was queued for them and has not left is kept back. Raises as `register`, but for an event that is over.
    """
    record = held(tx, event_id)
    asked = list(dict.fromkeys(contact_ids))
    there = people_of(tx, event_id, asked)
    leaving = [there[one] for one in asked if one in there and there[one].status in ("registered", "waiting")]
    withdraw(tx, leaving)
    for one in leaving:
        one.status, one.confirmed_at = "cancelled", None
    tx.flush()
    if told:
        tell(tx, record, leaving, wording.CANCELLATION)
    stand(tx, record, leaving, WAITING, tx.now)
    gone = _contacts(leaving)
    return Unregistered(
        cancelled=gone,
        moved_up=move_up(tx, record),
        not_registered=tuple(one for one in asked if one not in gone),
    )


def move_up(tx: Transaction | NotifyTransaction, record: Event) -> tuple[int, ...]:
    """Give free seats to those who wait, first come first served, and tell them; return who got one."""
    if record.status != "planned" or record.starts_at <= tx.now:
        return ()
    free = _free(tx, record)
    waiting = tx.rows(
        select(registration.c.id)
        .where(registration.c.event_id == record.id, registration.c.status == "waiting")
        .order_by(registration.c.registered_at, registration.c.id)
        .limit(free)
    )
    ids = [row.id for row in waiting]
    lucky = tx.load(EventRegistration, registration.c.id.in_(ids)) if ids else []
    withdraw(tx, lucky)
    for one in lucky:
        one.status = "registered"
    tx.flush()
    _confirm(tx, record, sorted(lucky, key=lambda one: ids.index(one.id)), wording.SEAT)
    return _contacts(lucky)


def held(tx: Transaction | NotifyTransaction, event_id: int) -> Event:
    """Return an event that nobody else gives seats of until the transaction ends; raises `NotFound`."""
    tx.lock(Event, event_id)
    return tx.get(Event, event_id)


def people_of(
    tx: Transaction | NotifyTransaction, event_id: int, contact_ids: Sequence[int]
) -> dict[int, EventRegistration]:
    """Return the registrations of these contacts for an event, by contact."""
    c = registration.c
    found = tx.load(EventRegistration, c.event_id == event_id, c.contact_id.in_(contact_ids)) if contact_ids else ()
    return {one.contact_id: one for one in found if one.contact_id is not None}


def _confirm(
    tx: Transaction | NotifyTransaction, record: Event, people: Sequence[EventRegistration], occasion: str
) -> None:
    if not people:
        return
    tell(tx, record, people, occasion)
    for one in people:
        one.confirmed_at = tx.now
    stand(tx, record, people, "registered", tx.now)


def _line_up(tx: Transaction | NotifyTransaction, record: Event, people: Sequence[EventRegistration]) -> None:
    if not people:
        return
    line = _counted(tx, record.id, ("waiting",))
    places = {one.contact_id or 0: {"number": line - len(people) + n} for n, one in enumerate(people, 1)}
    tell(tx, record, people, wording.WAITING, more=places)
    stand(tx, record, people, WAITING, tx.now)


def _free(tx: Transaction | NotifyTransaction, record: Event) -> int | None:
    if record.capacity is None:
        return None
    return max(record.capacity - _counted(tx, record.id, TAKEN), 0)


def _counted(tx: Transaction | NotifyTransaction, event_id: int, states: Sequence[str]) -> int:
    c = registration.c
    tx.flush()
    return int(tx.value(select(func.count()).where(c.event_id == event_id, c.status.in_(states))) or 0)


def _contacts(people: Iterable[EventRegistration]) -> tuple[int, ...]:
    return tuple(one.contact_id for one in people if one.contact_id is not None)
