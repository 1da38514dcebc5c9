"""What agents do when: periods never overlap, and the same news leads to the same periods in whatever order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import attrs
from crmcore_callcenter.agents.presence import follow, note
from crmcore_callcenter.agents.reckoning import Mark, Span, periods
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import AgentEvent
from crmcore_callcenter.tables import leg, presence
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

ZERO = datetime(2026, 11, 24, 1, tzinfo=UTC)
WRAP = 60
SECONDS = st.integers(0, 300)
STATES = st.sampled_from(("available", "paused", "offline"))
MARKS = st.lists(st.builds(lambda at, state: Mark(at=_at(at), state=state), SECONDS, STATES), max_size=6)
COUNT = count(1)


def _at(seconds):
    return None if seconds is None else ZERO + timedelta(seconds=seconds)


def _made(rang, ring, talk, wraps, wrapped):
    """A part in a call: `ring` seconds, then `talk` seconds; None where it was not answered, or is going on."""
    answered = None if ring is None else rang + ring
    ended = None if talk is None else (rang if answered is None else answered) + talk
    return Span(
        call_id=next(COUNT), rang_at=_at(rang), answered_at=_at(answered), ended_at=_at(ended), wraps=wraps,
        wrapped_at=None if wrapped is None or ended is None else _at(ended + wrapped),
    )  # fmt: skip


SPANS = st.lists(
    st.builds(
        _made,
        SECONDS,
        st.none() | st.integers(0, 20),
        st.none() | st.integers(0, 120),
        st.booleans(),
        st.none() | st.integers(-5, 90),
    ),
    max_size=5,
)


def _talks(span, at):
    answered = span.answered_at
    return answered is not None and answered <= at and (span.ended_at is None or at < span.ended_at)


def _rings(span, at):
    return span.rang_at <= at and (span.ended_at is None or at < span.ended_at) and not _talks(span, at)


def _by_definition(marks, spans, at):
    """What an agent does at an instant, read off the definition."""
    for state, is_so, since in (("talking", _talks, "answered_at"), ("ringing", _rings, "rang_at")):
        found = [(getattr(one, since), place, one) for place, one in enumerate(spans) if is_so(one, at)]
        if found:
            return state, max(found, key=lambda each: each[:2])[2].call_id
    over = [
        (one.ended_at, place, one)
        for place, one in enumerate(spans)
        if one.ended_at and one.answered_at and one.answered_at < one.ended_at <= at and one.wraps
        and (one.wrapped_at is None or one.wrapped_at > one.ended_at)
    ]  # fmt: skip
    if over:
        end, _place, last = max(over, key=lambda each: each[:2])
        went_on = [one.at for one in marks] + [
            each
            for one in spans
            if one.ended_at is None or one.ended_at > one.rang_at
            for each in (one.rang_at, one.answered_at)
            if each and (one.ended_at is None or each < one.ended_at)
        ]
        if at < (last.wrapped_at or end + timedelta(seconds=WRAP)) and not any(end <= each <= at for each in went_on):
            return "wrapping", last.call_id
    said = [(one.at, place, one.state) for place, one in enumerate(marks) if one.at <= at]
    return (max(said)[2], None) if said else None


@given(MARKS, SPANS)
@settings(max_examples=200, deadline=None)
def test_periods_are_what_the_definition_says_at_every_second(marks, spans):
    found = periods(marks, spans, wrapping=timedelta(seconds=WRAP))
    for one, other in pairwise(found):
        assert one.until_at is not None
        assert one.from_at < one.until_at <= other.from_at
        assert one.until_at < other.from_at or (one.state, one.call_id) != (other.state, other.call_id)
    for second in range(0, 600, 1):
        at = _at(second)
        now = [one for one in found if one.from_at <= at and (one.until_at is None or at < one.until_at)]
        assert [(one.state, one.call_id) for one in now] == [
            each for each in [_by_definition(marks, spans, at)] if each
        ]


def test_queues_are_paused_and_left_one_by_one_or_all_at_once():
    def states(*said):
        marks = [Mark(at=_at(n), state=state, queue=queue) for n, (state, queue) in enumerate(said)]
        return periods(marks, [], wrapping=timedelta())[-1].state

    a, b = ("available", "a"), ("available", "b")
    assert states(a, b, ("paused", "a")) == "available"
    assert states(a, b, ("paused", "a"), ("paused", "b")) == "paused"
    assert states(a, b, ("offline", "a"), ("paused", "b")) == "paused"
    assert states(a, b, ("paused", "")) == "paused"
    assert states(a, b, ("paused", ""), a) == "available"
    assert states(a, b, ("offline", ""), ("available", "")) == "available"
    assert states(("available", ""), ("paused", "a")) == "paused"
    assert states(a, b, ("available", ""), ("paused", "a")) == "available"
    assert states(b, ("offline", "b"), ("available", ""), ("paused", "a")) == "paused"
    assert states(("available", ""), ("offline", "a")) == "offline"


def _rows(reader, agent_id):
    p = presence.c
    rows = reader.rows(
        select(p.from_at, p.until_at, p.state, p.reason, p.call_id).where(p.agent_id == agent_id).order_by(p.from_at)
    )
    return [tuple(row) for row in rows]


def _write(tx, agent_id, span):
    """Write a call and its leg as they stand; return the call's id."""
    one = tx.add(
        Call(
            started_at=span.rang_at, direction="in" if span.wraps else "internal", ended_at=span.ended_at,
            wrapped_at=span.wrapped_at, status="ended" if span.ended_at else "talking",
        )
    )  # fmt: skip
    tx.flush()
    _leg(tx, agent_id, one.id, span)
    return one.id


