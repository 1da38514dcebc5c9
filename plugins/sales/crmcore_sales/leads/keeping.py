"""Adding a lead, changing it, giving it to somebody, giving it back to the pool."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import (
    Contact,
    Customer,
    Interaction,
    InvalidInput,
    NotifyTransaction,
    Transaction,
    currency,
    move,
    tables,
)
from crmcore_sales.i18n import _
from crmcore_sales.leads.states import first, shown
from crmcore_sales.model.lead import Lead
from crmcore_sales.tables import account, lead

_NAME = lead.name
_TITLE = 80
_KEPT = ("assigned_at", "contacted_at", "escalated_at", "returned", "returned_by_id")
"""What nobody types: it follows from what is done."""


@frozen(kw_only=True)
class Received:
    """What is said of a new lead: whom it is about, or the interaction it came from; `fields` are more of its fields.

    Without `owner_id` it lies in the pool.
    """

    title: str = ""
    customer_id: int | None = None
    contact_id: int | None = None
    interaction_id: int | None = None
    owner_id: int | None = None
    received_at: datetime | None = None
    fields: Mapping[str, Any]


def add(tx: Transaction, said: Received) -> Lead:
    """Add a lead; what follows from the interaction, the contact or the customer is filled in.

    Raises `NotFound` for one of these that is absent or hidden, and `InvalidInput` when nothing at all is said.
    """
    filled: dict[str, Any] = {}
    customer_id, contact_id = said.customer_id, said.contact_id
    if said.interaction_id is not None:
        talk = tx.get(Interaction, said.interaction_id)
        if customer_id is None and contact_id is None:
            customer_id, contact_id = talk.customer_id, talk.contact_id
            filled |= {"customer_id": customer_id, "contact_id": contact_id}
        if not said.title:
            filled["title"] = (talk.subject or " ".join(talk.body.split()))[:_TITLE]
        if said.received_at is None:
            filled["received_at"] = talk.at
    if contact_id is not None and customer_id is None:
        customer_id = filled["customer_id"] = employer(tx, contact_id)
    party = _name(tx, customer_id, contact_id)
    if not (said.title or filled.get("title")):
        if not party:
            raise InvalidInput(_("Say who it is about, or what they want."))
        filled["title"] = _("Interest of {name}").format(name=party)
    if not said.fields.get("region") and customer_id is not None:
        filled["region"] = tx.value(select(account.c.region).where(account.c.customer_id == customer_id)) or ""
    if not said.fields.get("currency"):
        filled["currency"] = currency(tx)
    typed = {**said.fields, "title": said.title, "received_at": said.received_at}
    record = Lead(
        **{
            **typed,
            **filled,
            "customer_id": customer_id,
            "contact_id": contact_id,
            "interaction_id": said.interaction_id,
            "owner_id": said.owner_id,
        }
    )
    tx.add(record)
    keep_filled(tx, record, *filled, *(() if said.received_at else ("received_at",)))
    return record


def keep_filled(tx: Transaction | NotifyTransaction, record: Lead, *names: str) -> None:
    """Say that nobody typed these fields of a lead, nor those that follow from what is done."""
    tx.filled[_NAME, record.id].update((*names, *_KEPT))


def employer(tx: Transaction, contact_id: int) -> int | None:
    """Return the customer of a contact's only current position; None where there is none or several."""
    p = tables.position.c
    rows = tx.rows(select(p.customer_id).where(p.contact_id == contact_id, p.ended.is_(None)).distinct().limit(2))
    return rows[0].customer_id if len(rows) == 1 else None


def _name(tx: Transaction, customer_id: int | None, contact_id: int | None) -> str:
    """Return the name of whom a lead is about; raises `NotFound` for one the actor may not see."""
    names = []
    if contact_id is not None:
        names.append(tx.get(Contact, contact_id).name)
    if customer_id is not None:
        names.append(tx.get(Customer, customer_id).name)
    return names[0] if names else ""


def edit(tx: Transaction, lead_id: int, wanted: Mapping[str, Any]) -> Lead:
    """Change fields of a lead; raises `NotFound`, and `InvalidInput` when nothing is asked."""
    if not wanted:
        raise InvalidInput(_("Say what to change."))
    record = tx.get(Lead, lead_id)
    _name(tx, wanted.get("customer_id"), wanted.get("contact_id"))
    for name, value in wanted.items():
        setattr(record, name, value)
    return record


def assign(tx: Transaction, record: Lead, owner_id: int) -> None:
    """Give an open lead to somebody; raises `InvalidInput` for one that is closed."""
    if record.closed_at is not None:
        raise InvalidInput(
            _("Lead {id} is {status}; return it to the pool first.").format(
                id=record.id, status=shown(tx.definitions, record.status)
            )
        )
    if record.owner_id != owner_id:
        record.owner_id = owner_id
        record.assigned_at = tx.now
        record.escalated_at = None
        keep_filled(tx, record)


def give_back(tx: Transaction, record: Lead, reason: str = "") -> None:
    """Return a lead to the pool, where its clocks begin anew; also one that was rejected.

    How often it came back is counted, and it is not given to the same person by itself. Raises `InvalidInput` for one
    that lies there already, and for one that became an opportunity.
    """
    if record.opportunity_id is not None:
        raise InvalidInput(
            _("Lead {id} became opportunity {opportunity}.").format(id=record.id, opportunity=record.opportunity_id)
        )
    if record.owner_id is None and record.closed_at is None:
        raise InvalidInput(_("Lead {id} is in the pool already.").format(id=record.id))
    told = {"by": tx.actor.login, "reason": reason, "status": record.status}
    record.returned += 1
    record.returned_by_id, record.owner_id = record.owner_id, None
    record.received_at = tx.now
    record.assigned_at = record.contacted_at = record.escalated_at = None
    record.reason = record.reason_note = ""
    keep_filled(tx, record, "owner_id", "received_at")
    if record.status != first(tx.definitions):
        move(tx, record, first(tx.definitions))
    tx.record(f"{_NAME}.returned", _NAME, record.id, told)
