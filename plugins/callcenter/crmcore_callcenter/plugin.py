"""What the plugin says of itself."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="callcenter", title="Call centre: no ring unrecognised")