def _leg(tx, agent_id, call_id, span):
    tx.execute(delete(leg).where(leg.c.call_id == call_id))
    values = {
        "id": tx.new_id(), "call_id": call_id, "place": 1, "device": "", "number": "", "name": "",
        "agent_id": agent_id, "user_id": None, "rang_at": span.rang_at, "answered_at": span.answered_at,
        "ended_at": span.ended_at, "reason": "", "transfer": "", "answered": span.answered_at is not None,
    }  # fmt: skip
    tx.execute(insert(leg), [values])


def _news(tx, marks, name):
    said = [
        AgentEvent(system="pbx", source="log", agent=name, state=one.state, key=f"k{place}", at=one.at)
        for place, one in enumerate(marks)
    ]
    return said


def test_news_late_and_twice_lead_to_the_same_periods(office, crm_statements):
    @given(MARKS.filter(lambda all_: len({one.at for one in all_}) == len(all_)), SPANS, st.randoms())
    @settings(max_examples=15)
    def check(marks, spans, random):
        name = f"agent {next(COUNT)}"
        with office.at(ZERO + timedelta(hours=1), user="ann") as tx:
            agent = tx.add(CallAgent(name=name, extension=""))
            tx.flush()
            said = _news(tx, marks, name)
            calls = {}
            todo = [*said, *said, *spans, *spans]
            random.shuffle(todo)
            for one in todo:
                if isinstance(one, AgentEvent):
                    note(tx, [one])
                elif one.call_id in calls:
                    _leg(tx, agent.id, calls[one.call_id], one)
                    follow(tx, [calls[one.call_id]])
                else:  # at first it only rings, and goes on
                    first = attrs.evolve(one, answered_at=None, ended_at=None, wrapped_at=None)
                    calls[one.call_id] = _write(tx, agent.id, one)
                    _leg(tx, agent.id, calls[one.call_id], first)
                    follow(tx, [calls[one.call_id]])
            stored = sorted(
                (attrs.evolve(one, call_id=calls[one.call_id]) for one in spans),
                key=lambda one: (one.rang_at, one.call_id),
            )
            wanted = periods(sorted(marks, key=lambda one: one.at), stored, wrapping=timedelta(seconds=WRAP))
            assert _rows(tx, agent.id) == [attrs.astuple(one) for one in wanted]
            tx.flush()

    check()


