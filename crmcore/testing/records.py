"""Customers, contacts and interactions that look like real ones: Chinese names and others, in turn."""

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from typing import Any

from sqlalchemy import select

from crmcore.directory.reach import add_ways, ways
from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.model.entity import values
from crmcore.model.interaction import Interaction, Participant
from crmcore.model.names import parse_name
from crmcore.model.party import Contact, Customer, Position
from crmcore.testing.workspace import ADMINISTRATOR, Workspace

_CUSTOMERS = (
    "东方机械",
    "Nordlicht Pumpen GmbH",
    "长江泵业有限公司",
    "Canton Valves Ltd",
    "南海船舶",
    "Ferretti S.p.A.",
)
_CONTACTS = ("李伟", "Anja Petersen", "王芳", "James Okafor", "欧阳娜娜", "Giulia Conti", "陈刚", "Müller, Jörg")
_LINES = (
    "要周五前的报价",
    "asked for the drawing of the DN50 valve",
    "样品已收到，下周给意见",
    "wants delivery in two weeks",
)


class Records:
    """Makes records in a workspace, in the name of its administrator; every field can be said."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._customers, self._contacts, self._lines = cycle(_CUSTOMERS), cycle(_CONTACTS), cycle(_LINES)

    def _transaction(self) -> Transaction:
        app = self._workspace.app
        return app.transaction(app.actor(ADMINISTRATOR), cause="a test")

    def customer(self, name: str = "", *, phone: str = "", email: str = "", **fields: Any) -> Customer:
        """Add a customer, with the ways to reach it that are given, and return it."""
        with self._transaction() as tx:
            added = tx.add(Customer(name=name or next(self._customers), **_owned(tx, fields)))
            add_ways(tx, ways(_given(phone, email), "CN"), customer_id=added.id)
        return added

    def contact(
        self,
        name: str = "",
        *,
        customer: Customer | None = None,
        title: str = "",
        phone: str = "",
        email: str = "",
        **fields: Any,
    ) -> Contact:
        """Add a contact, with a position at `customer` where one is given, and return it."""
        with self._transaction() as tx:
            named = values(parse_name(name or next(self._contacts)))
            added = tx.add(Contact(**{**named, **_owned(tx, fields)}))
            add_ways(tx, ways(_given(phone, email), "CN"), contact_id=added.id)
            if customer is not None:
                tx.add(Position(contact_id=added.id, customer_id=customer.id, title=title))
        return added

    def interaction(
        self,
        contact: Contact,
        body: str = "",
        *,
        channel: str = "call",
        direction: str = "in",
        at: datetime | None = None,
        user: str = ADMINISTRATOR,
        **fields: Any,
    ) -> Interaction:
        """Add an interaction between a contact and a user (by login), now unless `at` says when, and return it."""
        with self._transaction() as tx:
            user_id = tx.value(select(user_account.c.id).where(user_account.c.login == user))
            said = {"contact_id": contact.id, "user_id": user_id, "body": body or next(self._lines), **fields}
            added = tx.add(Interaction(channel=channel, direction=direction, at=at or tx.now, **said))
            tx.add(Participant(interaction_id=added.id, role="present", contact_id=contact.id, name=contact.name))
            tx.add(Participant(interaction_id=added.id, role="present", user_id=user_id))
        return added


def _given(phone: str, email: str) -> Iterator[tuple[str, str]]:
    return ((kind, value) for kind, value in (("phone", phone), ("email", email)) if value)


def _owned(tx: Transaction, fields: dict[str, Any]) -> dict[str, Any]:
    return {"owner_id": tx.actor.user_id or None, **fields}
