"""It has no metadata at all."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="bare", title="It has no metadata at all.")
