"""Its revision bears no name of its own."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="stranger",
    title="Its revision bears no name of its own.",
    migrations=Path(__file__).parent / "migrations",
    tables=(),
)
