"""The list of its entry points is damaged."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="damaged", title="The list of its entry points is damaged.")
