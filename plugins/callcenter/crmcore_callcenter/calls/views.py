"""Calls as lists and programs see them. Set-wise, bounded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, Subquery, select

from crmcore.api import tables
from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.calls.whom import MATCHES
from crmcore_callcenter.calls.writing import QUEUE, RECORDINGS
from crmcore_callcenter.tables import agent, call, call_key, heard, leg, queue, wrap_code


@frozen(kw_only=True)
class Named:
    """A record by id and name."""

    id: int
    name: str


@frozen(kw_only=True)
class LegView:
    """Somebody who was rung in a call; `answered` says whether they talked, `transfer` how the call came to them."""

    number: str
    name: str
    agent: str
    device: str
    rang_at: datetime | None
    answered: bool
    answered_at: datetime | None
    ended_at: datetime | None
    reason: str
    transfer: str


@frozen(kw_only=True)
class CallView:
    """A call as listed; seconds are None where they are not known. `talked_to` are who talked with the caller."""

    id: int
    external_ids: Sequence[str]
    system: str
    direction: str
    from_number: str
    from_name: str
    to_number: str
    status: str
    answered: bool
    talked_to: Sequence[str]
    started_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    talk_seconds: int | None
    hold_seconds: int
    wait_seconds: int | None
    transfers: int
    queue: str
    abandoned: bool
    reason: str
    interaction: int | None
    contact: Named | None
    customer: Named | None
    matches: int
    agent: str
    wrap_up: str
    wrapped_at: datetime | None
    recording: str
    legs: Sequence[LegView]
    custom: Mapping[str, Any]
    details: Mapping[str, Any]
    source: str
    version: int
    created_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Told:
    """An event of a call as a source told it."""

    at: datetime | None
    source: str
    kind: str
    data: Mapping[str, Any]


_SAME = (
    "id", "system", "direction", "from_number", "from_name", "to_number", "status", "answered", "started_at",
    "queued_at", "answered_at", "ended_at", "seconds", "talk_seconds", "hold_seconds", "wait_seconds", "transfers",
    "abandoned", "reason", "wrapped_at", "recording", "custom", "details", "source", "version", "created_at",
    "updated_at",
)  # fmt: skip


def views(reader: AnyReader, wanted: Select[Any]) -> list[CallView]:
    """Return the calls whose ids a statement selects, the latest first: three statements, however many there are."""
    c, person, firm, user = call.c, tables.contact.c, tables.customer.c, tables.user_account.c
    ids = wanted.subquery("wanted")
    rows = reader.rows(
        select(
            *(c[name] for name in _SAME),
            c.interaction_id, c.contact_id, c.customer_id,
            person.name.label("contact_name"), firm.name.label("customer_name"), queue.c.name.label("queue_name"),
            wrap_code.c.name.label("wrap_name"), user.login.label("login"),
        )
        .select_from(
            call.join(ids, ids.c.id == c.id)
            .outerjoin(tables.contact, person.id == c.contact_id)
            .outerjoin(tables.customer, firm.id == c.customer_id)
            .outerjoin(queue, queue.c.id == c.queue_id)
            .outerjoin(wrap_code, wrap_code.c.id == c.wrap_code_id)
            .outerjoin(tables.user_account, user.id == c.owner_id)
        )
        .order_by(c.started_at.desc(), c.id.desc())
    )  # fmt: skip
    legs, values = (_legs(reader, ids), _keys(reader, ids)) if rows else ({}, {})
    return [_view(row, legs.get(row.id, ()), values.get(row.id, ())) for row in rows]


def view(reader: AnyReader, call_id: int) -> CallView:
    """Return a call that is there."""
    return views(reader, select(call.c.id).where(call.c.id == call_id))[0]


def events(reader: AnyReader, call_id: int, limit: int = 1_000) -> list[Told]:
    """Return what was heard of a call, in the order of time: one statement."""
    h = heard.c
    wanted = select(h.at, h.source, h.kind, h.data).where(h.call_id == call_id).order_by(h.at, h.id).limit(limit)
    return [Told(at=row.at, source=row.source, kind=row.kind, data=row.data) for row in reader.rows(wanted)]


def _view(row: Any, legs: Sequence[LegView], keys: Sequence[str]) -> CallView:
    values = {name: getattr(row, name) for name in _SAME}
    if not row.recording:  # hidden from the actor, if there is one
        values["details"] = {name: value for name, value in row.details.items() if name != RECORDINGS}
    return CallView(
        **values,
        external_ids=keys,
        talked_to=talked_to(legs),
        queue=row.queue_name or row.details.get(QUEUE, ""),
        interaction=row.interaction_id,
        contact=_named(row.contact_id, row.contact_name),
        customer=_named(row.customer_id, row.customer_name),
        matches=row.details.get(MATCHES, 0),
        agent=row.login or "",
        wrap_up=row.wrap_name or "",
        legs=legs,
    )


def talked_to(legs: Sequence[LegView]) -> list[str]:
    """Return the numbers of those who talked, in the order in which they began to, each once."""
    talked = [one for one in legs if one.answered]
    begun = [one.answered_at for one in talked if one.answered_at is not None]
    if len(begun) == len(talked):
        talked = [one for _at, _place, one in sorted(zip(begun, range(len(talked)), talked, strict=True))]
    return list(dict.fromkeys(one.number or one.name or one.device for one in talked))


def _legs(reader: AnyReader, ids: Subquery) -> dict[int, list[LegView]]:
    one, who = leg.c, agent.c
    wanted = (
        select(leg, who.name.label("agent_name"), who.extension)
        .select_from(ids.join(leg, one.call_id == ids.c.id).outerjoin(agent, who.id == one.agent_id))
        .order_by(one.call_id, one.place)
    )
    found: dict[int, list[LegView]] = defaultdict(list)
    for row in reader.rows(wanted):
        found[row.call_id].append(
            LegView(
                number=row.number or row.extension or "", name=row.name, agent=row.agent_name or "", device=row.device,
                rang_at=row.rang_at, answered=row.answered, answered_at=row.answered_at, ended_at=row.ended_at,
                reason=row.reason, transfer=row.transfer,
            )
        )  # fmt: skip
    return found


def _keys(reader: AnyReader, ids: Subquery) -> dict[int, list[str]]:
    k = call_key.c
    found: dict[int, list[str]] = defaultdict(list)
    theirs = select(k.call_id, k.value).select_from(ids.join(call_key, k.call_id == ids.c.id))
    for row in reader.rows(theirs.order_by(k.id)):
        found[row.call_id].append(row.value)
    return found


def _named(key: int | None, name: str | None) -> Named | None:
    return Named(id=key, name=name) if key is not None and name is not None else None
