"""Takes in events one by one, each in a transaction of its own, and says so: to be killed at any moment.

Run as `teller.py DATABASE COUNT`: so many calls, told as they happen, from the first event on.
"""

import sys
from datetime import datetime, timedelta
from typing import Any

from crmcore_callcenter.calls.taking import take
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party

from crmcore.api import open_workspace

BEGIN = datetime.fromisoformat("2026-11-23T02:00:00+00:00")


def event(call: str, kind: str, seconds: float, **given: Any) -> CallEvent:
    """Return an event of a call from outside; `target` is an extension of ours."""
    number = given.pop("target", None)
    party = {"target": Party(number=number, device=f"PJSIP/{number}-{call}")} if number else {}
    values = {"caller": Party(number="+8613800000007"), "dialled": "+862155550000", "key": f"{kind} {seconds}", **given}
    return CallEvent(
        system="asterisk", source="ami", call=call, kind=kind, at=BEGIN + timedelta(seconds=seconds), **party, **values
    )


def calls(count: int) -> list[CallEvent]:
    """Return the events of some calls, as they happen at the same time."""
    told = []
    for place in range(count):
        call, caller = f"17.{place}", Party(number=f"+86138{place:08}")
        about = {"call": call, "caller": caller}
        told += [
            event(kind="begin", seconds=place, **about),
            event(kind="queue", seconds=place + 1, queue="sales", **about),
            event(kind="ring", seconds=place + 2, target="201", **about),
            event(kind="answer", seconds=place + 5, target="201", **about),
            event(kind="hold", seconds=place + 9, **about),
            event(kind="resume", seconds=place + 11, **about),
            event(kind="hangup", seconds=place + 20, reason="completed", **about),
        ]
    return sorted(told, key=lambda one: (one.at, one.call))


def main(url: str, count: int) -> None:
    """Take in the events of some calls, one after the other, from the first."""
    app = open_workspace(url)
    for place, one in enumerate(calls(count)):
        with app.transaction(cause="a test") as tx:
            take(tx, [Heard(events=(one,))])
        sys.stdout.write(f"{place}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
