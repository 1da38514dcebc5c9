"""Calling plugins one after the other: watched, timed, and every failure put down to the one that failed."""

import sys
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from time import perf_counter
from typing import Any

from attrs import field, frozen

from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins import memory, surroundings, watchdog
from crmcore.plugins.findings import Spent
from crmcore.plugins.lending import Borrower, Custody, Lender
from crmcore.plugins.running import Running, Task, here

NOTABLE = 0.001
"""Seconds from which a call is looked at more closely: for its deadline, and for the memory it took."""

DEEPEST = 16
"""How many plugins' calls may lie within one another."""

_NOTHING = ()


class CallsItself(PluginError):
    """A plugin was called again within its own call."""


def must_be_outside() -> None:
    """Raise `CallsItself` when a plugin's code runs in this thread: it opens no transaction beside the one it is in."""
    running = here.running
    if running.task is not None:
        raise CallsItself(
            _(
                "Plugin {plugin} opens the workspace within {hook}; it has what it is lent, and nothing beside it."
            ).format(plugin=running.task.plugin, hook=running.task.hook)
        )


class BrokeTransaction(PluginError):
    """A plugin ended, or spoilt, the transaction of the host."""


@frozen(kw_only=True, eq=False)
class Call(Task):
    """One implementation of a hook, ready to be called with the arguments it asked for.

    `lent` names the argument that is on loan, if it asks for one; `answers` is the type of each item it answers.
    """

    function: Callable[..., Any]
    arguments: tuple[str, ...]
    answers: type | None
    lent: str
    borrower: Borrower
    spent: Spent
    single: str = field(init=False)
    pick: Callable[[dict[str, Any]], tuple[Any, ...]] = field(init=False)

    @single.default
    def _default_single(self) -> str:
        return self.arguments[0] if len(self.arguments) == 1 else ""

    @pick.default
    def _default_pick(self) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
        return itemgetter(*self.arguments) if len(self.arguments) > 1 else _no_arguments


def _no_arguments(_given: dict[str, Any]) -> tuple[Any, ...]:
    return _NOTHING


Failed = Callable[[Call, BaseException], Iterable[Any]]
"""What to do about a failure: answer items in place of the plugin's, or raise."""

Noted = Callable[[Call, float], None]
"""Told of a call that took notable time, with its seconds."""

Moved = Callable[[Sequence[Call]], None]
"""Told of calls one of which left the process in another folder."""


def call_all(
    calls: Sequence[Call],
    given: dict[str, Any],
    *,
    lender: Lender | None = None,
    failed: Failed,
    noted: Noted,
    moved: Moved,
) -> list[tuple[str, Any]]:
    """Call each with the arguments it asks for, and return all items answered, with the plugin each came from.

    What a plugin prints goes to standard error; the working folder is put back. Ctrl-C ends it all as soon as the
    plugin lets it through.
    """
    running = here.running
    if not running.watched:
        watchdog.watch(running)
    outer, since, asked = running.task, running.since, perf_counter()
    out, err = sys.stdout, sys.stderr
    if outer is None:
        running.interrupted = 0
    else:
        running.task = None
        running.outer.append((outer.plugin, outer.hook))
    folder = ""
    if running.is_main:
        sys.stdout = err
        folder = surroundings.folder()
    memory.settle()
    try:
        if lender is None:
            found = _call_all(running, calls, given, None, None, failed, noted)
        else:
            with lender.custody() as custody:
                found = _call_all(running, calls, given, lender, custody, failed, noted)
    finally:
        if running.is_main:
            sys.stdout, sys.stderr = out, err
            if folder != surroundings.folder():
                surroundings.go_back(folder)
                moved(calls)
        if outer is not None:
            running.outer.pop()
            running.since = since + perf_counter() - asked  # the time of others is not counted against it
            running.task = outer
    if running.interrupted and outer is None:  # Ctrl-C, swallowed by a plugin
        raise KeyboardInterrupt
    return found


def _call_all(
    running: Running,
    calls: Sequence[Call],
    given: dict[str, Any],
    lender: Lender | None,
    custody: Custody | None,
    failed: Failed,
    noted: Noted,
) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    outer = running.outer
    start = perf_counter()
    for call in calls:
        lent = call.lent and lender is not None
        if lent:
            given[call.lent] = lender.lend(call.borrower, custody)  # type: ignore[union-attr] # one is there
        try:
            if outer:
                _must_not_be_within(call, outer)
            running.since = start
            running.task = call  # from here to where it is None again, the watchdog may raise in this thread
            answer = call.function(given[call.single]) if call.single else call.function(*call.pick(given))
            if answer is not None and answer is not _NOTHING and call.answers is not None:
                items = _items(call, answer)
                running.task = None
                found.extend([(call.plugin, item) for item in items])
            running.task = None
        except BaseException as error:
            running.task = None
            if running.interrupted or watchdog.is_of_user(error):
                raise KeyboardInterrupt from error
            _account(call, perf_counter() - start, noted)
            found.extend([(call.plugin, item) for item in _after(call, error, custody, failed)])
            start = perf_counter()
        else:
            end = perf_counter()
            took, start = end - start, end
            spent = call.spent
            if took > spent.notable:
                _account(call, took, noted)
            else:
                spent.calls += 1
                spent.seconds += took
            if lent and not custody.intact():  # type: ignore[union-attr] # one is there
                found.extend([(call.plugin, item) for item in _after(call, None, custody, failed)])
    return found


def _must_not_be_within(call: Call, outer: list[tuple[str, str]]) -> None:
    if (call.plugin, call.hook) in outer or len(outer) > DEEPEST:
        raise CallsItself(
            _("plugin {plugin} calls itself: {hook} led to {hook} again").format(plugin=call.plugin, hook=call.hook)
        )


def _after(call: Call, error: BaseException | None, custody: Custody | None, failed: Failed) -> Iterable[Any]:
    """Take care of what a failed call leaves behind; raise `BrokeTransaction` when that is more than can be mended."""
    if custody is not None and not custody.intact():
        mended = custody.mend()
        broke = BrokeTransaction(
            _("Plugin {plugin} {version} ended or spoilt the host's transaction in {hook}: {error}").format(
                plugin=call.plugin, version=call.version, hook=call.hook, error=error or _("it did so unseen")
            )
        )
        items = failed(call, broke)
        if not mended:
            raise broke from error
        return items
    assert error is not None  # noqa: S101 # either it failed, or the transaction is not intact
    return failed(call, error)


def _account(call: Call, took: float, noted: Noted) -> None:
    """Count a call; look closer at one that took notable time."""
    spent = call.spent
    spent.calls += 1
    spent.seconds += took
    spent.worst = max(spent.worst, took)
    spent.notable = min(spent.worst, NOTABLE)
    if took > NOTABLE:
        noted(call, took)


def _items(call: Call, answer: Any) -> list[Any]:
    """Return a whole answer; TypeError for one that is not what the hook asks for."""
    if isinstance(answer, str | bytes):
        raise TypeError(_("answered one text where a list is expected: {text}").format(text=repr(answer)[:100]))
    items = list(answer)
    expected = call.answers or object
    for item in items:
        if not isinstance(item, expected):
            raise TypeError(
                _("answered {given} where {expected} is expected").format(
                    given=type(item).__name__, expected=expected.__name__
                )
            )
    return items
