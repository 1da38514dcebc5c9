"""Our first answer to a customer, by whatever channel; and what else we say, in the thread of its ticket."""

from datetime import datetime

from sqlalchemy import select

from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.levels import clocks
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import post
from crmcore_service.tickets.posts import NOTE, OUT, Said, going_on, put_in, thread_of, written
from crmcore_service.tickets.states import NEW, OPEN, may_go, put


def answered(
    tx: AnyTransaction, ticket: Ticket, at: datetime, interaction_id: int, automatic: bool = False, why: str = ""
) -> None:
    """Note that we answered: the interaction is in the thread, and the clock of the first answer ends.

    What a machine wrote (`automatic`), such as an acknowledgement, is in the thread and ends no clock. Twice is as
    once.
    """
    ticket = going_on(tx, ticket)
    if thread_of(tx, interaction_id) is None:
        channel = _channel(tx, interaction_id)
        put_in(
            tx, ticket, interaction_id, at=at, channel=channel, direction=OUT, why=why, automatic=automatic
        )  # fmt: skip
    if automatic:
        return
    if ticket.responded_at is None:
        clocks.responded(tx, ticket, at)
    if ticket.status == NEW and may_go(tx, NEW, OPEN):
        put(tx, ticket, OPEN, at)


def note(tx: AnyTransaction, ticket: Ticket, text: str, at: datetime) -> int:
    """Keep a note of ours in a ticket's thread, which customers never see; return the interaction's id."""
    ticket = going_on(tx, ticket)
    interaction_id = written(
        tx,
        Said(
            channel=NOTE, at=at, text=text, direction="", contact_id=ticket.contact_id,
            customer_id=ticket.customer_id, user_id=tx.actor.user_id or None,
        ),
    )  # fmt: skip
    put_in(tx, ticket, interaction_id, at=at, channel=NOTE, direction="", why="")
    return interaction_id


def message_ids(tx: AnyTransaction, ticket_id: int) -> list[str]:
    """Return the names of the mails in a thread, the oldest first, for the headers of an answer."""
    p = post.c
    wanted = select(p.message_id).where(p.ticket_id == ticket_id, p.message_id != "").order_by(p.at, p.id).limit(100)
    return [row.message_id for row in tx.rows(wanted)]


def _channel(tx: AnyTransaction, interaction_id: int) -> str:
    from crmcore.api import Interaction

    return tx.get(Interaction, interaction_id).channel
