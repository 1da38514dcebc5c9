"""Who gave up waiting is called back: once, in time, by whoever may, until somebody is reached."""

from datetime import datetime, timedelta
from itertools import count, permutations

import pytest
from crmcore_callcenter.callbacks.owed import ended
from crmcore_callcenter.model.agent import Callback, CallQueue
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import callback

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


def _call(tx, office, clock, *, direction="in", answered=False, number=NUMBER, queue=True, **more):
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
