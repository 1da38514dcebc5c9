"""It sleeps where a save waits for it."""

import time

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="stalling", title="It sleeps where a save waits for it.")


@impl
def crm_before_save(changes):
    if any(change.entity == "customer" for change in changes):
        time.sleep(30)
