"""Saying whose a call was: somebody's own word, which nothing that is heard later changes."""

from sqlalchemy import select

from crmcore.api import Contact, ContactPoint, Interaction, Participant, Task, tables
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.calls.whom import CHOSEN, MATCHES, outside
from crmcore_callcenter.model.agent import Callback
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import callback

_POINT = "phone"


def belongs(
    tx: AnyTransaction, call: Call, contact_id: int | None, customer_id: int | None = None, *, keep_number: bool = False
) -> None:
    """Say whose a call was: the contact, and the customer (whom the contact stands for, where nothing is said).

    Its interaction, who took part in that, and a callback for it follow. `keep_number` adds the number to the contact,
    unless they have it. Raises `NotFound` for a contact that is absent or hidden.
    """
    contact = tx.get(Contact, contact_id) if contact_id is not None else None
    if contact is not None and customer_id is None:
        customer_id = _customer_of(tx, contact.id)
    call.contact_id, call.customer_id = contact_id, customer_id
    call.details = {**{name: value for name, value in call.details.items() if name != MATCHES}, CHOSEN: tx.actor.login}
    number, normal = outside(call)
    if call.interaction_id is not None:
        _follow(tx, call.interaction_id, contact, customer_id)
    for owed in tx.load(Callback, callback.c.call_id == call.id):
        owed.contact_id, owed.customer_id = contact_id, customer_id
    if keep_number and contact is not None and normal:
        p = tables.contact_point.c
        there = select(p.id).where(p.contact_id == contact.id, p.kind == _POINT, p.normal == normal)
        if tx.value(there) is None:
            tx.add(
                ContactPoint(contact_id=contact.id, kind=_POINT, value=number, normal=normal, source=f"call {call.id}")
            )


def _follow(tx: AnyTransaction, interaction_id: int, contact: Contact | None, customer_id: int | None) -> None:
    """Let an interaction, what was promised in it, and who took part be with somebody."""
    contact_id = contact.id if contact is not None else None
    record = tx.get(Interaction, interaction_id)
    was = record.contact_id, record.customer_id
    record.contact_id, record.customer_id = contact_id, customer_id
    for one in tx.load(Participant, tables.participant.c.interaction_id == interaction_id):
        if one.user_id is None:
            one.contact_id, one.customer_id = contact_id, customer_id
            one.name = contact.name if contact is not None else one.name
    for task in tx.load(Task, tables.task.c.interaction_id == interaction_id):
        if (task.contact_id, task.customer_id) == was:
            task.contact_id, task.customer_id = contact_id, customer_id


def _customer_of(tx: AnyTransaction, contact_id: int) -> int | None:
    """Return whom a contact stands for: their oldest position that has not ended."""
    p = tables.position.c
    found = tx.value(
        select(p.customer_id)
        .where(p.contact_id == contact_id, p.ended.is_(None), p.customer_id.is_not(None))
        .order_by(p.id)
    )
    return int(found) if found is not None else None
