"""What it requires cannot be read."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="unreadable", title="What it requires cannot be read.")
