"""The telephone systems that we listen to."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json
from crmcore_callcenter.tables.base import CASCADE, key, metadata, stamps, to, words

line = Table(
    "callcenter_phone_line",
    metadata,
    *key(),
    *words("code"),
    Column("name", Text, nullable=False),
    *words("kind", "address", "login", "password", "system", "dial", "context", "dial_as", "dial_prefix"),
    Column("own_numbers", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    *stamps(),
    UniqueConstraint("code", name="uq_callcenter_phone_line_code"),
    info={"owners": ()},
)

hearing = Table(
    "callcenter_hearing",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("line_id", "phone_line", CASCADE),
    *words("state", "said", "holder"),
    Column("at", Instant, nullable=False),
    Column("since", Instant, nullable=False),
    Column("heard_at", Instant),
    *(Column(name, Integer, nullable=False) for name in ("events", "cuts", "p50_ms", "p95_ms", "most_ms")),
    UniqueConstraint("line_id", name="uq_callcenter_hearing_line"),
    info={"owners": ()},
)
"""How listening to a line goes: listening, trying, refused or stopped, and since when; who listens (`holder`), and when
that last gave a sign of life (`at`, by the machine's clock); the delay from what was received to its commit."""
