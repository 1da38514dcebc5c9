"""What service costs, and what it saves or brings."""

from sqlalchemy import Column, Date, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Amount, Fixed, Id, Instant
from crmcore_service.tables.base import key, metadata, origin, party, stamps, to, user, words

_PRICE = {"hidden_from": ("service",)}
"""What deals and contracts came to; a workspace shows it to who serves by the role's definition."""

hour_rate = Table(
    "service_hour_rate",
    metadata,
    *key(),
    user("user_id"),
    Column("since", Date, nullable=False),
    Column("amount", Fixed, nullable=False),
    UniqueConstraint("user_id", "since", name="uq_service_hour_rate_since"),
    info={"owners": ()},
)

cost = Table(
    "service_cost",
    metadata,
    *key(),
    Column("day", Date, nullable=False),
    Column("what", Text, nullable=False),
    Column("amount", Fixed, nullable=False),
    *words("currency"),
    Column("rate", Amount, nullable=False),
    Column("worth", Fixed, nullable=False),
    Column("minutes", Integer),
    user("user_id"),
    to("ticket_id", "ticket"),
    to("work_order_id", "work_order"),
    to("contract_id", "contract"),
    *party(),
    *words("entity"),
    Column("record_id", Id),
    *words("note"),
    *origin(),
    *stamps(),
    Index("ix_service_cost_day", "day"),
    Index("ix_service_cost_ticket", "ticket_id"),
    Index("ix_service_cost_order", "work_order_id"),
    Index("ix_service_cost_customer", "customer_id", "day"),
    Index("ix_service_cost_record", "record_id"),
    info={"owners": ()},
)
"""`worth` is the amount at its rate, to the cent, in the workspace's currency: every figure is a sum of it."""

gain = Table(
    "service_gain",
    metadata,
    *key(),
    Column("kind", Text, nullable=False),
    *words("status"),
    to("ticket_id", "ticket"),
    to("contract_id", "contract"),
    *party(),
    *words("entity"),
    Column("record_id", Id),
    Column("amount", Fixed, nullable=False, info=_PRICE),
    *words("currency"),
    Column("rate", Amount, nullable=False),
    Column("worth", Fixed, nullable=False, info=_PRICE),
    Column("day", Date, nullable=False),
    *words("reason"),
    user("claimed_by_id"),
    user("confirmed_by_id"),
    Column("confirmed_at", Instant),
    *words("note"),
    *origin(),
    *stamps(),
    UniqueConstraint("entity", "record_id", name="uq_service_gain_record"),
    Index("ix_service_gain_day", "day"),
    Index("ix_service_gain_ticket", "ticket_id"),
    Index("ix_service_gain_customer", "customer_id"),
    info={"owners": (), "searched": ("reason", "note")},
)
"""What a ticket brought: `kind` is renewal, save or sale; `entity` and `record_id` are what it came to elsewhere."""
