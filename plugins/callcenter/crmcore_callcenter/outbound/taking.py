"""Whom an agent calls next: each entry is one agent's, and policy is asked at that moment (rows S1-01, S1-V15)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from attrs import field, frozen
from sqlalchemy import ColumnElement, Select, and_, or_, select

from crmcore.api import Act, Decision, InvalidInput, Objection, Transaction, tables
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.outbound import CallingList, ListEntry
from crmcore_callcenter.outbound.lists import OPEN
from crmcore_callcenter.tables import calling_list, entry

HELD = timedelta(hours=1)
"""Who took somebody, and did not call or end it for so long, has given them back."""
WAITING, CALLING, SKIPPED, DONE, EXHAUSTED = "waiting", "calling", "skipped", "done", "exhausted"
_CHUNK, _CHUNKS, _LISTS = 50, 40, 50
_CORE = "core."


@frozen(kw_only=True)
class LeftOut:
    """Somebody who is not called now: why, and until when."""

    entry_id: int
    contact_id: int | None
    why: str
    until: datetime


@frozen(kw_only=True)
class Next:
    """Whom to call: an entry, and what speaks against it without hindering it; `again` if it was theirs already.

    `left_out` are those who were passed over for it, with the reason. Without an entry there is nobody now; or `more`
    are left, of whom it is not known yet: so many were passed over at once.
    """

    entry_id: int | None = None
    list_id: int | None = None
    warnings: Sequence[str] = ()
    left_out: Sequence[LeftOut] = field(factory=list)
    again: bool = False
    more: bool = False


def take(tx: Transaction, list_id: int | None, user_id: int, *, anyway: bool = False) -> Next:
    """Give an agent the next to call on a list, or on any that is open to them, who may be called now.

    Whoever policy speaks against is left out until that is over, or is asked about again after the list's minutes. What
    another part of the business only warns of, such as an open ticket, counts too, unless it is said `anyway`: nobody
    chose this person for a reason of their own. What the core warns of, no consent recorded yet, is for the agent to
    know. Two agents never get the same one: a list is one agent's while this lasts. Who was promised a call, or is
    tried again, comes first.
    Raises `InvalidInput` for a list that is paused or closed.
    """
    held = _held(tx, list_id, user_id)
    if held is not None:
        return Next(entry_id=held.id, list_id=held.list_id, again=True)
    left_out: list[LeftOut] = []
    for key in [list_id] if list_id is not None else _lists(tx):
        tx.lock(CallingList, key)
        held = _held(tx, list_id, user_id)
        if held is not None:  # who asked twice at once has somebody by now
            return Next(entry_id=held.id, list_id=held.list_id, left_out=left_out, again=True)
        of = tx.get(CallingList, key)
        if of.status != OPEN:
            raise InvalidInput(_("List “{name}” is {status}.").format(name=of.name, status=_(of.status)))
        for some in _due(tx, key):
            found = _first(tx, of, some, user_id, anyway, left_out)
            if found is not None:
                return found
    return Next(left_out=left_out, more=len(left_out) >= _CHUNK * _CHUNKS)


def _held(tx: Transaction, list_id: int | None, user_id: int) -> ListEntry | None:
    e = entry.c
    mine = select(e.id).where(e.owner_id == user_id, e.status == CALLING, e.taken_at > tx.now - HELD)
    if list_id is not None:
        mine = mine.where(e.list_id == list_id)
    found = tx.value(mine.order_by(e.taken_at).limit(1))
    return None if found is None else tx.get(ListEntry, int(found))


def _lists(tx: Transaction) -> list[int]:
    """Return the open lists of everybody, the agent's team or their own, on which somebody waits; the oldest first."""
    c, e = calling_list.c, entry.c
    theirs = or_(c.team == "", c.team == tx.actor.team, c.owner_id == tx.actor.user_id)
    waiting = select(e.id).where(e.list_id == c.id, or_(*_ways(tx.now))).exists()
    rows = tx.rows(select(c.id).where(c.status == "open", theirs, waiting).order_by(c.id).limit(_LISTS))
    return [row.id for row in rows]


