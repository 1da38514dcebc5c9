"""The core's tables. One SQLAlchemy `Table` an entity, its columns named as the entity's fields.

Columns an entity does not have are derived when it is written (`crmcore.engine.derive`). Ids are drawn from one
sequence, so an id names one record of the whole workspace. Constraints have names from the first revision on, because
SQLite loses unnamed ones when a table is rebuilt.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crmcore.engine.types import Amount, Id, Instant, Json, Key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _open_tasks(column: str) -> Index:
    """Return the index by which a party's open tasks are found among all it ever had."""
    filled = text(f"{column} IS NOT NULL")
    return Index(f"ix_task_{column}", column, "status", "due", sqlite_where=filled, postgresql_where=filled)


LOOKED_UP = "looked up"  # marks a column that gets an index over the rows that have a value there


def _key() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=False)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _link(name: str, target: str, on_delete: str = "SET NULL", *, index: bool = True) -> Column[int]:
    nullable = on_delete != "CASCADE" or name in {"contact_id", "customer_id"}
    return Column(name, Id, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable, info={LOOKED_UP: index})


def _stamps() -> tuple[Column[datetime], Column[datetime]]:
    return Column("created_at", Instant, nullable=False), Column("updated_at", Instant, nullable=False)


def _origin() -> tuple[Column[str], Column[int]]:
    """Return where a record's first values came from: words for a person, and the import that brought it."""
    return _text("source"), Column(
        "batch_id", Id, ForeignKey("import_batch.id", ondelete="SET NULL"), info={LOOKED_UP: True}
    )


user_account = Table(
    "user_account",
    metadata,
    _key(),
    _version(),
    Column("login", Text, nullable=False, unique=True),
    _text("name"),
    _text("email"),
    _text("phone"),
    _text("department"),
    _text("team"),
    _link("manager_id", "user_account", index=False),
    _text("role"),
    Column("skills", Json, nullable=False),
    _text("zone"),
    _text("language"),
    Column("active", Boolean, nullable=False),
    *_stamps(),
)

import_batch = Table(
    "import_batch",
    metadata,
    _key(),
    _version(),
    Column("at", Instant, nullable=False),
    Column("user_id", Id, nullable=False),
    _text("command"),
    _text("state"),
    Column("counts", Json, nullable=False),
    Column("files", Json, nullable=False),
)

customer = Table(
    "customer",
    metadata,
    _key(),
    _version(),
    Column("name", Text, nullable=False),
    _text("kind"),
    _link("parent_id", "customer"),
    _link("owner_id", "user_account"),
    Column("private", Boolean, nullable=False),
    _text("language"),
    _text("zone"),
    _text("note"),
    Column("details", Json, nullable=False),
    *_origin(),
    _link("merged_into_id", "customer"),
    *_stamps(),
    Column("sort_key", Key, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("search", Key, nullable=False),
    Index("ix_customer_page", "sort_key", "id"),
    Index("ix_customer_private", "owner_id", sqlite_where=text("private"), postgresql_where=text("private")),
)

contact = Table(
    "contact",
    metadata,
    _key(),
    _version(),
    Column("name", Text, nullable=False),
    _text("given"),
    _text("family"),
    _text("additional"),
    _text("prefix"),
    _text("suffix"),
    _text("birthday"),
    _link("owner_id", "user_account"),
    Column("private", Boolean, nullable=False),
    _text("language"),
    _text("zone"),
    _text("note"),
    Column("details", Json, nullable=False),
    *_origin(),
    _link("merged_into_id", "contact"),
    *_stamps(),
    Column("sort_key", Key, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("search", Key, nullable=False),
    Index("ix_contact_page", "sort_key", "id"),
    Index("ix_contact_private", "owner_id", sqlite_where=text("private"), postgresql_where=text("private")),
)

customer_role = Table(
    "customer_role",
    metadata,
    _key(),
    _version(),
    _link("customer_id", "customer", "CASCADE"),
    _text("role"),
    Column("started", Date),
    Column("ended", Date),
    *_origin(),
    Index("ix_customer_role_role", "role", "customer_id"),
)

position = Table(
    "position",
    metadata,
    _key(),
    _version(),
    _link("contact_id", "contact", "CASCADE"),
    _link("customer_id", "customer", "CASCADE"),
    _text("title"),
    _text("department"),
    _text("role"),
    Column("started", Date),
    Column("ended", Date),
    *_origin(),
)

contact_point = Table(
    "contact_point",
    metadata,
    _key(),
    _version(),
    _link("contact_id", "contact", "CASCADE"),
    _link("customer_id", "customer", "CASCADE"),
    _text("kind"),
    _text("label"),
    _text("value"),
    Column("normal", Key, nullable=False, server_default=""),
    Column("preferred", Boolean, nullable=False),
    Column("address", Json),
    _text("status"),
    *_origin(),
    Index("ix_contact_point_normal", "normal", "kind"),
)

external_id = Table(
    "external_id",
    metadata,
    _key(),
    _version(),
    _text("kind"),
    Column("record_id", Id, nullable=False, index=True),
    _text("scheme"),
    _text("value"),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="SET NULL"), info={LOOKED_UP: True}),
    Index("ix_external_id_value", "kind", "scheme", "value"),
)

