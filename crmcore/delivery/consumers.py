"""Who listens: the plugins that implement `crm_on_event`, and the workspace's automations."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, false, or_, true

from crmcore.automation import listening
from crmcore.engine.tables import journal
from crmcore.engine.transaction import Transaction
from crmcore.model.change import Event
from crmcore.model.definitions import Automation, Definitions
from crmcore.plugins.dispatch import Dispatcher

HOOK = "crm_on_event"

_ESCAPE = "\\"


@frozen(kw_only=True, eq=False)
class Consumer:
    """One who listens, `name` being its subscription's and `cause` what the journal says of it (`plugin loyalty`).

    `hears` are patterns of event types (`contact.created`, `contact.*`); none of them: all. `handle(tx, event)` is
    called for each event; all it does is done through `tx`. `plugin` is who is named in findings.
    """

    name: str
    plugin: str
    cause: str
    hears: tuple[str, ...] = ()
    handle: Callable[[Transaction, Event], None]

    def wants(self, kind: str) -> bool:
        """Return whether it listens to events of a type."""
        return not self.hears or any(re.fullmatch(_expression(one), kind) for one in self.hears)

    def interest(self) -> ColumnElement[bool]:
        """Return the condition on journal entries of the types it listens to."""
        if not self.hears:
            return true()
        exact = [one for one in self.hears if "*" not in one]
        wild = [journal.c.type.like(_like(one), escape=_ESCAPE) for one in self.hears if "*" in one]
        return or_(journal.c.type.in_(exact) if exact else false(), *wild)


def consumers(dispatcher: Dispatcher, definitions: Definitions) -> dict[str, Consumer]:
    """Return by name all who listen in a workspace: plugins in the order of calls, then the automations."""
    return {one.name: one for one in (*_plugins(dispatcher), *_automations(definitions))}


def _plugins(dispatcher: Dispatcher) -> Iterator[Consumer]:
    for call in dispatcher.calls(HOOK):
        told = dispatcher.manifest(call.plugin)
        yield Consumer(
            name=call.plugin,
            plugin=call.plugin,
            cause=f"plugin {call.plugin}",
            hears=tuple(told.hears) if told is not None else (),
            handle=partial(_tell, dispatcher, call),
        )


def _tell(dispatcher: Dispatcher, call: Any, tx: Transaction, event: Event) -> None:
    dispatcher.call(call, event=event, tx=tx)


def _automations(definitions: Definitions) -> Iterator[Consumer]:
    for one in definitions.automations:
        name = listening.name(one.name)
        yield Consumer(
            name=name, plugin=name, cause=f"automation {one.name}", hears=(one.on,), handle=partial(_run, one)
        )


def _run(automation: Automation, tx: Transaction, event: Event) -> None:
    from crmcore.automation import subscriber  # conditions are read only where one is to be judged

    subscriber.handle(automation, tx, event)


def _expression(pattern: str) -> str:
    return ".*".join(map(re.escape, pattern.split("*")))


def _like(pattern: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        pattern = pattern.replace(special, _ESCAPE + special)
    return pattern.replace("*", "%")
