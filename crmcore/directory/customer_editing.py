"""Entering and editing customers: names, owners, what they are to us."""

from datetime import date
from typing import Any

from sqlalchemy import select

from crmcore.directory.finding import matching, party_id
from crmcore.directory.likeness import Likeness, alike
from crmcore.directory.party_editing import Entry, change_ways, wanted
from crmcore.directory.reach import add_ways
from crmcore.directory.versions import assign, take, touch
from crmcore.engine.tables import customer, customer_role
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.party import Customer, CustomerRole


def add(tx: Transaction, name: str, entry: Entry, roles: tuple[str, ...] = ()) -> tuple[Customer, list[Likeness]]:
    """Add a customer; return it, and the customers it looks like. It is the actor's own unless the entry says whose."""
    likely = alike(tx, customer, name, entry.add)
    fields = {
        "owner_id": tx.actor.user_id or None,
        "source": f"entered by {tx.actor.login}",
        **wanted(tx, "customer", entry),
    }
    added = tx.add(Customer(name=name.strip(), **fields))
    add_ways(tx, entry.add, customer_id=added.id)
    for role in dict.fromkeys(roles):
        tx.add(CustomerRole(customer_id=added.id, role=role, source=str(fields["source"])))
    return added, likely


def edit(tx: Transaction, customer_id: int, entry: Entry, *, version: int | None = None) -> Customer:
    """Edit a customer that was read at `version`; raises `Conflict` where somebody else changed the same fields."""
    record = take(tx, Customer, customer_id)
    asked = wanted(tx, "customer", entry, record)
    if asked.get("parent_id") is not None:
        _refuse_circle(tx, record, asked["parent_id"])
    assign(tx, record, asked, version)
    change_ways(tx, record, entry)
    return record


def _refuse_circle(tx: Transaction, record: Customer, parent_id: int) -> None:
    """Raise `InvalidInput` when a customer would belong to itself; a chain of parents is as deep as companies are."""
    above: Any = parent_id
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == record.id:
            raise InvalidInput(_("{name} would become its own parent.").format(name=record.name))
        seen.add(above)
        above = tx.value(select(customer.c.parent_id).where(customer.c.id == above))


def named_or_new(tx: Transaction, text: str, *, private: bool) -> tuple[int, bool]:
    """Return the id of the customer that `text` names, and whether it was added because there was none.

    Raises `InvalidInput` with the candidates when there are several.
    """
    if text.isdigit() or matching(tx, customer, text):
        return party_id(tx, customer, text), False
    source = f"entered by {tx.actor.login}"
    owner = tx.actor.user_id or None
    added = tx.add(Customer(name=text.strip(), owner_id=owner, private=private, source=source))
    return added.id, True


def begin_role(tx: Transaction, customer_id: int, role: str, since: date | None) -> CustomerRole:
    """Let a customer be something more to us; raises `InvalidInput` when it is that already."""
    record = take(tx, Customer, customer_id)
    if _current(tx, customer_id, role):
        raise InvalidInput(_("{name} is {role} already.").format(name=record.name, role=role))
    touch(tx, record)
    source = f"entered by {tx.actor.login}"
    return tx.add(CustomerRole(customer_id=customer_id, role=role, started=since, source=source))


def end_role(tx: Transaction, customer_id: int, role: str, on: date) -> CustomerRole:
    """End what a customer is to us; raises `InvalidInput` when it is not that, or ends before it began."""
    record = take(tx, Customer, customer_id)
    current = _current(tx, customer_id, role)
    if not current:
        raise InvalidInput(_("{name} is not {role}.").format(name=record.name, role=role))
    if current[0].started is not None and on < current[0].started:
        raise InvalidInput(
            _("{name} is {role} only since {date}.").format(name=record.name, role=role, date=current[0].started)
        )
    current[0].ended = on
    touch(tx, record)
    return current[0]


def _current(tx: Transaction, customer_id: int, role: str) -> list[CustomerRole]:
    c = customer_role.c
    return tx.load(CustomerRole, c.customer_id == customer_id, c.role == role, c.ended.is_(None))
