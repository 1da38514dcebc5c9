"""Deals: which product, for which price."""

from pathlib import Path

import attrs
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Numeric, Table, Text, select

from crmcore.api import (
    Block,
    EntityType,
    Format,
    Id,
    Plugin,
    Process,
    Reference,
    State,
    Transition,
    entity,
    impl,
    one_of,
    tables,
)
from crmcore_bargains.haggling import bids, is_log, take
from crmcore_bargains.reading import known, records
from crmcore_bargains.wishing import crm_forms as crm_forms

PLUGIN = Plugin(
    name="bargains",
    title="Deals",
    migrations=Path(__file__).parent / "migrations",
    tables=("bargains_deal",),
)

deal = Table(
    "bargains_deal",
    MetaData(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE"), nullable=False),
    Column("product", Text, nullable=False),
    Column("price", Numeric(12, 2)),
    Column("stage", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
)


@entity
class Deal:
    """A product a customer buys."""

    customer_id: int
    product: str
    price: object = None
    stage: str = ""
    region: str = attrs.field(default="", validator=one_of("", "north", "south"))
    source: str = ""
    batch_id: int | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities():
    return [EntityType(cls=Deal, table=deal, parents=("customer_id",))]


@impl
def crm_processes():
    states = (State(name="offered", label="Offered"), State(name="agreed", label="Agreed", kind="won"))
    over = State(name="dropped", label="Dropped", kind="lost")
    ways = (Transition(origin="offered", target="agreed", requires=("price",)),)
    return [Process(name="bargain", entity="bargains_deal", field="stage", states=(*states, over), transitions=ways)]


@impl
def crm_formats():
    return [
        Format(
            name="bargains",
            label="Deals",
            extensions=(".csv", ".xlsx"),
            headings=known,
            read=records,
            scheme="table",
            rows=True,
        ),
        Format(name="bids", label="Bids", extensions=(".bids",), sniff=is_log, read=bids, take=take),
    ]


@impl
def crm_references():
    return [Reference(table=deal, column="customer_id", target="customer")]


@impl
def crm_brief(subject, reader):
    d = deal.c
    found = select(d.product, d.price).where(d.customer_id.in_(subject.customer_ids)).order_by(d.id)
    rows = reader.rows(found.limit(10))
    if rows:
        shown = tuple((row.product, "" if row.price is None else str(row.price)) for row in rows)
        yield Block(title="Deals", weight=25, rows=shown, data=[row._asdict() for row in rows])
