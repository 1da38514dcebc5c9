"""Tickets: a table, a block, timeline entries, a figure, and what becomes of a person's tickets when it is erased."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from attrs import field
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select, update

from crmcore.api import (
    ApplyTransaction,
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
)  # fmt: skip

PLUGIN = Plugin(
    name="mini_service", title="Tickets", migrations=Path(__file__).parent / "migrations",
    tables=("mini_service_ticket",),
)  # fmt: skip
ticket = Table(
    "mini_service_ticket",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id),
    Column("contact_id", Id),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
)


@entity
class Ticket:
    """A problem somebody has."""

    text: str = field(validator=required)
    state: str = "open"
    customer_id: int | None = None
    contact_id: int | None = None
    at: datetime | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities() -> Iterable[EntityType]:
    return [EntityType(cls=Ticket, table=ticket)]


@impl
def crm_references() -> Iterable[Reference]:
    return [Reference(table=ticket, column=f"{name}_id", target=name) for name in ("customer", "contact")]


@impl
def crm_erase(subject: Subject, tx: ApplyTransaction) -> Iterable[str]:
    mine = update(ticket).where(ticket.c.contact_id.in_(subject.contact_ids))
    done = tx.execute(mine.values(text="erased"))
    return [f"{done.rowcount} tickets without their text; they are counted as before"]


@impl
def crm_brief(subject: Subject, reader: PluginReader) -> Iterable[Block]:
    rows = reader.rows(
        select(ticket.c.text).where(ticket.c.customer_id.in_(subject.customer_ids), ticket.c.state == "open").limit(20)
    )
    yield Block(title="Open tickets", weight=50, rows=tuple((row.text,) for row in rows))


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    c = ticket.c
    mine = select(c.id, c.at, c.text, c.state).where(c.customer_id.in_(subject.customer_ids))
    if before is not None:
        mine = mine.where(c.at <= before)
    for row in reader.rows(mine.order_by(c.at.desc(), c.id.desc()).limit(limit)):
        yield Entry(at=row.at, kind="ticket", text=f"{row.text} ({row.state})", entity=ticket.name, id=row.id)


@impl
def crm_metrics() -> Iterable[Metric]:
    yield Metric(
        name="mini_service.tickets", title="Tickets", value=func.count(), source=ticket, at=ticket.c.at,
        dimensions={"customer": ticket.c.customer_id, "state": ticket.c.state}, text=ticket.c.text,
    )  # fmt: skip
