"""Trying a line: connect, log in, ask what is alive; for one who sets it up."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from time import monotonic

from attrs import frozen

from crmcore.api import InvalidInput, secret_at
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.ear import Spec, connected, correlator_of, received, said, talk_with
from crmcore_callcenter.listening.lines import POST, place
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.talking import Broken, Talk, Wrong
from crmcore_callcenter.protocol.partly import Partly


@frozen(kw_only=True)
class Checked:
    """What was found: what the system calls itself, how many channels are alive (None where it does not say)."""

    greeting: str
    channels: int | None
    milliseconds: int
    said: str = ""


def check(spec: Spec, pace: Pace) -> Checked:
    """Connect and log in, and take nothing. Raises `InvalidInput` with a sentence for whatever is wrong."""
    password = secret_at(spec.password, spec.name)
    if not password:
        raise InvalidInput(_("{place} is empty.").format(place=spec.password))
    if spec.kind == POST:
        return Checked(greeting="", channels=None, milliseconds=0)
    talk, begun = talk_with(spec, correlator_of(spec), Partly(), password), monotonic()
    try:
        converse(spec, talk, pace, lambda: talk.ready)
    except (Wrong, Broken, OSError) as error:
        raise InvalidInput(_("{line}: {why}").format(line=spec.name, why=said(error))) from error
    return Checked(
        greeting=talk.greeting, channels=talk.channels if talk.alive is not None else None, said=talk.said,
        milliseconds=round((monotonic() - begun) * 1000),
    )  # fmt: skip


def converse(spec: Spec, talk: Talk, pace: Pace, done: Callable[[], bool]) -> None:
    """Connect, and talk until it is done; raises `Broken` where that takes too long."""
    with closing(connected(place(spec.address, spec.kind), pace.open)) as opened:
        opened.settimeout(0.1)
        until = monotonic() + pace.open
        while not done():
            opened.sendall(talk.sending())
            data = received(opened)
            if data is not None:
                if not data:
                    raise Broken(_("The connection was ended by the other side."))
                talk.received(data, datetime.now(UTC))
            if monotonic() > until:
                raise Broken(_("Nobody answers there within {n} seconds.").format(n=round(pace.open)))
        opened.sendall(talk.sending())
