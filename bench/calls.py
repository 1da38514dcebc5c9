"""Calls in bulk: a workspace with the call centre enabled, three years of calls, who took them, and what agents did.

Twenty queues, a hundred agents, ten calls for each person. Three of four calls come in; one in ten of those is given
up, one in thirty at once. One call in five is of a number that nobody is known by. Each call has one leg, one id and
one period of an agent's time; one in forty asks to be called back. One person is private to somebody else, so every
query leaves some out.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from attrs import frozen

from bench import data
from bench.deals import fill_rows
from bench.load import HIDDEN, Shape, fill, ids_are_taken, in_bulk, instant
from bench.place import Place, workspace
from bench.raw import Raw
from crmcore.app import App
from crmcore.engine.tables import contact, customer, position, user_account
from crmcore.lifecycle import enabling

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SINCE, UNTIL = date(2023, 11, 23), date(2026, 11, 22)
DAYS = SINCE, UNTIL + timedelta(days=1)
"""The period of all calls: its first day, and the one after it."""
QUEUES, AGENTS = 20, 100
_FIRST_QUEUE, _FIRST_CODE, _FIRST_USER, _FIRST_AGENT, _BASE = 100, 200, 300, 500, 100_000_000
_MEANS = ("resolved", "reached", "callback", "refused")
_KEYS = ("sort_key", "name_key", "search")
_TABLES = ("customer", "contact", "position", "callcenter_call", "callcenter_call_key", "callcenter_leg",
           "callcenter_presence", "callcenter_callback")  # fmt: skip
_WAITS = (0, 3, 5, 6, 8, 9, 10, 12, 14, 15, 17, 19, 20, 21, 25, 30, 40, 60, 90, 180)


@frozen(kw_only=True)
class Calls:
    """A workspace with calls: its address, how many, and the ids of its queues and customers."""

    url: str
    count: int
    queue_ids: range
    customer_ids: range


def telephoned(place: Place, count: int) -> Calls:
    """Return a new workspace with so many calls."""
    shape = Shape(customers=max(count // 50, 10), contacts=max(count // 10, 20))
    url = workspace(place)
    app = App(url)
    enabling.enable(app.engine, "callcenter")
    app.close()
    from crmcore_callcenter import tables  # the benchmark runs without the call centre, too

    raw = Raw(url)
    now = instant(raw, NOW)
    stamps = {"version": 1, "created_at": now, "updated_at": now}
    fill_rows(raw, user_account, (
        {"id": _FIRST_USER + n, "version": 1, "login": f"agent{n}", "name": f"Agent {n}", "role": "service",
         "active": True, **stamps} for n in range(AGENTS)
    ))  # fmt: skip
    fill_rows(raw, tables.queue, (
        {"id": _FIRST_QUEUE + n, "name": f"Queue {n}", "code": f"Q{n}", "numbers": "[]", "active": True,
         "answer_seconds": 15 + n % 3 * 5, "callback_minutes": 60, **stamps} for n in range(QUEUES)
    ))  # fmt: skip
    fill_rows(raw, tables.wrap_code, (
        {"id": _FIRST_CODE + n, "name": means, "code": means, "means": means, "active": True, **stamps}
        for n, means in enumerate(_MEANS)
    ))  # fmt: skip
    fill_rows(raw, tables.agent, (
        {"id": _FIRST_AGENT + n, "name": f"Agent {n}", "user_id": _FIRST_USER + n, "extension": f"{200 + n}",
         "devices": "[]", "active": True, **stamps} for n in range(AGENTS)
    ))  # fmt: skip
    with in_bulk(raw, _TABLES):
        _people(raw, shape, stamps)
        fill_rows(raw, tables.call, _calls(raw, shape, count))
        fill(raw, "callcenter_call_key", ("id", "call_id", "system", "value"), (
            (3 * _BASE + n, _BASE + n, "asterisk", f"{n}.1") for n in range(count)
        ))  # fmt: skip
        fill_rows(raw, tables.leg, _legs(raw, count))
        fill_rows(raw, tables.presence, _presence(raw, count))
        fill_rows(raw, tables.callback, _callbacks(raw, count))
        ids_are_taken(raw, 20 * _BASE)
    raw.execute("VACUUM (ANALYZE)" if raw.dialect == "postgresql" else "ANALYZE")
    raw.close()
    return Calls(
        url=url, count=count, queue_ids=range(_FIRST_QUEUE, _FIRST_QUEUE + QUEUES), customer_ids=shape.customer_ids
    )


def _people(raw: Raw, shape: Shape, stamps: Mapping[str, Any]) -> None:
    fill_rows(raw, customer, (
        {"id": key, "name": f"Customer {key}", "kind": "organisation", **dict.fromkeys(_KEYS, f"{key}"), **stamps}
        for key in shape.customer_ids
    ))  # fmt: skip
    fill_rows(raw, contact, (
        {"id": key, "name": name, "private": key == HIDDEN, **dict.fromkeys(_KEYS, name.lower()), **stamps}
        for key, name in zip((HIDDEN, *shape.contact_ids), data.people(shape.contacts + 1), strict=True)
    ))  # fmt: skip
    fill_rows(raw, position, (
        {"id": _BASE // 2 + n, "version": 1, "contact_id": key, "customer_id": shape.customer_ids[n % shape.customers]}
        for n, key in enumerate(shape.contact_ids)
    ))  # fmt: skip


@frozen(kw_only=True)
class _Call:
    """The nth call: when it came, and what became of it."""

    n: int
    h: int
    at: datetime
    wait: int
    talk: int
    came: bool
    answered: bool
    abandoned: bool

    @property
    def user(self) -> int:
        """Which of the agents had it."""
        return self.h // 29 % AGENTS


def _call(n: int) -> _Call:
    h = n * 2_654_435_761 % 4_294_967_296  # Knuth's multiplicative hash: spread, and the same in every run
    came = h // 7 % 4 > 0
    lost = came and h // 11 % 10 == 0
    answered = not lost and h // 13 % 12 > 0
    return _Call(
        n=n, h=h, at=NOW - timedelta(seconds=h * 31 % ((NOW.date() - SINCE).days * 86_400)), came=came,
        wait=3 if lost and h // 17 % 3 == 0 else _WAITS[h // 19 % len(_WAITS)], talk=30 + h // 23 % 600,
        answered=answered, abandoned=lost,
    )  # fmt: skip


def _calls(raw: Raw, shape: Shape, count: int) -> Iterator[Mapping[str, Any]]:
    for n in range(count):
        one = _call(n)
        h, at = one.h, instant(raw, one.at)
        until = one.at + timedelta(seconds=one.wait)
        over = instant(raw, until + timedelta(seconds=one.talk if one.answered else 0))
        person = None if h // 31 % 5 == 0 else h // 37 % shape.contacts
        theirs, ours = f"+86138{h // 37 % shape.contacts:08}", f"{400 + h // 41 % QUEUES}"
        yield {
            "id": _BASE + n, "version": 1, "system": "asterisk", "external_id": f"{n}.1",
            "contact_id": None if person is None else shape.contact_ids[person],
            "customer_id": None if person is None else shape.customer_ids[person % shape.customers],
            "owner_id": _FIRST_USER + one.user if one.answered else None, "direction": "in" if one.came else "out",
            "from_number": theirs if one.came else ours, "from_normal": theirs if one.came else "",
            "to_number": ours if one.came else theirs, "to_normal": "" if one.came else theirs,
            "queue_id": _FIRST_QUEUE + h // 41 % QUEUES if one.came else None, "status": "ended", "started_at": at,
            "queued_at": at, "answered_at": instant(raw, until) if one.answered else None, "ended_at": over,
            "seconds": one.wait + one.talk, "talk_seconds": one.talk if one.answered else 0,
            "hold_seconds": h // 43 % 40, "wait_seconds": one.wait, "transfers": int(h // 47 % 12 == 0),
            "answered": one.answered, "abandoned": one.abandoned, "reason": "completed",
            "wrap_code_id": _FIRST_CODE + h // 53 % len(_MEANS) if one.answered and h // 59 % 2 else None,
            "custom": "{}", "details": "{}", "created_at": at, "updated_at": at,
        }  # fmt: skip


def _legs(raw: Raw, count: int) -> Iterator[Mapping[str, Any]]:
    for n in range(count):
        one = _call(n)
        answered = instant(raw, one.at + timedelta(seconds=one.wait)) if one.answered else None
        yield {
            "id": 4 * _BASE + n, "call_id": _BASE + n, "place": 0, "number": f"{200 + one.user}",
            "agent_id": _FIRST_AGENT + one.user, "user_id": _FIRST_USER + one.user, "rang_at": instant(raw, one.at),
            "answered": one.answered, "answered_at": answered,
            "ended_at": instant(raw, one.at + timedelta(seconds=one.wait + one.talk)),
        }  # fmt: skip


def _presence(raw: Raw, count: int) -> Iterator[Mapping[str, Any]]:
    """Yield what agents did around each call; periods may overlap, which no figure asks."""
    states = ("talking", "available", "wrapping", "available", "ringing", "paused")
    for n in range(count):
        one = _call(n)
        state, begun = states[n % len(states)], one.at + timedelta(seconds=n % 3_600, microseconds=n)
        yield {
            "id": 5 * _BASE + n, "agent_id": _FIRST_AGENT + one.user, "state": state,
            "call_id": _BASE + n if state == "wrapping" else None, "from_at": instant(raw, begun),
            "until_at": instant(raw, begun + timedelta(seconds=30 + one.h // 61 % 1_200)),
        }  # fmt: skip


def _callbacks(raw: Raw, count: int) -> Iterator[Mapping[str, Any]]:
    for n in range(0, count, 40):
        one = _call(n)
        done = n % 3 > 0
        yield {
            "id": 7 * _BASE + n, "version": 1, "call_id": _BASE + n, "queue_id": _FIRST_QUEUE + one.h // 41 % QUEUES,
            "owner_id": _FIRST_USER + one.user, "asked_at": instant(raw, one.at),
            "due_at": instant(raw, one.at + timedelta(hours=1)), "status": "done" if done else "open",
            "done_at": instant(raw, one.at + timedelta(minutes=one.h // 67 % 100)) if done else None,
            "attempts": 0, "tries": 0, "created_at": instant(raw, one.at), "updated_at": instant(raw, one.at),
        }  # fmt: skip
