"""It bears a name of the core."""

from pathlib import Path

from crmcore.api import Plugin

PLUGIN = Plugin(
    name="contact",
    title="It bears a name of the core.",
    migrations=Path(__file__).parent / "migrations",
    tables=("contact_shoe",),
)
