"""Who gave up waiting is called back: once, in time, by whoever may, until somebody is reached."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count, permutations

import pytest
from crmcore_callcenter.callbacks.giving import ask, take
from crmcore_callcenter.callbacks.owed import Owed, ended
from crmcore_callcenter.model.agent import Callback, CallQueue
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import callback

from crmcore.api import Consent, InvalidInput

NUMBER = "+8613800000007"  # contact 7's
COUNT = count(1)


@pytest.fixture
def support(office):
    """The queue Support, which calls back within 60 working minutes of 9 to 18 o'clock."""
    with office.at(office.clock.now, user="ann") as tx:
        office.queue_id = tx.add(CallQueue(name="Support", code="support", callback_minutes=60)).id
    return office


def _at(clock):
    """An instant of Tuesday, 24 November 2026, in Shanghai."""
    return datetime.fromisoformat(f"2026-11-24T{clock}+08:00")


def _call(tx, office, clock, *, direction="in", answered=False, number=NUMBER, queue=True, flush=True, **more):
    """Add a call that ended at a time; without answer, theirs is one in which they gave up."""
    ours, at = "+862155550100", _at(clock)
    theirs = {"from_number": number, "from_normal": number, "to_number": ours, "to_normal": ours}
    if direction == "out":
        theirs = {"from_number": "201", "from_normal": "201", "to_number": number, "to_normal": number}
    one = tx.add(
        Call(
            **{
                "started_at": at - timedelta(minutes=1), "ended_at": at, "status": "ended", "direction": direction,
                "queue_id": office.queue_id if queue and direction == "in" else None, "answered": answered,
                "abandoned": direction == "in" and not answered, "external_id": f"x{next(COUNT)}",
                "answered_at": at - timedelta(seconds=30) if answered else None, **theirs, **more,
            }
        )
    )  # fmt: skip
    if flush:
        tx.flush()
    return one.id


def _all(tx):
    return tx.load(Callback, callback.c.id > 0)


def test_who_gives_up_is_called_back_once_until_somebody_is_reached(support, crm_statements):
    with support.at(_at("17:40:00"), user="ann") as tx:
        first = _call(tx, support, "17:30:00")
        owed = ended(tx, [first])
        tx.flush()
        (one,) = _all(tx)
        assert owed.opened == (one.id,)
        assert (one.asked_at, one.attempts, one.status) == (_at("17:30:00"), 1, "open")
        assert one.due_at == datetime.fromisoformat("2026-11-25T09:30+08:00")  # 30 minutes are left of the day
        assert ended(tx, [first]).raised == ended(tx, [first]).opened == ()
        again = _call(tx, support, "17:35:00")
        assert ended(tx, [again, first]).raised == (one.id,)
        assert (one.attempts, one.due_at, one.call_id) == (
            2, datetime.fromisoformat("2026-11-25T09:30+08:00"), first,
        )  # fmt: skip
        earlier = _call(tx, support, "17:20:00")  # told late, from another source
        assert ended(tx, [earlier]).opened == ()
        assert (one.attempts, one.due_at) == (3, datetime.fromisoformat("2026-11-25T09:20+08:00"))
        elsewhere = ended(tx, [_call(tx, support, "17:36:00", queue=False)])
        assert len(elsewhere.opened) == 1  # they waited for something else, too
        missed = _call(tx, support, "17:37:00", direction="out")
        ended(tx, [missed])
        assert (one.tries, one.next_at, one.status) == (1, _at("18:07:00"), "open")
        reached = _call(tx, support, "17:39:00", direction="out", answered=True)
        assert ended(tx, [reached]).done == (one.id, elsewhere.opened[0])
        assert (one.status, one.why, one.done_at, one.done_call_id) == (
            "done", "we called and they answered", _at("17:38:30"), reached,
        )  # fmt: skip
        for each in (first, again, earlier, missed, reached):
            assert ended(tx, [each]).opened == ()
        assert len(_all(tx)) == 2
        assert len(ended(tx, [_call(tx, support, "17:40:00")]).opened) == 1


