"""Its import never ends."""

import time

from crmcore.api import Plugin

PLUGIN = Plugin(name="hanging_import", title="Its import never ends.")

time.sleep(60)
