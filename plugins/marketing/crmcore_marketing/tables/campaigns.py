"""Campaigns, what was spent on them, who takes part, and every touch between them and people."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Amount, Fixed, Id, Instant, Json
from crmcore_marketing.tables.base import CASCADE, key, metadata, origin, party, stamps, to, user, words

campaign = Table(
    "marketing_campaign",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("code"),
    to("parent_id", "campaign"),
    to("programme_id", "programme"),
    *words("type", "status"),
    Column("entered_at", Instant),
    Column("closed_at", Instant),
    user(),
    Column("starts_on", Date),
    Column("ends_on", Date),
    *words("place", "channel", "industry"),
    Column("products", Json, nullable=False),
    *words("currency"),
    Column("planned_cost", Fixed),
    Column("planned_revenue", Fixed),
    Column("planned_reached", Integer),
    Column("planned_leads", Integer),
    Column("planned_orders", Integer),
    Column("outcome", Json, nullable=False),
    *words("note"),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    Index("ix_marketing_campaign_parent", "parent_id"),
    Index("ix_marketing_campaign_programme", "programme_id"),
    Index("ix_marketing_campaign_code", "code"),
    Index("ix_marketing_campaign_status", "status", "starts_on"),
    info={"searched": ("name", "code", "place", "note")},
)

spend = Table(
    "marketing_spend",
    metadata,
    *key(),
    to("campaign_id", "campaign", CASCADE),
    Column("amount", Fixed, nullable=False),
    Column("day", Date, nullable=False),
    *words("what", "supplier", "currency"),
    Column("rate", Amount, nullable=False),
    *origin(),
    Index("ix_marketing_spend_campaign", "campaign_id", "day"),
)

member = Table(
    "marketing_member",
    metadata,
    *key(),
    to("campaign_id", "campaign", CASCADE),
    *party(),
    *words("status"),
    Column("joined_at", Instant),
    Column("responded_at", Instant),
    *words("standing", "worklist"),
    Column("handled_at", Instant),
    *words("note"),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    UniqueConstraint("campaign_id", "contact_id", name="uq_marketing_member_contact"),
    Index("ix_marketing_member_campaign", "campaign_id", "status"),
    Index("ix_marketing_member_contact", "contact_id"),
    Index("ix_marketing_member_customer", "customer_id"),
    info={"owners": (), "about": "contact_id"},
)

touch = Table(
    "marketing_touch",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    *party(),
    to("campaign_id", "campaign"),
    Column("at", Instant, nullable=False),
    *words("kind", "channel", "product"),
    Column("engaging", Boolean, nullable=False),
    *words("entity"),
    Column("record_id", Id),
    Index("ix_marketing_touch_contact", "contact_id", "at"),
    Index("ix_marketing_touch_customer", "customer_id", "at"),
    Index("ix_marketing_touch_campaign", "campaign_id", "kind", "at"),
    info={"owners": ()},
)
"""Each time a campaign and a person met. `kind`: sent, click, reply, visit, form, registered, attended, material,
answer, member, qualified. `engaging` ones are those in which the person did something: attribution counts these.
`entity` and `record_id` are what it is told of; written with that, in the same transaction."""
