"""Its metadata has no version."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="no_version", title="Its metadata has no version.")
