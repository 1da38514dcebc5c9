"""Mail of a campaign: to whom it went, and who was left out for which reason."""

from pathlib import Path

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text

from crmcore.api import EntityType, Id, Instant, Plugin, Reference, entity, impl, tables

PLUGIN = Plugin(
    name="campaign_mail",
    title="Campaigns by mail",
    migrations=Path(__file__).parent / "migrations",
    tables=("campaign_mail_mail",),
)

mail = Table(
    "campaign_mail_mail",
    MetaData(),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="CASCADE"), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False),
)


@entity
class Mail:
    """A mail that was sent, or was not."""

    contact_id: int
    campaign: str
    state: str
    why: str = ""
    at: object = None
    id: int = 0
    version: int = 0


@impl
def crm_entities():
    return [EntityType(cls=Mail, table=mail, parents=("contact_id",))]


@impl
def crm_references():
    return [Reference(table=mail, column="contact_id", target="contact")]
