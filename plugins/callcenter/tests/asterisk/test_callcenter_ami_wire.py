"""Framing of Asterisk's Manager Interface: however the bytes come, the messages are the same."""

from itertools import pairwise
from pathlib import Path

import pytest
from crmcore_callcenter.asterisk.wire import LONGEST, Frame, Frames, action
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.api import InvalidInput

QUEUE = (Path(__file__).parents[1] / "data" / "ami" / "queue.ami").read_bytes()
OLDER = (Path(__file__).parents[1] / "data" / "ami" / "asterisk11.txt").read_bytes()


def cut(data: bytes, places: list[int]) -> list[Frame]:
    frames = Frames()
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [*(one for start, end in pairwise(edges) for one in frames.feed(data[start:end])), *frames.close()]


@given(st.lists(st.integers(0, 10**6), max_size=40), st.sampled_from([QUEUE, OLDER]))
@settings(max_examples=60, deadline=None)
def test_any_cutting_gives_the_same_messages(places: list[int], data: bytes) -> None:
    assert cut(data, places) == cut(data, [])


PARTS = [b"Event: X", b"\r\n", b"\n", b"\r", b": ", b"Response: Follows", b"--END COMMAND--"]
PARTS += [b"\xe9", b"A" * 40, b"\0", b"Asterisk Call Manager/1", b"\x85"]


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.lists(st.integers(0, 10**6), max_size=10))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_framed_without_failing_and_alike(parts: list[bytes], places: list[int]) -> None:
    data = b"".join(parts)
    assert cut(data, places) == cut(data, [])


def test_messages_of_a_connection() -> None:
    frames = cut(QUEUE, [])
    assert frames[0].fields == {"Greeting": "Asterisk Call Manager/9.0.0"}
    assert frames[1].fields == {"Response": "Success", "ActionID": "1", "Message": "Authentication accepted"}
    assert (frames[1].line, frames[2].line) == (2, 6)
    assert [one.fields["MemberName"] for one in frames if one.fields.get("Event") == "QueueMemberAdded"] == [
        "王芳",
        "Li Wei",
    ]
    assert not [one for one in frames if one.problem]


def test_repeated_headers_and_values_over_several_lines_are_kept() -> None:
    (one,) = Frames().feed(b"Event: X\r\nChanVariable: a=1\r\nChanVariable: b=2\r\nNote: one\r\nmore\r\n\r\n")
    assert one.fields == {"Event": "X", "ChanVariable": "a=1\nb=2", "Note": "one\nmore"}


@pytest.mark.parametrize(
    "answer",
    [
        b"Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\nName: x\n\n2 peers\n--END COMMAND--\r\n\r\n",
        b"Response: Success\r\nMessage: Command output follows\r\nActionID: 7\r\nOutput: Name: x\r\nOutput: \r\n"
        b"Output: 2 peers\r\n\r\n",
    ],
)
def test_output_of_commands_of_either_age(answer: bytes) -> None:
    (one,) = Frames().feed(answer)
    assert (one.fields["ActionID"], one.fields["Output"]) == ("7", "Name: x\n\n2 peers")


def test_names_in_other_encodings_do_not_disturb_the_framing() -> None:
    gb = "Event: X\r\nName: 王芳\r\n\r\nEvent: Y\r\n\r\n".encode("gb18030")
    assert [one.fields for one in Frames("gb18030").feed(gb)] == [{"Event": "X", "Name": "王芳"}, {"Event": "Y"}]
    assert [one.fields["Event"] for one in Frames().feed(gb)] == ["X", "Y"]
    assert next(one.fields["CallerIDName"] for one in cut(OLDER, []) if "CallerIDName" in one.fields) == "Zoë"


def test_a_message_too_long_is_said_and_the_next_one_read() -> None:
    data = b"Event: Big\r\nValue: " + b"x" * LONGEST + b"\r\nMore: y\r\n\r\nEvent: Next\r\n\r\n"
    big, after = cut(data, [100, 5000, LONGEST - 3])
    assert "longer than 1048576 bytes" in big.problem
    assert big.raw.startswith("Event: Big")
    assert (after.fields, after.line) == ({"Event": "Next"}, 5)
    assert cut(data, []) == [big, after]


def test_what_the_end_cut_off_is_said_not_lost() -> None:
    whole = cut(b"Event: X\r\nUniqueid: 1.2\r\n", [])
    assert [(one.fields, one.problem) for one in whole] == [({"Event": "X", "Uniqueid": "1.2"}, "")]
    (part,) = cut(b"Event: X\r\nUniqueid: 1", [])
    assert part.problem == "The last message is cut off."
    assert part.raw == "Event: X\nUniqueid: 1"
    (strange,) = cut(b"hello\r\n\r\n", [])
    assert "no headers" in strange.problem


def test_actions_are_written_and_cannot_be_smuggled() -> None:
    written = action("Originate", {"Channel": "PJSIP/201", "Variable": ["a=1", "b=2"]})
    assert written == b"Action: Originate\r\nChannel: PJSIP/201\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n"
    for header, value in [("Exten", "1\r\nAction: Logoff"), ("Exten", "1\n"), ("A\rB", "1"), ("A: B", "1"), ("", "1")]:
        with pytest.raises(InvalidInput, match="line break"):
            action("Originate", {header: value})
    with pytest.raises(InvalidInput):
        action("Ping\r\n", {})
