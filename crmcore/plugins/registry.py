"""The registered plugins, the hooks there are, and who is called where, in which order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import signature
from typing import Any

from attrs import field, frozen

from crmcore.errors import NotFound, PluginError
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.deprecated import Deprecated
from crmcore.hooks.kinds import COLLECT, DECLARE, PROJECT, answers_of, kind_of, since_of, specifications
from crmcore.i18n import _
from crmcore.plugins import checking, loading, owning
from crmcore.plugins.calling import Call
from crmcore.plugins.findings import DEPRECATED, IMPORT
from crmcore.plugins.lending import LENT, Borrower
from crmcore.plugins.limits import Limits
from crmcore.plugins.manager import Manager
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.notes import Notes
from crmcore.plugins.said import named

CORE = "core."
"""How the names of built-in features begin; they are always enabled, and get the host's own objects."""


@frozen(kw_only=True)
class Registered:
    """A plugin as the dispatcher knows it."""

    name: str
    version: str = ""
    manifest: Plugin | None = None


@frozen(kw_only=True)
class Hook:
    """A place to join in, and who does, in the order of calls.

    `scope` is process for what is declared once at load, workspace for what is asked about a workspace's data. `owner`
    is core, or the plugin that specified it.
    """

    name: str
    owner: str
    kind: str
    scope: str
    since: str
    summary: str
    arguments: tuple[str, ...]
    implemented_by: tuple[str, ...]


@frozen(kw_only=True)
class Plan:
    """The calls of one hook: the core's own, and those of plugins."""

    core: tuple[Call, ...]
    plugins: tuple[Call, ...]
    lent: str = field(init=False)

    @lent.default
    def _default_lent(self) -> str:
        return next((each.lent for each in self.plugins if each.lent), "")


