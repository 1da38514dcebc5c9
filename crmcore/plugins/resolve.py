"""Which plugins go together: what one requires, and who requires it."""

from collections.abc import Iterable

from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.plugins.discovery import Installed, installed, load
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.registry import Registry


def resolve(name: str) -> list[tuple[Installed, Plugin]]:
    """Return a plugin and all it requires, what is required first; raises `PluginError` or `NotFound`."""
    found = {one.name: one for one in installed()}
    ordered: dict[str, tuple[Installed, Plugin]] = {}

    def visit(wanted: str, by: tuple[str, ...]) -> None:
        if wanted in ordered:
            return
        if wanted in by:
            raise PluginError(_("Plugins {names} require one another in a circle.").format(names=", ".join(by)))
        if wanted not in found and by:
            raise PluginError(
                _("Plugin {name} requires {required}, which is not installed.").format(name=by[-1], required=wanted)
            )
        if wanted not in found:
            raise NotFound(_("Plugin {name} is not installed.").format(name=wanted))
        plugin, _module = load(found[wanted])
        for required in plugin.requires:
            visit(required, (*by, wanted))
        ordered[wanted] = found[wanted], plugin

    visit(name, ())
    return list(ordered.values())


def acquaint(registry: Registry, name: str) -> None:
    """Let a registry know the hooks owned by the plugins that one requires; raises as `resolve` does."""
    for found, plugin in resolve(name)[:-1]:
        registry.know(found.name, plugin, found.version)


def dependants(name: str, enabled: Iterable[str]) -> list[str]:
    """Return the enabled plugins that require `name`; one that does not load contributes nothing, so needs nothing."""
    found = {one.name: one for one in installed()}
    return [other for other in enabled if other != name and other in found and name in _requires(found[other])]


def _requires(one: Installed) -> tuple[str, ...]:
    try:
        return load(one)[0].requires
    except PluginError:
        return ()
