"""Its history forks."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="two_heads",
    title="Its history forks.",
    migrations=Path(__file__).parent / "migrations",
    tables=(),
)
