"""Listening in the large: 200 calls at once at 20 messages a second, and as fast as it goes, over TCP.

A telephone system of ours speaks the manager's framing; the listener is a process of its own, as in an office. The
delay is from the last byte of a message to the commit of what it tells; half of them tell nothing new of a call.
"""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from itertools import count

from attrs import frozen
from sqlalchemy import func, select

from bench.place import LOGIN, Place, workspace
from bench.result import Result
from bench.scale import Scale
from crmcore.app import App
from crmcore.lifecycle import enabling
from crmcore.testing.asterisk_channels import Message
from crmcore.testing.asterisk_server import TelephoneSystem

AT_ONCE, RATE, WARM = 200, 20.0, 150.0
GOAL = 1.0
"""Seconds within which 95 of 100 events are to be in the database."""
_BEGIN = 1_790_000_000


@frozen(kw_only=True)
class _Run:
    """What a listener heard: delays in seconds, how long it took for how many messages, and how many calls."""

    p50: float
    p95: float
    most: float
    seconds: float
    messages: int
    calls: int


def run(place: Place, scale: Scale) -> Iterator[Result]:
    """Measure the delay at a usual pace, and how many messages a second it keeps up with."""
    is_tiny = scale.rounds == 1
    at_once = 5 if is_tiny else AT_ONCE
    slow = _heard(place, list(_stream(at_once, 40 if is_tiny else 400)), at_once, every=1 / RATE)
    yield Result(
        work=f"callcenter: {AT_ONCE} calls at {RATE:g} messages a second, p95", database=place.database, ours=slow.p95,
        goal=GOAL, unit="s",
        note=f"p50 {slow.p50 * 1000:.0f} ms, longest {slow.most * 1000:.0f} ms; {slow.calls} calls",
    )  # fmt: skip
    fast = _heard(place, list(_stream(at_once, 100 if is_tiny else 12_000)), at_once, every=0.0)
    yield Result(
        work="callcenter: a message, as fast as it goes", database=place.database, ours=fast.seconds / fast.messages,
        note=f"{fast.messages / fast.seconds:.0f} messages a second; {fast.calls} calls",
    )  # fmt: skip


def _stream(at_once: int, more: int) -> Iterator[Message]:
    """Yield what Asterisk says while so many calls go on: at first they begin; then for each that ends one begins."""
    numbers, alive = count(1), deque[int]()
    for _each in range(at_once):
        alive.append(next(numbers))
        yield from _begins(alive[-1])
    said = 0
    while said < more:
        alive.append(next(numbers))
        for messages in (_begins(alive[-1]), _holds(alive[len(alive) // 2]), _ends(alive.popleft())):
            said += len(messages)
            yield from messages
    while alive:
        yield from _ends(alive.popleft())


def _channels(n: int) -> tuple[Message, Message]:
    begun, caller = _BEGIN + n, f"+86138{n:08}"
    one = {"Channel": f"PJSIP/trunk-{n:08x}", "Uniqueid": f"{begun}.1", "CallerIDNum": caller, "Exten": "02155501000"}
    other = {"Channel": f"PJSIP/{200 + n % 40}-{n:08x}", "Uniqueid": f"{begun}.2", "CallerIDNum": str(200 + n % 40)}
    return tuple({**each, "Linkedid": f"{begun}.1"} for each in (one, other))  # type: ignore[return-value] # of two


def _begins(n: int) -> list[Message]:
    one, other = _channels(n)
    dest = {f"Dest{name}": value for name, value in other.items()}
    return [
        {"Event": "Newchannel", "ChannelState": "4", **one},
        {"Event": "Newexten", "ChannelState": "4", "Application": "Dial", **one},
        {"Event": "Newchannel", "ChannelState": "0", **other},
        {"Event": "DialBegin", "ChannelState": "4", **one, **dest, "DestChannelState": "0"},
        {"Event": "Newstate", "ChannelState": "5", **other},
        {"Event": "Newstate", "ChannelState": "6", **other},
        {"Event": "DialEnd", "ChannelState": "6", **one, **dest, "DestChannelState": "6", "DialStatus": "ANSWER"},
        {"Event": "Newstate", "ChannelState": "6", **one},
        {"Event": "BridgeEnter", "BridgeUniqueid": f"b{n}", "ChannelState": "6", **other},
        {"Event": "BridgeEnter", "BridgeUniqueid": f"b{n}", "ChannelState": "6", **one},
    ]


def _holds(n: int) -> list[Message]:
    _one, other = _channels(n)
    return [{"Event": name, "ChannelState": "6", **other} for name in ("Hold", "Unhold")]


def _ends(n: int) -> list[Message]:
    one, other = _channels(n)
    leaves = [{"Event": "BridgeLeave", "BridgeUniqueid": f"b{n}", "ChannelState": "6", **each} for each in (other, one)]
    return [*leaves, *({"Event": "Hangup", "Cause": "16", "ChannelState": "6", **each} for each in (other, one))]


def _heard(place: Place, messages: list[Message], at_once: int, *, every: float) -> _Run:
    """Play messages to a listener in a new workspace: those that begin the first calls somewhat faster."""
    from crmcore_callcenter.listening.lines import add
    from crmcore_callcenter.tables import call, hearing

    url = workspace(place)
    app = App(url)
    enabling.enable(app.engine, "callcenter")
    begin = 10 * at_once
    system = TelephoneSystem(messages[:begin], every=every and 1 / WARM, stays=True)
    with app.transaction() as tx:
        at = {"address": system.address, "login": system.login, "password": "env:BENCH_SECRET"}
        add(tx, {"name": "Bench", "kind": "ami", **at})
    given = {**os.environ, "CRM_DATABASE_URL": url, "CRM_USER": LOGIN, "BENCH_SECRET": system.secret}
    listener = subprocess.Popen(
        [sys.executable, "-m", "crmcore.cli", "callcenter", "listen"], env=given, stderr=subprocess.DEVNULL
    )
    while system.said_so_far < begin:
        time.sleep(0.01)
    system.go_on(messages[begin:], every=every)
    begun = time.monotonic()
    system.finished.wait()
    listener.send_signal(signal.SIGTERM)
    listener.wait()
    seconds = time.monotonic() - begun
    with app.read() as reader:
        row = reader.first(select(hearing))
        calls = reader.value(select(func.count()).select_from(call).where(call.c.status == "ended"))
    assert row is not None  # noqa: S101 # the listener wrote it
    system.close()
    app.close()
    place.drop(url)
    return _Run(
        p50=row.p50_ms / 1000, p95=row.p95_ms / 1000, most=row.most_ms / 1000, seconds=seconds,
        messages=len(messages) - begin, calls=int(calls),
    )  # fmt: skip
