"""What calls say of people on calling lists: who is called, who was not reached and waits, who called us."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select, union, update

from crmcore.api import ApplyTransaction, Change, here
from crmcore_callcenter.i18n import _
from crmcore_callcenter.outbound.taking import CALLING, DONE, EXHAUSTED, SKIPPED, WAITING
from crmcore_callcenter.tables import call, calling_list, entry, wrap_code

_HEARD = frozenset({"status", "answered", "ended_at", "contact_id", "to_normal", "from_normal"})
_WRAPPED = frozenset({"wrap_code_id"})
_AT_ONCE = 1_000
_EARLY = timedelta(minutes=2)
"""So much earlier than an agent took somebody the telephone system's clock may say that the call began."""
_NOT_REACHED, _CALLBACK = "not_reached", "callback"


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Let entries follow calls that were written: two statements for 1,000 calls, and one for each entry concerned."""
    for ids in _portions(changes, _HEARD):
        for row in tx.rows(_concerned(ids)):
            if not _is_old(row):
                _put(tx, row.entry_id, _called(row) if row.direction == "out" else _called_us(row, tx))
    for ids in _portions(changes, _WRAPPED):
        for row in tx.rows(_wrapped(ids)):
            _put(tx, row.entry_id, _summed_up(row, tx.now))


def _portions(changes: Sequence[Change], fields: frozenset[str]) -> Iterator[list[int]]:
    ours = (one for one in changes if one.entity == call.name and one.action != "removed")
    ids = [one.id for one in ours if one.action == "created" or not fields.isdisjoint(one.after)]
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _put(tx: ApplyTransaction, entry_id: int, values: Mapping[str, Any]) -> None:
    tx.execute(update(entry).where(entry.c.id == entry_id).values(**values, updated_at=tx.now))


def _concerned(ids: Sequence[int]) -> Select[Any]:
    """Return who is being called by these calls, and who on an open list called us and was answered."""
    c, e, of = call.c, entry.c, calling_list.c
    columns = (
        c.id, c.direction, c.answered, c.reason, c.started_at, c.ended_at, e.id.label("entry_id"), e.attempts,
        e.next_at, e.taken_at, e.created_at, of.most_attempts, of.retry_minutes,
    )  # fmt: skip
    ours = and_(c.direction == "out", e.status == CALLING)
    theirs = and_(c.direction == "in", c.answered.is_(True), e.status.in_((WAITING, SKIPPED)), of.status == "open")
    ways = [
        select(*columns)
        .select_from(call.join(entry, same).join(calling_list, of.id == e.list_id))
        .where(c.id.in_(ids), condition)
        for same, condition in (
            (and_(c.to_normal == e.normal, c.to_normal != ""), ours),
            (c.contact_id == e.contact_id, ours),
            (and_(c.from_normal == e.normal, c.from_normal != ""), theirs),
            (c.contact_id == e.contact_id, theirs),
        )
    ]
    return select(union(*ways).subquery("concerned"))


def _is_old(row: Any) -> bool:
    """Return whether a call began before it can have been for this: it was told of later."""
    since = row.taken_at if row.direction == "out" else row.created_at
    return since is None or row.started_at < since - _EARLY


def _called(row: Any) -> dict[str, Any]:
    """Return what a call of ours makes of an entry: its call, and where nobody took it the next try.

    One that the telephone system did not place was no try.
    """
    if row.ended_at is None or row.answered or row.reason == "failed":
        return {"call_id": row.id}
    return {"call_id": row.id, "result": _NOT_REACHED, **_tried(row, row.ended_at)}


def _tried(row: Any, at: datetime) -> dict[str, Any]:
    """Return what one more try, in vain, makes of an entry."""
    attempts = row.attempts + 1
    if attempts >= row.most_attempts:
        return {"attempts": attempts, "status": EXHAUSTED, "why": _("tried {n} times").format(n=attempts)}
    return {"attempts": attempts, "status": WAITING, "next_at": at + timedelta(minutes=row.retry_minutes)}


def _called_us(row: Any, tx: ApplyTransaction) -> dict[str, Any]:
    """Return what it makes of an entry that they called us and were answered: they have peace for a while."""
    at = row.started_at.astimezone(here(tx).zone)
    peace = row.started_at + timedelta(minutes=row.retry_minutes)
    why = _("they called us at {at}").format(at=f"{at:%Y-%m-%d %H:%M}")
    return {"call_id": row.id, "why": why, "next_at": peace if row.next_at is None else max(peace, row.next_at)}


def _wrapped(ids: Sequence[int]) -> Select[Any]:
    """Return who is being called by calls that an agent summed up."""
    c, e, of, w = call.c, entry.c, calling_list.c, wrap_code.c
    word = func.coalesce(func.nullif(w.code, ""), w.name).label("word")
    return (
        select(e.id.label("entry_id"), e.attempts, of.most_attempts, of.retry_minutes, w.means, w.follow_days, word)
        .select_from(call.join(entry, e.call_id == c.id).join(calling_list, of.id == e.list_id))
        .join(wrap_code, w.id == c.wrap_code_id)
        .where(c.id.in_(ids), e.status == CALLING)
    )


def _summed_up(row: Any, now: datetime) -> dict[str, Any]:
    """Return what a wrap-up code makes of an entry: done, unless nobody was reached, or wants to be called again."""
    if row.means == _NOT_REACHED:
        return {"result": row.word, **_tried(row, now)}
    told = {"result": row.word, "attempts": row.attempts + 1, "why": ""}
    if row.means != _CALLBACK:
        return {**told, "status": DONE, "next_at": None}
    wait = timedelta(minutes=row.retry_minutes) if row.follow_days is None else timedelta(days=row.follow_days)
    return {**told, "status": WAITING, "next_at": now + wait, "why": _("asked to be called then")}
