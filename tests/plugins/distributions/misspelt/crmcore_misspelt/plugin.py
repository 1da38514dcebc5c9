"""It misspells a hook."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="misspelt", title="It misspells a hook.")


@impl
def crm_breif(subject):
    return []
