"""`crm callcenter listen`: hear telephone systems, until interrupted."""

import signal
from contextlib import suppress
from threading import Event as Flag
from types import FrameType

import click

from crmcore_callcenter.i18n import _


@click.command()
@click.argument("lines", nargs=-1, metavar="[LINE]...")
@click.option("--seconds", type=click.FloatRange(0), default=float("inf"), metavar="N", help="End after this time.")
def listen(lines: tuple[str, ...], seconds: float) -> None:
    """Listen to all lines, or to these: every ring, answer, transfer and hang-up is kept as it happens.

    A connection that is cut off is made again, and what ended meanwhile is ended. Started twice, the second waits and
    takes over when the first ends. Ended at any moment, even killed, it doubles nothing; what nobody heard an import of
    the server's call records completes.
    """
    from crmcore.api import session, tell
    from crmcore_callcenter.agents.naming import line_named
    from crmcore_callcenter.listening.running import Listener

    stop = Flag()
    _stop_on_signals(stop)
    with session() as s:
        with s.read() as reader:
            keys = [line_named(reader, each) for each in lines]
        heard = Listener(app=s.app, only=keys, say=tell, stop=stop).run(seconds)
    for name, figures in heard.items():
        tell(
            _(
                "{line}: {n} events; from what was received to its commit {p50} ms (p50), {p95} ms (p95), {most} ms at"
                " most; cut off {cuts} times."
            ).format(
                line=name, n=figures.events, p50=figures.p50_ms, p95=figures.p95_ms, most=figures.most_ms,
                cuts=figures.cuts,
            )
        )  # fmt: skip


def _stop_on_signals(stop: Flag) -> None:
    """End after what was heard is taken in; asked again with Ctrl-C, at once."""

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # only the main thread is told of signals
            signal.signal(number, end)
