"""Saying who it is that rings: one of those who may be, or somebody new, whose number is kept."""

from crmcore.api import Contact, Customer, InvalidInput, NotFound, Position, Transaction, party_id, tables
from crmcore_callcenter.calls.belonging import belongs
from crmcore_callcenter.calls.whom import outside
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.recognising.numbers import Match


def is_one(tx: Transaction, call_id: int, match: Match) -> None:
    """Say that a call is of one of those who may be; only a customer, where a company's number rings."""
    tx.lock(Call, call_id)  # the telephone system writes of it, too
    belongs(tx, tx.get(Call, call_id), match.contact_id, match.customer_id)


def add(tx: Transaction, call_id: int, name: str = "", customer_id: int | None = None) -> Contact:
    """Add whoever calls to the address book, as the actor's own, with the number; the call is theirs from then on.

    Without a name it is the one that the telephone network shows, else the number. Raises `InvalidInput` for a call
    whose contact is known, and where there is neither name nor number.
    """
    tx.lock(Call, call_id)
    record = tx.get(Call, call_id)
    if record.contact_id is not None:
        raise InvalidInput(
            _("Call {id} is of contact {contact} already; say otherwise with: crm callcenter call whose.").format(
                id=call_id, contact=record.contact_id
            )
        )
    number, _normal = outside(record)
    shown = record.from_name if record.direction == "in" else ""
    called = name.strip() or shown.strip() or number.strip()
    if not called:
        raise InvalidInput(_("The number of call {id} is withheld: say a name.").format(id=call_id))
    source = f"call {call_id}"
    made = tx.add(Contact(name=called, owner_id=tx.actor.user_id or None, source=source))
    if customer_id is not None:
        tx.add(Position(contact_id=made.id, customer_id=customer_id, source=source))
    tx.flush()
    belongs(tx, record, made.id, customer_id, keep_number=True)
    return made


def customer_named(tx: Transaction, text: str) -> int:
    """Return the customer that a text means, or a new one of that name, the actor's own; `InvalidInput` for several."""
    try:
        return party_id(tx, tables.customer, text)
    except NotFound:
        if text.strip().isdigit():
            raise
        return tx.add(Customer(name=text.strip(), owner_id=tx.actor.user_id or None, source="call")).id


def rename(tx: Transaction, contact_id: int, name: str) -> None:
    """Give somebody who was added without a name theirs."""
    tx.get(Contact, contact_id).name = name.strip()
