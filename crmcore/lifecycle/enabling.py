"""Enabling and disabling: for everybody in a workspace, from the next transaction on."""

from sqlalchemy import Engine

from crmcore.engine import migrate
from crmcore.engine.workspace import explained
from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.lifecycle import generation, schema, states
from crmcore.plugins.discovery import load
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.resolve import dependants, resolve


def enable(engine: Engine, name: str) -> list[str]:
    """Enable a plugin and all it requires; return the names newly enabled.

    Its tables are created first; a failure leaves the workspace as it was.
    """
    with explained(engine), migrate.alone(engine) as connection:
        already = states.enabled_names(connection)
        fresh = [(found, plugin) for found, plugin in resolve(name) if found.name not in already]
        for found, plugin in fresh:
            Dispatcher().register(found.name, load(found)[1])  # refuses a plugin that would fail when opened
            schema.bring(connection, plugin)
            states.write_state(connection, found, plugin, enabled=True)
        generation.advance(connection)
    return [found.name for found, _plugin in fresh]


def disable(engine: Engine, name: str) -> None:
    """Disable a plugin: its data is kept, it contributes nothing. Refused while enabled plugins require it."""
    with explained(engine), engine.begin() as connection:
        names = states.enabled_names(connection)
        if name not in names:
            raise NotFound(_("Plugin {name} is not enabled.").format(name=name))
        needing = dependants(name, names)
        if needing:
            raise PluginError(
                _("Plugin {name} stays enabled: {others} require it.").format(name=name, others=", ".join(needing))
            )
        states.write_disabled(connection, name)
        generation.advance(connection)
