"""Filling a workspace with much data, past the transaction: straight into crmcore's tables, as fast as it goes.

Ids are given out in order: customers, contacts, then the rest. Every contact has a position, an e-mail address and a
telephone number; interactions come in the order of time, each with the next customer, so that those of one customer
lie far apart, as they do in life.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from attrs import frozen

from bench import data, floor
from bench.place import Place, workspace
from bench.raw import Raw
from crmcore.model.names import name_key, search_text, sort_key
from crmcore.model.points import normalise
from crmcore.search.terms import terms

FIRST = 1_000
"""The id of the first customer."""
HIDDEN = 900
"""The id of a private contact that is not the reader's: every workspace has one some day, and queries leave it out."""
START = datetime(2016, 1, 4, 8, tzinfo=UTC)
_CHUNK = 20_000
_LOADED = ("customer", "contact", "position", "contact_point", "interaction", "task", "name_index")


@frozen(kw_only=True)
class Shape:
    """How many of each to load; ids of customers and contacts follow from it."""

    customers: int
    contacts: int
    interactions: int = 0
    tasks: int = 0

    @property
    def contact_ids(self) -> range:
        """The ids of the contacts."""
        start = FIRST + self.customers
        return range(start, start + self.contacts)

    @property
    def customer_ids(self) -> range:
        """The ids of the customers."""
        return range(FIRST, FIRST + self.customers)


def loaded(place: Place, shape: Shape) -> str:
    """Return the address of a new workspace with that data, and with the floor's tables holding the same."""
    url = workspace(place)
    raw = Raw(url)
    with in_bulk(raw, _LOADED):
        _customers(raw, shape)
        _contacts(raw, shape)
        _interactions(raw, shape)
        _tasks(raw, shape)
        ids_are_taken(raw, 10 * (shape.customers + shape.contacts) + shape.interactions + shape.tasks + 10_000)
    floor.copy(raw)
    raw.close()
    return url


def _customers(raw: Raw, shape: Shape) -> None:
    now = instant(raw, START)
    names = list(data.companies(shape.customers))
    columns = ("id", "version", "name", "kind", "private", "details", "created_at", "updated_at",
               "sort_key", "name_key", "search")  # fmt: skip
    rows = (
        (key, 1, name, "organisation", False, "{}", now, now, sort_key(name), name_key(name), search_text(name))
        for key, name in zip(shape.customer_ids, names, strict=True)
    )
    fill(raw, "customer", columns, rows)
    _fill_names(raw, zip(shape.customer_ids, names, strict=True))


def _contacts(raw: Raw, shape: Shape) -> None:
    now = instant(raw, START)
    columns = ("id", "version", "name", "private", "details", "owner_id", "created_at", "updated_at",
               "sort_key", "name_key", "search")  # fmt: skip
    fill(raw, "contact", columns, (
        (key, 1, name, False, "{}", 1, now, now, sort_key(name), name_key(name), search_text(name))
        for key, name in zip(shape.contact_ids, data.people(shape.contacts), strict=True)
    ))  # fmt: skip
    _fill_names(raw, zip(shape.contact_ids, data.people(shape.contacts), strict=True))
    fill(raw, "contact", columns, [(HIDDEN, 1, "Zoe Quist", True, "{}", None, now, now, "quist zoe", "quist zoe",
                                     "zoe quist")])  # fmt: skip
    base = shape.contact_ids.stop
    fill(raw, "position", ("id", "version", "contact_id", "customer_id", "title"), (
        (base + place, 1, key, FIRST + place % shape.customers, "Buyer") for place, key in enumerate(shape.contact_ids)
    ))  # fmt: skip
    points = ("id", "version", "contact_id", "kind", "value", "normal", "preferred")
    fill(raw, "contact_point", points, _points(shape, base + shape.contacts))


def _points(shape: Shape, base: int) -> Iterator[Sequence[Any]]:
    for place, key in enumerate(shape.contact_ids):
        mail, phone = data.address(place), data.number(place)
        yield base + 2 * place, 1, key, "email", mail, normalise("email", mail), False
        yield base + 2 * place + 1, 1, key, "phone", phone, normalise("phone", phone, "CN"), False


