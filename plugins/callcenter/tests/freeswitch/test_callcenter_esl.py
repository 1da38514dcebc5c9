"""What happened to calls, told from FreeSWITCH's event socket; `calls.esl` holds six calls as they were sent."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from crmcore_callcenter.freeswitch.correlating import Correlator
from crmcore_callcenter.freeswitch.events import read, sniff
from crmcore_callcenter.freeswitch.wire import LONGEST_BODY, LONGEST_HEAD, Frame, Frames, command
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent, Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "esl"
REAL = Path(__file__).parents[4].parent / "shared" / "realworld" / "telephony"
STREAM = (DATA / "calls.esl").read_bytes()
EVENTS = [dict(one.event) for one in Frames().feed(STREAM) if one.event]


def cut(data: bytes, places: list[int]) -> list[Frame]:
    frames = Frames()
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [*(one for start, end in pairwise(edges) for one in frames.feed(data[start:end])), *frames.close()]


def said(following: Correlator, events: Sequence[dict[str, str]]) -> list[CallEvent | AgentEvent]:
    return [one for event in events for one in following.feed(event)]


def short(events: Sequence[Any], call: str = "") -> list[tuple[str, ...]]:
    """Events by their kind, the target's number, and what else there is to them."""
    return [
        (one.kind, *filter(None, [one.target.number if one.target else "", one.how, one.reason, one.queue, one.joins]))
        for one in events
        if isinstance(one, CallEvent) and call in ("", one.call)
    ]


CALLS: dict[str, list[tuple[str, ...]]] = {
    "a1": [
        ("begin",),
        ("ring", "201"),
        ("ring", "202"),
        ("ring_end", "202", "answered"),
        ("ring_end", "201", "elsewhere"),
        ("answer", "202"),
        ("recording",),
        ("hold",),
        ("resume",),
        ("hangup", "completed"),
    ],
    "a2": [
        ("begin",),
        ("queue", "support@default"),
        ("ring", "202", "support@default"),
        ("abandon", "support@default"),
        ("ring_end", "202", "cancelled", "support@default"),
        ("hangup", "completed"),
    ],
    "a3": [
        ("begin",),
        ("ring", "201"),
        ("ring_end", "201", "answered"),
        ("answer", "201"),
        ("hold",),
        ("transfer", "202", "attended", "a4"),
        ("hangup", "completed"),
    ],
    "a4": [("begin",), ("ring", "202"), ("ring_end", "202", "answered"), ("answer", "202")],
    "a5": [
        ("begin",),
        ("ring", "201"),
        ("ring_end", "201", "answered"),
        ("answer", "201"),
        ("transfer", "203", "blind"),
        ("ring", "203"),
        ("ring_end", "203", "no-answer"),
        ("hangup", "no-answer"),
    ],
    "c1": [
        ("begin",),
        ("ring", "13700000001"),
        ("ring_end", "13700000001", "answered"),
        ("answer", "13700000001"),
        ("hangup", "completed"),
    ],
    "a6": [
        ("begin",),
        ("ring", "201"),
        ("ring_end", "201", "elsewhere"),
        ("answer", "203", "a7"),
        ("hangup", "completed"),
    ],
    "a7": [("begin",)],
}


@pytest.mark.parametrize("call", CALLS)
def test_calls_are_told(call: str) -> None:
    assert short(said(Correlator(), EVENTS), call) == CALLS[call]


TRANSFERS = {
    "d1": "begin, ring 201, ring_end 201 answered, answer 201, hold, resume, hold, resume, hangup completed",
    "d2": "begin, hangup busy",
    "d3": "begin, ring 203, ring_end 203 cancelled, hangup cancelled",
    "d4": "begin, ring 201, ring_end 201 answered, answer 201, ring 202, ring_end 202 answered,"
    " transfer 202 attended, hangup completed",
    "d5": "begin, ring 201, ring_end 201 answered, answer 201, hold, transfer 202 blonde g5, answer 202,"
    " hangup completed",
    "g5": "begin, ring 202, ring_end 202 answered",
    "d6": "begin, ring 201, ring_end 201 answered, answer 201, transfer 203 blind, ring 203, ring_end 203 answered,"
    " answer 203, hangup completed",
    "d7": "begin, ring 13600000007, ring_end 13600000007 answered, answer 13600000007, transfer 202 blind, ring 202,"
    " ring_end 202 answered, answer 202, hangup completed",
    "d8": "begin, queue support@default, ring 201 support@default, ring_end 201 no-answer support@default,"
    " ring 202 support@default, ring_end 202 answered support@default, answer 202 support@default, hangup completed",
    "d9": "begin, queue support@default, hangup completed",
    "d10": "begin, ring 202, ring_end 202 answered, answer 202, hangup completed",
    "c3": "hangup no-answer",
    "c4": "begin, hangup busy",
}
"""Holding, given up while it rings, every kind of transfer, queues, a pipe, calls the system makes: `transfers.esl`."""


