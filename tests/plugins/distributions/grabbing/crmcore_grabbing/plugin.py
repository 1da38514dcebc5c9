"""It alters a table of the core."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="grabbing",
    title="It alters a table of the core.",
    migrations=Path(__file__).parent / "migrations",
    tables=(),
)
