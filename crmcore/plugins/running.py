"""Which plugin runs in each thread, and since when: what the watchdog looks at."""

from collections.abc import Iterator
from threading import Lock, current_thread, local, main_thread
from time import perf_counter
from typing import Any
from weakref import WeakSet

from attrs import frozen


@frozen(kw_only=True)
class Task:
    """A piece of a plugin that is called: whose it is, in which hook, and how many seconds it may take."""

    plugin: str
    version: str
    hook: str
    kind: str
    deadline: float


class CutOff(BaseException):
    """A plugin took too long and was cut off. No `Exception`, so that a plugin's own handlers let it pass."""


class Running:
    """One thread's place: the task that runs now, since when, and those it was called from within.

    `task` is None while the host's own code runs: only a plugin's code is ever cut off.
    """

    __slots__ = ("__weakref__", "interrupted", "is_main", "named", "outer", "since", "task", "watched")

    def __init__(self) -> None:
        self.task: Any = None
        self.since = 0.0
        self.outer: list[tuple[str, str]] = []
        self.is_main = current_thread() is main_thread()
        self.interrupted = 0
        self.named: Any = None
        self.watched = False

    def is_late(self) -> bool:
        """Return whether the task that runs now is past its deadline."""
        task = self.task
        return task is not None and perf_counter() - self.since > task.deadline


class _Here(local):
    running: Running

    def __init__(self) -> None:
        self.running = Running()
        with _LOCK:
            _ALL.add(self.running)


_LOCK = Lock()
_ALL: WeakSet[Running] = WeakSet()
here = _Here()
"""`here.running` is the place of the calling thread."""


def everywhere() -> Iterator[Running]:
    """Yield the place of every thread that ever called a plugin and still lives."""
    with _LOCK:
        places = list(_ALL)
    yield from places
