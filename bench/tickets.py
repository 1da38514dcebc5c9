"""Tickets in bulk: a workspace with service enabled, three years of tickets, their threads, costs and gains.

One in ten is open, one in twenty of those late. Twenty queues; a customer for every twenty tickets. Each ticket has two
posts, one cost, and one in fifty a gain; one person is private to somebody else, so every query leaves some out.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen

from bench import data
from bench.deals import TODAY, amount, fill_rows
from bench.load import FIRST, HIDDEN, Shape, day, fill, ids_are_taken, in_bulk, instant
from bench.place import Place, workspace
from bench.raw import Raw
from crmcore.app import App
from crmcore.engine.tables import contact, customer, position
from crmcore.lifecycle import enabling

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
QUEUES = 20
_FIRST_QUEUE, _FIRST_CATEGORY, _FIRST_ASSET, _LEVEL, _BASE = 100, 200, 10_000_000, 99, 100_000_000
_KEYS = ("sort_key", "name_key", "search")
_TABLES = ("customer", "contact", "position", "service_ticket", "service_post", "service_cost", "service_gain",
           "service_asset")  # fmt: skip
_DAYS = 1_095


@frozen(kw_only=True)
class Tickets:
    """A workspace with tickets: its address, how many, and the ids of its queues, contacts and customers."""

    url: str
    count: int
    queue_ids: range
    contact_ids: range
    customer_ids: range


def ticketed(place: Place, count: int) -> Tickets:
    """Return a new workspace with so many tickets."""
    shape = Shape(customers=max(count // 20, 10), contacts=max(count // 10, 20))
    url = workspace(place)
    app = App(url)
    enabling.enable(app.engine, "service")
    app.close()
    from crmcore_service import tables  # the benchmark runs without service, too

    raw = Raw(url)
    now = instant(raw, NOW)
    stamps = {"version": 1, "created_at": now, "updated_at": now}
    fill_rows(raw, tables.level, [{"id": _LEVEL, "name": "Usual", "pauses": "[]", **stamps}])
    fill_rows(raw, tables.queue, (
        {"id": _FIRST_QUEUE + n, "name": f"Queue {n}", "code": f"Q{n}", "level_id": _LEVEL, "active": True, **stamps}
        for n in range(QUEUES)
    ))  # fmt: skip
    fill_rows(raw, tables.category, ({"id": _FIRST_CATEGORY + n, "name": f"Kind {n}", **stamps} for n in range(40)))
    with in_bulk(raw, _TABLES):
        _people(raw, shape, stamps)
        fill_rows(raw, tables.asset, (
            {"id": _FIRST_ASSET + n, "product": f"Model {n % 30}", "status": "active", **stamps,
             "customer_id": shape.customer_ids[n % shape.customers]} for n in range(shape.customers)
        ))  # fmt: skip
        fill_rows(raw, tables.ticket, _tickets(raw, shape, count))
        columns = ("id", "ticket_id", "interaction_id", "at", "direction", "channel", "message_id", "why", "automatic")
        fill(raw, "service_post", columns, _posts(raw, count))
        fill_rows(raw, tables.cost, _costs(raw, shape, count))
        fill_rows(raw, tables.gain, _gains(raw, shape, count))
        ids_are_taken(raw, 20 * _BASE)
    raw.execute("VACUUM (ANALYZE)" if raw.dialect == "postgresql" else "ANALYZE")
    raw.close()
    return Tickets(
        url=url, count=count, queue_ids=range(_FIRST_QUEUE, _FIRST_QUEUE + QUEUES), contact_ids=shape.contact_ids,
        customer_ids=shape.customer_ids,
    )  # fmt: skip


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


def _spread(n: int) -> int:
    return n * 2_654_435_761 % 4_294_967_296  # Knuth's multiplicative hash: spread, and the same in every run


def opened(n: int) -> datetime:
    """Return when the nth ticket was opened: open ones within two months, the others in three years."""
    days = 60 if n % 10 == 0 else _DAYS
    return NOW - timedelta(minutes=_spread(n) // 3 % (days * 24 * 60))


def _tickets(raw: Raw, shape: Shape, count: int) -> Iterator[Mapping[str, Any]]:
    priorities, channels = ("P1", "P2", "P3", "P3", "P4"), ("email", "call", "form", "email")
    for n in range(count):
        h, at, is_open = _spread(n), opened(n), n % 10 == 0
        person = h % shape.contacts
        answered = None if is_open and h // 7 % 3 == 0 else at + timedelta(minutes=h // 11 % 300)
        resolved = None if is_open else at + timedelta(minutes=60 + h // 13 % (6 * 24 * 60))
        is_late = is_open and h // 17 % 20 == 0
        due = at + timedelta(days=3) if not is_open else NOW + timedelta(hours=h // 19 % 200 - (400 if is_late else 0))
        yield {
            "id": _BASE + n, "version": 1, "subject": f"Request {n}", "contact_id": shape.contact_ids[person],
            "customer_id": shape.customer_ids[person % shape.customers], "channel": channels[h // 23 % 4],
            "queue_id": _FIRST_QUEUE + h // 29 % QUEUES, "category_id": _FIRST_CATEGORY + h // 31 % 40,
            "priority": priorities[h // 37 % 5], "status": "open" if is_open else "closed",
            "owner_id": None if n % 70 == 0 else 1,
            "level_id": _LEVEL, "asset_id": _FIRST_ASSET + h // 41 % shape.customers if h % 4 else None,
            "opened_at": instant(raw, at), "entered_at": instant(raw, at),
            "assigned_at": None if n % 70 == 0 else instant(raw, at),
            "responded_at": answered and instant(raw, answered), "resolved_at": resolved and instant(raw, resolved),
            "closed_at": resolved and instant(raw, resolved + timedelta(days=7)),
            "response_due": instant(raw, at + timedelta(hours=4) if answered else due),
            "resolution_due": instant(raw, due), "remaining": "{}", "reopened": int(h // 43 % 12 == 0),
            "at_risk": False, "custom": "{}", "details": "{}", "created_at": instant(raw, at),
            "updated_at": instant(raw, at),
        }  # fmt: skip


def _posts(raw: Raw, count: int) -> Iterator[tuple[Any, ...]]:
    for n in range(count):
        at = opened(n)
        for nth in range(2):
            key = 3 * _BASE + 2 * n + nth
            direction = "in" if nth == 0 or n % 5 == 0 else "out"
            yield key, _BASE + n, key, instant(raw, at + timedelta(hours=nth)), direction, "email", "", "", False


def _costs(raw: Raw, shape: Shape, count: int) -> Iterator[Mapping[str, Any]]:
    what = ("labour", "labour", "labour", "parts", "travel")
    for n in range(count):
        h, at = _spread(n), opened(n)
        yield {
            "id": 6 * _BASE + n, "version": 1, "day": day(raw, at.date()), "what": what[h // 7 % 5],
            "amount": amount(raw, 5_000 + h % 90_000), "currency": "CNY", "rate": "1",
            "worth": amount(raw, 5_000 + h % 90_000), "minutes": h // 11 % 200, "user_id": 1, "ticket_id": _BASE + n,
            "customer_id": shape.customer_ids[h % shape.contacts % shape.customers], "created_at": instant(raw, at),
            "updated_at": instant(raw, at),
        }  # fmt: skip


def _gains(raw: Raw, shape: Shape, count: int) -> Iterator[Mapping[str, Any]]:
    kinds, states = ("renewal", "renewal", "save", "sale"), ("confirmed", "confirmed", "claimed", "rejected")
    for n in range(0, count, 50):
        h, at = _spread(n), opened(n)
        yield {
            "id": 8 * _BASE + n, "version": 1, "kind": kinds[h // 7 % 4], "status": states[h // 11 % 4],
            "ticket_id": _BASE + n, "customer_id": FIRST + h % shape.contacts % shape.customers,
            "entity": "service_contract", "record_id": 15 * _BASE + n, "amount": amount(raw, 1_000_000 + h % 9_000_000),
            "currency": "CNY", "rate": "1", "worth": amount(raw, 1_000_000 + h % 9_000_000),
            "day": day(raw, min(at.date() + timedelta(days=30), TODAY)), "created_at": instant(raw, at),
            "updated_at": instant(raw, at),
        }  # fmt: skip
