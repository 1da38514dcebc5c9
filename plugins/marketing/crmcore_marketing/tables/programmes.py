"""Programmes by industry, their plays, and the customers in them."""

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text

from crmcore.api import Id, tables
from crmcore_marketing.tables.base import CASCADE, SET_NULL, key, metadata, stamps, to, user, words

programme = Table(
    "marketing_programme",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("industry"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    user(),
    *words("note"),
    *stamps(),
    info={"searched": ("name", "industry", "note")},
)

programme_play = Table(
    "marketing_programme_play",
    metadata,
    *key(),
    to("programme_id", "programme", CASCADE),
    *words("name", "goal", "steps"),
    Index("ix_marketing_programme_play_programme", "programme_id"),
)

placement = Table(
    "marketing_placement",
    metadata,
    *key(),
    to("programme_id", "programme", CASCADE),
    to("play_id", "programme_play", CASCADE),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete=SET_NULL)),
    Column("since", Date, nullable=False),
    Column("until", Date),
    *words("result"),
    Column("result_on", Date),
    *words("note"),
    Index("ix_marketing_placement_programme", "programme_id", "customer_id", "since"),
    Index("ix_marketing_placement_customer", "customer_id"),
    Index("ix_marketing_placement_play", "play_id"),
)
