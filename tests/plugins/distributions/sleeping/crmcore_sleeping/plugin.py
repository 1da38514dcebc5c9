"""It sleeps while somebody waits for a brief."""

import time

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="sleeping", title="It sleeps while somebody waits for a brief.")


@impl
def crm_brief(subject):
    time.sleep(30)
    return []
