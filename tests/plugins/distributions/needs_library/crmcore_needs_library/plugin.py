"""It needs a library that is not there."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="needs_library", title="It needs a library that is not there.")
