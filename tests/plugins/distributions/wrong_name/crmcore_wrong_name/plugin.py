"""It says it is another."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="somebody_else", title="It says it is another.")
