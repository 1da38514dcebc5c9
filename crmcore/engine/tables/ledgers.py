"""What is only ever added to: the journal, imports and what they changed, links, duplicates and merges."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, text

from crmcore.engine.tables.columns import key, metadata, version, words
from crmcore.engine.types import Id, Instant, Json

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
    Column("cause_id", Id),  # the entry on whose delivery this one was written
    Column("depth", Integer, nullable=False, server_default="0"),  # how many deliveries led here
    Column("xid", Id, nullable=False, server_default="0"),  # PostgreSQL: the transaction, as its commits are ordered
    Index("ix_journal_xid", "xid", "id", sqlite_where=text("xid <> 0"), postgresql_where=text("xid <> 0")),
    Index("ix_journal_subject", "subject_id", "id"),
    sqlite_autoincrement=True,
)

import_batch = Table(
    "import_batch",
    metadata,
    key(),
    version(),
    Column("at", Instant, nullable=False),
    Column("user_id", Id, nullable=False),
    words("command"),
    words("state"),
    Column("counts", Json, nullable=False),
    Column("files", Json, nullable=False),
)

import_change = Table(
    "import_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    words("entity"),
    Column("record_id", Id, nullable=False),
    words("source"),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Index("ix_import_change_record", "record_id"),
)

import_rejection = Table(
    "import_rejection",
    metadata,
    Column("id", Id, primary_key=True),
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    words("file"),
    Column("line", Integer, nullable=False),
    words("reason"),
    words("raw"),
)

duplicate = Table(
    "duplicate",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("a", Id, primary_key=True),
    Column("b", Id, primary_key=True),
    Column("score", Float, nullable=False),
    Column("evidence", Json, nullable=False),
    words("state"),
    Column("at", Instant, nullable=False),
    Index("ix_duplicate_state", "state", "score"),
)

link = Table(
    "link",
    metadata,
    key(),
    Column("from_entity", Text, nullable=False),
    Column("from_id", Id, nullable=False),
    Column("to_entity", Text, nullable=False),
    Column("to_id", Id, nullable=False),
    words("kind"),  # what the one did to the other: became, reached, ...
    Column("at", Instant, nullable=False),
    Index("ix_link_from", "from_entity", "from_id", "to_entity", "to_id"),
    Index("ix_link_to", "to_entity", "to_id", "from_entity", "from_id"),
)
"""Which record another became or led to; ids of any kind of record, so no foreign keys."""

merge = Table(
    "merge",
    metadata,
    key(),
    version(),
    words("kind"),
    Column("winner_id", Id, nullable=False, index=True),
    Column("loser_id", Id, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("undo", Json, nullable=False),
    Column("undone_at", Instant),
)
