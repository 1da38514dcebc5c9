"""Finding plugins: read from package metadata, judged before anything of theirs is imported."""

import os
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, EntryPoint, distributions, version
from typing import Any

from attrs import evolve, field, frozen
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.manifest import Plugin

GROUP = "crmcore.plugins"


@frozen(kw_only=True)
class Installed:
    """A plugin that is installed. `problem` says why it cannot be used, if it cannot."""

    name: str
    distribution: str
    version: str
    summary: str
    entry_point: EntryPoint = field(eq=False)
    problem: str = ""


@cache
def installed() -> tuple[Installed, ...]:
    """Return the installed plugins by name.

    An editable install can show one distribution twice; the first stands. `CRM_PLUGINS`, a list separated by commas,
    lets only those names in; empty lets none in (safe mode).
    """
    allowed = os.environ.get("CRM_PLUGINS")
    found: dict[str, Installed] = {}
    for distribution in distributions():
        for entry_point in distribution.entry_points:
            if entry_point.group != GROUP:
                continue
            if allowed is not None and entry_point.name not in [name.strip() for name in allowed.split(",")]:
                continue
            known = found.get(entry_point.name)
            if known is None:
                found[entry_point.name] = _judged(distribution, entry_point)
            elif known.distribution != distribution.name:
                why = _("both {one} and {other} bring it").format(one=known.distribution, other=distribution.name)
                found[entry_point.name] = evolve(known, problem=why)
    return tuple(found[name] for name in sorted(found))


def _judged(distribution: Distribution, entry_point: EntryPoint) -> Installed:
    return Installed(
        name=entry_point.name,
        distribution=distribution.name,
        version=distribution.version,
        summary=distribution.metadata["Summary"] or "",
        entry_point=entry_point,
        problem=_incompatible(distribution.requires or ()),
    )


def _incompatible(requirements: Iterable[str]) -> str:
    ours = version("crmcore")
    for line in requirements:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if canonicalize_name(requirement.name) != "crmcore" or (
            requirement.marker and not requirement.marker.evaluate()
        ):
            continue
        if not requirement.specifier.contains(ours, prereleases=True):
            return _("needs crmcore {wanted}, this is {ours}").format(wanted=requirement.specifier, ours=ours)
    return ""


def load(found: Installed) -> tuple[Plugin, Any]:
    """Import a plugin and return what it says of itself and its module; raise `PluginError` when that fails."""
    if found.problem:
        raise PluginError(_("Plugin {name} cannot be used: {why}.").format(name=found.name, why=found.problem))
    try:
        module = found.entry_point.load()
        plugin = module.PLUGIN
    except (Exception, SystemExit) as error:
        raise PluginError(
            _("Plugin {name} {version} does not load: {error}").format(
                name=found.name, version=found.version, error=f"{type(error).__name__}: {error}"
            )
        ) from error
    if not isinstance(plugin, Plugin) or plugin.name != found.name:
        raise PluginError(_("Plugin {name} does not declare itself as “{name}”.").format(name=found.name))
    return plugin, module
