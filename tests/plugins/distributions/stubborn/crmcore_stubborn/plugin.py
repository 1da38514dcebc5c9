"""It does not let itself be cut off, for two seconds."""

import time
from contextlib import suppress

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="stubborn", title="It does not let itself be cut off, for two seconds.")


@impl
def crm_brief(subject):
    end = time.monotonic() + 2
    while time.monotonic() < end:
        with suppress(BaseException):
            time.sleep(0.05)
    return []