def test_transfers_are_told() -> None:
    events = [dict(one.event) for one in Frames().feed((DATA / "transfers.esl").read_bytes()) if one.event]
    told = said(Correlator(), events)
    assert {one.call: ", ".join(map(" ".join, short(told, one.call))) for one in told} == TRANSFERS  # type: ignore[union-attr]


def test_parties_times_and_agents() -> None:
    following = Correlator("pbx-2")
    events = said(following, EVENTS)
    assert following.calls == ()
    calls = [one for one in events if isinstance(one, CallEvent)]
    assert {one.call for one in calls} == set(CALLS)
    assert {(one.system, one.source) for one in events} == {("pbx-2", "esl")}
    first = {one.call: one for one in reversed(calls)}
    assert (first["a1"].caller.number, first["a1"].caller.name, first["a1"].dialled) == (
        "13912345678",
        "张伟",
        "4008001234",
    )  # type: ignore[union-attr]
    assert first["a1"].at == datetime(2025, 11, 22, 3, tzinfo=UTC)
    assert (first["c1"].direction, first["c1"].caller.number) == ("out", "201")  # type: ignore[union-attr]
    ring = next(one for one in calls if one.call == "a2" and one.kind == "ring")
    assert (ring.target.agent, ring.caller.number) == ("202@pbx", "+442079460000")  # type: ignore[union-attr]
    passed = {one.call: (one.by.number, one.caller.number, one.dialled) for one in calls if one.kind == "transfer"}  # type: ignore[union-attr]
    assert passed == {"a3": ("201", "13800000003", "202"), "a5": ("201", "13800000005", "203")}
    assert [one.url for one in calls if one.url] == ["/var/lib/freeswitch/recordings/a1.wav"]
    agents = [(one.agent, one.state) for one in events if isinstance(one, AgentEvent)]
    assert agents == [("202@pbx", "available"), ("202@pbx", "paused")]


