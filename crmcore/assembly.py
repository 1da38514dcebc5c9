"""Putting a workspace together: its plugins, entity types, scopes and definitions, as they stand in one generation."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from attrs import frozen
from sqlalchemy import Connection, select

from crmcore.definitions import store
from crmcore.engine import workspace
from crmcore.engine.fields import Hidden, declared, hidden_fields
from crmcore.engine.mapping import Entities
from crmcore.engine.tables import process_item
from crmcore.engine.visibility import DEFAULT_SCOPES, NO_SCOPE, Scope
from crmcore.errors import NotFound, PluginError
from crmcore.lifecycle import generation, kept, states
from crmcore.model.definitions import Definitions
from crmcore.plugins import limits
from crmcore.plugins.discovery import load
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.dispatch import load as load_feature
from crmcore.plugins.resolve import resolve

FEATURES = (
    "crmcore.engine.features",
    "crmcore.settings.own",
    "crmcore.settings.mail",
    "crmcore.calendars.default",
    "crmcore.formats.features",
    "crmcore.search.index",
    "crmcore.directory.ownership",
    "crmcore.policy.consent",
    "crmcore.policy.quiet",
    "crmcore.timeline.blocks",
    "crmcore.promises.blocks",
    "crmcore.quality.figures",
    "crmcore.quality.staleness",
    "crmcore.metrics.figures",
    "crmcore.selecting.traits",
    "crmcore.workflow.rules",
    "crmcore.workflow.effort",
    "crmcore.workflow.blocks",
    "crmcore.automation.actions",
    "crmcore.delivery.rules",
    "crmcore.erasing.tombstones",
    "crmcore.web.settings",
)
"""The core's own features; each registers its hooks as a plugin does."""

_ITEM = select(process_item.c.id).limit(1)


@frozen(kw_only=True, eq=False)
class Assembly:
    """What a workspace is made of in one generation; a transaction keeps the one it began with."""

    generation: int
    dispatcher: Dispatcher
    entities: Entities
    definitions: Definitions
    scopes: Mapping[str, Scope]
    zone: ZoneInfo

    def scope(self, role: str) -> Scope:
        """Return how far a role reads and writes; an unknown role sees nothing."""
        return attrs.evolve(self.scopes.get(role, NO_SCOPE), plugins=self.entities.of_plugins)


def assemble(connection: Connection, extra: Iterable[tuple[str, Any]], *, strict: bool) -> Assembly:
    """Put together what a workspace has enabled and defined, and `extra` (name, module) plugins.

    A plugin that does not load is left out, and told of in the dispatcher's failures.
    """
    reached = generation.current(connection)
    known = workspace.settings(connection)
    dispatcher = Dispatcher(strict=strict, limits=limits.from_settings(known))
    for path in FEATURES:
        dispatcher.register("core." + path.split(".")[1] + "." + path.split(".")[2], load_feature(path))
    recorded = {name: one for name, one in states.recorded(connection).items() if one.enabled}
    gone = kept.absent_ones(recorded)
    if gone:
        dispatcher.register("core.lifecycle.kept", kept.Kept(plugins=gone))
    _register(dispatcher, {name: one.version for name, one in recorded.items()}, extra)
    dispatcher.quarantine({name: one.quarantined for name, one in recorded.items() if one.quarantined})
    entities = Entities(dispatcher.declared("crm_entities"))
    defined = _with_processes(store.load(connection), dispatcher)
    return Assembly(
        generation=reached,
        dispatcher=dispatcher,
        entities=entities,
        definitions=attrs.evolve(defined, items=connection.execute(_ITEM).first() is not None),
        scopes=_scopes(defined, declared(entities.declared_by_plugins)),
        zone=ZoneInfo(str(known.get("zone") or "UTC")),
    )


def _register(dispatcher: Dispatcher, wanted: Mapping[str, str], extra: Iterable[tuple[str, Any]]) -> None:
    names: list[str] = []
    for name in wanted:
        try:
            for found, plugin in resolve(name):
                if found.name not in names:
                    states.must_be_ready(found, plugin, wanted)
                    dispatcher.register(found.name, load(found)[1], found.version)
                    names.append(found.name)
        except (PluginError, NotFound) as error:
            dispatcher.note_failure(name, "load", str(error))
    for name, module in extra:
        dispatcher.register(name, module)
        names.append(name)
    dispatcher.enable(names)


def _with_processes(defined: Definitions, dispatcher: Dispatcher) -> Definitions:
    """Return the definitions with the processes that plugins bring, where the workspace has none of the name."""
    names = {one.name for one in defined.processes}
    brought = [one for one in dispatcher.declared("crm_processes") if one.name not in names]
    if not brought:
        return defined
    return attrs.evolve(defined, processes=(*defined.processes, *brought))


def _scopes(defined: Definitions, hidden: Mapping[str, Hidden]) -> dict[str, Scope]:
    """Return each role's scope: the core's, as the workspace's definitions have it instead.

    `hidden` are the fields that plugins hide from a role; it sees those that its definition shows.
    """
    scopes = {name: attrs.evolve(scope, hide=hidden.get(name, scope.hide)) for name, scope in DEFAULT_SCOPES.items()}
    for one in defined.roles:
        base = scopes.get(one.name, NO_SCOPE)
        hide = hidden.get(one.name, frozenset()) - hidden_fields(one.show) | hidden_fields(one.hide)
        scopes[one.name] = attrs.evolve(base, read=one.read or base.read, write=one.write or base.write, hide=hide)
    return scopes
