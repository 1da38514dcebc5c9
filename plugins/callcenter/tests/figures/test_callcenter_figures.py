"""Figures of calls: the report equals one reckoned slowly from the same calls, and what one counts by hand."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

import pytest
from crmcore_callcenter import tables
from crmcore_callcenter.figures.report import BY, figures
from crmcore_callcenter.figures.telling import plain
from crmcore_callcenter.model.agent import CallAgent, Callback, CallQueue, WrapCode
from crmcore_callcenter.model.call import Call
from sqlalchemy import insert

HERE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SINCE, UNTIL = date(2026, 10, 20), date(2026, 11, 24)


@pytest.fixture
def busy(office):
    """400 calls of five weeks in three queues, of three agents, one of whom is no user, and what the agents did."""
    random = Random(7)  # noqa: S311 # test data
    users = [office.users[login] for login in ("sam", "wang")]
    office.queues = [
        CallQueue(name=name, code=name, answer_seconds=most) for name, most in (("Orders", 20), ("Repairs", 45))
    ]
    office.agents = [CallAgent(name=name, user_id=user) for name, user in (("Sam", users[0]), ("Wang", users[1]))]
    office.agents.append(CallAgent(name="Temp"))
    office.codes = [WrapCode(name=means, code=means, means=means) for means in ("resolved", "callback", "reached")]
    office.insert(*office.queues, *office.agents, *office.codes)
    office.calls = [_call(office, random, n) for n in range(400)]
    office.insert(*office.calls)
    office.callbacks = [_callback(office, random, one) for one in office.calls if one.abandoned and one.queue_id]
    office.insert(*office.callbacks)
    office.presence = list(_presence(office, random))
    with office.app.transaction(cause="a test") as tx:
        rows = [{"id": tx.new_id(), "reason": "", **one} for one in office.presence]
        tx.execute(insert(tables.presence), rows)
    return office


def _call(office, random, n):
    start = NOW - timedelta(seconds=random.randrange(36 * 24 * 3600), microseconds=random.randrange(1_000_000))
    direction = random.choice(("in", "in", "in", "out", "internal"))
    answered = random.random() < 0.7
    wait, talk = random.choice((0, 3, 4, 5, 6, 12, 20, 21, 44, 46, 90)), random.randrange(5, 900)
    queued = start + timedelta(seconds=7) if random.random() < 0.5 else None
    until = (queued or start) + timedelta(seconds=wait)
    going_on = n % 40 == 0
    known = random.random() < 0.6
    wrapped = answered and random.random() < 0.5
    return Call(
        started_at=start, queued_at=queued, direction=direction, answered=answered,
        answered_at=until if answered else None, status="talking" if going_on else "ended",
        ended_at=None if going_on else until + timedelta(seconds=talk if answered else 0),
        talk_seconds=talk if answered and n % 9 else None, hold_seconds=random.choice((0, 0, 30)),
        transfers=random.choice((0, 0, 0, 1, 2)), abandoned=direction == "in" and not answered and n % 5 > 0,
        queue_id=random.choice((None, *(one.id for one in office.queues))),
        owner_id=random.choice((office.users["sam"], office.users["wang"])) if answered else None,
        contact_id=random.choice(office.contacts[:25]) if known else None,
        from_normal="" if n % 11 == 0 else f"+8613900{random.randrange(12):06}",
        wrap_code_id=random.choice(office.codes).id if wrapped else None,
    )  # fmt: skip


def _callback(office, random, one):
    due = one.started_at + timedelta(hours=1)
    status = random.choice(("open", "done", "done", "given_up"))
    done = one.started_at + timedelta(minutes=random.randrange(20, 100)) if status == "done" else None
    return Callback(
        asked_at=one.started_at, due_at=due, call_id=one.id, queue_id=one.queue_id, status=status, done_at=done,
        owner_id=office.users["sam"] if done else None,
    )  # fmt: skip


def _presence(office, random):
    """Yield what the agents did from 20 October on, one thing after the other, the last still going on."""
    ours = {one.id: [] for one in office.agents}
    for place, one in enumerate(office.agents):
        at = datetime(2026, 10, 18, 16, tzinfo=UTC)
        while at < NOW:
            until = at + timedelta(seconds=random.choice((7, 40, 600, 5_000, 20_000)) + random.randrange(60))
            state = random.choice(("available", "ringing", "talking", "wrapping", "paused", "offline"))
            call = random.choice(office.calls).id if state == "wrapping" else None
            ours[one.id].append({"agent_id": one.id, "state": state, "from_at": at, "until_at": until, "call_id": call})
            at = until
        if place:
            ours[one.id][-1]["until_at"] = None
        yield from ours[one.id]


def slowly(office, by, since=SINCE, until=UNTIL):
    """Return the figures of each group, call by call and second by second."""
    begin = datetime(since.year, since.month, since.day, tzinfo=HERE)
    end = datetime(until.year, until.month, until.day, tzinfo=HERE) + timedelta(days=1)
    queues, codes = {one.id: one for one in office.queues}, {one.id: one.means for one in office.codes}
    found = defaultdict(lambda: defaultdict(int) | {"waits": []})

    def of(at, queue=None, agent=None, code=None):
        there = at.astimezone(HERE)
        keys = {"queue": queue, "agent": agent, "wrap-code": code, "hour": f"{there:%H}", "day": f"{there:%Y-%m-%d}"}
        return found[keys[by]], found["all"]

    def note(groups, **values):
        for one in groups:
            for name, value in values.items():
                one[name] += value

    inside = [one for one in office.calls if begin <= one.started_at < end]
    for one in inside:
        came = one.direction == "in"
        waited = None
        if (over := one.answered_at if one.answered else one.ended_at) is not None:
            waited = int((over - (one.queued_at or one.started_at)).total_seconds())
        short = came and one.abandoned and waited is not None and waited < 5
        most = queues[one.queue_id].answer_seconds if one.queue_id else 20
        groups = of(one.started_at, one.queue_id, one.owner_id, one.wrap_code_id)
        note(
            groups, calls=1, calls_in=came, calls_out=one.direction == "out", answered=came and one.answered,
            reached=one.direction == "out" and one.answered,
            offered=came and not short and (one.answered or one.status == "ended"),
            in_time=came and one.answered and waited is not None and waited <= most,
            abandoned=came and one.abandoned and not short, short_abandons=short, talk_seconds=one.talk_seconds or 0,
            hold_seconds=one.hold_seconds, transfers=one.transfers,
            waits=[waited] if came and one.answered and waited is not None else [],
        )  # fmt: skip
        told = _at_first(office, one, codes.get(one.wrap_code_id, "")) if came and one.answered else None
        note(groups, first_contacts=told is not None, resolved=told or 0)
        for each in office.presence:
            if each["state"] == "wrapping" and each["call_id"] == one.id:
                note(groups, wrap_seconds=_whole(each["until_at"] or NOW) - _whole(each["from_at"]))
    for one in office.callbacks:
        if begin <= one.asked_at < end and (one.status != "open" or one.due_at < NOW):
            kept = one.status == "done" and one.done_at <= one.due_at
            note(of(one.asked_at, one.queue_id, one.owner_id), callbacks=1, callbacks_kept=kept)
    users = {one.id: one.user_id or -one.id for one in office.agents}
    for each in office.presence:
        first, last = max(each["from_at"], begin), min(each["until_at"] or NOW, NOW, end)
        if each["state"] in ("available", "talking", "ringing", "wrapping") and first < last:
            while first < last:  # hour by hour
                stop = min(last, first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
                there = _whole(stop) - _whole(first)
                busy = there if each["state"] != "available" else 0
                groups = of(first, agent=users[each["agent_id"]])
                note(groups if by in ("agent", "hour", "day") else groups[1:], there_seconds=there, busy_seconds=busy)
                first = stop
    return found


def _at_first(office, one, means):
    """Return whether an answered call resolved it at first contact; None where it is none, or not known yet."""
    if not (one.contact_id or one.from_normal):
        return None
    days = timedelta(days=7)
    theirs = [
        other.started_at
        for other in office.calls
        if other.direction == "in" and other.contact_id == one.contact_id
        and (one.contact_id or other.from_normal == one.from_normal)
    ]  # fmt: skip
    if any(one.started_at - days <= at < one.started_at for at in theirs):
        return None
    again = any(one.started_at < at <= one.started_at + days for at in theirs)
    by_code = {"resolved": 1, "callback": 0}
    return by_code.get(means, 0 if again else 1 if one.started_at + days <= NOW else None)


def _whole(at):
    return int(at.timestamp())


def _percentile(values, per_cent):
    return sorted(values)[ceil(len(values) * per_cent / 100) - 1] if values else None


def test_the_report_equals_what_is_reckoned_call_by_call(busy):
    for by in BY:
        with busy.app.read(busy.app.actor("mei")) as reader:
            told = figures(reader, by, SINCE, UNTIL)
        wanted = slowly(busy, by)
        whole = wanted.pop("all")
        assert {one.key for one in told.lines} == set(wanted), by
        for one, reckoned in [(told.whole, whole), *((one, wanted[one.key]) for one in told.lines)]:
            _same(plain(one), reckoned, f"{by} {one.name}")
    assert whole["first_contacts"] > 40
    assert whole["short_abandons"] > 5


def _same(shown, wanted, which):
    waits = wanted["waits"]
    for name, value in wanted.items():
        if name != "waits":
            assert shown[name] == value, (which, name)
    assert shown["answer_median"] == _percentile(waits, 50)
    assert shown["answer_p95"] == _percentile(waits, 95)
    assert shown["answer_mean"] == (round(sum(waits) / len(waits), 1) if waits else None)


def test_hours_and_days_are_those_of_the_workspaces_clock_also_when_it_is_set(office):
    begun = [datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=20 * n) for n in range(1, 1_080)]
    office.insert(*(Call(started_at=at, direction="in", status="ended", ended_at=at) for at in begun))
    first, last = date(2026, 10, 24), date(2026, 11, 3)
    for zone in ("Europe/Berlin", "America/St_Johns", "Asia/Kolkata"):
        office.crm("setting", "set", "zone", zone, user="ann")
        there = [local for local in (at.astimezone(ZoneInfo(zone)) for at in begun) if first <= local.date() <= last]
        for by, how in (("hour", "%H"), ("day", "%Y-%m-%d")):
            with office.app.read(office.app.actor("mei")) as reader:
                told = figures(reader, by, first, last)
            assert {one.name: one.calls for one in told.lines} == Counter(f"{at:{how}}" for at in there), zone
