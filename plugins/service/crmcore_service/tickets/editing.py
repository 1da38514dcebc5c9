"""Changing what a ticket says of itself, with what follows from it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crmcore_service.assets.parties import AnyTransaction, customers_of
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import category, queue


def edit(tx: AnyTransaction, ticket: Ticket, fields: Mapping[str, Any]) -> None:
    """Give a ticket other values: a contact brings its customer, a category its queue where the ticket is in none.

    The level of a queue that the ticket leaves is left with it, for that of the new one.
    """
    said = dict(fields)
    if said.get("contact_id") and "customer_id" not in said:
        customer_id = customers_of(tx, [said["contact_id"]]).get(said["contact_id"])
        said |= {"customer_id": customer_id} if customer_id or ticket.contact_id else {}
    if said.get("category_id") and "queue_id" not in said and ticket.queue_id is None:
        said["queue_id"] = tx.value(select(category.c.queue_id).where(category.c.id == said["category_id"]))
    if (
        "queue_id" in said
        and "level_id" not in said
        and said["queue_id"] != ticket.queue_id
        and _is_of_queue(tx, ticket)
    ):
        said["level_id"] = None
    for name, value in said.items():
        setattr(ticket, name, value)


def _is_of_queue(tx: AnyTransaction, ticket: Ticket) -> bool:
    """Return whether a ticket has its level from the queue it is in."""
    if ticket.queue_id is None or ticket.level_id is None:
        return False
    return bool(tx.value(select(queue.c.level_id).where(queue.c.id == ticket.queue_id)) == ticket.level_id)
