"""Calls: a table, a block, timeline entries, and the figure of how long they took."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select

from crmcore.api import (
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
)  # fmt: skip

PLUGIN = Plugin(
    name="mini_callcenter", title="Calls", migrations=Path(__file__).parent / "migrations",
    tables=("mini_callcenter_call",),
)  # fmt: skip
call = Table(
    "mini_callcenter_call",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id),
    Column("contact_id", Id),
    Column("at", Instant, nullable=False),
    Column("user_id", Id),
    Column("seconds", Integer, nullable=False),
    Column("note", Text, nullable=False),
)


@entity
class Call:
    """Somebody on the line."""

    seconds: int = 0
    note: str = ""
    customer_id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    at: datetime | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities() -> Iterable[EntityType]:
    return [EntityType(cls=Call, table=call)]


@impl
def crm_references() -> Iterable[Reference]:
    return [Reference(table=call, column=f"{name}_id", target=name) for name in ("customer", "contact")]


@impl
def crm_brief(subject: Subject, reader: PluginReader) -> Iterable[Block]:
    seconds = reader.value(select(func.sum(call.c.seconds)).where(call.c.customer_id.in_(subject.customer_ids)))
    if seconds:
        yield Block(title="On the line", weight=70, rows=((f"{seconds} s",),))


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    c = call.c
    mine = select(c.id, c.at, c.seconds, c.note).where(c.customer_id.in_(subject.customer_ids))
    if before is not None:
        mine = mine.where(c.at <= before)
    for row in reader.rows(mine.order_by(c.at.desc(), c.id.desc()).limit(limit)):
        yield Entry(at=row.at, kind="line", text=f"{row.seconds} s: {row.note}", entity=call.name, id=row.id)


@impl
def crm_metrics() -> Iterable[Metric]:
    yield Metric(
        name="mini_callcenter.seconds", title="Time on the line", unit="s", value=func.sum(call.c.seconds), source=call,
        at=call.c.at, dimensions={"user": call.c.user_id, "customer": call.c.customer_id},
    )  # fmt: skip
