"""It sleeps after a save, before the commit."""

import time

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="lingering", title="It sleeps after a save, before the commit.")


@impl
def crm_apply(changes):
    if any(change.entity == "customer" for change in changes):
        time.sleep(30)
