"""What the tests of this folder share: everything that is stored, as plain values, and records to merge."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import frozen
from sqlalchemy import func, select

from crmcore.app import App
from crmcore.engine.tables import metadata
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.permission import Consent, Preference

_NOT_COMPARED = {"journal", "merge", "counter"}
_NOT_RESTORED = {"version", "updated_at"}
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

Dump = dict[str, list[Any]]


def dump(app: App) -> Dump:
    """Return all rows of all core tables but the journal and the merges, without versions and times of change."""
    found: Dump = {}
    with app.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in _NOT_COMPARED:
                continue
            rows = connection.execute(select(table)).mappings().all()
            kept = [{name: value for name, value in row.items() if name not in _NOT_RESTORED} for row in rows]
            found[table.name] = sorted(kept, key=lambda row: str(next(iter(row.values()))) + repr(row))
    return found


def counts(app: App) -> dict[str, int]:
    """Return how many rows each core table has."""
    with app.engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in _NOT_COMPARED
        }


@frozen(kw_only=True)
class Two:
    """Two contacts and two customers that may be one, each with everything that can point at them."""

    contacts: tuple[int, int]
    customers: tuple[int, int]


def add_two(app: App) -> Two:
    contacts, customers = [], []
    with app.transaction() as tx:
        for turn, name in enumerate(("Acme", "Acme GmbH")):
            customer = tx.add(Customer(name=name, zone="Europe/Berlin" if turn else "", note=f"note {turn}"))
            customers.append(customer.id)
        tx.add(Customer(name="Acme Nord", parent_id=customers[1]))
        for turn, name in enumerate(("李伟", "Li Wei")):
            customer_id = customers[turn]
            contact = tx.add(
                Contact(
                    name=name,
                    given="Wei" if turn else "",
                    family="Li" if turn else "",
                    birthday="1980-02-03" if turn else "",
                    note=f"note {turn}",
                    details={"identifiers": {"tax": "77"}, "Color": "red"} if turn else {"Size": "L"},
                )
            )
            contacts.append(contact.id)
            for owner in ({"contact_id": contact.id}, {"customer_id": customer_id}):
                tx.add(ContactPoint(kind="email", value="Li@x.cn", normal="li@x.cn", **owner))
                tx.add(ContactPoint(kind="phone", value=f"1{turn}", normal=f"+861000000{turn}", **owner))
                tx.add(Consent(state="denied", channel="email", **owner))
                tx.add(Preference(kind="taste", text=f"tea {turn}", **owner))
            tx.add(CustomerRole(customer_id=customer_id, role="supplier"))
            tx.add(CustomerRole(customer_id=customer_id, role=f"partner {turn}"))
            tx.add(Position(contact_id=contact.id, customer_id=customers[0], title="CEO"))
            tx.add(
                Position(contact_id=contact.id, customer_id=customer_id, title=f"Job {turn}", started=date(2020, 1, 1))
            )
            for kind, record_id in (("contact", contact.id), ("customer", customer_id)):
                tx.add(ExternalId(kind=kind, record_id=record_id, scheme="sf", value=f"{kind}{turn}"))
            for number in range(3):
                met = tx.add(
                    Interaction(
                        channel="call", at=AT, contact_id=contact.id, customer_id=customer_id, subject=f"call {number}"
                    )
                )
                tx.add(
                    Participant(interaction_id=met.id, role="callee", contact_id=contact.id, customer_id=customer_id)
                )
            tx.add(Task(subject="Ring", contact_id=contact.id, customer_id=customer_id))
            tx.add(Task(subject="Send it", kind="promise", contact_id=contact.id, sentence="I will send it"))
    return Two(contacts=(contacts[0], contacts[1]), customers=(customers[0], customers[1]))


@pytest.fixture
def stored() -> Callable[[App], Dump]:
    return dump


@pytest.fixture
def numbers() -> Callable[[App], dict[str, int]]:
    return counts


@pytest.fixture
def two(app: App) -> Two:
    return add_two(app)
