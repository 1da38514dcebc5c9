"""It claims commands of the core and of another plugin."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="command_thief", title="It claims commands of the core and of another plugin.")
