"""Which settings there are, the core's and those of plugins, and what a workspace has set."""

from typing import Any

from attrs import frozen
from sqlalchemy import Connection, select

from crmcore.engine.tables import setting
from crmcore.errors import InvalidInput, NotFound
from crmcore.hooks.settings import Setting
from crmcore.i18n import _
from crmcore.plugins.claims import kept_name
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.registry import CORE


@frozen(kw_only=True, eq=False)
class Known:
    """A setting, its full name, the name it is kept under, and the plugin that declares it; the core is `core`."""

    name: str
    kept: str
    plugin: str
    setting: Setting


def catalogue(dispatcher: Dispatcher | None) -> dict[str, Known]:
    """Return all settings of the core and the enabled plugins by their full names, the core's first."""
    found = [] if dispatcher is None else dispatcher.declared_by_plugin("crm_settings")
    return {one.name: one for one in (_known(plugin, each) for plugin, each in found)}


def _known(plugin: str, one: Setting) -> Known:
    if plugin.startswith(CORE):
        return Known(name=one.name, kept=one.name, plugin="core", setting=one)
    return Known(name=f"{plugin}.{one.name}", kept=kept_name(plugin, one), plugin=plugin, setting=one)


def named(dispatcher: Dispatcher | None, name: str) -> Known:
    """Return the setting of a full name; raises `NotFound`."""
    found = catalogue(dispatcher).get(name)
    if found is None:
        raise NotFound(_("There is no setting “{name}”; `crm setting list` shows them.").format(name=name))
    return found


def value(connection: Connection, known: Known) -> Any:
    """Return what a workspace has set, or else the default: one statement. Of a secret that is where it lies.

    Raises `InvalidInput` for what is kept and is not of the setting's type.
    """
    return meant(known, connection.execute(select(setting.c.value).where(setting.c.name == known.kept)).scalar())


def meant(known: Known, kept: Any) -> Any:
    """Return what a kept value means, None for nothing kept; raises `InvalidInput` for one of another type."""
    if kept is None or kept == "":
        return known.setting.otherwise
    if not known.setting.holds(kept):
        raise InvalidInput(
            _("The setting {name} is {value}, which is no {kind}; set it anew with `crm setting set`.").format(
                name=known.name, value=kept, kind=_(known.setting.kind)
            )
        )
    return kept
