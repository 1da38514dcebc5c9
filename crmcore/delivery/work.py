"""What a worker does: schedules, jobs, deliveries, and what is tried again, until it is told to stop."""

from collections.abc import Callable
from threading import Event as Flag
from time import monotonic

from attrs import frozen
from sqlalchemy.exc import DBAPIError

from crmcore.app import App
from crmcore.delivery import jobs
from crmcore.delivery.jobs import Jobs
from crmcore.delivery.run import Report, deliver
from crmcore.delivery.schedules import Ticks, keep
from crmcore.delivery.workers import Presence
from crmcore.engine.database import reason
from crmcore.i18n import _

_STRETCH = 5.0  # seconds of work between two signs of life


@frozen(kw_only=True)
class Worked:
    """What a worker did: events handled and failed, schedules done and failed, failures of jobs.

    `is_idle`: nothing was left.
    """

    handled: int = 0
    failed: int = 0
    ticks: int = 0
    ticks_failed: int = 0
    jobs_failed: int = 0
    is_idle: bool = True

    def plus(self, ticks: Ticks, worked: Jobs, report: Report) -> "Worked":
        """Return this and what was done since; what was told to listeners may be work for jobs."""
        return Worked(
            handled=self.handled + report.handled,
            failed=self.failed + report.failed,
            ticks=self.ticks + ticks.done,
            ticks_failed=self.ticks_failed + ticks.failed,
            jobs_failed=self.jobs_failed + worked.failed,
            is_idle=report.is_idle and not (report.handled or ticks.done or worked.more),
        )


def once(app: App, stop: Flag, *, seconds: float) -> Worked:
    """Work until nothing is left to do now, or the time is over: for cron."""
    ends = monotonic() + seconds
    worked = _step(app, stop, ends, Worked())
    while not (worked.is_idle or stop.is_set() or monotonic() >= ends):
        worked = _step(app, stop, ends, worked)
    return worked


def work(app: App, stop: Flag, *, seconds: float, poll: float, say: Callable[[str], None]) -> Worked:
    """Work until told to stop or the time is over, looking for something to do every `poll` seconds.

    What the database refuses is said, and tried again. Raises `Refused` when another one works that is enough.
    """
    ends = monotonic() + seconds
    presence = Presence(app.engine)
    presence.begin()
    say(_("Working; Ctrl-C ends it after what it is doing."))
    worked = Worked()
    try:
        while not stop.is_set() and monotonic() < ends:
            try:
                presence.renew(worked.handled)
                worked = _step(app, stop, min(ends, monotonic() + _STRETCH), worked)
                rests = worked.is_idle
            except DBAPIError as error:
                say(_("The database refuses: {why}; it is tried again.").format(why=reason(error)))
                app.engine.dispose()
                rests = True
            if rests:
                stop.wait(max(0.0, min(poll, ends - monotonic())))
    finally:
        presence.end()
    return worked


def _step(app: App, stop: Flag, ends: float, worked: Worked) -> Worked:
    ticks = keep(app)
    done = jobs.work(app, seconds=ends - monotonic(), stop=stop.is_set)
    return worked.plus(ticks, done, deliver(app, seconds=ends - monotonic(), stop=stop.is_set))
