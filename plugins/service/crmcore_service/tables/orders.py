"""Work orders: who goes where and when, with what, and what came of it."""

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_service.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

place = Table(
    "service_place",
    metadata,
    *key(),
    *words("name", "key"),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    *origin(),
    UniqueConstraint("key", name="uq_service_place_key"),
    info={"owners": ()},
)
"""Where towns, districts and postal codes lie; `key` is the name as it is compared."""

technician = Table(
    "service_technician",
    metadata,
    *key(),
    user("user_id"),
    *words("base"),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("radius", Integer),
    *words("calendar"),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *stamps(),
    UniqueConstraint("user_id", name="uq_service_technician_user"),
    info={"owners": ()},
)

skill = Table(
    "service_skill",
    metadata,
    *key(),
    user("user_id"),
    Column("name", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("until", Date),
    *origin(),
    UniqueConstraint("user_id", "name", name="uq_service_skill_name"),
    Index("ix_service_skill_name", "name", "level"),
    info={"owners": ()},
)

_OPEN = text("closed_at IS NULL")

work_order = Table(
    "service_work_order",
    metadata,
    *key(),
    Column("subject", Text, nullable=False),
    *words("kind"),
    to("ticket_id", "ticket"),
    *party(),
    to("asset_id", "asset"),
    to("contract_id", "contract"),
    *words("status"),
    Column("entered_at", Instant),
    Column("closed_at", Instant),
    user(),
    user("technician_id"),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("promised_on", Date),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
    Column("visited_at", Instant),
    Column("done_at", Instant),
    Column("next_step_at", Instant),
    *words("place"),
    Column("latitude", Float),
    Column("longitude", Float),
    *words("skill"),
    Column("skill_level", Integer),
    Column("fixed", Boolean),
    *words("cause", "result", "note", "uid"),
    Column("sequence", Integer, nullable=False),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete=SET_NULL)),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    Index("ix_service_work_order_ticket", "ticket_id"),
    Index("ix_service_work_order_customer", "customer_id", "opened_at"),
    Index("ix_service_work_order_asset", "asset_id"),
    Index("ix_service_work_order_technician", "technician_id", "starts_at"),
    Index("ix_service_work_order_due", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_service_work_order_promised", "promised_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_service_work_order_step", "next_step_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    info={
        "searched": ("subject", "place", "result", "note"),
        "about": "contact_id",
        "owners": ("owner_id", "technician_id"),
        "prefix": "W",
    },
)

visit = Table(
    "service_visit",
    metadata,
    *key(),
    to("work_order_id", "work_order", CASCADE),
    user("technician_id"),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("kilometres", Integer),
    Column("fixed", Boolean),
    *words("note"),
    Index("ix_service_visit_order", "work_order_id", "starts_at"),
    Index("ix_service_visit_technician", "technician_id", "starts_at"),
)

part = Table(
    "service_part",
    metadata,
    *key(),
    to("work_order_id", "work_order", CASCADE),
    Column("name", Text, nullable=False),
    *words("number"),
    Column("quantity", Fixed, nullable=False),
    Column("unit_cost", Fixed),
    *words("currency"),
    Column("warranty", Boolean, nullable=False),
    Index("ix_service_part_order", "work_order_id"),
)
