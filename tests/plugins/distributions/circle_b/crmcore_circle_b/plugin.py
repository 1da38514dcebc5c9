"""It stands on the other."""

from crmcore.api import Plugin

PLUGIN = Plugin(name="circle_b", title="It stands on the other.", requires=("circle_a",))
