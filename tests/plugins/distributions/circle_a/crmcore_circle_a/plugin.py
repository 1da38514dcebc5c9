"""It stands on its own shoulders."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="circle_a", title="It stands on its own shoulders.", requires=("circle_b",))
