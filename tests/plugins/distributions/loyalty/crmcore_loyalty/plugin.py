"""A plugin with tables that stands on another: every new contact gets a card, and a task comes with it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from attrs import define
from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, Numeric, Table, Text, select

from crmcore.api import Block, EntityType, Plugin, Reference, Task, impl

PLUGIN = Plugin(
    name="loyalty",
    title="Cards for returning customers",
    requires=("dummy",),
    migrations=Path(__file__).parent / "migrations",
    tables=("loyalty_card", "loyalty_stamp"),
)

card = Table(
    "loyalty_card",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("contact_id", BigInteger),
    Column("customer_id", BigInteger),
    Column("level", Text, nullable=False),
    Column("rebate", Numeric(5, 2), nullable=False),
    Column("given", Date, nullable=False),
)


@define(kw_only=True, eq=False)
class Card:
    """A card of a contact."""

    level: str
    rebate: Decimal
    given: date
    contact_id: int | None = None
    customer_id: int | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities():
    return [EntityType(cls=Card, table=card, parents=("contact_id",))]


@impl
def crm_references():
    return [Reference(table=card, column="contact_id", target="contact")]


@impl
def crm_brief(subject, reader):
    rows = reader.rows(select(card.c.level, card.c.given).where(card.c.contact_id.in_(subject.contact_ids)).limit(10))
    yield Block(title="Loyalty", weight=80, rows=tuple((row.level, row.given.isoformat()) for row in rows))


@impl
def crm_on_event(event, tx):
    """Give every new contact a card, and somebody the task to hand it over."""
    if event.type == "contact.created":
        tx.add(Card(level="贵宾 silver", rebate=Decimal("2.50"), given=tx.now.date(), contact_id=event.subject_id))
        tx.add(Task(subject=f"hand over card {event.subject_id}", contact_id=event.subject_id))