def _interactions(raw: Raw, shape: Shape) -> None:
    columns = ("id", "version", "channel", "customer_id", "contact_id", "user_id", "direction", "at", "zone", "subject",
               "body", "private", "details", "created_at", "updated_at", "moment")  # fmt: skip
    fill(raw, "interaction", columns, _interaction_rows(raw, shape))


def _interaction_rows(raw: Raw, shape: Shape) -> Iterator[Sequence[Any]]:
    base = FIRST + 10 * (shape.customers + shape.contacts)
    step = timedelta(days=3600) / max(shape.interactions, 1)
    channels = ("email", "call", "meeting", "email", "message")
    contacts = shape.contact_ids
    for place in range(shape.interactions):
        at = instant(raw, START + step * place)
        customer = place * 7919 % shape.customers  # 7919 is a prime: neighbours in time are none in the table
        contact = contacts[(customer + shape.customers * (place // shape.customers % 2)) % shape.contacts]
        yield (base + place, 1, channels[place % 5], FIRST + customer, contact, 1, "in" if place % 2 else "out", at,
               "Asia/Shanghai", f"About order {place}", "We talked about the delivery and the price. " * 2, False, "{}",
               at, at, at)  # fmt: skip


def _tasks(raw: Raw, shape: Shape) -> None:
    base = FIRST + 10 * (shape.customers + shape.contacts) + shape.interactions
    columns = ("id", "version", "kind", "subject", "due", "status", "owner_id", "contact_id", "customer_id",
               "created_at", "updated_at")  # fmt: skip
    now = instant(raw, START)
    fill(raw, "task", columns, (
        (base + place, 1, "promise" if place % 3 == 0 else "task", f"Send papers {place}",
         day(raw, date(2026, 1, 1) + timedelta(days=place % 300)), "open" if place % 2 else "done", 1,
         shape.contact_ids[place % shape.contacts], FIRST + place // 2 % shape.customers, now, now)
        for place in range(shape.tasks)
    ))  # fmt: skip


def _fill_names(raw: Raw, names: Iterable[tuple[int, str]]) -> None:
    found = ((key, terms(search_text(name))) for key, name in names)
    if raw.dialect == "sqlite":
        fill(raw, "name_index", ("rowid", "terms"), ((key, " ".join(each)) for key, each in found))
    else:
        statement = "INSERT INTO name_index (id, terms) VALUES (%s, array_to_tsvector(%s))"
        while chunk := list(islice(found, _CHUNK)):
            raw.many(statement, chunk)


def fill(raw: Raw, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows: by executemany in SQLite, by COPY in PostgreSQL."""
    if raw.dialect == "postgresql":
        with raw.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    raw.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


@contextmanager
def in_bulk(raw: Raw, tables: Sequence[str]) -> Iterator[None]:
    """Load tables without indexes, checks of references and care for a crash; indexes are made at the end."""
    if raw.dialect == "sqlite":
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
            raw.execute(f"PRAGMA {pragma}")
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?"
    else:
        raw.execute("SET session_replication_role = replica")
        found = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint WHERE conname = indexname)"
        )
    indexes = [row for table in tables for row in raw.execute(found, (table,)).fetchall()]
    for name, _statement in indexes:
        raw.execute(f"DROP INDEX {name}")
    raw.execute(raw.begin)
    yield
    raw.execute("COMMIT")
    for _name, statement in indexes:
        raw.execute(statement)
    if raw.dialect == "sqlite":
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            raw.execute(f"PRAGMA {pragma}")
    else:
        raw.execute("SET session_replication_role = DEFAULT")


def ids_are_taken(raw: Raw, up_to: int) -> None:
    """Let the workspace give out only ids after that one."""
    if raw.dialect == "sqlite":
        raw.execute("UPDATE counter SET next = ? WHERE name = 'id'", (up_to,))
    else:
        raw.execute("SELECT setval('crm_id', %s)", (up_to,))


def instant(raw: Raw, at: datetime) -> Any:
    """Return an instant as the database's column takes it."""
    return at if raw.dialect == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")


def day(raw: Raw, when: date) -> Any:
    """Return a date as the database's column takes it."""
    return when if raw.dialect == "postgresql" else when.isoformat()
