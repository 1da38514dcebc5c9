"""Queueing: a mail to a customer, in the transaction of what it tells of. Whether it may leave is asked later."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, insert, select

from crmcore.api import InvalidInput, NotFound, here
from crmcore.mail import name_of, new_token, unmarked
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.replying import wording
from crmcore_service.replying.addressing import reached, sender_of
from crmcore_service.replying.states import APPOINTMENT, KINDS, QUEUED, REPLY, SKIPPED, SURVEY
from crmcore_service.replying.threading import Thread, quoted, thread
from crmcore_service.tables import outgoing, queue, ticket
from crmcore_service.tickets.linking import status_link

_NOTHING: Mapping[str, Any] = MappingProxyType({})
CALENDAR, METHOD = "calendar", "method"
"""Of the fields: an iCalendar text that goes along, and its METHOD."""
ANSWER = "mail"
"""Of a ticket's details: the last mail a person wrote. The journal has who did, and it takes the right to do so."""
LANGUAGE, NAME, AFTER = "language", "name", "after"
"""What a mail's details have: the customer's language and name, and what stands below the text."""


def reply(
    tx: AnyTransaction,
    ticket_id: int | None,
    text: str,
    *,
    subject: str = "",
    kind: str = REPLY,
    to: int | None = None,
    work_order_id: int | None = None,
    user_id: int | None = None,
    fields: Mapping[str, Any] = _NOTHING,
    at: datetime | None = None,
    quote: bool = True,
) -> int | None:
    """Queue a mail in the thread of a ticket, to leave at `at` (now) or after, and return its id: a dozen statements.

    It is to the contact `to`, else to the ticket's; `user_id` is who wrote it. Where the person has no address that
    works it is skipped, which it says. What is automatic has `fields` filled into subject and text, besides those of
    `wording.FIELDS`; `fields["calendar"]` goes along as an appointment. What a person writes stays as it is, with the
    customer's last message quoted below (`quote`).

    Raises `InvalidInput` where nobody is named whom our mail is from, and for a text that is empty; of automatic mail
    nothing is queued then, and None returned.
    """
    if kind not in KINDS or not text.strip():
        raise InvalidInput(_("A mail needs a text, and one of the kinds {kinds}.").format(kinds=", ".join(KINDS)))
    about = None if ticket_id is None else _about(tx, ticket_id)
    try:
        sender = sender_of(tx, about.address if about is not None else "")
    except InvalidInput:
        if kind == REPLY:
            raise
        return None
    contact_id = to or (about.contact_id if about is not None else None)
    before = thread(tx, ticket_id)
    who = reached(tx, contact_id, before.address)
    language = wording.language_of(who.language, before.text, who.name, text)
    link = status_link(tx, ticket_id) if ticket_id is not None else None
    given = {
        "number": f"T{ticket_id}" if ticket_id is not None else "",
        "name": wording.somebody(language, who.name),
        "subject": unmarked(about.subject) if about is not None else "",
        "due": wording.due(language, about.response_due, here(tx).zone) if about is not None else "",
        "link": wording.link(language, link),
        **fields,
    }
    said = text if kind == REPLY else wording.tidied(wording.filled(text, given))
    heading = subject if kind == REPLY else wording.filled(subject, given)
    shown = "" if link is None or link in said else wording.link(language, link)
    below = _below(tx, kind, shown, before if quote else Thread(), language)
    details = {LANGUAGE: language, NAME: who.name, AFTER: below, CALENDAR: fields.get(CALENDAR, "")}
    if details[CALENDAR]:
        details[METHOD] = str(fields.get(METHOD, "PUBLISH"))
    key = tx.new_id()
    row = {
        "id": key, "ticket_id": ticket_id, "work_order_id": work_order_id, "contact_id": contact_id,
        "customer_id": about.customer_id if about is not None else None, "user_id": user_id, "kind": kind,
        "purpose": _purpose(kind, before), "sender": str(sender), "address": who.address,
        "subject": _subject(heading, about, ticket_id), "text": said,
        "status": SKIPPED if who.reason else QUEUED, "reason": who.reason,
        "message_id": name_of(new_token(), sender.domain), "in_reply_to": before.in_reply_to,
        "references": " ".join(before.references), "due_at": at or tx.now, "attempts": 0, "worker": "",
        "details": {name: value for name, value in details.items() if value},
    }  # fmt: skip
    tx.execute(insert(outgoing).values(row))
    if kind == REPLY and ticket_id is not None:
        record = tx.get(Ticket, ticket_id)
        record.details = {**record.details, ANSWER: key}
    return key


def _about(tx: AnyTransaction, ticket_id: int) -> Row[Any]:
    t, q = ticket.c, queue.c
    found = tx.first(
        select(t.subject, t.contact_id, t.customer_id, t.response_due, q.address)
        .outerjoin(queue, q.id == t.queue_id)
        .where(t.id == ticket_id)
    )
    if found is None:
        raise NotFound(_("There is no ticket T{id}.").format(id=ticket_id))
    return found


def _purpose(kind: str, before: Thread) -> str:
    """Return what a mail is for: who wrote to us gets an answer, as transactional mail, whatever else he opted out of.

    What nobody asked for is service, from which one can opt out.
    """
    return "service" if kind == SURVEY or (kind == REPLY and before.at is None) else "transactional"


def _subject(said: str, about: Row[Any] | None, ticket_id: int | None) -> str:
    """Return the subject of a mail; it names the ticket, by which an answer finds it where all else is lost."""
    wanted = said or (f"Re: {unmarked(about.subject)}" if about is not None else "")
    number = "" if ticket_id is None else f"[T{ticket_id}]"
    return " ".join((wanted if number in wanted else f"{wanted} {number}").split())


def _below(tx: AnyTransaction, kind: str, link: str, before: Thread, language: str) -> str:
    """Return what stands below the text of a mail: where to look how it stands, and what it answers."""
    parts = [link] if kind in (REPLY, APPOINTMENT) and link else []
    if kind == REPLY and before.at is not None and before.text.strip():
        at = before.at.astimezone(here(tx).zone)
        who = before.name or before.address
        parts.append(f"{wording.wrote(language, at, who)}\n{quoted(before.text)}")
    return "\n\n".join(parts)
