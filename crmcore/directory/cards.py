"""Everything the directory knows about one contact or customer, on one screen."""

from typing import Any

from sqlalchemy import Column, select

from crmcore.directory import contacts, customers, interactions, tasks
from crmcore.directory.consents import statements
from crmcore.directory.parts import positions
from crmcore.directory.sources import sources
from crmcore.engine.reader import Reader
from crmcore.engine.tables import customer, position, preference
from crmcore.model.entity import values

_TASKS, _LATEST, _PEOPLE, _WISHES = 5, 3, 100, 50


def contact_card(reader: Reader, contact_id: int) -> dict[str, Any]:
    """Return a contact's view with its consents, wishes, next tasks, latest interactions and the source of each value.

    As many statements for a contact with much history as for one with none. Raises `NotFound`.
    """
    view = contacts.one(reader, contact_id)
    return {
        **values(view),
        "consents": statements(reader, contact_id=contact_id),
        "preferences": _wishes(reader, preference.c.contact_id, contact_id),
        "tasks": tasks.page(reader, limit=_TASKS, status="open", contact_id=contact_id),
        "latest": interactions.page(reader, limit=_LATEST, contact_id=contact_id),
        "sources": sources(reader, "contact", view),
    }


def customer_card(reader: Reader, customer_id: int) -> dict[str, Any]:
    """Return a customer's view with its people, subsidiaries, consents, tasks, interactions and sources.

    At most a hundred people and subsidiaries. Raises `NotFound`.
    """
    view = customers.one(reader, customer_id)
    below = select(customer.c.id, customer.c.name).where(customer.c.parent_id == customer_id)
    return {
        **values(view),
        "contacts": positions(reader, position.c.customer_id, [customer_id], limit=_PEOPLE)[customer_id],
        "subsidiaries": [
            {"id": row.id, "name": row.name} for row in reader.rows(below.order_by(customer.c.id).limit(_PEOPLE))
        ],
        "consents": statements(reader, customer_id=customer_id),
        "preferences": _wishes(reader, preference.c.customer_id, customer_id),
        "tasks": tasks.page(reader, limit=_TASKS, status="open", customer_id=customer_id),
        "latest": interactions.page(reader, limit=_LATEST, customer_id=customer_id),
        "sources": sources(reader, "customer", view),
    }


def _wishes(reader: Reader, owner: "Column[int]", record_id: int) -> list[dict[str, Any]]:
    c = preference.c
    statement = select(
        c.id, c.kind, c.channel, c.allow, c.starts, c.ends, c.days, c.text, c.sentence, c.interaction_id, c.source
    ).where(owner == record_id)
    return [dict(row._mapping) for row in reader.rows(statement.order_by(c.id.desc()).limit(_WISHES))]