class Registry:
    """Knows the plugins of a workspace; `notes` is where what is noticed about them goes."""

    def __init__(self, *, limits: Limits, deprecated: Deprecated) -> None:
        self._manager = Manager(PROJECT)
        self._specifications: dict[str, Callable[..., Any]] = {}
        for module in SPECIFICATIONS:
            self._manager.add_hookspecs(module)
            self._specifications |= specifications(module)
        self._owners: dict[str, str] = {}
        self._registered: dict[str, Registered] = {}
        self._enabled: frozenset[str] = frozenset()
        self._quarantined: Mapping[str, str] = {}
        self._plans: dict[str, Plan] = {}
        self._limits = limits
        self._deprecated = deprecated
        self.notes = Notes(megabytes=limits.megabytes)

    def register(self, name: str, module: Any, version: str = "") -> None:
        """Register a plugin under a name; a hook it misspells or misuses is a `PluginError`, and nothing is kept."""
        told = getattr(module, "PLUGIN", None)
        manifest = told if isinstance(told, Plugin) else None
        if manifest is not None:
            self.know(name, manifest, version)
        requires = (name, *(manifest.requires if manifest else ()))
        closed = {hook: owner for hook, owner in self._owners.items() if owner not in requires}
        try:
            warnings = checking.check(module, self._specifications, closed, self._deprecated)
            self._manager.register(module, name)
        except Exception as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            raise _refused(name, version, error) from error
        finally:
            self._forget()
        self._registered[name] = Registered(name=name, version=version, manifest=manifest)
        for hook, message in warnings:
            self.notes.ledger.note(plugin=name, hook=hook, kind=DEPRECATED, message=message, version=version)
        for message in loading.notes_of(name, version):
            self.notes.ledger.note(plugin=name, hook=loading.HOOK, kind=IMPORT, message=message, version=version)

    def know(self, name: str, manifest: Plugin, version: str = "") -> None:
        """Take the hooks that a plugin owns, so that others can implement them; the plugin itself need not be called.

        Raises `PluginError` for one that cannot be asked, or has a name that is taken; then none is kept.
        """
        if name in self._owners.values():
            return
        try:
            found = owning.owned(name, manifest)
            for hook in found:
                if hook in self._specifications:
                    raise ValueError(
                        _("there is a hook {hook} already, of {owner}").format(hook=hook, owner=self._owners[hook])
                    )
            for module in manifest.hooks:
                self._manager.add_hookspecs(module)
        except Exception as error:
            raise _refused(name, version, error) from error
        self._specifications |= found
        self._owners |= dict.fromkeys(found, name)

    def enable(self, names: Iterable[str]) -> None:
        """Say which plugins are enabled in this workspace; all others contribute nothing."""
        self._enabled = frozenset(names)
        self._forget()

    def quarantine(self, reasons: Mapping[str, str]) -> None:
        """Say which plugins are no longer asked for what they collect, each with the reason."""
        self._quarantined = dict(reasons)
        self._forget()

    def _forget(self) -> None:
        self._plans.clear()

    def is_enabled(self, name: str) -> bool:
        """Return whether a plugin runs in this workspace: enabled, loaded, and able to declare what it brings."""
        return name in self._enabled

    def manifest(self, name: str) -> Plugin | None:
        """Return what a registered plugin says of itself; None for one that says nothing."""
        return self._registered[name].manifest

    def calls(self, hook: str) -> tuple[Call, ...]:
        """Return the enabled implementations of a hook, in order."""
        plan = self.plan(hook)
        return plan.core + plan.plugins

    def plan(self, hook: str) -> Plan:
        """Return the calls of a hook; made once, until something is registered or enabled."""
        found = self._plans.get(hook)
        if found is None:
            calls = tuple(self._find(hook))
            found = self._plans[hook] = Plan(
                core=tuple(each for each in calls if each.plugin.startswith(CORE)),
                plugins=tuple(each for each in calls if not each.plugin.startswith(CORE)),
            )
        return found

    def specification(self, hook: str) -> Callable[..., Any]:
        """Return the specification of a hook; raises `NotFound` for one that neither core nor a plugin here has."""
        found = self._specifications.get(hook)
        if found is None:
            raise NotFound(_("There is no hook {name}; `crm hook list` names them.").format(name=hook))
        return found

    def owner(self, hook: str) -> str:
        """Return whose a hook is: core, or a plugin's name."""
        return self._owners.get(hook, "core")

    def _find(self, hook: str) -> Iterator[Call]:
        kind = kind_of(self.specification(hook))
        if hook in self._owners and self._owners[hook] not in self._enabled:
            return  # who asked it does not run here
        rank = {name: place for place, name in enumerate(self._registered)}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for one in sorted(implementations, key=lambda each: rank[each.plugin_name]):
            if self._is_called(one.plugin_name, kind):
                yield self.call_of(hook, kind, one.plugin_name, one.function, (*one.argnames, *one.kwargnames))

    def _is_called(self, name: str, kind: str) -> bool:
        if name.startswith(CORE):
            return True
        return name in self._enabled and not (kind == COLLECT and name in self._quarantined)

    def call_of(
        self, hook: str, kind: str, name: str, function: Callable[..., Any], arguments: tuple[str, ...], lent: str = ""
    ) -> Call:
        """Return a function of a plugin as a call; `lent` names the argument that is on loan, if it is no hook's."""
        plugin = self._registered.get(name, Registered(name=name))
        is_core = name.startswith(CORE)
        specification = self._specifications.get(hook)
        borrower = Borrower(
            plugin=name,
            version=plugin.version,
            hook=hook,
            kind=kind,
            requires=frozenset(plugin.manifest.requires if plugin.manifest else ()),
            others=tuple(other for other in self._registered if other.startswith(f"{name}_")),
            hooks=tuple(hook for hook, owner in self._owners.items() if owner == name),
        )
        return Call(
            plugin=name,
            version=plugin.version,
            hook=hook,
            kind=kind,
            deadline=float("inf") if is_core else self._limits.seconds(kind),
            function=function,
            arguments=arguments,
            answers=answers_of(specification) if specification else None,
            lent=lent or ("" if is_core else next((each for each in arguments if each in LENT), "")),
            borrower=borrower,
            spent=self.notes.spent(name, hook),
        )

    def owns(self, plugin: str, table: str) -> bool:
        """Return whether a table is a plugin's by its name, and not that of one whose name is longer."""
        longer = [other for other in self._registered if other.startswith(f"{plugin}_")]
        return table.startswith(f"{plugin}_") and not any(table.startswith(f"{other}_") for other in longer)

    def named(self, kind: str) -> tuple[str, ...]:
        """Return the names of the hooks of a kind."""
        return tuple(name for name, each in self._specifications.items() if kind_of(each) == kind)

    def hooks(self) -> list[Hook]:
        """Return every hook, by name."""
        return [self._hook(name, each) for name, each in sorted(self._specifications.items())]

    def _hook(self, name: str, specification: Callable[..., Any]) -> Hook:
        kind = kind_of(specification)
        return Hook(
            name=name,
            owner=self.owner(name),
            kind=kind,
            scope="process" if kind == DECLARE else "workspace",
            since=since_of(specification),
            summary=(specification.__doc__ or "").strip().splitlines()[0],
            arguments=tuple(signature(specification).parameters),
            implemented_by=tuple(each.plugin for each in self.calls(name)),
        )


def _refused(name: str, version: str, error: Exception) -> PluginError:
    why = "; ".join(str(error).splitlines()) or type(error).__name__
    return PluginError(_("Plugin {name}: {error}").format(name=named(name, version), error=why))
