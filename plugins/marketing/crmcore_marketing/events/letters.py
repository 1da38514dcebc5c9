"""Messages about an event, put on their way in the transaction of what they tell."""

from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

import attrs
from attrs import field, frozen
from sqlalchemy import func, select

from crmcore.api import NotifyTransaction, Transaction, tables
from crmcore_marketing.events import wording
from crmcore_marketing.events.calendar import CANCEL, REQUEST, Person, written
from crmcore_marketing.model.event import Event, EventRegistration
from crmcore_marketing.sending.queueing import Letter, cancel_waiting, queue_messages
from crmcore_marketing.sending.recipients import reached
from crmcore_marketing.tables import message, template

_KINDS = {wording.SEAT: wording.CONFIRMATION}
"""A seat that became free is a confirmation like any other."""
_METHODS = {
    wording.CONFIRMATION: REQUEST, wording.SEAT: REQUEST, wording.CHANGE: REQUEST, wording.REMINDER: REQUEST,
    wording.CANCELLATION: CANCEL,
}  # fmt: skip
_PURPOSE = "transactional"


@frozen(kw_only=True)
class _Reader:
    """Somebody who is written to: the name, the language, and the address calendars know."""

    name: str
    language: str
    address: str = ""


@frozen(kw_only=True)
class _Desk:
    """What all messages about an event need: whom answers go to; the workspace's templates by occasion and language."""

    organizer: str
    templates: Mapping[tuple[str, str], int] = field(factory=dict)


def tell(
    tx: Transaction | NotifyTransaction,
    record: Event,
    people: Sequence[EventRegistration],
    what: str,
    *,
    more: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Queue a message to each of these people: five statements, and those of the queue.

    `what` is one of the occasions of `wording`; `more` says by contact what only that person's message says. It is
    transactional: who wants no marketing is told of his seat all the same. Whoever was erased gets none.
    """
    known = _readers(tx, [one.contact_id for one in people if one.contact_id])
    desk = _desk(tx, what)
    queue_messages(
        tx,
        [
            _letter(tx, record, one, known[one.contact_id], desk, what, (more or {}).get(one.contact_id, {}))
            for one in people
            if one.contact_id in known
        ],
    )


def withdraw(tx: Transaction | NotifyTransaction, people: Sequence[EventRegistration]) -> None:
    """Keep back what was queued for these people and has not left."""
    if people:
        cancel_waiting(tx, message.c.registration_id.in_([one.id for one in people]))


def _letter(
    tx: Transaction | NotifyTransaction,
    record: Event,
    one: EventRegistration,
    reader: _Reader,
    desk: _Desk,
    what: str,
    more: Mapping[str, Any],
) -> Letter:
    language = wording.language_of(reader.language, reader.name)
    key = desk.templates.get((what, language)) or desk.templates.get((what, ""))
    said: dict[str, Any] = {"template_id": key} if key else attrs.asdict(wording.WORDS[what, language])
    method = _METHODS.get(what, "")
    if method:
        attendee = Person(address=reader.address, name=reader.name) if reader.address else None
        calendar = written(record, at=tx.now, organizer=desk.organizer, attendee=attendee, method=method)
        said |= {"calendar": calendar, "calendar_method": method}
    return Letter(
        kind=_KINDS.get(what, what),
        contact_id=one.contact_id or 0,
        customer_id=one.customer_id,
        campaign_id=record.campaign_id,
        registration_id=one.id,
        purpose=_PURPOSE,
        fields={"event": {**wording.named(record), "called_off": record.status == "cancelled", **more}},
        **said,
    )


def _readers(tx: Transaction | NotifyTransaction, ids: Sequence[int]) -> dict[int, _Reader]:
    """Return who is written to, by contact: two statements."""
    c, where = tables.contact.c, reached(tx, ids)
    return {
        row.id: _Reader(name=row.name, language=row.language, address=where[row.id].address)
        for row in tx.rows(select(c.id, c.name, c.language).where(c.id.in_(ids)))
    }


def _desk(tx: Transaction | NotifyTransaction, what: str) -> _Desk:
    c = template.c
    own = select(c.id, c.language).where(func.lower(c.name).like(f"event-{what}%")).order_by(c.id.desc())
    organizer = tx.setting("marketing.reply_to") or parseaddr(str(tx.setting("marketing.from")))[1]
    return _Desk(
        organizer=organizer,
        templates={(what, row.language.lower()[:2]): row.id for row in tx.rows(own)},
    )
