"""It takes memory and keeps it."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="leaking", title="It takes memory and keeps it.")


KEPT = []


@impl
def crm_quality(reader):
    KEPT.append(bytearray(b"x" * 120_000_000))
    return []
