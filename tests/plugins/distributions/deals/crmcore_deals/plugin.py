"""Deals: a product and an amount are typed, nine more fields fill in themselves."""

from collections.abc import Iterable

from crmcore.api import Field, Plugin, Process, State, Transition, impl

PLUGIN = Plugin(name="deals", title="Deals that ask for little and fill in the rest")


def _field(name: str, **more: object) -> Field:
    return Field(entity="process_item", name=name, **more)


@impl
def crm_processes() -> Iterable[Process]:
    """Declare the process."""
    yield Process(
        name="deal",
        title="Deal",
        states=(State(name="open"), State(name="won", kind="won"), State(name="lost", kind="lost")),
        transitions=(
            Transition(origin="open", target="won"),
            Transition(origin="open", target="lost", requires=("reason",)),
        ),
        fields=(
            _field("product", required=True),
            _field("amount", type="money", currency="CNY", required=True),
            _field("reason"),
            _field("channel", default="direct"),
            _field("terms", default="30 days"),
            _field("incoterm", default="FOB"),
            _field("port", default="Ningbo"),
            _field("warranty", type="number", default=12),
            _field("language", default="en"),
            _field("tax", type="money", currency="CNY", compute="amount * 0.13"),
            _field("deposit", type="money", currency="CNY", compute="amount * 0.3"),
            _field("size", compute='amount >= 100000 ? "large" : "small"'),
        ),
    )
