"""Calls of FreeSWITCH with more legs than two: pipes, consulting within a call, transfers while it still rings."""

from collections.abc import Sequence
from typing import Any

from crmcore_callcenter.freeswitch.correlating import Correlator
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent

Event = dict[str, str]


def leg(uid: str, number: str, other: str = "", name: str = "", **more: str) -> Event:
    """The headers that events of a leg have: of one rung for an `other`, or of one that calls in."""
    headers = {
        "Unique-ID": uid,
        "Channel-Name": name or f"sofia/internal/{number}@pbx",
        "Channel-Call-UUID": other or uid,
    }
    headers |= {"Caller-Destination-Number": number if other else "400", **more}
    if other:
        return headers | {"Call-Direction": "outbound", "Other-Type": "originator", "Other-Leg-Unique-ID": other}
    return headers | {"Call-Direction": "inbound", "Caller-Caller-ID-Number": number}


def create(one: Event) -> Event:
    return {"Event-Name": "CHANNEL_CREATE", **one}


def rings(one: Event) -> Event:
    return {"Event-Name": "CHANNEL_PROGRESS", **one}


def answers(one: Event) -> Event:
    return {"Event-Name": "CHANNEL_ANSWER", **one}


def bridge(one: Event, two: Event) -> Event:
    ids = {"Bridge-A-Unique-ID": one["Unique-ID"], "Bridge-B-Unique-ID": two["Unique-ID"]}
    return {"Event-Name": "CHANNEL_BRIDGE", **one, **ids}


def apart(one: Event) -> Event:
    return {"Event-Name": "CHANNEL_UNBRIDGE", **one}


def ends(one: Event, cause: str = "NORMAL_CLEARING") -> Event:
    return {"Event-Name": "CHANNEL_HANGUP", **one, "Hangup-Cause": cause}


def told(*events: Event) -> list[tuple[str, ...]]:
    following = Correlator()
    heard: Sequence[CallEvent | AgentEvent] = [one for event in events for one in following.feed(event)]
    assert following.calls == ()
    return [_short(one) for one in heard if isinstance(one, CallEvent)]


def _short(one: CallEvent) -> tuple[str, ...]:
    parties: list[Any] = [one.caller, one.target, one.by]
    numbers = [party.number for party in parties if party is not None]
    return (one.kind, *filter(None, [*numbers, one.how, one.reason, one.joins]))


CALLER = leg("a", "139")
FIRST = leg("b", "201", "a")
TALK = [create(CALLER), create(FIRST), rings(FIRST), answers(FIRST), answers(CALLER), bridge(CALLER, FIRST)]
BEGUN = [("begin", "139"), ("ring", "139", "201"), ("ring_end", "139", "201", "answered"), ("answer", "139", "201")]


def test_a_pipe_between_caller_and_telephone() -> None:
    near = leg("p", "201", "a", "loopback/201-a")
    far = leg("q", "139", name="loopback/201-b", **{"variable_other_loopback_leg_uuid": "p"})
    phone = leg("b", "201", "q")
    events = [create(CALLER), create(near), create(far), create(phone), rings(phone), answers(phone), answers(near)]
    events += [
        bridge(far, phone),
        answers(CALLER),
        bridge(CALLER, near),
        ends(CALLER),
        ends(near),
        ends(far),
        ends(phone),
    ]
    assert told(*events) == [*BEGUN, ("hangup", "139", "completed")]


def test_consulting_within_the_call() -> None:
    """The application att_xfer: the one who talks rings another, and leaves."""
    other = leg("c", "202", "b")
    events = [*TALK, create(other), rings(other), answers(other), bridge(FIRST, other), apart(FIRST)]
    events += [bridge(CALLER, other), ends(FIRST), ends(CALLER), ends(other)]
    assert told(*events) == [
        *BEGUN,
        ("ring", "139", "202"),
        ("ring_end", "139", "202", "answered"),
        ("transfer", "139", "202", "201", "attended"),
        ("hangup", "139", "completed"),
    ]


def test_a_caller_passed_on_while_the_other_still_rings() -> None:
    asks, other = leg("d", "201"), leg("c", "202", "d")
    events = [*TALK, create(asks), create(other), rings(other), ends(asks, "ATTENDED_TRANSFER"), answers(other)]
    events += [bridge(CALLER, other), ends(FIRST, "ATTENDED_TRANSFER"), ends(CALLER), ends(other)]
    assert told(*events) == [
        *BEGUN,
        ("begin", "201"),
        ("ring", "201", "202"),
        ("ring_end", "201", "202", "answered"),
        ("transfer", "139", "202", "201", "blonde", "d"),
        ("answer", "139", "202"),
        ("hangup", "139", "completed"),
    ]


def test_a_caller_who_passes_on_the_one_called() -> None:
    """One of us who called out passes the customer on, and leaves: the customer is the caller from then on."""
    other = leg("c", "202", "b")
    passing = {
        "Event-Name": "CHANNEL_EXECUTE",
        **FIRST,
        "variable_transfer_source": "1763780700:x:bl_xfer:202/default/XML",
    }
    events = [
        *TALK,
        apart(CALLER),
        passing,
        ends(CALLER, "BLIND_TRANSFER"),
        create(other),
        rings(other),
        answers(other),
    ]
    events += [bridge(FIRST, other), ends(FIRST), ends(other)]
    assert told(*events) == [
        *BEGUN,
        ("transfer", "201", "202", "139", "blind"),
        ("ring", "201", "202"),
        ("ring_end", "201", "202", "answered"),
        ("answer", "201", "202"),
        ("hangup", "201", "completed"),
    ]
