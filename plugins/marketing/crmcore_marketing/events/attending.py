"""Who came: attendance, and who had a seat and stayed away."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, tables
from crmcore_marketing.campaigns.members import customers_of
from crmcore_marketing.events.letters import withdraw
from crmcore_marketing.events.seats import held, people_of
from crmcore_marketing.events.standing import met, stand
from crmcore_marketing.i18n import _
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.tables import registration


@frozen(kw_only=True)
class Attended:
    """Who came: those newly noted, of them those who had not registered, those noted before, and who is not there."""

    noted: tuple[int, ...] = ()
    walked_in: tuple[int, ...] = ()
    already: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


def attend(
    tx: Transaction | NotifyTransaction, event_id: int, contact_ids: Iterable[int], *, channel: str = ""
) -> Attended:
    """Note that these contacts came, registered or not; a member of the campaign has attended then, and it is a touch.

    About ten statements however many they are, and their journal. Raises `InvalidInput` before the day of the event,
    and for one that was called off.
    """
    record = held(tx, event_id)
    _must_have_begun(tx, record, same_day=True)
    asked = list(dict.fromkeys(contact_ids))
    there = people_of(tx, event_id, asked)
    already = [one for one in asked if one in there and there[one].status == "attended"]
    c = tables.contact.c
    alive = {row.id for row in tx.rows(select(c.id).where(c.id.in_(asked), c.merged_into_id.is_(None)))}
    coming = [one for one in asked if one in alive and one not in already]
    customers = customers_of(tx, [one for one in coming if one not in there])
    at = min(max(tx.now, record.starts_at), record.ends_at)
    people = []
    for key in coming:
        one = there.get(key) or tx.add(
            EventRegistration(event_id=event_id, contact_id=key, customer_id=customers.get(key), registered_at=at)
        )
        one.status, one.attended_at, one.channel = "attended", at, channel or one.channel
        people.append(one)
    withdraw(tx, people)
    tx.flush()
    stand(tx, record, people, "attended", at)
    met(tx, record, people, "attended", at)
    return Attended(
        noted=tuple(coming),
        walked_in=tuple(one for one in coming if one not in there),
        already=tuple(already),
        unknown=tuple(one for one in asked if one not in alive and one not in already),
    )


def close(tx: Transaction | NotifyTransaction, event_id: int) -> tuple[int, ...]:
    """End an event: who had a seat and was not noted did not come. Return those contacts.

    Who comes to be noted later still is. Raises `InvalidInput` for an event that did not begin, or was called off.
    """
    record = held(tx, event_id)
    _must_have_begun(tx, record, same_day=False)
    c = registration.c
    missing = tx.load(EventRegistration, c.event_id == event_id, c.status == "registered")
    withdraw(tx, tx.load(EventRegistration, c.event_id == event_id, c.status.in_(("registered", "waiting"))))
    for one in missing:
        one.status = "no_show"
    record.status = "held"
    tx.flush()
    stand(tx, record, missing, "no_show", tx.now)
    return tuple(one.contact_id for one in missing if one.contact_id is not None)


def _must_have_begun(tx: Transaction | NotifyTransaction, record: Event, *, same_day: bool) -> None:
    """Refuse what is too early; on the same day it may be before the beginning."""
    if record.status == "cancelled":
        raise InvalidInput(_("{event} was called off.").format(event=record.name))
    begin = record.starts_at.astimezone(ZoneInfo(record.zone or "UTC"))
    earliest = begin.replace(hour=0, minute=0, second=0, microsecond=0) if same_day else begin
    if tx.now < earliest:
        raise InvalidInput(
            _("{event} begins at {when}; it is too early for that.").format(
                event=record.name, when=begin.isoformat(" ", "minutes")
            )
        )
