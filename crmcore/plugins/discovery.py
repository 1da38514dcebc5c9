"""Finding plugins: read from package metadata, judged before anything of theirs is imported."""

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, version
from typing import Any

from attrs import evolve, field, frozen
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.loading import import_plugin
from crmcore.plugins.manifest import Plugin

GROUP = "crmcore.plugins"
_OURS = "crmcore"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


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
    """Return the installed plugins by name; whatever is wrong with a package's metadata is in its `problem`.

    An editable install can show one distribution twice; the first stands. `CRM_PLUGINS`, a list separated by commas,
    lets only those names in; empty lets none in (safe mode).
    """
    said = os.environ.get("CRM_PLUGINS")
    allowed = None if said is None else {name.strip() for name in said.split(",")}
    found: dict[str, Installed] = {}
    for distribution, entry_point in entry_points(GROUP):
        name = entry_point.name
        if allowed is not None and name not in allowed:
            continue
        judged = _judged(distribution, entry_point)
        known = found.setdefault(name, judged)
        if known is not judged and (twice := _claimed_twice(known, judged)):
            found[name] = evolve(known, problem=twice)
    return tuple(found[name] for name in sorted(found))


def entry_points(group: str) -> Iterator[tuple[Distribution, EntryPoint]]:
    """Yield the entry points of a group; one of ours whose list cannot be read is a `GROUP` entry of its own name.

    `importlib.metadata.entry_points` stops at the first list that cannot be read, of whatever distribution.
    """
    for distribution in distributions():
        try:
            listed = tuple(each for each in distribution.entry_points if each.group == group)
        except Exception:  # noqa: BLE001 # a list of any shape; other people's are no concern of ours
            name = _told(distribution, "Name")
            if group == GROUP and canonicalize_name(name).startswith(f"{_OURS}-"):
                own = canonicalize_name(name).removeprefix(f"{_OURS}-").replace("-", "_")
                yield distribution, EntryPoint(name=own, value="", group=group)
            continue
        for each in listed:
            yield distribution, each


def _told(distribution: Distribution, key: str) -> str:
    """Return a line of a distribution's metadata, empty when it, or the whole of it, is missing."""
    try:
        return str(distribution.metadata[key] or "")
    except Exception:  # noqa: BLE001 # an absent or damaged file, in whatever way
        return ""


def _judged(distribution: Distribution, entry_point: EntryPoint) -> Installed:
    return Installed(
        name=entry_point.name,
        distribution=_told(distribution, "Name"),
        version=_told(distribution, "Version"),
        summary=_told(distribution, "Summary"),
        entry_point=entry_point,
        problem=_problem(distribution, entry_point),
    )


def _claimed_twice(one: Installed, other: Installed) -> str:
    if canonicalize_name(one.distribution) != canonicalize_name(other.distribution):
        return _("both {one} and {other} bring it").format(one=one.distribution, other=other.distribution)
    if one.version != other.version:
        return _("{distribution} is there twice, as {one} and as {other}; install it again").format(
            distribution=one.distribution, one=one.version, other=other.version
        )
    return ""


def _problem(distribution: Distribution, entry_point: EntryPoint) -> str:
    """Return why a plugin cannot be used, as far as its metadata tells; empty when it can."""
    if not entry_point.value:
        return _("the list of its entry points cannot be read")
    if not _NAME.fullmatch(entry_point.name):
        return _("“{name}” is no name for a plugin: lower-case letters, digits and _").format(name=entry_point.name)
    if not _told(distribution, "Name"):
        return _("its metadata has no name")
    if not _told(distribution, "Version"):
        return _("its metadata has no version")
    try:
        Version(_told(distribution, "Version"))
    except InvalidVersion:
        return _("its version “{version}” cannot be read").format(version=_told(distribution, "Version"))
    return next(_unmet(distribution), "")


def _unmet(distribution: Distribution) -> Iterator[str]:
    """Yield what a distribution requires that is not there, or cannot be read."""
    for line in distribution.requires or ():
        try:
            requirement = Requirement(line)
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        except (InvalidRequirement, ValueError):
            yield _("its requirement “{line}” cannot be read").format(line=line)
            continue
        if not applies:
            continue
        try:
            here = version(requirement.name)
        except PackageNotFoundError:
            yield _("needs {wanted}, which is not installed").format(
                wanted=f"{requirement.name}{requirement.specifier}"
            )
            continue
        if not requirement.specifier.contains(here, prereleases=True):
            yield _("needs {name} {wanted}, this is {ours}").format(
                name=requirement.name, wanted=requirement.specifier, ours=here
            )


def load(found: Installed) -> tuple[Plugin, Any]:
    """Import a plugin and return what it says of itself and its module; raise `PluginError` when that fails."""
    if found.problem:
        raise PluginError(_("Plugin {name} cannot be used: {why}.").format(name=found.name, why=found.problem))
    imported = import_plugin(found.name, found.version, found.entry_point)
    return imported.plugin, imported.module
