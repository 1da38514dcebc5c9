"""Finding plugins: read from package metadata, judged before anything of theirs is imported."""

import os
import re
from collections.abc import Callable, Iterator
from email.message import Message
from functools import cache
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, version
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from crmcore.errors import PluginError
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.plugins.manifest import Plugin

GROUP, COMMANDS = "crmcore.plugins", "crmcore.commands"
_OURS = "crmcore"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@frozen(kw_only=True)
class Installed:
    """A plugin that is installed. `problem` says why it cannot be used, if it cannot.

    `commands` are the commands its distribution brings.
    """

    name: str
    distribution: str
    version: str
    summary: str
    entry_point: EntryPoint = field(eq=False)
    commands: tuple[EntryPoint, ...] = field(default=(), eq=False)
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
    here = cache(_version_here)  # most plugins require the same few distributions
    for distribution in distributions():
        listed = _listed(distribution)
        commands = tuple(each for each in listed if each.group == COMMANDS)
        for entry_point in [each for each in listed if each.group == GROUP]:
            name = entry_point.name
            if allowed is not None and name not in allowed:
                continue
            judged = _judged(_metadata(distribution), entry_point, commands, here)
            known = found.setdefault(name, judged)
            if known is not judged and (twice := _claimed_twice(known, judged)):
                found[name] = evolve(known, problem=twice)
    return tuple(found[name] for name in sorted(found))


def commands_of(name: str) -> list[str]:
    """Return the names of the commands that a distribution brings, let in or not; none when it is not installed."""
    try:
        found = Distribution.from_name(name)
    except (PackageNotFoundError, ValueError):
        return []
    return sorted(each.name for each in _listed(found) if each.group == COMMANDS)


def _listed(distribution: Distribution) -> tuple[EntryPoint, ...]:
    """Return a distribution's entry points; one of ours whose list cannot be read has one, without a value.

    `importlib.metadata.entry_points` stops at the first list that cannot be read, of whatever distribution.
    """
    try:
        return tuple(distribution.entry_points)
    except Exception:  # noqa: BLE001 # a list of any shape; other people's are no concern of ours
        name = canonicalize_name(str(_metadata(distribution)["Name"] or ""))
        if not name.startswith(f"{_OURS}-"):
            return ()
        return (EntryPoint(name=name.removeprefix(f"{_OURS}-").replace("-", "_"), value="", group=GROUP),)


def _metadata(distribution: Distribution) -> Message:
    """Return a distribution's metadata, read once; an empty message when it is missing or damaged."""
    try:
        found: Any = distribution.metadata
    except Exception:  # noqa: BLE001 # an absent or damaged file, in whatever way
        found = None
    return found if isinstance(found, Message) else Message()


def _version_here(name: str) -> str:
    """Return the version of an installed distribution, empty when there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _judged(
    metadata: Message, entry_point: EntryPoint, commands: tuple[EntryPoint, ...], here: Callable[[str], str]
) -> Installed:
    return Installed(
        name=entry_point.name,
        distribution=str(metadata["Name"] or ""),
        version=str(metadata["Version"] or ""),
        summary=str(metadata["Summary"] or ""),
        entry_point=entry_point,
        commands=commands,
        problem=_problem(metadata, entry_point, here),
    )


def _claimed_twice(one: Installed, other: Installed) -> str:
    if canonicalize_name(one.distribution) != canonicalize_name(other.distribution):
        return _("both {one} and {other} bring it").format(one=one.distribution, other=other.distribution)
    if one.version != other.version:
        return _("{distribution} is there twice, as {one} and as {other}; install it again").format(
            distribution=one.distribution, one=one.version, other=other.version
        )
    return ""


def _problem(metadata: Message, entry_point: EntryPoint, here: Callable[[str], str]) -> str:
    """Return why a plugin cannot be used, as far as its metadata tells; empty when it can."""
    if not entry_point.value:
        return _("the list of its entry points cannot be read")
    if not _NAME.fullmatch(entry_point.name):
        return _("“{name}” is no name for a plugin: lower-case letters, digits and _").format(name=entry_point.name)
    if not metadata["Name"]:
        return _("its metadata has no name")
    if not metadata["Version"]:
        return _("its metadata has no version")
    try:
        Version(metadata["Version"])
    except InvalidVersion:
        return _("its version “{version}” cannot be read").format(version=metadata["Version"])
    return next(_unmet(metadata, here), "")


def _unmet(metadata: Message, here: Callable[[str], str]) -> Iterator[str]:
    """Yield what a distribution requires that is not there, or cannot be read."""
    for line in metadata.get_all("Requires-Dist") or ():
        try:
            requirement = Requirement(line)
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        except (InvalidRequirement, ValueError):
            yield _("its requirement “{line}” cannot be read").format(line=line)
            continue
        found = here(requirement.name) if applies else ""
        if applies and not found:
            yield _("needs {wanted}, which is not installed").format(
                wanted=f"{requirement.name}{requirement.specifier}"
            )
        elif applies and not requirement.specifier.contains(found, prereleases=True):
            yield _("needs {name} {wanted}, this is {ours}").format(
                name=requirement.name, wanted=requirement.specifier, ours=found
            )


def load(found: Installed) -> "tuple[Plugin, Any]":
    """Import a plugin and return what it says of itself and its module; raise `PluginError` when that fails."""
    if found.problem:
        raise PluginError(_("Plugin {name} cannot be used: {why}.").format(name=found.name, why=found.problem))
    from crmcore.plugins.loading import import_plugin  # the command line lists plugins without importing any

    imported = import_plugin(found.name, found.version, found.entry_point)
    return imported.plugin, imported.module
