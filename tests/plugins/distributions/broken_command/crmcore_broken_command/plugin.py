"""Its command does not let itself be imported."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="broken_command", title="Its command does not let itself be imported.")
