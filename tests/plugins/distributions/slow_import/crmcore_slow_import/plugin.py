"""Its import takes more than a second."""

import time

from crmcore.api import Plugin

time.sleep(1.1)
PLUGIN = Plugin(name="slow_import", title="Its import takes more than a second.")