def test_the_same_callbacks_whatever_the_order_and_the_pieces_in_which_calls_are_told(support):
    found = set()
    plan = (("10:00:00", False), ("10:10:00", False), ("10:20:00", True), ("10:30:00", False), ("10:40:00", True))
    for order in list(permutations(plan))[::5]:
        with support.at(_at("12:00:00"), user="ann") as tx:
            number = f"+86139{next(COUNT):08}"
            for clock, answered in order:
                ended(tx, [_call(tx, support, clock, number=number, answered=answered)])
            tx.flush()
            mine = [one for one in _all(tx) if one.normal == number]
            found.add(tuple(sorted((one.asked_at, one.due_at, one.attempts, one.done_at) for one in mine)))
    assert found == {
        (
            (_at("10:00:00"), _at("11:00:00"), 2, _at("10:19:30")),
            (_at("10:30:00"), _at("11:30:00"), 1, _at("10:39:30")),
        ),
    }


def test_callbacks_are_given_in_the_order_in_which_they_are_due_to_whom_policy_lets(support):
    office, calls = support, ("callcenter", "callback")
    known = [f"+86138{place:08}" for place in (3, 4, 5)]  # numbers of contacts 3, 4 and 5
    with office.at(_at("12:00:00"), user="ann") as tx:
        ids = [
            _call(tx, office, "10:00:00", number=known[0], contact_id=office.contacts[3]),
            _call(tx, office, "10:05:00", number=known[1], contact_id=office.contacts[4]),
            _call(tx, office, "10:10:00", number="+8613900000000"),
            _call(tx, office, "10:15:00", number=known[2], contact_id=office.contacts[5]),
            _call(tx, office, "10:20:00", number="", from_number="anonymous"),
        ]
        owed = ended(tx, ids)
        assert (len(owed.opened), owed.withheld) == (4, (ids[4],))
    office.clock.set("2026-11-24T11:12:00+08:00")
    office.crm(
        "consent", "deny", office.contacts[3], "--channel", "call", "--purpose", "service", "--until", "2026-12-01",
        user="mei",
    )  # fmt: skip
    listed = office.crm(*calls, "list", user="sam")
    assert "1 who gave up today withheld their numbers" in listed.err
    rows = office.json(*calls, "list", user="sam")
    assert [(one["number"], one["overdue"]) for one in rows] == [
        (known[0], True), (known[1], True), ("+8613900000000", True), (known[2], False),
    ]  # fmt: skip
    assert all(str(one["id"]) in listed.out for one in rows)  # as it is typed back
    assert rows[1]["contact"]["id"] == office.contacts[4]
    assert [one["id"] for one in office.json(*calls, "list", "--after", rows[1]["id"], "--limit", "1")] == [
        rows[2]["id"]
    ]
    assert len(office.json(*calls, "list", "--overdue", "--queue", "support")) == 3

    given = office.json(*calls, "take", user="sam")
    assert (given["callback"]["number"], given["callback"]["owner"]) == (known[1], "sam")
    (left,) = given["left_out"]
    assert left["number"] == known[0]
    assert "opted out of service by call" in left["reasons"][0]
    assert left["until"] == "2026-11-30T16:00:00+00:00"
    other = office.crm(*calls, "take", "--queue", "support", user="mei")  # sam has the first; nobody is known by that
    assert "+8613900000000" in other.out
    assert f"Not {known[0]}, until 2026-12-01" in other.err
    assert office.json(*calls, "take", user="sam")["callback"]["number"] == known[1]  # it is still sam's
    done = office.json(*calls, "done", given["callback"]["id"], "--why", "met them at the fair", user="sam")
    assert (done["status"], done["why"]) == ("done", "met them at the fair")
    assert "has ended already" in office.crm(*calls, "done", given["callback"]["id"], user="sam", code=1).err
    assert "Say why" in office.crm(*calls, "give-up", rows[0]["id"], user="mei", code=1).err
    gone = office.json(*calls, "give-up", rows[0]["id"], "--why", "no consent", user="mei")
    assert (gone["status"], gone["overdue"]) == ("given_up", False)
    office.clock.advance(minutes=31)  # mei did not call: it is anybody's again, and the longest overdue
    assert office.json(*calls, "take", user="sam")["callback"]["number"] == "+8613900000000"
    assert office.json(*calls, "take", user="mei")["callback"]["number"] == known[2]
    nobody = office.crm(*calls, "take", user="wang")
    assert "Nobody is to be called back now" in nobody.err
    with office.at(office.clock.now, user="ann") as tx:
        reached = _call(tx, office, "11:40:00", number="+8613900000000", direction="out", answered=True)
        assert ended(tx, [reached]).done == (rows[2]["id"],)
    shown = office.crm(*calls, "show", rows[2]["id"], user="sam").out
    assert "we called and they answered" in shown
    assert len(office.json(*calls, "list")) == 1
    assert len(office.json(*calls, "list", "--all")) == 4


