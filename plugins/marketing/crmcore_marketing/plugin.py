"""What the plugin says of itself."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="marketing", title="Marketing campaigns: who should hear from us, and what came of it")
