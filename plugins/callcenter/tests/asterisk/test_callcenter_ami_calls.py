"""What happened to calls, told from the messages of Asterisk's Manager Interface."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crmcore_callcenter.asterisk.correlating import Correlator
from crmcore_callcenter.asterisk.wire import Frames
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parents[1] / "data" / "ami"
REAL = Path(__file__).parents[4].parent / "shared" / "realworld" / "telephony" / "VoIPGRID_cacofonisk"

Messages = Sequence[dict[str, str]]


def written(name: str) -> Messages:
    return [dict(one.fields) for one in Frames().feed((DATA / name).read_bytes())]


def said(following: Correlator, messages: Messages) -> list[CallEvent | AgentEvent]:
    return [one for message in messages for one in following.feed(message)]


def short(events: Sequence[Any]) -> list[tuple[str, ...]]:
    """Events by their kind, the target's number, and what else there is to them."""
    return [
        (one.kind, *filter(None, [one.target.number if one.target else "", one.how, one.reason, one.queue]))
        for one in events
        if isinstance(one, CallEvent)
    ]


RECORDED: dict[str, Messages] = {name: written(name) for name in ("queue.ami", "asterisk11.txt")}
RECORDED |= {path.name: json.loads(path.read_text()) for path in sorted(REAL.rglob("*.json"))}


def test_a_call_in_a_queue() -> None:
    events = said(Correlator(), RECORDED["queue.ami"])
    assert short(events) == [
        ("begin",),
        ("queue", "support"),
        ("ring", "201", "support"),
        ("ring", "202", "support"),
        ("ring_end", "202", "answered", "support"),
        ("ring_end", "201", "elsewhere", "support"),
        ("answer", "202", "support"),
        ("recording",),
        ("hold",),
        ("resume",),
        ("hold",),
        ("resume",),
        ("hangup", "completed"),
    ]
    calls = [one for one in events if isinstance(one, CallEvent)]
    assert {one.call for one in calls} == {"1763780410.10"}
    assert len({one.key for one in calls}) == len(calls)
    begin, answer, end = calls[0], calls[6], calls[-1]
    assert (begin.caller.number, begin.caller.name, begin.dialled) == ("13912345678", "张伟", "4008001234")  # type: ignore[union-attr]
    assert (answer.target.agent, answer.target.device) == ("Li Wei", "PJSIP/202-0000000c")  # type: ignore[union-attr]
    assert calls[7].url.endswith("support-1763780410.10.wav")
    assert begin.at == datetime(2025, 11, 22, 3, 0, 10, 201000, UTC)
    assert answer.at is not None
    assert end.at is not None
    assert round((end.at - answer.at).total_seconds()) == 70
    agents = [(one.agent, one.state, one.queue, one.reason) for one in events if isinstance(one, AgentEvent)]
    assert agents == [
        ("王芳", "available", "support", ""),
        ("Li Wei", "available", "support", ""),
        ("Li Wei", "paused", "support", "午餐"),
        ("王芳", "offline", "support", ""),
    ]


def test_calls_of_asterisk_11() -> None:
    events = said(Correlator(), RECORDED["asterisk11.txt"])
    assert short(events) == [
        ("begin",),
        ("ring", "301"),
        ("ring_end", "301", "answered"),
        ("answer", "301"),
        ("hold",),
        ("resume",),
        ("hangup", "completed"),
        ("begin",),
        ("ring", "301"),
        ("ring_end", "301", "busy"),
        ("hangup", "busy"),
    ]


def channel(
    uid: str, name: str, state: str = "6", number: str = "", exten: str = "", linked: str = ""
) -> dict[str, str]:
    return {
        "Uniqueid": uid,
        "Channel": name,
        "ChannelState": state,
        "CallerIDNum": number,
        "Exten": exten,
        "Linkedid": linked or uid,
    }


def dest(fields: dict[str, str]) -> dict[str, str]:
    return {"Dest" + name: value for name, value in fields.items()}


CALLER = channel("9.1", "PJSIP/trunk-1", "4", "13900000001", "400")
RUNG = channel("9.2", "PJSIP/201-2", "0", "201", "s", "9.1")
TALK: Messages = [
    {"Event": "Newchannel", **CALLER},
    {"Event": "Newchannel", **RUNG},
    {"Event": "DialBegin", **CALLER, **dest(RUNG)},
    {"Event": "Newstate", **RUNG, "ChannelState": "5"},
    {"Event": "Newstate", **RUNG, "ChannelState": "6"},
    {"Event": "DialEnd", **CALLER, **dest({**RUNG, "ChannelState": "6"}), "DialStatus": "ANSWER"},
    {"Event": "Newstate", **CALLER, "ChannelState": "6"},
    {"Event": "BridgeEnter", **RUNG, "ChannelState": "6", "BridgeUniqueid": "b1"},
    {"Event": "BridgeEnter", **CALLER, "ChannelState": "6", "BridgeUniqueid": "b1"},
]


