"""Its exceptions cannot even be shown."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="unspeakable", title="Its exceptions cannot even be shown.")


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("not even that")

    __repr__ = __str__


@impl
def crm_brief(subject):
    raise Unspeakable


@impl
def crm_quality(reader):
    raise Unspeakable
