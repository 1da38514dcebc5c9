"""What a person corrects: two tickets that are one, one that is two, something said that belongs elsewhere."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update

from crmcore.api import InvalidInput, tables
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.model.gain import Cost, Gain
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import cost, gain, outgoing, post, ticket, work_order
from crmcore_service.tickets.moving import close
from crmcore_service.tickets.opening import Wanted, open_, titled
from crmcore_service.tickets.posts import IN, transfer
from crmcore_service.tickets.receiving import heard
from crmcore_service.tickets.states import OPEN, put

MERGED, SPLIT = "merged", "split"


def merge(tx: AnyTransaction, loser: Ticket, winner: Ticket) -> None:
    """Let a ticket go on in another one: what was said in it, its visits and its costs; it is cancelled then.

    The other is opened again where that was over and this one is not. Raises `InvalidInput` for tickets of two
    customers, for one that was merged already, and for one with itself.
    """
    _must_be_mergeable(loser, winner)
    tx.flush()
    why = _("merged from {ticket}").format(ticket=f"T{loser.id}")
    said = [row.interaction_id for row in _posts(tx, loser.id)]
    transfer(tx, said, winner, why)
    followed: list[WorkOrder | Cost | Gain] = [
        *tx.load(WorkOrder, work_order.c.ticket_id == loser.id),
        *tx.load(Cost, cost.c.ticket_id == loser.id),
        *tx.load(Gain, gain.c.ticket_id == loser.id),
    ]
    for one in followed:
        one.ticket_id = winner.id
    tx.execute(update(outgoing).where(outgoing.c.ticket_id == loser.id).values(ticket_id=winner.id))
    for name in ("contact_id", "customer_id", "asset_id", "category_id", "queue_id", "contract_id", "owner_id"):
        if getattr(winner, name) is None:
            setattr(winner, name, getattr(loser, name))
    winner.opened_at = min(winner.opened_at, loser.opened_at)
    winner.priority = min(winner.priority, loser.priority)
    if winner.responded_at is None:
        winner.responded_at = loser.responded_at
    winner.at_risk = winner.at_risk or loser.at_risk
    if winner.resolved_at is not None and loser.resolved_at is None and loser.closed_at is None:
        put(tx, winner, OPEN)
    for former in (loser, *tx.load(Ticket, ticket.c.merged_into_id == loser.id)):
        former.merged_into_id = winner.id
    if loser.closed_at is None:
        close(tx, loser, cancelled=True)
    _first(tx, winner)
    tx.link(loser, winner, MERGED)


def _must_be_mergeable(loser: Ticket, winner: Ticket) -> None:
    names = {"one": f"T{loser.id}", "other": f"T{winner.id}"}
    if loser.id == winner.id:
        raise InvalidInput(_("A ticket cannot be merged into itself: {one}.").format(one=names["one"]))
    for one in (loser, winner):
        _must_be_its_own(one)
    if loser.customer_id and winner.customer_id and loser.customer_id != winner.customer_id:
        raise InvalidInput(_("{one} and {other} are of two customers.").format(**names))


def _must_be_its_own(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise InvalidInput(
            _("{one} was merged into {other} already.").format(one=f"T{ticket.id}", other=f"T{ticket.merged_into_id}")
        )


def split(tx: AnyTransaction, ticket: Ticket, interaction_ids: Sequence[int], subject: str = "") -> Ticket:
    """Make a ticket of its own of some of what was said in one; return the new one.

    It is of whoever said the first of it, in the same queue, with the same priority, and nobody's yet. Raises
    `InvalidInput` for what is not in the ticket, and where nothing would stay in it.
    """
    tx.flush()
    rows = _posts(tx, ticket.id)
    moved = [row for row in rows if row.interaction_id in set(interaction_ids)]
    absent = set(interaction_ids) - {row.interaction_id for row in moved}
    if absent:
        told = ", ".join(map(str, sorted(absent)))
        raise InvalidInput(_("Not said in {ticket}: {ids}.").format(ticket=f"T{ticket.id}", ids=told))
    if not moved or len(moved) == len(rows):
        raise InvalidInput(_("Name some of what was said in {ticket}, not all of it.").format(ticket=f"T{ticket.id}"))
    first = next((row for row in moved if row.direction == IN), moved[0])
    made = open_(
        tx,
        Wanted(
            opened_at=first.at, subject=subject or first.subject or titled(first.body), channel=first.channel,
            contact_id=first.contact_id or ticket.contact_id, customer_id=first.customer_id or ticket.customer_id,
            queue_id=ticket.queue_id, priority=ticket.priority, asset_id=ticket.asset_id,
            interaction_id=first.interaction_id,
        ),
    )  # fmt: skip
    tx.flush()
    why = _("split from {ticket}").format(ticket=f"T{ticket.id}")
    transfer(tx, [row.interaction_id for row in moved], made, why)
    _first(tx, ticket)
    tx.link(ticket, made, SPLIT)
    return made


def put_elsewhere(tx: AnyTransaction, interaction_id: int, ticket: Ticket) -> None:
    """Put something that was said into another ticket: it goes on there, as if it had come to that one.

    Raises `InvalidInput` for an interaction of another customer, and for the only one of a ticket that is under way.
    """
    _must_be_its_own(ticket)
    i, p = tables.interaction.c, post.c
    row = tx.first(
        select(i.customer_id, i.subject, i.body, p.ticket_id, p.direction, p.at, p.automatic)
        .select_from(tables.interaction.outerjoin(post, p.interaction_id == i.id))
        .where(i.id == interaction_id)
    )
    if row is None or row.ticket_id is None:
        raise InvalidInput(_("Interaction {id} is in no ticket.").format(id=interaction_id))
    if row.ticket_id == ticket.id:
        return
    if row.customer_id and ticket.customer_id and row.customer_id != ticket.customer_id:
        raise InvalidInput(
            _("Interaction {id} is not of the customer of {ticket}.").format(id=interaction_id, ticket=f"T{ticket.id}")
        )
    if (tx.value(select(func.count()).where(p.ticket_id == row.ticket_id)) or 0) < 2:
        raise InvalidInput(
            _("It is all that was said in {one}: merge {one} into {other} instead.").format(
                one=f"T{row.ticket_id}", other=f"T{ticket.id}"
            )
        )
    former = tx.get(Ticket, row.ticket_id)
    why = _("moved from {ticket}").format(ticket=f"T{former.id}")
    transfer(tx, [interaction_id], ticket, why)
    for one in (former, ticket):
        _first(tx, one)
    if row.direction == IN and not row.automatic and row.at >= (ticket.entered_at or ticket.opened_at):
        heard(tx, ticket, row.at, f"{row.subject}\n{row.body}")
    tx.record(
        "service_ticket.post_moved", "service_ticket", ticket.id, {"interaction": interaction_id, "from": former.id}
    )


def _posts(tx: AnyTransaction, ticket_id: int) -> Sequence[Any]:
    """Return what was said in a ticket, in its order: one statement."""
    i, p = tables.interaction.c, post.c
    return tx.rows(
        select(p.interaction_id, p.at, p.channel, p.direction, i.subject, i.body, i.contact_id, i.customer_id)
        .join(tables.interaction, i.id == p.interaction_id)
        .where(p.ticket_id == ticket_id)
        .order_by(p.at, p.id)
    )


def _first(tx: AnyTransaction, ticket: Ticket) -> None:
    """Keep which interaction a ticket began with."""
    p = post.c
    said = select(p.interaction_id).where(p.ticket_id == ticket.id, p.direction == IN).order_by(p.at, p.id).limit(1)
    ticket.interaction_id = tx.value(said) or ticket.interaction_id