def _ways(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of those who can be called: tried again or promised, not tried yet, given back."""
    e = entry.c
    return (
        and_(e.status.in_((WAITING, SKIPPED)), e.next_at <= now),
        and_(e.status == WAITING, e.next_at.is_(None)),
        and_(e.status == CALLING, e.taken_at <= now - HELD),
    )


def _due(tx: Transaction, list_id: int) -> Iterator[list[ListEntry]]:
    """Yield whom a list has to call now, some at a time, until enough were passed over for once."""
    e = entry.c
    for way in _ways(tx.now):
        statement: Select[tuple[int]] = select(e.id).where(e.list_id == list_id, way).order_by(e.next_at, e.id)
        for _each in range(_CHUNKS):
            ids = [row.id for row in tx.rows(statement.limit(_CHUNK))]
            if not ids:
                break
            order = {key: place for place, key in enumerate(ids)}
            yield sorted(tx.load(ListEntry, e.id.in_(ids)), key=lambda one: order[one.id])
            tx.flush()  # those who are left out are not due any more


def _first(
    tx: Transaction, of: CallingList, some: Sequence[ListEntry], user_id: int, anyway: bool, left_out: list[LeftOut]
) -> Next | None:
    """Take the first of some who may be called; leave out who may not."""
    people = _people(tx, some)
    there = [one for one in some if one.contact_id in people and one.normal]
    for gone in (one for one in some if one.contact_id not in people or not one.normal):
        gone.status, gone.why, gone.next_at = EXHAUSTED, _("no longer in the address book"), None
    called = _called_as_another(tx, of.id, people)
    for same in (one for one in there if one.contact_id in called):
        same.status, same.why, same.next_at = EXHAUSTED, _("called already, as somebody who is the same"), None
    there = [one for one in there if one.contact_id not in called]
    acts = [_act(of, one, tx.now) for one in there]
    decided = tx.explain(acts)
    against = [_against(one, anyway=anyway) for one in decided]
    place = next((n for n, hindered in enumerate(against) if not hindered), None)
    told = [n for n, hindered in enumerate(against) if hindered] + ([] if place is None else [place])
    tx.permit_all([acts[n] for n in told])
    for n, hindered in enumerate(against):
        if hindered:
            left_out.append(_leave_out(of, there[n], hindered, tx.now))
    if place is None:
        return None
    one = there[place]
    one.status, one.owner_id, one.taken_at, one.why, one.call_id = CALLING, user_id, tx.now, "", None
    return Next(entry_id=one.id, list_id=of.id, warnings=decided[place].reasons, left_out=left_out)


def _people(tx: Transaction, some: Sequence[ListEntry]) -> set[int]:
    """Return the contacts who are still there, and not the same as another: one statement."""
    c = tables.contact.c
    wanted = [one.contact_id for one in some if one.contact_id is not None]
    return {row.id for row in tx.rows(select(c.id).where(c.id.in_(wanted), c.merged_into_id.is_(None)))}


def _called_as_another(tx: Transaction, list_id: int, people: Collection[int]) -> set[int]:
    """Return those of the contacts who were on the list twice, and were called, or are, by what was merged into them.

    One statement.
    """
    c, e = tables.contact.c, entry.c
    twice = select(c.merged_into_id).join(entry, e.contact_id == c.id)
    rows = tx.rows(twice.where(e.list_id == list_id, e.status.in_((CALLING, DONE)), c.merged_into_id.in_(people)))
    return {row.merged_into_id for row in rows}


def _act(of: CallingList, one: ListEntry, now: datetime) -> Act:
    return Act(
        kind="contact", channel="call", purpose=of.purpose, contact_id=one.contact_id, customer_id=one.customer_id,
        at=now,
    )  # fmt: skip


def _against(decided: Decision, *, anyway: bool) -> list[Objection]:
    """Return what hinders a call: what blocks it, and what a plugin warns of."""
    return [one for plugin, one in decided.objections if one.blocks or (not anyway and not plugin.startswith(_CORE))]


def _leave_out(of: CallingList, one: ListEntry, against: Sequence[Objection], now: datetime) -> LeftOut:
    """Leave somebody out until the last of what speaks against it is over, where that is known."""
    ends = [objection.until for objection in against]
    known = [end for end in ends if end is not None]
    until = max(known) if known and len(known) == len(ends) else now + timedelta(minutes=of.retry_minutes)
    until = max(until, now + timedelta(minutes=1)).astimezone(UTC)
    one.status, one.why, one.next_at = SKIPPED, "; ".join(each.reason for each in against), until
    return LeftOut(entry_id=one.id, contact_id=one.contact_id, why=one.why, until=until)
