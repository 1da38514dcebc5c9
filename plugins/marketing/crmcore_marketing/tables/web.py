"""Forms and what came in by them, and visits to our pages."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json, tables
from crmcore_marketing.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, words

form = Table(
    "marketing_form",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    to("campaign_id", "campaign"),
    *words("product"),
    Column("fields", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *stamps(),
    UniqueConstraint("key", name="uq_marketing_form_key"),
    info={"searched": ("name", "key", "note")},
)

submission = Table(
    "marketing_submission",
    metadata,
    *key(),
    to("form_id", "form", CASCADE),
    Column("at", Instant, nullable=False),
    *party(),
    to("campaign_id", "campaign"),
    *words("status", "reason"),
    Column("data", Json, nullable=False),
    Column("utm", Json, nullable=False),
    Column("external_id", Text),
    *origin(),
    UniqueConstraint("external_id", name="uq_marketing_submission_external_id"),
    Index("ix_marketing_submission_form", "form_id", "at"),
    Index("ix_marketing_submission_contact", "contact_id"),
    Index("ix_marketing_submission_customer", "customer_id"),
    Index("ix_marketing_submission_campaign", "campaign_id"),
    info={"owners": (), "about": "contact_id"},
)

visitor = Table(
    "marketing_visitor",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("token", Text, nullable=False),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete=SET_NULL)),
    Column("seen_at", Instant, nullable=False),
    Column("consented_at", Instant),
    Column("tied_at", Instant),
    *words("tied_by"),
    UniqueConstraint("token", name="uq_marketing_visitor_token"),
    Index("ix_marketing_visitor_contact", "contact_id"),
    info={"owners": ()},
)
"""A browser. Whose it is, is known only once its user consented and filled in a form or followed a link of ours."""

visit = Table(
    "marketing_visit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("visitor_id", "visitor"),
    Column("at", Instant, nullable=False),
    *words("path", "referrer", "product"),
    to("campaign_id", "campaign"),
    Column("utm", Json, nullable=False),
    Column("machine", Boolean, nullable=False),
    Column("external_id", Text, nullable=False),
    *words("source"),
    UniqueConstraint("external_id", name="uq_marketing_visit_external_id"),
    Index("ix_marketing_visit_visitor", "visitor_id", "at"),
    Index("ix_marketing_visit_campaign", "campaign_id", "at"),
    info={"owners": ()},
)
"""A page that was looked at, in the endpoint or a server's log; `external_id` keeps it from being counted twice.

`machine` says that its user agent calls itself a robot or a reader of feeds. No address of a visitor is kept."""
