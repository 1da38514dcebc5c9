"""The parties: our users, customers, contacts, and what belongs to them."""

from sqlalchemy import Boolean, Column, Date, Index, Table, Text, text

from crmcore.engine.tables.columns import batch, custom, key, link, metadata, origin, stamps, version, words
from crmcore.engine.types import Id, Json, Key

user_account = Table(
    "user_account",
    metadata,
    key(),
    version(),
    Column("login", Text, nullable=False, unique=True),
    words("name"),
    words("email"),
    words("phone"),
    words("department"),
    words("team"),
    link("manager_id", "user_account", index=False),
    words("role"),
    Column("skills", Json, nullable=False),
    words("zone"),
    words("language"),
    Column("active", Boolean, nullable=False),
    *stamps(),
)

customer = Table(
    "customer",
    metadata,
    key(),
    version(),
    Column("name", Text, nullable=False),
    words("kind"),
    link("parent_id", "customer"),
    link("owner_id", "user_account"),
    Column("private", Boolean, nullable=False),
    words("language"),
    words("zone"),
    words("note"),
    Column("details", Json, nullable=False),
    custom(),
    *origin(),
    link("merged_into_id", "customer"),
    *stamps(),
    Column("sort_key", Key, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("search", Key, nullable=False),
    Index("ix_customer_page", "sort_key", "id"),
    Index("ix_customer_private", "owner_id", sqlite_where=text("private"), postgresql_where=text("private")),
)

contact = Table(
    "contact",
    metadata,
    key(),
    version(),
    Column("name", Text, nullable=False),
    words("given"),
    words("family"),
    words("additional"),
    words("prefix"),
    words("suffix"),
    words("birthday"),
    link("owner_id", "user_account"),
    Column("private", Boolean, nullable=False),
    words("language"),
    words("zone"),
    words("note"),
    Column("details", Json, nullable=False),
    custom(),
    *origin(),
    link("merged_into_id", "contact"),
    *stamps(),
    Column("sort_key", Key, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("search", Key, nullable=False),
    Index("ix_contact_page", "sort_key", "id"),
    Index("ix_contact_private", "owner_id", sqlite_where=text("private"), postgresql_where=text("private")),
)

customer_role = Table(
    "customer_role",
    metadata,
    key(),
    version(),
    link("customer_id", "customer", "CASCADE"),
    words("role"),
    Column("started", Date),
    Column("ended", Date),
    *origin(),
    Index("ix_customer_role_role", "role", "customer_id"),
)

position = Table(
    "position",
    metadata,
    key(),
    version(),
    link("contact_id", "contact", "CASCADE"),
    link("customer_id", "customer", "CASCADE"),
    words("title"),
    words("department"),
    words("role"),
    Column("started", Date),
    Column("ended", Date),
    *origin(),
)

contact_point = Table(
    "contact_point",
    metadata,
    key(),
    version(),
    link("contact_id", "contact", "CASCADE"),
    link("customer_id", "customer", "CASCADE"),
    words("kind"),
    words("label"),
    words("value"),
    Column("normal", Key, nullable=False, server_default=""),
    Column("preferred", Boolean, nullable=False),
    Column("address", Json),
    words("status"),
    *origin(),
    Index("ix_contact_point_normal", "normal", "kind"),
)

external_id = Table(
    "external_id",
    metadata,
    key(),
    version(),
    words("kind"),
    Column("record_id", Id, nullable=False, index=True),
    words("scheme"),
    words("value"),
    batch(),
    Index("ix_external_id_value", "kind", "scheme", "value"),
)
