"""A process that asks people to type nine fields before anything can begin."""

from collections.abc import Iterable

from crmcore.api import Field, Plugin, Process, State, Transition, impl

PLUGIN = Plugin(name="nine_fields", title="A process that asks people to type nine fields")


@impl
def crm_processes() -> Iterable[Process]:
    """Declare the process."""
    yield Process(
        name="tender",
        title="Tender",
        states=(State(name="begun"), State(name="sent", kind="done")),
        transitions=(Transition(origin="begun", target="sent"),),
        fields=tuple(Field(entity="process_item", name=f"detail_{n}", required=True) for n in range(1, 10)),
    )
