"""What was said in a ticket: interactions, each in one thread."""

from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import delete, func, insert, select, update

from crmcore.api import Contact, Interaction, Participant, here, tables
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import post

NOTE = "note"
IN, OUT = "in", "out"
_ROLES = {("call", IN): ("callee", "caller"), ("call", OUT): ("caller", "callee"), ("meeting", IN): ("present",) * 2}
"""The roles of ours and of theirs."""


@frozen(kw_only=True)
class Said:
    """Something that was said: by what channel, when, in which words, by or to whom; `user_id` is who of us."""

    channel: str
    at: datetime
    text: str
    direction: str = IN
    subject: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    user_id: int | None = None
    origin: str = ""
    external_id: str | None = None
    source: str = ""
    details: dict[str, Any] = field(factory=dict)


def written(tx: AnyTransaction, said: Said) -> int:
    """Write what was said as an interaction, unless one with its `external_id` is there; return its id."""
    i = tables.interaction.c
    if said.external_id is not None:
        found = tx.value(select(i.id).where(i.origin == said.origin, i.external_id == said.external_id))
        if found is not None:
            return int(found)
    record = tx.add(
        Interaction(
            channel=said.channel, direction=said.direction, at=said.at, zone=here(tx).zone.key, subject=said.subject,
            body=said.text, contact_id=said.contact_id, customer_id=said.customer_id, user_id=said.user_id,
            origin=said.origin, external_id=said.external_id, source=said.source or tx.cause, details=said.details,
        )
    )  # fmt: skip
    _take_part(tx, record)
    return record.id


def _take_part(tx: AnyTransaction, record: Interaction) -> None:
    mail = ("from", "to") if record.direction == OUT else ("to", "from")
    ours, theirs = _ROLES.get((record.channel, record.direction), mail)
    if record.contact_id is not None:
        name = tx.get(Contact, record.contact_id).name
        tx.add(
            Participant(
                interaction_id=record.id, role=theirs, contact_id=record.contact_id, customer_id=record.customer_id,
                name=name,
            )
        )  # fmt: skip
    if record.user_id is not None:
        tx.add(Participant(interaction_id=record.id, role=ours, user_id=record.user_id))


def going_on(tx: AnyTransaction, ticket: Ticket) -> Ticket:
    """Return the ticket in which one goes on: itself, or what it was merged into."""
    return ticket if ticket.merged_into_id is None else tx.get(Ticket, ticket.merged_into_id)


def put_in(
    tx: AnyTransaction,
    ticket: Ticket,
    interaction_id: int,
    *,
    at: datetime,
    channel: str,
    direction: str,
    why: str,
    message_id: str = "",
    automatic: bool = False,
) -> None:
    """Put an interaction into the thread of a ticket; `why` says what brought it there."""
    tx.flush()
    values = {
        "id": tx.new_id(), "ticket_id": ticket.id, "interaction_id": interaction_id, "at": at, "channel": channel,
        "direction": direction, "why": why, "message_id": message_id, "automatic": automatic,
    }  # fmt: skip
    tx.execute(insert(post), [values])
    if ticket.interaction_id is None and channel != NOTE:
        ticket.interaction_id = interaction_id


def thread_of(reader: AnyReader, interaction_id: int) -> Any:
    """Return the post of an interaction: its `ticket_id` and `why`; None for one in no ticket."""
    p = post.c
    return reader.first(select(p.ticket_id, p.why).where(p.interaction_id == interaction_id))


def transfer(tx: AnyTransaction, interaction_ids: list[int], ticket: Ticket, why: str) -> int:
    """Put interactions that are in other tickets into this one; return how many there were."""
    p = post.c
    tx.flush()
    return tx.execute(
        update(post).where(p.interaction_id.in_(interaction_ids)).values(ticket_id=ticket.id, why=why)
    ).rowcount


def last_at(reader: AnyReader, ticket_id: int) -> datetime | None:
    """Return when something was last said in a ticket."""
    found: datetime | None = reader.value(select(func.max(post.c.at)).where(post.c.ticket_id == ticket_id))
    return found


def forget(tx: AnyTransaction, interaction_id: int) -> None:
    """Take an interaction out of its ticket."""
    tx.execute(delete(post).where(post.c.interaction_id == interaction_id))
