"""A call follows from its events alone: in whatever order they come, and however often."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from crmcore_callcenter.calls.folding import fold
from crmcore_callcenter.calls.together import facts_of
from crmcore_callcenter.protocol.events import HOW, KINDS, REASONS, CallEvent, Party
from hypothesis import given, settings
from hypothesis import strategies as st

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CALLER = Party(number="+8613800000007")


def event(kind, seconds=None, *, source="ami", call="1", system="asterisk", **more):
    at = None if seconds is None else AT + timedelta(seconds=seconds)
    values = {"key": f"{kind} {seconds}", "caller": CALLER, "dialled": "800", **more}
    return CallEvent(system=system, source=source, call=call, kind=kind, at=at, **values)


def at(number, channel="a", **more):
    return Party(number=number, device=f"PJSIP/{number}-{channel}", **more)


PARTIES = st.none() | st.builds(at, st.sampled_from(["201", "202", "203"]), st.sampled_from("ab"))
EVENTS = st.builds(
    event,
    st.sampled_from(KINDS),
    st.none() | st.integers(0, 20),
    source=st.sampled_from(["ami", "cel", "cdr", "queue-log"]),
    call=st.sampled_from(["1", "2"]),
    key=st.integers(0, 10**6).map(str),
    target=PARTIES,
    by=PARTIES,
    caller=PARTIES,
    how=st.sampled_from(["", *HOW]),
    reason=st.sampled_from(["", *REASONS]),
    queue=st.sampled_from(["", "sales", "service"]),
    joins=st.sampled_from(["", "", "", "2"]),
    url=st.sampled_from(["", "https://pbx.example/1.wav"]),
)


@given(st.lists(EVENTS, min_size=1, max_size=14, unique_by=lambda one: (one.source, one.call, one.key)), st.randoms())
@settings(max_examples=300, deadline=None)
def test_any_order_and_any_repetition_gives_the_same_facts(events, chance):
    shuffled = events + chance.choices(events, k=chance.randrange(5))
    chance.shuffle(shuffled)
    facts = facts_of(events)
    assert facts_of(shuffled) == facts
    assert fold([one for one in shuffled if one.source == events[0].source]) == fold(
        [one for one in events if one.source == events[0].source]
    )
    assert facts.answered == any(leg.answered for leg in facts.legs)
    assert not (facts.abandoned and facts.answered)
    assert facts.ended or (facts.seconds is None and facts.talk_seconds is None)
    assert all(value is None or value >= 0 for value in (facts.seconds, facts.talk_seconds, facts.hold_seconds))


def test_no_events_are_no_call():
    with pytest.raises(ValueError, match="no events"):
        fold([])


def test_one_of_several_telephones_answers():
    facts = fold(
        [
            event("begin", 0),
            event("ring", 1, target=at("201")),
            event("ring", 1, target=at("202"), key="ring 2"),
            event("ring", 1, target=at("203"), key="ring 3"),
            event("ring_end", 5, target=at("203"), reason="rejected"),
            event("answer", 9, target=at("202")),
            event("hold", 12),
            event("resume", 14),
            event("hangup", 39, reason="completed"),
        ]
    )
    assert [(leg.party.number, leg.answered, leg.reason) for leg in facts.legs] == [
        ("201", False, "elsewhere"),
        ("202", True, "completed"),
        ("203", False, "rejected"),
    ]
    assert (facts.seconds, facts.talk_seconds, facts.hold_seconds) == (39, 30, 2)


def test_a_telephone_that_is_taken_up_without_accepting_does_not_talk():
    facts = fold(
        [
            event("begin", 0),
            event("ring", 1, target=at("201")),
            event("ring_end", 4, target=at("201"), reason="answered"),
            event("hangup", 9, reason="no-answer"),
        ]
    )
    assert (facts.answered, facts.reason, facts.talk_seconds) == (False, "no-answer", 0)


def test_a_blind_transfer_to_several_who_wait_in_between():
    facts = fold(
        [
            event("begin", 0),
            event("ring", 1, target=at("201")),
            event("answer", 3, target=at("201")),
            event("transfer", 13, how="blind", by=at("201"), target=Party(number="401")),
            event("ring", 14, target=at("202")),
            event("ring", 14, target=at("203"), key="r3"),
            event("answer", 20, target=at("203")),
            event("hangup", 30, reason="completed"),
        ]
    )
    assert [(leg.party.number, leg.transfer) for leg in facts.legs if leg.answered] == [("201", ""), ("203", "blind")]
    assert (facts.transfers, facts.talk_seconds, facts.legs[0].ended_at) == (1, 20, AT + timedelta(seconds=13))


def test_where_no_source_gives_times_the_keys_say_the_order():
    names = ("begin", "ring", "answer", "transfer", "ring", "ring_end", "hangup")
    targets = {1: at("201"), 2: at("201"), 4: at("202"), 5: at("202")}
    told = [
        event(kind, key=str(place + 6), target=targets.get(place), by=at("201") if kind == "transfer" else None)
        for place, kind in enumerate(names)
    ]
    facts = fold(reversed(told))
    assert [(leg.party.number, leg.answered) for leg in facts.legs] == [("201", True), ("202", False)]
    assert (facts.ended, facts.seconds, facts.talk_seconds, facts.transfers) == (True, None, None, 1)


def test_a_call_that_joins_another_leaves_who_called_and_when_as_they_were():
    other = {"call": "2", "caller": Party(number="201"), "dialled": "203"}
    facts = fold(
        [
            event("begin", 0),
            event("answer", 3, target=at("201")),
            event("begin", 10, **other),
            event("answer", 14, target=at("203"), **other),
            event("hangup", 20, reason="busy", **other),
            event("transfer", 20, how="attended", by=at("201"), target=at("203"), joins="2"),
            event("hangup", 40, reason="completed"),
        ]
    )
    assert (facts.call, facts.caller, facts.dialled, facts.seconds, facts.reason) == (
        "1",
        CALLER,
        "800",
        40,
        "completed",
    )
    assert [(leg.party.number, leg.transfer) for leg in facts.legs] == [("201", ""), ("203", "attended")]
    assert facts.talk_seconds == 37


def test_the_source_that_tells_most_comes_first_and_others_fill_in():
    stream = [
        event("begin", 0),
        event("ring", 2, target=at("201")),
        event("answer", 5, target=at("201")),
    ]
    records = [
        event("begin", 0, source="cdr", caller=Party(number="+8613800000007", name="Li Wei")),
        event("answer", 1, source="cdr", target=Party(number="900")),
        event("recording", 1, source="cdr", url="https://pbx.example/1.wav"),
        event("hangup", 61, source="cdr", reason="completed"),
    ]
    log = [event("queue", 1, source="queue-log", queue="sales")]
    facts = facts_of([*log, *records, *stream])
    assert [leg.party.number for leg in facts.legs] == ["201"]
    assert (facts.caller.name, facts.queue, facts.recordings) == ("Li Wei", "sales", ("https://pbx.example/1.wav",))
    assert (facts.status, facts.seconds, facts.talk_seconds) == ("ended", 61, 56)
    going_on = [*stream, event("hold", 70), event("resume", 80)]
    assert facts_of([*going_on, *records]).status == "talking"  # the stream heard of it later than that


def test_an_end_that_is_only_presumed_gives_way_to_any_other_word():
    guess = event("hangup", 300, reason="unknown", key="gone 1")
    stream = [event("begin", 0), event("answer", 5, target=at("201")), guess]
    assert (facts_of(stream).status, facts_of(stream).reason, facts_of(stream).guessed) == ("ended", "unknown", True)
    sure = event("hangup", 60, source="cdr", reason="completed")
    for known in (sure, evolve(sure, source="ami")):
        facts = facts_of([*stream, known])
        assert (facts.reason, facts.seconds, facts.talk_seconds, facts.guessed) == ("completed", 60, 55, False)
    untimed = facts_of([*stream[:2], evolve(guess, at=None)])
    assert (untimed.status, untimed.seconds) == ("ended", None)


def test_moments_that_are_known_only_roughly_give_no_seconds_until_somebody_knows_them():
    roughly = {"details": {"at": "about"}}
    stream = [event("begin", 0), event("answer", 0, target=at("201"), **roughly), event("hangup", 0, **roughly)]
    assert (facts_of(stream).seconds, facts_of(stream).talk_seconds, facts_of(stream).answered) == (None, None, True)
    records = [
        event("begin", 0, source="cdr"),
        event("answer", 4, source="cdr", target=Party(number="201")),
        event("hangup", 64, source="cdr", reason="completed"),
    ]
    known = facts_of([*stream, *records])
    assert (known.seconds, known.talk_seconds, [leg.party.device for leg in known.legs]) == (64, 60, ["PJSIP/201-a"])


def test_two_who_called_the_same_one_are_connected():
    one = {"caller": Party(number="202"), "dialled": "201"}
    other = {"call": "2", "caller": Party(number="203"), "dialled": "201"}
    told = [
        event("begin", 0, **one),
        event("answer", 3, target=at("201", "a"), **one),
        event("begin", 10, **other),
        event("answer", 13, target=at("201", "b"), **other),
        event("transfer", 20, how="attended", by=at("201", "a"), target=Party(number="202"), joins="1", **other),
        event("hangup", 40, reason="completed", **other),
    ]
    facts = fold(told)
    assert (facts.call, facts.caller.number, facts.seconds, facts.reason) == ("1", "202", 40, "completed")
    assert [(leg.party.number, leg.transfer) for leg in facts.legs] == [("201", ""), ("201", ""), ("203", "attended")]