def test_a_thousand_calls_are_followed_in_few_statements_and_a_call_that_vanished_leaves_nothing(
    office, crm_statements
):
    with office.at(ZERO, user="ann") as tx:
        ids = [tx.add(CallAgent(name=f"a{n}", extension=str(200 + n))).id for n in range(20)]
    spans = [_made(n * 10, 5, 100, True, None) for n in range(1_000)]
    with office.at(ZERO + timedelta(hours=4), user="ann") as tx:
        calls = [_write(tx, ids[place % 20], span) for place, span in enumerate(spans)]
        with crm_statements(office.app) as asked:
            follow(tx, calls)
        assert len(asked) <= 14
        rows = _rows(tx, ids[3])
        assert len(rows) == 150  # 50 calls: ringing, talking, wrapping
        assert rows[:3] == [
            (_at(30), _at(35), "ringing", "", calls[3]),
            (_at(35), _at(135), "talking", "", calls[3]),
            (_at(135), _at(195), "wrapping", "", calls[3]),
        ]
        with crm_statements(office.app) as asked:
            follow(tx, calls)
        assert len(asked) <= 6  # nothing new: nothing is written
    with office.at(ZERO + timedelta(hours=4), user="ann") as tx:
        tx.remove(tx.get(Call, calls[3]))
        tx.flush()
        assert _rows(tx, ids[3]) == rows[3:]
        tx.get(Call, calls[23]).wrapped_at = _at(350)
        tx.flush()
        assert _rows(tx, ids[3])[2] == (_at(335), _at(350), "wrapping", "", calls[23])


def test_who_calls_out_talks_and_whose_name_nobody_has_is_told(office):
    with office.at(ZERO, user="ann") as tx:
        anna = tx.add(CallAgent(name="Anna", extension="201"))
        tx.flush()
        out = tx.add(
            Call(
                started_at=_at(10), answered_at=_at(20), ended_at=_at(50), direction="out", status="ended",
                from_number="201", to_number="13800000001",
            )
        )  # fmt: skip
        tx.flush()
        noted = note(
            tx,
            [
                AgentEvent(system="pbx", source="log", agent="PJSIP/201", state="available", key="1", at=_at(0)),
                AgentEvent(system="pbx", source="log", agent="nobody", state="available", key="2", at=_at(0)),
                AgentEvent(system="pbx", source="log", agent="201", state="paused", key="3", at=_at(70), reason="tea"),
            ],
        )
        assert (noted.new, noted.unknown) == (2, ("nobody",))
        follow(tx, [out.id])
        assert _rows(tx, anna.id) == [
            (_at(0), _at(10), "available", "", None),
            (_at(10), _at(20), "ringing", "", out.id),
            (_at(20), _at(50), "talking", "", out.id),
            (_at(50), _at(70), "wrapping", "", out.id),
            (_at(70), None, "paused", "tea", None),
        ]


def test_news_of_one_agent_from_several_sources_at_once_never_overlap(office):
    with office.at(ZERO, user="ann") as tx:
        agent_id = tx.add(CallAgent(name="Anna", extension="201")).id
    marks = [Mark(at=_at(n * 7), state=("available", "paused", "offline")[n % 3]) for n in range(24)]
    news = [
        AgentEvent(system="pbx", source="log", agent="201", state=one.state, key=str(place), at=one.at)
        for place, one in enumerate(marks)
    ]

    def told(place):
        for one in (*news[place::4], *news[place - 1 :: 4]):
            with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
                note(tx, [one])

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(told, range(4)))
    with office.app.read() as reader:
        wanted = periods(marks, [], wrapping=timedelta())
        assert _rows(reader, agent_id) == [attrs.astuple(one) for one in wanted]