def test_a_caller_fetched_from_a_parking_place_is_one_call() -> None:
    """Two calls that meet in a bridge without a transfer: the one who fetches answers the one who waits."""
    following = Correlator()
    said(following, TALK)
    parked = {**CALLER, "ChannelState": "6"}
    fetcher = channel("9.9", "PJSIP/202-9", "4", "202", "701")
    rest = said(
        following,
        [
            {"Event": "BridgeEnter", **parked, "BridgeUniqueid": "lot", "BridgeTechnology": "holding_bridge"},
            {"Event": "BridgeLeave", **parked, "BridgeUniqueid": "b1"},
            {"Event": "Hangup", **RUNG, "ChannelState": "6", "Cause": "16"},
            {"Event": "Newchannel", **fetcher},
            {"Event": "Newstate", **fetcher, "ChannelState": "6"},
            {"Event": "BridgeEnter", **fetcher, "ChannelState": "6", "BridgeUniqueid": "b2"},
            {"Event": "BridgeEnter", **parked, "BridgeUniqueid": "b2"},
            {"Event": "UnParkedCall", **parked, "Parkinglot": "default"},
            {"Event": "Hangup", **parked, "Cause": "16"},
            {"Event": "Hangup", **fetcher, "ChannelState": "6", "Cause": "16"},
        ],
    )
    assert short(rest) == [("begin",), ("answer", "202"), ("hangup", "completed")]
    assert [one.joins for one in rest if isinstance(one, CallEvent)] == ["", "9.9", ""]


def test_consulting_by_the_keys_of_the_telephone() -> None:
    """Asterisk's own attended transfer: a pipe leads from the one who passes on to the new one, within the call."""
    near, far = (
        channel("9.3", "Local/202@in-1;1", "0", linked="9.1"),
        channel("9.4", "Local/202@in-1;2", "4", linked="9.1"),
    )
    phone, caller, rung = (
        channel("9.5", "PJSIP/202-5", "0", "202", "s", "9.1"),
        *({**one, "ChannelState": "6"} for one in (CALLER, RUNG)),
    )
    up = {**phone, "ChannelState": "6"}
    bridges = [(rung, "c1"), (near, "c1"), (up, "c2"), (far, "c2")]
    events = said(
        Correlator(),
        [
            *TALK,
            {"Event": "BridgeLeave", **rung, "BridgeUniqueid": "b1"},
            {"Event": "Newchannel", **near},
            {"Event": "Newchannel", **far},
            {"Event": "Newchannel", **phone},
            {"Event": "DialBegin", **far, **dest(phone)},
            {"Event": "Newstate", **phone, "ChannelState": "5"},
            {"Event": "Newstate", **up},
            *({"Event": "BridgeEnter", **one, "ChannelState": "6", "BridgeUniqueid": name} for one, name in bridges),
            {
                "Event": "AttendedTransfer",
                "Result": "Success",
                "DestType": "Bridge",
                **{"OrigTransferer" + name: value for name, value in rung.items()},
                **{"SecondTransferer" + name: value for name, value in near.items()},
                **{"Transferee" + name: value for name, value in caller.items()},
                **{"TransferTarget" + name: value for name, value in up.items()},
            },
            {"Event": "BridgeEnter", **caller, "BridgeUniqueid": "c2"},
            *({"Event": "Hangup", **one, "Cause": "16"} for one in (rung, near, far, caller, up)),
        ],
    )
    assert short(events)[4:] == [
        ("ring", "202"),
        ("ring_end", "202", "answered"),
        ("transfer", "202", "attended"),
        ("hangup", "completed"),
    ]
    passed = next(one for one in events if isinstance(one, CallEvent) and one.kind == "transfer")
    assert (passed.by, passed.caller) != (None, None)
    assert [party.number for party in (passed.by, passed.caller) if party] == ["201", "13900000001"]


