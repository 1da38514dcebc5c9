"""Mailings: a table, a block, timeline entries, and the figure of how many were sent by campaign."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from attrs import field
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, or_, select

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
    required,
)  # fmt: skip

PLUGIN = Plugin(
    name="mini_marketing", title="Mailings", migrations=Path(__file__).parent / "migrations",
    tables=("mini_marketing_mail",),
)  # fmt: skip
mail = Table(
    "mini_marketing_mail",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_id", Id),
    Column("contact_id", Id),
    Column("at", Instant, nullable=False),
    Column("campaign", Text, nullable=False),
)


@entity
class Mail:
    """A mailing to somebody."""

    campaign: str = field(validator=required)
    customer_id: int | None = None
    contact_id: int | None = None
    at: datetime | None = None
    id: int = 0
    version: int = 0


@impl
def crm_entities() -> Iterable[EntityType]:
    return [EntityType(cls=Mail, table=mail)]


@impl
def crm_references() -> Iterable[Reference]:
    return [Reference(table=mail, column=f"{name}_id", target=name) for name in ("customer", "contact")]


def _to(subject: Subject):
    return or_(mail.c.customer_id.in_(subject.customer_ids), mail.c.contact_id.in_(subject.contact_ids))


@impl
def crm_brief(subject: Subject, reader: PluginReader) -> Iterable[Block]:
    last = reader.first(select(mail.c.campaign).where(_to(subject)).order_by(mail.c.at.desc()))
    if last is not None:
        yield Block(title="Last campaign", weight=60, rows=((last.campaign,),))


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterable[Entry]:
    mine = select(mail.c.id, mail.c.at, mail.c.campaign).where(_to(subject))
    if before is not None:
        mine = mine.where(mail.c.at <= before)
    for row in reader.rows(mine.order_by(mail.c.at.desc(), mail.c.id.desc()).limit(limit)):
        yield Entry(at=row.at, kind="mailing", text=row.campaign, entity=mail.name, id=row.id)


@impl
def crm_metrics() -> Iterable[Metric]:
    yield Metric(
        name="mini_marketing.sent", title="Mailings sent", value=func.count(), source=mail, at=mail.c.at,
        dimensions={"campaign": mail.c.campaign, "customer": mail.c.customer_id},
    )  # fmt: skip
