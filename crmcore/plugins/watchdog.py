"""The watchdog: looks a few times a second at what runs, cuts off what is past its deadline, and names it.

Only the main thread can be woken from outside; there a signal's handler raises `CutOff`, and only while the very task
that is late still runs. In other threads, and in code that ignores the cut, the plugin is named while it is waited for.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread, main_thread
from time import perf_counter, sleep
from types import FrameType, TracebackType
from typing import Any

from crmcore.i18n import _
from crmcore.plugins.running import CutOff, Running, everywhere, here

INTERVAL = 0.2
"""Seconds between two looks."""

GRACE = 1.0
"""Seconds past the deadline after which a plugin that still runs is named on standard error."""

_WAKE: Any = getattr(signal, "SIGURG", None)  # ignored by default, so that nothing ends when nobody handles it
_LOCK = Lock()


class _State:
    started = False
    can_cut = False


_STATE = _State()  # what it holds is its own: the class itself never changes, so that a change of it is noticed


def watch(running: Running) -> None:
    """Begin to watch a thread; called before the first plugin is called in it."""
    running.watched = True
    with _LOCK:
        if running.is_main and not _STATE.can_cut:
            _STATE.can_cut = _handle_signals()
        if not _STATE.started:
            _STATE.started = True
            Thread(target=_look, name="crmcore-watchdog", daemon=True).start()


def _forget() -> None:
    """Begin anew in a forked process: the thread is not in it."""
    _STATE.started = False
    for one in everywhere():
        one.watched = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _handle_signals() -> bool:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    if _WAKE is None or not hasattr(signal, "pthread_kill"):
        return False
    signal.signal(_WAKE, _cut)
    return True


def _look() -> None:
    while True:
        sleep(INTERVAL)
        for one in everywhere():
            if one.is_late():
                _act(one)


def _act(one: Running) -> None:
    if one.is_main and _STATE.can_cut:
        with suppress(OSError, RuntimeError):
            signal.pthread_kill(main_thread().ident or 0, _WAKE)
    task, since = one.task, one.since
    if task is None or one.named is task or perf_counter() - since < task.deadline + GRACE:
        return
    one.named = task
    said = _("crm: still waiting for plugin {plugin} {version}, {hook}, which may take {seconds:g} s; Ctrl-C ends it.")
    with suppress(OSError, ValueError):
        print(
            said.format(plugin=task.plugin, version=task.version, hook=task.hook, seconds=task.deadline),
            file=sys.__stderr__,
            flush=True,
        )


def _cut(_signal: int, _frame: FrameType | None) -> None:
    running = here.running
    if running.is_late():
        raise CutOff(_("cut off after {seconds:g} s").format(seconds=running.task.deadline))


def _interrupt(number: int, _frame: FrameType | None) -> None:
    running = here.running
    if running.task is not None:
        running.interrupted += 1
        if running.interrupted > 2:  # it swallows what should end it; a database is made for such an end
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
    raise KeyboardInterrupt


_OURS: Callable[..., None] = _interrupt


def is_of_user(error: BaseException) -> bool:
    """Return whether a KeyboardInterrupt is Ctrl-C; False for one that a plugin raised by itself."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    handler = signal.getsignal(signal.SIGINT)
    if handler is not _OURS:
        return callable(handler)  # somebody else's; where it is ignored, as in background work, nobody pressed it
    last: TracebackType | None = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and last.tb_frame.f_code is _OURS.__code__