consent = Table(
    "consent",
    metadata,
    _key(),
    _version(),
    _link("contact_id", "contact", "CASCADE"),
    _link("customer_id", "customer", "CASCADE"),
    _text("channel"),
    _text("purpose"),
    _text("state"),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
    _text("evidence"),
    *_origin(),
)

preference = Table(
    "preference",
    metadata,
    _key(),
    _version(),
    _link("contact_id", "contact", "CASCADE"),
    _link("customer_id", "customer", "CASCADE"),
    _text("kind"),
    _text("channel"),
    Column("allow", Boolean, nullable=False),
    _text("starts"),
    _text("ends"),
    _text("days"),
    _text("text"),
    _text("sentence"),
    _link("interaction_id", "interaction", index=False),
    *_origin(),
    Column("created_at", Instant, nullable=False),
)

interaction = Table(
    "interaction",
    metadata,
    _key(),
    _version(),
    Column("channel", Text, nullable=False),
    _link("customer_id", "customer", index=False),
    _link("contact_id", "contact", index=False),
    _link("user_id", "user_account", index=False),
    _text("direction"),
    Column("at", Instant),
    Column("day", Date),
    _text("zone"),
    Column("seconds", Integer),
    _text("subject"),
    _text("body"),
    _text("quoted"),
    _text("location"),
    _text("status"),
    Column("private", Boolean, nullable=False),
    _text("origin"),
    Column("external_id", Text),
    _text("thread"),
    Column("details", Json, nullable=False),
    *_origin(),
    *_stamps(),
    Column("moment", Instant, nullable=False),
    UniqueConstraint("external_id", "origin"),
    Index("ix_interaction_page", "moment", "id"),
    Index("ix_interaction_customer", "customer_id", "moment", "id"),
    Index("ix_interaction_contact", "contact_id", "moment", "id"),
    Index("ix_interaction_user", "user_id", "moment", "id"),
    Index("ix_interaction_thread", "thread", sqlite_where=text("thread <> ''"), postgresql_where=text("thread <> ''")),
)

participant = Table(
    "participant",
    metadata,
    _key(),
    _version(),
    Column("interaction_id", Id, ForeignKey("interaction.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("role"),
    Column("contact_id", Id, ForeignKey("contact.id", ondelete="SET NULL"), info={LOOKED_UP: True}),
    _link("user_id", "user_account"),
    Column("customer_id", Id, ForeignKey("customer.id", ondelete="SET NULL"), info={LOOKED_UP: True}),
    _text("name"),
    _text("address"),
    Column("normal", Key, nullable=False, server_default=""),
    _text("status"),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="SET NULL"), info={LOOKED_UP: True}),
    Index("ix_participant_normal", "normal", sqlite_where=text("normal <> ''"), postgresql_where=text("normal <> ''")),
)

task = Table(
    "task",
    metadata,
    _key(),
    _version(),
    _text("kind"),
    _text("subject"),
    Column("due", Date),
    _text("status"),
    Column("closed_at", Instant),
    _link("owner_id", "user_account", index=False),
    _text("by"),
    _link("contact_id", "contact", index=False),
    _link("customer_id", "customer", index=False),
    _link("interaction_id", "interaction"),
    _text("sentence"),
    _text("topic"),
    Column("amount", Amount),
    _text("unit"),
    _text("note"),
    _text("origin"),
    Column("external_id", Text),
    *_origin(),
    *_stamps(),
    UniqueConstraint("external_id", "origin"),
    _open_tasks("contact_id"),
    _open_tasks("customer_id"),
    Index("ix_task_due", "status", "due", "id"),
    Index("ix_task_owner", "owner_id", "status", "due"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_journal_subject", "subject_id", "id"),
    sqlite_autoincrement=True,
)

import_change = Table(
    "import_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("entity"),
    Column("record_id", Id, nullable=False),
    _text("source"),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Index("ix_import_change_record", "record_id"),
)

import_rejection = Table(
    "import_rejection",
    metadata,
    Column("id", Id, primary_key=True),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("file"),
    Column("line", Integer, nullable=False),
    _text("reason"),
    _text("raw"),
)

duplicate = Table(
    "duplicate",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("a", Id, primary_key=True),
    Column("b", Id, primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", Json, nullable=False),
    _text("state"),
    Column("at", Instant, nullable=False),
    Index("ix_duplicate_state", "state", "score"),
)

merge = Table(
    "merge",
    metadata,
    _key(),
    _version(),
    _text("kind"),
    Column("winner_id", Id, nullable=False, index=True),
    Column("loser_id", Id, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("undo", Json, nullable=False),
    Column("undone_at", Instant),
)

plugin = Table(
    "plugin",
    metadata,
    Column("name", Text, primary_key=True),
    _text("distribution"),
    _text("version"),
    Column("enabled", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("tables", Json, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    _text("plugin"),
    _text("version"),
    _text("hook"),
    _text("message"),
)

setting = Table("setting", metadata, Column("name", Text, primary_key=True), Column("value", Json, nullable=False))

counter = Table("counter", metadata, Column("name", Text, primary_key=True), Column("next", Id, nullable=False))

# Most links are empty in most rows; an index without those rows is smaller, and an insert need not touch it.
for _table in metadata.sorted_tables:
    for _column in _table.columns:
        if _column.info.get(LOOKED_UP):
            _filled = _column.is_not(None)
            Index(f"ix_{_table.name}_{_column.name}", _column, sqlite_where=_filled, postgresql_where=_filled)
