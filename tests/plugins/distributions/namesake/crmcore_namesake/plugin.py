"""It brings a plugin that another distribution brings, too."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="dummy", title="Not the dummy")
