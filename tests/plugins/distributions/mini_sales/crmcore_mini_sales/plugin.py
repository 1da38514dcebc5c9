"""Deals with customers: a table, a block, timeline entries, and the figure of what was won."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from attrs import field
from sqlalchemy import Column, Integer, MetaData, Table, Text, select

from crmcore.api import (
    Amount,
    Block,
    EntityType,
    Entry,
    Id,
    Instant,
    Metric,
    Plugin,
    PluginReader,
    Reference,
    Subject,
    entity,
    impl,
    required,
    total,
)  # fmt: skip

PLUGIN = Plugin(
    name="mini_sales", title="Deals", migrations=Path(__file__).parent / "migrations", tables=("mini_sales_deal",)
)
deal = Table(
    "mini_sales_deal",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id),
    Column("contact_id", Id),
    Column("at", Instant, nullable=False),
    Column("owner_id", Id),
    Column("title", Text, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("state", Text, nullable=False),
)


@entity
class Deal:
    """Something that may be sold."""

    title: str = field(validator=required)
    amount: Decimal = Decimal()
    state: str = "open"
    customer_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    at: datetime | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities() -> Iterable[EntityType]:
    return [EntityType(cls=Deal, table=deal)]


@impl
def crm_references() -> Iterable[Reference]:
    return [Reference(table=deal, column=f"{name}_id", target=name) for name in ("customer", "contact")]


@impl
def crm_brief(subject: Subject, reader: PluginReader) -> Iterable[Block]:
    open_ = select(deal.c.title, deal.c.amount).where(
        deal.c.customer_id.in_(subject.customer_ids), deal.c.state == "open"
    )
    rows = reader.rows(open_.order_by(deal.c.id).limit(20))
    yield Block(title="Open deals", weight=40, rows=tuple((row.title, str(row.amount)) for row in rows))


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    c = deal.c
    mine = select(c.id, c.at, c.title, c.amount, c.state).where(c.customer_id.in_(subject.customer_ids))
    if before is not None:
        mine = mine.where(c.at <= before)
    for row in reader.rows(mine.order_by(c.at.desc(), c.id.desc()).limit(limit)):
        yield Entry(
            at=row.at, kind="deal", text=f"{row.title}: {row.amount} ({row.state})", entity=deal.name, id=row.id
        )


@impl
def crm_metrics() -> Iterable[Metric]:
    yield Metric(
        name="mini_sales.won", title="Won", unit="CNY", value=total(deal.c.amount), source=deal, at=deal.c.at,
        conditions=(deal.c.state == "won",), dimensions={"customer": deal.c.customer_id, "user": deal.c.owner_id},
        text=deal.c.title,
    )  # fmt: skip
