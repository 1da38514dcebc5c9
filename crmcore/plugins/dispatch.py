"""The one dispatcher: it calls plugins in order, attributes what fails, and keeps each kind's promise."""

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from inspect import signature
from typing import Any

from crmcore.errors import CrmError, PluginError, Refused
from crmcore.hooks.deprecated import DEPRECATED, Deprecated
from crmcore.hooks.kinds import COLLECT, DECLARE, VETO, kind_of
from crmcore.i18n import _
from crmcore.plugins import claims
from crmcore.plugins.calling import BrokeTransaction, Call, CallsItself, call_all
from crmcore.plugins.findings import Failure
from crmcore.plugins.lending import LENT, crossing
from crmcore.plugins.limits import Limits
from crmcore.plugins.registry import CORE, Registry
from crmcore.plugins.said import named


class _Unanswered(str):
    """The sentence that stands for the answer of a plugin that failed."""

    __slots__ = ()


class Dispatcher(Registry):
    """Makes every hook call.

    Plugins are called in the order of registration, which is the order of dependency, then name. Built-in features
    have names that begin with `core.` and are always enabled. `strict` lets every failure through, for tests.
    """

    def __init__(
        self, *, strict: bool = False, limits: Limits | None = None, deprecated: Deprecated = DEPRECATED
    ) -> None:
        super().__init__(limits=limits or Limits(), deprecated=deprecated)
        self._strict = strict
        self._declared: dict[str, list[tuple[str, Any]]] = {}

    @property
    def failures(self) -> list[Failure]:
        """Every failure of a plugin that this process saw, in order."""
        return self.notes.failures

    def note_failure(self, plugin: str, hook: str, message: str) -> None:
        """Remember a failure that the dispatcher itself did not see."""
        self.notes.failure(plugin, hook, message)

    def _forget(self) -> None:
        super()._forget()
        self._declared.clear()

    def _ask(
        self, hook: str, given: dict[str, Any], failed: Callable[[Call, BaseException], Iterable[Any]]
    ) -> list[tuple[str, Any]]:
        plan = self.plan(hook)
        found = (
            call_all(plan.core, given, failed=failed, noted=self.notes.slow, moved=self.notes.moved)
            if plan.core
            else []
        )
        if plan.plugins:
            found += call_all(
                plan.plugins,
                crossing(given),
                lender=given.get(plan.lent) if plan.lent else None,
                failed=failed,
                noted=self.notes.slow,
                moved=self.notes.moved,
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
        for plugin, item, problem in claims.sifted(hook, found, self.owns):
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

    def told(self, hook: str) -> list[tuple[str, Any]]:
        """Return what is declared by which plugin; raises `PluginError` unless a hook of the core's is for that."""
        if hook in self._owners or kind_of(self.specification(hook)) != DECLARE:
            raise PluginError(_("{hook} is no hook of the core's in which anything is declared.").format(hook=hook))
        return self.declared_by_plugin(hook)

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
                ],
                broken=any(isinstance(reason, _Unanswered) for _plugin, reason in found),
            )

    def objections(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Gather what is said against something, with the plugin that says it.

        A plugin that fails is not passed over: the sentence that says so stands for its answer.
        """
        return self._ask(hook, given, self._objecting)

    def apply(self, hook: str, **given: Any) -> list[tuple[str, Any]]:
        """Call all enabled plugins; the first failure aborts, and the plugin is named. Return what they answered."""
        return self._ask(hook, given, self._aborting)

    def ask(self, hook: str, host: Any, given: dict[str, Any]) -> list[Any]:
        """Ask a hook that a plugin owns, as its kind is asked: what is declared, collected, or nothing unless refused.

        `host` is the reader or transaction it lends. Raises `NotFound` for a hook that is not there, `PluginError`
        for one of the core's, or other arguments than it has, and `Refused` with all reasons of a veto.
        """
        specification = self.specification(hook)
        wanted = list(signature(specification).parameters)
        given = {**given, **{name: host for name in wanted if name in LENT}}
        if hook not in self._owners or set(wanted) != set(given):
            raise PluginError(
                _("{hook} is asked by its owner, {owner}, with {wanted}; not with {given}.").format(
                    hook=hook,
                    owner=self.owner(hook),
                    wanted=", ".join(wanted) or _("none"),
                    given=", ".join(given) or _("none"),
                )
            )
        kind = kind_of(specification)
        if kind == DECLARE:
            return self.declared(hook)
        if kind == VETO:
            self.veto(hook, **given)
            return []
        return self.collect(hook, **given)

    def call(self, one: Call, **given: Any) -> None:
        """Call one implementation of a `notify` hook, in the host's transaction `tx`; what it raises is raised.

        The failure is noted, and has the plugin's name.
        """
        lender = given.get(one.lent) if one.lent else None
        call_all(
            (one,), crossing(given), lender=lender, failed=self._aborting, noted=self.notes.slow, moved=self.notes.moved
        )

    def run(self, plugin: str, what: str, kind: str, function: Callable[..., Any], *given: Any) -> Any:
        """Call a function that a plugin declared, as its hooks are called; `what` says in messages which one.

        A transaction or reader among what is given goes on loan, as `kind` allows. A failure is noted, and
        raised; of the kind `collect` it answers None instead.
        """
        placed = {f"{place}": each for place, each in enumerate(given)}
        lent = next((name for name, each in placed.items() if hasattr(each, "lend")), "")
        answers: list[Any] = []
        call = self.call_of(what, kind, plugin, lambda *each: answers.append(function(*each)), tuple(placed), lent)
        lender = placed[lent] if lent else None
        failed = self._missing if kind == COLLECT else self._aborting
        call_all((call,), crossing(placed), lender=lender, failed=failed, noted=self.notes.slow, moved=self.notes.moved)
        return answers[0] if answers else None

    def _failed(self, call: Call, error: BaseException) -> str:
        """Note a failure, and return the sentence that tells of it; raises it when strict."""
        said = self.notes.failed(call, error)
        if self._strict:
            raise error
        return said

    def _missing(self, call: Call, error: BaseException) -> Iterable[Any]:
        self._failed(call, error)
        return ()

    def _objecting(self, call: Call, error: BaseException) -> Iterable[Any]:
        return (_Unanswered(self._failed(call, error)),)

    def _aborting(self, call: Call, error: BaseException) -> Iterable[Any]:
        if isinstance(error, CrmError) and not isinstance(error, CallsItself | BrokeTransaction):
            error.add_note(f"in plugin {named(call.plugin, call.version)}, hook {call.hook}")
            raise error
        raise PluginError(self._failed(call, error)) from error


def load(path: str) -> Any:
    """Import the module a built-in feature registers its hooks in."""
    return import_module(path)
