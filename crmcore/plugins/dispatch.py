"""The one dispatcher: it calls plugins in order, attributes what fails, and keeps each kind's promise."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from inspect import signature
from time import perf_counter
from typing import Any

import pluggy
from attrs import field, frozen

from crmcore.errors import CrmError, PluginError, Refused
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.deprecated import DEPRECATED as DEPRECATED_HOOKS
from crmcore.hooks.deprecated import Deprecated
from crmcore.hooks.kinds import COLLECT, DECLARE, PROJECT, answers_of, kind_of, since_of
from crmcore.i18n import _
from crmcore.plugins import checking, claims, loading, memory
from crmcore.plugins.calling import BrokeTransaction, Call, CallsItself, call_all
from crmcore.plugins.findings import DEPRECATED, FAILED, IMPORT, LOOP, MEMORY, SLOW, TAMPERED, Failure, Ledger, Spent
from crmcore.plugins.lending import LENT, Borrower, crossing
from crmcore.plugins.limits import Limits
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.running import CutOff
from crmcore.plugins.said import named, said_by

CORE = "core."
"""How the names of built-in features begin; they are always enabled, and get the host's own objects."""

_KEPT = 10_000
"""How many failures a process remembers at most."""


@frozen(kw_only=True)
class Registered:
    """A plugin as the dispatcher knows it."""

    name: str
    version: str = ""
    manifest: Plugin | None = None


@frozen(kw_only=True)
class Hook:
    """A place to join in, and who does, in the order of calls.

    `scope` is process for what is declared once at load, workspace for what is asked about a workspace's data.
    """

    name: str
    kind: str
    scope: str
    since: str
    summary: str
    arguments: tuple[str, ...]
    implemented_by: tuple[str, ...]


@frozen(kw_only=True)
class _Plan:
    """The calls of one hook: the core's own, and those of plugins."""

    core: tuple[Call, ...]
    plugins: tuple[Call, ...]
    lent: str = field(init=False)

    @lent.default
    def _default_lent(self) -> str:
        return next((each.lent for each in self.plugins if each.lent), "")


