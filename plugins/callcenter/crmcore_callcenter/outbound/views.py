"""Calling lists and the people on them, as lists and programs see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, select

from crmcore.api import NotFound, PluginReader, Reader, logins, names, tables
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import calling_list, entry, script

AnyReader = Reader | PluginReader
_LIST = ("id", "code", "name", "purpose", "about", "condition", "status", "most_attempts", "retry_minutes", "team")
_ENTRY = ("id", "number", "status", "result", "why", "attempts", "taken_at", "next_at", "call_id")


@frozen(kw_only=True)
class Named:
    """A record and what it is called."""

    id: int
    name: str


@frozen(kw_only=True)
class ListView:
    """A calling list; `people` counts who is on it, by how far that is."""

    id: int
    code: str
    name: str
    purpose: str
    about: str
    condition: str
    status: str
    most_attempts: int
    retry_minutes: int
    team: str
    script: Named | None
    owner: str
    people: Mapping[str, int]


@frozen(kw_only=True)
class EntryView:
    """Somebody on a calling list: `why` they are not called, and `next_at` until when."""

    id: int
    list: Named
    contact: Named | None
    customer: Named | None
    number: str
    status: str
    result: str
    why: str
    agent: str
    attempts: int
    taken_at: datetime | None
    next_at: datetime | None
    call_id: int | None
    known: Mapping[str, str]


def lists(reader: AnyReader, *, limit: int, after: int | None = None, status: str = "") -> list[ListView]:
    """Return lists in the order of their ids, after one of them: four statements."""
    c = calling_list.c
    wanted = select(calling_list).where(c.id > (after or 0)).order_by(c.id).limit(limit)
    return _lists(reader, wanted.where(c.status == status) if status else wanted)


def one_list(reader: AnyReader, list_id: int) -> ListView:
    """Return a list; raises `NotFound`."""
    found = _lists(reader, select(calling_list).where(calling_list.c.id == list_id))
    if not found:
        raise NotFound(_("There is no calling list {id}.").format(id=list_id))
    return found[0]


def _lists(reader: AnyReader, statement: Select[Any]) -> list[ListView]:
    rows, e = reader.rows(statement), entry.c
    counted = select(e.list_id, e.status, func.count().label("n")).where(e.list_id.in_([row.id for row in rows]))
    people: dict[int, dict[str, int]] = defaultdict(dict)
    for each in reader.rows(counted.group_by(e.list_id, e.status)):
        people[each.list_id][each.status] = each.n
    scripts = _called(reader, script, [row.script_id for row in rows])
    owners = logins(reader, [row.owner_id for row in rows])
    return [
        ListView(
            **{name: row._mapping[name] for name in _LIST},
            script=_named(scripts, row.script_id),
            owner=owners.get(row.owner_id, ""),
            people=people[row.id],
        )
        for row in rows
    ]


def entries(
    reader: AnyReader, list_id: int, *, limit: int, after: int | None = None, status: str = ""
) -> list[EntryView]:
    """Return who is on a list, in the order of the entries, after one of them: five statements."""
    e = entry.c
    wanted = select(entry).where(e.list_id == list_id, e.id > (after or 0)).order_by(e.id).limit(limit)
    return _entries(reader, wanted.where(e.status == status) if status else wanted)


def one_entry(reader: AnyReader, entry_id: int) -> EntryView:
    """Return an entry; raises `NotFound`."""
    found = _entries(reader, select(entry).where(entry.c.id == entry_id))
    if not found:
        raise NotFound(_("There is no entry “{text}” on a calling list.").format(text=entry_id))
    return found[0]


def _entries(reader: AnyReader, statement: Select[Any]) -> list[EntryView]:
    rows = reader.rows(statement)
    on = _called(reader, calling_list, [row.list_id for row in rows])
    people = names(reader, tables.contact, [row.contact_id for row in rows])
    firms = names(reader, tables.customer, [row.customer_id for row in rows])
    agents = logins(reader, [row.owner_id for row in rows])
    return [
        EntryView(
            **{name: row._mapping[name] for name in _ENTRY},
            list=Named(id=row.list_id, name=on.get(row.list_id, "")),
            contact=_named(people, row.contact_id),
            customer=_named(firms, row.customer_id),
            agent=agents.get(row.owner_id, ""),
            known={str(name): str(text) for name, text in (row.details or {}).get("known", {}).items()},
        )
        for row in rows
    ]


def _called(reader: AnyReader, table: Any, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    rows = reader.rows(select(table.c.id, table.c.name).where(table.c.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in rows}


def _named(known: Mapping[int, str], key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None
