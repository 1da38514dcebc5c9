"""`crm worker`: deliveries, what is tried again, schedules and jobs, in the background."""

import signal
from contextlib import suppress
from threading import Event as Flag
from types import FrameType

import click

from crmcore.cli.output import tell
from crmcore.i18n import _

_LONG = 10 * 365 * 86_400.0


@click.command()
@click.option("--once", is_flag=True, help="Work until nothing is left to do now, then end: for cron.")
@click.option("--seconds", type=click.FloatRange(0), metavar="N", help="End after this time.")
@click.option(
    "--poll", type=click.FloatRange(0.01), default=1.0, show_default=True, metavar="S",
    help="Seconds between two looks for something to do.",
)  # fmt: skip
def worker(once: bool, seconds: float | None, poll: float) -> None:
    """Tell plugins and automations what happened, do what is scheduled and what goes on, until interrupted.

    On PostgreSQL any number of workers share the work; on SQLite one does it all. What is enabled or defined while it
    runs is taken up at once. Ended at any moment, even killed, it loses nothing and does nothing twice.
    """
    from crmcore.app import open_workspace
    from crmcore.delivery import work as working
    from crmcore.engine.workspace import explained

    stop = Flag()
    _stop_on_signals(stop)
    app = open_workspace(click.get_current_context().find_root().obj["db"])
    try:
        with explained(app.engine):
            if once:
                done = working.once(app, stop, seconds=_LONG if seconds is None else seconds)
            else:
                limit = _LONG if seconds is None else seconds
                done = working.work(app, stop, seconds=limit, poll=poll, say=tell)
    finally:
        app.close()
    if done.jobs_failed:
        tell(_("Jobs failed {n} times; they are tried again, see `crm doctor`.").format(n=done.jobs_failed))
    tell(
        _("Done: {handled} events, {ticks} schedules; failed, and tried again: {failed} and {ticks_failed}.").format(
            handled=done.handled, ticks=done.ticks, failed=done.failed, ticks_failed=done.ticks_failed
        )
    )


def _stop_on_signals(stop: Flag) -> None:
    """End after the present batch when asked to; asked again with Ctrl-C, at once."""

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # only the main thread is told of signals
            signal.signal(number, end)
