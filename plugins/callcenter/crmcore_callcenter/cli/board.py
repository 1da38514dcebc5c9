"""`crm callcenter board`: what is going on at the telephones, live."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from threading import Event as Flag
from types import FrameType
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore_callcenter.board.standing import Board


@click.command()
@click.option("--once", is_flag=True, help="Show it once; so it is where the output goes elsewhere.")
@click.option(
    "--every", type=click.FloatRange(0.2, 3600), default=2.0, show_default=True, metavar="SECONDS", help="How often."
)
@click.option("--queue", "queue_", metavar="QUEUE", help="Only one queue, and who answers it.")
@as_json
def board(once: bool, every: float, queue_: str | None, json_: bool) -> None:
    """See what is going on at the telephones, live: queues, agents, calls, callbacks that are late.

    In red: queues in which somebody waits too long, and callbacks that are late. Ctrl-C ends it.
    """
    from crmcore.api import print_json, session
    from crmcore_callcenter.agents.naming import queue_named

    with session() as s:
        with s.read() as reader:
            key = queue_named(reader, queue_) if queue_ else None
        if json_:
            print_json(_stands(s, key))
        elif once or not sys.stdout.isatty():
            _print(s, key)
        else:
            _live(s, key, every)


def _stands(s: "Session", queue_id: int | None) -> "Board":
    from crmcore_callcenter.board.standing import standing

    with s.read() as reader:
        return standing(reader, queue_id)


def _print(s: "Session", queue_id: int | None) -> None:
    from crmcore.api import here
    from crmcore_callcenter.board.telling import lines

    with s.read() as reader:
        zone = here(reader).zone
    for line in lines(_stands(s, queue_id), get_terminal_size((80, 24)).columns, zone):
        click.echo(line.text)


def _live(s: "Session", queue_id: int | None, every: float) -> None:
    from crmcore.api import here
    from crmcore_callcenter.board.screen import draw, opened
    from crmcore_callcenter.board.telling import lines, shown

    stop = Flag()
    with s.read() as reader:
        zone = here(reader).zone
    with _stopped_by_signals(stop), opened(sys.stdout):
        while not stop.is_set():
            size = get_terminal_size((80, 24))
            told = lines(_stands(s, queue_id), size.columns - 1, zone)
            draw(sys.stdout, shown(told, size.lines), size.columns - 1)
            stop.wait(every)


@contextmanager
def _stopped_by_signals(stop: Flag) -> Iterator[None]:
    """Let Ctrl-C, or an end that is asked for, end the loop quietly; asked again, at once."""
    before = {}

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # only the main thread is told of signals
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
