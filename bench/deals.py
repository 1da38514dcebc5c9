"""Opportunities in bulk: a workspace with sales enabled, and a floor's tables that hold the same.

One in five is open. Each has five entries of the journal, a way through the stages and a history of what was stated of
it. Opportunities and their lines are written row by row, as fast as the driver takes them; what follows from them by
statements of the database's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import JSON, Table

from bench import deals_sql
from bench.load import FIRST, START, Shape, day, fill, ids_are_taken, in_bulk, instant, loaded
from bench.place import Place
from bench.raw import Raw
from crmcore.app import App
from crmcore.engine.tables import user_account
from crmcore.lifecycle import enabling

TODAY = date(2026, 11, 22)
STAGES = ("qualification", "needs", "proposal", "negotiation")
REASONS = ("price", "competitor", "product", "delivery", "relationship", "no_budget")
RATES = (("USD", "7.1"), ("EUR", "7.8"))
_REGIONS = ("North", "South", "East", "West", "Central", "Overseas")
_CHANNELS = ("direct", "partner", "web")
_ODDS = (10, 30, 50, 70, 85)
_FIRST_USER, _USERS, _FIRST_PRODUCT, _PRODUCTS, _BASE = 100, 50, 200, 200, 1_000_000
_TABLES = ("sales_opportunity", "sales_line", "sales_passage", "sales_standing", "journal")


@frozen(kw_only=True)
class Deals:
    """A workspace with opportunities: its address, the ids of its customers and those of the open opportunities."""

    url: str
    customer_ids: range
    open_ids: range


def deals(place: Place, count: int) -> Deals:
    """Return a new workspace with so many opportunities, and with the floor's tables holding the same."""
    shape = Shape(customers=max(count // 20, 10), contacts=max(count // 20, 10))
    url = loaded(place, shape)
    app = App(url)
    enabling.enable(app.engine, "sales")
    app.close()
    from crmcore_sales.tables import line, opportunity  # the benchmark runs without sales, too

    raw = Raw(url)
    few(raw)
    with in_bulk(raw, _TABLES):
        fill_rows(raw, opportunity, opportunities(raw, shape, count))
        fill_rows(raw, line, lines(raw, count))
        for statement in deals_sql.following(raw.dialect, 10 * _BASE):
            raw.execute(statement)
        ids_are_taken(raw, 100 * _BASE)
    for statement in deals_sql.floor(raw.dialect):
        raw.execute(statement)
    if raw.dialect == "postgresql":
        raw.execute("VACUUM (ANALYZE)")
    raw.close()
    return Deals(url=url, customer_ids=shape.customer_ids, open_ids=range(_BASE, _BASE + count, 5))


def few(raw: Raw) -> None:
    """Add users, products and rates."""
    from crmcore_sales.tables import product, rate

    now = instant(raw, START)
    fill_rows(raw, user_account, (
        {"id": _FIRST_USER + n, "version": 1, "login": f"rep{n}", "team": f"team{n % 5}", "role": "rep", "active": True,
         "created_at": now, "updated_at": now} for n in range(_USERS)
    ))  # fmt: skip
    fill_rows(raw, product, (
        {"id": _FIRST_PRODUCT + n, "version": 1, "code": f"P{n}", "name": f"Product {n}", "currency": "CNY",
         "active": True, "created_at": now, "updated_at": now} for n in range(_PRODUCTS)
    ))  # fmt: skip
    fill_rows(raw, rate, (
        {"id": 500 + n, "version": 1, "currency": code, "day": day(raw, START.date()), "rate": worth}
        for n, (code, worth) in enumerate(RATES)
    ))  # fmt: skip


def fill_rows(raw: Raw, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows whose other columns are empty."""
    empty = {column.name: _empty(column) for column in table.c}
    fill(raw, table.name, list(empty), (tuple({**empty, **row}.values()) for row in rows))


def opportunities(raw: Raw, shape: Shape, count: int) -> Iterator[Mapping[str, Any]]:
    """Yield opportunities with the customers and contacts of a workspace, won, lost and open."""
    worth = dict([("CNY", "1"), *RATES])
    for n in range(count):
        h = n * 2_654_435_761 % 4_294_967_296  # Knuth's multiplicative hash: spread, and the same in every run
        is_open = n % 5 == 0
        made = TODAY - timedelta(days=h % 300 if is_open else 250 + h % 1_200)
        closed = None if is_open else made + timedelta(days=20 + h // 7 % 200)
        stage = STAGES[h // 11 % 4] if is_open else "won" if h // 13 % 5 < 2 else "lost"
        currency = ("CNY", "CNY", "CNY", "USD", "EUR")[h // 17 % 5]
        yield {
            "id": _BASE + n, "version": 1, "title": f"Deal {n}", "customer_id": FIRST + h % shape.customers,
            "contact_id": shape.contact_ids[h % shape.contacts], "owner_id": _FIRST_USER + h // 19 % _USERS,
            "stage": stage, "status": "open" if is_open else stage, "entered_at": _noon(raw, closed or made),
            "closed_at": _noon(raw, closed), "closed_on": closed and day(raw, closed),
            "amount": amount(raw, 100_000 + h // 23 % 90_000_000), "currency": currency,
            "rate": None if is_open else worth[currency],
            "probability": _ODDS[h // 29 % 5] if is_open else 100 if stage == "won" else 0,
            "need_by": day(raw, closed or TODAY + timedelta(days=h // 31 % 300 - 30)),
            "region": _REGIONS[h // 37 % 6], "channel": _CHANNELS[h // 41 % 3],
            "reason": "" if is_open else REASONS[h // 43 % 6], "created_at": _noon(raw, made),
            "updated_at": _noon(raw, closed or made),
        }  # fmt: skip


def lines(raw: Raw, count: int) -> Iterator[Mapping[str, Any]]:
    """Yield three lines for every two opportunities."""
    for n in range(count * 3 // 2):
        h = n * 2_654_435_761 % 4_294_967_296
        each, quantity = 10_000 + h // 7 % 900_000, 1 + h % 40
        yield {
            "id": 5 * _BASE + n, "version": 1, "opportunity_id": _BASE + n % count,
            "product_id": _FIRST_PRODUCT + h // 11 % _PRODUCTS, "quantity": amount(raw, 100 * quantity),
            "unit_price": amount(raw, each), "amount": amount(raw, each * quantity),
        }  # fmt: skip


def amount(raw: Raw, cents: int) -> Any:
    """Return a sum of money as the database's column takes it."""
    return Decimal(cents).scaleb(-2) if raw.dialect == "postgresql" else cents * 100


def _noon(raw: Raw, when: date | None) -> Any:
    return when and instant(raw, datetime.combine(when, time(4), UTC))


def _empty(column: Any) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        return "[]" if column.name == "skills" else "{}"
    return {str: "", bool: False}.get(column.type.python_type)
