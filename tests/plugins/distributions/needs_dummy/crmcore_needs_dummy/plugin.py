"""It stands on dummy."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="needs_dummy", title="It stands on dummy.", requires=("dummy",))
