"""Recordings of Asterisk's Manager Interface, read from files: whole, damaged, and of another kind."""

import json
from pathlib import Path

import pytest
from crmcore_callcenter.asterisk.recordings import read, sniff
from crmcore_callcenter.asterisk.wire import Frames
from crmcore_callcenter.protocol.events import Heard
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput, Rejection, Source

DATA = Path(__file__).parents[1] / "data" / "ami"


def written(name: str) -> list[dict[str, str]]:
    return [dict(one.fields) for one in Frames().feed((DATA / name).read_bytes())]


def source(tmp_path: Path, name: str, content: bytes) -> Source:
    path = tmp_path / name
    path.write_bytes(content)
    return Source(path=path)


def test_recordings_are_read_call_by_call(tmp_path: Path) -> None:
    told = list(read(Source(path=DATA / "asterisk11.txt")))
    assert [(type(one), one.line) for one in told] == [(Heard, 41), (Heard, 162)]
    assert told == list(read(Source(path=DATA / "asterisk11.txt")))
    as_json = json.dumps(written("queue.ami"), ensure_ascii=False, indent=1).encode()
    as_lines = "\n".join(json.dumps(one) for one in written("queue.ami")).encode()
    events = [one.events for one in read(Source(path=DATA / "queue.ami")) if isinstance(one, Heard)]
    for content in (as_json, as_lines, as_json.replace(b"\n", b" ")):
        again = list(read(source(tmp_path, "queue.json", content)))
        assert [one.events for one in again if isinstance(one, Heard)] == events
        lines = [one.line for one in again]
        assert lines == sorted(set(lines))
        assert sniff(content[:65536], "queue.json") == 90
    assert sniff((DATA / "queue.ami").read_bytes(), "x") == 95
    assert sniff(b"From: a@example.com\nEvent: party\n\nHello", "mail.txt") == 0


def test_damaged_recordings_say_where(tmp_path: Path) -> None:
    text = (DATA / "asterisk11.txt").read_bytes()
    damaged = text.replace(b"Event: Newstate\n", b"\nnonsense\n\nEvent: Newstate\n", 1)
    told = list(read(source(tmp_path, "a.txt", damaged[:-20])))
    wrong = [one for one in told if isinstance(one, Rejection)]
    assert [one.line for one in wrong] == [14, 199]
    assert "no headers" in wrong[0].reason
    assert wrong[1].reason == "The last message is cut off."
    assert sum(isinstance(one, Heard) for one in told) == 2
    lines = [json.dumps(one) for one in written("asterisk11.txt")]
    broken = [*lines[:3], lines[3][:-5], "[1, 2]", *lines[4:], lines[0][:30]]
    told = list(read(source(tmp_path, "a.json", "\n".join(broken).encode())))
    wrong = [one for one in told if isinstance(one, Rejection)]
    assert (wrong[0].line, wrong[0].reason) == (4, "This is not a JSON object.")
    assert wrong[-1].reason == "The last message is cut off."


@pytest.mark.parametrize(
    "content", [b"", b"name,phone\nAnn,123\n", b"[1, 2, 3]", b'{"a": 1}', b"\x00\xff" * 500, b"a: b\n" * 9]
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="holds no messages of Asterisk's Manager Interface"):
        list(read(source(tmp_path, "x.txt", content)))
    assert sniff(content, "x.txt") == 0


@given(st.binary(max_size=300) | st.text('[]{}":,Event: x\n\\u', max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_no_file_fails_but_by_our_own_errors(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    try:
        told = list(read(source(tmp_path_factory.mktemp("ami"), "any.json", content)))
    except InvalidInput:
        return
    lines = [one.line for one in told]
    assert lines == sorted(set(lines))
