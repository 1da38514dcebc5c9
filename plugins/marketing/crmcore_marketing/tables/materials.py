"""Materials, and to whom anyone gave them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant, tables
from crmcore_marketing.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

material = Table(
    "marketing_material",
    metadata,
    *key(),
    Column("code", Text, nullable=False),
    *words("name", "kind", "product", "edition", "file"),
    Column("days", Integer),
    Column("unit_cost", Fixed),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *stamps(),
    UniqueConstraint("code", name="uq_marketing_material_code"),
    info={"searched": ("code", "name", "product", "note")},
)

handout = Table(
    "marketing_handout",
    metadata,
    *key(),
    to("material_id", "material", CASCADE),
    *party(),
    Column("at", Instant),
    user("user_id"),
    *words("department", "channel"),
    to("campaign_id", "campaign"),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    to("message_id", "message"),
    *origin(),
    Index("ix_marketing_handout_material", "material_id", "contact_id", "at"),
    Index("ix_marketing_handout_contact", "contact_id", "at"),
    Index("ix_marketing_handout_customer", "customer_id"),
    Index("ix_marketing_handout_campaign", "campaign_id"),
    Index("ix_marketing_handout_interaction", "interaction_id"),
    info={"owners": (), "about": "contact_id"},
)