def test_however_many_may_not_be_called_the_next_who_may_is_given(support):
    office, many = support, 120
    with office.at(_at("12:00:00"), user="ann") as tx:
        told = [
            _call(tx, office, "10:00:00", number=f"+86138{place:08}", contact_id=office.contacts[place], flush=False)
            for place in range(many)
        ]
        ended(tx, [*told, _call(tx, office, "10:01:00", number="+8613900000000")])
    said = {"state": "denied", "channel": "call", "at": office.clock.now, "evidence": "a letter"}
    office.insert(*(Consent(contact_id=one, **said) for one in office.contacts[:many]))
    office.clock.set("2026-11-24T12:00:00+08:00")
    taken = office.crm("callcenter", "callback", "take", user="sam")
    assert "+8613900000000" in taken.out
    assert len(taken.err.splitlines()) == 11
    assert "110 more were left out." in taken.err


def test_who_asks_for_a_callback_in_a_call_is_called_then_and_no_earlier(support):
    office, calls = support, ("callcenter", "callback")
    with office.at(_at("12:00:00"), user="ann") as tx:
        talked = _call(tx, office, "11:50:00", answered=True)
        made = ask(tx, talked, at=_at("15:00:00"), note="after lunch")
        tx.flush()
        assert ended(tx, [talked]) == Owed()  # the call in which they asked is none that reached them
        made_id = made.id
    office.clock.set("2026-11-24T14:00:00+08:00")
    assert office.json(*calls, "take")["callback"] is None
    office.clock.set("2026-11-24T15:01:00+08:00")
    taken = office.json(*calls, "take")["callback"]
    assert (taken["id"], taken["note"], taken["overdue"]) == (made_id, "after lunch", True)
    with office.at(office.clock.now, user="ann") as tx, pytest.raises(InvalidInput, match="no number of somebody"):
        ask(tx, _call(tx, office, "11:55:00", number="", answered=True))


def test_a_thousand_calls_owe_callbacks_in_few_statements_and_old_ones_none(support, crm_statements):
    with support.at(_at("12:00:00"), user="ann") as tx:
        ids = [_call(tx, support, "10:00:00", number=f"+86139{place:08}", flush=False) for place in range(1_000)]
        old = _call(tx, support, "10:00:00", number="+8613700000000", ended_at=_at("10:00:00") - timedelta(days=8))
        with crm_statements(support.app) as asked:
            owed = ended(tx, [*ids, old])
        assert len(owed.opened) == 1_000
        assert len(asked) <= 9
        tx.flush()
        assert ended(tx, [*ids, old]) == Owed()


def test_of_many_who_take_one_at_once_each_gets_another(support):
    with support.at(_at("12:00:00"), user="ann") as tx:
        ended(tx, [_call(tx, support, "09:30:00", number=f"+86139{place:08}") for place in range(6)])

    def taken(user):
        with support.app.transaction(support.app.actor(user), cause="a test") as tx:
            return take(tx).id

    with ThreadPoolExecutor(max_workers=6) as pool:
        found = list(pool.map(taken, ("wang", "liu", "zhang", "chen", "zhao", "sun")))
    assert None not in found
    assert len(set(found)) == 6
