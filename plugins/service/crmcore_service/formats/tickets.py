"""Tickets from a row of a table: Salesforce's Case, Zendesk's and Freshdesk's tickets, with who wrote and what."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from crmcore.api import (
    Incoming,
    IncomingContact,
    IncomingCustomer,
    IncomingInteraction,
    IncomingParticipant,
    IncomingRecord,
    IncomingReference,
    InvalidInput,
    Point,
    Rejection,
    TableRow,
)
from crmcore_service.formats import headings as h
from crmcore_service.formats.equivalents import channel, priority, states
from crmcore_service.i18n import _

ENTITY, QUEUE, CATEGORY = "service_ticket", "service_queue", "service_category"
FIRST = "ticket:"
"""Before a ticket's id elsewhere: the conversation that its first message began (`Interaction.thread`)."""


def ticket(row: TableRow, _currency: str) -> Iterator[Incoming | Rejection]:
    """Yield who wrote, what it said, and the ticket; its queue and category are made where they are not there."""
    key, opened = row.text(*h.ID) or row.text(*h.NUMBER), row.instant(*h.CREATED)
    if row.boolean(*h.DELETED) or row.text(*h.STATUS).casefold() == "deleted":
        yield Rejection(line=row.line, reason=_("it is deleted there"), raw=row.text(*h.SUBJECT))
        return
    if not key:
        raise InvalidInput(_("it has no id: a column Id, Ticket ID or CaseNumber says it"))
    if opened is None:
        raise InvalidInput(_("it does not say when it was opened: a column CreatedDate or Created at says it"))
    yield from _people(row)
    text = row.text(*h.TEXT)
    if text:
        yield IncomingInteraction(
            line=row.line,
            channel=_channel(row),
            external_id=FIRST + key,
            direction="in",
            at=opened,
            subject=row.text(*h.SUBJECT),
            body=text,
            participants=_participants(row),
        )
    for entity, said in ((QUEUE, row.text(*h.QUEUE)), (CATEGORY, row.text(*h.CATEGORY))):
        if said:
            yield IncomingRecord(line=row.line, entity=entity, key=("name",), values={"name": said})
    yield _ticket(row, key, opened)


def _channel(row: TableRow) -> str:
    return channel(row.text(*h.CHANNEL)) or "email"


def _people(row: TableRow) -> Iterator[Incoming]:
    """Yield the customer and the contact that a row describes; one that it only points at came before, or comes."""
    name, email, company = row.text(*h.PERSON), row.text(*h.EMAIL), row.text(*h.CUSTOMER)
    if company:
        yield IncomingCustomer(line=row.line, name=company, external_id=row.text(*h.CUSTOMER_ID))
    if name or email:
        said = (("email", email), ("phone", row.text(*h.PHONE)))
        yield IncomingContact(
            line=row.line,
            name=name or email,
            organisation=company,
            external_id=row.text(*h.CONTACT_ID),
            points=tuple(Point(kind=kind, value=value) for kind, value in said if value),
        )


def _participants(row: TableRow) -> tuple[IncomingParticipant, ...]:
    name, email = row.text(*h.PERSON), row.text(*h.EMAIL)
    return (IncomingParticipant(role="from", name=name or email, address=email),) if name or email else ()


def _ticket(row: TableRow, key: str, opened: datetime) -> IncomingRecord:
    said, closed = states(row.text(*h.STATUS)), row.instant(*h.ENDED)
    resolved = row.instant(*h.RESOLVED) or closed
    urgent = row.text(*h.PRIORITY)
    minutes = row.number(*h.MINUTES)
    responded = opened + timedelta(minutes=float(minutes)) if minutes is not None else row.instant(*h.RESPONDED)
    extra = row.others(h.TICKET)
    if urgent and not priority(urgent):
        extra["Priority"] = urgent  # a word of the workspace there; here it is of the usual priority
    return IncomingRecord(
        line=row.line,
        entity=ENTITY,
        external_id=key,
        values={
            "subject": row.text(*h.SUBJECT) or row.text(*h.TEXT).partition("\n")[0][:80] or row.text(*h.NUMBER) or key,
            "channel": _channel(row),
            "priority": priority(urgent) or "P3",
            "opened_at": opened,
            "responded_at": responded,
            "resolved_at": resolved,
            "closed_at": closed,
            "cause": row.text(*h.CAUSE),
            "resolution": row.text(*h.RESOLUTION),
            "owner_id": None,  # without one whom we know it waits in its queue
            "reopened": int(row.number(*h.REOPENED) or 0),
        },
        references=_references(row),
        states=said or (("closed",) if row.boolean(*h.CLOSED) else ()),
        extra=extra,
    )


def _references(row: TableRow) -> dict[str, IncomingReference]:
    person, company = row.text(*h.EMAIL) or row.text(*h.PERSON), row.text(*h.CUSTOMER)
    return {
        "contact_id": IncomingReference(
            entity="contact", external_id=row.text(*h.CONTACT_ID), text=person, optional=True
        ),
        "customer_id": IncomingReference(
            entity="customer", external_id=row.text(*h.CUSTOMER_ID), text=company, optional=True
        ),
        "queue_id": IncomingReference(entity=QUEUE, text=row.text(*h.QUEUE), by=("name",), optional=True),
        "category_id": IncomingReference(entity=CATEGORY, text=row.text(*h.CATEGORY), by=("name",), optional=True),
        "owner_id": IncomingReference(entity="user_account", text=row.text(*h.OWNER), optional=True),
    }
