"""Events as they are kept: a row of the table `heard` for each."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.calls.touched import Touched
from crmcore_callcenter.protocol.events import CallEvent, Party
from crmcore_callcenter.tables import heard

_PLAIN = ("direction", "dialled", "how", "reason", "queue", "joins", "url")
_PARTIES = ("caller", "target", "by")
_OF_PARTY = ("number", "name", "device", "agent")


def key_of(event: CallEvent) -> tuple[str, str]:
    """Return the source of an event and the key under which it is kept there: also once its call went on in another."""
    return event.source, "|".join((event.system, event.call, event.key))


def read(reader: AnyReader, touched: Sequence[Touched]) -> None:
    """Read what is kept of the calls, and find what is new of what was heard now: one statement."""
    by_call = {one.call.id: one for one in touched}
    there: dict[int, set[tuple[str, str]]] = {key: set() for key in by_call}
    old = [one.call.id for one in touched if not one.is_new]
    h = heard.c
    wanted = select(h.call_id, h.source, h.key, h.kind, h.at, h.data).where(h.call_id.in_(old)).order_by(h.id)
    for row in reader.rows(wanted) if old else ():
        there[row.call_id].add((row.source, row.key))
        if row.data:
            by_call[row.call_id].events.append(event_of(row.source, row.kind, row.at, row.data))
    for one in touched:
        one.fresh = [event for event in one.group.events if key_of(event) not in there[one.call.id]]
        one.events += one.fresh


def rows_of(one: Touched) -> Iterator[dict[str, Any]]:
    """Yield the rows of what is new of a call; of one with somebody erased only what happened, not with whom."""
    for event in one.fresh:
        source, key = key_of(event)
        data = {} if one.is_erased else _said(event)
        yield {"source": source, "key": key, "kind": event.kind, "at": event.at, "data": data}


def _said(event: CallEvent) -> dict[str, Any]:
    """Return what an event says, but for what is empty."""
    data: dict[str, Any] = {"system": event.system, "call": event.call, "key": event.key}
    for name in _PLAIN:
        if value := getattr(event, name):
            data[name] = value
    for name in _PARTIES:
        party = getattr(event, name)
        if party is not None:
            data[name] = {part: value for part in _OF_PARTY if (value := getattr(party, part))}
    if event.ids:
        data["ids"] = list(event.ids)
    if event.details:
        data["details"] = dict(event.details)
    return data


def event_of(source: str, kind: str, at: datetime | None, data: dict[str, Any]) -> CallEvent:
    """Return the event of a row."""
    parties: dict[str, Any] = {name: Party(**data[name]) for name in _PARTIES if name in data}
    plain: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data}
    return CallEvent(
        system=data["system"], source=source, call=data["call"], kind=kind, key=data["key"], at=at,
        ids=tuple(data.get("ids", ())), details=data.get("details", {}), **plain, **parties,
    )  # fmt: skip
