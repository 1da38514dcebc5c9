"""Deals with two owners, their lines, and remarks on those."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text

from crmcore.api import EntityType, Id, Instant, Plugin, Reference, entity, impl

PLUGIN = Plugin(
    name="shared_deals",
    title="Deals that a rep and an agent follow together",
    migrations=Path(__file__).parent / "migrations",
    tables=("shared_deals_deal", "shared_deals_line", "shared_deals_remark"),
)
_metadata = MetaData()
deal = Table(
    "shared_deals_deal",
    _metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("customer_id", Id),
    Column("owner_id", Id),
    Column("agent_id", Id),
    Column("closed_at", Instant),
    info={"owners": ("owner_id", "agent_id"), "searched": ("title",)},
)
line = Table(
    "shared_deals_line",
    _metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("deal_id", Id, ForeignKey("shared_deals_deal.id"), nullable=False),
    Column("said", Text, nullable=False),
)
remark = Table(
    "shared_deals_remark",
    _metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("line_id", Id, ForeignKey("shared_deals_line.id"), nullable=False),
    Column("said", Text, nullable=False),
)


@entity
class Deal:
    """Something that may be sold."""

    title: str
    customer_id: int | None = None
    owner_id: int | None = None
    agent_id: int | None = None
    closed_at: datetime | None = None
    id: int = 0
    version: int = 0


@entity
class Line:
    """A part of a deal."""

    deal_id: int
    said: str
    id: int = 0
    version: int = 0


@entity
class Remark:
    """A part of a part."""

    line_id: int
    said: str
    id: int = 0
    version: int = 0


@impl
def crm_entities() -> Iterable[EntityType]:
    return [
        EntityType(cls=Deal, table=deal),
        EntityType(cls=Line, table=line, parents=("deal_id",)),
        EntityType(cls=Remark, table=remark, parents=("line_id",)),
    ]


@impl
def crm_references() -> Iterable[Reference]:
    yield Reference(table=deal, column="customer_id", target="customer")
    for column in ("owner_id", "agent_id"):
        yield Reference(table=deal, column=column, target="user_account")
