"""The one dispatcher: it calls plugins in order, attributes what fails, and keeps each kind's promise."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import pluggy
from attrs import frozen

from crmcore.errors import CrmError, PluginError, Refused
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.kinds import PROJECT, answers_of, kind_of
from crmcore.i18n import _

CORE = "core."
_NOT_ALLOWED = ("wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook")


@frozen(kw_only=True)
class Failure:
    """A plugin that failed in a hook, for `crm doctor`."""

    plugin: str
    hook: str
    message: str


@frozen(kw_only=True)
class Call:
    """One implementation of a hook, ready to be called with the arguments it asked for."""

    plugin: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    answers: type | None

    def __call__(self, given: dict[str, Any]) -> Any:  # noqa: D102 # the class says it
        return self.function(*[given[name] for name in self.arguments])


class Dispatcher:
    """Holds the registered plugins and makes every hook call.

    Plugins are called in the order of registration, which is the order of dependency, then name. Built-in features
    have names that begin with `core.` and are always enabled. `strict` lets every failure through, for tests.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._answers: dict[str, type | None] = {}
        for module in SPECIFICATIONS:
            self._manager.add_hookspecs(module)
            self._answers |= {
                name: answers_of(function) for name, function in vars(module).items() if name.startswith("crm_")
            }
        self._enabled: frozenset[str] = frozenset()
        self._calls: dict[str, tuple[Call, ...]] = {}
        self._strict = strict
        self.failures: list[Failure] = []

    def register(self, name: str, module: Any) -> None:
        """Register a plugin under a name; a hook it misspells or misuses is a `PluginError`, and nothing is kept."""
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
            _must_be_plain(self._manager, module)
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            why = "; ".join(str(error).splitlines())
            raise PluginError(_("Plugin {name}: {error}").format(name=name, error=why)) from error
        finally:
            self._calls.clear()

    def enable(self, names: Iterable[str]) -> None:
        """Say which plugins are enabled in this workspace; all others contribute nothing."""
        self._enabled = frozenset(names)
        self._calls.clear()

    def is_enabled(self, name: str) -> bool:
        """Return whether a plugin runs in this workspace: enabled, loaded, and not quarantined."""
        return name in self._enabled

    def calls(self, hook: str) -> tuple[Call, ...]:
        """Return the enabled implementations of a hook, in order."""
        found = self._calls.get(hook)
        if found is None:
            found = self._calls[hook] = tuple(self._find(hook))
        return found

    def _find(self, hook: str) -> Iterator[Call]:
        rank = {name: place for place, (name, _plugin) in enumerate(self._manager.list_name_plugin())}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        for one in sorted(implementations, key=lambda each: rank[each.plugin_name]):
            if one.plugin_name.startswith(CORE) or one.plugin_name in self._enabled:
                yield Call(
                    plugin=one.plugin_name,
                    function=one.function,
                    arguments=tuple(one.argnames),
                    answers=self._answers[hook],
                )

    def declared(self, hook: str) -> list[Any]:
        """Gather what all enabled plugins declare; one that fails is quarantined and reported."""
        return [item for _plugin, item in self._gathered(hook, {}, quarantine=True)]

    def collect(self, hook: str, **given: Any) -> list[Any]:
        """Gather what all enabled plugins answer; the part of one that fails is missing and reported."""
        return [item for _plugin, item in self._gathered(hook, given, quarantine=False)]

    def collect_by_plugin(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Gather answers with the name of the plugin each came from."""
        return self._gathered(hook, given, quarantine=False)

    def _gathered(self, hook: str, given: dict[str, Any], *, quarantine: bool) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for call in self.calls(hook):
            try:
                answer = _answer(call, given)
            except Exception as error:  # noqa: BLE001 # a plugin may raise anything; the host goes on
                self._failed(call, hook, error)
                if quarantine:
                    self.enable(self._enabled - {call.plugin})
                continue
            found.extend((call.plugin, item) for item in answer)
        return found

    def veto(self, hook: str, **given: Any) -> None:
        """Let all enabled plugins object; raise `Refused` with all reasons. A failure counts as an objection."""
        reasons = [
            _("{plugin}: {reason}").format(plugin=plugin, reason=reason) if not plugin.startswith(CORE) else reason
            for plugin, reason in self.objections(hook, **given)
        ]
        if reasons:
            raise Refused(reasons)

    def objections(self, hook: str, *, failed: Callable[[str], Any] = str, **given: Any) -> list[tuple[str, Any]]:
        """Gather what is said against something, with the plugin that says it.

        A plugin that fails is not passed over: `failed` makes an objection of the sentence that says so.
        """
        found: list[tuple[str, Any]] = []
        for call in self.calls(hook):
            try:
                answer = _answer(call, given)
            except Exception as error:  # noqa: BLE001 # a plugin may raise anything; it counts as an objection
                self._failed(call, hook, error)
                answer = [
                    failed(
                        _("Plugin {plugin} failed in {hook}: {error}").format(
                            plugin=call.plugin, hook=hook, error=error
                        )
                    )
                ]
            found.extend((call.plugin, reason) for reason in answer)
        return found

    def apply(self, hook: str, **given: Any) -> None:
        """Call all enabled plugins; the first failure aborts, and the plugin is named."""
        for call in self.calls(hook):
            try:
                call(given)
            except CrmError:
                raise
            except Exception as error:
                self._failed(call, hook, error)
                raise PluginError(
                    _("Plugin {plugin} failed in {hook}: {error}").format(plugin=call.plugin, hook=hook, error=error)
                ) from error

    def notify(self, hook: str, run: Callable[[Call], None]) -> None:
        """Let `run` call each enabled plugin on its own; a failure is reported and the next one is called."""
        for call in self.calls(hook):
            try:
                run(call)
            except Exception as error:  # noqa: BLE001 # a plugin may raise anything; the others are not touched
                self._failed(call, hook, error)

    def note_failure(self, plugin: str, hook: str, message: str) -> None:
        """Remember a failure for `crm doctor`."""
        self.failures.append(Failure(plugin=plugin, hook=hook, message=message))

    def _failed(self, call: Call, hook: str, error: Exception) -> None:
        error.add_note(f"in plugin {call.plugin}, hook {hook}")
        self.note_failure(call.plugin, hook, f"{type(error).__name__}: {error}")
        if self._strict:
            raise error

    def hooks(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """Return name, kind, first sentence and implementing plugins of every hook."""
        listed = []
        for module in SPECIFICATIONS:
            for name, function in vars(module).items():
                if name.startswith("crm_"):
                    summary = (function.__doc__ or "").strip().splitlines()[0]
                    listed.append((name, kind_of(function), summary, tuple(c.plugin for c in self.calls(name))))
        return sorted(listed)


def load(path: str) -> Any:
    """Import the module a built-in feature registers its hooks in."""
    return import_module(path)


def _answer(call: Call, given: dict[str, Any]) -> list[Any]:
    """Call an implementation and return its whole answer; TypeError for one that is not what the hook asks for."""
    answer = call(given)
    if answer is None:
        return []
    if isinstance(answer, str):
        raise TypeError(f"answered one text where a list is expected: {answer!r}")
    items = list(answer)
    for item in items:
        if call.answers is not None and not isinstance(item, call.answers):
            raise TypeError(f"answered {type(item).__name__} where {call.answers.__name__} is expected")
    return items


def _must_be_plain(manager: pluggy.PluginManager, module: Any) -> None:
    """Refuse the options that let one plugin wrap, precede or silence others: they defeat order and isolation."""
    for caller in manager.get_hookcallers(module) or ():
        for one in caller.get_hookimpls():
            used = [name for name in _NOT_ALLOWED if getattr(one, name)]
            if one.plugin is module and used:
                raise ValueError(
                    _("{hook} is marked {option}; crmcore itself decides the order of calls").format(
                        hook=caller.name, option=used[0]
                    )
                )
