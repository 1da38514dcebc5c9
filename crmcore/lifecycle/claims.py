"""What a plugin lays claim to: names of entities, tables and commands, which can be one plugin's only."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmcore.engine.mapping import CORE_ENTITIES
from crmcore.engine.tables import metadata
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.lifecycle.states import Recorded
from crmcore.plugins.discovery import Installed, commands_of
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.resolve import acquaint

_CORE = "crmcore"
_HOOK = "crm_entities"


def examined(
    one: Installed, plugin: Plugin, module: Any, known: Mapping[str, Recorded], core: Iterable[str] = ()
) -> list[str]:
    """Return the names of a plugin's entities, after looking at all it claims; it is asked alone.

    `known` are the plugins the workspace recorded: those that are disabled too, for their data is kept. `core` are the
    names of the core's commands. Raises `PluginError` for a hook that is unknown, misused or fails, for a table that
    is not its own, and, naming both distributions, for a name that is the core's or another plugin's.
    """
    alone = Dispatcher()
    acquaint(alone, one.name)
    alone.register(one.name, module, one.version)
    alone.enable([one.name])
    names = [str(entity.name) for entity in alone.collect(_HOOK)]
    if not alone.failures:
        _must_be_free(one, plugin, names, known, core)
        alone.declared(_HOOK)
    if alone.failures:
        raise PluginError(
            _("Plugin {name} {version} fails in {hook}: {why}").format(
                name=one.name, version=one.version, hook=alone.failures[0].hook, why=alone.failures[0].message
            )
        )
    return names


def listens(module: Any) -> bool:
    """Return whether a plugin is told of events after the commit."""
    return hasattr(module, "crm_on_event")


def _must_be_free(
    one: Installed, plugin: Plugin, entity_names: Iterable[str], known: Mapping[str, Recorded], core: Iterable[str]
) -> None:
    others = [other for other in known.values() if other.name != one.name]
    taken: dict[str, dict[str, str]] = {
        _("entity"): dict.fromkeys((entity.name for entity in CORE_ENTITIES), _CORE),
        _("table"): dict.fromkeys(metadata.tables, _CORE),
        _("command"): {},
    }
    for other in others:
        taken[_("entity")] |= dict.fromkeys(other.entities, other.distribution)
        taken[_("table")] |= dict.fromkeys(other.tables, other.distribution)
        if other.enabled:
            taken[_("command")] |= dict.fromkeys(commands_of(other.distribution), other.distribution)
    taken[_("command")] |= dict.fromkeys(core, _CORE)
    claimed = {
        _("entity"): entity_names,
        _("table"): plugin.tables,
        _("command"): commands_of(one.distribution),
    }
    for kind, names in claimed.items():
        for name in names:
            if name in taken[kind]:
                raise PluginError(
                    _("Plugin {plugin} is not enabled: {kind} “{name}” of {ours} is taken by {theirs}.").format(
                        plugin=one.name, kind=kind, name=name, ours=one.distribution, theirs=taken[kind][name]
                    )
                )
