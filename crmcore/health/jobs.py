"""Background work: workers, who is behind in hearing events, what was set aside, schedules, and jobs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crmcore.assembly import Assembly
from crmcore.delivery.consumers import consumers
from crmcore.delivery.status import Lag, Ongoing, Ticking, status
from crmcore.engine import clock
from crmcore.health.diagnosis import Diagnosis, odd, well, wrong
from crmcore.i18n import _

LATE = timedelta(hours=1)
"""How old an event may be before a plugin that has not heard of it is behind; how late a schedule may be."""


def jobs(connection: Connection, assembly: Assembly) -> Iterator[Diagnosis]:
    """Yield how background work stands."""
    found = status(connection, consumers(assembly.dispatcher, assembly.definitions))
    now = clock.now()
    alive = [one for one in found.workers if one.is_alive]
    for one in alive:
        said = _("works since {since}, {done} events so far").format(since=_at(one.started_at), done=one.done)
        yield well("worker", f"{one.name}: {said}", since=one.started_at)
    if not alive:
        yield well("worker", _("none runs; deliveries are made at the end of commands that write"))
    for lag in found.lags:
        yield from _lag(lag, now)
    for ticking in found.schedules:
        yield _schedule(ticking, now)
    for ongoing in found.jobs:
        yield _job(ongoing)


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")


def _lag(lag: Lag, now: datetime) -> Iterator[Diagnosis]:
    if lag.parked or lag.cut:
        said = _("{parked} deliveries set aside, {cut} cut off: {error}; see `crm delivery list`")
        yield wrong("delivery", said.format(parked=lag.parked, cut=lag.cut, error=lag.error), plugin=lag.name)
    if lag.waiting:
        said = _("{n} deliveries are tried again later: {error}").format(n=lag.waiting, error=lag.error)
        yield odd("delivery", said, plugin=lag.name)
    behind = lag.behind and lag.oldest is not None and now - lag.oldest > LATE
    said = _("{n} events to hear of").format(n=lag.behind)
    if lag.behind and lag.oldest is not None:
        said = _("{n} events to hear of, the oldest of {at}").format(n=lag.behind, at=_at(lag.oldest))
    yield (odd if behind else well)("delivery", said, plugin=lag.name, since=lag.oldest)


def _schedule(ticking: Ticking, now: datetime) -> Diagnosis:
    hook = _("schedule {name}").format(name=ticking.name)
    if ticking.error:
        said = _("failed {n} times: {error}").format(n=ticking.attempts, error=ticking.error)
        return wrong(hook, said, plugin=ticking.plugin, since=ticking.last_at)
    if now - ticking.next_at > LATE:
        said = _("due since {at}; is there a `crm worker`?").format(at=_at(ticking.next_at))
        return odd(hook, said, plugin=ticking.plugin, since=ticking.next_at)
    return well(hook, _("next at {at}").format(at=_at(ticking.next_at)), plugin=ticking.plugin)


def _job(ongoing: Ongoing) -> Diagnosis:
    hook = _("job {name}").format(name=ongoing.name)
    if ongoing.error:
        said = _("failed {n} times: {error}").format(n=ongoing.attempts, error=ongoing.error)
        return wrong(hook, said, plugin=ongoing.plugin, since=ongoing.next_at)
    return well(hook, _("next at {at}").format(at=_at(ongoing.next_at)), plugin=ongoing.plugin)