@given(st.lists(st.integers(0, 10**6), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_cutting_gives_the_same_messages(places: list[int]) -> None:
    assert cut(STREAM, places) == cut(STREAM, [])


PARTS = [
    b"Content-Length: 12",
    b"Content-Type: text/event-plain",
    b"Content-Type: text/event-json",
    b"\n",
    b"\n\n",
    b"\r",
]
PARTS += [b"Event-Name: X", b'{"Event-Name": "X"}', b"%E9%00", b"\xff", b"junk", b": ", b"Content-Length: -1"]


@given(st.lists(st.sampled_from(PARTS), max_size=30), st.lists(st.integers(0, 10**6), max_size=10))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_framed_without_failing_and_alike(parts: list[bytes], places: list[int]) -> None:
    data = b"".join(parts)
    assert cut(data, places) == cut(data, [])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_events_told_twice_change_nothing(data: st.DataObject) -> None:
    once = said(Correlator(), EVENTS)
    end = data.draw(st.integers(0, len(EVENTS)))
    start = data.draw(st.integers(0, end))
    assert said(Correlator(), [*EVENTS[:end], *EVENTS[start:]]) == once
    bare = [{name: value for name, value in one.items() if name != "Event-Sequence"} for one in EVENTS]
    assert said(Correlator(), [*bare[:end], *bare]) == once


WILD = st.dictionaries(
    st.sampled_from(sorted({name for one in EVENTS for name in one})),
    st.sampled_from(sorted({value for one in EVENTS for value in one.values()})) | st.text(max_size=4),
    max_size=15,
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_events_in_any_order_make_it_fail(data: st.DataObject) -> None:
    following = Correlator()
    start = data.draw(st.integers(0, len(EVENTS)))
    for event in [*data.draw(st.permutations(EVENTS[start : start + 60])), *data.draw(st.lists(WILD, max_size=10))]:
        following.feed(event, datetime(2025, 1, 1, tzinfo=UTC))
    following.snapshot(data.draw(st.lists(WILD, max_size=5)))


def row(uid: str, direction: str, number: str, state: str, call: str = "") -> dict[str, str]:
    """A row of `show channels as json`."""
    return {
        "uuid": uid, "direction": direction, "created_epoch": "1763780400", "name": f"sofia/internal/{number}@pbx",
        "cid_num": number, "dest": number if direction == "outbound" else "400", "callee_num": number,
        "callstate": state, "call_uuid": call or uid,
    }  # fmt: skip


def test_what_is_alive_after_a_silence() -> None:
    following = Correlator()
    said(following, EVENTS[:5])
    rung = [("b2", "201", "RINGING", "a1"), ("b9", "202", "RINGING", "a9")]
    rows = [row("a1", "inbound", "13912345678", "ACTIVE"), row("a9", "inbound", "13900000009", "RINGING")]
    rows += [row(uid, "outbound", number, state, call) for uid, number, state, call in rung]
    rows[2]["callstate"] = "ACTIVE"
    now = datetime(2025, 11, 22, 4, tzinfo=UTC)
    missed = following.snapshot(rows, now)
    assert short(missed, "a1") == [("ring_end", "202", "answered"), ("ring_end", "201", "elsewhere"), ("answer", "202")]
    assert short(missed, "a9") == [("begin",), ("ring", "202")]
    assert next(one.at for one in missed if one.key == "begin a9") == datetime(2025, 11, 22, 3, tzinfo=UTC)
    assert following.snapshot(rows, now) == []
    gone = following.snapshot([], now)
    assert [(one.key, one.reason, one.at) for one in gone if one.kind == "hangup"] == [
        ("gone a1", "unknown", None),
        ("gone a9", "unknown", None),
    ]
    assert said(following, EVENTS[:5]) == []


def test_other_messages_and_damage() -> None:
    reply, event, answer = Frames().feed(
        b"Content-Type: command/reply\nReply-Text: +OK%20accepted\n\n"
        b'Content-Type: text/event-json\nContent-Length: 41\n\n{"Event-Name": "X", "n": 1, "_body": "y"}'
        b"Content-Type: api/response\nContent-Length: 4\n\n+OK\n"
    )
    assert (reply.headers["Reply-Text"], dict(reply.event)) == ("+OK%20accepted", {})
    assert event.event == {"Event-Name": "X", "n": "1", "_body": "y"}
    assert answer.body == "+OK\n"
    long, after = cut(b"A: " + b"x" * LONGEST_HEAD + b"\n\nContent-Type: auth/request\n\n", [10, 70_000])
    assert "longer than" in long.problem
    assert after.headers == {"Content-Type": "auth/request"}
    size = LONGEST_BODY + 1
    big, after = cut(
        b"Content-Length: %d\n\n" % size + b"x" * size + b"Content-Type: auth/request\n\n", [99, 5_000_000]
    )
    assert "longer than" in big.problem
    assert after.headers == {"Content-Type": "auth/request"}
    (part,) = cut(STREAM[:1500], [])[-1:]
    assert part.problem == "The last message is cut off."
    assert command("api status") == b"api status\n\n"
    assert command("sendmsg a1", {"call-command": "hangup"}) == b"sendmsg a1\ncall-command: hangup\n\n"
    with pytest.raises(InvalidInput):
        command("api status\n\napi fsctl shutdown")


def source(tmp_path: Path, content: bytes) -> Source:
    path = tmp_path / "x.esl"
    path.write_bytes(content)
    return Source(path=path)


def test_recordings_are_read_call_by_call(tmp_path: Path) -> None:
    told = list(read(Source(path=DATA / "calls.esl")))
    heard = [one for one in told if isinstance(one, Heard)]
    assert [{event.call for event in one.events} for one in heard] == [
        {"a1"},
        {"a2"},
        {"a3", "a4"},
        {"a5"},
        {"c1"},
        {"a6", "a7"},
    ]
    assert [one.line for one in told] == sorted({one.line for one in told})
    assert sniff(STREAM[:65536], "x") == 90
    lines = "\n".join(json.dumps(one) for one in EVENTS).encode()
    bare = STREAM.split(b"text/event-plain\n\n", 1)[1].split(b"Content-Length")[0]
    again = list(read(source(tmp_path, lines)))
    assert [one.events for one in again if isinstance(one, Heard)] == [one.events for one in heard]
    assert (sniff(lines[:65536], "x"), sniff(bare, "x")) == (90, 85)
    (cut_off,) = [one for one in read(source(tmp_path, STREAM[:30_000])) if isinstance(one, Rejection)]
    assert cut_off.reason == "The last message is cut off."


@pytest.mark.parametrize("content", [b"", b"a: b\n\nc: d\n", b"[1]", b"Event: Newchannel\nUniqueid: 1\n\n"])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="holds no messages of FreeSWITCH's event socket"):
        list(read(source(tmp_path, content)))
    assert sniff(content, "x") == 0


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not beside the project")
def test_a_real_stream() -> None:
    path = REAL / "friends-of-freeswitch_switchio" / "eventstream2.txt"
    expected = json.loads((REAL / "expect.json").read_text())[f"{path.parent.name}/{path.name}"]["expect"]
    frames = [one for one in cut(path.read_bytes(), []) if not one.problem]
    assert [one.headers["Content-Type"] for one in frames] == expected["content_types"]
    events = [one.event for one in frames if one.event.get("Event-Name")]
    assert [one["Event-Name"] for one in events] == expected["event_names"]
    parked = next(one for one in events if "Unique-ID" in one)
    assert [parked["Unique-ID"]] == expected["unique_ids"]
    assert [parked["Caller-Destination-Number"]] == expected["destination"]
    heard, *rejected = read(Source(path=path))
    assert isinstance(heard, Heard)
    assert [one.caller.number for one in heard.events if one.caller] == expected["caller"]
    assert [one.call for one in heard.events] == expected["unique_ids"]
    assert all(isinstance(one, Rejection) for one in rejected)
