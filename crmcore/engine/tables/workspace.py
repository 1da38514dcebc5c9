"""The workspace itself: its plugins, settings and counters."""

from sqlalchemy import Boolean, Column, Table, Text

from crmcore.engine.tables.columns import metadata, words
from crmcore.engine.types import Id, Instant, Json

plugin = Table(
    "plugin",
    metadata,
    Column("name", Text, primary_key=True),
    words("distribution"),
    words("version"),
    Column("enabled", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("tables", Json, nullable=False),
)

setting = Table("setting", metadata, Column("name", Text, primary_key=True), Column("value", Json, nullable=False))

counter = Table("counter", metadata, Column("name", Text, primary_key=True), Column("next", Id, nullable=False))
