"""The workspace itself: its settings and counters."""

from sqlalchemy import Column, Table, Text

from crmcore.engine.tables.columns import metadata
from crmcore.engine.types import Id, Json

setting = Table("setting", metadata, Column("name", Text, primary_key=True), Column("value", Json, nullable=False))

counter = Table("counter", metadata, Column("name", Text, primary_key=True), Column("next", Id, nullable=False))
