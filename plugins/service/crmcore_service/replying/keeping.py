"""What follows when a mail left: it is an interaction, in its ticket's thread, and our answer if a person wrote it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from crmcore.api import Interaction, Participant, point_key
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.replying.queueing import AFTER, NAME
from crmcore_service.replying.states import REPLY
from crmcore_service.tables import ticket as table
from crmcore_service.tickets.answering import answered
from crmcore_service.tickets.posts import OUT, put_in

ORIGIN, CHANNEL = "email", "email"
"""What all mail is called, whichever way it is captured: one that a mailbox of ours brings as well is the same."""


def keep(tx: AnyTransaction, row: Row[Any], at: datetime) -> int:
    """Write a mail that left, at an instant, as an interaction; return its id.

    Its ticket, or the one that was merged into, is locked: whoever changes it at this moment comes before or after.
    """
    first = row.references.split()[:1] or [row.in_reply_to]
    written = tx.add(
        Interaction(
            channel=CHANNEL, direction="out", at=at, subject=row.subject, body=row.text,
            quoted=row.details.get(AFTER, ""), user_id=row.user_id, contact_id=row.contact_id,
            customer_id=row.customer_id, origin=ORIGIN, external_id=row.message_id, thread=first[0] or row.message_id,
            source=tx.cause, details={"outgoing": row.id},
        )
    )  # fmt: skip
    tx.add(
        Participant(
            interaction_id=written.id, role="to", contact_id=row.contact_id, customer_id=row.customer_id,
            name=row.details.get(NAME, ""), address=row.address, normal=point_key("email", row.address),
        )
    )  # fmt: skip
    if row.user_id is not None:
        tx.add(Participant(interaction_id=written.id, role="from", user_id=row.user_id))
    tx.flush()
    ticket = _ticket(tx, row.ticket_id)
    if ticket is not None:
        automatic = row.kind != REPLY
        put_in(
            tx, ticket, written.id, at=at, channel=CHANNEL, direction=OUT, why=_("sent from the ticket"),
            message_id=row.message_id, automatic=automatic,
        )  # fmt: skip
        answered(tx, ticket, at, written.id, automatic=automatic)
    return written.id


def _ticket(tx: AnyTransaction, ticket_id: int | None) -> Ticket | None:
    """Return the ticket that a mail belongs to now, locked."""
    for _step in range(3):
        if ticket_id is None:
            return None
        tx.lock(Ticket, ticket_id)
        found = next(iter(tx.load(Ticket, table.c.id == ticket_id)), None)
        if found is None or found.merged_into_id is None:
            return found
        ticket_id = found.merged_into_id
    return None
