"""Its process asks people to type six things before anything begins."""

from crmcore.api import Field, Plugin, Process, State, impl

PLUGIN = Plugin(name="demanding", title="It asks for too much.")


@impl
def crm_processes():
    fields = tuple(Field(entity="process_item", name=f"question_{n}", required=True) for n in range(6))
    return [Process(name="interview", states=(State(name="new"),), fields=fields)]