def test_what_is_alive_after_a_silence() -> None:
    following = Correlator()
    said(following, TALK[:4])
    up = [{**CALLER, "ChannelState": "6", "BridgeID": "b1"}, {**RUNG, "ChannelState": "6", "BridgeID": "b1"}]
    other = channel("9.5", "PJSIP/trunk-5", "4", "13900000005", "400")
    other_rung = channel("9.6", "PJSIP/202-6", "5", "202", "s", "9.5")
    now = datetime(2025, 11, 22, 4, tzinfo=UTC)
    missed = following.snapshot([*up, other, other_rung], now)
    assert short(missed) == [("begin",), ("ring_end", "201", "answered"), ("ring", "202"), ("answer", "201")]
    assert following.calls == ("9.1", "9.5")
    assert following.snapshot([*up, other, other_rung], now) == []
    # what was learnt so has the keys of what would have been heard
    heard = said(Correlator(), TALK)
    assert {one.key for one in missed if one.call == "9.1"} <= {one.key for one in heard if isinstance(one, CallEvent)}
    gone = following.snapshot([], now)
    assert [(one.call, one.reason, one.key, one.at) for one in gone if one.kind == "hangup"] == [
        ("9.1", "unknown", "gone 9.1", None),
        ("9.5", "unknown", "gone 9.5", None),
    ]
    assert following.calls == ()
    assert said(following, TALK) == []


PHONE = channel("9.1", "PJSIP/201-1", "0", "201", "s")
OURS: Messages = [
    {"Event": "Newchannel", **PHONE},
    {"Event": "DialBegin", **dest(PHONE)},
    {"Event": "Newstate", **PHONE, "ChannelState": "5"},
]


def test_calls_that_the_system_makes() -> None:
    """Click-to-call straight to a telephone: that nobody called where our own does not take it up."""
    refused = {"Event": "Hangup", **PHONE, "ChannelState": "5", "Cause": "19"}
    (end,) = said(Correlator(), [*OURS, refused])
    assert isinstance(end, CallEvent)
    assert (end.kind, end.reason, end.call) == ("hangup", "no-answer", "9.1")
    up, called = {**PHONE, "ChannelState": "6"}, channel("9.2", "PJSIP/trunk-2", "0", "13900000001", "s", "9.1")
    busy = [
        {"Event": "Newstate", **up},
        {"Event": "Newchannel", **called},
        {"Event": "DialBegin", **up, **dest(called)},
        {"Event": "DialEnd", **up, **dest(called), "DialStatus": "BUSY"},
        {"Event": "Hangup", **called, "Cause": "17"},
        {"Event": "Hangup", **up, "Cause": "17"},
    ]
    begin, end = said(Correlator(), [*OURS, *busy])
    assert isinstance(begin, CallEvent)
    assert isinstance(end, CallEvent)
    assert (begin.kind, begin.direction, begin.dialled, end.reason) == ("begin", "out", "13900000001", "busy")
    assert begin.details["at"] == "about"


def test_what_ended_is_not_kept() -> None:
    following = Correlator()
    for number in range(300):
        for message in RECORDED["asterisk11.txt"]:
            text = json.dumps(message).replace("1400000", f"1{number:06}")
            following.feed(json.loads(text))
    assert following.calls == ()
    kept = following._follow
    assert [kept.switch.channels, kept.telling.calls, kept.switch._bridges, kept.switch._names] == [{}, {}, {}, {}]


@given(st.data(), st.sampled_from(sorted(RECORDED)))
@settings(max_examples=80, deadline=None)
def test_messages_told_twice_change_nothing(data: st.DataObject, name: str) -> None:
    messages = RECORDED[name]
    once = said(Correlator(), messages)
    end = data.draw(st.integers(0, len(messages)))
    start = data.draw(st.integers(0, end)) if "Timestamp" in messages[-1] else 0
    assert said(Correlator(), [*messages[:end], *messages[start:]]) == once
    assert said(Correlator(), [*messages, *messages]) == once
    assert said(Correlator(), [one for one in messages for _twice in range(2)]) == once


NAMES = sorted({name for messages in RECORDED.values() for message in messages for name in message})
VALUES = sorted({value for messages in RECORDED.values() for message in messages for value in message.values()})
WILD = st.dictionaries(st.sampled_from(["Event", *NAMES]), st.sampled_from(VALUES) | st.text(max_size=5), max_size=25)


@given(st.data(), st.sampled_from(sorted(RECORDED)))
@settings(max_examples=60, deadline=None)
def test_no_messages_in_any_order_make_it_fail(data: st.DataObject, name: str) -> None:
    messages = list(data.draw(st.permutations(RECORDED[name][:60])))
    following = Correlator()
    for message in [*messages, *data.draw(st.lists(WILD, max_size=10))]:
        following.feed(message, datetime(2025, 1, 1, tzinfo=UTC))
    following.snapshot(data.draw(st.lists(WILD, max_size=5)))
