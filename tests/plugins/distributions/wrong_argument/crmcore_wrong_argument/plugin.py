"""It asks for an argument that is not there."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="wrong_argument", title="It asks for an argument that is not there.")


@impl
def crm_brief(subject, colour):
    return []
