"""What happened in the recorded calls is what their expectations say: who was rung, who talked, who passed on whom."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from crmcore_callcenter.asterisk.correlating import Correlator
from crmcore_callcenter.asterisk.recordings import read
from crmcore_callcenter.asterisk.wire import Frames
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party

from crmcore.api import InvalidInput, Rejection, Source

FOLDER = Path(__file__).parents[4].parent / "shared" / "realworld" / "telephony"
EXPECTED = json.loads((FOLDER / "expect.json").read_text()) if FOLDER.is_dir() else {}
RECORDED = sorted(name for name, told in EXPECTED.items() if told["expect"].get("type") == "ami-json")
WRITTEN = sorted(name for name in EXPECTED if name.startswith("gawel_panoramisk/"))

pytestmark = pytest.mark.skipif(not EXPECTED, reason="the folder of real files is not beside the project")

ENDINGS = {"answered": "answer", "busy": "busy", "cancelled": "cancel"}


def heard(name: str) -> list[CallEvent]:
    """What a recording tells of calls."""
    following = Correlator()
    told = [one for message in json.loads((FOLDER / name).read_text()) for one in following.feed(message)]
    assert following.calls == ()
    return [one for one in told if isinstance(one, CallEvent)]


def theirs(events: Sequence[CallEvent]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Our events in the words of the expectations, which say less in five places.

    They have no word for a call's begin; none for a telephone that stops ringing because another was taken up or the
    waiting caller gave up; one word for a blind transfer and the ringing it leads to; none for the end of ringing in
    calls that the server makes; and none for the end of such a call that called nobody.
    """
    begun = {one.call for one in events if one.kind == "begin"}
    made = {one.call for one in events if one.kind == "begin" and one.direction == "out"}
    gave_up = {one.call for one in events if one.kind == "abandon"}
    passed = ""
    for one in events:
        if one.kind == "begin" or one.call not in begun or (one.call in made and one.kind == "ring_end"):
            continue
        if one.kind == "ring_end" and (
            one.reason == "elsewhere" or (one.call in gave_up and one.reason == "cancelled")
        ):
            continue
        targets = list(_targets(one))
        if one.kind == "ring" and passed == targets[0]["uniqueid"]:
            passed = ""
            continue
        if one.how == "blind":
            passed = targets[0]["uniqueid"]
        yield from _word(one, targets)


def _word(one: CallEvent, targets: list[dict[str, str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    caller = {**_party(one.caller, one.details["caller_uniqueid"]), "exten": one.dialled}
    if one.kind == "ring":
        yield "on_b_dial", {"caller": caller, "targets": targets}
    elif one.kind == "ring_end":
        yield "on_b_dial_end", {"caller": caller, "targets": targets, "reason": ENDINGS[one.reason]}
    elif one.kind == "answer":
        yield "on_up", {"caller": caller, "target": targets[0]}
    elif one.kind == "transfer":
        to = {"target": targets[0]} if one.how == "attended" else {"targets": targets}
        by = _party(one.by, one.details["by_uniqueid"])
        yield f"on_{one.how}_transfer", {"caller": caller, "transferer": by, **to}
    elif one.kind == "abandon":
        yield "on_queue_caller_abandon", {"caller": caller}
    elif one.kind == "hangup":
        yield "on_hangup", {"caller": caller, "reason": one.reason}


def _targets(one: CallEvent) -> Iterator[dict[str, str]]:
    if one.target is not None:
        names = one.details.get("targets", one.target.device).split()
        for name, uid in zip(names, one.details["target_uniqueid"].split(), strict=True):
            yield {"channel": name, "uniqueid": uid, "caller_num": one.target.number}


def _party(party: Party | None, uid: str) -> dict[str, str]:
    assert party is not None
    return {"channel": party.device, "uniqueid": uid, "caller_num": party.number}


def _expected(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The expectations, without what a channel shows besides its number (linked id, account, other side)."""
    for kind, told in EXPECTED[name]["expect"].get("call_detail", ()):
        yield kind, {role: _short(role, value) for role, value in told.items()}


def _short(role: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_short(role, one) for one in value]
    if isinstance(value, str):
        return value
    kept = ("channel", "uniqueid", "caller_num", *(("exten",) if role == "caller" else ()))
    return {name: value[name] for name in kept}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_calls_are_told_as_expected(name: str) -> None:
    assert list(theirs(heard(name))) == list(_expected(name))


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_call_is_one_call_whatever_its_channels(name: str) -> None:
    events = heard(name)
    ended = [one.call for one in events if one.kind == "hangup"]
    joined = [one.joins for one in events if one.joins]
    begun = [one.call for one in events if one.kind == "begin"]
    assert len(ended) == 1
    if begun:
        assert sorted(begun) == sorted(ended + joined)
        assert len(begun) == EXPECTED[name]["expect"]["linkedids"]
    assert all(one.at is not None for one in events)
    channels = {message["Uniqueid"] for message in json.loads((FOLDER / name).read_text()) if "Uniqueid" in message}
    assert channels <= {uid for one in events for uid in (one.call, *one.ids)}


def test_a_call_that_called_nobody_is_none() -> None:
    """The system rang one of us, who did not accept: its end is told, for who asked for the call."""
    path = FOLDER / "VoIPGRID_cacofonisk" / "originate" / "cmn-world-world-unaccepted.json"
    (end,) = heard(str(path.relative_to(FOLDER)))
    assert (end.kind, end.reason, end.details["called"]) == ("hangup", "no-answer", "nobody")
    (refused,) = read(Source(path=path))
    assert isinstance(refused, Rejection)
    assert "nobody was called" in refused.reason


def test_each_file_of_a_recording_is_one_call() -> None:
    for name in RECORDED:
        told = list(read(Source(path=FOLDER / name)))
        assert [type(one) for one in told] == [Rejection if "unaccepted" in name else Heard]


@pytest.mark.parametrize("name", WRITTEN)
def test_written_messages_are_all_read(name: str) -> None:
    frames = Frames()
    read = [one.fields for one in [*frames.feed((FOLDER / name).read_bytes()), *frames.close()]]
    expected = EXPECTED[name]["expect"]
    assert Counter(one["Response"] for one in read if "Response" in one) == expected["responses"]
    events = Counter(one["Event"] for one in read if "Event" in one)
    assert events == {
        name: count for name, count in expected["event_lines"].items() if name not in ("Start", "End", "Begin", "User")
    }


def test_a_session_of_another_interface_is_framed_and_refused() -> None:
    path = FOLDER / "asterisk-java_asterisk-java" / "NlStreamReaderFast273316816601633219.txt"
    expected = EXPECTED[f"{path.parent.name}/{path.name}"]["expect"]
    frames = Frames()
    variables, replies = [*frames.feed(path.read_bytes()), *frames.close()]
    assert sum(name.startswith("agi_") for name in variables.fields) == expected["agi_variables"]
    assert replies.raw.count("200 result=") == expected["replies"]
    with pytest.raises(InvalidInput):
        list(read(Source(path=path)))