class Dispatcher:
    """Holds the registered plugins and makes every hook call.

    Plugins are called in the order of registration, which is the order of dependency, then name. Built-in features
    have names that begin with `core.` and are always enabled. `strict` lets every failure through, for tests.
    """

    def __init__(
        self, *, strict: bool = False, limits: Limits | None = None, deprecated: Deprecated = DEPRECATED_HOOKS
    ) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._specifications: dict[str, Callable[..., Any]] = {}
        for module in SPECIFICATIONS:
            self._manager.add_hookspecs(module)
            self._specifications |= {name: each for name, each in vars(module).items() if name.startswith("crm_")}
        self._registered: dict[str, Registered] = {}
        self._enabled: frozenset[str] = frozenset()
        self._quarantined: Mapping[str, str] = {}
        self._plans: dict[str, _Plan] = {}
        self._declared: dict[str, list[tuple[str, Any]]] = {}
        self._spent: dict[tuple[str, str], Spent] = {}
        self.kept_at = perf_counter()
        self._kept: dict[tuple[str, str], tuple[int, float]] = {}
        self._strict = strict
        self._limits = limits or Limits()
        self._deprecated = deprecated
        self.failures: list[Failure] = []
        self.ledger = Ledger()

    def register(self, name: str, module: Any, version: str = "") -> None:
        """Register a plugin under a name; a hook it misspells or misuses is a `PluginError`, and nothing is kept."""
        try:
            warnings = checking.check(module, self._specifications, self._deprecated)
            self._manager.register(module, name)
        except Exception as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            why = "; ".join(str(error).splitlines()) or type(error).__name__
            raise PluginError(_("Plugin {name}: {error}").format(name=named(name, version), error=why)) from error
        finally:
            self._forget()
        manifest = getattr(module, "PLUGIN", None)
        self._registered[name] = Registered(
            name=name, version=version, manifest=manifest if isinstance(manifest, Plugin) else None
        )
        for hook, message in warnings:
            self.ledger.note(plugin=name, hook=hook, kind=DEPRECATED, message=message, version=version)
        for message in loading.notes_of(name, version):
            self.ledger.note(plugin=name, hook=loading.HOOK, kind=IMPORT, message=message, version=version)

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
        self._declared.clear()

    def is_enabled(self, name: str) -> bool:
        """Return whether a plugin runs in this workspace: enabled, loaded, and able to declare what it brings."""
        return name in self._enabled

    def manifest(self, name: str) -> Plugin | None:
        """Return what a registered plugin says of itself; None for one that says nothing."""
        return self._registered[name].manifest

    def calls(self, hook: str) -> tuple[Call, ...]:
        """Return the enabled implementations of a hook, in order."""
        plan = self._plan(hook)
        return plan.core + plan.plugins

    def _plan(self, hook: str) -> _Plan:
        found = self._plans.get(hook)
        if found is None:
            calls = tuple(self._find(hook))
            found = self._plans[hook] = _Plan(
                core=tuple(each for each in calls if each.plugin.startswith(CORE)),
                plugins=tuple(each for each in calls if not each.plugin.startswith(CORE)),
            )
        return found

    def _find(self, hook: str) -> Iterator[Call]:
        rank = {name: place for place, name in enumerate(self._registered)}
        kind = kind_of(self._specifications[hook])
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for one in sorted(implementations, key=lambda each: rank[each.plugin_name]):
            if self._is_called(one.plugin_name, kind):
                yield self._call(hook, kind, one.plugin_name, one.function, (*one.argnames, *one.kwargnames))

    def _is_called(self, name: str, kind: str) -> bool:
        if name.startswith(CORE):
            return True
        return name in self._enabled and not (kind == COLLECT and name in self._quarantined)

    def _call(
        self, hook: str, kind: str, name: str, function: Callable[..., Any], arguments: tuple[str, ...], lent: str = ""
    ) -> Call:
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
            spent=self._spent.setdefault((name, hook), Spent()),
        )

    def _ask(
        self, hook: str, given: dict[str, Any], failed: Callable[[Call, BaseException], Iterable[Any]]
    ) -> list[tuple[str, Any]]:
        plan = self._plan(hook)
        found = call_all(plan.core, given, failed=failed, noted=self._noted, moved=self._moved) if plan.core else []
        if plan.plugins:
            found += call_all(
                plan.plugins,
                crossing(given),
                lender=given.get(plan.lent) if plan.lent else None,
                failed=failed,
                noted=self._noted,
                moved=self._moved,
            )
        return found

    def declared(self, hook: str) -> list[Any]:
        """Gather what all enabled plugins declare; one that fails is left out of this process and reported."""
        return [item for _plugin, item in self.declared_by_plugin(hook)]

    def declared_by_plugin(self, hook: str) -> list[tuple[str, Any]]:
        """Gather what is declared, with the name of the plugin each item came from; told once, then remembered."""
        known = self._declared.get(hook)
        if known is not None:
            return known
        found = self._ask(hook, {}, self._missing)
        told: list[tuple[str, Any]] = []
        for plugin, item, problem in claims.sifted(hook, found, self._owns):
            if problem:
                self.note_failure(plugin, hook, problem)
            else:
                told.append((plugin, item if plugin.startswith(CORE) else claims.guarded(item, self._runner(plugin))))
        bad = {failure.plugin for failure in self.failures if failure.hook == hook} & self._enabled
        if bad:
            self.enable(self._enabled - bad)
            told = [(plugin, item) for plugin, item in told if plugin not in bad]
        self._declared[hook] = told
        return told

    def _owns(self, plugin: str, table: str) -> bool:
        longer = [other for other in self._registered if other.startswith(f"{plugin}_")]
        return table.startswith(f"{plugin}_") and not any(table.startswith(f"{other}_") for other in longer)

    def _runner(self, plugin: str) -> claims.Run:
        return partial(self.run, plugin)

    def collect(self, hook: str, **given: Any) -> list[Any]:
        """Gather what all enabled plugins answer; the part of one that fails is missing and reported."""
        return [item for _plugin, item in self._ask(hook, given, self._missing)]

    def collect_by_plugin(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Gather answers with the name of the plugin each came from."""
        return self._ask(hook, given, self._missing)

    def veto(self, hook: str, **given: Any) -> None:
        """Let all enabled plugins object; raise `Refused` with all reasons. A failure counts as an objection."""
        found = self._ask(hook, given, self._objecting)
        if found:
            raise Refused(
                [
                    reason if plugin.startswith(CORE) else _("{plugin}: {reason}").format(plugin=plugin, reason=reason)
                    for plugin, reason in found
                ]
            )

    def objections(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Gather what is said against something, with the plugin that says it.

        A plugin that fails is not passed over: the sentence that says so stands for its answer.
        """
        return self._ask(hook, given, self._objecting)

    def apply(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Call all enabled plugins; the first failure aborts, and the plugin is named. Return what they answered."""
        return self._ask(hook, given, self._aborting)

    def call(self, one: Call, **given: Any) -> None:
        """Call one implementation of a `notify` hook, in the host's transaction `tx`; what it raises is raised.

        The failure is noted, and has the plugin's name.
        """
        lender = given.get(one.lent) if one.lent else None
        call_all((one,), crossing(given), lender=lender, failed=self._aborting, noted=self._noted, moved=self._moved)

    def run(self, plugin: str, what: str, kind: str, function: Callable[..., Any], *given: Any) -> Any:
        """Call a function that a plugin declared, as its hooks are called; `what` says in messages which one.

        A transaction or reader among what is given goes on loan, as `kind` allows. A failure is noted and raised.
        """
        placed = {f"{place}": each for place, each in enumerate(given)}
        lent = next((name for name, each in placed.items() if hasattr(each, "lend")), "")
        answers: list[Any] = []
        call = self._call(what, kind, plugin, lambda *each: answers.append(function(*each)), tuple(placed), lent)
        lender = placed[lent] if lent else None
        call_all((call,), crossing(placed), lender=lender, failed=self._aborting, noted=self._noted, moved=self._moved)
        return answers[0]

    def note_failure(self, plugin: str, hook: str, message: str, kind: str = FAILED) -> None:
        """Remember a failure for `crm doctor`."""
        self._remember(plugin, hook, message)
        version = self._registered[plugin].version if plugin in self._registered else ""
        self.ledger.note(plugin=plugin, hook=hook, kind=kind, message=message, version=version)

    def _remember(self, plugin: str, hook: str, message: str) -> None:
        if len(self.failures) >= _KEPT:
            del self.failures[: _KEPT // 2]
        self.failures.append(Failure(plugin=plugin, hook=hook, message=message))

    def _failed(self, call: Call, error: BaseException) -> str:
        """Note a failure, and return the sentence that tells of it; raises it when strict."""
        error.add_note(f"in plugin {named(call.plugin, call.version)}, hook {call.hook}")
        said = said_by(error)
        if isinstance(error, CutOff):  # noted by its length, as one that took too long and came to its end
            self._remember(call.plugin, call.hook, said)
        else:
            kind = next((kind for cls, kind in _KINDS.items() if isinstance(error, cls)), FAILED)
            self.note_failure(call.plugin, call.hook, said, kind)
        if self._strict:
            raise error
        return _("Plugin {plugin} failed in {hook}: {error}").format(
            plugin=named(call.plugin, call.version), hook=call.hook, error=said
        )

    def _missing(self, call: Call, error: BaseException) -> Iterable[Any]:
        self._failed(call, error)
        return ()

    def _objecting(self, call: Call, error: BaseException) -> Iterable[Any]:
        return (self._failed(call, error),)

    def _aborting(self, call: Call, error: BaseException) -> Iterable[Any]:
        if isinstance(error, CrmError) and not isinstance(error, CallsItself | BrokeTransaction):
            error.add_note(f"in plugin {named(call.plugin, call.version)}, hook {call.hook}")
            raise error
        raise PluginError(self._failed(call, error)) from error

    def _noted(self, call: Call, took: float) -> None:
        """Look at a call that took notable time: was it too long, and did the process grow?"""
        size = memory.growth() / 1_000_000
        if call.plugin.startswith(CORE):
            return
        if took > call.deadline:
            said = _("took {seconds:.1f} s; it may take {allowed:g} s").format(seconds=took, allowed=call.deadline)
            self._note(call, SLOW, said)
        if size > self._limits.megabytes:
            self._note(call, MEMORY, _("the process grew by {size:.0f} MB during one call").format(size=size))

    def _moved(self, calls: Sequence[Call]) -> None:
        """Note that one of these changed the working folder, which was put back."""
        names = ", ".join(call.plugin for call in calls)
        for call in calls:
            self._note(
                call, TAMPERED, _("one of {names} changed the working folder, put back since").format(names=names)
            )

    def _note(self, call: Call, kind: str, message: str) -> None:
        self.ledger.note(plugin=call.plugin, hook=call.hook, kind=kind, message=message, version=call.version)

    def unkept(self) -> dict[tuple[str, str], Spent]:
        """Return the time that plugins spent, by (plugin, hook), since `kept` was told of it last."""
        found: dict[tuple[str, str], Spent] = {}
        for key, spent in self._spent.items():
            before = self._kept.get(key, (0, 0.0))
            if spent.calls > before[0] and not key[0].startswith(CORE):
                found[key] = Spent(calls=spent.calls - before[0], seconds=spent.seconds - before[1], worst=spent.worst)
        return found

    def kept(self, spent: Mapping[tuple[str, str], Spent]) -> None:
        """Take note that these times were written, now."""
        self.kept_at = perf_counter()
        for key, one in spent.items():
            calls, seconds = self._kept.get(key, (0, 0.0))
            self._kept[key] = calls + one.calls, seconds + one.seconds

    def spent(self, plugin: str, hook: str) -> Spent:
        """Return the time spent by a plugin in a hook since the process put the workspace together."""
        return self._spent.get((plugin, hook), Spent())

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
            kind=kind,
            scope="process" if kind == DECLARE else "workspace",
            since=since_of(specification),
            summary=(specification.__doc__ or "").strip().splitlines()[0],
            arguments=tuple(signature(specification).parameters),
            implemented_by=tuple(each.plugin for each in self.calls(name)),
        )


_KINDS: dict[type[BaseException], str] = {CallsItself: LOOP, BrokeTransaction: TAMPERED}
"""What kind of finding a failure is, if not simply a failure."""


def load(path: str) -> Any:
    """Import the module a built-in feature registers its hooks in."""
    return import_module(path)
