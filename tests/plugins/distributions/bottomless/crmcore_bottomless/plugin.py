"""It calls itself until Python gives up."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="bottomless", title="It calls itself until Python gives up.")


def _down(depth):
    return _down(depth + 1) + 1


@impl
def crm_brief(subject):
    return _down(0)


@impl
def crm_quality(reader):
    return _down(0)
