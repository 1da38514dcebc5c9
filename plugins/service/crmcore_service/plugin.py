"""What the plugin says of itself."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="service", title="Service tickets: no request unanswered")
