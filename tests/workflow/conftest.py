"""A process as a plugin brings it, and a workspace in which it is enabled."""

from collections.abc import Iterable, Iterator
from types import ModuleType

import pytest

from crmcore.api import App, Field, Plugin, Process, State, Transition, impl

SHIPPING = Process(
    name="shipping",
    title="Sample shipping",
    states=(
        State(name="requested"),
        State(name="approved"),
        State(name="shipped"),
        State(name="received", kind="done"),
        State(name="refused", label="不批准", kind="lost"),
    ),
    transitions=(
        Transition(origin="requested", target="approved", guard="weight <= 5", requires=("weight",)),
        Transition(origin="requested", target="refused", roles=("manager", "admin")),
        Transition(
            origin="approved", target="shipped", guard='customer.language == "zh"', requires=("tracking", "note")
        ),
        Transition(origin="shipped", target="received"),
    ),
    fields=(
        Field(entity="process_item", name="weight", type="number"),
        Field(entity="process_item", name="tracking"),
        Field(entity="process_item", name="priority", default="normal"),
        Field(entity="process_item", name="heavy", type="boolean", compute="weight > 3"),
    ),
)


def shipping_plugin() -> ModuleType:
    module = ModuleType("shipping")
    module.PLUGIN = Plugin(name="shipping", title="Sample shipping")

    @impl
    def crm_processes() -> Iterable[Process]:
        yield SHIPPING

    module.crm_processes = crm_processes
    return module


@pytest.fixture
def shipping(workspace: str) -> Iterator[App]:
    """A workspace with the process `shipping`; plugins' failures are raised."""
    opened = App(workspace, plugins=[("shipping", shipping_plugin())], strict=True)
    yield opened
    opened.close()
