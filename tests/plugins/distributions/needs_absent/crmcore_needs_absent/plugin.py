"""It stands on what is not there."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="needs_absent", title="It stands on what is not there.", requires=("absent",))
