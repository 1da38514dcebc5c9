"""It keeps the core from deleting."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="clinging",
    title="It keeps the core from deleting.",
    migrations=Path(__file__).parent / "migrations",
    tables=("clinging_one",),
)
