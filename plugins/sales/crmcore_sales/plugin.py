"""What the plugin says of itself."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="sales", title="Sales pipeline: from the first contact to the won deal")
