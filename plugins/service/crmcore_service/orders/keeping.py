"""Adding work orders and changing them; what follows from a ticket or an installed product is filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from crmcore.api import InvalidInput, NotifyTransaction, Reader, Transaction, calendar_named, record_named
from crmcore_service.assets.entitling import entitled
from crmcore_service.assets.parties import AnyReader, customers_of
from crmcore_service.assets.places import located
from crmcore_service.i18n import _
from crmcore_service.levels.clocks import visit_due
from crmcore_service.model.order import WorkOrder
from crmcore_service.tables import asset, contract, ticket, work_order

PREFIX = "W"
REPAIR, INSTALLATION = "repair", "installation"
NEW, PLANNED, UNDER_WAY, DONE, CANCELLED = "new", "planned", "under_way", "done", "cancelled"
_OF_TICKET = ("contact_id", "customer_id", "asset_id", "contract_id")
_OF_ASSET = ("contact_id", "customer_id", "place", "latitude", "longitude")


def order_named(reader: AnyReader, text: str) -> int:
    """Return the id of the work order that a text means: W5, 5, or its subject; raises `NotFound`, `InvalidInput`."""
    return record_named(reader, work_order, text, called=_("work order"), prefix=PREFIX)


def number(order_id: int) -> str:
    """Return what a work order is called: W and its id."""
    return f"{PREFIX}{order_id}"


def add(tx: Transaction, fields: Mapping[str, Any]) -> WorkOrder:
    """Add a work order, the actor's own unless it is said whose; eleven statements at most.

    Whom it is about, the product, the contract, the place and what it takes follow from the ticket and the installed
    product; by when somebody must have come from the service level, or else service.visit_days. Raises `InvalidInput`
    for one without a subject, or about nobody.
    """
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    derived = _derived(tx, said)
    whole = {"opened_at": tx.now, "owner_id": tx.actor.user_id or None, "kind": REPAIR, **derived, **said}
    if not whole.get("subject"):
        raise InvalidInput(_("Say what is to be done."))
    if not (whole.get("customer_id") or whole.get("contact_id")):
        raise InvalidInput(_("Say for whom: a ticket, an installed product, a customer or a contact."))
    record = WorkOrder(**whole, uid=str(uuid4()))
    if record.contract_id is None:
        record.contract_id = entitled(tx, record).contract_id
    if record.due_at is None:
        record.due_at = due(tx, record)
    tx.add(record)
    tx.filled[work_order.name, record.id].update(
        {*whole.keys(), "contract_id", "due_at", "uid", "sequence", "task_id"} - said.keys()
    )
    return record


def edit(tx: Transaction, order_id: int, wanted: Mapping[str, Any]) -> WorkOrder:
    """Change a work order; raises `InvalidInput` when nothing is asked, and for one that is over."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = open_order(tx, order_id)
    for name, value in wanted.items():
        setattr(record, name, value)
    if "place" in wanted and "latitude" not in wanted:
        where = located(tx, [record.place]).get(record.place)
        record.latitude = where.latitude if where else None
        record.longitude = where.longitude if where else None
    if {"ticket_id", "contract_id"} & wanted.keys() and "due_at" not in wanted:
        record.due_at = due(tx, record)
    return record


def open_order(tx: Transaction, order_id: int) -> WorkOrder:
    """Return a work order that is under way; raises `InvalidInput` for one that is over."""
    record = tx.get(WorkOrder, order_id)
    if record.closed_at is not None:
        raise InvalidInput(_("{order} is {status}.").format(order=number(order_id), status=_(record.status)))
    return record


def due(reader: Reader | NotifyTransaction, record: WorkOrder) -> datetime | None:
    """Return by when somebody must have come: three statements at most.

    By the level of the ticket, else of the contract, else of the workspace; where none says anything of visits so many
    working days as service.visit_days says; None where that is 0.
    """
    level_id, priority = None, ""
    if record.ticket_id is not None:
        row = reader.first(select(ticket.c.level_id, ticket.c.priority).where(ticket.c.id == record.ticket_id))
        level_id, priority = (row.level_id, row.priority) if row is not None else (None, "")
    if level_id is None and record.contract_id is not None:
        level_id = reader.value(select(contract.c.level_id).where(contract.c.id == record.contract_id))
    found = visit_due(reader, level_id=level_id, priority=priority, start=record.opened_at)
    if found is None and (days := int(reader.setting("service.visit_days"))):
        return calendar_named(reader).add_days(record.opened_at, days)
    return found


def _derived(tx: Transaction, said: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if said.get("ticket_id"):
        row = tx.first(select(ticket).where(ticket.c.id == said["ticket_id"]))
        if row is not None:
            found |= {name: getattr(row, name) for name in (*_OF_TICKET, "subject")}
    asset_id = said.get("asset_id") or found.get("asset_id")
    if asset_id:
        row = tx.first(select(asset).where(asset.c.id == asset_id))
        if row is not None:
            found |= {name: value for name in _OF_ASSET if (value := getattr(row, name)) and not found.get(name)}
            found.setdefault("subject", f"{row.product} {row.serial}".strip())
            found["skill"] = row.model
    contact_id = said.get("contact_id")
    if contact_id and not said.get("customer_id"):
        found["customer_id"] = customers_of(tx, [contact_id]).get(contact_id)
    elif said.get("customer_id") and said["customer_id"] != found.get("customer_id"):
        found["contact_id"] = None
    place = said.get("place")
    if place:
        where = located(tx, [place]).get(place)
        found["latitude"] = where.latitude if where else None
        found["longitude"] = where.longitude if where else None
    return found
