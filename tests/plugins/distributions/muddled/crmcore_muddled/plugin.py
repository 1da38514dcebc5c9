"""What it says of itself is of the wrong kind."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="muddled", title="It is muddled.", requires="dummy")
