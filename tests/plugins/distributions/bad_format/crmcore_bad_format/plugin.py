"""Its format fails while a file is read, and says it can read everything."""

import os

from crmcore.api import Format, Plugin, impl

PLUGIN = Plugin(name="bad_format", title="Its format fails while a file is read, and says it can read everything.")


def _sniff(head, name):
    if os.environ.get("BAD_FORMAT") == "sniff":
        raise SystemExit("sniffing")
    return 100 if name.endswith(".bad") else 0


def _read(source):
    yield from ()
    raise SystemExit("reading")


@impl
def crm_formats():
    return [Format(name="bad", label="Bad", extensions=(".bad",), sniff=_sniff, read=_read)]
