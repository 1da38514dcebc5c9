"""Mail of our own that is met in a mailbox: an answer that one of us gave from a mail program, and what comes back."""

from attrs import evolve
from sqlalchemy import select

from crmcore.api import IncomingInteraction, point_key
from crmcore.mail import BOUNCE, Letter
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.intake.letters import House
from crmcore_service.intake.senders import keep
from crmcore_service.intake.tying import Tied
from crmcore_service.model.ticket import Ticket
from crmcore_service.replying.deciding import settle_sent
from crmcore_service.replying.settling import mark, task_for, told
from crmcore_service.replying.states import FAILED, SENT, UNKNOWN
from crmcore_service.tables import outgoing
from crmcore_service.tickets.answering import answered
from crmcore_service.tickets.posts import OUT, put_in, thread_of


def answered_by_one_of_us(
    tx: AnyTransaction, letter: Letter, mail: IncomingInteraction, ticket_id: int, who: House, source: str
) -> tuple[str, int | None]:
    """Put a mail that one of us wrote into the ticket that it answers; return why it is there, and its interaction.

    To a customer it is our answer, as if it had been written here; among ourselves it is a note in the thread.
    """
    outside = any(
        one.role in ("to", "cc")
        and (normal := point_key("email", one.address)) not in who.users
        and normal not in who.ours
        for one in mail.participants
    )
    kept = keep(tx, letter, evolve(mail, direction=OUT if outside else ""), source=source, contact_id=None, make=False)
    if kept.interaction_id is None:
        return kept.refused, None
    why = _("{who} answered by mail") if outside else _("{who} wrote to us by mail")
    why = why.format(who=letter.sender_name or letter.sender)
    if thread_of(tx, kept.interaction_id) is None:
        ticket, at = tx.get(Ticket, ticket_id), mail.at or tx.now
        put_in(
            tx, ticket, kept.interaction_id, at=at, channel="email", direction=OUT if outside else "", why=why,
            message_id=mail.external_id,
        )  # fmt: skip
        if outside:
            answered(tx, ticket, at, kept.interaction_id)
    return why, kept.interaction_id


def came_back(tx: AnyTransaction, letter: Letter, tied: Tied) -> None:
    """Note what an answer to a mail of ours says of it: that it arrived after all, or that it never will.

    Of one that did not arrive the ticket's owner is told by a task: the customer has no answer yet.
    """
    if tied.outgoing_id is None:
        return
    if tied.status == UNKNOWN:
        settle_sent(tx, [tied.outgoing_id])
    if letter.kind != BOUNCE or tied.status not in (SENT, UNKNOWN):
        return
    row = tx.first(select(outgoing).where(outgoing.c.id == tied.outgoing_id))
    if row is not None:
        mark(tx, row.id, status=FAILED, reason=letter.reason)
        told(tx, row.id, FAILED, letter.reason)
        task_for(tx, row, FAILED, letter.reason)
