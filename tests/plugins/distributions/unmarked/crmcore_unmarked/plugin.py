"""Its hook is not marked as one."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="unmarked", title="Its hook is not marked as one.")


def crm_brief(subject):
    return []
