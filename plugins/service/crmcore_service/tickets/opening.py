"""Opening a ticket: what it is about and whose it is, what we promised, and whose it becomes here."""

from datetime import datetime
from typing import Any

from attrs import field, frozen

from crmcore.api import CREATED
from crmcore_service.assets.entitling import entitled
from crmcore_service.assets.parties import AnyTransaction, customers_of, parties_of_asset
from crmcore_service.model.queue import Category
from crmcore_service.model.ticket import Ticket
from crmcore_service.routing.choosing import chosen
from crmcore_service.tables import ticket as table
from crmcore_service.tickets.states import NEW, OPEN, may_go, process_of

PRIORITY, QUEUE = "P3", "service.queue"
_LONGEST = 120


@frozen(kw_only=True)
class Wanted:
    """What is known of a ticket to be opened; what is empty follows from the rest."""

    opened_at: datetime
    subject: str = ""
    text: str = ""
    channel: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    queue_id: int | None = None
    category_id: int | None = None
    priority: str = ""
    level_id: int | None = None
    asset_id: int | None = None
    contract_id: int | None = None
    owner_id: int | None = None
    interaction_id: int | None = None
    note: str = ""
    source: str = ""
    details: dict[str, Any] = field(factory=dict)


def open_(tx: AnyTransaction, wanted: Wanted) -> Ticket:
    """Open a ticket: its customer, contract, level, queue, priority and owner where nothing is said of them.

    The queue and the priority are those of the category; the level that of the contract. Ten statements at most
    beside the writing.
    """
    category = tx.get(Category, wanted.category_id) if wanted.category_id is not None else None
    queue_id = wanted.queue_id or (category.queue_id if category is not None else None) or _usual_queue(tx)
    contact_id, customer_id = wanted.contact_id, wanted.customer_id
    if wanted.asset_id is not None and contact_id is None and customer_id is None:
        contact_id, customer_id = parties_of_asset(tx, wanted.asset_id)
    if customer_id is None and contact_id is not None:
        customer_id = customers_of(tx, [contact_id]).get(contact_id)
    ticket = tx.add(
        Ticket(
            subject=wanted.subject.strip()[:_LONGEST] or titled(wanted.text) or wanted.channel, channel=wanted.channel,
            opened_at=wanted.opened_at, contact_id=contact_id, customer_id=customer_id, queue_id=queue_id,
            category_id=wanted.category_id, asset_id=wanted.asset_id, contract_id=wanted.contract_id,
            priority=wanted.priority or (category.priority if category is not None else "") or PRIORITY,
            level_id=wanted.level_id, status=process_of(tx).states[0].name,
            interaction_id=wanted.interaction_id, note=wanted.note, source=wanted.source or tx.cause,
            details=wanted.details,
        )
    )  # fmt: skip
    if ticket.contract_id is None:
        promised = entitled(tx, ticket)
        ticket.contract_id, ticket.level_id = promised.contract_id, ticket.level_id or promised.level_id
    owner_id = wanted.owner_id
    if owner_id is None and (fits := chosen(tx, ticket)) is not None:
        owner_id = fits.user_id
        ticket.details = {**ticket.details, "assigned": fits.figures}
    if owner_id is not None:
        ticket.owner_id, ticket.assigned_at = owner_id, tx.now
        if ticket.status == NEW and may_go(tx, CREATED, OPEN):
            ticket.status = OPEN
    tx.filled[table.name, ticket.id].update(_not_said(ticket, wanted))
    return ticket


def _usual_queue(tx: AnyTransaction) -> int | None:
    """Return the queue of requests of which nothing else is known, if the workspace names one that there is."""
    from crmcore.api import CrmError, record_named
    from crmcore_service.tables import queue

    name = str(tx.setting(QUEUE))
    if not name:
        return None
    try:
        return record_named(tx, queue, name)
    except CrmError:  # renamed or removed since; a request is never turned away for that
        return None


def titled(text: str) -> str:
    """Return a subject for a request without one: its first line with words in it."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if len(first) <= _LONGEST else first[: _LONGEST - 1].rstrip() + "…"


def _not_said(ticket: Ticket, wanted: Wanted) -> set[str]:
    """Return the fields that nobody typed."""
    names = ("customer_id", "contract_id", "level_id", "queue_id", "priority", "owner_id", "subject")
    derived = {name for name in names if getattr(ticket, name) and not getattr(wanted, name)}
    return derived | {"opened_at", "status", "channel", "source", "details", "remaining", "calendar"}
