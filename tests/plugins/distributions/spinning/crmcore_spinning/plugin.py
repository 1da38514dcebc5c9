"""It computes for ever while somebody waits for figures."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="spinning", title="It computes for ever while somebody waits for figures.")


@impl
def crm_quality(reader):
    n = 0
    while True:
        n += 1
