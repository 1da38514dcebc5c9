"""Callers in bulk: a workspace with the call centre enabled, whose people and companies have 1.2 numbers each.

Everybody has a number of their own; one in ten a second one, which two share; a company has a switchboard, at which one
in twenty of its people has an extension. Half have talked with us. One person is private to somebody else, so every
query leaves some out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import frozen

from bench import data
from bench.deals import fill_rows
from bench.load import HIDDEN, START, Shape, fill, ids_are_taken, in_bulk, instant
from bench.place import Place, workspace
from bench.raw import Raw
from crmcore.app import App
from crmcore.engine.tables import contact, customer
from crmcore.lifecycle import enabling

_TABLES = ("customer", "contact", "position", "contact_point", "interaction")
_KEYS = ("sort_key", "name_key", "search")
_POSITIONS, _POINTS, _TALKS, _END = (n * 10_000_000 for n in (1, 2, 4, 6))


@frozen(kw_only=True)
class Callers:
    """A workspace whose people have numbers, and how many of each."""

    url: str
    shape: Shape
    points: int

    def asked(self, count: int) -> list[str]:
        """Return numbers that ring: of people, shared ones, switchboards and unknown ones, from all over."""
        people, companies = self.shape.contacts, self.shape.customers
        kinds = (own, own, own, shared, switchboard, unknown)
        return [kinds[n % 6](n * 7_919 % (companies if kinds[n % 6] is switchboard else people)) for n in range(count)]


def own(place: int) -> str:
    """Return somebody's own number."""
    return f"+86138{place:08}"


def shared(place: int) -> str:
    """Return the number that somebody may share with another; one in ten has one."""
    return f"+86139{place // 20 * 20:08}"


def switchboard(place: int) -> str:
    """Return the number of a company."""
    return f"+8621{place:08}"


def unknown(place: int) -> str:
    """Return a number that nobody has."""
    return f"+86137{place:08}"


def called(place: Place, contacts: int) -> Callers:
    """Return a new workspace with so many contacts."""
    shape = Shape(customers=max(contacts // 10, 1), contacts=contacts)
    url = workspace(place)
    app = App(url)
    enabling.enable(app.engine, "callcenter")
    app.close()
    raw = Raw(url)
    at = instant(raw, START)
    stamps = {"version": 1, "created_at": at, "updated_at": at}
    points = list(_points(shape))
    with in_bulk(raw, _TABLES):
        fill_rows(raw, customer, (
            {"id": key, "name": name, "kind": "organisation", **dict.fromkeys(_KEYS, name), **stamps}
            for key, name in zip(shape.customer_ids, data.companies(shape.customers), strict=True)
        ))  # fmt: skip
        fill_rows(raw, contact, _people(shape, stamps))
        fill(raw, "position", ("id", "version", "contact_id", "customer_id"), (
            (_POSITIONS + n, 1, key, shape.customer_ids[n % shape.customers])
            for n, key in enumerate(shape.contact_ids)
        ))  # fmt: skip
        columns = ("id", "version", "contact_id", "customer_id", "kind", "value", "normal", "preferred")
        fill(raw, "contact_point", columns, (
            (_POINTS + n, 1, person, company, "phone", number, number, False)
            for n, (person, company, number) in enumerate(points)
        ))  # fmt: skip
        _talks(raw, shape)
        ids_are_taken(raw, _END)
    raw.execute("VACUUM (ANALYZE)" if raw.dialect == "postgresql" else "ANALYZE")
    raw.close()
    return Callers(url=url, shape=shape, points=len(points))


def _people(shape: Shape, stamps: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    names = data.people(shape.contacts + 1)
    for key, name in zip((HIDDEN, *shape.contact_ids), names, strict=True):
        yield {"id": key, "name": name, "private": key == HIDDEN, **dict.fromkeys(_KEYS, name.lower()), **stamps}


def _points(shape: Shape) -> Iterator[tuple[int | None, int | None, str]]:
    for place, key in enumerate(shape.contact_ids):
        yield key, None, own(place)
        if place % 20 in {0, 1}:
            yield key, None, shared(place)
        if place % 20 == 2:
            yield key, None, f"{switchboard(place % shape.customers)};ext={place % 1_000}"
    for place, key in enumerate(shape.customer_ids):
        yield None, key, switchboard(place)


def _talks(raw: Raw, shape: Shape) -> None:
    columns = ("id", "version", "channel", "customer_id", "contact_id", "user_id", "direction", "at", "zone", "subject",
               "private", "details", "created_at", "updated_at", "moment")  # fmt: skip

    def rows() -> Iterator[Sequence[Any]]:
        for n in range(shape.contacts // 2):
            at = instant(raw, START + timedelta(minutes=n))
            person = n * 7_919 % shape.contacts  # a prime: neighbours in time are none in the table
            yield (_TALKS + n, 1, "call" if n % 2 else "email", shape.customer_ids[person % shape.customers],
                   shape.contact_ids[person], 1, "in" if n % 3 else "out", at, "Asia/Shanghai", f"About order {n}",
                   False, "{}", at, at, at)  # fmt: skip

    fill(raw, "interaction", columns, rows())
