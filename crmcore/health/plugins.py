"""Plugins: those that do not run, what was found about the others, and where they spend their time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from crmcore.health.diagnosis import Diagnosis, odd, well, wrong
from crmcore.i18n import _
from crmcore.lifecycle import findings
from crmcore.lifecycle.states import State, recorded, states
from crmcore.plugins.discovery import installed
from crmcore.plugins.dispatch import Dispatcher
from crmcore.plugins.findings import INFO, Finding, Spent

_OLD = timedelta(days=30)
"""After how long what was found is history, and no longer an error."""

_SLOWEST = 5
"""How many of the plugins' hooks are told of by the time they took."""

_WORTH_TELLING = 0.01
"""Seconds that are not worth a line."""


def plugins(connection: Connection, dispatcher: Dispatcher) -> Iterator[Diagnosis]:
    """Yield the state of every plugin, and everything found about it, kept or just now."""
    enabled = {name for name, one in recorded(connection).items() if one.enabled}
    found = _merged(findings.read(connection), dispatcher.notes.ledger)
    known = states(connection)
    for state in known:
        load = found.pop((state.name, findings.LOAD, "failed"), None)
        yield _state(state, enabled, None if load is None else load.since)
    gone = {state.name for state in known} - enabled
    for one in found.values():
        if one.hook != findings.LOAD:  # told as the state of the plugin, or over
            yield _found(one, is_over=one.plugin in gone)


def _state(state: State, enabled: set[str], since: datetime | None) -> Diagnosis:
    said = f"{state.state}: {state.reason}" if state.reason else f"{state.state} {state.version}".strip()
    if state.state in {"enabled", "disabled"}:
        return well("plugin", said, plugin=state.name)
    is_wrong = state.name in enabled or state.state == "incompatible"
    return (wrong if is_wrong else odd)("plugin", said, plugin=state.name, since=since)


def _merged(kept: Iterable[Finding], fresh: Iterable[Finding]) -> dict[tuple[str, str, str], Finding]:
    found = {one.key: one for one in kept}
    for one in fresh:
        found.setdefault(one.key, one)
    return found


def _found(one: Finding, *, is_over: bool) -> Diagnosis:
    said = _("{kind}, {count} times, last {at}: {message}").format(
        kind=one.kind, count=one.count, at=one.at.strftime("%Y-%m-%d %H:%M"), message=one.message
    )
    if one.version:
        said = _("{message} (version {version})").format(message=said, version=one.version)
    severity = INFO if is_over or datetime.now(UTC) - one.at > _OLD else one.severity
    return Diagnosis(severity=severity, plugin=one.plugin, hook=one.hook, message=said, since=one.since)


def commands(_connection: Connection, core: Iterable[str]) -> Iterator[Diagnosis]:
    """Yield the commands that more than one plugin brings, or that are the core's: none of them runs a plugin's."""
    taken: dict[str, set[str]] = {}
    for one in installed():
        for entry in one.commands:
            taken.setdefault(entry.name, set()).add(one.distribution)
    for name, brought in sorted(taken.items()):
        names = sorted(brought)
        if name in core:
            said = _("the command {name} is the core's; {others} cannot bring it")
        elif len(names) > 1:
            said = _("the command {name} is brought by {others}, so none of them runs")
        else:
            continue
        yield odd("command", said.format(name=name, others=", ".join(names)), plugin=", ".join(names))


def times(connection: Connection, dispatcher: Dispatcher) -> Iterator[Diagnosis]:
    """Yield where plugins spent most time, in all processes so far."""
    spent = findings.times(connection)
    for key, one in dispatcher.notes.unkept().items():
        known = spent.get(key, Spent())
        spent[key] = Spent(
            calls=known.calls + one.calls,
            seconds=known.seconds + one.seconds,
            worst=max(known.worst, one.worst),
        )
    longest = sorted(spent.items(), key=lambda pair: -pair[1].seconds)[:_SLOWEST]
    for (plugin, hook), one in [each for each in longest if each[1].seconds > _WORTH_TELLING]:
        said = _("{seconds:.3f} s in {calls} calls, the longest {worst:.3f} s").format(
            seconds=one.seconds, calls=one.calls, worst=one.worst
        )
        yield well(hook, said, plugin=plugin)
