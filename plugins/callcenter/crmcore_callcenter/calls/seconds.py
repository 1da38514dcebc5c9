"""How long a call took, and how long somebody talked in it, in whole seconds."""

from datetime import datetime

from crmcore_callcenter.calls.facts import Facts


def whole(begin: datetime | None, end: datetime | None) -> int | None:
    """Return the whole seconds between two moments; None where one is not known."""
    return None if begin is None or end is None else max(int((end - begin).total_seconds()), 0)


def talked(facts: Facts) -> int | None:
    """Return how long the caller talked with anybody, holding included; None where a source gives no times."""
    talks = [(leg.answered_at, leg.ended_at or facts.ended_at) for leg in facts.legs if leg.answered]
    known = sorted((begin, end) for begin, end in talks if begin is not None and end is not None)
    if len(known) < len(talks):
        return None
    total, until = 0.0, None
    for begin, end in known:
        since = begin if until is None else max(begin, until)
        total += max((end - since).total_seconds(), 0)
        until = end if until is None else max(until, end)
    return int(total)
