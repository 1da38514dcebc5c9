"""Its migration fails half way."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="half_way",
    title="Its migration fails half way.",
    migrations=Path(__file__).parent / "migrations",
    tables=("half_way_one",),
)
