"""Events, and who registered for them."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Instant, Json
from crmcore_marketing.tables.base import CASCADE, key, metadata, origin, party, stamps, to, user, words

event = Table(
    "marketing_event",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    *words("zone"),
    to("campaign_id", "campaign"),
    *words("place", "url"),
    Column("capacity", Integer),
    *words("status"),
    Column("uid", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    user(),
    *words("note"),
    *stamps(),
    Index("ix_marketing_event_starts", "starts_at"),
    Index("ix_marketing_event_campaign", "campaign_id"),
    Index("ix_marketing_event_uid", "uid"),
    info={"searched": ("name", "place", "note")},
)

registration = Table(
    "marketing_registration",
    metadata,
    *key(),
    to("event_id", "event", CASCADE),
    *party(),
    *words("status"),
    Column("registered_at", Instant),
    Column("confirmed_at", Instant),
    Column("reminded", Json, nullable=False),
    Column("attended_at", Instant),
    *words("channel", "note"),
    *origin(),
    *stamps(),
    UniqueConstraint("event_id", "contact_id", name="uq_marketing_registration_contact"),
    Index("ix_marketing_registration_event", "event_id", "status", "registered_at"),
    Index("ix_marketing_registration_contact", "contact_id"),
    Index("ix_marketing_registration_customer", "customer_id"),
    info={"owners": (), "about": "contact_id"},
)
