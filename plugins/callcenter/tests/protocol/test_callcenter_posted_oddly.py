"""What telephone systems post that is cut off, empty or odd: one sentence each, and nothing half taken."""

import json
from datetime import datetime

import pytest
from crmcore_callcenter.protocol.events import CallEvent
from crmcore_callcenter.protocol.posting import Refusal, read

NOW = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
BEGIN = {"event": "begin", "call": "c-1", "from": "+8613800000007"}


def told(body):
    return read(body if isinstance(body, bytes) else json.dumps(body).encode(), system="post", now=NOW)


@pytest.mark.parametrize("cut", [1, 100, 40_000])
@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_that_was_cut_off_is_refused_in_one_sentence(cut, indent):
    whole = json.dumps([BEGIN] * 1_000, indent=indent).encode()
    (one,) = told(whole[:-cut])
    assert isinstance(one, Refusal)
    assert one.reasons[0].startswith("This is no JSON: ")


def test_events_one_on_each_line_of_a_list_that_was_cut_off_are_not_half_taken():
    lines = ",\n".join(json.dumps(BEGIN) for _each in range(3))
    (one,) = told(f"[\n{lines}\n".encode())
    assert isinstance(one, Refusal)


def test_a_name_may_hold_what_elsewhere_ends_a_line():
    named = json.dumps({**BEGIN, "from": {"number": "13800000007", "name": "张\u2028伟\x85"}}, ensure_ascii=False)
    first, other = told(f"{named}\r\n{json.dumps({**BEGIN, 'event': 'hangup'})}\n".encode())
    assert (first.caller.name, other.kind) == ("张\u2028伟\x85".strip(), "hangup")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({**BEGIN, "call": " "}, "call"),
        ({**BEGIN, "event": "ring", "target": "\t"}, "target"),
        ({**BEGIN, "event": "answer", "target": {"number": " ", "name": ""}}, "target"),
        ({**BEGIN, "event": "queue", "queue": " "}, "queue"),
        ({"event": "agent", "agent": " ", "state": "paused"}, "agent"),
    ],
)
def test_spaces_name_nothing(event, field):
    (one,) = told(event)
    assert one == Refusal(line=1, reasons=(f"{field}: it is wanted for “{event['event']}”.",))


def test_who_withholds_the_number_calls_all_the_same():
    (one,) = told({**BEGIN, "from": {"number": "", "name": "anonymous"}})
    assert isinstance(one, CallEvent)
    assert one.caller.number == ""
