"""Enabling and disabling: for everybody in a workspace, from the next transaction on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from crmcore.engine import clock, journal, migrate, positions
from crmcore.engine.bulk import Writer
from crmcore.engine.workspace import explained
from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.lifecycle import claims, generation, schema, states
from crmcore.lifecycle.states import Recorded
from crmcore.model.change import Event
from crmcore.model.user import SYSTEM
from crmcore.plugins.discovery import load
from crmcore.plugins.resolve import resolve

Check = Callable[[Connection, Sequence[tuple[str, Any]]], None]
"""Raises when plugins (name, module) may not be enabled in the workspace of a connection."""


def enable(
    engine: Engine,
    name: str,
    *,
    by: str = SYSTEM.login,
    core_commands: Iterable[str] = (),
    check: Check = lambda _connection, _fresh: None,
) -> list[str]:
    """Enable a plugin and all it requires, in the name of `by`; return the names newly enabled, in their order.

    Its tables are made or upgraded first; all of it is one transaction with its journal, and a failure leaves the
    workspace as it was. Raises `NotFound` or `PluginError` for what does not load, does not resolve, claims a name
    that is taken, demands too much (`check`) or migrates what is not its own. `core_commands` cannot be claimed.
    """
    wanted = [(found, plugin, load(found)[1]) for found, plugin in resolve(name)]
    migrating = any(plugin.migrations for _found, plugin, _module in wanted)
    with explained(engine), (migrate.alone if migrating else migrate.locked)(engine) as connection:
        known = states.recorded(connection)
        running = {one.name for one in known.values() if one.enabled and not one.quarantined}
        fresh = [each for each in wanted if each[0].name not in running]
        asleep = [
            found.name
            for found, _plugin, module in fresh
            if hasattr(module, "crm_on_event") and not _is_enabled(known, found.name)
        ]
        for found, plugin, module in fresh:
            names = claims.examined(found, plugin, module, known, core_commands)
            schema.bring(connection, plugin)
            states.write_state(connection, found, plugin, names)
            known = states.recorded(connection)
        check(connection, [(found.name, module) for found, _plugin, module in fresh])
        positions.begin(connection, [found.name for found, _plugin, module in fresh if claims.listens(module)])
        enabled = [found.name for found, _plugin, _module in fresh]
        tell(connection, "plugin.enabled", enabled, by)
        positions.begin(connection, asleep)
    return enabled


def _is_enabled(known: Mapping[str, Recorded], name: str) -> bool:
    return name in known and known[name].enabled


def disable(engine: Engine, name: str, *, by: str = SYSTEM.login, with_dependants: bool = False) -> list[str]:
    """Disable a plugin in the name of `by`: its data is kept, it contributes nothing; return the names disabled.

    Refused while enabled plugins require it, unless `with_dependants`: then they are disabled before it. What is
    required was recorded when it was enabled, so that no package need be there. Raises `NotFound` and `PluginError`.
    """
    with explained(engine), migrate.locked(engine) as connection:
        enabled = {one.name: one for one in states.recorded(connection).values() if one.enabled}
        if name not in enabled:
            raise NotFound(_("Plugin {name} is not enabled.").format(name=name))
        needing = dependants(name, enabled)
        if needing and not with_dependants:
            raise PluginError(
                _("Plugin {name} stays enabled: {others} require it.").format(name=name, others=", ".join(needing))
            )
        names = [*needing, name]
        for each in names:
            states.write_disabled(connection, each)
        tell(connection, "plugin.disabled", names, by)
    return names


def dependants(name: str, enabled: Mapping[str, Recorded]) -> list[str]:
    """Return the enabled plugins that require `name`, directly or not; who requires another comes before it."""
    ordered: list[str] = []

    def visit(needed: str) -> None:
        for other in sorted(enabled):
            if needed in enabled[other].requires and other not in (*ordered, name):
                visit(other)
                ordered.append(other)

    visit(name)
    return ordered


def tell(connection: Connection, kind: str, names: Sequence[str], by: str) -> None:
    """Tell the journal who enabled or disabled what, and begin a new generation; a plugin is no record, has no id."""
    if not names:
        return
    told = [
        Event(at=clock.now(), actor=by, cause="", type=kind, entity="plugin", subject_id=0, data={"name": each})
        for each in names
    ]
    journal.append(connection, Writer(connection.dialect), told)
    generation.advance(connection)
