"""What one process notes about the plugins it calls: failures, findings, and the time each hook took."""

from collections.abc import Mapping, Sequence
from time import perf_counter

from crmcore.i18n import _
from crmcore.plugins import memory
from crmcore.plugins.calling import BrokeTransaction, Call, CallsItself
from crmcore.plugins.findings import FAILED, LOOP, MEMORY, SLOW, TAMPERED, Failure, Ledger, Spent
from crmcore.plugins.running import CutOff
from crmcore.plugins.said import named, said_by

_CORE = "core."

_KEPT = 10_000
"""How many failures a process remembers at most."""

_KINDS: dict[type[BaseException], str] = {CallsItself: LOOP, BrokeTransaction: TAMPERED}
"""What kind of finding a failure is, if not simply a failure."""


class Notes:
    """Collects what is to be known of plugins.

    `ledger` holds findings until they are kept, `kept_at` says when that was last done.
    """

    def __init__(self, *, megabytes: float) -> None:
        self.failures: list[Failure] = []
        self.ledger = Ledger()
        self.kept_at = perf_counter()
        self._megabytes = megabytes
        self._spent: dict[tuple[str, str], Spent] = {}
        self._kept: dict[tuple[str, str], tuple[int, float]] = {}

    def spent(self, plugin: str, hook: str) -> Spent:
        """Return the time spent by a plugin in a hook since the process put the workspace together."""
        return self._spent.setdefault((plugin, hook), Spent())

    def failure(self, plugin: str, hook: str, message: str, *, kind: str = FAILED, version: str = "") -> None:
        """Note that a plugin failed."""
        self._remember(plugin, hook, message)
        self.ledger.note(plugin=plugin, hook=hook, kind=kind, message=message, version=version)

    def _remember(self, plugin: str, hook: str, message: str) -> None:
        if len(self.failures) >= _KEPT:
            del self.failures[: _KEPT // 2]
        self.failures.append(Failure(plugin=plugin, hook=hook, message=message))

    def failed(self, call: Call, error: BaseException) -> str:
        """Note that a call failed, and return the sentence that tells of it."""
        error.add_note(f"in plugin {named(call.plugin, call.version)}, hook {call.hook}")
        said = said_by(error)
        if isinstance(error, CutOff):  # noted by its length, as one that took too long and came to its end
            self._remember(call.plugin, call.hook, said)
        else:
            kind = next((kind for cls, kind in _KINDS.items() if isinstance(error, cls)), FAILED)
            self.failure(call.plugin, call.hook, said, kind=kind, version=call.version)
        return _("Plugin {plugin} failed in {hook}: {error}").format(
            plugin=named(call.plugin, call.version), hook=call.hook, error=said
        )

    def slow(self, call: Call, took: float) -> None:
        """Look at a call that took notable time: was it too long, and did the process grow meanwhile?"""
        size = memory.growth() / 1_000_000
        if call.plugin.startswith(_CORE):
            return
        if took > call.deadline:
            said = _("took {seconds:.1f} s; it may take {allowed:g} s").format(seconds=took, allowed=call.deadline)
            self._note(call, SLOW, said)
        if size > self._megabytes:
            self._note(call, MEMORY, _("the process grew by {size:.0f} MB during one call").format(size=size))

    def moved(self, calls: Sequence[Call]) -> None:
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
            if spent.calls > before[0] and not key[0].startswith(_CORE):
                found[key] = Spent(calls=spent.calls - before[0], seconds=spent.seconds - before[1], worst=spent.worst)
        return found

    def kept(self, spent: Mapping[tuple[str, str], Spent]) -> None:
        """Take note that these times were written, now."""
        self.kept_at = perf_counter()
        for key, one in spent.items():
            calls, seconds = self._kept.get(key, (0, 0.0))
            self._kept[key] = calls + one.calls, seconds + one.seconds
